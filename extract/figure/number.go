package figure

import (
	"math"
	"strings"
)

// A parser reads the tokens of one segment at a time and keeps what it found.
type parser struct {
	text   string
	tokens []token
	found  []Figure
	// counting is the unit of the last count of things, for numbers whose noun
	// is left out, and countingEnd where that count ended.
	counting    string
	countingEnd int
	// named is the token after the last number that was taken for a name.
	named int
	// aged is the token after the last age, where a list of ages may go on.
	aged int
}

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
	for _, w := range words {
		if equalFold(p.text[t.start:t.end], w) {
			return true
		}
	}
	return false
}

// equalFold compares s with w, which is lower-case ASCII.
func equalFold(s, w string) bool {
	if len(s) != len(w) {
		return false
	}
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

// hyphen reports whether token i is a hyphen that joins its neighbours.
func (p *parser) hyphen(i int) bool {
	t := p.at(i)
	return t.kind == symbol && (t.sym == '-' || t.sym == '‐' || t.sym == '‑') && t.glued && p.at(i+1).glued
}

// A number is what a number expression without its measure says.
type number struct {
	value     float64
	low, high float64 // of a plural ("tens of thousands"); high 0 for none
	scale     float64 // the last scale word, 1 without
	plain     bool    // digits alone: what may be a year or part of a name
	decimal   bool    // digits with a decimal point, which a version may be
	spelled   bool    // begins with a number word
	lone      bool    // a bare "a", "an" or "one"
	open      bool    // a plural: low and high instead of a value
	share     bool    // a fraction in words: of something
	approx    bool
}

// number reads the number at token i and returns the token after it, or i
// where there is none.
func (p *parser) number(i int) (number, int) {
	t := p.at(i)
	switch {
	case t.kind == numeral:
		return p.digits(i)
	case t.kind == symbol && t.is(vulgar):
		return p.scaled(number{value: t.value, scale: 1, share: true}, i+1)
	case t.kind != word:
		return number{}, i
	case t.is(half):
		return p.halfOf(i)
	case t.is(plural):
		return p.plurals(i)
	case t.is(few):
		return p.fewOf(i)
	case t.is(article):
		return p.articled(i)
	case t.is(point):
		return p.decimals(number{scale: 1, spelled: true}, i)
	case t.is(ones|teens|tens|zero) || t.is(hundred|scale|dozen) && !t.is(letterScale):
		return p.written(i)
	}
	return number{}, i
}

// digits reads a numeral with what may follow it: a fraction, a scale.
func (p *parser) digits(i int) (number, int) {
	t := p.at(i)
	n := number{value: t.value, scale: 1, plain: !t.grouped && !t.decimal, decimal: t.decimal}
	next := p.at(i + 1)
	switch {
	case next.is(vulgar):
		n.value += next.value
		n.plain = false
		i++
	case next.kind == numeral && !next.glued && next.value < 1 && next.value > 0 && !next.decimal && t.value == math.Trunc(t.value):
		n.value += next.value // 2 1/2
		n.plain = false
		i++
	case (next.sym == '/' || p.word(i+1, "over")) && p.quantityAlone():
		if over := p.at(i + 2); over.kind == numeral && over.value != 0 {
			n.value /= over.value // 1 / 3
			n.plain = false
			i += 2
		}
	case p.word(i+1, "and"):
		if f, after := p.fractionAfter(i + 2); after > i+2 {
			n.value += f
			n.plain = false
			i = after - 1
		}
	}
	if t.value != math.Trunc(t.value) {
		n.plain = false
	}
	if s := p.text[t.start:t.end]; strings.IndexByte(s, '/') >= 0 && p.word(i+1, "of") && p.at(i+2).is(determiner) {
		n.share = true // 2/3 of the staff
	}
	n, next2 := p.scaled(n, i+1)
	if t := p.at(next2); t.kind == word && t.is(plural) && t.value >= 1000 && p.quantityAlone() {
		n.value *= t.value // 2 millions
		return n, next2 + 1
	}
	if f, after := p.partsAfter(next2, n.value); after > next2 {
		return number{value: n.value * f, scale: 1, share: true}, after
	}
	return n, next2
}

// maxScales bounds the scale words of one number: "hundred thousand trillion".
const maxScales = 3

// scaled multiplies n by the scales from token i on.
func (p *parser) scaled(n number, i int) (number, int) {
	for range maxScales {
		at := i
		if p.hyphen(i) {
			at++
		}
		t := p.at(at)
		if !p.scaleAt(at) || at > i && t.is(letterScale) {
			break
		}
		n.value *= t.value
		n.scale = t.value
		n.plain, n.decimal, n.share = false, false, false
		i = at + 1
	}
	return n, i
}

// scaleAt reports whether token i multiplies the number before it. A letter
// does where it is glued to that number, or clearly stands for nothing else.
func (p *parser) scaleAt(i int) bool {
	t := p.at(i)
	if t.kind != word || !t.is(hundred|scale|letterScale|dozen) {
		return false
	}
	if !t.is(letterScale) {
		return true
	}
	return t.glued || t.end-t.start == 1 && !p.at(i+1).glued && p.at(i+1).kind != word
}

// written reads a cardinal in words: "two hundred and fifty-one thousand".
func (p *parser) written(i int) (number, int) {
	c := cardinal{lastScale: math.Inf(1)}
	start := i
	for {
		next := p.wordAfter(i, &c)
		t := p.at(next)
		if next < 0 || !c.take(t) {
			break
		}
		i = next + 1
	}
	n := number{value: c.total + c.group, scale: c.scale(), spelled: true}
	n.lone = i == start+1 && p.word(start, "one")
	if p.at(i).is(point) {
		return p.decimals(n, i)
	}
	return p.tail(n, i)
}

// wordAfter returns the token at which the cardinal read so far may go on at
// token i, past a hyphen or "and"; -1 where it may not.
func (p *parser) wordAfter(i int, c *cardinal) int {
	t := p.at(i)
	switch {
	case c.words == 0:
		return i
	case (c.last == hundred || c.last == scale) && p.hyphen(i) && p.word(i+1, "and") && p.hyphen(i+2):
		return i + 3 // two-hundred-and-fifty
	case t.kind == symbol && t.sym == '-' && (c.last == tens || p.hyphen(i)):
		return i + 1
	case t.kind == word && p.word(i, "and") && (c.last == hundred || c.last == scale):
		if p.at(i+1).kind == word && !p.newNumber(i+1, c) {
			return i + 1
		}
		return -1
	}
	return i
}

// newNumber reports whether the words after "and" begin a number of their own:
// "one hundred and two hundred", "between a thousand and two million".
func (p *parser) newNumber(i int, c *cardinal) bool {
	for range 4 {
		t := p.at(i)
		switch {
		case t.is(hundred):
			return c.last == hundred
		case t.is(scale):
			return t.value >= c.lastScale
		case !t.is(ones|teens|tens) && !p.hyphen(i):
			return false
		}
		i++
	}
	return false
}

// A cardinal is a written number as far as it has been read.
type cardinal struct {
	total     float64 // groups closed by a scale
	group     float64 // the group being read, below a thousand
	lastScale float64 // the smallest scale so far
	words     int
	scales    int
	last      role
}

func (c *cardinal) scale() float64 {
	if c.scales == 0 {
		return 1
	}
	return c.lastScale
}

// take adds the word t, or reports that it cannot follow.
func (c *cardinal) take(t *token) bool {
	if t.kind != word {
		return false
	}
	switch {
	case t.is(ones | zero):
		return c.add(t.value, ones, c.last == tens || c.last == hundred || c.last == scale)
	case t.is(teens):
		return c.add(t.value, teens, c.last == hundred || c.last == scale)
	case t.is(tens):
		return c.add(t.value, tens, c.last == hundred || c.last == scale)
	case t.is(dozen):
		if c.last == dozen {
			return false
		}
		below := math.Mod(c.group, 100)
		c.group += max(below, 1)*t.value - below
		return c.did(dozen)
	case t.is(hundred):
		if c.last == hundred || c.group >= 100 {
			return false
		}
		c.group = max(c.group, 1) * 100
		return c.did(hundred)
	case t.is(scale):
		return c.multiply(t.value)
	}
	return false
}

func (c *cardinal) add(v float64, r role, follows bool) bool {
	if c.words > 0 && !follows {
		return false
	}
	c.group += v
	return c.did(r)
}

// multiply closes the group; a scale straight after a scale multiplies what
// that one closed ("a hundred thousand trillion").
func (c *cardinal) multiply(v float64) bool {
	if c.scales > maxScales {
		return false
	}
	switch {
	case c.last == scale:
		c.total *= v
	case v < c.lastScale:
		c.total += max(c.group, 1) * v
	default:
		return false
	}
	c.group, c.lastScale = 0, v
	c.scales++
	return c.did(scale)
}

func (c *cardinal) did(r role) bool {
	c.last = r
	c.words++
	return true
}

// tail reads what may follow a cardinal: "and a half", "thirds", and a scale
// after either.
func (p *parser) tail(n number, i int) (number, int) {
	if f, after := p.partsAfter(i, n.value); after > i {
		return p.shareOfScale(number{value: n.value * f, scale: 1, spelled: true, share: true}, after)
	}
	if p.word(i, "over") && p.quantityAlone() {
		if over, after := p.written(i + 1); after > i+1 && over.value != 0 {
			return number{value: n.value / over.value, scale: 1, spelled: true}, after // five over seven
		}
	}
	if at := i; n.lone {
		if p.hyphen(i) {
			at++
		}
		if t := p.at(at); t.kind == word && t.is(part) {
			return number{value: t.value, scale: 1, spelled: true, share: true}, at + 1
		}
	}
	if p.word(i, "and") {
		if f, after := p.fractionAfter(i + 1); after > i+1 {
			n.value += f * n.scale // a million and a half
			n.lone = false
			return p.scaled(n, after)
		}
	}
	return n, i
}

// shareOfScale reads "of a million" at token i after a share.
func (p *parser) shareOfScale(n number, i int) (number, int) {
	if t := p.at(i + 2); p.word(i, "of") && p.at(i+1).is(article) && t.kind == word && t.is(hundred|scale|dozen) && !t.is(letterScale) {
		n.share = false
		return p.scaled(n, i+2)
	}
	return n, i
}

// partsAfter reads the denominator at token i after the numerator of: "thirds",
// "-quarters". More than three quarters are those of a year.
func (p *parser) partsAfter(i int, of float64) (float64, int) {
	at := i
	if p.hyphen(i) {
		at++
	}
	t := p.at(at)
	if t.kind != word || !t.is(parts) || of >= 1000 || p.word(at, "quarters") && of > 3 {
		return 0, i
	}
	return t.value, at + 1
}

// fractionAfter reads a fraction after "and": "a half", "three quarters", "1/2".
func (p *parser) fractionAfter(i int) (float64, int) {
	t := p.at(i)
	switch {
	case t.kind == numeral && t.value > 0 && t.value < 1 && !t.decimal, p.word(i, "half"):
		return t.value, i + 1
	case t.is(article) || p.word(i, "one"):
		if next := p.at(i + 1); next.kind == word && next.is(part|half) && !p.hyphen(i+2) {
			return next.value, i + 2
		}
	case t.is(ones):
		if f, after := p.partsAfter(i+1, t.value); after > i+1 {
			return t.value * f, after
		}
	}
	return 0, i
}

// decimals reads "point zero four" at token i.
func (p *parser) decimals(n number, i int) (number, int) {
	at, unit, digits := i+1, 1.0, 0
	for p.at(at).kind == word && p.at(at).is(ones|zero|teens|tens) && digits < maxDigits/2 {
		t := p.at(at)
		width := 10.0
		if t.is(teens | tens) {
			width = 100
		}
		if v := t.value; t.is(tens) && p.at(at+1).is(ones) {
			n.value += (v + p.at(at+1).value) * unit / width
			at++
		} else {
			n.value += v * unit / width
		}
		unit /= width
		at++
		digits++
		if p.hyphen(at) {
			at++
		}
	}
	if digits == 0 {
		if n.lone || n.value != 0 {
			return p.tail(n, i)
		}
		return number{}, i
	}
	n.value = math.Round(n.value*1e12) / 1e12
	n.lone = false
	return p.scaled(n, at)
}

// articled reads a number that starts with "a": "a hundred", "a third", "a few
// thousand", "a half million"; and "a year", which is left to the caller as a
// lone one.
func (p *parser) articled(i int) (number, int) {
	t := p.at(i + 1)
	if t.kind != word {
		return number{}, i
	}
	switch {
	case t.is(half), p.word(i+1, "quarter"):
		return p.halfOf(i + 1)
	case t.is(few):
		if n, next := p.fewOf(i + 1); next > i+1 {
			return n, next
		}
		return number{}, i
	case t.is(part):
		return number{value: t.value, scale: 1, spelled: true, share: true}, i + 2
	case t.is(hundred|scale|dozen) && !t.is(letterScale):
		return p.written(i + 1)
	case t.is(span | bytes | minor):
		return number{value: 1, scale: 1, spelled: true, lone: true}, i + 1
	case p.word(i+1, "full", "whole", "further", "good", "single") && p.at(i+2).is(span):
		return number{value: 1, scale: 1, spelled: true, lone: true}, i + 2
	}
	return number{}, i
}

// halfOf reads "half", "half a million", "half-dozen", "quarter of a million".
func (p *parser) halfOf(i int) (number, int) {
	n := number{value: p.at(i).value, scale: 1, spelled: true, share: true}
	at := i + 1
	if p.word(at, "of") && p.at(at+1).is(article) {
		at++
	}
	if p.hyphen(at) || p.at(at).is(article) {
		at++
	}
	if t := p.at(at); t.kind == word && t.is(hundred|scale|dozen) && !t.is(letterScale) {
		n, at = p.scaled(n, at)
		n.share = false
		return n, at
	}
	if t := p.at(at); t.kind == word && at == i+2 && !p.word(i+1, "of") && t.is(span|percent|bytes) {
		n.share = false // half an hour
		return n, at
	}
	return n, i + 1
}

// plurals reads "thousands", "tens of thousands", "hundreds of millions".
func (p *parser) plurals(i int) (number, int) {
	t := p.at(i)
	n := number{low: t.value, scale: t.value, spelled: true, open: true, approx: true}
	if next := p.at(i + 2); p.word(i+1, "of") && next.kind == word && next.is(plural) && t.value < next.value {
		n.low, n.high = t.value*next.value, 10*t.value*next.value
		if t.value == 12 {
			n.high = 0
		}
		return n, i + 3
	}
	if t.value == 10 {
		return number{}, i // "tens" alone counts only scales
	}
	return n, i + 1
}

// fewOf reads "several million", "few hundred thousand", "couple of thousand".
func (p *parser) fewOf(i int) (number, int) {
	at := i + 1
	if p.word(at, "of") {
		at++
	}
	t := p.at(at)
	if t.kind != word || !t.is(hundred|scale|dozen) || t.is(letterScale) {
		return number{}, i
	}
	n, next := p.scaled(number{value: 1, scale: 1}, at)
	if p.word(i, "couple") {
		return number{value: 2 * n.value, scale: n.scale, spelled: true, approx: true}, next
	}
	return number{low: 2 * n.value, high: 10 * n.value, scale: n.scale, spelled: true, open: true, approx: true}, next
}
