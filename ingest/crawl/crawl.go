package crawl

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
	"github.com/breachgraph/breachgraph/ingest/warc"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// A Plan says what a crawl is to do.
type Plan struct {
	Options              // of each request
	Politeness           // towards each host
	Folder     string    // where the crawl keeps all that it knows; made if missing
	Sources    []Source  // where articles are looked for
	Since      time.Time // articles that were published earlier are left out; zero means none
	Limit      int       // articles that are fetched at most; 0 means as many as there are
	Once       bool      // end when nothing is due any more
	Workers    int       // visits at once; 0 means 64
	Read       ReadPage  // nil keeps pages and reads none
	Files      ingest.Reader
	Timing     *Timing // nil looks at sources as their own rules say
	// Ask has another process make a request, with an [Asker]; nil makes them
	// here. It calls nothing of the crawl. Once noted is called the answer need not
	// be remembered any more.
	Ask func(context.Context, Request) (a Answer, noted func(), err error)

	proxy func(*http.Request) (*url.URL, error) // nil for that of the environment
}

// ReadPage reads a page as an article. Its body is in UTF-8 where the server
// named another character set.
type ReadPage func(ctx context.Context, page []byte, address string, s Source) (ingest.Article, error)

// A Crawler visits sources and their articles. Run is for one goroutine; while it
// goes on, others may call Fetch, Unloaded, Loaded, Counts, Look, Pause and Resume.
type Crawler struct {
	plan     Plan
	clock    clock
	sources  map[string]Source
	frontier *frontier.Frontier
	fetch    *fetcher
	resumed  bool          // another process crawled a moment ago
	readers  chan struct{} // as many as may read pages at once

	archive  *archive.Archive
	sketches *sketches
	shelf    *shelf

	bell    bell // rung when what is due has changed
	mu      sync.Mutex
	reading map[string]bool      // canonical URLs of articles that are being settled
	paused  map[string]bool      // sources
	due     map[string]time.Time // of sources that are files
}

// Open prepares a crawl in a folder. Only one process can have it open; the error
// wraps [frontier.ErrInUse] otherwise.
func Open(plan Plan) (*Crawler, error) { return open(plan, wallClock()) }

