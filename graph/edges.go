package graph

import (
	"slices"

	"github.com/breachgraph/breachgraph/extract"
)

// factProps is what every fact carries, computed from all claims behind it.
var factProps = []Property{
	{Name: "denied", Type: boolean, Doc: "Whether it is stated not to be so. Never absent; a part of the key."},
	{Name: "status", Type: str, Doc: "Strongest status of its claims: confirmed, reported, claimed, alleged, possible; denied for a denial."},
	{Name: "claims", Type: integer, Doc: "How many claims state it, at least 1."},
	{Name: "confidence", Type: float, Doc: "Highest confidence of its claims."},
	{Name: "first", Type: date, Doc: "Day of the earliest article that states it."},
	{Name: "last", Type: date, Doc: "Day of the latest article that states it."},
}

// resolvedKey is on what resolution has led to another node.
var resolvedKey = Property{Name: "key", Type: str, Doc: "Id that the name gives, where resolution has led it elsewhere."}

// latest ends the description of what the latest article decides.
const latest = ", by the latest article that says so."

func fact(p extract.Predicate, from, to []string, doc string, more ...Property) Edge {
	return Edge{Type: string(p), From: from, To: to, Predicate: p, Doc: doc, Props: slices.Concat(factProps, more)}
}

// Edges returns every type of relationship of the graph: facts first, then
// those around articles, then those around figures and claims.
func Edges() []Edge {
	organization, breach := []string{labelOrganization}, []string{labelBreach}
	party := []string{labelPerson, labelOrganization}
	speaker := []string{labelPerson, labelOrganization, "Group"}
	facts := []Edge{
		fact(extract.Suffered, organization, breach, "It was the victim of the breach."),
		fact(extract.Attacked, []string{labelPerson, "Group"}, breach, "They carried out the breach.",
			Property{Name: "role", Type: str, Doc: "What they did or are accused of" + latest}),
		fact(extract.Exposed, breach, []string{labelDataType}, "Data of this kind got into other hands."),
		fact(extract.Used, breach, []string{labelMethod, "Malware", "Vulnerability"}, "It was done in this way."),
		fact(extract.HasFigure, breach, []string{labelFigure}, "The figure tells of the breach."),
		fact(extract.Hired, organization, organization, "It engaged a professional.",
			Property{Name: "purpose", Type: str, Doc: "What for" + latest}),
		fact(extract.Investigates, party, breach, "They look, or looked, into the breach."),
		fact(extract.Discovered, party, breach, "They found the breach."),
		fact(extract.WorksFor, []string{labelPerson}, organization, "The person acts for it.",
			Property{Name: "title", Type: str, Doc: "The office" + latest}),
		fact(extract.SubsidiaryOf, organization, organization, "It belongs to the other."),
		fact(extract.Offered, organization, []string{labelRemedy}, "It offered this to those affected.",
			Property{Name: "provider", Type: str, Doc: "Id of the organisation that provides it" + latest},
			Property{Name: "duration", Type: str, Doc: "For how long" + latest}),
		fact(extract.Fined, organization, organization, "An agency or court had it pay.",
			Property{Name: "amount", Type: float, Doc: "The sum" + latest},
			Property{Name: "currency", Type: str, Doc: "Unit of the sum" + latest}),
		fact(extract.Sued, party, organization, "They took it to court."),
		fact(extract.Cites, []string{labelArticle}, organization, "The article rests on what it published."),
	}
	return slices.Concat(facts, articleEdges(), []Edge{
		{Type: typeStatedIn, From: []string{labelClaim, labelFigure}, To: []string{labelArticle}, Doc: "The article that says so."},
		{Type: typeSaidBy, From: []string{labelClaim, labelFigure}, To: speaker, Doc: "Who says so; absent where the article does in its own voice.", Props: []Property{resolvedKey}},
		{Type: typeSupersededBy, From: []string{labelFigure}, To: []string{labelFigure}, Doc: "The figure that takes its place: in the same article one that corrects it, in another article a later one, by the rules below."},
		{Type: typeSubject, From: []string{labelClaim}, To: ends(facts, func(e Edge) []string { return e.From }), Doc: "Start of the fact that it backs.", Props: []Property{resolvedKey}},
		{Type: typeObject, From: []string{labelClaim}, To: ends(facts, func(e Edge) []string { return e.To }), Doc: "End of the fact that it backs.", Props: []Property{resolvedKey}},
	})
}

