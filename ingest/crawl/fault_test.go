package crawl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/page"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// faultEnv hands a faultPlan to the process that crawls.
const faultEnv = "BREACHGRAPH_TEST_FAULTS"

// A faultPlan is what the process is told.
type faultPlan struct {
	Folder  string
	Proxy   string
	Epoch   time.Time
	Shift   time.Duration
	Run     int
	Sources []Source
}

const (
	faultSpeed   = 60 // a delay of seconds takes tens of milliseconds
	faultWorkers = 8
	faultKills   = 10
)

// shifted is a clock that all processes of the test share: it runs fast, and is
// moved on between them.
func shifted(epoch time.Time, shift time.Duration) clock {
	c := quick(faultSpeed)
	c.now = func() time.Time { return epoch.Add(shift + time.Since(epoch)*faultSpeed) }
	return c
}

func (p faultPlan) plan() Plan {
	return Plan{
		Options: Options{UserAgent: fmt.Sprintf("breachgraph/%s %d", p.Shift, p.Run), Timeout: 400 * time.Millisecond, MaxBytes: 256 << 10}, Folder: p.Folder, Once: true, Sources: p.Sources, Workers: faultWorkers,
		Read: func(ctx context.Context, raw []byte, address string, _ Source) (ingest.Article, error) {
			return page.Read(ctx, raw, address)
		},
		// As with the environment's proxy, this machine is asked without it.
		proxy: func(r *http.Request) (*url.URL, error) {
			if h := r.URL.Hostname(); h == "localhost" || h == "127.0.0.1" {
				return nil, nil
			}
			return url.Parse(p.Proxy)
		},
	}
}

// TestFaultProcess is the process that crawls, and is killed.
func TestFaultProcess(t *testing.T) {
	raw := os.Getenv(faultEnv)
	if raw == "" {
		t.Skip("is run by TestFaults")
	}
	var p faultPlan
	if err := json.Unmarshal([]byte(raw), &p); err != nil {
		t.Fatal(err)
	}
	c, err := open(p.plan(), shifted(p.Epoch, p.Shift))
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range c.Run(t.Context()) {
		if err != nil {
			t.Fatal(e, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFaults crawls servers that misbehave in every way that is known, and kills
// the crawler ten times. Nothing is lost, nothing is fetched again but what was
// on its way when it was killed, no host is asked for what its robots.txt
// forbids or sooner than it wants, and none on this machine at all: the log of
// the servers proves it.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a dozen processes")
	}
	w := newWilds(t)
	p := faultPlan{Folder: t.TempDir(), Proxy: w.server.URL, Epoch: w.epoch, Sources: w.sources()}
	r := rand.New(rand.NewPCG(7, 7))
	for n := range faultKills {
		if n == 4 || n == 8 {
			p.Shift += 26 * time.Hour // what is known of robots.txt is too old
		}
		cmd := faultProcess(t, &p)
		w.waitFor(r.IntN(40))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		w.restarted()
	}
	for _, later := range []time.Duration{26 * time.Hour, 8 * day, 26 * time.Hour} { // what failed is asked for again
		p.Shift += later
		cmd := faultProcess(t, &p)
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v\n%s", err, cmd.Stdout)
		}
		w.restarted()
	}
	w.judge(t)
	checkKept(t, w, p)
}

func faultProcess(t *testing.T, p *faultPlan) *exec.Cmd {
	t.Helper()
	p.Run++
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFaultProcess$")
	cmd.Env = append(os.Environ(), faultEnv+"="+string(raw))
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// checkKept sees that each article waits to be loaded, once, that all that was
// answered is in the archive, and that a replay of it gives the same.
func checkKept(t *testing.T, w *wilds, p faultPlan) {
	t.Helper()
	c, err := open(p.plan(), shifted(p.Epoch, p.Shift))
	if err != nil {
		t.Fatal(err)
	}
	waiting, copies := map[string]string{}, 0
	for e, err := range c.Unloaded(t.Context()) {
		if err != nil {
			t.Error(err)
			continue
		}
		id := articleID(*e.Article)
		if _, twice := waiting[id]; twice && !strings.HasSuffix(id, "/etagged") {
			t.Errorf("%s waits twice", id)
		}
		waiting[id] = e.Article.Text
		if e.Article.DuplicateOf != "" {
			copies++
			if n := id[len(id)-1:]; e.Article.DuplicateOf != "https://news.example/story/"+n && e.Article.DuplicateOf != "https://copy.example/copy/"+n {
				t.Errorf("%s is a copy of %q", id, e.Article.DuplicateOf)
			}
		}
	}
	if copies != 2 {
		t.Errorf("%d articles are copies, want 2", copies)
	}
	for _, address := range w.fetched() {
		if _, ok, err := c.archive.Latest(address); err != nil || !ok {
			t.Errorf("%s was answered and is not in the archive: %v", address, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range w.articles() {
		if text, ok := waiting[want]; !ok || strings.Contains(text, "\uFFFD") {
			t.Errorf("%s is lost or damaged: %.80q", want, text)
		}
		delete(waiting, want)
	}
	for id := range waiting {
		t.Errorf("%s is no article of the servers", id)
	}
	checkReplay(t, w, filepath.Join(p.Folder, "archive"))
}

func checkReplay(t *testing.T, w *wilds, dir string) {
	t.Helper()
	var ids []string
	for a, err := range (Replay{Read: faultPlan{}.plan().Read}).Articles(t.Context(), dir) {
		// What came back with a kill in between may refer to what was cut off.
		if err != nil && !errors.Is(err, archive.ErrNoOriginal) {
			t.Error(err)
			continue
		}
		ids = append(ids, articleID(a))
	}
	slices.Sort(ids)
	want := w.articles()
	slices.Sort(want)
	if ids = slices.Compact(ids); !slices.Equal(ids, want) {
		t.Errorf("replayed %q, want %q", ids, want)
	}
}
