package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

const (
	// maxHeader is the longest header of a record or an HTTP response, in bytes.
	maxHeader = 256 << 10
	// versionMark begins each record.
	versionMark = "WARC/"
)

// Limits bound what is read of a record. The zero value is right for archives
// of web pages.
type Limits struct {
	Record  int64 // largest block, in bytes; 0 means 64 MiB
	Payload int64 // largest payload, in bytes after decompression; 0 means 16 MiB
}

// A Reader walks the records of a WARC file, plain or as gzip, with a member
// for each record or for many. It holds at most a few MiB of the file. It is
// not for several goroutines at once.
type Reader struct {
	raw    *source
	limits Limits

	in     stream // where the record is read from: raw, or member; nil between the two
	member *bufio.Reader
	zip    *gzip.Reader
	alone  bool // the record is the first of its gzip member, or in none

	start  int64 // offset of the record, or of its member
	record *Record
	err    error // ends the reading

	lost      bool         // the next record has to be searched for
	recovered bool         // one was
	reread    int64        // bytes that were gone back over
	probe     *gzip.Reader // looks at members that may be none
}

// stream is what a source and a bufio.Reader have in common.
type stream interface {
	io.Reader
	io.ByteReader
	Peek(n int) ([]byte, error)
}

// NewReader returns a reader of r, which begins with a record.
func NewReader(r io.Reader, limits Limits) *Reader { return newReader(r, 0, limits) }

func newReader(r io.Reader, offset int64, limits Limits) *Reader {
	if limits.Record <= 0 {
		limits.Record = 64 << 20
	}
	if limits.Payload <= 0 {
		limits.Payload = 16 << 20
	}
	return &Reader{raw: newSource(r, offset), limits: limits, start: offset}
}

// ReadAt returns the record that begins at offset of a file, as [Record.Offset]
// or [Writer.Write] gave it. What is no record there is a [*RecordError].
func ReadAt(f io.ReaderAt, offset int64, limits Limits) (*Record, error) {
	const all = 1 << 62
	r := newReader(io.NewSectionReader(f, offset, all-offset), offset, limits)
	record, err := r.Next()
	if err == io.EOF || err == nil && record.Offset != offset {
		err = &RecordError{Offset: offset, Err: errors.New("there is none")}
	}
	if err != nil {
		return nil, err
	}
	return record, nil
}

// Next returns the next record; at the end of the file, io.EOF. With a
// [*RecordError] it can be called again and goes on behind the damage. The error
// may concern the record that was returned last, if that turns out not to end
// where it should, unless its [Record.Close] has told so. Any other error is final.
func (r *Reader) Next() (*Record, error) {
	if last := r.record; last != nil {
		told := last.ended
		r.record = nil
		if _, err := last.Close(); err != nil && !told {
			return nil, err
		}
	}
	if r.err == nil && r.lost {
		r.search()
	}
	if r.err != nil {
		return nil, r.err
	}
	record, err := r.next()
	if err != nil {
		return nil, err
	}
	r.record = record
	return record, nil
}

// Records yields the records, and errors as Next returns them, to the end of the
// file or up to an error that is final.
func (r *Reader) Records() iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		for {
			record, err := r.Next()
			if err == io.EOF || !yield(record, err) || r.err != nil {
				return
			}
		}
	}
}

func (r *Reader) next() (*Record, error) {
	if err := r.begin(); err != nil {
		return nil, r.damage(err)
	}
	record, err := r.readHeader()
	if err != nil {
		return nil, r.damage(err)
	}
	if record.Size > r.limits.Record {
		return nil, r.skip(record)
	}
	return record, nil
}

// begin goes to the first byte of the next record and opens its gzip member.
func (r *Reader) begin() error {
	if r.inMember() {
		switch err := skipLineEnds(r.in); err {
		case nil:
			r.alone = false
			return nil
		case io.EOF:
			r.in = nil
		default:
			return err
		}
	}
	for {
		if err := skipLineEnds(r.raw); err != nil {
			return err
		}
		r.start, r.alone = r.raw.offset(), true
		r.raw.keep()
		if !isGzip(r.raw) {
			r.in = r.raw
			return nil
		}
		if err := r.openMember(); err != nil {
			return err
		}
		if err := skipLineEnds(r.in); err != io.EOF {
			return err
		}
		r.in = nil // an empty member
	}
}

func (r *Reader) openMember() (err error) {
	if r.zip == nil {
		r.zip, err = gzip.NewReader(r.raw)
	} else {
		err = r.zip.Reset(r.raw)
	}
	if err != nil {
		return unexpected(err)
	}
	r.zip.Multistream(false)
	if r.member == nil {
		r.member = bufio.NewReaderSize(nil, firstBuffer)
	}
	r.member.Reset(r.zip)
	r.in = r.member
	return nil
}

// inMember says that records are read from a gzip member.
func (r *Reader) inMember() bool { return r.in != nil && r.in != stream(r.raw) }

