package when

import "time"

// An exprKind says what an expression names.
type exprKind uint8

const (
	noKind      exprKind = iota
	dayKind              // month and day
	monthKind            // month
	yearKind             // year
	quarterKind          // n, 1 to 4
	halfKind             // n, 1 or 2
	seasonKind           // n: 0 winter, 1 spring, 2 summer, 3 autumn
	feastKind            // n: index in holidays
	decadeKind           // year, its first
	weekdayKind          // n: 0 Sunday
	fixedKind            // fixed, resolved already
)

// An expr is an expression as far as its words fix it: its year may be missing.
type expr struct {
	kind             exprKind
	year, month, day int
	n                int
	fixed            days
	parts            [2]part // what of it is meant, inner first
	fuzzy            bool
	weak             bool // may be no date at all: a bare month or year
}

// A part narrows a period.
type part struct {
	op int  // an edge, or one of the constants below; 0 for none
	n  int  // which, from 1; -1 for the last; or how many
	u  unit // of what
}

const (
	nthPart   = closing + 1 + iota // the second half, the first week
	firstPart                      // the first three months
	lastPart                       // the last two weeks
	weekPart                       // the week of July 12
)

// narrowed returns e with one more part.
func (e expr) narrowed(pt part) expr {
	if e.parts[0].op == 0 {
		e.parts[0] = pt
	} else {
		e.parts[1] = pt
	}
	e.fuzzy = e.fuzzy || pt.op != nthPart || pt.u == weekUnit
	return e
}

// yearless reports whether e names something that every year has.
func (e expr) yearless() bool {
	switch e.kind {
	case dayKind, monthKind, quarterKind, halfKind, seasonKind, feastKind:
		return e.year == 0
	}
	return false
}

// century returns the n-th, where its number is not that of something else.
func century(n int) expr {
	if n < 10 || n > 21 {
		return expr{}
	}
	return fixed(days{date(100*n-99, 1, 1), date(100*n, 12, 31)})
}

// in returns the days of e in a year; ok is false where that year has none.
func (e expr) in(year int) (d days, ok bool) {
	switch e.kind {
	case dayKind:
		if !exists(year, e.month, e.day) {
			return d, false
		}
		d = one(date(year, e.month, e.day))
	case monthKind:
		d = monthOf(year, e.month)
	case yearKind:
		d = yearsOf(year, 1)
	case quarterKind:
		d = months(year, 3*e.n-2, 3)
	case halfKind:
		d = months(year, 6*e.n-5, 6)
	case seasonKind:
		first := 3 * e.n
		if first == 0 {
			first = 12
		}
		d = months(year, first, 3)
	case feastKind:
		d = one(holidays[e.n].on(year))
	case decadeKind:
		d = yearsOf(year, 10)
	}
	return e.narrow(d), true
}

func (e expr) narrow(d days) days {
	for _, pt := range e.parts {
		if pt.op != 0 {
			d = pt.of(d)
		}
	}
	return d
}

// resolve returns the days that e means: without a year, the latest that does
// not start after the reference.
func (p *parser) resolve(e expr) (days, bool) {
	switch {
	case e.kind == noKind:
		return days{}, false
	case e.kind == fixedKind:
		return e.narrow(e.fixed), true
	case e.kind == weekdayKind:
		if p.ref.IsZero() {
			return days{}, false
		}
		return one(before(p.ref.AddDate(0, 0, 1), e.n)), true
	case !e.yearless():
		return e.in(e.year)
	case p.ref.IsZero():
		return days{}, false
	}
	return e.latest(p.ref)
}

// leap is the longest gap between two years that have a 29 February.
const leap = 8

// latest returns the days of the last year in which e starts by t.
func (e expr) latest(t time.Time) (days, bool) {
	for y := t.Year(); y >= t.Year()-leap; y-- {
		if d, ok := e.in(y); ok && !d.from.After(t) {
			return d, true
		}
	}
	return days{}, false
}

// earliest returns the days of the first year in which e starts no sooner
// than t.
func (e expr) earliest(t time.Time) (days, bool) {
	for y := t.Year(); y <= t.Year()+leap; y++ {
		if d, ok := e.in(y); ok && !d.from.Before(t) {
			return d, true
		}
	}
	return days{}, false
}

