package graph

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
)

// What several articles say together. It is always what all of them come to,
// however they came, changed and went, so that it does not matter which was
// loaded last.

// An entity is a node that a batch touches, as it was found.
type entity struct {
	label     string // that it is merged on
	labels    []any
	props     map[string]any
	withdrawn bool             // an article that mentioned it has changed
	said      []map[string]any // what articles of the batch say of it
}

// meetEntity notes how an entity was found.
func (b *batch) meetEntity(label string, r *neo4j.Record) {
	node := get[string](r, "node")
	withdrawn := b.entities[node] != nil
	if get[map[string]any](r, "props")["name"] == nil {
		b.fresh[node] = true
	}
	b.entities[node] = &entity{label: label, labels: get[[]any](r, "labels"), props: get[map[string]any](r, "props"), withdrawn: withdrawn}
}

// confirmed reports whether all that the batch says of e is what it holds
// already. Then one more article that says so does not change what most say,
// and the others, of which there may be very many, need not be read.
func (e *entity) confirmed() bool {
	if e.withdrawn || e.props["name"] == nil {
		return false
	}
	have, _ := e.props["aliases"].([]any)
	for _, said := range e.said {
		others, _ := said["aliases"].([]string)
		if said["name"] != e.props["name"] || slices.ContainsFunc(others, func(o string) bool { return !slices.Contains(have, any(o)) }) {
			return false
		}
		as, _ := said["as"].(string)
		if part := table().part[extract.Kind(as)]; part != "" && !slices.Contains(e.labels, any(part)) {
			return false
		}
		for _, p := range given(e.label) {
			if v := said[p.Name]; v != nil && v != e.props[p.Name] {
				return false
			}
		}
	}
	return true
}

// key is the id of e.
func (e *entity) key() string {
	id, _ := e.props["id"].(string)
	return id
}

// given are the properties of an entity beside name and aliases.
func given(label string) []Property { return table().node[label].Props[2:] }

// recomputeEntities computes the entities that the batch mentions, or did.
func (b *batch) recomputeEntities(ctx context.Context) error {
	for _, d := range b.docs {
		for _, x := range d.edges {
			if e := b.entities[b.nodes[x.to]]; e != nil && (x.kind == typeMentions || x.kind == typePublishedBy || x.kind == typeWrittenBy) {
				e.said = append(e.said, x.props)
			}
		}
	}
	unsure := map[string]bool{}
	for n, e := range b.entities {
		if !e.confirmed() {
			unsure[n] = true
		}
	}
	said := map[string][]stated{}
	err := b.ask(ctx, readMentions, numbers(unsure), func(r *neo4j.Record) {
		n := get[string](r, "node")
		said[n] = append(said[n], stated{get[map[string]any](r, "said"), int(get[int64](r, "articles"))})
	})
	if err != nil {
		return err
	}
	var rows []map[string]any
	parts := map[string]map[bool][]map[string]any{}
	for _, n := range slices.Sorted(maps.Keys(said)) {
		e := b.entities[n]
		r := ref{e.label, e.key()}
		rows = append(rows, map[string]any{"node": n, "props": b.rules.named(r, describe(r, said[n]))})
		for label, plays := range e.changedParts(b.rules.parts(r, said[n])) {
			if parts[label] == nil {
				parts[label] = map[bool][]map[string]any{}
			}
			parts[label][plays] = append(parts[label][plays], map[string]any{"node": n})
		}
	}
	if err := b.ask(ctx, setProps, rows, nil); err != nil {
		return err
	}
	return b.setParts(ctx, parts)
}

