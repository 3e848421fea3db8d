// Package catalog reads from the graph what status pages and the HTTP API show:
// articles, entities, breaches with the history of their figures, and how much
// there is of each. It writes nothing, and bounds the rows and the time of every
// read.
//
// catalog.go says how it reads, article.go, entity.go and breach.go what of each,
// words.go searches, totals.go counts and counter.go remembers that.
package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/breachgraph/breachgraph/graph"
)

// A Catalog reads a graph. It is safe for concurrent use if its Read is.
type Catalog struct {
	// Read runs a query, as [graph.DB.Read] does.
	Read func(ctx context.Context, cypher string, params map[string]any, l graph.Limits) (graph.Table, error)
}

// ErrNone means that the graph has nothing by that key.
var ErrNone = errors.New("the graph holds no such thing")

const (
	// MaxPage is how many rows a list has at most, and MaxSkip how many come
	// before it at most: whoever wants all of the graph exports it.
	MaxPage = 200
	MaxSkip = 10_000
	// readTime bounds a read on the server.
	readTime = 10 * time.Second
)

// A Page says which part of a list is wanted.
type Page struct {
	Skip  int
	Limit int // 0 means 50
}

func (p Page) bounded() Page {
	if p.Limit <= 0 {
		p.Limit = 50
	}
	return Page{min(max(p.Skip, 0), MaxSkip), min(p.Limit, MaxPage)}
}

// A List is a part of a longer one.
type List[T any] struct {
	Items []T `json:"items"`
	// Truncated says that there is more, and Next how many to skip for it; 0 where
	// that may not be skipped.
	Truncated bool `json:"truncated"`
	Next      int  `json:"next,omitempty"`
}

// A Ref names a node.
type Ref struct {
	Label string `json:"label"` // Organization, Person, Breach…
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
}

// rows runs a query and reads each row, by the names of its columns, as a T.
func rows[T any](ctx context.Context, c Catalog, cypher string, params map[string]any, limit int) ([]T, bool, error) {
	table, err := c.Read(ctx, cypher, params, graph.Limits{Rows: limit, Timeout: readTime})
	if err != nil {
		return nil, false, err
	}
	out := make([]T, len(table.Rows))
	for i, row := range table.Rows {
		object := make(map[string]any, len(row))
		for j, column := range table.Columns {
			if row[j] != nil {
				object[column] = row[j]
			}
		}
		raw, err := json.Marshal(object)
		if err == nil {
			err = json.Unmarshal(raw, &out[i])
		}
		if err != nil {
			return nil, false, fmt.Errorf("read row %d of the graph's answer: %w", i+1, err)
		}
	}
	return out, table.Truncated, nil
}

// list reads one page of rows; cypher skips $skip and has no limit of its own.
func list[T any](ctx context.Context, c Catalog, cypher string, params map[string]any, p Page) (List[T], error) {
	p = p.bounded()
	params["skip"], params["most"] = p.Skip, p.Limit+1
	items, more, err := rows[T](ctx, c, cypher, params, p.Limit)
	l := List[T]{Items: items, Truncated: more}
	if next := p.Skip + p.Limit; more && next <= MaxSkip {
		l.Next = next
	}
	return l, err
}

// one reads the only row of an answer.
func one[T any](ctx context.Context, c Catalog, cypher string, params map[string]any) (T, error) {
	var none T
	found, _, err := rows[T](ctx, c, cypher, params, 1)
	switch {
	case err != nil:
		return none, err
	case len(found) == 0:
		return none, ErrNone
	}
	return found[0], nil
}
