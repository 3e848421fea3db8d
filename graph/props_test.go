package graph

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract"
)

func FuzzCodePoints(f *testing.F) {
	f.Add("plain", 3)
	f.Add(strings.Repeat("ä€😀x", 300), 1000)
	f.Fuzz(func(t *testing.T, s string, i int) {
		if !utf8.ValidString(s) || i < 0 || i > len(s) || i < len(s) && !utf8.RuneStart(s[i]) {
			return
		}
		if got, want := newCodePoints(s).at(i), utf8.RuneCountInString(s[:i]); got != want {
			t.Errorf("code points of %q before %d = %d, want %d", s, i, got, want)
		}
	})
}

func TestClean(t *testing.T) {
	for _, test := range []struct {
		in    string
		limit int
		want  string
	}{
		{" a\t\n b ", 10, "a b"},
		{"a\x00b\xffc", 10, "a b\uFFFDc"},
		{"aéé", 4, "aé"},
		{"", 4, ""},
	} {
		if got := clean(test.in, test.limit); got != test.want {
			t.Errorf("clean(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}

func TestAliases(t *testing.T) {
	got := aliases("T-Mobile", []string{"TMO", "T-Mobile", " Team  Magenta", "", "TMO"})
	if want := []string{"TMO", "Team Magenta"}; !slices.Equal(got, want) {
		t.Errorf("aliases = %q, want %q", got, want)
	}
}

func TestAttribute(t *testing.T) {
	age := Property{Name: "age", Type: integer}
	for in, want := range map[string]any{"21": int64(21), " 7 ": int64(7), "old": nil, "": nil, "9999999999999999999": nil} {
		if got := attribute(age, in); got != want {
			t.Errorf("attribute(age, %q) = %v, want %v", in, got, want)
		}
	}
	if got := attribute(Property{Name: "sector", Type: str}, " retail "); got != "retail" {
		t.Errorf("attribute(sector) = %v", got)
	}
}

// Ids of a claim tell apart all that makes it one, and nothing else.
func TestClaimID(t *testing.T) {
	r := corpus(t)["calder-2023-06-21"]
	ids := func(change func(*extract.Result)) []string {
		c := r
		c.Claims = slices.Clone(r.Claims[:1])
		change(&c)
		d, err := newDocument(c)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, c := range d.claims {
			out = append(out, c.id)
		}
		return out
	}
	same := ids(func(*extract.Result) {})
	for name, test := range map[string]struct {
		change func(*extract.Result)
		differ bool
	}{
		"status":      {func(c *extract.Result) { c.Claims[0].Status = extract.Alleged }, false},
		"confidence":  {func(c *extract.Result) { c.Claims[0].Confidence = 0.1 }, false},
		"title":       {func(c *extract.Result) { c.Article.Title = "other" }, false},
		"tracking":    {func(c *extract.Result) { c.Article.URL += "?utm_source=x" }, false},
		"denied":      {func(c *extract.Result) { c.Claims[0].Status = extract.Denied }, true},
		"span":        {func(c *extract.Result) { c.Claims[0].Evidence.End-- }, true},
		"subject":     {func(c *extract.Result) { c.Claims[0].Subject = "c" }, true},
		"article":     {func(c *extract.Result) { c.Article.URL += "/2" }, true},
		"without URL": {func(c *extract.Result) { c.Article.URL = "" }, true},
	} {
		if got := ids(test.change); slices.Equal(got, same) == test.differ {
			t.Errorf("%s: ids %v, before %v, want them to differ: %v", name, got, same, test.differ)
		}
	}
}
