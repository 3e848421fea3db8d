package figure

import "strings"

// A phrase of nouns after a number.
type counted struct {
	first, next int    // tokens of the phrase, half-open
	head        int    // the token that decides the unit, -1 without a plural
	unit        string // what the head counts as, "" where there is none
	bare        bool   // the noun is left out
	of          bool   // "of" parts the number from the phrase
}

// maxPhrase bounds the words of a noun phrase.
const maxPhrase = 9

// counted reads the noun phrase that token i starts.
func (p *parser) counted(i int) counted {
	c := counted{head: -1}
	if p.word(i, "of") {
		c.of = true
		i++
	}
	i = p.opening(i, c.of)
	if t := p.at(i); t.kind == word && t.is(pronoun) && !p.nounFollows(i) {
		c.bare = true
		return c
	}
	if c.of {
		i = p.determined(i)
	}
	c.first, c.next = i, i
	p.walk(&c)
	if c.head >= 0 {
		p.settle(&c)
	}
	return c
}

// opening skips an opening quote, and words that stand between number and noun
// without being part of it.
func (p *parser) opening(i int, of bool) int {
	if t := p.at(i); t.kind == symbol && (t.sym == '"' || t.sym == '“' || t.sym == '‘' || t.sym == '\'') && !t.glued {
		i++
	}
	if p.hyphen(i) && !of {
		i++
	}
	for p.word(i, "or") && p.word(i+1, "so", "more") {
		i += 2
	}
	return i
}

// nounFollows reports whether a noun comes straight after token i, so that the
// pronoun there is a determiner: "those accounts".
func (p *parser) nounFollows(i int) bool {
	t := p.at(i + 1)
	return t.kind != symbol && t.kind != numeral && !t.is(stop|determiner|pronoun|article) && t.start != t.end
}

// determined skips determiners and possessors: "the app's users".
func (p *parser) determined(i int) int {
	for range 3 {
		t := p.at(i)
		if t.kind != word || !t.is(determiner|article) {
			break
		}
		i++
	}
	return i
}

// walk extends the phrase to its head: the first plural, or a later one that
// directly follows a plural used as modifier ("systems administrators").
func (p *parser) walk(c *counted) {
	for i := c.first; i < c.first+maxPhrase; {
		t := p.at(i)
		last := p.compoundEnd(i)
		switch {
		case c.head >= 0 && t.kind == word && p.possessed(i) && p.at(c.head).unit != People:
			c.head = -1 // the aircraft maker's employees
		case c.head >= 0 && !(t.kind == word && t.is(many) && !p.possessive(c.head)):
			return
		case t.kind == symbol, t.start == t.end:
			return
		case t.kind == word && t.is(stop|determiner|article|weekday) && !p.joins(i) && last == i:
			return
		case t.kind == numeral && (i == c.first || !p.at(i-1).capital):
			return
		}
		c.next = last + 1
		if p.pluralAt(i, last) {
			c.head = last
		}
		if c.head == last && p.possessive(last) {
			return
		}
		i = last + 1
	}
}

// compoundEnd returns the last token of the hyphenated or slashed word at i.
func (p *parser) compoundEnd(i int) int {
	for range maxPhrase {
		t := p.at(i + 1)
		if !(p.hyphen(i+1) || t.kind == symbol && t.sym == '/' && t.glued && p.at(i+2).glued) || p.at(i+2).kind == symbol {
			break
		}
		i += 2
	}
	return i
}

// joins reports whether token i is an "and" or "or" between modifiers:
// "current postpaid and prepaid customers".
func (p *parser) joins(i int) bool {
	if !p.word(i, "and", "or") {
		return false
	}
	t := p.at(i + 1)
	return t.kind == word && !t.is(stop|determiner|article|ones|teens|tens|pronoun)
}

// possessive reports whether an apostrophe follows the plural at token i:
// "patients' names" counts patients.
func (p *parser) possessive(i int) bool {
	t := p.at(i + 1)
	return t.kind == symbol && t.glued && (t.sym == '\'' || t.sym == '’')
}

// pluralAt reports whether the word of tokens first to last is a plural noun.
func (p *parser) pluralAt(first, last int) bool {
	t := p.at(last)
	if t.kind != word {
		return false
	}
	if t.is(noun) || first < last && p.compound(first, last).is(noun) {
		return t.is(many) || p.compound(first, last).is(many)
	}
	s := p.text[t.start:t.end]
	if len(s) < 4 || s[len(s)-1]|0x20 != 's' || t.roles&^(vague|label|idle|hint|street) != 0 {
		return false
	}
	for _, no := range []string{"ss", "us", "is", "'s", "as", "os", "ys", "’s"} {
		if strings.HasSuffix(s, no) {
			return no == "os" || no == "ys"
		}
	}
	return true
}

// compound returns the entry of the hyphenated word of tokens first to last.
func (p *parser) compound(first, last int) *entry {
	if first == last {
		return p.at(first).entry
	}
	return lookup(p.text[p.at(first).start:p.at(last).end])
}

// settle gives the phrase its unit and takes in nouns joined to its head.
func (p *parser) settle(c *counted) {
	c.unit = p.headUnit(c.first, c.head)
	if p.looksThrough(c.head) && p.word(c.head+1, "of") {
		inner := p.counted(c.head + 1)
		if inner.head >= 0 && inner.unit != Other {
			c.unit, c.head, c.next = inner.unit, inner.head, inner.next
			return
		}
	}
	if p.possessive(c.head) {
		return
	}
	for range maxJoined {
		head := p.joined(c.next, maxJoined)
		if head < 0 {
			return
		}
		if u := p.headUnit(c.next+1, head); c.unit == Other && specific(u) {
			c.unit = u
		}
		c.next = head + 1
	}
}

// maxJoined bounds the members of a list of nouns.
const maxJoined = 4

// looksThrough reports whether the noun at token i only measures out another:
// "sets of credentials".
func (p *parser) looksThrough(i int) bool {
	return p.word(i, "sets", "pairs", "pieces", "copies", "batches", "combinations", "lists", "strings", "items", "instances", "members", "rows", "lines", "entries")
}

// specific reports whether unit says more than that there are things.
func specific(unit string) bool {
	switch unit {
	case Emails, Passwords, SSN, Cards:
		return true
	}
	return false
}

// joined returns the head of a noun phrase that "and", "or" or a comma of a
// list of at most so many joins on at token i, or -1: "customers, workers and
// merchants".
func (p *parser) joined(i, most int) int {
	comma := p.at(i).sym == ','
	if most == 0 || !comma && !p.word(i, "and", "or") {
		return -1
	}
	for j := i + 1; j < i+5; j++ {
		t := p.at(j)
		if t.kind != word || t.is(stop|determiner|article|ones|teens|tens) {
			return -1
		}
		last := p.compoundEnd(j)
		if p.pluralAt(j, last) {
			if comma && p.joined(last+1, most-1) < 0 {
				return -1
			}
			return last
		}
		j = last
	}
	return -1
}
