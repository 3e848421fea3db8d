package graph

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// A batch writes some documents within one transaction. Its steps build on each
// other; a transaction that is tried again starts with a new batch.
type batch struct {
	tx      neo4j.ManagedTransaction
	docs    []*document // sorted by key, each once
	changed []*document // those of docs that were loaded before, otherwise
	status  map[string]status
	nodes   map[ref]string // internal numbers of the nodes met so far

	facts     map[string]*factRow  // touched facts, by key
	fresh     map[string]bool      // nodes by number of which all that is stated comes from docs
	entities  map[string]*entity   // touched entities, by number
	breaches  map[string]bool      // touched breaches, by number
	left      map[string]bool      // nodes by number that may have lost their last relationship
	former    []report             // what changed articles said
	incidents []incident           // of the batch's victims
	reports   map[reportKey]string // the Breach, by id, of each report met
	rules     corrections          // that people made
	touched   []string             // articles of which a name was led elsewhere
	merged    map[ref]ref          // where resolution has led names of docs
	siblings  map[string][]string  // of organisations: words by which reports that call them otherwise are found
	links     []map[string]any     // from articles to articles
	revoiced  map[string]bool      // breaches by number of which a figure has another speaker now
}

// A reportKey names a report.
type reportKey struct{ article, number string }

// A status says what became of an article.
type status int

const (
	unchangedArticle status = iota
	newArticle
	changedArticle
	forgottenArticle
)

// A factRow is a fact to be computed from its claims.
type factRow struct {
	fact     string
	kind     string
	denied   bool
	from, to string
	said     []statedFact // by the batch
	moved    bool         // claims of other articles came to it
	// changed says that an article states it, or did, which was loaded before.
	changed bool
}

func newBatch(tx neo4j.ManagedTransaction, docs []*document) *batch {
	return &batch{
		tx: tx, docs: docs, status: map[string]status{}, nodes: map[ref]string{}, facts: map[string]*factRow{}, fresh: map[string]bool{},
		entities: map[string]*entity{}, breaches: map[string]bool{}, left: map[string]bool{}, reports: map[reportKey]string{}, siblings: map[string][]string{},
		revoiced: map[string]bool{},
	}
}

// run writes the batch.
func (b *batch) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		b.keepVersion, b.leaveForgotten, b.lockArticles, b.withdraw, b.readRules, b.meanings, b.leavePeople, b.resolve,
		b.mergeShared, b.checkResolved, b.findLinks, b.findBreaches, b.createOwn, b.connect, b.link,
		b.recomputeEntities, b.recomputeBreaches, b.recomputeFacts, b.supersede, b.sweep,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A statement is Cypher that takes rows, and what is done with its result.
type statement struct {
	text string
	rows []map[string]any
	use  func(*neo4j.Record) // nil where the result is of no interest
}

// askAll runs statements until one fails.
func (b *batch) askAll(ctx context.Context, list ...statement) error {
	for _, s := range list {
		if err := b.ask(ctx, s.text, s.rows, s.use); err != nil {
			return err
		}
	}
	return nil
}

// ask runs a statement with rows, unless there are none, and gives each record
// of its result to use. Errors of the driver are returned as they are all the
// way out of the transaction: it looks at their type to know whether to try
// again.
func (b *batch) ask(ctx context.Context, statement string, rows []map[string]any, use func(*neo4j.Record)) error {
	if len(rows) == 0 {
		return nil
	}
	return b.askWith(ctx, statement, map[string]any{"rows": rows}, use)
}

func (b *batch) askWith(ctx context.Context, statement string, params map[string]any, use func(*neo4j.Record)) error {
	result, err := b.tx.Run(ctx, statement, params)
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		if use != nil {
			use(result.Record())
		}
	}
	return result.Err()
}

