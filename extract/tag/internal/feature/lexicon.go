package feature

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/breachgraph/breachgraph/extract/tag/internal/token"
)

//go:embed lists/*.txt
var lists embed.FS

// A class is a bit of a word's lexicon entry: the list that holds it.
type class uint32

// The lists, in the order of classNames. Those before wordLists hold names and
// match only what is capitalised.
const (
	agency class = 1 << iota
	city
	company
	country
	demonym
	firm
	given
	group
	malware
	organization
	outlet
	product
	sp500
	state
	agencyWord
	attacker
	breach
	data
	firmWord
	function
	number
	outletWord
	say
	title
	victim
	when

	nameLists = agencyWord - 1
)

func classNames() []string {
	return []string{
		"agency", "city", "company", "country", "demonym", "firm", "given", "group", "malware", "organization", "outlet",
		"product", "sp500", "state", "agencyword", "attacker", "breach", "data", "firmword", "function", "number", "outletword",
		"say", "title", "victim", "when",
	}
}

// maxPhrase is the number of words of the longest entry that is matched.
const maxPhrase = 6

// A lexicon maps phrases, as hashes of their lower-case words, to classes. The
// sign bit of a value says that a longer phrase begins so.
type lexicon struct {
	table
	first  []class // classes by value-1
	longer []bool
}

var loadLexicon = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	phrases := make(map[uint64]int32)
	l := &lexicon{}
	entry := func(key uint64) int32 {
		if phrases[key] == 0 {
			l.first, l.longer = append(l.first, 0), append(l.longer, false)
			phrases[key] = int32(len(l.first))
		}
		return phrases[key] - 1
	}
	for bit, name := range classNames() {
		raw, err := lists.ReadFile("lists/" + name + ".txt")
		if err != nil {
			panic(fmt.Sprintf("embedded list %s: %v", name, err))
		}
		for line := range strings.Lines(string(raw)) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			words := token.Tokenize(line)
			if len(words) > maxPhrase {
				continue
			}
			key := uint64(0)
			for i, w := range words {
				key = mix(key, hashString(line[w.Start:w.End]))
				e := entry(key)
				if i+1 < len(words) {
					l.longer[e] = true
				} else {
					l.first[e] |= 1 << bit
				}
			}
		}
	}
	l.table = newTable(len(phrases))
	for key, v := range phrases {
		l.put(key, v)
	}
	return l
}

// match adds to each token of a sentence the classes of the phrases that it
// is part of.
func (l *lexicon) match(d *Doc, from, to int) {
	for i := from; i < to; i++ {
		key := uint64(0)
		for j := i; j < to && j < i+maxPhrase; j++ {
			key = mix(key, d.word(j).low)
			v := l.get(key)
			if v == 0 {
				break
			}
			c := l.first[v-1]
			if !d.word(i).capital {
				c &^= nameLists
			}
			if c != 0 {
				for k := i; k <= j; k++ {
					d.tokens[k].classes |= c
					if j > i {
						d.tokens[k].phrase |= c
					}
				}
				d.tokens[i].opens |= c
			}
			if !l.longer[v-1] {
				break
			}
		}
	}
}
