package when_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/when"
)

// samples reads the shared samples, which are not part of the module: without
// them the test is skipped, but not under CI, where a suite must not pass by
// testing nothing.
func samples(t *testing.T) []sample {
	t.Helper()
	f, err := os.Open("../../../shared/suites/dates_dev.jsonl")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	defer f.Close()
	var out []sample
	s := bufio.NewScanner(f)
	for s.Scan() {
		var v sample
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

type sample struct {
	ID, Text, Reference string
	Start, End          *int
	DateStart           *string `json:"date_start"`
	DateEnd             *string `json:"date_end"`
	Tolerance           int     `json:"tolerance_days"`
}

func near(day time.Time, want *string, tolerance int) bool {
	if want == nil || day.IsZero() {
		return want == nil && day.IsZero()
	}
	w, err := time.Parse(time.DateOnly, *want)
	return err == nil && day.Sub(w).Abs() <= time.Duration(tolerance)*24*time.Hour
}

func TestScore(t *testing.T) {
	var hit, got, want int
	for _, s := range samples(t) {
		ref, err := time.Parse(time.DateOnly, s.Reference)
		if err != nil {
			t.Fatal(err)
		}
		found := when.Find(s.Text, ref)
		got += len(found)
		if s.Start != nil {
			want++
		}
		ok := s.Start == nil && len(found) == 0
		for _, d := range found {
			start, end := utf8.RuneCountInString(s.Text[:d.Start]), utf8.RuneCountInString(s.Text[:d.End])
			if s.Start != nil && start < *s.End && *s.Start < end && near(d.From, s.DateStart, s.Tolerance) && near(d.To, s.DateEnd, s.Tolerance) {
				hit++
				ok = true
				if start != *s.Start || end != *s.End {
					t.Logf("%s: span %d-%d, want %d-%d", s.ID, start, end, *s.Start, *s.End)
				}
				break
			}
		}
		if !ok {
			t.Logf("%s %q: %v", s.ID, s.Text, found)
		}
	}
	f1 := 2 * float64(hit) / float64(got+want)
	t.Logf("F1 %.3f", f1)
	if f1 < 0.95 {
		t.Error("the samples scored better before")
	}
}
