package ingest

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxParagraph bounds the paragraphs whose markup is read, in bytes: nobody
// writes longer ones.
const maxParagraph = 256 << 10

// inlineText turns one paragraph of markdown into plain text: links become
// their label and a [Link] into the text, images vanish, marks of emphasis and
// code go where they come in pairs. A paragraph of more than maxParagraph stays
// as it is.
func inlineText(paragraph string) (string, []Link) {
	p := inlineParser{src: strings.Join(strings.Fields(paragraph), " ")}
	if len(p.src) > maxParagraph {
		return p.src, nil
	}
	p.pair()
	p.write(0, len(p.src), false)
	return p.out.String(), p.links
}

// An inlineParser holds what the first walk over a paragraph found for the
// second, which writes it.
type inlineParser struct {
	src    string
	closer map[int]int // opening bracket or parenthesis to its closing one
	marks  map[int]int // start of a paired mark to its length
	out    strings.Builder
	links  []Link
}

// pair finds the brackets and marks that belong together.
func (p *inlineParser) pair() {
	p.closer, p.marks = make(map[int]int), make(map[int]int)
	open := make(map[string][]int)
	pop := func(key string) (int, bool) {
		s := open[key]
		if len(s) == 0 {
			return 0, false
		}
		open[key] = s[:len(s)-1]
		return s[len(s)-1], true
	}
	for i := 0; i < len(p.src); i++ {
		switch c := p.src[i]; c {
		case '\\':
			i++
		case '[', '(':
			open[string(c)] = append(open[string(c)], i)
		case ']':
			if at, ok := pop("["); ok {
				p.closer[at] = i
			}
		case ')':
			if at, ok := pop("("); ok {
				p.closer[at] = i
			}
		case '*', '_', '~', '`':
			n := len(p.src[i:]) - len(strings.TrimLeft(p.src[i:], string(c)))
			mark := p.src[i : i+n]
			opens, closes := p.flanks(i, n)
			if at, ok := 0, false; closes {
				if at, ok = pop(mark); ok {
					p.marks[at], p.marks[i] = n, n
					opens = false
				}
			}
			if opens {
				open[mark] = append(open[mark], i)
			}
			i += n - 1
		}
	}
}

// flanks says whether the mark of n bytes at i may open and may close: it
// touches the word on one side and nothing on the other, which spares
// snake_case, footnote stars and "2 * 3".
func (p *inlineParser) flanks(i, n int) (opens, closes bool) {
	before, _ := utf8.DecodeLastRuneInString(p.src[:i])
	after, _ := utf8.DecodeRuneInString(p.src[i+n:])
	space := func(r rune, at bool) bool { return at || unicode.IsSpace(r) }
	edge := func(r rune, at bool) bool { return space(r, at) || unicode.IsPunct(r) || unicode.IsSymbol(r) }
	first, last := i == 0, i+n == len(p.src)
	return edge(before, first) && !space(after, last), edge(after, last) && !space(before, first)
}

// write writes src[i:end]. Inside a link's label no further link begins, so
// that links cannot nest.
func (p *inlineParser) write(i, end int, label bool) {
	for i < end {
		if n, ok := p.marks[i]; ok {
			i += n
			continue
		}
		switch c := p.src[i]; {
		case c == '\\' && i+1 < end && isPunctuation(p.src[i+1]):
			p.out.WriteByte(p.src[i+1])
			i += 2
			continue
		case c == '&':
			if text, n := entity(p.src[i:end]); n > 0 {
				p.out.WriteString(text)
				i += n
				continue
			}
		case (c == '!' || c == '[' || c == '<') && !label:
			if next := p.link(i, end); next > i {
				i = next
				continue
			}
		}
		p.out.WriteByte(p.src[i])
		i++
	}
}

// link writes the link or drops the image that starts at i and returns where
// it ends; i itself where none starts there.
func (p *inlineParser) link(i, end int) int {
	if p.src[i] == '<' {
		return p.autolink(i)
	}
	open := i
	if p.src[i] == '!' {
		open++
	}
	close, ok := p.closer[open]
	if !ok || close >= end {
		return i
	}
	if strings.HasPrefix(p.src[open:], "[[") && p.src[close-1] == ']' && p.closer[open+1] == close-1 {
		if open == i {
			_, shown := wikiLink(p.src[open+2 : close-1])
			p.out.WriteString(shown)
		}
		return close + 1
	}
	target, ok := p.closer[close+1]
	if !ok || target >= end || p.src[close+1] != '(' {
		return i
	}
	url, ok := destination(p.src[close+2 : target])
	if !ok {
		return i
	}
	if open == i {
		start := p.out.Len()
		p.write(open+1, close, true)
		p.add(start, url)
	}
	return target + 1
}

// autolink reads "<https://…>".
func (p *inlineParser) autolink(i int) int {
	n := strings.IndexAny(p.src[i+1:], "<> ")
	if n < 0 || p.src[i+1+n] != '>' || !isWebURL(p.src[i+1:i+1+n]) {
		return i
	}
	start := p.out.Len()
	p.out.WriteString(p.src[i+1 : i+1+n])
	p.add(start, p.src[i+1:i+1+n])
	return i + n + 2
}

// add records a link from start to what has been written, unless that is
// nothing or leads nowhere on the web.
func (p *inlineParser) add(start int, url string) {
	if isWebURL(url) && strings.TrimSpace(p.out.String()[start:]) != "" {
		p.links = append(p.links, Link{Start: start, End: p.out.Len(), URL: url})
	}
}

// destination reads what stands between a link's parentheses: the URL, and
// perhaps a title in quotation marks. Anything else is prose.
func destination(s string) (url string, ok bool) {
	url, title, _ := strings.Cut(strings.TrimSpace(s), " ")
	if inner, ok := strings.CutPrefix(url, "<"); ok {
		url = strings.TrimSuffix(inner, ">")
	}
	title = strings.TrimSpace(title)
	return url, url != "" && (title == "" || title[0] == '"' || title[0] == '\'')
}

// wikiLink reads what stands between double brackets: "target" or
// "target|shown".
func wikiLink(s string) (target, shown string) {
	target, shown, ok := strings.Cut(s, "|")
	if !ok {
		shown = target
	}
	return target, shown
}

// entity reads the HTML entity at the start of s and how long it is there.
func entity(s string) (text string, n int) {
	end := strings.IndexByte(s[:min(len(s), 32)], ';')
	if end < 0 {
		return "", 0
	}
	text = html.UnescapeString(s[:end+1])
	if text == s[:end+1] || strings.HasSuffix(text, ";") && text != ";" {
		return "", 0
	}
	if strings.TrimSpace(text) == "" {
		text = " "
	}
	return text, end + 1
}

func isWebURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	return ok && rest != "" && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

func isPunctuation(c byte) bool {
	return c > ' ' && c < utf8.RuneSelf && !('0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z') && c != 0x7f
}
