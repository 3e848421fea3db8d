package ingest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	monthNames = `(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|` +
		`sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`
	ordinal = `(?:st|nd|rd|th)?`
)

// dayForms are the ways to write a day; the names of the groups say what each
// holds. The first form that is found anywhere in the text counts.
var dayForms = []*regexp.Regexp{
	regexp.MustCompile(`\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:\D|$)`),
	regexp.MustCompile(`(?i)\b` + monthNames + `\.?\s+(?P<day>\d{1,2})` + ordinal + `\s*,?\s*(?P<year>\d{4})\b`),
	regexp.MustCompile(`(?i)\b(?P<day>\d{1,2})` + ordinal + `(?:\s+of)?[\s.-]+` + monthNames + `\.?,?[\s-]+(?P<year>\d{4})\b`),
	regexp.MustCompile(`\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b`),
	regexp.MustCompile(`\b(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-](?P<year>\d{4})\b`),
	regexp.MustCompile(`^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T|\b)`),
}

// clockForm is a time of day with its zone.
var clockForm = regexp.MustCompile(`(?i)(?:^|[^\d:.+-])(\d{1,2})(?:[:.](\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap])?|\s*([ap]))(?:\.?m\.?)?` +
	`\s*\(?(z\b|[a-z]{2,4}\b|[+-]\d{2}:?\d{2}\b)?`)

// zones are the abbreviations that news pages print, in hours from UTC. Of
// those with several meanings, such as IST, only the ones left out are meant
// elsewhere in English-language news often enough to mislead.
var zones = map[string]float64{
	"z": 0, "utc": 0, "gmt": 0, "bst": 1, "wet": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
	"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
	"jst": 9, "kst": 9, "sgt": 8, "hkt": 8, "awst": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}

// generalZones are American zones named without saying whether summer time
// holds: hours from UTC in winter.
var generalZones = map[string]int{"et": -5, "ct": -6, "mt": -7, "pt": -8}

// ParseDate reads a date as notes, pages and JSON Lines give it: RFC 3339 and
// its looser relatives, and dates in English words such as
// "August 27, 2021 -- 17:11 GMT (18:11 BST)". Words around the date are passed
// over, and of several dates or times the first counts. Without a zone it is
// UTC, without a time midnight UTC; 8/9/2021 is the ninth of August. A text
// without a day, month and year is an error.
func ParseDate(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil && plausibleYear(t.Year()) {
		return t, nil
	}
	// What says a date says it at once.
	s = strings.ToValidUTF8(s[:min(len(s), 200)], "")
	for _, form := range dayForms {
		m := form.FindStringSubmatchIndex(s)
		if m == nil {
			continue
		}
		day, ok := dayOf(form, s, m)
		if !ok {
			continue
		}
		// The last group read may be the whole match's last digit.
		if t, ok := clockOf(s[dayEnd(m):], day); ok {
			return t, nil
		}
		if t, ok := clockOf(s[:m[0]], day); ok {
			return t, nil
		}
		return day, nil
	}
	return time.Time{}, fmt.Errorf("no date in %.100q", s)
}

func plausibleYear(y int) bool { return 1900 <= y && y <= 2200 }

// dayEnd is where the last group of a match ends, so that the letter between a
// day and its time ("2021-08-27T17:11") is left to the time.
func dayEnd(m []int) int {
	end := 0
	for i := 3; i < len(m); i += 2 {
		end = max(end, m[i])
	}
	return end
}

func dayOf(form *regexp.Regexp, s string, m []int) (time.Time, bool) {
	var year, month, day, first, second int
	for i, name := range form.SubexpNames() {
		if i == 0 {
			continue
		}
		part := s[m[2*i]:m[2*i+1]]
		n, _ := strconv.Atoi(part)
		switch name {
		case "year":
			year = n
		case "month":
			month = n
		case "day":
			day = n
		case "first":
			first = n
		case "second":
			second = n
		default:
			month = monthOf(part)
		}
	}
	if first != 0 {
		month, day = first, second
		if first > 12 {
			month, day = second, first
		}
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, plausibleYear(year) && t.Month() == time.Month(month) && t.Day() == day
}

func monthOf(name string) int {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	return strings.Index(names, strings.ToLower(name[:3]))/3 + 1
}

// clockOf finds the time of day in s and gives that time on day.
func clockOf(s string, day time.Time) (time.Time, bool) {
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		return day, false
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	second, _ := strconv.Atoi(m[3])
	switch half := strings.ToLower(m[4] + m[5]); {
	case half != "" && (hour == 0 || hour > 12):
		return day, false
	case half == "p" && hour < 12:
		hour += 12
	case half == "a" && hour == 12:
		hour = 0
	}
	if hour > 23 || minute > 59 || second > 59 {
		return day, false
	}
	zone := zoneOf(m[6], day)
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, second, 0, zone), true
}

// zoneOf gives the zone that name means on day, UTC where it means none.
func zoneOf(name string, day time.Time) *time.Location {
	lower := strings.ToLower(name)
	if h, ok := generalZones[lower]; ok {
		if americanSummer(day) {
			h++
		}
		return time.FixedZone("", h*3600)
	}
	if h, ok := zones[lower]; ok && h != 0 {
		return time.FixedZone(strings.ToUpper(name), int(h*3600))
	}
	if t, err := time.Parse("-0700", strings.ReplaceAll(name, ":", "")); err == nil {
		if _, seconds := t.Zone(); seconds != 0 {
			return time.FixedZone("", seconds)
		}
	}
	return time.UTC
}

// americanSummer reports whether summer time holds in the United States on
// day, by the rule in force since 2007: from the second Sunday in March to the
// first one in November.
func americanSummer(day time.Time) bool {
	sunday := func(month time.Month, nth int) time.Time {
		t := time.Date(day.Year(), month, 1+7*(nth-1), 0, 0, 0, 0, time.UTC)
		return t.AddDate(0, 0, (7-int(t.Weekday()))%7)
	}
	return !day.Before(sunday(time.March, 2)) && day.Before(sunday(time.November, 1))
}
