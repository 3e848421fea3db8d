package graph

import (
	"fmt"

	"github.com/breachgraph/breachgraph/extract"
)

// A Property is one property of a node or relationship.
type Property struct {
	Name  string
	Type  string // as Cypher names it; it may be absent unless Doc says otherwise
	Index bool   // whether an index finds nodes by it
	// With is another property that the index has beside it; it finds only nodes
	// that have both, and those in the order of With.
	With string
	Doc  string
}

// A Node is a label, the key that makes its nodes unique and what they carry.
type Node struct {
	Label string
	// Parent is the label that nodes of this one are merged on and always carry
	// too; empty for a label that stands alone.
	Parent string
	// Kind is the kind of entity that the label stands for; empty for others.
	Kind  extract.Kind
	Key   string // a STRING, unique
	Color string // in Neo4j Browser, as #RRGGBB
	// Caption is the property that Neo4j Browser writes on the node.
	Caption string
	Doc     string
	Props   []Property // beside the key; of the parent too
}

// An Edge is a type of relationship.
type Edge struct {
	Type string
	// From and To are the labels it may start and end at.
	From, To []string
	// Predicate is the predicate whose claims make it a fact; empty for
	// relationships that need no claim.
	Predicate extract.Predicate
	Doc       string
	Props     []Property
}

const (
	str      = "STRING"
	strs     = "LIST<STRING>"
	integer  = "INTEGER"
	float    = "FLOAT"
	boolean  = "BOOLEAN"
	date     = "DATE"
	datetime = "ZONED DATETIME"
)

// The labels and types that the loader treats in a way of their own.
const (
	labelArticle      = "Article"
	labelOrganization = "Organization"
	labelOutlet       = "Outlet"
	labelPerson       = "Person"
	labelBreach       = "Breach"
	labelFigure       = "Figure"
	labelDataType     = "DataType"
	labelMethod       = "Method"
	labelRemedy       = "Remedy"
	labelProduct      = "Product"
	labelTag          = "Tag"
	labelClaim        = "Claim"
	labelResolution   = "Resolution"
	labelRule         = "Rule"
	labelTombstone    = "Tombstone"
	labelPlace        = "Place"
	labelSchema       = "Schema"

	typeReports      = "REPORTS"
	typeMentions     = "MENTIONS"
	typePublishedBy  = "PUBLISHED_BY"
	typeWrittenBy    = "WRITTEN_BY"
	typeLinksTo      = "LINKS_TO"
	typeTagged       = "TAGGED"
	typeDuplicateOf  = "DUPLICATE_OF"
	typeStatedIn     = "STATED_IN"
	typeSaidBy       = "SAID_BY"
	typeSupersededBy = "SUPERSEDED_BY"
	typeSubject      = "SUBJECT"
	typeObject       = "OBJECT"
)

var (
	named = []Property{
		{Name: "name", Type: str, Index: true, Doc: "The full name that most articles use; of equals the first by alphabet."},
		{Name: "aliases", Type: strs, Doc: "Other names that articles use, at most 50, sorted."},
	}
	organization = append(named[:2:2],
		Property{Name: "sector", Type: str, Doc: "Industry, as most articles or the gazetteer give it."},
		Property{Name: "domain", Type: str, Doc: "Host of its web site."},
		Property{Name: "ticker", Type: str, Doc: "Stock symbol."},
		Property{Name: "wikidata", Type: str, Doc: "Wikidata identifier."},
	)
	threatProps = append(named[:2:2], Property{Name: "attack", Type: str, Doc: "Its id in MITRE ATT&CK."})
	value       = []Property{{Name: "label", Type: str, Doc: "The value in words."}}
)

