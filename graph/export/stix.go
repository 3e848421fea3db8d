package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachgraph/breachgraph/graph"
)

// space is the namespace of all ids, so that each export gives the same thing
// the same one.
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/breachgraph/breachgraph"))

// maxDetails is how many figures and kinds of data the description of an
// incident lists.
const maxDetails = 50

// STIX writes the part as one bundle of STIX 2.1: organisations and people as
// identities, groups as threat actors, breaches as incidents, methods as attack
// patterns, articles as reports, facts as relationships with their sentences as
// external references. A denied fact has no place in STIX and is left out;
// figures, kinds of data and what was offered come into descriptions. nodes and
// edges are ranged over twice. Articles without a date make no report, which
// must have one.
func STIX(w io.Writer, nodes Nodes, edges Edges) error {
	out := bufio.NewWriter(w)
	x := stix{printer: printer{w: out}, captions: map[string]string{}, articles: map[string]stixArticle{}, times: map[string]span{}, details: map[string][]string{}}
	x.printf("{\n\"type\": \"bundle\",\n\"id\": \"bundle--%s\",\n\"objects\": [", uuid.NewSHA1(space, []byte("bundle")))
	for _, pass := range []struct {
		node func(graph.PartNode)
		edge func(graph.PartEdge)
	}{{x.learnNode, x.learnEdge}, {x.node, x.edge}} {
		for n, err := range nodes {
			if err != nil {
				return err
			}
			pass.node(n)
		}
		for e, err := range edges {
			if err != nil {
				return err
			}
			pass.edge(e)
		}
	}
	x.report()
	x.printf("\n]\n}\n")
	if x.err == nil {
		x.err = out.Flush()
	}
	if x.err != nil {
		return fmt.Errorf("write STIX: %w", x.err)
	}
	return nil
}

type stix struct {
	printer
	some     bool
	captions map[string]string      // of figures and kinds of data
	articles map[string]stixArticle // that have a date
	times    map[string]span        // of nodes, from the articles that name them
	details  map[string][]string    // of breaches
	from     string                 // the article whose relationships come now
	refs     map[string]bool        // what it names
}

type stixArticle struct {
	title, published string
}

// A span is when something was first and last reported.
type span struct{ first, last string }

// undated stands for the time of what no dated article names.
const undated = "1970-01-01T00:00:00.000Z"

func (x *stix) learnNode(n graph.PartNode) {
	switch n.Label {
	case "Figure", "DataType", "Remedy":
		x.captions[n.ID] = graph.Caption(n)
	case "Article":
		if published := timestamp(n.Props["published"]); published != undated {
			x.articles[n.ID] = stixArticle{graph.Caption(n), published}
		}
	}
}

func (x *stix) learnEdge(e graph.PartEdge) {
	if a, ok := x.articles[e.From]; ok {
		s, known := x.times[e.To]
		if !known {
			s = span{a.published, a.published}
		}
		x.times[e.To] = span{min(s.first, a.published), max(s.last, a.published)}
	}
	subject := map[string]string{"HAS_FIGURE": "figure", "EXPOSED": "exposed"}[e.Type]
	if subject != "" && len(x.details[e.From]) < maxDetails {
		x.details[e.From] = append(x.details[e.From], fmt.Sprintf("%s: %s (%s)", subject, x.captions[e.To], graph.Text(e.Props["status"], "")))
	}
}

// timestamp is a moment or day in the form that STIX wants.
func timestamp(v any) string {
	s, _ := v.(string)
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Format("2006-01-02T15:04:05.000Z")
		}
	}
	return undated
}

// stixTypes are the types of objects by label.
var stixTypes = map[string]string{
	"Organization": "identity", "Person": "identity", "Group": "threat-actor", "Breach": "incident", "Method": "attack-pattern",
	"Malware": "malware", "Vulnerability": "vulnerability", "Article": "report",
}

// id is the id of the object that stands for a node, empty where there is none.
func (x *stix) id(node string) string {
	label, _, _ := strings.Cut(node, ":")
	kind := stixTypes[label]
	if _, dated := x.articles[node]; kind == "" || kind == "report" && !dated {
		return ""
	}
	return kind + "--" + uuid.NewSHA1(space, []byte(node)).String()
}

func (x *stix) object(kind, id string, when span, props map[string]any) {
	object := map[string]any{"type": kind, "spec_version": "2.1", "id": id, "created": when.first, "modified": when.last}
	maps.Copy(object, props)
	line, err := json.Marshal(object)
	if err != nil && x.err == nil {
		x.err = err
	}
	separator := "\n"
	if x.some {
		separator = ",\n"
	}
	x.some = true
	x.printf("%s%s", separator, line)
}

