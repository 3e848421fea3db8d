package page

import (
	"errors"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

// prosePage is a page with so many sentences and something else.
func prosePage(head string, sentences int, rest string) string {
	return `<!DOCTYPE html><html lang="en"><head><title>Acme hacked</title>` + head + `</head><body><article><h1>Acme hacked</h1><p>` +
		strings.Repeat("Acme said on Tuesday that somebody had copied the records of its customers from a server in the cellar. ", sentences) +
		`</p></article>` + rest + `</body></html>`
}

func TestStub(t *testing.T) {
	article, free := `<meta property="og:type" content="article">`, `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Acme hacked","isAccessibleForFree":"False"}</script>`
	offer := `<div class="paywall-offer"><p>Subscribe to continue reading. Already a subscriber? Log in.</p></div>`
	cards := strings.Repeat(`<article><h2><a href="/story">Acme was hacked, and so was Bolt</a></h2><p>Read what Acme says.</p></article>`, 8)
	consent := `<html><title>Before you continue</title><body><h1>Before you continue</h1><p>We use cookies and data to deliver our services. You can accept all or reject all, ` +
		`or change your privacy settings at any time.</p><button>Accept all</button><button>Reject all</button></body></html>`
	challenge := `<html><title>Just a moment...</title><body><h1>news.example</h1><p>Checking your browser before accessing the site.</p></body></html>`
	video := `<html><title>Watch: Acme hacked</title><meta property="og:type" content="video.other"><body><h1>Watch: Acme hacked</h1>` +
		`<p>Our reporter talks with the spokesman of Acme about the night in which somebody copied the records of all its customers from a server.</p></body></html>`
	tests := []struct{ name, page, want string }{
		{"article", prosePage(article, 30, ""), ""},
		{"short article", prosePage(article, 3, ""), ""},
		{"article of a site with subscribers", prosePage(article, 30, offer), ""},
		{"short article of a site with subscribers", prosePage(article, 5, `<footer>Already a subscriber? Log in.</footer>`), ""},
		{"article that is not free, shown whole", prosePage(article+free, 30, ""), ""},
		{"article beside teasers", prosePage(article, 30, cards), ""},
		{"article on cookies", prosePage(article, 5, "<p>We use cookies. Accept all</p>"), ""},
		{"beginning of an article", prosePage(article+free, 2, offer), stubPaywall},
		{"beginning without linked data", prosePage(article, 2, offer), stubPaywall},
		{"consent", consent, stubConsent},
		{"challenge", challenge, stubChallenge},
		{"front page", `<html><title>News</title><meta property="og:type" content="website"><body><h1>News</h1>` + cards + `</body></html>`, stubListing},
		{"category", `<html><title>Breaches</title><script type="application/ld+json">{"@type":"CollectionPage"}</script><body>` + cards + `</body></html>`, stubListing},
		{"video", video, stubVideo},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := mustRead(t, []byte(tt.page), "https://news.example/story")
			if a.Stub != tt.want {
				t.Errorf("Stub = %q, want %q", a.Stub, tt.want)
			}
			if err := a.Check(); tt.want != "" && (!errors.Is(err, ingest.ErrNoArticle) || !strings.HasSuffix(err.Error(), tt.want)) {
				t.Errorf("Check = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestOriginal(t *testing.T) {
	tests := []struct{ name, head, want string }{
		{"its own", `<link rel="canonical" href="/story">`, ""},
		{"none", "", ""},
		{"another host of the site", `<link rel="canonical" href="https://amp.news.example/story">`, ""},
		{"another site", `<link rel="canonical" href="https://wire.example.org/story">`, "https://wire.example.org/story"},
		{"by meta", `<meta name="syndication-source" content="https://wire.example.org/story">`, "https://wire.example.org/story"},
		{"by OpenGraph", `<meta property="og:url" content="https://wire.example.org/story">`, "https://wire.example.org/story"},
		{"a front page", `<link rel="canonical" href="https://wire.example.org/">`, ""},
		{"no address", `<link rel="canonical" href="javascript:go()">`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := mustRead(t, []byte(prosePage(tt.head, 5, "")), "https://www.news.example/story")
			if a.Original != tt.want {
				t.Errorf("Original = %q, want %q", a.Original, tt.want)
			}
		})
	}
}

func TestReadWithin(t *testing.T) {
	text := strings.Repeat("The second column tells of another company that was hit in spring. ", 8)
	page := prosePage("", 8, `<div class="second"><p>`+text+`</p></div>`)
	for _, tt := range []struct{ selector, want, not string }{
		{"", "the cellar", ""},
		{".second", "The second column", "the cellar"},
		{".none", "the cellar", ""},
		{"[[", "the cellar", ""},
	} {
		a, err := ReadWithin(t.Context(), []byte(page), "https://news.example/", tt.selector)
		if err != nil || !strings.Contains(a.Text, tt.want) || tt.not != "" && strings.Contains(a.Text, tt.not) {
			t.Errorf("within %q: %q, %v", tt.selector, a.Text, err)
		}
		if a.Title != "Acme hacked" {
			t.Errorf("within %q the title is %q", tt.selector, a.Title)
		}
	}
}
