// Package token cuts a text into words and sentences. It knows no language
// model: the rules are those of English news, and anything else still comes
// out as tokens in order, inside the text and on rune boundaries.
package token

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Token is a half-open range of byte offsets into a text.
type Token struct{ Start, End int }

// Tokenize cuts text into words, numbers, possessive endings and runs of
// punctuation. Hyphenated names (T-Mobile), numbers with inner punctuation
// (1,234.5), host names, URLs and abbreviations with their full stop (U.S.,
// Inc.) stay whole; a possessive 's is a token of its own. White space and
// control characters belong to no token. The time is linear in the text.
func Tokenize(text string) []Token {
	out := make([]Token, 0, len(text)/5+1)
	for i := 0; i < len(text); {
		r, n := decode(text, i)
		switch {
		case blank(r):
			i += n
		case wordRune(r):
			i = word(text, i, &out)
		default:
			j := i + n
			for j < len(text) && repeats(r) && strings.HasPrefix(text[j:], text[i:i+n]) {
				j += n
			}
			out = append(out, Token{i, j})
			i = j
		}
	}
	return out
}

// decode is utf8.DecodeRuneInString with a short way for ASCII.
func decode(text string, i int) (rune, int) {
	if c := text[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(text[i:])
}

// repeats tells the marks whose runs mean one thing: "...", "--", "!!".
func repeats(r rune) bool {
	return r == '.' || r == '-' || r == '!' || r == '?' || r == '*' || r == '=' || r == '_' || r == '#'
}

// blank also takes the invisible marks that pages leave between words.
func blank(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' || r == '\u2060'
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\u00ad'
}

// word appends the word that starts at i, and its possessive ending, and
// returns where it ends.
func word(text string, i int, out *[]Token) int {
	start, prev := i, rune(0)
	for i < len(text) {
		r, n := decode(text, i)
		if wordRune(r) {
			prev, i = r, i+n
			continue
		}
		if r == ':' && strings.HasPrefix(text[i:], "://") {
			i = urlEnd(text, i+3)
			*out = append(*out, Token{start, i})
			return i
		}
		if i+n >= len(text) {
			break
		}
		next, m := decode(text, i+n)
		if (r == '\'' || r == '’') && (next == 's' || next == 'S') && endsWord(text, i+n+m) {
			*out = append(*out, Token{start, i}, Token{i, i + n + m})
			return i + n + m
		}
		if !wordRune(next) || !joins(text, start, i, prev, r, next, i+n+m) {
			break
		}
		i += n
	}
	if i < len(text) && text[i] == '.' && abbreviation(text[start:i]) {
		i++
	}
	*out = append(*out, Token{start, i})
	return i
}

func endsWord(text string, i int) bool {
	if i >= len(text) {
		return true
	}
	r, _ := decode(text, i)
	return !wordRune(r)
}

// joins reports whether mark, at text[at] between prev and next, is inner
// punctuation of the word that begins at start.
func joins(text string, start, at int, prev, mark, next rune, after int) bool {
	switch mark {
	case '-', '_', '&', '\u2010', '\u2011':
		return true
	case '\'', '’':
		return unicode.IsLetter(prev) && unicode.IsLetter(next)
	case ',', ':':
		return unicode.IsDigit(prev) && unicode.IsDigit(next)
	case '.':
		// A full stop without the blank after it, "breach.The", ends a sentence.
		if at-start > 1 && unicode.IsLower(prev) && unicode.IsUpper(next) && after < len(text) {
			r, _ := decode(text, after)
			return !unicode.IsLower(r)
		}
		return true
	}
	return false
}

// urlEnd returns the end of the URL whose authority starts at i, without the
// punctuation of the sentence around it.
func urlEnd(text string, i int) int {
	floor := i
	for i < len(text) {
		r, n := decode(text, i)
		if blank(r) || strings.ContainsRune("<>\"“”‘’|", r) {
			break
		}
		i += n
	}
	for i > floor && strings.IndexByte(".,;:!?)]}'*", text[i-1]) >= 0 {
		i--
	}
	return i
}

// abbreviation reports whether the full stop after word belongs to it.
func abbreviation(word string) bool {
	if len(word) > 5 {
		return false
	}
	if len(word) == 1 {
		return 'A' <= word[0] && word[0] <= 'Z'
	}
	if strings.IndexByte(word, '.') > 0 {
		return initials(word)
	}
	switch word {
	case "Mr", "Mrs", "Ms", "Dr", "Prof", "Sen", "Rep", "Gov", "Gen", "Lt", "Col", "Sgt", "Capt", "Rev", "St", "Jr", "Sr",
		"Inc", "Corp", "Co", "Ltd", "Bros", "Assn", "Dept", "Univ", "vs", "etc", "Fig", "Ave",
		"Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "approx", "est":
		return true
	}
	return false
}

// initials reports whether word is letters parted by full stops: U.S, e.g.
func initials(word string) bool {
	for i := range len(word) {
		if i%2 == 1 && word[i] != '.' || i%2 == 0 && word[i] == '.' {
			return false
		}
	}
	return len(word)%2 == 1
}
