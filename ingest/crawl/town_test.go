package crawl

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/page"
)

// quick is a clock that runs so many times as fast as that of the machine, so
// that a delay of seconds takes milliseconds.
func quick(times time.Duration) clock {
	began := time.Now()
	return clock{
		now: func() time.Time { return began.Add(time.Since(began) * times) },
		timer: func(d time.Duration) (<-chan time.Time, func() bool) {
			t := time.NewTimer(d/times + time.Microsecond)
			return t.C, t.Stop
		},
	}
}

// A call is what a server of a town was asked.
type call struct {
	host, path string
	at         time.Time // by the clock of the crawl
	header     http.Header
}

// A town is servers on addresses of this machine, which keep a log.
type town struct {
	*http.ServeMux
	clock clock
	hosts []string // host:port

	mu  sync.Mutex
	log []call
}

// newTown starts that many servers, each on an address of its own.
func newTown(t testing.TB, hosts int) *town {
	t.Helper()
	w := &town{ServeMux: http.NewServeMux(), clock: quick(1000)}
	for n := range hosts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", n+1))
		if err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip("this machine has too few addresses: ", err)
		}
		s := httptest.NewUnstartedServer(w)
		s.Listener.Close()
		s.Listener = l
		s.Start()
		t.Cleanup(s.Close)
		w.hosts = append(w.hosts, l.Addr().String())
	}
	return w
}

func (w *town) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.log = append(w.log, call{r.Host, r.URL.RequestURI(), w.clock.now(), r.Header.Clone()})
	w.mu.Unlock()
	w.ServeMux.ServeHTTP(rw, r)
}

// url is the address of a path on a host.
func (w *town) url(host int, path string) string { return "http://" + w.hosts[host] + path }

// calls gives what was asked since the last time, without robots.txt.
func (w *town) calls() []call {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := slices.DeleteFunc(w.log, func(c call) bool { return c.path == "/robots.txt" })
	w.log = nil
	return calls
}

// paths gives the same as text, sorted.
func (w *town) paths() string {
	var out []string
	for _, c := range w.calls() {
		out = append(out, c.path)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// text serves a text on a path of every host; HOST in it is the host's.
func (w *town) text(path, kind, body string) {
	w.HandleFunc(path, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", kind)
		fmt.Fprint(rw, strings.ReplaceAll(body, "HOST", r.Host))
	})
}

// story is a page with an article that no other story is like.
func story(title, head string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><title>%[1]s</title><meta property="og:type" content="article">%[2]s</head><body><article><h1>%[1]s</h1>`, title, head)
	for n := range 4 {
		fmt.Fprintf(&b, "<p>")
		for i, verb := range []string{"noticed", "reported", "investigated", "confirmed", "regretted", "explained"} {
			fmt.Fprintf(&b, "In paragraph %d the spokesman of %s %s item %d of %[2]s. ", n, title, verb, i)
		}
		fmt.Fprintf(&b, "</p>")
	}
	return b.String() + "</article></body></html>"
}

// stories serves articles at /TITLE.
func (w *town) stories(titles ...string) {
	for _, title := range titles {
		w.text("/"+title, "text/html; charset=utf-8", story(title, ""))
	}
}

// rss is a feed of addresses.
func rss(paths ...string) string {
	var b strings.Builder
	for _, p := range paths {
		fmt.Fprintf(&b, "<item><title>T</title><link>http://HOST%s</link></item>", p)
	}
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>` + b.String() + "</channel></rss>"
}

// plan is a plan for one pass over sources.
func (w *town) plan(folder string, sources ...Source) Plan {
	return Plan{
		Options: Options{AllowPrivate: true}, Folder: folder, Once: true, Sources: sources,
		Read: func(ctx context.Context, raw []byte, address string, _ Source) (ingest.Article, error) {
			return page.Read(ctx, raw, address)
		},
		Files: ingest.Reader{HTML: page.Read},
	}
}

func (w *town) feed(host int, path string) Source {
	return Source{Name: fmt.Sprintf("feed-%d%s", host, strings.ReplaceAll(path, "/", "-")), Kind: Feed, URL: w.url(host, path)}
}

// crawl makes one pass, and gives its events and those of articles as text:
// outcome and path, sorted.
func (w *town) crawl(t *testing.T, plan Plan) (events []Event, summary string) {
	t.Helper()
	c, err := open(plan, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	var lines []string
	for e, err := range c.Run(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
		if e.Outcome == Found {
			continue
		}
		path := e.URL
		for _, h := range w.hosts {
			path = strings.TrimPrefix(path, "http://"+h)
		}
		lines = append(lines, string(e.Outcome)+" "+path)
	}
	slices.Sort(lines)
	return events, strings.Join(lines, ", ")
}

// later moves the clock of the town on.
func (w *town) later(d time.Duration) {
	now := w.clock.now
	w.clock.now = func() time.Time { return now().Add(d) }
}

// want compares texts.
func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}
