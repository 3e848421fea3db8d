package figure

import "math"

// A quantity is one amount, a range or a ratio, with the bounds it asserts.
type quantity struct {
	amount
	hasValue, hasLow, hasHigh bool
	ranged                    bool
	// qualifier is the token at which the words that set the bounds begin.
	qualifier int
	// span is the token of the word of time counted, -1 without one.
	span int
	// after is the token after the words behind the number that set bounds.
	after int
}

// quantity reads the quantity at token i.
func (p *parser) quantity(i int) (q quantity, ok bool) {
	a, ok := p.amount(i)
	if !ok {
		a, ok = p.percentOf(i)
	}
	if !ok {
		return q, false
	}
	p.inherit(&a)
	q = single(a)
	if r, ok := p.ratioOf(a); ok {
		q = r
	} else if r, ok := p.rangeOf(a); ok {
		q = r
	}
	q.qualifier, q.after, q.span = q.first, q.next, -1
	return q, true
}

// inherit gives a number that changes to another one its scale and measure:
// "rose from 15 to 20 percent", "fell from 10 to 5 million".
func (p *parser) inherit(a *amount) {
	if !p.word(a.first-1, "from") || !p.word(a.next, "to") || a.scale != 1 || a.open || a.share || !p.changes(a.first-1) {
		return
	}
	b, ok := p.amount(a.next + 1)
	if !ok || b.open || b.prefixed && a.unit == "" {
		return
	}
	if a.unit == "" && (b.unit == Percent || b.unit == Bytes) {
		a.unit = b.unit
		a.value *= max(b.factor, 1)
		a.plain = false
	}
	if b.scale > 1 && a.value < 1000 && a.unit == b.unit {
		a.value *= b.scale
		a.plain = false
	}
}

// percentOf reads "per cent of twenty", which some write for twenty per cent.
func (p *parser) percentOf(i int) (amount, bool) {
	at := i + 1
	if p.word(i, "per") && p.word(at, "cent") {
		at++
	} else if t := p.at(i); t.kind != word || !t.is(percent) {
		return amount{}, false
	}
	if !p.word(at, "of") {
		return amount{}, false
	}
	a, ok := p.amount(at + 1)
	if !ok || a.unit != "" || p.at(a.next).kind == word {
		return amount{}, false
	}
	a.first, a.unit, a.plain, a.share = i, Percent, false, false
	return a, true
}

// single makes a quantity of one amount.
func single(a amount) quantity {
	q := quantity{amount: a, hasValue: !a.open}
	switch {
	case a.open:
		q.hasLow, q.hasHigh = true, a.high > 0
	case a.floor:
		q.low, q.hasLow = a.value, true
	case !a.approx:
		q.low, q.high = a.value, a.value
		q.hasLow, q.hasHigh = true, true
	}
	return q
}

// rangeOf reads the other end of a range that starts with a.
func (p *parser) rangeOf(a amount) (quantity, bool) {
	if a.open || a.floor || a.share && !a.spelled {
		return quantity{}, false
	}
	at := p.connector(a)
	if at < 0 {
		return quantity{}, false
	}
	b, ok := p.amount(at)
	if !ok || b.open || b.prefixed && a.unit != b.unit || a.unit != "" && b.unit != "" && a.unit != b.unit {
		return quantity{}, false
	}
	if p.word(at-1, "or") && (!b.spelled && b.value > 20 || b.value != a.value+1 || b.scale > 1 || a.scale > 1 || a.unit != "") {
		return quantity{}, false
	}
	return p.between(a, b)
}

// between makes the range from a to b.
func (p *parser) between(a, b amount) (quantity, bool) {
	low, high := a.value, b.value
	if a.unit == "" && b.unit != "" && b.factor != 0 {
		low *= b.factor
	}
	if a.scale == 1 && low*b.scale < high && (a.factor == 0 || b.unit == "") {
		low *= b.scale
	}
	if b.unit == "" && a.factor != 0 {
		high *= a.factor
	}
	if low >= high || math.IsInf(high, 0) {
		return quantity{}, false
	}
	q := quantity{amount: b, ranged: true, hasLow: true, hasHigh: true}
	q.first, q.low, q.high = a.first, low, high
	q.prefixed, q.spelled = a.prefixed, a.spelled
	q.plain = a.plain && b.plain
	q.share = a.share || b.share
	q.floor, q.lone = false, false
	if q.unit == "" {
		q.unit = a.unit
	}
	return q, true
}

