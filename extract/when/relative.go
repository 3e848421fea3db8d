package when

import "time"

// fixed makes an expression of days that are known.
func fixed(d days) expr { return expr{kind: fixedKind, fixed: d} }

// guess makes one of days that are a reading of the words.
func guess(d days) expr { return expr{kind: fixedKind, fixed: d, fuzzy: true} }

// near reads "yesterday", "tonight", "tomorrow morning" at token i.
func (p *parser) near(i int) (expr, int) {
	if p.ref.IsZero() || p.at(i-1).capital && p.word(i, "today") && p.word(i-1, "usa") {
		return expr{}, i
	}
	next := i + 1
	if t := p.at(next); t.kind == word && t.is(daytime) {
		next++
	}
	return fixed(one(p.ref.AddDate(0, 0, p.at(i).value))), next
}

// definite reads what may follow "the", at token i.
func (p *parser) definite(i int) (expr, int) {
	fail := i - 1
	t := p.at(i)
	var e expr
	next := i
	switch {
	case p.word(i, "day") && (p.word(i+1, "before", "after") && p.word(i+2, "yesterday", "tomorrow")):
		return p.dayBeside(i)
	case t.kind == word && t.is(units):
		e, next = p.unitOf(i)
	case p.word(i, "rest", "remainder") && p.word(i+1, "of"):
		e, next = p.rest(i)
	case t.kind == word && t.is(tens):
		e, next = expr{kind: decadeKind, year: t.value}, i+1
	case t.kind == word && t.is(ordinal) && p.word(i+1, "century") && !p.at(i+1).capital:
		e, next = century(t.value), i+2
	case t.kind == word && t.is(count) && (t.value == 20 || t.value == 30):
		e, next = p.dayOfMonth(i)
	case t.kind == word && t.is(ordinal) || p.word(i, "last", "next", "past") && p.inner(i):
		if e, next = p.dayOfMonth(i); next == i {
			e, next = p.nthOf(i)
		}
		if next == i && t.is(bygone|coming) {
			e, next = p.relative(i)
		}
	case t.kind == word && t.is(bygone|present|coming|same) && !p.word(i, "this"):
		e, next = p.relative(i)
	case t.kind == word && t.is(edge):
		e, next = p.edge(i)
	case t.kind == word && t.is(season|weekday|feast), t.kind == dated, p.sym(i, '\''), p.sym(i, '’'), p.sym(i, '‘'):
		e, next = p.primary(i)
	case t.kind == number:
		e, next = p.digits(i)
	case t.kind == word && t.is(month):
		e, next = p.primary(i)
	}
	if next == i {
		return expr{}, fail
	}
	return e, next
}

// inner reports whether the words at token i pick a part of a period named
// after them: "the last two weeks of May".
func (p *parser) inner(i int) bool {
	for j := i + 1; j < i+5; j++ {
		if p.at(j).is(units) || p.at(j).is(half) || p.at(j).is(weekday) {
			return p.word(j+1, "of", "in") && !p.word(j+2, "the")
		}
	}
	return false
}

// rest reads "rest of the week" at token i.
func (p *parser) rest(i int) (expr, int) {
	e, next := p.whole(i + 2)
	if next == i+2 || e.kind != fixedKind || e.fixed.to.Before(p.ref) || e.fixed.from.After(p.ref) {
		return expr{}, i
	}
	return guess(days{p.ref, e.fixed.to}), next
}

// dayBeside reads "the day before yesterday" at token i, its "day".
func (p *parser) dayBeside(i int) (expr, int) {
	if p.ref.IsZero() {
		return expr{}, i - 1
	}
	n := 2
	if p.word(i+1, "before") {
		n = -2
	}
	return fixed(one(p.ref.AddDate(0, 0, n))), i + 3
}

// unitOf reads "week of July 12", "month of May", "year 2019", "day before",
// "weekend" at token i, after "the".
func (p *parser) unitOf(i int) (expr, int) {
	u := unit(p.at(i).value)
	if p.word(i+1, "of", "beginning", "starting", "ending", "ended") || u == yearUnit && p.year(i+1) {
		at := i + 1
		if !p.year(at) {
			at++
		}
		if p.word(at, "on") {
			at++
		}
		e, next := p.primary(at)
		switch {
		case next == at:
			return expr{}, i
		case u == weekUnit || u == weekendUnit:
			return p.weekAround(i, e), next
		}
		e.weak = false
		return e, next
	}
	switch {
	case p.word(i+1, "before", "after"):
		return p.beside(i, u)
	case u == weekendUnit && !p.ref.IsZero():
		return fixed(weekendOf(p.ref.AddDate(0, 0, -5))), i + 1
	}
	return expr{}, i
}

