package crawl

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// gaps checks that a host was never asked sooner than the delay allows.
func gaps(t *testing.T, calls []call, least time.Duration) {
	t.Helper()
	last := map[string]call{}
	for _, c := range calls {
		if before, ok := last[c.host]; ok && c.at.Sub(before.at) < least {
			t.Errorf("%s was asked for %s only %s after %s, want %s", c.host, c.path, c.at.Sub(before.at), before.path, least)
		}
		last[c.host] = c
	}
}

// all gives what was asked, robots.txt too.
func (w *town) all() []call {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.log
	w.log = nil
	return calls
}

func TestPoliteness(t *testing.T) {
	w := newTown(t, 3)
	var paths, titles []string
	for n := range 6 {
		titles = append(titles, fmt.Sprint("story", n))
		paths = append(paths, fmt.Sprint("/story", n))
	}
	w.stories(titles...)
	w.text("/feed", "text/xml", rss(paths...))
	w.HandleFunc("/robots.txt", func(rw http.ResponseWriter, r *http.Request) {
		switch r.Host {
		case w.hosts[1]:
			fmt.Fprint(rw, "User-agent: *\nCrawl-delay: 7\n")
		case w.hosts[2]:
			fmt.Fprint(rw, "User-agent: breachgraph\nDisallow: /story3\nDisallow: /story4\n\nUser-agent: *\nDisallow: /\n")
		default:
			rw.WriteHeader(http.StatusNotFound)
		}
	})
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"), w.feed(1, "/feed"), w.feed(2, "/feed"))
	plan.Politeness.Delay = 4 * time.Second
	_, got := w.crawl(t, plan)
	if n := strings.Count(got, "skipped"); n != 2 {
		t.Errorf("%d pages were skipped, want 2: %s", n, got)
	}
	byHost := map[string][]call{}
	for _, c := range w.all() {
		byHost[c.host] = append(byHost[c.host], c)
		if c.host == w.hosts[2] && (c.path == "/story3" || c.path == "/story4") {
			t.Errorf("%s was asked for, which robots.txt forbids", c.path)
		}
		if agent := c.header.Get("User-Agent"); !strings.HasPrefix(agent, "breachgraph (+https://") || c.header.Get("Cookie") != "" {
			t.Errorf("asked with %v", c.header)
		}
	}
	for i, least := range []time.Duration{4, 7, 4} {
		calls := byHost[w.hosts[i]]
		if len(calls) == 0 || calls[0].path != "/robots.txt" {
			t.Fatalf("host %d was not asked for robots.txt first", i)
		}
		gaps(t, calls[1:], least*time.Second)
	}
	// A restart does not ask for robots.txt again.
	w.later(2 * time.Hour)
	w.crawl(t, plan)
	for _, c := range w.all() {
		if c.path == "/robots.txt" {
			t.Error("robots.txt was asked for again within a day")
		}
	}
	w.later(24 * time.Hour)
	w.crawl(t, plan)
	if calls := w.all(); len(calls) < 6 {
		t.Errorf("a day later there were %d requests, want robots.txt and the feed of each host", len(calls))
	}
}

// A crawl that follows another at once does not ask hosts sooner than that would
// have.
func TestPolitenessAfterRestart(t *testing.T) {
	w := newTown(t, 1)
	w.stories("acme", "bolt")
	w.text("/robots.txt", "text/plain", "User-agent: *\nCrawl-delay: 50\n")
	w.text("/a", "text/xml", rss("/acme"))
	w.text("/b", "text/xml", rss("/bolt"))
	folder := t.TempDir()
	w.crawl(t, w.plan(folder, w.feed(0, "/a")))
	w.crawl(t, w.plan(folder, w.feed(0, "/b")))
	calls := w.all()
	if len(calls) != 5 {
		t.Errorf("asked %d times, want 5", len(calls))
	}
	gaps(t, calls, 50*time.Second)
}

