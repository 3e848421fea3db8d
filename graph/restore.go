package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
)

// A Record is all that one article says, as the graph holds it, or a merge or
// correction that the graph keeps. What the graph
// does not hold, the article's text, is not needed to load it again:
// [DB.LoadItems] of all records of a graph makes that graph, but for the
// numbering of breaches.
type Record struct {
	doc  *document
	kept *keptNode // instead of doc
}

// maxOwnKey bounds the keys that a record may give its claims and figures, in
// bytes.
const maxOwnKey = 100

// ParseRecord reads a line that [Part.Records] gave.
func ParseRecord(line []byte) (*Record, error) {
	var in jsonRecord
	values := json.NewDecoder(bytes.NewReader(line))
	values.UseNumber() // an integer need not fit into a float
	if err := values.Decode(&in); err != nil {
		return nil, fmt.Errorf("read record: %w", err)
	}
	if in.Record != recordVersion {
		return nil, fmt.Errorf("read record: it has form %d, and this program reads form %d; export the graph again", in.Record, recordVersion)
	}
	if in.Kept != nil {
		r, err := parseKept(in.Kept)
		if err != nil {
			return nil, fmt.Errorf("read record: %w", err)
		}
		return r, nil
	}
	key, _ := in.Article["url"].(string)
	if key == "" || len(key) > maxURL {
		return nil, errors.New("read record: the article has no url that can be its key")
	}
	d := &document{self: ref{labelArticle, key}, source: key, kinds: map[ref]extract.Kind{}, dropped: map[string]int{}}
	r := recordReader{document: d, shared: map[ref]bool{}}
	if err := r.read(in); err != nil {
		return nil, fmt.Errorf("read record of %s: %w", key, err)
	}
	return &Record{doc: d}, nil
}

// A recordReader fills a document from a record.
type recordReader struct {
	*document
	shared map[ref]bool
	err    error
}

func (r *recordReader) read(in jsonRecord) error {
	delete(in.Article, "url")
	r.props = r.values(labelArticle, in.Article)
	if r.props["formerCaptures"] == nil {
		delete(r.props, "formerCaptures") // those that the graph has are kept
	}
	r.hash, _ = r.props["extractionHash"].(string)
	for _, list := range []string{"links", "linkTexts"} {
		if r.props[list] == nil {
			r.props[list] = []string{}
		}
	}
	if r.err != nil {
		return r.err
	}
	if len(r.props["links"].([]string)) != len(r.props["linkTexts"].([]string)) || r.hash == "" {
		return errors.New("links, linkTexts or extractionHash is missing")
	}
	for _, e := range in.Edges {
		r.edge(e)
	}
	for _, props := range in.Reports {
		r.report(props)
	}
	for _, f := range in.Figures {
		r.figure(f)
	}
	for _, c := range in.Claims {
		r.claim(c)
	}
	return r.err
}

