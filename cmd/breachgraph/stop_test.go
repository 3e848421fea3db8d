package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/graph/graphtest"
)

const (
	stopStories = 24
	// stopPatience is how long the test waits for what must happen, and
	// stopBound how long a service may take to stop; it means to take no more
	// than ten seconds, on a machine that does nothing else.
	stopPatience = 2 * time.Minute
	stopBound    = 30 * time.Second
)

// A press serves a feed of stories, and counts how often each was given.
type press struct {
	*httptest.Server
	mu    sync.Mutex
	given map[string]int
}

func newPress(t *testing.T) *press {
	p := &press{given: map[string]int{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/feed.xml":
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>`)
		for n := range stopStories {
			fmt.Fprintf(w, "<item><title>Story %d</title><link>/story/%d</link></item>", n, n)
		}
		fmt.Fprint(w, "</channel></rss>")
	case strings.HasPrefix(r.URL.Path, "/story/"):
		name := strings.TrimPrefix(r.URL.Path, "/story/")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><head><title>Clinic %[1]s tells of a breach</title></head><body><article>
<h1>Clinic %[1]s tells of a breach</h1>
<p>Clinic %[1]s Health said on Friday that hackers had stolen the records of 4,%[1]s00 patients in the town of Number %[1]s.</p>
<p>The breach at clinic %[1]s exposed names, addresses and dates of birth, doctor %[1]s wrote in letter %[1]s to those affected.</p>
</article></body></html>`, name)
		p.mu.Lock()
		p.given[name]++
		p.mu.Unlock()
	default:
		http.NotFound(w, r)
	}
}

func (p *press) seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.given)
}

// A desk runs the program with a data folder and a database.
type desk struct {
	*testing.T
	program string
	env     []string
}

func (d *desk) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(d.Context(), d.program, args...)
	cmd.Env = d.env
	return cmd
}

// output is what the program prints; it must succeed.
func (d *desk) output(args ...string) string {
	d.Helper()
	out, err := d.command(args...).Output()
	if err != nil {
		d.Fatalf("breachgraph %v: %v", args, err)
	}
	return string(out)
}

// until waits for ok.
func (d *desk) until(what string, ok func() bool) {
	d.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(stopPatience); !ok(); <-tick.C {
		if time.Now().After(end) {
			d.Fatalf("waited in vain: %s", what)
		}
	}
}

// serve runs a service until ok, and stops it as systemd and Docker do. It
// returns the log.
func (d *desk) serve(sources, what string, ok func() bool) string {
	d.Helper()
	cmd := d.command("serve", "--sources", sources, "--source", "press", "--all", "--allow-private", "--delay", "150ms", "--listen", "127.0.0.1:0", "--log-format", "json")
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		d.Fatal(err)
	}
	defer cmd.Process.Kill() // it has ended where nothing failed
	d.until(what, ok)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.Fatal(err)
	}
	began := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			d.Errorf("serve: %v\n%s", err, log.String())
		}
		d.Logf("stopped within %s", time.Since(began).Round(10*time.Millisecond))
	case <-time.After(stopBound):
		d.Fatalf("it does not stop\n%s", log.String())
	}
	return log.String()
}

// A service that is told to stop in the middle of its work, again and again,
// loses nothing, asks for nothing twice and loads what an undisturbed one does.
func TestStop(t *testing.T) {
	db := graphtest.New(t)
	p := newPress(t)
	dir := t.TempDir()
	sources := filepath.Join(dir, "sources.yaml")
	if err := os.WriteFile(sources, fmt.Appendf(nil, "- name: press\n  kind: feed\n  url: %s/feed.xml\n", p.URL), 0o644); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	d := &desk{t, filepath.Join(program(t), "breachgraph"), append(os.Environ(), "BREACHGRAPH_DATA="+data, "NEO4J_URI="+db.URI,
		"NEO4J_USERNAME="+db.Username, "NEO4J_PASSWORD="+db.Password, "NEO4J_DATABASE="+db.Name)}
	var log string
	for range 2 {
		before := p.seen()
		log += d.serve(sources, "more stories are fetched", func() bool { return p.seen() >= before+stopStories/6 })
	}
	log += d.serve(sources, "all stories are done", func() bool {
		return p.seen() == stopStories && idle(d.output("jobs", "list"))
	})
	for name, n := range p.given {
		if n != 1 {
			t.Errorf("story %s was fetched %d times", name, n)
		}
	}
	digest := d.output("check", "--digest")
	if nodes := stories(t, d); nodes != stopStories {
		t.Errorf("%d stories are in the graph, want %d", nodes, stopStories)
	}
	checkLog(t, log)
	graphtest.New(t) // empties it
	d.output("replay", "--all", "--sources", sources, filepath.Join(data, "crawl", "archive"))
	if again := d.output("check", "--digest"); again != digest {
		t.Errorf("the digest is %s, and of an undisturbed load %s", digest, again)
	}
}

// idle reports whether no job waits, is held or failed.
func idle(list string) bool {
	for line := range strings.Lines(list) {
		words := strings.Fields(line)
		if len(words) != 4 || words[0] != "STAGE" && strings.Join(words[1:], "") != "000" {
			return false
		}
	}
	return true
}

// stories counts the articles in the graph.
func stories(t *testing.T, d *desk) (n int) {
	t.Helper()
	cmd := d.command("query", "-", "--format", "jsonl")
	cmd.Stdin = strings.NewReader("MATCH (a:Article) WHERE a.title IS NOT NULL RETURN count(a) AS n")
	out, err := cmd.Output()
	var row struct{ N int }
	if err == nil {
		err = json.Unmarshal(out, &row)
	}
	if err != nil {
		t.Fatal(err)
	}
	return row.N
}

// checkLog sees that each line of a log is one fact for machines: an object with
// time, level and message, and plain values.
func checkLog(t *testing.T, log string) {
	t.Helper()
	lines := 0
	for line := range strings.Lines(log) {
		lines++
		var fact map[string]any
		if err := json.Unmarshal([]byte(line), &fact); err != nil {
			t.Errorf("the log says %s", line)
			continue
		}
		for _, key := range []string{"time", "level", "msg"} {
			if text, _ := fact[key].(string); text == "" || strings.Contains(text, "\n") {
				t.Errorf("%s of %s is no text of one line", key, line)
			}
		}
		if fact["level"] == "ERROR" {
			t.Errorf("the log tells of an error: %s", line)
		}
	}
	t.Logf("%d lines of log", lines)
}
