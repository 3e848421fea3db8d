package feature

import (
	"slices"
	"testing"

	"github.com/breachgraph/breachgraph/extract/tag/internal/token"
)

func read(text string) *Doc { return readTitled("", text) }

func readTitled(title, text string) *Doc {
	return New(title, text, token.Sentences(text, token.Tokenize(text)))
}

func TestRuns(t *testing.T) {
	tests := []struct {
		name, in string
		want     [][2]int // tokens
	}{
		{"name in a sentence", "The other Jane Roe left.", [][2]int{{2, 4}}},
		{"opener of the sentence", "The bank paid Acme.", [][2]int{{3, 4}}},
		{"tied", "He joined the Bank of Norway today.", [][2]int{{3, 6}}},
		{"small word at the end", "He joined the Bank of course.", [][2]int{{3, 4}}},
		{"word that is small elsewhere", "Hackers left. Some hackers stayed.", nil},
		{"number in a name", "It runs Windows 10 and R2D2x.", [][2]int{{2, 3}, {5, 6}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got [][2]int
			for _, r := range read(tt.in).runs {
				got = append(got, [2]int{r.from, r.to})
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("runs of %q = %v, want %v", tt.in, got, tt.want)
			}
		})
	}
}

func TestEvidence(t *testing.T) {
	tests := []struct {
		name, title, in string
		token           int
		want            evidence
	}{
		{"title before", "", "We met the chief Roe there.", 4, afterTitle | lone},
		{"speaker", "", "In March Roe said so.", 2, beforeSay},
		{"owner", "", "We saw Acme's site.", 2, possessive | lone},
		{"employer", "", "He is the chief of Acme today.", 5, titleOf},
		{"own researchers", "", "Last week researchers at Acme saw it.", 4, afterAt | afterResearchers},
		{"elsewhere in the text", "", "They like Acme. Last week Acme customers left.", 2, beforeVictims},
		{"headline", "Acme hacked", "They like Acme.", 2, inTitle},
		{"last name", "", "We met John Roe there.", 3, severalWords | closes},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := readTitled(tt.title, tt.in)
			if got := d.forms[d.word(tt.token).form].evidence; got&tt.want != tt.want {
				t.Errorf("evidence of token %d of %q = %b, want at least %b", tt.token, tt.in, got, tt.want)
			}
		})
	}
}

func TestClasses(t *testing.T) {
	tests := []struct {
		name, in string
		token    int
		want     class
	}{
		{"phrase", "He sued the New York Times today.", 4, outlet},
		{"name list needs a capital", "They had no target there.", 3, 0},
		{"word list does not", "They said no.", 1, say},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(tt.in).tokens[tt.token].classes; got&tt.want != tt.want || tt.want == 0 && got&nameLists != 0 {
				t.Errorf("classes of token %d of %q = %b, want %b", tt.token, tt.in, got, tt.want)
			}
		})
	}
}

func TestStyle(t *testing.T) {
	tests := []struct {
		in   string
		want uint64
	}{
		{"The bank paid the hackers.", plain},
		{"Big Bank Pays Hackers After Breach", titled},
		{"BANK PAYS HACKERS", capitals},
	}
	for _, tt := range tests {
		if got := read(tt.in).sentences[0].style; got != tt.want {
			t.Errorf("style of %q = %d, want %d", tt.in, got, tt.want)
		}
	}
}

func TestBaseTellsTokensApart(t *testing.T) {
	d := read("Acme paid. The hackers left Acme alone, and Roe of Acme Corp. said so.")
	for i := range d.Len() {
		a := d.Base(i, nil)
		if !slices.Equal(a, read("Acme paid. The hackers left Acme alone, and Roe of Acme Corp. said so.").Base(i, nil)) {
			t.Errorf("Base(%d) differs from one reading to the next", i)
		}
		for j := range i {
			if slices.Equal(a, d.Base(j, nil)) {
				t.Errorf("Base(%d) is that of %d", i, j)
			}
		}
	}
}

func TestVote(t *testing.T) {
	d := read("Acme paid. They left Acme. We saw Acme.")
	l := d.Labelling([]uint8{1, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0}, 2)
	if kind, share := l.vote(0); kind != 2 || share != 3 {
		t.Errorf("vote(0) = %d, %d, want 2, 3: both other places are of kind 2", kind, share)
	}
	if kind, _ := l.vote(1); kind != 3 {
		t.Errorf("vote(1) = %d, want 3: there is no other place", kind)
	}
	if l.main != 2 {
		t.Errorf("main = %d, want 2", l.main)
	}
}

func TestCast(t *testing.T) {
	d := read("Acme Bank paid. Later Acme said ACME BANK and AB paid.")
	m := func(from, to int) Mention { return Mention{from, to, []float64{0.2, 0.7}} }
	c := d.Cast([]Mention{m(0, 2), m(5, 6), m(7, 9), m(10, 11)})
	if c.Len() != 3 || !slices.Equal(c.Mentions(0), []int{0, 2}) {
		t.Errorf("Cast holds %d entities, the first with mentions %v; want 3 and [0 2]", c.Len(), c.Mentions(0))
	}
	for _, tt := range []struct {
		name        string
		short, long int
		want        uint64
		ok          bool
	}{
		{"first word", 1, 0, linkFirst, true},
		{"initials", 3, 0, linkInitials, true},
		{"not the other way", 0, 1, 0, false},
	} {
		how, ok := d.partOf(c.mentions[tt.short], c.mentions[tt.long])
		if ok != tt.ok || ok && how != tt.want {
			t.Errorf("%s: partOf = %d, %t, want %d, %t", tt.name, how, ok, tt.want, tt.ok)
		}
	}
}
