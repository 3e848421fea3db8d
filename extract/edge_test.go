package extract

import (
	"slices"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

// TestEdges starts from names as a tagger may cut them, marked as by readMarked
// and with little trust in them, and tells which are left.
func TestEdges(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"state and office", "The [place:Oregon] attorney general was told.", []string{"agency Oregon attorney general"}},
		{"office of a holder", "The firm told the [agency:Privacy Commissioner]’s office.", []string{"agency Privacy Commissioner’s office"}},
		{"office of another", "The firm told [agency:FBI]'s office.", []string{"agency FBI"}},
		{"only the head", "Patients of Larkspur [company:Hospital] were told.", []string{"company Larkspur Hospital"}},
		{"a head that names nobody", "Patients of the [company:hospital] were told.", nil},
		{"a head after a small word", "And [company:Hospital] staff were told.", nil},
		{"title and person", "It was [agency:Sheriff Maria Delgado] who knew.", []string{"person Maria Delgado"}},
		{"two names", "It hit [company:Brightwell Inns alongside Corvo Hotels] in May.", []string{"company Brightwell Inns", "company Corvo Hotels"}},
		{"three names", "It hit [company:Brightwell Inns alongside Corvo Hotels including Taft Lodge].", []string{"company Brightwell Inns", "company Corvo Hotels", "company Taft Lodge"}},
		{"small words within", "The [company:Bank of the West Riding] lost files.", []string{"company Bank of the West Riding"}},
		{"no name", "[group:Keen to] hear more, it asked.", nil},
		{"a name that opens", "[company:Larkspur Clinics] lost files.", []string{"company Larkspur Clinics"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newReading(NewDocument(ingest.Article{Text: marking.ReplaceAllString(tt.in, "$2")}))
			at := 0
			for _, m := range marking.FindAllStringSubmatchIndex(tt.in, -1) {
				start := strings.Index(r.Text[at:], tt.in[m[4]:m[5]]) + at
				at = start + m[5] - m[4]
				r.addName(Span{start, at}, Kind(tt.in[m[2]:m[3]]), 0.6)
			}
			r.index()
			r.addListed()
			r.mendEdges()
			r.trimNames()
			var got []string
			for _, m := range r.mentions {
				got = append(got, string(m.kind)+" "+r.Text[m.Start:m.End])
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("names of %q\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}
