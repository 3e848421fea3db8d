package extract

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// leadSentence begins every text of testdata/relations.txt.
const leadSentence = "[company:Acme] confirmed a data breach that exposed customers' names. "

// relationFloor is the share of the expectations in testdata/relations.txt that
// must be met; it only rises.
const relationFloor = 0.75

// TestRelations reads sentences whose names are marked, and holds that most of
// what each states is found, with its status where one is given.
func TestRelations(t *testing.T) {
	raw, err := os.ReadFile("testdata/relations.txt")
	if err != nil {
		t.Fatal(err)
	}
	met, all := 0, 0
	for line := range strings.Lines(string(raw)) {
		sentence, wants, ok := strings.Cut(strings.TrimSpace(line), " || ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		r := readMarked(t, leadSentence+sentence, "claims")
		claims := nameClaims(r.result())
		for want := range strings.SplitSeq(wants, ";") {
			all++
			if states(claims, strings.TrimSpace(want)) {
				met++
			} else {
				t.Logf("%s\n  does not give: %s", sentence, strings.TrimSpace(want))
			}
		}
	}
	if all < 60 {
		t.Fatalf("only %d expectations in testdata/relations.txt", all)
	}
	if share := float64(met) / float64(all); share < relationFloor {
		t.Errorf("%d of %d expectations met, want %.0f %%", met, all, 100*relationFloor)
	} else {
		t.Logf("%d of %d expectations met", met, all)
	}
}

// states reports whether claims hold what want says: "TYPE subject object
// [status]", or "- TYPE [object]" for what must not be claimed.
func states(claims []named, want string) bool {
	if rest, ok := strings.CutPrefix(want, "- "); ok {
		return !slices.ContainsFunc(claims, func(c named) bool {
			return strings.HasPrefix(string(c.predicate)+" "+c.object, rest)
		})
	}
	return slices.ContainsFunc(claims, func(c named) bool {
		said := string(c.predicate) + " " + c.subject + " " + c.object
		return said == want && c.status != Denied || said+" "+string(c.status) == want
	})
}
