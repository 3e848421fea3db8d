package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/graphtest"
	"github.com/breachgraph/breachgraph/ingest"
)

const tMobile = "https://zdnet.com/article/t-mobile-ceo-apologizes-for-massive-hack-announces-cybersecurity-deal-with-mandiant"

// loaded is a catalog of a graph that holds the first test article and others.
func loaded(t *testing.T) catalog.Catalog {
	t.Helper()
	at := graphtest.New(t)
	db, err := graph.Open(t.Context(), graph.Config{URI: at.URI, Username: at.Username, Password: at.Password, Database: at.Name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.WithoutCancel(t.Context())) })
	if err := db.EnsureSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	var results []extract.Result
	for a, err := range (ingest.Reader{}).ReadPath(t.Context(), "../../../testdata/articles/t-mobile-2021-08.md") {
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, extract.Extract(a, extract.Options{}))
	}
	for i := range 3 {
		a := ingest.Article{
			ID: fmt.Sprintf("https://news.example/%d", i), URL: fmt.Sprintf("https://news.example/%d", i), Title: fmt.Sprintf("Harrow Telecom data breach, part %d", i),
			Published: time.Date(2024, 5, 1+i, 12, 0, 0, 0, time.UTC), Publication: ingest.Publication{Name: "Example News", Domain: "news.example"},
		}
		a.Text, a.BodyStart = ingest.Compose(a.Title, "", fmt.Sprintf("Harrow Telecom confirmed on 29 April 2024 that hackers stole the personal data of %d customers. Names and home addresses were exposed in the breach, the company said.", 50_000+1000*i))
		results = append(results, extract.Extract(a, extract.Options{}))
	}
	summary, err := db.Load(t.Context(), slices.Values(results))
	if err != nil || len(summary.Refused) > 0 {
		t.Fatalf("load: %v, %v", err, summary.Refused)
	}
	return catalog.Catalog{Read: db.Read}
}

func TestCatalog(t *testing.T) {
	c := loaded(t)
	t.Run("articles", func(t *testing.T) { testArticles(t, c) })
	t.Run("entities", func(t *testing.T) { testEntities(t, c) })
	t.Run("breaches", func(t *testing.T) { testBreaches(t, c) })
	t.Run("totals", func(t *testing.T) { testTotals(t, c) })
}

func urls(l catalog.List[catalog.Article]) string {
	var out []string
	for _, a := range l.Items {
		out = append(out, strings.TrimPrefix(a.URL, "https://"))
	}
	return strings.Join(out, " ")
}

