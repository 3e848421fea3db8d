package page

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/breachgraph/breachgraph/ingest"
)

const (
	// These bound what is looked at, as the time and memory that finding a
	// body takes grow faster than any of them: bytes of text, nodes, and the
	// sums over both of how deep they lie. The largest real pages have a tenth.
	maxText      = 2 << 20
	maxNodes     = 200_000
	maxTextDepth = 64 << 20
	maxNodeDepth = 4_000_000
	// maxTime is how long one page may take.
	maxTime = 30 * time.Second
	// minProse is how many words outside of links make an article, unless the
	// page says that it is one.
	minProse = 20
)

// Read reads a saved page as an article. address is where the page was fetched
// from, empty for a file; the page's own word on its address comes first. Of a
// page without an article it gives what can be told ([ingest.Article.Check]
// tells). It is an error if the page is too large or too deep (512 open
// elements), or takes longer than 30 seconds.
//
// The text is the title, the subtitle and the body, parted by blank lines. ID
// and Path are left to [ingest.Reader].
func Read(ctx context.Context, raw []byte, address string) (ingest.Article, error) {
	return ReadWithin(ctx, raw, address, "")
}

// ReadWithin is Read for a page of which it is known where its body is: in the
// elements that a CSS selector finds. It looks at all of the page if the selector
// is empty, finds nothing or is none.
func ReadWithin(ctx context.Context, raw []byte, address, selector string) (ingest.Article, error) {
	doc, err := parse(raw)
	if err != nil {
		return ingest.Article{}, err
	}
	h := readHead(goquery.NewDocumentFromNode(doc), address)
	words := readText(doc, h.base)
	a := ingest.Article{
		URL: h.url, Original: h.original(address), Title: h.title, Published: h.published(), Authors: h.authors(), Tags: h.tags(),
		Publication: ingest.Publication{Name: h.publication()},
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	doc = within(doc, selector)
	c, err := extractContent(ctx, doc, a.Published.IsZero())
	if err != nil {
		return ingest.Article{}, err
	}
	// A guessed first of January is a year in a copyright notice.
	if a.Published.IsZero() && c.date.YearDay() != 1 {
		a.Published = c.date
	}
	a.Modified = h.modified(a.Published)
	body := restored(doc, paragraphs(c.node))
	words.alignLinks(body)
	if a.Authors == nil {
		a.Authors = topByline(body)
	}
	a.Subtitle, body = h.withoutFurniture(body, a.Authors)
	if !h.saysArticle() && min(words.prose, prose(body)) < minProse {
		body = nil
	}
	a.Stub = h.stub(body)
	compose(&a, body)
	a.Language = h.language(c.language, len(a.Text))
	return a, nil
}

// within gives a page whose body is no more than what the selector finds.
func within(doc *html.Node, selector string) *html.Node {
	if selector == "" {
		return doc
	}
	matcher, err := cascadia.Compile(selector)
	if err != nil {
		return doc
	}
	page := goquery.CloneDocument(goquery.NewDocumentFromNode(doc))
	chosen := page.FindMatcher(matcher)
	if strings.TrimSpace(chosen.Text()) == "" {
		return doc
	}
	body := page.Find("body")
	kept := chosen.Clone()
	body.Children().Remove()
	body.AppendSelection(kept)
	return page.Nodes[0]
}

// parse gives a page as a tree that is safe to work on.
func parse(raw []byte) (*html.Node, error) {
	source, err := decode(raw)
	if err != nil {
		return nil, err
	}
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	if err := checkSize(doc); err != nil {
		return nil, err
	}
	nameElements(doc)
	return doc, nil
}

// checkSize refuses a page that would take too long or too much memory.
func checkSize(doc *html.Node) error {
	text, nodes, textDepth, nodeDepth := 0, 0, 0, 0
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		nodes++
		nodeDepth += depth
		if n.Type == html.TextNode && !isSilent(n.Parent) {
			text += len(n.Data)
			textDepth += depth * len(n.Data)
		}
		for c := range n.ChildNodes() {
			walk(c, depth+1)
		}
	}
	walk(doc, 0)
	switch {
	case text > maxText:
		return fmt.Errorf("holds more than %d MiB of text", maxText>>20)
	case nodes > maxNodes:
		return fmt.Errorf("holds more than %d elements", maxNodes)
	case textDepth > maxTextDepth || nodeDepth > maxNodeDepth:
		return errors.New("is nested too deeply for its size")
	}
	return nil
}

// nameElements gives elements of a page's own making the names of known ones:
// go-trafilatura loses what stands in the others and after them.
func nameElements(doc *html.Node) {
	var own []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && strings.Contains(n.Data, "-") {
			own = append(own, n)
		}
	}
	// Inner ones first: what they become decides what the outer ones do.
	for _, n := range slices.Backward(own) {
		n.Data, n.DataAtom = "span", atom.Span
		for c := range n.ChildNodes() {
			if c.Type == html.ElementNode && !isInline(c) {
				n.Data, n.DataAtom = "div", atom.Div
				break
			}
		}
	}
}

// compose writes the text of a with its links.
func compose(a *ingest.Article, body []paragraph) {
	var b strings.Builder
	var links []ingest.Link
	for i, p := range body {
		if i > 0 {
			b.WriteString("\n\n")
		}
		for _, l := range p.links {
			if l.url == "" {
				continue
			}
			links = append(links, ingest.Link{Start: b.Len() + l.start, End: b.Len() + l.end, URL: l.url})
		}
		b.WriteString(p.text)
	}
	a.Text, a.BodyStart = ingest.Compose(a.Title, a.Subtitle, b.String())
	for i := range links {
		links[i].Start += a.BodyStart
		links[i].End += a.BodyStart
	}
	a.Links = links
}