// both returns the days of a range from a to b. An end without a year takes it
// from the other.
func (p *parser) both(a, b expr) (days, bool) {
	switch {
	case a.yearless() && !b.yearless():
		to, ok := p.resolve(b)
		if !ok {
			return days{}, false
		}
		from, ok := a.latest(to.to)
		return days{from.from, to.to}, ok
	case b.yearless():
		from, ok := p.resolve(a)
		if !ok {
			return days{}, false
		}
		to, ok := b.earliest(from.from)
		return days{from.from, to.to}, ok
	}
	from, ok := p.resolve(a)
	to, ok2 := p.resolve(b)
	return days{from.from, to.to}, ok && ok2 && !to.to.Before(from.from)
}

// of returns the days of d that pt means. The first, middle and last days of a
// month are parted by ten, a year by four months, other periods in three.
func (pt part) of(d days) days {
	switch pt.op {
	case nthPart:
		return pt.nth(d)
	case firstPart:
		return days{d.from, plus(d.from, pt.n, pt.u).AddDate(0, 0, -1)}
	case lastPart:
		return days{plus(d.to.AddDate(0, 0, 1), -pt.n, pt.u), d.to}
	case weekPart:
		if pt.n < 0 {
			return days{d.from.AddDate(0, 0, -6), d.from}
		}
		return days{weekOf(d.from).from, weekOf(d.from).to}
	}
	n := int(d.to.Sub(d.from).Hours()/24) + 1
	switch {
	case n >= 28 && n <= 31:
		return ofMonth(d, pt.op)
	case n >= 365 && n <= 366:
		return ofYear(d, pt.op)
	case n > 3650 && n < 3655:
		return ofDecade(d, pt.op)
	}
	third := (n + 2) / 3
	switch pt.op {
	case early, opening:
		return days{d.from, d.from.AddDate(0, 0, third-1)}
	case late, closing:
		return days{d.to.AddDate(0, 0, 1-third), d.to}
	}
	return days{d.from.AddDate(0, 0, (n-third)/2), d.from.AddDate(0, 0, (n-third)/2+third-1)}
}

func ofMonth(d days, op int) days {
	year, m := d.from.Year(), int(d.from.Month())
	switch op {
	case early, opening:
		return days{d.from, date(year, m, 10)}
	case late, closing:
		return days{date(year, m, 21), d.to}
	}
	return days{date(year, m, 10), date(year, m, 20)}
}

func ofYear(d days, op int) days {
	year := d.from.Year()
	switch op {
	case early:
		return months(year, 1, 4)
	case late:
		return months(year, 9, 4)
	case opening:
		return months(year, 1, 1)
	case closing:
		return months(year, 12, 1)
	}
	return months(year, 5, 4)
}

func ofDecade(d days, op int) days {
	year := d.from.Year()
	switch op {
	case early, opening:
		return yearsOf(year, 4)
	case late, closing:
		return yearsOf(year+6, 4)
	}
	return yearsOf(year+3, 4)
}

// nth returns the n-th half, quarter, month, week, weekend or day of d, the
// last for -1. Weeks run from Monday; the first is the one that has most of its
// days in d.
func (pt part) nth(d days) days {
	switch pt.u {
	case halfUnit:
		n := int(d.to.Sub(d.from).Hours()/24) + 1
		middle := d.from.AddDate(0, 0, n/2)
		if n > 360 {
			middle = addMonths(d.from, (n+183)/365*6)
		}
		if pt.n == 1 {
			return days{d.from, middle.AddDate(0, 0, -1)}
		}
		return days{middle, d.to}
	case weekUnit:
		if pt.n < 0 {
			return weekOf(d.to.AddDate(0, 0, -3))
		}
		return weekOf(d.from.AddDate(0, 0, 3+7*(pt.n-1)))
	case weekendUnit:
		if pt.n < 0 {
			return weekendOf(d.to.AddDate(0, 0, -6))
		}
		return weekendOf(d.from.AddDate(0, 0, 7*(pt.n-1)))
	}
	if pt.n < 0 {
		return days{plus(d.to.AddDate(0, 0, 1), -1, pt.u), d.to}
	}
	from := plus(d.from, pt.n-1, pt.u)
	return days{from, plus(from, 1, pt.u).AddDate(0, 0, -1)}
}
