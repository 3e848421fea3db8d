package when

import "strings"

// A lead is what stands before a date.
type lead struct {
	first int // the token at which the expression begins
	at    int // the token at which its date begins
	op    int // what the preposition asserts, 0 for nothing
	prep  bool
}

// maxLead bounds the words before a date: "since at least as early as".
const maxLead = 7

// expression reads the expression at token i, keeps it and returns the token
// after it; i where there is none.
func (p *parser) expression(i int) int {
	l, e, next := p.led(i)
	if next == i {
		return i
	}
	if e2, next2 := p.rangeTo(l, e, next); next2 > next {
		return p.keepRange(l, e, e2, i, next2)
	}
	if e.weak && !p.sure(l, e, next) || e.kind == noKind {
		return i
	}
	d, ok := p.resolve(p.yearAhead(e, next))
	if !ok {
		return i
	}
	return p.keepOne(l, e, d, next)
}

// yearAhead gives e the year that the date joined on at token i names: "in
// September and October 2015".
func (p *parser) yearAhead(e expr, i int) expr {
	if !e.yearless() || !p.word(i, "and", "or") && !p.sym(i, ',') {
		return e
	}
	if b, next := p.primary(i + 1); next > i+1 && b.kind == e.kind && !b.yearless() {
		e.year = b.year
		if b.month < e.month {
			e.year--
		}
	}
	return e
}

// led reads the words before a date and the date.
func (p *parser) led(i int) (lead, expr, int) {
	l := lead{first: i, at: i}
	for range maxLead {
		if e, next := p.primary(l.at); next > l.at {
			return l, e, next
		}
		if e, next := p.bareDay(l.at); next > l.at {
			return l, e, next
		}
		n := p.preposition(&l)
		if n == 0 {
			break
		}
		l.at += n
	}
	return l, expr{}, i
}

// preposition notes the word at l.at, which stands before a date, and returns
// how many tokens it is; 0 where it is none.
func (p *parser) preposition(l *lead) int {
	i := l.at
	t := p.at(i)
	switch {
	case l.op != 0 && p.clock(i) > i:
		return p.clock(i) - i
	case t.kind != word:
		return 0
	case p.word(i, "prior") && p.word(i+1, "to"), p.word(i, "earlier") && p.word(i+1, "than"):
		l.op = joinBefore
		return 2
	case p.word(i, "up") && p.word(i+1, "to", "until", "through") && !p.hyphen(i-1):
		l.op = joinUntil
		return 2
	case p.word(i, "no") && p.word(i+1, "later") && p.word(i+2, "than"):
		l.op = joinUntil
		return 3
	case p.word(i, "starting", "beginning") && p.at(i+1).kind == word && p.at(i+1).is(within|joiner|month|weekday):
		l.op = joinSince
		return 1
	case p.word(i, "as") && p.word(i+1, "early", "late", "recently", "far", "of"):
		return p.asEarlyAs(i)
	case p.word(i, "back") && p.word(i+1, "to"):
		l.prep = true
		return 2
	case p.word(i, "on") && p.word(i+1, "or") && p.word(i+2, "about", "around", "before", "after"):
		return 3
	case p.word(i, "up", "starting", "no"):
		return 0
	case t.is(joiner):
		if l.op == 0 {
			l.first = i // "logged in since May"
		}
		l.op = p.asserts(i)
		l.prep = l.prep || l.op == 0
		return 1
	case t.is(the) && p.at(i+1).kind == number && l.op != 0:
		return 1 // between the 4 and 9 of March
	case t.is(within):
		l.prep = true
		return 1
	case t.is(filler) && i > l.first:
		return 1
	}
	return 0
}

// asserts returns what the preposition at token i says of the date after it:
// nothing in "midway through 2019" and in "a month after the July 19 attack",
// which is not counted from here.
func (p *parser) asserts(i int) int {
	op := p.at(i).value
	before := p.at(i - 1)
	switch {
	case p.word(i, "through") && p.word(i-1, "way", "midway", "halfway", "partway", "all"):
		return 0
	case (op == joinAfter || op == joinBefore) && before.kind == word && before.is(units) && p.at(i-2).is(count):
		return 0
	}
	return op
}

