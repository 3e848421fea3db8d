package llm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract"
)

// A passage is a part of an article's text in which quotations are looked up.
type passage struct {
	text string // of the whole article
	extract.Span
	plain string // the part with its typography levelled
	at    []int  // at[i] is the byte of text that plain[i] comes from; one more for the end
}

func newPassage(text string, part extract.Span) *passage {
	p := &passage{text: text, Span: part}
	p.plain, p.at = level(text[part.Start:part.End])
	for i := range p.at {
		p.at[i] += part.Start
	}
	return p
}

// level gives s with straight quotation marks, plain dashes and single blanks,
// without invisible characters, and for each byte of that where it stood in s.
func level(s string) (string, []int) {
	var b strings.Builder
	at := make([]int, 0, len(s)+1)
	blank := true // no blank at the start
	for i, r := range s {
		out := levelRune(r)
		if out == " " {
			if blank {
				continue
			}
			blank = true
		} else if out != "" {
			blank = false
		}
		b.WriteString(out)
		for range len(out) {
			at = append(at, i)
		}
	}
	return b.String(), append(at, len(s))
}

func levelRune(r rune) string {
	switch r {
	case '‘', '’', '‚', '‛', '′', '`', '´':
		return "'"
	case '“', '”', '„', '‟', '″', '«', '»':
		return `"`
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return "-"
	case '…':
		return "..."
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return ""
	}
	if unicode.IsSpace(r) {
		return " "
	}
	return string(r)
}

// find gives the places where q stands in the passage, at most limit of them:
// letter for letter, else with typography levelled. A place never parts a word
// or a number.
func (p *passage) find(q string, limit int) (spans []extract.Span, exact bool) {
	if q = strings.TrimSpace(q); q == "" {
		return nil, false
	}
	part := p.text[p.Start:p.End]
	for _, i := range occurrences(part, q, limit) {
		spans = append(spans, extract.Span{Start: p.Start + i, End: p.Start + i + len(q)})
	}
	if len(spans) > 0 {
		return spans, true
	}
	plain, _ := level(q)
	if plain = strings.TrimSpace(plain); plain == "" {
		return nil, false
	}
	for _, i := range occurrences(p.plain, plain, limit) {
		last := p.at[i+len(plain)-1] // the last character ends after its first byte
		_, size := utf8.DecodeRuneInString(p.text[last:])
		spans = append(spans, extract.Span{Start: p.at[i], End: last + size})
	}
	return spans, false
}

// occurrences gives the offsets at which q stands in text as whole words, apart
// from each other, at most limit of them.
func occurrences(text, q string, limit int) []int {
	var out []int
	for from := 0; len(out) < limit; {
		i := strings.Index(text[from:], q)
		if i < 0 {
			break
		}
		i += from
		if wordEdge(text, i) && wordEdge(text, i+len(q)) {
			out = append(out, i)
			from = i + len(q)
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		from = i + size
	}
	return out
}

// wordEdge reports whether no word or number runs over byte i of text.
func wordEdge(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i:])
	return !wordy(before) || !wordy(after)
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// within gives the first place of q inside one of spans, else the first in the
// passage.
func (p *passage) within(q string, spans []extract.Span) (extract.Span, bool) {
	places, _ := p.find(q, maxPlaces)
	for _, s := range spans {
		for _, at := range places {
			if holds(s, at) {
				return at, true
			}
		}
	}
	if len(places) == 0 {
		return extract.Span{}, false
	}
	return places[0], true
}

// quotation gives the place of evidence, trying it without the marks and dots
// that models put around a quotation.
func (p *passage) quotation(q string) (at extract.Span, exact, ok bool) {
	for _, q := range []string{q, strings.Trim(q, " \t\n\"'“”‘’.…")} {
		if spans, exact := p.find(q, 1); len(spans) > 0 {
			return spans[0], exact, true
		}
	}
	return extract.Span{}, false, false
}

func holds(outer, inner extract.Span) bool {
	return outer.Start <= inner.Start && inner.End <= outer.End
}

func overlap(a, b extract.Span) bool { return a.Start < b.End && b.Start < a.End }
