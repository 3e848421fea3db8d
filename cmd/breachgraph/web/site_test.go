package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog/catalogtest"
	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

const evil = catalogtest.Hostile

// A fakeQueue has two dead letters, and remembers what was done.
type fakeQueue struct {
	mu      sync.Mutex
	done    []string
	waiting int
	err     error
}

func (q *fakeQueue) note(format string, args ...any) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done = append(q.done, fmt.Sprintf(format, args...))
	return nil
}

func (q *fakeQueue) log() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return strings.Join(q.done, " ")
}

func (q *fakeQueue) Depths(context.Context) (map[jobs.Stage]jobs.Depth, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting++ // so that a page which looks again shows something new
	return map[jobs.Stage]jobs.Depth{jobs.Extract: {Waiting: 1000 + q.waiting, Held: 3}, jobs.Load: {Dead: 2}}, q.err
}

func (q *fakeQueue) letters() []jobs.DeadLetter {
	died := time.Now().Add(-time.Hour)
	return []jobs.DeadLetter{
		{Number: 7, Stage: jobs.Load, ID: "https://news.example/7 " + evil, Reason: "refused: " + evil, Failures: 6, Added: died, Died: died},
		{Number: 9, Stage: jobs.Extract, ID: "https://news.example/9", Reason: "holds no article", Failures: 1, Added: died, Died: died},
	}
}

func (q *fakeQueue) DeadLetters(context.Context) iter.Seq2[jobs.DeadLetter, error] {
	return each(q.letters())
}

func (q *fakeQueue) DeadLetter(_ context.Context, number uint64) (jobs.DeadLetter, []byte, error) {
	for _, l := range q.letters() {
		if l.Number == number {
			return l, []byte(`{"text":"` + evil + `"}`), nil
		}
	}
	return jobs.DeadLetter{}, nil, jobs.ErrNoLetter
}

func (q *fakeQueue) Retry(_ context.Context, number uint64) error { return q.note("retry %d", number) }
func (q *fakeQueue) Drop(_ context.Context, number uint64) error  { return q.note("drop %d", number) }

func (q *fakeQueue) List(context.Context) ([]Source, error) {
	return []Source{
		{Name: "example-news", Kind: "feed", URL: "https://news.example/feed.xml", Rule: "every 30m", Why: "as scheduled", News: 4, Last: time.Now().Add(-5 * time.Minute), Next: time.Now().Add(25 * time.Minute), Visits: Tally{97, 2, 1}},
		{Name: "evil" + evil, Kind: "listing", URL: "javascript:alert(1)", Failures: 3, Reason: "500 " + evil},
		{Name: "resting", Kind: "sitemap", URL: "https://rest.example/sitemap.xml", Paused: true},
	}, q.err
}
func (q *fakeQueue) Pause(_ context.Context, name string) error  { return q.note("pause %s", name) }
func (q *fakeQueue) Resume(_ context.Context, name string) error { return q.note("resume %s", name) }
func (q *fakeQueue) RunNow(_ context.Context, name string) error { return q.note("run %s", name) }

const (
	readSecret  = "reader-secret-0123456789"
	writeSecret = "writer-secret-0123456789"
)

// A served site is one on a port, and what came of it.
type servedSite struct {
	*Site
	*httptest.Server
	queue *fakeQueue
	log   *bytes.Buffer
}

// serveSite serves the pages of an invented story. tokens may be empty.
func serveSite(t *testing.T, tokens string, change func(*Site)) servedSite {
	t.Helper()
	parsed, err := access.ParseTokens(tokens)
	if err != nil {
		t.Fatal(err)
	}
	queue, log := &fakeQueue{}, &bytes.Buffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	c := catalogtest.New()
	s := &Site{
		Guard:   access.NewGuard(access.Options{Tokens: parsed, Log: logger, TokenRate: access.Rate{PerSecond: 1000, Burst: 100_000}, AddressRate: access.Rate{PerSecond: 1000, Burst: 100_000}}),
		Catalog: c, Counter: catalog.NewCounter(c), Queue: queue, Sources: queue, Log: logger,
		Notices:    func() []Notice { return []Notice{{time.Now(), true, "job failed for good, error " + evil}} },
		Ready:      func(context.Context) error { return nil },
		Understand: func(context.Context, string) (extract.Result, error) { return sample(), nil },
		Again:      func(_ context.Context, capture string) error { return queue.note("again %s", capture) },
		Browser:    func(cypher string) string { return "http://localhost:7474/browser/?arg=" + url.QueryEscape(cypher) },
	}
	if change != nil {
		change(s)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Counter.Run(ctx) }()
	server := httptest.NewServer(s.Guard.Front(1<<20, s.Handler()))
	t.Cleanup(func() {
		server.Close()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	served := servedSite{s, server, queue, log}
	served.untilCounted(t)
	return served
}

// untilCounted waits for the first count, unless there is no database.
func (s servedSite) untilCounted(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if last := s.Counter.Last(t.Context()); len(last.Days) > 0 || last.Err != nil {
			return
		}
	}
	t.Fatal("nothing is counted")
}

// pagePaths are the addresses of all pages that show what articles say.
func pagePaths() []string {
	at := url.QueryEscape(catalogtest.URL)
	return []string{
		"/", "/sources", "/articles", "/articles?q=acme", "/articles/view?url=" + at, "/articles/evidence?url=" + at, "/breaches", "/breaches?q=acme",
		"/breaches/" + catalogtest.Breach, "/entities", "/entities?q=acme&kind=Company", "/entities/Organization/acme", "/dead", "/dead/7",
	}
}

// get asks for a page, with a cookie or without.
func (s servedSite) get(t *testing.T, path, cookie string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.do(t, r, cookie)
}

func (s servedSite) post(t *testing.T, path, cookie string, form url.Values) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(t, r, cookie)
}

