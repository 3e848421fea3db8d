package page

import (
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/breachgraph/breachgraph/ingest"
)

// bylines are where pages show their authors, the surest first.
var bylines = []string{
	`[itemprop~="author"] [itemprop~="name"]`, `[itemprop~="author"]`, `[rel~="author"]`,
	`[class~="byline"], [class~="by-line"], [class~="article-byline"], [class*="byline__name"], [class*="Byline"]`,
	`[class~="author"], [class~="author-name"], [class~="article-author"], [class~="post-author"], [class*="author__name"]`,
}

// maxAuthors bounds the names that are kept.
const maxAuthors = 12

// strangers are parts of a page where others than its author are named.
const strangers = `[class*="comment"], [id*="comment"], [class*="related"], aside, footer, nav, [class*="sidebar"], [class*="recirc"]`

// authors are the names in the by-line. What JSON-LD says comes first unless
// it is the outlet itself or a login, as content systems fill it in when
// nobody does.
func (h *head) authors() []string {
	fromLD := h.personNames(h.ld.names(h.article["author"]))
	if fromLD == nil {
		fromLD = h.personNames(h.ld.names(h.article["creator"]))
	}
	house := func(name string) bool { return h.isHouse(name) }
	if len(fromLD) > 0 && !slices.ContainsFunc(fromLD, house) {
		return fromLD
	}
	for _, names := range [][]string{h.metaAuthors(), h.shownAuthors()} {
		if names = slices.DeleteFunc(names, house); len(names) > 0 {
			return names
		}
	}
	return fromLD
}

// isHouse reports whether name is the outlet's own.
func (h *head) isHouse(name string) bool {
	folded := foldTitle(name)
	for _, site := range append(h.ld.names(h.article["publisher"]), h.publication()) {
		if site = foldTitle(site); site != "" && (folded == site || strings.ReplaceAll(folded, " ", "") == strings.ReplaceAll(site, " ", "")) {
			return true
		}
	}
	return false
}

var login = regexp.MustCompile(`^[a-z0-9._-]*(?:[0-9._-][a-z0-9._-]*|admin|editor|webmaster|wordpress|staff)$|@|://`)

// personNames cleans names that stand alone. A name that looks like a role is
// kept as it is: it was given as a name.
func (h *head) personNames(names []string) []string {
	var out []string
	for _, n := range names {
		if login.MatchString(n) || len(n) > 200 || len(out) >= maxAuthors {
			continue
		}
		found := ingest.SplitAuthors(n)
		if len(found) == 0 && len(n) <= 60 {
			found = []string{n}
		}
		for _, f := range found {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

func (h *head) metaAuthors() []string {
	for _, name := range []string{
		"author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "article.author", "citation_author",
	} {
		var out []string
		for _, v := range h.meta[name] {
			if !login.MatchString(v) && !strings.HasPrefix(v, "/") {
				out = append(out, ingest.SplitAuthors(v)...)
			}
		}
		if len(out) > 0 {
			out = slices.Compact(out)
			return out[:min(len(out), maxAuthors)]
		}
	}
	return nil
}

func (h *head) shownAuthors() []string {
	for _, selector := range bylines {
		var out []string
		h.doc.Find(selector).EachWithBreak(func(_ int, s *goquery.Selection) bool {
			if s.Closest(strangers).Length() > 0 {
				return true
			}
			shown := s.AttrOr("content", "")
			if shown == "" {
				shown = visibleText(s.Nodes[0])
			}
			if len(shown) > 150 {
				return true // a biography, or a quotation's source
			}
			for _, name := range ingest.SplitAuthors(shown) {
				if !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
			return len(out) < maxAuthors
		})
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

var byLine = regexp.MustCompile(`^(?i:by)\s+\p{Lu}`)

// topByline reads the by-line among the first lines of a body, for pages that
// mark it by nothing.
func topByline(body []paragraph) []string {
	for _, p := range body[:min(len(body), headParagraphs)] {
		if byLine.MatchString(p.text) && isShort(p, 15) {
			return ingest.SplitAuthors(p.text)
		}
	}
	return nil
}
