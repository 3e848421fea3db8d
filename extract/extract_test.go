package extract

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// note reads the article that the project began with.
func note(t testing.TB) ingest.Article {
	t.Helper()
	const path = "../testdata/articles/t-mobile-2021-08.md"
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for a, err := range (ingest.Reader{}).Read(t.Context(), path, f) {
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	t.Fatalf("no article in %s", path)
	return ingest.Article{}
}

// A named claim is a claim with names in the place of ids.
type named struct {
	predicate       Predicate
	subject, object string
	status          Status
	by              string
}

func nameClaims(r Result) []named {
	name := map[string]string{"": ""}
	for _, e := range r.Entities {
		name[e.ID] = e.Name
	}
	for _, b := range r.Breaches {
		name[b.ID] = "breach"
		if !b.Primary {
			name[b.ID] = "other breach"
		}
	}
	for _, f := range r.Figures {
		name[f.ID] = r.Article.Text[f.Start:f.End]
	}
	label := func(id string) string {
		if n, ok := name[id]; ok {
			return n
		}
		return id
	}
	var out []named
	for _, c := range r.Claims {
		out = append(out, named{c.Type, label(c.Subject), label(c.Object), c.Status, label(c.AttributedTo)})
	}
	return out
}

// TestFirstArticle holds what must never be flattened in the article of August
// 2021: who claims, who confirms, what is denied.
func TestFirstArticle(t *testing.T) {
	r := Extract(note(t), Options{})
	claims := nameClaims(r)
	has := func(p Predicate, subject, object string, statuses ...Status) {
		t.Helper()
		if !slices.ContainsFunc(claims, func(c named) bool {
			return c.predicate == p && c.subject == subject && strings.HasPrefix(c.object, object) && slices.Contains(statuses, c.status)
		}) {
			t.Errorf("no claim %s %s %s with status %v", p, subject, object, statuses)
		}
	}
	has(Suffered, "T-Mobile", "breach", Confirmed)
	has(Attacked, "John Binns", "breach", Claimed, Alleged)
	has(Hired, "T-Mobile", "Mandiant", Confirmed, Reported)
	has(Hired, "T-Mobile", "KPMG", Confirmed, Reported)
	has(Exposed, "breach", "financial", Denied)
	has(Exposed, "breach", "ssn", Confirmed, Reported)
	has(SubsidiaryOf, "Metro by T-Mobile", "T-Mobile", Reported)
	has(WorksFor, "Mike Sievert", "T-Mobile", Reported)
	has(HasFigure, "breach", "about 100 million", Claimed)
	has(HasFigure, "breach", "about 7.8 million", Confirmed)
	for _, c := range claims {
		if c.predicate == Attacked && c.subject == "John Binns" && c.status == Reported {
			t.Errorf("the article does not report as fact that %s attacked", c.subject)
		}
		if c.predicate == Exposed && c.object == "financial" && c.status != Denied {
			t.Errorf("financial data is %s, want only denied", c.status)
		}
		if strings.HasPrefix(c.object, "about 100 million") && c.by != "John Binns" {
			t.Errorf("100 million is attributed to %q, want John Binns", c.by)
		}
	}
}

// TestContract validates results against the public contract.
func TestContract(t *testing.T) {
	schema := contract(t)
	for _, a := range append(sampleArticles(), note(t)) {
		raw, err := json.Marshal(Extract(a, Options{}))
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(raw, &value); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("article %q: %v", a.ID, err)
		}
	}
}

