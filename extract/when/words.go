package when

import "strings"

// A role is a part that a word can play in a date; a word may have several.
type role uint32

const (
	month    role = 1 << iota
	doubtful      // a month that is also a verb, an adjective or a name
	short         // an abbreviated month or weekday
	weekday
	season
	units    // day, week, month: entry.value is the unit
	count    // one, two; a, few, several
	ordinal  // first, second
	bygone   // last, past
	present  // this, current
	coming   // next, coming
	same     // previous, following: from a date named before
	edge     // early, mid, late, beginning
	joiner   // from, since, before: what a preposition asserts
	within   // in, on, during: stands before a date
	daytime  // morning, night
	near     // today, yesterday
	the      // the
	half     // half, quarter: of a period
	feast    // first word of a holiday
	thing    // a plural that a number before it counts
	naming   // version, Windows: the number after it is no year
	verb     // was, saw: after a year at the head of a sentence
	event    // breach, hack: after a year and a name
	tens     // eighties: entry.value is the first year of the decade
	numbered // week: its number follows
	filler   // about, at least: between preposition and date
)

// opens are the roles of a word with which an expression may begin.
const opens = month | weekday | season | count | ordinal | bygone | present | coming | same | edge | joiner | within | near | the | feast | half | numbered

// An entry is what the package knows about a word.
type entry struct {
	roles role
	value int
}

func (e *entry) is(r role) bool { return e.roles&r != 0 }

var unknown entry

// A unit is a length on the calendar.
type unit int

// ofDay reports whether u is shorter than a day.
func (u unit) ofDay() bool { return u == hourUnit || u == minuteUnit }

const (
	dayUnit unit = iota + 1
	weekUnit
	weekendUnit
	monthUnit
	quarterUnit
	yearUnit
	decadeUnit
	hourUnit
	minuteUnit
	fortnightUnit
	halfUnit
)

// Kinds of edge: which part of a period is meant.
const (
	early = iota + 1
	mid
	late
	opening // beginning, start
	closing // end
)

// What a preposition asserts of the date after it.
const (
	joinFrom = iota + 1
	joinBetween
	joinSince
	joinBefore
	joinAfter
	joinUntil
)

// Counts that are no number.
const (
	couple  = -2
	few     = -3
	several = -5
)

// wordLists are closed classes of English; names of months and weekdays with
// the abbreviations of the AP style book. Words are in lower case.
var wordLists = []struct {
	role  role
	words string
	value func(i int) int // nil for none
}{
	{month, "january february march april may june july august september october november december", plusOne},
	{month | short, "jan feb mar apr jun jul aug sep sept oct nov dec", func(i int) int {
		return []int{1, 2, 3, 4, 6, 7, 8, 9, 9, 10, 11, 12}[i]
	}},
	{doubtful, "march april may june august jan mar", nil},
	{weekday, "sunday monday tuesday wednesday thursday friday saturday", same0},
	{weekday | short, "sun mon tue tues wed thu thur thurs fri sat", func(i int) int { return []int{0, 1, 2, 2, 3, 4, 4, 4, 5, 6}[i] }},
	{season, "winter spring summer fall autumn", func(i int) int { return []int{0, 1, 2, 3, 3}[i] }},
	{units, "day week weekend month quarter year decade hour", plusOne},
	{units, "days weeks weekends months quarters years decades hours", plusOne},
	{numbered, "week", nil},
	{tens, "thirties forties fifties sixties seventies eighties nineties", func(i int) int { return 1930 + 10*i }},
	{units, "minute minutes", func(int) int { return int(minuteUnit) }},
	{units, "fortnight fortnights", func(int) int { return int(fortnightUnit) }},
	{count, "a an one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", func(i int) int { return max(1, i-1) }},
	{count, "twenty thirty forty fifty sixty seventy eighty ninety", func(i int) int { return 10*i + 20 }},
	{count, "couple few several some", func(i int) int { return []int{couple, few, several, several}[i] }},
	{ordinal, "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth", plusOne},
	{ordinal, "thirtieth", func(int) int { return 30 }},
	{ordinal, "final latter", func(int) int { return -1 }},
	{bygone, "last past", nil},
	{present, "this current", nil},
	{coming, "next coming upcoming", nil},
	{same, "previous prior preceding", func(int) int { return -1 }},
	{same, "same that", func(int) int { return 0 }},
	{same, "following subsequent", func(int) int { return 1 }},
	{edge, "early mid late beginning start end middle earlier later", func(i int) int {
		return []int{early, mid, late, opening, opening, closing, mid, early, late}[i]
	}},
	{edge, "close turn", func(i int) int { return []int{closing, opening}[i] }},
	{joiner, "from between since before after until till by through", func(i int) int {
		return []int{joinFrom, joinBetween, joinSince, joinBefore, joinAfter, joinUntil, joinUntil, joinUntil, joinUntil}[i]
	}},
	{joiner, "up starting no", nil},
	{within, "on in over during at throughout within around for as of dated back sometime", nil},
	{daytime, "morning afternoon evening night", nil},
	{near, "today tonight yesterday tomorrow overnight", func(i int) int { return []int{0, 0, -1, 1, -1}[i] }},
	{the, "the", nil},
	{half, "half quarter", nil},
	{feast, "new valentine's st good easter memorial juneteenth independence fourth labor columbus halloween veterans thanksgiving black cyber christmas boxing patch", nil},
	{thing, "users customers people accounts records employees members patients emails passwords companies firms organizations organisations devices computers servers machines files documents cards sites stores students workers victims others other more percent million billion thousand dollars euros pounds additional servers hours days weeks months years minutes miles stores schools hospitals countries residents citizens voters", nil},
	{naming, "version versions windows server office exchange sharepoint studio sql port ports no nos build error code codes release cve ms kb visual project page section article chapter room suite flight case number id model acrobat reader iso rfc area route highway defcon norton vista", nil},
	{verb, "was saw is has had will brought proved became began marked witnessed and report reports would could also alone", nil},
	{event, "breach breaches hack hacks attack attacks incident incidents leak leaks data report survey study election elections hacking intrusion compromise theft heist fiscal cyberattack case scandal campaign presidential", nil},
	{filler, "about around approximately roughly at least early sometime some time only just nearly almost more than over", nil},
}

func plusOne(i int) int { return i + 1 }

func same0(i int) int { return i }

// lexicon is built once from the lists and never written again.
var lexicon = buildLexicon()

func buildLexicon() map[string]*entry {
	l := map[string]*entry{}
	for _, list := range wordLists {
		for i, w := range strings.Fields(list.words) {
			if l[w] == nil {
				l[w] = &entry{}
			}
			l[w].roles |= list.role
			if list.value != nil {
				l[w].value = list.value(i)
			}
		}
	}
	return l
}

// lookup returns the entry of a word whatever its case; never nil.
func lookup(s string) *entry {
	if len(s) > longestWord || len(s) == 0 {
		return &unknown
	}
	var buf [longestWord]byte
	for i := range len(s) {
		buf[i] = s[i]
		if 'A' <= s[i] && s[i] <= 'Z' {
			buf[i] |= 0x20
		}
	}
	if e := lexicon[string(buf[:len(s)])]; e != nil {
		return e
	}
	return &unknown
}
