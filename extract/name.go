package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/tag"
)

var cveID = regexp.MustCompile(`(?i)\bCVE-\d{4}-\d{4,7}\b`)

// findNames finds where entities are named: by the tagger, corrected by the
// gazetteers, by the shape of identifiers, and by what the rest of the article
// calls by the same name.
func findNames(r *reading) {
	tags := tag.Default().Tag(r.Article.Title, r.Text, r.Words())
	for _, t := range tags.Names {
		r.addName(Span{t.Start, t.End}, Kind(t.Label), t.Score)
	}
	r.roles, r.events = tags.Roles, tags.Events
	r.index()
	for _, at := range cveID.FindAllStringIndex(r.Text, -1) {
		r.override(Span{at[0], at[1]}, Vulnerability)
	}
	r.index()
	r.correctByList()
	r.addListed()
	r.mendEdges()
	r.repeatNames()
	r.trimNames()
	r.index()
	r.joinBrands()
	r.index()
}

func (r *reading) addName(s Span, k Kind, score float64) {
	if first, last := r.tokens(s); first < last {
		r.mentions = append(r.mentions, mention{Span: s, first: first, last: last, kind: k, score: score, how: Name})
	}
}

// override puts a mention of kind k where s is, in place of what overlaps it.
func (r *reading) override(s Span, k Kind) {
	r.mentions = slices.DeleteFunc(r.mentions, func(m mention) bool { return m.Start < s.End && s.Start < m.End })
	r.addName(s, k, 1)
	r.sortMentions()
}

func (r *reading) sortMentions() {
	slices.SortStableFunc(r.mentions, func(a, b mention) int { return cmp.Compare(a.Start, b.Start) })
}

// sureTag is the tagger's score from which on its kind stands against a list's.
const sureTag = 0.85

// correctByList takes a kind from the gazetteers where the tagger is not sure
// and the name belongs to one list only.
func (r *reading) correctByList() {
	for i := range r.mentions {
		m := &r.mentions[i]
		if m.score >= sureTag {
			continue
		}
		if r.personName(m) {
			m.kind = Person
			continue
		}
		listings := listed(r.Text[m.Start:m.End])
		if len(listings) == 0 || listings[0].common {
			continue
		}
		if slices.ContainsFunc(listings, func(l listing) bool { return l.kind == m.kind }) {
			m.score = max(m.score, 0.7)
			continue
		}
		m.kind = listings[0].kind
	}
}

// personName reports whether m is a given name and a surname.
func (r *reading) personName(m *mention) bool {
	n := m.last - m.first
	return n >= 2 && n <= 3 && personal().given[r.lower(m.first)] && personal().family[r.lower(m.last-1)]
}

// maxNameTokens bounds the names that are looked up in the gazetteers.
const maxNameTokens = 6

// addListed adds the listed names that the tagger passed over, where they are
// written as names and are no ordinary words.
func (r *reading) addListed() {
	ordinary := make(map[string]bool) // words that stand in lower case somewhere
	for _, t := range r.Tokens {
		if r.Text[t.Start:t.End] == t.Lower {
			ordinary[t.Lower] = true
		}
	}
	var more []mention
	for i := 0; i < len(r.Tokens); i++ {
		if !r.nameStart(i) {
			continue
		}
		for n := min(maxNameTokens, r.Sentences[r.Tokens[i].Sentence].Last-i); n > 0; n-- {
			if !r.free(i, i+n) || !nameEnd(r.Text[r.Tokens[i+n-1].Start:r.Tokens[i+n-1].End]) {
				continue
			}
			span := Span{r.Tokens[i].Start, r.Tokens[i+n-1].End}
			listings := listed(r.Text[span.Start:span.End])
			if len(listings) == 0 || listings[0].common || n == 1 && (!r.distinct(i) || ordinary[r.lower(i)]) {
				continue
			}
			more = append(more, mention{Span: span, first: i, last: i + n, kind: listings[0].kind, score: 0.55, how: Name})
			i += n - 1
			break
		}
	}
	for _, m := range more {
		r.clear(m.first, m.last)
	}
	r.mentions = append(r.mentions, more...)
	r.sortMentions()
	r.index()
}

// nameStart reports whether token i may begin a name: a capital or a digit.
func (r *reading) nameStart(i int) bool {
	c := firstRune(r.Text[r.Tokens[i].Start:])
	return unicode.IsUpper(c) || unicode.IsDigit(c)
}

func nameEnd(word string) bool {
	c := firstRune(word)
	return unicode.IsLetter(c) || unicode.IsDigit(c)
}

// distinct reports whether the one word at token i is likely a name: it is
// longer than an abbreviation, and not only capital because a sentence or a
// headline begins with it.
func (r *reading) distinct(i int) bool {
	t := r.Tokens[i]
	word := r.Text[t.Start:t.End]
	if utf8.RuneCountInString(word) < 3 || openers[t.Lower] {
		return false
	}
	if i == r.Sentences[t.Sentence].First || r.headline(t.Sentence) {
		return strings.IndexFunc(word[1:], unicode.IsUpper) >= 0
	}
	return true
}

// headline reports whether most words of sentence k begin with a capital, so
// that capitals tell no names.
func (r *reading) headline(k int) bool {
	s := r.Sentences[k]
	upper, words := 0, 0
	for _, t := range r.Tokens[s.First:s.Last] {
		if c := firstRune(r.Text[t.Start:]); unicode.IsLetter(c) && t.End-t.Start > 3 {
			words++
			if unicode.IsUpper(c) {
				upper++
			}
		}
	}
	return words > 3 && upper*3 > words*2
}

