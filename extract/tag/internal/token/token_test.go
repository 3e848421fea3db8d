package token

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func words(text string, tokens []Token) string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = text[t.Start:t.End]
	}
	return strings.Join(out, " | ")
}

func TestTokenize(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"possessive", "T-Mobile's chief", "T-Mobile | 's | chief"},
		{"plural possessive", "users’ data", "users | ’ | data"},
		{"typographic possessive", "Yahoo’s mail", "Yahoo | ’s | mail"},
		{"apostrophe in a name", "O'Reilly didn't say", "O'Reilly | didn't | say"},
		{"numbers", "1,234.5 of 7.8 million, or $40", "1,234.5 | of | 7.8 | million | , | or | $ | 40"},
		{"time", "at 10:30.", "at | 10:30 | ."},
		{"abbreviations", "U.S. firm Acme Inc. said", "U.S. | firm | Acme | Inc. | said"},
		{"initial", "John D. Public", "John | D. | Public"},
		{"ampersand", "AT&T and Alston & Bird", "AT&T | and | Alston | & | Bird"},
		{"host name", "See leak.example.com.", "See | leak.example.com | ."},
		{"lost blank", "the breach.The firm", "the | breach | . | The | firm"},
		{"url", "(https://a.example/x?y=1).", "( | https://a.example/x?y=1 | ) | ."},
		{"quotes", "“We're sorry,” he said", "“ | We're | sorry | , | ” | he | said"},
		{"dashes", "2016--2017 — and so…", "2016 | -- | 2017 | — | and | so | …"},
		{"dots", "well... no", "well | ... | no"},
		{"slash", "name/password", "name | / | password"},
		{"combining mark", "cafe\u0301 x", "cafe\u0301 | x"},
		{"emoji", "ok👍🏽no", "ok | 👍 | 🏽 | no"},
		{"control characters", "a\x00b\u200bc", "a | b | c"},
		{"invalid bytes", "a\xffb", "a | \xff | b"},
		{"nothing", " \n\t", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := words(tt.in, Tokenize(tt.in)); got != tt.want {
				t.Errorf("Tokenize(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestSentences(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"plain", "It leaked. They paid! Why? Nobody knows.", []string{"It leaked.", "They paid!", "Why?", "Nobody knows."}},
		{"closing quote", "“We paid.” Then it ended.", []string{"“We paid.”", "Then it ended."}},
		{"title", "Mr. Smith met Dr. Jones.", []string{"Mr. Smith met Dr. Jones."}},
		{"abbreviation inside", "Acme Inc. Chief Jane Roe left.", []string{"Acme Inc. Chief Jane Roe left."}},
		{"abbreviation at the end", "It sells in the U.S. The firm grew.", []string{"It sells in the U.S.", "The firm grew."}},
		{"line break", "A headline\nthe text", []string{"A headline", "the text"}},
		{"lost blank", "a big breach.The firm", []string{"a big breach.", "The firm"}},
		{"number", "It took 7.5 hours.", []string{"It took 7.5 hours."}},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range Sentences(tt.in, Tokenize(tt.in)) {
				got = append(got, tt.in[s[0].Start:s[len(s)-1].End])
			}
			if strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("Sentences(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"T-Mobile's 1,234.5 U.S. users", "https://a.b/c.", "a\xff’s\u0301\u00ad", "x://....y://...", "’s's.’"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := Tokenize(text)
		end := 0
		for _, k := range tokens {
			if k.Start < end || k.End <= k.Start || k.End > len(text) {
				t.Fatalf("Tokenize(%q): token %v after %d", text, k, end)
			}
			if skipped := strings.TrimFunc(text[end:k.Start], blank); skipped != "" {
				t.Fatalf("Tokenize(%q): %q is in no token", text, skipped)
			}
			if strings.ContainsFunc(text[k.Start:k.End], unicode.IsSpace) {
				t.Fatalf("Tokenize(%q): white space in %q", text, text[k.Start:k.End])
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[k.Start:k.End]) {
				t.Fatalf("Tokenize(%q): %v cuts a rune", text, k)
			}
			end = k.End
		}
		n := 0
		for _, s := range Sentences(text, tokens) {
			if len(s) == 0 || s[0] != tokens[n] {
				t.Fatalf("Sentences(%q): sentence %v does not begin with token %d", text, s, n)
			}
			n += len(s)
		}
		if n != len(tokens) {
			t.Fatalf("Sentences(%q) hold %d of %d tokens", text, n, len(tokens))
		}
	})
}
