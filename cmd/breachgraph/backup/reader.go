package backup

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxObject bounds the entries of ours, in bytes: the list of a million files.
	maxObject = 256 << 20
	// maxLine bounds a line of an entry, in bytes.
	maxLine = 128 << 20
	// maxTail bounds what is read behind the archive, in bytes.
	maxTail = 1 << 20
	// maxWindow bounds what decompression holds in memory.
	maxWindow = 64 << 20
)

// Verify reads all of a backup and sees that it is whole: that nothing is
// missing, changed or more than its manifest says. The error wraps [ErrDamaged]
// otherwise.
func Verify(path string) (Manifest, error) {
	found := map[string]Entry{}
	var m Manifest
	err := walk(path, func(name string, size int64, r io.Reader) error {
		if name == manifestName {
			return decode(r, &m)
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, r); err != nil {
			return err
		}
		if _, twice := found[name]; twice || !validName(name) {
			return fmt.Errorf("the entry %.200q is there twice, or has a name that leads elsewhere: %w", name, ErrDamaged)
		}
		found[name] = Entry{name, size, hex.EncodeToString(sum.Sum(nil))}
		return nil
	})
	if err == nil {
		err = m.fits(found)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("read the backup %s: %w", path, err)
	}
	return m, nil
}

// fits reports whether a manifest tells of what was found, as an error.
func (m Manifest) fits(found map[string]Entry) error {
	if m.Format != Format {
		return fmt.Errorf("it has no manifest: %w", ErrDamaged)
	}
	for _, e := range m.Entries {
		if found[e.Name] != e {
			return fmt.Errorf("%s is missing or not as it was written: %w", e.Name, ErrDamaged)
		}
	}
	if len(m.Entries) != len(found) {
		return fmt.Errorf("it holds more than its manifest says: %w", ErrDamaged)
	}
	return nil
}

// Read calls do for each entry of a backup in the order in which they were
// written. It trusts the file, which [Verify] has looked at.
func Read(path string, do func(name string, size int64, r io.Reader) error) error {
	err := walk(path, func(name string, size int64, r io.Reader) error {
		if name == manifestName {
			return nil
		}
		return do(name, size, r)
	})
	if err != nil {
		return fmt.Errorf("read the backup %s: %w", path, err)
	}
	return nil
}

// walk calls do for all entries but the first, which it looks at itself.
func walk(path string, do func(name string, size int64, r io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	zip, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return damaged(err)
	}
	defer zip.Close()
	in := tar.NewReader(zip)
	if err := readHead(in); err != nil {
		return err
	}
	for last := ""; ; {
		h, err := in.Next()
		switch {
		case err == io.EOF && last == manifestName:
			return drain(zip)
		case err == io.EOF:
			err = io.ErrUnexpectedEOF
			fallthrough
		case err != nil:
			return damaged(err)
		case h.Typeflag != tar.TypeReg || last == manifestName:
			return fmt.Errorf("the entry %.200q should not be there: %w", h.Name, ErrDamaged)
		}
		if err := do(h.Name, h.Size, source{in}); err != nil {
			return err
		}
		last = h.Name
	}
}

// drain reads what is behind the archive, where the checksum of all of it is.
func drain(zip io.Reader) error {
	n, err := io.Copy(io.Discard, io.LimitReader(zip, maxTail))
	if err == nil && n == maxTail {
		err = errors.New("something follows it")
	}
	if err != nil {
		return damaged(err)
	}
	return nil
}

// readHead sees that a file is a backup of a form that is known.
func readHead(in *tar.Reader) error {
	h, err := in.Next()
	if err != nil {
		return damaged(err)
	}
	var head Head
	if h.Name != headName || decode(source{in}, &head) != nil {
		return errors.New("it is no backup of breachgraph")
	}
	if head.Format != Format {
		return fmt.Errorf("it has form %d, and this program reads form %d: restore it with breachgraph %.40s", head.Format, Format, head.Program)
	}
	return nil
}

// A source reads an entry; that it cannot is the fault of the file.
type source struct{ io.Reader }

func (s source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = damaged(err)
	}
	return n, err
}

func damaged(err error) error { return fmt.Errorf("%w (%w)", ErrDamaged, err) }

func decode(r io.Reader, v any) error {
	if err := json.NewDecoder(io.LimitReader(r, maxObject)).Decode(v); err != nil {
		return damaged(err)
	}
	return nil
}

// Lines yields the lines of an entry that [Writer.Lines] wrote. An error ends it.
// What it yields is good until the next one.
func Lines(r io.Reader) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		in := bufio.NewScanner(r)
		in.Buffer(nil, maxLine)
		for in.Scan() {
			if !yield(in.Bytes(), nil) {
				return
			}
		}
		if err := in.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// errEnough ends the reading of a backup.
var errEnough = errors.New("enough")

// AllLines yields the lines of all entries whose names begin with a text, see
// [Lines].
func AllLines(path, begin string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		err := Read(path, func(name string, _ int64, r io.Reader) error {
			if !strings.HasPrefix(name, begin) {
				return nil
			}
			for line, err := range Lines(r) {
				if err != nil {
					return err
				}
				if !yield(line, nil) {
					return errEnough
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}