// weekAround returns the week, or weekend, at token i that e lies in, begins or
// ends.
func (p *parser) weekAround(i int, e expr) expr {
	switch {
	case p.at(i).value == int(weekendUnit):
		if d, ok := p.resolve(e); ok {
			return guess(weekendOf(d.from.AddDate(0, 0, 1)))
		}
		return expr{}
	case p.word(i+1, "ending", "ended"):
		return e.narrowed(part{op: weekPart, n: -1})
	case p.word(i+1, "beginning", "starting"):
		return e.narrowed(part{op: firstPart, n: 7, u: dayUnit})
	}
	return e.narrowed(part{op: weekPart})
}

// beside reads "the month before", "the day after" at token i where nothing
// follows that they refer to, so that it must be a date named earlier.
func (p *parser) beside(i int, u unit) (expr, int) {
	n := 1
	if p.word(i+1, "before") {
		n = -1
	}
	if u != dayUnit && !p.ref.IsZero() && (p.word(i+1, "before") && p.word(i+2, "last") || p.word(i+1, "after") && p.word(i+2, "next")) {
		return fixed(around(plus(date(p.ref.Year(), int(p.ref.Month()), min(p.ref.Day(), 28)), 2*n, u), u)), i + 3
	}
	if e, next := p.primary(i + 2); next > i+2 && !e.weak && u <= monthUnit && u != weekendUnit {
		if d, ok := p.resolve(e); ok && d.from.Equal(d.to) {
			return guess(around(plus(d.from, n, u), u)), next // the day after Christmas
		}
	}
	d, ok := p.anchor()
	if !ok || p.at(i+2).kind != symbol && i+2 < len(p.tokens) {
		return expr{}, i
	}
	return guess(around(plus(d.From, n, u), u)), i + 2
}

// dayOfMonth reads "third of March" at token i.
func (p *parser) dayOfMonth(i int) (expr, int) {
	n, at := p.spelledDay(i)
	m := p.at(at + 1)
	if !p.word(at, "of") || n == 0 || m.kind != word || !m.is(month) || !m.capital || !exists(2000, m.value, n) {
		return expr{}, i
	}
	return p.withYear(expr{kind: dayKind, month: m.value, day: n}, at+2)
}

// nthOf reads "second half of 2020", "first three months of the year", "last
// week of July", "first quarter" at token i.
func (p *parser) nthOf(i int) (expr, int) {
	t := p.at(i)
	n, at := t.value, i+1
	if t.is(bygone) {
		n = -1
	}
	pt := part{op: nthPart, n: n}
	if c := p.at(at); c.kind == word && c.is(count) && c.value > 0 || c.kind == number && c.width() <= 2 {
		if n != 1 && n != -1 {
			return expr{}, i
		}
		pt = part{op: firstPart, n: c.value}
		if n < 0 {
			pt.op = lastPart
		}
		at++
	}
	if p.word(at, "full", "calendar", "fiscal") {
		at++
	}
	u := p.at(at)
	switch {
	case p.word(at, "half"):
		pt.u = halfUnit
	case u.kind == word && u.is(units) && !unit(u.value).ofDay():
		pt.u = unit(u.value)
		if pt.op == nthPart && !u.owner && plural(p.text[u.start:u.end]) {
			pt.op = opening // the first days of March
			if n < 0 {
				pt.op = closing
			}
		}
	case u.kind == word && u.is(weekday) && pt.op == nthPart:
		return p.nthWeekday(at, n)
	default:
		return expr{}, i
	}
	return p.partOf(i, at+1, pt)
}

// partOf reads what the part pt is of, at token at: "of July", or nothing after
// a half or quarter, which is then one of a year.
func (p *parser) partOf(i, at int, pt part) (expr, int) {
	if p.word(at, "of", "in") {
		if e, next := p.whole(at + 1); next > at+1 && e.kind != dayKind {
			return p.annual(e.narrowed(pt), pt), next
		}
		if p.word(at, "of") {
			return expr{}, i
		}
	}
	if pt.op != nthPart || pt.n < 1 {
		return expr{}, i
	}
	switch pt.u {
	case halfUnit:
		return p.withYear(expr{kind: halfKind, n: pt.n}, at)
	case quarterUnit:
		if pt.n > 4 {
			return expr{}, i
		}
		return p.withYear(expr{kind: quarterKind, n: pt.n}, at)
	}
	return expr{}, i
}