func TestRobotsAnswers(t *testing.T) {
	tests := []struct {
		name   string
		robots http.HandlerFunc
		want   string
	}{
		{"missing", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNotFound) }, "new /acme"},
		{"forbidden", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusForbidden) }, "new /acme"},
		{"server error", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusServiceUnavailable) }, "failed /feed"},
		{"redirected", func(rw http.ResponseWriter, r *http.Request) {
			if strings.Count(r.URL.RawQuery, "x") < 4 {
				http.Redirect(rw, r, "/robots.txt?"+r.URL.RawQuery+"x", http.StatusFound)
				return
			}
			fmt.Fprint(rw, "User-agent: *\nDisallow: /acme\n")
		}, "skipped /acme"},
		{"redirected for ever", func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "/robots.txt?"+r.URL.RawQuery+"x", http.StatusFound)
		}, "new /acme"},
		{"long", func(rw http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(rw, "User-agent: *\n", strings.Repeat("# comment\n", 60<<10), "Disallow: /\n")
		}, "new /acme"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t, 1)
			w.stories("acme")
			w.text("/feed", "text/xml", rss("/acme"))
			w.HandleFunc("/robots.txt", tt.robots)
			_, got := w.crawl(t, w.plan(t.TempDir(), w.feed(0, "/feed")))
			want(t, "events", got, tt.want)
		})
	}
}

// A host that fails is left alone for longer each time, or for as long as it
// says.
func TestRetryAfter(t *testing.T) {
	for name, value := range map[string]func(now time.Time) string{
		"seconds": func(time.Time) string { return "20" },
		"date":    func(now time.Time) string { return now.Add(21 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
			t.Run(fmt.Sprint(name, " ", status), func(t *testing.T) {
				w := newTown(t, 1)
				w.clock = quick(100) // a busy machine must not take longer than the date allows
				refused := 0
				w.HandleFunc("/acme", func(rw http.ResponseWriter, r *http.Request) {
					if refused++; refused <= 2 {
						rw.Header().Set("Retry-After", value(w.clock.now()))
						rw.WriteHeader(status)
						return
					}
					fmt.Fprint(rw, story("acme", ""))
				})
				w.text("/feed", "text/xml", rss("/acme"))
				plan := w.plan(t.TempDir(), w.feed(0, "/feed"))
				_, got := w.crawl(t, plan)
				want(t, "events", got, "failed /acme, failed /acme, new /acme")
				gaps(t, w.calls()[1:], 19*time.Second)
			})
		}
	}
}

func TestBackoff(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: 30 * time.Second, 2: time.Minute, 5: 8 * time.Minute, 40: 24 * time.Hour} {
		if got := backoff(failures, 0.5); got != want {
			t.Errorf("backoff(%d, 0.5) = %s, want %s", failures, got, want)
		}
		if low, high := backoff(failures, 0), backoff(failures, 1); low != want*3/4 || high != want*5/4 {
			t.Errorf("backoff(%d) is between %s and %s, want within a quarter of %s", failures, low, high, want)
		}
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "10": 10 * time.Second, "99999999": maxRetryAfter, "99999999999999999999": 0,
		"Thu, 01 Jan 2026 00:01:00 GMT": time.Minute, "Thu, 01 Jan 2009 00:01:00 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("retryAfter(%q) = %s, want %s", value, got, want)
		}
	}
}

// A host that goes on failing ends the pass, with nothing lost.
func TestHostDown(t *testing.T) {
	w := newTown(t, 2)
	down := true
	w.HandleFunc("/acme", func(rw http.ResponseWriter, r *http.Request) {
		if down {
			rw.WriteHeader(http.StatusInternalServerError)
			return
		}
		fmt.Fprint(rw, story("acme", ""))
	})
	w.stories("bolt")
	w.text("/feed", "text/xml", rss("/acme"))
	w.text("/well", "text/xml", rss("/bolt"))
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"), w.feed(1, "/well"))
	_, got := w.crawl(t, plan)
	if !strings.Contains(got, "new /bolt") || strings.Count(got, "failed /acme") < 2 || strings.Count(got, "failed") > 4 {
		t.Errorf("while a host is down: %s", got)
	}
	down = false
	w.later(24 * time.Hour)
	_, got = w.crawl(t, plan)
	if !strings.Contains(got, "new /acme") {
		t.Errorf("a day later: %s", got)
	}
}

