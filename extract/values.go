package extract

import (
	"maps"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/extract/tag"
)

// vocabulary is the table of phrases for the canonical values that claims of p
// have as object; empty where they have none.
func vocabulary(p Predicate) lexicon {
	switch p {
	case Exposed:
		return dataTypes
	case Used:
		return methods
	case Offered:
		return remedies
	}
	return lexicon{}
}

// Values returns the canonical values that a claim of p may have as object, in
// alphabetical order; none where its object is of another kind.
func Values(p Predicate) []string {
	seen := make(map[string]bool)
	for _, phrases := range vocabulary(p).phrases {
		for _, ph := range phrases {
			seen[strings.TrimSuffix(ph.value, "?")] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// ValuesIn returns the canonical values, for claims of p, that the words of text
// name: what it may speak of, whether or not it claims that.
func ValuesIn(p Predicate, text string) []string {
	var stems []string
	for _, t := range tag.Tokenize(text) {
		stems = append(stems, stem(fold(text[t.Start:t.End])))
	}
	seen := make(map[string]bool)
	for _, f := range vocabulary(p).find(stems, 0, len(stems)) {
		seen[strings.TrimSuffix(f.Value, "?")] = true
	}
	return slices.Sorted(maps.Keys(seen))
}
