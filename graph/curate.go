package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
)

const (
	readRules = `MATCH (r:Rule) WHERE r.withdrawn IS NULL
RETURN r.id AS id, r.action AS action, r.of AS of, r.to AS to, r.reason AS reason, r.article AS article, r.says AS says`

	writeRule = `UNWIND $rows AS row
MERGE (r:Rule {id: row.key})
SET r += row.props, r.made = coalesce(r.made, row.made), r.withdrawn = null`

	withdrawRule = `UNWIND $rows AS row
MATCH (r:Rule {id: row.key})
SET r.withdrawn = row.now`

	articleOfClaim = `UNWIND $rows AS row
MATCH (:Claim {id: row.key})-[:STATED_IN]->(a:Article)
RETURN a.url AS article`

	claimsOfArticle = `UNWIND $rows AS row
MATCH (:Article {url: row.key})<-[:STATED_IN]-(c:Claim), (s)<-[rs:SUBJECT]-(c)-[ro:OBJECT]->(o)
RETURN c.id AS id, c.type AS type, c.fact AS fact, c.report AS report, c.status AS status, c.statedStatus AS stated,
  rs.key AS subject, ro.key AS object, elementId(c) AS node, elementId(s) AS from, elementId(o) AS to`
)

// pinMark begins the block that articles share which a person found to be about
// one breach; no name folds to it.
const pinMark = "="

// corrections are the rules of curation by what they are about.
type corrections struct {
	rules  map[string]keptRule // by id
	name   map[ref]string
	part   map[ref]string
	claims map[[2]string]Action // reject or confirm, by article and what it says
	pin    map[string]string    // of articles
	pins   map[string][]string  // articles of a pin
	apart  map[string][]string
	split  map[[2]string]bool     // pairs of entities
	leads  map[string]map[ref]ref // by article: what its names mean there
	meant  map[ref][]ref          // by entity: the names that mean it somewhere
}

// A keptRule is a rule as the graph has it.
type keptRule struct {
	Rule
	article, says string
}

// readRules reads the rules that people made.
func (b *batch) readRules(ctx context.Context) error {
	kept := map[string]keptRule{}
	err := b.askWith(ctx, readRules, nil, func(r *neo4j.Record) {
		k := keptRule{Rule{Action: Action(get[string](r, "action")), Of: get[string](r, "of"), To: get[string](r, "to"), Reason: get[string](r, "reason")},
			get[string](r, "article"), get[string](r, "says")}
		if k.Action == SplitEntities {
			k.In = k.article
		}
		kept[get[string](r, "id")] = k
	})
	b.rules = correctionsOf(kept)
	return err
}

func correctionsOf(kept map[string]keptRule) corrections {
	c := corrections{rules: kept, name: map[ref]string{}, part: map[ref]string{}, claims: map[[2]string]Action{},
		pins: map[string][]string{}, apart: map[string][]string{}, split: map[[2]string]bool{}, leads: map[string]map[ref]ref{}, meant: map[ref][]ref{}}
	var same []Rule
	for _, id := range slices.Sorted(maps.Keys(kept)) {
		k := kept[id]
		of, _ := entityRef(k.Of)
		switch k.Action {
		case Rename:
			c.name[of] = k.To
		case Retype:
			c.part[of] = table().part[extract.Kind(k.To)]
		case Reject, Confirm:
			c.claims[[2]string{k.article, k.says}] = k.Action
		case SameBreach:
			same = append(same, k.Rule)
		case OtherBreach:
			c.apart[k.Of], c.apart[k.To] = append(c.apart[k.Of], k.To), append(c.apart[k.To], k.Of)
		case SplitEntities:
			c.split[[2]string{k.Of, k.To}], c.split[[2]string{k.To, k.Of}] = true, true
			if to, err := entityRef(k.To); err == nil && k.In != "" {
				c.addLead(k.In, of, to)
			}
		}
	}
	c.pin = joined(same)
	for _, article := range slices.Sorted(maps.Keys(c.pin)) {
		c.pins[c.pin[article]] = append(c.pins[c.pin[article]], article)
	}
	return c
}

