package figure_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/figure"
)

// A vector is a text and the figures it holds, as testdata writes them:
//
//	expect: "5 million" 5e6 people at-least | customers
//	---
//	More than 5 million customers were affected.
//
// The value of a range is low..high, either of which may be missing; the noun
// phrase counted is checked where it is given.
type vector struct {
	file   string
	line   int
	text   string
	expect []string
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
			switch key, value, _ := strings.Cut(s.Text(), ": "); {
			case key == "comment", key == "---", key == "":
			case key == "expect":
				v.expect = append(v.expect, value)
			default:
				v.line, v.text = line, s.Text()
				out = append(out, v)
				v = vector{file: v.file}
			}
		}
		f.Close()
	}
	return out
}

// describe writes f as testdata does.
func describe(text string, f figure.Figure) string {
	value, bound := "", ""
	switch {
	case f.Value == nil:
		value = short(f.Low) + ".." + short(f.High)
		if f.Approx {
			bound = " approx"
		}
	default:
		value = short(f.Value)
		switch {
		case f.Low != nil && f.High != nil && !f.Approx:
		case f.Low != nil && f.Approx:
			bound = " just-over"
		case f.Low != nil:
			bound = " at-least"
		case f.High != nil && f.Approx:
			bound = " almost"
		case f.High != nil:
			bound = " at-most"
		case f.Approx:
			bound = " about"
		}
	}
	return fmt.Sprintf("%q %s %s%s", text[f.Start:f.End], value, f.Unit, bound)
}

func short(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', 8, 64)
}

var numberIn = regexp.MustCompile(`[-+.0-9e]+`)

// normal writes the numbers of an expectation as describe does.
func normal(expect string) string {
	quote := strings.LastIndex(expect, `"`) + 1
	rest := strings.Replace(expect[quote:], "at-most approx", "almost", 1)
	fields := strings.Fields(rest)
	ends := strings.Split(fields[0], "..")
	for i, s := range ends {
		if numberIn.MatchString(s) {
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				ends[i] = short(&v)
			}
		}
	}
	fields[0] = strings.Join(ends, "..")
	return expect[:quote] + " " + strings.Join(fields, " ")
}

func TestFind(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(fmt.Sprintf("%s:%d", v.file, v.line), func(t *testing.T) {
			var got, want, counted []string
			found := figure.Find(v.text)
			for _, f := range found {
				got = append(got, describe(v.text, f))
			}
			for _, e := range v.expect {
				if e == "none" {
					continue
				}
				e, noun, _ := strings.Cut(e, " | ")
				want = append(want, normal(e))
				counted = append(counted, noun)
			}
			if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
				t.Fatalf("Find(%q)\n got %s\nwant %s", v.text, g, w)
			}
			for i, f := range found {
				if counted[i] != "" && f.Counted != counted[i] {
					t.Errorf("Find(%q) counted %q, want %q", v.text, f.Counted, counted[i])
				}
			}
		})
	}
}

// check reports an error where the figures of text break what Find promises.
func check(t *testing.T, text string, found []figure.Figure) {
	t.Helper()
	last := 0
	for _, f := range found {
		if f.Start < last || f.End <= f.Start || f.End > len(text) {
			t.Fatalf("Find(%q): span %d-%d after %d", text, f.Start, f.End, last)
		}
		last = f.End
		if f.QualifierStart > f.Start || f.QualifierStart < 0 {
			t.Fatalf("Find(%q): qualifier at %d, figure at %d", text, f.QualifierStart, f.Start)
		}
		if f.Counted != text[f.CountedStart:f.CountedEnd] {
			t.Fatalf("Find(%q): counted %q at %d-%d", text, f.Counted, f.CountedStart, f.CountedEnd)
		}
		for _, at := range []int{f.Start, f.End, f.QualifierStart, f.CountedStart, f.CountedEnd} {
			if at < len(text) && utf8.ValidString(text) && !utf8.RuneStart(text[at]) {
				t.Fatalf("Find(%q): offset %d parts a character", text, at)
			}
		}
		if f.Unit == "" || f.Value == nil && f.Low == nil && f.High == nil {
			t.Fatalf("Find(%q): empty figure %+v", text, f)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.text)
	}
	f.Add("½ of 1\u00a0000–2 000 “users”…\xff 5")
	f.Fuzz(func(t *testing.T, text string) { check(t, text, figure.Find(text)) })
}
