package page

import (
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/breachgraph/breachgraph/ingest"
)

const (
	headParagraphs = 8  // how far the lines above an article reach
	longParagraph  = 25 // words that no line above an article has
	longCue        = 45 // words that no call to the reader has
)

// Bodies come with lines that are not article: what is above it (title, names,
// dates), calls to the reader within it, and what is below. The expressions
// match the start of a short paragraph. They are of the kind that every outlet
// uses, none is about one of them.
var (
	// teasers announce other articles; the short linked lines after one go too.
	teasers = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
		`related(?: (?:articles?|stor(?:y|ies)|content|posts?|news|links|reading|coverage|topics))?\s*(?::|$)`,
		`(?:also |must |further )?read(?:ing)?(?: more| also| next| too)?\s*(?::|$)`, `read (?:more|also|next)\b`, `see also\b`, `also read\b`,
		`more (?:on|from|about|great|stories|news|coverage)\b`, `more\s*:`, `more [\w .-]{1,20}:`,
		`you (?:may|might|can) also (?:like|enjoy|read|be interested|view)\b`, `(?:most (?:read|popular|viewed)|trending|recommended)\b`,
		`editor'?s'? picks?\b`, `don['’]t miss\b`, `in case you missed`, `watch(?: now| more)?\s*:`, `listen(?: now)?\s*:`,
		`leggi anche\b`, `lire aussi\b`, `à lire aussi\b`, `leia (?:também|mais)\b`, `lea también\b`, `lees ook\b`, `mehr zum thema\b`, `читайте также`,
	}, "|") + `)`)
	// calls ask something of the reader or belong to the page.
	calls = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
		`(?:click|tap) (?:here|to)\b`, `(?:sign up|subscribe|register|get access|join|start your (?:day|free))\b.*(?:newsletter|subscri|inbox|trial|channel|podcast|free|members?\b)`,
		`subscribe\b`, `(?:follow|like|find|join) (?:us|me|him|her|them)\b.*(?:@|twitter|facebook|instagram|linkedin|telegram|youtube)`, `follow @`,
		`advertise?ment\b`, `sponsored\b`, `story continues\b`, `article continues\b`, `skip (?:advert|to)\b`,
		`\(?(?:image|photo|picture|photograph)s?(?: (?:credit|source|by|via|courtesy)s?\b|\s*:)`, `фото:`,
		`share (?:this|on|via)\b`, `leave a (?:comment|reply)\b`, `you must (?:be logged|log) in\b`, `note: we are .*comments`, `comments?$`,
		`copyright\s*(?:[©ⓒ]|\(c\)|\d{4}|by\b)`, `©`, `\(c\) ?\d{4}`, `all rights reserved`, `this copy is for your personal`, `filed under\b`, `(?:tags|categories|topics|posted in)\s*:`,
		`if you (?:liked|enjoyed) this\b`, `get the .*\b(?:app|download)\b`, `download (?:the|our) .*\bapp\b`, `an error has occurred`, `tell us what`,
	}, "|") + `)|(?i:all rights reserved\.?$)`)
	// credits stand below an article.
	credits = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
		`\W*(?:additional )?(?:reporting|writing|editing) by\b`, `.*\bcontributed (?:to )?(?:this|the) (?:report|story|article)\b`,
		`source\s*:`, `(?:e-?mail|write to|contact|reach)\b.*@`, `(?:got|have|do you have) (?:a|any) (?:tips?|story|information)\b`,
		`about the authors?\b`, `\S+@\S+$`,
	}, "|") + `)`)
	breadcrumb = regexp.MustCompile(`\S\s*[»›>]\s*\S.*`)
)

// withoutFurniture returns the paragraphs of the article's body, and the line
// below the title where it stands among the paragraphs.
func (h *head) withoutFurniture(body []paragraph, authors []string) (subtitle string, rest []paragraph) {
	shown := h.subtitle(body)
	subtitle, body = h.withoutTop(body, authors)
	if subtitle == "" {
		subtitle = shown
	}
	rest = withoutTeasers(body)
	for len(rest) > 1 {
		last := rest[len(rest)-1]
		if !isShort(last, longCue) || !credits.MatchString(last.text) && !isBiography(last.text, authors) {
			break
		}
		rest = rest[:len(rest)-1]
	}
	return subtitle, rest
}

// withoutTop drops the lines above the article that repeat its head.
func (h *head) withoutTop(body []paragraph, authors []string) (subtitle string, rest []paragraph) {
	titles := append(h.titles(), h.headings(foldTitle)...)
	titles = append(titles, foldTitle(h.title), foldTitle(headline(h.article)))
	afterTitle, top := false, true
	for i, p := range body {
		folded := foldTitle(p.text)
		switch {
		case i >= headParagraphs || !top:
			rest = append(rest, p)
		case folded != "" && slices.Contains(titles, folded) || p.heading && len(rest) == 0 && fits(folded, titles):
			afterTitle = true
			continue
		case canonicalOrEmpty(p.text) != "" && canonicalOrEmpty(p.text) == canonicalOrEmpty(h.url):
		case isShort(p, longParagraph) && (isDateline(p.text, authors) || breadcrumb.MatchString(p.text) && isShort(p, 15)):
		case afterTitle && subtitle == "" && i+1 < len(body) && p.heading && isSubtitle(p.text):
			subtitle = p.text
		default:
			rest = append(rest, p)
			top = isShort(p, longParagraph)
		}
		afterTitle = false
	}
	return subtitle, rest
}

