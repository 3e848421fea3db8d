package figure

import (
	"math"
	"strings"
)

// maxDigits bounds the digits of a number; what is longer is an identifier.
const maxDigits = 30

// lexNumeral reads the digits at pos: a numeral, or a name where they go on in
// a way that no quantity does.
func lexNumeral(text string, pos int) token {
	end, grouped := integerEnd(text, pos)
	if digitAt(text, end+1) && text[end] == '.' {
		end = digitsEnd(text, end+1)
	}
	t := token{start: pos, end: end, kind: numeral, grouped: grouped, entry: &unknown}
	written := text[pos:end]
	if strings.Count(written, ".") > 1 {
		written = strings.ReplaceAll(written, ".", "")
	}
	t.decimal = strings.IndexByte(written, '.') >= 0
	t.value = parseDigits(written)
	if !grouped && !t.decimal {
		t.end, t.value = fraction(text, pos, end, t.value)
	}
	if t.end == end {
		t.end, t.value = exponent(text, pos, end, t.value)
	}
	leadingZero := text[pos] == '0' && digitAt(text, pos+1)
	if end := nameEnd(text, t); end > t.end || leadingZero || math.IsInf(t.value, 0) || end-pos > 2*maxDigits {
		t.kind, t.end = name, end
	}
	return t
}

func digitsEnd(text string, pos int) int {
	for digitAt(text, pos) {
		pos++
	}
	return pos
}

// integerEnd returns the end of the whole part at pos, and whether it is
// written in groups of three.
func integerEnd(text string, pos int) (end int, grouped bool) {
	end = digitsEnd(text, pos)
	if end == pos || end-pos > 3 {
		return end, false
	}
	if stop := indianEnd(text, end); stop > end {
		return stop, true
	}
	if stop := dottedEnd(text, end); stop > end {
		return stop, true
	}
	for {
		n := separator(text, end)
		if n == 0 && spaced(text, end, grouped) {
			n = 1
		}
		if n == 0 || digitsEnd(text, end+n) != end+n+3 {
			return end, grouped
		}
		end, grouped = end+n+3, true
	}
}

// indianEnd returns the end of a number grouped as in 2,30,000 whose first
// group ends at pos; pos where there is none.
func indianEnd(text string, pos int) int {
	end := pos
	for end < len(text) && text[end] == ',' && digitsEnd(text, end+1) == end+3 {
		end += 3
	}
	if end == pos || end >= len(text) || text[end] != ',' || digitsEnd(text, end+1) != end+4 {
		return pos
	}
	return end + 4
}

// dottedEnd returns the end of a number grouped as in 1.000.000 whose first
// group ends at pos; pos where there is none. One point may be a decimal one.
func dottedEnd(text string, pos int) int {
	end := pos
	for end < len(text) && text[end] == '.' && digitsEnd(text, end+1) == end+4 {
		end += 4
	}
	if end < pos+8 || digitAt(text, end+1) && text[end] == '.' {
		return pos
	}
	return end
}

// separator returns the length of the thousands separator at pos: a comma, an
// apostrophe as the Swiss use, a no-break or a thin space.
func separator(text string, pos int) int {
	if pos < len(text) && (text[pos] == ',' || text[pos] == '\'') {
		return 1
	}
	for _, s := range []string{"\u00a0", "\u202f", "\u2009"} {
		if strings.HasPrefix(text[pos:], s) {
			return len(s)
		}
	}
	return 0
}

// spaced reports whether a plain blank at pos separates thousands. It does
// where hardly another number begins: before "000", and between several groups.
func spaced(text string, pos int, grouped bool) bool {
	if pos >= len(text) || text[pos] != ' ' || digitsEnd(text, pos+1) != pos+4 || letterAt(text, pos+4) {
		return false
	}
	return grouped || text[pos+1:pos+4] == "000" || strings.HasPrefix(text[pos+4:], " ") && digitsEnd(text, pos+5) == pos+8
}

