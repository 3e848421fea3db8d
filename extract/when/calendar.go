package when

import "time"

// day returns midnight UTC of the day of t; zero for the zero time.
func day(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return date(t.Year(), int(t.Month()), t.Day())
}

func date(year, month, d int) time.Time {
	return time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC)
}

// exists reports whether the calendar has that day.
func exists(year, month, d int) bool {
	return month >= 1 && month <= 12 && d >= 1 && d <= daysIn(year, month)
}

func daysIn(year, month int) int { return date(year, month+1, 0).Day() }

// days is a period, both ends included.
type days struct{ from, to time.Time }

func one(d time.Time) days { return days{d, d} }

func monthOf(year, month int) days {
	return days{date(year, month, 1), date(year, month, daysIn(year, month))}
}

func months(year, first, n int) days {
	return days{date(year, first, 1), date(year, first+n, 0)}
}

func yearsOf(year, n int) days { return days{date(year, 1, 1), date(year+n-1, 12, 31)} }

// weekOf returns Monday to Sunday of the week that holds d.
func weekOf(d time.Time) days {
	monday := d.AddDate(0, 0, -(int(d.Weekday())+6)%7)
	return days{monday, monday.AddDate(0, 0, 6)}
}

// weekendOf returns Saturday and Sunday of the week that holds d.
func weekendOf(d time.Time) days {
	w := weekOf(d)
	return days{w.to.AddDate(0, 0, -1), w.to}
}

func quarterOf(d time.Time) days { return months(d.Year(), (int(d.Month())-1)/3*3+1, 3) }

// before returns the latest such weekday before d.
func before(d time.Time, weekday int) time.Time {
	back := (int(d.Weekday())-weekday+6)%7 + 1
	return d.AddDate(0, 0, -back)
}

// plus moves d by n units; months and years end on the last day of a shorter
// month.
func plus(d time.Time, n int, u unit) time.Time {
	switch u {
	case dayUnit:
		return d.AddDate(0, 0, n)
	case weekUnit:
		return d.AddDate(0, 0, 7*n)
	case fortnightUnit:
		return d.AddDate(0, 0, 14*n)
	case monthUnit:
		return addMonths(d, n)
	case quarterUnit:
		return addMonths(d, 3*n)
	case yearUnit:
		return addMonths(d, 12*n)
	case decadeUnit:
		return addMonths(d, 120*n)
	}
	return d
}

func addMonths(d time.Time, n int) time.Time {
	first := date(d.Year(), int(d.Month())+n, 1)
	return date(first.Year(), int(first.Month()), min(d.Day(), daysIn(first.Year(), int(first.Month()))))
}

// around returns the calendar period of that unit that holds d.
func around(d time.Time, u unit) days {
	switch u {
	case weekUnit:
		return weekOf(d)
	case weekendUnit:
		return weekendOf(d)
	case monthUnit:
		return monthOf(d.Year(), int(d.Month()))
	case quarterUnit:
		return quarterOf(d)
	case yearUnit:
		return yearsOf(d.Year(), 1)
	case decadeUnit:
		return yearsOf(d.Year()/10*10, 10)
	}
	return one(d)
}

// nth returns the n-th such weekday of a month, the last for n = -1.
func nth(year, month, weekday, n int) time.Time {
	if n < 0 {
		return before(date(year, month+1, 1), weekday)
	}
	first := before(date(year, month, 1).AddDate(0, 0, 7), weekday)
	return first.AddDate(0, 0, 7*(n-1))
}

// easter is the Sunday of the Gregorian church, by the anonymous algorithm
// that Nature printed on 20 April 1876.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return date(year, n/31, n%31+1)
}

// holidays are the feasts and shopping days that news dates things by; dates of
// the United States where countries differ.
var holidays = []struct {
	name string
	on   func(year int) time.Time
}{
	{"new year's day", func(y int) time.Time { return date(y, 1, 1) }},
	{"new year's eve", func(y int) time.Time { return date(y, 12, 31) }},
	{"valentine's day", func(y int) time.Time { return date(y, 2, 14) }},
	{"st. patrick's day", func(y int) time.Time { return date(y, 3, 17) }},
	{"good friday", func(y int) time.Time { return easter(y).AddDate(0, 0, -2) }},
	{"easter sunday", easter},
	{"easter monday", func(y int) time.Time { return easter(y).AddDate(0, 0, 1) }},
	{"easter", easter},
	{"memorial day", func(y int) time.Time { return nth(y, 5, 1, -1) }},
	{"juneteenth", func(y int) time.Time { return date(y, 6, 19) }},
	{"independence day", func(y int) time.Time { return date(y, 7, 4) }},
	{"fourth of july", func(y int) time.Time { return date(y, 7, 4) }},
	{"labor day", func(y int) time.Time { return nth(y, 9, 1, 1) }},
	{"columbus day", func(y int) time.Time { return nth(y, 10, 1, 2) }},
	{"halloween", func(y int) time.Time { return date(y, 10, 31) }},
	{"veterans day", func(y int) time.Time { return date(y, 11, 11) }},
	{"thanksgiving day", thanksgiving}, {"thanksgiving", thanksgiving},
	{"black friday", func(y int) time.Time { return thanksgiving(y).AddDate(0, 0, 1) }},
	{"cyber monday", func(y int) time.Time { return thanksgiving(y).AddDate(0, 0, 4) }},
	{"christmas eve", func(y int) time.Time { return date(y, 12, 24) }},
	{"christmas day", func(y int) time.Time { return date(y, 12, 25) }},
	{"christmas", func(y int) time.Time { return date(y, 12, 25) }},
	{"boxing day", func(y int) time.Time { return date(y, 12, 26) }},
}

// patchTuesday is the second Tuesday of a month, the last by d, on which
// Microsoft and others publish fixes.
func patchTuesday(d time.Time) time.Time {
	t := nth(d.Year(), int(d.Month()), 2, 2)
	if t.After(d) {
		last := addMonths(date(d.Year(), int(d.Month()), 1), -1)
		t = nth(last.Year(), int(last.Month()), 2, 2)
	}
	return t
}

func thanksgiving(year int) time.Time { return nth(year, 11, 4, 4) }
