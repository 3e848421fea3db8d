package graph

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
)

// A Name is an entity as resolution sees it.
type Name struct {
	Label, ID string // the label that it is merged on, and its key
	Name      string
	Aliases   []string
	Articles  int // that mention it
	// Near are keys of what it is connected to; people are one only where they
	// have some of it in common.
	Near []string
}

// A Candidate is two entities that may be one.
type Candidate struct {
	Label    string
	From, To string // ids; To is the one that stays
	Score    float64
	Why      string
}

// MergeScore is the least score at which resolution merges two entities by
// itself. A wrong merge is worse than a missed one.
const MergeScore = 0.9

// How surely two entities are one by what their names have in common.
const (
	scoreSpelling     = 0.97 // the same but for spaces, hyphens, "and"
	scoreAbbreviation = 0.95 // and for abbreviations
	scoreAlias        = 0.93
	scoreAcronym      = 0.92
	scoreTypo         = 0.91
	scoreDoubt        = 0.6 // to be looked at by a person
)

// Bounds of what is compared.
const (
	minSpelling = 6  // letters of a name whose spaces may be left out
	minTypo     = 10 // letters of a name that may be misspelt
	minTypoWord = 6  // letters of the word that is misspelt
	// maxTypoWords is among how many words at the front the misspelt one is.
	maxTypoWords = 4
	rareName     = 2  // articles in which a misspelling stands at most
	maxBlock     = 60 // entities that are compared with each other; a larger block says nothing
	maxAcronym   = 6
)

// abbreviations are what they stand for in names of organisations.
var abbreviations = map[string]string{
	"intl": "international", "univ": "university", "natl": "national", "dept": "department", "assoc": "association", "assn": "association",
	"bros": "brothers", "mfg": "manufacturing", "svcs": "services", "svc": "services", "mgmt": "management", "tech": "technologies",
	"technology": "technologies", "govt": "government", "ctr": "center", "centre": "center", "hosp": "hospital", "inst": "institute",
	"fin": "financial", "ins": "insurance", "comms": "communications", "sys": "systems", "labs": "laboratories", "grp": "group",
	"us": "united states", "uk": "united kingdom",
}

// Candidates finds entities that may be one and returns them by score. It
// compares only names that have a key in common, so that its cost grows nearly
// with their number.
func Candidates(names []Name) []Candidate {
	m := matcher{names: names, seed: maphash.MakeSeed(), words: make([][]string, len(names)), found: map[[2]int32]Candidate{}, keys: make([]blockKey, 0, 4*len(names))}
	for i := range names {
		m.words[i] = spelledOut(names[i])
	}
	m.match(m.spellings(), m.spelling)
	m.match(m.aliases(), m.alias)
	for k := range maxTypoWords {
		m.match(m.halves(k), m.typo)
	}
	out := make([]Candidate, 0, len(m.found))
	for _, c := range m.found {
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y Candidate) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.Label, y.Label), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	return out
}

// spelledOut are the words of a name without "and" and the end of a domain,
// abbreviations written out.
func spelledOut(n Name) []string {
	words := strings.Split(n.ID, "-")
	if n.Label != labelOrganization {
		return words
	}
	out := words[:0:0]
	for i, w := range words {
		last := i == len(words)-1 && i > 0
		if w == "and" || last && (w == "com" || w == "net" || w == "org") {
			continue
		}
		out = append(out, cmp.Or(abbreviations[w], w))
	}
	return out
}

// A matcher compares names.
type matcher struct {
	names []Name
	words [][]string // spelled out
	seed  maphash.Seed
	found map[[2]int32]Candidate
	keys  []blockKey // of one step, its room used again by the next
}

// A blockKey says that the name at index is to be compared with those of the
// same hash.
type blockKey struct {
	hash  uint64
	index int32
}

func (m *matcher) key(i int, parts ...string) blockKey {
	var h maphash.Hash
	h.SetSeed(m.seed)
	h.WriteString(m.names[i].Label)
	for _, p := range parts {
		h.WriteString(p)
		h.WriteByte(0)
	}
	return blockKey{h.Sum64(), int32(i)}
}

