package catalog

import (
	"strings"
	"unicode"
)

// What a search may be.
const (
	maxWords = 12
	maxWord  = 60 // bytes
)

// search is a query of the full-text index that finds what has, in one of fields,
// words that begin like all of text's; empty where text has no word. It holds
// letters and digits of text only, so that nothing of it means something else.
func search(text string, fields ...string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	all := ""
	for _, w := range words[:min(len(words), maxWords)] {
		w = strings.ToValidUTF8(w[:min(len(w), maxWord)], "")
		all += "+(" + w + " " + w + "*) "
	}
	if all == "" {
		return ""
	}
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = f + ":(" + strings.TrimSpace(all) + ")"
	}
	return strings.Join(parts, " OR ")
}