// annual turns the second quarter of a year into that quarter, whose bounds are
// sure.
func (p *parser) annual(e expr, pt part) expr {
	e.weak = false
	if e.kind == yearKind && e.parts[1].op == 0 && pt.op == nthPart && pt.n > 0 {
		switch pt.u {
		case halfUnit:
			return expr{kind: halfKind, n: pt.n, year: e.year, fuzzy: e.fuzzy}
		case quarterUnit:
			return expr{kind: quarterKind, n: min(pt.n, 4), year: e.year, fuzzy: e.fuzzy}
		}
	}
	return e
}

// whole reads the period that something is a part of, at token i: a date, or
// "the year", "the month", which are those of the reference.
func (p *parser) whole(i int) (expr, int) {
	at := i
	if p.word(at, "the", "this") {
		at++
	}
	t := p.at(at)
	if at > i && t.kind == word && t.is(units) && !p.word(at+1, "of") && !p.year(at+1) && !p.ref.IsZero() {
		switch u := unit(t.value); u {
		case yearUnit, monthUnit, weekUnit, quarterUnit, decadeUnit:
			return fixed(around(p.ref, u)), at + 1
		}
	}
	e, next := p.primary(i)
	e.weak = false
	return e, next
}

// nthWeekday reads "first Monday of September" from its weekday at token at.
func (p *parser) nthWeekday(at, n int) (expr, int) {
	wd := p.at(at).value
	if !p.word(at+1, "of", "in") {
		return expr{}, at - 1
	}
	e, next := p.whole(at + 2)
	d, ok := p.resolve(e)
	if next == at+2 || !ok || e.kind != monthKind || n > 5 {
		return expr{}, at - 1
	}
	return fixed(one(nth(d.from.Year(), int(d.from.Month()), wd, n))), next
}

// edge reads "early 2014", "mid-July", "late last year", "the end of May",
// "earlier this month" at token i.
func (p *parser) edge(i int) (expr, int) {
	op, at := p.at(i).value, i+1
	comparative := p.word(i, "earlier", "later")
	switch {
	case p.hyphen(at) && p.at(at).glued:
		at++
	case op == opening || op == closing || p.word(i, "middle"):
		if !p.word(at, "of") {
			return expr{}, i
		}
		at++
	case p.word(at, "in", "on") && !comparative:
		at++
	}
	if comparative {
		return p.sofar(i, at)
	}
	e, next := p.whole(at)
	if next == at || e.kind == noKind {
		return expr{}, i
	}
	switch e.kind {
	case dayKind, weekdayKind, feastKind:
		return e, next
	case fixedKind:
		if e.fixed.from.Equal(e.fixed.to) {
			return e, next
		}
	}
	return e.narrowed(part{op: op}), next
}

