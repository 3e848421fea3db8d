package crawl

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/breachgraph/breachgraph/ingest"
)

const (
	// indexed is how many articles a new one is compared with, the latest.
	indexed = 20_000
	// maxSketch bounds a sketch in the file, in bytes.
	maxSketch = 2 << 10
)

// Sketches find the article that a new one is a copy of. They are kept in a file
// to which each new one is appended: length and bytes of its address, length and
// bytes of its sketch. What a crash leaves of the last one is passed over; to lose
// it means that a copy may be loaded as an article of its own.
type sketches struct {
	mu    sync.Mutex
	index *ingest.Index
	file  *os.File // nil to keep none
}

func openSketches(path string) (*sketches, error) {
	s := &sketches{index: ingest.NewIndex(indexed)}
	if err := s.open(path); err != nil {
		return nil, fmt.Errorf("open sketches %s: %w", path, err)
	}
	return s, nil
}

func (s *sketches) open(path string) error {
	raw, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	starts, end := s.load(raw)
	if len(starts) > 2*indexed {
		// What is too old to be compared with goes.
		from := starts[len(starts)-indexed]
		tail := make([]byte, end-from)
		_, err := raw.ReadAt(tail, from)
		if err == nil {
			err = replaceFile(path, tail)
		}
		if err = errors.Join(err, raw.Close()); err != nil {
			return err
		}
		if raw, err = os.OpenFile(path, os.O_RDWR, 0o644); err != nil {
			return err
		}
		end -= from
	}
	s.file = raw
	if err := raw.Truncate(end); err != nil {
		return errors.Join(err, raw.Close())
	}
	_, err = raw.Seek(end, io.SeekStart)
	return err
}

// load reads a file as far as it is whole, and says where each sketch starts and
// where the last one ends.
func (s *sketches) load(file io.Reader) (starts []int64, end int64) {
	r := bufio.NewReader(file)
	for {
		id, err := readSized(r, maxAddress)
		if err != nil {
			return starts, end
		}
		raw, err := readSized(r, maxSketch)
		if err != nil {
			return starts, end
		}
		var sketch ingest.Sketch
		if err := sketch.UnmarshalBinary(raw); err != nil {
			return starts, end
		}
		s.index.Add(string(id), sketch)
		starts = append(starts, end)
		end += int64(len(id) + len(raw) + 4)
	}
}

func readSized(r io.Reader, limit int) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(size[:]))
	if n > limit {
		return nil, errors.New("too long")
	}
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
	return b, err
}

// originalOf is the address of the article that a is a copy of, by its own word
// or by its text; empty if there is none.
func (s *sketches) originalOf(id string, a ingest.Article) (string, error) {
	if own, err := ingest.CanonicalURL(a.Original); err == nil && own != id {
		return own, nil
	}
	return s.original(id, a.Text)
}

// original returns the address of the article that the text of id is a copy or
// an excerpt of; empty if there is none, and then later texts are compared with
// this one. A text that holds more than an excerpt which came before it is none.
func (s *sketches) original(id, text string) (string, error) {
	sketch := ingest.Fingerprint(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.index.Find(sketch) {
		if n.ID != id && (n.Similarity >= ingest.DuplicateSimilarity || n.Within >= ingest.ExcerptContainment) {
			return n.ID, nil
		}
	}
	return "", s.add(id, sketch)
}

func (s *sketches) add(id string, sketch ingest.Sketch) error {
	s.index.Add(id, sketch)
	if s.file == nil || len(id) > maxAddress {
		return nil
	}
	raw, err := sketch.MarshalBinary()
	if err != nil {
		return err
	}
	row := binary.BigEndian.AppendUint16(nil, uint16(len(id)))
	row = append(row, id...)
	row = binary.BigEndian.AppendUint16(row, uint16(len(raw)))
	row = append(row, raw...)
	if _, err := s.file.Write(row); err != nil {
		return fmt.Errorf("keep a sketch: %w", err)
	}
	return nil
}

func (s *sketches) close() error { return s.file.Close() }
