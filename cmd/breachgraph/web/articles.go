package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
)

// A search is what lists are asked for.
type search struct {
	Words, Kind string
	Skip, Next  int
	At          string // the path of the list
}

func searchOf(r *http.Request) search {
	v := r.URL.Query()
	skip, err := strconv.Atoi(v.Get("skip"))
	if err != nil {
		skip = 0
	}
	return search{Words: v.Get("q"), Kind: v.Get("kind"), Skip: skip, At: r.URL.Path}
}

// pageSize is how many rows a list shows.
const pageSize = 40

func (s search) page() catalog.Page { return catalog.Page{Skip: s.Skip, Limit: pageSize} }

// More is the address of the next part of the list, empty at its end.
func (s search) More() string {
	if s.Next == 0 {
		return ""
	}
	return link(s.At, "q", s.Words, "kind", s.Kind, "skip", strconv.Itoa(s.Next))
}

type articlesPage struct {
	search
	Articles []catalog.Article
}

// articles answers GET /articles.
func (s *Site) articles(r *http.Request) (any, error) {
	p := articlesPage{search: searchOf(r)}
	found, err := s.Catalog.Articles(r.Context(), catalog.ArticleFilter{Words: p.Words}, p.page())
	p.Articles, p.Next = found.Items, found.Next
	return p, err
}

type articlePage struct {
	catalog.ArticleClaims
	Cypher  string
	Browser string
}

// article answers GET /articles/view.
func (s *Site) article(r *http.Request) (any, error) {
	a, err := s.Catalog.Article(r.Context(), r.URL.Query().Get("url"))
	p := articlePage{ArticleClaims: a, Cypher: "MATCH path = (:Article {url: " + literal(a.URL) + "})--() RETURN path LIMIT 200"}
	p.Browser = s.browser(p.Cypher)
	return p, err
}

// evidence answers GET /articles/evidence: what is in an article now, as its page
// in the archive is read again.
func (s *Site) evidence(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pageTime)
	defer cancel()
	var b bytes.Buffer
	err := func() error {
		capture, err := s.captureOf(ctx, r.URL.Query().Get("url"))
		if err != nil {
			return err
		}
		result, err := s.Understand(ctx, capture)
		if err != nil {
			s.Log.Warn("an article cannot be read again", "capture", capture, "error", err)
			return mistake{http.StatusNotFound, "The page cannot be read again from the archive of this instance. Its log says why."}
		}
		return writeEvidence(&b, result, "/assets/evidence.css")
	}()
	if err != nil {
		v := s.view(r, "problem")
		var status int
		status, v.Problem = s.explain(r, err)
		s.write(w, status, v)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w) // whoever asked may be gone
}

// captureOf is where the archive has an article, by its address.
func (s *Site) captureOf(ctx context.Context, url string) (string, error) {
	a, err := s.Catalog.Article(ctx, url)
	if err == nil && a.Capture == "" {
		err = mistake{http.StatusNotFound, "The archive does not have this article: no crawl fetched it."}
	}
	return a.Capture, err
}

// extractAgain answers POST /articles/again.
func (s *Site) extractAgain(r *http.Request) (string, error) {
	url := r.PostFormValue("url")
	capture, err := s.captureOf(r.Context(), url)
	if err == nil {
		err = s.Again(r.Context(), capture)
	}
	return link("/articles/view", "url", url, "said", "again"), err
}
