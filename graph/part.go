package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const (
	// partNodes is how many nodes are read at a time, and partSources from how
	// many the relationships: a hub has thousands.
	partNodes   = 500
	partSources = 50
	// maxEvidence is how many sentences a fact of a part carries.
	maxEvidence = 5
)

// A Selection says which part of the graph is meant. The zero value means all
// of it.
type Selection struct {
	// Company is the name, an alias or the id of an organisation: the part is
	// that organisation, its breaches, and the facts around these.
	Company string
	// Answer is the result of a query. Where it holds nodes, the part is these;
	// else it is the breaches, articles and entities that its texts name, and
	// the facts around these. Nil means no query.
	Answer *Table
	// Since leaves out articles published before this day, what they alone say,
	// and facts last reported before it; zero leaves out nothing.
	Since time.Time
}

// A Part is a part of the graph: nodes, all relationships between them, and the
// claims and articles behind these. It holds keys only; what they stand for is
// read some at a time, so that a part may be larger than memory. What another
// load removes in the meantime is left out.
type Part struct {
	db    *DB
	since time.Time
	whole bool           // whether it is all of the graph
	picks []pick         // by label and key
	index map[string]int // of picks, by the database's number
}

// A pick is a node of a part.
type pick struct {
	ref
	node string // the database's number
}

// A PartNode is a node of a part.
type PartNode struct {
	// ID is the label that it is merged on, a colon and its key.
	ID string
	// Label is the label that it is merged on, and Labels are all, sorted.
	Label  string
	Labels []string
	// Props are as in [NodeValue]. The key is among them.
	Props map[string]any
}

// A PartEdge is a relationship of a part.
type PartEdge struct {
	Type     string
	From, To string // as in [PartNode]
	Props    map[string]any
	// Evidence are the sentences behind a fact, the earliest first, five at
	// most.
	Evidence []Evidence
}

// Evidence is a sentence that backs a fact.
type Evidence struct {
	Text      string
	Article   string // its key
	Published string // empty where unknown
	Status    string
}

// Part finds the nodes of a selection. An error wraps [ErrNothing] where there
// are none.
func (db *DB) Part(ctx context.Context, s Selection) (*Part, error) {
	p := &Part{db: db, since: s.Since, index: map[string]int{}}
	var err error
	if p.whole = s.Company == "" && s.Answer == nil && s.Since.IsZero(); p.whole {
		p.picks, err = db.allNodes(ctx)
	} else {
		p.picks, err = newPicker(db, s).pick(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("choose a part of %s: %w", db.uri, err)
	}
	if len(p.picks) == 0 || len(p.picks) == 1 && p.picks[0].label == labelSchema {
		return nil, fmt.Errorf("choose a part of %s: %w", db.uri, ErrNothing)
	}
	slices.SortFunc(p.picks, func(x, y pick) int {
		return cmp.Or(cmp.Compare(labelOrder(x.label), labelOrder(y.label)), cmp.Compare(x.key, y.key))
	})
	for i, n := range p.picks {
		p.index[n.node] = i
	}
	return p, nil
}

// ErrNothing is wrapped by the error of [DB.Part] where nothing is chosen.
var ErrNothing = errors.New("nothing in the graph fits")

// Len is the number of nodes.
func (p *Part) Len() int { return len(p.index) }

// labelOrder is where a label stands in the table.
func labelOrder(label string) int {
	return slices.IndexFunc(table().nodes, func(n Node) bool { return n.Label == label })
}

func (db *DB) allNodes(ctx context.Context) ([]pick, error) {
	var out []pick
	for _, n := range table().nodes {
		if n.Parent != "" {
			continue
		}
		picks, err := readRows(ctx, db, fmt.Sprintf("MATCH (n:%s) RETURN n.%s AS key, elementId(n) AS node", n.Label, n.Key), nil,
			func(r *neo4j.Record) pick { return pick{ref{n.Label, get[string](r, "key")}, get[string](r, "node")} })
		if err != nil {
			return nil, err
		}
		out = append(out, picks...)
	}
	return out, nil
}

// readRows runs a query in a read transaction and returns what row makes of
// each record.
func readRows[T any](ctx context.Context, db *DB, cypher string, params map[string]any, row func(*neo4j.Record) T) ([]T, error) {
	s := db.session(ctx, neo4j.AccessModeRead)
	out, err := neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) ([]T, error) {
		result, err := tx.Run(ctx, cypher, params)
		if err != nil {
			return nil, err
		}
		var out []T
		for result.Next(ctx) {
			out = append(out, row(result.Record()))
		}
		return out, result.Err()
	})
	return out, errors.Join(explain(err), s.Close(ctx))
}

// id is how a part names a node.
func (n pick) id() string { return n.ref.String() }

