package local

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// fakeCommands makes shell scripts all that there is on the PATH.
func fakeCommands(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, body := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("JAVA_HOME", "")
	t.Setenv("PATH", dir)
}

const (
	java17 = `case $1 in -version) echo 'openjdk version "17.0.1" 2021-10-19' >&2; exit;; esac` + "\n"
	// jarsBrought does what Maven does for two of the jars.
	jarsBrought = "/bin/mkdir lib && : >lib/neo4j-" + Version + ".jar && : >lib/neo4j-server-" + Version + ".jar"
)

func TestStartFails(t *testing.T) {
	tests := []struct {
		name    string
		scripts map[string]string
		want    []string
		missing bool
	}{
		{"no java", nil, []string{"Maven", "docker compose", "NEO4J_URI"}, true},
		{"java without a runtime", map[string]string{"java": "exit 1"}, []string{"-version"}, true},
		{"old java", map[string]string{"java": `echo 'openjdk version "1.8.0_292"' >&2`}, []string{"Java 8"}, true},
		{"no maven", map[string]string{"java": java17}, []string{"find mvn", "NEO4J_URI"}, true},
		{"maven brings nothing", map[string]string{"java": java17, "mvn": ""}, []string{"brought no neo4j-" + Version + ".jar"}, false},
		{"maven fails", map[string]string{"java": java17, "mvn": "echo no route to host; exit 7"}, []string{"exit status 7", "no route to host"}, false},
		{"server fails", map[string]string{"java": java17 + "echo 'Unrecognized setting: x'; exit 1", "mvn": jarsBrought},
			[]string{"exit status 1", "Unrecognized setting: x", logName}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fakeCommands(t, tt.scripts)
			dir := t.TempDir()
			_, err := Start(t.Context(), Options{Dir: dir, CacheDir: t.TempDir()})
			if err == nil {
				t.Fatal("Start = nil")
			}
			for _, want := range append(tt.want, filepath.Join(dir, "neo4j")) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("Start = %v, want it to say %q", err, want)
				}
			}
			if got := errors.Is(err, ErrUnavailable); got != tt.missing {
				t.Errorf("errors.Is(%v, ErrUnavailable) = %v", err, got)
			}
			wantFound(t, dir, false)
		})
	}
}

func TestAssembleAtOnce(t *testing.T) {
	cache := t.TempDir()
	fakeCommands(t, map[string]string{"java": java17 + "exit 1", "mvn": "echo run >>" + filepath.Join(cache, "runs") + "\n" + jarsBrought})
	var wg sync.WaitGroup
	for range 4 {
		dir := t.TempDir()
		wg.Go(func() { Start(t.Context(), Options{Dir: dir, CacheDir: cache}) })
	}
	wg.Wait()
	runs, err := os.ReadFile(filepath.Join(cache, "runs"))
	if err != nil || string(runs) != "run\n" {
		t.Errorf("runs of mvn = %q, %v, want one", runs, err)
	}
	if jars, err := classPath(filepath.Join(cache, "neo4j-"+Version, "lib")); err != nil || strings.Count(jars, ".jar") != 2 {
		t.Errorf("classPath = %q, %v", jars, err)
	}
}

func TestPomVersion(t *testing.T) {
	if !strings.Contains(string(pom), "<version>"+Version+"</version>") {
		t.Errorf("pom.xml does not ask for %s", Version)
	}
}

func TestResetRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := Reset(filepath.Join(dir, "none")); err != nil {
		t.Errorf("Reset of nothing: %v", err)
	}
	kept := filepath.Join(dir, "neo4j", "thesis.txt")
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Reset(dir); err == nil || !exists(kept) {
		t.Errorf("Reset of a folder that is not ours = %v, file kept %v", err, exists(kept))
	}
}

func TestLostPassword(t *testing.T) {
	home := t.TempDir()
	first, err := password(home)
	if err != nil || len(first) < 8 {
		t.Fatalf("password = %q, %v", first, err)
	}
	if again, err := password(home); err != nil || again != first {
		t.Errorf("password again = %q, %v, want %q", again, err, first)
	}
	if err := os.MkdirAll(filepath.Join(home, "data", "databases", "neo4j"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(home, "password")); err != nil {
		t.Fatal(err)
	}
	if _, err := password(home); err == nil || !strings.Contains(err.Error(), "db reset") {
		t.Errorf("password lost after the first start: %v", err)
	}
}

// The line is what `neo4j-admin dbms set-initial-password` writes for this
// password and salt.
func TestAuthLine(t *testing.T) {
	const want = "neo4j:SHA-256,e28cf9afb5544af9d47649090a0048fc271f2869f8560e65c62f604c445fdb4c," +
		"fdefa4725a2d5fd10d7c03783f829a4d9eb6dff79859ccc1d09c8e478e81bdf1,1024:\n"
	salt, err := hex.DecodeString(strings.Split(want, ",")[2])
	if err != nil {
		t.Fatal(err)
	}
	if got := authLine("correct-horse", salt); got != want {
		t.Errorf("authLine = %q, want %q", got, want)
	}
}

func TestJavaMajor(t *testing.T) {
	for in, want := range map[string]int{
		`openjdk version "17.0.15" 2025-04-15`: 17,
		`openjdk version "25" 2025-09-16`:      25,
		`java version "1.8.0_292"`:             8,
		`The operation couldn’t be completed.`: 0,
		`version "99999999999999999999999"`:    9999,
	} {
		if got := javaMajor(in); got != want {
			t.Errorf("javaMajor(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestReason(t *testing.T) {
	const log = "2026-01-01 INFO  Starting...\n" +
		"2026-01-01 ERROR Failed to start Neo4j on 127.0.0.1:1.\n" +
		"java.lang.RuntimeException: Error starting\n\tat org.neo4j.X(X.java:1)\n" +
		"Caused by: Address already in use\n\t... 5 more\n" +
		"2026-01-01 INFO  Stopped.\n"
	const want = "2026-01-01 ERROR Failed to start Neo4j on 127.0.0.1:1.\njava.lang.RuntimeException: Error starting\nCaused by: Address already in use"
	if got := reason(log); got != want {
		t.Errorf("reason = %q, want %q", got, want)
	}
	if got := reason("2026 INFO  a\n2026 INFO  b\n"); got != "2026 INFO  a\n2026 INFO  b" {
		t.Errorf("reason of a quiet log = %q", got)
	}
}

func TestFreePort(t *testing.T) {
	port, err := freePort(0, 0)
	if err != nil || port == 0 {
		t.Fatalf("freePort(0, 0) = %d, %v", port, err)
	}
	for _, tt := range []struct{ want, last, got int }{{7000, port, 7000}, {0, port, port}} {
		if got, err := freePort(tt.want, tt.last); err != nil || got != tt.got {
			t.Errorf("freePort(%d, %d) = %d, %v, want %d", tt.want, tt.last, got, err, tt.got)
		}
	}
}

func TestCorruptState(t *testing.T) {
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, stateName), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readState(home); err == nil || !strings.Contains(err.Error(), stateName) {
		t.Errorf("readState of a broken file = %v", err)
	}
	lock, s, err := claim(t.Context(), home)
	if err != nil || lock == nil {
		t.Fatalf("claim = %v, %+v, %v", lock, s, err)
	}
	defer lock.Close()
	if got, err := readState(home); err != nil || got != (state{}) {
		t.Errorf("state after claim = %+v, %v", got, err)
	}
	if running, err := held(filepath.Join(home, aliveLock)); err != nil || !running {
		t.Errorf("held = %v, %v", running, err)
	}
}
