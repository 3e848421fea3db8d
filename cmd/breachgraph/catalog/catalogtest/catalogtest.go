// Package catalogtest gives tests a catalog without a database: of one small
// story, in which every text that an article could have made up is hostile.
package catalogtest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/graph"
)

// Hostile is the title of the article, and a part of all other texts.
const Hostile = `<script>alert(1)</script>`

// URL is the address of the article, and Breach the id of the breach.
const (
	URL    = "https://news.example/1?a=b&c=d"
	Breach = "acme-2024-05"
)

// Missing is a key that nothing has.
const Missing = "missing"

// New returns the catalog. Every question has an answer; lists that skip have none.
func New() catalog.Catalog { return catalog.Catalog{Read: read} }

// answers are tables by words of the queries that they answer.
func answers() []struct {
	words string
	table graph.Table
} {
	org := map[string]any{"label": "Organization", "id": "acme", "name": "Acme " + Hostile}
	breach := map[string]any{"label": "Breach", "id": Breach, "name": "Acme breach " + Hostile}
	kind := map[string]any{"label": "DataType", "id": "ssn", "name": "Social Security number"}
	return []struct {
		words string
		table graph.Table
	}{
		{"AS duplicateOf", row("url", URL, "title", Hostile, "subtitle", "Below "+Hostile, "published", "2024-05-03T12:00:00Z", "fetched", "2024-05-03T13:00:00Z",
			"outlet", "Example "+Hostile, "authors", []any{"A. Writer " + Hostile}, "language", "en", "words", int64(321), "duplicateOf", nil,
			"capture", "warc://breachgraph-000001-20240503130000.warc.gz/17", "extractor", "breachgraph", "claims", int64(2), "breaches", []any{breach})},
		{"AS sentence", rows([]string{"id", "type", "subject", "object", "status", "saidBy", "confidence", "sentence"},
			[]any{"c1", "SUFFERED", org, breach, "confirmed", "Acme " + Hostile, 0.9, "Acme said so. " + Hostile},
			[]any{"c2", "EXPOSED", breach, kind, "denied", nil, 0.4, "No numbers were taken."})},
		{"UNION ALL MATCH (n:Breach)", rows([]string{"what", "many"}, []any{"articles", int64(1_234_567)}, []any{"breaches", int64(890)}, []any{"claims", int64(45_678)},
			[]any{"organizations", int64(321)}, []any{"people", int64(65)}, []any{"groups", int64(4)})},
		{"AS what, ", days()},
		{"AS correctedTo", figures()},
		{"f.denied AS denied", rows([]string{"type", "from", "to", "status", "denied", "claims", "confidence", "first", "last"},
			[]any{"SUFFERED", org, breach, "confirmed", false, int64(3), 0.9, "2024-05-01", "2024-05-03"},
			[]any{"EXPOSED", breach, kind, "denied", true, int64(1), 0.4, "2024-05-02", nil})},
		{"AS formerIds", row("id", Breach, "name", "Acme breach "+Hostile, "victims", []any{org}, "occurredFrom", "2024-04-01", "occurredTo", "2024-04-30",
			"discovered", nil, "disclosed", "2024-05-01", "articles", int64(3), "formerIds", []any{})},
		{"properties(n) AS properties", row("label", "Organization", "labels", []any{"Organization", "Company"}, "id", "acme", "name", "Acme "+Hostile,
			"aliases", []any{"ACME " + Hostile}, "articles", int64(3), "properties", map[string]any{"id": "acme", "sector": "retail " + Hostile})},
		{"labels(n) AS labels", row("label", "Organization", "labels", []any{"Organization", "Company"}, "id", "acme", "name", "Acme "+Hostile,
			"aliases", []any{"ACME " + Hostile}, "articles", int64(3))},
	}
}

func read(ctx context.Context, cypher string, params map[string]any, l graph.Limits) (graph.Table, error) {
	if err := ctx.Err(); err != nil {
		return graph.Table{}, err
	}
	for _, a := range answers() {
		if !strings.Contains(cypher, a.words) {
			continue
		}
		skip, _ := params["skip"].(int)
		if skip > 0 || params["id"] == Missing || params["url"] == "https://"+Missing+".example/" {
			a.table.Rows = nil
		}
		if len(a.table.Rows) > l.Rows {
			a.table.Rows, a.table.Truncated = a.table.Rows[:l.Rows], true
		}
		return a.table, nil
	}
	t := rows([]string{"text", "number", "list"}, []any{Hostile, int64(1), []any{"a"}}, []any{nil, 0.5, nil})
	if len(t.Rows) > l.Rows {
		t.Rows, t.Truncated = t.Rows[:l.Rows], true
	}
	return t, nil
}

// row is a table of one row, of names and values in turn.
func row(pairs ...any) graph.Table {
	var columns []string
	var values []any
	for pair := range slices.Chunk(pairs, 2) {
		columns, values = append(columns, pair[0].(string)), append(values, pair[1])
	}
	return rows(columns, values)
}

func rows(columns []string, values ...[]any) graph.Table {
	return graph.Table{Columns: columns, Rows: values}
}

// days counts the last days.
func days() graph.Table {
	t := rows([]string{"what", "many"})
	for i := range catalog.DaysShown {
		t.Rows = append(t.Rows, []any{time.Now().UTC().AddDate(0, 0, -i).Format(time.DateOnly), int64(10 + i*i%23)})
	}
	return t
}

// figures are the numbers that three articles gave, the second one corrected.
func figures() graph.Table {
	columns := []string{"id", "published", "unit", "text", "value", "low", "high", "approx", "counted", "status", "saidBy", "outlet", "correctedTo", "article"}
	by := func(id, name string) map[string]any {
		return map[string]any{"label": "Organization", "id": id, "name": name + " " + Hostile}
	}
	return rows(columns,
		[]any{"f1", "2024-05-01", "people", "50,000 customers", 50_000.0, 50_000.0, 50_000.0, false, "customers " + Hostile, "confirmed", by("acme", "Acme"), "Example", []any{}, URL},
		[]any{"f2", "2024-05-02", "people", "up to 2 million people " + Hostile, 2_000_000.0, nil, 2_000_000.0, false, nil, "claimed", by("crew", "Crew"), nil, []any{"70,000"}, "javascript:alert(1)"},
		[]any{"f3", "2024-05-09", "people", "about 70,000", 70_000.0, nil, nil, true, nil, "reported", nil, "Example", []any{}, URL},
		[]any{"f4", nil, "USD", "$1.5 million", 1_500_000.0, 1_500_000.0, 1_500_000.0, false, nil, "alleged", nil, nil, []any{}, URL})
}
