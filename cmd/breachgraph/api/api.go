// Package api answers /api/v1: JSON for programs, described by the OpenAPI
// document that it serves. All of it asks for a token; errors are problems by RFC
// 9457. It reads through package catalog, and hands what is pushed to whoever
// makes jobs of it.
//
// api.go lists the routes; article.go, entity.go, breach.go and query.go answer
// those of one subject, push.go takes articles in; request.go reads parameters,
// answer.go writes, openapi.go serves the document.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/queries"
)

// An API answers requests. Its fields are set before it is used.
type API struct {
	Catalog catalog.Catalog
	Queries []queries.Query
	// Fetch gets the article at an address as politely as the crawl does. The
	// error wraps one of [crawl.ErrPrivate], [crawl.ErrDisallowed] and their like
	// where the address is at fault.
	Fetch func(ctx context.Context, address string) (ingest.Article, error)
	// Read reads an article from a page or a text; address may be empty.
	Read func(ctx context.Context, content []byte, address string) (ingest.Article, error)
	// Take makes a job of an article; it is safe when Take returns.
	Take func(ctx context.Context, a ingest.Article) error
	Log  *slog.Logger
}

const (
	// askTime bounds how long an answer takes that needs the database, and
	// fetchTime that of a push which fetches.
	askTime   = 12 * time.Second
	fetchTime = 25 * time.Second
	// asked and fetched are how many are answered at once: more only wait for
	// each other in the database, or hold pages in memory.
	maxAsked, maxFetched = 8, 4
)

// What requests cost of the rate that a token has.
const (
	cheap    = 1
	dear     = 3
	dearest  = 10
	queryMax = 10_000 // rows
)

// A route is one operation of the API.
type route struct {
	pattern string
	scope   access.Scope
	cost    int
	within  time.Duration
	slots   chan struct{}
	answer  func(*http.Request) (any, error)
}

// routes are all operations.
func (a *API) routes() []route {
	ask, fetch := make(chan struct{}, maxAsked), make(chan struct{}, maxFetched)
	return []route{
		{"GET /api/v1/articles", access.Read, cheap, askTime, ask, a.articles},
		{"GET /api/v1/article", access.Read, cheap, askTime, ask, a.article},
		{"POST /api/v1/articles", access.Write, dearest, fetchTime, fetch, a.push},
		{"GET /api/v1/entities", access.Read, cheap, askTime, ask, a.entities},
		{"GET /api/v1/entities/{label}/{id}", access.Read, cheap, askTime, ask, a.entity},
		{"GET /api/v1/breaches", access.Read, cheap, askTime, ask, a.breaches},
		{"GET /api/v1/breaches/{id}", access.Read, cheap, askTime, ask, a.breach},
		{"GET /api/v1/queries", access.Read, cheap, askTime, ask, a.listQueries},
		{"GET /api/v1/queries/{name}", access.Read, dear, askTime, ask, a.query},
	}
}

// Handler answers what begins with /api/, behind g.
func (a *API) Handler(g *access.Guard) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /api/openapi.json", g.Open(http.HandlerFunc(serveDocument)))
	for _, r := range a.routes() {
		mux.Handle(r.pattern, g.API(r.scope, r.cost, a.serve(r)))
	}
	return problems(mux)
}

// serve answers the requests of one route.
func (a *API) serve(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx, cancel := context.WithTimeout(req.Context(), r.within)
		defer cancel()
		select {
		case r.slots <- struct{}{}:
			defer func() { <-r.slots }()
		case <-ctx.Done():
			w.Header().Set("Retry-After", "5")
			access.WriteProblem(w, http.StatusServiceUnavailable, "too many ask at once; try again in some seconds")
			return
		}
		answer, err := r.answer(req.WithContext(ctx))
		if err != nil && ctx.Err() != nil {
			err = ctx.Err() // of which the database's error need not tell
		}
		if err != nil {
			a.fail(w, req, err)
			return
		}
		write(w, answer)
	})
}
