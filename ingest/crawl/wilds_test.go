package crawl

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/robots"
)

// Wilds are the hosts *.example behind a proxy, each with its own fault.
type wilds struct {
	server *httptest.Server
	epoch  time.Time
	seen   map[string]int // answers of each address, by host and path

	mu     sync.Mutex
	log    []request
	starts []int // places in log at which a process began
}

// A request is what was asked of the wilds, and answered.
type request struct {
	host, path   string
	direct       bool      // not by way of the proxy
	asked, ended time.Time // by the clock of the crawl; not ended if whoever asked gave up
	status       int
	conditional  bool
	retryAfter   time.Duration
	rules        string // of a robots.txt
	process      string // its user agent, which tells processes apart
}

// faultHosts are the hosts, and faultStories how many plain articles each has.
var faultHosts = []string{"news", "slow", "bomb", "loop", "latin", "flaky", "busy", "rules", "copy"}

const faultStories = 6

func newWilds(t *testing.T) *wilds {
	t.Helper()
	w := &wilds{epoch: time.Now(), seen: map[string]int{}}
	w.server = httptest.NewServer(w)
	t.Cleanup(w.server.Close)
	return w
}

// clockOf is the clock of the process that a request is from. What one sent that
// was killed may be read when the next one runs, whose clock was moved on.
func (w *wilds) clockOf(r *http.Request) clock {
	_, shift, _ := strings.Cut(r.UserAgent(), "/")
	shift, _, _ = strings.Cut(shift, " ")
	d, err := time.ParseDuration(shift)
	if err != nil {
		panic(fmt.Sprintf("user agent %q", r.UserAgent()))
	}
	return shifted(w.epoch, d)
}

// restarted notes that what follows is asked by another process.
func (w *wilds) restarted() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.starts = append(w.starts, len(w.log))
}

// waitFor returns once so many more requests have come, or none comes for long.
func (w *wilds) waitFor(requests int) {
	for began := time.Now(); requests > 0 && time.Since(began) < 3*time.Second; time.Sleep(time.Millisecond) {
		w.mu.Lock()
		n := len(w.log)
		if len(w.starts) > 0 {
			n -= w.starts[len(w.starts)-1]
		}
		w.mu.Unlock()
		if n >= requests {
			return
		}
	}
}

// sources are feeds, one for each host.
func (w *wilds) sources() (all []Source) {
	for _, h := range faultHosts {
		all = append(all, Source{Name: h, Kind: Feed, URL: "http://" + h + ".example/feed"})
	}
	return all
}

// paths are what the feed of a host names.
func (w *wilds) paths(host string) []string {
	paths := map[string][]string{
		"news":  {"/closed/a", "/sneaky", "/etagged", "/amp/0", "/login"},
		"slow":  {"/slow", "/drip"},
		"bomb":  {"/endless", "/bomb", "/cut"},
		"loop":  {"/circle", "/farther?", "/inward", "/named"},
		"latin": {"/latin", "/mislabelled"},
		"copy":  {"/copy/0", "/copy/1"},
	}[host]
	for n := range faultStories {
		paths = append(paths, fmt.Sprint("/story/", n))
	}
	return paths
}

// articles are the canonical URLs of what is to be found.
func (w *wilds) articles() (ids []string) {
	for _, h := range faultHosts {
		for n := range faultStories {
			ids = append(ids, fmt.Sprintf("https://%s.example/story/%d", h, n))
		}
	}
	return append(ids, "https://news.example/etagged", "https://latin.example/latin", "https://latin.example/mislabelled",
		"https://copy.example/copy/0", "https://copy.example/copy/1")
}