// sofar reads "earlier this month", "later that year": the part of it before or
// after the reference, or the date named before.
func (p *parser) sofar(i, at int) (expr, int) {
	if p.word(at, "in") && p.word(at+1, "the") && p.at(at+2).is(units) && !p.word(at+3, "of") {
		at++ // "earlier in the week"
	}
	e, next := p.relative(at)
	if p.word(at, "the") {
		e, next = p.whole(at)
	}
	if t := p.at(at); next == at || e.kind != fixedKind || !t.is(present|same|the) {
		if next > at && e.kind != noKind {
			return e, next // "earlier last week"
		}
		if t.is(near | weekday | month) {
			return p.primary(at)
		}
		return expr{}, i
	}
	split := p.ref
	if d, ok := p.anchor(); ok && p.at(at).is(same) {
		split = d.From
	}
	d := e.fixed
	if p.word(i, "earlier") {
		d.to = earliest(d.to, split)
	} else if d.from.Before(split) {
		d.from = split
	}
	if d.to.Before(d.from) {
		return expr{}, i
	}
	return guess(d), next
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// relative reads "last week", "this past Friday", "the previous month", "past
// two weeks", "next March" at token i.
func (p *parser) relative(i int) (expr, int) {
	t, at := p.at(i), i+1
	if p.ref.IsZero() || t.kind != word {
		return expr{}, i
	}
	past := p.word(i, "past")
	if p.word(i, "this", "that") && p.word(at, "past", "coming", "same") {
		past = p.word(at, "past")
		if t = p.at(at); !past && !p.word(at, "coming") {
			t = p.at(i)
		}
		at++
	}
	if !t.is(same) || t.value < 0 {
		if e, next := p.stretch(t, at); next > at {
			return e, next
		}
	}
	n := p.at(at)
	switch {
	case n.kind != word:
	case n.is(units) && (n.owner || !plural(p.text[n.start:n.end])):
		return p.relativeUnit(t, unit(n.value), past, i, at)
	case t.is(same):
	case n.is(weekday) && !n.is(short):
		return p.relativeWeekday(t, past, i, at)
	case n.is(month) && !n.is(short) && n.capital, n.is(season), n.is(feast):
		return p.relativeAnnual(t, i, at)
	case n.is(daytime):
		if t.is(bygone) && p.word(at, "night") {
			return fixed(one(p.ref.AddDate(0, 0, -1))), at + 1
		}
		if t.is(present) {
			return fixed(one(p.ref)), at + 1
		}
	}
	return expr{}, i
}

func plural(s string) bool { return len(s) > 0 && s[len(s)-1]|0x20 == 's' }

// stretch reads "two weeks" after last, past or next: "the past two weeks" ends
// the day before the reference.
func (p *parser) stretch(t *token, at int) (expr, int) {
	c, next := p.count(at)
	u := p.at(next)
	if next == at || u.kind != word || !u.is(units) || c.n <= 0 {
		return expr{}, at
	}
	d, ok := c.back(p.ref, unit(u.value), -1)
	switch {
	case !ok:
		return expr{}, at
	case t.is(coming):
		to, _ := c.back(p.ref, unit(u.value), 1)
		return guess(days{p.ref.AddDate(0, 0, 1), to}), next + 1
	}
	to := p.ref.AddDate(0, 0, -1)
	if d.After(to) {
		to = p.ref
	}
	return guess(days{d, to}), next + 1
}

// relativeUnit reads "week" after t: last week is a calendar week, the past
// week the seven days before the reference.
func (p *parser) relativeUnit(t *token, u unit, past bool, i, at int) (expr, int) {
	if u.ofDay() {
		return expr{}, i
	}
	if t.is(same) {
		return p.anchored(t.value, u, i, at)
	}
	n := step(t)
	switch {
	case u == weekendUnit:
		return fixed(weekendOf(p.ref.AddDate(0, 0, 7*n))), at + 1
	case u == dayUnit, u == fortnightUnit, u == decadeUnit && n < 0, past:
		if u == dayUnit && n > 0 {
			return p.anchored(n, u, i, at)
		}
		if u == dayUnit && (n == 0 || !past && p.word(at+1, "to", "for", "of", "before")) {
			return expr{}, i // the last day to apply
		}
		if n >= 0 {
			return p.stretch(t, at)
		}
		return guess(days{plus(p.ref, n, u), p.ref.AddDate(0, 0, -1)}), at + 1
	}
	base := p.ref
	if u == monthUnit || u == quarterUnit {
		base = date(p.ref.Year(), int(p.ref.Month()), 1)
	}
	return fixed(around(plus(base, n, u), u)), at + 1
}

// anchored reads "the following week", "that year", "the previous month": from
// the date named before, else, for what is past, from the reference.
func (p *parser) anchored(n int, u unit, i, at int) (expr, int) {
	d, ok := p.anchor()
	base := d.From
	if ok && u == dayUnit && !d.To.Equal(d.From) {
		return expr{}, i // the same day, after a week was named
	}
	if !ok {
		if n >= 0 {
			return expr{}, i
		}
		base = p.ref
	}
	if u == monthUnit || u == quarterUnit {
		base = date(base.Year(), int(base.Month()), 1)
	}
	return guess(around(plus(base, n, u), u)), at + 1
}

// relativeWeekday reads "Friday" after t.
func (p *parser) relativeWeekday(t *token, past bool, i, at int) (expr, int) {
	next, wd := at+1, p.at(at).value
	if d := p.at(next); d.kind == word && d.is(daytime) {
		next++
	}
	switch {
	case t.is(bygone):
		e := fixed(one(before(p.ref, wd)))
		e.fuzzy = !past
		return e, next
	case p.word(i, "this", "next", "coming"):
		monday := weekOf(p.ref).from
		d := monday.AddDate(0, 0, (wd+6)%7)
		if !t.is(present) && !d.After(p.ref) {
			d = d.AddDate(0, 0, 7)
		}
		return guess(one(d)), next
	}
	return expr{}, i
}

// relativeAnnual reads a month, season or holiday after t.
func (p *parser) relativeAnnual(t *token, i, at int) (expr, int) {
	e, next := p.worded(at)
	if next == at || !e.yearless() || e.kind == dayKind {
		return expr{}, i
	}
	d, ok := e.latest(p.ref)
	if !ok {
		return expr{}, i
	}
	switch {
	case t.is(bygone) && !d.to.Before(p.ref):
		d, ok = e.in(d.from.Year() - 1)
	case t.is(present):
		d, ok = e.in(p.ref.Year())
		if e.kind == seasonKind && e.n == 0 && p.ref.Month() < time.July {
			d, ok = e.in(p.ref.Year() - 1) // this winter, said in March
		}
	case t.is(coming):
		d, ok = e.earliest(p.ref.AddDate(0, 0, 1))
	}
	if !ok {
		return expr{}, i
	}
	return guess(d), next
}
