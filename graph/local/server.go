package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Options say which server [Start] starts and how.
type Options struct {
	// Dir is the data folder; the server keeps all it has in Dir/neo4j.
	Dir string
	// BoltPort and HTTPPort are the ports to listen on; 0 takes the ones of the
	// last start, or any that are free.
	BoltPort, HTTPPort int
	// HeapMB is the largest heap of the server in MiB; 0 means 1024.
	HeapMB int
	// QuickStart trades throughput for a start that costs half the processor
	// time: for servers that live for seconds.
	QuickStart bool
	// CacheDir is where servers are assembled; empty means the folder
	// breachgraph in [os.UserCacheDir].
	CacheDir string
	// Logger is told of what takes long; nil means nobody is.
	Logger *slog.Logger
}

// A Server is a Neo4j that was found or started in a data folder. Its methods
// may be called by several goroutines.
type Server struct {
	// BoltURI is what a driver connects to ("bolt://127.0.0.1:7687").
	BoltURI string
	// BrowserURL is the page of Neo4j Browser.
	BrowserURL string
	// Username and Password are the credentials of its one user.
	Username, Password string
	// Home is the server's folder and Log the file that it prints into.
	Home, Log string
	// PID is the server's process.
	PID int
	// Started is when the process was started, to the second, in UTC.
	Started time.Time
}

// Start returns the server of o.Dir, starting it where it does not run. The
// first start on a machine fetches Neo4j. The server outlives this process;
// [Server.Stop] ends it. Several processes may call Start at once and get the
// same server. The error wraps [ErrUnavailable] where the machine lacks what a
// local server needs. If ctx ends, a start that is under way is called off.
func Start(ctx context.Context, o Options) (*Server, error) {
	home, err := Home(o.Dir)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTime+assembleTime)
	defer cancel()
	s, err := start(ctx, home, o)
	if err != nil {
		return nil, fmt.Errorf("start neo4j in %s: %w", home, err)
	}
	return s, nil
}

// start does the work of [Start] in home.
func start(ctx context.Context, home string, o Options) (*Server, error) {
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	starting, err := acquire(ctx, filepath.Join(home, startLock))
	if err != nil {
		return nil, err
	}
	defer starting.Close()
	lock, s, err := claim(ctx, home)
	if err != nil {
		return nil, err
	}
	if lock == nil {
		if err := s.suits(o); err != nil {
			return nil, err
		}
		return server(home, s)
	}
	defer lock.Close() // the server holds it from here on
	if s, err = prepareAndLaunch(ctx, home, o, s, lock); err != nil {
		return nil, err
	}
	return server(home, s)
}

// claim waits until the server of home either answers or is gone, and returns
// its state and, where it is gone, the lock that it held. A server that is
// still coming up is one whose starter was killed.
func claim(ctx context.Context, home string) (*os.File, state, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		lock, err := tryExclusive(filepath.Join(home, aliveLock))
		if err != nil {
			return nil, state{}, err
		}
		s, err := readState(home)
		if lock != nil {
			s.PID = 0 // until the next process runs nobody may take the last one for it
			if err := s.write(home); err != nil {
				lock.Close()
				return nil, s, err
			}
			return lock, s, nil
		}
		if err != nil || s.ready(home) {
			return nil, s, err
		}
		select {
		case <-ctx.Done():
			return nil, s, fmt.Errorf("process %d holds the folder and does not answer: %w", s.PID, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

// suits says what o asks of a server that s has not.
func (s state) suits(o Options) error {
	if (o.BoltPort != 0 && o.BoltPort != s.Bolt) || (o.HTTPPort != 0 && o.HTTPPort != s.HTTP) {
		return fmt.Errorf("it already runs on ports %d and %d; stop it first", s.Bolt, s.HTTP)
	}
	return nil
}

// prepareAndLaunch gets together what a server needs and starts it.
func prepareAndLaunch(ctx context.Context, home string, o Options, last state, lock *os.File) (state, error) {
	log, cache := o.Logger, o.CacheDir
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return state{}, err
		}
		cache = filepath.Join(dir, "breachgraph")
	}
	java, err := findJava(ctx)
	if err != nil {
		return state{}, err
	}
	lib, err := assemble(ctx, cache, log)
	if err != nil {
		return state{}, err
	}
	jars, err := classPath(lib)
	if err != nil {
		return state{}, err
	}
	if _, err := password(home); err != nil {
		return state{}, err
	}
	log.Info("starting Neo4j", "version", Version, "folder", home)
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	return launch(ctx, home, o, plan{java: java, classPath: jars, flags: jvmFlags(o), last: last, lock: lock})
}

// Find returns the server of the data folder dir and whether it runs. It
// starts nothing and does not wait for a server that is coming up.
func Find(dir string) (s *Server, running bool, err error) {
	home, err := Home(dir)
	if err != nil {
		return nil, false, err
	}
	running, err = held(filepath.Join(home, aliveLock))
	if err != nil || !running {
		return nil, false, err
	}
	st, err := readState(home)
	if err != nil || st.PID == 0 {
		return nil, false, err
	}
	s, err = server(home, st)
	return s, err == nil, err
}

// Stop ends the server cleanly and waits until it is gone or ctx ends. A
// server that does not run is stopped already.
func (s *Server) Stop(ctx context.Context) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for asked := false; ; {
		// While the lock is held its holder lives, so the PID is still its own.
		alive, err := held(filepath.Join(s.Home, aliveLock))
		if err != nil || !alive {
			return err
		}
		if !asked {
			if err := terminate(s.PID); err != nil {
				return fmt.Errorf("stop neo4j, process %d: %w", s.PID, err)
			}
			asked = true
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("stop neo4j, process %d: %w", s.PID, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

// Reset removes the database of the data folder dir, its password and its
// logs. It refuses while the server runs.
func Reset(dir string) error {
	home, err := Home(dir)
	if err != nil || !exists(home) {
		return err
	}
	if !exists(filepath.Join(home, startLock)) {
		return fmt.Errorf("reset %s: no server of breachgraph was ever started there", home)
	}
	lock, err := tryExclusive(filepath.Join(home, aliveLock))
	if err != nil {
		return fmt.Errorf("reset %s: %w", home, err)
	}
	if lock == nil {
		return fmt.Errorf("reset %s: the server runs; stop it first", home)
	}
	defer lock.Close()
	entries, err := os.ReadDir(home)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".lock") { // one that is removed guards nothing
			errs = append(errs, os.RemoveAll(filepath.Join(home, e.Name())))
		}
	}
	return errors.Join(errs...)
}

// Home is the absolute path of the server's folder in the data folder dir,
// whether or not it is there.
func Home(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("a local Neo4j needs a data folder")
	}
	return filepath.Abs(filepath.Join(dir, "neo4j"))
}

// server describes the server in home that s tells of.
func server(home string, s state) (*Server, error) {
	secret, err := password(home)
	if err != nil {
		return nil, err
	}
	return &Server{
		BoltURI:    "bolt://" + address(s.Bolt),
		BrowserURL: fmt.Sprintf("http://localhost:%d/browser/", s.HTTP),
		Username:   Username,
		Password:   secret,
		Home:       home,
		Log:        filepath.Join(home, logName),
		PID:        s.PID,
		Started:    s.Started,
	}, nil
}
