package graph

import (
	"slices"
	"strings"
)

// points counts what two reports have in common beside their dates.
func (t traits) points(u traits) int { return t.aboutPoints(u) + t.besidePoints(u) }

// aboutPoints are those for what both are about.
func (t traits) aboutPoints(u traits) int {
	if out := t.subjectPoints(u); out > 0 {
		return out
	}
	return strangerPoints
}

// besidePoints are those for what they have in common beside that.
func (t traits) besidePoints(u traits) int {
	out := t.figurePoints(u) + min(t.otherPoints(u), mostOtherPoints) + wordPoints*min(shares(t.words, u.words), mostWords)
	if shares(t.methods, u.methods) > 0 {
		out += methodPoints
	}
	return out
}

// subjectPoints says how surely both are about the same organisation or
// product; where they are not, whether the victim of one is named in the other.
func (t traits) subjectPoints(u traits) int {
	most := 0
	for _, a := range t.subjects {
		for _, b := range u.subjects {
			most = max(most, a.likeness(b))
		}
	}
	if most >= titlePoints {
		return most
	}
	return max(most, t.victimNamedIn(u), u.victimNamedIn(t))
}

// likeness are the points for two subjects being one: in full where an id or
// alias is the same, in part where one name has all words of the other.
func (s subject) likeness(o subject) int {
	points := min(s.points, o.points)
	if s.points+o.points >= victimPoints+titlePoints {
		points += samePoints
	}
	switch {
	case s.apart(o):
		return 0
	case s.is(o):
		return points
	case wordsIn(s.id, o.id) || wordsIn(o.id, s.id):
		const part, whole = 7, 10
		return points * part / whole
	}
	return 0
}

// apart reports whether people found one not to be what the other is called.
func (s subject) apart(o subject) bool {
	called := func(s subject, name string) bool {
		return name != "" && (s.id == name || slices.Contains(s.names, name))
	}
	return s.id != o.id && (called(o, s.not) || called(s, o.not))
}

// is reports whether one is the id or an alias of the other.
func (s subject) is(o subject) bool {
	return s.id == o.id || slices.Contains(o.names, s.id) || slices.Contains(s.names, o.id)
}

// wordsIn reports whether all words of the name short stand in long, and one of
// them tells something.
func wordsIn(short, long string) bool {
	words, all := strings.Split(short, "-"), strings.Split(long, "-")
	return len(words) < len(all) && !slices.Contains(genericWords, blockOf(short)) &&
		!slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(all, w) })
}

// victimNamedIn are the points for u speaking of a victim of t's.
func (t traits) victimNamedIn(u traits) int {
	most, least := 0, victimPoints
	if !u.sure() {
		least = titlePoints
	}
	for _, v := range t.subjects {
		if v.points < least || slices.Contains(platforms, v.id) {
			continue
		}
		for _, m := range slices.Concat(u.mentioned, u.subjects) {
			if v.id == m.id || slices.Contains(m.names, v.id) && !v.apart(m) {
				most = max(most, min(m.points, oftenPoints))
			}
		}
	}
	return most
}

// sure reports whether t says what it is about.
func (t traits) sure() bool {
	return slices.ContainsFunc(t.subjects, func(s subject) bool { return s.points >= titlePoints })
}

func (t traits) figurePoints(u traits) int {
	const million = 6 // zeros
	out := 0
	each(t.figures, u.figures, func(f string) {
		digits, exponent, _ := strings.Cut(f, "e+")
		if len(strings.TrimRight(digits, "0")) > 1 || len(digits) > million || exponent != "" {
			out += figurePoints
			return
		}
		out += roundPoints
	})
	return min(out, mostFigurePoints)
}

// otherPoints are those for names in common beside the subjects.
func (t traits) otherPoints(u traits) int {
	out := withPoints * shares(t.with, u.with)
	for _, m := range t.mentioned {
		same := slices.ContainsFunc(u.mentioned, func(n subject) bool { return m.id == n.id })
		if same && !slices.Contains(platforms, m.id) {
			out += organizationPoints
		}
	}
	return out
}

// shares is how many strings two sorted lists have in common.
func shares(x, y []string) int {
	n := 0
	each(x, y, func(string) { n++ })
	return n
}

// each gives use the strings that two sorted lists have in common.
func each(x, y []string, use func(string)) {
	for len(x) > 0 && len(y) > 0 {
		switch strings.Compare(x[0], y[0]) {
		case -1:
			x = x[1:]
		case 1:
			y = y[1:]
		default:
			use(x[0])
			x, y = x[1:], y[1:]
		}
	}
}
