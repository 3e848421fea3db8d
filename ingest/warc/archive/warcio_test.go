package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/foreign"
	"github.com/breachgraph/breachgraph/ingest/warc"
)

// TestWarcio has another program check an archive, agree on where its records
// are, and write it in its own way for us to read.
func TestWarcio(t *testing.T) {
	warcio := foreign.Program(t, "warcio")
	dir := t.TempDir()
	a := mustOpen(t, dir, Options{About: []warc.Field{{Name: "software", Value: "breachgraph"}}})
	all := []Entry{
		mustStore(t, a, exchange(t, "https://a.example/1", 200, "one")),
		mustStore(t, a, exchange(t, "https://a.example/1", 200, "one")),
		mustStore(t, a, exchange(t, "https://a.example/1", 304, "")),
		mustStore(t, a, exchange(t, "https://b.example/ü?q=1 2", 404, "none")),
	}
	mustClose(t, a)
	path := filepath.Join(dir, all[0].File)
	run := func(args ...string) []byte {
		t.Helper()
		var said bytes.Buffer
		cmd := exec.Command(warcio, args...)
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil || said.Len() > 0 {
			t.Fatalf("warcio %v: %v\n%s%s", args, err, said.Bytes(), out)
		}
		return out
	}
	// Each record has a digest of its block; those of revisits, which have no
	// payload, are not checked.
	if out := run("check", "-v", path); bytes.Contains(out, []byte("fail")) || bytes.Count(out, []byte("digest pass")) != 1+3*len(all)-2 {
		t.Errorf("warcio check:\n%s", out)
	}
	index := bufio.NewScanner(bytes.NewReader(run("index", "-f", "warc-type,offset,length,warc-target-uri,http:status", path)))
	var theirs []string
	for index.Scan() {
		var f map[string]string
		if err := json.Unmarshal(index.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		if kind := f["warc-type"]; kind == warc.TypeResponse || kind == warc.TypeRevisit {
			theirs = append(theirs, strings.Join([]string{kind, f["offset"], f["length"], f["warc-target-uri"], f["http:status"]}, " "))
		}
	}
	var ours []string
	for _, e := range all {
		kind := warc.TypeResponse
		if e.Revisit {
			kind = warc.TypeRevisit
		}
		ours = append(ours, strings.Join([]string{kind, strconv.FormatInt(e.Offset, 10), strconv.FormatInt(e.Length, 10), e.URL, strconv.Itoa(e.Status)}, " "))
	}
	if got, want := strings.Join(theirs, "\n"), strings.Join(ours, "\n"); got != want {
		t.Errorf("warcio index has\n%s\nours\n%s", got, want)
	}
	rewritten := filepath.Join(dir, "theirs.warc.gz")
	run("recompress", path, rewritten)
	if got, want := summary(t, rewritten), summary(t, path); got != want {
		t.Errorf("as warcio wrote it:\n%s\nas it was:\n%s", got, want)
	}
}

// summary says what is read of a file.
func summary(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	for c, err := range Read(f, warc.Limits{}) {
		if err != nil {
			t.Fatal(err)
		}
		c.Response.Location = warc.Location{} // where it is may differ
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}
