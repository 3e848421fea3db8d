package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// partSize is how many bytes of lines make an entry: the size of an entry has to
// be known before it is written.
const partSize = 4 << 20

// A Writer writes a backup. The file appears under its name when Finish says so,
// whole and safe on disk, or not at all.
type Writer struct {
	path     string
	file     *os.File
	zip      *zstd.Encoder
	tar      *tar.Writer
	manifest Manifest
}

// Create begins a backup at path, where nothing may be yet.
func Create(path string, head Head) (*Writer, error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("back up to %s: it is there already; name another file, or a folder", path)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return nil, fmt.Errorf("back up to %s: %w", path, err)
	}
	zip, err := zstd.NewWriter(file, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("back up to %s: %w", path, err), file.Close(), os.Remove(file.Name()))
	}
	head.Format = Format
	w := &Writer{path: path, file: file, zip: zip, tar: tar.NewWriter(zip), manifest: Manifest{Head: head, Entries: []Entry{}}}
	if err := w.object(headName, head); err != nil {
		w.Abandon()
		return nil, err
	}
	return w, nil
}

// object writes an entry of ours.
func (w *Writer) object(name string, v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	return w.entry(name, int64(len(raw)), bytes.NewReader(raw))
}

// Add writes an entry of a size, which r has to hold at least.
func (w *Writer) Add(name string, size int64, r io.Reader) error {
	if !validName(name) {
		return fmt.Errorf("back up %q: it cannot be the name of an entry", name)
	}
	sum := sha256.New()
	if err := w.entry(name, size, io.TeeReader(r, sum)); err != nil {
		return err
	}
	w.manifest.Entries = append(w.manifest.Entries, Entry{name, size, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (w *Writer) entry(name string, size int64, r io.Reader) error {
	err := w.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: w.manifest.Made, Format: tar.FormatPAX})
	if err == nil {
		_, err = io.CopyN(w.tar, r, size)
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("it became shorter while it was read")
	}
	if err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	return nil
}

// Lines writes lines as entries NAME-000001.jsonl and so on, and returns how many
// there were.
func (w *Writer) Lines(name string, lines func(yield func(json.RawMessage, error) bool)) (count int64, err error) {
	var part bytes.Buffer
	parts := 0
	flush := func() error {
		parts++
		defer part.Reset()
		return w.Add(fmt.Sprintf("%s-%06d.jsonl", name, parts), int64(part.Len()), &part)
	}
	for line, err := range lines {
		if err != nil {
			return count, err
		}
		count++
		part.Write(line)
		part.WriteByte('\n')
		if part.Len() >= partSize {
			if err := flush(); err != nil {
				return count, err
			}
		}
	}
	if part.Len() == 0 {
		return count, nil
	}
	return count, flush()
}

// Finish writes the manifest, waits until all is on disk and gives the file its
// name. It returns the size of the file.
func (w *Writer) Finish(about map[string]string) (size int64, err error) {
	w.manifest.About = about
	err = w.object(manifestName, w.manifest)
	for _, step := range []func() error{w.tar.Close, w.zip.Close, w.file.Sync} {
		if err == nil {
			err = step()
		}
	}
	var info fs.FileInfo
	if err == nil {
		info, err = w.file.Stat()
	}
	if err == nil {
		err = w.file.Close()
	}
	if err == nil {
		// Unlike a rename it fails where another backup took the name meanwhile.
		err = os.Link(w.file.Name(), w.path)
		if err != nil && !errors.Is(err, fs.ErrExist) { // a file system without links
			err = os.Rename(w.file.Name(), w.path)
		}
	}
	if err == nil {
		err = syncFolder(filepath.Dir(w.path))
	}
	w.Abandon()
	if err != nil {
		return 0, fmt.Errorf("back up to %s: %w", w.path, err)
	}
	return info.Size(), nil
}

// Abandon removes what was written, if Finish has not named it. It may be called
// more than once.
func (w *Writer) Abandon() {
	// Of a file that goes away no error matters.
	_ = w.zip.Close()
	_ = w.file.Close()
	_ = os.Remove(w.file.Name())
}

// syncFolder makes a new name safe from a crash.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// validName reports whether an entry may have the name: one that leads nowhere
// else on any system, and is none of ours.
func validName(name string) bool {
	return name != headName && name != manifestName && fs.ValidPath(name) && filepath.IsLocal(filepath.FromSlash(name)) && len(name) < 4096
}
