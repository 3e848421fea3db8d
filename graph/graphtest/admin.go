package graphtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/breachgraph/breachgraph/graph/local"
)

// Admin runs Neo4j's administration tool in the folder dir, on a server's folder
// home, which may be empty, and returns what it says. Where no server is
// assembled the test is skipped or fails, as with [New].
func Admin(t testing.TB, home, dir string, args ...string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	jars := filepath.Join(cache, "breachgraph", "neo4j-"+local.Version, "lib")
	if _, err := os.Stat(jars); err != nil {
		New(t) // which assembles one
	}
	if _, err := os.Stat(jars); err != nil {
		t.Skip(err)
	}
	// Its start script is not among the artifacts.
	cmd := exec.CommandContext(t.Context(), "java", append([]string{"-cp", filepath.Join(jars, "*"), "org.neo4j.cli.AdminTool"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NEO4J_HOME="+home, "NEO4J_CONF="+filepath.Join(home, "conf"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("neo4j-admin %v: %v\n%s", args, err, out)
	}
	return string(out)
}
