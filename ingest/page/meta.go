package page

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"

	"github.com/breachgraph/breachgraph/ingest"
)

// maxTags bounds the keywords that are kept: some pages list hundreds.
const maxTags = 40

// A head is what a page says of itself apart from its text.
type head struct {
	doc     *goquery.Document
	meta    map[string][]string // by name, property or itemprop, in lower case
	base    *url.URL            // what relative links are relative to; may be nil
	url     string              // the address the article was published at; may be empty
	ld      *linkedData
	article object // the JSON-LD of the article; nil where there is none
	title   string
}

// readHead reads the head of the page that was fetched from address, which may
// be empty.
func readHead(doc *goquery.Document, address string) *head {
	h := &head{doc: doc, meta: readMeta(doc), ld: readLinkedData(doc)}
	h.base = baseURL(doc, address)
	h.url = h.ownURL(address)
	if h.base == nil {
		h.base = resolve(nil, h.url)
	}
	urls := []string{canonicalOrEmpty(h.url), canonicalOrEmpty(address)}
	titles := h.titles()
	h.article = h.ld.article(append(titles, h.headings(foldTitle)...), slices.DeleteFunc(urls, func(u string) bool { return u == "" }))
	h.title = h.chooseTitle(titles)
	return h
}

func readMeta(doc *goquery.Document) map[string][]string {
	meta := make(map[string][]string)
	doc.Find("meta[content]").Each(func(_ int, s *goquery.Selection) {
		content := oneLine(s.AttrOr("content", ""))
		if content == "" || len(content) > 5000 {
			return
		}
		for _, attr := range []string{"name", "property", "itemprop", "http-equiv"} {
			if name := strings.ToLower(strings.TrimSpace(s.AttrOr(attr, ""))); name != "" {
				meta[name] = append(meta[name], content)
			}
		}
	})
	return meta
}