// asEarlyAs reads "as early as", "as far back as", "as of" at token i.
func (p *parser) asEarlyAs(i int) int {
	switch {
	case p.word(i+1, "of"):
		return 2
	case p.word(i+2, "as"):
		return 3
	case p.word(i+2, "back") && p.word(i+3, "as"):
		return 4
	}
	return 0
}

// bareDay reads the first day of a range that names its month at the end: "4 to
// 9 March".
func (p *parser) bareDay(i int) (expr, int) {
	t := p.at(i)
	n := p.dayNumber(i)
	if n == 0 || t.kind != number || !p.connects(i+1, joinBetween) {
		return expr{}, i
	}
	e, next := p.digits(i + 2)
	if next == i+2 || e.kind != dayKind || e.day <= n {
		return expr{}, i
	}
	e.day = n
	return e, i + 1
}

// connects reports whether token i joins the two ends of a range. "And" does
// after "between" only.
func (p *parser) connects(i, op int) bool {
	switch {
	case p.hyphen(i):
		return true
	case p.word(i, "to", "through", "thru"):
		return true
	case p.word(i, "until", "till"):
		return op == joinFrom || op == joinSince || op == 0
	case p.word(i, "and"):
		return op == joinBetween
	}
	return false
}

// rangeTo reads the end of a range that e starts, at token i.
func (p *parser) rangeTo(l lead, e expr, i int) (expr, int) {
	switch l.op {
	case joinBefore, joinAfter, joinUntil:
		return expr{}, i
	}
	if p.sym(i, ',') && l.op != 0 && p.word(i+1, "to", "through", "until", "till") {
		i++
	}
	if e.kind == dayKind && l.op == 0 && p.word(i, "and") && p.dayNumber(i+1) > e.day && e.year == 0 {
		return p.sameMonth(e, i)
	}
	if !p.connects(i, l.op) {
		return expr{}, i
	}
	at := i + 1
	if p.word(i, "up") {
		at++
	}
	if e.kind == yearKind && p.at(at).kind == number && p.at(at).width() == 2 && p.at(i).glued && p.at(at).glued {
		end := expr{kind: yearKind, year: e.year/100*100 + p.at(at).value}
		if end.year > e.year {
			return end, at + 1
		}
		return expr{}, i
	}
	if p.word(at, "at") && p.word(at+1, "least") {
		at += 2
	}
	if next := p.clock(at); next > at {
		at, l.op = next, joinFrom
	}
	e2, next := p.primary(at)
	if next > at && e2.kind != noKind && p.matches(e, e2, l, i) {
		return e2, next
	}
	if e.kind == dayKind && at == i+1 && p.dayNumber(at) > e.day {
		return p.sameMonth(e, i)
	}
	return expr{}, i
}

// clock returns the token after the time of day at token i, as it stands before
// a date: "5 p.m. on", "11:30". It is i where there is none.
func (p *parser) clock(i int) int {
	t := p.at(i)
	if !digitAt(p.text, t.start) || t.kind != number && t.kind != other {
		return i
	}
	at := i + 1
	half := p.at(at)
	switch {
	case p.word(at, "am", "pm"), half.kind == other && (strings.EqualFold(p.text[half.start:half.end], "a.m") || strings.EqualFold(p.text[half.start:half.end], "p.m")):
		at++
	case t.kind != other || strings.IndexByte(p.text[t.start:t.end], ':') < 0:
		return i
	}
	if p.sym(at, '.') {
		at++
	}
	if z := p.at(at); z.kind == word && z.end-z.start <= 4 && z.roles == 0 && p.upper(at) {
		at++ // GMT
	}
	if p.word(at, "on") || p.sym(at, ',') {
		at++
	}
	return at
}

