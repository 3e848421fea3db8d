package graph

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

// dumped is the dump of a graph.
func dumped(t *testing.T, db *DB) []json.RawMessage {
	t.Helper()
	var lines []json.RawMessage
	for line, err := range db.Dump(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func withoutError(lines []json.RawMessage) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, line := range lines {
			if !yield(line, nil) {
				return
			}
		}
	}
}

// A dump makes the same graph, to the last property: with merges, corrections,
// tombstones and the ids of breaches.
func TestDump(t *testing.T) {
	db, _ := open(t)
	if lines := dumped(t, db); len(lines) > 0 {
		t.Errorf("an empty graph gives %s", lines[0])
	}
	load(t, db, append(articles(21, 40, 6, 9), append(all(t), brief("a", 0, extract.Period{}), brief("b", 200, extract.Period{}))...)...)
	rules := []Rule{
		{Action: MergeEntities, Of: "Organization:company-1", To: "Organization:company-2", Reason: "renamed"},
		{Action: SameBreach, Of: "https://news.example/a", To: "https://news.example/b"},
	}
	if _, err := db.Curate(t.Context(), rules, someDay); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Forget(t.Context(), "john-binns", someDay); err != nil {
		t.Fatal(err)
	}
	write(t, db, "CREATE (:Foreign {id: 'of somebody else'})")
	whole, digest := dump(t, db), digestOf(t, db)
	size, err := db.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines := dumped(t, db)
	if int64(len(lines)) != size.Nodes+size.Relationships || size.Nodes < 2*dumpStarts {
		t.Errorf("%d lines of a graph of %+v", len(lines), size)
	}
	if err := db.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows := read(t, db, "MATCH (n) WHERE NOT n:Schema RETURN n.id", nil); len(rows) != 1 {
		t.Errorf("Wipe left %v, want what is of somebody else", rows)
	}
	made, err := db.LoadDump(t.Context(), withoutError(lines))
	if err != nil || made != size {
		t.Fatalf("LoadDump = %+v, %v, want %+v", made, err, size)
	}
	if got := dump(t, db); got != whole {
		t.Errorf("the graph is another one: %s", diff(got, whole))
	}
	if got := digestOf(t, db); got != digest {
		t.Errorf("digest %s, want %s", got, digest)
	}
	if _, err := db.LoadDump(t.Context(), withoutError(lines)); err == nil {
		t.Error("a dump is loaded beside what is there")
	}
}

func TestDecodeDumpLine(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"node", `{"labels":["Company","Organization"],"properties":{"id":"a","n":1,"f":1.0,"d":{"date":"2021-08-17"},"l":["x"]}}`, ""},
		{"relationship", `{"type":"MENTIONS","from":"Article:https://a.example/x:1","to":"Person:a","properties":{"t":{"datetime":"2021-08-17T10:00:00+02:00"}}}`, ""},
		{"no JSON", `{`, "unexpected EOF"},
		{"label of others", `{"labels":["Organization","X` + "`" + `) DETACH DELETE n //"],"properties":{"id":"a"}}`, "is unknown"},
		{"no label", `{"properties":{"id":"a"}}`, "without a key"},
		{"no key", `{"labels":["Person"],"properties":{"name":"a"}}`, "without a key"},
		{"type of others", `{"type":"X","from":"Person:a","to":"Person:b"}`, "is unknown"},
		{"a part of a label", `{"type":"MENTIONS","from":"Article:a","to":"Company:b"}`, "does not name a node"},
		{"no end", `{"type":"MENTIONS","from":"Article:a","to":""}`, "does not name a node"},
		{"map", `{"labels":["Person"],"properties":{"id":"a","x":{"y":1}}}`, "no value of a property"},
		{"null", `{"labels":["Person"],"properties":{"id":"a","x":null}}`, "no value of a property"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := decodeDumpLine([]byte(tt.in))
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("decodeDumpLine(%s): %v, want %q", tt.in, err, tt.want)
			}
		})
	}
}

// What can be read is written back as it was read.
func FuzzDecodeDumpLine(f *testing.F) {
	f.Add([]byte(`{"labels":["Person"],"properties":{"id":"a","n":-1,"f":1e300,"d":{"date":"2021-08-17"},"l":[true,{"datetime":"2021-08-17T10:00:00.5Z"}]}}`))
	f.Add([]byte(`{"type":"MENTIONS","from":"Article:a","to":"Person:b","properties":{"t":{"datetime":"2021-08-17T10:00:00+02:00"}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := decodeDumpLine(raw)
		if err != nil {
			return
		}
		first, err := l.encode()
		if err != nil {
			t.Fatalf("%s is read, and not written: %v", raw, err)
		}
		again, err := decodeDumpLine(first)
		if err != nil {
			t.Fatalf("%s is written, and not read: %v", first, err)
		}
		if second, err := again.encode(); err != nil || !bytes.Equal(first, second) {
			t.Errorf("%s becomes %s, %v", first, second, err)
		}
	})
}
