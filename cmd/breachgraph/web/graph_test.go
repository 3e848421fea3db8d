package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/breachgraph/breachgraph/graph"
)

const hostile = "</script><script>alert(1)</script>"

func part() (nodes []graph.PartNode, edges []graph.PartEdge) {
	node := func(label, key, caption string) {
		nodes = append(nodes, graph.PartNode{ID: label + ":" + key, Label: label, Labels: []string{label}, Props: map[string]any{"id": key, "name": caption, "text": caption, "label": caption}})
	}
	fact := func(kind, from, to, status string) {
		edges = append(edges, graph.PartEdge{Type: kind, From: from, To: to, Props: map[string]any{"status": status, "denied": status == "denied", "first": "2021-08-27"},
			Evidence: []graph.Evidence{{Text: "So says " + hostile, Article: "https://news.example/1", Published: "2021-08-27T00:00:00Z"}, {Text: "Again.", Article: "javascript:alert(1)"}}})
	}
	node("Organization", "acme", hostile)
	node("Organization", "alone", "Not joined")
	node("Group", "crew", "Crew")
	node("Breach", "b", "Acme breach")
	node("DataType", "ssn", "Social Security number")
	node("Claim", "c", "no part of the drawing")
	fact("SUFFERED", "Organization:acme", "Breach:b", "confirmed")
	fact("ATTACKED", "Group:crew", "Breach:b", "alleged")
	fact("EXPOSED", "Breach:b", "DataType:ssn", "denied")
	edges = append(edges, graph.PartEdge{Type: "SUBJECT", From: "Claim:c", To: "Organization:acme"})
	return nodes, edges
}

func each[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}

func graphPageOf(t *testing.T) []byte {
	t.Helper()
	nodes, edges := part()
	var out bytes.Buffer
	if err := WriteGraph(&out, hostile, each(nodes), each(edges)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestGraphTooLarge(t *testing.T) {
	nodes, edges := part()
	for i := range maxDrawn + 1 {
		id := fmt.Sprint("DataType:", i)
		edges = append(edges, graph.PartEdge{Type: "EXPOSED", From: "Breach:b", To: id})
	}
	if err := WriteGraph(io.Discard, "", each(nodes), each(edges)); err == nil || !strings.Contains(err.Error(), "choose a smaller part") {
		t.Errorf("page of %d facts: %v", len(edges), err)
	}
	if err := WriteGraph(io.Discard, "", each(nodes), each(edges[:0])); err == nil {
		t.Error("a page without a fact gives no error")
	}
	broken := errors.New("broken")
	failing := func(yield func(graph.PartNode, error) bool) { yield(graph.PartNode{}, broken) }
	if err := WriteGraph(io.Discard, "", failing, each(edges[:3])); !errors.Is(err, broken) {
		t.Errorf("page of nodes that cannot be read: %v", err)
	}
}

func TestGraphInBrowser(t *testing.T) {
	browser := browser(t)
	page := graphPageOf(t)
	t.Run("drawing", func(t *testing.T) { testDrawing(openPage(t, browser, page)) })
	t.Run("by keyboard", func(t *testing.T) { testGraphKeyboard(openPage(t, browser, page)) })
	t.Run("by mouse", func(t *testing.T) { testGraphMouse(openPage(t, browser, page)) })
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) { testContrast(openPage(t, browser, page, colorScheme(scheme)), scheme) })
	}
	t.Run("phone", func(t *testing.T) { testPhone(openPage(t, browser, page, phone(360, 740))) })
}

func testDrawing(b *tab) {
	if got := eval[string](b, `drawing.nodes().length + " " + drawing.edges().length + " " + document.querySelectorAll("[data-node]").length`); got != "4 3 4" {
		b.Errorf("nodes and edges drawn, nodes listed: %s, want 4 3 4", got)
	}
	if got := eval[string](b, `document.querySelector("h1").textContent`); got != hostile {
		b.Errorf("heading reads %q", got)
	}
	if got := eval[int](b, `[...document.links].filter(a => a.protocol === "javascript:").length`); got != 0 {
		b.Errorf("%d links run a script", got)
	}
	if got := eval[int](b, `new Set(drawing.nodes().map(n => Math.round(n.position().x) + " " + Math.round(n.position().y))).size`); got != 4 {
		b.Errorf("nodes stand in %d places, want 4", got)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.dialogs) > 0 || len(b.requests) != 1 {
		b.Errorf("page showed dialogs %q and asked for %d things, want none and itself", b.dialogs, len(b.requests))
	}
}

// shownFacts are the types of the facts that the list shows.
func shownFacts(b *tab) string {
	return strings.Join(eval[[]string](b, `[...document.querySelectorAll("aside ol > li:not([hidden]) button code")].map(e => e.textContent)`), " ")
}

func testGraphKeyboard(b *tab) {
	reached := map[string]bool{}
	for range eval[int](b, `document.querySelectorAll("button, input, a").length`) {
		b.do(chromedp.KeyEvent(kb.Tab))
		id := eval[string](b, `document.activeElement.id`)
		reached[id] = true
		if id == "n1" { // the crew
			b.do(chromedp.KeyEvent(kb.Enter))
			if got := shownFacts(b); got != "ATTACKED" {
				b.Errorf("facts shown for the crew: %s", got)
			}
			b.do(chromedp.KeyEvent(kb.Escape))
			if got := shownFacts(b); got != "SUFFERED ATTACKED EXPOSED" {
				b.Errorf("facts shown for nothing: %s", got)
			}
		}
	}
	for _, id := range []string{"find", "all", "n0", "n1", "n2", "n3", "e0", "e1", "e2"} {
		if !reached[id] {
			b.Errorf("Tab does not reach %s", id)
		}
	}
}

func testGraphMouse(b *tab) {
	at := eval[[]float64](b, `(() => { const r = drawing.container().getBoundingClientRect(), p = drawing.getElementById("n2").renderedPosition(); return [r.x + p.x, r.y + p.y]; })()`)
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		return chromedp.Do(ctx, chromedp.MouseClickXY(at[0], at[1]))
	}))
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Poll[bool](`document.activeElement.id === "n2" && document.activeElement.getAttribute("aria-pressed") === "true"`)(ctx, target)
		return err
	}))
	if got := shownFacts(b); got != "SUFFERED ATTACKED EXPOSED" {
		b.Errorf("facts shown for the breach: %s", got)
	}
	eval[string](b, `(e => { e.value = "crew"; e.dispatchEvent(new Event("input")); return ""; })(document.getElementById("find"))`)
	if got := eval[int](b, `document.querySelectorAll("aside ul li:not([hidden])").length`); got != 1 {
		b.Errorf("%d things are found by crew, want 1", got)
	}
}