func (b *batch) setParts(ctx context.Context, parts map[string]map[bool][]map[string]any) error {
	for _, label := range slices.Sorted(maps.Keys(parts)) {
		for _, plays := range []bool{true, false} {
			if err := b.ask(ctx, setPart(label, plays), parts[label][plays], nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// changedParts are the labels of parts that e is to get (true) or to lose, for
// it to have those that it plays.
func (e *entity) changedParts(plays []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range Nodes() {
		if n.Parent == e.label && slices.Contains(plays, n.Label) != slices.Contains(e.labels, any(n.Label)) {
			out[n.Label] = slices.Contains(plays, n.Label)
		}
	}
	return out
}

// partsOf are the labels of the parts that an entity with label is said to play.
func partsOf(label string, said []stated) []string {
	var out []string
	for _, n := range Nodes() {
		if n.Parent == label && slices.ContainsFunc(said, func(s stated) bool { return s.props["as"] == string(n.Kind) }) {
			out = append(out, n.Label)
		}
	}
	return out
}

// A stated is what a number of articles say of an entity.
type stated struct {
	props    map[string]any
	articles int
}

// describe computes the properties of the entity r from all that is said of it,
// and from the lists of names.
func describe(r ref, said []stated) map[string]any {
	names, others := map[any]int{}, map[any]int{}
	for _, s := range said {
		names[s.props["name"]] += s.articles
	}
	name := most(names)
	for _, s := range said {
		aliases, _ := s.props["aliases"].([]any)
		for _, a := range append([]any{s.props["name"]}, aliases...) {
			if a != name {
				others[a] += s.articles
			}
		}
	}
	props := map[string]any{"name": name, "aliases": mostUsed(others)}
	for _, p := range given(r.label) {
		votes := map[any]int{}
		for _, s := range said {
			if v := s.props[p.Name]; v != nil {
				votes[v] += s.articles
			}
		}
		props[p.Name] = most(votes)
	}
	knownNames().complete(r, props)
	return props
}

// most is the value with most votes, of equals the least; nil without votes.
func most(votes map[any]int) any {
	if len(votes) == 0 {
		return nil
	}
	return ranked(votes)[0]
}

// ranked are the values with votes, those with most first, of equals the least.
func ranked(votes map[any]int) []any {
	return slices.SortedFunc(maps.Keys(votes), func(x, y any) int {
		return cmp.Or(cmp.Compare(votes[y], votes[x]), compareValues(x, y))
	})
}

func compareValues(x, y any) int {
	i, ok1 := x.(int64)
	j, ok2 := y.(int64)
	if ok1 && ok2 {
		return cmp.Compare(i, j)
	}
	return cmp.Compare(fmt.Sprint(x), fmt.Sprint(y))
}

// mostUsed are the names with most votes, as many as a node keeps, sorted.
func mostUsed(votes map[any]int) []any {
	all := ranked(votes)
	all = all[:min(len(all), maxAliases)]
	slices.SortFunc(all, compareValues)
	return all
}

// recomputeBreaches computes the touched breaches from all reports of them.
func (b *batch) recomputeBreaches(ctx context.Context) error {
	var rows []map[string]any
	for _, i := range b.incidents {
		if n := b.nodes[ref{labelBreach, i.id}]; b.breaches[n] {
			rows = append(rows, map[string]any{"node": n, "props": describeBreach(i.reports)})
		}
	}
	return b.ask(ctx, setProps, rows, nil)
}

// describeBreach computes the properties of a breach from all reports of it.
func describeBreach(reports []report) map[string]any {
	var (
		discovered, disclosed, public time.Time
		names, victims, ids           = map[any]int{}, map[any]int{}, map[any]int{}
	)
	for _, r := range reports {
		discovered, disclosed, public = earlier(discovered, r.discovered), earlier(disclosed, r.disclosed), earlier(public, r.publicity())
		if r.name != "" {
			names[r.name]++
		}
		if r.victimName != "" {
			victims[r.victimName]++
		}
		if r.victim != "" {
			ids[r.victim]++
		}
	}
	occurred := agreed(reports)
	called := most(names)
	if called == nil {
		called = breachName(most(victims), public, occurred)
	}
	return map[string]any{
		"name": called, "articles": len(reports), "victim": most(ids), "discovered": day(discovered), "disclosed": day(disclosed),
		"occurredFrom": day(occurred.Start), "occurredTo": day(occurred.End),
	}
}

// breachName is a name for a breach to which no article gives one: its victim,
// and when it came to be known or else when it was.
func breachName(victim any, public time.Time, occurred extract.Period) string {
	out := "Unnamed breach"
	if victim != nil {
		out = fmt.Sprint(victim, " breach")
	}
	switch start := firstDay(occurred); {
	case !public.IsZero():
		out += public.UTC().Format(", January 2006")
	case precise(occurred):
		out += start.Format(", January 2006")
	case !start.IsZero():
		out += start.Format(", 2006")
	}
	return out
}

// agreed is the period in which most reports put the breach, of equals the
// shortest with both ends, then the earliest.
func agreed(reports []report) extract.Period {
	votes := map[extract.Period]int{}
	for _, r := range reports {
		if !r.occurred.IsZero() {
			votes[extract.Period{Start: r.occurred.Start.UTC(), End: r.occurred.End.UTC()}]++
		}
	}
	periods := slices.SortedFunc(maps.Keys(votes), func(p, q extract.Period) int {
		openP, openQ := p.Start.IsZero() || p.End.IsZero(), q.Start.IsZero() || q.End.IsZero()
		return cmp.Or(cmp.Compare(votes[q], votes[p]), compareBool(openQ, openP),
			cmp.Compare(p.End.Sub(p.Start), q.End.Sub(q.Start)), p.Start.Compare(q.Start), p.End.Compare(q.End))
	})
	if len(periods) == 0 {
		return extract.Period{}
	}
	return periods[0]
}
