package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/graph"
)

// The library's own decoder of XML has an encoder to match, but that wants a
// whole element in memory and knows no namespaces of attributes; a dozen fixed
// elements are written more simply by hand.

// GraphML writes the part as GraphML. Gephi finds captions in the attribute
// label, yEd captions and colours in its own extension of the format; labels and
// types are attributes too. A list is one text, parted by semicolons.
func GraphML(w io.Writer, nodes Nodes, edges Edges) error {
	out := bufio.NewWriter(w)
	x := graphML{printer: printer{w: out}, nodeKeys: keysOf(nodeProps()), edgeKeys: keysOf(edgeProps())}
	x.head()
	for n, err := range nodes {
		if err != nil {
			return err
		}
		if x.node(n); x.err != nil {
			return fmt.Errorf("write GraphML: %w", x.err)
		}
	}
	for e, err := range edges {
		if err != nil {
			return err
		}
		if x.edge(e); x.err != nil {
			return fmt.Errorf("write GraphML: %w", x.err)
		}
	}
	x.printf("</graph>\n</graphml>\n")
	if x.err == nil {
		x.err = out.Flush()
	}
	if x.err != nil {
		return fmt.Errorf("write GraphML: %w", x.err)
	}
	return nil
}

type graphML struct {
	printer
	nodeKeys, edgeKeys []key
	edges              int
}

// A key is an attribute, and the type that all labels, or types, agree on.
type key struct{ name, kind string }

// kinds are the types of GraphML by those of the graph; all others are texts.
var kinds = map[string]string{"INTEGER": "long", "FLOAT": "double", "BOOLEAN": "boolean"}

func nodeProps() []graph.Property {
	var out []graph.Property
	for _, n := range graph.Nodes() {
		out = append(append(out, graph.Property{Name: n.Key, Type: "STRING"}), n.Props...)
	}
	return out
}

func edgeProps() []graph.Property {
	var out []graph.Property
	for _, e := range graph.Edges() {
		out = append(out, e.Props...)
	}
	return out
}

// keysOf makes an attribute of each name among props. Gephi takes two attributes
// of one name for one, so where types differ it is a text.
func keysOf(props []graph.Property) []key {
	types := map[string]string{}
	var names []string
	for _, p := range props {
		kind := kinds[p.Type]
		if kind == "" {
			kind = "string"
		}
		switch before, ok := types[p.Name]; {
		case !ok:
			names = append(names, p.Name)
			types[p.Name] = kind
		case before != kind:
			types[p.Name] = "string"
		}
	}
	slices.Sort(names)
	var out []key
	for _, n := range names {
		out = append(out, key{n, types[n]})
	}
	return out
}

func (x *graphML) head() {
	x.printf(`%s<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:y="http://www.yworks.com/xml/graphml" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">
<key id="node" for="node" yfiles.type="nodegraphics"/>
<key id="edge" for="edge" yfiles.type="edgegraphics"/>
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="labels" for="node" attr.name="labels" attr.type="string"/>
<key id="elabel" for="edge" attr.name="label" attr.type="string"/>
<key id="evidence" for="edge" attr.name="evidence" attr.type="string"/>
`, xml.Header)
	for _, k := range x.nodeKeys {
		if k.name != "label" { // of canonical values, which is their caption
			x.printf("<key id=\"n-%s\" for=\"node\" attr.name=\"%s\" attr.type=\"%s\"/>\n", k.name, k.name, k.kind)
		}
	}
	for _, k := range x.edgeKeys {
		x.printf("<key id=\"e-%s\" for=\"edge\" attr.name=\"%s\" attr.type=\"%s\"/>\n", k.name, k.name, k.kind)
	}
	x.printf("<graph id=\"breachgraph\" edgedefault=\"directed\">\n")
}

func (x *graphML) node(n graph.PartNode) {
	look := graph.Look(n.Labels)
	caption := graph.Caption(n)
	x.printf("<node id=\"%s\">\n", escape(n.ID))
	x.data("node", fmt.Sprintf(`<y:ShapeNode><y:Fill color="%s" transparent="false"/><y:NodeLabel>%s</y:NodeLabel><y:Shape type="ellipse"/></y:ShapeNode>`,
		look.Color, escape(shortened(caption))))
	x.data("label", escape(caption))
	x.data("labels", escape(strings.Join(n.Labels, ";")))
	for _, k := range x.nodeKeys {
		if v := n.Props[k.name]; v != nil && k.name != "label" {
			x.data("n-"+k.name, escape(graph.Text(v, "; ")))
		}
	}
	x.printf("</node>\n")
}

func (x *graphML) edge(e graph.PartEdge) {
	x.edges++
	x.printf("<edge id=\"e%d\" source=\"%s\" target=\"%s\">\n", x.edges, escape(e.From), escape(e.To))
	x.data("edge", fmt.Sprintf(`<y:PolyLineEdge><y:Arrows source="none" target="standard"/><y:EdgeLabel>%s</y:EdgeLabel></y:PolyLineEdge>`, escape(e.Type)))
	x.data("elabel", escape(e.Type))
	for _, k := range x.edgeKeys {
		if v := e.Props[k.name]; v != nil {
			x.data("e-"+k.name, escape(graph.Text(v, "; ")))
		}
	}
	if len(e.Evidence) > 0 {
		x.data("evidence", escape(e.Evidence[0].Text))
	}
	x.printf("</edge>\n")
}

func (x *graphML) data(key, value string) {
	x.printf("<data key=\"%s\">%s</data>\n", key, value)
}

// escape makes s safe in XML; characters that XML cannot hold are replaced.
func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// captionRunes is how long a caption may be in a drawing.
const captionRunes = 40

func shortened(s string) string {
	runes := []rune(s)
	if len(runes) <= captionRunes {
		return s
	}
	return string(runes[:captionRunes-1]) + "…"
}