func open(plan Plan, clock clock) (*Crawler, error) {
	plan.Options = plan.Options.withDefaults()
	plan.Workers = cmp.Or(plan.Workers, 64)
	path := filepath.Join(plan.Folder, "frontier.db")
	before, statErr := os.Stat(path)
	f, err := frontier.Open(path)
	if err != nil {
		return nil, err
	}
	c := &Crawler{
		resumed: statErr == nil && time.Since(before.ModTime()) < maxCrawlDelay,
		plan:    plan, clock: clock, frontier: f, sources: map[string]Source{},
		readers: make(chan struct{}, runtime.GOMAXPROCS(0)),
		reading: map[string]bool{}, paused: map[string]bool{}, due: map[string]time.Time{},
	}
	for _, s := range plan.Sources {
		c.sources[s.Name] = s
	}
	if err := c.open(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// open opens what lies beside the frontier.
func (c *Crawler) open() (err error) {
	if c.archive, err = archive.Open(filepath.Join(c.plan.Folder, "archive"), archive.Options{
		About: []warc.Field{{Name: "software", Value: c.plan.UserAgent}, {Name: "robots", Value: "obey"}},
	}); err != nil {
		return err
	}
	empty, err := c.frontier.Empty()
	if err != nil {
		return err
	}
	if empty {
		if _, err := Restore(c.frontier, c.archive, c.clock.now()); err != nil {
			return err
		}
	}
	if c.sketches, err = openSketches(filepath.Join(c.plan.Folder, "sketches")); err != nil {
		return err
	}
	if c.shelf, err = openShelf(filepath.Join(c.plan.Folder, "files.json")); err != nil {
		return err
	}
	c.fetch = c.newFetcher()
	return nil
}

// Close ends the use of the folder.
func (c *Crawler) Close() error {
	err := c.frontier.Close()
	if c.archive != nil {
		err = errors.Join(err, c.archive.Close())
	}
	if c.sketches != nil {
		err = errors.Join(err, c.sketches.close())
	}
	return err
}

// newFetcher makes what asks hosts.
func (c *Crawler) newFetcher() *fetcher {
	proxy := c.plan.proxy
	if proxy == nil {
		proxy = http.ProxyFromEnvironment
	}
	get := near(c.plan.Options, unpacker{newRouter(c.plan.AllowPrivate, proxy)}, c.clock.now)
	if c.plan.Ask != nil {
		get = c.far
	}
	delays := map[string]time.Duration{}
	for _, s := range c.plan.Sources {
		if u, err := url.Parse(s.URL); err == nil && s.Delay > 0 {
			delays[hostName(u)] = max(delays[hostName(u)], s.Delay)
		}
	}
	var asked time.Time
	if c.resumed {
		asked = c.clock.now()
	}
	return &fetcher{
		asked: asked,
		opts:  c.plan.Options, clock: c.clock, folder: c.plan.Folder, lanes: map[string]*lane{}, get: get,
		politeness: func(host string) Politeness {
			p := c.plan.Politeness
			if d := delays[host]; d > 0 {
				p.Delay = d
			}
			return p
		},
		keep: func(page *Capture, f purpose) error {
			if f.kind == pushedKind {
				return nil
			}
			e, err := c.archive.Store(archive.Exchange{
				Date: page.Time, Response: page.Response, Body: page.Body, Truncated: page.Truncated, Source: f.source, Kind: f.kind,
			})
			if err != nil {
				return &fatalError{err}
			}
			page.Place = e.Capture.String()
			return nil
		},
		state: c.frontier.Host,
		rested: func(h frontier.Host) error {
			if err := c.frontier.SetHost(h); err != nil {
				return &fatalError{err}
			}
			return nil
		},
	}
}

// Run crawls until nothing is due any more, where the plan says once, or until
// the context ends. It yields what each visit came to; all that an event tells of
// is safe on disk. An error ends the crawl.
func (c *Crawler) Run(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		events := make(chan Event)
		failed := make(chan error, 1)
		go func() {
			defer close(events)
			failed <- c.run(ctx, events)
		}()
		wanted := true
		for e := range events {
			if wanted && !yield(e, nil) {
				wanted = false
				cancel()
			}
		}
		if err := <-failed; err != nil && wanted {
			yield(Event{}, err)
		}
	}
}

func (c *Crawler) run(ctx context.Context, events chan<- Event) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := c.plant(); err != nil {
		return err
	}
	p := &pass{Crawler: c, events: events, began: c.clock.now(), active: map[string]int{}, running: map[string]int{}, finished: make(chan ended)}
	p.visited = p.began
	files, close := context.WithCancel(ctx)
	defer close()
	p.busy++
	go func() { p.finished <- ended{err: p.readFiles(files)} }()
	err := p.dispatch(ctx)
	switch {
	case err != nil:
		stop()
	case !c.plan.Once:
		close()
	}
	return errors.Join(err, p.drain())
}

// plant has the frontier know all sources that are on the web.
func (c *Crawler) plant() error {
	var items []frontier.Item
	now := c.clock.now()
	for _, s := range c.plan.Sources {
		if kind, ok := frontier.ParseKind(string(s.Kind)); ok {
			items = append(items, frontier.Item{URL: s.URL, Source: s.Name, Kind: kind, Due: now})
		}
	}
	_, err := c.frontier.Add(items...)
	return err
}

func (o Options) withDefaults() Options {
	o.UserAgent = cmp.Or(o.UserAgent, "breachgraph (+https://github.com/breachgraph/breachgraph)")
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.MaxBytes = cmp.Or(o.MaxBytes, 10<<20)
	return o
}

// items makes of what a source named what the frontier is to know. They are due
// at a time that must not be after the beginning of the pass: what is due later is
// left to the next one.
func (c *Crawler) items(found []Finding, s Source, due time.Time) []frontier.Item {
	var items []frontier.Item
	for _, f := range found {
		if !c.plan.Since.IsZero() && !f.Changed.IsZero() && f.Changed.Before(c.plan.Since) {
			continue
		}
		id, err := ingest.CanonicalURL(f.URL)
		if err != nil || !s.admits(f.URL) {
			continue
		}
		items = append(items, frontier.Item{URL: f.URL, ID: id, Source: s.Name, Published: f.Changed, Changed: f.Changed, Due: due})
	}
	return items
}
