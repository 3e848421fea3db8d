package page

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	readability "codeberg.org/readeck/go-readability/v2"
	trafilatura "github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// A content is what go-trafilatura makes of a page.
type content struct {
	node     *html.Node // the body; nil where it found none
	language string     // told by the words of the body
	date     time.Time  // a guess, where it was asked for
}

// extractContent chooses the body of a page. Neither library it calls can be
// stopped, so the work is left to itself when ctx ends; the caller must not use
// doc any more then. What is left running is bounded by the size of the page.
func extractContent(ctx context.Context, doc *html.Node, guessDate bool) (content, error) {
	if err := ctx.Err(); err != nil {
		return content{}, err
	}
	type outcome struct {
		content
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		var out outcome
		defer func() {
			if r := recover(); r != nil {
				out = outcome{err: fmt.Errorf("find the body: panic: %v", r)}
			}
			done <- out
		}()
		out.content = chooseContent(doc, guessDate)
	}()
	select {
	case out := <-done:
		return out.content, out.err
	case <-ctx.Done():
		return content{}, fmt.Errorf("find the body: %w", ctx.Err())
	}
}

func chooseContent(doc *html.Node, guessDate bool) content {
	opts := trafilatura.Options{
		EnableFallback:  true,
		ExcludeComments: true,
		HtmlDateMode:    trafilatura.Disabled,
	}
	if guessDate {
		opts.HtmlDateMode = trafilatura.Extensive
	}
	// go-trafilatura's own fallback is an older port of the same algorithm; it
	// does worse and is skipped where it is given this one.
	if a, err := readability.FromDocument(doc, nil); err == nil && a.Node != nil {
		opts.FallbackCandidates = &trafilatura.FallbackCandidates{Readability: a.Node}
	}
	result, err := trafilatura.ExtractDocument(doc, opts)
	if err != nil {
		return content{} // its only errors are that it found nothing
	}
	return content{result.ContentNode, result.Metadata.Language, result.Metadata.Date}
}

// A paragraph is one block of the body.
type paragraph struct {
	text    string
	heading bool
	links   []link
	block   *html.Node // that it stands in
	amid    bool       // whether it is a line of links in the midst of an article
}

// A link is an anchor within a paragraph.
type link struct {
	start, end int // bytes of the paragraph's text
	url        string
}

// paragraphs writes the blocks below n as text, in their order.
func paragraphs(n *html.Node) []paragraph {
	w := &blockWriter{}
	if n != nil {
		w.block = n
		w.walk(n)
		w.flush()
	}
	return w.out
}

type blockWriter struct {
	line    strings.Builder
	heading bool
	block   *html.Node
	out     []paragraph
}

func (w *blockWriter) walk(n *html.Node) {
	block := false
	switch {
	case n.Type == html.TextNode:
		// A line end in the source is a blank; from here on one is a break.
		w.line.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
		return
	case n.Type != html.ElementNode:
	case isSilent(n):
		return
	case n.Data == "br":
		w.line.WriteByte('\n')
		return
	case isCell(n):
		if strings.TrimSpace(w.line.String()) != "" {
			w.line.WriteString(" | ")
		}
	default:
		block = !isInline(n)
	}
	outer := w.block
	if block {
		w.flush()
		w.heading, w.block = isHeading(n), n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
	if block {
		w.flush()
		w.block = outer
	}
}

// flush ends the paragraph. An empty line made of breaks parts two of them, a
// single break stays one.
func (w *blockWriter) flush() {
	var lines []string
	end := func() {
		if len(lines) > 0 {
			w.out = append(w.out, paragraph{text: strings.Join(lines, "\n"), heading: w.heading, block: w.block})
		}
		lines = nil
	}
	for l := range strings.SplitSeq(w.line.String(), "\n") {
		if l = cleanLine(l); l == "" {
			end()
			continue
		}
		lines = append(lines, l)
	}
	end()
	w.line.Reset()
	w.heading = false
}

// cleanLine joins words by single blanks and drops characters that show
// nothing.
func cleanLine(s string) string {
	return oneLine(strings.Map(func(r rune) rune {
		switch {
		case r == '\u00ad' || r == '\u200b' || r == '\u2060' || r == '\ufeff':
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s))
}

// isCell reports whether n is a cell that shares its line with others, rather
// than one that lays out a page.
func isCell(n *html.Node) bool {
	if n.Data != "td" && n.Data != "th" {
		return false
	}
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && !isInline(c) && c.Data != "br" {
			return false
		}
	}
	return true
}

func isHeading(n *html.Node) bool {
	return len(n.Data) == 2 && n.Data[0] == 'h' && '1' <= n.Data[1] && n.Data[1] <= '6'
}