// Nodes returns every label of the graph, a parent before its children. With
// [Edges] it is the one source of constraints, indexes, statements,
// documentation and colours.
func Nodes() []Node {
	return []Node{
		{Label: labelArticle, Key: "url", Color: "#8C8C8C", Caption: "title", Props: articleProps(),
			Doc: "One published page. Its key is the canonical URL, or `urn:sha256:` and the hash of its text."},
		{Label: labelOrganization, Key: "id", Color: "#D9A441", Caption: "name", Props: organization,
			Doc: "An organisation; it also carries the labels of the parts it has played in articles."},
		{Label: "Company", Parent: labelOrganization, Kind: extract.Company, Key: "id", Color: "#D96C4A", Caption: "name", Props: organization,
			Doc: "A body that can be breached."},
		{Label: "Firm", Parent: labelOrganization, Kind: extract.Firm, Key: "id", Color: "#4A90D9", Caption: "name", Props: organization,
			Doc: "An organisation that served as a professional in the story: security, law, audit, insurance, relations."},
		{Label: "Agency", Parent: labelOrganization, Kind: extract.Agency, Key: "id", Color: "#5B7F95", Caption: "name", Props: organization,
			Doc: "A government body, regulator, court or police."},
		{Label: labelOutlet, Parent: labelOrganization, Kind: extract.Outlet, Key: "id", Color: "#B0A18F", Caption: "name", Props: organization,
			Doc: "A publication that published an article or is cited in one."},
		{Label: labelPerson, Kind: extract.Person, Key: "id", Color: "#7BB661", Caption: "name",
			Props: append(named[:2:2], Property{Name: "age", Type: integer, Doc: "Age in years that most articles give."}),
			Doc:   "A human being, by name or handle."},
		{Label: "Group", Kind: extract.Group, Key: "id", Color: "#9B3F5C", Caption: "name", Props: threatProps,
			Doc: "A named group of attackers."},
		{Label: labelBreach, Key: "id", Color: "#C0272D", Caption: "name", Props: breachProps(),
			Doc: "An incident. Its id is given once, from its first victim and the month of its disclosure, else of its earliest article, and kept."},
		{Label: labelFigure, Key: "id", Color: "#E3C567", Caption: "text", Props: figureProps(),
			Doc: "A quantity that one article states."},
		{Label: labelDataType, Key: "name", Color: "#8E6BBF", Caption: "label", Props: value,
			Doc: "A kind of data, by its canonical value."},
		{Label: labelMethod, Key: "name", Color: "#6A3D3D", Caption: "label",
			Props: append(value[:1:1], Property{Name: "attack", Type: str, Doc: "Technique of MITRE ATT&CK that comes closest."}),
			Doc:   "A way in, by its canonical value."},
		{Label: labelRemedy, Key: "name", Color: "#3FA796", Caption: "label", Props: value,
			Doc: "What was offered to those affected, by its canonical value."},
		{Label: "Malware", Kind: extract.Malware, Key: "id", Color: "#5A3E85", Caption: "name", Props: threatProps,
			Doc: "Named malware or attack tool."},
		{Label: "Vulnerability", Kind: extract.Vulnerability, Key: "id", Color: "#A0522D", Caption: "name",
			Props: append(named[:2:2], Property{Name: "cve", Type: str, Doc: "CVE identifier."}),
			Doc:   "A CVE or a named vulnerability."},
		{Label: labelProduct, Kind: extract.Product, Key: "id", Color: "#4FB0C6", Caption: "name", Props: named,
			Doc: "A named product, service, site or system."},
		{Label: labelPlace, Kind: extract.Place, Key: "id", Color: "#93A661", Caption: "name", Props: named,
			Doc: "A country, state, city or region."},
		{Label: labelTag, Key: "name", Color: "#C9C9C9", Caption: "name",
			Doc: "A publisher's own keyword, in lower case."},
		{Label: labelClaim, Key: "id", Color: "#D8BFD8", Caption: "type", Props: claimProps(),
			Doc: "One statement of one article, with the sentence that makes it."},
		{Label: labelResolution, Key: "id", Color: "#B7C9C7", Caption: "id", Props: resolutionProps(),
			Doc: "That one name leads to the node of another. Its key is label and id of the name, as in `Organization:face-book`."},
		{Label: labelRule, Key: "id", Color: "#C7B7C9", Caption: "action", Props: ruleProps(),
			Doc: "A correction that a person made; it holds for every load. Its key is a hash of action, of and to, and of the article of a split."},
		{Label: labelTombstone, Key: "id", Color: "#9A9A9A", Caption: "of", Props: []Property{
			{Name: "of", Type: str, Doc: "What it was: `Article` or `Person`."},
			{Name: "made", Type: datetime, Doc: "When it was forgotten."},
		}, Doc: "That an article or a person was forgotten and does not come back. Its key is a hash of what it was."},
		{Label: labelSchema, Key: "id", Color: "#707070", Caption: "version", Props: []Property{
			{Name: "version", Type: integer, Doc: fmt.Sprintf("Of what this page describes: %d. A breachgraph that knows another one neither reads nor writes the graph.", SchemaVersion)},
		}, Doc: "The one node that says which version of this schema the graph has. Its key is `" + schemaKey + "`."},
	}
}