func (s servedSite) do(t *testing.T, r *http.Request, cookie string) (*http.Response, string) {
	t.Helper()
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// login is the cookie of a session.
func (s servedSite) login(t *testing.T, secret string) string {
	t.Helper()
	resp, _ := s.post(t, "/login", "", url.Values{"token": {secret}, "next": {"/dead"}})
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/dead" {
		t.Fatalf("login: %d to %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	c := resp.Cookies()[0]
	return c.Name + "=" + c.Value
}

// Every page escapes what comes from outside, shows no token and needs no script
// or style of its own.
func TestPages(t *testing.T) {
	s := serveSite(t, "press:read:"+readSecret, nil)
	cookie := s.login(t, readSecret)
	for _, path := range pagePaths() {
		resp, body := s.get(t, path, cookie)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
		for _, bad := range []string{evil, "javascript:alert(1)\"", "<style", " style=", " onclick=", readSecret, "<no value>"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %s", path, bad)
			}
		}
		if p := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'") || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: policy %q, cache %q", path, p, resp.Header.Get("Cache-Control"))
		}
		if strings.Contains(body, "<form method=\"post\" action=\"/dead") || strings.Contains(body, "<form method=\"post\" action=\"/sources") {
			t.Errorf("%s offers changes to a token that lacks the scope", path)
		}
	}
	for path, words := range map[string]string{
		"/": "1,234,567", "/sources": "97 %", "/breaches/" + catalogtest.Breach: "corrected to 70,000", "/articles/view?url=" + url.QueryEscape(catalogtest.URL): "Text with evidence",
		"/entities/Organization/acme": "http://localhost:7474/browser/?arg=MATCH", "/dead": "failed 6 times", "/articles?skip=9": "no article",
	} {
		if _, body := s.get(t, path, cookie); !strings.Contains(body, words) {
			t.Errorf("%s lacks %q", path, words)
		}
	}
	if strings.Contains(s.log.String(), readSecret) {
		t.Errorf("the log shows the token: %s", s.log)
	}
}

// Whoever has not logged in sees nothing and changes nothing.
func TestLogin(t *testing.T) {
	s := serveSite(t, "press:read:"+readSecret+" boss:read+write:"+writeSecret, nil)
	for _, path := range append(pagePaths(), "/no-such") {
		resp, body := s.get(t, path, "")
		to, err := url.Parse(resp.Header.Get("Location"))
		closed := resp.StatusCode == http.StatusSeeOther && err == nil && to.Path == "/login" && to.Query().Get("next") == path
		if path == "/no-such" {
			closed = resp.StatusCode == http.StatusNotFound
		}
		if !closed || strings.Contains(body, "Acme") {
			t.Errorf("%s without a session: %d to %s", path, resp.StatusCode, to)
		}
	}
	for next, want := range map[string]string{"//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "/dead": "/dead", "": "/"} {
		resp, _ := s.post(t, "/login", "", url.Values{"token": {readSecret}, "next": {next}})
		if got := resp.Header.Get("Location"); got != want {
			t.Errorf("login leads to %q for %q", got, next)
		}
	}
	resp, body := s.post(t, "/login", "", url.Values{"token": {"wrong-secret-0123456789"}})
	if resp.StatusCode != http.StatusUnauthorized || strings.Contains(body, "wrong-secret") || len(resp.Cookies()) > 0 {
		t.Errorf("a wrong token: %d %s", resp.StatusCode, body)
	}
	form := url.Values{"number": {"7"}, "name": {"example-news"}, "url": {catalogtest.URL}}
	for _, path := range []string{"/dead/retry", "/dead/drop", "/sources/pause", "/sources/resume", "/sources/run", "/articles/again"} {
		for cookie, want := range map[string]int{"": 401, s.login(t, readSecret): 403} {
			if resp, _ := s.post(t, path, cookie, form); resp.StatusCode != want {
				t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
			}
		}
	}
	if s.queue.log() != "" {
		t.Errorf("it was done: %s", s.queue.log())
	}
	checkChanges(t, s, form)
}

