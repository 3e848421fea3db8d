package access

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	readSecret  = "read-secret-0123456789"
	writeSecret = "write-secret-0123456789"
)

func TestParseTokens(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string // names and scopes, or words of the error
	}{
		{"none", " \n# nothing\n", ""},
		{"lines", "a:read:" + readSecret + "\n# b:read:x\nb:read+write:" + writeSecret, "a[read] b[read write]"},
		{"one line", "a:read:" + readSecret + ", b:write:" + writeSecret, "a[read] b[write]"},
		{"colons in the secret", "a:read:" + readSecret + ":x", "a[read]"},
		{"no scopes", "a:" + readSecret, "token 1: it is not of the form"},
		{"no name", ":read:" + readSecret, "token 1: it is not of the form"},
		{"unknown scope", "a:admin:" + readSecret, "scopes of a"},
		{"short", "ok:read:" + readSecret + " a:read:short-secret", "token 2: the secret of a has 12 characters"},
		{"long", "a:read:" + strings.Repeat("x", maxSecret+1), "has 201 characters"},
		{"same name", "a:read:" + readSecret + " a:read:" + writeSecret, "another one's"},
		{"same secret", "a:read:" + readSecret + " b:read:" + readSecret, "another one's"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tokens, err := ParseTokens(tt.in)
			got := ""
			for _, k := range tokens {
				got += fmt.Sprint(" ", k.Name, k.scopes)
			}
			if err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(strings.TrimSpace(got), tt.want) && !(err != nil && strings.Contains(got, tt.want)) {
				t.Errorf("ParseTokens = %s, want %s", got, tt.want)
			}
			if err != nil && (strings.Contains(got, readSecret) || strings.Contains(got, "short-secret")) {
				t.Errorf("the error shows a secret: %s", got)
			}
		})
	}
}

func FuzzParseTokens(f *testing.F) {
	f.Add("a:read:" + readSecret + "\n# c\nb:read+write:" + writeSecret)
	f.Fuzz(func(t *testing.T, in string) {
		tokens, err := ParseTokens(in)
		if err != nil && tokens != nil {
			t.Error("tokens and an error")
		}
		for i := range tokens {
			if k := &tokens[i]; !isName(k.Name) || len(k.scopes) == 0 || k.Allows("") {
				t.Errorf("token %d is %+v", i, k)
			}
		}
		if find(tokens, "") != nil {
			t.Error("the empty secret is a token")
		}
	})
}

func TestReadTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "the-secret-by-a-slip")
	if _, err := ReadTokens(path); err == nil || strings.Contains(err.Error(), "slip") {
		t.Errorf("a file that is not there: %v", err)
	}
	for content, ok := range map[string]bool{"a:read:" + readSecret: true, "": false, strings.Repeat("#\n", maxTokenFile): false} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		tokens, err := ReadTokens(path)
		if (err == nil) != ok || err != nil && strings.Contains(err.Error(), "slip") {
			t.Errorf("a file of %d bytes: %d tokens, %v", len(content), len(tokens), err)
		}
	}
}

// guarded is a guard with two tokens, and a clock that stands where it is set.
func guarded(t *testing.T, o Options) (*Guard, *time.Time) {
	t.Helper()
	now := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	var err error
	if o.Tokens, err = ParseTokens("press:read:" + readSecret + " boss:read+write:" + writeSecret); err != nil {
		t.Fatal(err)
	}
	o.Now = func() time.Time { return now }
	return NewGuard(o), &now
}

// ok answers with the name of the caller.
func ok(w http.ResponseWriter, r *http.Request) {
	name := "nobody"
	if t := Caller(r.Context()); t != nil {
		name = t.Name
	}
	io.WriteString(w, name)
}

// A call is a request to a handler.
type call struct {
	method, host, from, bearer, cookie string
	header                             map[string]string
}

