package figure

import "math"

// An amount is a number with what is written on it: currency, percent sign,
// byte unit, "-year-old", "+".
type amount struct {
	number
	first, next int     // tokens, half-open
	unit        string  // "" where only a noun can tell
	factor      float64 // what one of the byte unit or coin is in unit; 0 without
	prefixed    bool    // the currency stands before the number
	floor       bool    // N+, N-plus
}

// amount reads the amount at token i; ok is false where there is none.
func (p *parser) amount(i int) (a amount, ok bool) {
	a.first = i
	at, negative := p.negative(i)
	code, at := p.currencyBefore(at)
	if code != "" && !negative {
		at, negative = p.negative(at)
	}
	n, next := p.number(at)
	if next == at {
		n, next = p.measureAlone(at)
	}
	if next == at || code != "" && n.lone {
		return a, false
	}
	a.number, a.next = n, next
	if code != "" {
		a.unit, a.prefixed, a.plain = code, true, false
		p.scaleAfterMoney(&a)
	}
	if negative {
		a.value, a.lone = -a.value, false
	}
	p.measure(&a)
	p.suffixes(&a)
	p.smallChange(&a)
	return a, !math.IsInf(a.value, 0) && !math.IsInf(a.high, 0)
}

// negative reads a minus sign or word. A dash parts clauses, so a sign counts
// only where it stands free before and glued to the digits after it.
func (p *parser) negative(i int) (int, bool) {
	t, next := p.at(i), p.at(i+1)
	if t.kind == word && t.is(minus) && (next.kind == numeral || next.is(ones|teens|tens|sign)) {
		return i + 1, true
	}
	if t.kind != symbol || t.sym != '-' && t.sym != '−' || next.kind != numeral && !next.is(sign|ones|teens|tens) {
		return i, false
	}
	free := !t.glued || p.at(i-1).sym == '('
	if free && next.glued && next.kind != word || i == 0 && p.quantityAlone() {
		return i + 1, true
	}
	return i, false
}

// quantityAlone reports whether the segment holds a few tokens at most, as the
// cell of a table does.
func (p *parser) quantityAlone() bool { return len(p.tokens) <= 6 }

// dollars maps the letters before a dollar sign to the currency.
var dollars = map[string]string{
	"us": USD, "u.s": USD, "u.s.": USD, "a": "AUD", "au": "AUD", "aud": "AUD", "c": "CAD", "ca": "CAD", "cad": "CAD",
	"nz": "NZD", "hk": "HKD", "s": "SGD", "sg": "SGD", "r": "BRL", "nt": "TWD", "t": "TWD", "mx": "MXN",
}

// currencyBefore reads "$", "US$", "USD" or "Rs." before a number.
func (p *parser) currencyBefore(i int) (string, int) {
	t, next := p.at(i), p.at(i+1)
	switch {
	case t.kind == symbol && t.is(sign):
		return t.unit, i + 1
	case t.kind != word:
		return "", i
	case next.kind == symbol && next.sym == '$' && (next.glued || p.word(i, "us", "u.s.", "u.s")):
		if code := dollars[p.lowered(i)]; code != "" {
			return code, i + 2
		}
	case p.rand(i):
		return "ZAR", i + 1
	case t.is(code) && next.kind == numeral:
		return t.unit, i + 1
	case t.is(code) && next.sym == '.' && p.at(i+2).kind == numeral && p.word(i, "rs"):
		return t.unit, i + 2
	case t.is(code) && next.kind == symbol && next.is(sign):
		return t.unit, i + 2
	}
	return "", i
}

// rand reports whether token i is the R of "R25 million" and "R1,200": with a
// scale or groups of three, as what begins so may be a name too.
func (p *parser) rand(i int) bool {
	t, n := p.at(i), p.at(i+1)
	return t.end-t.start == 1 && p.text[t.start] == 'R' && n.kind == numeral && n.glued && (n.grouped || p.scaleAt(i+2))
}

