package web

import (
	"cmp"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/export"
)

// maxDrawn is how many nodes, and maxFacts how many facts, a page shows at most:
// more is slow to lay out, and a tangle.
const (
	maxDrawn = 600
	maxFacts = 3000
)

var graphPage = template.Must(template.New("graph.gohtml").ParseFS(files, "graph.gohtml"))

// WriteGraph writes one self-contained page with a drawing of a part of the
// graph: the entities, breaches, figures and values that facts join, and beside
// it lists of both with the sentences behind each fact. The lists can be read
// without JavaScript; the drawing needs it. An error tells of a part that is too
// large.
func WriteGraph(w io.Writer, title string, nodes export.Nodes, edges export.Edges) error {
	page := graphView{Title: title}
	style, err := files.ReadFile("graph.css")
	if err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	script, err := files.ReadFile("graph.js")
	if err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	library, err := files.ReadFile("cytoscape.min.js")
	if err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	page.Style, page.Script, page.Library = template.CSS(style), template.JS(script), template.JS(library)
	if err := page.fill(nodes, edges); err != nil {
		return err
	}
	if err := graphPage.Execute(w, page); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// A graphView is what the page's template shows.
type graphView struct {
	Title           string
	Style           template.CSS
	Script, Library template.JS
	Groups          []nodeGroup
	Facts           []factView
	Data            graphData
}

// A nodeGroup holds the nodes of one label.
type nodeGroup struct {
	Label, Color string
	Nodes        []nodeView
}

type nodeView struct {
	Place         int // in the data
	Caption, Note string
}

type factView struct {
	Place              int // in the data
	From, Type, To     string
	Status, Note       string
	FromPlace, ToPlace int
	Evidence           []graph.Evidence
}

// graphData is what the page's script draws.
type graphData struct {
	Nodes []drawnNode `json:"nodes"`
	Edges []drawnEdge `json:"edges"`
}

type drawnNode struct {
	Caption string `json:"caption"`
	Label   string `json:"label"`
	Color   string `json:"color"`
}

type drawnEdge struct {
	From   int    `json:"from"`
	To     int    `json:"to"`
	Type   string `json:"type"`
	Status string `json:"status"`
}

// fill takes in the facts and what they join.
func (v *graphView) fill(nodes export.Nodes, edges export.Edges) error {
	facts, used, err := factsOf(edges)
	if err != nil {
		return err
	}
	if len(used) > maxDrawn || len(facts) > maxFacts {
		return fmt.Errorf("draw %d facts between %d nodes: a page shows at most %d between %d; choose a smaller part, by company or query", len(facts), len(used), maxFacts, maxDrawn)
	}
	if len(facts) == 0 {
		return fmt.Errorf("draw: the part holds no fact")
	}
	places := map[string]int{}
	groups := map[string]*nodeGroup{}
	for n, err := range nodes {
		if err != nil {
			return err
		}
		if !used[n.ID] {
			continue
		}
		look := graph.Look(n.Labels)
		d := drawnNode{graph.Caption(n), look.Label, look.Color}
		places[n.ID] = len(v.Data.Nodes)
		if groups[d.Label] == nil {
			groups[d.Label] = &nodeGroup{Label: d.Label, Color: d.Color}
		}
		groups[d.Label].Nodes = append(groups[d.Label].Nodes, nodeView{len(v.Data.Nodes), d.Caption, noteOf(n)})
		v.Data.Nodes = append(v.Data.Nodes, d)
	}
	for _, n := range graph.Nodes() {
		if g := groups[n.Label]; g != nil {
			slices.SortStableFunc(g.Nodes, func(x, y nodeView) int { return cmp.Compare(x.Caption, y.Caption) })
			v.Groups = append(v.Groups, *g)
		}
	}
	for _, f := range facts {
		v.fact(f, places)
	}
	return nil
}

// factsOf keeps the facts among edges, and says which nodes they join. It stops
// to keep where there are too many, and still counts.
func factsOf(edges export.Edges) (facts []graph.PartEdge, used map[string]bool, err error) {
	isFact := map[string]bool{}
	for _, e := range graph.Edges() {
		isFact[e.Type] = e.Predicate != "" && e.From[0] != "Article"
	}
	used = map[string]bool{}
	for e, err := range edges {
		if err != nil {
			return nil, nil, err
		}
		if isFact[e.Type] && len(facts) <= maxFacts {
			facts = append(facts, e)
			used[e.From], used[e.To] = true, true
		}
	}
	return facts, used, nil
}

func (v *graphView) fact(e graph.PartEdge, places map[string]int) {
	from, to := places[e.From], places[e.To]
	status, _ := e.Props["status"].(string)
	v.Facts = append(v.Facts, factView{
		Place: len(v.Data.Edges), Type: e.Type, Status: status, Note: noteOfFact(e), FromPlace: from, ToPlace: to,
		From: v.Data.Nodes[from].Caption, To: v.Data.Nodes[to].Caption, Evidence: e.Evidence,
	})
	v.Data.Edges = append(v.Data.Edges, drawnEdge{from, to, e.Type, status})
}

// A noted property is one that a list shows, in words.
type noted struct{ property, words string }

// noteOf says what else there is to know of a node.
func noteOf(n graph.PartNode) string {
	out := notes(n.Props, []noted{{"sector", ""}, {"age", "age "}, {"occurredFrom", "from "}, {"occurredTo", "to "}, {"discovered", "discovered "},
		{"disclosed", "disclosed "}, {"attack", "ATT&CK "}, {"cve", ""}})
	if aliases, _ := n.Props["aliases"].([]any); len(aliases) > 0 {
		names := make([]string, len(aliases))
		for i, a := range aliases {
			names[i] = fmt.Sprint(a)
		}
		out = append(out, "also "+strings.Join(names, ", "))
	}
	return strings.Join(out, "; ")
}

func noteOfFact(e graph.PartEdge) string {
	return strings.Join(notes(e.Props, []noted{{"role", ""}, {"purpose", "for "}, {"title", ""}, {"provider", "by "}, {"duration", ""}, {"amount", ""},
		{"currency", ""}, {"first", "first said "}, {"last", "last said "}}), "; ")
}

func notes(props map[string]any, list []noted) []string {
	var out []string
	for _, n := range list {
		switch v := props[n.property].(type) {
		case nil:
		case float64:
			out = append(out, n.words+number(v))
		default:
			out = append(out, n.words+fmt.Sprint(v))
		}
	}
	return out
}
