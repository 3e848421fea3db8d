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
	slow    int           // which story, as they are asked for, waits for release; 0 for none
	release chan struct{} // to be closed
	mu      sync.Mutex
	given   map[string]int
}

func newPress(t *testing.T, slow int) *press {
	t.Helper()
	p := &press{slow: slow, release: make(chan struct{}), given: map[string]int{}}
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
		p.mu.Lock()
		p.given[name]++
		slow := len(p.given) == p.slow
		p.mu.Unlock()
		if slow {
			select {
			case <-p.release:
			case <-r.Context().Done():
			}
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><head><title>Clinic %[1]s tells of a breach</title></head><body><article>
<h1>Clinic %[1]s tells of a breach</h1>
<p>Clinic %[1]s Health said on Friday that hackers had stolen the records of 4,%[1]s00 patients in the town of Number %[1]s.</p>
<p>The breach at clinic %[1]s exposed names, addresses and dates of birth, doctor %[1]s wrote in letter %[1]s to those affected.</p>
</article></body></html>`, name)
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
	program, data, sources string
	env                    []string
}

// newDesk is one with an empty database that crawls p; dir holds the program.
func newDesk(t *testing.T, dir string, p *press) *desk {
	t.Helper()
	db, folder := graphtest.New(t), t.TempDir()
	d := &desk{T: t, program: filepath.Join(dir, "breachgraph"), data: filepath.Join(folder, "data"), sources: filepath.Join(folder, "sources.yaml")}
	if err := os.WriteFile(d.sources, fmt.Appendf(nil, "- name: press\n  kind: feed\n  url: %s/feed.xml\n", p.URL), 0o644); err != nil {
		t.Fatal(err)
	}
	d.env = append(os.Environ(), "BREACHGRAPH_DATA="+d.data, "NEO4J_URI="+db.URI,
		"NEO4J_USERNAME="+db.Username, "NEO4J_PASSWORD="+db.Password, "NEO4J_DATABASE="+db.Name)
	return d
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

// A verb is one that runs until it is stopped.
type verb struct {
	*exec.Cmd
	log bytes.Buffer // to be read when it has ended
}

func (d *desk) begin(args ...string) *verb {
	d.Helper()
	v := &verb{Cmd: d.command(append(args, "--all", "--allow-private", "--log-format", "json")...)}
	v.Stderr = &v.log
	if err := v.Start(); err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() { _ = v.Process.Kill() }) // it has ended where nothing failed
	return v
}

// end stops it as systemd and Docker do, and calls then as soon as it was told. It
// returns the log.
func (d *desk) end(v *verb, then func()) string {
	d.Helper()
	if err := v.Process.Signal(syscall.SIGTERM); err != nil {
		d.Fatal(err)
	}
	began := time.Now()
	then()
	ended := make(chan error, 1)
	go func() { ended <- v.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			d.Errorf("%v: %v\n%s", v.Args[1:], err, v.log.String())
		}
		d.Logf("%s stopped within %s", v.Args[1], time.Since(began).Round(10*time.Millisecond))
	case <-time.After(stopBound):
		_ = v.Process.Kill()
		<-ended
		d.Fatalf("%v does not stop\n%s", v.Args[1:], v.log.String())
	}
	return v.log.String()
}

// serve begins a service, which asks for stories at some pace.
func (d *desk) serve(stages string) *verb {
	d.Helper()
	return d.begin("serve", "--sources", d.sources, "--source", "press", "--delay", "150ms", "--listen", "127.0.0.1:0", "--stages", stages)
}

// done reports whether all stories have been fetched and no job is left.
func (d *desk) done(p *press) bool { return p.seen() == stopStories && idle(d.output("jobs", "list")) }

// check sees that each story was asked for and loaded once.
func (d *desk) check(p *press, log string) {
	d.Helper()
	for name, n := range p.given {
		if n != 1 {
			d.Errorf("story %s was fetched %d times", name, n)
		}
	}
	if nodes := stories(d.T, d); nodes != stopStories {
		d.Errorf("%d stories are in the graph, want %d", nodes, stopStories)
	}
	checkLog(d.T, log)
}

func TestStop(t *testing.T) {
	dir := program(t)
	for _, tt := range []struct {
		name string
		slow int
		stop func(*desk, *press)
	}{{"serve", 0, stopServe}, {"worker", stopStories / 3, stopWorker}} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPress(t, tt.slow)
			tt.stop(newDesk(t, dir, p), p)
		})
	}
}

// A service that is told to stop in the middle of its work, again and again,
// loses nothing, asks for nothing twice and loads what an undisturbed one does.
func stopServe(d *desk, p *press) {
	var log string
	for range 2 {
		before := p.seen()
		r := d.serve("fetch,extract,load")
		d.until("more stories are fetched", func() bool { return p.seen() >= before+stopStories/6 })
		log += d.end(r, func() {})
	}
	r := d.serve("fetch,extract,load")
	d.until("all stories are done", func() bool { return d.done(p) })
	log += d.end(r, func() {})
	d.check(p, log)
	digest := d.output("check", "--digest")
	graphtest.New(d.T) // empties it
	d.output("replay", "--all", "--sources", d.sources, filepath.Join(d.data, "crawl", "archive"))
	if again := d.output("check", "--digest"); again != digest {
		d.Errorf("the digest is %s, and of an undisturbed load %s", digest, again)
	}
}

// A worker that is told to stop in the middle of a request finishes that, and
// leaves the rest of its work to the next one.
func stopWorker(d *desk, p *press) {
	service := d.serve("load")
	d.until("the service has the job queue", func() bool {
		_, err := os.Stat(filepath.Join(d.data, "nats", "server.json"))
		return err == nil
	})
	first := d.begin("worker", "--stages", "fetch,extract")
	d.until("a story is asked for that is slow", func() bool { return p.seen() == p.slow })
	log := d.end(first, func() { close(p.release) })
	second := d.begin("worker", "--stages", "fetch,extract")
	d.until("all stories are done", func() bool { return d.done(p) })
	log += d.end(second, func() {}) + d.end(service, func() {})
	d.check(p, log)
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
