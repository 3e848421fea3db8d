package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// dumpNodes is how many nodes are dumped at a time, and dumpStarts of how many
// the relationships that start there.
const (
	dumpNodes  = 500
	dumpStarts = 100
)

// A dumpLine is a node or a relationship as a line of JSON. Ends are named by
// label and key, as in "Person:john-binns".
type dumpLine struct {
	Labels []string       `json:"labels,omitempty"` // of a node
	Type   string         `json:"type,omitempty"`   // of a relationship
	From   string         `json:"from,omitempty"`
	To     string         `json:"to,omitempty"`
	Props  map[string]any `json:"properties,omitempty"`
}

// Dump yields all that the graph holds as lines of JSON that [DB.LoadDump] makes
// the same graph of, ids of breaches, merges, corrections and tombstones
// included: first nodes, then relationships. It holds some of them in memory at
// a time. What is loaded meanwhile may be there in part, so nothing should be.
// An error ends it.
func (db *DB) Dump(ctx context.Context) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, page := range []func(context.Context, Node, string) (dumpPage, error){db.dumpNodes, db.dumpEdges} {
			for _, n := range dumpLabels() {
				if !dumpPages(ctx, n, page, yield) {
					return
				}
			}
		}
	}
}

// dumpLabels are the labels that nodes are merged on, without that of the
// schema's version, which each database gets by itself.
func dumpLabels() []Node {
	return slices.DeleteFunc(slices.Clone(table().nodes), func(n Node) bool { return n.Parent != "" || n.Label == labelSchema })
}

// A dumpPage is what one transaction read, and the key that it came to; empty
// for the last one.
type dumpPage struct {
	lines []dumpLine
	last  string
}

// dumpPages yields all pages of a label, and reports whether more is wanted.
func dumpPages(ctx context.Context, n Node, read func(context.Context, Node, string) (dumpPage, error), yield func(json.RawMessage, error) bool) bool {
	for after := ""; ; {
		p, err := read(ctx, n, after)
		for _, line := range p.lines {
			var raw []byte
			if err == nil {
				raw, err = line.encode()
			}
			if err != nil {
				break
			}
			if !yield(raw, nil) {
				return false
			}
		}
		if err != nil {
			yield(nil, fmt.Errorf("dump the %s nodes: %w", n.Label, err))
			return false
		}
		if p.last == "" {
			return true
		}
		after = p.last
	}
}

func (db *DB) dumpNodes(ctx context.Context, n Node, after string) (p dumpPage, err error) {
	p.lines, err = readRows(ctx, db, fmt.Sprintf(`MATCH (n:%s) WHERE n.%s > $after
RETURN n.%[2]s AS key, labels(n) AS labels, properties(n) AS props ORDER BY key LIMIT $limit`, n.Label, n.Key),
		map[string]any{"after": after, "limit": dumpNodes}, func(r *neo4j.Record) dumpLine {
			p.last = get[string](r, "key")
			return dumpLine{Labels: texts(get[[]any](r, "labels")), Props: get[map[string]any](r, "props")}
		})
	return p, err
}

func (db *DB) dumpEdges(ctx context.Context, n Node, after string) (p dumpPage, err error) {
	rows, err := readRows(ctx, db, fmt.Sprintf(`MATCH (n:%s) WHERE n.%s > $after
WITH n ORDER BY n.%[2]s LIMIT $limit OPTIONAL MATCH (n)-[r]->(m)
RETURN n.%[2]s AS key, type(r) AS type, labels(m) AS labels, m.id AS id, m.url AS url, m.name AS name, properties(r) AS props`, n.Label, n.Key),
		map[string]any{"after": after, "limit": dumpStarts}, func(r *neo4j.Record) dumpLine {
			key := get[string](r, "key")
			p.last = max(p.last, key)
			to := refIn(get[[]any](r, "labels"), func(prop string) string { return get[string](r, prop) })
			return dumpLine{Type: get[string](r, "type"), From: ref{n.Label, key}.String(), To: to.String(), Props: get[map[string]any](r, "props")}
		})
	for _, line := range rows {
		if _, ours := table().types[line.Type]; ours {
			p.lines = append(p.lines, line)
		}
	}
	return p, err
}

// encode writes a line so that the types of properties can be read from it:
// days and moments are objects, and floats have a point or an exponent.
func (l dumpLine) encode() ([]byte, error) {
	for name, v := range l.Props {
		out, err := dumpValue(v)
		if err != nil {
			return nil, fmt.Errorf("property %s of %s%s: %w", name, strings.Join(l.Labels, ":"), l.Type, err)
		}
		l.Props[name] = out
	}
	return json.Marshal(l)
}

const (
	dumpDate = "date"
	dumpTime = "datetime"
)

func dumpValue(v any) (any, error) {
	switch v := v.(type) {
	case string, bool, int64:
		return v, nil
	case float64:
		s := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(s, ".e") {
			s += ".0"
		}
		return json.Number(s), nil // json refuses what is no number
	case neo4j.Date:
		return map[string]string{dumpDate: v.Time().Format(time.DateOnly)}, nil
	case time.Time:
		return map[string]string{dumpTime: v.Format(time.RFC3339Nano)}, nil
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			var err error
			if out[i], err = dumpValue(x); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("cannot dump a value of type %T", v)
}

// dumpedValue reads what dumpValue wrote.
func dumpedValue(v any) (any, error) {
	switch v := v.(type) {
	case string, bool:
		return v, nil
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return v.Float64()
		}
		return v.Int64()
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			var err error
			if out[i], err = dumpedValue(x); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		s, _ := v[dumpDate].(string)
		if t, err := time.Parse(time.DateOnly, s); err == nil && len(v) == 1 {
			return neo4j.DateOf(t), nil
		}
		s, _ = v[dumpTime].(string)
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil && len(v) == 1 {
			if _, offset := t.Zone(); offset != 0 {
				return t.In(time.FixedZone("Offset", offset)), nil // the driver's name for it
			}
			return t.UTC(), nil
		}
	}
	return nil, fmt.Errorf("%.80q is no value of a property", fmt.Sprint(v))
}

// A Size says how much a graph holds.
type Size struct {
	Nodes         int64 `json:"nodes"`
	Relationships int64 `json:"relationships"`
}

// Size counts the nodes with a label of the graph, and the relationships of a
// type of it. The database keeps these counts, so it is quick.
func (db *DB) Size(ctx context.Context) (Size, error) {
	var nodes, edges []string
	for _, n := range dumpLabels() {
		nodes = append(nodes, "COUNT { (:"+n.Label+") }")
	}
	for _, e := range table().edges {
		edges = append(edges, "COUNT { ()-[:"+e.Type+"]->() }")
	}
	rows, err := readRows(ctx, db, fmt.Sprintf("RETURN %s AS nodes, %s AS relationships", strings.Join(nodes, " + "), strings.Join(edges, " + ")), nil,
		func(r *neo4j.Record) Size { return Size{get[int64](r, "nodes"), get[int64](r, "relationships")} })
	if err == nil && len(rows) != 1 {
		err = errors.New("no answer")
	}
	if err != nil {
		return Size{}, fmt.Errorf("count what %s holds: %w", db.uri, err)
	}
	return rows[0], nil
}
