package tag

import (
	"os"
	"strings"
	"testing"
)

// Sentences of our own, so that they may be kept.
const incident = `Northwind Bank has confirmed that hackers stole the names and Social Security numbers of 120,000 customers in March.
"We are deeply sorry," said Jane Porter, chief executive of Northwind Bank, in a statement to Reuters on Monday.
Security researchers at Symantec said that a group known as Fancy Bear used the TrickBot trojan.
The FBI and police in Ohio are investigating. Porter said the bank's Windows servers had not been patched.
`

func tagText(t *Tagger, text string) Tags { return t.Tag("", text, Sentences(text, Tokenize(text))) }

func BenchmarkTag(b *testing.B) {
	text := benchText(b)
	t := Default()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	tokens := 0
	for b.Loop() {
		k := Tokenize(text)
		t.Tag("", text, Sentences(text, k))
		tokens += len(k)
	}
	b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
}

// benchText is the articles that may be kept, about 3,000 characters.
func benchText(b *testing.B) string {
	raw, err := os.ReadFile("../../testdata/articles/t-mobile-2021-08.md")
	if err != nil {
		b.Skip(err)
	}
	return string(raw[:3000])
}

func TestTag(t *testing.T) {
	tags := tagText(Default(), incident)
	for _, want := range []Span{{Label: "person", Start: strings.Index(incident, "Jane Porter")}, {Label: "company"}} {
		found := false
		for _, n := range tags.Names {
			found = found || n.Start == want.Start && n.Label == want.Label
		}
		if !found {
			t.Errorf("Tag(%q).Names = %v, want a %s at %d", incident, tags.Names, want.Label, want.Start)
		}
	}
}
