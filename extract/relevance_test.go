package extract

import (
	"os"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

// TestRelevance reads what is nearly about a breach and what is about one in
// few words.
func TestRelevance(t *testing.T) {
	raw, err := os.ReadFile("testdata/relevance.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(raw), "\n== ")
	for part := range strings.SplitSeq(list, "\n== ") {
		head, text, _ := strings.Cut(part, "\n")
		name, want, _ := strings.Cut(head, ": ")
		t.Run(name, func(t *testing.T) {
			r := Extract(ingest.Article{ID: name, Text: strings.TrimSpace(text)}, Options{})
			if r.Relevant != (want == "about") {
				t.Errorf("relevance %.2f, want %s", r.Relevance, want)
			}
			t.Logf("%.2f", r.Relevance)
		})
	}
}
