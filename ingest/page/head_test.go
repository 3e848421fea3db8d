package page

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

func headOf(t *testing.T, page string) *head {
	t.Helper()
	doc, err := parse([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	return readHead(goquery.NewDocumentFromNode(doc), "")
}

func TestTitle(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"heading within the title", `<title>Acme hacked | Gazette</title><h1>Acme hacked</h1>`, "Acme hacked"},
		{"heading of the site", `<title>Acme hacked - Gazette</title><meta property=og:site_name content=Gazette><h1>Gazette</h1><h1>Acme hacked</h1>`, "Acme hacked"},
		{"blocks in the heading", `<title>Acme hacked again</title><h1><div>Acme</div><div>hacked again</div></h1>`, "Acme hacked again"},
		{"no heading", `<title>Acme hacked | Gazette</title>`, "Acme hacked"},
		{"OpenGraph", `<title>Gazette</title><meta property=og:title content="Acme hacked">`, "Acme hacked"},
		{"site first", `<title>Gazette - Acme hacked</title><meta property=og:site_name content=Gazette>`, "Acme hacked"},
		{"dash in the title", `<title>Acme hacked - and sorry for it</title>`, "Acme hacked - and sorry for it"},
		{"several names after", `<title>Acme hacked in March - Shops - Gazette</title><meta property=og:site_name content=Gazette>`, "Acme hacked in March"},
		{"heading about something else", `<title>Acme hacked | Gazette</title><h1>Log in</h1>`, "Acme hacked"},
		{"only a heading", `<h1>Acme hacked</h1>`, "Acme hacked"},
		{"JSON-LD", `<title>Gazette</title><script type="application/ld+json">{"@type":"Article","headline":"Acme &amp; Co. hacked"}</script>`, "Acme & Co. hacked"},
		{"nothing", `<p>a`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := headOf(t, tt.page).title; got != tt.want {
				t.Errorf("title %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAuthors(t *testing.T) {
	ld := func(author string) string {
		return `<meta property=og:site_name content="The Gazette"><script type="application/ld+json">{"@type":"NewsArticle","headline":"A","author":` + author + `}</script>`
	}
	tests := []struct{ name, page, want string }{
		{"outlet in JSON-LD, name in sight", ld(`{"name":"The Gazette"}`) + `<p class=byline>By Ann Lee`, "Ann Lee"},
		{"login in JSON-LD, name in meta", ld(`"jdoe_77"`) + `<meta name=author content="Ann Lee">`, "Ann Lee"},
		{"outlet and nobody else", ld(`{"name":"The Gazette"}`), "The Gazette"},
		{"role as a name", ld(`{"name":"Gazette Staff"}`), "Gazette Staff"},
		{"given and family name", ld(`{"givenName":"Ann","familyName":"Lee"}`), "Ann Lee"},
		{"the same twice", ld(`["Ann Lee","Ann Lee"]`), "Ann Lee"},
		{"address of a profile", `<meta property=article:author content="https://a.example/ann"><span class=author-name>Ann Lee</span>`, "Ann Lee"},
		{"several elements", `<a rel=author>Ann Lee</a> and <a rel=author>Bob Ray</a>`, "Ann Lee|Bob Ray"},
		{"in the comments", `<div class=comments><b class=author>Troll One</b></div>`, ""},
		{"in a long text", `<div class=author>` + strings.Repeat("Ann Lee, ", 30) + `</div>`, ""},
		{"Parse.ly", `<meta name=parsely-author content="Ann Lee">`, "Ann Lee"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(headOf(t, tt.page).authors(), "|"); got != tt.want {
				t.Errorf("authors %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDates(t *testing.T) {
	tests := []struct{ name, page, published, modified string }{
		{"meta", `<meta property=article:published_time content=2023-05-04T09:30:00+01:00><meta property=article:modified_time content=2023-05-05>`, "2023-05-04T09:30:00+01:00", "2023-05-05T00:00:00Z"},
		{"time of the day found later", `<meta name=date content=2023-05-04><time datetime=2023-05-04T09:30Z></time>`, "2023-05-04T09:30:00Z", ""},
		{"time of another day", `<meta name=date content=2023-05-04><time datetime=2023-05-09T09:30Z></time>`, "2023-05-04T00:00:00Z", ""},
		{"seconds since 1970", `<meta name=date content=1683189000>`, "2023-05-04T08:30:00Z", ""},
		{"in sight", `<p class=post-date>May 4, 2023</p>`, "2023-05-04T00:00:00Z", ""},
		{"in the address", `<link rel=canonical href=https://a.example/2023/05/04/b>`, "2023-05-04T00:00:00Z", ""},
		{"modified before", `<meta name=date content=2023-05-04><meta name=lastmod content=2023-05-01>`, "2023-05-04T00:00:00Z", ""},
		{"of a comment", `<div class=comment><time datetime=2023-05-04></time></div>`, "", ""},
		{"unreadable", `<meta name=date content=soon>`, "", ""},
	}
	show := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := headOf(t, tt.page)
			published := h.published()
			if got := show(published); got != tt.published {
				t.Errorf("published %q, want %q", got, tt.published)
			}
			if got := show(h.modified(published)); got != tt.modified {
				t.Errorf("modified %q, want %q", got, tt.modified)
			}
		})
	}
}

func TestTagsLanguagePublication(t *testing.T) {
	h := headOf(t, `<html lang=en_US><meta property=og:site_name content="https://a.example"><meta name=application-name content="Gazette – daily">
		<meta property=article:tag content="hacks"><meta property=article:tag content="Hacks"><meta name=keywords content="other">`)
	if got := h.tags(); !slices.Equal(got, []string{"hacks"}) {
		t.Errorf("tags %q", got)
	}
	if got := h.publication(); got != "Gazette" {
		t.Errorf("publication %q", got)
	}
	for _, tt := range []struct {
		told   string
		length int
		want   string
	}{{"en", 1000, "en-US"}, {"de", 1000, "de"}, {"de", 10, "en-US"}, {"", 1000, "en-US"}} {
		if got := h.language(tt.told, tt.length); got != tt.want {
			t.Errorf("language(%q, %d) = %q, want %q", tt.told, tt.length, got, tt.want)
		}
	}
	h = headOf(t, `<meta name=keywords content="a, b,, a"><a rel=tag>c</a>`)
	if got := h.tags(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("tags %q", got)
	}
}

func TestParseJSON(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"sound", `{"a": [1, "b"]}`, `[{"a":[1,"b"]}]`},
		{"two", "{\"a\": 1}\n{\"b\": 2}", `[{"a":1},{"b":2}]`},
		{"comment around", "<!--\n{\"a\": 1}\n//-->", `[{"a":1}]`},
		{"semicolon after", `{"a": 1};`, `[{"a":1}]`},
		{"trailing commas", `{"a": [1, 2, ], }`, `[{"a":[1,2]}]`},
		{"line end in a string", "{\"a\": \"b\nc\"}", `[{"a":"b c"}]`},
		{"quotation marks in a string", `{"a": "he said "no", twice", "b": 1}`, `[{"a":"he said \"no\", twice","b":1}]`},
		{"odd escapes", `{"a": "it\'s \d"}`, `[{"a":"it's d"}]`},
		{"all entities", `{&quot;a&quot;: 1}`, `[{"a":1}]`},
		{"cut", `{"a": {"b": "c`, `[{"a":{"b":"c"}}]`},
		{"cut after a comma", `{"a": [1,`, `[{"a":[1]}]`},
		{"a bracket too many", `{"a": 1}]}`, `[{"a":1}]`},
		{"no JSON", `hello`, `null`},
		{"nothing", ``, `null`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(parseJSON(tt.in))
			if err != nil || string(got) != tt.want {
				t.Errorf("parseJSON(%q) = %s, %v, want %s", tt.in, got, err, tt.want)
			}
		})
	}
}

// FuzzParseJSON: what a strict reader takes is read as that reader does.
func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{`{"a": [1, "b\u00e9\n"]}`, `[{"a": 1,}`, `{"a": "b "c" d`, "<!-- {} -->", `{&quot;a&quot;: "\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := parseJSON(s)
		var want any
		if err := json.Unmarshal([]byte(s), &want); err != nil {
			return
		}
		if len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("parseJSON(%q) = %v, want %v", s, got, want)
		}
	})
}
