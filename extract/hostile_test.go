package extract

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

// TestBadInput reads what no newsroom wrote: every span lies in the text, what
// is written can be read again, and some of it says what to find.
func TestBadInput(t *testing.T) {
	story := "Acme Corp. confirmed on Monday that hackers stole the names and passwords of 3.1 million customers. "
	tests := []struct {
		name, text string
		find       string // the name of an entity, empty for whatever comes
	}{
		{"empty", "", ""},
		{"blank", " \n\t\u00a0\r\n ", ""},
		{"capitals", strings.ToUpper(strings.Repeat(story, 3)), ""},
		{"no punctuation", strings.NewReplacer(".", "", ",", "").Replace(strings.Repeat(story, 3)), ""},
		{"one long sentence", strings.Repeat("the company and its customers who were told of hackers and names ", 8334), ""},
		{"emoji", "👩‍👩‍👧‍👦 " + story + "🔥🔥 “Désolé,” e\u0301crit Zoe\u0308 👍🏽.", "Acme Corp."},
		{"combining marks", strings.ReplaceAll(story, "a", "a\u0301\u0323\u0327"), ""},
		{"control characters", "\x00\x01\ufeff" + strings.ReplaceAll(story, "stole", "stole\x1b[31m\x7f"), ""},
		{"right to left", "\u202e" + story + "\u202c אקמה נפרצה.", ""},
		{"quotes that never close", strings.Repeat("“"+story+"\"‘", 20), ""},
		{"brackets", strings.Repeat("([{", 3000) + story + strings.Repeat("}])", 3000), ""},
		{"own output", `{"id":"e1","entities":[{"id":"e1","type":"company","name":"Acme"}],"claims":[{"id":"c1","type":"SUFFERED","subject":"e1","object":"b1"}]} ` + story, "Acme Corp."},
		{"Cypher", "MATCH (n) DETACH DELETE n; // '}) RETURN 1 " + story + "`; DROP CONSTRAINT x; $rows {id: \"b1\"}", ""},
		{"ids for words", "e1 b1 f1 c1 article: e1 was hacked by b1. " + story, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Extract(ingest.Article{ID: tt.name, Title: tt.name, Text: tt.text}, Options{AnyLanguage: true})
			check(t, r)
			if r.Article.Text != tt.text {
				t.Errorf("the text became %.80q", r.Article.Text)
			}
			raw, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Decode(raw); err != nil {
				t.Errorf("what was written cannot be read: %v", err)
			}
			found := tt.find == ""
			for _, e := range r.Entities {
				found = found || e.Name == tt.find
			}
			if !found {
				t.Errorf("no entity %q in %v", tt.find, r.Entities)
			}
		})
	}
}

// TestNoText says nothing of a text that says nothing.
func TestNoText(t *testing.T) {
	for _, text := range []string{"", " \n", "12345", "😀"} {
		r := Extract(ingest.Article{ID: "x", Text: text}, Options{})
		if len(r.Entities)+len(r.Breaches)+len(r.Claims) > 0 || r.Relevant {
			t.Errorf("Extract(%q) = %+v, want nothing", text, r)
		}
	}
}

// TestAsciiKey compares the short way to a name's key with the long one.
func TestAsciiKey(t *testing.T) {
	short := 0
	for _, name := range []string{
		"Acme", "T-Mobile", "O'Reilly", "U.S.", "AT&T", "a b", "The Bank", "the", "A", "Acme Inc", "Acme Inc ", "group",
		" the x", "- a b", "t.he x", "Zoë", "A.B C", "Foo Inc Ltd", "", " ",
	} {
		key, ok := asciiKey(nil, name)
		if ok && string(key) != nameKey(name) {
			t.Errorf("asciiKey(%q) = %q, want %q", name, key, nameKey(name))
		}
		if ok {
			short++
		}
	}
	if short < 8 {
		t.Errorf("only %d names go the short way", short)
	}
}
