package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// A ref names a node by the label it is merged on and its key. Within a
// document a breach goes by its number in the article until it is known which
// Breach that is.
type ref struct{ label, key string }

func (r ref) String() string { return r.label + ":" + r.key }

func (r ref) compare(s ref) int {
	return cmp.Or(cmp.Compare(r.label, s.label), cmp.Compare(r.key, s.key))
}

// A nodeRow is a node to be written. Shared nodes come without the properties
// that are computed from all articles later.
type nodeRow struct {
	ref
	props map[string]any
}

// An edgeRow is a relationship that is its article's own.
type edgeRow struct {
	kind     string
	from, to ref
	props    map[string]any
}

// A claimRow is a claim, whose fact is not known yet where it is about a breach.
type claimRow struct {
	id              string
	predicate       extract.Predicate
	denied          bool
	subject, object ref
	// subjectKey and objectKey are the ids that the article's names give, nil
	// where resolution has not led them elsewhere.
	subjectKey, objectKey any
	says                  string // fact as the article alone gives it
	props                 map[string]any
}

// A document is one article's rows.
type document struct {
	self    ref
	source  string // the article's own id, for messages
	hash    string
	props   map[string]any
	shared  []nodeRow // nodes that other articles may give too, each once
	figures []nodeRow
	claims  []claimRow
	reports []report
	edges   []edgeRow // but for REPORTS, STATED_IN, SUBJECT and OBJECT
	kinds   map[ref]extract.Kind
	dropped map[string]int
}

// size is about how many rows d makes.
func (d *document) size() int {
	return 1 + len(d.shared) + len(d.figures) + 3*len(d.claims) + len(d.reports) + len(d.edges)
}

// A lookup is the table of labels and types by what is asked for.
type lookup struct {
	nodes  []Node
	edges  []Edge
	node   map[string]Node
	types  map[string]Edge
	edge   map[extract.Predicate]Edge
	label  map[extract.Kind]string // that entities of a kind are merged on
	part   map[extract.Kind]string // the label beside that, of organisations
	entity map[string]bool         // whether entities are merged on a label
	stated []Property
	value  map[ref]Value
}

// table is the one lookup; nobody changes it.
var table = sync.OnceValue(func() lookup {
	l := lookup{
		nodes: Nodes(), edges: Edges(), types: map[string]Edge{},
		node: map[string]Node{}, edge: map[extract.Predicate]Edge{}, label: map[extract.Kind]string{}, part: map[extract.Kind]string{},
		entity: map[string]bool{}, stated: statedProps(), value: map[ref]Value{},
	}
	for _, n := range l.nodes {
		l.node[n.Label] = n
		if n.Kind == "" {
			continue
		}
		l.label[n.Kind] = cmp.Or(n.Parent, n.Label)
		l.entity[l.label[n.Kind]] = true
		if n.Parent != "" {
			l.part[n.Kind] = n.Label
		}
	}
	for _, e := range l.edges {
		l.edge[e.Predicate], l.types[e.Type] = e, e
	}
	for label, values := range map[string][]Value{labelDataType: DataTypes(), labelMethod: Methods(), labelRemedy: Remedies()} {
		for _, v := range values {
			l.value[ref{label, v.Name}] = v
		}
	}
	return l
})

// A builder fills a document from a result.
type builder struct {
	*document
	result   extract.Result
	points   codePoints
	entities map[string]ref // by the result's ids
	names    map[string]string
	quantity map[string]extract.Figure
	seen     map[ref]bool     // shared nodes that the document has
	found    map[string]party // by whose names reports are looked up, by id
}

// newDocument makes rows of r. An error means that nothing of r can be loaded;
// what is merely unusable in it is counted in dropped.
func newDocument(r extract.Result) (*document, error) {
	if err := checkSpans(r); err != nil {
		return nil, err
	}
	key, err := articleKey(r.Article)
	if err != nil {
		return nil, err
	}
	hash, err := extractionHash(r)
	if err != nil {
		return nil, err
	}
	b := builder{
		document: &document{
			self: ref{labelArticle, key}, source: cmp.Or(r.Article.ID, key), hash: hash,
			kinds: map[ref]extract.Kind{}, dropped: map[string]int{},
		},
		result: r, points: newCodePoints(r.Article.Text),
		entities: map[string]ref{}, names: map[string]string{}, quantity: map[string]extract.Figure{}, seen: map[ref]bool{}, found: map[string]party{},
	}
	b.addArticle()
	b.addEntities()
	b.addReports()
	b.addFigures()
	b.addClaims()
	return b.document, nil
}

// checkSpans makes sure that every offset lies in the text, for a Result need
// not come from [extract.Decode].
func checkSpans(r extract.Result) error {
	spans := map[string][]extract.Span{"body": {{Start: r.Article.BodyStart, End: len(r.Article.Text)}}}
	for _, l := range r.Article.Links {
		spans["links"] = append(spans["links"], extract.Span{Start: l.Start, End: l.End})
	}
	for _, e := range r.Entities {
		for _, m := range e.Mentions {
			spans["entity "+e.ID] = append(spans["entity "+e.ID], m.Span)
		}
	}
	for _, f := range r.Figures {
		spans["figure "+f.ID] = []extract.Span{f.Span}
	}
	for _, c := range r.Claims {
		spans["claim "+c.ID] = []extract.Span{c.Evidence}
	}
	for what, list := range spans {
		for _, s := range list {
			if s.Start < 0 || s.End < s.Start || s.End > len(r.Article.Text) {
				return fmt.Errorf("%s: span %d-%d lies outside the text of %d bytes", what, s.Start, s.End, len(r.Article.Text))
			}
		}
	}
	return nil
}

