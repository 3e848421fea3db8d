package main

import (
	"net/url"
	"testing"
)

func TestBrowserLink(t *testing.T) {
	const cypher = "MATCH (n) // 50% + more\nRETURN n"
	for _, test := range []struct {
		name, at, bolt, database string
		page, dbms               string // what the link leads to
	}{
		{"given", "http://localhost:7001/browser/", "bolt://localhost:7000", "", "http://localhost:7001/browser/", "bolt://ann@localhost:7000"},
		{"usual port", "", "neo4j://db.example.org", "news", "http://db.example.org:7474/browser/", "neo4j://ann@db.example.org"},
		{"encrypted", "", "neo4j+s://db.example.org:7687", "", "https://db.example.org:7473/browser/", "neo4j+s://ann@db.example.org:7687"},
		{"IPv6", "", "bolt://[::1]:7687", "", "http://[::1]:7474/browser/", "bolt://ann@[::1]:7687"},
	} {
		t.Run(test.name, func(t *testing.T) {
			link, err := browserLink(test.at, test.bolt, "ann", test.database, cypher)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			values := u.Query()
			if values.Get("cmd") != "edit" || values.Get("arg") != cypher || values.Get("dbms") != test.dbms || values.Get("db") != test.database {
				t.Errorf("link has %v", values)
			}
			if u.RawQuery = ""; u.String() != test.page {
				t.Errorf("page %s, want %s", u, test.page)
			}
		})
	}
	for _, test := range []struct{ at, bolt string }{{"ftp://localhost/", "bolt://localhost"}, {"", "localhost"}, {"http://", "bolt://localhost"}, {"%", "bolt://localhost"}} {
		if link, err := browserLink(test.at, test.bolt, "ann", "", cypher); err == nil {
			t.Errorf("link at %q to %q: %s, want an error", test.at, test.bolt, link)
		}
	}
}
