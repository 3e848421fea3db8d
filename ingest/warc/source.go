package warc

import (
	"bufio"
	"io"
)

const (
	firstBuffer = 64 << 10
	// window is how far behind damage a search can begin: records that are
	// larger are searched from where the damage showed.
	window = 1 << 20
)

// A source reads a file through a buffer that keeps what was read since a mark,
// so that it can be read again if it turns out to be damaged. It can be read
// byte by byte, which keeps a decompressor from reading beyond its member.
type source struct {
	r        io.Reader
	buf      []byte
	pos, end int   // what is to be read next, and the end of what was read
	base     int64 // offset of buf[0] in the file
	mark     int   // what has to be kept; -1 for no more than pos
	err      error // of r
}

func newSource(r io.Reader, offset int64) *source {
	return &source{r: r, buf: make([]byte, firstBuffer), base: offset, mark: -1}
}

func (s *source) offset() int64 { return s.base + int64(s.pos) }

// fill reads more, and reports whether there was any.
func (s *source) fill() bool {
	if s.end == len(s.buf) {
		s.makeRoom()
	}
	// A reader that gives nothing and no error for ever is broken.
	for range 100 {
		if s.err != nil || s.end == len(s.buf) {
			return false
		}
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		if n > 0 {
			return true
		}
	}
	s.err = io.ErrNoProgress
	return false
}

func (s *source) makeRoom() {
	keep := s.pos
	if s.mark >= 0 {
		keep = s.mark
	}
	switch {
	case keep >= len(s.buf)/2:
	case len(s.buf) < window:
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
		return
	case keep == 0 || s.pos-keep > len(s.buf)/2:
		keep, s.mark = s.pos, -1 // no longer all of it
	}
	copy(s.buf, s.buf[keep:s.end])
	s.base += int64(keep)
	s.pos, s.end = s.pos-keep, s.end-keep
	if s.mark >= 0 {
		s.mark = 0
	}
}

func (s *source) Read(p []byte) (int, error) {
	if s.pos == s.end && len(p) > 0 && !s.fill() {
		return 0, s.err
	}
	n := copy(p, s.buf[s.pos:s.end])
	s.pos += n
	return n, nil
}

// ReadByte makes gzip take from the source no more than a member.
func (s *source) ReadByte() (byte, error) {
	if s.pos == s.end && !s.fill() {
		return 0, s.err
	}
	s.pos++
	return s.buf[s.pos-1], nil
}

// Peek returns the next n bytes without reading them, fewer with an error.
func (s *source) Peek(n int) ([]byte, error) {
	for s.end-s.pos < n {
		if s.fill() {
			continue
		}
		if s.err == nil {
			return s.buf[s.pos:s.end], bufio.ErrBufferFull
		}
		return s.buf[s.pos:s.end], s.err
	}
	return s.buf[s.pos : s.pos+n], nil
}

// keep sets the mark.
func (s *source) keep() { s.mark = s.pos }

// back goes back to offset, if that is still there.
func (s *source) back(offset int64) bool {
	if offset < s.base || offset > s.offset() {
		return false
	}
	s.pos = int(offset - s.base)
	return true
}
