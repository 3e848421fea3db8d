package timetable

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // machines may lack the zones
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// at reads a time such as 2026-03-29 01:30 +01:00.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04 -07:00", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Clocks in London go from 01:00 to 02:00 on 29 March 2026 and from 02:00 back to
// 01:00 on 25 October; those of Lord Howe by half an hour; in Santiago midnight is
// left out, on 6 September.
func TestCron(t *testing.T) {
	tests := []struct {
		name, cron, zone, after string
		want                    []string
	}{
		{"daily", "30 6 * * *", "Europe/London", "2026-01-10 06:30 +00:00", []string{"2026-01-11 06:30 +00:00", "2026-01-12 06:30 +00:00"}},
		{"weekdays", "0 7 * * mon-fri", "UTC", "2026-01-09 08:00 +00:00", []string{"2026-01-12 07:00 +00:00"}},
		{"leap day", "0 0 29 2 *", "UTC", "2026-01-01 00:00 +00:00", []string{"2028-02-29 00:00 +00:00"}},
		{"named", "@daily", "America/New_York", "2026-01-09 08:00 +00:00", []string{"2026-01-10 05:00 +00:00"}},
		{"skipped hour", "30 1 * * *", "Europe/London", "2026-03-28 12:00 +00:00",
			[]string{"2026-03-29 01:00 +00:00", "2026-03-30 01:30 +01:00"}},
		{"skipped hour, twice in it", "0,30 1 * * *", "Europe/London", "2026-03-28 12:00 +00:00",
			[]string{"2026-03-29 01:00 +00:00", "2026-03-30 01:00 +01:00", "2026-03-30 01:30 +01:00"}},
		{"skipped hour, each", "*/30 * * * *", "Europe/London", "2026-03-29 00:30 +00:00",
			[]string{"2026-03-29 02:00 +01:00", "2026-03-29 02:30 +01:00"}},
		{"after the skipped hour", "0 2 * * *", "Europe/London", "2026-03-28 12:00 +00:00", []string{"2026-03-29 02:00 +01:00", "2026-03-30 02:00 +01:00"}},
		{"repeated hour", "30 1 * * *", "Europe/London", "2026-10-24 12:00 +00:00",
			[]string{"2026-10-25 01:30 +01:00", "2026-10-26 01:30 +00:00"}},
		{"within the repeated hour", "0,30 1 * * *", "Europe/London", "2026-10-25 01:10 +00:00", []string{"2026-10-26 01:00 +00:00"}},
		{"end of the repeated hour", "0 2 * * *", "Europe/London", "2026-10-25 01:10 +01:00", []string{"2026-10-25 02:00 +00:00", "2026-10-26 02:00 +00:00"}},
		{"repeated hour, each", "*/30 * * * *", "Europe/London", "2026-10-25 01:00 +01:00",
			[]string{"2026-10-25 01:30 +01:00", "2026-10-25 01:00 +00:00", "2026-10-25 01:30 +00:00", "2026-10-25 02:00 +00:00"}},
		{"hourly", "@hourly", "Europe/London", "2026-10-25 01:00 +01:00", []string{"2026-10-25 01:00 +00:00", "2026-10-25 02:00 +00:00"}},
		{"half an hour", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03 12:00 +10:30", []string{"2026-10-04 02:30 +11:00", "2026-10-05 02:15 +11:00"}},
		{"no midnight", "0 0 * * *", "America/Santiago", "2026-09-05 12:00 -04:00", []string{"2026-09-06 01:00 -03:00", "2026-09-07 00:00 -03:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := parseCron(tt.cron, zone(t, tt.zone))
			if err != nil {
				t.Fatal(err)
			}
			now := at(t, tt.after)
			for _, want := range tt.want {
				next := c.next(now)
				if !next.Equal(at(t, want)) {
					t.Fatalf("after %s comes %s, want %s", now, next.In(c.zone), want)
				}
				now = next
			}
		})
	}
}

func TestCronRefused(t *testing.T) {
	for text, want := range map[string]string{
		"0 0 30 2 *": "no such day", "61 * * * *": "five fields", "* * * *": "five fields", "": "five fields", "@never": "five fields",
		"TZ=UTC": "time zone", "CRON_TZ=UTC 0 0 * * *": "time zone", "@every 5m": "interval", ", , , , ,": "", strings.Repeat("1,", 200) + "1 * * * *": "longer",
	} {
		if _, err := parseCron(text, time.UTC); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseCron(%.40q): %v, want %q", text, err, want)
		}
	}
}

// What is read has times that come one after the other, wherever the clocks are
// changed, and they are times of the expression or of a change.
func FuzzCron(f *testing.F) {
	zones := []string{"UTC", "Europe/London", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Antarctica/Troll", "Pacific/Apia"}
	for i, text := range []string{"30 1 * * *", "*/7 * * * *", "@weekly", "0 0 29 2 *", "15 2 1-7 3,10 sun", "0 */5 * * *", "0 24 * * *"} {
		f.Add(text, uint8(i), int64(1_774_746_000+i*1_000_003))
	}
	f.Fuzz(func(t *testing.T, text string, where uint8, unix int64) {
		z := zone(t, zones[int(where)%len(zones)])
		c, err := parseCron(text, z)
		if err != nil {
			return
		}
		now := time.Unix(unix%4_000_000_000, 0)
		for range 4 {
			next := c.next(now)
			if !next.After(now) {
				t.Fatalf("%q in %s: after %s comes %s", text, z, now.In(z), next.In(z))
			}
			local := next.In(z)
			begin, _ := local.ZoneBounds()
			wall := wallTime(local, offsetOf(local))
			if !c.spec.Next(wall.Add(-time.Second)).Equal(wall) && !local.Equal(begin) {
				t.Fatalf("%q in %s: %s is none of its times", text, z, local)
			}
			now = next
		}
	})
}
