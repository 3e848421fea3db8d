package web

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

func sample() extract.Result {
	text := "Acme <b>Corp</b> said 5 million users lost data.\n\nJane Roe denied it."
	five := 5e6
	return extract.Result{
		Article:  ingest.Article{ID: "a", Title: "<script>alert(1)</script>", Text: text},
		Relevant: true, Relevance: 0.9,
		Entities: []extract.Entity{
			{ID: "e1", Kind: extract.Company, Name: "Acme <b>Corp</b>", Mentions: []extract.Mention{{Span: extract.Span{Start: 0, End: 16}, Kind: extract.Name}}},
			{ID: "e2", Kind: extract.Person, Name: "Jane Roe", Mentions: []extract.Mention{{Span: extract.Span{Start: 50, End: 58}, Kind: extract.Name}}},
		},
		Figures:  []extract.Figure{{ID: "f1", Span: extract.Span{Start: 22, End: 37}, Value: &five, Low: &five, High: &five, Unit: "people", Status: extract.Confirmed, AttributedTo: "e1"}},
		Breaches: []extract.Breach{{ID: "b1", Victims: []string{"e1"}, Primary: true}},
		Claims: []extract.Claim{
			{ID: "c1", Type: extract.Suffered, Subject: "e1", Object: "b1", Status: extract.Confirmed, Evidence: extract.Span{Start: 0, End: 48}, Confidence: 0.8},
			{ID: "c2", Type: extract.Exposed, Subject: "b1", Object: "email_address", Status: extract.Denied, AttributedTo: "e2", Evidence: extract.Span{Start: 50, End: 69}, Confidence: 0.6},
		},
	}
}

func page(t *testing.T, r extract.Result) *goquery.Document {
	t.Helper()
	var out bytes.Buffer
	if err := WriteEvidence(&out, r); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestEvidenceShowsTheWholeText(t *testing.T) {
	r := sample()
	got := strings.Join(page(t, r).Find("article p").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), "\n\n")
	if got != r.Article.Text {
		t.Errorf("text on the page\n got %q\nwant %q", got, r.Article.Text)
	}
}

func TestEvidenceLinksLeadSomewhere(t *testing.T) {
	doc := page(t, sample())
	doc.Find(`a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
		id := strings.TrimPrefix(s.AttrOr("href", ""), "#")
		if n := doc.Find(`[id="` + id + `"]`).Length(); n != 1 {
			t.Errorf("link to #%s: %d elements have that id, want 1", id, n)
		}
	})
}

// What is not marked because it overlaps is still led to.
func TestEvidenceOverlaps(t *testing.T) {
	r := sample()
	inside := extract.Mention{Span: extract.Span{Start: 5, End: 16}, Kind: extract.Short}
	r.Entities[1].Mentions = append(r.Entities[1].Mentions, inside)
	doc := page(t, r)
	if got := doc.Find("#e2-2 + #e1-1").Length(); got != 1 {
		t.Errorf("%d places before the mark that hides another, want 1", got)
	}
}

func TestEvidenceCitesClaims(t *testing.T) {
	doc := page(t, sample())
	got := doc.Find("article .claim").Map(func(_ int, s *goquery.Selection) string {
		return s.AttrOr("href", "") + " " + s.AttrOr("aria-label", "")
	})
	want := []string{
		"#c1 claim 1: Acme <b>Corp</b> SUFFERED the breach: confirmed",
		"#c2 claim 2: the breach EXPOSED email address: denied by Jane Roe",
	}
	if !slices.Equal(got, want) {
		t.Errorf("cited claims %q, want %q", got, want)
	}
}

func TestNumber(t *testing.T) {
	tests := map[float64]string{0: "0", 0.85: "0.85", 21: "21", 999: "999", 1000: "1,000", 7.8e6: "7,800,000", -1234.5: "-1,234.5", 1e15: "1,000,000,000,000,000"}
	for in, want := range tests {
		if got := number(in); got != want {
			t.Errorf("number(%v) = %s, want %s", in, got, want)
		}
	}
}

func TestEvidenceEscapes(t *testing.T) {
	doc := page(t, sample())
	if n := doc.Find("script").Length(); n != 0 {
		t.Errorf("%d script elements, want none", n)
	}
	if got := doc.Find("h1").Text(); got != "<script>alert(1)</script>" {
		t.Errorf("title reads %q", got)
	}
	if n := doc.Find("article b").Length(); n != 0 {
		t.Error("mark-up of the article's text became mark-up of the page")
	}
}

func TestEvidenceOfAnEmptyArticle(t *testing.T) {
	doc := page(t, extract.Result{Article: ingest.Article{ID: "empty"}})
	if got := doc.Find("article").Text(); !strings.Contains(got, "no text") {
		t.Errorf("empty article reads %q", got)
	}
}