func contract(t testing.TB) *jsonschema.Schema {
	t.Helper()
	const path = "../../shared/contract/extraction.schema.json"
	if _, err := os.Stat(path); err != nil && os.Getenv("CI") == "" {
		t.Skipf("no contract to validate against: %v", err)
	}
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// sampleArticles are odd inputs that must give a valid, if empty, result.
func sampleArticles() []ingest.Article {
	texts := []string{
		"",
		" \n\n\t ",
		"No breach here.",
		"ACME CORP SAID 5 MILLION CUSTOMERS WERE HIT BY A DATA BREACH ON MONDAY",
		strings.Repeat("customer data was stolen and ", 3000),
		"Die Polizei teilte am Montag mit, dass bei dem Unternehmen die Daten von Kunden gestohlen wurden und dass sie ermittelt.",
		"💥 Zo\u0308e’s café lost 1,200 e\u0301mails 😱 to “hackers”, it said.",
		"MATCH (n) DETACH DELETE n; // Robert'); DROP TABLE Students;--",
		`{"id":"e1","claims":[{"type":"SUFFERED","subject":"e1","object":"b1"}]}`,
		"\x00\x01\x02 control \x7f characters \u202e everywhere",
		"\"\"\"“““ said said said according to to to",
	}
	var out []ingest.Article
	for i, text := range texts {
		out = append(out, ingest.Article{ID: "sample-" + itoa(i), Text: text})
	}
	return out
}

// TestDeterministic runs the same article twice: maps must leave no trace.
func TestDeterministic(t *testing.T) {
	a := note(t)
	first, _ := json.Marshal(Extract(a, Options{}))
	for range 5 {
		if again, _ := json.Marshal(Extract(a, Options{})); string(again) != string(first) {
			t.Fatal("the same article gives two results")
		}
	}
}

// TestRoundTrip reads back what was written.
func TestRoundTrip(t *testing.T) {
	for _, a := range append(sampleArticles(), note(t)) {
		raw, err := json.Marshal(Extract(a, Options{}))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(raw)
		if err != nil {
			t.Fatalf("Decode of article %q: %v", a.ID, err)
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(raw) {
			t.Errorf("article %q: decoded and written again\n got %s\nwant %s", a.ID, again, raw)
		}
	}
}

// TestOtherLanguage extracts nothing from a language the passes do not know,
// and says which it is.
func TestOtherLanguage(t *testing.T) {
	a := ingest.Article{ID: "de", Text: "Die Polizei teilte am Montag mit, dass bei dem Unternehmen Beispiel AG die Daten von 5 Millionen Kunden gestohlen wurden. Das Unternehmen bestätigte den Angriff und informierte die Betroffenen."}
	r := Extract(a, Options{})
	if r.Article.Language != "de" {
		t.Errorf("language %q, want de", r.Article.Language)
	}
	if len(r.Entities)+len(r.Claims)+len(r.Figures) > 0 {
		t.Errorf("extracted %d entities, %d claims, %d figures from German", len(r.Entities), len(r.Claims), len(r.Figures))
	}
}

// FuzzExtract holds that whatever the text, every span lies in it and every id
// that is used is defined.
func FuzzExtract(f *testing.F) {
	for _, a := range sampleArticles() {
		f.Add(a.Text, "A title")
	}
	f.Add("Acme Inc. confirmed on Monday that hackers stole the names of 5 million customers. \"We regret it,\" said CEO Jane Roe.", "Acme hacked")
	f.Fuzz(func(t *testing.T, text, title string) {
		if len(text) > 20000 {
			t.Skip("long texts are the benchmarks' business")
		}
		text = strings.ToValidUTF8(text, "�")
		r := Extract(ingest.Article{ID: "f", Title: title, Text: text}, Options{AnyLanguage: true})
		check(t, r)
	})
}

// check fails where a result contradicts itself.
func check(t *testing.T, r Result) {
	t.Helper()
	text := r.Article.Text
	inside := func(what string, s Span) {
		t.Helper()
		if s.Start < 0 || s.End > len(text) || s.Start >= s.End {
			t.Errorf("%s: span %v outside the text of %d bytes", what, s, len(text))
		}
	}
	known := map[string]bool{ArticleSubject: true, "": true}
	for _, e := range r.Entities {
		known[e.ID] = true
		if e.Name == "" || len(e.Mentions) == 0 {
			t.Errorf("entity %s has no name or no mention", e.ID)
		}
		for _, m := range e.Mentions {
			inside("mention of "+e.ID, m.Span)
		}
	}
	for _, b := range r.Breaches {
		known[b.ID] = true
	}
	for _, f := range r.Figures {
		known[f.ID] = true
		inside("figure "+f.ID, f.Span)
		if !known[f.Breach] || !known[f.AttributedTo] {
			t.Errorf("figure %s refers to unknown %q or %q", f.ID, f.Breach, f.AttributedTo)
		}
	}
	for _, c := range r.Claims {
		inside("evidence of "+c.ID, c.Evidence)
		for _, id := range []string{c.Subject, c.AttributedTo} {
			if !known[id] {
				t.Errorf("claim %s %s refers to unknown %q", c.ID, c.Type, id)
			}
		}
		if c.Confidence < 0 || c.Confidence > 1 {
			t.Errorf("claim %s has confidence %v", c.ID, c.Confidence)
		}
	}
	if raw, err := json.Marshal(r); err != nil {
		t.Errorf("cannot be written: %v", err)
	} else if _, err := Decode(raw); err != nil {
		t.Errorf("cannot be read back: %v", err)
	}
}

// TestIncidentsApart reads articles that recall a breach of somebody else, or an
// earlier one of the same victim, and holds that data and victims land apart.
func TestIncidentsApart(t *testing.T) {
	text := "Larkfield Foods said on Tuesday that hackers stole customers' email addresses in a data breach of its loyalty database. " +
		"Larkfield Foods is notifying affected customers.\n\n" +
		"Last year, Brindle Airways suffered a breach in which the passport numbers of 40,000 passengers were stolen."
	result := Extract(ingest.Article{Title: "Larkfield Foods hit by data breach", Text: text, Published: time.Date(2024, 5, 3, 0, 0, 0, 0, time.UTC)}, Options{})
	names := make(map[string]string)
	for _, e := range result.Entities {
		names[e.ID] = e.Name
	}
	victims := make(map[string]string)
	for _, b := range result.Breaches {
		for _, v := range b.Victims {
			victims[b.ID] = names[v]
		}
	}
	for _, c := range result.Claims {
		if c.Type != Exposed {
			continue
		}
		want := map[string]string{"email_address": "Larkfield Foods", "passport": "Brindle Airways"}[c.Object]
		if victims[c.Subject] != want {
			t.Errorf("%s is held to be lost by %q, want %q", c.Object, victims[c.Subject], want)
		}
	}
	if len(result.Breaches) != 2 {
		t.Errorf("%d breaches, want 2", len(result.Breaches))
	}
}
