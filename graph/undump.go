package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// undumpBatch is how many lines of a dump are written at a time.
const undumpBatch = 5000

// LoadDump makes the graph that a dump was taken of, in a database that holds
// none, and returns how much that was. One that is cut off leaves a part; [DB.Wipe]
// clears it away. The schema has to be there, see [DB.EnsureSchema].
func (db *DB) LoadDump(ctx context.Context, lines iter.Seq2[json.RawMessage, error]) (Size, error) {
	var size Size
	var batch []dumpLine
	write := func() error {
		written, err := db.undump(ctx, batch)
		size.Nodes += written.Nodes
		size.Relationships += written.Relationships
		batch = batch[:0]
		return err
	}
	for raw, err := range lines {
		var line dumpLine
		if err == nil {
			line, err = decodeDumpLine(raw)
		}
		// A batch is of nodes or of relationships, which need their nodes.
		if err == nil && len(batch) > 0 && (len(batch) == undumpBatch || (line.Type == "") != (batch[0].Type == "")) {
			err = write()
		}
		if err != nil {
			return size, fmt.Errorf("load a dump into %s: %w", db.uri, err)
		}
		batch = append(batch, line)
	}
	if err := write(); err != nil {
		return size, fmt.Errorf("load a dump into %s: %w", db.uri, err)
	}
	return size, nil
}

func decodeDumpLine(raw []byte) (dumpLine, error) {
	var l dumpLine
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	if err := in.Decode(&l); err != nil {
		return l, fmt.Errorf("read line of a dump: %w", err)
	}
	if err := l.check(); err != nil {
		return l, fmt.Errorf("read line of a dump: %w", err)
	}
	for name, v := range l.Props {
		out, err := dumpedValue(v)
		if err != nil {
			return l, fmt.Errorf("read line of a dump: property %.80s: %w", name, err)
		}
		l.Props[name] = out
	}
	return l, nil
}

// check sees that labels and types, which become part of a statement, are those
// of the graph.
func (l dumpLine) check() error {
	if l.Type == "" {
		n, key := l.node()
		if id, _ := key.(string); n.Label == "" || id == "" {
			return fmt.Errorf("a node of %.80q without a key", l.Labels)
		}
		for _, label := range l.Labels {
			if _, ok := table().node[label]; !ok {
				return fmt.Errorf("the label %.80q is unknown; a newer breachgraph made it", label)
			}
		}
		return nil
	}
	if _, ok := table().types[l.Type]; !ok {
		return fmt.Errorf("the type %.80q is unknown; a newer breachgraph made it", l.Type)
	}
	for _, end := range []string{l.From, l.To} {
		label, key, _ := strings.Cut(end, ":")
		if n, ok := table().node[label]; !ok || n.Parent != "" || key == "" {
			return fmt.Errorf("%.80q does not name a node", end)
		}
	}
	return nil
}

// node is what a line's node is merged on, and its key.
func (l dumpLine) node() (n Node, key any) {
	for _, n := range dumpLabels() {
		if slices.Contains(l.Labels, n.Label) {
			return n, l.Props[n.Key]
		}
	}
	return Node{}, nil
}

// undump writes lines, those of one statement together.
func (db *DB) undump(ctx context.Context, lines []dumpLine) (Size, error) {
	var order []string
	rows := map[string][]map[string]any{}
	for _, l := range lines {
		statement, row := l.statement()
		if rows[statement] == nil {
			order = append(order, statement)
		}
		rows[statement] = append(rows[statement], row)
	}
	if len(order) == 0 {
		return Size{}, nil
	}
	s := db.session(ctx, neo4j.AccessModeWrite)
	size, err := neo4j.ExecuteWrite(ctx, s, func(tx neo4j.ManagedTransaction) (size Size, err error) {
		for _, statement := range order {
			result, err := tx.Run(ctx, statement, map[string]any{"rows": rows[statement]})
			if err != nil {
				return size, err
			}
			summary, err := result.Consume(ctx)
			if err != nil {
				return size, err
			}
			size.Nodes += int64(summary.Counters().NodesCreated())
			size.Relationships += int64(summary.Counters().RelationshipsCreated())
		}
		if size.Nodes+size.Relationships != int64(len(lines)) {
			return size, fmt.Errorf("%d of %d relationships lack an end: the dump was taken while something was loaded", len(lines)-int(size.Relationships), len(lines))
		}
		return size, nil
	}, neo4j.WithTxTimeout(writeTime))
	return size, errors.Join(explain(err), s.Close(ctx))
}

// statement is what writes lines like this one, and its row.
func (l dumpLine) statement() (cypher string, row map[string]any) {
	if l.Type == "" {
		return fmt.Sprintf("UNWIND $rows AS row CREATE (n:%s) SET n = row.props", strings.Join(l.Labels, ":")), map[string]any{"props": l.Props}
	}
	from, fromKey, _ := strings.Cut(l.From, ":")
	to, toKey, _ := strings.Cut(l.To, ":")
	return fmt.Sprintf("UNWIND $rows AS row MATCH (a:%s {%s: row.from}) MATCH (b:%s {%s: row.to}) CREATE (a)-[r:%s]->(b) SET r = row.props",
		from, table().node[from].Key, to, table().node[to].Key, l.Type), map[string]any{"from": fromKey, "to": toKey, "props": l.Props}
}

// Wipe deletes all nodes with a label of the graph, but for the schema's version,
// and what is connected to them; what else the database holds stays.
func (db *DB) Wipe(ctx context.Context) error {
	s := db.session(ctx, neo4j.AccessModeWrite)
	var err error
	for _, n := range dumpLabels() {
		if err != nil {
			break
		}
		// Outside of a managed transaction, which batches need.
		var result neo4j.ResultWithContext
		result, err = s.Run(ctx, "MATCH (n:"+n.Label+") CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS", nil)
		if err == nil {
			_, err = result.Consume(ctx)
		}
	}
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		return fmt.Errorf("wipe %s: %w", db.uri, err)
	}
	return nil
}