// Nodes yields the nodes by label and key. An error ends it.
func (p *Part) Nodes(ctx context.Context) iter.Seq2[PartNode, error] {
	return func(yield func(PartNode, error) bool) {
		for chunk := range slices.Chunk(p.picks, partNodes) {
			found, err := readRows(ctx, p.db, `UNWIND $nodes AS node MATCH (n) WHERE elementId(n) = node
RETURN node, labels(n) AS labels, properties(n) AS props`, map[string]any{"nodes": numbersOf(chunk)}, func(r *neo4j.Record) *PartNode {
				return p.node(get[string](r, "node"), get[[]any](r, "labels"), get[map[string]any](r, "props"))
			})
			if err != nil {
				yield(PartNode{}, fmt.Errorf("read nodes of %s: %w", p.db.uri, err))
				return
			}
			byID := map[string]*PartNode{}
			for _, n := range found {
				byID[n.ID] = n
			}
			for _, pick := range chunk {
				n := byID[pick.id()]
				if n == nil { // removed by now
					delete(p.index, pick.node)
				} else if !yield(*n, nil) {
					return
				}
			}
		}
	}
}

func (p *Part) node(number string, labels []any, props map[string]any) *PartNode {
	pick := p.picks[p.index[number]]
	n := &PartNode{ID: pick.id(), Label: pick.label, Props: receivedProps(props)}
	for _, l := range labels {
		n.Labels = append(n.Labels, fmt.Sprint(l))
	}
	slices.Sort(n.Labels)
	return n
}

func numbersOf(picks []pick) []string {
	out := make([]string, len(picks))
	for i, n := range picks {
		out[i] = n.node
	}
	return out
}

// Edges yields the relationships between nodes of the part, by the label and
// key of their start, by type and by their end, those of one start together. An
// error ends it.
func (p *Part) Edges(ctx context.Context) iter.Seq2[PartEdge, error] {
	return func(yield func(PartEdge, error) bool) {
		for chunk := range slices.Chunk(p.picks, partSources) {
			edges, err := p.edges(ctx, chunk)
			if err != nil {
				yield(PartEdge{}, fmt.Errorf("read relationships of %s: %w", p.db.uri, err))
				return
			}
			for _, e := range edges {
				if !yield(e.PartEdge, nil) {
					return
				}
			}
		}
	}
}

// A partEdge is a PartEdge on its way.
type partEdge struct {
	PartEdge
	from, to int // in picks, -1 where it is not of the part
	last     time.Time
	denied   bool
}

func (p *Part) edges(ctx context.Context, starts []pick) ([]partEdge, error) {
	edges, err := readRows(ctx, p.db, `UNWIND $nodes AS node MATCH (n)-[r]->(m) WHERE elementId(n) = node
RETURN node, elementId(m) AS end, type(r) AS type, properties(r) AS props`, map[string]any{"nodes": numbersOf(starts)}, p.edge)
	if err != nil {
		return nil, err
	}
	edges = slices.DeleteFunc(edges, func(e partEdge) bool {
		return e.from < 0 || e.to < 0 || !p.since.IsZero() && !e.last.IsZero() && e.last.Before(p.since)
	})
	slices.SortFunc(edges, func(x, y partEdge) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.Type, y.Type), cmp.Compare(x.to, y.to), compareBool(!x.denied, !y.denied))
	})
	return edges, p.addEvidence(ctx, edges)
}

func (p *Part) edge(r *neo4j.Record) partEdge {
	e := partEdge{PartEdge: PartEdge{Type: get[string](r, "type")}, from: p.at(get[string](r, "node")), to: p.at(get[string](r, "end"))}
	if e.from < 0 || e.to < 0 {
		return e
	}
	props := get[map[string]any](r, "props")
	e.denied, _ = props["denied"].(bool)
	e.last = dayOf(props["last"])
	e.From, e.To, e.Props = p.picks[e.from].id(), p.picks[e.to].id(), receivedProps(props)
	return e
}

// at is the place of a node in picks, -1 where it is not of the part.
func (p *Part) at(number string) int {
	if i, ok := p.index[number]; ok {
		return i
	}
	return -1
}

// addEvidence finds the sentences behind the facts among edges.
func (p *Part) addEvidence(ctx context.Context, edges []partEdge) error {
	byFact := map[string]*partEdge{}
	var keys []string
	for i := range edges {
		e := &edges[i]
		if table().types[e.Type].Predicate != "" {
			key := strings.Join([]string{e.Type, e.From, e.To, sign(e.denied)}, " ")
			byFact[key], keys = e, append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	_, err := readRows(ctx, p.db, `UNWIND $keys AS key CALL (key) {
  MATCH (c:Claim {fact: key})-[:STATED_IN]->(a:Article)
  WHERE $since IS NULL OR date(a.published) >= $since
  RETURN c, a ORDER BY a.published, a.url, c.start, c.id LIMIT $limit
}
RETURN key, collect([c.text, a.url, toString(a.published), c.status]) AS evidence`,
		map[string]any{"keys": keys, "limit": maxEvidence, "since": day(p.since)}, func(r *neo4j.Record) struct{} {
			e := byFact[get[string](r, "key")]
			e.Evidence = nil
			for _, row := range get[[]any](r, "evidence") {
				e.Evidence = append(e.Evidence, evidenceOf(row))
			}
			return struct{}{}
		})
	return err
}

func evidenceOf(row any) Evidence {
	values, _ := row.([]any)
	var s [4]string
	for i := range min(len(values), len(s)) {
		s[i], _ = values[i].(string)
	}
	return Evidence{Text: s[0], Article: s[1], Published: s[2], Status: s[3]}
}
