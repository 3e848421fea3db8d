package graph

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// records are the lines of all articles of a part.
func records(t testing.TB, db *DB, s Selection) []json.RawMessage {
	t.Helper()
	p, err := db.Part(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var out []json.RawMessage
	for line, err := range p.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	return out
}

func restore(t testing.TB, db *DB, lines []json.RawMessage) Summary {
	t.Helper()
	var items []Item
	for _, line := range lines {
		r, err := ParseRecord(line)
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, Item{Record: r})
	}
	s, err := db.LoadItems(t.Context(), slices.Values(items))
	if err != nil || len(s.Refused) > 0 || len(s.Dropped) > 0 {
		t.Fatalf("load records: %v, refused %v, dropped %v", err, s.Refused, s.Dropped)
	}
	return s
}

// The records of a graph make that graph again, in any order, and nothing new
// where it is there already.
func TestRecords(t *testing.T) {
	db, _ := open(t)
	results := append(all(t), articles(3, 60, 4, 4)...)
	results[len(results)-1].Article.DuplicateOf = results[0].Article.URL
	load(t, db, results...)
	want := sameGraph(t, db)
	lines := records(t, db, Selection{})
	if s := restore(t, db, lines); s.Unchanged != len(lines) {
		t.Errorf("records loaded over their own graph: %+v, want %d unchanged", s, len(lines))
	}
	empty(t, db)
	slices.Reverse(lines)
	first := restore(t, db, lines)
	if first.New != len(lines) {
		t.Errorf("records loaded into nothing: %+v, want %d new", first, len(lines))
	}
	if got := sameGraph(t, db); got != want {
		t.Errorf("records make another graph:\n%s", diff(got, want))
	}
	again := records(t, db, Selection{})
	slices.Reverse(again)
	for i := range lines {
		if string(again[i]) != string(lines[i]) {
			t.Fatalf("the record of a restored article is\n%s\nand was\n%s", again[i], lines[i])
		}
	}
}

// What resolution and people found out outlasts the way out and back, into an
// empty graph and after the articles, and can be taken back afterwards.
func TestRecordsKeep(t *testing.T) {
	db, _ := open(t)
	results := articles(11, 10, 3, 3)
	load(t, db, results...)
	claims := read(t, db, "MATCH (c:Claim) WHERE c.status <> 'denied' RETURN c.id ORDER BY c.id LIMIT 2", nil)
	rules := []Rule{
		{Action: MergeEntities, Of: "Organization:company-4", To: "Organization:company-3"},
		{Action: Rename, Of: "Organization:company-2", To: "Second Company"}, {Action: Reject, Of: claims[0][0].(string)}, {Action: Confirm, Of: claims[1][0].(string)},
		{Action: OtherBreach, Of: results[0].Article.URL, To: results[1].Article.URL}, {Action: Rename, Of: "Organization:company-0", To: "Gone"},
	}
	steps := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	m := mergeOf(labelOrganization, "company-1", "company-2")
	m.By = ByRule
	_, err1 := db.Merge(t.Context(), []Merge{m}, someDay)
	_, err2 := db.Curate(t.Context(), rules, someDay)
	_, err3 := db.Curate(t.Context(), rules[:len(rules)-1], someDay)
	_, err4 := db.Forget(t.Context(), results[9].Article.URL, someDay)
	_, err5 := db.Forget(t.Context(), "person-0", someDay)
	steps(err1, err2, err3, err4, err5)
	want, lines := digestOf(t, db), records(t, db, Selection{})
	history := read(t, db, "MATCH (r:Rule) RETURN r.id, r.made, r.withdrawn ORDER BY r.id", nil)

	for _, way := range []string{"in their order", "articles first"} {
		empty(t, db)
		restore(t, db, lines)
		if got := digestOf(t, db); got != want {
			t.Errorf("%s: the graph is another one", way)
		}
		if got := read(t, db, "MATCH (r:Rule) RETURN r.id, r.made, r.withdrawn ORDER BY r.id", nil); !reflect.DeepEqual(got, history) {
			t.Errorf("%s: history is %v, want %v", way, got, history)
		}
		slices.Reverse(lines)
	}
	undone := func() string {
		t.Helper()
		_, err1 := db.Split(t.Context(), labelOrganization, "company-1")
		_, err2 := db.Curate(t.Context(), nil, someDay)
		steps(err1, err2)
		return digestOf(t, db)
	}
	restored := undone()
	write(t, db, "MATCH (n) WHERE NOT n:Rule AND NOT n:Tombstone DETACH DELETE n")
	for _, r := range results[:9] {
		load(t, db, r)
	}
	if got := digestOf(t, db); got != restored {
		t.Error("taken back, the graph is not that of the articles alone")
	}
	// Of a part comes what is about it.
	part := records(t, db, Selection{Company: "company-2"})
	lineWith := func(words string) int {
		return slices.IndexFunc(part, func(line json.RawMessage) bool { return strings.Contains(string(line), words) })
	}
	if i, article := lineWith("Second Company"), lineWith(`"article":{`); i < 0 || i > article {
		t.Errorf("the rule about the company is line %d of its part, the first article %d", i, article)
	}
}

