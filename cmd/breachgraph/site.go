package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/api"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/service"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/web"
	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/page"
	"github.com/breachgraph/breachgraph/ingest/schedule"
	"github.com/breachgraph/breachgraph/queries"
)

// tokenVariable holds the tokens of those who may ask the service. There is no
// flag for them.
const tokenVariable = "BREACHGRAPH_API_TOKENS"

// A statusSite is what serve answers over HTTP.
type statusSite struct {
	*app
	guard           *access.Guard
	recent          *service.Recent
	listener, pprof net.Listener // pprof is nil where it is off
}

// openSite opens the ports, and has the last warnings of the log kept from now on.
func (a *app) openSite() (*statusSite, error) {
	tokens, err := a.apiTokens()
	if err != nil {
		return nil, err
	}
	s := &statusSite{app: a, recent: service.NewRecent(a.log.Handler())}
	a.log = slog.New(s.recent)
	var names []string
	for name := range strings.SplitSeq(a.names, ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			names = append(names, name)
		}
	}
	s.guard = access.NewGuard(access.Options{Tokens: tokens, Names: names, Log: a.log})
	if s.listener, err = s.guard.Listen(a.listen); err != nil {
		return nil, usagef("--listen: %v", err)
	}
	if a.pprof != "" {
		if s.pprof, err = access.ListenHere(a.pprof); err != nil {
			return nil, errors.Join(usagef("--pprof: %v", err), s.listener.Close())
		}
	}
	return s, nil
}

// apiTokens are those of the file that is set, else of the environment.
func (a *app) apiTokens() ([]access.Token, error) {
	if a.apiTokensFile != "" {
		tokens, err := access.ReadTokens(a.apiTokensFile)
		if err != nil {
			return nil, usagef("--api-tokens-file: %v", err)
		}
		return tokens, nil
	}
	tokens, err := access.ParseTokens(os.Getenv(tokenVariable))
	if err != nil {
		return nil, usagef("%s: %v", tokenVariable, err)
	}
	return tokens, nil
}

// close closes the ports where run did not come to it.
func (s *statusSite) close() error {
	if s.pprof != nil {
		return errors.Join(s.listener.Close(), s.pprof.Close())
	}
	return s.listener.Close()
}

// run answers until ctx ends.
func (s *statusSite) run(ctx context.Context, p *service.Pipeline, plan crawl.Plan) error {
	all, err := queries.All()
	if err != nil {
		return err
	}
	sources, err := schedule.Open(ctx, p.Queue, plan.Sources, s.log)
	if err != nil {
		return err
	}
	reader := newGraphReader(s.app)
	c := catalog.Catalog{Read: reader.read}
	pages := s.pages(p, plan, c)
	pages.Sources, pages.Browser = watched{sources, p.Metrics}, reader.link
	group, ctx := errgroup.WithContext(ctx)
	programs := &api.API{Catalog: c, Queries: all, Fetch: pushed(ctx, p.Queue), Read: readPushed, Take: p.Take, Log: s.log}
	mux := http.NewServeMux()
	mux.Handle("/", pages.Handler())
	mux.Handle("/api/", programs.Handler(s.guard))
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, service.Watch(p.Metrics, p.Ready, s.guard))
	}
	s.log.Info("serving on http://" + s.listener.Addr().String())
	group.Go(func() error { return service.Serve(ctx, s.listener, s.guard.Front(api.MaxBody, mux), s.log) })
	if s.pprof != nil {
		group.Go(func() error { return service.Serve(ctx, s.pprof, service.Profiles(), s.log) })
	}
	group.Go(func() error { return reader.run(ctx) })
	group.Go(func() error { return pages.Counter.Run(ctx) })
	return group.Wait()
}

// pages are the status pages, but for what is known of the sources.
func (s *statusSite) pages(p *service.Pipeline, plan crawl.Plan, c catalog.Catalog) *web.Site {
	archive := archived{crawl.Replay{Sources: plan.Sources, Read: plan.Read}, filepath.Join(plan.Folder, "archive")}
	return &web.Site{
		Guard: s.guard, Catalog: c, Counter: catalog.NewCounter(c), Queue: p.Queue, Notices: s.notices, Ready: p.Ready, Log: s.log,
		Understand: func(ctx context.Context, capture string) (extract.Result, error) {
			article, err := archive.Article(ctx, archive.folder, capture)
			if err != nil {
				return extract.Result{}, err
			}
			item, err := s.understand(ctx, article)
			return item.Result, err
		},
		Again: func(ctx context.Context, capture string) error {
			article, err := archive.Article(ctx, archive.folder, capture)
			if err != nil {
				return err
			}
			return p.Again(ctx, article)
		},
	}
}

// archived reads pages that a crawl has kept.
type archived struct {
	crawl.Replay
	folder string
}

// notices are the last warnings of the log as pages show them.
func (s *statusSite) notices() []web.Notice {
	var out []web.Notice
	for _, n := range s.recent.Notices() {
		out = append(out, web.Notice{Time: n.Time, Error: n.Level >= slog.LevelError, Text: n.Text})
	}
	return out
}

// pushed gets articles by their addresses until whole ends.
func pushed(whole context.Context, q *jobs.Queue) func(context.Context, string) (ingest.Article, error) {
	return func(ctx context.Context, address string) (ingest.Article, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(whole, cancel)()
		got, err := service.FetchPage(ctx, q, address)
		if err != nil {
			return ingest.Article{}, err
		}
		return readPushed(ctx, got.Body, got.URL)
	}
}

// readPushed reads an article of unknown form; address may be empty.
func readPushed(ctx context.Context, content []byte, address string) (ingest.Article, error) {
	if address == "" {
		address = "-"
	}
	for article, err := range (ingest.Reader{HTML: page.Read}).Read(ctx, address, bytes.NewReader(content)) {
		return article, err
	}
	return ingest.Article{}, fmt.Errorf("read %.300s: %w", address, ingest.ErrNoArticle)
}
