package when_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/when"
)

// A vector is a text, the day it was written and the dates it holds, as
// testdata writes them:
//
//	reference: 2022-03-10
//
//	expect: "since August" 2021-08-01..
//	---
//	It has been open since August.
//
// The reference holds for the rest of the file.
type vector struct {
	file      string
	line      int
	reference time.Time
	text      string
	expect    []string
}

func vectors(t testing.TB) []vector {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	var out []vector
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		v := vector{file: filepath.Base(name)}
		s := bufio.NewScanner(f)
		for line := 1; s.Scan(); line++ {
			switch key, value, _ := strings.Cut(s.Text(), ": "); key {
			case "comment", "---", "":
			case "reference":
				if v.reference, err = time.Parse(time.DateOnly, value); err != nil {
					t.Fatal(err)
				}
			case "expect":
				v.expect = append(v.expect, value)
			default:
				v.line, v.text = line, s.Text()
				out = append(out, v)
				v.expect = nil
			}
		}
		f.Close()
	}
	return out
}

// describe writes d as testdata does.
func describe(text string, d when.Date) string {
	s := fmt.Sprintf("%q %s", text[d.Start:d.End], iso(d.From))
	if !d.From.Equal(d.To) {
		s += ".." + iso(d.To)
	}
	if d.Fuzzy {
		s += " fuzzy"
	}
	return s
}

func iso(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func TestFind(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(fmt.Sprintf("%s:%d", v.file, v.line), func(t *testing.T) {
			var got []string
			for _, d := range when.Find(v.text, v.reference) {
				got = append(got, describe(v.text, d))
			}
			want := strings.Join(v.expect, "\n")
			if want == "none" {
				want = ""
			}
			if g := strings.Join(got, "\n"); g != want {
				t.Errorf("Find(%q)\n got %s\nwant %s", v.text, g, want)
			}
		})
	}
}

// check reports an error where the dates of text break what Find promises.
func check(t *testing.T, text string, found []when.Date) {
	t.Helper()
	last := 0
	for _, d := range found {
		if d.Start < last || d.End <= d.Start || d.End > len(text) {
			t.Fatalf("Find(%q): span %d-%d after %d", text, d.Start, d.End, last)
		}
		last = d.End
		for _, at := range []int{d.Start, d.End} {
			if at < len(text) && utf8.ValidString(text) && !utf8.RuneStart(text[at]) {
				t.Fatalf("Find(%q): offset %d parts a character", text, at)
			}
		}
		if d.From.IsZero() && d.To.IsZero() || !d.From.IsZero() && !d.To.IsZero() && d.To.Before(d.From) {
			t.Fatalf("Find(%q): %q is %v to %v", text, text[d.Start:d.End], d.From, d.To)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.text, v.reference.Unix())
	}
	f.Fuzz(func(t *testing.T, text string, reference int64) {
		// years 1 to 9999, beyond which no text is dated
		const first, last = -62135596800, 253402300799
		if reference < first || reference > last {
			reference = 0
		}
		check(t, text, when.Find(text, time.Unix(reference, 0)))
		check(t, text, when.Find(text, time.Time{}))
	})
}

func BenchmarkFind(b *testing.B) {
	ref := time.Date(2022, 3, 10, 0, 0, 0, 0, time.UTC)
	for _, bench := range []struct{ name, text string }{
		{"article", strings.Repeat(article, 100)},
		{"ones", strings.Repeat("1 ", 1<<19)},
		{"years", strings.Repeat("2019 ", 1<<18)},
		{"since", strings.Repeat("since ", 1<<17)},
		{"the", strings.Repeat("the end of ", 1<<16)},
		{"days", strings.Repeat("two days before ", 1<<16)},
		{"months", strings.Repeat("May 5 to ", 1<<17)},
		{"early", strings.Repeat("early ", 1<<17)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.text)))
			b.ReportAllocs()
			for b.Loop() {
				when.Find(bench.text, ref)
			}
		})
	}
}

// article is invented prose with the density of dates that reports of breaches
// have.
const article = `Almost a month after the July 19 attack that reduced its judges to pen and paper,
Wexmoor County admitted on Monday that whoever locked up its court computers probably left with a
great deal of what was on them. According to a notice posted by the county, the files may include
names, home addresses and, for people who paid fines by check, bank account numbers. The crew took
credit on its leak site on Aug. 4. The password had not been changed since 2017. A retired bailiff
sued last Thursday; letters are due to go out by Sept. 8, and a second suit is expected this week.

`