func (c call) to(h http.Handler) *httptest.ResponseRecorder {
	r := httptest.NewRequest(max(c.method, "GET"), "http://localhost/page?a=b", strings.NewReader(strings.Repeat("x", 2000)))
	r.Host = "localhost:8321"
	if c.host != "" {
		r.Host = c.host
	}
	r.RemoteAddr = max(c.from, "127.0.0.1:1")
	if c.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A page elsewhere whose own name leads here, or that makes a browser send
// something, is refused.
func TestFront(t *testing.T) {
	g, _ := guarded(t, Options{Names: []string{"graph.example"}})
	h := g.Front(1000, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err == nil {
			t.Error("a body of 2000 bytes is let through")
		}
		io.WriteString(w, "ok")
	}))
	for host, status := range map[string]int{
		"localhost": 200, "localhost:8321": 200, "127.0.0.1": 200, "[::1]:8321": 200, "192.0.2.7:80": 200, "graph.example": 200, "GRAPH.example.:443": 200,
		"evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example:8321": 421, "notgraph.example": 421, "": 200,
	} {
		if w := (call{host: host}).to(h); w.Code != status {
			t.Errorf("Host %q: %d, want %d", host, w.Code, status)
		}
	}
	for _, tt := range []struct {
		method string
		header map[string]string
		status int
	}{
		{"POST", nil, 200}, // no browser
		{"POST", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		{"POST", map[string]string{"Origin": "http://localhost:8321"}, 200},
		{"POST", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"POST", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"POST", map[string]string{"Origin": "http://evil.example"}, 403},
		{"POST", map[string]string{"Origin": "null"}, 403},
		{"GET", map[string]string{"Sec-Fetch-Site": "cross-site"}, 200},
	} {
		if w := (call{method: tt.method, header: tt.header}).to(h); w.Code != tt.status {
			t.Errorf("%s with %v: %d, want %d", tt.method, tt.header, w.Code, tt.status)
		}
	}
	headers := (call{}).to(h).Header()
	if p := headers.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") || headers.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", headers)
	}
}

func TestAPI(t *testing.T) {
	g, _ := guarded(t, Options{})
	h := g.API(Write, 1, http.HandlerFunc(ok))
	session := g.sessions.begin(&g.tokens[1], httptest.NewRequest("GET", "/", nil))
	for _, tt := range []struct {
		name, want string
		status     int
		call       call
	}{
		{"no token", "show a token", 401, call{}},
		{"wrong token", "show a token", 401, call{bearer: "wrong"}},
		{"long token", "show a token", 401, call{bearer: strings.Repeat("x", 10_000)}},
		{"another scheme", "show a token", 401, call{header: map[string]string{"Authorization": "Basic " + writeSecret}}},
		{"a session is no token", "show a token", 401, call{cookie: session.Name + "=" + session.Value}},
		{"lacks the scope", "scope write", 403, call{bearer: readSecret}},
		{"good", "boss", 200, call{bearer: writeSecret}},
		{"scheme in lower case", "boss", 200, call{header: map[string]string{"Authorization": "bearer  " + writeSecret}}},
	} {
		w := tt.call.to(h)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) || w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", tt.name, w.Code, w.Body)
		}
	}
	if w := (call{bearer: writeSecret}).to(NewGuard(Options{}).API(Read, 1, http.HandlerFunc(ok))); w.Code != 401 || !strings.Contains(w.Body.String(), "BREACHGRAPH_API_TOKENS") {
		t.Errorf("a guard without tokens: %d %s", w.Code, w.Body)
	}
}

func TestSessions(t *testing.T) {
	var log bytes.Buffer
	g, now := guarded(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	page, change := g.Page(Read, "/login", http.HandlerFunc(ok)), g.Page(Write, "", http.HandlerFunc(ok))
	if w := (call{}).to(page); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/login?next="+url.QueryEscape("/page?a=b") {
		t.Errorf("without a session: %d to %s", w.Code, w.Header().Get("Location"))
	}
	if w := (call{method: "POST"}).to(change); w.Code != http.StatusUnauthorized {
		t.Errorf("a change without a session: %d", w.Code)
	}
	r := httptest.NewRequest("POST", "/login", nil)
	if g.LogIn(httptest.NewRecorder(), r, "wrong-secret-0123456789") {
		t.Error("a wrong token logs in")
	}
	in := httptest.NewRecorder()
	if !g.LogIn(in, r, readSecret+"\n") {
		t.Fatal("the token does not log in")
	}
	c := in.Result().Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure || strings.Contains(c.Value, readSecret) {
		t.Errorf("the cookie is %s", c)
	}
	with := call{cookie: c.Name + "=" + c.Value}
	if w := with.to(page); w.Code != 200 || w.Body.String() != "press" {
		t.Errorf("with a session: %d %s", w.Code, w.Body)
	}
	if w := with.to(change); w.Code != http.StatusForbidden {
		t.Errorf("a change without the scope: %d", w.Code)
	}
	*now = now.Add(sessionTime + time.Second)
	if w := with.to(page); w.Code != http.StatusSeeOther {
		t.Errorf("with an old session: %d", w.Code)
	}
	in = httptest.NewRecorder()
	g.LogIn(in, r, writeSecret)
	c = in.Result().Cookies()[0]
	r.AddCookie(c)
	g.LogOut(httptest.NewRecorder(), r)
	if w := (call{cookie: c.Name + "=" + c.Value}).to(page); w.Code != http.StatusSeeOther {
		t.Errorf("after logging out: %d", w.Code)
	}
	for _, secret := range []string{readSecret, writeSecret, "wrong-secret", c.Value} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log shows %s: %s", secret, &log)
		}
	}
	open := NewGuard(Options{})
	if w := (call{method: "POST"}).to(open.Page(Write, "", http.HandlerFunc(ok))); w.Code != 200 || w.Body.String() != "nobody" {
		t.Errorf("where nobody is asked: %d %s", w.Code, w.Body)
	}
}

