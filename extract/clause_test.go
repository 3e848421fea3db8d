package extract

import (
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

// readTo runs the passes up to the one named, on a text by itself.
func readTo(t testing.TB, text, last string) *reading {
	t.Helper()
	r := newReading(NewDocument(ingest.Article{Text: text}))
	for _, p := range passes {
		p.run(r)
		if p.name == last {
			return r
		}
	}
	t.Fatalf("no pass %q", last)
	return nil
}

// TestModality reads how the words in [brackets] hold.
func TestModality(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want modality
	}{
		{"Hackers stole [names] and phone numbers.", modality{}},
		{"No [credit card numbers] were taken.", modality{denied: true}},
		{"No names, [addresses] or passwords were taken.", modality{denied: true}},
		{"The thieves did not get [passwords].", modality{denied: true}},
		{"It found no evidence that [medical records] had been opened.", modality{denied: true}},
		{"There is no sign that anybody read the [messages].", modality{denied: true}},
		{"[Bank details] were not involved.", modality{denied: true}},
		{"[Passwords], which are kept elsewhere, were never at risk.", modality{denied: true}},
		{"[Social Security numbers] remain safe, the school said.", modality{denied: true}},
		{"The file never held [passport numbers].", modality{denied: true}},
		{"Names were taken, but [passwords] were not.", modality{denied: true}},
		{"[Names] were taken, but passwords were not.", modality{}},
		{"Neither [salaries] nor bank accounts were touched.", modality{denied: true}},
		{"Neither salaries nor [bank accounts] were touched.", modality{denied: true}},
		{"Everything except [passwords] was copied.", modality{denied: true}},
		{"The dump holds no data other than [email addresses].", modality{}},
		{"Not only names but also [passports] were copied.", modality{}},
		{"The company did not say how many [email addresses] were exposed.", modality{}},
		{"It did not respond to questions about the stolen [passwords].", modality{}},
		{"The stolen [passwords] were not encrypted.", modality{}},
		{"Customers no longer trust it with their stolen [card numbers].", modality{}},
		{"[Passport numbers] may have been accessed.", modality{hedged: true}},
		{"The intruder could have seen [tax records].", modality{hedged: true}},
		{"It is believed that [home addresses] leaked.", modality{hedged: true}},
		{"Potentially exposed were [dates of birth].", modality{hedged: true}},
		{"In May [dates of birth] were exposed.", modality{}},
		{"May was when [dates of birth] leaked.", modality{}},
		{"He allegedly sold the [card numbers] online.", modality{alleged: true}},
		{"Prosecutors accused her of copying [patient records].", modality{alleged: true}},
		{"The company has not yet notified those whose [names] were exposed.", modality{}},
	} {
		t.Run(tt.in, func(t *testing.T) {
			start, end := strings.Index(tt.in, "["), strings.Index(tt.in, "]")-1
			r := readTo(t, strings.NewReplacer("[", "", "]", "").Replace(tt.in), "clauses")
			first, last := r.tokens(Span{start, end})
			if got := r.modalityOf(first, last); got != tt.want {
				t.Errorf("modalityOf(%q) = %+v, want %+v", r.text(first, last), got, tt.want)
			}
		})
	}
}
