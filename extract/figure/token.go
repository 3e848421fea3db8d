package figure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A kind says what a token is.
type kind uint8

const (
	symbol  kind = iota // one rune that is neither letter nor digit
	word                // letters, with apostrophes inside
	numeral             // digits that may count something
	name                // digits or letters that identify: a version, URL, phone number
)

// A token is a piece of the text; its offsets count bytes of the whole text.
type token struct {
	start, end int
	kind       kind
	glued      bool    // no blank parts it from the token before
	capital    bool    // holds an upper-case letter that names have
	grouped    bool    // a numeral with thousands separators
	decimal    bool    // a numeral with a decimal point
	sym        rune    // of a symbol
	value      float64 // of a numeral, or the entry's
	*entry             // of a word, or of a symbol that means something; never nil
}

// plainNumeral reports whether t is digits alone.
func (t *token) plainNumeral() bool { return t.kind == numeral && !t.grouped && !t.decimal }

// maxSegment bounds what is tokenised at once, and so the memory in use.
const maxSegment = 1 << 16

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
		c := text[pos]
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' {
			pos, glued = pos+1, false
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[pos:])
			if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
				pos, glued = pos+size, false
				continue
			}
		}
		var t token
		switch {
		case digit(c), c == '.' && digitAt(text, pos+1) && !afterDigit(tokens, glued):
			t = lexNumeral(text, pos)
		case letter(r):
			t = lexWord(text, pos)
		default:
			t = token{start: pos, end: pos + size, sym: r, entry: symbolEntry(r)}
			t.value = t.entry.value
		}
		t.glued = glued
		tokens = append(tokens, t)
		pos, glued = t.end, true
	}
	return tokens
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func digitAt(text string, pos int) bool { return pos < len(text) && digit(text[pos]) }

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
	if text[pos] < utf8.RuneSelf {
		return letter(rune(text[pos]))
	}
	r, _ := utf8.DecodeRuneInString(text[pos:])
	return letter(r)
}

func afterDigit(tokens []token, glued bool) bool {
	return glued && len(tokens) > 0 && tokens[len(tokens)-1].kind != symbol
}

// lettersEnd returns the end of the run of letters at pos.
func lettersEnd(text string, pos int) int {
	for pos < len(text) {
		if text[pos] < utf8.RuneSelf {
			if !letter(rune(text[pos])) {
				return pos
			}
			pos++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[pos:])
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

// lexWord reads the word, abbreviation, name with digits, domain or URL at pos.
func lexWord(text string, pos int) token {
	end := lettersEnd(text, pos)
	for {
		n := apostrophe(text, end)
		if n == 0 || !letterAt(text, end+n) {
			break
		}
		end = lettersEnd(text, end+n)
	}
	t := token{start: pos, kind: word, capital: capitalAt(text, pos) || camel(text[pos:end])}
	switch {
	case end == pos+1 && abbreviationEnd(text, pos) > 0:
		end = abbreviationEnd(text, pos)
	case digitAt(text, end) && text[pos:end] == "R" && scaledAt(text, end): // R25 million
	case digitAt(text, end) && lookup(text[pos:end]).roles&code == 0:
		t.kind, end = name, chunkEnd(text, end)
	case addressFollows(text, end):
		t.kind, end = name, chunkEnd(text, end)
	}
	t.end = end
	t.entry = &unknown
	if s := text[pos:end]; t.kind == word && s != "US" && s != "IT" {
		t.entry = lookup(s)
		t.value = t.entry.value
	}
	return t
}

func capitalAt(text string, pos int) bool {
	if c := text[pos]; c < utf8.RuneSelf {
		return 'A' <= c && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(text[pos:])
	return unicode.IsUpper(r)
}

// camel reports whether a word has a capital after its first letter, as names
// of products do: iOS.
func camel(s string) bool {
	for i := 1; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return true
		}
	}
	return false
}

// scaledAt reports whether the number at pos is in groups of three or has a
// scale.
func scaledAt(text string, pos int) bool {
	end, grouped := integerEnd(text, pos)
	if digitAt(text, end+1) && text[end] == '.' {
		end = digitsEnd(text, end+1)
	}
	if end < len(text) && text[end] == ' ' {
		end++
	}
	return grouped || lookup(text[end:lettersEnd(text, end)]).is(scale)
}

// abbreviationEnd returns the end of "U.S." or "a.m" at pos, 0 for another word.
func abbreviationEnd(text string, pos int) int {
	end := pos
	for end+3 <= len(text) && text[end+1] == '.' && letterAt(text, end+2) && lettersEnd(text, end+2) == end+3 {
		end += 2
	}
	if end == pos {
		return 0
	}
	if end++; end < len(text) && text[end] == '.' && !sentenceEnd(text, end+1) {
		end++
	}
	return end
}

// sentenceEnd reports whether what follows a full stop before pos starts
// another sentence, or nothing follows.
func sentenceEnd(text string, pos int) bool {
	rest := strings.TrimLeft(text[pos:min(len(text), pos+8)], " \n")
	return rest == "" || capitalAt(rest, 0)
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

// chunkEnd returns the end of the URL, version or name that goes on at pos: the
// next blank, less the punctuation before it.
func chunkEnd(text string, pos int) int {
	end := pos
	for end < len(text) && text[end] < utf8.RuneSelf && (strings.IndexByte(" \n\t\r,;()[]<>\"", text[end]) < 0 || text[end] == ',' && digitsEnd(text, end+1) == end+4) {
		end++
	}
	if end < len(text) && text[end] >= utf8.RuneSelf && letterAt(text, end) {
		end = lettersEnd(text, end)
	}
	for end > pos && strings.IndexByte(".:!?'-", text[end-1]) >= 0 {
		end--
	}
	return max(end, pos)
}
