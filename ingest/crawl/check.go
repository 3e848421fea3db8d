package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// A Prober looks at sources without a crawl: it asks as politely, and keeps
// nothing.
type Prober struct{ fetch *fetcher }

// NewProber returns a prober that is so polite to each host.
func NewProber(opts Options, p Politeness) *Prober {
	opts = opts.withDefaults()
	clock := wallClock()
	return &Prober{&fetcher{
		opts: opts, clock: clock, lanes: map[string]*lane{},
		get:        near(opts, unpacker{newRouter(opts.AllowPrivate, http.ProxyFromEnvironment)}, clock.now),
		politeness: func(string) Politeness { return p },
		keep:       func(*Capture, purpose) error { return nil },
		state:      func(string) (frontier.Host, error) { return frontier.Host{}, nil },
		rested:     func(frontier.Host) error { return nil },
	}}
}

// Check reads a source once and says how many articles it names.
func (p *Prober) Check(ctx context.Context, s Source) (articles int, err error) {
	switch s.Kind {
	case URLs:
		found, err := addressFile(s)
		return len(found), err
	case Folder, WARC:
		return 0, checkFile(s)
	}
	v, err := p.page(ctx, s.URL)
	if err != nil {
		return 0, err
	}
	var found []Finding
	switch s.Kind {
	case Feed:
		found, err = parseFeed(v.text(), v.url().String())
	case Sitemap:
		var m sitemap
		m, err = parseSitemap(v.Body, v.url().String())
		found = append(m.pages, m.parts...)
	case Listing:
		found, _, err = parseListing(v.text(), v.url().String(), s.Links, s.Next)
	}
	for _, f := range found {
		if s.Kind == Sitemap || s.admits(f.URL) {
			articles++
		}
	}
	if err == nil && articles == 0 {
		err = fmt.Errorf("%.300s names no article", s.URL)
	}
	return articles, err
}

// page gets a page that is there.
func (p *Prober) page(ctx context.Context, address string) (visit, error) {
	v, err := p.fetch.follow(ctx, address, http.Header{}, purpose{})
	if err == nil && v.status() != http.StatusOK {
		err = &StatusError{URL: address, Status: v.status()}
	}
	if err != nil {
		return v, fmt.Errorf("fetch %.300s: %w", address, err)
	}
	return v, nil
}

// Discover finds the feeds and sitemaps of a site: those that its home page links
// to, those that robots.txt names, and the address itself if it is one. Feeds come
// first, as they tell what is new. They are named after the host.
func (p *Prober) Discover(ctx context.Context, address string) ([]Source, error) {
	v, err := p.page(ctx, address)
	if err != nil {
		return nil, err
	}
	home := v.url()
	name := siteName(home)
	if _, err := parseFeed(v.text(), home.String()); err == nil {
		return []Source{{Name: name, Kind: Feed, URL: home.String()}}, nil
	}
	if _, err := parseSitemap(v.Body, home.String()); err == nil {
		return []Source{{Name: name, Kind: Sitemap, URL: home.String()}}, nil
	}
	feeds, err := parseAlternates(v.text(), home.String())
	if err != nil {
		return nil, err
	}
	var sources []Source
	for _, f := range feeds {
		if !strings.Contains(strings.ToLower(f.Title+f.URL), "comment") {
			sources = append(sources, Source{Kind: Feed, URL: f.URL})
		}
	}
	rules, err := p.fetch.verdict(ctx, p.fetch.lane(home), home, time.Time{})
	if err == nil && rules.rules != nil {
		for _, m := range rules.rules.Sitemaps() {
			if u, err := home.Parse(m); err == nil && len(sources) < maxDiscovered {
				sources = append(sources, Source{Kind: Sitemap, URL: u.String()})
			}
		}
	}
	if len(sources) == 0 {
		return nil, fmt.Errorf("%.300s names no feed and no sitemap; describe a listing by hand, as docs/crawling.md says", address)
	}
	for i := range sources {
		if sources[i].Name = name; i > 0 {
			sources[i].Name = fmt.Sprintf("%s-%d", name, i+1)
		}
	}
	return sources, nil
}

// maxDiscovered bounds what one site can add.
const maxDiscovered = 20

// siteName makes a source's name of a host.
func siteName(u *url.URL) string {
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, host)
	name = strings.Trim(name, "-")
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	if name == "" {
		return "site"
	}
	return name[:min(len(name), 40)]
}

// checkFile sees that the files of a source are there.
func checkFile(s Source) error {
	for _, err := range ingest.Walk(s.File) {
		return err
	}
	return fmt.Errorf("%s holds no file", s.File)
}
