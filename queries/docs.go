package queries

import (
	"fmt"
	"strings"
)

// Docs returns docs/queries.md: what each query answers, its parameters and
// its Cypher.
func Docs(list []Query) string {
	var b strings.Builder
	b.WriteString(`# Queries

Named questions to the graph. ` + "`breachgraph query`" + ` lists them and ` + "`breachgraph query NAME key=value…`" + ` asks one;
the Cypher below runs in Neo4j Browser too, after its parameters have been filled in (` + "`--format cypher`" + ` does so).
Denials and what is merely possible are left out unless ` + "`status`" + ` asks for them: ` + "`status=denied`" + `,
` + "`status=confirmed,possible`" + `. This page is made from the files in ` + "`queries/`" + `.

`)
	for _, q := range list {
		fmt.Fprintf(&b, "- [%s](#%s): %s\n", q.Name, q.Name, q.Description)
	}
	for _, q := range list {
		q.writeDocs(&b)
	}
	return b.String()
}

func (q Query) writeDocs(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n", q.Name, q.Description)
	fmt.Fprintf(b, "    breachgraph query %s\n", strings.TrimSpace(q.Name+" "+q.Example))
	if len(q.Params) > 0 {
		b.WriteString("\n| parameter | type | default | meaning |\n|---|---|---|---|\n")
	}
	for _, p := range q.Params {
		def := "`" + p.Default + "`"
		switch {
		case p.Required:
			def = "required"
		case p.Default == "":
			def = "empty"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", p.Name, p.Type, def, p.Doc)
	}
	fmt.Fprintf(b, "\n```cypher\n%s\n```\n", q.Cypher)
}
