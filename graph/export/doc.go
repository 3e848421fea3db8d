// Package export writes a part of the graph in the forms that other programs
// read: GraphML for Gephi and yEd, CSV for the import tool of Neo4j, and STIX
// 2.1 for platforms of threat intelligence. It reads no database: nodes and
// relationships come to it one after the other, and it keeps none of them longer
// than it must.
package export

import (
	"fmt"
	"io"
	"iter"

	"github.com/breachgraph/breachgraph/graph"
)

// Nodes and Edges are a part of the graph, as [graph.Part] yields it; the end
// of each relationship is among the nodes. They may be ranged over several
// times.
type (
	Nodes = iter.Seq2[graph.PartNode, error]
	Edges = iter.Seq2[graph.PartEdge, error]
)

// A printer writes until the first error, which it keeps.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}
