package figure

// rejections are the reasons for which a quantity is no figure. A number that
// bears a currency, a percent sign or a scale is spared those that look at bare
// digits.
var rejections = []func(*parser, *quantity, *counted) bool{
	(*parser).inName, (*parser).inDate, (*parser).placesInTime, (*parser).loneOne,
	(*parser).isYear, (*parser).isTime, (*parser).isIdle, (*parser).isLabelled, (*parser).isListed,
	(*parser).isVersion, (*parser).isDialled, (*parser).isAddress, (*parser).isTitle, (*parser).isNothing, (*parser).isSpelledYear,
}

// small reports whether q is a number without scale, measure or separators,
// such as names and dates are made of.
func (q *quantity) small() bool {
	return q.unit == "" && q.scale == 1 && !q.open && (q.plain || q.decimal || q.spelled)
}

// inName reports whether hyphens or slashes join q to a word or number: SHA-256,
// 8-K, 7-Eleven, 5-4, multi-million.
func (p *parser) inName(q *quantity, _ *counted) bool {
	before, after := p.at(q.first-1), p.at(q.next)
	if p.hyphen(q.first-1) && before.start < before.end && p.at(q.first-2).sym != '-' {
		return true
	}
	if after.sym == '(' && after.glued && q.small() && p.at(q.next+1).end == p.at(q.next+1).start+1 {
		return true // 401(k)
	}
	if before.sym == '=' && p.at(q.first).glued || before.sym == '§' || before.sym == '#' || before.sym == '@' || before.sym == '№' || before.sym == '/' && before.glued && p.at(q.first).glued {
		return true
	}
	if after.sym == '/' && after.glued && q.unit == "" && p.at(q.next+1).glued && p.at(q.next+1).kind != symbol {
		return true
	}
	if !p.hyphen(q.next) || q.unit != "" {
		return false
	}
	joined := p.at(q.next + 1)
	if joined.kind != word {
		return joined.kind != symbol
	}
	return joined.end-joined.start == 1 || joined.capital && q.small() && !p.titled(q.next+1) || p.word(q.next+1, "something")
}

// inDate reports whether q is a day beside a month. In "in May 20 hospitals
// closed" it is not.
func (p *parser) inDate(q *quantity, c *counted) bool {
	if !q.small() || q.value > 31 && !isYearValue(q.value) {
		return false
	}
	last, next := q.first-1, q.next
	if p.at(last).sym == '.' && p.at(last).glued && p.at(last-1).is(month) && !p.word(last-1, "may", "june", "july") && p.at(last-1).end-p.at(last-1).start <= 4 {
		last--
	}
	if p.word(next, "of") || p.hyphen(next) {
		next++
	}
	before, after := p.at(last), p.at(next)
	if before.is(month) && before.capital {
		return !(p.word(last-1, "in") && c.head >= 0 && p.at(c.head).is(noun))
	}
	return after.is(month) && after.capital && after.kind == word && !p.verbal(next)
}

// verbal reports whether the word at token i is "may" or "march" the verb.
func (p *parser) verbal(i int) bool { return !p.at(i).capital && p.word(i, "may", "march") }

// placesInTime reports whether q and the span of time after it say when
// something was ("two weeks ago", "the past six months") or how often.
func (p *parser) placesInTime(q *quantity, _ *counted) bool {
	d := p.duration(q)
	if d < 0 {
		return false
	}
	before, after := q.qualifier-1, d+1
	if p.possessive(d) {
		after++
	}
	t := p.at(after)
	if p.hyphen(after) {
		t = p.at(after + 1)
	}
	switch {
	case p.at(before).is(placing), p.word(before, "every", "each", "few"):
		return true
	case t.is(article) && p.at(after+1).is(span), p.word(after, "per"):
		return true // 24 hours a day
	case p.word(after, "ago", "into", "following", "on"), p.word(after, "from") && p.word(after+1, "now"):
		return !p.word(after, "on") || p.at(after+1).kind == symbol
	case t.is(apart) && t.kind == word:
		return !p.word(before, "for", "lasted", "took", "spent", "spanned", "spanning", "within")
	}
	return false
}

// duration returns the token of the word of time that q counts, or -1.
func (p *parser) duration(q *quantity) int {
	at := q.next
	if p.hyphen(at) {
		at++
	}
	for p.word(at, "full", "whole", "more", "free", "consecutive", "straight", "calendar", "business", "working", "additional") {
		at++
	}
	if t := p.at(at); q.unit == "" && t.kind == word && t.is(span) && !q.share {
		return at
	}
	return -1
}

