package graph

import (
	"fmt"
	"strings"
)

// SchemaDocs returns docs/schema.md: every label and type with what it carries.
func SchemaDocs() string {
	var b strings.Builder
	b.WriteString(`# What the graph holds

Made from the table in ` + "`graph/schema.go` and `graph/edges.go`" + `; ` + "`breachgraph schema`" + ` prints the constraints and indexes that follow
from it. A property that is not known is absent. Keys are unique. Nothing depends on the order in which articles were loaded, but for
the ids of breaches, nor on the clock.

## Nodes

`)
	for _, n := range Nodes() {
		writeNode(&b, n)
	}
	b.WriteString(`## Facts

A relationship between entities is a fact: what one or more claims say. A denial is a second relationship of the same type, never
merged with the affirmed one; type, ends and ` + "`denied`" + ` are its key. Its claims are those with ` + "`(s)<-[:SUBJECT]-(:Claim {type: …})-[:OBJECT]->(o)`" + `
and each is one sentence of one article. A fact whose last claim goes is gone too. Every fact carries:

| property | type | meaning |
|---|---|---|
`)
	writeProps(&b, factProps)
	facts, others := split(Edges())
	b.WriteString("\n| type | from | to | meaning | its own properties |\n|---|---|---|---|---|\n")
	for _, e := range facts {
		var own []string
		for _, p := range e.Props[len(factProps):] {
			own = append(own, fmt.Sprintf("`%s` (`%s`): %s", p.Name, p.Type, p.Doc))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", e.Type, labels(e.From), labels(e.To), e.Doc, strings.Join(own, " "))
	}
	b.WriteString("\n## Other relationships\n\n")
	for _, e := range others {
		fmt.Fprintf(&b, "### %s\n\n%s → %s. %s\n\n", e.Type, labels(e.From), labels(e.To), e.Doc)
		if len(e.Props) > 0 {
			b.WriteString("| property | type | meaning |\n|---|---|---|\n")
			writeProps(&b, e.Props)
			b.WriteByte('\n')
		}
	}
	writeValues(&b)
	b.WriteString(identity)
	return b.String()
}

// identity tells which mentions meet in one node.
var identity = fmt.Sprintf(`
## What meets in one node

A name folds to lower case without diacritics and punctuation, words parted by hyphens; of organisations the legal suffix goes too
("Inc.", "GmbH"), of them and of groups a leading "the". Entities with the same folded name under one label are one node; all kinds of
organisation share one label. Articles are one by their canonical URL.

Articles tell of one incident where they name the same first victim and either

- came to be known within %[1]d days of the incident's first report: by the day of disclosure that the article states, else by its own day
  if it is mainly about the breach, or
- put its discovery within %[1]d days of each other, or
- put it in periods that overlap, of at most %[2]d days each, or in the same period,

unless one article tells of both, or stated discoveries or periods lie more than %[3]d days apart. Breaches without a named victim are never
joined. The reports of one victim are sorted out anew each time one comes, changes or goes. A breach keeps its id in that; where two
become one, the id with more reports stays and the other is in `+"`formerIds`"+`.
`, nearDays, vagueDays, farDays)

func writeNode(b *strings.Builder, n Node) {
	fmt.Fprintf(b, "### %s\n\n%s", n.Label, n.Doc)
	if n.Parent != "" {
		fmt.Fprintf(b, " Carries the label `%s` too, with the same key and properties.\n\n", n.Parent)
		return
	}
	b.WriteString("\n\n| property | type | meaning |\n|---|---|---|\n")
	fmt.Fprintf(b, "| `%s` | `%s` | Key. |\n", n.Key, str)
	writeProps(b, n.Props)
	b.WriteByte('\n')
}

func writeProps(b *strings.Builder, props []Property) {
	for _, p := range props {
		indexed := ""
		if p.Index {
			indexed = " Indexed."
		}
		fmt.Fprintf(b, "| `%s` | `%s` | %s%s |\n", p.Name, p.Type, p.Doc, indexed)
	}
}

// split parts facts from other relationships.
func split(edges []Edge) (facts, others []Edge) {
	for _, e := range edges {
		if e.Predicate != "" {
			facts = append(facts, e)
		} else {
			others = append(others, e)
		}
	}
	return facts, others
}

func labels(list []string) string { return "`" + strings.Join(list, "`, `") + "`" }

func writeValues(b *strings.Builder) {
	b.WriteString("## Canonical values\n\nTechniques are those of MITRE ATT&CK that come closest.\n")
	for _, list := range []struct {
		label  string
		values []Value
	}{{labelDataType, DataTypes()}, {labelMethod, Methods()}, {labelRemedy, Remedies()}} {
		fmt.Fprintf(b, "\n`%s`: ", list.label)
		for i, v := range list.values {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "`%s`", v.Name)
			if v.Attack != "" {
				fmt.Fprintf(b, " (%s)", v.Attack)
			}
		}
		b.WriteString(".\n")
	}
}

// Grass returns the style sheet of Neo4j Browser for the graph, which its
// command :style takes.
func Grass() string {
	var b strings.Builder
	b.WriteString(`node {
  diameter: 50px;
  color: #A5ABB6;
  border-color: #9AA1AC;
  border-width: 2px;
  text-color-internal: #FFFFFF;
  font-size: 10px;
}
relationship {
  color: #A5ABB6;
  shaft-width: 1px;
  font-size: 8px;
  padding: 3px;
  text-color-external: #000000;
  text-color-internal: #FFFFFF;
  caption: '<type>';
}
`)
	for _, n := range Nodes() {
		diameter := 50
		switch n.Label {
		case labelBreach:
			diameter = 80
		case labelFigure: // its caption is a phrase
			diameter = 65
		case labelArticle, labelClaim, labelTag:
			diameter = 35
		}
		fmt.Fprintf(&b, "node.%s {\n  color: %s;\n  border-color: %s;\n  text-color-internal: %s;\n  diameter: %dpx;\n  caption: '{%s}';\n}\n",
			n.Label, n.Color, n.Color, contrast(n.Color), diameter, n.Caption)
	}
	facts, _ := split(Edges())
	for _, e := range facts {
		fmt.Fprintf(&b, "relationship.%s {\n  color: #5C6370;\n  shaft-width: 2px;\n  caption: '<type>';\n}\n", e.Type)
	}
	return b.String()
}

// contrast is black or white, whichever reads better on color (luminance as in
// ITU-R BT.601).
func contrast(color string) string {
	var r, g, b int
	fmt.Sscanf(color, "#%02X%02X%02X", &r, &g, &b)
	if 299*r+587*g+114*b > 150_000 {
		return "#000000"
	}
	return "#FFFFFF"
}