// write runs a statement that says how much it has written: a MATCH that finds
// no end of a relationship is no error to the database.
func (b *batch) write(ctx context.Context, what, statement string, rows []map[string]any) error {
	written := 0
	err := b.ask(ctx, statement, rows, func(r *neo4j.Record) { written += int(get[int64](r, "written")) })
	if err == nil && written != len(rows) {
		err = fmt.Errorf("write %s: %d of %d rows found their nodes", what, written, len(rows))
	}
	return err
}

// get is a column of a record, zero where it is null.
func get[T any](r *neo4j.Record, column string) T {
	v, _ := r.Get(column)
	t, _ := v.(T)
	return t
}

// lockArticles finds or makes the articles and learns which of them changed.
func (b *batch) lockArticles(ctx context.Context) error {
	rows := make([]map[string]any, len(b.docs))
	hashes := map[string]string{}
	for i, d := range b.docs {
		rows[i] = map[string]any{"key": d.self.key}
		hashes[d.self.key] = d.hash
	}
	err := b.ask(ctx, lockArticles, rows, func(r *neo4j.Record) {
		key, hash := get[string](r, "key"), get[string](r, "hash")
		node := get[string](r, "node")
		b.nodes[ref{labelArticle, key}], b.fresh[node] = node, true
		switch hash {
		case "":
			b.status[key] = newArticle
		case hashes[key]:
			b.status[key] = unchangedArticle
		default:
			b.status[key] = changedArticle
		}
	})
	b.docs = slices.DeleteFunc(slices.Clone(b.docs), func(d *document) bool { return b.status[d.self.key] == unchangedArticle })
	for _, d := range b.docs {
		if b.status[d.self.key] == changedArticle {
			b.changed = append(b.changed, d)
		}
	}
	return err
}

// withdraw takes back all that the former versions of changed articles said,
// and remembers what has to be looked at again. Entities are locked before
// breaches are read: another load may be moving the articles between breaches.
func (b *batch) withdraw(ctx context.Context) error {
	rows := make([]map[string]any, len(b.changed))
	for i, d := range b.changed {
		rows[i] = map[string]any{"node": b.nodes[d.self], "capture": d.props["capture"]}
	}
	if err := b.ask(ctx, formerNodes, rows, b.withdrawNode); err != nil {
		return err
	}
	return b.askAll(ctx,
		statement{lockNodes, numbers(b.left), nil},
		statement{formerReports, rows, func(r *neo4j.Record) {
			node := get[string](r, "node")
			b.breaches[node], b.left[node] = true, true
			b.former = append(b.former, readReport(r))
		}},
		statement{formerFacts, rows, func(r *neo4j.Record) {
			f := &factRow{fact: get[string](r, "fact"), kind: get[string](r, "type"), denied: get[bool](r, "denied"),
				from: get[string](r, "from"), to: get[string](r, "to"), changed: true}
			b.facts[f.fact] = f
			b.left[f.from], b.left[f.to] = true, true
		}},
		statement{clearOwn, rows, nil},
		statement{clearEdges, rows, nil},
		statement{keepFormer, rows, nil},
	)
}

func (b *batch) withdrawNode(r *neo4j.Record) {
	node, labels := get[string](r, "node"), get[[]any](r, "labels")
	b.left[node] = true
	for _, l := range labels {
		if label, _ := l.(string); table().entity[label] {
			b.entities[node] = &entity{label: label, labels: labels, props: map[string]any{"id": get[string](r, "id")}, withdrawn: true}
		}
	}
}

