package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSentence bounds a sentence, in bytes: text without any full stop is cut at
// a blank near this length, so that no pass meets an unbounded one.
const maxSentence = 4000

// abbreviations never end a sentence: a name or a number follows them.
var abbreviations = wordSet(`mr mrs ms mx dr prof sen rep gov gen col lt sgt capt
	cmdr adm maj rev hon pres supt det insp st mt ft vs no nos fig figs vol pp
	jan feb mar apr jun jul aug sep sept oct nov dec approx est dept univ assn
	bros ave blvd al e.g i.e eg ie cf viz ca h/t`)

// suffixes are abbreviations that may end a sentence; they do when the next word
// is one that commonly opens one.
var suffixes = wordSet(`inc corp ltd co llc llp plc jr sr etc u.s u.k u.n e.u d.c
	a.m p.m a.k.a ph.d m.d u.s.a l.a n.y`)

// openers commonly begin a sentence and seldom carry on a name.
var openers = wordSet(`the a an it its he she they we you i this that these those
	there in on at after before but and so however while when as if for from with
	according meanwhile also although his her their our my what who how why since
	during until by to no not only both all some many most other another officials
	customers users hackers researchers last next earlier later`)

// wordSet makes a set of the blank-separated words of list.
func wordSet(list string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// splitSentences cuts text into sentences: non-empty spans in order, without
// the white space around them. A blank line always ends one; so does a line
// end, unless the next line carries on in lower case.
func splitSentences(text string) []Span {
	var out []Span
	start := 0
	cut := func(end int) {
		if s := trimSpan(text, Span{start, end}); s.Start < s.End {
			out = append(out, s)
		}
		start = end
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			if lineEnds(text, i) {
				cut(i)
			}
		case r == '.' || r == '!' || r == '?' || r == '…':
			end := closeQuotes(text, i+size)
			if endsSentence(text, start, i, end) {
				cut(end)
				i = end
				continue
			}
		case i-start > maxSentence && unicode.IsSpace(r):
			cut(i)
		}
		i += size
	}
	cut(len(text))
	return out
}

func trimSpan(text string, s Span) Span {
	trimmed := strings.TrimLeftFunc(text[s.Start:s.End], unicode.IsSpace)
	s.Start = s.End - len(trimmed)
	s.End = s.Start + len(strings.TrimRightFunc(trimmed, unicode.IsSpace))
	return s
}

// lineEnds reports whether the line end at i also ends a sentence.
func lineEnds(text string, i int) bool {
	rest := strings.TrimLeft(text[i+1:min(len(text), i+200)], " \t\r\u00a0")
	if strings.HasPrefix(rest, "\n") {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return !unicode.IsLower(r)
}

// closeQuotes gives the end of the marks that close with the full stop before i.
func closeQuotes(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !strings.ContainsRune(".!?…\"'”’»)]", r) {
			break
		}
		// A straight mark that a letter follows opens the next quotation.
		if next, _ := utf8.DecodeRuneInString(text[i+size:]); (r == '"' || r == '\'') && unicode.IsLetter(next) {
			break
		}
		i += size
	}
	return i
}

// endsSentence decides on the mark at dot, whose closing marks reach to end.
func endsSentence(text string, start, dot, end int) bool {
	if end == len(text) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(text[end:])
	if !unicode.IsSpace(next) {
		return false
	}
	rest := strings.TrimLeftFunc(text[end:min(len(text), end+80)], unicode.IsSpace)
	first, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsLower(first) {
		// "iPhone" and "eBay" open sentences too.
		_, size := utf8.DecodeRuneInString(rest)
		second, _ := utf8.DecodeRuneInString(rest[size:])
		if !unicode.IsUpper(second) {
			return false
		}
	}
	if text[dot] != '.' || end > dot+1 {
		return true
	}
	word := lastWord(text[start:dot])
	switch lower := strings.ToLower(word); {
	case abbreviations[lower]:
		return lower == "no" && !unicode.IsDigit(first)
	case suffixes[lower]:
		return openers[strings.ToLower(firstWord(rest))] && unicode.IsUpper(first)
	case utf8.RuneCountInString(word) == 1 && unicode.IsUpper(firstRune(word)):
		return word == "I"
	}
	return true
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// lastWord gives what stands between the last blank or opening mark and the end
// of s.
func lastWord(s string) string {
	i := strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(\"“‘[", r) })
	if i < 0 {
		return s
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return s[i+size:]
}

func firstWord(s string) string {
	s = strings.TrimLeft(s, "\"“‘'([")
	if i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }); i >= 0 {
		return s[:i]
	}
	return s
}
