// Package foreign finds the programs of others by which tests check what is
// written here by hand. It is for tests only.
package foreign

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

// Program returns where a program is. Where it is not installed the test is
// skipped; where the environment has CI it fails, so that no suite passes by
// testing nothing.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	lacking(t, err)
	return path
}

// Python returns a Python that has a module, on the terms of [Program].
func Python(t testing.TB, module string) string {
	t.Helper()
	path := Program(t, "python3")
	out, err := exec.CommandContext(t.Context(), path, "-c", "import "+module).CombinedOutput()
	if err != nil {
		err = errors.New(string(out))
	}
	lacking(t, err)
	return path
}

func lacking(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
}
