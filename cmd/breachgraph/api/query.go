package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/queries"
)

// queryTime bounds a named query on the server.
const queryTime = 10 * time.Second

// A namedQuery tells what can be asked.
type namedQuery struct {
	Name        string       `json:"name"`
	Theme       string       `json:"theme"`
	Description string       `json:"description"`
	Parameters  []namedParam `json:"parameters"`
}

type namedParam struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Default     string `json:"default,omitempty"`
	Required    bool   `json:"required"`
	Description string `json:"description"`
}

// A table is the answer to a query.
type table struct {
	Query     string   `json:"query"`
	Columns   []string `json:"columns"`
	Rows      [][]any  `json:"rows"`
	Truncated bool     `json:"truncated"`
}

// listQueries answers GET /api/v1/queries.
func (a *API) listQueries(r *http.Request) (any, error) {
	if _, err := params(r); err != nil {
		return nil, err
	}
	out := make([]namedQuery, len(a.Queries))
	for i, q := range queries.ByTheme(a.Queries) {
		out[i] = namedQuery{q.Name, q.Theme, q.Description, []namedParam{}}
		for _, p := range q.Params {
			out[i].Parameters = append(out[i].Parameters, namedParam{p.Name, string(p.Type), p.Default, p.Required, p.Doc})
		}
	}
	return map[string]any{"items": out}, nil
}

// query answers GET /api/v1/queries/{name}. Its parameters are those of the
// query, and rows.
func (a *API) query(r *http.Request) (any, error) {
	i := slices.IndexFunc(a.Queries, func(q queries.Query) bool { return q.Name == r.PathValue("name") })
	if i < 0 {
		return nil, refusal{http.StatusNotFound, "there is no query of that name; /api/v1/queries lists them"}
	}
	q := a.Queries[i]
	names := []string{"rows"}
	for _, p := range q.Params {
		names = append(names, p.Name)
	}
	v, err := params(r, names...)
	if err != nil {
		return nil, err
	}
	rows, err := number(v, "rows", 1000, 1, queryMax)
	if err != nil {
		return nil, err
	}
	var args []string
	for name := range v {
		if name != "rows" {
			args = append(args, name+"="+v.Get(name))
		}
	}
	values, err := q.Args(args)
	if err != nil {
		return nil, badRequest(strings.TrimPrefix(err.Error(), "query "+q.Name+": "))
	}
	found, err := a.Catalog.Read(r.Context(), q.Cypher, values, graph.Limits{Rows: rows, Timeout: queryTime})
	if err != nil {
		return nil, err
	}
	if found.Rows == nil {
		found.Rows = [][]any{}
	}
	return table{q.Name, found.Columns, found.Rows, found.Truncated}, nil
}