// matches reports whether a range may run from a to b. Without "from" or
// "between" both must be of one kind, so that "moved in May to 2019 prices" is
// none.
func (p *parser) matches(a, b expr, l lead, i int) bool {
	switch {
	case b.kind == yearKind && (p.at(i+2).is(thing) || p.hyphen(i) && a.kind != yearKind):
		return false
	case a.kind == yearKind && b.kind == yearKind:
		return b.year > a.year
	case a.year != 0 && b.year != 0 && b.parts[0].op != 0:
		return true // January 2015 to the end of 2018
	}
	return l.op != 0 || a.kind == b.kind || a.kind == dayKind && b.kind == weekdayKind
}

// sameMonth reads the day at token i+1 that ends a range within the month of e.
func (p *parser) sameMonth(e expr, i int) (expr, int) {
	if p.counts(i+1, i) || p.at(i+2).is(units) {
		return expr{}, i
	}
	end := e
	end.day = p.dayNumber(i + 1)
	if !exists(2000, end.month, end.day) {
		return expr{}, i
	}
	return p.withYear(end, i+2)
}

// keepRange keeps the range from a to b and returns the token after it.
func (p *parser) keepRange(l lead, a, b expr, i, next int) int {
	if a.kind == weekdayKind && b.kind == weekdayKind {
		if l.op == 0 || p.ref.IsZero() {
			return next // "Monday to Friday" tells of every week
		}
		to, _ := p.resolve(b)
		p.keep(l.first, next, Date{From: before(to.to.AddDate(0, 0, 1), a.n), To: to.to})
		return next
	}
	d, ok := p.both(a, b)
	if !ok || d.to.Before(d.from) {
		return i
	}
	if l.op == 0 {
		l.first = p.firstOf(l, a)
	}
	p.keep(l.first, next, Date{From: d.from, To: d.to, Fuzzy: a.fuzzy || b.fuzzy})
	return next
}

// keepOne keeps the date e, whose days are d, and returns the token after it.
func (p *parser) keepOne(l lead, e expr, d days, next int) int {
	out := Date{From: d.from, To: d.to, Fuzzy: e.fuzzy}
	if l.op == joinFrom && p.word(next, "on", "onward", "onwards", "forward") && (!p.word(next, "on") || p.at(next+1).kind == symbol) {
		l.op = joinSince
		next++
	}
	if (e.kind == monthKind || e.kind == yearKind) && e.parts[0].op == 0 && p.word(l.at-1, "by") && p.word(l.at, "the") && p.at(next).kind == word && !p.at(next).capital && p.at(next).roles&^event == 0 {
		l.op = 0 // hit by the January incident
	}
	if l.op == joinFrom && p.word(next, "to", "until", "till") && p.word(next+1, "date", "now", "present", "today") {
		l.op = joinSince
		next += 2
	}
	switch l.op {
	case joinSince:
		out.To = nothingTime
	case joinBefore:
		out.From, out.To = nothingTime, d.from.AddDate(0, 0, -1)
	case joinAfter:
		out.From, out.To = d.to.AddDate(0, 0, 1), nothingTime
	case joinUntil:
		out.From = nothingTime
	default:
		l.first = p.firstOf(l, e)
	}
	p.keep(l.first, next, out)
	return next
}

// firstOf returns where the span of e begins: "on Tuesday" and "in July" hold
// their preposition, years and parts of years do not.
func (p *parser) firstOf(l lead, e expr) int {
	switch {
	case e.kind == yearKind && e.parts[0].op == 0, e.kind == quarterKind, e.kind == halfKind, e.kind == decadeKind,
		e.parts[0].u == halfUnit, e.parts[0].u == quarterUnit:
		return l.at
	}
	if p.word(l.at-1, "in", "on", "over", "during", "at", "throughout", "within") && l.at > l.first {
		return l.at - 1
	}
	return l.at
}
