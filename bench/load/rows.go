package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/graph"
)

const (
	// createArticles is how many articles one transaction creates where they
	// are written in batches.
	createArticles = 500
	// readTime bounds the reading of all rows.
	readTime = time.Hour
)

// A row is a node, or a relationship between two nodes, with the article that
// it comes with: the first that names it.
type row struct {
	article  int32
	from, to int32 // nodes, of a relationship
	kind     string
	props    map[string]any
}

// Rows are a graph.
type rows struct {
	nodes, edges []row
	order        []int32 // articles, by the order in which they were loaded
}

// readRows reads the whole graph but for the mark of its version, which every
// database with the schema has.
func readRows(ctx context.Context, s *server) (*rows, error) {
	session := s.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead})
	defer session.Close(ctx)
	var out rows
	index := map[string]int32{}
	kinds := map[string]string{} // each once
	err := each(ctx, session, "MATCH (n) WHERE NOT n:Schema RETURN elementId(n), labels(n), properties(n)", func(v []any) {
		index[v[0].(string)] = int32(len(out.nodes))
		kind := joined(v[1].([]any))
		if kinds[kind] == "" {
			kinds[kind] = kind
		}
		out.nodes = append(out.nodes, row{article: -1, kind: kinds[kind], props: v[2].(map[string]any)})
	})
	if err != nil {
		return nil, err
	}
	err = each(ctx, session, "MATCH (s)-[r]->(t) RETURN elementId(s), elementId(t), type(r), properties(r)", func(v []any) {
		kind := v[2].(string)
		if kinds[kind] == "" {
			kinds[kind] = kind
		}
		out.edges = append(out.edges, row{from: index[v[0].(string)], to: index[v[1].(string)], kind: kinds[kind], props: v[3].(map[string]any)})
	})
	out.assign()
	return &out, err
}

// each gives the rows of an answer to use.
func each(ctx context.Context, session neo4j.SessionWithContext, statement string, use func([]any)) error {
	result, err := session.Run(ctx, statement, nil, neo4j.WithTxTimeout(readTime))
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		use(result.Record().Values)
	}
	return result.Err()
}

func joined(labels []any) string {
	var out []string
	for _, l := range labels {
		out = append(out, l.(string))
	}
	slices.Sort(out)
	return strings.Join(out, ":")
}

// assign gives each node to the first article that it is connected to, and each
// relationship to the article of the end that comes last.
func (r *rows) assign() {
	for i, n := range r.nodes {
		if n.kind == "Article" {
			r.order = append(r.order, int32(i))
		}
	}
	slices.SortFunc(r.order, func(x, y int32) int { return source(r.nodes[x]) - source(r.nodes[y]) })
	for k, i := range r.order {
		r.nodes[i].article = int32(k)
	}
	claim := func(n int32, article int32) {
		if have := &r.nodes[n].article; r.nodes[n].kind != "Article" && (*have < 0 || article < *have) {
			*have = article
		}
	}
	for range 2 { // through claims and figures too
		for _, e := range r.edges {
			switch from, to := r.nodes[e.from], r.nodes[e.to]; {
			case from.kind == "Article":
				claim(e.to, from.article)
			case e.kind == "STATED_IN":
				claim(e.from, to.article)
			case (from.kind == "Claim" || from.kind == "Figure") && from.article >= 0:
				claim(e.to, from.article)
			}
		}
	}
	for i := range r.edges {
		e := &r.edges[i]
		e.article = max(r.nodes[e.from].article, r.nodes[e.to].article, 0)
	}
	byArticle := make([][]row, len(r.order))
	for _, e := range r.edges {
		byArticle[e.article] = append(byArticle[e.article], e)
	}
	r.edges = slices.Concat(byArticle...)
}

// source is the number that the generator gave an article.
func source(n row) int {
	id, _ := n.props["sourceId"].(string)
	var out int
	fmt.Sscanf(id, "synthetic-%d", &out)
	return out
}

// write writes the rows that come with the first articles, batch articles in one
// transaction; merge looks first for what is there.
func (r *rows) write(ctx context.Context, s *server, articles, batch int, merge bool) error {
	session := s.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeWrite})
	defer session.Close(ctx)
	nodes := make([][]int32, articles)
	for i, n := range r.nodes {
		if a := max(int(n.article), 0); a < articles {
			nodes[a] = append(nodes[a], int32(i))
		}
	}
	w := writer{rows: r, ids: make([]string, len(r.nodes)), merge: merge, keys: map[string]string{}}
	for _, n := range graph.Nodes() {
		w.keys[n.Label] = n.Key
	}
	edges := r.edges
	for from := 0; from < articles; from += batch {
		to := min(from+batch, articles)
		end := len(edges)
		if i := slices.IndexFunc(edges, func(e row) bool { return int(e.article) >= to }); i >= 0 {
			end = i
		}
		_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			return nil, w.write(ctx, tx, slices.Concat(nodes[from:to]...), edges[:end])
		})
		if err != nil {
			return err
		}
		edges = edges[end:]
	}
	return nil
}

// A writer writes rows, one statement for each label and type.
type writer struct {
	*rows
	ids   []string // of nodes that were written
	keys  map[string]string
	merge bool
}

func (w *writer) write(ctx context.Context, tx neo4j.ManagedTransaction, nodes []int32, edges []row) error {
	byKind := map[string][]any{}
	for _, i := range nodes {
		n := w.nodes[i]
		byKind[n.kind] = append(byKind[n.kind], map[string]any{"i": i, "props": n.props})
	}
	for kind, list := range byKind {
		if err := w.run(ctx, tx, w.nodeStatement(kind), list, func(v []any) { w.ids[v[0].(int64)] = v[1].(string) }); err != nil {
			return err
		}
	}
	clear(byKind)
	for _, e := range edges {
		byKind[e.kind] = append(byKind[e.kind], map[string]any{"from": w.ids[e.from], "to": w.ids[e.to], "props": e.props})
	}
	verb := "CREATE (s)-[r:%s]->(t) SET r = row.props"
	if w.merge {
		verb = "MERGE (s)-[r:%s]->(t) ON CREATE SET r = row.props"
	}
	for kind, list := range byKind {
		statement := "UNWIND $rows AS row MATCH (s) WHERE elementId(s) = row.from MATCH (t) WHERE elementId(t) = row.to " + fmt.Sprintf(verb, kind)
		if err := w.run(ctx, tx, statement, list, func([]any) {}); err != nil {
			return err
		}
	}
	return nil
}

// nodeStatement writes nodes with the labels kind.
func (w *writer) nodeStatement(kind string) string {
	if !w.merge {
		return "UNWIND $rows AS row CREATE (n:" + kind + ") SET n = row.props RETURN row.i, elementId(n)"
	}
	label := kind
	if strings.Contains(kind, "Organization") {
		label = "Organization"
	}
	return fmt.Sprintf("UNWIND $rows AS row MERGE (n:%s {%s: row.props.%[2]s}) ON CREATE SET n = row.props, n:%[3]s RETURN row.i, elementId(n)", label, w.keys[label], kind)
}

func (w *writer) run(ctx context.Context, tx neo4j.ManagedTransaction, statement string, list []any, use func([]any)) error {
	result, err := tx.Run(ctx, statement, map[string]any{"rows": list})
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		use(result.Record().Values)
	}
	return result.Err()
}
