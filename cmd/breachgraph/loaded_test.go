package main

import (
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

func TestWriteLoad(t *testing.T) {
	tests := []struct {
		name    string
		in      graph.Summary
		leftOut int
		server  *local.Server
		want    string
	}{
		{
			name: "all there is",
			in: graph.Summary{
				New: 2, Changed: 1, Unchanged: 4, Refused: make([]*graph.ArticleError, 1), Breaches: 3, Figures: 5,
				Entities: map[extract.Kind]int{extract.Company: 2, extract.Person: 2, extract.Agency: 1, extract.Malware: 3},
				Claims:   map[extract.Predicate]int{extract.Suffered: 3, extract.Hired: 1},
				Dropped:  map[string]int{"claim of an unknown type": 2},
			},
			server: &local.Server{BrowserURL: "http://localhost:7474/browser/", Username: "neo4j", Password: "secret"},
			want: "Articles  2 new, 1 changed, 4 unchanged, 1 refused\n" +
				"Entities  8: 3 malware, 2 companies, 2 people, 1 agency\n" +
				"Breaches  3\nFigures   5\n" +
				"Claims    4: 3 SUFFERED, 1 HIRED\n" +
				"Left out  2: 2 claim of an unknown type\n\n" +
				"Look at it  http://localhost:7474/browser/  (user neo4j, password secret)\n",
		},
		{
			name:    "nothing new",
			in:      graph.Summary{Unchanged: 1},
			leftOut: 2,
			want:    "Articles  1 unchanged, 2 not about a breach (--all loads them too)\n\n",
		},
		{
			name: "an article that says nothing",
			in:   graph.Summary{New: 1},
			want: "Articles  1 new\nEntities  0\nBreaches  0\nFigures   0\nClaims    0\n\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if err := writeArticles(&b, tt.in, tt.leftOut); err != nil {
				t.Fatal(err)
			}
			if err := writeLoad(&b, tt.in, tt.server, "breachgraph query"); err != nil {
				t.Fatal(err)
			}
			got, ask, _ := strings.Cut(b.String(), "Ask it")
			if got != tt.want || strings.Count(ask, "breachgraph query ") != 2 {
				t.Errorf("writeLoad = %q, want %q and two queries", b.String(), tt.want)
			}
		})
	}
}

func TestAgain(t *testing.T) {
	for _, tt := range []struct{ data, uri, want string }{
		{defaultData, "", "breachgraph query"},
		{"x", "bolt://a", "breachgraph query"},
		{"x/y", "", "breachgraph query --data x/y"},
		{"it's mine", "", `breachgraph query --data 'it'\''s mine'`},
	} {
		a := &app{options: options{data: tt.data, uri: tt.uri}}
		if got := a.again(); got != tt.want {
			t.Errorf("again with %q, %q = %s, want %s", tt.data, tt.uri, got, tt.want)
		}
	}
}