func articleEdges() []Edge {
	article := []string{labelArticle}
	return []Edge{
		{Type: typeReports, From: article, To: []string{labelBreach}, Doc: "It tells of the breach; the properties are what it says of it.", Props: []Property{
			{Name: "primary", Type: boolean, Doc: "Whether it is the breach that the article is about. Never absent."},
			{Name: "report", Type: str, Doc: "Number of the breach within the article. Never absent."},
			{Name: "victim", Type: str, Doc: "Id of the first victim that it names."},
			{Name: "victimName", Type: str, Doc: "That victim's name in the article."},
			{Name: "name", Type: str, Doc: "The name it gives the breach."},
			{Name: "occurredFrom", Type: date, Doc: "First day of the breach."},
			{Name: "occurredTo", Type: date, Doc: "Last day of the breach."},
			{Name: "discovered", Type: date, Doc: "Day on which it was noticed."},
			{Name: "disclosed", Type: date, Doc: "Day on which an outsider was told."},
			{Name: "traits", Type: strs, Doc: "What other articles on the same breach are recognised by: names, figures, methods, words of the title."},
		}},
		{Type: typeMentions, From: article, To: entityLabels(), Doc: "It names the entity; the properties are what it says of it.", Props: slices.Concat([]Property{
			{Name: "count", Type: integer, Doc: "How often, short forms and pronouns included."},
			{Name: "first", Type: integer, Doc: "Code point of the article's text at which it is first mentioned."},
			{Name: "as", Type: str, Doc: "The part it plays there: a kind of entity. Never absent."},
			{Name: "about", Type: str, Index: true, Doc: "A word of its name by which the article's reports are found; absent where it has little to say of it."},
			{Name: "acronym", Type: str, Index: true, Doc: "An acronym by which they are found."},
			resolvedKey,
		}, statedProps())},
		{Type: typePublishedBy, From: article, To: []string{labelOutlet}, Doc: "The outlet that published it.", Props: []Property{
			{Name: "as", Type: str, Doc: "Always `outlet`."},
			{Name: "name", Type: str, Doc: "The outlet's name there."},
			{Name: "domain", Type: str, Doc: "Host of the page."},
			resolvedKey,
		}},
		{Type: typeWrittenBy, From: article, To: []string{labelPerson}, Doc: "A name of its by-line.", Props: []Property{
			{Name: "name", Type: str, Doc: "As printed."},
			resolvedKey,
		}},
		{Type: typeLinksTo, From: article, To: article, Doc: "Its text links to another article of the graph.", Props: []Property{
			{Name: "text", Type: str, Doc: "The words that carry the first such link."},
		}},
		{Type: typeDuplicateOf, From: article, To: article, Doc: "It is a copy or an excerpt of the other, which was loaded in its place."},
		{Type: typeTagged, From: article, To: []string{labelTag}, Doc: "A keyword of its publisher."},
	}
}

// entityLabels are the labels that entities are merged on.
func entityLabels() []string {
	var out []string
	for _, n := range Nodes() {
		if n.Kind != "" && n.Parent == "" {
			out = append(out, n.Label)
		}
	}
	return append(out, labelOrganization)
}

// statedProps are the properties that entities get from what articles say of
// them: all that the entity labels declare.
func statedProps() []Property {
	var out []Property
	for _, n := range Nodes() {
		if n.Kind == "" {
			continue
		}
		for _, p := range n.Props {
			if !slices.ContainsFunc(out, func(q Property) bool { return p.Name == q.Name }) {
				out = append(out, Property{Name: p.Name, Type: p.Type, Doc: "What the article gives for it."})
			}
		}
	}
	return out
}

// ends collects the labels at one end of facts.
func ends(facts []Edge, end func(Edge) []string) []string {
	var out []string
	for _, f := range facts {
		for _, label := range end(f) {
			if !slices.Contains(out, label) {
				out = append(out, label)
			}
		}
	}
	return out
}
