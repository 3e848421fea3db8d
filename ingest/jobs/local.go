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

	"github.com/gofrs/flock"
	"github.com/nats-io/nats.go"
)

// localURL stands for whatever server has the folder; dialing decides.
const localURL = "nats://127.0.0.1"

// findPause is how often a server is looked for that is about to start or to end.
const findPause = 50 * time.Millisecond

// addressFile is where, in its folder, a server says how to reach it.
const addressFile = "server.json"

// stayFile is locked, in the folder of a server, by those that stay.
const stayFile = "stay"

// An address is how to reach a server in another process.
type address struct {
	Host  string // and port
	Token string
}

// A local connects to the server of a folder. The processes that share the
// folder share one server: the first has it, and when that process ends, the
// next to notice starts it anew, while the others find it again. While some of
// them stay, it is one of these that does.
type local struct {
	dir   string
	log   *slog.Logger
	stay  *flock.Flock
	stays bool

	mu      sync.Mutex
	until   time.Time // when a server that does not answer is given up
	server  *server   // nil while another process has it
	token   string    // of the server dialed last
	reached bool      // it was
	closed  bool
}

func newLocal(o Options, log *slog.Logger) (*local, error) {
	if o.Dir == "" {
		return nil, errors.New("open the job queue: no folder for it")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	l := &local{dir: o.Dir, log: log, stay: flock.New(filepath.Join(o.Dir, stayFile)), stays: o.Stays, until: time.Now().Add(startTime)}
	if o.Stays {
		if err := l.stay.RLock(); err != nil { // others have it for a moment only
			return nil, fmt.Errorf("open the job queue: %w", err)
		}
	}
	return l, nil
}

// mayServe reports whether the server may be started here.
func (l *local) mayServe() (bool, error) {
	if l.stays {
		return true, nil
	}
	alone, err := l.stay.TryLock()
	if alone {
		err = l.stay.Unlock()
	}
	if err != nil {
		return false, fmt.Errorf("open the job queue: %w", err)
	}
	return alone, nil
}

// Dial implements [nats.CustomDialer].
func (l *local) Dial(network, _ string) (net.Conn, error) {
	for {
		conn, err := l.dial(network)
		if err == nil || !errors.Is(err, errServed) || !l.patient() {
			return conn, err
		}
		time.Sleep(findPause)
	}
}

// patient reports whether a server is still looked for: long at the first time,
// since it may be reading its store, and later only once, since NATS tries again
// by itself and keeps everybody waiting meanwhile.
func (l *local) patient() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Before(l.until)
}

// connect is [nats.Connect], and tries again where the server that was reached
// ends with its process before it has answered.
func (l *local) connect(url string, options ...nats.Option) (*nats.Conn, error) {
	for {
		conn, err := nats.Connect(url, options...)
		l.mu.Lock()
		left := err != nil && l.reached && time.Now().Before(l.until)
		if !left {
			l.until = time.Time{}
		}
		l.mu.Unlock()
		if !left {
			return conn, err
		}
		time.Sleep(findPause)
	}
}

// dial starts the server or reaches that of another process. The error wraps
// errServed where that does not answer, yet or any more.
func (l *local) dial(network string) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reached = false
	if l.closed {
		return nil, net.ErrClosed
	}
	if l.server == nil {
		if err := l.serve(); err != nil {
			return nil, err
		}
	}
	at, err := findServer(l.dir)
	if err == nil {
		l.token = at.Token
		var conn net.Conn
		if conn, err = net.DialTimeout(network, at.Host, askTime); err == nil {
			l.reached = true
			return conn, nil
		}
	}
	return nil, fmt.Errorf("reach the job queue in %s: %w: %w", l.dir, errServed, err)
}

// serve starts the server, unless that is for another process to do.
func (l *local) serve() error {
	if ok, err := l.mayServe(); !ok {
		return err
	}
	s, err := startServer(l.dir, l.log)
	if err != nil && !errors.Is(err, errServed) {
		return err
	}
	l.server = s
	return nil
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
	if err := l.stay.Unlock(); err != nil {
		l.log.Debug("unlock the job queue", "error", err) // it ends with the process
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
