package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	startTime   = 3 * time.Minute  // a recovery takes half a minute on a busy machine
	killAfter   = 10 * time.Second // how long a start that is called off may take to end
	defaultHeap = 1024             // MiB
)

// errPort is the error of a start that found its port taken.
var errPort = errors.New("port is taken")

// A plan is what a launch needs to know beside the folder.
type plan struct {
	java, classPath string
	flags           []string
	last            state    // of the start before, for its ports
	lock            *os.File // handed to the server, which holds it while it lives
}

// jvmFlags are the flags of o and those that Neo4j cannot do without.
func jvmFlags(o Options) []string {
	heap := o.HeapMB
	if heap == 0 {
		heap = defaultHeap
	}
	flags := []string{fmt.Sprintf("-Xmx%dm", heap), "-Dfile.encoding=UTF-8"}
	if o.QuickStart {
		flags = append(flags, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
	}
	for _, name := range []string{"java.nio", "java.io", "sun.nio.ch", "java.lang", "java.util.concurrent"} {
		flags = append(flags, "--add-opens=java.base/"+name+"=ALL-UNNAMED")
	}
	return flags
}

// launch starts a server in home and waits until it answers. Ports that were
// free a moment ago may be taken by now, so those that nobody fixed are chosen
// anew a few times.
func launch(ctx context.Context, home string, o Options, p plan) (state, error) {
	const tries = 3
	for try := 1; ; try++ {
		s, err := choosePorts(o, p.last)
		if err != nil {
			return s, err
		}
		err = run(ctx, home, &s, p)
		fixed := o.BoltPort != 0 && o.HTTPPort != 0
		if err == nil || !errors.Is(err, errPort) || fixed || try == tries {
			return s, err
		}
		p.last = state{}
	}
}

// choosePorts keeps the ports of the last start where it can, so that a page
// that is open in a browser still works.
func choosePorts(o Options, last state) (s state, err error) {
	if s.Bolt, err = freePort(o.BoltPort, last.Bolt); err != nil {
		return s, err
	}
	s.HTTP, err = freePort(o.HTTPPort, last.HTTP)
	return s, err
}

// run starts one process on the ports of s, fills in the rest of s and waits
// until the server answers, fails or ctx ends.
func run(ctx context.Context, home string, s *state, p plan) error {
	if err := writeConfig(home, s.Bolt, s.HTTP); err != nil {
		return err
	}
	log, err := openLog(home)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(p.java, append(p.flags, "org.neo4j.server.CommunityEntryPoint",
		"--home-dir="+home, "--config-dir="+filepath.Join(home, "conf"), "--console-mode")...)
	cmd.Env = append(os.Environ(), "CLASSPATH="+p.classPath) // 10 kB that would hide the rest in ps
	cmd.Dir, cmd.Stdout, cmd.Stderr = home, log, log
	cmd.ExtraFiles = []*os.File{p.lock}
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	s.PID, s.Started = cmd.Process.Pid, time.Now().UTC().Truncate(time.Second)
	// The goroutine outlives this call where the start succeeds: a child that
	// nobody waits for stays a zombie until this process ends.
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	if err := s.write(home); err != nil {
		cmd.Process.Kill()
		<-exited
		return err
	}
	return s.await(ctx, home, exited)
}

// await waits until the server answers. A start that is called off leaves no
// process behind.
func (s *state) await(ctx context.Context, home string, exited <-chan error) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-exited:
			return failure(home, err)
		case <-ctx.Done():
			terminate(s.PID)
			select {
			case <-exited:
			case <-time.After(killAfter):
				if p, err := os.FindProcess(s.PID); err == nil {
					p.Kill()
				}
				<-exited
			}
			return fmt.Errorf("%w; the log ends in\n%s", context.Cause(ctx), lastLines(readLog(home), 4))
		case <-tick.C:
			if s.ready(home) {
				return nil
			}
		}
	}
}

// failure is the error of a server that ended before it answered.
func failure(home string, exit error) error {
	log := readLog(home)
	if exit == nil {
		exit = errors.New("stopped during its start")
	}
	if strings.Contains(log, "PortBindException") || strings.Contains(log, "Address already in use") {
		exit = fmt.Errorf("%w: %w", exit, errPort)
	}
	return fmt.Errorf("%w; %s says\n%s", exit, filepath.Join(home, logName), reason(log))
}
