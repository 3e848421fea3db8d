package jobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// localURL stands for whatever server has the folder; dialing decides.
const localURL = "nats://127.0.0.1"

// findPause is how often a server is looked for that is about to start or to end.
const findPause = 50 * time.Millisecond

// addressFile is where, in its folder, a server says how to reach it.
const addressFile = "server.json"

// An address is how to reach a server in another process.
type address struct {
	Host  string // and port
	Token string
}

// A local connects to the server of a folder. The processes that share the
// folder share one server: the first has it, and when that process ends, the
// next to notice starts it anew, while the others find it again.
type local struct {
	dir string
	log *slog.Logger

	mu       sync.Mutex
	patience time.Duration // how long a server is looked for
	server   *server       // nil while another process has it
	token    string        // of the server dialed last
	closed   bool
}

// Dial implements [nats.CustomDialer].
func (l *local) Dial(network, _ string) (net.Conn, error) {
	for end := time.Now().Add(l.look()); ; time.Sleep(findPause) {
		conn, err := l.dial(network)
		if err == nil || !errors.Is(err, errServed) || time.Now().After(end) {
			return conn, err
		}
	}
}

// look is how long a server is looked for: long at the first time, since it may
// be reading its store, and later only once, since NATS tries again by itself and
// keeps everybody waiting meanwhile.
func (l *local) look() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	long := l.patience
	l.patience = 0
	return long
}

// dial starts the server or reaches that of another process. The error wraps
// errServed where that does not answer, yet or any more.
func (l *local) dial(network string) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, net.ErrClosed
	}
	if l.server == nil {
		s, err := startServer(l.dir, l.log)
		if err != nil && !errors.Is(err, errServed) {
			return nil, err
		}
		l.server = s
	}
	at, err := findServer(l.dir)
	if err == nil {
		l.token = at.Token
		var conn net.Conn
		if conn, err = net.DialTimeout(network, at.Host, askTime); err == nil {
			return conn, nil
		}
	}
	return nil, fmt.Errorf("reach the job queue in %s: %w: %w", l.dir, errServed, err)
}

// secret is the token of the server dialed last.
func (l *local) secret() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.token
}

// leave has no server started any more.
func (l *local) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

// stop gives the server up to whoever shares the folder.
func (l *local) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.server != nil {
		l.server.stop()
	}
}

// findServer is the address of the server that has dir, which may still be about
// to write it.
func findServer(dir string) (a address, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, addressFile))
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(raw, &a)
}
