package graph

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

// What a fact is after some claims and then others is what it is after all of
// them, wherever that can be told without reading the first.
func TestContinued(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	claims := func(n int) []statedFact {
		said := make([]statedFact, 1+r.IntN(n))
		for i := range said {
			published := time.Date(2021, 8, 1+r.IntN(4), r.IntN(24), 0, 0, 0, time.UTC)
			if r.IntN(6) == 0 {
				published = time.Time{}
			}
			props := map[string]any{"status": string(statuses[r.IntN(len(statuses)-1)]), "confidence": float64(r.IntN(10)) / 10}
			if r.IntN(3) > 0 {
				props["title"] = []string{"CEO", "CEO", "CEO", "CFO"}[r.IntN(4)]
			}
			said[i] = statedFact{id: fmt.Sprint(r.Uint32()), article: fmt.Sprint(r.IntN(5)), published: published, props: props}
		}
		return said
	}
	told, untold := 0, 0
	for range 2000 {
		before, after := claims(3), claims(2)
		had := maps.Clone(describeFact(string(extract.WorksFor), before))
		had["claims"] = int64(len(before)) // as it is read
		got, ok := continued(string(extract.WorksFor), had, slices.Clone(after))
		if !ok {
			untold++
			continue
		}
		told++
		if want := describeFact(string(extract.WorksFor), slices.Concat(before, after)); !reflect.DeepEqual(got, want) {
			t.Fatalf("%v\nand then %v\ngive %v, want %v", before, after, got, want)
		}
	}
	if told < 1000 || untold < 100 {
		t.Errorf("%d told, %d not", told, untold)
	}
}
