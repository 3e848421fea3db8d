package graph

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
)

// WriteScript writes Cypher that makes, in an empty database, the graph that
// [DB.Load] would make of results; run again it changes nothing. It is for
// databases that only a browser or a shell can reach: it sees no other articles
// and can neither join theirs nor take back what a former version said.
// Articles that cannot be loaded are left out and returned. All of results is
// held in memory, since what several articles say comes into one node.
func WriteScript(w io.Writer, results iter.Seq[extract.Result]) ([]*ArticleError, error) {
	var refused []*ArticleError
	byKey := map[string]*document{}
	for r := range results {
		d, err := newDocument(r)
		if err != nil {
			refused = append(refused, &ArticleError{Article: cmp.Or(r.Article.ID, r.Article.URL, r.Article.Path), Err: err})
			continue
		}
		byKey[d.self.key] = d
	}
	s := script{w: bufio.NewWriter(w), articles: map[string]bool{}, nodes: map[ref]*scriptNode{}, facts: map[string]*scriptFact{}, reports: map[reportKey]string{}}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		s.docs, s.articles[key] = append(s.docs, byKey[key]), true
	}
	s.gatherBreaches()
	for _, d := range s.docs {
		s.gather(d)
	}
	s.supersede()
	s.write()
	if err := s.w.Flush(); err != nil {
		return refused, fmt.Errorf("write Cypher: %w", err)
	}
	return refused, nil
}

// A script is a graph on its way to Cypher.
type script struct {
	w        *bufio.Writer
	docs     []*document
	articles map[string]bool // keys of docs
	nodes    map[ref]*scriptNode
	facts    map[string]*scriptFact
	reports  map[reportKey]string // ids of breaches
	edges    []edgeRow
}

type scriptNode struct {
	props map[string]any
	said  []stated // of an entity, from which props are computed
}

type scriptFact struct {
	claimRow
	said []statedFact
}

// gatherBreaches finds out which breaches the articles tell of.
func (s *script) gatherBreaches() {
	var reports []report
	for _, d := range s.docs {
		reports = append(reports, d.reports...)
	}
	settled := settle(incidents(reports))
	christen(settled, map[string]bool{})
	for _, i := range settled {
		breach := ref{labelBreach, i.id}
		s.nodes[breach] = &scriptNode{props: describeBreach(i.reports)}
		for _, r := range i.reports {
			s.reports[reportKey{r.article, r.number}] = i.id
			s.edges = append(s.edges, edgeRow{typeReports, ref{labelArticle, r.article}, breach, r.props()})
		}
	}
}

// gather takes in one article.
func (s *script) gather(d *document) {
	s.nodes[d.self] = &scriptNode{props: d.props}
	for _, n := range d.shared {
		if s.nodes[n.ref] == nil {
			s.nodes[n.ref] = &scriptNode{props: n.props}
		}
	}
	for _, f := range d.figures {
		s.nodes[f.ref] = &scriptNode{props: f.props}
		s.edges = append(s.edges, edgeRow{typeStatedIn, f.ref, d.self, nil})
	}
	for _, e := range d.edges {
		s.edges = append(s.edges, e)
		if n := s.nodes[e.to]; e.from == d.self && table().entity[e.to.label] {
			n.said = append(n.said, stated{asRead(e.props), 1})
		}
	}
	for _, c := range d.claims {
		s.gatherClaim(d, c)
	}
	for i, url := range d.props["links"].([]string) {
		if to := (ref{labelArticle, url}); s.articles[url] {
			s.edges = append(s.edges, edgeRow{typeLinksTo, d.self, to, map[string]any{"text": d.props["linkTexts"].([]string)[i]}})
		}
	}
}

func (s *script) gatherClaim(d *document, c claimRow) {
	if number, _ := c.props["report"].(string); number != "" {
		c = c.about(s.reports[reportKey{d.self.key, number}])
	}
	claim := ref{labelClaim, c.id}
	props := maps.Clone(c.props)
	props["fact"] = c.fact()
	s.nodes[claim] = &scriptNode{props: props}
	s.edges = append(s.edges, edgeRow{typeStatedIn, claim, d.self, nil},
		edgeRow{typeSubject, claim, c.subject, nil}, edgeRow{typeObject, claim, c.object, nil})
	f := s.facts[c.fact()]
	if f == nil {
		f = &scriptFact{claimRow: c}
		s.facts[c.fact()] = f
	}
	f.said = append(f.said, c.stated(d))
}

// supersede adds to a script which figures are superseded by those of other
// articles.
func (s *script) supersede() {
	about, corrected, speakers := map[ref]ref{}, map[ref][]string{}, map[ref]ref{}
	for _, e := range s.edges {
		switch {
		case e.from.label != labelFigure:
		case e.kind == typeStatedIn:
			about[e.from] = e.to
		case e.kind == typeSaidBy:
			speakers[e.from] = e.to
		case e.kind == typeSupersededBy:
			corrected[e.from] = append(corrected[e.from], e.to.key)
		}
	}
	breaches, told := map[ref]int{}, map[ref][]*toldFigure{}
	for _, fact := range s.facts {
		if fact.predicate != extract.HasFigure || fact.denied {
			continue
		}
		breaches[fact.object]++
		f := newToldFigure(asRead(s.nodes[fact.object].props), speakers[fact.object].key)
		f.id, f.node, f.article, f.corrected = fact.object.key, fact.object.key, about[fact.object].key, corrected[fact.object]
		if speaker := speakers[fact.object]; speaker.key != "" {
			f.voice = speaker.String()
		}
		published, _ := s.nodes[about[fact.object]].props["published"].(time.Time)
		status, _ := describeFact(string(fact.predicate), fact.said)["status"].(string)
		f.tell(published, status)
		told[fact.subject] = append(told[fact.subject], f)
	}
	pairs := map[[2]string]bool{}
	for _, figures := range told {
		figures = slices.DeleteFunc(figures, func(f *toldFigure) bool { return !f.comparable() || breaches[ref{labelFigure, f.node}] != 1 })
		maps.Copy(pairs, supersessions(figures))
	}
	for _, p := range slices.SortedFunc(maps.Keys(pairs), comparePairs) {
		s.edges = append(s.edges, edgeRow{typeSupersededBy, ref{labelFigure, p[0]}, ref{labelFigure, p[1]}, nil})
	}
}

