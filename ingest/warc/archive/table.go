package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// A table is the index of one WARC file that is not written any more: lines of
// CDXJ, sorted. Its first line says how many bytes of the WARC file it covers,
// so that a stale one is known.
type table struct {
	file  *os.File
	size  int64
	first int64 // where the lines of entries begin
	cover int64 // bytes of the WARC file that it covers
}

type meta struct {
	Covers int64 `json:"covers"`
}

const (
	metaMark = "!meta "
	maxLine  = 4 * maxURL // longer ones are not written
)

// openTable opens the index at path. It wraps fs.ErrNotExist if there is none.
func openTable(path string) (*table, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t := &table{file: file}
	if err := t.open(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, errors.Join(err, file.Close()))
	}
	return t, nil
}

func (t *table) open() error {
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	t.size = info.Size()
	line, err := t.lineAt(0)
	if err != nil && err != io.EOF {
		return err
	}
	t.first = int64(len(line)) + 1
	t.cover, err = parseMeta(line)
	return err
}

func parseMeta(line []byte) (covers int64, err error) {
	rest, ok := bytes.CutPrefix(line, []byte(metaMark))
	var m meta
	if !ok || json.Unmarshal(rest, &m) != nil || m.Covers < 0 {
		return 0, errLine
	}
	return m.Covers, nil
}

func metaLine(covers int64) []byte { return fmt.Appendf(nil, "%s{\"covers\":%d}\n", metaMark, covers) }

func (t *table) close() error { return t.file.Close() }

// lineAt returns the line that begins at offset; with io.EOF there is none.
func (t *table) lineAt(offset int64) ([]byte, error) {
	const often = 512 // of this length or less
	for n := int64(often); ; n *= 8 {
		b := make([]byte, min(n, t.size-offset))
		if len(b) == 0 {
			return nil, io.EOF
		}
		if _, err := t.file.ReadAt(b, offset); err != nil && err != io.EOF {
			return nil, err
		}
		if end := bytes.IndexByte(b, '\n'); end >= 0 {
			return b[:end], nil
		}
		if int64(len(b)) < n || n > maxLine {
			return nil, errLine
		}
	}
}

// find yields the entries whose key begins a line, oldest first.
func (t *table) find(key string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		prefix := []byte(key + " ")
		at, err := t.search(prefix)
		for err == nil {
			var line []byte
			if line, err = t.lineAt(at); err != nil || !bytes.HasPrefix(line, prefix) {
				break
			}
			e, parseErr := parseLine(line)
			if !yield(e, parseErr) {
				return
			}
			at += int64(len(line)) + 1
		}
		if err != nil && err != io.EOF {
			yield(Entry{}, err)
		}
	}
}

// search finds where the first line begins that is not before prefix.
func (t *table) search(prefix []byte) (int64, error) {
	low, high := t.first, t.size // a line begins at low, and at high or there is the end
	for low < high {
		start, line, err := t.lineFrom((low+high)/2, low)
		if err != nil {
			return 0, err
		}
		if bytes.Compare(line, prefix) < 0 {
			low = start + int64(len(line)) + 1
		} else {
			high = start
		}
	}
	return low, nil
}

// lineFrom returns the line that offset lies in, which begins no earlier than
// low.
func (t *table) lineFrom(offset, low int64) (start int64, line []byte, err error) {
	for back := int64(512); ; back *= 8 {
		from := max(low, offset-back)
		b := make([]byte, offset-from)
		if _, err := t.file.ReadAt(b, from); err != nil {
			return 0, nil, err
		}
		if end := bytes.LastIndexByte(b, '\n'); end >= 0 {
			start = from + int64(end) + 1
			break
		}
		if from == low {
			start = low
			break
		}
		if back > maxLine {
			return 0, nil, errLine
		}
	}
	line, err = t.lineAt(start)
	return start, line, err
}

// all yields all entries in their order.
func (t *table) all() iter.Seq2[Entry, error] {
	return lines(io.NewSectionReader(t.file, t.first, t.size-t.first))
}

// lines yields the entries of an index, sorted or not. What is no line of one
// ends it, with an error.
func lines(r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		scanner := bufio.NewScanner(r)
		scanner.Buffer(nil, maxLine)
		for scanner.Scan() {
			e, err := parseLine(scanner.Bytes())
			if !yield(e, err) || err != nil {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			yield(Entry{}, err)
		}
	}
}

// writeTable writes the index of a WARC file, in place of any that was there.
func writeTable(path string, entries []Entry, covers int64) error {
	sorted := make([][]byte, 0, len(entries))
	for _, e := range entries {
		if line := e.line(); len(line) < maxLine {
			sorted = append(sorted, line)
		}
	}
	slices.SortFunc(sorted, bytes.Compare)
	file, err := os.Create(path + ".tmp")
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	out.Write(metaLine(covers))
	for _, line := range sorted {
		out.Write(line)
		out.WriteByte('\n')
	}
	err = errors.Join(out.Flush(), file.Sync(), file.Close())
	if err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}