// loneOne reports whether q is a bare "a", "an" or "one" that states no length
// of time.
func (p *parser) loneOne(q *quantity, _ *counted) bool {
	if !q.lone {
		return false
	}
	d := p.duration(q)
	if d < 0 {
		return true
	}
	unit, before := p.at(d).unit, p.at(q.first-1)
	long := unit == Years || unit == Months
	switch {
	case q.hasLow != q.hasHigh, q.approx && p.at(q.first-1).kind == word:
		return false
	case p.hyphen(q.next), long && p.word(d+1, "of") && !p.word(d+2, "the"), p.word(d+1, "or") && p.word(d+2, "more", "so"):
		return false
	case long:
		return !before.is(lasting) || before.kind != word
	}
	return !p.word(q.first-1, "for", "lasted", "took", "lasting")
}

func isYearValue(v float64) bool { return v >= 1900 && v < 2100 }

// isYear reports whether q is a year rather than a count.
func (p *parser) isYear(q *quantity, c *counted) bool {
	if !q.plain || q.unit != "" || q.scale != 1 {
		return false
	}
	if q.ranged {
		return isYearValue(q.low) && isYearValue(q.high)
	}
	if !yearLike(p.at(q.first)) || p.duration(q) >= 0 {
		return false
	}
	if p.word(q.next, "other", "more", "additional") {
		return false
	}
	known := c.head >= 0 && !c.of && p.at(c.head).is(noun)
	switch {
	case !known:
		return true
	case q.qualifier < q.first:
		return false
	}
	before := p.at(q.first - 1)
	return q.value != 2000 || before.kind == word && before.is(stop|determiner|month) && !before.is(bare)
}

// isTime reports whether q is a time of day.
func (p *parser) isTime(q *quantity, _ *counted) bool {
	if !q.small() {
		return false
	}
	t := p.at(q.next)
	if p.hyphen(q.next) {
		t = p.at(q.next + 1)
	}
	return t.kind != symbol && t.is(timely)
}

// isIdle reports whether what q counts makes no figure: two-factor, 16-digit,
// three times.
func (p *parser) isIdle(q *quantity, _ *counted) bool {
	if q.unit != "" || q.open {
		return false
	}
	if p.hyphen(q.next) {
		return p.at(q.next + 1).is(idle)
	}
	if (q.value == 4000 || q.value == 8000) && p.word(q.next, "video", "videos", "tv", "tvs", "resolution", "display", "screen") {
		return true
	}
	switch q.value {
	case 1040, 1095, 1098, 1099: // forms of the US tax authority
		if p.word(q.next, "form", "forms") {
			return true
		}
	}
	return p.word(q.next, "times", "time", "digit", "digits", "bit", "bits", "factor", "fold", "star", "figures", "figure")
}

// isLabelled reports whether the word before q makes a name of it: version 7,
// Windows 10, Article 83, and what a list of such goes on with.
func (p *parser) isLabelled(q *quantity, c *counted) bool {
	if !q.small() || q.floor {
		return false
	}
	last := q.first - 1
	if p.at(last).sym == '.' && p.at(last).glued && p.word(last-1, "no", "nos", "sec", "art", "vol", "fig", "pp", "p", "ver", "v") {
		last--
	}
	if t := p.at(last); t.sym == ':' || p.word(last, "of") && p.word(last-1, "score", "scores", "rating", "severity", "scale") {
		last--
	}
	t := p.at(last)
	known := c.head >= 0 && p.at(c.head).is(noun)
	named := t.kind == word && t.is(label) && (t.capital || !known || p.firmLabel(last)) ||
		!q.spelled && q.qualifier == q.first && p.nameBefore(last, known) ||
		q.plain && (p.named == q.first && p.named > 0 || t.sym == '+' && p.at(q.first).glued) ||
		p.named >= 0 && p.named == q.first-2 && p.word(last, "of") && p.word(last-1, "out") ||
		p.named >= 0 && p.named == q.first-1 && (p.word(last, "and", "or", "to", "through") || t.sym == ',' || t.sym == '&' || t.sym == '/') && (!known || q.plain && q.value < 100)
	if !named {
		return false
	}
	p.named = q.next
	return true
}

// firmLabel reports whether the label at token i makes a name even of a number
// before a noun: "version 7 users".
func (p *parser) firmLabel(i int) bool {
	return p.word(i, "version", "versions", "ver", "v", "port", "ports", "level", "tier", "category", "type", "phase", "class", "top", "chapter", "section", "article", "id")
}

