package figure

// opens are the roles of a word that may begin a quantity.
const opens = ones | teens | tens | hundred | scale | dozen | plural | few | article | half | point | minus | zero | bytes | code | percent

// scan reads the figures of the tokens of one segment.
func (p *parser) scan() {
	p.named, p.aged = -1, -1
	for i := 0; i < len(p.tokens); {
		if !p.mayOpen(i) {
			i++
			continue
		}
		q, ok := p.quantity(i)
		if !ok {
			i++
			continue
		}
		p.apply(&q)
		if p.at(i-1).sym == '(' && p.at(q.after).sym == ')' && !p.opensSentence(i-1) {
			q.after++ // two hundred (200) customers
		}
		at := q.after
		if q.share && !p.at(at).is(pronoun) {
			at = p.determined(at) // half its users
		}
		c := p.counted(at)
		p.applyAfter(&q, &c)
		if p.keep(&q, &c) {
			p.add(&q, &c)
		}
		i = max(q.next, i+1)
	}
}

// mayOpen reports whether a quantity may begin at token i.
func (p *parser) mayOpen(i int) bool {
	t := &p.tokens[i]
	switch t.kind {
	case numeral:
		return true
	case word:
		return t.is(opens) || i+1 < len(p.tokens) && p.tokens[i+1].sym == '$' || p.word(i, "per")
	case symbol:
		return t.is(sign|vulgar) || t.sym == '-' || t.sym == '−'
	}
	return false
}

// keep decides whether q is a figure and completes its unit.
func (p *parser) keep(q *quantity, c *counted) bool {
	for _, rejects := range rejections {
		if rejects(p, q, c) {
			return false
		}
	}
	switch {
	case q.unit != "":
	case q.share:
		return p.keepShare(q, c)
	case p.duration(q) >= 0:
		q.span = p.duration(q)
		q.unit = p.at(q.span).unit
	case p.ageOf(q, c):
		q.unit = Age
		p.aged = q.next
	default:
		q.unit = p.countUnit(q, c)
	}
	return true
}

// keepShare decides whether the fraction q is a share, and of what: a share is
// in percent, a fraction that stands alone keeps its value.
func (p *parser) keepShare(q *quantity, c *counted) bool {
	switch {
	case p.partSpelled(q) && !c.of && c.first < c.next && !c.bare:
		return false // "a third breach"
	case p.word(q.first-1, "first", "second", "last", "latter", "other", "better", "top", "bottom", "final"):
		return false // the first half
	case c.of, q.approx, q.hasLow != q.hasHigh, p.at(q.next).is(determiner) && !p.at(q.next).is(pronoun),
		p.word(q.first-1, "by", "to", "than", "only", "just"), p.at(q.next).is(bare),
		q.spelled && !p.quantityAlone() && p.at(q.next-1).is(parts):
		q.unit = Percent
		q.value, q.low, q.high = 100*q.value, 100*q.low, 100*q.high
		return true
	}
	q.unit = Other
	return !p.at(q.first).is(half) && !p.partSpelled(q) || p.quantityAlone()
}

// partSpelled reports whether q is "a third" or the like, which reads as an
// ordinal before a noun.
func (p *parser) partSpelled(q *quantity) bool {
	return q.next == q.first+2 && p.at(q.first+1).kind == word && p.at(q.first+1).is(part)
}

// countUnit returns the unit of a count of things.
func (p *parser) countUnit(q *quantity, c *counted) string {
	switch {
	case c.head >= 0:
		return c.unit
	case p.hyphen(q.next) && p.at(q.next+1).is(noun), q.value == 1 && p.at(q.next).is(noun):
		c.first = q.next
		if p.hyphen(q.next) {
			c.first++
		}
		c.head, c.next = c.first, c.first+1
		c.unit = p.headUnit(c.first, c.head)
		return c.unit
	case p.quantityAlone() && q.qualifier == 0 && !p.affected(q.next):
		return Other
	}
	return p.elided(q)
}

// countable reports whether unit is one of things that are counted, so that a
// bare number may go on counting them.
func countable(unit string) bool {
	switch unit {
	case People, Accounts, Records, Emails, Passwords, SSN, Cards, Files, Devices, Sites, Companies, Breaches:
		return true
	}
	return false
}

// add keeps q as a figure.
func (p *parser) add(q *quantity, c *counted) {
	f := Figure{
		Start: p.at(q.first).start, End: p.at(q.next - 1).end,
		Approx: q.approx, Unit: q.unit,
		QualifierStart: p.at(q.qualifier).start,
	}
	v := [3]float64{q.value, q.low, q.high}
	if q.hasValue {
		f.Value = &v[0]
	}
	if q.hasLow {
		f.Low = &v[1]
	}
	if q.hasHigh {
		f.High = &v[2]
	}
	if q.ranged {
		f.Value = nil
	}
	if first, next := p.countedPhrase(q, c); first < next {
		f.CountedStart, f.CountedEnd = p.at(first).start, p.at(next-1).end
		f.Counted = p.text[f.CountedStart:f.CountedEnd]
	}
	if countable(q.unit) {
		p.counting, p.countingEnd = q.unit, f.End
	}
	p.found = append(p.found, f)
}

// maxLoose bounds the words of a phrase that has no plural to end it.
const maxLoose = 4

// countedPhrase returns the tokens of the noun phrase that q counts, of the
// whole that it is a share of, or of what a sum of money is for.
func (p *parser) countedPhrase(q *quantity, c *counted) (first, next int) {
	switch {
	case q.unit == Age, c.bare:
		return 0, 0
	case q.span >= 0:
		d := p.counted(q.span + 1)
		if !d.of {
			return 0, 0
		}
		return d.first, min(d.next, d.first+maxLoose)
	case c.head >= 0 && (countable(q.unit) || q.unit == Other || q.unit == Percent || c.of):
		return c.first, c.next
	case countable(q.unit):
		return 0, 0
	}
	if at := q.after; p.word(at, "per", "a", "an", "each", "every") {
		per := p.counted(at + 1)
		return per.first, min(per.next, per.first+maxLoose)
	}
	return c.first, min(c.next, c.first+maxLoose)
}
