//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package local

import (
	"context"
	"os"
	"os/exec"
	"time"
)

// A local server rests on file locks that a child inherits, which this system
// has not: everything that needs one says ErrUnavailable.

const pollEvery = 50 * time.Millisecond

func tryExclusive(string) (*os.File, error) { return nil, ErrUnavailable }

func acquire(context.Context, string) (*os.File, error) { return nil, ErrUnavailable }

func held(string) (bool, error) { return false, nil }

func detach(*exec.Cmd) {}

func terminate(int) error { return ErrUnavailable }
