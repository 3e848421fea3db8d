package when

import "strings"

// nothing stands for the token before the first and after the last.
var nothing = token{entry: &unknown}

// at returns token i, or one that is nothing where there is none.
func (p *parser) at(i int) *token {
	if i < 0 || i >= len(p.tokens) {
		return &nothing
	}
	return &p.tokens[i]
}

// word reports whether token i is one of the words, whatever its case.
func (p *parser) word(i int, words ...string) bool {
	t := p.at(i)
	if t.kind != word {
		return false
	}
	s := p.text[t.start:t.end]
	for _, w := range words {
		if len(s) >= len(w) && (len(s) == len(w) || t.owner) && equalFold(s[:len(w)], w) {
			return len(s) == len(w) || s[len(w)] == '\'' || s[len(w)] >= 0x80
		}
	}
	return false
}

// equalFold compares s with w, which is lower-case ASCII and as long.
func equalFold(s, w string) bool {
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != w[i] {
			return false
		}
	}
	return true
}

// sym reports whether token i is that symbol.
func (p *parser) sym(i int, r rune) bool {
	t := p.at(i)
	return t.kind == symbol && t.sym == r && t.start < t.end
}

// hyphen reports whether token i is a hyphen or dash between its neighbours.
func (p *parser) hyphen(i int) bool {
	return p.sym(i, '-') || p.sym(i, '–') || p.sym(i, '‑') || p.sym(i, '—')
}

// maxDepth bounds dates within dates: "early in the first week of July".
const maxDepth = 4

// primary reads the date at token i, without preposition, and returns the token
// after it; i where there is none.
func (p *parser) primary(i int) (expr, int) {
	if p.depth == maxDepth {
		return expr{}, i
	}
	p.depth++
	defer func() { p.depth-- }()
	t := p.at(i)
	switch t.kind {
	case dated:
		return p.withYear(*t.expr, i+1)
	case number:
		if e, next := p.digits(i); next > i {
			return e, next
		}
		return p.counted(i)
	case word:
		return p.worded(i)
	case symbol:
		if t.sym == '\'' || t.sym == '’' || t.sym == '‘' { // '90s
			switch d := p.at(i + 1); {
			case d.decade && d.glued:
				return p.decade(i + 1)
			case d.kind == number && d.glued && d.width() == 2 && !d.ordinal && p.at(i-1).is(within|joiner):
				return expr{kind: yearKind, year: fullYear(d.value)}, i + 2 // in '98
			}
		}
	}
	return expr{}, i
}

// worded reads the date that starts with the word at token i.
func (p *parser) worded(i int) (expr, int) {
	t := p.at(i)
	switch {
	case t.is(feast):
		if e, next := p.feast(i); next > i {
			return e, next
		}
	case t.is(weekday):
		return p.weekday(i)
	case t.is(month):
		return p.month(i)
	case t.is(season):
		e, next := p.withYear(expr{kind: seasonKind, n: t.value, fuzzy: true, weak: true}, i+1)
		e.weak = next == i+1
		return e, next
	case t.is(the):
		return p.definite(i + 1)
	}
	switch {
	case t.is(ordinal) && p.word(i+1, "quarter", "half"):
		return p.nthOf(i)
	case t.is(near):
		return p.near(i)
	case t.is(edge):
		return p.edge(i)
	case t.is(bygone | present | coming | same):
		return p.relative(i)
	case t.is(count), p.word(i, "half"):
		return p.counted(i)
	case t.is(numbered):
		return p.weekNumber(i)
	case t.is(tens) && (p.at(i-1).is(edge) || p.hyphen(i-1)):
		return expr{kind: decadeKind, year: t.value}, i + 1
	case p.word(i, "fiscal") && p.year(i+1), p.word(i, "calendar") && p.year(i+1):
		return expr{kind: yearKind, year: p.at(i + 1).value, fuzzy: true}, i + 2
	}
	return expr{}, i
}

