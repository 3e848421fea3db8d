package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// wholeMembers returns how many bytes of a compressed WARC file, from its start,
// hold whole records, if all that follows is the first part of another one. It is
// an error if the file is anything else.
func wholeMembers(f io.ReaderAt, size int64) (int64, error) {
	head := make([]byte, min(size, int64(len(gzipMark))))
	if _, err := f.ReadAt(head, 0); err != nil {
		return 0, pathless(err)
	}
	if !bytes.HasPrefix([]byte(gzipMark), head) {
		return 0, errors.New("it is no compressed WARC file")
	}
	if clean, err := endsWhole(f, size); clean || err != nil {
		return size, err
	}
	end, err := walkMembers(f, 0, size)
	switch {
	case err == nil:
		return size, nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return end, nil
	}
	return 0, fmt.Errorf("it is damaged at byte %d, so that nothing can be added: %w", end, err)
}

// endsWhole tells from the last records of a file that it ends with a whole one,
// without reading all of it. A captured page may hold what looks like the start
// of a record, but nothing that goes on to the very end of the file; so if no
// record among the last few places that look like one does, that says nothing.
func endsWhole(f io.ReaderAt, size int64) (bool, error) {
	before := size
	for range 3 {
		start, err := lastMark(f, before)
		if err != nil || start < 0 {
			return false, err
		}
		if _, err := walkMembers(f, start, size); err == nil {
			return true, nil
		}
		before = start
	}
	return false, nil
}

// lastMark finds the last place before an offset that looks like the start of a
// gzip member; -1 if there is none.
func lastMark(f io.ReaderAt, before int64) (int64, error) {
	const overlap = int64(len(gzipMark)) - 1 // of a mark that lies across two chunks
	chunk := make([]byte, firstBuffer+overlap)
	for end := before; end > 0; {
		start := max(0, end-firstBuffer)
		part := chunk[:end-start+overlap]
		n, err := f.ReadAt(part, start)
		if err != nil && err != io.EOF {
			return 0, pathless(err)
		}
		if at := bytes.LastIndex(part[:n], []byte(gzipMark)); at >= 0 {
			return start + int64(at), nil
		}
		end = start
	}
	return -1, nil
}

// walkMembers reads the gzip members from start to the end of the file, each of
// which must begin with a record. It returns where the last whole one ends, and
// why that is not the end of the file.
func walkMembers(f io.ReaderAt, start, size int64) (end int64, err error) {
	in := newSource(io.NewSectionReader(f, start, size-start), start)
	zip := new(gzip.Reader)
	for end = start; end < size; end = in.offset() {
		if err := zip.Reset(in); err != nil {
			return end, unexpected(err)
		}
		zip.Multistream(false)
		first, err := io.ReadAll(io.LimitReader(zip, int64(len(versionMark))))
		if err != nil {
			return end, err
		}
		if len(first) > 0 && string(first) != versionMark {
			return end, errors.New("a gzip member that holds no record")
		}
		if _, err := io.Copy(io.Discard, zip); err != nil {
			return end, err
		}
	}
	return end, nil
}