// nameBefore reports whether token i is a capitalised word that takes a number
// after it into its name: "Galaxy 5". In a headline, where every word is
// capitalised, it does unless a known noun is counted.
func (p *parser) nameBefore(i int, known bool) bool {
	t := p.at(i)
	if t.kind == name {
		return true
	}
	if t.kind != word || !t.capital || t.is(stop|determiner|extra|month|weekday|article|many|change|few|bare) || p.possessed(i) {
		return false
	}
	if p.opensSentence(i) {
		s := p.text[t.start:t.end]
		return t.roles == 0 && s[len(s)-1] != 'y'
	}
	return !known || !p.titled(i)
}

// possessed reports whether the word at token i ends in 's.
func (p *parser) possessed(i int) bool {
	s := p.text[p.at(i).start:p.at(i).end]
	return len(s) > 2 && s[len(s)-1] == 's' && (s[len(s)-2] == '\'' || s[len(s)-2] == 0x99)
}

// opensSentence reports whether token i is the first word of a sentence or
// line.
func (p *parser) opensSentence(i int) bool {
	before := p.at(i - 1)
	if before.kind != symbol || before.start == before.end {
		return before.start == before.end
	}
	return before.sym != ',' && before.sym != '-' && before.sym != '&' && before.sym != '\'' && before.sym != '/'
}

// titled reports whether the words around token i are capitalised as in a
// headline, where capitals tell nothing.
func (p *parser) titled(i int) bool {
	upper, all := 0, 0
	for j := i - 6; j <= i+6; j++ {
		if t := p.at(j); t.kind == word && t.end-t.start > 3 {
			all++
			if t.capital {
				upper++
			}
		}
	}
	return all >= 3 && 4*upper >= 3*all
}

// isListed reports whether q numbers an item of a list or a note: "1. ", "[12]",
// or stands alone in quotes.
func (p *parser) isListed(q *quantity, _ *counted) bool {
	if !q.small() || q.spelled || q.next != q.first+1 {
		return false
	}
	before, after := p.at(q.first-1), p.at(q.next)
	switch {
	case before.sym == '(' && before.glued && p.at(q.first-2).kind != symbol:
		return true // Article 5(1)
	case before.sym == '[' && after.sym == ']', before.sym == '(' && after.sym == ')':
		return !p.ageInBrackets(q)
	case before.sym == '"' || before.sym == '“' || before.sym == '\'' || before.sym == '‘':
		return p.at(q.first).glued && after.kind == symbol && after.glued && (after.sym == '"' || after.sym == '”' || after.sym == '\'' || after.sym == '’')
	case before.sym == '©':
		return true
	}
	starts := q.first == 0 || lineBreak(p.text[before.end:p.at(q.first).start])
	return starts && (after.sym == '.' || after.sym == ')') && after.glued && p.at(q.next+1).capital && q.value < 100
}

func lineBreak(s string) bool {
	for i := range len(s) {
		if s[i] == '\n' {
			return true
		}
	}
	return false
}

// isVersion reports whether q is a decimal number that measures nothing, or the
// scale behind a word that holds digits: "Sh4 billion".
func (p *parser) isVersion(q *quantity, c *counted) bool {
	if q.next == q.first+1 && p.at(q.first).is(scale) && p.at(q.first-1).kind == name {
		return true
	}
	if q.decimal && q.small() && c.head >= 0 && countable(c.unit) {
		return true
	}
	return q.decimal && q.small() && q.value >= 1 && c.head < 0 && q.qualifier == q.first && p.duration(q) < 0 && !p.quantityAlone()
}

// isDialled reports whether q is a number to call.
func (p *parser) isDialled(q *quantity, _ *counted) bool {
	last := q.first - 1
	if p.word(last, "at", "on") && p.word(last-1, "helpline", "hotline", "line", "phone") {
		return q.plain && q.unit == ""
	}
	return q.plain && q.unit == "" && p.word(last, "call", "dial", "press", "dialing", "dialling", "calling", "text", "tel", "phone", "fax", "extension", "ext")
}

// isAddress reports whether q is the number of a house: "1600 Pennsylvania
// Avenue".
func (p *parser) isAddress(q *quantity, _ *counted) bool {
	if !q.plain || !q.small() {
		return false
	}
	for i := q.next; i < q.next+4; i++ {
		t := p.at(i)
		if t.kind != word && t.kind != name || !t.capital && t.kind == word {
			return false
		}
		if t.is(street) && i > q.next {
			return true
		}
	}
	return false
}