func (x *stix) node(n graph.PartNode) {
	id := x.id(n.ID)
	if id == "" || n.Label == "Article" {
		return
	}
	when, ok := x.times[n.ID]
	if !ok {
		when = span{undated, undated}
	}
	props := map[string]any{"name": graph.Caption(n)}
	aliases, _ := n.Props["aliases"].([]any)
	switch n.Label {
	case "Organization":
		props["identity_class"] = "organization"
	case "Person":
		props["identity_class"] = "individual"
	case "Group":
		addAliases(props, aliases)
	case "Malware":
		props["is_family"] = true
		addAliases(props, aliases)
	case "Vulnerability":
		addReference(props, "cve", n.Props["cve"])
	case "Method":
		addReference(props, "mitre-attack", n.Props["attack"])
	case "Breach":
		props["description"] = x.incident(n)
	}
	x.object(stixTypes[n.Label], id, when, props)
}

func addAliases(props map[string]any, aliases []any) {
	if len(aliases) > 0 {
		props["aliases"] = aliases
	}
}

func addReference(props map[string]any, source string, id any) {
	if s, ok := id.(string); ok && s != "" {
		props["external_references"] = []any{map[string]any{"source_name": source, "external_id": s}}
	}
}

// incident tells in words what STIX 2.1 has no properties for.
func (x *stix) incident(n graph.PartNode) string {
	var out []string
	for _, d := range []struct{ what, property string }{
		{"began", "occurredFrom"}, {"ended", "occurredTo"}, {"discovered", "discovered"}, {"disclosed", "disclosed"}, {"articles", "articles"},
	} {
		if v := n.Props[d.property]; v != nil {
			out = append(out, d.what+": "+graph.Text(v, ""))
		}
	}
	return strings.Join(append(out, x.details[n.ID]...), "\n")
}

// A relation says how a fact stands in STIX.
type relation struct {
	kind     string
	backward bool
}

// relations are the words of STIX where it has one.
var relations = map[string]relation{
	"SUFFERED": {"targets", true}, "ATTACKED": {"attributed-to", true}, "USED": {"uses", false}, "HIRED": {"hired", false},
	"INVESTIGATES": {"investigates", false}, "DISCOVERED": {"discovered", false}, "WORKS_FOR": {"works-for", false},
	"SUBSIDIARY_OF": {"subsidiary-of", false}, "FINED": {"fined", false}, "SUED": {"sued", false},
}

func (x *stix) edge(e graph.PartEdge) {
	if e.From != x.from {
		x.report()
		x.from, x.refs = e.From, map[string]bool{}
	}
	source, target := x.id(e.From), x.id(e.To)
	if source != "" && target != "" && strings.HasPrefix(source, "report--") && !strings.HasPrefix(target, "report--") {
		x.refs[target] = true
	}
	r, ok := relations[e.Type]
	if denied, _ := e.Props["denied"].(bool); !ok || denied || source == "" || target == "" {
		return
	}
	props := map[string]any{
		"relationship_type": r.kind, "source_ref": source, "target_ref": target, "description": particulars(e),
		"confidence": confidence(e.Props["confidence"]),
	}
	if r.backward {
		props["source_ref"], props["target_ref"] = target, source
	}
	if refs := references(e.Evidence); len(refs) > 0 {
		props["external_references"] = refs
	}
	first := timestamp(e.Props["first"])
	id := uuid.NewSHA1(space, []byte(e.Type+" "+e.From+" "+e.To))
	x.object("relationship", "relationship--"+id.String(), span{first, max(first, timestamp(e.Props["last"]))}, props)
}

// particulars are the properties of a fact that STIX has no place for.
func particulars(e graph.PartEdge) string {
	out := []string{graph.Text(e.Props["status"], "")}
	for _, name := range []string{"role", "purpose", "title", "amount", "currency"} {
		if v := e.Props[name]; v != nil {
			out = append(out, name+": "+graph.Text(v, ""))
		}
	}
	return strings.Join(out, "; ")
}

// confidence is a share in percent.
func confidence(v any) int {
	f, _ := v.(float64)
	return int(f*100 + 0.5)
}

func references(evidence []graph.Evidence) []any {
	var out []any
	for _, e := range evidence {
		ref := map[string]any{"source_name": e.Article, "description": e.Text}
		if u, err := url.Parse(e.Article); err == nil && u.Host != "" {
			ref["source_name"], ref["url"] = u.Host, e.Article
		}
		out = append(out, ref)
	}
	return out
}

// report writes the report that stands for the article whose relationships have
// come to an end. One that names nothing is none.
func (x *stix) report() {
	a, ok := x.articles[x.from]
	if !ok || len(x.refs) == 0 {
		return
	}
	_, address, _ := strings.Cut(x.from, ":")
	props := map[string]any{
		"name": a.title, "published": a.published, "report_types": []string{"threat-report"}, "object_refs": slices.Sorted(maps.Keys(x.refs)),
	}
	if refs := references([]graph.Evidence{{Article: address}}); refs[0].(map[string]any)["url"] != nil {
		delete(refs[0].(map[string]any), "description")
		props["external_references"] = refs
	}
	x.object("report", x.id(x.from), span{a.published, a.published}, props)
}
