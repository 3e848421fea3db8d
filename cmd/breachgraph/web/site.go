package web

import (
	"context"
	"iter"
	"log/slog"
	"net/http"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// A Site answers the status pages of a service. Its fields are set before it is
// used; those that may be nil say so.
type Site struct {
	Guard   *access.Guard
	Catalog catalog.Catalog
	Counter *catalog.Counter
	Queue   Queue
	Sources Sources // nil where this instance knows none
	// Notices are the last warnings and errors of the log, the latest first.
	Notices func() []Notice
	// Ready says why work cannot be done now; nil where it can.
	Ready func(context.Context) error
	// Understand reads an article again from where the archive has it, and says
	// what is in it now.
	Understand func(ctx context.Context, capture string) (extract.Result, error)
	// Again makes a job of that.
	Again func(ctx context.Context, capture string) error
	// Browser is a link into Neo4j Browser with a query in its editor; empty where
	// there is none. nil is the same.
	Browser func(cypher string) string
	Log     *slog.Logger
}

// A Queue is what the pages need of [jobs.Queue].
type Queue interface {
	Depths(ctx context.Context) (map[jobs.Stage]jobs.Depth, error)
	DeadLetters(ctx context.Context) iter.Seq2[jobs.DeadLetter, error]
	DeadLetter(ctx context.Context, number uint64) (jobs.DeadLetter, []byte, error)
	Retry(ctx context.Context, number uint64) error
	Drop(ctx context.Context, number uint64) error
}

// A Source is where a crawl looks for articles, and how that goes.
type Source struct {
	Name, Kind, URL string
	Rule            string    // when it is visited, in words
	Why             string    // it is due when it is
	Last, Answered  time.Time // when the last visit ended, and the last that did not fail; zero for never
	Next            time.Time // zero while it is paused
	News            int       // articles that the last visit found
	Visits          Tally     // of its pages, since the service started
	Failures        int       // visits in a row that failed
	Reason          string    // of the last failure, that robots.txt forbids it among others
	Paused          bool
}

// A Tally counts what became of visits.
type Tally struct{ Good, Failed, Forbidden int }

// Sources are those of the service, and what may be done with one by its name.
type Sources interface {
	List(ctx context.Context) ([]Source, error)
	Pause(ctx context.Context, name string) error
	Resume(ctx context.Context, name string) error
	RunNow(ctx context.Context, name string) error
}

// A Notice is a warning or an error of the log.
type Notice struct {
	Time  time.Time
	Error bool
	Text  string
}

// pageTime bounds how long a page may take.
const pageTime = 12 * time.Second

// An action answers a request with the data that its page shows.
type action func(*http.Request) (any, error)

// Handler answers all pages. Who is let in, the guard says; reading takes one
// scope and changing anything the other.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	page := func(path, name string, do action) {
		mux.Handle("GET "+path, s.Guard.Page(access.Read, loginPath, s.page(name, do)))
	}
	change := func(path string, do func(*http.Request) (back string, err error)) {
		mux.Handle("POST "+path, s.Guard.Page(access.Write, "", s.change(do)))
	}
	page("/{$}", "overview", s.overview)
	page("/sources", "sources", s.sources)
	page("/articles", "articles", s.articles)
	page("/articles/view", "article", s.article)
	mux.Handle("GET /articles/evidence", s.Guard.Page(access.Read, loginPath, http.HandlerFunc(s.evidence)))
	page("/breaches", "breaches", s.breaches)
	page("/breaches/{id}", "breach", s.breach)
	page("/entities", "entities", s.entities)
	page("/entities/{label}/{id}", "entity", s.entity)
	page("/dead", "dead", s.dead)
	page("/dead/{number}", "letter", s.letter)
	change("/sources/pause", s.pauseSource)
	change("/sources/resume", s.resumeSource)
	change("/sources/run", s.runSource)
	change("/articles/again", s.extractAgain)
	change("/dead/retry", s.retryLetter)
	change("/dead/drop", s.dropLetter)
	mux.Handle("GET "+loginPath, s.Guard.Open(http.HandlerFunc(s.askLogin)))
	mux.Handle("POST "+loginPath, s.Guard.Open(http.HandlerFunc(s.logIn)))
	mux.Handle("POST /logout", s.Guard.Open(http.HandlerFunc(s.logOut)))
	mux.HandleFunc("GET /assets/{name}", asset)
	mux.Handle("/", s.Guard.Open(http.HandlerFunc(s.notFound)))
	return mux
}
