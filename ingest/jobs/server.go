package jobs

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	natsserver "github.com/nats-io/nats-server/v2/server"
)

// startTime is how long the server in this process may need to be ready; it
// reads its store first.
const startTime = 60 * time.Second

// A server is a NATS server in this process. It listens nowhere.
type server struct {
	*natsserver.Server
	lock *flock.Flock
}

// startServer starts a server with its store in dir.
func startServer(dir string, log *slog.Logger) (*server, error) {
	if dir == "" {
		return nil, errors.New("open the job queue: no folder for it")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	// Two servers on one store would destroy it, and NATS does not look.
	lock := flock.New(filepath.Join(dir, "lock"))
	switch ok, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("open the job queue: %w", err)
	case !ok:
		return nil, fmt.Errorf("open the job queue: another process uses %s; stop it, or share a NATS server", dir)
	}
	s, err := natsserver.NewServer(&natsserver.Options{
		ServerName: prefix, DontListen: true, NoSigs: true, JetStream: true, StoreDir: dir,
		// What a crash of the machine takes of the last moments is offered
		// again by the frontier, which is told only what is done.
		SyncInterval: time.Second,
		MaxPayload:   maxParcel * 2,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the job queue in %s: %w", dir, err), lock.Unlock())
	}
	s.SetLoggerV2(serverLog{log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startTime) || !s.JetStreamEnabled() {
		s.Shutdown()
		return nil, errors.Join(fmt.Errorf("open the job queue in %s: its server does not start; is the disk full?", dir), lock.Unlock())
	}
	return &server{s, lock}, nil
}

func (s *server) stop() {
	s.Shutdown()
	s.WaitForShutdown()
	if err := s.lock.Unlock(); err != nil {
		slog.Debug("unlock the job queue", "error", err)
	}
}

// serverLog passes on what the server complains of.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(format string, v ...any) { l.log.Debug(fmt.Sprintf(format, v...)) }
func (l serverLog) Debugf(format string, v ...any)  { l.log.Debug(fmt.Sprintf(format, v...)) }
func (l serverLog) Tracef(format string, v ...any)  { l.log.Debug(fmt.Sprintf(format, v...)) }
func (l serverLog) Warnf(format string, v ...any) {
	l.log.Warn("job queue: " + fmt.Sprintf(format, v...))
}
func (l serverLog) Errorf(format string, v ...any) {
	l.log.Error("job queue: " + fmt.Sprintf(format, v...))
}
func (l serverLog) Fatalf(format string, v ...any) {
	l.log.Error("job queue: " + fmt.Sprintf(format, v...))
}
