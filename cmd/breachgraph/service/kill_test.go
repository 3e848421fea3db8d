package service

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/page"
)

// partEnv tells a process which part it is.
const partEnv = "BREACHGRAPH_TEST_PART"

// A part is a process of the test below.
type part struct {
	Folder  string // of what it keeps
	Port    int    // of the NATS server; -1 for any
	Queue   string // the URL of that, for a service; empty for the server itself
	Sources []crawl.Source
}

// heldFor is short, so that the test need not wait for jobs of the dead.
const heldFor = 2 * time.Second

// TestPart is such a process, and is killed.
func TestPart(t *testing.T) {
	raw := os.Getenv(partEnv)
	if raw == "" {
		t.Skip("is run by TestKill")
	}
	var p part
	if err := json.Unmarshal([]byte(raw), &p); err != nil {
		t.Fatal(err)
	}
	if p.Queue != "" {
		p.serve(t)
		return
	}
	s, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: p.Port, NoSigs: true, JetStream: true, StoreDir: p.Folder})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	fmt.Println(s.Addr().(*net.TCPAddr).Port)
	s.WaitForShutdown()
}

// serve is a service whose database is a file of the articles that were loaded.
func (p part) serve(t *testing.T) {
	q, err := jobs.Open(t.Context(), jobs.Options{URL: p.Queue, HeldFor: heldFor})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := os.OpenFile(filepath.Join(p.Folder, "loaded"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	pl := &Pipeline{
		Queue: q, Metrics: NewMetrics(q), Log: slog.New(slog.DiscardHandler),
		Asker: crawl.NewAsker(crawl.Options{AllowPrivate: true}, readPage),
		Understand: func(_ context.Context, a ingest.Article) (extract.Result, bool, error) {
			return extract.Extract(a, extract.Options{}), true, nil
		},
		Load: func(_ context.Context, results []extract.Result) ([]*graph.ArticleError, error) {
			if rand.IntN(4) == 0 {
				return nil, errors.New("the database was killed")
			}
			var lines strings.Builder
			for _, r := range results {
				fmt.Fprintln(&lines, r.Article.ID, r.Article.Capture != "")
			}
			_, err := loaded.WriteString(lines.String())
			return nil, err
		},
	}
	end := func(err error) {
		t.Log(err)
		os.Exit(1) // and is started anew
	}
	go func() { end(pl.Work(t.Context(), jobs.Stages())) }()
	end(q.Lead(t.Context(), "crawl", fmt.Sprint(os.Getpid()), func(ctx context.Context) error { return crawlFor(ctx, pl, p.Folder, p.Sources, 64) }))
}

func readPage(ctx context.Context, raw []byte, address string, _ crawl.Source) (ingest.Article, error) {
	return page.Read(ctx, raw, address)
}

// A process is a part as the test sees it.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

func (p part) start(t *testing.T) (process, string) {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestPart$", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), partEnv+"="+string(raw))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := ""
	if p.Queue == "" {
		if said, err = bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal("the NATS server does not start")
		}
	}
	one := process{cmd, make(chan struct{})}
	go func() {
		_ = cmd.Wait() // it is killed
		close(one.ended)
	}()
	return one, strings.TrimSpace(said)
}

func (p process) kill() {
	_ = p.cmd.Process.Kill() // it may be dead
	<-p.ended
}

func (p process) over() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// A town is hosts that count.
type town struct {
	mu     sync.Mutex
	under  map[string]int
	atOnce int
	served int
}

func newTown(t *testing.T, hosts, articles int) (w *town, sources []crawl.Source) {
	t.Helper()
	w = &town{under: map[string]int{}}
	for n := range hosts {
		s := httptest.NewServer(w.host(n, articles))
		t.Cleanup(s.Close)
		sources = append(sources, crawl.Source{Name: fmt.Sprint("host-", n), Kind: crawl.Feed, URL: s.URL + "/feed", Every: time.Hour})
	}
	return w, sources
}

func (w *town) host(host, articles int) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.under[r.Host]++
		w.atOnce = max(w.atOnce, w.under[r.Host])
		if strings.HasPrefix(r.URL.Path, "/story/") {
			w.served++
		}
		w.mu.Unlock()
		defer func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.under[r.Host]--
		}()
		switch {
		case r.URL.Path == "/feed":
			fmt.Fprint(rw, `<rss version="2.0"><channel><title>F</title>`)
			for n := range articles {
				fmt.Fprintf(rw, "<item><title>T</title><link>http://%s/story/%d</link></item>", r.Host, n)
			}
			fmt.Fprint(rw, "</channel></rss>")
		case strings.HasPrefix(r.URL.Path, "/story/"):
			rw.Header().Set("Content-Type", "text/html")
			fmt.Fprint(rw, tale(host, r.URL.Path))
		default:
			http.NotFound(rw, r)
		}
	})
}