func TestParseRecordErrors(t *testing.T) {
	const article = `"article":{"url":"https://a.example/1","extractionHash":"x","links":[],"linkTexts":[]}`
	for _, test := range []struct{ name, in, want string }{
		{"no JSON", `{`, "unexpected EOF"},
		{"another form", `{"record":9,` + article + `}`, "form 9"},
		{"no key", `{"record":1,"article":{}}`, "no url"},
		{"no hash", `{"record":1,"article":{"url":"u"}}`, "extractionHash is missing"},
		{"links apart", `{"record":1,"article":{"url":"u","extractionHash":"x","links":["a"]}}`, "linkTexts"},
		{"number for text", `{"record":1,"article":{"url":"u","extractionHash":1}}`, `extractionHash of Article: "1" is not of type STRING`},
		{"no date", `{"record":1,` + article + `,"reports":[{"report":"b1","discovered":"today"}]}`, "discovered of REPORTS"},
		{"another label", `{"record":1,` + article + `,"edges":[{"type":"WRITTEN_BY","to":"Breach:x"}]}`, `"Breach:x" is not a node of Person`},
		{"a fact", `{"record":1,` + article + `,"edges":[{"type":"HIRED","to":"Organization:x"}]}`, `"HIRED" is no type`},
		{"unknown claim", `{"record":1,` + article + `,"claims":[{"id":"c","subject":"Organization:x","object":"Breach:b1","properties":{"type":"RULES","status":"reported"}}]}`, "unknown type"},
		{"kept, of an article", `{"record":1,"kept":{"id":"Claim:x"}}`, "neither a Resolution"},
		{"kept, of another key", `{"record":1,"kept":{"id":"Resolution:Person:z","properties":{"label":"Person","from":"x","to":"y"}}}`, "its properties give"},
		{"kept, no rule", `{"record":1,"kept":{"id":"Rule:x","properties":{"action":"bend"}}}`, "action"},
		{"long id", `{"record":1,` + article + `,"figures":[{"id":"` + strings.Repeat("x", 200) + `"}]}`, "has no id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ParseRecord([]byte(test.in)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("ParseRecord = %v, want %q", err, test.want)
			}
		})
	}
}

