package export

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/foreign"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/graphtest"
)

var update = flag.Bool("update", false, "rewrite golden files")

// A small part: a victim, an attacker, a denial, a figure, the article that says
// so and one without a date, with all that is awkward in a file.
func sample() (Nodes, Edges) {
	const hostile = "<b>\"Ünï\"</b>, & \x01;\n'x'"
	fact := func(kind, from, to string, denied bool) graph.PartEdge {
		return graph.PartEdge{Type: kind, From: from, To: to,
			Props: map[string]any{"denied": denied, "status": "alleged", "claims": int64(2), "confidence": 0.875, "first": "2021-08-27", "last": "2021-09-01", "role": hostile},
			Evidence: []graph.Evidence{{Text: hostile, Article: "https://news.example/a?b=c&d", Published: "2021-08-27T17:11:00Z"},
				{Text: "It says so.", Article: "urn:sha256:00"}}}
	}
	nodes := []graph.PartNode{
		{ID: "Article:https://news.example/a?b=c&d", Label: "Article", Labels: []string{"Article"}, Props: map[string]any{
			"url": "https://news.example/a?b=c&d", "title": hostile, "published": "2021-08-27T17:11:00Z", "wordCount": int64(300), "links": []any{"https://x.example/1", "https://y.example/;2"}}},
		{ID: "Article:urn:sha256:00", Label: "Article", Labels: []string{"Article"}, Props: map[string]any{"url": "urn:sha256:00"}},
		{ID: "Organization:acme", Label: "Organization", Labels: []string{"Company", "Organization"}, Props: map[string]any{"id": "acme", "name": hostile, "aliases": []any{"A", "B;C"}}},
		{ID: "Person:jo", Label: "Person", Labels: []string{"Person"}, Props: map[string]any{"id": "jo", "name": "Jo", "age": int64(30)}},
		{ID: "Group:crew", Label: "Group", Labels: []string{"Group"}, Props: map[string]any{"id": "crew", "name": "Crew", "aliases": []any{"Gang"}}},
		{ID: "Breach:acme-2021-08", Label: "Breach", Labels: []string{"Breach"}, Props: map[string]any{"id": "acme-2021-08", "name": "Acme breach", "disclosed": "2021-08-16", "articles": int64(1)}},
		{ID: "Figure:f1", Label: "Figure", Labels: []string{"Figure"}, Props: map[string]any{"id": "f1", "text": "54 million", "value": 5.4e7, "approx": true}},
		{ID: "DataType:ssn", Label: "DataType", Labels: []string{"DataType"}, Props: map[string]any{"name": "ssn", "label": "Social Security number"}},
		{ID: "Method:phishing", Label: "Method", Labels: []string{"Method"}, Props: map[string]any{"name": "phishing", "label": "phishing", "attack": "T1566"}},
		{ID: "Malware:mud", Label: "Malware", Labels: []string{"Malware"}, Props: map[string]any{"id": "mud", "name": "Mud"}},
		{ID: "Vulnerability:cve-2099-0001", Label: "Vulnerability", Labels: []string{"Vulnerability"}, Props: map[string]any{"id": "cve-2099-0001", "name": "CVE-2099-0001", "cve": "CVE-2099-0001"}},
	}
	edges := []graph.PartEdge{
		{Type: "MENTIONS", From: "Article:https://news.example/a?b=c&d", To: "Organization:acme", Props: map[string]any{"count": int64(2), "first": int64(7), "as": "company"}},
		{Type: "REPORTS", From: "Article:https://news.example/a?b=c&d", To: "Breach:acme-2021-08", Props: map[string]any{"primary": true}},
		{Type: "MENTIONS", From: "Article:urn:sha256:00", To: "Person:jo", Props: map[string]any{}},
		fact("SUFFERED", "Organization:acme", "Breach:acme-2021-08", false),
		fact("ATTACKED", "Group:crew", "Breach:acme-2021-08", false),
		fact("ATTACKED", "Person:jo", "Breach:acme-2021-08", true),
		fact("EXPOSED", "Breach:acme-2021-08", "DataType:ssn", false),
		fact("HAS_FIGURE", "Breach:acme-2021-08", "Figure:f1", false),
		fact("USED", "Breach:acme-2021-08", "Malware:mud", false),
		fact("USED", "Breach:acme-2021-08", "Method:phishing", false),
		fact("USED", "Breach:acme-2021-08", "Vulnerability:cve-2099-0001", false),
	}
	return yieldAll(nodes, nil), yieldAll(edges, nil)
}

