package extract

import (
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

// TestBareDollars reads the currency of "$5 million" by where the article is
// from and what it speaks of.
func TestBareDollars(t *testing.T) {
	for _, tt := range []struct{ name, url, in, want string }{
		{"by itself", "", "Orrick Foods will pay $5 million over the breach.", "USD"},
		{"outlet's country", "https://www.example.com.au/news/1", "Orrick Foods will pay $5 million over the breach.", "AUD"},
		{"country spoken of", "https://news.example/1", "Orrick Foods of Toronto told Canadian regulators of the breach. It will pay $5 million in Ontario.", "CAD"},
		{"two countries", "https://news.example/1", "Orrick Foods of Toronto told Canadian and American regulators of the breach. It will pay $5 million in Ontario, the FBI said.", "USD"},
		{"named", "https://www.example.com.au/news/1", "Orrick Foods will pay US$5 million over the breach.", "USD"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newReading(NewDocument(ingest.Article{URL: tt.url, Text: tt.in}))
			r.index()
			findQuantities(r)
			if len(r.figures) != 1 || r.figures[0].Unit != tt.want {
				t.Errorf("findQuantities(%q) = %v, want one figure in %s", tt.in, r.figures, tt.want)
			}
		})
	}
}
