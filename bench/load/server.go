package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/bench/synthetic"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

// prepareTime is how long a server may take to answer.
const prepareTime = 5 * time.Minute

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
	if err := prepare(ctx, s); err != nil {
		return err
	}
	driver, err := neo4j.NewDriverWithContext(s.BoltURI, neo4j.BasicAuth(s.Username, s.Password, ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	return use(&server{s, driver})
}

// prepare makes constraints and indexes. A machine that is busy with other
// things takes more than one try.
func prepare(ctx context.Context, s *local.Server) error {
	ctx, cancel := context.WithTimeout(ctx, prepareTime)
	defer cancel()
	for {
		db, err := graph.Open(ctx, graph.Config{URI: s.BoltURI, Username: s.Username, Password: s.Password})
		if err == nil {
			return errors.Join(db.EnsureSchema(ctx), db.Close(ctx))
		}
		if ctx.Err() != nil || !errors.Is(err, graph.ErrUnreachable) {
			return err
		}
	}
}

// cpu is how many seconds of processor the server has used.
func (s *server) cpu() float64 {
	const ticks = 100 // a second, on every Linux there is
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.PID))
	if err != nil {
		return 0 // not Linux
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
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
