// Package when finds the date expressions of an English text and says which
// days they mean: "Aug. 27", "early 2014", "two weeks ago", "from June to
// August 2021", "since last spring". News tells of the past, so an expression
// without a year is the latest one that does not start after the day the text
// was written.
//
// It resolves to days, not to times of day, and does not guess what "recently"
// or "two weeks after the attack" may mean.
//
//   - when.go: the result
//   - token.go, words.go: text to tokens, the words it knows
//   - calendar.go: arithmetic on days, holidays
//   - expr.go: what an expression means before and after its year is known
//   - absolute.go, relative.go, counted.go: tokens to expressions
//   - join.go: prepositions and ranges
//   - context.go: what looks like a date and is none
package when

import "time"

// A Date is an expression and the days that it means.
type Date struct {
	Start, End int // byte offsets of the expression, half-open
	// From and To are the first and the last day, midnight UTC, both included;
	// zero for an end that is left open ("since August").
	From, To time.Time
	// Fuzzy is whether the days are a reading rather than what the words fix:
	// "early July", "two weeks ago", "03/04/2021", "the following month".
	Fuzzy bool
}

// Find returns the dates of text in text order; no two overlap. Reference is
// the day that "yesterday" counts from; where it is zero only expressions that
// name their year are found. Time is linear in the length of text.
func Find(text string, reference time.Time) []Date {
	p := parser{text: text, ref: day(reference)}
	for pos := 0; pos < len(text); {
		end := segmentEnd(text, pos)
		p.tokens = lex(p.tokens[:0], text[:end], pos)
		p.scan()
		pos = end
	}
	return p.found
}

// A parser reads the tokens of one segment at a time and keeps what it found.
type parser struct {
	text   string
	ref    time.Time
	tokens []token
	found  []Date
	depth  int // of dates within dates
}

func (p *parser) scan() {
	for i := 0; i < len(p.tokens); {
		next := i
		if t := &p.tokens[i]; t.is(opens) || t.kind == number || t.kind == dated {
			next = p.expression(i)
		}
		i = max(next, i+1)
	}
}

// keep adds the date d that tokens first to next express.
func (p *parser) keep(first, next int, d Date) {
	d.Start, d.End = p.at(first).start, p.at(next-1).end
	if t := p.at(next - 1); t.owner {
		d.End = t.bare // last year's breach
	}
	p.found = append(p.found, d)
}

// anchor returns the last date found that has both ends; what "the following
// week" counts from.
func (p *parser) anchor() (Date, bool) {
	for i := len(p.found) - 1; i >= max(0, len(p.found)-4); i-- {
		if d := p.found[i]; !d.From.IsZero() && !d.To.IsZero() {
			return d, true
		}
	}
	return Date{}, false
}
