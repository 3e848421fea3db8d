package service

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// captured makes an archive with a file for each number of days ago.
func captured(t *testing.T, folder string, now time.Time, days ...int) {
	t.Helper()
	for _, n := range days {
		a, err := archive.Open(filepath.Join(folder, crawl.ArchiveName), archive.Options{FileSize: 1})
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequest(http.MethodGet, "https://example.org/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Store(archive.Exchange{
			Date: now.AddDate(0, 0, -n), Body: []byte{byte(n)}, Response: &http.Response{StatusCode: http.StatusOK, Request: req, Header: http.Header{}},
		}); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRetention(t *testing.T) {
	now := time.Now()
	folder := t.TempDir()
	captured(t, folder, now, 400, 100, 50, 40, 0)
	q, err := jobs.Open(t.Context(), jobs.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	for _, died := range []int{100, 1} {
		k := jobs.Kept{Stage: jobs.Load, ID: "x", Dead: true, Headers: map[string]string{"Job-Died": now.AddDate(0, 0, -died).UTC().Format(time.RFC3339)}}
		if err := q.Keep(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	c, err := crawl.Open(crawl.Plan{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, tt := range []struct {
		name           string
		r              Retention
		files, letters int
		prune          bool
	}{
		{"by default nothing", Retention{}, 0, 0, true},
		{"a dry run", Retention{Pages: 90, Dead: 30}, 2, 1, false},
		{"pages", Retention{Pages: 90}, 2, 0, true},
		{"they are gone", Retention{Pages: 90, Dead: 200}, 0, 0, true},
		{"dead letters", Retention{Dead: 30}, 0, 1, true},
		{"all but the file that is written to", Retention{Pages: 1}, 2, 0, true},
	} {
		do := Retention.Would
		if tt.prune {
			do = Retention.Prune
		}
		p, err := do(tt.r, t.Context(), q, c, now)
		if err != nil || len(p.Files) != tt.files || p.Letters != tt.letters || tt.files > 0 && p.Bytes() == 0 {
			t.Errorf("%s: %+v, %v, want %d files and %d letters", tt.name, p, err, tt.files, tt.letters)
		}
	}
}

// While a job waits, what it may have been made of is kept.
func TestRetentionWaits(t *testing.T) {
	q, err := jobs.Open(t.Context(), jobs.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	added := time.Now()
	if err := q.Add(t.Context(), jobs.Load, "a", nil); err != nil {
		t.Fatal(err)
	}
	later := added.AddDate(1, 0, 0) // the job has waited for a year
	before, err := Retention{Pages: 30}.pagesBefore(t.Context(), q, later)
	if err != nil || before.After(added) || before.Before(added.Add(-waitingMargin-time.Hour)) {
		t.Errorf("pages go before %v, %v, with a job of %v", before, err, added)
	}
}
