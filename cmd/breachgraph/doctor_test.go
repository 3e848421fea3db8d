package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// patient is an app with the settings of serve as they are when nothing is set.
func patient(t *testing.T, set func(*options)) *app {
	t.Helper()
	a := &app{log: slog.New(slog.DiscardHandler)}
	for _, s := range settings() {
		if p, isText := s.field(&a.options).(*string); isText && (s.verbs == nil || s.of("doctor")) {
			*p = s.deflt
		}
	}
	a.data = t.TempDir()
	if set != nil {
		set(&a.options)
	}
	return a
}

// write makes a file and returns its name.
func write(t *testing.T, mode os.FileMode, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := errors.Join(os.WriteFile(path, []byte(text), mode), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestChecks(t *testing.T) {
	t.Setenv(tokenVariable, "")
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	taken := filepath.Join(t.TempDir(), "taken")
	open, err := frontier.Open(filepath.Join(taken, "crawl", "frontier.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	shared := filepath.Join(t.TempDir(), "shared")
	if err := errors.Join(os.Mkdir(shared, 0o755), os.Chmod(shared, 0o777)); err != nil {
		t.Fatal(err)
	}
	tokens := write(t, 0o600, "desk:read:"+strings.Repeat("x", 40)+"\n")
	local := func(o *options) {
		o.sources = write(t, 0o600, "- name: here\n  kind: feed\n  url: http://127.0.0.1/feed\n")
		o.source = "here"
	}
	tests := []struct {
		check string
		set   func(*options)
		level level
		want  string
	}{
		{"data folder", nil, levelOK, "can be written to"},
		{"data folder", func(o *options) { o.data += "/new" }, levelOK, "will be made"},
		{"data folder", func(o *options) { o.data = tokens }, levelFail, "it is no folder"},
		{"data folder", func(o *options) { o.data = "/proc/none/data" }, levelFail, "cannot be made"},
		{"data folder", func(o *options) { o.data = shared }, levelWarn, "chmod o-w"},
		{"disk", nil, "", "free"},
		{"crawl", nil, levelOK, "nothing has been crawled"},
		{"crawl", func(o *options) { o.data = taken }, levelOK, "a service or a crawl is at work"},
		{"java and maven", func(o *options) { o.uri = "bolt://127.0.0.1:1" }, levelOK, "not needed"},
		{"neo4j", nil, levelOK, "started when it is needed"},
		{"neo4j", func(o *options) { o.uri = "bolt://127.0.0.1:1" }, levelFail, "start Neo4j, or set NEO4J_URI"},
		{"neo4j", func(o *options) { o.uri = "http://127.0.0.1:7474" }, levelFail, "7474 is the port of Neo4j Browser"},
		{"neo4j connection", nil, levelOK, "on this machine"},
		{"neo4j connection", func(o *options) { o.uri = "bolt://localhost" }, levelOK, "safe"},
		{"neo4j connection", func(o *options) { o.uri = "neo4j+s://db.example.net" }, levelOK, "safe"},
		{"neo4j connection", func(o *options) { o.uri = "neo4j+ssc://db.example.net" }, levelWarn, "use neo4j+s"},
		{"neo4j connection", func(o *options) { o.uri = "bolt://db.example.net" }, levelWarn, "use bolt+s"},
		{"neo4j connection", func(o *options) { o.uri = "bolt://neo4j:secret@localhost" }, levelWarn, "set NEO4J_PASSWORD"},
		{"nats", nil, levelOK, "made at the first start"},
		{"nats", func(o *options) { o.nats = "nats://127.0.0.1:1" }, levelFail, "nats-server -js"},
		{"sources", nil, levelOK, "sources"},
		{"sources", func(o *options) { o.sources = tokens }, levelFail, "mend the file of --sources"},
		{"sources", func(o *options) { o.source = "none" }, levelFail, "none"},
		{"contact", nil, levelWarn, "BREACHGRAPH_CONTACT"},
		{"contact", func(o *options) { o.contact = "mailto:desk@example.net" }, levelOK, "mailto:desk@example.net"},
		{"names of hosts", local, levelOK, "127.0.0.1"},
		{"names of hosts", func(o *options) { o.source = "none" }, levelWarn, "see sources"},
		{"clock", nil, levelOK, "it is "},
		{"listening", func(o *options) { o.listen = "127.0.0.1:0" }, levelOK, "this machine only"},
		{"listening", func(o *options) { o.listen = busy.Addr().String() }, levelOK, "listens at"},
		{"listening", func(o *options) { o.listen = "0.0.0.0:0" }, levelFail, "BREACHGRAPH_API_TOKENS"},
		{"listening", func(o *options) { o.listen, o.apiTokensFile = "0.0.0.0:0", tokens }, levelWarn, "TLS"},
		{"tokens", nil, levelOK, "none"},
		{"tokens", func(o *options) { o.apiTokensFile = tokens }, levelOK, "1 API token"},
		{"tokens", func(o *options) { o.apiTokensFile = write(t, 0o600, "nonsense") }, levelFail, "NAME:SCOPES:SECRET"},
		{"files of secrets", nil, levelOK, "0 files"},
		{"files of secrets", func(o *options) { o.apiTokensFile = tokens }, levelOK, "1 file"},
		{"files of secrets", func(o *options) { o.llmKeyFile = write(t, 0o644, "k") }, levelWarn, "chmod o-r"},
		{"files of secrets", func(o *options) { o.natsCredentials = "/none" }, levelFail, "cannot be read"},
	}
	tested := map[string]bool{"settings": true}
	for _, tt := range tests {
		tested[tt.check] = true
		t.Run(tt.check+"/"+tt.want, func(t *testing.T) {
			a := patient(t, tt.set)
			for _, c := range a.checks() {
				if c.name != tt.check {
					continue
				}
				f := c.look(t.Context())
				if text := f.Found + " -> " + f.Remedy; tt.level != "" && f.Level != tt.level || !strings.Contains(text, tt.want) {
					t.Errorf("%s %s, want %s with %q", f.Level, text, tt.level, tt.want)
				}
				if (f.Remedy == "") != (f.Level == levelOK) {
					t.Errorf("%s with the remedy %q", f.Level, f.Remedy)
				}
			}
		})
	}
	for _, c := range patient(t, nil).checks() {
		if !tested[c.name] {
			t.Errorf("no test of %s", c.name)
		}
	}
}

func TestJudge(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		about graph.About
		level level
		want  string
	}{
		{graph.About{Version: "5.26.1", Edition: "community", Now: now}, levelOK, "Neo4j 5.26.1 community, with the schema"},
		{graph.About{Now: now.Add(-time.Hour)}, levelWarn, "1h0m0s off"},
		{graph.About{Now: now, Missing: []string{"a", "b"}}, levelOK, "2 constraint"},
	} {
		if f := judge(tt.about, now); f.Level != tt.level || !strings.Contains(f.Found, tt.want) {
			t.Errorf("judge(%+v) = %+v, want %s with %q", tt.about, f, tt.level, tt.want)
		}
	}
}

// A check that hangs does not hold up the others, and nothing secret is told.
func TestExamine(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hang := make(chan struct{})
	defer close(hang)
	found := examine(ctx, []check{{"stuck", func(context.Context) finding { <-hang; return ok("") }}})
	if f := found[0]; f.Level != levelFail || f.Check != "stuck" || !strings.Contains(f.Found, "no answer") {
		t.Errorf("a check that hangs gives %+v", f)
	}
	a := patient(t, func(o *options) { o.password, o.nats = "s3cret-password", "nats://tokenvalue@a:1,nats://u:s3cret2@b:2" })
	text := a.discreet(fmt.Sprint(a.password, " ", a.nats))
	for _, secret := range []string{"s3cret", "tokenvalue"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s tells %s", text, secret)
		}
	}
}
