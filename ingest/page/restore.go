package page

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxRestored   = 6  // blocks put back between two paragraphs
	restoredWords = 40 // a longer block is not a line of links
	maxBelow      = 3  // levels that blocks of one article lie apart
)

// restored returns body with the lines of links put back that go-trafilatura
// has dropped from between two paragraphs: it takes what is mostly links for
// navigation, but a line in the midst of an article is a source or a see-also.
func restored(doc *html.Node, body []paragraph) []paragraph {
	page := paragraphs(doc)
	places := map[string][]int{}
	for i, p := range page {
		places[p.text] = append(places[p.text], i)
	}
	var out []paragraph
	next, last := 0, -1 // in page: where to look, and where the paragraph before was
	for _, p := range body {
		same := places[p.text]
		i, _ := slices.BinarySearch(same, next)
		if i == len(same) {
			out, last = append(out, p), -1
			continue
		}
		at := same[i]
		if last >= 0 && at-last-1 <= maxRestored {
			out = append(out, linesBetween(page[last:at+1])...)
		}
		out, last, next = append(out, p), at, at+1
	}
	return out
}

// linesBetween are the lines of links between the first and the last paragraph
// of page, which are neighbours in the body, if all stand closely below one
// element.
func linesBetween(page []paragraph) []paragraph {
	last := page[len(page)-1].block
	common := page[0].block
	for range maxBelow {
		if common != nil && !isBelow(last, common) {
			common = common.Parent
		}
	}
	if common == nil || !isBelow(last, common) {
		return nil
	}
	var out []paragraph
	for _, p := range page[1 : len(page)-1] {
		if p.block != common && isBelow(p.block, common) && isLineOfLinks(p) {
			p.amid = true
			out = append(out, p)
		}
	}
	return out
}

// isBelow reports whether n is top or stands closely below it.
func isBelow(n, top *html.Node) bool {
	for range maxBelow {
		if n == nil || n == top {
			break
		}
		n = n.Parent
	}
	return n == top
}

// isLineOfLinks reports whether p is a block of its own, and most of its words
// are in links.
func isLineOfLinks(p paragraph) bool {
	all, linked := len(strings.Fields(p.text)), 0
	for n := range p.block.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "a":
			linked += len(strings.Fields(visibleText(n)))
		case !isInline(n) && n.Data != "br":
			return false
		}
	}
	return all <= restoredWords && linked*2 >= all
}
