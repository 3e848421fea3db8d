package api

import (
	"net/http"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/ingest"
)

// articles answers GET /api/v1/articles.
func (a *API) articles(r *http.Request) (any, error) {
	v, err := params(r, "q", "since", "until", "skip", "limit")
	if err != nil {
		return nil, err
	}
	f := catalog.ArticleFilter{Words: v.Get("q")}
	if f.Since, err = day(v, "since"); err != nil {
		return nil, err
	}
	if f.Until, err = day(v, "until"); err != nil {
		return nil, err
	}
	p, err := page(v)
	if err != nil {
		return nil, err
	}
	return a.Catalog.Articles(r.Context(), f, p)
}

// article answers GET /api/v1/article.
func (a *API) article(r *http.Request) (any, error) {
	v, err := params(r, "url")
	if err != nil {
		return nil, err
	}
	if v.Get("url") == "" {
		return nil, badRequest("parameter url is missing: the address of the article")
	}
	key := v.Get("url")
	if canonical, err := ingest.CanonicalURL(key); err == nil {
		key = canonical
	}
	return a.Catalog.Article(r.Context(), key)
}
