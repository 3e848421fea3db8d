package token

import (
	"strings"
	"unicode"
)

// Sentences cuts tokens, which must be those of text, into sentences. A line
// break always ends one. The result shares the memory of tokens.
func Sentences(text string, tokens []Token) [][]Token {
	var out [][]Token
	start := 0
	for i := range tokens {
		if i+1 == len(tokens) || ends(text, tokens, i) {
			out = append(out, tokens[start:i+1:i+1])
			start = i + 1
		}
	}
	return out
}

// ends reports whether a sentence ends between tokens[i] and the next one.
func ends(text string, tokens []Token, i int) bool {
	next := tokens[i+1]
	gap := text[tokens[i].End:next.Start]
	if strings.IndexByte(gap, '\n') >= 0 || strings.IndexByte(gap, '\r') >= 0 {
		return true
	}
	stop := i
	for stop > 0 && i-stop < 3 && closes(text[tokens[stop].Start:tokens[stop].End]) {
		stop--
	}
	mark := text[tokens[stop].Start:tokens[stop].End]
	switch mark[len(mark)-1] {
	case '!', '?':
		return gap != "" && opens(text, next)
	case '.':
		if strings.Trim(mark, ".") == "" {
			return opens(text, next) && (gap != "" || stop == i && len(mark) == 1)
		}
		return gap != "" && opens(text, next) && endsAbbreviated(text, mark, next)
	}
	return false
}

func closes(mark string) bool {
	switch mark {
	case "\"", "'", "”", "’", ")", "]":
		return true
	}
	return false
}

// opens reports whether a sentence may begin with t.
func opens(text string, t Token) bool {
	r, _ := decode(text, t.Start)
	return unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("\"'“‘([$£€@#•*-–—", r) || unicode.Is(unicode.Lo, r)
}

// endsAbbreviated decides for an abbreviation before a capital, as in "in the
// U.S. The company": only a word that hardly ever goes on a name ends it.
func endsAbbreviated(text, mark string, next Token) bool {
	switch mark {
	case "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Sen.", "Rep.", "Gov.", "Gen.", "Lt.", "Col.", "Sgt.", "Capt.", "Rev.", "St.", "vs.":
		return false
	}
	switch text[next.Start:next.End] {
	case "The", "In", "It", "He", "She", "They", "We", "But", "And", "This", "That", "These", "Those", "There", "However",
		"A", "An", "If", "When", "While", "As", "At", "For", "On", "To", "Its", "His", "Her", "Their", "According", "After",
		"Although", "Since", "So", "Some", "Such", "Then", "With", "You", "Our", "\"", "“":
		return true
	}
	return false
}
