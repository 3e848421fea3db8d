package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/breachgraph/breachgraph/graph/graphtest"
	"github.com/breachgraph/breachgraph/graph/local"
)

// Scripts that need no database.
func TestScripts(t *testing.T) {
	runScripts(t, program(t), "testdata/script/*.txt", func(*testscript.Env) error { return nil })
}

// Scripts that start with an empty database.
func TestGraphScripts(t *testing.T) {
	bin := program(t)
	for _, file := range glob(t, "testdata/graph/*.txt") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			db := graphtest.New(t)
			setup := func(env *testscript.Env) error {
				useDatabase(env, db)
				return nil
			}
			testscript.Run(t, scriptParams(t, bin, []string{file}, setup, map[string]func(*testscript.TestScript, bool, []string){
				"emptied": emptied(db), "cypher": cypher(t, db),
			}))
		})
	}
}

// useDatabase sets a database as users do it.
func useDatabase(env *testscript.Env, db graphtest.Database) {
	env.Setenv("NEO4J_URI", db.URI)
	env.Setenv("NEO4J_USERNAME", db.Username)
	env.Setenv("NEO4J_PASSWORD", db.Password)
	env.Setenv("NEO4J_DATABASE", db.Name)
}

// Scripts that start local servers of their own, in the data folder "data".
func TestLocalScripts(t *testing.T) {
	graphtest.New(t) // skips or fails where there can be none
	bin := program(t)
	for _, file := range glob(t, "testdata/local/*.txt") {
		t.Run(filepath.Base(file), func(t *testing.T) { runScripts(t, bin, file, localServer) })
	}
}

// program builds the program as users have it, and returns its folder. With
// the race detector, which the test binary may have, it takes seconds to start.
func program(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "breachgraph"), ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// localServer gives a script a data folder whose server ends with the script.
func localServer(env *testscript.Env) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	env.Setenv("XDG_CACHE_HOME", cache)
	env.Setenv("BREACHGRAPH_DATA", "data")
	env.Setenv("BREACHGRAPH_HEAP", "512")
	dir := filepath.Join(env.WorkDir, "data")
	env.Defer(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if s, running, _ := local.Find(dir); running {
			s.Stop(ctx)
		}
	})
	return nil
}

// runScripts runs the scripts that match pattern with the program in bin.
func runScripts(t *testing.T, bin, pattern string, setup func(*testscript.Env) error) {
	t.Helper()
	testscript.Run(t, scriptParams(t, bin, glob(t, pattern), setup, nil))
}

// scriptParams lets scripts run the program in bin and use more commands.
// $ARTICLES is the folder of the first test articles.
func scriptParams(t *testing.T, bin string, files []string, setup func(*testscript.Env) error, more map[string]func(*testscript.TestScript, bool, []string)) testscript.Params {
	t.Helper()
	articles, err := filepath.Abs("../../testdata/articles")
	if err != nil {
		t.Fatal(err)
	}
	cmds := map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "site": site, "eventually": eventually}
	maps.Copy(cmds, more)
	return testscript.Params{
		Files:               files,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ARTICLES", articles)
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			return setup(env)
		},
		Cmds: cmds,
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("glob %s = %v, %v", pattern, files, err)
	}
	return files
}

// site is the script command "site FOLDER FILE…": a web server shows the folder,
// and SITE in the files becomes its address.
func site(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: site FOLDER FILE…")
	}
	server := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs(args[0]))))
	ts.Defer(server.Close)
	for _, name := range args[1:] {
		path := ts.MkAbs(name)
		ts.Check(os.WriteFile(path, []byte(strings.ReplaceAll(ts.ReadFile(name), "SITE", server.URL)), 0o600))
	}
}

// eventually is the script command "eventually PATTERN COMMAND…": the command is
// run until its output matches, which fails after two minutes.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually PATTERN COMMAND [ARGUMENT…]")
	}
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); <-tick.C {
		if err := ts.Exec(args[1], args[2:]...); err == nil && pattern.MatchString(ts.ReadFile("stdout")) {
			return
		}
	}
	ts.Fatalf("%v does not come to print %s", args[1:], args[0])
}

// emptied is the script command "emptied": the database holds nothing any more.
func emptied(db graphtest.Database) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(db.Empty(context.Background())) }
}

// cypher is the script command "cypher STATEMENT…": it changes the database as
// something else than the program may have done.
func cypher(t *testing.T, db graphtest.Database) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) == 0 {
			ts.Fatalf("usage: cypher STATEMENT…")
		}
		ts.Check(db.Run(t.Context(), args...))
	}
}

// exits is the script command "exits N breachgraph …": the program runs and its
// exit status is N.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v: %v", args[1:], err)
	}
	if got != want {
		ts.Fatalf("%v: exit status %d, want %d", args[1:], got, want)
	}
}
