package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	verrors "github.com/pb33f/libopenapi-validator/errors"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/api"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog/catalogtest"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/page"
	"github.com/breachgraph/breachgraph/queries"
)

const (
	reader = "reader-secret-0123456789"
	writer = "writer-secret-0123456789"
	both   = "both-secret-01234567890"
)

// A server is the API, and what came of it.
type server struct {
	*httptest.Server
	guard *access.Guard
	taken []ingest.Article
	log   bytes.Buffer
}

func serve(t *testing.T, change func(*api.API)) *server {
	t.Helper()
	tokens, err := access.ParseTokens("press:read:" + reader + " feeder:write:" + writer + "\nboss:read+write:" + both)
	if err != nil {
		t.Fatal(err)
	}
	all, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{}
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	rd := ingest.Reader{HTML: page.Read}
	a := &api.API{
		Catalog: catalogtest.New(), Queries: all, Log: log,
		Fetch: func(_ context.Context, address string) (ingest.Article, error) {
			switch {
			case strings.Contains(address, "private"):
				return ingest.Article{}, fmt.Errorf("fetch: %w", crawl.ErrPrivate)
			case strings.Contains(address, "robots"):
				return ingest.Article{}, fmt.Errorf("fetch: %w", crawl.ErrDisallowed)
			case strings.Contains(address, "silent"):
				return ingest.Article{}, errors.New("dial tcp 10.0.0.1:443: refused")
			case strings.Contains(address, "gone"):
				return ingest.Article{}, &crawl.StatusError{URL: address, Status: 410}
			}
			return ingest.Article{ID: address, URL: address, Title: "A breach", Text: "Acme was breached."}, nil
		},
		Read: func(ctx context.Context, content []byte, address string) (ingest.Article, error) {
			for article, err := range rd.Read(ctx, max(address, "-"), bytes.NewReader(content)) {
				return article, err
			}
			return ingest.Article{}, ingest.ErrNoArticle
		},
		Take: func(_ context.Context, a ingest.Article) error {
			s.taken = append(s.taken, a)
			return nil
		},
	}
	if change != nil {
		change(a)
	}
	s.guard = access.NewGuard(access.Options{Tokens: tokens, Log: log, TokenRate: access.Rate{PerSecond: 1000, Burst: 100_000}, AddressRate: access.Rate{PerSecond: 1000, Burst: 100_000}})
	s.Server = httptest.NewServer(s.guard.Front(api.MaxBody, a.Handler(s.guard)))
	t.Cleanup(s.Close)
	return s
}

// A call is a request and what it is to come to.
type call struct {
	method, path, token, kind, body string
	status                          int
	holds                           string
}

func (c call) request(t *testing.T, base string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), c.method, base+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.kind != "" {
		r.Header.Set("Content-Type", c.kind)
	}
	return r
}

