package extract

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// gazetteerFiles are lists of names, each with its origin and licence in its
// first line.
//
//go:embed gazetteer/*.tsv
var gazetteerFiles embed.FS

// A listing is what the gazetteers know of a name.
type listing struct {
	kind   Kind
	name   string // the usual full name
	common bool   // this form is also an ordinary word
	upper  bool   // this form is a short acronym: in lower case it is another word
}

// gazetteers maps a file to the kind of the names in it. Where two lists hold a
// name, the earlier one here comes first in its listings.
var gazetteers = []struct {
	file string
	kind Kind
}{
	{"firms", Firm}, {"outlets", Outlet}, {"agencies", Agency}, {"groups", Group}, {"malware", Malware},
	{"vulnerabilities", Vulnerability}, {"companies", Company}, {"products", Product}, {"places", Place},
}

// known gives the listings of each name and alias, by [nameKey]; ask [listed].
var known = sync.OnceValue(func() map[string][]listing {
	out := make(map[string][]listing)
	for _, g := range gazetteers {
		for _, row := range readTable("gazetteer/" + g.file + ".tsv") {
			flagged := row[len(row)-1] == "common"
			for i, n := range append([]string{row[0]}, strings.Split(row[1], "|")...) {
				key := nameKey(n)
				if key == "" || i > 0 && n == row[0] {
					continue
				}
				word := !strings.Contains(strings.TrimPrefix(n, "The "), " ")
				out[key] = append(out[key], listing{g.kind, row[0], word && (flagged || len(key) < 3), word && len(n) <= 5 && allCaps(n)})
			}
		}
	}
	return out
})

// listed gives what the gazetteers know of a name as it is written in a text.
func listed(text string) []listing {
	var buf [64]byte
	key, ok := asciiKey(buf[:0], text)
	all := known()[string(key)]
	if !ok {
		all = known()[nameKey(text)]
	}
	if !slices.ContainsFunc(all, func(l listing) bool { return l.upper }) || allCaps(text) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(l listing) bool { return l.upper })
}

// personal tells which of the words of names are given names, and which
// surnames that are no ordinary words, folded.
var personal = sync.OnceValue(func() (names struct{ given, family map[string]bool }) {
	names.given, names.family = make(map[string]bool), make(map[string]bool)
	for _, row := range readTable("gazetteer/given_names.tsv") {
		names.given[fold(row[0])] = true
	}
	for _, row := range readTable("gazetteer/surnames.tsv") {
		names.family[fold(row[0])] = row[1] != "word"
	}
	return names
})

// readTable gives the rows of an embedded table, each of two columns at least;
// comments and the header are left out.
func readTable(name string) [][]string {
	raw, err := gazetteerFiles.ReadFile(name)
	if err != nil {
		panic("extract: embedded " + err.Error()) // a build without its tables
	}
	var out [][]string
	header := true
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if header {
			header = false
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) < 2 {
			row = append(row, "")
		}
		out = append(out, row)
	}
	return out
}

// legalSuffixes end the names of organisations and tell nothing apart.
var legalSuffixes = wordSet(`inc incorporated llc llp ltd limited plc corp corporation co company gmbh ag sa nv bv pty group holdings holding spa srl`)

// asciiKey appends the [nameKey] of a name to buf, where that is plain: without
// other letters than those of ASCII, and without an article or a legal suffix to
// take off.
func asciiKey(buf []byte, name string) (key []byte, ok bool) {
	start := 0 // of a word, in buf
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			buf = append(buf, c+'a'-'A')
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '&' || c == '+' || c == '@':
			buf = append(buf, c)
		case c >= utf8.RuneSelf:
			return nil, false
		case c == '-' || c == '_' || c == ' ' || '\t' <= c && c <= '\r':
			if start == 0 && (string(buf) == "the" || string(buf) == "a") {
				return nil, false
			}
			start = len(buf)
		}
	}
	return buf, start < len(buf) && !legalSuffixes[string(buf[start:])]
}

// nameKey folds a name so that spellings of one name are equal: lower case
// without diacritics, punctuation, blanks, a leading article and a legal suffix.
func nameKey(name string) string {
	var words []string
	for w := range strings.FieldsFuncSeq(name, func(c rune) bool { return unicode.IsSpace(c) || c == '-' || c == '‑' || c == '_' }) {
		var b strings.Builder
		for _, c := range norm.NFKD.String(strings.ToLower(w)) {
			if unicode.IsLetter(c) || unicode.IsDigit(c) || c == '&' || c == '+' || c == '@' {
				b.WriteRune(c)
			}
		}
		if b.Len() > 0 {
			words = append(words, b.String())
		}
	}
	if len(words) > 1 && (words[0] == "the" || words[0] == "a") {
		words = words[1:]
	}
	for len(words) > 1 && legalSuffixes[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return strings.Join(words, "")
}
