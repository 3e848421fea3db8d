// Site is the web that bench/crawl.sh crawls: hosts on addresses of this machine
// with invented articles, each host with a feed of its own. It prints a file of
// sources for them and serves until it is stopped.
package main

import (
	"flag"
	"fmt"
	"html"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func main() {
	hosts := flag.Int("hosts", 50, "how many hosts there are")
	articles := flag.Int("articles", 2000, "how many articles they have together")
	flag.Parse()
	if err := serve(*hosts, *articles/max(*hosts, 1)); err != nil {
		log.Fatal(err)
	}
}

// serve starts the hosts, and prints the sources once all of them listen.
func serve(hosts, each int) error {
	failed := make(chan error)
	var sources strings.Builder
	for n := range hosts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", n+1))
		if err != nil {
			return fmt.Errorf("only %d addresses: %w", n, err)
		}
		go func() { failed <- http.Serve(l, site(n, each)) }()
		fmt.Fprintf(&sources, "- name: bench-%d\n  kind: feed\n  url: http://%s/feed\n", n, l.Addr())
	}
	if _, err := os.Stdout.WriteString(sources.String()); err != nil {
		return err
	}
	os.Stdout.Close() // tells the script that all hosts are there
	return <-failed
}

// site is one host: a feed of its articles, and the articles.
func site(host, articles int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>`)
		for n := range articles {
			fmt.Fprintf(w, "<item><title>%d</title><link>http://%s/story/%d</link></item>", n, r.Host, n)
		}
		fmt.Fprint(w, "</channel></rss>")
	})
	mux.HandleFunc("/story/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil || n < 0 || n >= articles {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, story(uint64(host), uint64(n)))
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
// in all; the same each time, and like no other.
func story(host, n uint64) string {
	r := rand.New(rand.NewPCG(host, n))
	sentence := func() string {
		words := make([]string, 16)
		for i := range words {
			words[i] = word(r)
		}
		return "The company said that " + strings.Join(words, " ") + " and the police in " + strings.ToUpper(words[0][:1]) + words[0][1:] + " confirmed it."
	}
	title := html.EscapeString("Company " + strconv.FormatUint(host*1000+n, 10) + " says " + word(r) + " " + word(r) + " was hit")
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>%[1]s</title><meta property="og:type" content="article">`+
		`<meta property="article:published_time" content="2026-01-%02[2]dT08:00:00Z"></head><body><nav>`, title, 1+n%28)
	for i := range 60 {
		fmt.Fprintf(&b, `<li class="menu-item"><a href="/topic/%d">Topic number %d</a></li>`, i, i)
	}
	fmt.Fprintf(&b, "</nav><main><article><h1>%s</h1>", title)
	for range 10 {
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
