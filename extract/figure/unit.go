package figure

import "strings"

// headUnit returns what the noun at token head counts as; first is where its
// phrase begins, whose modifiers decide where the noun says little.
func (p *parser) headUnit(first, head int) string {
	t := p.at(head)
	e := t.entry
	if p.hyphen(head - 1) {
		if c := lookup(p.text[p.at(head-2).start:t.end]); c.is(noun) {
			e = c
		}
	}
	switch {
	case e.is(vague):
		return p.vagueUnit(first, head)
	case e.unit == Cards && p.otherCard(head-1):
		return Other
	case e.unit == Records && p.word(head, "lines") && p.word(head+1, "of") && p.word(head+2, "code"):
		return Other
	case p.word(head, "systems") && p.word(head-1, "school", "health", "healthcare", "hospital", "court", "care", "university", "transit"):
		return Companies
	case e.is(noun):
		return e.unit
	}
	return p.unknownUnit(head)
}

// vagueUnit reads "payment card numbers", "email addresses", "password and
// login details".
func (p *parser) vagueUnit(first, head int) string {
	for i := head - 1; i >= first; i-- {
		t := p.at(i)
		switch {
		case t.kind != word, !t.is(hint):
			continue
		case t.unit == SSN && !p.word(i-1, "social"), t.unit == Cards && p.otherCard(i-1):
			return Other
		case t.unit == Emails && p.word(head, "numbers"):
			return Other
		}
		return t.unit
	}
	if p.word(head, "pairs", "combinations", "combos") && p.word(head+1, "of") {
		return p.vagueUnit(head+2, min(head+6, len(p.tokens)))
	}
	return Other
}

// otherCard reports whether the word at token i says that a card is not one to
// pay with.
func (p *parser) otherCard(i int) bool {
	return p.word(i, "sim", "id", "identity", "identification", "graphics", "memory", "sd", "report", "business", "wild", "insurance", "medicare", "library", "smart", "access", "membership", "loyalty")
}

// unknownUnit tells people from things by the ending of a noun that is in no
// list.
func (p *parser) unknownUnit(i int) string {
	s := p.text[p.at(i).start:p.at(i).end]
	for _, suffix := range []string{"men", "women", "holders", "owners", "goers", "workers", "ists", "ees", "ians", "mates", "seekers", "payers", "drivers", "users", "members", "nauts", "crats", "ers", "eurs"} {
		if strings.HasSuffix(s, suffix) {
			return People
		}
	}
	return Other
}

// elided returns the unit of a number whose noun is left out: that of what the
// sentence says the number is of, else of the count before it, else of the
// nearest noun before it.
func (p *parser) elided(q *quantity) string {
	if u := p.numberOf(q.first); u != "" {
		return u
	}
	if u := p.sharedNoun(q.next); u != "" {
		return u
	}
	if u := p.comparedWith(q); u != "" {
		return u
	}
	if p.counting != "" && p.at(q.first).start-p.countingEnd < elisionReach {
		return p.counting
	}
	for i := q.qualifier - 1; i >= max(0, q.first-sentenceReach); i-- {
		if t := p.at(i); t.kind == word && t.is(many) && !t.is(vague) {
			return t.unit
		}
	}
	if p.affected(q.next) {
		return People
	}
	return Other
}

// comparedWith returns the unit of the figure just before that q is set
// against: "24 days, down from 56".
func (p *parser) comparedWith(q *quantity) string {
	if len(p.found) == 0 || !p.word(q.qualifier-1, "from", "to", "with", "against") {
		return ""
	}
	last := p.found[len(p.found)-1]
	if p.at(q.first).start-last.End > comparisonReach || last.Unit == Age {
		return ""
	}
	return last.Unit
}

// sharedNoun returns the unit of the noun that a number has in common with the
// one joined on at token i: "36 million and 58 million accounts".
func (p *parser) sharedNoun(i int) string {
	switch {
	case p.word(i, "out") && p.word(i+1, "of"):
		i += 2
	case p.word(i, "of"):
		for i++; p.at(i).is(determiner) || p.possessed(i); {
			i++ // the company's 24,000 employees
		}
	case p.word(i, "and", "or", "to"), p.at(i).sym == ',', p.at(i).sym == '/':
		i++
	default:
		return ""
	}
	if t := p.at(i); t.kind != numeral && !t.is(opens) {
		return ""
	}
	a, ok := p.amount(i)
	if !ok || a.unit != "" || a.lone {
		return ""
	}
	return p.counted(a.next).unit
}

const (
	elisionReach    = 700 // bytes back to the count that a bare number goes on from
	comparisonReach = 40  // bytes back to what a number is compared with
	sentenceReach   = 40  // tokens back to a noun that it may stand for
)

// numberOf reads "the number of reported breaches" before token i in the same
// sentence and returns the unit of what is numbered.
func (p *parser) numberOf(i int) string {
	for j := i - 1; j >= max(0, i-sentenceReach); j-- {
		if p.at(j).sym == '.' {
			break
		}
		if !p.word(j, "number", "total", "tally", "count") || !p.word(j+1, "of") {
			continue
		}
		if c := p.counted(j + 1); c.head >= 0 {
			return c.unit
		}
		if p.word(j+2, "those", "people") || p.affected(j+2) {
			return People
		}
	}
	return ""
}

// affected reports whether the words at token i are said of people only: "were
// notified".
func (p *parser) affected(i int) bool {
	if p.word(i, "had", "have", "lost") && p.word(i+1, "their") {
		return true
	}
	for j := i; j < i+4; j++ {
		if p.word(j, "affected", "impacted", "notified", "enrolled", "employed") {
			return true
		}
	}
	return false
}