// lowered returns token i in lower case, if it is short enough for a key.
func (p *parser) lowered(i int) string {
	var buf [4]byte
	s := p.text[p.at(i).start:p.at(i).end]
	if len(s) > len(buf) {
		return ""
	}
	for i := range len(s) {
		buf[i] = s[i]
		if 'A' <= s[i] && s[i] <= 'Z' {
			buf[i] |= 0x20
		}
	}
	return string(buf[:len(s)])
}

// scaleAfterMoney reads the letter of "$5 M".
func (p *parser) scaleAfterMoney(a *amount) {
	if t := p.at(a.next); t.kind == word && t.is(letterScale) && !t.glued {
		a.value *= t.value
		a.scale = t.value
		a.next++
	}
}

// measureAlone reads a byte unit that counts without a number: "gigabytes of
// files", "several terabytes".
func (p *parser) measureAlone(i int) (number, int) {
	t, at := p.at(i), i
	n := number{low: 1, scale: 1, spelled: true, open: true, approx: true}
	if t.kind == word && t.is(few) || p.word(i, "tens") && p.word(i+1, "of") {
		n.low, n.high = 2, 10
		at++
		if p.word(i, "tens") {
			n.low, n.high = 10, 0
		}
		if p.word(at, "of") {
			at++
		}
	}
	t = p.at(at)
	if t.kind == word && t.is(bytes) && t.end-t.start > 4 && p.text[t.end-1] == 's' && t.value > 1 {
		if at == i {
			return n, i + 1 // read by measure as the unit it is
		}
		return n, at
	}
	return number{}, i
}

// measure reads what follows the number and gives its unit.
func (p *parser) measure(a *amount) {
	at := a.next
	switch {
	case a.open && a.next == a.first+1 && p.at(a.first).is(bytes):
		a.multiply(p.at(a.first).value, Bytes)
		return
	case p.hyphen(at):
		at++
	case a.open && p.word(at, "of"):
		at++
	}
	t := p.at(at)
	switch {
	case t.is(percent) && (a.unit == "" && !a.open || t.kind == symbol):
		p.percentage(a, at)
	case p.word(at, "per") && p.word(at+1, "cent") && a.unit == "":
		p.percentage(a, at+1)
	case t.kind != word:
		switch {
		case t.is(minor):
			a.multiply(0.01, t.unit)
			a.next = at + 1
		case t.is(sign) && a.unit == "" && !a.open && (t.glued || t.unit == EUR) && p.at(at+1).kind != numeral:
			a.unit, a.next = t.unit, at+1 // 40$, 40 €
			a.plain, a.lone, a.share = false, false, false
		}
	case t.is(bytes) && a.unit == "" && !p.byteRate(at):
		a.multiply(t.value, Bytes)
		a.next = at + 1
	case t.is(minor) && a.unit == "":
		a.multiply(0.01, t.unit)
		a.next = at + 1
	default:
		p.currencyAfter(a, at)
	}
}

func (a *amount) multiply(by float64, unit string) {
	a.value *= by
	a.low *= by
	a.high *= by
	a.unit, a.factor = unit, by
	a.plain, a.lone, a.share = false, false, false
}

func (p *parser) percentage(a *amount, at int) {
	a.unit = Percent
	a.plain, a.lone = false, false
	a.share = false
	a.next = at + 1
	if p.word(at+1, "point", "points") {
		a.next++
	}
}

// smallChange reads "and fifty cents" after an amount of dollars.
func (p *parser) smallChange(a *amount) {
	if a.unit != USD && a.unit != GBP && a.unit != EUR || a.open || !p.word(a.next, "and") {
		return
	}
	n, next := p.number(a.next + 1)
	t := p.at(next)
	if next == a.next+1 || n.open || n.value >= 100 || !t.is(minor) || t.unit != a.unit && a.unit != EUR {
		return
	}
	a.value += n.value / 100
	a.next = next + 1
}