func ruleProps() []Property {
	return []Property{
		{Name: "action", Type: str, Doc: "`merge`, `split`, `rename`, `retype`, `reject`, `confirm`, `same` or `different`."},
		{Name: "of", Type: str, Doc: "Entity as label and id, id of a claim or URL of an article."},
		{Name: "to", Type: str, Doc: "The other entity or article, the new name or part."},
		{Name: "reason", Type: str, Doc: "Why."},
		{Name: "article", Type: str, Doc: "Of claims: the article that makes it. Of `split`: the one article in which the name means the other entity; absent where the two are not one anywhere."},
		{Name: "says", Type: str, Doc: "Of claims: what it says, by which it is known again when the article is extracted anew."},
		{Name: "made", Type: datetime, Doc: "When it was first applied."},
		{Name: "withdrawn", Type: datetime, Doc: "When it was found gone from the file; it has no effect since."},
	}
}

func resolutionProps() []Property {
	return []Property{
		{Name: "label", Type: str, Doc: "Label of both entities."},
		{Name: "from", Type: str, Doc: "Id that the name gives."},
		{Name: "to", Type: str, Index: true, Doc: "Id of the entity that it leads to."},
		{Name: "score", Type: float, Doc: "How surely they are one, 0 to 1."},
		{Name: "why", Type: str, Doc: "What their names have in common, or what a person gave for a reason."},
		{Name: "by", Type: str, Doc: "`rule` or `curation`."},
		{Name: "made", Type: datetime, Doc: "When."},
		{Name: "evidence", Type: strs, Doc: "Articles that use the name, at most 5."},
	}
}

// A TextIndex is a full-text index: it finds nodes by words of some properties.
type TextIndex struct {
	Name          string
	Labels, Props []string
	// Analyzer is the database's name for what becomes of a text: its words
	// without accents, or all of it as one word.
	Analyzer string
	Doc      string
}

// linkIndex finds articles by the addresses that they link to, which an ordinary
// index cannot: it holds no lists.
const linkIndex = "links"

// TextIndexes returns the full-text indexes of the graph.
func TextIndexes() []TextIndex {
	return []TextIndex{{
		Name:     "words",
		Labels:   []string{labelArticle, labelOrganization, labelPerson, "Group", labelBreach, "Malware", "Vulnerability", "Product", "Place"},
		Props:    []string{"name", "aliases", "title", "subtitle", "formerIds"},
		Analyzer: "standard-folding",
		Doc:      "Names, titles and former ids, in lower case and without accents.",
	}, {
		Name: linkIndex, Labels: []string{labelArticle}, Props: []string{"links"}, Analyzer: "keyword",
		Doc: "Addresses that articles link to, each as a whole.",
	}}
}

func articleProps() []Property {
	return []Property{
		{Name: "title", Type: str, Doc: "Headline."},
		{Name: "subtitle", Type: str, Doc: "Line below the headline."},
		{Name: "published", Type: datetime, Index: true, Doc: "When it was published; a date without a time is midnight UTC."},
		{Name: "modified", Type: datetime, Doc: "When the page says it was changed."},
		{Name: "language", Type: str, Doc: "BCP 47 tag."},
		{Name: "wordCount", Type: integer, Doc: "Words of the body."},
		{Name: "contentHash", Type: str, Doc: "SHA-256 of the text."},
		{Name: "extractionHash", Type: str, Doc: "SHA-256 of all that was read and extracted; a load with the same one changes nothing."},
		{Name: "extractor", Type: str, Doc: "Names and versions of what extracted its claims."},
		{Name: "sourceId", Type: str, Doc: "The id that the input gave it."},
		{Name: "duplicateOf", Type: str, Index: true, Doc: "Canonical URL of the article that it is a copy of; what a copy says is not loaded."},
		{Name: "fetched", Type: datetime, Doc: "When a crawl fetched it, as it is now."},
		{Name: "capture", Type: str, Doc: "Where the archive has it, as `warc://FILE/OFFSET`."},
		{Name: "formerCaptures", Type: strs, Doc: "Where the archive has what it said before it was changed, oldest first."},
		{Name: "links", Type: strs, Doc: "Canonical URLs that its text links to."},
		{Name: "linkTexts", Type: strs, Doc: "Words that carry each of `links`."},
	}
}

