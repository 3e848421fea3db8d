package queries

import (
	"fmt"
	"strings"
)

// docsHead begins docs/queries.md.
const docsHead = `# Queries

Questions to the graph that have a name. ` + "`breachgraph query`" + ` lists them, ` + "`breachgraph query NAME parameter=value…`" + `
asks one, and with ` + "`--format cypher`" + ` prints it with the values in place of its parameters, for Neo4j Browser or any
other client. This page is made from the files in ` + "`queries/`" + `.

A fact that is denied, or merely possible, is no answer: but for queries that are about denials, both are left out unless
` + "`status`" + ` names them, as in ` + "`status=denied`" + ` or ` + "`status=confirmed,possible`" + `. A parameter that is optional changes nothing where it
is not given. Values of a list are parted by commas. Names and ids are found in upper or lower case.
`

// Docs returns docs/queries.md: what each of all answers, its parameters and its
// Cypher, by theme.
func Docs(all []Query) string {
	all = ByTheme(all)
	var b strings.Builder
	b.WriteString(docsHead)
	b.WriteString("\n| theme | query | answers |\n|---|---|---|\n")
	for _, q := range all {
		fmt.Fprintf(&b, "| %s | [%s](#%s) | %s |\n", q.Theme, q.Name, q.Name, q.Description)
	}
	for _, q := range all {
		call := strings.TrimSpace("breachgraph query " + q.Name + " " + q.Example)
		scans := ""
		if q.Scans != "" {
			scans = "\n\nIt scans, and takes the longer the larger the graph is. What it reads: " + strings.ToLower(q.Scans[:1]) + q.Scans[1:]
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s%s\n\n    %s\n\n%s\n```cypher\n%s\n```\n", q.Name, q.Description, scans, call, q.paramTable(), q.Cypher)
	}
	return b.String()
}

// paramTable is empty for a query without parameters.
func (q Query) paramTable() string {
	if len(q.Params) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| parameter | type | default | meaning |\n|---|---|---|---|\n")
	for _, p := range q.Params {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", p.Name, p.Type, p.shownDefault(), p.Doc)
	}
	return b.String()
}

func (p Param) shownDefault() string {
	switch {
	case p.Required:
		return "required"
	case p.optional():
		return "optional"
	}
	return "`" + p.Default + "`"
}
