package page

import (
	"html"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

const (
	maxScript = 1 << 20 // bytes of a JSON-LD block that are read
	maxDepth  = 24      // nesting of JSON-LD that is followed
)

// articleTypes are the types of schema.org that say "this is the article", and
// how firmly.
var articleTypes = map[string]int{
	"NewsArticle": 3, "ReportageNewsArticle": 3, "AnalysisNewsArticle": 3, "OpinionNewsArticle": 3,
	"BackgroundNewsArticle": 3, "ReviewNewsArticle": 3, "AskPublicNewsArticle": 3, "LiveBlogPosting": 3,
	"BlogPosting": 3, "Article": 3, "TechArticle": 3, "ScholarlyArticle": 3, "Report": 3, "AdvertiserContentArticle": 3,
	"SocialMediaPosting": 2, "Review": 2, "MedicalWebPage": 1, "WebPage": 1, "ItemPage": 1, "CreativeWork": 1,
}

// asides are properties that lead away from the article to other things that
// have a headline or an author of their own.
var asides = []string{
	"comment", "about", "mentions", "isPartOf", "hasPart", "publisher", "author", "creator", "citation",
	"review", "itemReviewed", "associatedMedia", "video", "image", "itemListElement", "isBasedOn", "subjectOf",
}

type object = map[string]any

// A linkedData is the schema.org data of a page.
type linkedData struct {
	byID       map[string]object
	candidates []candidate
	types      map[string]bool // of what is described beside the article, not within it
	locked     bool            // whether something is not accessible for free
}

// A candidate is an object that may describe the page's article.
type candidate struct {
	object
	aside bool // found where another thing than the page is described
}

// readLinkedData collects the JSON-LD of a page.
func readLinkedData(doc *goquery.Document) *linkedData {
	ld := &linkedData{byID: make(map[string]object), types: make(map[string]bool)}
	doc.Find("script[type]").Each(func(_ int, s *goquery.Selection) {
		kind, _, _ := strings.Cut(s.AttrOr("type", ""), ";")
		if !strings.EqualFold(strings.TrimSpace(kind), "application/ld+json") {
			return
		}
		if script := s.Text(); len(script) <= maxScript {
			for _, v := range parseJSON(script) {
				ld.collect(v, false, 0)
			}
		}
	})
	return ld
}

func (ld *linkedData) collect(v any, aside bool, depth int) {
	if depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			ld.collect(e, aside, depth+1)
		}
	case object:
		if id := text(v["@id"]); id != "" && len(v) > len(ld.byID[id]) {
			ld.byID[id] = v
		}
		ld.note(v, aside)
		if typeRank(v) > 0 {
			ld.candidates = append(ld.candidates, candidate{v, aside})
		}
		for _, key := range sortedKeys(v) {
			ld.collect(v[key], aside || slices.Contains(asides, key), depth+1)
		}
	}
}

func sortedKeys(o object) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// article chooses the object that describes the article with one of the given
// folded titles, published at one of the given canonical URLs. It is nil where
// there is none, or several of which none fits.
func (ld *linkedData) article(titles, urls []string) object {
	var best object
	bestScore, bestFits := 0, false
	headlines := make(map[string]bool)
	for _, c := range ld.candidates {
		score, rank := typeRank(c.object), typeRank(c.object)
		if c.aside {
			score -= 6
		} else if rank > 1 {
			headlines[headline(c.object)] = true
		}
		for _, p := range []string{"datePublished", "author"} {
			if c.object[p] != nil {
				score++
			}
		}
		fit := fits(foldTitle(headline(c.object)), titles)
		if fit {
			score += 4
		}
		if slices.ContainsFunc(ld.urls(c.object), func(u string) bool { return slices.Contains(urls, u) }) {
			score += 3
			fit = true
		}
		if score > bestScore {
			best, bestScore, bestFits = c.object, score, fit
		}
	}
	if !bestFits && len(headlines) > 1 {
		return nil
	}
	return best
}

// fits reports whether one of titles is title, or is it with more around it.
// All are folded.
func fits(title string, titles []string) bool {
	return title != "" && slices.ContainsFunc(titles, func(t string) bool {
		return hasWords(t, title) || len(t) >= 20 && hasWords(title, t)
	})
}

// note takes down what an object says of the page as a whole.
func (ld *linkedData) note(o object, aside bool) {
	if free, ok := o["isAccessibleForFree"]; ok && (free == false || strings.EqualFold(text(free), "false")) {
		ld.locked = true
	}
	if !aside {
		for _, name := range typesOf(o) {
			ld.types[name] = true
		}
	}
}

// typesOf are the types of an object, without their vocabulary.
func typesOf(o object) []string {
	var names []string
	for _, t := range list(o["@type"]) {
		name := text(t)
		names = append(names, name[strings.LastIndexAny(name, "/#:")+1:])
	}
	return names
}

func typeRank(o object) int {
	rank := 0
	for _, name := range typesOf(o) {
		rank = max(rank, articleTypes[name])
	}
	return rank
}

func headline(o object) string {
	if h := text(o["headline"]); h != "" {
		return h
	}
	return text(o["name"])
}

func (ld *linkedData) urls(o object) []string {
	var out []string
	for _, p := range []string{"url", "mainEntityOfPage", "@id"} {
		for _, v := range list(o[p]) {
			u := text(v)
			if inner, ok := v.(object); ok {
				u = text(inner["@id"])
			}
			if u = canonicalOrEmpty(u); u != "" {
				out = append(out, u)
			}
		}
	}
	return out
}

// names gives the names of the people or organisations in v, which may be
// names, objects, references to objects, or lists of them.
func (ld *linkedData) names(v any) []string {
	var out []string
	for _, e := range list(v) {
		o, ok := e.(object)
		if !ok {
			out = appendText(out, e)
			continue
		}
		if full, ok := ld.byID[text(o["@id"])]; ok && o["name"] == nil {
			o = full
		}
		known := len(out)
		for _, n := range list(o["name"]) {
			out = appendText(out, n)
		}
		if len(out) == known {
			out = appendText(out, text(o["givenName"])+" "+text(o["familyName"]))
		}
	}
	return out
}

func appendText(to []string, v any) []string {
	if s := text(v); s != "" {
		to = append(to, s)
	}
	return to
}

// list gives v as a list, whatever it is.
func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	if v == nil {
		return nil
	}
	return []any{v}
}

// text gives a string value as plain text: one line, entities decoded. A value
// in a language ({"@value": …}) will do, anything else is empty.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return oneLine(html.UnescapeString(v))
	case object:
		if s, ok := v["@value"].(string); ok {
			return text(s)
		}
	case []any:
		if len(v) > 0 {
			if s, ok := v[0].(string); ok {
				return text(s)
			}
		}
	}
	return ""
}

// oneLine joins the words of s by single blanks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
