package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// recordVersion is the form of records; others are refused.
const recordVersion = 1

// recordArticles is how many articles are read at a time.
const recordArticles = 50

// A jsonRecord is a Record as JSON. Nodes are named by label and key, entities by
// the id that their name in the article gives, wherever that was led; a breach
// is named by its number within the article. Claims are as they were before
// people corrected them.
type jsonRecord struct {
	Record  int            `json:"record"`
	Kept    *jsonKept      `json:"kept,omitempty"` // instead of all the others
	Article map[string]any `json:"article,omitempty"`
	Edges   []jsonEdge     `json:"edges,omitempty"`
	Reports []jsonProps    `json:"reports,omitempty"`
	Figures []jsonFigure   `json:"figures,omitempty"`
	Claims  []jsonClaim    `json:"claims,omitempty"`
}

type jsonProps = map[string]any

type jsonEdge struct {
	Type  string    `json:"type"`
	To    string    `json:"to"`
	Props jsonProps `json:"properties,omitempty"`
}

type jsonFigure struct {
	ID           string    `json:"id"`
	SaidBy       []string  `json:"said_by,omitempty"`
	SupersededBy []string  `json:"superseded_by,omitempty"`
	Props        jsonProps `json:"properties"`
}

type jsonClaim struct {
	ID      string    `json:"id"`
	Subject string    `json:"subject"`
	Object  string    `json:"object"`
	SaidBy  []string  `json:"said_by,omitempty"`
	Props   jsonProps `json:"properties"`
}

// recordQuery reads articles with all that is theirs; by what other articles
// supersede their figures follows from those. The lists are sorted here, so that a graph always gives the same lines.
const recordQuery = `UNWIND $nodes AS node MATCH (a:Article) WHERE elementId(a) = node
RETURN node, properties(a) AS article,
COLLECT { MATCH (a)-[r:%s]->(n) RETURN {type: type(r), labels: labels(n), id: coalesce(r.key, n.id), url: n.url, name: n.name, props: properties(r)} } AS edges,
COLLECT { MATCH (a)-[r:REPORTS]->(:Breach) RETURN properties(r) } AS reports,
COLLECT { MATCH (a)<-[:STATED_IN]-(f:Figure) RETURN {props: properties(f),
  saidBy: COLLECT { MATCH (f)-[r:SAID_BY]->(n) RETURN {labels: labels(n), id: coalesce(r.key, n.id)} },
  supersededBy: COLLECT { MATCH (f)-[:SUPERSEDED_BY]->(n)-[:STATED_IN]->(a) RETURN n.id }} } AS figures,
COLLECT { MATCH (a)<-[:STATED_IN]-(c:Claim), (s)<-[rs:SUBJECT]-(c)-[ro:OBJECT]->(o) RETURN {props: properties(c),
  subject: {labels: labels(s), id: coalesce(rs.key, s.id), url: s.url, name: s.name}, object: {labels: labels(o), id: coalesce(ro.key, o.id), url: o.url, name: o.name},
  saidBy: COLLECT { MATCH (c)-[r:SAID_BY]->(n) RETURN {labels: labels(n), id: coalesce(r.key, n.id)} }} } AS claims`

// ownTypes are the types of relationships that records hold as they are. Those
// between articles follow from properties of articles.
func ownTypes() []string {
	var out []string
	for _, e := range table().edges {
		if e.own() {
			out = append(out, e.Type)
		}
	}
	return out
}

// own says whether relationships of type e are in records.
func (e Edge) own() bool {
	return e.Predicate == "" && e.Type != typeReports && slices.Equal(e.From, []string{labelArticle}) && !slices.Contains(e.To, labelArticle)
}

