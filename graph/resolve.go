package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// A Merge leads the name From, an id, to the entity To of the same label.
type Merge struct {
	Candidate
	By string // who decided: rule or curation
}

// Who decides that two entities are one.
const (
	ByRule     = "rule"
	ByCuration = "curation"
)

const (
	// maxMerges bounds one transaction of merges.
	maxMerges = 50
	// maxWitnesses is how many articles a Resolution names.
	maxWitnesses = 5
	// maxNear is how much of what a person is connected to is compared.
	maxNear = 30
)

// Names reads all entities that resolution compares.
func (db *DB) Names(ctx context.Context) ([]Name, error) {
	s := db.session(ctx, neo4j.AccessModeRead)
	names, err := neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) ([]Name, error) {
		var out []Name
		for _, label := range entityLabels() {
			if label == labelPlace {
				continue // what is called alike may lie elsewhere
			}
			b := newBatch(tx, nil)
			err := b.askWith(ctx, readNames(label), map[string]any{"near": maxNear}, func(r *neo4j.Record) {
				out = append(out, Name{Label: label, ID: get[string](r, "id"), Name: get[string](r, "name"), Aliases: texts(get[[]any](r, "aliases")),
					Articles: int(get[int64](r, "articles")), Near: texts(get[[]any](r, "near"))})
			})
			if err != nil {
				return nil, err
			}
		}
		return out, nil
	})
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		return nil, fmt.Errorf("read the names of %s: %w", db.uri, err)
	}
	return names, nil
}

// Plan makes merges of the candidates that are sure enough, each name led to
// the one that stays of all that are one, but for those that apart forbids.
func Plan(candidates []Candidate, apart func(label, x, y string) bool) []Merge {
	leads := map[ref]ref{}
	root := func(r ref) ref {
		for leads[r] != (ref{}) {
			r = leads[r]
		}
		return r
	}
	members := map[ref][]ref{}
	var merges []Merge
	for _, c := range candidates {
		from, to := root(ref{c.Label, c.From}), root(ref{c.Label, c.To})
		if c.Score < MergeScore || from == to || crossed(append(members[from], from), append(members[to], to), apart) {
			continue
		}
		leads[from] = to
		members[to] = append(append(members[to], from), members[from]...)
		merges = append(merges, Merge{Candidate{c.Label, from.key, to.key, c.Score, c.Why}, ByRule})
	}
	for i, m := range merges {
		merges[i].To = root(ref{m.Label, m.From}).key
	}
	return merges
}

// crossed reports whether one of xs and one of ys are known to be two.
func crossed(xs, ys []ref, apart func(label, x, y string) bool) bool {
	return apart != nil && slices.ContainsFunc(xs, func(x ref) bool {
		return slices.ContainsFunc(ys, func(y ref) bool { return apart(x.label, x.key, y.key) })
	})
}

// Merge leads names to other entities, now and in all loads to come. What was
// stated of the one is stated of the other afterwards, facts are computed from
// all claims, and articles may come to be on one breach. Every merge is kept as
// a Resolution, and [DB.Split] takes it back. It returns how many were made;
// what a rule found of entities that are gone is left out.
func (db *DB) Merge(ctx context.Context, merges []Merge, now time.Time) (int, error) {
	made := 0
	for part := range slices.Chunk(merges, maxMerges) {
		n, err := db.rewrite(ctx, func(b *batch) (int, error) { return b.mergeAll(ctx, part, now) })
		made += n
		if err != nil {
			return made, fmt.Errorf("merge entities of %s: %w", db.uri, err)
		}
	}
	return made, nil
}

// Split takes back that the name from, an id, leads to another entity. It
// reports whether it did.
func (db *DB) Split(ctx context.Context, label, from string) (bool, error) {
	n, err := db.rewrite(ctx, func(b *batch) (int, error) { return b.split(ctx, ref{label, from}) })
	if err != nil {
		return false, fmt.Errorf("split %s:%s off in %s: %w", label, from, db.uri, err)
	}
	return n > 0, nil
}

