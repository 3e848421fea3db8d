package graph

import (
	"fmt"
	"strings"
)

// Schema returns the statements that make the constraints and indexes of the
// graph, first the constraints in the order of [Nodes]. They may be run again.
func Schema() []string {
	var constraints, indexes []string
	for _, n := range Nodes() {
		lower := strings.ToLower(n.Label)
		constraints = append(constraints, fmt.Sprintf(
			"CREATE CONSTRAINT %s_%s IF NOT EXISTS FOR (n:%s) REQUIRE n.%s IS UNIQUE", lower, n.Key, n.Label, n.Key))
		for _, p := range n.Props {
			if p.Index {
				indexes = append(indexes, fmt.Sprintf(
					"CREATE INDEX %s_%s IF NOT EXISTS FOR (n:%s) ON (n.%s)", lower, strings.ToLower(p.Name), n.Label, p.Name))
			}
		}
	}
	return append(constraints, indexes...)
}

// doubledKeys lists keys that several nodes of n have.
func doubledKeys(n Node) string {
	return fmt.Sprintf(`MATCH (n:%s) WHERE n.%[2]s IS NOT NULL
WITH n.%[2]s AS key, count(*) AS nodes WHERE nodes > 1
RETURN toString(key) ORDER BY key LIMIT 5`, n.Label, n.Key)
}