// subtitles are where pages show the line below the title, apart from the body.
const subtitles = `[itemprop~="alternativeHeadline"], [class*="subtitle"], [class*="sub-title"], [class*="subhead"], [class*="sub-head"], ` +
	`[class*="standfirst"], [class~="dek"], [class*="-dek"], [class*="__dek"], [class~="deck"], h1 + h2`

// subtitle is the line below the title, where the page shows one that is not
// part of the body.
func (h *head) subtitle(body []paragraph) string {
	var all strings.Builder
	for _, p := range body {
		all.WriteString(foldTitle(p.text) + " ")
	}
	var found []string
	h.doc.Find(subtitles).EachWithBreak(func(i int, s *goquery.Selection) bool {
		t := visibleText(s.Nodes[0])
		folded := foldTitle(t)
		if s.Closest(strangers).Length() == 0 && s.Find("li, h1, a + a").Length() == 0 && nearTitle(s) && isSubtitle(t) &&
			!hasWords(all.String(), folded) && !hasWords(foldTitle(h.title), folded) && !slices.Contains(found, t) {
			found = append(found, t)
		}
		return i < 20
	})
	// More of them are the headings of sections.
	if len(found) == 0 || len(found) > 2 {
		return ""
	}
	return found[0]
}

// nearTitle reports whether s shares an element close above it with a heading
// of the first level: teasers of other articles have subtitles too.
func nearTitle(s *goquery.Selection) bool {
	for range 4 {
		if s = s.Parent(); s.Find("h1").Length() > 0 {
			return true
		}
	}
	return false
}

// isSubtitle tells a sentence from the label of a section or a by-line.
func isSubtitle(line string) bool {
	n := len(strings.Fields(line))
	return n >= 6 && n <= 60
}

// isDateline reports whether a line gives who wrote an article or when.
func isDateline(line string, authors []string) bool {
	words := len(strings.Fields(line))
	if words > 6 && strings.HasSuffix(line, ".") {
		return false // a sentence that happens to name a day
	}
	for _, a := range authors {
		if words <= len(strings.Fields(a))+10 && strings.Contains(line, a) {
			return true
		}
	}
	_, err := ingest.ParseDate(line)
	return err == nil && words <= 18
}

// isBiography reports whether a paragraph below an article introduces one of
// its authors.
func isBiography(line string, authors []string) bool {
	return slices.ContainsFunc(authors, func(a string) bool { return strings.HasPrefix(line, a) })
}

// withoutTeasers drops calls to the reader and lines that lead to other
// articles: those announced as such, and paragraphs that are nothing but a
// link, unless the article consists of these.
func withoutTeasers(body []paragraph) []paragraph {
	linked := 0
	for _, p := range body {
		if p.isLinked() {
			linked++
		}
	}
	dropLinked := linked*3 < len(body)
	var rest []paragraph
	after := false // a teaser
	for _, p := range body {
		switch {
		case isTeaser(p) && teasers.MatchString(p.text):
			after = true
			continue
		case isShort(p, longCue) && calls.MatchString(p.text), dropLinked && p.isLinked() && !p.amid, after && len(p.links) > 0 && isTeaser(p):
			continue
		}
		after = false
		rest = append(rest, p)
	}
	if len(rest) == 0 {
		return body
	}
	return rest
}

// isLinked reports whether the paragraph is one link, but for a word or two,
// and more than a name.
func (p paragraph) isLinked() bool {
	covered := 0
	for _, l := range p.links {
		covered += l.end - l.start
	}
	return !p.heading && len(p.links) > 0 && covered*10 >= len(p.text)*9 && len(strings.Fields(p.text)) > 3
}

// isTeaser reports whether a paragraph is made like the title of an article
// rather than a sentence.
func isTeaser(p paragraph) bool {
	return isShort(p, 20) && (!strings.HasSuffix(p.text, ".") || strings.HasSuffix(p.text, "..."))
}

func isShort(p paragraph, words int) bool { return len(strings.Fields(p.text)) <= words }

// prose counts the words of a body that are no links.
func prose(body []paragraph) int {
	words := 0
	for _, p := range body {
		if !p.isLinked() {
			words += len(strings.Fields(p.text))
		}
	}
	return words
}

// saysArticle reports whether the page calls itself an article.
func (h *head) saysArticle() bool {
	return h.article != nil && typeRank(h.article) > 1 || strings.EqualFold(h.first("og:type"), "article")
}