func testArticles(t *testing.T, c catalog.Catalog) {
	day := func(d int) time.Time { return time.Date(2024, 5, d, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		name   string
		filter catalog.ArticleFilter
		page   catalog.Page
		want   string
		next   int
	}{
		{"latest", catalog.ArticleFilter{Since: day(1)}, catalog.Page{}, "news.example/2 news.example/1 news.example/0", 0},
		{"page", catalog.ArticleFilter{Since: day(1)}, catalog.Page{Limit: 2}, "news.example/2 news.example/1", 2},
		{"second page", catalog.ArticleFilter{Since: day(1)}, catalog.Page{Skip: 2, Limit: 2}, "news.example/0", 0},
		{"until", catalog.ArticleFilter{Since: day(1), Until: day(2)}, catalog.Page{}, "news.example/0", 0},
		{"words", catalog.ArticleFilter{Words: "harr part 1"}, catalog.Page{}, "news.example/1", 0},
		{"words that mean something to the index", catalog.ArticleFilter{Words: `+massive -hack title:* "t-mobile" \`}, catalog.Page{}, strings.TrimPrefix(tMobile, "https://"), 0},
		{"no word", catalog.ArticleFilter{Words: "+-"}, catalog.Page{}, "", 0},
	} {
		got, err := c.Articles(t.Context(), tt.filter, tt.page)
		if err != nil || urls(got) != tt.want && tt.name != "words that mean something to the index" || got.Next != tt.next || got.Truncated != (tt.next > 0) {
			t.Errorf("%s: %s, next %d, %v, want %s, %d", tt.name, urls(got), got.Next, err, tt.want, tt.next)
		}
	}
	a, err := c.Article(t.Context(), tMobile)
	if err != nil || len(a.Statements) < 10 || a.Claims != len(a.Statements) || a.Outlet == "" || len(a.Breaches) == 0 || a.Statements[0].Subject.Name == "" {
		t.Errorf("article: %+v, %v", a, err)
	}
	if _, err := c.Article(t.Context(), "https://news.example/none"); !errors.Is(err, catalog.ErrNone) {
		t.Errorf("an article that is not there: %v", err)
	}
}

func testEntities(t *testing.T, c catalog.Catalog) {
	for _, tt := range []struct{ words, kind, first string }{
		{"harrow", "", "harrow-telecom"}, {"harrow", "Company", "harrow-telecom"}, {"mandia", "Firm", "mandiant"}, {"", "Person", ""}, {"", "", ""},
	} {
		got, err := c.Entities(t.Context(), tt.words, tt.kind, catalog.Page{})
		if err != nil || len(got.Items) == 0 || tt.first != "" && got.Items[0].ID != tt.first || got.Items[0].Label == "" {
			t.Errorf("Entities(%q, %q) = %+v, %v", tt.words, tt.kind, got, err)
		}
	}
	if got, err := c.Entities(t.Context(), "", "Claim) DETACH DELETE n //", catalog.Page{}); err != nil || len(got.Items) > 0 {
		t.Errorf("entities of no kind: %+v, %v", got, err)
	}
	e, err := c.Entity(t.Context(), "Organization", "mandiant")
	if err != nil || e.Name != "Mandiant" || len(e.Facts) == 0 || e.Properties["id"] != "mandiant" || !slices.Contains(e.Labels, "Firm") {
		t.Errorf("entity: %+v, %v", e, err)
	}
	if e, err := c.Entity(t.Context(), "Firm", "mandiant"); err != nil || e.Label != "Organization" {
		t.Errorf("entity by its part: %+v, %v", e, err)
	}
	for _, label := range []string{"Organization", "Claim", "No"} {
		if _, err := c.Entity(t.Context(), label, "no-such"); !errors.Is(err, catalog.ErrNone) {
			t.Errorf("entity %s that is not there: %v", label, err)
		}
	}
}

func testBreaches(t *testing.T, c catalog.Catalog) {
	found, err := c.Breaches(t.Context(), "harrow", catalog.Page{})
	if err != nil || len(found.Items) != 1 || found.Items[0].Victims[0].Name != "Harrow Telecom" || found.Items[0].Articles != 3 {
		t.Fatalf("breaches: %+v, %v", found, err)
	}
	for _, list := range []func() (catalog.List[catalog.Breach], error){
		func() (catalog.List[catalog.Breach], error) {
			return c.Breaches(t.Context(), "", catalog.Page{Limit: 1})
		},
		func() (catalog.List[catalog.Breach], error) {
			return c.MostReported(t.Context(), catalog.Page{Limit: 1})
		},
	} {
		if l, err := list(); err != nil || len(l.Items) != 1 || !l.Truncated || l.Next != 1 {
			t.Errorf("list: %+v, %v", l, err)
		}
	}
	b, err := c.Breach(t.Context(), found.Items[0].ID)
	if err != nil || len(b.Figures) != 3 || len(b.Reports) != 3 || len(b.Facts) == 0 {
		t.Fatalf("breach: %+v, %v", b, err)
	}
	for i, f := range b.Figures {
		if f.Published != fmt.Sprintf("2024-05-0%d", 1+i) || f.Value == nil || *f.Value != float64(50_000+1000*i) || f.SaidBy == nil || f.SaidBy.Name != "Harrow Telecom" {
			t.Errorf("figure %d: %+v", i, f)
		}
	}
	if slices.ContainsFunc(b.Facts, func(f catalog.Fact) bool { return f.Type == "HAS_FIGURE" }) {
		t.Error("figures are among the facts too")
	}
	if _, err := c.Breach(t.Context(), `no "such`); !errors.Is(err, catalog.ErrNone) {
		t.Errorf("a breach that is not there: %v", err)
	}
}

func testTotals(t *testing.T, c catalog.Catalog) {
	totals, err := c.Totals(t.Context())
	if err != nil || totals.Articles < 4 || totals.Breaches < 2 || totals.Claims < 10 || totals.Organizations < 5 || totals.People < 2 {
		t.Errorf("totals: %+v, %v", totals, err)
	}
	days, err := c.Days(t.Context(), time.Date(2024, 4, 30, 0, 0, 0, 0, time.UTC), 5)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(days)
	for i, d := range days {
		want := 1
		if i == 0 || i == 4 {
			want = 0
		}
		if d.Articles != want || d.Breaches != want || (d.Claims > 0) != (want > 0) {
			t.Errorf("days: %s", got)
			break
		}
	}
}

// A counter counts when somebody looks, and tells of a database that is away.
func TestCounter(t *testing.T) {
	fail := make(chan error, 1)
	fail <- errors.New("the database is away")
	k := catalog.NewCounter(catalog.Catalog{Read: func(context.Context, string, map[string]any, graph.Limits) (graph.Table, error) {
		select {
		case err := <-fail:
			return graph.Table{}, err
		default:
			return graph.Table{Columns: []string{"what", "many"}, Rows: [][]any{{"articles", int64(7)}}}, nil
		}
	}})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- k.Run(ctx) }()
	for want := range 2 {
		var s catalog.Summary
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
			if s = k.Last(t.Context()); (want == 0) == (s.Err != nil) && (want == 0 || len(s.Days) > 0) {
				break
			}
		}
		if want == 0 && s.Err == nil || want == 1 && (s.Totals.Articles != 7 || len(s.Days) != catalog.DaysShown) {
			t.Errorf("look %d: %+v", want, s)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
