// Package rig runs breachgraph as a service with all that belongs to it, for
// programs that measure it or kill parts of it: the service, workers, a NATS
// server and a local Neo4j, each a process.
//
// rig.go has the whole, process.go one process, ask.go what the parts say,
// database.go a database without a service.
package rig

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A Rig is a service on this machine, in a folder of its own.
type Rig struct {
	Folder  string // with the data folder and the logs
	program string
	server  string // the NATS server
	port    int    // of it
	listen  string // where the service answers
}

// A Place is where a rig is set up.
type Place struct {
	Programs string // folder of breachgraph and nats-server
	Folder   string // for all that is kept
}

// Flags adds those that say where.
func (p *Place) Flags() {
	flag.StringVar(&p.Programs, "programs", "", "folder of breachgraph and nats-server; empty means that they are built")
	flag.StringVar(&p.Folder, "folder", "", "folder for all that is kept, which stays; empty means one that goes")
}

// Open makes what the flags do not name, and leave takes it away.
func (p *Place) Open(ctx context.Context) (leave func(), err error) {
	leave = func() {}
	if p.Folder == "" {
		if p.Folder, err = os.MkdirTemp("", "breachgraph-bench-"); err != nil {
			return leave, err
		}
		leave = func() { os.RemoveAll(p.Folder) }
	}
	if p.Programs == "" {
		p.Programs = p.Folder
		err = build(ctx, p.Programs)
	}
	return leave, err
}

// build makes the programs in dir.
func build(ctx context.Context, dir string) error {
	for out, pkg := range map[string]string{"breachgraph": "./cmd/breachgraph", "nats-server": "github.com/nats-io/nats-server/v2"} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", filepath.Join(dir, out), pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w: %s", out, err, said)
		}
	}
	return nil
}

// New makes a rig of that name, which crawls sources.
func (p *Place) New(name, sources string) (*Rig, error) {
	folder := filepath.Join(p.Folder, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	r := &Rig{
		Folder: folder, program: filepath.Join(p.Programs, "breachgraph"), server: filepath.Join(p.Programs, "nats-server"), port: ports[0],
		listen: fmt.Sprintf("127.0.0.1:%d", ports[1]),
	}
	return r, os.WriteFile(filepath.Join(folder, "sources.yaml"), []byte(sources), 0o600)
}

func freePorts(n int) (ports []int, err error) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// environment is that of all parts. A database that the user has set is not for
// us to kill.
func (r *Rig) environment(more ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "NEO4J_") && !strings.HasPrefix(v, "BREACHGRAPH_") {
			env = append(env, v)
		}
	}
	return append(append(env, "BREACHGRAPH_DATA="+filepath.Join(r.Folder, "data"), "BREACHGRAPH_SOURCES="+filepath.Join(r.Folder, "sources.yaml")), more...)
}

// NATS starts the NATS server.
func (r *Rig) NATS() (*Process, error) {
	return start("nats", r.Folder, r.environment(), r.server, "-js", "-a", "127.0.0.1", "-p", fmt.Sprint(r.port), "-sd", filepath.Join(r.Folder, "nats"))
}

// URL is that of the NATS server.
func (r *Rig) URL() string { return fmt.Sprintf("nats://127.0.0.1:%d", r.port) }

// Serve starts the service without a pause between requests; names are the
// sources, and args more arguments.
func (r *Rig) Serve(names string, args ...string) (*Process, error) {
	return start("serve", r.Folder, r.environment(), r.program, append([]string{
		"serve", "--listen", r.listen, "--source", names, "--allow-private", "--delay", "0s", "--all", "--quiet",
	}, args...)...)
}

// Worker starts a worker.
func (r *Rig) Worker(number int, args ...string) (*Process, error) {
	return start(fmt.Sprint("worker", number), r.Folder, r.environment(), r.program, append([]string{"worker", "--allow-private", "--all", "--quiet"}, args...)...)
}

// Run runs a verb of breachgraph and returns what it prints.
func (r *Rig) Run(ctx context.Context, input string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, r.program, args...)
	cmd.Env, cmd.Stdin = r.environment(), strings.NewReader(input)
	cmd.Cancel, cmd.WaitDelay = func() error { return cmd.Process.Signal(os.Interrupt) }, 10*time.Second
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w: %s", args[0], err, exit.Stderr)
	}
	return string(out), err
}