// named puts the name that a person gave the entity r into its properties.
func (c corrections) named(r ref, props map[string]any) map[string]any {
	name, ok := c.name[r]
	if !ok || props["name"] == any(name) {
		return props
	}
	aliases, _ := props["aliases"].([]any)
	if props["name"] != nil {
		aliases = append(aliases, props["name"])
	}
	aliases = slices.DeleteFunc(aliases, func(a any) bool { return a == any(name) })
	slices.SortFunc(aliases, compareValues)
	props["name"], props["aliases"] = name, slices.Compact(aliases)
	return props
}

// parts are the labels of the parts that the entity r plays.
func (c corrections) parts(r ref, said []stated) []string {
	if part := c.part[r]; part != "" {
		return []string{part}
	}
	return partsOf(r.label, said)
}

// corrected is a claim of an article as a person corrected it.
func (c corrections) corrected(article string, row claimRow) claimRow {
	action, ok := c.claims[[2]string{article, row.says}]
	if !ok {
		return row
	}
	row.props = maps.Clone(row.props)
	switch {
	case action == Reject:
		row.props["rejected"] = true
	case !row.denied:
		row.props["statedStatus"], row.props["status"] = row.props["status"], string(extract.Confirmed)
	}
	return row
}

// pinned is r with what people found of its article.
func (c corrections) pinned(r report) report {
	if !r.primary {
		return r
	}
	r.pin, r.parted = c.pin[r.article], c.apart[r.article]
	if r.pin != "" {
		r.traits.blocks = limited(append(slices.Clone(r.traits.blocks), pinMark+r.pin), len(r.traits.blocks)+1)
	}
	return r
}

// articlesOf parts blocks into words to look reports up by, and the articles of
// pins.
func (c corrections) articlesOf(blocks map[string]*inquiry) (words, articles []map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(blocks)) {
		pin, ok := strings.CutPrefix(key, pinMark)
		if !ok {
			words = append(words, blocks[key].row(key))
			continue
		}
		for _, article := range c.pins[pin] {
			articles = append(articles, map[string]any{"key": article})
		}
	}
	return words, articles
}

// A CurationSummary says what [DB.Curate] did.
type CurationSummary struct {
	Applied, Withdrawn int
	// Unmatched are rules about claims that the graph does not have. They are
	// not kept, since what they mean cannot be known.
	Unmatched []Rule
	// Unused are splits in articles that the graph has and that do not use the
	// name. They are kept: an article may be extracted anew.
	Unused []Unused
}

// Unused is a split in an article that does not use the name.
type Unused struct {
	Rule
	// Names are ids that the article does use for the entity; may be empty.
	Names []string
}

// Curate makes rules hold, now and in all loads to come, and takes back those
// that were given before and are no longer among them. Rules that hold already
// cost nothing. What was ever in force is kept in the graph.
func (db *DB) Curate(ctx context.Context, rules []Rule, now time.Time) (CurationSummary, error) {
	var s CurationSummary
	given := map[string]Rule{}
	for _, r := range rules {
		given[r.id()] = r
	}
	have, err := db.keptRules(ctx)
	if err != nil {
		return s, err
	}
	for _, id := range slices.Sorted(maps.Keys(have)) {
		if _, ok := given[id]; ok {
			continue
		}
		if _, err := db.rewrite(ctx, func(b *batch) (int, error) { return 0, b.withdrawRule(ctx, id, now) }); err != nil {
			return s, fmt.Errorf("take back %s %s: %w", have[id].Action, have[id].Of, err)
		}
		s.Withdrawn++
	}
	for _, r := range rules {
		if _, ok := have[r.id()]; ok {
			continue
		}
		_, err := db.rewrite(ctx, func(b *batch) (int, error) { return 0, b.applyRule(ctx, r, now) })
		switch {
		case errors.Is(err, errNoClaim):
			s.Unmatched = append(s.Unmatched, r)
		case err != nil:
			return s, fmt.Errorf("apply %s %s: %w", r.Action, r.Of, err)
		default:
			s.Applied++
		}
		unused, err := db.unused(ctx, r)
		if err != nil {
			return s, fmt.Errorf("look at %s: %w", r.In, err)
		}
		s.Unused = append(s.Unused, unused...)
	}
	return s, nil
}

