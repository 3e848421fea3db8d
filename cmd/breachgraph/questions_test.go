package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/queries"
)

// allQueries are the queries of the program.
func allQueries(t *testing.T) []queries.Query {
	t.Helper()
	all, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTryQueries(t *testing.T) {
	for _, name := range tryQueries {
		i := slices.IndexFunc(allQueries(t), func(q queries.Query) bool { return q.Name == name })
		if i < 0 {
			t.Errorf("no query %s", name)
			continue
		}
		if _, err := allQueries(t)[i].Args(nil); err != nil {
			t.Errorf("%s wants parameters: %v", name, err)
		}
	}
}

func TestListQueries(t *testing.T) {
	var b strings.Builder
	err := listQueries(&b, []queries.Query{
		{Name: "firms", Description: "Who helps.", Params: []queries.Param{
			{Name: "since", Type: "date", Required: true, Doc: "Not before."},
			{Name: "limit", Type: "integer", Default: "25", Doc: "At most."},
		}},
		{Name: "people", Description: "Who is who.", Example: "name=Sievert"},
	})
	const want = "firms\n    Who helps.\n    since=DATE  Not before.\n    limit=25  At most.\n\n" +
		"people\n    Who is who.\n    e.g. breachgraph query people name=Sievert\n"
	if err != nil || b.String() != want {
		t.Errorf("listQueries = %q, %v, want %q", b.String(), err, want)
	}
}

func TestNearest(t *testing.T) {
	all := []queries.Query{{Name: "repeat-victims"}, {Name: "co-victims"}, {Name: "people"}}
	for in, want := range map[string]string{
		"repeat-offenders": ". Did you mean repeat-victims?",
		"victims":          ". Did you mean repeat-victims or co-victims?",
		"co":               "",
	} {
		if got := nearest(all, in); got != want {
			t.Errorf("nearest(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCompleteQuery(t *testing.T) {
	names, _ := completeQuery(nil, nil, "")
	params, _ := completeQuery(nil, []string{"repeat-victims"}, "")
	if len(names) != len(allQueries(t)) || len(params) == 0 || !strings.Contains(params[0], "=\t") {
		t.Errorf("completeQuery = %q and %q", names, params)
	}
}
