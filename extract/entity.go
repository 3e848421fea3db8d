package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// genericNames are first words that many organisations share: alone they abbreviate none.
var genericNames = wordSet(`national american united new first general the bank university college department
	ministry office north south east west northern southern eastern western royal federal state county city
	international global central community children's st saint san los las great high public digital data
	cyber security british us uk u.s australian canadian indian chinese russian european world health us-based
	information internet online social chief black red blue green open air hard best big home good court board
	bureau house institute center centre hospital school district attorney commission committee council police
	association federation service services systems technologies group capital financial insurance medical`)

// clusterNames joins the name mentions that mean one entity: equal names, short
// forms of a full one, acronyms.
func clusterNames(r *reading) {
	byKey := make(map[string]*entity)
	for i := range r.mentions {
		m := &r.mentions[i]
		key := nameKey(r.Text[m.Start:m.End])
		if key == "" {
			continue
		}
		e := byKey[key]
		if e == nil {
			e = &entity{votes: make(map[Kind]float64), name: r.Text[m.Start:m.End]}
			byKey[key] = e
			r.entities = append(r.entities, e)
		}
		e.add(r, i)
	}
	for _, e := range r.entities {
		e.decide()
	}
	joinPersons(r)
	joinAcronyms(r)
	joinShortForms(r)
	r.entities = slices.DeleteFunc(r.entities, func(e *entity) bool { return len(e.mentions) == 0 })
	for _, e := range r.entities {
		slices.SortFunc(e.mentions, func(a, b int) int { return cmp.Compare(a, b) })
		e.decide()
		e.name = r.fullestName(e)
		e.markShort(r)
	}
}

// add takes mention i into e.
func (e *entity) add(r *reading, i int) {
	m := &r.mentions[i]
	e.mentions = append(e.mentions, i)
	e.votes[m.kind] += m.score
	m.entity = e
}

// decide sets the kind that its mentions speak for most.
func (e *entity) decide() {
	best := 0.0
	for _, k := range Kinds() {
		if v := e.votes[k]; v > best {
			e.kind, best = k, v
		}
	}
}

// absorb takes all mentions of o into e.
func (e *entity) absorb(r *reading, o *entity) {
	for _, i := range o.mentions {
		e.mentions = append(e.mentions, i)
		r.mentions[i].entity = e
	}
	for k, v := range o.votes {
		if k == e.kind || k.Organization() && e.kind.Organization() {
			e.votes[k] += v
		}
	}
	o.mentions = nil
}

// fullestName gives the longest of the names that e goes by, in its most
// frequent spelling; of equals, the first. A spelling in capitals throughout
// yields to another.
func (r *reading) fullestName(e *entity) string {
	spellings := make(map[string]int)
	for _, i := range e.mentions {
		spellings[r.Text[r.mentions[i].Start:r.mentions[i].End]]++
	}
	best, key := "", ""
	for _, i := range e.mentions {
		name := r.Text[r.mentions[i].Start:r.mentions[i].End]
		k := nameKey(name)
		longer := len(k) > len(key) || k == key && (allCaps(best) && !allCaps(name) || allCaps(best) == allCaps(name) && spellings[name] > spellings[best])
		if best == "" || longer {
			best, key = name, k
		}
	}
	return strings.Join(strings.Fields(best), " ")
}

func allCaps(s string) bool {
	return strings.IndexFunc(s, unicode.IsLower) < 0
}

// markShort tells the mentions that hold the name whole from shorter ones.
func (e *entity) markShort(r *reading) {
	key := nameKey(e.name)
	for _, i := range e.mentions {
		m := &r.mentions[i]
		if m.how == Name && nameKey(r.Text[m.Start:m.End]) != key {
			m.how = Short
		}
	}
}

// joinPersons joins a last (or first) name alone to the one person whose full
// name it is part of. A word that the tagger took for something else is the
// person too, where only the person's name holds it.
func joinPersons(r *reading) {
	for _, e := range r.entities {
		if len(e.mentions) == 0 || strings.ContainsAny(e.name, " ") {
			continue
		}
		if e.kind != Person && e.votes[e.kind] > 1.5*float64(len(e.mentions)) {
			continue
		}
		var full *entity
		for _, o := range r.entities {
			if o == e || o.kind != Person || len(o.mentions) == 0 {
				continue
			}
			words := strings.Fields(o.name)
			if len(words) < 2 {
				continue
			}
			if fold(words[len(words)-1]) == fold(e.name) || e.kind == Person && fold(words[0]) == fold(e.name) {
				if full != nil && full.mentions[0] < o.mentions[0] && r.mentions[o.mentions[0]].Start > r.mentions[e.mentions[0]].Start {
					continue
				}
				full = o
			}
		}
		if full != nil && (e.kind == Person || e.kind != Place && r.mentions[full.mentions[0]].Start < r.mentions[e.mentions[0]].Start) {
			full.absorb(r, e)
		}
	}
}