// dayNumber returns the day of the month at token i, 0 for none.
func (p *parser) dayNumber(i int) int {
	t := p.at(i)
	switch {
	case t.kind == number && !t.decade && t.width() <= 2 && t.value >= 1 && t.value <= 31:
		return t.value
	case t.kind == word && t.is(ordinal) && t.value > 0 && !p.hyphen(i+1):
		return t.value
	}
	return 0
}

// spelledDay reads the day of the month at token i, in digits or words: "twenty-
// second". It returns the token after it; the day is 0 for none.
func (p *parser) spelledDay(i int) (day, next int) {
	if n := p.dayNumber(i); n > 0 {
		return n, i + 1
	}
	t, at := p.at(i), i+1
	if t.kind != word || !t.is(count) || t.value != 20 && t.value != 30 {
		return 0, i
	}
	if p.hyphen(at) {
		at++
	}
	if u := p.at(at); u.kind == word && u.is(ordinal|count) && u.value > 0 && u.value < 10 && !p.word(at, "a", "an") {
		return t.value + u.value, at + 1
	}
	return 0, i
}

// upper reports whether token i is in capitals.
func (p *parser) upper(i int) bool {
	s := p.text[p.at(i).start:p.at(i).end]
	return strings.ToUpper(s) == s
}

// year reports whether token i is written as a year.
func (p *parser) year(i int) bool {
	t := p.at(i)
	return t.kind == number && t.width() == 4 && !t.decade && !t.ordinal && t.value >= 1800 && t.value < 2100
}

// month reads "March", "March 3", "Mar. 3, 2021", "March 2021" at token i.
func (p *parser) month(i int) (expr, int) {
	t := p.at(i)
	if !t.capital && t.is(doubtful) {
		return expr{}, i
	}
	e := expr{kind: monthKind, month: t.value}
	at := i + 1
	if t.is(short) && p.sym(at, '.') && p.at(at).glued {
		at++
	}
	d := at
	if p.word(d, "the") {
		d++
	}
	if n, after := p.spelledDay(d); n > 0 && !p.counts(after-1, i) && exists(2000, t.value, n) && !t.owner {
		e.kind, e.day = dayKind, n
		return p.withYear(e, after)
	}
	e, next := p.withYear(e, at)
	if next == at {
		e.weak = true
		if t.is(short) && (at == i+2 && !p.at(i-1).is(within|joiner) || at == i+1 && p.upper(i)) {
			return expr{}, i // a rate of 1200% APR
		}
	}
	return e, next
}

// counts reports whether the number at token d behind the month at token i
// counts what comes after it: "in May 20 hospitals closed".
func (p *parser) counts(d, i int) bool {
	t := p.at(d + 1)
	if p.at(d).ordinal {
		return false
	}
	if p.sym(d+1, '%') || t.kind == word && t.is(thing) && !t.owner {
		return true
	}
	return p.word(i-1, "in") && t.kind == word && t.roles == 0 && !t.capital
}

// withYear reads the year that follows e at token i: "2021", ", 2021", "of
// 2021", "of last year", "'21".
func (p *parser) withYear(e expr, i int) (expr, int) {
	if e.year != 0 || !e.yearless() {
		return e, i
	}
	at := i
	if p.sym(at, ',') || p.word(at, "of", "in") || p.word(at, "the") {
		at++
	}
	if p.word(at, "fiscal") {
		at++
	}
	switch {
	case p.year(at) && !p.sym(at+1, '%') && !(p.at(at+1).is(thing) && p.at(at+1).kind == word):
		e.year = p.at(at).value
		return e, at + 1
	case (p.sym(at, '\'') || p.sym(at, '’')) && p.at(at+1).kind == number && p.at(at+1).width() == 2 && p.at(at+1).glued:
		e.year = fullYear(p.at(at + 1).value)
		return e, at + 2
	case p.sym(i, ','):
		return e, i
	}
	if y, next := p.relativeYear(at); next > at {
		e.year = y
		return e, next
	}
	return e, i
}

