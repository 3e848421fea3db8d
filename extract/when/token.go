package when

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A kind says what a token is.
type kind uint8

const (
	symbol kind = iota
	word        // letters, with apostrophes inside; without a final 's
	number      // digits that may be a day, a year or a count
	dated       // a date in digits: 2021-08-27
	other       // what holds digits and is no date: versions, times, URLs
)

// A token is a piece of the text; its offsets count bytes of the whole text.
type token struct {
	start, end int
	bare       int // end of a word without its 's
	kind       kind
	glued      bool // no blank parts it from the token before
	capital    bool // starts with an upper-case letter
	owner      bool // a word with 's
	ordinal    bool // a number with th, st, nd, rd
	decade     bool // a number with s: 1990s
	sym        rune
	value      int   // of a number, or the entry's
	expr       *expr // of a dated token
	*entry           // of a word; never nil
}

// width is the number of digits of a number.
func (t *token) width() int {
	n := t.end - t.start
	if t.ordinal {
		n -= 2
	}
	if t.decade {
		n--
	}
	return n
}

const (
	maxSegment  = 1 << 16 // bytes tokenised at once, which bounds the memory in use
	longestWord = 16      // bytes of a word that is looked up
)

// segmentEnd returns the end of the segment that starts at pos: the end of the
// paragraph, or of the last whole word that a long paragraph has room for.
func segmentEnd(text string, pos int) int {
	rest := text[pos:]
	if len(rest) > maxSegment {
		rest = rest[:maxSegment]
	}
	if i := strings.Index(rest, "\n\n"); i >= 0 {
		return pos + i + 2
	}
	if pos+len(rest) == len(text) {
		return len(text)
	}
	if i := strings.LastIndexAny(rest, " \n\t"); i > 0 {
		return pos + i + 1
	}
	for len(rest) > 1 && !utf8.RuneStart(text[pos+len(rest)]) {
		rest = rest[:len(rest)-1]
	}
	return pos + len(rest)
}

// lex appends the tokens of text from pos on.
func lex(tokens []token, text string, pos int) []token {
	glued := false
	for pos < len(text) {
		r, size := rune(text[pos]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[pos:])
		}
		if r <= ' ' || r >= utf8.RuneSelf && unicode.IsSpace(r) {
			pos, glued = pos+size, false
			continue
		}
		var t token
		switch {
		case digitAt(text, pos):
			t = lexNumber(text, pos)
		case letter(r):
			t = lexWord(text, pos)
		default:
			t = token{end: pos + size, sym: r, entry: &unknown}
		}
		t.start, t.glued = pos, glued
		tokens = append(tokens, t)
		pos, glued = t.end, true
	}
	return tokens
}

func digitAt(text string, pos int) bool {
	return pos < len(text) && '0' <= text[pos] && text[pos] <= '9'
}

func digitsEnd(text string, pos int) int {
	for digitAt(text, pos) {
		pos++
	}
	return pos
}

func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r)
}

func letterAt(text string, pos int) bool {
	if pos >= len(text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[pos:])
	return letter(r)
}

func lettersEnd(text string, pos int) int {
	for pos < len(text) {
		r, size := rune(text[pos]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[pos:])
		}
		if !letter(r) {
			return pos
		}
		pos += size
	}
	return pos
}

// apostrophe returns the length of the apostrophe at pos, 0 where there is none.
func apostrophe(text string, pos int) int {
	if pos < len(text) && text[pos] == '\'' {
		return 1
	}
	if strings.HasPrefix(text[pos:], "’") {
		return len("’")
	}
	return 0
}

// lexWord reads a word, or a name that holds digits or is an address. The
// possessive 's ends a word without being part of it: "last year's breach".
func lexWord(text string, pos int) token {
	r, _ := utf8.DecodeRuneInString(text[pos:])
	t := token{kind: word, capital: unicode.IsUpper(r), entry: &unknown}
	t.end = lettersEnd(text, pos)
	if n := apostrophe(text, t.end); n > 0 && letterAt(text, t.end+n) {
		stop := lettersEnd(text, t.end+n)
		t.owner = stop == t.end+n+1 && text[stop-1]|0x20 == 's'
		if !t.owner {
			t.end = stop
		}
	}
	switch {
	case t.owner:
	case digitAt(text, t.end):
		return lexCode(text, pos, t.end)
	case addressFollows(text, t.end):
		return token{kind: other, end: chunkEnd(text, t.end), entry: &unknown}
	}
	t.entry = lookup(text[pos:t.end])
	t.value, t.bare = t.entry.value, t.end
	if t.owner {
		t.end = lettersEnd(text, t.end+apostrophe(text, t.end))
	}
	return t
}

// addressFollows reports whether the word that ends at pos goes on as a domain,
// an e-mail address or a URL.
func addressFollows(text string, pos int) bool {
	if pos+1 >= len(text) {
		return false
	}
	switch text[pos] {
	case '.':
		return 'a' <= text[pos+1] && text[pos+1] <= 'z'
	case '@':
		return letterAt(text, pos+1) || digitAt(text, pos+1)
	case ':':
		return strings.HasPrefix(text[pos:], "://")
	}
	return false
}

// chunkEnd returns the end of the name or address that goes on at pos: the next
// blank, less the punctuation before it.
func chunkEnd(text string, pos int) int {
	end := pos
	for end < len(text) && text[end] < utf8.RuneSelf && strings.IndexByte(" \n\t\r,;()[]<>\"", text[end]) < 0 {
		end++
	}
	for end > pos && strings.IndexByte(".:!?'-", text[end-1]) >= 0 {
		end--
	}
	return end
}

// lexCode reads Q4, H1 and FY2021; other words with digits are names.
func lexCode(text string, pos, digits int) token {
	stop := digitsEnd(text, digits)
	t := token{kind: other, end: chunkEnd(text, stop), entry: &unknown}
	if letterAt(text, stop) || t.end > stop && text[stop] != '-' && text[stop] != '/' && text[stop] != '\'' {
		return t
	}
	n := parseInt(text[digits:stop])
	switch letters := text[pos:digits]; {
	case strings.EqualFold(letters, "q") && n >= 1 && n <= 4:
		t.expr = &expr{kind: quarterKind, n: n}
	case strings.EqualFold(letters, "h") && n >= 1 && n <= 2:
		t.expr = &expr{kind: halfKind, n: n}
	case strings.EqualFold(letters, "fy") && stop-digits == 4:
		t.expr = &expr{kind: yearKind, year: n, fuzzy: true}
	case strings.EqualFold(letters, "fy") && stop-digits == 2:
		t.expr = &expr{kind: yearKind, year: fullYear(n), fuzzy: true}
	default:
		return t
	}
	t.kind, t.end = dated, stop
	return t
}

// parseInt returns the value of at most nine digits, else one that is neither
// day nor year.
func parseInt(s string) int {
	if len(s) > 9 {
		return 1 << 30
	}
	n := 0
	for i := range len(s) {
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// fullYear completes a year of two digits: up to 49 it is of this century.
func fullYear(n int) int {
	if n < 50 {
		return 2000 + n
	}
	return 1900 + n
}
