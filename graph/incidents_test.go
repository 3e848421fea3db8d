package graph

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// The rules are judged by articles of which it is known what they tell of.
func TestIncidentsOfArticles(t *testing.T) {
	// Of its four pairs none is lost.
	checkIncidents(t, incidentsByArticle(t), extracted(t), 1, 1)
}

// The articles of CASIE are other ones, though extraction has learned from most.
// Which of them tell of one incident was judged by their titles.
func TestIncidentsOfCASIE(t *testing.T) {
	gold := map[string]string{}
	raw, err := os.ReadFile("testdata/casie_incidents.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		id, incident, _ := strings.Cut(strings.TrimSpace(line), "\t")
		gold[id] = incident
	}
	var results []extract.Result
	for _, file := range []string{"train.jsonl", "dev.jsonl"} {
		eachLine(t, "../casie/"+file, func(raw []byte) {
			var a struct{ ID, Title, Date, Text string }
			if err := json.Unmarshal(raw, &a); err != nil {
				t.Fatal(err)
			}
			if gold[a.ID] == "" {
				return
			}
			published, err := time.Parse("2006-01-2", a.Date)
			if err != nil {
				t.Fatal(err)
			}
			article := ingest.Article{ID: a.ID, URL: "https://news.example/" + a.ID, Title: a.Title, Published: published, Text: a.Text}
			results = append(results, extract.Extract(article, extract.Options{}))
		})
	}
	if len(results) != len(gold) {
		t.Errorf("%d of %d articles are there", len(results), len(gold))
	}
	checkIncidents(t, gold, results, 0.85, 0.94)
}

// checkIncidents compares how results are sorted out with gold, the incident of
// each article by id: F1 of pairs and of B-cubed have to reach what is given.
func checkIncidents(t *testing.T, gold map[string]string, results []extract.Result, leastPairs, leastCubed float64) {
	t.Helper()
	found := primaryIncidents(t, results)
	var wrong, missed []string
	var right, precision, recall float64
	for a := range gold {
		var same, together, both float64
		for b := range gold {
			isSame, isTogether := gold[a] == gold[b], a == b || found[a] > 0 && found[a] == found[b]
			switch {
			case isSame && isTogether:
				both++
			case isTogether && a < b:
				wrong = append(wrong, a+" "+b)
			case isSame && a < b:
				missed = append(missed, a+" "+b)
			}
			if isSame {
				same++
			}
			if isTogether {
				together++
			}
		}
		right += (both - 1) / 2
		if found[a] > 0 { // one that is about no breach counts as wrong
			precision, recall = precision+both/together, recall+both/same
		}
	}
	slices.Sort(wrong)
	slices.Sort(missed)
	pairs := 2 * right / (2*right + float64(len(wrong)+len(missed)))
	cubed := 2 * precision * recall / (precision + recall) / float64(len(gold))
	t.Logf("F1 of pairs %.3f, B-cubed %.3f; missed %q, wrong %q", pairs, cubed, missed, wrong)
	if pairs < leastPairs || cubed < leastCubed {
		t.Errorf("F1 of pairs %.3f, want %.2f and more, B-cubed %.3f, want %.2f; missed %q, wrong %q", pairs, leastPairs, cubed, leastCubed, missed, wrong)
	}
}

// primaryIncidents are the numbers of the incidents that articles are about, from
// 1, by the article's id.
func primaryIncidents(t *testing.T, results []extract.Result) map[string]int {
	t.Helper()
	var reports []report
	for _, r := range results {
		d, err := newDocument(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, rep := range d.reports {
			rep.article = r.Article.ID
			reports = append(reports, rep)
		}
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(reports), func(i, j int) { reports[i], reports[j] = reports[j], reports[i] })
	found := map[string]int{}
	for i, in := range incidents(reports) {
		for _, r := range in {
			if r.primary {
				found[r.article] = i + 1
			}
		}
	}
	return found
}

const evaluated = "../../shared/eval/"

// incidentsByArticle is which incident each annotated article tells of.
func incidentsByArticle(t *testing.T) map[string]string {
	out := map[string]string{}
	eachLine(t, "gold_dev.jsonl", func(raw []byte) {
		var g struct{ ID, Incident string }
		if err := json.Unmarshal(raw, &g); err != nil {
			t.Fatal(err)
		}
		out[g.ID] = g.Incident
	})
	return out
}

// extracted are the results of the annotated articles.
func extracted(t *testing.T) []extract.Result {
	var out []extract.Result
	for a, err := range (ingest.Reader{}).ReadPath(t.Context(), evaluated+"articles_dev.jsonl") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, extract.Extract(a, extract.Options{}))
	}
	return out
}

func eachLine(t *testing.T, file string, use func([]byte)) {
	t.Helper()
	f, err := os.Open(evaluated + file)
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		use(slices.Clone(s.Bytes()))
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
}