// joinAcronyms joins "IHG" to "InterContinental Hotels Group": by the brackets
// that introduce it, else where the initials of exactly one name agree.
func joinAcronyms(r *reading) {
	for _, e := range r.entities {
		if len(e.mentions) == 0 || strings.Contains(e.name, " ") {
			continue
		}
		if !acronymShaped(e.name) {
			if before := introducedBy(r, e); before != nil && alike(before.kind, e.kind) {
				before.absorb(r, e)
			}
			continue
		}
		var full *entity
		for _, o := range r.entities {
			if o == e || len(o.mentions) == 0 || o.kind == Person || o.kind == Place || !spelledBy(e.name, o.name) {
				continue
			}
			if full != nil {
				full = nil
				break
			}
			full = o
		}
		if full != nil && (alike(e.kind, full.kind) || bracketed(r, full, e)) {
			full.absorb(r, e)
			continue
		}
		if before := introducedBy(r, e); before != nil && alike(before.kind, e.kind) {
			before.absorb(r, e)
		}
	}
}

func acronymShaped(name string) bool {
	return len(name) >= 2 && len(name) <= 7 && allCaps(name) && !strings.ContainsAny(name, " ")
}

// spelledBy reports whether acronym is made of the initials of full, with or
// without its small words.
func spelledBy(acronym, full string) bool {
	letters := strings.ToLower(strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) {
			return c
		}
		return -1
	}, acronym))
	var all, capitals strings.Builder
	words := strings.FieldsFunc(full, func(c rune) bool { return unicode.IsSpace(c) || c == '-' || c == '/' })
	if len(words) < 2 {
		return camelInitials(full) == letters && len(letters) >= 2
	}
	for _, w := range words {
		first := unicode.ToLower(firstRune(w))
		if unicode.IsLetter(first) {
			all.WriteRune(first)
		}
		if capitalized(w) {
			capitals.WriteRune(first)
		}
	}
	return letters != "" && (all.String() == letters || capitals.String() == letters || withoutSuffix(words) == letters)
}

func withoutSuffix(words []string) string {
	var b strings.Builder
	for _, w := range words {
		if lower := strings.ToLower(strings.Trim(w, ".,")); !legalSuffixes[lower] && capitalized(w) {
			b.WriteRune(unicode.ToLower(firstRune(w)))
		}
	}
	return b.String()
}

func camelInitials(s string) string {
	var b strings.Builder
	for _, c := range s {
		if unicode.IsUpper(c) {
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return b.String()
}

// bracketed reports whether a mention of short stands in brackets right after
// one of full.
func bracketed(r *reading, full, short *entity) bool {
	return introducedBy(r, short) == full
}

// introducedBy gives the entity whose mention stands right before the bracket
// that holds e.
func introducedBy(r *reading, e *entity) *entity {
	for _, i := range e.mentions {
		first := r.mentions[i].first
		if r.lower(first-1) != "(" || r.lower(r.mentions[i].last) != ")" {
			continue
		}
		if m := r.mentionAt(first - 2); m != nil && m.entity != e && spelledLoosely(e.name, r.Text[m.Start:m.End]) {
			return m.entity
		}
	}
	return nil
}

// spelledLoosely reports whether the letters of acronym occur in full in order,
// the first at its beginning.
func spelledLoosely(acronym, full string) bool {
	full = strings.ToLower(full)
	for i, c := range strings.ToLower(acronym) {
		if unicode.IsDigit(c) {
			continue // R2Games for Reality Squared Games
		}
		at := strings.IndexRune(full, c)
		if at < 0 || i == 0 && at != 0 {
			return false
		}
		full = full[at+len(string(c)):]
	}
	return true
}

// alike reports whether entities of kinds a and b may be one: the tagger often
// takes one sort of organisation for another, or for its product.
func alike(a, b Kind) bool {
	return a == b || (a.Organization() || a == Product || a == Group) && (b.Organization() || b == Product || b == Group)
}

// joinShortForms joins "Neiman Marcus" to "Neiman Marcus Group": the words of
// the shorter name begin the longer, distinctive, and exactly one name, or one
// of those named before it.
func joinShortForms(r *reading) {
	for _, e := range r.entities {
		if len(e.mentions) == 0 || e.kind == Person || e.kind == Place {
			continue
		}
		words := strings.Fields(fold(e.name))
		if len(words) == 1 && (genericNames[words[0]] || len(words[0]) < 3) {
			continue
		}
		var before, all []*entity
		for _, o := range r.entities {
			if o == e || len(o.mentions) == 0 || !organizational(e, o) || !begins(words, o.name) {
				continue
			}
			all = append(all, o)
			if r.start(o) < r.start(e) {
				before = append(before, o)
			}
		}
		switch {
		case len(before) == 1:
			before[0].absorb(r, e)
		case len(all) == 1:
			all[0].absorb(r, e)
		}
	}
}

func organizational(a, b *entity) bool {
	return a.kind == b.kind && a.kind != Person || a.kind.Organization() && b.kind.Organization()
}

// begins reports whether words are the first words of the longer name.
func begins(words []string, name string) bool {
	longer := strings.Fields(fold(name))
	if len(longer) <= len(words) {
		return false
	}
	for i, w := range words {
		if strings.Trim(longer[i], ".,") != strings.Trim(w, ".,") {
			return false
		}
	}
	return true
}
