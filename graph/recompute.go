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

// What several articles say together. It is computed from all of them each
// time that one of them comes, changes or goes, so that it does not matter
// which was loaded last.

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

// A statedFact is what one claim says of the fact that it backs.
type statedFact struct {
	id        string
	start     int64
	article   string
	published time.Time
	props     map[string]any // of the claim
}

// stated is what c, a claim of d, says of its fact.
func (c claimRow) stated(d *document) statedFact {
	published, _ := d.props["published"].(time.Time)
	return statedFact{c.id, int64(c.props["start"].(int)), d.self.key, published, c.props}
}

// describeFact computes the properties of a fact of one type from all claims
// behind it: the strongest status, and of what is particular to the type the
// word of the latest article that has one.
func describeFact(kind string, said []statedFact) map[string]any {
	slices.SortFunc(said, func(x, y statedFact) int {
		return cmp.Or(y.published.Compare(x.published), cmp.Compare(x.article, y.article), cmp.Compare(x.start, y.start), cmp.Compare(x.id, y.id))
	})
	strongest, confidence := len(statuses)-1, 0.0
	var first, last time.Time
	for _, s := range said {
		status, _ := s.props["status"].(string)
		strongest = min(strongest, slices.Index(statuses, extract.Status(status)))
		c, _ := s.props["confidence"].(float64)
		confidence = max(confidence, c)
		first = earlier(first, s.published)
		if s.published.After(last) {
			last = s.published
		}
	}
	status := statuses[strongest]
	props := map[string]any{
		"denied": status == extract.Denied, "status": string(status), "claims": len(said), "confidence": confidence, "first": day(first), "last": day(last),
	}
	for _, p := range particular(kind) {
		i := slices.IndexFunc(said, func(s statedFact) bool { return s.props[p.Name] != nil })
		props[p.Name] = nil
		if i >= 0 {
			props[p.Name] = said[i].props[p.Name]
		}
	}
	return props
}

// particular are the properties that only facts of one type have.
func particular(kind string) []Property {
	return table().edge[extract.Predicate(kind)].Props[len(factProps):]
}

// continued computes the properties of a fact from those it had and from claims
// that are new. It is not ok where that depends on which of the claims before is
// the latest. So what thousands of articles state need not be read each time.
func continued(kind string, had map[string]any, said []statedFact) (props map[string]any, ok bool) {
	props = describeFact(kind, said)
	for _, p := range particular(kind) {
		was := had[p.Name]
		if was == nil {
			continue
		}
		if slices.ContainsFunc(said, func(s statedFact) bool { return s.props[p.Name] != nil && s.props[p.Name] != was }) {
			return nil, false
		}
		props[p.Name] = was
	}
	claims, _ := had["claims"].(int64)
	confidence, _ := had["confidence"].(float64)
	status, _ := had["status"].(string)
	if rank := slices.Index(statuses, extract.Status(status)); rank < slices.Index(statuses, extract.Status(props["status"].(string))) {
		props["status"] = status
	}
	first, last := dayOf(had["first"]), dayOf(had["last"])
	for _, s := range said {
		first = earlier(first, s.published)
		if s.published.After(last) {
			last = s.published
		}
	}
	props["claims"], props["confidence"] = int(claims)+len(said), max(confidence, props["confidence"].(float64))
	props["first"], props["last"] = day(first), day(last)
	return props, true
}

