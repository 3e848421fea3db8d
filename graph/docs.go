package graph

import (
	"fmt"
	"slices"
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
	b.WriteString("## Full-text indexes\n\n`CALL db.index.fulltext.queryNodes(NAME, WORDS) YIELD node` finds nodes by words; `breachgraph query find` does.\n\n| name | labels | properties | holds |\n|---|---|---|---|\n")
	for _, x := range TextIndexes() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", x.Name, labels(x.Labels), labels(x.Props), x.Doc)
	}
	b.WriteString(`
## Facts

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
	b.WriteString(overtaken)
	return b.String()
}

// identity tells which mentions meet in one node.
var identity = fmt.Sprintf(`
## What meets in one node

A name folds to lower case without diacritics and punctuation, words parted by hyphens; of organisations the legal suffix goes too
("Inc.", "GmbH"), of them and of groups a leading "the". Entities with the same folded name under one label are one node; all kinds of
organisation share one label. Articles are one by their canonical URL.

Articles tell of one incident where what they say of it has %[1]d points in common, counted as follows. Only those are compared that share
the first telling word in the name of an organisation which they are about, or one of its acronyms; an article without a victim may be
about each company or agency that it names.

| in common | points |
|---|---|
| the victim, by name or alias (a part of the name: seven tenths) | %[2]d |
| an organisation in both titles, or a victim here that is in the title there | %[3]d |
| a victim here that is named often there; victims that are less sure | %[4]d |
| an organisation in the title here that is named there, where that has no victim | 7, %[4]d if often |
| no organisation at all that they are about | %[5]d |
| came to be known within 7 days, 30 days, %[6]d days | 20, 15, 10 |
| told as news by both, within %[15]d days | at least 10 for the days |
| over 180 days, over 400 days apart, and nothing said of when it was | -5, -20 |
| noticed within %[6]d days of each other, or in periods that overlap, of at most %[7]d days each, or in the same period | 10, and at least 10 for the days |
| a figure of two digits that count or of a million and more; another one (both: %[8]d at most) | %[9]d, %[10]d |
| a person, group, malware or vulnerability; another organisation (both: %[11]d at most) | %[12]d, %[13]d |
| a word of the title, of three at most; a method | 3, 3 |

Articles came to be known on the day of disclosure that they state, else on their own day where they are mainly about the breach. A
victim is less sure where the title names another one instead, where there are %[17]d and more, and where it is a platform that everybody
writes about, such as Microsoft, unless the title names it. The days of an incident count from its first report, but for articles published
within %[15]d days of each other that share a telling figure or as much.

Two breaches of one article are never one, nor are those whose stated periods or discoveries lie more than %[14]d days apart, unless one of
them has it wrong: of articles published within %[15]d days of each other with %[16]d points beside victim and days, and where more reports
of an incident are tied to it than contradict. Two incidents become one by an article that is tied to both, with %[8]d points beside victim
and days, if more of their reports are tied to each other than contradict.

What shares points is sorted out anew each time a report comes, changes or goes. A breach keeps its id in that; where two become one, the
id with more reports stays and the other is in `+"`formerIds`"+`.
`, joinPoints, victimPoints+samePoints, titlePoints, oftenPoints, strangerPoints, nearDays, vagueDays,
	mostFigurePoints, figurePoints, roundPoints, mostOtherPoints, withPoints, organizationPoints, farDays, newsDays, newsPoints, manyVictims)

// overtaken tells which figures are superseded.
const overtaken = `
## Which figure supersedes which

Within one article a figure is superseded by the one that the article says corrects it. Across articles it is compared with those of
the same breach, unit and speaker that count the same: what ` + "`counted`" + ` says beside "people", "customers", "affected" and the like
is the same. It is superseded by the first of a later day that is larger, or by which an article says that it was corrected. A smaller
one more often counts a part, and does not. Numbers within 5 percent that are equal when rounded to the digits of the shorter are one
number, and an old one that is told again later is as superseded as it was. Of an article the largest such figure is weighed, what is
possible supersedes only what is possible, and counts of different kinds of data are kept apart. What an article says in its own voice
goes with the one speaker whose number it repeats, else with what its host said before. Two speakers who differ contradict each other;
neither is superseded.
`

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

// Look returns the label that says how Neo4j Browser, and an exported drawing,
// show a node of some labels: that of the part it plays, else the one it is
// merged on. It is zero for a node that the table does not know.
func Look(labels []string) Node {
	var look Node
	for _, n := range table().nodes {
		if slices.Contains(labels, n.Label) {
			look = n
		}
	}
	return look
}

// Caption is what is written on a node.
func Caption(n PartNode) string {
	for _, property := range []string{Look(n.Labels).Caption, "label", "name", "title", "text"} {
		if s, ok := n.Props[property].(string); ok {
			return s
		}
	}
	_, key, _ := strings.Cut(n.ID, ":")
	return key
}
