package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The files of a server's folder that this package keeps beside Neo4j's own.
const (
	stateName = "server.json"
	logName   = "neo4j.log"
	startLock = "start.lock" // held while a process looks or starts
	aliveLock = "alive.lock" // held by the server itself until it is gone
)

// A state is what one start leaves for those who look for the server later.
type state struct {
	PID     int       `json:"pid"`
	Bolt    int       `json:"bolt"`
	HTTP    int       `json:"http"`
	Started time.Time `json:"started"`
}

// readState returns the state of the last start, zero where there was none.
func readState(home string) (state, error) {
	var s state
	b, err := os.ReadFile(filepath.Join(home, stateName))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return state{}, fmt.Errorf("read %s: %w", filepath.Join(home, stateName), err)
	}
	return s, nil
}

// write keeps s in home.
func (s state) write(home string) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(home, stateName), append(b, '\n'))
}

// ready reports whether the server that s tells of has started and listens.
// The log alone would not do: that of a crashed server says "Started." too.
func (s state) ready(home string) bool {
	if s.PID == 0 || !strings.Contains(readLog(home), "Started.") {
		return false
	}
	conn, err := net.DialTimeout("tcp", address(s.Bolt), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// address is where a server of this package listens.
func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// maxLog bounds how much of the server's log is read: the word that it has
// started, or why not, comes within its first lines.
const maxLog = 1 << 20

// readLog returns what the server has printed since its start.
func readLog(home string) string {
	f, err := os.Open(filepath.Join(home, logName))
	if err != nil {
		return ""
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, maxLog))
	return string(b)
}

// openLog makes a new log and keeps the one before it.
func openLog(home string) (*os.File, error) {
	path := filepath.Join(home, logName)
	if err := os.Rename(path, path+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

// reason picks out of a log why the server gave up: no stack frames, and none
// of the lines that tell of things going well.
func reason(log string) string {
	var kept []string
	for line := range strings.Lines(log) {
		line = strings.TrimRight(line, "\r\n")
		frame := strings.HasPrefix(line, "\tat ") || strings.HasPrefix(line, "\t... ")
		if line != "" && !frame && !strings.Contains(line, " INFO  ") {
			kept = append(kept, line)
		}
	}
	if len(kept) == 0 {
		return lastLines(log, 8)
	}
	return strings.Join(kept[max(0, len(kept)-8):], "\n")
}

// freePort returns want, where it is not 0, else last where nothing listens on
// it, else a port that the system says is free.
func freePort(want, last int) (int, error) {
	if want != 0 {
		return want, nil
	}
	for _, port := range []int{last, 0} {
		l, err := net.Listen("tcp", address(port))
		if err != nil {
			continue
		}
		defer l.Close()
		return l.Addr().(*net.TCPAddr).Port, nil
	}
	return 0, errors.New("find a free port on 127.0.0.1")
}
