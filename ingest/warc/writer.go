package warc

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// A Writer appends records to a file, each as a gzip member of its own, so that
// it can be read by its offset. It may be used by several goroutines at once;
// a file may have only one writer.
type Writer struct {
	compressors sync.Pool // of *compressor

	mu      sync.Mutex
	file    *os.File
	size    int64
	dropped int64
	err     error // why no more can be written
}

type compressor struct {
	zip *gzip.Writer
	out bytes.Buffer
}

// compression is the level at which text takes a tenth more room than at the
// default one, and two thirds of the time.
const compression = 3

// Append opens a file to append to, or creates it. If a crash left a record at
// its end unfinished, that is cut off. A file that is no compressed WARC file is
// left alone, with an error.
func Append(path string) (*Writer, error) {
	w, err := appendTo(path)
	if err != nil {
		return nil, fmt.Errorf("append to %s: %w", path, err)
	}
	return w, nil
}

func appendTo(path string) (*Writer, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, pathless(err)
	}
	w := &Writer{file: file}
	if err := w.open(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return w, nil
}

func (w *Writer) open() error {
	info, err := w.file.Stat()
	if err != nil {
		return pathless(err)
	}
	if info.Size() == 0 {
		return syncFolder(w.file.Name())
	}
	w.size, err = wholeMembers(w.file, info.Size())
	if err != nil || w.size == info.Size() {
		return err
	}
	w.dropped = info.Size() - w.size
	return pathless(w.file.Truncate(w.size))
}

// Dropped returns how many bytes of an unfinished record were cut off when the
// file was opened.
func (w *Writer) Dropped() int64 { return w.dropped }

// Size returns the size of the file in bytes, which is where the next record
// will be.
func (w *Writer) Size() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.size
}

// Write appends the records, one behind the other, and returns where each lies.
// They are safe from a crash after the next Sync. After an error none of them
// is in the file.
func (w *Writer) Write(drafts ...Draft) ([]Location, error) {
	p, err := w.Pack(drafts...)
	if err != nil {
		return nil, err
	}
	return w.WritePack(p)
}

// A Pack is records as they will stand in the file.
type Pack struct {
	members []byte
	at      []Location // in members
}

// Pack compresses records, which is most of the work of writing, ahead of
// [Writer.WritePack].
func (w *Writer) Pack(drafts ...Draft) (Pack, error) {
	c, ok := w.compressors.Get().(*compressor)
	if !ok {
		zip, err := gzip.NewWriterLevel(nil, compression)
		if err != nil {
			return Pack{}, err
		}
		c = &compressor{zip: zip}
	}
	defer w.compressors.Put(c)
	c.out.Reset()
	at := make([]Location, len(drafts))
	for i, d := range drafts {
		at[i].Offset = int64(c.out.Len())
		c.zip.Reset(&c.out)
		d.writeTo(c.zip)
		// Neither a buffer nor what writes to it can fail before this.
		if err := c.zip.Close(); err != nil {
			return Pack{}, fmt.Errorf("compress record of %.200s: %w", d.TargetURI, err)
		}
		at[i].Length = int64(c.out.Len()) - at[i].Offset
	}
	return Pack{members: bytes.Clone(c.out.Bytes()), at: at}, nil
}

// WritePack appends what Pack made, as Write does.
func (w *Writer) WritePack(p Pack) ([]Location, error) {
	start, err := w.append(p.members)
	if err != nil {
		return nil, fmt.Errorf("append to %s: %w", w.file.Name(), err)
	}
	at := slices.Clone(p.at)
	for i := range at {
		at[i].Offset += start
	}
	return at, nil
}

// append writes b to the end of the file, whole or not at all.
func (w *Writer) append(b []byte) (start int64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return 0, w.err
	}
	if _, err := w.file.WriteAt(b, w.size); err != nil {
		if cut := w.file.Truncate(w.size); cut != nil {
			w.err = fmt.Errorf("cut off what was written in part: %w", pathless(cut))
		}
		return 0, pathless(err)
	}
	start = w.size
	w.size += int64(len(b))
	return start, nil
}

// Sync waits until all that was written is safe from a crash of the machine.
func (w *Writer) Sync() error {
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", w.file.Name(), pathless(err))
	}
	return nil
}

// Close syncs and closes the file.
func (w *Writer) Close() error {
	err := w.Sync()
	if closeErr := w.file.Close(); closeErr != nil {
		err = errors.Join(err, fmt.Errorf("close %s: %w", w.file.Name(), pathless(closeErr)))
	}
	return err
}

// ReadCapture reads the response that c refers to from the archive, a folder.
func ReadCapture(folder string, c Capture, limits Limits) (*Response, error) {
	response, err := readCapture(folder, c, limits)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", c, err)
	}
	return response, nil
}

func readCapture(folder string, c Capture, limits Limits) (*Response, error) {
	file, err := os.OpenInRoot(folder, c.File)
	if err != nil {
		return nil, pathless(err)
	}
	defer file.Close()
	record, err := ReadAt(file, c.Offset, limits)
	if err != nil {
		return nil, err
	}
	return record.Response()
}

// syncFolder makes a new file's name safe from a crash.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return pathless(err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// pathless takes off the name of the file, which is told once already.
func pathless(err error) error {
	if inner, ok := errors.AsType[*os.PathError](err); ok {
		return inner.Err
	}
	return err
}
