package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// loaderKilled kills the loader, and runs another one.
func loaderKilled(ctx context.Context, s *stand) error {
	cmd, err := s.begin(ctx, s.server.BoltURI)
	if err != nil {
		return err
	}
	if err := errors.Join(s.started(ctx), cmd.Process.Kill()); err != nil {
		return err
	}
	if err := cmd.Wait(); err == nil {
		return errors.New("the loader was killed and says that all is well")
	}
	return s.load(ctx)
}

// twoLoaders load the same.
func twoLoaders(ctx context.Context, s *stand) error {
	cmd, err := s.begin(ctx, s.server.BoltURI)
	if err != nil {
		return err
	}
	return errors.Join(s.load(ctx), cmd.Wait())
}

// connectionCut has the loader go through a wire that is cut for a while.
func (t trial) connectionCut(ctx context.Context, s *stand) error {
	w, err := newWire(strings.TrimPrefix(s.server.BoltURI, "bolt://"))
	if err != nil {
		return err
	}
	defer w.listener.Close()
	cmd, err := s.begin(ctx, "bolt://"+w.listener.Addr().String())
	if err != nil {
		return err
	}
	if err := s.started(ctx); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	w.cut()
	time.Sleep(t.cut)
	w.mend()
	return cmd.Wait()
}

// serverKilled kills the server and starts it again; the loader goes on.
func serverKilled(ctx context.Context, s *stand) error {
	cmd, err := s.begin(ctx, s.server.BoltURI)
	if err != nil {
		return err
	}
	if err := s.started(ctx); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	p, err := os.FindProcess(s.server.PID)
	if err != nil {
		return err
	}
	return errors.Join(p.Kill(), s.restart(ctx), cmd.Wait())
}

// restart starts the server again once its former process is gone.
func (s *stand) restart(ctx context.Context) error {
	former := s.server.PID
	for {
		if err := s.start(ctx); err != nil || s.server.PID != former {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// diskFull gives the server a disk that is too small, then a larger one. It
// needs Linux and the right to mount.
func (t trial) diskFull(ctx context.Context, s *stand) error {
	s.stop()
	s.db = nil
	disk := filepath.Join(s.options.Dir, "disk")
	if err := os.MkdirAll(disk, 0o700); err != nil {
		return err
	}
	if err := run(ctx, "mount", "-t", "tmpfs", "-o", "size=2g", "none", disk); err != nil {
		return fmt.Errorf("no disk to fill: %w", err)
	}
	s.options.Dir = disk
	// What is mounted may be busy until the process is gone.
	s.after = func() { run(context.WithoutCancel(ctx), "umount", "-l", disk) }
	if err := s.start(ctx); err != nil {
		return err
	}
	cmd, err := s.begin(ctx, s.server.BoltURI)
	if err != nil {
		return err
	}
	if err := s.started(ctx); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	filler := filepath.Join(disk, "filler")
	if err := fill(filler); err != nil {
		return err
	}
	if err := cmd.Wait(); err == nil {
		return errors.New("the disk was full and the loader says that all is well")
	}
	if err := os.Remove(filler); err != nil {
		return err
	}
	s.stop() // a server that could not write has to be started again
	s.db = nil
	return errors.Join(s.start(ctx), s.load(ctx))
}

func run(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// fill writes a file until there is no room.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 1 << 12} {
		block := make([]byte, size)
		for {
			if _, err = f.Write(block); err != nil {
				break
			}
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return err
	}
	return nil
}

// A wire passes on what a client and a server say to each other.
type wire struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	down  bool
	conns []net.Conn
}

func newWire(to string) (*wire, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wire{listener: l, to: to}
	go w.serve()
	return w, nil
}

func (w *wire) serve() {
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", w.to)
		w.mu.Lock()
		if err != nil || w.down {
			client.Close()
			w.mu.Unlock()
			continue
		}
		w.conns = append(w.conns, client, server)
		w.mu.Unlock()
		go func() { io.Copy(client, server); client.Close() }()
		go func() { io.Copy(server, client); server.Close() }()
	}
}

// cut ends all connections and lets none through.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for _, c := range w.conns {
		c.Close()
	}
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}