// relativeYear reads "last year", "this year", "the same year" at token i.
func (p *parser) relativeYear(i int) (int, int) {
	at := i
	if p.word(at, "the") {
		at++
	}
	t := p.at(at)
	if t.kind != word || !p.word(at+1, "year") || p.ref.IsZero() || p.word(at, "past", "coming") {
		return 0, i
	}
	base := p.ref.Year()
	switch {
	case t.is(bygone):
		return base - 1, at + 2
	case t.is(present):
		return base, at + 2
	case t.is(coming):
		return base + 1, at + 2
	case t.is(same):
		if d, ok := p.anchor(); ok {
			base = d.From.Year()
		}
		return base + t.value, at + 2
	}
	return 0, i
}

// digits reads a date that starts with the number at token i: "27 August", "the
// 27th of August", "2021", "1990s".
func (p *parser) digits(i int) (expr, int) {
	t := p.at(i)
	if t.decade {
		return p.decade(i)
	}
	if t.ordinal && p.word(i+1, "century") && !p.at(i+1).capital {
		return century(t.value), i + 2
	}
	if n := p.dayNumber(i); n > 0 {
		at := i + 1
		if p.word(at, "of") || p.hyphen(at) && p.at(at).glued {
			at++
		}
		m := p.at(at)
		if m.kind == word && m.is(month) && (m.capital || !m.is(doubtful)) && exists(2000, m.value, n) {
			at++
			if m.is(short) && p.sym(at, '.') && p.at(at).glued {
				at++
			}
			if p.hyphen(at) && p.year(at+1) {
				at++
			}
			return p.withYear(expr{kind: dayKind, month: m.value, day: n}, at)
		}
		return p.ordinalDay(i)
	}
	if p.year(i) {
		if q := p.at(i + 1); q.kind == dated && q.expr.yearless() {
			e := *q.expr
			e.year = t.value
			return e, i + 2
		}
		return expr{kind: yearKind, year: t.value, weak: true}, i + 1
	}
	return expr{}, i
}

// weekNumber reads "week 16 of 2021" and "week 16 of the year" at token i: the
// week of ISO 8601.
func (p *parser) weekNumber(i int) (expr, int) {
	n, at := p.at(i+1), i+2
	if n.kind != number || n.width() > 2 || n.value < 1 || n.value > 53 {
		return expr{}, i
	}
	if p.word(at, "of", "in") || p.sym(at, ',') {
		at++
	}
	year, next := 0, at+1
	switch {
	case p.year(at):
		year = p.at(at).value
	case p.word(at, "the") && p.word(at+1, "year"):
		year, next = p.ref.Year(), at+2
	default:
		year, next = p.relativeYear(at)
	}
	if next == at || p.ref.IsZero() && !p.year(at) {
		return expr{}, i
	}
	monday := weekOf(date(year, 1, 4)).from.AddDate(0, 0, 7*(n.value-1))
	return fixed(weekOf(monday)), next
}

// ordinalDay reads "the 27th", "the 3rd of last month".
func (p *parser) ordinalDay(i int) (expr, int) {
	t := p.at(i)
	if !t.ordinal || !p.word(i-1, "the") || p.ref.IsZero() {
		return expr{}, i
	}
	first, next := addMonths(p.ref, 0), i+1
	switch {
	case p.word(i+1, "of") && p.word(i+3, "month") && p.at(i+2).is(bygone|present|coming):
		first, next = addMonths(p.ref, step(p.at(i+2))), i+4
	case !p.word(i-2, "on", "by", "since", "until", "before", "after") || p.at(i+1).kind != symbol:
		return expr{}, i
	case t.value > p.ref.Day():
		first = addMonths(p.ref, -1)
	}
	if !exists(first.Year(), int(first.Month()), t.value) {
		return expr{}, i
	}
	return expr{kind: fixedKind, fixed: one(date(first.Year(), int(first.Month()), t.value))}, next
}