// match compares the names that share a key by same.
func (m *matcher) match(keys []blockKey, same func(i, j int32) (float64, string)) {
	m.keys = keys
	slices.SortFunc(keys, func(x, y blockKey) int { return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.index, y.index)) })
	keys = slices.Compact(keys)
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n].hash == keys[0].hash {
			n++
		}
		if n <= maxBlock {
			m.compare(keys[:n], same)
		}
		keys = keys[n:]
	}
}

func (m *matcher) compare(block []blockKey, same func(i, j int32) (float64, string)) {
	for x, a := range block {
		for _, b := range block[x+1:] {
			pair := [2]int32{min(a.index, b.index), max(a.index, b.index)}
			if m.names[a.index].Label != m.names[b.index].Label || m.names[a.index].ID == m.names[b.index].ID {
				continue
			}
			score, why := same(pair[0], pair[1])
			if score == 0 || m.found[pair].Score >= score {
				continue
			}
			if m.names[a.index].Label == labelPerson && !m.near(pair) {
				score = scoreDoubt
			}
			from, to := m.order(pair)
			m.found[pair] = Candidate{m.names[from].Label, m.names[from].ID, m.names[to].ID, score, why}
		}
	}
}

// near reports whether two have something in common beside the name.
func (m *matcher) near(pair [2]int32) bool {
	other := m.names[pair[1]].Near
	return slices.ContainsFunc(m.names[pair[0]].Near, func(k string) bool { return slices.Contains(other, k) })
}

// order says which of two goes and which stays: the one that more articles
// mention, of equals the one that a list has, then the longer name.
func (m *matcher) order(pair [2]int32) (from, to int32) {
	x, y := m.names[pair[0]], m.names[pair[1]]
	_, listedX := knownNames().entry[ref{x.Label, x.ID}]
	_, listedY := knownNames().entry[ref{y.Label, y.ID}]
	if cmp.Or(compareBool(listedX, listedY), cmp.Compare(y.Articles, x.Articles), cmp.Compare(len(y.ID), len(x.ID)), cmp.Compare(x.ID, y.ID)) <= 0 {
		return pair[1], pair[0]
	}
	return pair[0], pair[1]
}

// spellings are keys of names without what parts their words.
func (m *matcher) spellings() []blockKey {
	keys := m.keys[:0]
	for i, words := range m.words {
		if s := strings.Join(words, ""); len(s) >= minSpelling {
			keys = append(keys, m.key(i, s))
		}
		if first, last, ok := m.withoutInitials(i); ok {
			keys = append(keys, m.key(i, first, last))
		}
	}
	return keys
}

// withoutInitials are the first and last name of a person.
func (m *matcher) withoutInitials(i int) (first, last string, ok bool) {
	words := m.words[i]
	if m.names[i].Label != labelPerson || len(words) < 2 {
		return "", "", false
	}
	for _, w := range words[1 : len(words)-1] {
		if len(w) > 1 {
			return "", "", false
		}
	}
	return words[0], words[len(words)-1], true
}

func (m *matcher) spelling(i, j int32) (float64, string) {
	x, y := strings.Join(m.words[i], ""), strings.Join(m.words[j], "")
	if x != y {
		firstX, lastX, ok1 := m.withoutInitials(int(i))
		firstY, lastY, ok2 := m.withoutInitials(int(j))
		if ok1 && ok2 && firstX == firstY && lastX == lastY && (len(m.words[i]) == 2 || len(m.words[j]) == 2) {
			return scoreAbbreviation, "the same name, with and without an initial"
		}
		return 0, ""
	}
	if strings.ReplaceAll(m.names[i].ID, "-", "") == strings.ReplaceAll(m.names[j].ID, "-", "") {
		return scoreSpelling, "the same name, otherwise spaced"
	}
	return scoreAbbreviation, "the same name, otherwise abbreviated"
}

