package jobs

import (
	"crypto/rand"
	"encoding/json"
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

// A server is a NATS server in this process. It listens on this machine only,
// for other processes of the same user: address tells them how to reach it.
type server struct {
	*natsserver.Server
	lock *flock.Flock
	dir  string
}

// errServed means that another process has the folder.
var errServed = errors.New("another process has it")

// startServer starts a server with its store in dir; the error wraps errServed
// where another process has one there.
func startServer(dir string, log *slog.Logger) (s *server, err error) {
	// Two servers on one store would destroy it, and NATS does not look.
	lock := flock.New(filepath.Join(dir, "lock"))
	switch ok, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("open the job queue: %w", err)
	case !ok:
		return nil, fmt.Errorf("open the job queue in %s: %w", dir, errServed)
	}
	s = &server{lock: lock, dir: dir}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	// What a server that was killed has left there leads nowhere.
	if err := os.Remove(filepath.Join(dir, addressFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	token := rand.Text()
	s.Server, err = natsserver.NewServer(&natsserver.Options{
		ServerName: prefix, Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, Authorization: token, NoSigs: true,
		JetStream: true, StoreDir: dir, SyncAlways: true, MaxPayload: maxParcel * 2,
	})
	if err != nil {
		return nil, fmt.Errorf("open the job queue in %s: %w", dir, err)
	}
	s.SetLoggerV2(serverLog{log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startTime) || !s.JetStreamEnabled() {
		return nil, fmt.Errorf("open the job queue in %s: its server does not start; is the disk full?", dir)
	}
	raw, err := json.Marshal(address{s.Addr().String(), token})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, addressFile), raw, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("open the job queue in %s: %w", dir, err)
	}
	return s, nil
}

func (s *server) stop() {
	if s.Server != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
	// A file that stays is written anew by the next server, and the lock ends
	// with the process.
	_ = os.Remove(filepath.Join(s.dir, addressFile))
	_ = s.lock.Unlock()
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
