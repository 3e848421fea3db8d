package ingest

import (
	"slices"
	"strings"
)

// sections are the headings of a note that say what stands below them, in
// lower case and without the colon at their end. Any other heading is the
// subtitle, at the top, or a heading within the article.
var sections = map[string]section{
	"information": inInformation, "info": inInformation, "metadata": inInformation, "details": inInformation,
	"article": inArticle, "text": inArticle, "body": inArticle, "content": inArticle, "story": inArticle,
	"tags": inTags, "tag": inTags, "keywords": inTags,
}

type section int

const (
	inHeader section = iota
	inInformation
	inArticle
	inTags
)

// entries are the names in a note's information list, and what each sets.
var entries = map[string]func(*Article, string){
	"source": setPublication, "publication": setPublication, "publisher": setPublication, "outlet": setPublication,
	"link": setURL, "url": setURL, "source url": setURL,
	"date": setPublished, "published": setPublished, "publication date": setPublished, "date published": setPublished,
	"updated": setModified, "modified": setModified, "last updated": setModified, "date modified": setModified,
	"author": setAuthors, "authors": setAuthors, "by": setAuthors, "byline": setAuthors,
	"title": setTitle, "headline": setTitle, "subtitle": setSubtitle,
	"language": setLanguage, "tags": setTags, "keywords": setTags,
}

// readNote reads a markdown note: a title, perhaps a subtitle, an information
// list, the article and its tags. What is missing stays empty; a markdown
// file without any of these is all article.
func readNote(text string) Article {
	n := noteReader{formal: isNote(text)}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for _, line := range n.frontMatter(lines) {
		n.line(line)
	}
	n.endParagraph()
	a := n.article
	a.Text, a.BodyStart = Compose(a.Title, a.Subtitle, n.body.String())
	for i := range n.links {
		n.links[i].Start += a.BodyStart
		n.links[i].End += a.BodyStart
	}
	a.Links = n.links
	return a
}

// isNote reports whether a text has the headings of a note, whatever its file
// is called.
func isNote(text string) bool {
	title := false
	for line := range strings.Lines(text) {
		level, name := heading(line)
		title = title || level == 1
		if level > 1 && title && sectionOf(name) != inHeader {
			return true
		}
		if !title && strings.TrimSpace(line) != "" {
			return false
		}
	}
	return false
}

// A noteReader collects an article line by line.
type noteReader struct {
	formal    bool // the note has sections
	article   Article
	in        section
	paragraph []string
	fenced    bool
	body      strings.Builder
	links     []Link
}

// frontMatter reads the "key: value" lines between two "---" at the top, as
// note-taking programs keep them, and returns the lines after.
func (n *noteReader) frontMatter(lines []string) []string {
	if strings.TrimSpace(lines[0]) != "---" {
		return lines
	}
	end := slices.IndexFunc(lines[1:], func(l string) bool { return strings.TrimSpace(l) == "---" })
	if end < 0 || end > 100 {
		return lines
	}
	for _, l := range lines[1 : end+1] {
		n.entry(l)
	}
	return lines[end+2:]
}

func (n *noteReader) line(line string) {
	trimmed := strings.TrimSpace(line)
	if strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~") {
		n.fenced = !n.fenced
		n.endParagraph()
		return
	}
	if level, text := heading(line); level > 0 && !n.fenced {
		n.endParagraph()
		n.heading(level, text)
		return
	}
	switch {
	case n.in == inTags:
		n.article.Tags = appendTags(n.article.Tags, trimmed)
	case n.in != inArticle && n.entry(trimmed):
	case n.in == inInformation && trimmed != "" && isBullet(trimmed): // an entry nobody asked for
	default:
		n.text(trimmed)
	}
}

func (n *noteReader) heading(level int, text string) {
	if s := sectionOf(text); s != inHeader && (level > 1 || n.article.Title != "") {
		n.in = s
		return
	}
	plain, _ := inlineText(text)
	switch {
	case n.article.Title == "" && level == 1 && n.in == inHeader:
		n.article.Title = plain
	case n.formal && n.in == inHeader && n.article.Subtitle == "" && n.body.Len() == 0:
		n.article.Subtitle = plain
	default:
		n.in = inArticle
		n.paragraph = append(n.paragraph, text)
		n.endParagraph()
	}
}

