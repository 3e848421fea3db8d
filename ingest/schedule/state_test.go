package schedule

import (
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/timetable"
)

func TestEntry(t *testing.T) {
	hour := time.Hour
	tests := []struct {
		name string
		rule timetable.Spec
		st   State
		next time.Duration // from noon
		why  string
	}{
		{"new", timetable.Spec{}, State{}, 0, "never looked at"},
		{"as ever", timetable.Spec{Cron: "0 13 * * *", Zone: "UTC"}, State{Last: noon.Add(-hour), Next: noon.Add(hour)}, hour, "as scheduled"},
		{"late", timetable.Spec{}, State{Last: noon.Add(-9 * hour), Next: noon.Add(-8 * hour)}, -8 * hour, "was due "},
		{"missed", timetable.Spec{Cron: "0 7 * * *", Zone: "UTC", Missed: timetable.Skip}, State{Last: noon.Add(-29 * hour), Next: noon.Add(-5 * hour)}, 19 * hour, "missed "},
		{"asked", timetable.Spec{}, State{Last: noon.Add(-hour), Next: noon.Add(hour), Asked: noon}, 0, "asked for"},
		{"failed", timetable.Spec{}, State{Last: noon.Add(-hour), Next: noon.Add(20 * hour), Failures: 2, Reason: "404 Not Found"}, 20 * hour, "try 3, as the last one failed: 404 Not Found"},
		{"adapted", timetable.Spec{Fastest: hour, Slowest: 24 * hour}, State{Last: noon.Add(-hour), Next: noon.Add(hour), Pace: timetable.Pace{News: 6, Hours: 72}}, hour, "2 new a day, so every 12h"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := timetable.New(tt.rule)
			if err != nil {
				t.Fatal(err)
			}
			tt.st.Rule = r.String()
			e := entry(crawl.Source{Name: "a"}, r, tt.st, noon)
			if e.Next.Sub(noon) != tt.next || !strings.HasPrefix(e.Why, tt.why) {
				t.Errorf("due in %s: %s; want %s: %s", e.Next.Sub(noon), e.Why, tt.next, tt.why)
			}
		})
	}
}

func TestLooked(t *testing.T) {
	r, err := timetable.New(timetable.Spec{Fastest: 15 * time.Minute, Slowest: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	var st State
	st.looked(r, crawl.Look{Ended: noon, News: 30})
	if st.Pace != (timetable.Pace{}) || !st.Changed.Equal(noon) || st.News != 30 {
		t.Errorf("after the first look: %+v", st)
	}
	st.looked(r, crawl.Look{Ended: noon.Add(time.Hour)})
	slower := r.Interval(st.Pace)
	if slower <= time.Hour || !st.Changed.Equal(noon) {
		t.Errorf("nothing new, and then every %s: %+v", slower, st)
	}
	st.looked(r, crawl.Look{Ended: noon.Add(time.Hour), Part: true, News: 9})
	if got := r.Interval(st.Pace); got >= slower || st.News != 9 {
		t.Errorf("a part had news, and then every %s: %+v", got, st)
	}
	st.looked(r, crawl.Look{Ended: noon.Add(2 * time.Hour), Failure: strings.Repeat("x", 1000), Retry: noon.Add(3 * time.Hour)})
	if st.Failures != 1 || len(st.Reason) != maxReason || !st.Next.Equal(noon.Add(3*time.Hour)) || !st.Answered.Equal(noon.Add(time.Hour)) {
		t.Errorf("after a failure: %+v", st)
	}
	st.looked(r, crawl.Look{Ended: noon.Add(3 * time.Hour)})
	if st.Failures != 0 || st.Reason != "" {
		t.Errorf("after the failure: %+v", st)
	}
}

// Another rule counts from the last look.
func TestNewRule(t *testing.T) {
	daily, err := timetable.New(timetable.Spec{Cron: "0 7 * * *", Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	st := State{Last: noon.Add(-time.Hour), Next: noon.Add(30 * time.Minute), Rule: "every 1h"}
	st.place(daily, noon, noon)
	if !st.Next.Equal(noon.Add(19*time.Hour)) || st.Rule != daily.String() {
		t.Errorf("%+v", st)
	}
}

// Whatever is kept, a state comes of it that can be kept again and is the same.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"paused":"2026-06-01T12:00:00Z","pace":{"news":3,"hours":7.5},"failures":2,"reason":"404"}`))
	f.Add([]byte(`{"next":"0001-01-01T00:00:00Z","pace":{"news":-1,"hours":1e308}}`))
	f.Add([]byte(``))
	r, err := timetable.New(timetable.Spec{Fastest: time.Hour, Slowest: 24 * time.Hour})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		st, err := parseState(raw)
		if err != nil {
			return
		}
		e := entry(crawl.Source{Name: "a"}, r, st, noon)
		if st.Paused.IsZero() && st.Asked.IsZero() && st.Failures <= 0 && e.Next.After(noon.Add(32*time.Hour)) {
			t.Errorf("%s is due at %s", raw, e.Next)
		}
	})
}