// first returns the first value of the first of the names that has one.
func (h *head) first(names ...string) string {
	for _, n := range names {
		if v := h.meta[n]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// baseURL is what relative links of the page are relative to.
func baseURL(doc *goquery.Document, address string) *url.URL {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" {
		base = nil
	}
	href, ok := doc.Find("base[href]").First().Attr("href")
	if !ok {
		return base
	}
	if u := resolve(base, href); u != nil {
		return u
	}
	return base
}

// resolve gives the absolute URL of href, nil where it has none.
func resolve(base *url.URL, href string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return nil
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme == "" || u.Host == "" && u.Opaque == "" {
		return nil
	}
	return u
}

// savedFrom is the comment that browsers write into a page that they save.
var savedFrom = regexp.MustCompile(`saved from url=\(\d+\)(\S+)`)

// ownURL is the address that the page gives as its own, else the one it was
// fetched from. A page that calls the front page its own address is mistaken,
// and one that was fetched from another site must not pass for that site's.
func (h *head) ownURL(address string) string {
	candidates := []string{
		h.doc.Find(`link[rel="canonical"][href]`).First().AttrOr("href", ""),
		h.first("og:url", "twitter:url"),
	}
	for n := h.doc.Nodes[0].FirstChild; n != nil; n = n.NextSibling {
		if m := savedFrom.FindStringSubmatch(n.Data); n.Type == html.CommentNode && m != nil {
			candidates = append(candidates, m[1])
		}
	}
	for _, c := range candidates {
		if c == "" {
			continue
		}
		if u := resolve(h.base, c); u != nil && u.Scheme != "file" && sameSite(u.String(), address) && (strings.Trim(u.Path, "/") != "" || u.RawQuery != "") {
			return u.String()
		}
	}
	return address
}

// original is the address on another site that the page gives as that of the
// article, empty where it gives none: what a syndicated copy does.
func (h *head) original(address string) string {
	href := h.doc.Find(`link[rel="canonical"][href], link[rel="syndication-source"][href], link[rel="original-source"][href]`).First().AttrOr("href", "")
	for _, c := range []string{href, h.first("syndication-source", "original-source"), h.first("og:url")} {
		if c == "" || address == "" {
			continue
		}
		u := resolve(h.base, c)
		if u != nil && (u.Scheme == "http" || u.Scheme == "https") && !sameSite(u.String(), address) && strings.Trim(u.Path, "/") != "" {
			return u.String()
		}
	}
	return ""
}

// sameSite reports whether two addresses belong to one site, as the public
// suffix list parts them; any address does where the other is not known.
func sameSite(a, b string) bool {
	if b == "" {
		return true
	}
	site := func(address string) string {
		u, err := url.Parse(canonicalOrEmpty(address))
		if err != nil {
			return ""
		}
		domain, err := publicsuffix.EffectiveTLDPlusOne(u.Hostname())
		if err != nil {
			return u.Hostname()
		}
		return domain
	}
	return site(a) == site(b)
}

func canonicalOrEmpty(raw string) string {
	if raw == "" {
		return ""
	}
	u, err := ingest.CanonicalURL(raw)
	if err != nil {
		return ""
	}
	return u
}

// publication is the name of the outlet, without what it says about itself.
func (h *head) publication() string {
	names := append(slices.Clone(h.meta["og:site_name"]), h.ld.names(h.article["publisher"])...)
	names = append(names, h.first("application-name"), h.first("publisher"), h.first("dc.publisher"), h.first("apple-mobile-web-app-title"))
	for _, name := range names {
		if joint := titleJoint.FindStringIndex(name); joint != nil {
			name = name[:joint[0]]
		}
		if name != "" && !strings.Contains(name, "://") && name[0] != '@' && len(name) <= 80 {
			return name
		}
	}
	return ""
}

// minLanguage is how many bytes of text it takes to tell a language by.
const minLanguage = 200

// language is the language of the article: the page's own word on it where
// that agrees with what the words of the text tell, as templates often get it
// wrong, or where the text is too short to tell.
func (h *head) language(told string, textLength int) string {
	if textLength < minLanguage {
		told = ""
	}
	declared := []string{
		h.doc.Find("html").AttrOr("lang", ""), text(h.article["inLanguage"]),
		h.first("content-language", "language", "dc.language", "og:locale"),
	}
	for _, l := range declared {
		l = strings.ReplaceAll(strings.TrimSpace(l), "_", "-")
		primary, _, _ := strings.Cut(strings.ToLower(l), "-")
		if len(primary) == 2 && len(l) <= 11 && (told == "" || primary == told) {
			return l
		}
	}
	return told
}

// tags are the publisher's keywords, each once.
func (h *head) tags() []string {
	var out []string
	seen := make(map[string]bool)
	add := func(s string) {
		s = strings.Trim(oneLine(s), " ,;#\"'")
		if key := strings.ToLower(s); s != "" && len(s) <= 80 && !seen[key] && len(out) < maxTags {
			seen[key] = true
			out = append(out, s)
		}
	}
	for _, v := range list(h.article["keywords"]) {
		for part := range strings.SplitSeq(text(v), ",") {
			add(part)
		}
	}
	for _, t := range h.meta["article:tag"] {
		add(t)
	}
	if len(out) == 0 {
		for part := range strings.SplitSeq(h.first("news_keywords", "parsely-tags", "sailthru.tags", "keywords"), ",") {
			add(part)
		}
	}
	if len(out) == 0 {
		h.doc.Find(`a[rel~="tag"]`).Each(func(_ int, s *goquery.Selection) { add(visibleText(s.Nodes[0])) })
	}
	return out
}

// visibleText gives the text of n on one line, with a blank where an element
// parts words, and without scripts and styles.
func visibleText(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && isSilent(n):
			return
		}
		apart := n.Type == html.ElementNode && !isInline(n)
		if apart {
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if apart {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return oneLine(b.String())
}

// isSilent reports whether n shows no text of its own. Elements go by their
// names here and below: those that go-trafilatura makes have no atom.
func isSilent(n *html.Node) bool {
	switch n.Data {
	case "script", "style", "template", "noscript", "svg", "iframe", "head", "select", "textarea":
		return true
	}
	return false
}

// isInline reports whether n stands in a line of text.
func isInline(n *html.Node) bool {
	switch n.Data {
	case "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
		"kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr":
		return true
	}
	return false
}
