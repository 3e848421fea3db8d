// Faults disturbs loads in every way that is to be expected, and sees to it that
// the graph is the same in the end: a loader that is killed, two at once, a
// connection that is cut for a while, a server that is killed, a disk that is
// full.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/bench/rig"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

// A trial is how loads are disturbed.
type trial struct {
	program  string
	articles string // a file of them
	count    int
	cut      time.Duration
	only     string
	dir      string
}

func main() {
	var t trial
	flag.StringVar(&t.program, "breachgraph", "breachgraph", "the program to disturb")
	flag.IntVar(&t.count, "articles", 5_000, "how many articles are loaded")
	flag.DurationVar(&t.cut, "cut", 30*time.Second, "how long the connection is cut")
	flag.StringVar(&t.only, "only", "", "leave out trials whose names do not hold this")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := t.run(ctx); err != nil {
		log.Fatal(err)
	}
}

func (t trial) run(ctx context.Context) error {
	var err error
	if t.dir, err = os.MkdirTemp("", "breachgraph-faults-"); err != nil {
		return err
	}
	defer os.RemoveAll(t.dir)
	if err := t.writeArticles(); err != nil {
		return err
	}
	want, failed := "", 0
	for i, c := range []struct {
		name    string
		disturb func(context.Context, *stand) error
	}{
		{"undisturbed", func(ctx context.Context, s *stand) error { return s.load(ctx) }},
		{"loader killed", loaderKilled},
		{"two loaders at once", twoLoaders},
		{"connection cut", t.connectionCut},
		{"server killed", serverKilled},
		{"disk full", t.diskFull},
	} {
		if want != "" && !strings.Contains(c.name, t.only) {
			continue
		}
		start := time.Now()
		digest, err := t.try(ctx, filepath.Join(t.dir, fmt.Sprint(i)), c.disturb)
		if want == "" {
			want = digest
		}
		verdict := "the same graph"
		switch {
		case err != nil:
			verdict = err.Error()
			failed++
		case digest != want:
			verdict = "ANOTHER GRAPH"
			failed++
		}
		fmt.Printf("%-20s %.12s %6.1f s  %s\n", c.name, digest, time.Since(start).Seconds(), verdict)
	}
	if failed > 0 {
		return fmt.Errorf("%d trials failed", failed)
	}
	return nil
}

// A stand is a server of a trial's own, with what is loaded into it.
type stand struct {
	trial
	options local.Options
	server  *local.Server
	db      *graph.DB
	after   func() // undoes what was done to the machine, when the server is gone
}

// try disturbs a load on a server of its own and returns the digest of the
// graph.
func (t trial) try(ctx context.Context, dir string, disturb func(context.Context, *stand) error) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	s := &stand{trial: t, options: local.Options{Dir: dir, QuickStart: true}, after: func() {}}
	defer func() { s.stop(); s.after() }()
	if err := s.start(ctx); err != nil {
		return "", err
	}
	if err := disturb(ctx, s); err != nil {
		return "", err
	}
	return s.db.Digest(ctx)
}

// start starts the server, or finds it running.
func (s *stand) start(ctx context.Context) error {
	var err error
	if s.server, err = local.Start(ctx, s.options); err != nil {
		return err
	}
	if s.db == nil {
		s.db, err = rig.Connect(ctx, s.server)
	}
	return err
}

func (s *stand) stop() {
	ctx := context.Background()
	if s.db != nil {
		s.db.Close(ctx)
	}
	if found, running, err := local.Find(s.options.Dir); err == nil && running {
		if err := found.Stop(ctx); err != nil {
			log.Print(err)
		}
	}
}
