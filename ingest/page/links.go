package page

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

const (
	contextWords = 5         // words looked at on each side of an anchor
	contextEqual = 3         // how many of them must be those of the text
	anchorWords  = 40        // longer anchors wrap a teaser
	maxCompared  = 4_000_000 // comparisons spent on the links of one page
)

// A word is a run of letters and digits of a body, and where it stands.
type word struct {
	text       string
	paragraph  int
	start, end int
}

// splitWords calls add with each word of s and its bytes. In scripts that do
// not part words each character is one.
func splitWords(s string, add func(start, end int)) {
	start := -1
	for i, r := range s {
		isWord := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		single := r > 0xff && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
		if start >= 0 && (!isWord || single) {
			add(start, i)
			start = -1
		}
		switch {
		case single && isWord:
			add(i, i+utf8.RuneLen(r))
		case isWord && start < 0:
			start = i
		}
	}
	if start >= 0 {
		add(start, len(s))
	}
}

// A pageText is the words of a page with the links among them.
type pageText struct {
	words   []string
	anchors []anchor
	prose   int // words outside of links
}

// An anchor is a link of the page: the words from to to lead to url, which is
// empty where that is not known.
type anchor struct {
	from, to int
	url      string
}

// readText lists the words of a page.
func readText(doc *html.Node, base *url.URL) *pageText {
	t := &pageText{}
	var walk func(n *html.Node, linked bool)
	walk = func(n *html.Node, linked bool) {
		switch {
		case n.Type == html.TextNode:
			from := len(t.words)
			splitWords(n.Data, func(start, end int) { t.words = append(t.words, n.Data[start:end]) })
			if !linked {
				t.prose += len(t.words) - from
			}
		case n.Type == html.ElementNode && isSilent(n):
			return
		}
		from := len(t.words)
		target, isLink := linkTarget(n, base)
		for c := range n.ChildNodes() {
			walk(c, linked || isLink)
		}
		if isLink && len(t.words) > from && len(t.words)-from <= anchorWords {
			t.anchors = append(t.anchors, anchor{from, len(t.words), target})
		}
	}
	walk(doc, false)
	return t
}

// linkTarget reports whether n is a link, and gives the absolute URL it leads
// to; empty where that is on the same page or not known.
func linkTarget(n *html.Node, base *url.URL) (target string, isLink bool) {
	if n.Type != html.ElementNode || n.Data != "a" {
		return "", false
	}
	for _, a := range n.Attr {
		if a.Key != "href" {
			continue
		}
		u := resolve(base, a.Val)
		if u == nil || strings.HasPrefix(strings.TrimSpace(a.Val), "#") || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
			return "", true
		}
		return u.String(), true
	}
	return "", false
}

// alignLinks finds the links of the page again in the paragraphs of its body
// and records them there: the extractor keeps no links, so an anchor is known
// by its words and by those around it.
func (t *pageText) alignLinks(body []paragraph) {
	var text []word
	places := make(map[string][]int)
	for i, p := range body {
		splitWords(p.text, func(start, end int) {
			w := word{p.text[start:end], i, start, end}
			places[w.text] = append(places[w.text], len(text))
			text = append(text, w)
		})
	}
	last, compared := 0, 0
	for _, a := range t.anchors {
		best, bestScore := -1, contextEqual-1
		for _, at := range places[t.words[a.from]] {
			if compared++; compared > maxCompared {
				return
			}
			score := anchorScore(text, t.words, a, at)
			// Of equals the first one after the link before is the likeliest.
			if score > bestScore || score == bestScore && best >= 0 && best < last && at >= last {
				best, bestScore = at, score
			}
		}
		if best < 0 {
			continue
		}
		first, final := text[best], text[best+a.to-a.from-1]
		p := &body[first.paragraph]
		if n := len(p.links); n > 0 && p.links[n-1].end > first.start {
			continue
		}
		p.links = append(p.links, link{first.start, final.end, a.url})
		last = best + a.to - a.from
	}
}

// anchorScore counts the words around the anchor that are also around the
// words of the text at at; -1 where these are not the anchor's.
func anchorScore(text []word, words []string, a anchor, at int) int {
	n := a.to - a.from
	if at+n > len(text) || text[at].paragraph != text[at+n-1].paragraph {
		return -1
	}
	for i := range n {
		if text[at+i].text != words[a.from+i] {
			return -1
		}
	}
	score := 0
	for i := 1; i <= contextWords; i++ {
		if wordAt(words, a.from-i) == bodyWordAt(text, at-i) {
			score++
		}
		if wordAt(words, a.to+i-1) == bodyWordAt(text, at+n+i-1) {
			score++
		}
	}
	return score
}

// Before the first word and after the last one stand empty ones: a page and
// its body may begin and end together.
func wordAt(words []string, i int) string {
	if i < 0 || i >= len(words) {
		return ""
	}
	return words[i]
}

func bodyWordAt(text []word, i int) string {
	if i < 0 || i >= len(text) {
		return ""
	}
	return text[i].text
}