// mergeShared finds or makes the nodes that articles share.
func (b *batch) mergeShared(ctx context.Context) error {
	rows := map[string]map[string]map[string]any{}
	for _, d := range b.docs {
		for _, n := range d.shared {
			if rows[n.label] == nil {
				rows[n.label] = map[string]map[string]any{}
			}
			rows[n.label][n.key] = n.props
		}
	}
	for _, n := range Nodes() {
		var list []map[string]any
		for _, key := range slices.Sorted(maps.Keys(rows[n.Label])) {
			props := rows[n.Label][key]
			if props == nil {
				props = map[string]any{}
			}
			list = append(list, map[string]any{"key": key, "props": props})
		}
		met := b.met(n.Label)
		err := b.ask(ctx, mergeShared(n), list, func(r *neo4j.Record) {
			met(r)
			if table().entity[n.Label] {
				b.meetEntity(n.Label, r)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// met remembers the internal numbers of nodes with label.
func (b *batch) met(label string) func(*neo4j.Record) {
	return func(r *neo4j.Record) { b.nodes[ref{label, get[string](r, "key")}] = get[string](r, "node") }
}

// createOwn writes the nodes that are an article's own, with the relationships
// that each of them has, and notes which facts claims back.
func (b *batch) createOwn(ctx context.Context) error {
	var articles, figures, claims []map[string]any
	for _, d := range b.docs {
		article := b.nodes[d.self]
		articles = append(articles, map[string]any{"node": article, "props": d.props})
		for _, f := range d.figures {
			figures = append(figures, map[string]any{"key": f.key, "props": f.props, "article": article})
		}
	}
	if err := b.ask(ctx, setProps, articles, nil); err != nil {
		return err
	}
	if err := b.create(ctx, labelFigure, createFigures, figures); err != nil {
		return err
	}
	for _, d := range b.docs {
		for _, c := range d.claims {
			c = b.rules.corrected(d.self.key, b.settled(d, c))
			f := b.state(c, d)
			props := maps.Clone(c.props)
			props["fact"] = f.fact
			claims = append(claims, map[string]any{"key": c.id, "props": props, "article": b.nodes[d.self], "from": b.nodes[c.subject], "to": b.nodes[c.object],
				"subjectKey": c.subjectKey, "objectKey": c.objectKey})
		}
	}
	return b.create(ctx, labelClaim, createClaims, claims)
}

// state notes that c of d backs its fact.
func (b *batch) state(c claimRow, d *document) *factRow {
	key := c.fact()
	f := b.facts[key]
	if f == nil {
		f = &factRow{fact: key, kind: string(c.predicate), denied: c.denied}
		b.facts[key] = f
	}
	f.changed = f.changed || b.status[d.self.key] == changedArticle
	f.from, f.to = b.nodes[c.subject], b.nodes[c.object] // a figure that was there before has been made anew
	if c.props["rejected"] == nil {
		f.said = append(f.said, c.stated(d))
	}
	return f
}

// create makes nodes and remembers their numbers.
func (b *batch) create(ctx context.Context, label, statement string, rows []map[string]any) error {
	met, made := b.met(label), 0
	err := b.ask(ctx, statement, rows, func(r *neo4j.Record) {
		met(r)
		b.fresh[get[string](r, "node")] = true
		made++
	})
	if err == nil && made != len(rows) {
		err = fmt.Errorf("create %s: %d of %d rows found the nodes they belong to", label, made, len(rows))
	}
	return err
}

// settled is c about the Breach that its article's breach turned out to be.
func (b *batch) settled(d *document, c claimRow) claimRow {
	if number, ok := c.props["report"].(string); ok {
		return c.about(b.reports[reportKey{d.self.key, number}])
	}
	return c
}

// connect writes the other relationships that are an article's own, and notes
// which breaches it reports.
func (b *batch) connect(ctx context.Context) error {
	edges := map[string][]edgeRow{}
	for _, d := range b.docs {
		for _, e := range d.edges {
			edges[e.kind] = append(edges[e.kind], e)
		}
		for _, r := range d.reports {
			breach := ref{labelBreach, b.reports[reportKey{d.self.key, r.number}]}
			edges[typeReports] = append(edges[typeReports], edgeRow{typeReports, d.self, breach, r.props()})
			b.breaches[b.nodes[breach]] = true
		}
	}
	for _, e := range Edges() {
		list := edges[e.Type]
		slices.SortFunc(list, func(x, y edgeRow) int { return cmp.Or(x.from.compare(y.from), x.to.compare(y.to)) })
		rows := make([]map[string]any, len(list))
		for i, x := range list {
			rows[i] = map[string]any{"from": b.nodes[x.from], "to": b.nodes[x.to], "props": x.props}
		}
		if err := b.write(ctx, e.Type, createEdges(e), rows); err != nil {
			return err
		}
	}
	return nil
}

// findLinks reads which articles that were loaded before link to new ones. The
// index that tells is slow once the transaction has written texts of articles, so
// it is asked before.
func (b *batch) findLinks(ctx context.Context) error {
	var urls []string
	own := map[string]bool{}
	for _, d := range b.docs {
		own[b.nodes[d.self]] = true
		if b.status[d.self.key] == newArticle {
			urls = append(urls, d.self.key)
		}
	}
	if len(urls) == 0 {
		return nil
	}
	return b.askWith(ctx, linksTo, map[string]any{"urls": urls, "words": quoted(urls)}, func(r *neo4j.Record) {
		if from := get[string](r, "from"); !own[from] {
			b.links = append(b.links, map[string]any{"from": from, "url": get[string](r, "url"), "text": get[string](r, "text")})
		}
	})
}

// link joins articles that link to each other, whichever came first.
func (b *batch) link(ctx context.Context) error {
	if err := b.linkCopies(ctx); err != nil {
		return err
	}
	for _, d := range b.docs {
		for i, url := range d.props["links"].([]string) {
			b.links = append(b.links, map[string]any{"from": b.nodes[d.self], "url": url, "text": d.props["linkTexts"].([]string)[i]})
		}
	}
	return b.ask(ctx, linkArticles, b.links, nil)
}

// quoted are texts as a full-text index is asked for any of them.
func quoted(list []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = `"` + escape.Replace(s) + `"`
	}
	return strings.Join(out, " ")
}

// linkCopies connects copies with the articles that they are copies of, whichever
// came first.
func (b *batch) linkCopies(ctx context.Context) error {
	var copies, originals []map[string]any
	for _, d := range b.docs {
		if url := d.props["duplicateOf"]; url != nil {
			copies = append(copies, map[string]any{"from": b.nodes[d.self], "url": url})
		}
		if b.status[d.self.key] == newArticle {
			originals = append(originals, map[string]any{"url": d.self.key})
		}
	}
	return b.askAll(ctx, statement{copyOf, copies, nil}, statement{copiesOf, originals, nil})
}

// numbers makes rows of the internal numbers of nodes, sorted.
func numbers(set map[string]bool) []map[string]any {
	var rows []map[string]any
	for _, n := range slices.Sorted(maps.Keys(set)) {
		rows = append(rows, map[string]any{"node": n})
	}
	return rows
}

// sweep deletes the nodes that nothing is connected to any more.
func (b *batch) sweep(ctx context.Context) error {
	return b.ask(ctx, sweepNodes, numbers(b.left), nil)
}

// readReport makes a report of a record with article, published, report and
// breach.
func readReport(r *neo4j.Record) report {
	props := get[map[string]any](r, "report")
	out := report{article: get[string](r, "article"), published: get[time.Time](r, "published").UTC(), breach: get[string](r, "breach")}
	out.number, _ = props["report"].(string)
	out.primary, _ = props["primary"].(bool)
	out.name, _ = props["name"].(string)
	out.victim, _ = props["victim"].(string)
	out.victimName, _ = props["victimName"].(string)
	out.occurred.Start, out.occurred.End = dayOf(props["occurredFrom"]), dayOf(props["occurredTo"])
	out.discovered, out.disclosed = dayOf(props["discovered"]), dayOf(props["disclosed"])
	list, _ := props["traits"].([]any)
	out.traits = readTraits(list)
	return out
}

// dayOf is the day that a property holds, as midnight UTC.
func dayOf(v any) time.Time {
	d, ok := v.(neo4j.Date)
	if !ok {
		return time.Time{}
	}
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
