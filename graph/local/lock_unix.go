//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// pollEvery is how often a condition of the outside world is looked at again.
const pollEvery = 50 * time.Millisecond

// tryLock opens path and locks it, alone or shared, without waiting. A nil
// file without an error means that someone else holds the lock. The lock
// belongs to the open file: a child that inherits it goes on holding it, and
// the system drops it when the last holder is gone, however that came about.
func tryLock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err != syscall.EINTR {
			break
		}
	}
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, nil
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}

// tryExclusive is [tryLock] for one holder.
func tryExclusive(path string) (*os.File, error) { return tryLock(path, syscall.LOCK_EX) }

// acquire waits for the exclusive lock on path.
func acquire(ctx context.Context, path string) (*os.File, error) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		f, err := tryExclusive(path)
		if f != nil || err != nil {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for lock %s: %w", path, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

// held reports whether a process holds the exclusive lock on path. Asking
// takes the lock for a moment, shared, so that two who ask do not see each
// other.
func held(path string) (bool, error) {
	if !exists(path) {
		return false, nil
	}
	f, err := tryLock(path, syscall.LOCK_SH)
	if f != nil {
		f.Close()
	}
	return f == nil && err == nil, err
}

// detach makes cmd outlive this process and its terminal.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// terminate asks the process pid to end cleanly.
func terminate(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) }