func calls() []call {
	missing := url.QueryEscape("https://" + catalogtest.Missing + ".example/")
	html := "<html><head><title>Acme breach</title><meta property=og:type content=article></head><body><article><h1>Acme breach</h1><p>" +
		strings.Repeat("Acme said that hackers had stolen the records of 50,000 customers. ", 8) + "</p></article></body></html>"
	get := func(path string, status int, holds string) call {
		return call{"GET", path, both, "", "", status, holds}
	}
	post := func(kind, body string, status int, holds string) call {
		return call{"POST", "/api/v1/articles", both, kind, body, status, holds}
	}
	return []call{
		get("/api/v1/articles", 200, `"truncated":false`),
		get("/api/v1/articles?q=acme&since=2024-05-01&until=2024-06-01&limit=1", 200, "news.example"),
		get("/api/v1/articles?skip=5", 200, `"items":[]`),
		get("/api/v1/article?url="+url.QueryEscape(catalogtest.URL), 200, `"sentence":"Acme said so.`),
		get("/api/v1/article?url="+missing, 404, "no such thing"),
		get("/api/v1/entities?q=acme&kind=Company", 200, `"id":"acme"`),
		get("/api/v1/entities/Organization/acme", 200, `"sector"`),
		get("/api/v1/entities/Organization/"+catalogtest.Missing, 404, ""),
		get("/api/v1/entities/Claim/c1", 404, ""),
		get("/api/v1/breaches", 200, catalogtest.Breach),
		get("/api/v1/breaches?order=articles", 200, catalogtest.Breach),
		get("/api/v1/breaches?q=acme", 200, catalogtest.Breach),
		get("/api/v1/breaches/"+catalogtest.Breach, 200, `"correctedTo":["70,000"]`),
		get("/api/v1/breaches/"+catalogtest.Missing, 404, ""),
		get("/api/v1/queries", 200, "repeat-victims"),
		get("/api/v1/queries/repeat-victims?since=2020-01-01&rows=1", 200, `"truncated":true`),
		get("/api/v1/queries/no-such", 404, ""),
		{"GET", "/api/v1/articles", "", "", "", 401, "show a token"},
		{"GET", "/api/v1/articles", "wrong-secret-0123456789", "", "", 401, "show a token"},
		{"GET", "/api/v1/articles", writer, "", "", 403, "scope read"},
		{"POST", "/api/v1/articles", reader, "text/plain", "Acme.", 403, "scope write"},
		post("application/json", `{"url":"https://news.example/2"}`, 202, `"id":"https://news.example/2"`),
		post("application/json", `{"text":"Acme was breached.","title":"A","published":"2024-05-01"}`, 202, "urn:sha256:"),
		post("application/json", `{"url":"https://private.example/"}`, 422, "not on the open internet"),
		post("application/json", `{"url":"https://robots.example/"}`, 422, "robots.txt"),
		post("application/json", `{"url":"https://gone.example/"}`, 422, "410 Gone"),
		post("application/json", `{"url":"https://silent.example/"}`, 502, "cannot be fetched"),
		post("text/html; charset=utf-8", html, 202, `"title":"Acme breach"`),
		post("text/plain", "Acme was breached.", 202, "urn:sha256:"),
		post("text/plain", "  ", 422, "no article"),
	}
}

// bad are requests that the document forbids too.
func bad() []call {
	get := func(path string, holds string) call { return call{"GET", path, both, "", "", 400, holds} }
	post := func(kind, body string, status int, holds string) call {
		return call{"POST", "/api/v1/articles", both, kind, body, status, holds}
	}
	return []call{
		get("/api/v1/article", "url is missing"),
		get("/api/v1/articles?limit=0", "from 1 to 200"),
		get("/api/v1/articles?limit=1&limit=2", "twice"),
		get("/api/v1/articles?since=yesterday", "day such as"),
		get("/api/v1/articles?order=x", "no parameter"),
		get("/api/v1/articles?q="+strings.Repeat("x", 5000), "longer than"),
		get("/api/v1/articles?q=%zz", "cannot be read"),
		get("/api/v1/entities?kind=Claim", "kind is one of"),
		get("/api/v1/breaches?order=size", "latest or articles"),
		get("/api/v1/queries/repeat-victims?rows=10001", "from 1 to 10000"),
		get("/api/v1/queries/repeat-victims?since=x", "since"),
		get("/api/v1/queries/find", "text"),
		post("application/json", `{"url":"ftp://news.example/"}`, 400, "http or https"),
		post("application/json", `{"url":"https://user:pass@news.example/"}`, 400, "without a user"),
		post("application/json", `{"text":"a","html":"b"}`, 400, "not both"),
		post("application/json", `{"title":"a"}`, 400, "go with text"),
		post("application/json", `{"text":"a","published":"soon"}`, 400, "published is"),
		post("application/json", `{"id":"x"}`, 400, "no JSON object"),
		post("application/json", `{"text":"a"} {}`, 400, "follows"),
		post("application/json", `[]`, 400, "no JSON object"),
		post("application/pdf", `%PDF`, 415, "text/html"),
		post("text/html", `{"id":"x","article":{"text":"Acme.","title":"","url":"","published":""},"entities":[],"claims":[]}`, 422, ""),
		post("text/plain", strings.Repeat("x", api.MaxBody+1), 413, "too large"),
		{"GET", "/api/v1/nothing", both, "", "", 404, "openapi.json"},
		{"DELETE", "/api/v1/articles", both, "", "", 405, "method"},
	}
}