// repeatNames marks the other places where the words of a found name stand.
func (r *reading) repeatNames() {
	type name struct {
		kind  Kind
		score float64
		n     int
	}
	seen := make(map[string]name)
	for _, m := range r.mentions {
		text := r.Text[m.Start:m.End]
		if s := seen[text]; m.score > s.score && len(text) > 2 && capitalizedAnywhere(text) {
			seen[text] = name{m.kind, m.score, m.last - m.first}
		}
	}
	byFirst := make(map[string][]string)
	longest := 0
	for text, n := range seen {
		if n.n == 1 && genericNames[strings.ToLower(text)] {
			continue
		}
		first := strings.Fields(text)[0]
		byFirst[first] = append(byFirst[first], text)
		longest = max(longest, len(first))
	}
	var more []mention
	for i := 0; i < len(r.Tokens); i++ {
		if r.byToken[i] >= 0 {
			continue
		}
		rest := r.Text[r.Tokens[i].Start:]
		best := ""
		// Without a bound, a text without blanks would be read again for each token.
		for _, text := range byFirst[firstField(rest[:min(len(rest), longest+utf8.UTFMax)])] {
			if len(text) > len(best) && strings.HasPrefix(rest, text) {
				best = text
			}
		}
		if best == "" {
			best = r.wholeToken(i, func(w string) bool { return seen[w].n == 1 && !genericNames[strings.ToLower(w)] })
		}
		if best == "" {
			continue
		}
		n := seen[best]
		span := Span{r.Tokens[i].Start, r.Tokens[i].Start + len(best)}
		first, last := r.tokens(span)
		if last <= first || r.Tokens[last-1].End != span.End || last-first > 1 && r.byToken[last-1] >= 0 || n.score < 0.5 {
			continue
		}
		more = append(more, mention{Span: span, first: first, last: last, kind: n.kind, score: n.score / 2, how: Name})
		i = last - 1
	}
	r.mentions = append(r.mentions, more...)
	r.sortMentions()
	r.index()
}

func (r *reading) wholeToken(i int, ok func(string) bool) string {
	if w := r.Text[r.Tokens[i].Start:r.Tokens[i].End]; ok(w) {
		return w
	}
	return ""
}

func firstField(s string) string {
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i]
	}
	return s
}

func capitalizedAnywhere(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) >= 0 }

// trimNames takes titles, articles and stray small words off the ends of names,
// and drops names that hold no letter.
func (r *reading) trimNames() {
	kept := r.mentions[:0]
	for _, m := range r.mentions {
		for m.first+1 < m.last && r.leadsIn(m) {
			m.first++
		}
		for m.first+1 < m.last && !nameEnd(r.lower(m.last-1)) && r.lower(m.last-1) != ")" && r.lower(m.last-1) != "!" {
			m.last--
		}
		m.Span = Span{r.Tokens[m.first].Start, r.Tokens[m.last-1].End}
		if text := r.Text[m.Start:m.End]; strings.IndexFunc(text, unicode.IsLetter) >= 0 && (m.kind == Malware || m.kind == Person || m.kind == Group || m.kind == Product || strings.IndexFunc(text, unicode.IsUpper) >= 0 || strings.ContainsAny(text, ".0123456789")) {
			kept = append(kept, m)
		}
	}
	r.mentions = kept
}

// joinBrands makes one name of a brand and its owner: "Courtyard by Marriott".
func (r *reading) joinBrands() {
	kept := r.mentions[:0]
	for i := 0; i < len(r.mentions); i++ {
		m := r.mentions[i]
		if i+1 < len(r.mentions) && r.isBrand(m, r.mentions[i+1]) {
			i++
			m.last, m.End, m.kind = r.mentions[i].last, r.mentions[i].End, Company
		}
		kept = append(kept, m)
	}
	r.mentions = kept
}

// isBrand reports whether "by" alone parts m from its owner o, and nothing
// before m makes an act of it ("the purchase of Bolt by Acme").
func (r *reading) isBrand(m, o mention) bool {
	if m.kind != Company && m.kind != Product || o.kind != Company || m.last-m.first > 2 || o.first != m.last+1 || r.lower(m.last) != "by" {
		return false
	}
	switch r.lower(m.first - 1) {
	case "of", "on", "against", "at", "from", "in":
		return false
	}
	return true
}

// leadsIn reports whether the first token of m is no part of the name.
func (r *reading) leadsIn(m mention) bool {
	w := r.lower(m.first)
	switch {
	case w == "the":
		return m.kind != Outlet && m.kind != Group
	case m.kind == Person && honorifics[strings.TrimSuffix(w, ".")]:
		return true
	case !nameEnd(w):
		return w != "@" && w != "#" && w != "."
	}
	// A small word begins no name, but for names in lower case throughout.
	return smallWords[w] && capitalized(r.Text[r.Tokens[m.first+1].Start:]) && (m.first == r.Sentences[r.Tokens[m.first].Sentence].First || !capitalized(r.Text[r.Tokens[m.first].Start:]))
}

var smallWords = wordSet(`and of for at by in on to as with from when while but or after that both if since via`)

var honorifics = wordSet(`mr mrs ms dr prof sir sen rep gov lord lady dame rev judge justice`)