// yieldAll yields a list and then an error, if there is one.
func yieldAll[T any](list []T, err error) func(func(T, error) bool) {
	return func(yield func(T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
		if err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not current; if what is new is right, run the test with -update. Got:\n%.3000s", path, got)
	}
}

func TestGraphML(t *testing.T) {
	var b strings.Builder
	if err := GraphML(&b, sampleNodes(), sampleEdges()); err != nil {
		t.Fatal(err)
	}
	// What is declared grows with the table.
	golden(t, "sample.graphml", regexp.MustCompile(`(?m)^<key id="[ne]-.*\n`).ReplaceAllString(b.String(), ""))
	var read struct {
		Keys []struct {
			ID string `xml:"id,attr"`
		} `xml:"key"`
		Nodes []struct {
			ID   string `xml:"id,attr"`
			Data []struct {
				Key  string `xml:"key,attr"`
				Text string `xml:",chardata"`
			} `xml:"data"`
		} `xml:"graph>node"`
		Edges []struct {
			Source string `xml:"source,attr"`
			Target string `xml:"target,attr"`
		} `xml:"graph>edge"`
	}
	if err := xml.Unmarshal([]byte(b.String()), &read); err != nil {
		t.Fatal(err)
	}
	declared, nodes := map[string]bool{}, map[string]bool{}
	for _, k := range read.Keys {
		if declared[k.ID] {
			t.Errorf("key %s is declared twice", k.ID)
		}
		declared[k.ID] = true
	}
	for _, n := range read.Nodes {
		nodes[n.ID] = true
		for _, d := range n.Data {
			if !declared[d.Key] {
				t.Errorf("data of %s has the key %s, which is not declared", n.ID, d.Key)
			}
		}
	}
	for _, e := range read.Edges {
		if !nodes[e.Source] || !nodes[e.Target] {
			t.Errorf("an edge joins %s and %s, which are not both there", e.Source, e.Target)
		}
	}
	if len(read.Nodes) != 11 || len(read.Edges) != 11 {
		t.Errorf("%d nodes and %d edges, want 11 and 11", len(read.Nodes), len(read.Edges))
	}
}

func sampleNodes() Nodes { n, _ := sample(); return n }
func sampleEdges() Edges { _, e := sample(); return e }

// A memory is a folder of files.
type memory map[string]*bytes.Buffer

type memoryFile struct{ *bytes.Buffer }

func (memoryFile) Close() error { return nil }

func (m memory) create(name string) (io.WriteCloser, error) {
	m[name] = &bytes.Buffer{}
	return memoryFile{m[name]}, nil
}

func TestCSV(t *testing.T) {
	m := memory{}
	if err := CSV(m.create, sampleNodes(), sampleEdges()); err != nil {
		t.Fatal(err)
	}
	golden(t, "arguments.txt", m[ArgumentsFile].String())
	column := regexp.MustCompile(`^(:ID|:START_ID|:END_ID|:LABEL|:TYPE|[a-z]\w*:(string|string\[\]|long|double|boolean|date|datetime))$`)
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name == ArgumentsFile {
			continue
		}
		rows, err := csv.NewReader(m[name]).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fmt.Fprintln(&all, name)
		for _, c := range rows[0] {
			if !column.MatchString(c) {
				t.Errorf("%s has the column %q", name, c)
			}
		}
		for _, row := range rows[1:] {
			for i, v := range row {
				if v != "" {
					fmt.Fprintf(&all, "  %s=%q", rows[0][i], v)
				}
			}
			fmt.Fprintln(&all)
		}
	}
	golden(t, "csv.txt", all.String())
}

// The import tool takes the files as they are.
func TestCSVImports(t *testing.T) {
	dir := t.TempDir()
	create := func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, name)) }
	if err := CSV(create, sampleNodes(), sampleEdges()); err != nil {
		t.Fatal(err)
	}
	out := graphtest.Admin(t, t.TempDir(), dir, "database", "import", "full", "@"+ArgumentsFile, "neo4j")
	nodes, edges := counted(t)
	if want := fmt.Sprintf("%d nodes\n  %d relationships", nodes, edges); !strings.Contains(out, want) {
		t.Errorf("the import tool did not import %q:\n%s", want, out)
	}
}

// counted is how many nodes and relationships the sample has.
func counted(t *testing.T) (nodes, edges int) {
	t.Helper()
	for _, err := range sampleNodes() {
		if nodes++; err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range sampleEdges() {
		if edges++; err != nil {
			t.Fatal(err)
		}
	}
	return nodes, edges
}

// NetworkX reads what is written, with types and captions.
func TestGraphMLForeign(t *testing.T) {
	python := foreign.Python(t, "networkx")
	path := filepath.Join(t.TempDir(), "sample.graphml")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(GraphML(f, sampleNodes(), sampleEdges()), f.Close()); err != nil {
		t.Fatal(err)
	}
	const script = `import sys, networkx
g = networkx.read_graphml(sys.argv[1])
figure, fact = g.nodes["Figure:f1"], g.edges["Organization:acme", "Breach:acme-2021-08"]
print(g.is_directed(), len(g.nodes), len(g.edges), figure["value"], figure["approx"], figure["label"], fact["label"], fact["denied"], fact["claims"], fact["confidence"])`
	out, err := exec.CommandContext(t.Context(), python, "-c", script, path).CombinedOutput()
	if err != nil {
		t.Fatalf("networkx: %v\n%s", err, out)
	}
	nodes, edges := counted(t)
	if want := fmt.Sprintf("True %d %d 54000000.0 True 54 million SUFFERED False 2 0.875\n", nodes, edges); string(out) != want {
		t.Errorf("networkx read %swant %s", out, want)
	}
}

func TestSTIX(t *testing.T) {
	var b strings.Builder
	if err := STIX(&b, sampleNodes(), sampleEdges()); err != nil {
		t.Fatal(err)
	}
	golden(t, "sample.stix.json", b.String())
	validate(t, "testdata/sample.stix.json")
}

// validate asks the validator that OASIS keeps.
func validate(t *testing.T, path string) {
	t.Helper()
	found := foreign.Program(t, "stix2_validator")
	out, err := exec.CommandContext(t.Context(), found, "--version", "2.1", path).CombinedOutput()
	if err != nil {
		t.Errorf("stix2_validator %s: %v\n%s", path, err, out)
	}
	t.Logf("%s", out)
}

// What goes wrong while a part is read, or a file is written, is told.
func TestErrors(t *testing.T) {
	broken := errors.New("broken")
	formats := map[string]func(io.Writer, Nodes, Edges) error{
		"graphml": GraphML, "stix": STIX,
		"csv": func(w io.Writer, n Nodes, e Edges) error {
			return CSV(func(string) (io.WriteCloser, error) { return closer{w}, nil }, n, e)
		},
	}
	for name, format := range formats {
		if err := format(io.Discard, yieldAll([]graph.PartNode(nil), broken), sampleEdges()); !errors.Is(err, broken) {
			t.Errorf("%s of nodes that cannot be read: %v", name, err)
		}
		if err := format(io.Discard, sampleNodes(), yieldAll([]graph.PartEdge(nil), broken)); !errors.Is(err, broken) {
			t.Errorf("%s of relationships that cannot be read: %v", name, err)
		}
		if err := format(failing{broken}, sampleNodes(), sampleEdges()); !errors.Is(err, broken) {
			t.Errorf("%s into a file that cannot be written: %v", name, err)
		}
	}
}

type closer struct{ io.Writer }

func (closer) Close() error { return nil }

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
