package extract

import (
	"time"

	"github.com/breachgraph/breachgraph/ingest"
)

// A Result is one article and what was extracted from it. Its JSON form
// ([Result.MarshalJSON], [Decode]) is the project's public contract.
// Identifiers are local to one Result.
type Result struct {
	Article   ingest.Article
	Relevant  bool    // whether the article is about a breach
	Relevance float64 // 0 to 1; Relevant from 0.45 on
	Entities  []Entity
	Figures   []Figure
	Breaches  []Breach
	Claims    []Claim
}

// A Span is a half-open range of byte offsets into an article's text. The JSON
// contract counts code points; the conversion happens only in json.go.
type Span struct{ Start, End int }

// A Kind is the type of an entity.
type Kind string

// The kinds of entity. An organisation has one kind per article: the part it
// plays there.
const (
	Company       Kind = "company"       // a body that can be breached
	Firm          Kind = "firm"          // a professional service provider in the story
	Agency        Kind = "agency"        // a government body, regulator, court, police
	Outlet        Kind = "outlet"        // a publication or media company
	Group         Kind = "group"         // a named hacker group
	Person        Kind = "person"        // a human being, by name or handle
	Malware       Kind = "malware"       // named malware or attack tool
	Vulnerability Kind = "vulnerability" // a CVE id or a named vulnerability
	Product       Kind = "product"       // a named product, service, site or app
	Place         Kind = "place"         // a country, state, city or region
)

// Kinds returns every kind in the order of the contract.
func Kinds() []Kind {
	return []Kind{Company, Firm, Agency, Outlet, Group, Person, Malware, Vulnerability, Product, Place}
}

// Organization reports whether entities of kind k are organisations.
func (k Kind) Organization() bool {
	return k == Company || k == Firm || k == Agency || k == Outlet
}

// A MentionKind says how a mention names its entity.
type MentionKind string

// The ways to mention an entity.
const (
	Name    MentionKind = "name"    // T-Mobile, Mike Sievert
	Short   MentionKind = "short"   // Sievert, Metro, IHG
	Nominal MentionKind = "nominal" // the company, the telecom giant
	Pronoun MentionKind = "pronoun" // he, they
)

// A Mention is one place in the text where an entity is named.
type Mention struct {
	Span
	Kind MentionKind
}

// An Entity is what one or more mentions refer to.
type Entity struct {
	ID         string // "e1", "e2"…
	Kind       Kind
	Name       string // the fullest form in the article, or the gazetteer's
	Aliases    []string
	Mentions   []Mention // in text order, at least one
	Attributes map[string]string
}

// A Status says how firmly a claim is made; the contract defines each value.
type Status string

// The statuses, strongest first; Denied stands apart: a denial is a claim of
// its own.
const (
	Confirmed Status = "confirmed"
	Reported  Status = "reported"
	Claimed   Status = "claimed"
	Alleged   Status = "alleged"
	Possible  Status = "possible"
	Denied    Status = "denied"
)

// A Figure is a quantity that says something about a breach or its parties.
type Figure struct {
	ID string // "f1", "f2"…
	Span
	Value, Low, High *float64 // in Unit; nil where the text asserts none
	Approx           bool
	Unit             string // a unit of the contract
	Counted          string // the article's own noun phrase; may be empty
	Breach           string // id of the breach it tells of; empty for background
	Of               []string
	Status           Status
	AttributedTo     string // entity id; empty where the article itself says so
	SupersededBy     string // figure id
}

// A Period is a range of days, both included; a zero time is an open end.
type Period struct{ Start, End time.Time }

// IsZero reports whether neither end is known.
func (p Period) IsZero() bool { return p.Start.IsZero() && p.End.IsZero() }

// A Breach is an incident that an article tells of.
type Breach struct {
	ID                              string // "b1", "b2"…
	Name                            string
	Victims                         []string // entity ids
	Occurred, Discovered, Disclosed Period
	Primary                         bool // the one the article is about
}

// A Predicate is the relation that a claim states.
type Predicate string

// The predicates; the contract says what each connects.
const (
	Suffered     Predicate = "SUFFERED"
	Attacked     Predicate = "ATTACKED"
	Exposed      Predicate = "EXPOSED"
	Used         Predicate = "USED"
	HasFigure    Predicate = "HAS_FIGURE"
	Hired        Predicate = "HIRED"
	Investigates Predicate = "INVESTIGATES"
	Discovered   Predicate = "DISCOVERED"
	WorksFor     Predicate = "WORKS_FOR"
	SubsidiaryOf Predicate = "SUBSIDIARY_OF"
	Offered      Predicate = "OFFERED"
	Fined        Predicate = "FINED"
	Sued         Predicate = "SUED"
	Cites        Predicate = "CITES"
)

// Predicates returns every predicate in the order of the contract.
func Predicates() []Predicate {
	return []Predicate{
		Suffered, Attacked, Exposed, Used, HasFigure, Hired, Investigates,
		Discovered, WorksFor, SubsidiaryOf, Offered, Fined, Sued, Cites,
	}
}

// ArticleSubject is the literal subject of a [Cites] claim.
const ArticleSubject = "article"

// A Claim is what an article asserts.
type Claim struct {
	ID              string // "c1", "c2"…
	Type            Predicate
	Subject, Object string // ids of this Result, a canonical value, or ArticleSubject
	Status          Status
	AttributedTo    string // entity id: who says so; empty for the article's own voice
	Evidence        Span   // the sentence or clause
	Confidence      float64
	Attributes      map[string]string // values may be ids ("count": "f3")
	Extractor       string            // name and version
}
