package when

import "time"

var nothingTime time.Time

// sure reports whether the weak expression e, a bare month, season or year, is
// a date where it stands.
func (p *parser) sure(l lead, e expr, next int) bool {
	switch e.kind {
	case monthKind:
		return p.sureMonth(l, next)
	case seasonKind:
		return (l.prep || l.op != 0) && !p.word(next, "of")
	case yearKind:
		return p.sureYear(l, next)
	case dayKind: // 22/04
		return l.prep || l.op != 0
	}
	return true
}

// sureMonth tells the month from the name, the verb and the march: it stands
// after a preposition, or, where it cannot be else, between small words.
func (p *parser) sureMonth(l lead, next int) bool {
	t, before, after := p.at(next-1), p.at(l.at-1), p.at(next)
	if p.word(l.at, "the") {
		before = p.at(l.at)
	}
	if p.word(next, "of") && !l.prep || p.hyphen(next) && p.at(next).glued && p.at(next+1).glued {
		return false // March of Dimes
	}
	capital := after.kind == word && after.capital
	switch {
	case l.prep || l.op != 0:
		return !capital || p.word(l.at-1, "in", "since", "during", "until", "before", "after", "through")
	case p.word(l.at-1, "and", "or", "to") || p.sym(l.at-1, ','):
		return p.adjoins(l.at-1) && !capital
	case t.is(doubtful):
		return before.is(the) && after.kind == word && !capital
	}
	return !capital && !(before.kind == word && before.capital && before.roles == 0) && !before.owner
}

// adjoins reports whether a date found before ends where token i begins.
func (p *parser) adjoins(i int) bool {
	if len(p.found) == 0 {
		return false
	}
	return p.found[len(p.found)-1].End >= p.at(i-1).start
}

// sureYear tells the year from the count, the version and the name.
func (p *parser) sureYear(l lead, next int) bool {
	before, after := p.at(l.at-1), p.at(next)
	the := p.word(l.at, "the")
	switch {
	case after.kind == word && after.is(thing) && !after.owner:
		return l.prep && p.word(l.at-1, "in", "since", "during") && !p.word(next, "other", "others", "more", "percent", "million", "billion", "thousand", "dollars", "additional", "days", "hours", "weeks", "months", "years")
	case p.sym(next, '%'), p.hyphen(next) && p.at(next).glued && p.at(next+1).kind == number, p.sym(next, '/') && p.at(next).glued && p.at(next+1).glued:
		return false
	case before.kind == symbol && before.start < before.end && !the:
		return p.yearAfterSymbol(l, next)
	case the || l.op != 0:
		return true
	case before.kind != word:
		return before.start == before.end && p.yearOpens(next)
	case before.is(naming) && !p.at(l.at-1).is(within):
		return false
	case p.word(l.at-1, "and", "or", "to") && p.adjoins(l.at-1):
		return true
	}
	return p.yearAfterWord(l, next)
}

// yearAfterSymbol reads "(2019)", "2017, 2018", and what opens a sentence.
func (p *parser) yearAfterSymbol(l lead, next int) bool {
	i := l.at - 1
	switch p.at(i).sym {
	case '(', '[':
		return p.sym(next, ')') || p.sym(next, ']') || p.sym(next, ',') || p.hyphen(next)
	case ',':
		return p.adjoins(i) || p.at(next).kind == symbol && l.at == l.first && p.at(i-1).kind == word
	case '.', '!', '?', '"', '“', '”', ':', ';', '—', '–', '|':
		return !p.at(l.at).glued && p.yearOpens(next) || p.hyphen(i) && !p.at(i).glued
	case '\'', '’':
		return false
	}
	return false
}

// yearOpens reports whether what follows a year at the head of a sentence is
// said of a year.
func (p *parser) yearOpens(next int) bool {
	t := p.at(next)
	return t.kind == word && t.is(verb|event) || t.kind == symbol
}

// yearAfterWord decides by the word before the year.
func (p *parser) yearAfterWord(l lead, next int) bool {
	t, after := p.at(l.at-1), p.at(next)
	switch {
	case t.owner:
		return true
	case p.word(l.at-1, "to"):
		return p.word(l.at-2, "compared", "relative", "back", "up")
	case p.word(l.at-1, "that"):
		return p.yearOpens(next)
	case p.word(l.at-1, "in", "of", "during", "through", "throughout", "for", "back", "around", "circa", "year", "years", "its", "their", "his", "her", "our", "this", "a", "as", "dated", "founded", "established", "est", "copyright", "fiscal", "calendar", "early", "late", "mid", "at", "on", "within", "over", "sometime", "than", "ended", "ending", "like", "all", "with", "both"):
		return !p.word(l.at-1, "over", "than", "for", "at", "on", "with", "all", "around", "a", "like", "both") || after.kind != word || after.is(event)
	case t.capital && t.roles == 0:
		return after.kind == word && after.is(event)
	}
	return false
}
