package graph

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
)

// Limits bound what one query may take and give.
type Limits struct {
	Rows    int           // rows returned at most; 0 means 10,000
	Timeout time.Duration // time on the server; 0 means one minute
}

const (
	defaultRows    = 10_000
	defaultTimeout = time.Minute
)

// A Table is the result of a query. Its values are nil, bool, int64, float64,
// string, []any, map[string]any, [NodeValue], [RelationshipValue] or
// [PathValue]; dates, times and durations are strings in ISO 8601.
type Table struct {
	Columns   []string
	Rows      [][]any
	Truncated bool // whether there were more rows than the limit
}

// A NodeValue is a node that a query returned.
type NodeValue struct {
	ID     string         `json:"id"` // the database's own, good for this result only
	Labels []string       `json:"labels"`
	Props  map[string]any `json:"properties"`
}

// A RelationshipValue is a relationship that a query returned.
type RelationshipValue struct {
	Type  string         `json:"type"`
	Start string         `json:"start"` // ID of a NodeValue
	End   string         `json:"end"`
	Props map[string]any `json:"properties"`
}

// A PathValue is a path that a query returned.
type PathValue struct {
	Nodes         []NodeValue         `json:"nodes"`
	Relationships []RelationshipValue `json:"relationships"`
}

// Read runs a query in a read transaction, with its parameters by name without
// the dollar sign. A time.Time among them is passed as its date. The error wraps
// [ErrTimeout] where the query took too long and [ErrReadOnly] where it would
// have changed the graph.
func (db *DB) Read(ctx context.Context, cypher string, params map[string]any, l Limits) (Table, error) {
	if l.Rows == 0 {
		l.Rows = defaultRows
	}
	if l.Timeout == 0 {
		l.Timeout = defaultTimeout
	}
	s := db.session(ctx, neo4j.AccessModeRead)
	table, err := neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) (Table, error) {
		return collect(ctx, tx, cypher, sent(params), l.Rows)
	}, neo4j.WithTxTimeout(l.Timeout))
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		return Table{}, fmt.Errorf("query %s: %w", db.uri, err)
	}
	return table, nil
}

func collect(ctx context.Context, tx neo4j.ManagedTransaction, cypher string, params map[string]any, limit int) (Table, error) {
	result, err := tx.Run(ctx, cypher, params)
	if err != nil {
		return Table{}, err
	}
	var t Table
	if t.Columns, err = result.Keys(); err != nil {
		return Table{}, err
	}
	for result.Next(ctx) {
		if len(t.Rows) == limit {
			t.Truncated = true
			_, err := result.Consume(ctx)
			return t, err
		}
		row := make([]any, len(t.Columns))
		for i, v := range result.Record().Values {
			row[i] = received(v)
		}
		t.Rows = append(t.Rows, row)
	}
	return t, result.Err()
}

// sent makes parameters of the driver's types.
func sent(params map[string]any) map[string]any {
	out := make(map[string]any, len(params))
	for name, v := range params {
		out[name] = sentValue(v)
	}
	return out
}

func sentValue(v any) any {
	switch v := v.(type) {
	case time.Time:
		return neo4j.DateOf(v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = sentValue(x)
		}
		return out
	}
	return v
}

// received makes a plain value of one of the driver's types.
func received(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = received(x)
		}
		return out
	case map[string]any:
		return receivedProps(v)
	case dbtype.Node:
		return NodeValue{v.ElementId, v.Labels, receivedProps(v.Props)}
	case dbtype.Relationship:
		return RelationshipValue{v.Type, v.StartElementId, v.EndElementId, receivedProps(v.Props)}
	case dbtype.Path:
		p := PathValue{Nodes: []NodeValue{}, Relationships: []RelationshipValue{}}
		for _, n := range v.Nodes {
			p.Nodes = append(p.Nodes, received(n).(NodeValue))
		}
		for _, r := range v.Relationships {
			p.Relationships = append(p.Relationships, received(r).(RelationshipValue))
		}
		return p
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case fmt.Stringer: // the other types of time, and points
		return v.String()
	}
	return v
}

func receivedProps(props map[string]any) map[string]any {
	out := make(map[string]any, len(props))
	for name, v := range props {
		out[name] = received(v)
	}
	return out
}

// Text is a value of a [Table] or a property as one text: numbers without
// exponents, lists parted by separator, nothing for nil.
func Text(v any, separator string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = Text(x, separator)
		}
		return strings.Join(parts, separator)
	}
	return fmt.Sprint(v)
}
