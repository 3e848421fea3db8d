package when

import (
	"strings"
	"time"
)

// An amount of units: two and a half, a few.
type amount struct {
	n      int  // whole units; couple, few and several are 2, 3 and 4
	half   bool // and a half
	hazy   bool // a few, several
	widest int  // what a hazy one is at most
	least  int  // and at least
}

// count reads the number of units at token i: "two", "12", "a couple of",
// "twenty-five", "two and a half", "half a".
func (p *parser) count(i int) (amount, int) {
	t := p.at(i)
	a, at := amount{}, i+1
	switch {
	case t.kind == number && t.width() <= 3 && !t.ordinal && !t.decade:
		a.n = t.value
	case p.word(i, "half") && p.word(i+1, "a", "an"):
		return amount{half: true}, i + 2
	case t.kind != word || !t.is(count):
		return amount{}, i
	case p.word(i, "a") && p.at(at).is(count) && p.at(at).value < 0:
		return p.count(at)
	case t.value < 0:
		a = amount{n: min(-t.value, 4), hazy: t.value != couple, widest: 1 - t.value, least: 2}
		if p.word(at, "of") {
			at++
		}
	default:
		a.n = t.value
		if t.value >= 20 {
			next := at
			if p.hyphen(next) {
				next++
			}
			if u := p.at(next); u.kind == word && u.is(count) && u.value > 0 && u.value < 10 && !p.word(next, "a", "an") {
				a.n, at = a.n+u.value, next+1
			}
		}
	}
	if p.word(at, "and") && p.word(at+1, "a") && p.word(at+2, "half") {
		a.half, at = true, at+3
	}
	for p.word(at, "full", "whole", "more", "short", "long") {
		at++
	}
	if p.hyphen(at) {
		at++
	}
	return a, at
}

// maxUnits bounds counts, so that arithmetic stays on the calendar.
const maxUnits = 999

// back moves d by a units in direction sign.
func (a amount) back(d time.Time, u unit, sign int) (time.Time, bool) {
	if a.n > maxUnits || a.n < 0 {
		return d, false
	}
	switch u {
	case hourUnit:
		return d.AddDate(0, 0, sign*((a.n+12)/24)), true
	case minuteUnit:
		return d.AddDate(0, 0, sign*((a.n+720)/1440)), true
	}
	if u == weekendUnit {
		return d, false
	}
	d = plus(d, sign*a.n, u)
	if a.half {
		switch u {
		case yearUnit:
			d = addMonths(d, 6*sign)
		case decadeUnit:
			d = addMonths(d, 60*sign)
		case monthUnit:
			d = d.AddDate(0, 0, 15*sign)
		case weekUnit:
			d = d.AddDate(0, 0, 4*sign)
		}
	}
	return d, d.Year() > 0
}

// counted reads "two weeks ago", "a year earlier", "three days after Christmas",
// "two months later" at token i.
func (p *parser) counted(i int) (expr, int) {
	a, at := p.count(i)
	a, at = p.orMore(a, i, at)
	u := p.at(at)
	if at == i || u.kind != word || !u.is(units) || u.owner || p.ref.IsZero() && !p.anchors(at+1) {
		return expr{}, i
	}
	at++
	if p.word(at, "and") && p.word(at+1, "a") && p.word(at+2, "half") {
		a.half, at = true, at+3
	}
	return p.away(a, unit(u.value), i, at)
}

// orMore reads the second count of "three to four weeks" and "3-4 years" at
// token at, behind the count a that begins at token i.
func (p *parser) orMore(a amount, i, at int) (amount, int) {
	second := at
	if p.word(at, "to", "or") {
		second++
	} else if at == i || !p.hyphen(at-1) {
		return a, at
	}
	b, next := p.count(second)
	if next == second || b.n <= a.n || a.n < 1 || b.hazy || !p.at(next).is(units) {
		return a, at
	}
	a.hazy, a.least, a.widest = true, a.n, b.n
	return a, next
}

// anchors reports whether the words at token i count from a date beside them.
func (p *parser) anchors(i int) bool { return p.word(i, "before", "after", "earlier", "later", "and") }

