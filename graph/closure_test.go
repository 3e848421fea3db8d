package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// An archive is reports in memory, in place of the graph.
type archive map[reportKey]report

func (a archive) read(asked map[string]*inquiry, breaches map[string]bool) ([]report, error) {
	var out []report
	for _, r := range a {
		wanted := breaches[r.breach] || slices.ContainsFunc(r.traits.blocks, func(w string) bool { return asked[w] != nil && asked[w].wants(r) })
		if wanted {
			out = append(out, r)
		}
	}
	return out, nil
}

// keep puts reports where they were found to belong.
func (a archive) keep(t *testing.T, groups [][]report, ids *int) {
	t.Helper()
	for _, i := range settle(groups) {
		if i.id == "" {
			*ids++
			i.id = fmt.Sprint("breach ", *ids)
		}
		for _, r := range i.reports {
			r.breach = i.id
			a[r.key()] = r
		}
	}
}

// incidents are the reports by incident, as text.
func (a archive) incidents() string {
	byBreach := map[string][]report{}
	for _, r := range a {
		byBreach[r.breach] = append(byBreach[r.breach], r)
	}
	var groupsOf [][]report
	for _, g := range byBreach {
		groupsOf = append(groupsOf, g)
	}
	return sorted(groupsOf)
}

func sorted(list [][]report) string {
	var out []string
	for _, g := range list {
		var names []string
		for _, r := range g {
			names = append(names, r.article+"#"+r.number)
		}
		slices.Sort(names)
		out = append(out, fmt.Sprint(names))
	}
	slices.Sort(out)
	return fmt.Sprint(out)
}

// madeUpReports are reports on few companies, which often cannot be told apart
// at sight.
func madeUpReports(t *testing.T, seed uint64, n int) []report {
	t.Helper()
	var out []report
	for _, r := range articles(seed, n, 4, 6) {
		d, err := newDocument(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d.reports...)
	}
	return out
}

// Whatever comes and goes in whatever portions, the incidents are those that all
// reports make together.
func TestAffected(t *testing.T) {
	for seed := range uint64(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			all := madeUpReports(t, seed, 90)
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			graph, ids := archive{}, 0
			for rest := all; len(rest) > 0; {
				n := min(1+r.IntN(12), len(rest))
				fresh := rest[:n]
				rest = rest[n:]
				var former []report
				for k, old := range graph {
					if r.IntN(40) == 0 {
						former = append(former, old)
						delete(graph, k)
					}
				}
				c := newClosure(nil, graph.read)
				if err := c.affected(fresh, former); err != nil {
					t.Fatal(err)
				}
				graph.keep(t, incidents(slices.Concat(fresh, c.others)), &ids)
				var have []report
				for _, r := range graph {
					have = append(have, r)
				}
				if got, want := graph.incidents(), sorted(incidents(have)); got != want {
					t.Fatalf("with %d reports:\n%s\nwant\n%s", len(graph), got, want)
				}
			}
		})
	}
}

// What may be tied is asked for.
func TestInquiry(t *testing.T) {
	reports := append(madeUpReports(t, 3, 150), madeUpReports(t, 4, 50)...)
	tiedPairs := 0
	for _, r := range reports {
		q := inquiry{points: map[string]int{}}
		q.add(r)
		for _, s := range reports {
			if r.article == s.article || !tied(&r, &s) {
				continue
			}
			tiedPairs++
			if !q.wants(s) {
				t.Fatalf("%q of %s is tied to %q of %s and not asked for", s.traits.list(), s.publicity(), r.traits.list(), r.publicity())
			}
		}
	}
	if tiedPairs == 0 {
		t.Error("no two reports are tied")
	}
}

// The database finds all that is asked for. It counts in days, and so may find
// a little more.
func TestReportsByBlock(t *testing.T) {
	db, _ := open(t)
	results := articles(6, 60, 3, 4)
	load(t, db, results...)
	var reports []report
	for _, r := range results {
		d, err := newDocument(r)
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, d.reports...)
	}
	wanted, left := 0, 0
	for i := 0; i < len(reports); i += 9 {
		for block, q := range (&closure{byBlock: map[string][]report{}}).follow(reports[i : i+1]) {
			got := map[reportKey]bool{}
			for _, row := range read(t, db, strings.Replace(reportsByBlock, "$rows", "[$row]", 1), map[string]any{"row": q.row(block)}) {
				props, _ := row[2].(map[string]any)
				got[reportKey{fmt.Sprint(row[0]), fmt.Sprint(props["report"])}] = true
			}
			for _, s := range reports {
				switch inBlock := slices.Contains(s.traits.blocks, block); {
				case inBlock && q.wants(s) && !got[s.key()]:
					t.Errorf("%v asks for %v, which the database does not find", reports[i].key(), s.key())
				case got[s.key()]:
					wanted++
				case inBlock:
					left++
				}
			}
		}
	}
	if wanted == 0 || left == 0 {
		t.Errorf("%d reports wanted and %d left: nothing is tested", wanted, left)
	}
}
