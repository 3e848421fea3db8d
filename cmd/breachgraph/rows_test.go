package main

import (
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/graph"
)

// some are rows with every type of value that a query may answer.
var some = rows{
	Columns: []string{"company", "figure", "since", "says"},
	Rows: [][]any{
		{"T-Mobile", 54_000_000.0, "2021-08-16", []any{"Binns", int64(2)}},
		{"a,\"b\"\x1b[31m\n", nil, true, map[string]any{"x": true}},
	},
}

func TestRowFormats(t *testing.T) {
	tests := []struct{ format, want string }{
		{"table", "company      figure    since       says\n" +
			"───────      ──────    ─────       ────\n" +
			"T-Mobile     54000000  2021-08-16  Binns; 2\n" +
			"a,\"b\" [31m             true        {\"x\":true}\n2 rows\n"},
		{"json", "[\n" +
			`  {"company": "T-Mobile", "figure": 54000000, "since": "2021-08-16", "says": ["Binns",2]},` + "\n" +
			`  {"company": "a,\"b\"\u001b[31m\n", "figure": null, "since": true, "says": {"x":true}}` + "\n]\n"},
		{"jsonl", `{"company": "T-Mobile", "figure": 54000000, "since": "2021-08-16", "says": ["Binns",2]}` + "\n" +
			`{"company": "a,\"b\"\u001b[31m\n", "figure": null, "since": true, "says": {"x":true}}` + "\n"},
		{"csv", "company,figure,since,says\nT-Mobile,54000000,2021-08-16,Binns; 2\n" +
			"\"a,\"\"b\"\"\x1b[31m\n\",,true,\"{\"\"x\"\":true}\"\n"},
	}
	for _, tt := range tests {
		t.Run(tt.format, func(t *testing.T) {
			var b strings.Builder
			if err := rowFormats[tt.format](some, &b); err != nil {
				t.Fatal(err)
			}
			if b.String() != tt.want {
				t.Errorf("%s = %q, want %q", tt.format, b.String(), tt.want)
			}
		})
	}
}

func TestNoRows(t *testing.T) {
	for format, want := range map[string]string{
		"table": "company\n───────\n0 rows\n", "json": "[\n]\n", "jsonl": "", "csv": "company\n",
	} {
		var b strings.Builder
		if err := rowFormats[format](rows{Columns: []string{"company"}}, &b); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%s of no rows = %q, want %q", format, b.String(), want)
		}
	}
}

func TestPlain(t *testing.T) {
	node := graph.NodeValue{ID: "4:1", Labels: []string{"Organization", "Company"}, Props: map[string]any{"id": "acme", "name": "Acme"}}
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"node", node, "(:Organization:Company Acme)"},
		{"node without a name", graph.NodeValue{Labels: []string{"X"}, Props: map[string]any{"n": int64(1)}}, `(:X {"n":1})`},
		{"relationship", graph.RelationshipValue{Type: "HIRED", Props: map[string]any{}}, "[:HIRED {}]"},
		{"list of nodes", []any{node, node}, "(:Organization:Company Acme); (:Organization:Company Acme)"},
		{"small number", 0.85, "0.85"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := plain(tt.in); got != tt.want {
				t.Errorf("plain(%v) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		in    string
		limit int
		want  string
	}{{"über", 0, "über"}, {"über", 4, "über"}, {"übers", 4, "übe…"}} {
		if got := shorten(tt.in, tt.limit); got != tt.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}
