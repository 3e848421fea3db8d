// Package pages is a web of invented articles on addresses of this machine, each
// host with a feed of its own, for measuring crawls. It needs Linux, where all of
// 127.0.0.0/8 is this machine.
package pages

import (
	"fmt"
	"html"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/breachgraph/breachgraph/bench/synthetic"
)

// seed is that of the tales.
const seed = 1

// A Web is a number of hosts.
type Web struct {
	sources strings.Builder
	names   []string
	failed  chan error
	tales   []tale // none where articles tell of nothing

	served  atomic.Int64
	mu      sync.Mutex
	asked   map[string]int // requests to each host that are under way
	atOnce  int
	stories map[string]int // how often each was asked for
}

// A tale is what an article tells; the zero tale is nothing.
type tale struct {
	title      string
	published  time.Time
	paragraphs []string
}

// Serve starts hosts that have so many articles together, which tell of breaches
// or of nothing in particular.
func Serve(hosts, articles int, breaches bool) (*Web, error) {
	w := &Web{failed: make(chan error, hosts), asked: map[string]int{}, stories: map[string]int{}}
	if breaches {
		for r := range synthetic.Articles(seed, articles) {
			w.tales = append(w.tales, newTale(r.Article.Title, r.Article.Text[r.Article.BodyStart:], r.Article.Published))
		}
	}
	each := articles / max(hosts, 1)
	for n := range hosts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", n+1))
		if err != nil {
			return nil, fmt.Errorf("only %d addresses: %w", n, err)
		}
		go func() { w.failed <- http.Serve(l, w.counted(w.site(n, each))) }()
		w.names = append(w.names, fmt.Sprint("bench-", n))
		fmt.Fprintf(&w.sources, "- name: bench-%d\n  kind: feed\n  url: http://%s/feed\n", n, l.Addr())
	}
	return w, nil
}

// newTale makes paragraphs of four sentences.
func newTale(title, text string, published time.Time) tale {
	t := tale{title: title, published: published}
	sentences := strings.SplitAfter(text, ". ")
	for len(sentences) > 0 {
		n := min(4, len(sentences))
		t.paragraphs = append(t.paragraphs, strings.TrimSpace(strings.Join(sentences[:n], "")))
		sentences = sentences[n:]
	}
	return t
}

// Sources is a file of sources, one for each host.
func (w *Web) Sources() string { return w.sources.String() }

// Names are the names of those sources, parted by commas.
func (w *Web) Names() string { return strings.Join(w.names, ",") }

// Wait returns when a host cannot go on.
func (w *Web) Wait() error { return <-w.failed }

// Served is how many articles were served.
func (w *Web) Served() int { return int(w.served.Load()) }

// AtOnce is how many requests one host had at once at most.
func (w *Web) AtOnce() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.atOnce
}

// Asked is how many different articles were asked for, and how many of them more
// than once.
func (w *Web) Asked() (different, again int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.stories {
		if n > 1 {
			again++
		}
	}
	return len(w.stories), again
}

// counted counts requests.
func (w *Web) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked[r.Host]++
		w.atOnce = max(w.atOnce, w.asked[r.Host])
		if strings.HasPrefix(r.URL.Path, "/story/") {
			w.stories[r.Host+r.URL.Path]++
		}
		w.mu.Unlock()
		next.ServeHTTP(rw, r)
		w.mu.Lock()
		w.asked[r.Host]--
		w.mu.Unlock()
	})
}

// site is one host: a feed of its articles, and the articles.
func (w *Web) site(host, articles int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprint(rw, `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>`)
		for n := range articles {
			fmt.Fprintf(rw, "<item><title>%d</title><link>http://%s/story/%d</link></item>", n, r.Host, n)
		}
		fmt.Fprint(rw, "</channel></rss>")
	})
	mux.HandleFunc("/story/{n}", func(rw http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil || n < 0 || n >= articles {
			http.NotFound(rw, r)
			return
		}
		var t tale
		if len(w.tales) > 0 {
			t = w.tales[host*articles+n]
		}
		w.served.Add(1)
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(rw, story(uint64(host), uint64(n), t))
	})
	return mux
}

// word is a made-up word.
func word(r *rand.Rand) string {
	const consonants, vowels = "bcdfghklmnprstvz", "aeiou"
	var b strings.Builder
	for range 1 + r.IntN(3) {
		b.WriteByte(consonants[r.IntN(len(consonants))])
		b.WriteByte(vowels[r.IntN(len(vowels))])
	}
	return b.String()
}

// story is an article of some 500 words between what pages have around one, 40 kB
// in all; the same each time, and like no other. With a tale it tells that first,
// and has fewer words.
func story(host, n uint64, t tale) string {
	r := rand.New(rand.NewPCG(host, n))
	sentence := func() string {
		words := make([]string, 16)
		for i := range words {
			words[i] = word(r)
		}
		return "The company said that " + strings.Join(words, " ") + " and the police in " + strings.ToUpper(words[0][:1]) + words[0][1:] + " confirmed it."
	}
	paragraphs, published := 10, fmt.Sprintf("2026-01-%02dT08:00:00Z", 1+n%28)
	title := html.EscapeString("Company " + strconv.FormatUint(host*1000+n, 10) + " says " + word(r) + " " + word(r) + " was hit")
	if t.title != "" {
		title, published, paragraphs = html.EscapeString(t.title), t.published.Format(time.RFC3339), 4
		sentence = func() string {
			words := make([]string, 20)
			for i := range words {
				words[i] = word(r)
			}
			return strings.ToUpper(words[0][:1]) + words[0][1:] + " " + strings.Join(words[1:], " ") + "."
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>%[1]s</title><meta property="og:type" content="article">`+
		`<meta property="article:published_time" content="%[2]s"></head><body><nav>`, title, published)
	for i := range 60 {
		fmt.Fprintf(&b, `<li class="menu-item"><a href="/topic/%d">Topic number %d</a></li>`, i, i)
	}
	fmt.Fprintf(&b, "</nav><main><article><h1>%s</h1>", title)
	for _, p := range t.paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(p))
	}
	for range paragraphs {
		b.WriteString("<p>")
		for range 3 {
			b.WriteString(sentence() + " ")
		}
		b.WriteString(`<a href="/topic/1">More on this</a></p>`)
	}
	b.WriteString("</article></main><aside>")
	for i := range 100 {
		fmt.Fprintf(&b, `<div class="teaser teaser--small"><a href="/story/%d"><span class="teaser__title">%s</span></a><p>%s</p></div>`, i, word(r), sentence())
	}
	return b.String() + `</aside><footer><script>` + strings.Repeat("var tracker = null;\n", 200) + `</script></footer></body></html>`
}