// tale is a page that no other is like; some are too large for a message.
func tale(host int, path string) string {
	name := fmt.Sprintf("n%s of h%d", strings.TrimPrefix(path, "/story/"), host)
	var b strings.Builder
	fmt.Fprintf(&b, `<html lang="en"><head><title>Data of %[1]s stolen</title></head><body><article><h1>Data of %[1]s stolen</h1>`, name)
	for n := range 4 {
		b.WriteString("<p>")
		for i, verb := range []string{"noticed", "reported", "investigated", "confirmed", "regretted", "explained"} {
			fmt.Fprintf(&b, "In paragraph %d the spokesman of %s %s item %d of %[2]s. ", n, name, verb, i)
		}
		b.WriteString("</p>")
	}
	b.WriteString("</article>")
	if strings.HasSuffix(path, "7") {
		b.WriteString("<!--" + strings.Repeat("padding ", 40<<10) + "-->")
	}
	return b.String() + "</body></html>"
}

func (w *town) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.served
}

// TestKill kills the service and its NATS server at random: no article is lost,
// no job is blamed, and no host is asked by two at once. bench/kill does the same
// at length, with Neo4j.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a dozen processes")
	}
	const hosts, articles, kills = 3, 20, 6
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	w, sources := newTown(t, hosts, articles)
	nats := part{Folder: t.TempDir(), Port: -1}
	queue, port := nats.start(t)
	defer func() { queue.kill() }()
	if _, err := fmt.Sscan(port, &nats.Port); err != nil {
		t.Fatal(err)
	}
	services := []part{{Folder: t.TempDir()}, {Folder: t.TempDir()}} // one leads
	running := make([]process, len(services))
	for i := range services {
		services[i].Queue, services[i].Sources = "nats://127.0.0.1:"+port, sources
		running[i], _ = services[i].start(t)
		defer func() { running[i].kill() }()
	}
	for k := range kills {
		goal := min(w.count()+random.IntN(hosts*articles/kills)+1, hosts*articles)
		await(t, "pages are served", func() bool { revive(t, services, running); return w.count() >= goal })
		if k%3 != 1 {
			running[random.IntN(len(running))].kill()
		}
		if k%3 != 0 {
			queue.kill()
			queue, _ = nats.start(t)
		}
	}
	q, err := jobs.Open(t.Context(), jobs.Options{URL: services[0].Queue, HeldFor: heldFor})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	await(t, "all articles are loaded", func() bool {
		revive(t, services, running)
		d, err := q.Depths(t.Context())
		return err == nil && len(loadedBy(t, services)) == hosts*articles && d[jobs.Extract] == jobs.Depth{} && d[jobs.Load] == jobs.Depth{}
	})
	for l, err := range q.DeadLetters(t.Context()) {
		t.Errorf("%s failed: %s, %v", l.ID, l.Reason, err)
	}
	if w.atOnce > 1 {
		t.Errorf("a host was asked %d times at once", w.atOnce)
	}
}

// revive starts services that have ended, as whoever runs one has it done.
func revive(t *testing.T, services []part, running []process) {
	t.Helper()
	for i := range running {
		if running[i].over() {
			running[i], _ = services[i].start(t)
		}
	}
}

// loadedBy are the articles that any service has loaded.
func loadedBy(t *testing.T, services []part) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, s := range services {
		raw, err := os.ReadFile(filepath.Join(s.Folder, "loaded"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			id, captured, _ := strings.Cut(strings.TrimSpace(line), " ")
			if captured != "true" {
				t.Fatalf("%s is not in the archive", id)
			}
			out[id] = true
		}
	}
	return out
}

// await waits for ok.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(2 * time.Minute); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