// fail keeps the first error.
func (r *recordReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// node is the node that a record names, which must be of one of some labels.
func (r *recordReader) node(name string, labels ...string) ref {
	label, key, _ := strings.Cut(name, ":")
	for _, l := range labels {
		n := table().node[l]
		if (l == label || n.Parent == label) && key != "" && len(key) <= maxURL {
			return ref{label, key}
		}
	}
	r.fail("%.80q is not a node of %s", name, strings.Join(labels, ", "))
	return ref{}
}

// share adds a node that other articles may name too.
func (r *recordReader) share(n ref) {
	if r.shared[n] || n.label == labelArticle || n.label == labelBreach || n.label == labelFigure || n.label == "" {
		return
	}
	r.shared[n] = true
	row := nodeRow{ref: n}
	if v, ok := table().value[n]; ok {
		row.props = valueProps(n, v)
	}
	r.document.shared = append(r.document.shared, row)
}

func (r *recordReader) edge(e jsonEdge) {
	declared, ok := table().types[e.Type]
	if !ok || !declared.own() {
		r.fail("%.80q is no type of relationship that an article has of its own", e.Type)
		return
	}
	to := r.node(e.To, declared.To...)
	r.share(to)
	props := r.values(e.Type, e.Props)
	switch e.Type {
	case typePublishedBy:
		r.kinds[to] = extract.Outlet
	case typeWrittenBy:
		r.kinds[to] = extract.Person
	case typeMentions:
		as, _ := props["as"].(string)
		r.kinds[to] = extract.Kind(as)
	}
	r.edges = append(r.edges, edgeRow{e.Type, r.self, to, props})
}

func (r *recordReader) report(in jsonProps) {
	published, _ := r.props["published"].(time.Time)
	r.reports = append(r.reports, readReport(&neo4j.Record{
		Keys:   []string{"article", "published", "report"},
		Values: []any{r.self.key, published, asRead(r.values(typeReports, in))},
	}))
}

func (r *recordReader) figure(f jsonFigure) {
	id := r.own(labelFigure, f.ID)
	props := r.values(labelFigure, f.Props)
	for _, p := range []string{"low", "high", "value"} { // records of earlier versions have no size
		if props[p] != nil {
			props["size"] = props[p]
		}
	}
	r.figures = append(r.figures, nodeRow{id, props})
	r.saidBy(id, f.SaidBy)
	for _, other := range f.SupersededBy {
		r.edges = append(r.edges, edgeRow{typeSupersededBy, id, r.own(labelFigure, other), map[string]any{}})
	}
}

// own is a node of the article's own.
func (r *recordReader) own(label, id string) ref {
	if id == "" || len(id) > maxOwnKey {
		r.fail("a %s has no id", label)
	}
	return ref{label, id}
}

func (r *recordReader) saidBy(what ref, names []string) {
	for _, name := range names {
		speaker := r.node(name, table().types[typeSaidBy].To...)
		r.share(speaker)
		r.edges = append(r.edges, edgeRow{typeSaidBy, what, speaker, map[string]any{}})
	}
}

func (r *recordReader) claim(c jsonClaim) {
	props := r.values(labelClaim, c.Props)
	predicate, _ := props["type"].(string)
	status, _ := props["status"].(string)
	edge, ok := table().types[predicate]
	start, placed := props["start"].(int64)
	if !ok || edge.Predicate == "" || !slices.Contains(statuses, extract.Status(status)) || !placed {
		r.fail("claim %.80q is of an unknown type or status, or stands nowhere", c.ID)
		return
	}
	props["start"] = int(start) // as rows of results have it
	if status == string(extract.Denied) {
		props["denied"] = true
	}
	row := claimRow{
		id: r.own(labelClaim, c.ID).key, predicate: edge.Predicate, denied: status == string(extract.Denied),
		subject: r.node(c.Subject, edge.From...), object: r.node(c.Object, edge.To...), props: props,
	}
	row.says = row.fact()
	r.share(row.subject)
	r.share(row.object)
	r.claims = append(r.claims, row)
	r.saidBy(ref{labelClaim, row.id}, c.SaidBy)
}

// values are the properties of a label or type, as the driver takes them; those
// that are absent are nil, so that a load also forgets.
func (r *recordReader) values(of string, in map[string]any) map[string]any {
	declared := table().types[of].Props
	if n, ok := table().node[of]; ok {
		declared = n.Props
	}
	out := make(map[string]any, len(declared))
	for _, p := range declared {
		out[p.Name] = nil
		if in[p.Name] != nil {
			v, err := typed(p.Type, in[p.Name])
			if err != nil {
				r.fail("%s of %s: %w", p.Name, of, err)
			}
			out[p.Name] = v
		}
	}
	return out
}

// typed is a value of JSON as a property of a type.
func typed(kind string, v any) (any, error) {
	s, isText := v.(string)
	n, isNumber := v.(json.Number)
	switch {
	case kind == str && isText:
		return cut(strings.ToValidUTF8(s, "\uFFFD"), maxText), nil
	case kind == date && isText:
		t, err := time.Parse(time.DateOnly, s)
		return day(t), err
	case kind == datetime && isText:
		t, err := time.Parse(time.RFC3339Nano, s)
		return moment(t), err
	case kind == integer && isNumber:
		return n.Int64()
	case kind == float && isNumber:
		return n.Float64()
	case kind == boolean:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case kind == strs:
		return typedList(v)
	}
	return nil, fmt.Errorf("%.80q is not of type %s", fmt.Sprint(v), kind)
}

func typedList(v any) (any, error) {
	list, ok := v.([]any)
	out := make([]string, len(list))
	for i, x := range list {
		s, isText := x.(string)
		ok = ok && isText
		out[i] = cut(strings.ToValidUTF8(s, "\uFFFD"), maxText)
	}
	if !ok {
		return nil, fmt.Errorf("%.80q is not a list of texts", fmt.Sprint(v))
	}
	return out, nil
}
