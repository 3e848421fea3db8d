package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/bench/rig"
	"github.com/breachgraph/breachgraph/bench/synthetic"
	"github.com/breachgraph/breachgraph/graph/local"
)

// A server is a Neo4j with the constraints and indexes of the graph.
type server struct {
	*local.Server
	driver neo4j.DriverWithContext
}

// fresh starts a server with an empty graph, gives it to use, and stops it.
func (p plan) fresh(ctx context.Context, dir string, use func(*server) error) (err error) {
	s, err := local.Start(ctx, local.Options{Dir: dir, HeapMB: p.heapMB})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop(context.WithoutCancel(ctx)), os.RemoveAll(dir)) }()
	db, err := rig.Connect(ctx, s)
	if err != nil {
		return err
	}
	if err := db.Close(ctx); err != nil {
		return err
	}
	driver, err := neo4j.NewDriverWithContext(s.BoltURI, neo4j.BasicAuth(s.Username, s.Password, ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	return use(&server{s, driver})
}

// cpu is how many seconds of processor the server has used.
func (s *server) cpu() float64 {
	used, err := rig.CPU(s.PID)
	if err != nil {
		return 0 // not Linux
	}
	return used.Seconds()
}

// ownCPU is how many seconds of processor this program has used.
func ownCPU() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return (time.Duration(u.Utime.Nano()) + time.Duration(u.Stime.Nano())).Seconds()
}

// load has the program load articles, which it reads from standard input.
func (p plan) load(ctx context.Context, s *server, articles int) (measured, error) {
	cmd := exec.CommandContext(ctx, p.program, "ingest", "--quiet", "-")
	cmd.Env = append(os.Environ(), "NEO4J_URI="+s.BoltURI, "NEO4J_USERNAME="+s.Username, "NEO4J_PASSWORD="+s.Password)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return measured{}, err
	}
	m := measured{articles: articles, server: -s.cpu()}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return measured{}, err
	}
	err = errors.Join(send(in, p.seed, articles), cmd.Wait())
	m.seconds, m.server = time.Since(start).Seconds(), m.server+s.cpu()
	m.client = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.memory = float64(usage.Maxrss) / 1024
	}
	return m, err
}

func send(to io.WriteCloser, seed uint64, articles int) error {
	e := json.NewEncoder(to)
	for r := range synthetic.Articles(seed, articles) {
		if err := e.Encode(r); err != nil {
			return errors.Join(fmt.Errorf("send article %s: %w", r.Article.ID, err), to.Close())
		}
	}
	return to.Close()
}
