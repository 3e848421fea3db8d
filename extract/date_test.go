package extract

import (
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
)

// TestDates reads what happened when in short texts of 10 March 2022, a
// Thursday. Periods are written occurred, discovered, disclosed.
func TestDates(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     [3]string
	}{
		{"all three", "Orrick Foods said on Tuesday that hackers had broken into its payroll system between January 4 and January 20. Orrick Foods discovered the breach on February 1.",
			[3]string{"2022-01-04/2022-01-20", "2022-02-01/2022-02-01", "2022-03-08/2022-03-08"}},
		{"two ends in one sentence", "Orrick Foods was hacked on January 4 and again on January 9. The data breach hit 3,000 workers.",
			[3]string{"2022-01-04/2022-01-09", "/", "/"}},
		{"said more exactly", "The data breach at Orrick Foods was discovered earlier this year, on January 9, the company said in a letter.",
			[3]string{"/", "2022-01-09/2022-01-09", "/"}},
		{"told first", "Orrick Foods notified the attorney general of the data breach on February 3. Orrick Foods said on Wednesday that 3,000 customers were affected.",
			[3]string{"/", "/", "2022-02-03/2022-02-03"}},
		{"dates of other things", "Orrick Foods, founded in 1988, confirmed a data breach. The company was bought in 2015, and a court will hear the case in May.",
			[3]string{"/", "/", "/"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := ingest.Article{Title: "Orrick Foods data breach", Text: tt.in, Published: time.Date(2022, 3, 10, 0, 0, 0, 0, time.UTC)}
			r := Extract(a, Options{})
			if len(r.Breaches) == 0 {
				t.Fatalf("Extract(%q): no breach", tt.in)
			}
			b := r.Breaches[0]
			if got := [3]string{periodKey(b.Occurred), periodKey(b.Discovered), periodKey(b.Disclosed)}; got != tt.want {
				t.Errorf("Extract(%q) dates\n got %v\nwant %v", tt.in, got, tt.want)
			}
		})
	}
}
