package archive

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// A volume is the file that is written to, with its index in memory. A journal
// beside it has the entries of what is durable, so that the index need not be
// made from the file after a crash.
type volume struct {
	name, path string
	writer     *warc.Writer
	journal    *os.File

	mu       sync.Mutex // of what follows
	entries  []Entry
	byURL    map[string][]int // places in entries
	byDigest map[string]int   // the first capture that has the body
	logged   int              // entries that the journal or the index has
}

// newVolume opens a file to be written to.
func newVolume(dir, name string) (*volume, error) {
	v := &volume{name: name, path: filepath.Join(dir, name), byURL: map[string][]int{}, byDigest: map[string]int{}}
	var err error
	if v.writer, err = warc.Append(v.path); err != nil {
		return nil, err
	}
	if v.journal, err = os.OpenFile(journalPath(v.path), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644); err != nil {
		return nil, errors.Join(pathless(err), v.writer.Close())
	}
	if err := v.restore(); err != nil {
		return nil, errors.Join(err, v.close())
	}
	return v, nil
}

// resume takes up the file that was written to last.
func (a *Archive) resume(name string) error {
	v, err := newVolume(a.dir, name)
	if err != nil {
		// What cannot be added to is kept as it is, and read as far as it goes.
		return a.index(name)
	}
	a.current = v
	a.mended = v.writer.Dropped()
	if a.full() {
		return a.end()
	}
	return nil
}

// restore brings the index of a file into memory: from the index as it was
// written, from the journal, and for what neither of them has from the file. The
// journal is begun again.
func (v *volume) restore() error {
	covered, err := v.readTable()
	if err != nil {
		return err
	}
	v.logged = len(v.entries)
	end, err := v.readJournal(covered)
	if err != nil {
		return err
	}
	if err := v.index(end); err != nil {
		return err
	}
	if err := v.journal.Truncate(0); err != nil {
		return pathless(err)
	}
	if _, err := v.journal.Write(metaLine(covered)); err != nil {
		return pathless(err)
	}
	return v.sync()
}

// readTable takes in the index, and returns how much of the file it covers.
func (v *volume) readTable() (covered int64, err error) {
	t, err := openTable(indexPath(v.path))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errLine) {
		return 0, nil
	}
	if err != nil {
		return 0, pathless(err)
	}
	if t.cover <= v.writer.Size() {
		covered = t.cover
		for e, err := range t.all() {
			if err != nil {
				v.clear()
				covered = 0
				break
			}
			v.add(e)
		}
	}
	return covered, t.close()
}

// readJournal takes in the journal, if it goes on where the index ends and as
// far as it is whole. It returns how much of the file is known then.
func (v *volume) readJournal(covered int64) (int64, error) {
	journal := bufio.NewReader(v.journal)
	line, err := journal.ReadBytes('\n')
	if err != nil && err != io.EOF {
		return 0, pathless(err)
	}
	begins, err := parseMeta(line)
	if err != nil || begins > covered {
		return covered, nil
	}
	for e, err := range lines(journal) {
		if err != nil || e.Offset+e.Length > v.writer.Size() {
			break // torn, or of before the file was mended
		}
		if e.Offset >= covered {
			v.add(e)
			covered = e.Offset + e.Length
		}
	}
	return covered, nil
}

// index takes in what the file has from offset on.
func (v *volume) index(offset int64) error {
	file, err := os.Open(v.path)
	if err != nil {
		return pathless(err)
	}
	defer file.Close()
	for e, err := range indexed(file, v.name, offset) {
		if err != nil {
			return err
		}
		v.add(e)
	}
	return nil
}

func (v *volume) clear() {
	v.entries = nil
	clear(v.byURL)
	clear(v.byDigest)
}

func (v *volume) add(e Entry) {
	e.Date = e.Date.Truncate(time.Second)
	v.byURL[e.URL] = append(v.byURL[e.URL], len(v.entries))
	if _, ok := v.byDigest[e.Digest]; !ok && e.Digest != "" && !e.Revisit {
		v.byDigest[e.Digest] = len(v.entries)
	}
	v.entries = append(v.entries, e)
}

// sync makes durable what was written, and then says so in the journal.
func (v *volume) sync() error {
	v.mu.Lock()
	written := v.entries[:len(v.entries):len(v.entries)]
	v.mu.Unlock()
	if err := v.writer.Sync(); err != nil {
		return err
	}
	var out bytes.Buffer
	for _, e := range written[v.logged:] {
		out.Write(e.line())
		out.WriteByte('\n')
	}
	if _, err := v.journal.Write(out.Bytes()); err != nil {
		return pathless(err)
	}
	v.logged = len(written)
	return nil
}

func (v *volume) close() error {
	return errors.Join(v.writer.Close(), v.journal.Close())
}