func isGzip(in stream) bool {
	head, _ := in.Peek(2)
	return string(head) == gzipMark[:2]
}

// skipLineEnds skips the ends of line that part records.
func skipLineEnds(in stream) error {
	for {
		head, err := in.Peek(1)
		if len(head) == 0 {
			return err
		}
		if head[0] != '\r' && head[0] != '\n' {
			return nil
		}
		if _, err := in.ReadByte(); err != nil {
			return err
		}
	}
}

// readHeader reads a record up to its block.
func (r *Reader) readHeader() (*Record, error) {
	left := maxHeader
	first, err := readLine(r.in, &left)
	if err != nil {
		return nil, err
	}
	version, ok := strings.CutPrefix(first, versionMark)
	if !ok {
		return nil, fmt.Errorf("begins with %.40q, not with a WARC version", first)
	}
	header, err := readFields(r.in, &left)
	if err != nil {
		return nil, err
	}
	size, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	if err != nil || size < 0 {
		return nil, fmt.Errorf("Content-Length is %.40q", header.Get("Content-Length"))
	}
	return &Record{
		Offset: r.start, Version: version, Header: header, Size: size, Recovered: r.recovered,
		reader: r, left: size,
	}, nil
}

// readFields reads the fields up to the empty line. A line that begins with a
// blank goes on with the one before; one without a name means nothing.
func readFields(in stream, left *int) (Header, error) {
	var h Header
	var value []string // the lines of the last one; joined once, as there may be thousands
	settle := func() {
		if len(value) > 1 {
			h[len(h)-1].Value = strings.Join(value, " ")
		}
	}
	for {
		line, err := readLine(in, left)
		if err != nil || line == "" {
			settle()
			return h, err
		}
		if (line[0] == ' ' || line[0] == '\t') && len(h) > 0 {
			value = append(value, strings.Trim(line, " \t"))
			continue
		}
		name, rest, ok := strings.Cut(line, ":")
		if name = strings.Trim(name, " \t"); ok && name != "" {
			settle()
			value = append(value[:0], strings.Trim(rest, " \t"))
			h = append(h, Field{Name: name, Value: value[0]})
		}
	}
}

// readLine reads a line without its end, and takes its length off left.
func readLine(in stream, left *int) (string, error) {
	var line []byte
	for {
		c, err := in.ReadByte()
		if err != nil {
			return "", unexpected(err)
		}
		if *left--; *left < 0 {
			return "", fmt.Errorf("%w: header of more than %d KiB", ErrTooLarge, maxHeader>>10)
		}
		if c == '\n' {
			return string(bytes.TrimSuffix(line, []byte("\r"))), nil
		}
		line = append(line, c)
	}
}

// finish reads what is left of a record and looks whether something sensible
// follows it.
func (r *Reader) finish(record *Record) (length int64, err error) {
	if _, err := io.Copy(io.Discard, record); err != nil {
		return 0, err // by damage
	}
	if err := r.leave(record.Size); err != nil {
		return 0, r.damage(err)
	}
	if r.inMember() || !r.alone {
		return 0, nil
	}
	return r.raw.offset() - record.Offset, nil
}

// leave goes to what follows a block of that size.
func (r *Reader) leave(size int64) error {
	err := skipLineEnds(r.in)
	if err == io.EOF {
		r.in = nil
		return nil
	}
	head, err := r.in.Peek(len(versionMark))
	switch {
	case err != nil && err != io.EOF:
		return err
	case strings.HasPrefix(versionMark, string(head)): // or as much as there is of it
		return nil
	case !r.inMember() && isGzip(r.raw):
		return nil
	}
	return fmt.Errorf("%q instead of a record behind its %d bytes", head, size)
}

// skip passes over a record that is too large, and gives the error for that. It
// does not search for the next one inside of it, unless it would have to
// decompress much more than is ever read.
func (r *Reader) skip(record *Record) error {
	tooLarge := &RecordError{
		Offset: record.Offset,
		Err:    fmt.Errorf("%w: %d bytes, with at most %d allowed", ErrTooLarge, record.Size, r.limits.Record),
	}
	skipped := record.Size
	if r.inMember() {
		skipped = min(skipped, 4*r.limits.Record)
	}
	_, err := io.CopyN(io.Discard, r.in, skipped)
	if err == nil {
		err = r.leave(record.Size)
	}
	if err != nil && r.damage(unexpected(err)) == r.err {
		return r.err
	}
	return tooLarge
}

// damage gives the error for what befell the record at start, and the end of the
// file as it is. What comes from the file's own reader ends the reading.
func (r *Reader) damage(err error) error {
	switch {
	case r.raw.err != nil && r.raw.err != io.EOF:
		r.err = fmt.Errorf("read the WARC file at byte %d: %w", r.raw.offset(), r.raw.err)
		return r.err
	case err == io.EOF:
		r.err = io.EOF
		return io.EOF
	}
	r.lost = true
	return &RecordError{Offset: r.start, Err: err}
}

// unexpected is for an end of file where there may be none.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
