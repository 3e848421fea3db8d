package graph

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

// named makes a Name of "KIND NAME, ALIAS… xARTICLES @NEAR".
func named1(line string) Name {
	line, near, _ := strings.Cut(line, " @")
	kind, rest, _ := strings.Cut(line, " ")
	e := mentioned("", extract.Kind(kind), rest)
	n := Name{Label: table().label[e.Kind], ID: fold(e.Name, e.Kind), Name: e.Name, Aliases: e.Aliases, Articles: len(e.Mentions)}
	if near != "" {
		n.Near = []string{near}
	}
	return n
}

func TestCandidates(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []string
		want string // from > to score of those to be merged
	}{
		{"spaces", []string{"company Face Book", "company Facebook x9"}, "face-book > facebook 0.97"},
		{"and", []string{"company Smith & Sons", "company Smith and Sons x2"}, "smith-sons > smith-and-sons 0.95"},
		{"a domain", []string{"company Lumbard.com", "company Lumbard x2"}, "lumbard-com > lumbard 0.95"},
		{"abbreviated", []string{"company Quill Intl", "company Quill International x2"}, "quill-intl > quill-international 0.95"},
		{"an acronym that articles give", []string{"company VDOR", "company Velden Department of Roads, VDOR"}, "vdor > velden-department-of-roads 0.92"},
		{"an acronym that nobody gives", []string{"company VDOR", "company Velden Department of Roads"}, ""},
		{"one letter in a long name", []string{"company Pellworth Moblie", "company Pellworth Mobile x12"}, "pellworth-moblie > pellworth-mobile 0.91"},
		{"one letter, both common", []string{"company Pellworth Mobile x10", "company Bellworth Mobile x12"}, ""},
		{"a part of a name", []string{"company Morgan x3", "company Morgan Stanley, Morgan x3"}, ""},
		{"an airline and an insurer", []string{"company Delta, Delta Air Lines x3", "company Delta Dental, Delta x3"}, ""},
		{"another number", []string{"company Channel Seventeen 12", "company Channel Seventeen 13"}, ""},
		{"two groups by number", []string{"group APT28 x2", "group APT29 x2"}, ""},
		{"two people of one name and an initial", []string{"person John Smith", "person John A. Smith"}, ""},
		{"with one employer", []string{"person John Smith x2 @acme", "person John A. Smith @acme"}, "john-a-smith > john-smith 0.95"},
		{"two initials", []string{"person John B. Smith @acme", "person John A. Smith @acme"}, ""},
		{"of two labels", []string{"company Wanna Cry Cry", "malware WannaCryCry"}, ""},
		{"another word", []string{"company Eastern Health System", "company Western Health System"}, ""},
		{"another name that articles give", []string{"company Facebook x9", "company Meta Platforms, Facebook Company Two"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var names []Name
			for _, line := range test.in {
				names = append(names, named1(line))
			}
			var got []string
			for _, c := range Candidates(names) {
				if c.Score >= MergeScore {
					got = append(got, fmt.Sprintf("%s > %s %.2f", c.From, c.To, c.Score))
				}
			}
			if got := strings.Join(got, "; "); got != test.want {
				t.Errorf("Candidates(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

// made makes up n names of organisations of which one in twenty is a variant of
// another one, and says which.
func made(seed uint64, n int) (names []Name, variants map[string]string) {
	r := rand.New(rand.NewPCG(seed, 7))
	syllables := strings.Fields(`ba be bor cal car cor da del den dor el en fal far fen gar gel gor hal har hol in is jas jen kar kel kor lan lor
		lum mar mel mon nar nel nor ol or os pal par pen quil ral ren ros sal sel sor tal tar ten ul ur val vel vor wal wel wor yar zel zor`)
	tails := strings.Fields(`Bank Health Mobile Energy Foods Airlines Insurance Systems Technologies University Hospital Media Logistics`)
	word := func(k int) string {
		var b strings.Builder
		for range k {
			b.WriteString(syllables[r.IntN(len(syllables))])
		}
		return strings.ToUpper(b.String()[:1]) + b.String()[1:]
	}
	variants = map[string]string{}
	seen := map[string]bool{}
	for len(names) < n {
		base := word(3+r.IntN(2)) + " " + word(2+r.IntN(2)) + " " + tails[r.IntN(len(tails))]
		id := fold(base, extract.Company)
		if seen[id] {
			continue
		}
		seen[id] = true
		name := Name{Label: labelOrganization, ID: id, Name: base, Articles: 1 + r.IntN(9)}
		if r.IntN(19) > 0 || len(names)+1 == n {
			names = append(names, name)
			continue
		}
		other := variant(r, base)
		if v := fold(other, extract.Company); !seen[v] {
			seen[v] = true
			variants[v] = id
			names = append(names, name, Name{Label: labelOrganization, ID: v, Name: other, Articles: 1})
		}
	}
	return names, variants
}

// variant writes a name in another way.
func variant(r *rand.Rand, base string) string {
	words := strings.Fields(base)
	switch r.IntN(5) {
	case 0:
		return words[0] + words[1] + " " + words[2]
	case 1:
		return base + ".com"
	case 2:
		return words[0] + "-" + words[1] + " & " + words[2]
	case 3:
		i := 1 + r.IntN(len(words[0])-2)
		words[0] = words[0][:i] + words[0][i+1:]
	default:
		i := 1 + r.IntN(len(words[0])-2)
		words[0] = words[0][:i] + string(words[0][i+1]) + string(words[0][i]) + words[0][i+2:]
	}
	return strings.Join(words, " ")
}

// judged is the precision and recall of what is to be merged.
func judged(found []Candidate, variants map[string]string) (precision, recall float64) {
	right, merges := map[string]bool{}, 0
	for _, c := range found {
		if c.Score < MergeScore {
			continue
		}
		merges++
		for _, p := range [][2]string{{c.From, c.To}, {c.To, c.From}} {
			if variants[p[0]] == p[1] {
				right[p[0]] = true
			}
		}
	}
	return float64(len(right)) / float64(max(merges, 1)), float64(len(right)) / float64(len(variants))
}

func TestCandidatesMade(t *testing.T) {
	names, variants := made(1, 50_000)
	precision, recall := judged(Candidates(names), variants)
	t.Logf("%d variants: precision %.4f, recall %.4f", len(variants), precision, recall)
	if precision < 0.99 || recall < 0.9 {
		t.Errorf("precision %.4f, recall %.4f, want 0.99 and 0.90", precision, recall)
	}
}

// BenchmarkCandidates finds the variants among a million names.
func BenchmarkCandidates(b *testing.B) {
	names, variants := made(2, 1_000_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		found := Candidates(names)
		precision, recall := judged(found, variants)
		b.ReportMetric(precision, "precision")
		b.ReportMetric(recall, "recall")
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.Sys)/(1<<20), "MiB-of-process")
}
