package figure_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/figure"
)

// shared reads the lines of a file of the shared samples into values of T. The
// samples are not part of the module: without them the test is skipped, but not
// under CI, where a suite must not pass by testing nothing.
func shared[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open("../../../shared/" + name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	defer f.Close()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, v)
	}
	return out
}

type goldFigure struct {
	Start, End       int
	Text, Quote      string
	Value, Low, High *float64
	Approx           bool
	Unit, Counted    string
}

func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) <= 1e-4*math.Max(math.Abs(*a), math.Abs(*b))
}

// sameQuantity compares values, or bounds where a range has no value.
func sameQuantity(a goldFigure, b figure.Figure) bool {
	if a.Value == nil && b.Value == nil {
		return same(a.Low, b.Low) && same(a.High, b.High)
	}
	return same(a.Value, b.Value)
}

type tally struct{ hit, got, want int }

func (c tally) f1() float64 {
	if c.got+c.want == 0 {
		return 1
	}
	return 2 * float64(c.hit) / float64(c.got+c.want)
}

func TestScoreSentences(t *testing.T) {
	rows := shared[struct {
		Text    string
		Figures []goldFigure
	}](t, "suites/figures_domain_dev.jsonl")
	var values, bounds, units tally
	for _, row := range rows {
		found := figure.Find(row.Text)
		used := make([]bool, len(found))
		for _, g := range row.Figures {
			hit := -1
			for i, f := range found {
				start, end := utf8.RuneCountInString(row.Text[:f.Start]), utf8.RuneCountInString(row.Text[:f.End])
				if !used[i] && start < g.End && g.Start < end && sameQuantity(g, f) {
					hit = i
					break
				}
			}
			if hit < 0 {
				t.Logf("missed %q in %q", g.Text, row.Text)
				continue
			}
			used[hit] = true
			f := found[hit]
			values.hit++
			if same(g.Low, f.Low) && same(g.High, f.High) && g.Approx == f.Approx {
				bounds.hit++
			} else {
				t.Logf("bounds of %q in %q", g.Text, row.Text)
			}
			if g.Unit == figure.Coarse(f.Unit) {
				units.hit++
			} else {
				t.Logf("unit of %q is %s, want %s: %q", g.Text, f.Unit, g.Unit, row.Text)
			}
			if g.Counted != f.Counted {
				t.Logf("counted %q, want %q", f.Counted, g.Counted)
			}
		}
		for i, f := range found {
			if !used[i] {
				t.Logf("extra %q (%s) in %q", row.Text[f.Start:f.End], f.Unit, row.Text)
			}
		}
		for _, c := range []*tally{&values, &bounds, &units} {
			c.got += len(found)
			c.want += len(row.Figures)
		}
	}
	t.Logf("value F1 %.3f, bounds %.3f, unit %.3f", values.f1(), bounds.f1(), units.f1())
	if values.f1() < 0.95 || bounds.f1() < 0.95 || units.f1() < 0.95 {
		t.Error("the samples scored better before")
	}
}

func TestScoreArticles(t *testing.T) {
	texts := map[string]string{}
	for _, a := range shared[struct{ ID, Text string }](t, "eval/articles_dev.jsonl") {
		texts[a.ID] = a.Text
	}
	var all, right int
	for _, g := range shared[struct {
		ID      string
		Figures []goldFigure
	}](t, "eval/gold_dev.jsonl") {
		text := texts[g.ID]
		found := figure.Find(text)
		for _, want := range g.Figures {
			all++
			if why := missing(text, want, found); why != "" {
				t.Logf("%s %q: %s", g.ID, want.Quote, why)
				continue
			}
			right++
		}
	}
	t.Logf("recall of figures with bounds and unit: %d of %d", right, all)
	if float64(right) < 0.9*float64(all) {
		t.Error("the articles scored better before")
	}
}

// missing says what is wrong with the figure found where want stands in text,
// or nothing. A bare "$" may be another currency there.
func missing(text string, want goldFigure, found []figure.Figure) string {
	start := strings.Index(text, want.Quote) + strings.Index(want.Quote, want.Text)
	for _, f := range found {
		if f.End <= start || f.Start >= start+len(want.Text) {
			continue
		}
		unit := f.Unit == want.Unit || f.Unit == figure.USD && want.Unit == "AUD"
		if !same(want.Value, f.Value) || !same(want.Low, f.Low) || !same(want.High, f.High) || want.Approx != f.Approx || !unit {
			return fmt.Sprintf("is %s %s %s %v %s, want %s %s %s %v %s", num(f.Value), num(f.Low), num(f.High), f.Approx, f.Unit,
				num(want.Value), num(want.Low), num(want.High), want.Approx, want.Unit)
		}
		return ""
	}
	return "not found"
}

func num(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}