func (b *builder) drop(reason string) { b.dropped[reason]++ }

func (b *builder) share(n ref, props map[string]any) {
	if !b.seen[n] {
		b.seen[n] = true
		b.shared = append(b.shared, nodeRow{n, props})
	}
}

func (b *builder) connect(kind string, to ref, props map[string]any) {
	b.edges = append(b.edges, edgeRow{kind, b.self, to, props})
}

func (b *builder) addArticle() {
	a := b.result.Article
	urls, texts := b.links()
	b.props = map[string]any{
		"title": text(a.Title), "subtitle": text(a.Subtitle), "published": moment(a.Published), "modified": moment(a.Modified),
		"language": name(a.Language), "wordCount": len(strings.Fields(a.Text[a.BodyStart:])),
		"contentHash": contentHash(a), "extractionHash": b.hash, "extractor": b.extractors(),
		"sourceId": name(a.ID), "links": urls, "linkTexts": texts,
		"duplicateOf": original(a), "fetched": moment(a.Fetched), "capture": name(a.Capture),
	}
	b.addOutlet(a.Publication)
	b.addAuthors(a.Authors)
	b.addTags(a.Tags)
}

func (b *builder) addOutlet(p ingest.Publication) {
	printed := cmp.Or(clean(p.Name, maxName), clean(p.Domain, maxName))
	outlet := ref{labelOrganization, fold(printed, extract.Outlet)}
	if outlet.key == "" {
		return
	}
	b.kinds[outlet] = extract.Outlet
	b.share(outlet, nil)
	b.connect(typePublishedBy, outlet, map[string]any{"as": string(extract.Outlet), "name": printed, "domain": name(p.Domain), "key": nil})
}

func (b *builder) addAuthors(names []string) {
	seen := map[ref]bool{}
	for _, n := range names {
		printed := clean(n, maxName)
		author := ref{labelPerson, fold(printed, extract.Person)}
		if author.key == "" || seen[author] {
			continue
		}
		seen[author] = true
		b.kinds[author] = extract.Person
		b.share(author, nil)
		b.connect(typeWrittenBy, author, map[string]any{"name": printed, "key": nil})
	}
}

func (b *builder) addTags(tags []string) {
	var names []string
	for _, t := range tags {
		names = append(names, clean(strings.ToLower(strings.Trim(t, " ,;.")), maxTag))
	}
	for _, t := range distinct(names) {
		b.share(ref{labelTag, t}, nil)
		b.connect(typeTagged, ref{labelTag, t}, map[string]any{})
	}
}

// original is the key of the article that a is a copy of, nil where it is none.
func original(a ingest.Article) any {
	key, err := ingest.CanonicalURL(a.DuplicateOf)
	if own, ownErr := ingest.CanonicalURL(a.URL); err != nil || len(key) > maxURL || ownErr == nil && own == key {
		return nil
	}
	return key
}

// links returns the canonical addresses that the text links to, each once, with
// the words that carry it. A relationship is made of one where that article is
// in the graph, now or later.
func (b *builder) links() (urls, texts []string) {
	urls, texts = []string{}, []string{}
	seen := map[string]bool{b.self.key: true}
	for _, l := range b.result.Article.Links {
		u, err := ingest.CanonicalURL(l.URL)
		if err != nil || len(u) > maxURL || seen[u] {
			continue
		}
		seen[u] = true
		urls = append(urls, u)
		texts = append(texts, clean(b.result.Article.Text[l.Start:l.End], maxName))
	}
	return urls, texts
}

func (b *builder) extractors() any {
	var names []string
	for _, c := range b.result.Claims {
		names = append(names, c.Extractor)
	}
	slices.Sort(names)
	return name(strings.Join(slices.Compact(names), ", "))
}

// addEntities makes one node and one MENTIONS of all entities that fold to the
// same name.
func (b *builder) addEntities() {
	var order []ref
	same := map[ref][]extract.Entity{}
	for _, e := range b.result.Entities {
		e.Name = clean(e.Name, maxName)
		entity := ref{table().label[e.Kind], fold(e.Name, e.Kind)}
		if entity.label == "" || entity.key == "" {
			b.drop("entity without a name or of an unknown type")
			continue
		}
		entity.key = knownNames().id(entity)
		b.entities[e.ID], b.names[e.ID] = entity, e.Name
		if same[entity] == nil {
			order = append(order, entity)
		}
		same[entity] = append(same[entity], e)
	}
	for _, entity := range order {
		b.kinds[entity] = same[entity][0].Kind
		b.share(entity, nil)
		b.connect(typeMentions, entity, b.mentionProps(same[entity]))
	}
}

// mentionProps says what the article says of one entity; the first of several
// that are the same leads.
func (b *builder) mentionProps(same []extract.Entity) map[string]any {
	var (
		others []string
		count  int
		first  any
	)
	for _, e := range same {
		others = append(append(others, e.Name), e.Aliases...)
		for _, m := range e.Mentions {
			if at := b.points.at(m.Start); first == nil || at < first.(int) {
				first = at
			}
			count++
		}
	}
	props := map[string]any{
		"as": string(same[0].Kind), "count": count, "first": first,
		"name": same[0].Name, "aliases": aliases(same[0].Name, others), "about": nil, "acronym": nil, "key": nil,
	}
	for _, p := range table().stated {
		if _, ok := props[p.Name]; ok {
			continue
		}
		props[p.Name] = nil
		for _, e := range slices.Backward(same) {
			if v := attribute(p, e.Attributes[p.Name]); v != nil {
				props[p.Name] = v
			}
		}
	}
	return props
}
