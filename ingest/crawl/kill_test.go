package crawl

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
)

// killedPlan is how the test below hands its plan to the process that it kills.
const killedPlan = "BREACHGRAPH_TEST_KILLED_CRAWL"

// TestKilledCrawl is that process.
func TestKilledCrawl(t *testing.T) {
	raw := os.Getenv(killedPlan)
	if raw == "" {
		t.Skip("is run by TestKill")
	}
	var plan Plan
	if err := json.Unmarshal([]byte(raw), &struct {
		Folder  *string
		Sources *[]Source
	}{&plan.Folder, &plan.Sources}); err != nil {
		t.Fatal(err)
	}
	full := (&town{}).plan(plan.Folder, plan.Sources...)
	full.Politeness.Delay = 2 * time.Millisecond
	c, err := Open(full)
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

// misbehave adds what servers do to crawlers.
func (w *town) misbehave() {
	w.HandleFunc("/robots.txt", func(rw http.ResponseWriter, r *http.Request) { fmt.Fprint(rw, "User-agent: *\nDisallow: /closed/\n") })
	w.HandleFunc("/circle", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/circle", http.StatusFound) })
	w.HandleFunc("/cut", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", "1000")
		fmt.Fprint(rw, "<html>")
	})
	w.HandleFunc("/sneaky", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/closed/a", http.StatusFound) })
	w.text("/latin", "text/html; charset=iso-8859-1", strings.ReplaceAll(story("cafélatin", ""), "é", "\xe9"))
}

// A crawl that is killed at any moment loses nothing, and does hardly anything
// again: what was being fetched or settled at that moment.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process eleven times")
	}
	const hosts, stories, kills = 4, 25, 10
	w := newTown(t, hosts)
	w.clock = wallClock()
	w.misbehave()
	w.HandleFunc("/story/{n}", func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprint(rw, story("x"+r.PathValue("n")+"h"+strings.NewReplacer(".", "", ":", "").Replace(r.Host), ""))
	})
	paths := []string{"/circle", "/closed/b", "/sneaky", "/latin"}
	for n := range stories {
		paths = append(paths, fmt.Sprint("/story/", n))
	}
	w.text("/feed", "text/xml", rss(paths...))
	var sources []Source
	for host := range hosts {
		sources = append(sources, w.feed(host, "/feed"))
	}
	folder := t.TempDir()
	raw, err := json.Marshal(map[string]any{"Folder": folder, "Sources": sources})
	if err != nil {
		t.Fatal(err)
	}
	for n := range kills + 1 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledCrawl$")
		cmd.Env = append(os.Environ(), killedPlan+"="+string(raw))
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if n < kills {
			w.waitFor(rand.IntN(20))
			cmd.Process.Kill()
		}
		if err := cmd.Wait(); err != nil && n == kills {
			t.Fatalf("the last one: %v\n%s", err, out.String())
		}
	}
	asked := map[string]int{}
	for _, c := range w.all() {
		asked[c.path]++
		if strings.HasPrefix(c.path, "/closed/") {
			t.Errorf("%s was asked for, which robots.txt forbids", c.path)
		}
	}
	total := 0
	for path, n := range asked {
		if strings.HasPrefix(path, "/story/") {
			total += n
		}
	}
	// Of each host one page may have been on its way, and others not settled.
	if least, most := hosts*stories, hosts*stories+kills*3*hosts; total < least || total > most {
		t.Errorf("%d stories were fetched, want %d to %d", total, least, most)
	}
	// The page in Latin 1 is the same on all hosts, so three are copies.
	checkWaiting(t, w.plan(folder, sources...), hosts*(stories+1))
}

// waitFor returns once that many more requests have come, or after a while.
func (w *town) waitFor(requests int) {
	w.mu.Lock()
	goal := len(w.log) + requests
	w.mu.Unlock()
	for range 2000 {
		w.mu.Lock()
		n := len(w.log)
		w.mu.Unlock()
		if n >= goal {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// checkWaiting sees that so many articles are in the archive and wait to be
// loaded, each once and whole.
func checkWaiting(t *testing.T, plan Plan, want int) {
	t.Helper()
	c, err := Open(plan)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	seen := map[string]bool{}
	for e, err := range c.Unloaded(t.Context()) {
		if err != nil {
			t.Error(err)
			continue
		}
		id, err := ingest.CanonicalURL(e.Article.URL)
		if err != nil || seen[id] || e.Article.Check() != nil {
			t.Errorf("%s waits twice or is damaged: %v", id, err)
		}
		seen[id] = true
	}
	if len(seen) != want {
		t.Errorf("%d articles wait, want %d", len(seen), want)
	}
}
