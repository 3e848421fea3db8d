package timetable

import (
	"strings"
	"testing"
	"time"
)

func rule(t *testing.T, s Spec) Rule {
	t.Helper()
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func TestNew(t *testing.T) {
	tests := []struct {
		name string
		in   Spec
		want string // what the rule is in words, or what is wrong
	}{
		{"nothing", Spec{}, "every 1h"},
		{"interval", Spec{Every: 90 * time.Minute, Jitter: 5 * time.Minute}, "every 1h30m, jitter 5m"},
		{"days", Spec{Every: 72 * time.Hour, Missed: Skip}, "every 3d, missed ones skipped"},
		{"adapting", Spec{Fastest: 30 * time.Minute, Slowest: 12 * time.Hour}, "every 30m to 12h"},
		{"cron", Spec{Cron: "0 7 * * *", Zone: "Europe/London", Missed: Once}, "0 7 * * * Europe/London"},
		{"too often", Spec{Every: time.Second}, "every 1s is not between 1m and 30d"},
		{"too seldom", Spec{Every: 31 * 24 * time.Hour}, "not between"},
		{"half a range", Spec{Fastest: time.Hour}, "adapt is two intervals"},
		{"range turned", Spec{Fastest: 2 * time.Hour, Slowest: time.Hour}, "the shorter one first"},
		{"first outside", Spec{Every: time.Hour, Fastest: 2 * time.Hour, Slowest: 3 * time.Hour}, "not between those of adapt"},
		{"jitter", Spec{Jitter: -1}, "jitter -1ns"},
		{"policy", Spec{Missed: "twice"}, `missed "twice" is not once or skip`},
		{"both", Spec{Cron: "@daily", Every: time.Hour}, "no room for every"},
		{"zone alone", Spec{Zone: "UTC"}, "timezone is for a schedule"},
		{"no zone", Spec{Cron: "@daily", Zone: "Europe/Atlantis"}, "timezone \"Europe/Atlantis\""},
		{"cron refused", Spec{Cron: "now"}, "five fields"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := New(tt.in)
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				got = r.String()
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("New(%+v) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestJitter(t *testing.T) {
	seen := map[time.Time]bool{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		r := rule(t, Spec{Name: name, Cron: "0 7 * * *", Jitter: 10 * time.Minute, Zone: "UTC"})
		next := r.Next(noon, Pace{})
		if late := next.Sub(noon.Add(19 * time.Hour)); late < 0 || late >= 10*time.Minute {
			t.Errorf("%s is %s late", name, late)
		}
		if again := r.Next(noon.Add(time.Hour), Pace{}); again != next {
			t.Errorf("asked later, %s is due at %s and not at %s", name, again, next)
		}
		seen[next] = true
	}
	if len(seen) < 5 {
		t.Errorf("six rules are due at %d times", len(seen))
	}
	tight := rule(t, Spec{Name: "x", Cron: "* * * * *", Jitter: time.Hour})
	if next := tight.Next(noon, Pace{}); next.Sub(noon) >= 2*time.Minute {
		t.Errorf("the jitter reaches beyond the next time: %s", next)
	}
	if next := rule(t, Spec{Name: "x", Every: time.Hour}).Next(noon, Pace{}); next.Sub(noon) < time.Hour || next.Sub(noon) > 66*time.Minute {
		t.Errorf("an hour from %s is %s", noon, next)
	}
}

func TestPlace(t *testing.T) {
	hour, daily := Spec{Every: time.Hour}, Spec{Cron: "0 7 * * *", Zone: "UTC"}
	skipping, skippingDaily := hour, daily
	skipping.Missed, skippingDaily.Missed = Skip, Skip
	tests := []struct {
		name     string
		spec     Spec
		due      Due
		from, to time.Duration // from noon; what is due in the past is so at once
	}{
		{"never looked at", hour, Due{}, 0, 0},
		{"never, by cron", daily, Due{}, 19 * time.Hour, 19 * time.Hour},
		{"to come", hour, Due{At: noon.Add(time.Minute)}, time.Minute, time.Minute},
		{"missed", hour, Due{At: noon.Add(-30 * time.Hour)}, -30 * time.Hour, -30 * time.Hour},
		{"missed and skipped", skipping, Due{At: noon.Add(-30 * time.Hour)}, time.Hour, 66 * time.Minute},
		{"late, with somebody there", skipping, Due{At: noon.Add(-30 * time.Hour), Since: noon.Add(-31 * time.Hour)}, -30 * time.Hour, -30 * time.Hour},
		{"missed by a moment", skipping, Due{At: noon.Add(-time.Minute)}, -time.Minute, -time.Minute},
		{"cron missed", daily, Due{At: noon.Add(-5 * time.Hour)}, -5 * time.Hour, -5 * time.Hour},
		{"cron missed and skipped", skippingDaily, Due{At: noon.Add(-5 * time.Hour)}, 19 * time.Hour, 19 * time.Hour},
		{"clock was years ahead", hour, Due{At: noon.Add(3e4 * time.Hour)}, time.Hour, 66 * time.Minute},
		{"clock was ahead, by cron", daily, Due{At: noon.Add(67 * time.Hour)}, 19 * time.Hour, 19 * time.Hour},
		{"after a failure", hour, Due{At: noon.Add(20 * time.Hour), Retry: true}, 20 * time.Hour, 20 * time.Hour},
		{"clock was ahead at a failure", hour, Due{At: noon.Add(200 * time.Hour), Retry: true}, time.Hour, 66 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.due.Since.IsZero() {
				tt.due.Since = noon
			}
			got := rule(t, tt.spec).Place(tt.due, noon).Sub(noon)
			if got < tt.from || got > tt.to {
				t.Errorf("due in %s, want %s to %s", got, tt.from, tt.to)
			}
		})
	}
}

// Times are not those of a stopwatch, which stops while a machine sleeps.
func TestWallClock(t *testing.T) {
	for _, s := range []Spec{{}, {Cron: "@daily"}} {
		if next := rule(t, s).Next(time.Now(), Pace{}); next != next.Round(0) {
			t.Errorf("next is %s", next)
		}
	}
}

// A source that changes so often is looked at about as often, within bounds.
func TestPace(t *testing.T) {
	r := rule(t, Spec{Fastest: 15 * time.Minute, Slowest: 12 * time.Hour})
	if got := r.Interval(Pace{}); got != time.Hour {
		t.Errorf("it begins with %s", got)
	}
	tests := []struct {
		name        string
		each        time.Duration // time between two changes
		least, most time.Duration
	}{
		{"ten a minute", 6 * time.Second, 15 * time.Minute, 15 * time.Minute},
		{"two an hour", 30 * time.Minute, 25 * time.Minute, 40 * time.Minute},
		{"four a day", 6 * time.Hour, 4 * time.Hour, 8 * time.Hour},
		{"one a week", 7 * 24 * time.Hour, 8 * time.Hour, 12 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p Pace
			now := noon
			last, changes := now, 0
			for now.Before(noon.Add(28 * 24 * time.Hour)) {
				now = now.Add(r.Interval(p))
				so := int(now.Sub(noon) / tt.each)
				p = r.Learn(p, now.Sub(last), so-changes)
				last, changes = now, so
			}
			if got := r.Interval(p); got < tt.least || got > tt.most {
				t.Errorf("looked at every %s, want %s to %s", got, tt.least, tt.most)
			}
		})
	}
	if got := rule(t, Spec{Every: time.Hour}).Interval(Pace{News: 100, Hours: 1}); got != time.Hour {
		t.Errorf("an interval that does not adapt is %s", got)
	}
	for _, p := range []Pace{{News: -1, Hours: 1}, {Hours: 1e300, News: 1e-300}, {News: 1e300, Hours: 1e-300}} {
		if got := r.Interval(p); got < 15*time.Minute || got > 12*time.Hour {
			t.Errorf("the interval of %+v is %s", p, got)
		}
	}
}

func TestBrief(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Hour: "1h", 10 * time.Minute: "10m", 90 * time.Minute: "1h30m", 24 * time.Hour: "24h", 48 * time.Hour: "2d", 20 * time.Second: "20s", 0: "0s",
		100 * time.Hour: "100h", 61 * time.Second: "1m1s",
	} {
		if got := Brief(d); got != want {
			t.Errorf("Brief(%s) = %s, want %s", d, got, want)
		}
	}
}
