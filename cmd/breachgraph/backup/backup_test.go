package backup

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// many yields lines that fill more than one part.
func many(n int) func(func(json.RawMessage, error) bool) {
	return func(yield func(json.RawMessage, error) bool) {
		for i := range n {
			if !yield(fmt.Appendf(nil, `{"n":%d,"text":%q}`, i, strings.Repeat("x", 1000)), nil) {
				return
			}
		}
	}
}

// made is a small backup with entries of each kind.
func made(t testing.TB, path string) {
	t.Helper()
	w, err := Create(path, Head{Program: "v1", Made: noon})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add("files/a/b.txt", 5, strings.NewReader("hello and more")); err != nil {
		t.Fatal(err)
	}
	if n, err := w.Lines("graph/graph", many(9000)); n != 9000 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := w.Lines("jobs/jobs", many(0)); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := w.Finish(map[string]string{"digest": "abc"}); err != nil {
		t.Fatal(err)
	}
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "b.tar.zst")
	made(t, path)
	m, err := Verify(path)
	if err != nil || m.Program != "v1" || !m.Made.Equal(noon) || m.About["digest"] != "abc" || len(m.Entries) != 4 {
		t.Fatalf("Verify = %+v, %v", m, err)
	}
	text, lines := "", 0
	err = Read(path, func(name string, size int64, r io.Reader) error {
		if name == "files/a/b.txt" {
			raw, err := io.ReadAll(r)
			text = string(raw)
			return err
		}
		for line, err := range Lines(r) {
			if err != nil || !json.Valid(line) {
				return fmt.Errorf("line %.40s: %w", line, err)
			}
			lines++
		}
		return nil
	})
	if err != nil || text != "hello" || lines != 9000 {
		t.Errorf("Read gave %q and %d lines, %v", text, lines, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v: it may hold secrets", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestCreateRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.tar.zst")
	made(t, path)
	if _, err := Create(path, Head{}); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Errorf("Create over another backup: %v", err)
	}
	w, err := Create(path+"2", Head{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../a", "/a", "", "manifest.json", "a/../../b"} {
		if err := w.Add(name, 0, strings.NewReader("")); err == nil {
			t.Errorf("an entry is named %q", name)
		}
	}
	if err := w.Add("short", 10, strings.NewReader("123")); err == nil || !strings.Contains(err.Error(), "shorter") {
		t.Errorf("an entry of less than its size: %v", err)
	}
	w.Abandon()
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*2*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A backup that lost its end, or any byte, is known.
func TestVerifyDamaged(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "b.tar.zst")
	made(t, path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	broken := func(name string, raw []byte) {
		t.Helper()
		at := filepath.Join(dir, "broken")
		if err := os.WriteFile(at, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(at); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: Verify = %v, want it to be damaged", name, err)
		}
	}
	for i := range 40 {
		cut := len(whole) * i / 40
		broken(fmt.Sprintf("cut off at %d of %d", cut, len(whole)), whole[:cut])
		changed := bytes.Clone(whole)
		changed[cut] ^= 0x10
		at := filepath.Join(dir, "changed")
		if err := os.WriteFile(at, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(at); err == nil && !bytes.Equal(unpacked(t, changed), unpacked(t, whole)) {
			t.Errorf("byte %d of %d is another one, and nobody knows", cut, len(whole))
		}
	}
	broken("the last byte", whole[:len(whole)-1])
}

// unpacked is what a file holds without compression, in which not every bit
// counts.
func unpacked(t *testing.T, raw []byte) []byte {
	t.Helper()
	zip, err := zstd.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer zip.Close()
	out, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// packed is a file with the given entries.
func packed(t *testing.T, entries ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "packed")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zip, err := zstd.NewWriter(file)
	if err != nil {
		t.Fatal(err)
	}
	out := tar.NewWriter(zip)
	for i := 0; i < len(entries); i += 2 {
		if err := out.WriteHeader(&tar.Header{Name: entries[i], Size: int64(len(entries[i+1])), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, entries[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(out.Close(), zip.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVerifyForeign(t *testing.T) {
	head, manifest := `{"format":1}`, `{"format":1,"entries":[]}`
	tests := []struct {
		name string
		in   []string
		want string
	}{
		{"another tar", []string{"etc/passwd", "x"}, "no backup"},
		{"a later form", []string{headName, `{"format":2,"program":"v9"}`}, "restore it with breachgraph v9"},
		{"no manifest", []string{headName, head, "files/a", "x"}, "cut off"},
		{"more than the manifest says", []string{headName, head, "files/a", "x", manifestName, manifest}, "holds more"},
		{"less than that", []string{headName, head, manifestName, `{"format":1,"entries":[{"name":"files/a","size":1,"sha256":"x"}]}`}, "files/a is missing"},
		{"behind the manifest", []string{headName, head, manifestName, manifest, "files/a", "x"}, "should not be there"},
		{"out of its folder", []string{headName, head, "../a", "x", manifestName, manifest}, "leads elsewhere"},
		{"whole", []string{headName, head, manifestName, manifest}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Verify(packed(t, tt.in...))
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("Verify = %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := Verify(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Verify of nothing: %v", err)
	}
}

// Whatever a file holds, what Verify accepts Read reads, to the same sizes.
func FuzzVerify(f *testing.F) {
	path := filepath.Join(f.TempDir(), "seed")
	w, err := Create(path, Head{Program: "v1", Made: noon})
	if err != nil {
		f.Fatal(err)
	}
	if err := w.Add("files/a", 5, strings.NewReader("hello")); err != nil {
		f.Fatal(err)
	}
	if _, err := w.Finish(nil); err != nil {
		f.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "b")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := Verify(path)
		if err != nil {
			return
		}
		i := 0
		err = Read(path, func(name string, size int64, r io.Reader) error {
			n, err := io.Copy(io.Discard, r)
			if e := m.Entries[i]; e.Name != name || e.Size != size || n != size {
				t.Errorf("entry %d is %s of %d, want %+v", i, name, n, e)
			}
			i++
			return err
		})
		if err != nil || i != len(m.Entries) {
			t.Errorf("Read gave %d entries, %v, want %d", i, err, len(m.Entries))
		}
	})
}
