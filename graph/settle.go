package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// A breachNode is a Breach that the graph has.
type breachNode struct {
	node   string
	former []string
}

// findBreaches decides which Breach each report of the batch is, and moves
// reports of other articles that come to be of another one by that.
func (b *batch) findBreaches(ctx context.Context) error {
	have := map[string]breachNode{}
	if err := b.meetFormer(ctx, have); err != nil {
		return err
	}
	reports, err := b.canonical(ctx, b.newReports())
	if err != nil {
		return err
	}
	former, err := b.canonical(ctx, b.former)
	if err != nil {
		return err
	}
	c := newClosure(b.siblings, b.reportsReader(ctx, have))
	if err := c.affected(reports, former); err != nil {
		return err
	}
	return b.settleReports(ctx, c.sorted, c.others, have)
}

// settleReports writes which Breach each report is, by the groups that they were
// sorted into; others are those of articles outside of the batch.
func (b *batch) settleReports(ctx context.Context, groups [][]report, others []report, have map[string]breachNode) error {
	settled := settle(groups)
	if err := b.makeBreaches(ctx, settled, have); err != nil {
		return err
	}
	b.incidents = settled
	for _, i := range settled {
		for _, r := range i.reports {
			b.reports[reportKey{r.article, r.number}] = i.id
		}
	}
	if err := b.mergeBreaches(ctx, settled, have); err != nil {
		return err
	}
	return b.move(ctx, others)
}

// newReports are the reports of the batch's articles, those of changed ones
// with the breaches that they were before.
func (b *batch) newReports() []report {
	var out []report
	for _, d := range b.docs {
		own := slices.Clone(d.reports)
		inherit(own, slices.DeleteFunc(slices.Clone(b.former), func(r report) bool { return r.article != d.self.key }))
		out = append(out, own...)
	}
	return out
}

// keys makes rows of a set of keys, sorted.
func keys(set map[string]bool) []map[string]any {
	var rows []map[string]any
	for _, k := range slices.Sorted(maps.Keys(set)) {
		rows = append(rows, map[string]any{"key": k})
	}
	return rows
}

// readTied reads the reports of other articles that are tied to those given, or
// were to what changed articles said before, through whatever others: all whose
// incident may become another one. It notes in have which breaches they are.
func (b *batch) readTied(ctx context.Context, reports []report, have map[string]breachNode) ([]report, error) {
	if err := b.meetFormer(ctx, have); err != nil {
		return nil, err
	}
	reports, err := b.canonical(ctx, reports)
	if err != nil {
		return nil, err
	}
	c := newClosure(b.siblings, b.reportsReader(ctx, have))
	err = c.tiedTo(reports)
	return c.others, err
}

// meetFormer notes the breaches of what changed articles said before.
func (b *batch) meetFormer(ctx context.Context, have map[string]breachNode) error {
	was := map[string]bool{}
	for _, r := range b.former {
		was[r.breach] = true
	}
	return b.ask(ctx, breachesByID, keys(was), b.meetBreach(have))
}

// meetBreach notes in have a breach of a record.
func (b *batch) meetBreach(have map[string]breachNode) func(*neo4j.Record) {
	return func(r *neo4j.Record) {
		k := breachNode{node: get[string](r, "node")}
		for _, id := range get[[]any](r, "former") {
			k.former = append(k.former, id.(string))
		}
		id := get[string](r, "breach")
		have[id] = k
		b.nodes[ref{labelBreach, id}] = k.node
	}
}

// reportsReader reads reports for a closure, and notes in have which breaches
// they are.
func (b *batch) reportsReader(ctx context.Context, have map[string]breachNode) func(map[string]*inquiry, map[string]bool) ([]report, error) {
	meet := b.meetBreach(have)
	return func(asked map[string]*inquiry, breaches map[string]bool) ([]report, error) {
		var found []report
		use := func(r *neo4j.Record) {
			meet(r)
			found = append(found, readReport(r))
		}
		words, articles := b.rules.articlesOf(asked)
		err := b.askAll(ctx, statement{reportsByBlock, words, use}, statement{reportsOfArticles, articles, use}, statement{reportsOfBreaches, keys(breaches), use})
		if err != nil || len(found) == 0 {
			return nil, err
		}
		return b.canonical(ctx, found)
	}
}

