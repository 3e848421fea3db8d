package archive

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// age is a capture made some days before noon.
func age(t *testing.T, a *Archive, days int, address, body string) Entry {
	t.Helper()
	x := exchange(t, address, 200, body)
	x.Date = noon.AddDate(0, 0, -days)
	return mustStore(t, a, x)
}

func TestDrop(t *testing.T) {
	dir := t.TempDir()
	a := mustOpen(t, dir, Options{})
	first := age(t, a, 30, "https://a.example/", "one")
	age(t, a, 20, "https://b.example/", "two")
	if old, err := a.Old(noon); err != nil || len(old) != 0 {
		t.Errorf("Old = %v, %v, want none: it is written to", old, err)
	}
	if err := a.Rotate(noon.AddDate(0, 0, -60)); err != nil {
		t.Fatal(err)
	}
	if err := a.Rotate(noon.AddDate(0, 0, -25)); err != nil {
		t.Fatal(err)
	}
	again := age(t, a, 10, "https://a.example/", "one")
	fresh := age(t, a, 1, "https://c.example/", "three")
	if !again.Revisit || again.File == first.File {
		t.Fatalf("stored as %+v after %+v", again, first)
	}
	if original, err := a.OriginalOf(again); err != nil || original != first {
		t.Errorf("OriginalOf = %+v, %v, want %+v", original, err, first)
	}
	for days, want := range map[int]int{15: 1, 25: 0} {
		if old, err := a.Old(noon.AddDate(0, 0, -days)); err != nil || len(old) != want || want > 0 && old[0].File != first.File {
			t.Errorf("Old before %d days = %+v, %v, want %d", days, old, err, want)
		}
	}
	if err := a.Drop(fresh.File); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("dropped the file that is written to: %v", err)
	}
	if err := a.Drop(first.File); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		left := entries(t, a)
		if len(left) != 2 || left[0].File != fresh.File {
			t.Errorf("left are %+v", left)
		}
		if _, err := a.Read(again); !errors.Is(err, ErrNoOriginal) {
			t.Errorf("Read of what lost its original: %v", err)
		}
		if r, err := a.Read(fresh); err != nil || string(r.Payload) != "three" {
			t.Errorf("Read = %v, %v", r, err)
		}
		mustClose(t, a)
		a = mustOpen(t, dir, Options{})
	}
	if e := age(t, a, 0, "https://a.example/", "one"); e.Revisit {
		t.Errorf("stored as %+v, as if its body were there", e)
	}
	mustClose(t, a)
	if found, _ := filepath.Glob(filepath.Join(dir, "*")); len(found) != 3 { // file, index, lock
		t.Errorf("the folder holds %v", found)
	}
}

// What Extents gives is whole records, also while more is stored.
func TestExtents(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	a := mustOpen(t, dir, Options{FileSize: 2000})
	for n := range 10 {
		mustStore(t, a, exchange(t, fmt.Sprintf("https://a.example/%d", n), 200, fmt.Sprint("page ", n)))
	}
	before := entries(t, a)
	extents, err := a.Extents()
	if err != nil || len(extents) < 3 {
		t.Fatalf("Extents = %v, %v", extents, err)
	}
	for n := range 3 {
		mustStore(t, a, exchange(t, fmt.Sprintf("https://a.example/later/%d", n), 200, fmt.Sprint("page ", n)))
	}
	for _, x := range extents {
		file, err := os.Open(filepath.Join(dir, x.File))
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(io.LimitReader(file, x.Bytes))
		if err = errors.Join(err, file.Close(), os.WriteFile(filepath.Join(copied, x.File), part, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	mustClose(t, a)
	b := mustOpen(t, copied, Options{})
	sees(t, b, before)
	if b.Mended() != 0 {
		t.Errorf("%d bytes were of no whole record", b.Mended())
	}
	mustClose(t, b)
}
