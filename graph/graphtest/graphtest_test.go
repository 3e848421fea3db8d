package graphtest

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// run runs statements on db and returns the column `name` of the last.
func run(t *testing.T, db Database, statements ...string) (names []string) {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(db.URI, neo4j.BasicAuth(db.Username, db.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	session := driver.NewSession(t.Context(), neo4j.SessionConfig{DatabaseName: db.Name})
	defer session.Close(t.Context())
	for _, s := range statements {
		if names, err = column(t.Context(), session, s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return names
}

func TestNewIsEmpty(t *testing.T) {
	db := New(t)
	run(t, db,
		"CREATE CONSTRAINT `odd``name` FOR (n:A) REQUIRE n.id IS UNIQUE",
		"CREATE INDEX a_name FOR (n:A) ON (n.name)",
		"CREATE FULLTEXT INDEX a_text FOR (n:A) ON EACH [n.name]",
		"UNWIND range(1, 25000) AS i CREATE (n:A {id: i})-[:NEXT]->(:B)",
	)
	again := New(t)
	if again != db {
		t.Errorf("New = %+v, want the same server, %+v", again, db)
	}
	for _, left := range []string{
		"MATCH (n) RETURN DISTINCT labels(n)[0] AS name",
		"SHOW CONSTRAINTS YIELD name RETURN name",
		"SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name",
	} {
		if names := run(t, db, left); len(names) > 0 {
			t.Errorf("after New, %s = %v, want none", left, names)
		}
	}
}

// A test binary that is killed leaves neither a server nor its folder.
func TestEndsWithBinary(t *testing.T) {
	const env = "GRAPHTEST_KILLED"
	if dir := os.Getenv(env); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "uri"), []byte(New(t).URI), 0o600); err != nil {
			t.Fatal(err)
		}
		kill(t, os.Getpid())
		select {} // until it is
	}
	if os.Getenv("NEO4J_TEST_URI") != "" {
		t.Skip("NEO4J_TEST_URI is not ours to end")
	}
	New(t) // skips where a local server cannot be had
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEndsWithBinary$")
	cmd.Env = append(os.Environ(), env+"="+dir, "TMPDIR="+dir)
	if err := cmd.Run(); err == nil {
		t.Fatal("the child was not killed")
	}
	uri, err := os.ReadFile(filepath.Join(dir, "uri"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := gone(ctx, strings.TrimPrefix(string(uri), "bolt://"), dir); err != nil {
		t.Error(err)
	}
}

// kill ends a process at once.
func kill(t *testing.T, pid int) {
	t.Helper()
	p, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
}

// gone waits until nobody listens at addr and no server folder is in dir.
func gone(ctx context.Context, addr, dir string) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		folders, err := fs.Glob(os.DirFS(dir), "breachgraph-test-*")
		if err != nil {
			return err
		}
		conn, err := net.Dial("tcp", addr)
		if err != nil && len(folders) == 0 {
			return nil
		}
		if err == nil {
			conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("still there: %s (%v), %v", addr, err, folders)
		case <-tick.C:
		}
	}
}

func TestReserve(t *testing.T) {
	lock, err := reserve(t.Context(), "bolt://"+t.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(lock.Path())
	defer lock.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := reserve(ctx, "bolt://"+t.Name()); err == nil {
		t.Error("a second holder got the database")
	}
}
