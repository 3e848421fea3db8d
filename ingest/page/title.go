package page

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
)

// titleJoint stands between a title and the name of the site.
var titleJoint = regexp.MustCompile(`\s+(?:[|•·»«]|::|[-–—])\s+`)

// foldTitle makes titles comparable: letters and digits in lower case, words
// parted by one blank.
func foldTitle(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}), " ")
}

// hasWords reports whether the folded text holds the folded words in a row.
func hasWords(folded, words string) bool {
	return words != "" && strings.Contains(" "+folded+" ", " "+words+" ")
}

// titles are the folded titles that the page gives itself in its head.
func (h *head) titles() []string {
	var out []string
	for _, t := range []string{h.first("og:title"), h.first("twitter:title"), h.documentTitle()} {
		if t = foldTitle(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

func (h *head) documentTitle() string {
	title := oneLine(h.doc.Find("head title").First().Text())
	if len(title) > 4*maxTitle {
		return ""
	}
	return title
}

// headings are the page's headings of the first level, each passed through as.
func (h *head) headings(as func(string) string) []string {
	var out []string
	h.doc.Find("h1").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		if t := visibleText(s.Nodes[0]); t != "" && len(t) <= maxTitle {
			out = append(out, as(t))
		}
		return len(out) < 10
	})
	return out
}

// maxTitle bounds a title, in bytes. What is longer is a text in the wrong
// place.
const maxTitle = 500

// chooseTitle prefers the heading that stands inside one of the titles of the
// head: these add the site's name, and a heading alone may be the site's.
func (h *head) chooseTitle(titles []string) string {
	own := ""
	if typeRank(h.article) > 1 {
		own = headline(h.article)
		titles = append(titles, foldTitle(own))
	}
	site := foldTitle(h.publication())
	best := ""
	headings := h.headings(func(s string) string { return s })
	for _, t := range headings {
		if folded := foldTitle(t); folded != site && fits(folded, titles) && len(t) > len(best) {
			best = t
		}
	}
	for _, t := range append([]string{
		best, own, withoutSite(h.first("og:title"), site), withoutSite(h.first("twitter:title"), site), withoutSite(h.documentTitle(), site),
	}, headings...) {
		if t != "" && len(t) <= maxTitle {
			return t
		}
	}
	return ""
}

// withoutSite takes the name of the site off a title. A short last part is
// taken for it where no name is known.
func withoutSite(title, site string) string {
	joints := titleJoint.FindAllStringIndex(title, -1)
	if len(joints) == 0 {
		return title
	}
	first, last := joints[0], joints[len(joints)-1]
	if site != "" && foldTitle(title[:first[0]]) == site {
		return title[first[1]:]
	}
	rest, name := title[:last[0]], foldTitle(title[last[1]:])
	if site != "" && (hasWords(name, site) || hasWords(site, name)) {
		return withoutSite(rest, site)
	}
	if strings.Contains(title[last[0]:last[1]], "|") || len(strings.Fields(name)) <= 3 && len(strings.Fields(rest)) >= 4 {
		return rest
	}
	return title
}
