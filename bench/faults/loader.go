package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/breachgraph/breachgraph/bench/synthetic"
	"github.com/breachgraph/breachgraph/graph"
)

// writeArticles makes the file that all loads read.
func (t *trial) writeArticles() error {
	t.articles = filepath.Join(t.dir, "articles.jsonl")
	f, err := os.Create(t.articles)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	for r := range synthetic.Articles(1, t.count) {
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	return w.Flush()
}

// begin starts a loader.
func (s *stand) begin(ctx context.Context, uri string) (*exec.Cmd, error) {
	cmd := exec.CommandContext(ctx, s.program, "ingest", "--quiet", s.articles)
	cmd.Env = append(os.Environ(), "NEO4J_URI="+uri, "NEO4J_USERNAME="+s.server.Username, "NEO4J_PASSWORD="+s.server.Password)
	cmd.Stderr = os.Stderr
	return cmd, cmd.Start()
}

// load runs a loader to its end.
func (s *stand) load(ctx context.Context) error {
	cmd, err := s.begin(ctx, s.server.BoltURI)
	if err != nil {
		return err
	}
	return cmd.Wait()
}

// started waits until some of the articles are in the graph, but not all.
func (s *stand) started(ctx context.Context) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		table, err := s.db.Read(ctx, "MATCH (a:Article) RETURN count(a)", nil, graph.Limits{})
		if err != nil {
			return err
		}
		switch n := int(table.Rows[0][0].(int64)); {
		case n == s.count:
			return fmt.Errorf("the load of %d articles ended before it could be disturbed: load more", n)
		case n > 0:
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