func breachProps() []Property {
	return []Property{
		{Name: "name", Type: str, Index: true, Doc: "The name that most articles give, else made from its victim and month."},
		{Name: "occurredFrom", Type: date, Doc: "First day of it, of the period that most articles give; of equals the shortest, then the earliest."},
		{Name: "occurredTo", Type: date, Doc: "Last day of that period."},
		{Name: "discovered", Type: date, Doc: "Earliest day on which an article says it was noticed."},
		{Name: "disclosed", Type: date, Index: true, Doc: "Earliest day on which an article says an outsider was told."},
		{Name: "articles", Type: integer, Doc: "Articles that report it."},
		{Name: "victim", Type: str, Index: true, Doc: "Id of the victim that most articles name first; of equals the first by alphabet."},
		{Name: "formerIds", Type: strs, Doc: "Ids of breaches that turned out to be this one."},
	}
}

func figureProps() []Property {
	return []Property{
		{Name: "text", Type: str, Doc: "The words of the article."},
		{Name: "value", Type: float, Doc: "The number stated, in `unit`."},
		{Name: "low", Type: float, Doc: "Lower bound that the text asserts."},
		{Name: "high", Type: float, Doc: "Upper bound that the text asserts."},
		{Name: "approx", Type: boolean, Doc: "Whether the text says that it is not exact."},
		{Name: "size", Type: float, Index: true, Doc: "What it is compared by: `value`, else `high`, else `low`."},
		{Name: "unit", Type: str, Index: true, Doc: "What it is measured in: `people`, `records`, `bytes`, `USD`…"},
		{Name: "counted", Type: str, Doc: "The article's noun phrase for what is counted."},
		{Name: "of", Type: strs, Doc: "Canonical data types, where it counts exposed data."},
		{Name: "status", Type: str, Doc: "How firmly it is stated, as for claims."},
	}
}

func claimProps() []Property {
	return []Property{
		{Name: "type", Type: str, Doc: "Type of the relationship that it backs."},
		{Name: "status", Type: str, Doc: "`confirmed`, `reported`, `claimed`, `alleged`, `possible` or `denied`."},
		{Name: "text", Type: str, Doc: "The sentence or clause that makes it."},
		{Name: "start", Type: integer, Doc: "First code point of `text` in the article."},
		{Name: "end", Type: integer, Doc: "Code point after its last."},
		{Name: "confidence", Type: float, Doc: "0 to 1, of the extractor."},
		{Name: "extractor", Type: str, Doc: "Name and version of what extracted it."},
		{Name: "denied", Type: boolean, Index: true, With: "fact", Doc: "True for a denial and absent else: denials are found by it."},
		{Name: "fact", Type: str, Index: true, Doc: "Type, subject, object and denial: the same for all claims behind one relationship."},
		{Name: "report", Type: str, Doc: "Which of its article's breaches it is about, as in REPORTS."},
		{Name: "role", Type: str, Doc: "Of ATTACKED: what the attacker did or is accused of."},
		{Name: "purpose", Type: str, Doc: "Of HIRED: what for."},
		{Name: "title", Type: str, Doc: "Of WORKS_FOR: the office."},
		{Name: "provider", Type: str, Doc: "Of OFFERED: id of the organisation that provides it, as its name in the article gives it."},
		{Name: "duration", Type: str, Doc: "Of OFFERED: for how long, in the article's words."},
		{Name: "amount", Type: float, Doc: "Of FINED: the sum."},
		{Name: "currency", Type: str, Doc: "Of FINED: unit of the sum."},
		{Name: "figure", Type: str, Doc: "Id of the figure that it goes with: count, duration or amount."},
		{Name: "rejected", Type: boolean, Doc: "That a person found it wrong: it backs no fact."},
		{Name: "statedStatus", Type: str, Doc: "The status that the article gives it, where a person confirmed it."},
	}
}