// away reads the word that says from where a count of units runs, at token at.
func (p *parser) away(a amount, u unit, i, at int) (expr, int) {
	switch {
	case p.word(at, "ago", "back"):
		next := at + 1
		switch {
		case p.word(next, "today"):
			next++ // three years ago today
		case p.word(next, "this") && p.word(next+1, "week", "month"):
			next += 2
		}
		return p.ago(a, u, p.ref, -1, i, next)
	case p.word(at, "from") && p.word(at+1, "now", "today"):
		return p.ago(a, u, p.ref, 1, i, at+2)
	case p.word(at, "from") && p.word(at+1, "yesterday"):
		return p.ago(a, u, p.ref.AddDate(0, 0, -1), 1, i, at+2)
	case p.word(at, "from"):
		return p.awayUntil(a, u, i, at)
	case p.word(at, "earlier", "later", "before", "after", "prior"):
		return p.awayFrom(a, u, i, at)
	case p.word(i-1, "in") && p.apart(at) > at:
		return p.ago(a, u, p.ref, 1, i, p.apart(at))
	case p.word(i-1, "in") && !u.ofDay() && !p.word(at, "of", "since") && p.toCome(i, at):
		return p.ago(a, u, p.ref, 1, i, at) // it will be deleted in three days
	}
	return expr{}, i
}

// awayUntil reads "from next Monday" at token at.
func (p *parser) awayUntil(a amount, u unit, i, at int) (expr, int) {
	e, next := p.primary(at + 1)
	if next == at+1 || e.weak || p.connects(next, joinFrom) {
		return expr{}, i
	}
	d, ok := p.resolve(e)
	if !ok || !d.from.Equal(d.to) {
		return expr{}, i
	}
	return p.ago(a, u, d.to, 1, i, next)
}

// apart returns the token after the "time" of "two weeks' time" at token i; i
// where there is none.
func (p *parser) apart(i int) int {
	at := i
	if p.sym(at, '\'') || p.sym(at, '’') {
		at++
	}
	if p.word(at, "time") {
		return at + 1
	}
	return i
}

// toCome reports whether the sentence around tokens first to next says what
// will be.
func (p *parser) toCome(first, next int) bool {
	const reach = 12
	will := func(j int) bool {
		t := p.at(j)
		s := p.text[t.start:t.end]
		return p.word(j, "will", "shall", "expires", "due") || t.kind == word && (strings.HasSuffix(s, "'ll") || strings.HasSuffix(s, "’ll"))
	}
	for j := first - 1; j > max(-1, first-reach) && !p.sym(j, '.'); j-- {
		if will(j) {
			return true
		}
	}
	for j := next; j < min(len(p.tokens), next+reach) && !p.sym(j, '.'); j++ {
		if will(j) {
			return true
		}
	}
	return false
}

// ago makes the day, or for "a few weeks" the days, that lie so far from base.
func (p *parser) ago(a amount, u unit, base time.Time, sign, i, next int) (expr, int) {
	if base.IsZero() {
		return expr{}, i
	}
	d, ok := a.back(base, u, sign)
	if !ok {
		return expr{}, i
	}
	out := one(d)
	if a.hazy {
		out.from, _ = amount{n: a.widest}.back(base, u, sign)
		out.to, _ = amount{n: a.least}.back(base, u, sign)
		if sign > 0 {
			out.from, out.to = out.to, out.from
		}
	}
	return guess(out), next
}

// awayFrom reads "earlier", "later", or "before" and "after" with the date that
// they count from.
func (p *parser) awayFrom(a amount, u unit, i, at int) (expr, int) {
	sign := 1
	if p.word(at, "earlier", "before", "prior") {
		sign = -1
	}
	to := at + 1
	if p.word(at, "prior") && p.word(to, "to") {
		to++
	}
	if p.word(at, "before", "after", "prior") && !p.word(to, "the") {
		if e, next := p.primary(to); next > to && !e.weak {
			d, ok := p.resolve(e)
			if !ok {
				return expr{}, i
			}
			base := d.from
			if sign > 0 {
				base = d.to
			}
			return p.ago(a, u, base, sign, i, next)
		}
	}
	after := p.at(at + 1)
	ends := after.kind == symbol || p.word(at, "earlier", "later") && !p.word(at+1, "than", "this")
	d, ok := p.anchor()
	switch {
	case !ends:
		return expr{}, i
	case !ok && sign < 0:
		d.From = p.ref
	case !ok:
		return expr{}, i
	}
	return p.ago(a, u, d.From, sign, i, at+1)
}