// decade reads "1990s" and "90s" at token i.
func (p *parser) decade(i int) (expr, int) {
	t := p.at(i)
	y := t.value
	if t.width() == 2 {
		y = 1900 + t.value
		if t.value < 20 {
			y += 100
		}
	}
	if y < 1800 || y >= 2100 || y%10 != 0 {
		return expr{}, i
	}
	// "in his 20s" is an age
	if t.width() == 2 && !(p.sym(i-1, '\'') || p.sym(i-1, '’') || p.sym(i-1, '‘')) && !p.word(i-1, "the") && !p.at(i-1).is(edge) {
		return expr{}, i
	}
	return expr{kind: decadeKind, year: y}, i + 1
}

// weekday reads "Tuesday", "Tuesday, Aug. 27", "Friday night", "Monday of last
// week" at token i.
func (p *parser) weekday(i int) (expr, int) {
	t := p.at(i)
	at := i + 1
	if p.word(i-1, "every", "each") || p.word(at, "times", "telegraph", "mail", "herald", "express", "mirror", "post", "tribune", "journal", "independent") {
		return expr{}, i
	}
	if t.is(short) && p.sym(at, '.') && p.at(at).glued {
		at++
	}
	d := at
	if p.at(d).kind == word && p.at(d).is(daytime) {
		d++
	}
	if p.sym(d, ',') {
		d++
	}
	if p.word(d, "the") {
		d++
	}
	if m := p.at(d); m.kind == number || m.kind == dated || m.kind == word && m.is(month) {
		if e, next := p.primary(d); next > d && e.kind == dayKind {
			return e, next
		}
	}
	if t.is(short) {
		return expr{}, i
	}
	if e, next := p.weekdayOf(t.value, at); next > at {
		return e, next
	}
	e := expr{kind: weekdayKind, n: t.value}
	if p.at(at).kind == word && p.at(at).is(daytime) && !t.owner {
		at++
	}
	return e, at
}

// weekdayOf reads "of last week", "last week" behind a weekday.
func (p *parser) weekdayOf(wd, i int) (expr, int) {
	at := i
	if p.word(at, "of") {
		at++
	}
	t := p.at(at)
	if t.kind != word || !t.is(bygone|present|coming) || !p.word(at+1, "week") || p.ref.IsZero() || p.word(at, "past", "coming") {
		return expr{}, i
	}
	monday := weekOf(p.ref.AddDate(0, 0, 7*step(t))).from
	return expr{kind: fixedKind, fixed: one(monday.AddDate(0, 0, (wd+6)%7))}, at + 2
}

// step returns -1, 0 or 1 for last, this and next.
func step(t *token) int {
	switch {
	case t.is(bygone):
		return -1
	case t.is(coming):
		return 1
	}
	return 0
}

// feast reads the holiday at token i.
func (p *parser) feast(i int) (expr, int) {
	if !p.at(i).capital {
		return expr{}, i
	}
	if p.word(i, "patch") && p.word(i+1, "tuesday") && !p.ref.IsZero() {
		return fixed(one(patchTuesday(p.ref))), i + 2
	}
	rest := p.text[p.at(i).start:]
	for k, h := range holidays {
		n := named(rest, h.name)
		if n == 0 || letterAt(rest, n) {
			continue
		}
		next := i
		for next < len(p.tokens) && p.at(next).start < p.at(i).start+n {
			next++
		}
		return p.withYear(expr{kind: feastKind, n: k}, next)
	}
	return expr{}, i
}

// named returns how many bytes of s are name, whatever the case and the form of
// the apostrophe; 0 where s starts otherwise.
func named(s, name string) int {
	at := 0
	for i := range len(name) {
		if name[i] == '\'' {
			n := apostrophe(s, at)
			if n == 0 {
				return 0
			}
			at += n
			continue
		}
		if at >= len(s) || !equalFold(s[at:at+1], name[i:i+1]) {
			return 0
		}
		at++
	}
	return at
}