// A record that can be read gives all the properties that the loader counts on.
func FuzzParseRecord(f *testing.F) {
	f.Add([]byte(`{"record":1,"article":{"url":"u","extractionHash":"x","links":["l"],"linkTexts":["t"],"published":"2021-08-27T17:11:00Z"},
"edges":[{"type":"MENTIONS","to":"Organization:t-mobile","properties":{"as":"company","count":2,"aliases":["T"]}}],
"reports":[{"report":"b1","primary":true,"disclosed":"2021-08-16"}],
"claims":[{"id":"c","subject":"Organization:t-mobile","object":"Breach:b1","said_by":["Person:x"],"properties":{"type":"SUFFERED","status":"denied","start":3}}],
"figures":[{"id":"f","superseded_by":["f"],"properties":{"value":1e9}}]}`))
	f.Add([]byte(`{"record":1,"kept":{"id":"Resolution:Person:x","properties":{"label":"Person","from":"x","to":"y","score":1,"made":"2021-08-27T17:11:00Z"}}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := ParseRecord(line)
		if err != nil {
			return
		}
		if r.doc == nil {
			if r.kept.key == "" {
				t.Errorf("ParseRecord(%s) has no key", line)
			}
			return
		}
		if len(r.doc.props) < len(table().node[labelArticle].Props)-1 || r.doc.size() < 1 {
			t.Errorf("ParseRecord(%s) has %d properties", line, len(r.doc.props))
		}
		for _, c := range r.doc.claims {
			if c.subject.key == "" || c.object.key == "" || len(c.props) != len(table().node[labelClaim].Props) {
				t.Errorf("ParseRecord(%s) has the claim %+v", line, c)
			}
		}
	})
}

// partOf counts the nodes of a part by label, and its relationships.
func partOf(t *testing.T, db *DB, s Selection) (nodes map[string]int, ids map[string]bool, edges []PartEdge) {
	t.Helper()
	p, err := db.Part(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	nodes, ids = map[string]int{}, map[string]bool{}
	for n, err := range p.Nodes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		nodes[n.Label]++
		ids[n.ID] = true
	}
	for e, err := range p.Edges(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if !ids[e.From] || !ids[e.To] {
			t.Errorf("%s joins %s and %s, which are not both of the part", e.Type, e.From, e.To)
		}
		edges = append(edges, e)
	}
	return nodes, ids, edges
}

func TestPart(t *testing.T) {
	db, _ := open(t)
	load(t, db, all(t)...)
	all := read(t, db, "MATCH (n) RETURN count(n)", nil)[0][0].(int64)
	_, ids, edges := partOf(t, db, Selection{})
	if int64(len(ids)) != all || int64(len(edges)) != read(t, db, "MATCH ()-[r]->() RETURN count(r)", nil)[0][0] {
		t.Errorf("all of the graph has %d nodes and %d relationships", len(ids), len(edges))
	}
	answer := Table{Columns: []string{"breach"}, Rows: [][]any{{"t-mobile-2021-08"}, {nil}, {int64(1)}}}
	drawing, err := db.Read(t.Context(), "MATCH p = (:Organization {id: 't-mobile'})-[:HIRED]->() RETURN p", nil, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name      string
		selection Selection
		has, not  []string
	}{
		{"company", Selection{Company: "T-Mobile"},
			[]string{"Organization:t-mobile", "Breach:t-mobile-2021-08", "DataType:ssn", "Organization:mandiant", "Organization:zdnet"}, []string{"Organization:harrowgate-outfitters"}},
		{"answer", Selection{Answer: &answer}, []string{"Breach:t-mobile-2021-08", "Person:john-binns", "DataType:ssn"}, []string{"Organization:harrowgate-outfitters"}},
		{"drawing", Selection{Answer: &drawing}, []string{"Organization:t-mobile", "Organization:mandiant", "Organization:kpmg"}, []string{"Breach:t-mobile-2021-08"}},
		{"since", Selection{Since: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}, []string{"Organization:harrowgate-outfitters"}, []string{"Person:john-binns"}},
		{"company since", Selection{Company: "harrowgate outfitters", Since: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)},
			[]string{"Organization:harrowgate-outfitters"}, []string{"Breach:harrowgate-outfitters-2023-03"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			nodes, ids, edges := partOf(t, db, test.selection)
			for _, id := range test.has {
				if !ids[id] {
					t.Errorf("%s is missing", id)
				}
			}
			for _, id := range test.not {
				if ids[id] {
					t.Errorf("%s is there", id)
				}
			}
			if nodes[labelClaim] == 0 || nodes[labelArticle] == 0 {
				t.Errorf("the part rests on %d claims of %d articles", nodes[labelClaim], nodes[labelArticle])
			}
			for _, e := range edges {
				if table().types[e.Type].Predicate != "" && (len(e.Evidence) == 0 || e.Evidence[0].Text == "") {
					t.Errorf("%s %s %s has no evidence", e.From, e.Type, e.To)
				}
			}
		})
	}
	if _, err := db.Part(t.Context(), Selection{Company: "nobody"}); !errors.Is(err, ErrNothing) {
		t.Errorf("part of a company that is not there: %v", err)
	}
}