// aliases are keys of names and of the aliases that may stand for them: of
// several words, or acronyms. A part of the own name is none: "Morgan" may be
// another one than "Morgan Stanley".
func (m *matcher) aliases() []blockKey {
	keys := m.keys[:0]
	for i, n := range m.names {
		if n.Label == labelPerson {
			continue
		}
		keys = append(keys, m.key(i, n.ID))
		for _, a := range n.Aliases {
			if id := foldAs(n.Label, a); id != n.ID && m.stands(i, id) {
				keys = append(keys, m.key(i, id))
			}
		}
	}
	return keys
}

// stands reports whether the alias may stand for the name at i.
func (m *matcher) stands(i int, alias string) bool {
	if isAcronym(alias, m.names[i].ID) {
		return true
	}
	parts := strings.Split(alias, "-")
	own := strings.Split(m.names[i].ID, "-")
	return len(parts) > 1 && slices.ContainsFunc(parts, func(w string) bool { return !slices.Contains(own, w) && !slices.Contains(genericWords, w) })
}

// isAcronym reports whether short is made of the initials of long's words, of
// which "of", "the" and the like may be left out.
func isAcronym(short, long string) bool {
	if len(short) < 3 || len(short) > maxAcronym || strings.Contains(short, "-") {
		return false
	}
	var all, telling strings.Builder
	for w := range strings.SplitSeq(long, "-") {
		all.WriteByte(w[0])
		if !slices.Contains([]string{"of", "the", "and", "for", "de", "la"}, w) {
			telling.WriteByte(w[0])
		}
	}
	return short == all.String() || short == telling.String()
}

func (m *matcher) alias(i, j int32) (float64, string) {
	x, y := m.names[i], m.names[j]
	for _, p := range []struct{ has, is Name }{{x, y}, {y, x}} {
		for _, a := range p.has.Aliases {
			if foldAs(p.has.Label, a) != p.is.ID {
				continue
			}
			if isAcronym(p.is.ID, p.has.ID) {
				return scoreAcronym, "its acronym"
			}
			return scoreAlias, "articles use one name for the other"
		}
	}
	return 0, ""
}

// halves are keys of the first and the second half of long words at place k, in
// otherwise equal names: two that differ by one letter have one of them in
// common.
func (m *matcher) halves(k int) []blockKey {
	keys := m.keys[:0]
	for i, words := range m.words {
		if m.names[i].Label == labelPerson || k >= len(words) || len(words[k]) < minTypoWord-1 || len(m.names[i].ID) < minTypo {
			continue
		}
		w, before, after := words[k], strings.Join(words[:k], " "), strings.Join(words[k+1:], " ")
		for _, l := range []int{len(w) - 1, len(w)} { // as the longer and as the shorter of two, or of equals
			h := l / 2
			length := string(rune(l))
			keys = append(keys, m.key(i, "first", before, after, length, w[:h]), m.key(i, "second", before, after, length, w[len(w)-h:]))
		}
	}
	return keys
}

// typo compares names that may be one misspelt: one letter too many, too few,
// another, or two that changed places, in a long word, in few articles.
func (m *matcher) typo(i, j int32) (float64, string) {
	x, y := m.words[i], m.words[j]
	if min(m.names[i].Articles, m.names[j].Articles) > rareName || len(x) != len(y) {
		return 0, ""
	}
	at := -1
	for k := range x {
		if x[k] == y[k] {
			continue
		}
		if at >= 0 {
			return 0, ""
		}
		at = k
	}
	if at < 0 || min(len(x[at]), len(y[at])) < minTypoWord || !oneEdit(x[at], y[at]) {
		return 0, ""
	}
	return scoreTypo, "one letter differs"
}

// oneEdit reports whether one letter, not the first, makes the difference
// between a and b. Digits are no letters: they tell names apart.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || strings.ContainsAny(a+b, "0123456789") || a[0] != b[0] {
		return false
	}
	k := 0
	for k < len(a) && a[k] == b[k] {
		k++
	}
	if len(a) < len(b) {
		return a[k:] == b[k+1:]
	}
	swapped := k+1 < len(a) && a[k] == b[k+1] && a[k+1] == b[k] && a[k+2:] == b[k+2:]
	return swapped || k < len(a) && a[k+1:] == b[k+1:]
}