// recomputeFacts computes the touched facts: those that only gained claims from
// these and from what they were, the others from all claims behind them.
func (b *batch) recomputeFacts(ctx context.Context) error {
	said, unknown := map[string][]statedFact{}, map[string]bool{}
	for key, f := range b.facts {
		if f.said == nil || f.moved || f.changed {
			unknown[key] = true
		} else {
			said[key] = f.said
		}
	}
	if err := b.leadProviders(ctx, said); err != nil {
		return err
	}
	if err := b.readClaims(ctx, unknown, said); err != nil {
		return err
	}
	found, err := b.mergeFacts(ctx, said)
	if err != nil {
		return err
	}
	props, again := map[string]map[string]any{}, map[string]bool{}
	for key, f := range found {
		var ok bool
		if unknown[key] {
			props[key] = describeFact(b.facts[key].kind, said[key])
		} else if props[key], ok = continued(b.facts[key].kind, f.had, said[key]); !ok {
			again[key] = true
		}
	}
	if err := b.readClaims(ctx, again, said); err != nil {
		return err
	}
	var rows []map[string]any
	for _, key := range slices.Sorted(maps.Keys(found)) {
		if again[key] {
			props[key] = describeFact(b.facts[key].kind, said[key])
		}
		rows = append(rows, map[string]any{"edge": found[key].edge, "props": props[key]})
	}
	return b.write(ctx, "facts", setFacts, rows)
}

// readClaims puts all that is stated of some facts in the place of what is said.
func (b *batch) readClaims(ctx context.Context, facts map[string]bool, said map[string][]statedFact) error {
	read := map[string][]statedFact{}
	err := b.ask(ctx, readClaims(), keys(facts), func(r *neo4j.Record) {
		key := get[string](r, "fact")
		read[key] = append(read[key], statedFact{get[string](r, "id"), get[int64](r, "start"), get[string](r, "article"),
			get[time.Time](r, "published").UTC(), get[map[string]any](r, "claim")})
	})
	if err != nil {
		return err
	}
	for key := range facts {
		said[key] = read[key]
	}
	return b.leadProviders(ctx, read)
}

// A foundFact is a fact that the graph had.
type foundFact struct {
	edge string
	had  map[string]any // its properties
}

// mergeFacts writes the facts that are new, finds the others, and deletes those
// of which nothing is said any more.
func (b *batch) mergeFacts(ctx context.Context, said map[string][]statedFact) (map[string]foundFact, error) {
	merge, gone := map[string][]map[string]any{}, map[string][]map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(b.facts)) {
		f := b.facts[key]
		row := map[string]any{"key": key, "from": f.from, "to": f.to, "denied": f.denied}
		if len(said[key]) == 0 || f.from == f.to { // of what resolution has found to be one, nothing is a fact
			gone[f.kind] = append(gone[f.kind], row)
			continue
		}
		row["props"] = describeFact(f.kind, said[key])
		merge[f.kind] = append(merge[f.kind], row)
	}
	found := map[string]foundFact{}
	for _, e := range Edges() {
		if err := b.ask(ctx, deleteFacts(e.Type), gone[e.Type], nil); err != nil {
			return nil, err
		}
		met := 0
		err := b.ask(ctx, mergeFacts(e.Type), merge[e.Type], func(r *neo4j.Record) {
			if had := get[map[string]any](r, "had"); had != nil {
				found[get[string](r, "fact")] = foundFact{get[string](r, "edge"), had}
			}
			met++
		})
		if err == nil && met != len(merge[e.Type]) {
			err = fmt.Errorf("write %s: %d of %d rows found their nodes", e.Type, met, len(merge[e.Type]))
		}
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// leadProviders puts the entities that providers were found to be in the place
// of those that the names in articles give. Claims keep what the article says.
func (b *batch) leadProviders(ctx context.Context, said map[string][]statedFact) error {
	names := map[ref]bool{}
	each := func(use func(s *statedFact, provider ref)) {
		for _, list := range said {
			for i := range list {
				if id, ok := list[i].props["provider"].(string); ok {
					use(&list[i], b.rules.means(list[i].article, ref{labelOrganization, id}))
				}
			}
		}
	}
	each(func(_ *statedFact, provider ref) { names[provider] = true })
	merged, err := b.readMerged(ctx, names)
	if err != nil {
		return err
	}
	each(func(s *statedFact, provider ref) {
		if to := cmp.Or(merged[provider], provider); to.key != s.props["provider"] {
			s.props = maps.Clone(s.props)
			s.props["provider"] = to.key
		}
	})
	return nil
}
