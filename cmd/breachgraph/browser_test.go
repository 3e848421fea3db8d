package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBrowserPage(t *testing.T) {
	for _, test := range []struct{ name, at, bolt, want string }{
		{"given", "http://localhost:7001/browser/", "bolt://localhost:7000", "http://localhost:7001/browser/"},
		{"usual port", "", "neo4j://db.example.org", "http://db.example.org:7474/browser/"},
		{"encrypted", "", "neo4j+s://db.example.org:7687", "https://db.example.org:7473/browser/"},
		{"IPv6", "", "bolt://[::1]:7687", "http://[::1]:7474/browser/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, err := browserPage(test.at, test.bolt); err != nil || got != test.want {
				t.Errorf("browserPage(%q, %q) = %q, %v, want %q", test.at, test.bolt, got, err, test.want)
			}
		})
	}
	for _, test := range []struct{ at, bolt string }{{"ftp://localhost/", "bolt://localhost"}, {"", "localhost"}, {"http://", "bolt://localhost"}, {"%", "bolt://localhost"}} {
		if page, err := browserPage(test.at, test.bolt); err == nil {
			t.Errorf("browserPage(%q, %q) = %s, want an error", test.at, test.bolt, page)
		}
	}
}

func TestSaveGuide(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := saveGuide(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"guide.html", "browser.grass", "queries.zip"} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Size() < 1000 {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
}
