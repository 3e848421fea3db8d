package local

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Version is the release of Neo4j Community that this package assembles.
const Version = "5.26.30"

//go:embed pom.xml
var pom []byte

// assembleTime bounds one run of Maven: some 140 MB to fetch.
const assembleTime = 20 * time.Minute

// assemble returns the folder of jars that make up the server, fetching them
// with Maven where the cache has none. The folder appears whole or not at all,
// also when two processes try at once.
func assemble(ctx context.Context, cache string, log *slog.Logger) (string, error) {
	home := filepath.Join(cache, "neo4j-"+Version)
	lib := filepath.Join(home, "lib")
	if isDir(lib) {
		return lib, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("assemble neo4j: %w", err)
	}
	lock, err := acquire(ctx, home+".lock")
	if err != nil {
		return "", fmt.Errorf("assemble neo4j: %w", err)
	}
	defer lock.Close()
	if isDir(lib) {
		return lib, nil
	}
	log.Info("assembling Neo4j, once; this fetches about 140 MB", "version", Version, "folder", home)
	if err := download(ctx, home); err != nil {
		return "", fmt.Errorf("assemble neo4j %s: %w", Version, err)
	}
	return lib, nil
}

// download fills home through a folder beside it. Maven needs an empty folder:
// into a used one it puts second versions of jars that are there already.
func download(ctx context.Context, home string) error {
	mvn, err := findMaven()
	if err != nil {
		return err
	}
	temp := home + ".part"
	if err := os.RemoveAll(temp); err != nil { // of a run that was killed
		return err
	}
	defer os.RemoveAll(temp)
	if err := os.MkdirAll(temp, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(temp, "pom.xml"), pom, 0o644); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, assembleTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, mvn, "--batch-mode", "--quiet",
		"dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=lib")
	cmd.Dir = temp
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mvn dependency:copy-dependencies: %w: %s", err, lastLines(string(out), 8))
	}
	if err := checkJars(filepath.Join(temp, "lib")); err != nil {
		return err
	}
	return os.Rename(temp, home)
}

// checkJars makes sure that the jars are there which nothing works without.
func checkJars(lib string) error {
	for _, name := range []string{"neo4j-" + Version + ".jar", "neo4j-server-" + Version + ".jar"} {
		if _, err := os.Stat(filepath.Join(lib, name)); err != nil {
			return fmt.Errorf("mvn brought no %s: %w", name, err)
		}
	}
	return nil
}

// classPath lists the jars of lib, in the same order each time.
func classPath(lib string) (string, error) {
	jars, err := filepath.Glob(filepath.Join(lib, "*.jar")) // sorted
	if err != nil {
		return "", err
	}
	if len(jars) == 0 {
		return "", fmt.Errorf("no jars in %s; remove its folder to fetch them again", lib)
	}
	return strings.Join(jars, string(os.PathListSeparator)), nil
}

// isDir reports whether path is a folder.
func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// exists reports whether there is something at path, also where it may not be
// read.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// lastLines returns the last n lines of s that are not empty.
func lastLines(s string, n int) string {
	lines := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' })
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
