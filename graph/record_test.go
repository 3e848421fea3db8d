package graph

import (
	"encoding/json"
	"errors"
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
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := ParseRecord(line)
		if err != nil {
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