// connector returns the token after what joins a to the end of its range, or
// -1 where nothing does.
func (p *parser) connector(a amount) int {
	t, at := p.at(a.next), a.next
	if t.kind == symbol {
		switch t.sym {
		case '-', '‐', '‑', '–', '−':
			if p.word(at+1, "to", "and", "or") { // 18- to 24-year-olds
				return at + 2
			}
			if t.glued == p.at(at+1).glued && p.at(at+1).kind != word {
				return at + 1
			}
		}
		return -1
	}
	switch {
	case p.word(at, "to"):
		if p.word(a.first-1, "from") && p.changes(a.first-1) {
			return -1
		}
		return at + 1
	case p.word(at, "and"):
		if p.word(a.first-1, "between") || p.word(p.qualified(a.first)-1, "between") {
			return at + 1
		}
	case p.word(at, "or"):
		return at + 1
	}
	if p.word(at, "but", "and", "yet") {
		return p.ceiling(a, at+1)
	}
	return -1
}

// ceiling returns the token of the number that closes "more than a but fewer
// than b", or -1.
func (p *parser) ceiling(a amount, at int) int {
	if before := p.hedge(a.first); !before.floor {
		return -1
	}
	for j := at + 1; j < at+5; j++ {
		t := p.at(j)
		if t.kind == numeral || t.is(ones|teens|tens|sign) {
			if h := p.hedge(j); h.ceiling && h.first == at {
				return j
			}
			return -1
		}
	}
	return -1
}

// changeWindow bounds how far before "from" the verb of a change may stand.
const changeWindow = 8

// changes reports whether the clause before token i tells of a change: "rose
// from a to b" is two figures, "from a to b" one range.
func (p *parser) changes(i int) bool {
	for j := i - 1; j >= max(0, i-changeWindow); j-- {
		t := p.at(j)
		if t.kind == symbol && (t.sym == '.' || t.sym == ';' || t.sym == ':') {
			return false
		}
		if t.kind == word && t.is(change) {
			return true
		}
	}
	return false
}

// ratioOf reads "one in five", "nine out of ten", "1-in-4" that start with a.
func (p *parser) ratioOf(a amount) (quantity, bool) {
	if a.unit != "" || a.open || a.scale != 1 || a.share || a.decimal {
		return quantity{}, false
	}
	at := a.next
	switch {
	case p.word(at, "in"):
		at++
	case p.hyphen(at) && p.word(at+1, "in") && p.hyphen(at+2):
		at += 3
	case p.word(at, "out") && p.word(at+1, "of"):
		at += 2
	case p.word(at, "of") && (p.word(at+1, "every", "ten") || p.at(at+1).value == 10 && p.at(at+1).plainNumeral()):
		at++
	default:
		return quantity{}, false
	}
	if p.word(at, "every") {
		at++
	}
	b, ok := p.amount(at)
	if !ok || b.unit != "" || b.open || b.value <= a.value || !roundWhole(b.value) || p.at(b.next).is(span) {
		return quantity{}, false
	}
	a.value = 100 * a.value / b.value
	a.next, a.unit = b.next, Percent
	a.plain, a.lone = false, false
	return single(a), true
}

// roundWhole reports whether v is a number that shares are given of: "one in
// five", "35 out of 100"; not "12 out of 61 offices".
func roundWhole(v float64) bool {
	switch v {
	case 12, 15, 16, 20, 25, 30, 40, 50, 200, 500:
		return true
	}
	return v >= 2 && v <= 10 || v >= 100 && math.Log10(v) == math.Trunc(math.Log10(v))
}
