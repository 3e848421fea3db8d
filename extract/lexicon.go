package extract

import "strings"

// A lexicon finds phrases among tokens and gives the value each stands for.
// Words are compared by [stem], so singular and plural are one.
type lexicon struct {
	phrases map[string][]phrase // by the stem of the first word
	// first is a filter of those stems that costs less than the map: a bit for
	// each length in the element for some first and last bytes.
	first *[64]uint64
}

type phrase struct {
	rest  []string // stems of the words after the first
	value string
}

// A found is one phrase among the tokens: tokens [First, Last) and its value.
type found struct {
	First, Last int
	Value       string
}

// newLexicon reads a table with a value and its phrases a line: `value: phrase;
// phrase; …`. A word of a phrase may list alternatives by `/`.
func newLexicon(table string) lexicon {
	l := lexicon{make(map[string][]phrase), new([64]uint64)}
	for line := range strings.Lines(table) {
		value, phrases, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		for p := range strings.SplitSeq(phrases, ";") {
			if words := strings.Fields(possessives.Replace(p)); len(words) > 0 {
				l.add(words, nil, value)
			}
		}
	}
	return l
}

// possessives parts endings from words, as the tokens of a text are parted.
var possessives = strings.NewReplacer("'s", " 's", "s' ", "s ' ")

// add enters every way to choose one alternative of each word.
func (l lexicon) add(words, stems []string, value string) {
	if len(words) == 0 {
		l.phrases[stems[0]] = append(l.phrases[stems[0]], phrase{stems[1:], value})
		at, bit := filterBit(stems[0])
		l.first[at] |= bit
		return
	}
	for w := range strings.SplitSeq(words[0], "/") {
		l.add(words[1:], append(stems[:len(stems):len(stems)], stem(w)), value)
	}
}

// filterBit gives the place of a stem in the filter of a lexicon.
func filterBit(stem string) (at int, bit uint64) {
	n := len(stem)
	if n == 0 {
		return 0, 1
	}
	return int(7*stem[0]+stem[n-1]) & 63, 1 << (n & 63)
}

// match gives the longest phrase that begins at token i of stems, with its
// length in tokens; 0 where none does or i lies outside stems.
func (l lexicon) match(stems []string, i int) (value string, n int) {
	if i < 0 || i >= len(stems) || l.first == nil {
		return "", 0
	}
	if at, bit := filterBit(stems[i]); l.first[at]&bit == 0 {
		return "", 0
	}
	for _, p := range l.phrases[stems[i]] {
		if len(p.rest)+1 > n && hasPrefix(stems[i+1:], p.rest) {
			value, n = p.value, len(p.rest)+1
		}
	}
	return value, n
}

// find gives the phrases among stems[first:last], longest first at each place,
// apart from each other.
func (l lexicon) find(stems []string, first, last int) []found {
	var out []found
	for i := first; i < last; {
		value, n := l.match(stems[:last], i)
		if n == 0 {
			i++
			continue
		}
		out = append(out, found{i, i + n, value})
		i += n
	}
	return out
}

func hasPrefix(stems, prefix []string) bool {
	if len(stems) < len(prefix) {
		return false
	}
	for i, p := range prefix {
		if stems[i] != p {
			return false
		}
	}
	return true
}

// stem takes the plural ending off a lower-case word, by spelling alone: both
// sides of a comparison are stemmed, so an odd stem does no harm.
func stem(w string) string {
	n := len(w)
	switch {
	case n < 4 || w[n-1] != 's':
		return w
	case strings.HasSuffix(w, "'s"):
		return w
	case strings.HasSuffix(w, "ies") && n > 4:
		return w[:n-3] + "y"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "xes"):
		return w[:n-2]
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	}
	return w[:n-1]
}
