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
	maxWord      = 200       // bytes that the parts of a word are joined to
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
		isWord, single := isWordRune(r)
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

// isWordRune reports whether r belongs to a word, and whether it is one.
func isWordRune(r rune) (isWord, single bool) {
	isWord = unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
	return isWord, r > 0xff && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// A pageText is the words of a page with the links among them.
type pageText struct {
	words   []string
	anchors []anchor
	prose   int  // words outside of links
	open    bool // whether the last word may go on
}

// An anchor is a link of the page: the words from to to lead to url, which is
// empty where that is not known. It may begin and end within a word: skip is
// what it leaves out of the first, last how much it has of the last, in bytes.
type anchor struct {
	from, to   int
	skip, last int
	url        string
}

// readText lists the words of a page.
func readText(doc *html.Node, base *url.URL) *pageText {
	t := &pageText{}
	t.walk(doc, base, false)
	return t
}

func (t *pageText) walk(n *html.Node, base *url.URL, linked bool) {
	switch {
	case n.Type == html.TextNode:
		t.add(n.Data, linked)
		return
	case n.Type == html.ElementNode && isSilent(n):
		return
	}
	target, isLink := linkTarget(n, base)
	parts := n.Type == html.ElementNode && !isInline(n) // words
	t.open = t.open && !parts
	a := anchor{from: len(t.words), url: target}
	if t.open {
		a.from--
		a.skip = len(t.words[a.from])
	}
	for c := range n.ChildNodes() {
		t.walk(c, base, linked || isLink)
	}
	t.open = t.open && !parts
	if !isLink {
		return
	}
	if a.to = len(t.words); a.from < a.to && a.skip == len(t.words[a.from]) { // nothing was added to that word
		a.from, a.skip = a.from+1, 0
	}
	if a.to > a.from && a.to-a.from <= anchorWords {
		a.last = len(t.words[a.to-1])
		t.anchors = append(t.anchors, a)
	}
}

// add adds the words of s, of which the first may go on with the last one.
func (t *pageText) add(s string, linked bool) {
	if s == "" {
		return
	}
	first, _ := utf8.DecodeRuneInString(s)
	isWord, single := isWordRune(first)
	from := len(t.words)
	goesOn := t.open && isWord && !single && len(t.words[from-1]) < maxWord
	splitWords(s, func(start, end int) {
		if goesOn && start == 0 {
			t.words[from-1] += s[:end]
			return
		}
		t.words = append(t.words, s[start:end])
	})
	if !linked {
		t.prose += len(t.words) - from
	}
	final, _ := utf8.DecodeLastRuneInString(s)
	isWord, single = isWordRune(final)
	t.open = isWord && !single
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
		start := first.start + a.skip
		if n := len(p.links); n > 0 && p.links[n-1].end > start {
			continue
		}
		p.links = append(p.links, link{start, final.start + a.last, a.url})
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
