package figure

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// A role is a part that a word can play in or around a number; a word may have
// several.
type role uint64

const (
	ones        role = 1 << iota // one to nine
	teens                        // ten to nineteen
	tens                         // twenty to ninety
	hundred                      // hundred
	scale                        // thousand, million, bn
	letterScale                  // k, M: a scale only where glued to digits or after a currency
	dozen                        // dozen
	plural                       // tens, dozens, hundreds, millions
	few                          // few, several: before a scale
	article                      // a, an
	half                         // half
	part                         // third, quarter: a share after a or one
	parts                        // thirds, quarters: a share after a number
	point                        // point, between written digits
	minus                        // minus, negative
	vulgar                       // ½
	zero                         // zero, nought
	percent                      // %, percent
	bytes                        // KB, gigabytes
	money                        // dollars, bitcoin: after the number
	sign                         // $: before the number
	code                         // USD: before or after it
	minor                        // cents: a hundredth
	span                         // years, days
	suffix                       // may be glued to digits
	month
	weekday
	stop       // ends a noun phrase
	determiner // the, its: starts one
	pronoun    // them, whom: stands for one
	noun       // a noun that counts; entry.unit says as what
	many       // that noun in the plural
	vague      // numbers, details, pairs: what they are of decides
	hint       // card, email: says what vague nouns are of
	label      // version, port: the number after it is a name
	change     // rose, fell: from one number to another
	placing    // last, past: before a length of time, says when
	apart      // ago, later: after a length of time, says when
	lasting    // for, offered: before "a year", says how long
	extra      // another, additional: between qualifier and number
	aged       // aged: before an age
	street     // Street, Ave: after a house number
	timely     // a.m., GMT: after a time of day
	bare       // stands for a noun left out: were, have
	idle       // counts nothing: digit, factor, star
)

// An entry is what the package knows about a word.
type entry struct {
	roles role
	value float64 // of a number word, a scale, a fraction, a byte unit
	unit  string  // of a noun, a currency, a span of time
}

// is reports whether the entry has one of the roles.
func (e *entry) is(r role) bool { return e.roles&r != 0 }

var unknown entry

// longestWord bounds the words looked up, in bytes.
const longestWord = 24

// lookup returns the entry of a word whatever its case; never nil.
func lookup(s string) *entry {
	if len(s) > longestWord || len(s) == 0 {
		return &unknown
	}
	var buf [longestWord]byte
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == 0xe2 && strings.HasPrefix(s[i:], "’") {
			c, i = '\'', i+2
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		buf[n] = c
		n++
	}
	if e := lexicon[string(buf[:n])]; e != nil {
		return e
	}
	return &unknown
}

func symbolEntry(r rune) *entry {
	if r < utf8.RuneSelf && r != '$' && r != '%' {
		return &unknown
	}
	if e := lexicon[string(r)]; e != nil {
		return e
	}
	return &unknown
}

// lexicon is built once from the lists of words.go and never written again.
var lexicon = buildLexicon()

func buildLexicon() map[string]*entry {
	l := map[string]*entry{}
	for _, list := range roleLists {
		for w := range strings.FieldsSeq(list.words) {
			at(l, w).roles |= list.role
		}
	}
	for _, list := range valueLists {
		for i, w := range strings.Fields(list.words) {
			e := at(l, w)
			e.roles |= list.role
			e.value = list.value(i)
		}
	}
	for _, list := range unitLists {
		for w := range strings.FieldsSeq(list.words) {
			e := at(l, w)
			e.roles |= list.role
			e.unit = list.unit
			if list.value != 0 {
				e.value = list.value
			}
		}
	}
	addNouns(l)
	return l
}

// addNouns enters each noun of nounLists in its plural, as listed, and in the
// singular, which compounds use ("a 300-person firm").
func addNouns(l map[string]*entry) {
	singulars := map[string]*entry{}
	for _, list := range nounLists {
		for w := range strings.FieldsSeq(list.words) {
			one, all, irregular := strings.Cut(w, "/")
			if !irregular {
				one, all = singular(w), w
			}
			e := at(l, all)
			e.roles |= noun | many
			e.unit = list.unit
			if one != all && l[one] == nil {
				singulars[one] = &entry{roles: noun, unit: list.unit}
			}
		}
	}
	maps.Copy(l, singulars)
	for w := range strings.FieldsSeq(vagueNouns) {
		at(l, w).roles |= vague | noun | many
	}
	for _, list := range hintLists {
		for w := range strings.FieldsSeq(list.words) {
			e := at(l, w)
			e.roles |= hint
			e.unit = list.unit
		}
	}
}

// at returns the entry of w, made if it is new.
func at(l map[string]*entry, w string) *entry {
	if l[w] == nil {
		l[w] = &entry{}
	}
	return l[w]
}

// singular undoes the regular plural.
func singular(w string) string {
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return strings.TrimSuffix(w, "ies") + "y"
	case strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"):
		return strings.TrimSuffix(w, "es")
	}
	return strings.TrimSuffix(w, "s")
}