func TestSecureCookie(t *testing.T) {
	g, _ := guarded(t, Options{})
	r := httptest.NewRequest("POST", "/login", nil)
	r.Header.Set("X-Forwarded-Proto", "https")
	w := httptest.NewRecorder()
	if !g.LogIn(w, r, readSecret) || !w.Result().Cookies()[0].Secure {
		t.Error("the cookie of a connection by TLS is not secure")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	g, now := guarded(t, Options{})
	r := httptest.NewRequest("GET", "/", nil)
	for range maxSessions + 10 {
		*now = now.Add(time.Millisecond)
		g.sessions.begin(&g.tokens[0], r)
	}
	if n := len(g.sessions.byID); n != maxSessions {
		t.Errorf("%d sessions are remembered", n)
	}
}

func TestRates(t *testing.T) {
	g, now := guarded(t, Options{TokenRate: Rate{1, 3}, AddressRate: Rate{1, 2}})
	h := g.API(Read, 1, http.HandlerFunc(ok))
	codes := func(c call, n int) (out []int) {
		for range n {
			out = append(out, c.to(h).Code)
		}
		return out
	}
	stranger := call{from: "[2001:db8::1]:5"}
	for _, tt := range []struct {
		name string
		got  []int
		want string
	}{
		{"a stranger", codes(stranger, 3), "[401 401 429]"},
		{"his neighbour", codes(call{from: "[2001:db8::2]:5"}, 1), "[429]"},
		{"another network", codes(call{from: "[2001:db8:0:1::1]:5"}, 1), "[401]"},
		{"a token from the stranger's address", codes(call{from: stranger.from, bearer: readSecret}, 4), "[200 200 200 429]"},
		{"another token", codes(call{bearer: writeSecret}, 1), "[200]"},
	} {
		if fmt.Sprint(tt.got) != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, tt.got, tt.want)
		}
	}
	w := (call{bearer: readSecret}).to(h)
	if w.Code != 429 || w.Header().Get("Retry-After") != "1" {
		t.Errorf("too early: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	*now = now.Add(time.Second)
	if got := fmt.Sprint(codes(call{bearer: readSecret}, 2)); got != "[200 429]" {
		t.Errorf("a second later: %s", got)
	}
}

func TestLimiterIsBounded(t *testing.T) {
	now := time.Now()
	l := newLimiter(Rate{1, 1}, func() time.Time { return now })
	for i := range maxCounted + 100 {
		l.take(fmt.Sprint(i), 1)
	}
	if len(l.byKey) != maxCounted {
		t.Errorf("%d are counted", len(l.byKey))
	}
	if _, ok := l.take(fmt.Sprint(maxCounted+99), 1); ok {
		t.Error("the last one is forgotten")
	}
}

func TestListen(t *testing.T) {
	asks, _ := guarded(t, Options{})
	for _, tt := range []struct {
		address     string
		open, asked bool
	}{
		{"127.0.0.1:0", true, true}, {"localhost:0", true, true}, {"[::1]:0", true, true}, {"0.0.0.0:0", false, true}, {":0", false, true},
		{"127.0.0.1", false, false},
	} {
		for g, want := range map[*Guard]bool{NewGuard(Options{}): tt.open, asks: tt.asked} {
			l, err := g.Listen(tt.address)
			if err == nil {
				l.Close()
			}
			if (err == nil) != want {
				t.Errorf("Listen(%q), asking %v: %v", tt.address, g.Asks(), err)
			}
		}
	}
}