// asRead is what an article says, as the database would give it back: lists of
// texts are lists of anything.
func asRead(props map[string]any) map[string]any {
	out := maps.Clone(props)
	for name, v := range props {
		if list, ok := v.([]string); ok {
			values := make([]any, len(list))
			for i, s := range list {
				values[i] = s
			}
			out[name] = values
		}
	}
	return out
}

// scriptRows is how many nodes or relationships a statement of a script makes.
const scriptRows = 200

// write writes constraints, nodes and relationships, each kind in the order of
// its keys.
func (s *script) write() {
	for _, statement := range Schema() {
		fmt.Fprintf(s.w, "%s;\n", statement)
	}
	fmt.Fprintf(s.w, "MERGE (s:%s {id: %s}) ON CREATE SET s.version = %d;\n", labelSchema, quote(schemaKey), SchemaVersion)
	nodes, parts := map[string][]any{}, map[string][]any{}
	for _, r := range slices.SortedFunc(maps.Keys(s.nodes), ref.compare) {
		n := s.nodes[r]
		if n.said != nil {
			n.props = describe(r, n.said)
			for _, part := range partsOf(r.label, n.said) {
				parts[part] = append(parts[part], r.key)
			}
		}
		nodes[r.label] = append(nodes[r.label], map[string]any{"key": r.key, "props": n.props})
	}
	for _, n := range Nodes() {
		merged := cmp.Or(n.Parent, n.Label)
		key := table().node[merged].Key
		s.unwind(nodes[n.Label], fmt.Sprintf("MERGE (n:%s {%s: row.key}) SET n += row.props", n.Label, key))
		s.unwind(parts[n.Label], fmt.Sprintf("MATCH (n:%s {%s: row}) SET n:%s", merged, key, n.Label))
	}
	s.writeEdges()
}

// writeEdges writes relationships, of facts the affirmed and the denied apart.
func (s *script) writeEdges() {
	for _, key := range slices.Sorted(maps.Keys(s.facts)) {
		f := s.facts[key]
		s.edges = append(s.edges, edgeRow{string(f.predicate), f.subject, f.object, describeFact(string(f.predicate), f.said)})
	}
	rows := map[string][]any{}
	for _, e := range s.edges {
		key := ""
		if _, ok := e.props["denied"]; ok {
			key = " {denied: row.props.denied}"
		}
		statement := fmt.Sprintf("MATCH (s:%s {%s: row.from}), (t:%s {%s: row.to}) MERGE (s)-[r:%s%s]->(t) SET r += row.props",
			e.from.label, table().node[e.from.label].Key, e.to.label, table().node[e.to.label].Key, e.kind, key)
		rows[statement] = append(rows[statement], map[string]any{"from": e.from.key, "to": e.to.key, "props": e.props})
	}
	for _, statement := range slices.Sorted(maps.Keys(rows)) {
		s.unwind(rows[statement], statement)
	}
}

// unwind writes a statement over rows, some at a time and each on its line.
func (s *script) unwind(rows []any, statement string) {
	for part := range slices.Chunk(rows, scriptRows) {
		s.w.WriteString("UNWIND [\n")
		for i, r := range part {
			fmt.Fprintf(s.w, "  %s%s\n", literal(r), [...]string{",", ""}[(i+1)/len(part)])
		}
		fmt.Fprintf(s.w, "] AS row\n%s;\n", statement)
	}
}

// literal is a property or a map of them in Cypher. Absent ones are left out of
// a map.
func literal(v any) string {
	switch v := v.(type) {
	case string:
		return quote(v)
	case float64:
		return literalFloat(v)
	case time.Time:
		return "datetime('" + v.Format(time.RFC3339Nano) + "')"
	case neo4j.Date:
		return "date('" + v.String() + "')"
	case []string:
		return literalList(v)
	case []any:
		return literalList(v)
	case map[string]any:
		var fields []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if v[k] != nil {
				fields = append(fields, k+": "+literal(v[k]))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return fmt.Sprint(v) // integers and booleans
}

func literalList[T any](list []T) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = literal(v)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// literalFloat has a point or an exponent, without which it would be an integer.
func literalFloat(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return "null"
	}
	out := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(out, ".e") {
		out += ".0"
	}
	return out
}

// quote is s as a string. Whatever could end it or begin an escape is written
// as a Unicode escape, which the database reads before anything else: it takes even
// the u after an escaped backslash for one.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\\':
			b.WriteString(`\u005C\u005C`)
		case r == '\'':
			b.WriteString(`\u005C\u0027`)
		case r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}
