package guide

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/breachgraph/breachgraph/queries"
)

func TestPage(t *testing.T) {
	page, err := Page()
	if err != nil {
		t.Fatal(err)
	}
	for what, least := range map[string]int{"<slide ": 7, "runnable": 8, "t-mobile": 5} {
		if n := strings.Count(string(page), what); n < least {
			t.Errorf("the guide holds %q %d times, want at least %d", what, n, least)
		}
	}
	if strings.Contains(string(page), "$status") || strings.Contains(string(page), "<script") {
		t.Error("the guide holds a parameter or a script")
	}
}

func TestWriteZip(t *testing.T) {
	var b bytes.Buffer
	if err := WriteZip(&b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	all, err := queries.All()
	if err != nil || len(z.File) != len(all) {
		t.Errorf("%d files for %d queries, %v", len(z.File), len(all), err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || !strings.HasPrefix(string(text), "// ") || !strings.Contains(string(text), "\nLIMIT ") {
			t.Errorf("%s: %v\n%s", f.Name, err, text)
		}
	}
}

func TestLink(t *testing.T) {
	const cypher = "MATCH (n) // 50% + more\nRETURN n"
	for _, test := range []struct{ bolt, database, dbms string }{
		{"bolt://localhost:7000", "", "bolt://ann@localhost:7000"},
		{"bolt://127.0.0.1:7000", "news", "bolt://ann@localhost:7000"},
		{"neo4j+s://db.example.org", "", "neo4j+s://ann@db.example.org"},
		{"bolt://[::1]:7687", "", "bolt://ann@[::1]:7687"},
	} {
		link, err := Target{Bolt: test.bolt, Username: "ann", Database: test.database}.Link("http://localhost:7001/browser/", "edit", cypher)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(link)
		if err != nil || strings.Contains(link, "+more") {
			t.Fatalf("link %s: %v", link, err)
		}
		values := u.Query()
		if values.Get("cmd") != "edit" || values.Get("arg") != cypher || values.Get("dbms") != test.dbms || values.Get("db") != test.database {
			t.Errorf("link has %v", values)
		}
		if u.RawQuery = ""; u.String() != "http://localhost:7001/browser/" {
			t.Errorf("link leads to %s", u)
		}
	}
}

func TestHandler(t *testing.T) {
	h, err := Handler(Target{Bolt: "bolt://localhost:7687", Username: "neo4j"}, fstest.MapFS{"index.html": {Data: []byte("Browser")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		method, url string
		status      int
		body        string
	}{
		{"GET", "http://localhost:1/guide.html", 200, "<slide "},
		{"GET", "http://127.0.0.1:1/browser.grass", 200, "node.Breach {"},
		{"GET", "http://[::1]:1/queries.zip", 200, "PK"},
		{"OPTIONS", "http://localhost:1/guide.html", 204, ""},
		{"GET", "http://localhost:1/browser/", 200, "Browser"},
		{"GET", "http://localhost:1/", 200, "/browser/?arg=http%3A%2F%2Flocalhost%3A1%2Fguide.html"},
		{"GET", "http://localhost:1/other", 404, ""},
		{"GET", "http://rebound.example:1/", 421, ""},
	} {
		r := httptest.NewRequest(test.method, test.url, nil)
		r.Header.Set("Access-Control-Request-Headers", "pragma,sentry-trace")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		body := strings.NewReplacer(`\u0026`, "&", `\/`, "/", "&amp;", "&").Replace(w.Body.String())
		if w.Code != test.status || !strings.Contains(body, test.body) {
			t.Errorf("%s %s: %d, want %d and %q in\n%.2000s", test.method, test.url, w.Code, test.status, test.body, body)
		}
		if test.method == http.MethodOptions && (w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Access-Control-Allow-Headers") != "pragma,sentry-trace") {
			t.Errorf("%s %s answers with the headers %v", test.method, test.url, w.Header())
		}
	}
}
