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