// do makes a call and checks what it comes to.
func (s *server) do(t *testing.T, c call) (*http.Request, *http.Response) {
	t.Helper()
	resp, err := http.DefaultClient.Do(c.request(t, s.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%s %.100s %.60s", c.method, c.path, c.body)
	if resp.StatusCode != c.status || !strings.Contains(string(body), c.holds) {
		t.Errorf("%s = %d %.300s, want %d with %q", name, resp.StatusCode, body, c.status, c.holds)
	}
	if want := "application/problem+json"; c.status >= 400 && (resp.Header.Get("Content-Type") != want || !json.Valid(body)) {
		t.Errorf("%s answers %s: %s", name, resp.Header.Get("Content-Type"), body)
	}
	for _, secret := range []string{reader, writer, both} {
		if strings.Contains(string(body), secret) {
			t.Errorf("%s shows a token: %s", name, body)
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return c.request(t, s.URL), resp
}

// Every request and answer is as the OpenAPI document says.
func TestDocument(t *testing.T) {
	s := serve(t, nil)
	resp, err := http.Get(s.URL + "/api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := libopenapi.NewDocument(raw)
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, problems := v.ValidateDocument(); !ok {
		for _, p := range problems {
			t.Errorf("the document: %s: %s", p.Message, p.Reason)
		}
	}
	used := map[string]bool{}
	for _, c := range calls() {
		r, resp := s.do(t, c)
		validate := v.ValidateHttpRequestResponse
		if c.status == http.StatusUnauthorized {
			validate = func(r *http.Request, resp *http.Response) (bool, []*verrors.ValidationError) {
				return v.ValidateHttpResponse(r, resp)
			}
		}
		if ok, problems := validate(r, resp); !ok {
			for _, p := range problems {
				t.Errorf("%s %s: %s: %s", c.method, c.path, p.Message, p.Reason)
			}
		}
		used[c.method+" "+r.URL.Path] = true
	}
	checkRoutes(t, raw, used)
}

// checkRoutes sees that each operation of the document was called.
func checkRoutes(t *testing.T, raw []byte, used map[string]bool) {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	operations := 0
	for path, methods := range doc.Paths {
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "[^/]+") + "$")
		for method := range methods {
			operations++
			called := false
			for u := range used {
				m, p, _ := strings.Cut(u, " ")
				called = called || strings.EqualFold(m, method) && pattern.MatchString(p)
			}
			if !called {
				t.Errorf("%s %s was not called", method, path)
			}
		}
	}
	if want := api.Routes(); operations != want {
		t.Errorf("the document has %d operations, the API %d", operations, want)
	}
}

func TestBadRequests(t *testing.T) {
	s := serve(t, nil)
	for _, c := range bad() {
		s.do(t, c)
	}
	if len(s.taken) > 0 {
		t.Errorf("%d articles were taken", len(s.taken))
	}
}

// What goes wrong inside is told in the log, and not to who asked.
func TestFailures(t *testing.T) {
	secret := errors.New("bolt://neo4j:hunter2@10.0.0.1:7687 refused")
	for _, tt := range []struct {
		err    error
		status int
	}{{secret, 503}, {fmt.Errorf("%w: %w", graph.ErrTimeout, secret), 504}, {context.DeadlineExceeded, 504}} {
		s := serve(t, func(a *api.API) {
			a.Catalog.Read = func(context.Context, string, map[string]any, graph.Limits) (graph.Table, error) {
				return graph.Table{}, tt.err
			}
		})
		_, resp := s.do(t, call{"GET", "/api/v1/breaches", reader, "", "", tt.status, ""})
		body, _ := io.ReadAll(resp.Body)
		if strings.Contains(string(body), "hunter2") || strings.Contains(string(body), "10.0.0.1") {
			t.Errorf("%v: %s", tt.err, body)
		}
		if strings.Contains(s.log.String(), reader) {
			t.Errorf("the log shows the token: %s", &s.log)
		}
	}
}

// A token that has asked for too much is told when to come again.
func TestRate(t *testing.T) {
	tokens, err := access.ParseTokens("press:read:" + reader)
	if err != nil {
		t.Fatal(err)
	}
	g := access.NewGuard(access.Options{Tokens: tokens, TokenRate: access.Rate{PerSecond: 0.01, Burst: 4}})
	a := &api.API{Catalog: catalogtest.New(), Log: slog.New(slog.DiscardHandler)}
	s := httptest.NewServer(g.Front(api.MaxBody, a.Handler(g)))
	defer s.Close()
	var last *http.Response
	for range 5 {
		if last, err = http.DefaultClient.Do(call{"GET", "/api/v1/breaches", reader, "", "", 0, ""}.request(t, s.URL)); err != nil {
			t.Fatal(err)
		}
		last.Body.Close()
	}
	if last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") == "" {
		t.Errorf("the fifth of four requests: %d, Retry-After %q", last.StatusCode, last.Header.Get("Retry-After"))
	}
}