// errNoClaim means that the graph has no claim of that id.
var errNoClaim = errors.New("the graph has no such claim")

func (r Rule) id() string {
	if r.In != "" {
		return shortHash("rule", string(r.Action), r.Of, r.To, r.In)
	}
	return shortHash("rule", string(r.Action), r.Of, r.To)
}

// keptRules are the rules in force, by id.
func (db *DB) keptRules(ctx context.Context) (map[string]keptRule, error) {
	s := db.session(ctx, neo4j.AccessModeRead)
	kept, err := neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) (map[string]keptRule, error) {
		b := newBatch(tx, nil)
		err := b.readRules(ctx)
		return b.rules.rules, err
	})
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		return nil, fmt.Errorf("read the rules of %s: %w", db.uri, err)
	}
	return kept, nil
}

// Apart returns which pairs of entities a person found to be two, for [Plan].
func (db *DB) Apart(ctx context.Context) (func(label, x, y string) bool, error) {
	kept, err := db.keptRules(ctx)
	split := correctionsOf(kept).split
	return func(label, x, y string) bool { return split[[2]string{label + ":" + x, label + ":" + y}] }, err
}

func (b *batch) applyRule(ctx context.Context, r Rule, now time.Time) error {
	k := keptRule{Rule: r, article: r.In}
	if r.Action == Reject || r.Action == Confirm {
		if err := b.ask(ctx, articleOfClaim, []map[string]any{{"key": r.Of}}, func(rec *neo4j.Record) { k.article = get[string](rec, "article") }); err != nil {
			return err
		}
		claims, err := b.claimsOf(ctx, k.article)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(claims, func(c keptClaim) bool { return c.id == r.Of })
		if i < 0 {
			return errNoClaim
		}
		k.says = claims[i].says
	}
	if err := b.beforeLead(ctx, k); err != nil {
		return err
	}
	row := map[string]any{"key": r.id(), "made": moment(now), "props": map[string]any{"action": string(r.Action), "of": r.Of, "to": name(r.To),
		"reason": name(r.Reason), "article": name(k.article), "says": text(k.says)}}
	if err := b.ask(ctx, writeRule, []map[string]any{row}, nil); err != nil {
		return err
	}
	if err := b.readRules(ctx); err != nil {
		return err
	}
	return b.affect(ctx, k, now)
}

// affect brings what a new rule is about to be computed anew.
func (b *batch) affect(ctx context.Context, k keptRule, now time.Time) error {
	of, _ := entityRef(k.Of)
	to, _ := entityRef(k.To)
	switch k.Action {
	case MergeEntities:
		merged, err := b.readMerged(ctx, map[ref]bool{of: true, to: true})
		if err != nil {
			return err
		}
		to = cmp.Or(merged[to], to)
		if was := merged[of]; was != (ref{}) && was != to { // it was led elsewhere, by itself or by a rule
			if _, err := b.split(ctx, of); err != nil {
				return err
			}
		}
		_, err = b.mergeAll(ctx, []Merge{{Candidate{of.label, of.key, to.key, 1, k.Reason}, ByCuration}}, now)
		return err
	case SplitEntities:
		if k.In == "" {
			return b.part(ctx, of, to)
		}
		if err := b.part(ctx, to, of); err != nil { // others keep the name
			return err
		}
		return b.lead(ctx, k.In, of, now)
	case Rename, Retype:
		return b.meetEntities(ctx, of)
	case SameBreach, OtherBreach:
		b.touched = append(b.touched, k.Of, k.To)
		return nil
	}
	return b.correctClaims(ctx, k)
}

