package graph

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/breachgraph/breachgraph/extract"
)

// maxID is the longest id in bytes; longer ones end in a hash. The database
// refuses to index keys over some 8,000 bytes, and nobody reads such an id.
const maxID = 200

// legalSuffixes say of what legal form an organisation is, not which it is.
var legalSuffixes = strings.Fields(`inc incorporated corp corporation co company llc llp pllc lp ltd limited plc
	pty pte bhd sdn gmbh ag kg kgaa ug se sa sas sarl nv bv ab as asa oy oyj spa srl kk pbc`)

// letters are those that Unicode does not take apart into a base and a mark.
var letters = strings.NewReplacer("ß", "ss", "ø", "o", "æ", "ae", "œ", "oe", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// fold returns the readable id that a name of kind k gives: lower case, without
// diacritics and punctuation, words parted by hyphens ("t-mobile"). Of
// organisations the legal suffix goes too, and of them and groups the article
// before the name, for it comes and goes ("the Wall Street Journal"). It is
// empty where the name has no letter or digit.
func fold(name string, k extract.Kind) string {
	words := foldedWords(name)
	if k.Organization() || k == extract.Group {
		for len(words) > 1 && words[0] == "the" {
			words = words[1:]
		}
	}
	if k.Organization() {
		for len(words) > 1 && slices.Contains(legalSuffixes, words[len(words)-1]) {
			words = words[:len(words)-1]
		}
	}
	return shorten(strings.Join(words, "-"))
}

// foldedWords splits a name into its runs of letters and digits. An apostrophe
// parts nothing, nor does the full stop of an abbreviation.
func foldedWords(name string) []string {
	runes := []rune(plain(name))
	kept := runes[:0:0]
	for i, r := range runes {
		switch {
		case isWord(r):
			kept = append(kept, r)
		case r == '\'' || r == '’' || r == '‘' || r == '.' && abbreviates(runes, i):
		default:
			kept = append(kept, ' ')
		}
	}
	return strings.Fields(string(kept))
}

// abbreviates reports whether the full stop at i stands between single letters
// or after one, as in "U.S." and "J.P. Morgan", and not as in "x.com".
func abbreviates(runes []rune, i int) bool {
	word := func(i int) bool { return i >= 0 && i < len(runes) && isWord(runes[i]) }
	before := word(i-1) && !word(i-2)
	after := word(i+1) && word(i+2)
	return before && !after
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// plain is s in lower case without diacritics.
func plain(s string) string {
	s = norm.NFKD.String(strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(s, ""))))
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	return letters.Replace(s)
}

// shorten cuts an id that is too long and marks it with a hash of the whole.
func shorten(id string) string {
	if len(id) <= maxID {
		return id
	}
	const mark = 8
	return strings.TrimRight(cut(id, maxID-mark-1), "-") + "-" + hash(id)[:mark]
}

// foldAs is fold of a name of an entity that is merged on label.
func foldAs(label, name string) string {
	for kind, l := range table().label {
		if l == label {
			return fold(name, kind) // kinds that share a label fold alike
		}
	}
	return ""
}