// ServeHTTP answers what comes through the proxy, and logs it.
func (w *wilds) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	now := w.clockOf(r).now
	w.mu.Lock()
	entry := len(w.log)
	w.log = append(w.log, request{
		asked: now(), process: r.UserAgent(),
		host: strings.TrimSuffix(r.URL.Hostname(), ".example"), path: r.URL.RequestURI(), direct: r.URL.Host == "",
		conditional: r.Header.Get("If-None-Match") != "",
	})
	times := w.seen[r.Host+r.URL.Path]
	w.seen[r.Host+r.URL.Path]++
	w.mu.Unlock()
	answer := &noting{ResponseWriter: rw, status: http.StatusOK}
	if r.URL.Path == "/robots.txt" {
		rules, status := w.robots(r.URL.Hostname(), times)
		w.note(entry, func(e *request) { e.rules = rules })
		answer.WriteHeader(status)
		io.WriteString(answer, rules)
	} else {
		w.answer(answer, r, times)
	}
	if r.Context().Err() != nil {
		return
	}
	retry := retryAfter(rw.Header().Get("Retry-After"), now())
	w.note(entry, func(e *request) { e.status, e.retryAfter, e.ended = answer.status, retry, now() })
}

func (w *wilds) note(entry int, change func(*request)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.log[entry])
}

// noting knows the status that was written.
type noting struct {
	http.ResponseWriter
	status int
}

func (n *noting) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// robots gives the robots.txt of a host, which changes.
func (w *wilds) robots(host string, times int) (rules string, status int) {
	switch {
	case host != "rules.example":
		return "User-agent: *\nDisallow: /closed/\n", http.StatusOK
	case times == 0:
		return "", http.StatusServiceUnavailable
	case times == 1:
		return "User-agent: *\nCrawl-delay: 8\nDisallow: /story/0\nDisallow: /story/1\nDisallow: /story/2\n", http.StatusOK
	}
	return "User-agent: *\nCrawl-delay: 8\nDisallow: /feed/old\n", http.StatusOK
}

// answer gives a page of a host, which was asked for so many times before.
func (w *wilds) answer(rw http.ResponseWriter, r *http.Request, times int) {
	host := strings.TrimSuffix(r.URL.Hostname(), ".example")
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch {
	case r.URL.Path == "/feed":
		body := strings.ReplaceAll(rss(w.paths(host)...), "HOST", r.URL.Host)
		recent := "/etagged</link><pubDate>" + w.clockOf(r).now().Format(time.RFC1123Z) + "</pubDate>"
		io.WriteString(rw, strings.Replace(body, "/etagged</link>", recent, 1))
	case host == "flaky" && times == 0:
		rw.WriteHeader(http.StatusInternalServerError)
	case host == "busy" && times == 0 && strings.HasSuffix(r.URL.Path, "3"):
		rw.Header().Set("Retry-After", "50")
		rw.WriteHeader(http.StatusTooManyRequests)
	case strings.HasPrefix(r.URL.Path, "/story/"):
		io.WriteString(rw, story(host+"number"+strings.TrimPrefix(r.URL.Path, "/story/"), ""))
	case strings.HasPrefix(r.URL.Path, "/copy/"):
		io.WriteString(rw, story("newsnumber"+strings.TrimPrefix(r.URL.Path, "/copy/"), ""))
	default:
		w.misbehave(rw, r)
	}
}

// misbehave answers as no server should.
func (w *wilds) misbehave(rw http.ResponseWriter, r *http.Request) {
	local := w.server.Listener.Addr().String()
	moved := func(to string) { http.Redirect(rw, r, to, http.StatusFound) }
	switch r.URL.Path {
	case "/slow":
		<-r.Context().Done()
	case "/drip", "/endless":
		for r.Context().Err() == nil {
			if _, err := io.WriteString(rw, strings.Repeat("<p>more ", 100)); err != nil {
				return
			}
			if rw.(*noting).ResponseWriter.(http.Flusher).Flush(); r.URL.Path == "/drip" {
				time.Sleep(10 * time.Millisecond)
			}
		}
	case "/bomb":
		rw.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(rw)
		io.Copy(z, io.LimitReader(zeros{}, 16<<20))
		z.Close()
	case "/cut":
		rw.Header().Set("Content-Length", "1000")
		io.WriteString(rw, "<html>")
	case "/circle":
		moved("/circle")
	case "/farther":
		moved("/farther?" + r.URL.RawQuery + "x")
	case "/sneaky":
		moved("/closed/b")
	case "/inward":
		moved("http://127.0.0.1" + local[strings.LastIndex(local, ":"):] + "/secret")
	case "/named":
		moved("http://localhost" + local[strings.LastIndex(local, ":"):] + "/secret")
	case "/login":
		io.WriteString(rw, "<html><title>Log in</title><p>Log in to go on.")
	case "/latin":
		rw.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		io.WriteString(rw, strings.ReplaceAll(story("cafélatin", ""), "é", "\xe9"))
	case "/mislabelled":
		rw.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		io.WriteString(rw, story("Überschrift", ""))
	case "/amp/0":
		io.WriteString(rw, story("newsnumber0", `<link rel="canonical" href="http://news.example/story/0">`))
	case "/etagged":
		rw.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(rw, story("etagged", ""))
	default:
		rw.WriteHeader(http.StatusNotFound)
	}
}