// Records yields as lines of JSON what people corrected and resolution found out
// about the part, and then its articles by key. An error ends it.
func (p *Part) Records(ctx context.Context) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for line, err := range p.kept(ctx) {
			if !yield(line, err) || err != nil {
				return
			}
		}
		articles := slices.DeleteFunc(slices.Clone(p.picks), func(n pick) bool { return n.label != labelArticle })
		query := fmt.Sprintf(recordQuery, strings.Join(ownTypes(), "|"))
		for chunk := range slices.Chunk(articles, recordArticles) {
			found, err := readRows(ctx, p.db, query, map[string]any{"nodes": numbersOf(chunk)}, readRecord)
			if err != nil {
				yield(nil, fmt.Errorf("read articles of %s: %w", p.db.uri, err))
				return
			}
			slices.SortFunc(found, func(x, y jsonRecord) int { return strings.Compare(x.key(), y.key()) })
			for _, r := range found {
				if line, err := json.Marshal(r); !yield(line, err) || err != nil {
					return
				}
			}
		}
	}
}

func (r jsonRecord) key() string { return fmt.Sprint(r.Article["url"]) }

func readRecord(r *neo4j.Record) jsonRecord {
	out := jsonRecord{Record: recordVersion, Article: receivedProps(get[map[string]any](r, "article"))}
	for _, v := range get[[]any](r, "edges") {
		e := v.(map[string]any)
		props := receivedProps(e["props"].(map[string]any))
		delete(props, "key") // is in the name
		out.Edges = append(out.Edges, jsonEdge{fmt.Sprint(e["type"]), nodeRef(e), props})
	}
	for _, v := range get[[]any](r, "reports") {
		out.Reports = append(out.Reports, receivedProps(v.(map[string]any)))
	}
	for _, v := range get[[]any](r, "figures") {
		f := v.(map[string]any)
		props := receivedProps(f["props"].(map[string]any))
		out.Figures = append(out.Figures, jsonFigure{take(props, "id"), nodeRefs(f["saidBy"]), texts(f["supersededBy"]), props})
	}
	for _, v := range get[[]any](r, "claims") {
		out.Claims = append(out.Claims, readRecordClaim(v.(map[string]any)))
	}
	slices.SortFunc(out.Edges, func(x, y jsonEdge) int { return strings.Compare(x.Type+" "+x.To, y.Type+" "+y.To) })
	slices.SortFunc(out.Reports, func(x, y jsonProps) int { return strings.Compare(fmt.Sprint(x["report"]), fmt.Sprint(y["report"])) })
	slices.SortFunc(out.Figures, func(x, y jsonFigure) int { return strings.Compare(x.ID, y.ID) })
	slices.SortFunc(out.Claims, func(x, y jsonClaim) int { return strings.Compare(x.ID, y.ID) })
	return out
}

func readRecordClaim(c map[string]any) jsonClaim {
	props := receivedProps(c["props"].(map[string]any))
	delete(props, "fact") // follows from the rest
	delete(props, "rejected")
	if stated := take(props, "statedStatus"); stated != "" {
		props["status"] = stated
	}
	out := jsonClaim{take(props, "id"), nodeRef(c["subject"]), nodeRef(c["object"]), nodeRefs(c["saidBy"]), props}
	number, _ := props["report"].(string)
	for _, end := range []*string{&out.Subject, &out.Object} {
		if strings.HasPrefix(*end, labelBreach+":") {
			*end = ref{labelBreach, number}.String()
		}
	}
	return out
}

// take removes a text from props.
func take(props map[string]any, key string) string {
	s, _ := props[key].(string)
	delete(props, key)
	return s
}

// nodeRef names a node that a query gives as a map of its labels and of what may
// be its key.
func nodeRef(v any) string {
	m, _ := v.(map[string]any)
	labels, _ := m["labels"].([]any)
	return refIn(labels, func(key string) string { s, _ := m[key].(string); return s }).String()
}

func nodeRefs(v any) []string {
	list, _ := v.([]any)
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = nodeRef(n)
	}
	slices.Sort(out)
	return out
}

// texts are the texts of a list, sorted.
func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}