// makeBreaches names the incidents that have no Breach yet and makes it.
func (b *batch) makeBreaches(ctx context.Context, settled []incident, have map[string]breachNode) error {
	bases, victims, taken := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, i := range settled {
		if i.id == "" {
			bases[baseID(i.reports)], victims[i.reports[0].victim] = true, true
		}
	}
	for _, k := range have {
		for _, id := range k.former {
			taken[id] = true
		}
	}
	take := func(r *neo4j.Record) { taken[get[string](r, "id")] = true }
	err := b.askAll(ctx, statement{takenIDs, keys(bases), take}, statement{formerIDs, keys(victims), take})
	if err != nil {
		return err
	}
	var rows []map[string]any
	for _, i := range christen(settled, taken) {
		rows = append(rows, map[string]any{"key": i.id, "props": map[string]any{}})
	}
	return b.create(ctx, labelBreach, createBreaches, rows)
}

// christen names the incidents that have no id, by none that is taken, and
// returns them. Those that an article is about come first: what it says of
// others in passing is often undated, and then named by the article's month too.
func christen(settled []incident, taken map[string]bool) []incident {
	var named []incident
	for _, told := range []bool{true, false} {
		for i := range settled {
			if s := &settled[i]; s.id == "" && told == slices.ContainsFunc(s.reports, func(r report) bool { return r.primary }) {
				s.id = freeID(baseID(s.reports), taken)
				named = append(named, *s)
			}
		}
	}
	return named
}

// mergeBreaches keeps the ids of breaches that turned out to be another one.
func (b *batch) mergeBreaches(ctx context.Context, settled []incident, have map[string]breachNode) error {
	var rows []map[string]any
	for _, i := range settled {
		if len(i.merged) == 0 {
			continue
		}
		former := slices.Clone(have[i.id].former)
		for _, id := range i.merged {
			former = append(append(former, id), have[id].former...)
			b.left[have[id].node] = true
		}
		slices.Sort(former)
		rows = append(rows, map[string]any{"node": have[i.id].node, "former": slices.Compact(former)})
	}
	return b.ask(ctx, setFormerIDs, rows, nil)
}

// move brings reports of articles outside of the batch, and the claims that go
// with them, to the breach that they now belong to.
func (b *batch) move(ctx context.Context, others []report) error {
	var rows []map[string]any
	for _, r := range others {
		to := b.reports[reportKey{r.article, r.number}]
		if to == r.breach {
			continue
		}
		was, is := b.nodes[ref{labelBreach, r.breach}], b.nodes[ref{labelBreach, to}]
		b.breaches[was], b.breaches[is] = true, true
		rows = append(rows, map[string]any{"article": r.article, "report": r.number, "node": is})
	}
	if err := b.write(ctx, "moved "+typeReports, moveReports, rows); err != nil {
		return err
	}
	return b.ask(ctx, moveClaims, rows, b.movedClaim)
}

// movedClaim notes that the fact which a claim backed, and the one which it
// now backs, have to be computed.
func (b *batch) movedClaim(r *neo4j.Record) {
	touch := func(fact, breach string) {
		f := &factRow{fact: fact, kind: get[string](r, "type"), denied: get[bool](r, "denied"), from: breach, to: get[string](r, "far"), moved: true}
		if get[string](r, "side") == typeObject {
			f.from, f.to = f.to, f.from
		}
		b.facts[fact] = f
	}
	touch(get[string](r, "was"), get[string](r, "old"))
	touch(get[string](r, "fact"), get[string](r, "new"))
}