// entry reads one line of the information list and reports whether it is one.
func (n *noteReader) entry(line string) bool {
	name, value, ok := strings.Cut(strings.TrimLeft(line, "+*- \t"), ":")
	set := entries[strings.ToLower(strings.Trim(name, "*_ "))]
	// Prose may hold a colon: outside its section an entry has a bullet or
	// stands before all text.
	if !ok || set == nil || n.in == inHeader && !isBullet(line) && n.body.Len()+len(n.paragraph) > 0 {
		return false
	}
	value = strings.Trim(strings.TrimSpace(strings.TrimLeft(value, "*")), `"'`)
	if value != "" && !isPlaceholder(value) {
		set(&n.article, value)
	}
	return true
}

// text adds a line to the paragraph, or ends it where the line does.
func (n *noteReader) text(line string) {
	switch {
	case line == "" || isRule(line):
		n.endParagraph()
		return
	case isPlaceholder(line) && n.body.Len() == 0:
		// The place of a picture or by-line that was not kept.
		return
	case isBullet(line) && !n.fenced:
		n.endParagraph()
		line = strings.TrimSpace(line[1:])
	case line[0] == '>':
		line = strings.TrimLeft(line, "> ")
	}
	if named, rest, ok := strings.Cut(line, ":"); ok && strings.EqualFold(named, "tags") && strings.Contains(rest, "[[") {
		n.article.Tags = appendTags(n.article.Tags, rest)
		return
	}
	n.paragraph = append(n.paragraph, strings.TrimSuffix(line, `\`))
}

func (n *noteReader) endParagraph() {
	text, links := inlineText(strings.Join(n.paragraph, " "))
	n.paragraph = nil
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return
	}
	if n.body.Len() > 0 {
		n.body.WriteString("\n\n")
	}
	shift := n.body.Len() - strings.Index(text, trimmed)
	n.body.WriteString(trimmed)
	for _, l := range links {
		l.Start, l.End = max(l.Start+shift, n.body.Len()-len(trimmed)), min(l.End+shift, n.body.Len())
		n.links = append(n.links, l)
	}
}

// heading reads a line as a markdown heading; level is 0 where it is none.
func heading(line string) (level int, text string) {
	rest := strings.TrimLeft(line, "#")
	level = len(line) - len(rest)
	if level == 0 || level > 6 || rest != "" && rest[0] != ' ' && rest[0] != '\t' && rest[0] != '\n' && rest[0] != '\r' {
		return 0, ""
	}
	return level, strings.TrimSpace(strings.TrimRight(strings.TrimSpace(rest), "#"))
}

func sectionOf(heading string) section {
	return sections[strings.ToLower(strings.TrimRight(heading, ": *"))]
}

func isBullet(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) > 1 && strings.IndexByte("+-*", line[0]) >= 0 && line[1] == ' '
}

func isRule(line string) bool {
	return len(line) >= 3 && (strings.Trim(line, "-") == "" || strings.Trim(line, "*") == "" || strings.Trim(line, "_") == "")
}

func isPlaceholder(s string) bool { return strings.EqualFold(strings.Trim(s, "* "), "unknown") }

// appendTags reads tags as "[[a]] [[b]]", "#a #b" or "a, b".
func appendTags(to []string, line string) []string {
	var found []string
	switch {
	case strings.Contains(line, "[["):
		for _, part := range strings.Split(line, "[[")[1:] {
			name, _, _ := strings.Cut(part, "]]")
			target, _ := wikiLink(name)
			found = append(found, target)
		}
	case strings.HasPrefix(line, "#"):
		found = strings.FieldsFunc(line, func(r rune) bool { return r == '#' || r == ' ' })
	default:
		found = strings.Split(strings.Trim(strings.TrimLeft(line, "+*- "), "[]"), ",")
	}
	for _, t := range found {
		// The tags of many notes are words cut out of the text with what
		// followed them ("numbers,").
		if t = strings.Trim(t, " \t,;:.\"'"); t != "" && !slices.Contains(to, t) {
			to = append(to, t)
		}
	}
	return to
}

func setTitle(a *Article, v string)    { a.Title, _ = inlineText(v) }
func setSubtitle(a *Article, v string) { a.Subtitle, _ = inlineText(v) }
func setLanguage(a *Article, v string) { a.Language = v }
func setTags(a *Article, v string)     { a.Tags = appendTags(a.Tags, v) }

func setPublication(a *Article, v string) { a.Publication.Name, _ = inlineText(v) }

func setAuthors(a *Article, v string) {
	plain, _ := inlineText(v)
	a.Authors = SplitAuthors(plain)
}

func setURL(a *Article, v string) {
	plain, links := inlineText(v)
	if len(links) > 0 {
		plain = links[0].URL
	}
	a.URL = plain
}

// An unreadable date is none: the article is worth having without.
func setPublished(a *Article, v string) { a.Published, _ = ParseDate(v) }
func setModified(a *Article, v string)  { a.Modified, _ = ParseDate(v) }