// isTitle reports whether the number word q is a name or part of one: the
// carrier Three, the Big Four.
func (p *parser) isTitle(q *quantity, c *counted) bool {
	t := p.at(q.first)
	if q.scale > 1 && c.head < 0 && p.text[t.start:p.at(q.next-1).end] == "3M" {
		return true
	}
	if t.capital && t.is(scale) && q.next == q.first+1 && t.kind == word {
		return true // the maker Billion
	}
	if !q.spelled || !t.capital || q.scale != 1 || q.unit != "" || q.open || t.kind != word || t.is(article) {
		return false
	}
	if !p.opensSentence(q.first) {
		return c.head < 0 || !p.at(c.head).is(noun) || !p.titled(q.first)
	}
	if p.word(q.next, "eyes", "guys", "flags", "seasons", "corners") && p.at(q.next).capital {
		return true
	}
	return q.next == q.first+1 && !c.of && c.head < 0 && p.word(q.next, "has", "was", "is", "said", "says", "confirmed", "mobile", "uk", "also", "did", "does")
}

// isNothing reports whether "zero" is part of a term: zero-day, zero trust.
func (p *parser) isNothing(q *quantity, c *counted) bool {
	if t := p.at(q.first); t.kind != word || !t.is(zero) || q.next != q.first+1 || q.unit != "" {
		return false
	}
	return p.hyphen(q.next) || p.word(q.next, "day", "days", "trust", "tolerance", "knowledge", "in", "hour", "sum") || c.head < 0 && !p.quantityAlone()
}

// isSpelledYear reports whether q is half of a year in words: "nineteen
// eighty-four".
func (p *parser) isSpelledYear(q *quantity, _ *counted) bool {
	if !q.spelled || q.scale != 1 || q.unit != "" {
		return false
	}
	before, after := p.at(q.first-1), p.at(q.next)
	return before.kind == word && before.is(teens|tens) || after.kind == word && after.is(teens|tens) && q.value >= 10
}

// ageOf reports whether q is the age of a person: "aged 17", "Kayla Dossett,
// 34, a former clerk", "children under 13".
func (p *parser) ageOf(q *quantity, c *counted) bool {
	if !q.small() || q.value > 120 || c.head >= 0 || c.of {
		return false
	}
	before := q.qualifier - 1
	if p.aged == q.first-1 && (p.word(before, "and", "or", "to") || p.at(before).sym == ',') {
		return true // aged 19, 22 and 25
	}
	if p.at(before).kind == word && p.at(before).is(aged) || p.word(before, "of") && p.word(before-1, "age") {
		return true
	}
	if q.qualifier < q.first && p.word(q.qualifier, "under", "over", "above", "below") {
		t := p.at(before)
		return t.kind == word && (t.is(many) && t.unit == People || p.word(before, "those", "anyone", "everyone"))
	}
	if !q.plain || q.value < 10 || q.ranged || q.qualifier < q.first {
		return false
	}
	return p.ageAfterName(q) || p.ageInBrackets(q) || p.ageAfterIs(q)
}

// ageAfterName reads "Trask, 41, always denied it".
func (p *parser) ageAfterName(q *quantity) bool {
	t, after := p.at(q.first-2), p.at(q.next)
	return p.at(q.first-1).sym == ',' && t.kind == word && t.capital && !t.is(month|weekday|stop) &&
		(after.sym == ',' || after.sym == '.' || after.sym == ';' || after.start == after.end || p.word(q.next, "of", "from", "who", "and"))
}

// ageInBrackets reads "Tobias Renn (19)".
func (p *parser) ageInBrackets(q *quantity) bool {
	one, two := p.at(q.first-2), p.at(q.first-3)
	return p.at(q.first-1).sym == '(' && p.at(q.next).sym == ')' && q.value < 100 && q.value >= 10 &&
		one.kind == word && one.capital && two.kind == word && two.capital
}

// ageAfterIs reads "he was 17 when".
func (p *parser) ageAfterIs(q *quantity) bool {
	if p.word(q.first-1, "turned") {
		return true
	}
	return p.word(q.first-1, "is", "was") && p.word(q.first-2, "he", "she", "who", "i") &&
		(p.at(q.next).kind == symbol || p.word(q.next, "when", "at", "and", "years"))
}
