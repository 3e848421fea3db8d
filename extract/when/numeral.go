package when

import "strings"

// lexNumber reads the digits at pos: a date in digits, a number that may be a
// day or a year, or something else that holds digits.
func lexNumber(text string, pos int) token {
	if t, ok := lexDate(text, pos); ok {
		return t
	}
	end := digitsEnd(text, pos)
	t := token{kind: number, end: end, value: parseInt(text[pos:end]), entry: &unknown}
	stop := lettersEnd(text, end)
	switch letters := text[end:stop]; {
	case letters == "":
	case len(letters) == 2 && end-pos <= 2 && ordinalEnding(letters):
		t.ordinal, t.end = true, stop
		return t
	case letters == "s" && (end-pos == 4 || end-pos == 2) && text[end-1] == '0':
		t.decade, t.end = true, stop
		return t
	case len(letters) == 1 && end-pos == 1 && t.value <= 4:
		return lexReversed(text, t, stop, letters)
	default:
		return token{kind: other, end: chunkEnd(text, stop), entry: &unknown}
	}
	if n := apostrophe(text, end); n > 0 && strings.HasPrefix(text[end+n:], "s") && end-pos == 4 && text[end-1] == '0' && lettersEnd(text, end+n) == end+n+1 {
		return token{kind: number, decade: true, end: end + n + 1, value: t.value, entry: &unknown}
	}
	if goesOn(text, end) {
		return token{kind: other, end: max(end, chunkEnd(text, numberEnd(text, end))), entry: &unknown}
	}
	return t
}

// lexReversed reads 4Q, 1H and 1Q19.
func lexReversed(text string, t token, stop int, letters string) token {
	e := expr{kind: quarterKind, n: t.value}
	if strings.EqualFold(letters, "h") && t.value <= 2 {
		e.kind = halfKind
	} else if !strings.EqualFold(letters, "q") {
		e.n = 0
	}
	end := digitsEnd(text, stop)
	switch n := parseInt(text[stop:end]); {
	case end-stop == 2:
		e.year = fullYear(n)
	case end-stop == 4 && n >= 1900 && n < 2100:
		e.year = n
	case end > stop:
		e.n = 0
	}
	if e.n == 0 || letterAt(text, end) {
		return token{kind: other, end: chunkEnd(text, end), entry: &unknown}
	}
	return token{kind: dated, end: end, entry: &unknown, expr: &e}
}

func ordinalEnding(s string) bool {
	switch strings.ToLower(s) {
	case "st", "nd", "rd", "th":
		return true
	}
	return false
}

// goesOn reports whether the number that ends at pos is part of a larger one:
// a count with separators, a decimal, a version, a time.
func goesOn(text string, pos int) bool {
	if pos >= len(text) {
		return false
	}
	switch text[pos] {
	case ',':
		return digitsEnd(text, pos+1) == pos+4 && !letterAt(text, pos+4)
	case '.', ':':
		return digitAt(text, pos+1)
	case '%', '@':
		return true
	}
	return false
}

// numberEnd returns the end of the digits and separators from pos on.
func numberEnd(text string, pos int) int {
	for pos < len(text) && strings.IndexByte(",.:", text[pos]) >= 0 && digitAt(text, pos+1) {
		pos = digitsEnd(text, pos+1)
	}
	return pos
}

// lexDate reads 2021-08-27, 20210827, 8/27/2021, 27.08.2021, 27-Aug-2021 and 2021-08.
func lexDate(text string, pos int) (token, bool) {
	a := digitsEnd(text, pos)
	if a-pos == 8 && !letterAt(text, a) {
		return dateToken(text, [3]int{parseInt(text[pos : pos+4]), parseInt(text[pos+4 : pos+6]), parseInt(text[pos+6 : a])}, [3]int{4, 2, 2}, 0, a)
	}
	if a-pos > 4 || a >= len(text) {
		return token{}, false
	}
	sep := text[a]
	if sep != '-' && sep != '/' && sep != '.' {
		return token{}, false
	}
	b := digitsEnd(text, a+1)
	middle := 0
	if b == a+1 {
		b = lettersEnd(text, a+1)
		if middle = monthNamed(text[a+1 : b]); middle == 0 {
			return token{}, false
		}
	} else {
		middle = parseInt(text[a+1 : b])
	}
	if b < len(text) && text[b] == sep && digitAt(text, b+1) {
		c := digitsEnd(text, b+1)
		return dateToken(text, [3]int{parseInt(text[pos:a]), middle, parseInt(text[b+1 : c])}, [3]int{a - pos, b - a - 1, c - b - 1}, sep, c)
	}
	if sep == '/' && a-pos == 2 && b-a == 3 && digitAt(text, a+1) && !letterAt(text, b) && (b >= len(text) || strings.IndexByte("/-%", text[b]) < 0) {
		return dayOfYear(parseInt(text[pos:a]), middle, b)
	}
	if sep == '-' && a-pos == 4 && b-a == 3 && digitAt(text, a+1) {
		return monthToken(text, parseInt(text[pos:a]), middle, b)
	}
	return token{}, false
}

// dayOfYear reads 22/04 and 04/22. It may be a share as well, so it is weak; what
// may be read both ways is none.
func dayOfYear(a, b, end int) (token, bool) {
	e := expr{kind: dayKind, day: a, month: b, weak: true}
	if b > 12 {
		e.day, e.month = b, a
	}
	if (a > 12) == (b > 12) || !exists(2000, e.month, e.day) {
		return token{}, false
	}
	return token{kind: dated, end: end, entry: &unknown, expr: &e}, true
}

// monthToken reads 2021-08, which an identifier such as 2019-20 is not.
func monthToken(text string, year, month, end int) (token, bool) {
	if year < 1900 || year >= 2100 || month < 1 || month > 12 || letterAt(text, end) {
		return token{}, false
	}
	return token{kind: dated, end: end, entry: &unknown, expr: &expr{kind: monthKind, year: year, month: month}}, true
}

// dateToken reads three numbers with these widths as a date: year first; else
// day first with points, or where the second number can be no month; else month
// first, which is a guess where both readings are dates.
func dateToken(text string, n, width [3]int, sep byte, end int) (token, bool) {
	e := expr{kind: dayKind}
	switch {
	case width[0] == 4 && width[2] <= 2:
		e.year, e.month, e.day = n[0], n[1], n[2]
	case width[0] > 2 || width[2] != 4 && (width[2] != 2 || sep == '.'):
		return token{}, false
	case sep == '.' || n[0] > 12 || width[1] == 3:
		e.year, e.month, e.day = n[2], n[1], n[0]
	default:
		e.year, e.month, e.day = n[2], n[0], n[1]
		e.fuzzy = n[1] <= 12 && n[0] != n[1]
	}
	if width[2] == 2 && width[0] <= 2 {
		e.year = fullYear(e.year)
	}
	if e.year < 1900 || e.year >= 2100 || !exists(e.year, e.month, e.day) {
		return token{}, false
	}
	if end < len(text) && text[end]|0x20 == 't' && digitAt(text, end+1) {
		end = chunkEnd(text, end)
	} else if letterAt(text, end) {
		return token{}, false
	}
	return token{kind: dated, end: end, entry: &unknown, expr: &e}, true
}

// monthNamed returns the month with that English name or abbreviation, 0 for
// none.
func monthNamed(s string) int {
	if e := lookup(s); e.is(month) {
		return e.value
	}
	return 0
}
