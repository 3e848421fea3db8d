package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// ErrUnavailable is wrapped by the error of [Start] where this machine cannot
// run a local server: Java or Maven is missing, or the system is not a Unix.
// Its message names the other ways to a database.
var ErrUnavailable = errors.New("no local Neo4j on this machine: " +
	"install Java 17 or later and Maven, or run `docker compose up -d`, or set NEO4J_URI to a server you have")

// leastJava is the oldest Java release that Neo4j 5 runs on.
const leastJava = 17

// findJava returns the java command. JAVA_HOME comes before PATH, as
// everywhere else.
func findJava(ctx context.Context) (string, error) {
	path, err := exec.LookPath("java")
	if home := os.Getenv("JAVA_HOME"); home != "" {
		path, err = exec.LookPath(filepath.Join(home, "bin", "java"))
	}
	if err != nil {
		return "", fmt.Errorf("find java: %w (%w)", ErrUnavailable, err)
	}
	out, err := exec.CommandContext(ctx, path, "-version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s -version: %w (%w)", path, ErrUnavailable, err)
	}
	if major := javaMajor(string(out)); major < leastJava {
		return "", fmt.Errorf("%s is Java %d: %w", path, major, ErrUnavailable)
	}
	return path, nil
}

var javaVersion = regexp.MustCompile(`version "(?:1\.)?(\d{1,4})`)

// javaMajor reads the release out of `java -version`; 0 where there is none.
// Up to Java 8 the release is the second number ("1.8.0").
func javaMajor(out string) int {
	m := javaVersion.FindStringSubmatch(out)
	if m == nil {
		return 0
	}
	major, _ := strconv.Atoi(m[1])
	return major
}

// findMaven returns the mvn command.
func findMaven() (string, error) {
	path, err := exec.LookPath("mvn")
	if err != nil {
		return "", fmt.Errorf("find mvn: %w (%w)", ErrUnavailable, err)
	}
	return path, nil
}