func TestRedirects(t *testing.T) {
	w := newTown(t, 2)
	w.stories("acme")
	for path, to := range map[string]string{
		"/moved": "/hop?x=1", "/hop": w.url(1, "/acme"), "/circle": "/circle2", "/circle2": "/circle", "/file": "file:///etc/passwd",
		"/forbidden": w.url(1, "/closed/acme"), "/nowhere": "http://127.0.0.1:1/",
	} {
		w.HandleFunc(path, func(rw http.ResponseWriter, r *http.Request) { rw.Header().Set("Location", to); rw.WriteHeader(302) })
	}
	w.HandleFunc("/farther", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "/farther?"+r.URL.RawQuery+"x", http.StatusFound)
	})
	w.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /closed/\n")
	w.text("/feed", "text/xml", rss("/moved", "/circle", "/file", "/forbidden", "/farther"))
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"))
	plan.Delay = 100 * time.Millisecond
	events, got := w.crawl(t, plan)
	want(t, "events", got, "failed /circle, failed /farther, failed /file, new /moved, skipped /forbidden")
	reasons := map[string]string{}
	for _, e := range events {
		reasons[strings.TrimPrefix(e.URL, "http://"+w.hosts[0])] = e.Reason
		if e.Article != nil {
			want(t, "address", e.Article.URL, w.url(1, "/acme"))
		}
	}
	want(t, "circle", reasons["/circle"], "redirected in a circle, again to "+w.url(0, "/circle"))
	want(t, "farther", reasons["/farther"], "redirected more than 10 times")
	want(t, "file", reasons["/file"], `redirected to "file:///etc/passwd", which is not http or https`)
	want(t, "forbidden", reasons["/forbidden"], "redirected to "+w.url(1, "/closed/acme")+": disallowed by robots.txt")
	for _, c := range w.all() {
		if strings.HasPrefix(c.path, "/closed/") {
			t.Errorf("%s was asked for, which robots.txt forbids", c.path)
		}
	}
}

// Private addresses are not asked, neither at first nor after a redirect from
// the open internet, for which a proxy stands here.
func TestPrivate(t *testing.T) {
	w := newTown(t, 2)
	w.text("/feed", "text/xml", rss("/inward", "/named"))
	w.HandleFunc("/inward", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, w.url(1, "/secret"), http.StatusFound)
	})
	w.HandleFunc("/named", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "http://metadata.localhost/secret", http.StatusFound)
	})
	w.stories("secret")
	plan := w.plan(t.TempDir(), w.feed(1, "/feed"))
	plan.AllowPrivate = false
	events, got := w.crawl(t, plan)
	want(t, "direct", got, "failed /feed")
	if reason := events[0].Reason; !strings.HasSuffix(reason, ErrPrivate.Error()+": 127.0.0.2") {
		t.Errorf("reason %q", reason)
	}

	plan = w.plan(t.TempDir(), Source{Name: "s", Kind: Feed, URL: "http://news.example/feed"})
	plan.AllowPrivate = false
	plan.proxy = func(*http.Request) (*url.URL, error) { return url.Parse(w.url(0, "")) }
	_, got = w.crawl(t, plan)
	want(t, "through a proxy", got, "failed http://news.example/inward, failed http://news.example/named")
	for _, c := range w.all() {
		if c.path == "/secret" {
			t.Error("the secret was asked for")
		}
	}
}