// rewrite changes which entities names lead to, and computes anew what follows
// from it.
func (db *DB) rewrite(ctx context.Context, change func(*batch) (int, error)) (int, error) {
	s := db.session(ctx, neo4j.AccessModeWrite)
	n, err := neo4j.ExecuteWrite(ctx, s, func(tx neo4j.ManagedTransaction) (int, error) {
		b := newBatch(tx, nil)
		n := 0
		apply := func(context.Context) (err error) { n, err = change(b); return err }
		for _, step := range []func(context.Context) error{b.keepVersion, b.readRules, apply, b.resettle, b.recomputeEntities, b.recomputeBreaches, b.recomputeFacts, b.supersede, b.sweep} {
			if err := step(ctx); err != nil {
				return 0, err
			}
		}
		return n, nil
	}, neo4j.WithTxTimeout(writeTime))
	return n, errors.Join(explain(err), s.Close(ctx))
}

func (b *batch) mergeAll(ctx context.Context, merges []Merge, now time.Time) (int, error) {
	slices.SortFunc(merges, func(x, y Merge) int { return cmp.Or(cmp.Compare(x.Label, y.Label), cmp.Compare(x.From, y.From)) })
	made := 0
	for _, m := range merges {
		from, to := ref{m.Label, m.From}, ref{m.Label, m.To}
		if err := b.meetEntities(ctx, from, to); err != nil {
			return 0, err
		}
		if from == to || m.By == ByRule && (b.nodes[to] == "" || b.nodes[from] == "") {
			continue
		}
		if b.nodes[from] != "" && b.nodes[to] == "" { // a person's word holds before the articles come
			if err := b.makeEntity(ctx, to); err != nil {
				return 0, err
			}
		}
		evidence, err := b.moveName(ctx, from, to, nil)
		if err != nil {
			return 0, err
		}
		props := map[string]any{"score": m.Score, "why": name(m.Why), "by": m.By, "made": moment(now)}
		if b.nodes[from] != "" { // else what was there to see before is kept
			props["evidence"] = evidence
		}
		row := map[string]any{"key": from.String(), "label": m.Label, "from": m.From, "to": m.To, "props": props}
		if err := b.ask(ctx, writeResolution, []map[string]any{row}, nil); err != nil {
			return 0, err
		}
		made++
	}
	return made, nil
}

func (b *batch) split(ctx context.Context, from ref) (int, error) {
	merged, err := b.readMerged(ctx, map[ref]bool{from: true})
	to, ok := merged[from]
	if err != nil || !ok {
		return 0, err
	}
	if err := b.makeEntity(ctx, from); err != nil {
		return 0, err
	}
	if err := b.meetEntities(ctx, from, to); err != nil {
		return 0, err
	}
	if _, err = b.moveName(ctx, to, from, func(s said) bool { return b.rules.means(s.article, s.name) == from }); err != nil {
		return 0, err
	}
	// What the name tied together has to be looked at, too.
	if err := b.touchTied(ctx); err != nil {
		return 0, err
	}
	return 1, b.ask(ctx, deleteResolution, []map[string]any{{"key": from.String()}}, nil)
}

// touchTied touches all articles that those touched so far are tied to.
func (b *batch) touchTied(ctx context.Context) error {
	reports, err := b.touchedReports(ctx)
	if err != nil {
		return err
	}
	tied, err := b.readTied(ctx, reports, map[string]breachNode{})
	for _, r := range tied {
		b.touched = append(b.touched, r.article)
	}
	return err
}

// touchedReports are the reports of the articles of which a name was led
// elsewhere.
func (b *batch) touchedReports(ctx context.Context) ([]report, error) {
	var reports []report
	rows := []map[string]any{}
	for _, url := range limited(b.touched, len(b.touched)) {
		rows = append(rows, map[string]any{"key": url})
	}
	err := b.ask(ctx, reportsOfArticles, rows, func(r *neo4j.Record) { reports = append(reports, readReport(r)) })
	return reports, err
}

// makeEntity makes an entity that is not there, and locks it.
func (b *batch) makeEntity(ctx context.Context, r ref) error {
	row := []map[string]any{{"key": r.key, "props": map[string]any{}}}
	if err := b.ask(ctx, mergeShared(table().node[r.label]), row, nil); err != nil {
		return err
	}
	return b.meetEntities(ctx, r)
}

