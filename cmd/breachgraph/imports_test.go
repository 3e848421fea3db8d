package main

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/breachgraph/breachgraph"

// arrows says for each package, or folder of packages, which others of this
// module it may import: a stage knows the one before it, never the one after.
// A package may import those below its own folder.
var arrows = map[string][]string{
	"ingest":          {},
	"ingest/page":     {"ingest"},
	"ingest/warc":     {},
	"ingest/crawl":    {"ingest", "ingest/warc", "ingest/warc/archive"},
	"ingest/jobs":     {},
	"ingest/schedule": {"ingest/crawl", "ingest/crawl/timetable", "ingest/jobs"},
	"extract":         {"ingest"},
	"extract/llm":     {"extract", "extract/figure", "extract/when", "ingest"},
	"graph":           {"extract", "ingest"},
	"graph/local":     {},
	"graph/graphtest": {"graph/local"},
	"queries":         {},
	"foreign":         {},
	"bench":           {"extract", "graph", "graph/local", "ingest", "queries"},
}

// homes says which of our packages alone may import a library.
var homes = map[string][]string{
	"github.com/neo4j/neo4j-go-driver":      {"graph", "graph/graphtest", "bench/load"},
	"github.com/gocolly/colly":              {"ingest/crawl"},
	"github.com/markusmobius":               {"ingest/page"},
	"github.com/PuerkitoBio/goquery":        {"ingest/page"},
	"github.com/nats-io":                    {"ingest/jobs"},
	"github.com/robfig/cron":                {"ingest/crawl/timetable"},
	"github.com/prometheus":                 {"cmd/breachgraph/service"},
	"github.com/spf13/cobra":                {"cmd/breachgraph"},
	"github.com/schollz/progressbar":        {"cmd/breachgraph"},
	"os/exec":                               {"graph/local", "graph/graphtest", "foreign", "bench/rig", "bench/load", "bench/faults"},
	"go.etcd.io/bbolt":                      {"ingest/crawl/frontier"},
	"github.com/sashabaranov/go-openai":     {"extract/llm"},
	"github.com/hashicorp/go-retryablehttp": {"extract/llm"},
	"github.com/sony/gobreaker":             {"extract/llm"},
	"net/http":                              {"extract/llm", "ingest/crawl", "ingest/warc", "ingest/warc/archive", "cmd/breachgraph", "cmd/breachgraph/guide", "cmd/breachgraph/service", "cmd/breachgraph/access", "cmd/breachgraph/api", "cmd/breachgraph/web", "bench/pages", "bench/rig"}, // warc: to parse kept responses
	"github.com/rogpeppe/go-internal":       {},
	"github.com/santhosh-tekuri/jsonschema": {},
	"github.com/pb33f":                      {},
	"golang.org/x/time/rate":                {"cmd/breachgraph/access"},
}

// never lists what a package may not depend on, however far away.
var never = map[string][]string{
	"ingest":  {"net/http", "os/exec"},
	"extract": {"net/http", "os/exec", "math/rand", "math/rand/v2"},
	"queries": {"net/http"},

	"ingest/crawl/timetable": {"net/http", "os/exec", "math/rand", "math/rand/v2"},
}

// goList runs go list on our packages and returns the words of each line,
// without the module's path.
func goList(t *testing.T, args ...string) [][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	var lines [][]string
	for line := range strings.Lines(strings.ReplaceAll(string(out), module+"/", "")) {
		lines = append(lines, strings.Fields(line))
	}
	return lines
}

func TestArrows(t *testing.T) {
	for _, p := range goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
		for _, imported := range p[1:] {
			if _, known := owner(imported); known && !mayImport(p[0], imported) {
				t.Errorf("%s imports %s", p[0], imported)
			}
			for library, packages := range homes {
				if inFolder(imported, library) && !slices.Contains(packages, p[0]) {
					t.Errorf("%s imports %s, which only %v may", p[0], imported, packages)
				}
			}
		}
	}
}

func TestNever(t *testing.T) {
	for pkg, banned := range never {
		for _, dep := range goList(t, "-deps", "./"+pkg+"/") {
			if slices.Contains(banned, dep[0]) {
				t.Errorf("%s depends on %s", pkg, dep[0])
			}
		}
	}
}

// owner is the row of arrows that pkg belongs to.
func owner(pkg string) (string, bool) {
	for dir := pkg; dir != "."; dir = path.Dir(dir) {
		if _, ok := arrows[dir]; ok {
			return dir, true
		}
	}
	return "", false
}

// mayImport reports whether our package from may import our package to.
func mayImport(from, to string) bool {
	if inFolder(from, "cmd") || inFolder(to, from) {
		return true
	}
	row, known := owner(from)
	if !known {
		return false
	}
	same, _ := owner(to)
	return same == row || slices.ContainsFunc(arrows[row], func(allowed string) bool { return to == allowed })
}

// inFolder reports whether pkg is dir or below it.
func inFolder(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }
