package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/configfile"
	"github.com/breachgraph/breachgraph/ingest/crawl"
)

// What is in force where no more is said must be good, and each --format must be
// known to check.
func TestDefaultsAreGood(t *testing.T) {
	for _, s := range settings() {
		if s.deflt == "" {
			continue
		}
		if err := s.check(s.deflt); err != nil {
			t.Errorf("--%s of %v: the default %v", s.flag, s.verbs, err)
		}
		if s.flag == "format" && !slices.Contains(formats()[s.verbs[0]], s.deflt) {
			t.Errorf("--format of %v: %s is not among the formats", s.verbs, s.deflt)
		}
	}
}

func TestCheckInFile(t *testing.T) {
	tests := []struct{ in, want string }{
		{"log-format: xml", `"xml" is not text or json`},
		{"heap: 0", "0 is not between 1"},
		{"bolt-port: 70000", "70000 is not between 0 and 65535"},
		{"delay: soon", `"soon" is not a time`},
		{"timezone: Mars/Base", "is not a time zone"},
		{"listen: 8321", "listen is a text; put it into quotes"},
		{"listen: localhost", "is not HOST:PORT"},
		{"crawl:\n  since: someday", "someday\""},
		{"neo4j-uri: localhost:7687", "is not an address such as bolt://HOST"},
		{"neo4j-uri: https://graph.example", "begins with https://"},
		{"neo4j-uri: bolt://neo4j:secret@graph.example", "names a user, a password or a token"},
		{"nats: nats://token@queue.example:4222", "names a user, a password or a token"},
		{"nats: \"nats://a.example,nats://b.example\"", ""},
		{"nats-credentials: crawl.creds", ""},
		{"neo4j-password: secret", "it is a secret; set NEO4J_PASSWORD, or name a file of it by neo4j-password-file"},
		{"neo4j-password-file: /run/secrets/neo4j", ""},
		{"llm: http://localhost", "takes the flag each time"},
		{"config: other.yaml", "it is what names the file"},
		{"db reset:\n  yes: true", "it has to be said each time"},
		{"extract:\n  format: xml", `"xml" is not jsonl or json or html`},
		{"resolve:\n  format: csv", ""},
		{"data: /srv", ""},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			_, problems := configfile.Parse("c.yaml", []byte(tt.in), configKeys(""))
			got := ""
			if len(problems) > 0 {
				got = problems[0].Error()
			}
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("says %q, want %q", got, tt.want)
			}
		})
	}
}

// A flag beats a variable, that the file, and that the default.
func TestOrigins(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, configName)
	text := "neo4j-uri: bolt://file\nneo4j-username: file\ncontact: file\nserve:\n  contact: below\nparallel: 3\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range settings() {
		if s.env != "" {
			t.Setenv(s.env, "")
		}
	}
	t.Setenv("BREACHGRAPH_DATA", dir)
	t.Setenv("NEO4J_USERNAME", "variable")
	run := func(verb string, args ...string) *app {
		t.Helper()
		a := new(app)
		root := a.root()
		cmd, rest, err := root.Find(append(strings.Fields(verb), args...))
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.ParseFlags(rest); err != nil {
			t.Fatal(err)
		}
		if err := a.settle(cmd); err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := run("serve", "--parallel", "2")
	if a.uri != "bolt://file" || a.username != "variable" || a.contact != "below" || a.parallel != 2 || a.delay != "2s" {
		t.Errorf("serve has %q %q %q %d %q", a.uri, a.username, a.contact, a.parallel, a.delay)
	}
	if a := run("crawl"); a.contact != "file" || a.parallel != 3 {
		t.Errorf("crawl has %q %d", a.contact, a.parallel)
	}
	if a := run("version"); a.uri != "" {
		t.Errorf("version has %q", a.uri)
	}
}

// What docs/serving.md shows of files must be read without a complaint.
func TestDocumentedFiles(t *testing.T) {
	raw, err := os.ReadFile("../../docs/serving.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(raw), "```yaml\n")[1:]
	if len(blocks) != 2 {
		t.Fatalf("%d files are shown, want sources and settings", len(blocks))
	}
	sources, _, _ := strings.Cut(blocks[0], "```")
	path := filepath.Join(t.TempDir(), "sources.yaml")
	if err := os.WriteFile(path, []byte(sources), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := crawl.Sources(path); err != nil {
		t.Error(err)
	}
	config, _, _ := strings.Cut(blocks[1], "```")
	_, problems := configfile.Parse("docs/serving.md", []byte(config), configKeys(""))
	for _, p := range problems {
		t.Error(p)
	}
}

func TestMask(t *testing.T) {
	for _, tt := range []struct{ flag, in, want string }{
		{"neo4j-password", "hunter2", "***"}, {"neo4j-password", "", ""}, {"nats", "nats://a:b@x:1,nats://token@y", "nats://***@x:1,nats://***@y"},
		{"contact", "mailto:me@example.com", "mailto:me@example.com"}, {"neo4j-password-file", "/run/secret", "/run/secret"},
	} {
		if got := (setting{flag: tt.flag}).mask(tt.in); got != tt.want {
			t.Errorf("mask(%s, %q) = %q, want %q", tt.flag, tt.in, got, tt.want)
		}
	}
}
