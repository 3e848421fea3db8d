package web

import (
	"math"

	"github.com/breachgraph/breachgraph/extract"
)

// A drawing is a small picture of the article's graph: breaches in the middle,
// what claims tie to them around.
type drawing struct {
	Width, Height int
	Nodes         []dot
	Edges         []line
}

type dot struct {
	X, Y        float64
	R           int
	Kind, Label string
	Target      string
}

type line struct {
	X1, Y1, X2, Y2, LabelX, LabelY float64
	Label, Status                  string
}

const (
	drawingWidth, drawingHeight = 640, 420
	maxDots                     = 26 // more would only be a tangle
)

// draw lays the parties and values of r's claims on an ellipse around its
// breaches.
func draw(r extract.Result, names map[string]string) drawing {
	d := drawing{Width: drawingWidth, Height: drawingHeight}
	kinds := make(map[string]string)
	for _, e := range r.Entities {
		kinds[e.ID] = string(e.Kind)
	}
	place := make(map[string]int)
	add := func(id, kind, target string, x, y float64, radius int) {
		place[id] = len(d.Nodes)
		d.Nodes = append(d.Nodes, dot{x, y, radius, kind, shorten(names[id]), target})
	}
	for i, b := range r.Breaches {
		x := float64(drawingWidth) * float64(i+1) / float64(len(r.Breaches)+1)
		add(b.ID, "breach", b.ID, x, drawingHeight/2, 18)
	}
	var around []string
	claimOf := make(map[string]string) // the first claim about each
	for _, c := range r.Claims {
		for _, id := range []string{c.Subject, c.Object} {
			if _, center := place[id]; center || claimOf[id] != "" || id == extract.ArticleSubject || c.Type == extract.Cites || len(around) == maxDots {
				continue
			}
			claimOf[id] = c.ID
			around = append(around, id)
		}
	}
	for i, id := range around {
		angle := 2*math.Pi*float64(i)/float64(len(around)) - math.Pi/2
		kind, target := kinds[id], id
		if kind == "" {
			kind, target = "value", claimOf[id]
			for _, f := range r.Figures {
				if f.ID == id {
					kind, target = "figure", id
				}
			}
		}
		add(id, kind, target, drawingWidth/2+math.Cos(angle)*(drawingWidth/2-70), drawingHeight/2+math.Sin(angle)*(drawingHeight/2-36), 9)
	}
	for _, c := range r.Claims {
		from, ok := place[c.Subject]
		to, both := place[c.Object]
		if !ok || !both {
			continue
		}
		a, b := d.Nodes[from], d.Nodes[to]
		d.Edges = append(d.Edges, line{a.X, a.Y, b.X, b.Y, (a.X + b.X) / 2, (a.Y+b.Y)/2 - 3, string(c.Type), string(c.Status)})
	}
	return d
}

// shorten keeps a label readable beside its dot.
func shorten(s string) string {
	const most = 24
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}