// parseDigits returns the value of digits with separators and a decimal point.
// Up to fifteen digits it is the float64 nearest to what is written.
func parseDigits(s string) float64 {
	whole, after, digits := 0.0, 0, 0
	point := false
	for i := range len(s) {
		switch c := s[i]; {
		case digit(c):
			whole = whole*10 + float64(c-'0')
			digits++
			if point {
				after++
			}
		case c == '.':
			point = true
		}
	}
	if digits > maxDigits {
		return math.Inf(1)
	}
	return whole / math.Pow10(after)
}

// fraction reads "/4" after the numerator that ends at end. Denominators are
// those in use for shares and measures; "9/11" and "8/27" are dates, "24/7" is
// neither.
func fraction(text string, pos, end int, value float64) (int, float64) {
	if end >= len(text) || text[end] != '/' || !digitAt(text, end+1) {
		return end, value
	}
	stop := digitsEnd(text, end+1)
	if stop-end > 5 || text[pos:stop] == "24/7" || text[end+1] == '0' {
		return end, value
	}
	over := parseDigits(text[end+1 : stop])
	switch {
	case over >= 2 && over <= 10, over == 16, over == 20, over == 32, over == 64, over == 100, over == 1000:
		return stop, value / over
	}
	return end, value
}

// exponent reads "e10" or "^10" after the numeral that ends at end.
func exponent(text string, pos, end int, value float64) (int, float64) {
	if end+1 >= len(text) || text[end] != '^' && text[end]|0x20 != 'e' {
		return end, value
	}
	at, sign := end+1, 1.0
	if text[at] == '-' || text[at] == '+' {
		if text[at] == '-' {
			sign = -1
		}
		at++
	}
	stop := digitsEnd(text, at)
	if stop == at || stop-at > 2 || letterAt(text, stop) {
		return end, value
	}
	power := sign * parseDigits(text[at:stop])
	if text[end] == '^' {
		return stop, math.Pow(value, power)
	}
	return stop, value * math.Pow(10, power)
}

// nameEnd returns where the identifier that starts with numeral t ends, or
// t.end where t is a quantity.
func nameEnd(text string, t token) int {
	if t.end >= len(text) {
		return t.end
	}
	switch c := text[t.end]; {
	case c == '.' && strings.HasPrefix(text[t.end:], ".x"), c == '.' && digitAt(text, t.end+1), c == ':' && digitAt(text, t.end+1), c == '@', c == '/' && digitAt(text, t.end+1):
		return chunkEnd(text, t.end+1)
	case c == '-' && digitAt(text, t.end+1):
		return hyphenatedEnd(text, t)
	case letterAt(text, t.end):
		return suffixedEnd(text, t)
	}
	return t.end
}

// hyphenatedEnd tells a phone number, date or code ("555-0134", "2021-08-27",
// "2019-20") from a range ("10-20").
func hyphenatedEnd(text string, t token) int {
	first := text[t.start:t.end]
	stop := digitsEnd(text, t.end+1)
	second := text[t.end+1 : stop]
	switch {
	case stop+1 < len(text) && text[stop] == '-' && digitAt(text, stop+1),
		len(first) > 1 && first[0] == '0', len(second) > 1 && second[0] == '0',
		len(first) == 3 && len(second) == 4,
		yearLike(&t) && (len(second) == 2 || len(second) > 3):
		return chunkEnd(text, stop)
	}
	return t.end
}

// suffixedEnd tells "87GB" and "50k" from "2FA", "5G" and "1990s".
func suffixedEnd(text string, t token) int {
	stop := lettersEnd(text, t.end)
	letters := text[t.end:stop]
	e := lookup(letters)
	network := strings.EqualFold(letters, "g") && stop == t.start+2 && t.value <= 6
	plan := strings.EqualFold(letters, "k") && t.value == 401
	if e.roles&suffix == 0 || digitAt(text, stop) || network || plan {
		return chunkEnd(text, stop)
	}
	return t.end
}

// yearLike reports whether t is written as the years of news are.
func yearLike(t *token) bool {
	return t.kind == numeral && !t.grouped && !t.decimal && t.end-t.start == 4 && t.value >= 1900 && t.value < 2100
}
