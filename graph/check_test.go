package graph

import (
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

// Each defect is found, by an example that helps, and mended by what the advice
// says.
func TestCheck(t *testing.T) {
	db, _ := open(t)
	article := brief("a", 0, extract.Period{})
	load(t, db, article)
	check := func(want string) {
		t.Helper()
		found, err := db.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range found {
			got = append(got, p.Name+" "+p.Example)
			if p.Count < 1 || p.Advice == "" || p.Tolerant != (p.Name == "breaches without a victim") {
				t.Errorf("%+v", p)
			}
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("Check = %s\nwant %s", s, want)
		}
	}
	check("")
	for _, c := range []struct{ want, spoil, mend string }{
		{"entities that nothing is connected to nobody",
			"CREATE (:Person {id: 'nobody'})", "MATCH (n {id: 'nobody'}) WHERE NOT (n)--() DELETE n"},
		{"facts without claims EXPOSED Breach:acme-2021-01 DataType:pin denied",
			"MATCH (b:Breach) CREATE (b)-[:EXPOSED {denied: true}]->(:DataType {name: 'pin'})", "MATCH (:Breach)-[f:EXPOSED]->(d {name: 'pin'}) DELETE f, d"},
		{"facts without claims SUFFERED Organization:acme Breach:acme-2021-01 affirmed",
			"MATCH (c:Claim {type: 'SUFFERED'}) SET c.rejected = true", "MATCH (c:Claim) REMOVE c.rejected"},
		{"breaches that no article reports lost; breaches without a victim lost",
			"MATCH (o:Organization {id: 'acme'}) CREATE (:Breach {id: 'lost'})-[:EXPOSED_AT]->(o)", "MATCH (b:Breach {id: 'lost'}) DETACH DELETE b"},
		{"names that lead nowhere Organization:x",
			"CREATE (:Resolution {id: 'Organization:x', label: 'Organization', from: 'x', to: 'y'}), (:Resolution {id: 'Organization:y', label: 'Organization', from: 'y', to: 'acme'})",
			"MATCH (r:Resolution) DELETE r"},
		{"missing constraints or indexes article_published",
			"DROP INDEX article_published", ""},
		{"missing constraints or indexes person_id; doubled keys of Person jo; entities that nothing is connected to jo",
			"DROP CONSTRAINT person_id", ""},
	} {
		write(t, db, c.spoil)
		if strings.Contains(c.want, "doubled") {
			write(t, db, "CREATE (:Person {id: 'jo'}), (:Person {id: 'jo'})")
		}
		check(c.want)
		if c.mend == "" {
			write(t, db, "MATCH (n:Person {id: 'jo'}) DETACH DELETE n")
			if err := db.EnsureSchema(t.Context()); err != nil {
				t.Fatal(err)
			}
			continue
		}
		write(t, db, c.mend)
	}
	check("")
	want := digestOf(t, db)
	write(t, db, "MATCH (:Claim {type: 'SUFFERED'})-[r:OBJECT]->() DELETE r")
	id := read(t, db, "MATCH (c:Claim {type: 'SUFFERED'}) RETURN c.id", nil)[0][0].(string)
	check("facts without claims SUFFERED Organization:acme Breach:acme-2021-01 affirmed; claims without an article, subject or object " + id)
	write(t, db, "MATCH (c:Claim {id: '"+id+"'}) OPTIONAL MATCH (c)-[:STATED_IN]->(a) SET a.extractionHash = 'again' DETACH DELETE c")
	load(t, db, article)
	check("")
	if digestOf(t, db) != want {
		t.Error("mended, the graph is another one")
	}
}
