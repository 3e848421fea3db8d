package extract

import "slices"

// free reports whether the tokens [first, last) hold no mention, or only ones
// that begin or end before them: "California" in "California attorney general".
func (r *reading) free(first, last int) bool {
	for i := first; i < last; i++ {
		m := r.mentionAt(i)
		if m != nil && (m.first < first || m.last > last || m.last-m.first == last-first) {
			return false
		}
	}
	return true
}

// clear takes the mentions away that lie in the tokens [first, last).
func (r *reading) clear(first, last int) {
	r.mentions = slices.DeleteFunc(r.mentions, func(m mention) bool { return first <= m.first && m.last <= last })
}

// mendEdges corrects where the tagger has a name begin and end, by how names are
// built.
func (r *reading) mendEdges() {
	var kept []mention
	for _, m := range r.mentions {
		switch {
		case r.sentenceOpener(m):
			continue
		case m.kind.Organization():
			r.titledPerson(&m)
			r.withOffice(&m)
			if !r.withHead(&m) {
				continue
			}
		}
		kept = append(kept, r.torn(m)...)
	}
	r.mentions = kept
	r.index()
}

// sentenceOpener reports whether m is no name: its one capital is that of the
// sentence's first word, and small words follow ("Care to").
func (r *reading) sentenceOpener(m mention) bool {
	if m.last-m.first < 2 || m.first != r.Sentences[r.Tokens[m.first].Sentence].First || m.kind == Malware || m.kind == Product || m.score >= sureTag {
		return false
	}
	for i := m.first + 1; i < m.last; i++ {
		if t := r.Tokens[i]; r.Text[t.Start:t.End] != t.Lower || !nameEnd(t.Lower) {
			return false
		}
	}
	return len(listed(r.Text[m.Start:m.End])) == 0
}

// titledPerson takes an office before a person's name off it, where all was taken
// for a body: "Sheriff Anita Coyle".
func (r *reading) titledPerson(m *mention) {
	_, n := jobTitles.match(r.stems[:m.last], m.first)
	if n == 0 {
		return
	}
	rest := *m
	if rest.first += n; rest.last-rest.first >= 2 && r.personName(&rest) {
		rest.Start, rest.kind = r.Tokens[rest.first].Start, Person
		*m = rest
	}
}

// withOffice takes the office into the name of its holder: "the Information
// Commissioner's office".
func (r *reading) withOffice(m *mention) {
	if m.kind != Agency || r.lower(m.last) != "'s" || r.lower(m.last+1) != "office" {
		return
	}
	for i := m.first; i < m.last; i++ {
		if _, n := holders.match(r.stems[:m.last], i); n > 0 {
			m.last += 2
			m.End = r.Tokens[m.last-1].End
			return
		}
	}
}

// holders are the titles whose holders have an office of their own.
var holders = newLexicon("state: attorney general; commissioner; governor; mayor; sheriff; district attorney; attorney; ombudsman; comptroller; prosecutor; inspector general; secretary of state")

// heads are words that end the names of many bodies and name none alone.
var heads = wordSet(`hospital university college bank school library clinic ministry department council commission church museum hotel institute
	foundation association airport district court police bureau`)

// withHead completes the name of a body of which only the last word was found:
// "Crosshouse Hospital". It reports false where there is no more of a name.
func (r *reading) withHead(m *mention) bool {
	if m.last-m.first != 1 || !heads[r.lower(m.first)] {
		return true
	}
	opener := r.Sentences[r.Tokens[m.first].Sentence].First
	for m.first > opener && r.byToken[m.first-1] < 0 && r.nameStart(m.first-1) && !openers[r.lower(m.first-1)] && !smallWords[r.lower(m.first-1)] {
		m.first--
	}
	m.Start = r.Tokens[m.first].Start
	return m.last-m.first > 1
}

// torn parts a body's name at a word that stands in none: "Acme alongside
// Bolt".
func (r *reading) torn(m mention) []mention {
	if m.kind.Organization() && len(listed(r.Text[m.Start:m.End])) == 0 {
		for i := m.first + 1; i < m.last-1; i++ {
			if !parting[r.lower(i)] {
				continue
			}
			left, right := m, m
			left.last, left.End = i, r.Tokens[i-1].End
			right.first, right.Start = i+1, r.Tokens[i+1].Start
			return append([]mention{left}, r.torn(right)...)
		}
	}
	return []mention{m}
}

// parting are words between two names, never within one.
var parting = wordSet(`alongside versus vs including like said says after before because while whereas despite against than via through but are is was were has have had`)