// part undoes the merges that lead one of two names to the other, or both to a
// third: then the first is parted.
func (b *batch) part(ctx context.Context, x, y ref) error {
	merged, err := b.readMerged(ctx, map[ref]bool{x: true, y: true})
	if err != nil {
		return err
	}
	toX, xLed := merged[x]
	toY, yLed := merged[y]
	switch {
	case xLed && (toX == y || yLed && toX == toY):
		_, err = b.split(ctx, x)
	case yLed && toY == x:
		_, err = b.split(ctx, y)
	}
	return err
}

func (b *batch) withdrawRule(ctx context.Context, id string, now time.Time) error {
	k := b.rules.rules[id]
	if k.Action == SameBreach {
		b.touched = append(b.touched, k.Of, k.To)
		if err := b.touchTied(ctx); err != nil {
			return err
		}
	}
	if err := b.beforeLead(ctx, k); err != nil {
		return err
	}
	if err := b.ask(ctx, withdrawRule, []map[string]any{{"key": id, "now": moment(now)}}, nil); err != nil {
		return err
	}
	if err := b.readRules(ctx); err != nil {
		return err
	}
	switch of, _ := entityRef(k.Of); k.Action {
	case MergeEntities:
		_, err := b.split(ctx, of)
		return err
	case SplitEntities:
		if k.In != "" {
			return b.lead(ctx, k.In, of, now)
		}
	case Rename, Retype:
		return b.meetEntities(ctx, of)
	case OtherBreach:
		b.touched = append(b.touched, k.Of, k.To)
	case Reject, Confirm:
		return b.correctClaims(ctx, k)
	}
	return nil
}

// A keptClaim is a claim as the graph has it.
type keptClaim struct {
	id, says string
	status   string // that the article gives it
	node     string
	fact     factRow
}

func (b *batch) claimsOf(ctx context.Context, article string) ([]keptClaim, error) {
	var out []keptClaim
	err := b.ask(ctx, claimsOfArticle, []map[string]any{{"key": article}}, func(r *neo4j.Record) {
		c := keptClaim{id: get[string](r, "id"), node: get[string](r, "node"), status: get[string](r, "status")}
		if stated := get[string](r, "stated"); stated != "" {
			c.status = stated
		}
		fact := get[string](r, "fact")
		c.says = saysOf(fact, get[string](r, "report"), get[string](r, "subject"), get[string](r, "object"))
		c.fact = factRow{fact: fact, kind: get[string](r, "type"), denied: c.status == string(extract.Denied),
			from: get[string](r, "from"), to: get[string](r, "to"), moved: true}
		out = append(out, c)
	})
	return out, err
}

// saysOf is what a claim says in its article's own terms: the breach by its
// number there, entities by the ids that their names give.
func saysOf(fact, report, subject, object string) string {
	parts := strings.Fields(fact)
	for i, key := range map[int]string{1: subject, 2: object} {
		if i >= len(parts) {
			break
		}
		label, _, _ := strings.Cut(parts[i], ":")
		if label == labelBreach {
			key = report
		}
		if key != "" {
			parts[i] = label + ":" + key
		}
	}
	return strings.Join(parts, " ")
}

// correctClaims brings the claims that k is about in line with the rules.
func (b *batch) correctClaims(ctx context.Context, k keptRule) error {
	claims, err := b.claimsOf(ctx, k.article)
	if err != nil {
		return err
	}
	var rows []map[string]any
	for _, c := range claims {
		if c.says != k.says {
			continue
		}
		props := map[string]any{"rejected": nil, "statedStatus": nil, "status": c.status}
		row := b.rules.corrected(k.article, claimRow{says: c.says, denied: c.fact.denied, props: props})
		rows = append(rows, map[string]any{"node": c.node, "props": row.props})
		f := c.fact
		b.facts[f.fact] = &f
		b.left[f.from], b.left[f.to] = true, true
	}
	return b.ask(ctx, setProps, rows, nil)
}
