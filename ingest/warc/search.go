package warc

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
)

const (
	// gzipMark begins each gzip member: its two bytes and the only method.
	gzipMark = "\x1f\x8b\x08"
	// versionLine begins each record of a version that is known; its last digit,
	// and the end of the line, follow. Less of it would be found in many pages.
	versionLine = "WARC/1."
	// probe is how much is looked at to tell what begins at some place.
	probe = 4 << 10
)

// search looks for the next record after the one at start was found to be
// damaged. If it was in a gzip member that is whole, that is behind it. Else the
// search begins one byte on, since what was read as part of the damaged record
// may have been others, whole ones.
func (r *Reader) search() {
	r.lost = false
	if r.inMember() && r.searchMember() {
		return
	}
	r.in, r.recovered = nil, true
	r.rewind()
	r.raw.mark = -1
	r.searchRaw()
}

// rewind goes back to one byte behind start, unless what is read twice would grow
// out of proportion: a file of records that all claim to be far longer than they
// are would take the square of its length.
func (r *Reader) rewind() {
	const often = 4
	distance := r.raw.offset() - (r.start + 1)
	if distance > 0 && r.reread+distance <= often*(r.raw.offset()+window) && r.raw.back(r.start+1) {
		r.reread += distance
	}
}

// searchMember looks for a record in the rest of the gzip member, and reports
// whether there is one, or the member is whole and reading can go on behind it.
// It decompresses no more than a record may have.
func (r *Reader) searchMember() bool {
	lineStart := true // perhaps; no more than a search too many hangs on it
	for range r.limits.Record {
		if lineStart && startsRecord(r.in) {
			r.alone, r.recovered = false, true
			return true
		}
		c, err := r.in.ReadByte()
		if err != nil {
			r.in = nil
			return err == io.EOF
		}
		lineStart = c == '\n'
	}
	return false
}

// searchRaw looks for a record, or a gzip member that begins with one.
func (r *Reader) searchRaw() {
	lineStart := true
	for {
		head, err := r.raw.Peek(probe)
		if len(head) == 0 {
			return // the next to read it finds out why
		}
		at := findMark(head, lineStart)
		if at < 0 {
			at = len(head)
			if err == nil {
				at -= len(versionLine) // the last bytes may be the first of a mark
			}
			lineStart = head[at-1] == '\n'
			r.raw.pos += at
			continue
		}
		r.raw.pos += at
		if startsRecord(r.raw) || r.startsMember() {
			return
		}
		r.raw.pos++
		lineStart = false
	}
}

// findMark gives the first place in head where a record or a gzip member may
// begin, -1 if there is none.
func findMark(head []byte, lineStart bool) int {
	if lineStart && bytes.HasPrefix(head, []byte(versionLine)) {
		return 0
	}
	line, member := bytes.Index(head, []byte("\n"+versionLine)), bytes.Index(head, []byte(gzipMark))
	if line >= 0 && (member < 0 || line+1 < member) {
		return line + 1
	}
	return member
}

func startsRecord(in stream) bool {
	head, _ := in.Peek(len(versionLine) + len("1\r\n"))
	rest, ok := bytes.CutPrefix(head, []byte(versionLine))
	return ok && len(rest) > 1 && (rest[0] == '0' || rest[0] == '1') && (rest[1] == '\n' || string(rest[1:]) == "\r\n")
}

// startsMember tells whether a gzip member begins here that begins with a record:
// the mark of one alone occurs by chance in compressed bytes.
func (r *Reader) startsMember() bool {
	head, _ := r.raw.Peek(probe)
	if r.probe == nil {
		r.probe = new(gzip.Reader)
	}
	if err := r.probe.Reset(bytes.NewReader(head)); err != nil {
		return false
	}
	var first [len(versionMark)]byte
	_, err := io.ReadFull(r.probe, first[:])
	return err == nil && string(first[:]) == versionMark
}