// checkChanges makes every change with a token that may.
func checkChanges(t *testing.T, s servedSite, form url.Values) {
	t.Helper()
	cookie := s.login(t, writeSecret)
	for _, tt := range []struct{ path, back string }{
		{"/dead/retry", "/dead?said=retried"}, {"/dead/drop", "/dead?said=dropped"}, {"/sources/pause", "/sources?said=paused"},
		{"/sources/resume", "/sources?said=resumed"}, {"/sources/run", "/sources?said=asked"},
		{"/articles/again", "/articles/view?said=again&url=" + url.QueryEscape(catalogtest.URL)},
	} {
		resp, body := s.post(t, tt.path, cookie, form)
		if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != tt.back {
			t.Errorf("%s: %d to %s %s", tt.path, resp.StatusCode, resp.Header.Get("Location"), body)
		}
	}
	if got, want := s.queue.log(), "retry 7 drop 7 pause example-news resume example-news run example-news again warc://breachgraph-000001-20240503130000.warc.gz/17"; got != want {
		t.Errorf("done: %s, want %s", got, want)
	}
	if resp, body := s.get(t, "/dead?said=retried", cookie); resp.StatusCode != 200 || !strings.Contains(body, "being done again") {
		t.Error("the page does not say what was done")
	}
	if _, body := s.get(t, "/dead?said="+url.QueryEscape(evil), cookie); strings.Contains(body, "alert(1)&lt;/script&gt;</p><p role") || strings.Contains(body, `role="status"`) {
		t.Error("the page says what its address makes up")
	}
}

// What the database or the queue say is for the log, and not for pages.
func TestTrouble(t *testing.T) {
	secret := errors.New("bolt://neo4j:hunter2@10.0.0.1:7687 refused")
	s := serveSite(t, "", func(s *Site) {
		s.Catalog.Read = func(context.Context, string, map[string]any, graph.Limits) (graph.Table, error) {
			return graph.Table{}, secret
		}
		s.Counter = catalog.NewCounter(s.Catalog)
		s.Ready = func(context.Context) error { return secret }
		s.Queue.(*fakeQueue).err = secret
	})
	for path, status := range map[string]int{
		"/": 200, "/articles": 503, "/breaches/x": 503, "/articles/evidence?url=x": 503, "/sources": 503, "/dead/8": 404, "/dead/x": 404, "/no-such": 404, "/assets/x.css": 404,
	} {
		resp, body := s.get(t, path, "")
		if resp.StatusCode != status || strings.Contains(body, "hunter2") || strings.Contains(body, "10.0.0.1") {
			t.Errorf("%s: %d %s, want %d", path, resp.StatusCode, body, status)
		}
	}
	if _, body := s.get(t, "/", ""); !strings.Contains(body, "does not answer") {
		t.Errorf("the overview tells of no trouble: %s", body)
	}
}

func TestMissing(t *testing.T) {
	s := serveSite(t, "", func(s *Site) { s.Sources, s.Browser = nil, nil })
	missing := "https://" + catalogtest.Missing + ".example/"
	for path, status := range map[string]int{
		"/articles/view?url=" + url.QueryEscape(missing): 404, "/breaches/" + catalogtest.Missing: 404, "/entities/Organization/" + catalogtest.Missing: 404,
		"/entities/Claim/x": 404, "/sources": 200,
	} {
		if resp, body := s.get(t, path, ""); resp.StatusCode != status {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
	if resp, _ := s.post(t, "/sources/pause", "", url.Values{"name": {"x"}}); resp.StatusCode != http.StatusNotFound {
		t.Errorf("pausing where there are no sources: %d", resp.StatusCode)
	}
}

func TestPlot(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	figure := func(day, unit string, value, low, high *float64) catalog.Figure {
		return catalog.Figure{Published: day, Unit: unit, Value: value, Low: low, High: high}
	}
	for _, tt := range []struct {
		name   string
		in     []catalog.Figure
		points int
	}{
		{"none", nil, 0},
		{"one", []catalog.Figure{figure("2024-05-01", "people", v(5), nil, nil)}, 0},
		{"two", []catalog.Figure{figure("2024-05-01", "people", v(5), nil, nil), figure("2024-05-02", "people", nil, v(10), v(100))}, 2},
		{"one day", []catalog.Figure{figure("2024-05-01", "people", v(5), nil, nil), figure("2024-05-01", "people", v(5), nil, nil)}, 2},
		{"nothing to show", []catalog.Figure{figure("", "people", v(5), nil, nil), figure("2024-05-01", "people", v(0), nil, nil), figure("2024-05-01", "USD", v(-1), nil, nil)}, 0},
	} {
		p := plotFigures(tt.in)
		n := 0
		if p != nil {
			n = len(p.Points)
			if i := slices.IndexFunc(p.Points, func(p point) bool {
				return !(p.X >= 0 && p.X <= plotWidth && p.Y >= 0 && p.Y2 <= p.Y1 && p.Y1 <= plotHeight)
			}); i >= 0 {
				t.Errorf("%s: point %d lies at %+v", tt.name, i, p.Points[i])
			}
		}
		if n != tt.points {
			t.Errorf("%s: %d points, want %d", tt.name, n, tt.points)
		}
	}
}
