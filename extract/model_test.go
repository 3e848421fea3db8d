package extract

import (
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

func TestParseWeights(t *testing.T) {
	w, err := ParseWeights("# a comment\nm\tbias\t-1.5\nm\tword:x\t2\nn\tthreshold\t0.7\n")
	if err != nil {
		t.Fatal(err)
	}
	if p := w.probability("m", []string{"bias", "word:x", "unknown"}); p < 0.62 || p > 0.63 {
		t.Errorf("probability %.3f, want 0.622", p)
	}
	if w.accepts("n", 0.6) || !w.accepts("m", 0.6) {
		t.Error("a threshold of 0.7 must refuse 0.6, the usual one of 0.5 must not")
	}
	for _, table := range []string{"m\tbias\n", "m\tbias\tone\n", "\n"} {
		if _, err := ParseWeights(table); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: error %v does not name the line", table, err)
		}
	}
}

func TestExamineWithOtherWeights(t *testing.T) {
	a := ingest.Article{Text: "Hackers stole the email addresses of 5,000 customers from Acme, the retailer said on Monday."}
	w, err := ParseWeights("EXPOSED\tbias\t-9\nEXPOSED\tthreshold\t0.5\n")
	if err != nil {
		t.Fatal(err)
	}
	result, _ := Examine(a, Options{Weights: w})
	for _, c := range result.Claims {
		if c.Type == Exposed {
			t.Errorf("a claim with confidence %.2f that the weights given do not bear out", c.Confidence)
		}
	}
}