// meetEntities locks entities and notes how they were found.
func (b *batch) meetEntities(ctx context.Context, refs ...ref) error {
	slices.SortFunc(refs, ref.compare)
	for _, r := range refs {
		err := b.ask(ctx, lockEntity(r.label), []map[string]any{{"key": r.key}}, func(rec *neo4j.Record) {
			b.nodes[r] = get[string](rec, "node")
			b.meetEntity(r.label, rec)
			b.entities[b.nodes[r]].withdrawn = true
			b.left[b.nodes[r]] = true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// A said is a relationship by which an article, or a claim or figure of it, names
// an entity.
type said struct {
	kind, relationship, article string
	name                        ref  // that the article's name gives
	at                          ref  // the entity that it was led to
	own                         bool // the article's, not that of a claim or figure
}

func readSaidRow(label string, r *neo4j.Record) said {
	return said{get[string](r, "type"), get[string](r, "relationship"), get[string](r, "article"),
		ref{label, get[string](r, "name")}, ref{label, get[string](r, "at")}, get[bool](r, "own")}
}

// moveName moves what articles say of one entity to another one: all of it, or
// what chosen picks. It returns some of the articles.
func (b *batch) moveName(ctx context.Context, from, to ref, chosen func(said) bool) ([]string, error) {
	if b.nodes[from] == "" {
		return []string{}, nil
	}
	var list []said
	err := b.ask(ctx, readSaid, []map[string]any{{"node": b.nodes[from]}}, func(r *neo4j.Record) {
		if s := readSaidRow(from.label, r); chosen == nil || chosen(s) {
			list = append(list, s)
		}
	})
	if err != nil {
		return nil, err
	}
	return b.moveSaid(ctx, list, to)
}

// moveSaid moves what is said to an entity, and returns some of the articles.
func (b *batch) moveSaid(ctx context.Context, list []said, to ref) ([]string, error) {
	rows := map[string][]map[string]any{}
	articles := []string{}
	for _, s := range list {
		var key any
		if s.name != to {
			key = s.name.key
		}
		rows[s.kind] = append(rows[s.kind], map[string]any{"relationship": s.relationship, "to": b.nodes[to], "key": key, "is": to.String()})
		if s.own {
			articles = append(articles, s.article)
		}
	}
	for _, kind := range []string{typeMentions, typePublishedBy, typeWrittenBy, typeSaidBy} {
		if err := b.ask(ctx, moveSaid(kind), rows[kind], nil); err != nil {
			return nil, err
		}
	}
	if err := b.revoice(ctx, b.nodes[to]); err != nil {
		return nil, err
	}
	for _, side := range []string{typeSubject, typeObject} {
		if err := b.ask(ctx, moveEnds(side), rows[side], b.movedClaim); err != nil {
			return nil, err
		}
	}
	articles = limited(articles, len(articles))
	if err := b.touchProvided(ctx, articles); err != nil {
		return nil, err
	}
	b.touched = append(b.touched, articles...)
	return articles[:min(len(articles), maxWitnesses)], nil
}

// touchProvided has the facts computed anew that name a provider by what articles
// say, one of whose names was led elsewhere.
func (b *batch) touchProvided(ctx context.Context, articles []string) error {
	rows := make([]map[string]any, len(articles))
	for i, url := range articles {
		rows[i] = map[string]any{"key": url}
	}
	return b.ask(ctx, providedFacts, rows, func(r *neo4j.Record) {
		f := &factRow{fact: get[string](r, "fact"), kind: get[string](r, "type"), denied: get[bool](r, "denied"),
			from: get[string](r, "from"), to: get[string](r, "to"), moved: true}
		b.facts[f.fact] = f
	})
}

// resettle finds out anew which breaches the articles that were touched tell of.
func (b *batch) resettle(ctx context.Context) error {
	have := map[string]breachNode{}
	reports, err := b.touchedReports(ctx)
	if err != nil || len(reports) == 0 {
		return err
	}
	b.former = reports
	others, err := b.readTied(ctx, reports, have)
	b.former = nil
	if err != nil {
		return err
	}
	for _, n := range have {
		b.breaches[n.node] = true // the victim's id may be another one
	}
	// Of the touched reports those come back among the others that are tied to
	// one of them.
	found := map[reportKey]bool{}
	for _, r := range others {
		found[reportKey{r.article, r.number}] = true
	}
	alone, err := b.canonical(ctx, slices.DeleteFunc(reports, func(r report) bool { return found[reportKey{r.article, r.number}] }))
	if err != nil {
		return err
	}
	others = slices.Concat(others, alone)
	return b.settleReports(ctx, incidents(others), others, have)
}
