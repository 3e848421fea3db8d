package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// starterEnv makes the test binary call Start for the folder it names, print
// the process of the server and end: a second process, as users have.
const starterEnv = "LOCAL_TEST_STARTER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(starterEnv); dir != "" {
		s, err := Start(context.Background(), quick(dir))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Print(s.PID)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// quick are the options of every server of these tests.
func quick(dir string) Options { return Options{Dir: dir, HeapMB: 384, QuickStart: true} }

// needServer skips a test on a machine without Java or Maven, but not in CI.
func needServer(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts real servers")
	}
	_, noJava := findJava(t.Context())
	_, noMaven := findMaven()
	if err := errors.Join(noJava, noMaven); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

// mustStart starts the server of dir and sees to it that it ends with the test.
func mustStart(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), quick(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask runs a Cypher statement over HTTP and returns status and answer.
func ask(t *testing.T, s *Server, password, statement string) (int, string) {
	t.Helper()
	url := strings.TrimSuffix(s.BrowserURL, "browser/") + "db/neo4j/query/v2"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url,
		strings.NewReader(fmt.Sprintf(`{"statement":%q}`, statement)))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(s.Username, password)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// wantNodes fails unless the database holds n nodes.
func wantNodes(t *testing.T, s *Server, n int) {
	t.Helper()
	if _, got := ask(t, s, s.Password, "MATCH (n) RETURN count(n)"); !strings.Contains(got, fmt.Sprintf(`"values":[[%d]]`, n)) {
		t.Errorf("count of nodes = %s, want %d", got, n)
	}
}

// wantFound fails unless Find says of dir that a server runs there, or not.
func wantFound(t *testing.T, dir string, want bool) *Server {
	t.Helper()
	s, running, err := Find(dir)
	if err != nil || running != want {
		t.Fatalf("Find(%s) = %v, %v, want running %v", dir, running, err, want)
	}
	return s
}

func TestServerLives(t *testing.T) {
	needServer(t)
	dir := filepath.Join(t.TempDir(), "data with space")
	wantFound(t, dir, false)
	s := mustStart(t, dir)

	t.Run("answers", func(t *testing.T) {
		if status, body := ask(t, s, s.Password, "CREATE (:A), (:A)"); status != http.StatusAccepted {
			t.Errorf("query = %d %s", status, body)
		}
		wantNodes(t, s, 2)
		if status, _ := ask(t, s, "wrong-password", "RETURN 1"); status != http.StatusUnauthorized {
			t.Errorf("query with a wrong password = %d, want 401", status)
		}
		resp, err := http.Get(s.BrowserURL)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("GET %s = %s", s.BrowserURL, resp.Status)
		}
	})

	t.Run("keeps its secret", func(t *testing.T) {
		for _, name := range []string{"password", "data/dbms/auth.ini", "conf/neo4j.conf"} {
			st, err := os.Stat(filepath.Join(s.Home, name))
			if err == nil && st.Mode().Perm() != 0o600 {
				t.Errorf("mode of %s = %v, want 0600", name, st.Mode())
			}
		}
		b, err := os.ReadFile(filepath.Join(s.Home, "conf", "neo4j.conf"))
		if err != nil || bytes.Contains(b, []byte(s.Password)) {
			t.Errorf("neo4j.conf holds the password, or %v", err)
		}
	})

	t.Run("is found and reused", func(t *testing.T) {
		if found := wantFound(t, dir, true); *found != *s {
			t.Errorf("Find = %+v, want %+v", found, s)
		}
		again, err := Start(t.Context(), quick(dir))
		if err != nil || *again != *s {
			t.Errorf("second Start = %+v, %v, want %+v", again, err, s)
		}
		o := quick(dir)
		o.BoltPort = 1
		if _, err := Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "stop it first") {
			t.Errorf("Start on another port: %v", err)
		}
		if err := Reset(dir); err == nil {
			t.Error("Reset of a running server: no error")
		}
	})

	whole := t // the server that comes back is for the next part too
	t.Run("recovers from a kill", func(t *testing.T) {
		p, err := os.FindProcess(s.PID)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		waitGone(t, dir)
		back := mustStart(whole, dir)
		if back.PID == s.PID || back.BoltURI != s.BoltURI || back.Password != s.Password {
			t.Errorf("after a kill: %+v, want the ports and password of %+v", back, s)
		}
		wantNodes(t, back, 2)
		s = back
	})

	t.Run("stops and is reset", func(t *testing.T) {
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if log := readLog(s.Home); !strings.Contains(log, "Stopped.") {
			t.Errorf("log of a clean stop ends in %s", lastLines(log, 3))
		}
		wantFound(t, dir, false)
		if err := s.Stop(t.Context()); err != nil {
			t.Errorf("second Stop: %v", err)
		}
		if err := Reset(dir); err != nil {
			t.Fatal(err)
		}
		if exists(filepath.Join(s.Home, "data")) || exists(filepath.Join(s.Home, "password")) {
			t.Error("Reset left data or password")
		}
	})
}

// waitGone waits until Find sees no server any more, within the test's time.
func waitGone(t *testing.T, dir string) {
	t.Helper()
	for {
		if _, running, err := Find(dir); err != nil || !running {
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the server is still there")
		case <-time.After(pollEvery):
		}
	}
}

// Three processes and this one start the same folder at once and end; one
// server stays.
func TestStartAtOnce(t *testing.T) {
	needServer(t)
	dir := t.TempDir()
	pids := make([]string, 3)
	var wg sync.WaitGroup
	for i := range pids {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), starterEnv+"="+dir)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("starter: %v: %s", err, out)
			}
			pids[i] = string(out)
		})
	}
	wg.Wait()
	s := mustStart(t, dir)
	for _, pid := range pids {
		if pid != fmt.Sprint(s.PID) {
			t.Errorf("a starter got process %s, want %d", pid, s.PID)
		}
	}
}

// A starter is killed while its server comes up; the next one takes that
// server over.
func TestStarterKilled(t *testing.T) {
	needServer(t)
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), starterEnv+"="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if _, running, _ := Find(dir); running {
			break
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
	orphan := wantFound(t, dir, true)
	if s := mustStart(t, dir); s.PID != orphan.PID {
		t.Errorf("Start = process %d, want %d, which was there", s.PID, orphan.PID)
	}
}

// The server of a start that finds the port taken says so, and its folder can
// be started again.
func TestPortTaken(t *testing.T) {
	needServer(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o := quick(t.TempDir())
	o.BoltPort = l.Addr().(*net.TCPAddr).Port
	o.HTTPPort, _ = freePort(0, 0)
	_, err = Start(t.Context(), o)
	if !errors.Is(err, errPort) || !strings.Contains(err.Error(), fmt.Sprint(o.BoltPort)) {
		t.Errorf("Start on a taken port: %v", err)
	}
	wantFound(t, o.Dir, false)
}

func TestStartCalledOff(t *testing.T) {
	needServer(t)
	dir := t.TempDir()
	ctx, cancel := context.WithCancelCause(t.Context())
	called := errors.New("called off")
	go func() {
		for {
			if _, running, _ := Find(dir); running {
				cancel(called)
				return
			}
			select {
			case <-t.Context().Done():
				return
			case <-time.After(pollEvery):
			}
		}
	}()
	if _, err := Start(ctx, quick(dir)); !errors.Is(err, called) {
		t.Errorf("Start = %v, want %v", err, called)
	}
	wantFound(t, dir, false)
}