// fetched are the addresses of articles that were answered whole.
func (w *wilds) fetched() (addresses []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.log {
		if e.status == http.StatusOK && strings.HasPrefix(e.path, "/story/") {
			addresses = append(addresses, "http://"+e.host+".example"+e.path)
		}
	}
	return addresses
}

// judge reads the log.
func (w *wilds) judge(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	answers := map[string]int{} // whole ones of an address
	byHost := map[string][]int{}
	for i, e := range w.log {
		if e.direct || strings.Contains(e.path, "secret") {
			t.Errorf("%s %s was asked of this machine", e.host, e.path)
		}
		if e.status == http.StatusOK && !e.conditional {
			answers[e.host+e.path]++
		}
		byHost[e.host] = append(byHost[e.host], i)
	}
	again := 0
	for address, n := range answers {
		switch {
		case strings.Contains(address, "/story/"), strings.Contains(address, "/copy/"), strings.HasSuffix(address, "/etagged"):
			again += n - 1
		}
	}
	if most := faultKills * faultWorkers / 2; again > most {
		t.Errorf("%d articles were fetched again, with at most %d on their way at the kills", again, most)
	}
	for host, entries := range byHost {
		w.judgeHost(t, host, entries)
	}
	t.Logf("%d requests, %d articles fetched again after %d kills", len(w.log), again, faultKills)
}

// judgeHost sees that a host was asked as it wants.
func (w *wilds) judgeHost(t *testing.T, host string, entries []int) {
	t.Helper()
	var rules []*robots.Rules // the last that were given
	var given, free time.Time
	for _, i := range entries {
		e := w.log[i]
		address := "http://" + host + ".example" + e.path
		switch {
		case e.path == "/robots.txt":
		case len(rules) == 0 || e.asked.Sub(given) > robotsAge+time.Minute:
			t.Errorf("%s was asked for without a robots.txt that holds", address)
		case !slices.ContainsFunc(rules, func(r *robots.Rules) bool { return r.Allowed("breachgraph", address) }):
			t.Errorf("%s was asked for, which robots.txt forbids", address)
		}
		if e.asked.Before(free) {
			t.Errorf("%s was asked for %v too soon", address, free.Sub(e.asked))
		}
		if e.ended.IsZero() {
			continue
		}
		pause := defaultDelay
		if e.path == "/robots.txt" && e.status == http.StatusOK {
			given = e.ended
			if w.outlived(e) {
				rules = nil
			}
			rules = append(rules, robots.Parse([]byte(e.rules)))
		}
		for _, r := range rules {
			if d, ok := r.CrawlDelay("breachgraph"); ok {
				pause = max(pause, d)
			}
		}
		if w.outlived(e) {
			pause = max(pause, e.retryAfter)
		}
		free = e.ended.Add(pause)
	}
}

// outlived reports whether the process that was given an answer went on for a
// while: what was told to one that was killed at once, nobody knows.
func (w *wilds) outlived(e request) bool {
	return slices.ContainsFunc(w.log, func(later request) bool {
		return later.process == e.process && later.asked.After(e.ended.Add(10*time.Second))
	})
}
