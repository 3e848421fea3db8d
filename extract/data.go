package extract

import "strings"

// A dataMention is a place where a kind of data is named.
type dataMention struct {
	first, last int // tokens [first, last)
	value       string
	weak        bool // the words mean data only in context
	list        int  // data mentions of one enumeration share a number
	size        int  // how many kinds the enumeration names
}

// findData finds the kinds of data that the text names, and which stand in one
// enumeration.
func findData(r *reading) {
	for _, s := range r.Sentences {
		for _, f := range dataTypes.find(r.stems, s.First, s.Last) {
			if r.mentionAt(f.First) != nil || r.verbUse(f) {
				continue
			}
			value, weak := strings.CutSuffix(f.Value, "?")
			if weak && value == "name" && r.lower(f.First) == "name" && !r.besideData(f) {
				continue // "the name of", "a name"
			}
			r.data = append(r.data, dataMention{first: f.First, last: f.Last, value: value, weak: weak})
		}
	}
	r.enumerate()
}

// verbUse tells "to address the issue" from an address.
func (r *reading) verbUse(f found) bool {
	if f.Last-f.First > 1 {
		return false
	}
	switch r.lower(f.First) {
	case "address", "name", "contact", "access", "email", "e-mail", "record", "key", "code", "phone", "order", "purchase", "detail", "details":
		switch r.lower(f.First - 1) {
		case "to", "will", "not", "we", "they", "i", "would", "should", "can", "and":
			return r.lower(f.First+1) == "the" || r.lower(f.First+1) == "this" || r.lower(f.First+1) == "any" || r.lower(f.First+1) == "those" || r.lower(f.First+1) == "its" || r.lower(f.First+1) == "their" || r.lower(f.First+1) == "us"
		}
	}
	return false
}

// besideData reports whether another kind of data stands next to f in a list.
func (r *reading) besideData(f found) bool {
	for _, i := range []int{f.Last + 1, f.Last + 2} {
		if i < len(r.stems) && (r.lower(i-1) == "," || r.lower(i-1) == "and" || r.lower(i-1) == "or") {
			if _, n := dataTypes.match(r.stems, i); n > 0 {
				return true
			}
		}
	}
	return false
}

// maxListGap is how many tokens may part two items of one enumeration.
const maxListGap = 6

// enumerate numbers the enumerations that the data mentions form.
func (r *reading) enumerate() {
	start := 0
	for i := range r.data {
		if i > 0 && !r.sameList(r.data[i-1], r.data[i]) {
			r.closeList(start, i)
			start = i
		}
		r.data[i].list = start
	}
	r.closeList(start, len(r.data))
}

func (r *reading) closeList(start, end int) {
	kinds := make(map[string]bool)
	for i := start; i < end; i++ {
		kinds[r.data[i].value] = true
	}
	for i := start; i < end; i++ {
		r.data[i].size = len(kinds)
	}
}

// sameList reports whether b goes on the enumeration that a is in.
func (r *reading) sameList(a, b dataMention) bool {
	if r.Tokens[a.first].Sentence != r.Tokens[b.first].Sentence || b.first-a.last > maxListGap {
		return false
	}
	for i := a.last; i < b.first; i++ {
		switch r.lower(i) {
		case ",", "and", "or", "&", "/", "nor", "plus", ";", "including", "(":
			return true
		}
	}
	return b.first == a.last
}
