package catalog

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestSearch(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"+-*":               "",
		"T-Mobile":          "name:(+(t t*) +(mobile mobile*))",
		`acme" OR title:x\`: "name:(+(acme acme*) +(or or*) +(title title*) +(x x*))",
		"Ärger 2099":        "name:(+(ärger ärger*) +(2099 2099*))",
	} {
		if got := search(in, "name"); got != want {
			t.Errorf("search(%q) = %s, want %s", in, got, want)
		}
	}
	if got := search("a", "title", "subtitle"); got != "title:(+(a a*)) OR subtitle:(+(a a*))" {
		t.Errorf("search in two fields = %s", got)
	}
}

// Nothing of the words means something to the index but as a word.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{"T-Mobile", `a" OR b:c*~2^3 AND NOT [x TO y]`, "\xff\xfe ä", strings.Repeat("word ", 50)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := search(in, "name")
		if got == "" {
			return
		}
		inner, ok := strings.CutPrefix(got, "name:(")
		inner, closed := strings.CutSuffix(inner, ")")
		if !ok || !closed || !utf8.ValidString(got) || strings.Count(inner, "+(") > maxWords {
			t.Fatalf("search(%q) = %s", in, got)
		}
		for part := range strings.SplitSeq(inner, "+(") {
			part = strings.TrimSpace(part)
			if part == "" {
				continue
			}
			word, again, _ := strings.Cut(strings.TrimSuffix(part, "*)"), " ")
			bad := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
			if word != again || bad >= 0 || len(word) > maxWord {
				t.Errorf("search(%q) has %q", in, part)
			}
		}
	})
}
