package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/page"
	"github.com/breachgraph/breachgraph/ingest/warc"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// keep stores what a server is said to have answered, and returns the archive's
// only file.
func keep(t testing.TB, answers ...archive.Exchange) string {
	t.Helper()
	dir := t.TempDir()
	a, err := archive.Open(dir, archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range answers {
		x.Date = time.Date(2026, 3, 1, 12, 0, i, 0, time.UTC)
		if _, err := a.Store(x); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := archive.Files(dir)
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	return filepath.Join(dir, names[0])
}

func answer(t testing.TB, address string, status int, contentType, body string) archive.Exchange {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	return archive.Exchange{Response: &http.Response{StatusCode: status, Request: req, Header: header}, Body: []byte(body)}
}

// reportOn is a page that differs from others of its kind.
func reportOn(company string) string { return strings.ReplaceAll(report, "Acme", company) }

func TestCaptures(t *testing.T) {
	const html = "text/html; charset=utf-8"
	of := func(x archive.Exchange, kind string) archive.Exchange {
		x.Source, x.Kind = "news", kind
		return x
	}
	path := keep(t,
		answer(t, "https://a.example/1", 200, html, reportOn("One")),
		of(answer(t, "https://a.example/list", 200, html, reportOn("List")), "listing"),
		of(answer(t, "https://a.example/2", 200, "text/html; charset=iso-8859-1", strings.ReplaceAll(reportOn("Two"), "é", "\xe9")), "article"),
		answer(t, "https://a.example/gone", 404, html, reportOn("Gone")),
		answer(t, "https://a.example/moved", 301, html, ""),
		answer(t, "https://a.example/1", 200, html, reportOn("One")), // the same
		answer(t, "https://a.example/1", 304, "", ""),
		answer(t, "https://a.example/empty", 200, html, " \n"),
		answer(t, "https://a.example/nothing", 200, html, "<html><title>Nothing</title><p>Log in."),
		answer(t, "https://a.example/p.png", 200, "image/png", reportOn("Picture")),
		answer(t, "https://a.example/disguised", 200, html, "%PDF-1.7"),
		answer(t, "https://a.example/untyped", 200, "", reportOn("Untyped")),
		answer(t, "ftp://a.example/1", 200, html, reportOn("Other")),
		answer(t, "https://a.example/1", 200, html, reportOn("One, corrected")),
	)
	rd := ingest.Reader{HTML: page.Read, Archive: Captures{HTML: page.Read}.Read}
	var titles []string
	var failures []error
	for a, err := range rd.ReadPath(t.Context(), path) {
		if err != nil {
			failures = append(failures, err)
			continue
		}
		titles = append(titles, a.Title)
		c, err := warc.ParseCapture(a.Capture)
		if err != nil {
			t.Fatal(err)
		}
		r, err := warc.ReadCapture(filepath.Dir(path), c, warc.Limits{})
		if err != nil || r.TargetURI != a.URL || !r.Date.Equal(a.Fetched) || a.Path != "" || a.ID != a.URL {
			t.Errorf("article %+v is from %+v, %v", a, r, err)
		}
	}
	if want := []string{"One hacked", "Two hacked", "Untyped hacked", "One, corrected hacked"}; !slices.Equal(titles, want) {
		t.Errorf("titles %q, want %q", titles, want)
	}
	if len(failures) != 1 || !strings.Contains(failures[0].Error(), "https://a.example/disguised: is a PDF") {
		t.Errorf("errors %v", failures)
	}
}

func TestCapturesDamaged(t *testing.T) {
	path := keep(t,
		answer(t, "https://a.example/1", 200, "text/html", reportOn("One")),
		answer(t, "https://a.example/2", 200, "text/html", reportOn("Two")),
		answer(t, "https://a.example/3", 200, "text/html", reportOn("Three")),
	)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b)/2+20; i++ {
		b[i] ^= 0x55
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	rd := ingest.Reader{Archive: Captures{HTML: page.Read}.Read}
	articles, failed := 0, 0
	for _, err := range rd.ReadPath(t.Context(), path) {
		switch {
		case err == nil:
			articles++
		case errors.As(err, new(*warc.RecordError)) && strings.Contains(err.Error(), path):
			failed++
		default:
			t.Error(err)
		}
	}
	if articles != 2 || failed == 0 {
		t.Errorf("%d articles and %d errors", articles, failed)
	}
}

// TestCapturesStop has the reader end early, or be told to.
func TestCapturesStop(t *testing.T) {
	var answers []archive.Exchange
	for n := range 30 {
		answers = append(answers, answer(t, fmt.Sprintf("https://a.example/%d", n), 200, "text/html", reportOn(fmt.Sprint("Company ", n))))
	}
	path := keep(t, answers...)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c := Captures{HTML: page.Read}
	for range c.Read(t.Context(), path, file) {
		break
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for range c.Read(ctx, path, file) {
		cancel()
		n++
	}
	if n == len(answers) {
		t.Error("it went on after it was told to end")
	}
}

// BenchmarkCaptures reads an archive of real pages, where there are such beside
// the repository, or of short ones.
func BenchmarkCaptures(b *testing.B) {
	var answers []archive.Exchange
	for n := range 40 {
		answers = append(answers, answer(b, fmt.Sprintf("https://a.example/%d", n), 200, "text/html", reportOn(fmt.Sprint("Company ", n))))
	}
	path := keep(b, answers...)
	articles := 0
	for b.Loop() {
		for _, err := range (ingest.Reader{Archive: Captures{HTML: page.Read}.Read}).ReadPath(b.Context(), path) {
			if err != nil {
				b.Fatal(err)
			}
			articles++
		}
	}
	b.ReportMetric(float64(articles)/b.Elapsed().Seconds(), "articles/s")
}