// byteRate reports whether the byte unit at token i is one of speed.
func (p *parser) byteRate(i int) bool {
	return p.at(i+1).sym == '/' || p.word(i+1, "per") && p.word(i+2, "second")
}

// nationalities maps the adjective before a currency to the currency.
var nationalities = map[string]string{
	"us dollars": USD, "u.s. dollars": USD, "american dollars": USD, "australian dollars": "AUD",
	"canadian dollars": "CAD", "singapore dollars": "SGD", "kong dollars": "HKD", "zealand dollars": "NZD",
	"taiwan dollars": "TWD", "british pounds": GBP, "sterling pounds": GBP, "egyptian pounds": "EGP",
	"swiss francs": "CHF", "indian rupees": "INR", "pakistani rupees": "PKR", "danish kroner": "DKK",
	"norwegian kroner": "NOK", "swedish kronor": "SEK", "mexican pesos": "MXN", "philippine pesos": "PHP",
	"argentine pesos": "ARS", "korean won": "KRW", "chinese yuan": "CNY", "japanese yen": "JPY",
	"russian rubles": "RUB", "saudi riyals": "SAR",
}

// currencyAfter reads "dollars", "USD", "Australian dollars" at token at.
func (p *parser) currencyAfter(a *amount, at int) {
	t := p.at(at)
	switch {
	case t.unit == BTC && p.at(at+1).is(many|vague):
		return // three bitcoin wallets
	case t.is(money|code) && (a.unit == "" || a.prefixed):
		if a.unit == "" || t.is(code) {
			a.unit = t.unit
		}
		a.next = at + 1
	case p.word(at, "won") && a.unit == "" && a.scale >= 1e3 && !p.at(at+1).is(determiner|article):
		a.unit = "KRW"
		a.next = at + 1
	default:
		p.foreignCurrency(a, at)
		return
	}
	if p.word(a.next, "sterling") {
		a.next++
	}
	a.plain, a.lone, a.share = false, false, false
}

// foreignCurrency reads a currency named after its country.
func (p *parser) foreignCurrency(a *amount, at int) {
	if !p.at(at).capital || a.unit != "" && a.unit != USD {
		return
	}
	for range 3 {
		next := p.at(at + 1)
		if next.kind != word || !(next.is(money) || p.word(at+1, "won", "riyals")) {
			at++
			continue
		}
		s := p.text[p.at(at).start:next.end]
		code := nationalities[foldASCII(s)]
		if code == "" && next.unit != USD && next.unit != GBP {
			code = next.unit // Polish zloty
		}
		if code != "" {
			a.unit, a.next = code, at+2
			a.plain, a.lone, a.share = false, false, false
		}
		return
	}
}

// foldASCII lowers s if it is no longer than the longest key of nationalities.
func foldASCII(s string) string {
	if len(s) > longestWord {
		return ""
	}
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// suffixes reads what is glued to the amount: "+", "-plus", "-year-old".
func (p *parser) suffixes(a *amount) {
	t := p.at(a.next)
	switch {
	case t.sym == '+' && t.glued && p.at(a.next+1).kind != numeral:
		a.floor = true
		a.next++
	case p.hyphen(a.next) && p.word(a.next+1, "plus"):
		a.floor = true
		a.next += 2
	case a.unit == "" && !a.open:
		p.yearsOld(a)
	}
}

// yearsOld reads "-year-old" and " years old".
func (p *parser) yearsOld(a *amount) {
	at := a.next
	if p.hyphen(at) {
		at++
	}
	t := p.at(at)
	if t.kind != word || !t.is(span) {
		return
	}
	unit := t.unit
	at++
	if p.hyphen(at) {
		at++
	}
	if !p.word(at, "old", "olds") {
		return
	}
	if unit == Years {
		unit = Age
	}
	a.unit, a.next = unit, at+1
	a.plain, a.lone = false, false
}
