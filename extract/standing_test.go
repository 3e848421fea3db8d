package extract

import (
	"slices"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

// Who says it, where no verb of saying stands in the sentence, and what a doubt
// in the sentence is about.
func TestStanding(t *testing.T) {
	const lead = "Orchard Lane Hotels suffered a data breach in May. "
	for _, test := range []struct {
		name, text string
		want       string // type, object, status and speaker
	}{
		{"a denial is the victim's", lead + "Hackers took names, but no payment card numbers were stolen.",
			"EXPOSED payment_card denied Orchard Lane Hotels"},
		{"unless somebody else denies", lead + "Hackers took names. Mandiant said no payment card numbers were stolen.",
			"EXPOSED payment_card denied Mandiant"},
		{"a doubt after what the victim said", lead + "The hotel chain said hackers entered its network. The stolen files may have included names and passwords.",
			"EXPOSED password possible Orchard Lane Hotels"},
		{"a doubt that may be the article's", lead + "Hackers entered its network. The stolen files may have included names and passwords.",
			"EXPOSED password possible "},
		{"a doubt about the breach", lead + "The Information Commissioner's Office is investigating the possible breach.",
			"INVESTIGATES b1 reported "},
		{"a doubt about who was hit", lead + "Orchard Lane Hotels is offering free credit monitoring to guests who may have been affected.",
			"OFFERED credit_monitoring reported "},
		{"a doubt about the step", lead + "Orchard Lane Hotels may offer free credit monitoring to guests.",
			"OFFERED credit_monitoring possible "},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := Extract(ingest.Article{Title: "Orchard Lane Hotels hit by data breach", Text: test.text}, Options{})
			names := map[string]string{}
			for _, e := range r.Entities {
				names[e.ID] = e.Name
			}
			var got []string
			for _, c := range r.Claims {
				got = append(got, string(c.Type)+" "+c.Object+" "+string(c.Status)+" "+names[c.AttributedTo])
			}
			if !slices.Contains(got, test.want) {
				t.Errorf("got\n%s\nwant %s", strings.Join(got, "\n"), test.want)
			}
		})
	}
}
