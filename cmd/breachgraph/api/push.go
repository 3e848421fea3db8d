package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/ingest"
)

// MaxBody is the largest body of a request, in bytes.
const MaxBody = 10 << 20

// A pushed article is the JSON of POST /api/v1/articles: an address alone, to be
// fetched, or a text or page with what is known of it.
type pushed struct {
	URL       string `json:"url"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	HTML      string `json:"html"`
	Published string `json:"published"`
}

// A receipt tells what became a job.
type receipt struct {
	ID    string `json:"id"`
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
}

// push answers POST /api/v1/articles: JSON, a page or a text.
func (a *API) push(r *http.Request) (any, error) {
	v, err := params(r, "url")
	if err != nil {
		return nil, err
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, refusal{http.StatusUnsupportedMediaType, "the header Content-Type is application/json, text/html or text/plain"}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var article ingest.Article
	switch kind {
	case "application/json":
		article, err = a.pushedJSON(r, body)
	case "text/html", "application/xhtml+xml":
		article, err = a.content(r, body, v.Get("url"))
	case "text/plain":
		article, err = a.plain(r, pushed{Text: string(body), URL: v.Get("url")})
	default:
		return nil, refusal{http.StatusUnsupportedMediaType, "a body is application/json, text/html or text/plain"}
	}
	if err == nil {
		err = article.Check()
	}
	switch {
	case err != nil:
		return nil, err
	case article.Extraction != nil || article.Record != nil:
		return nil, refusal{http.StatusUnprocessableEntity, "it is what breachgraph printed, and no article; load that with breachgraph ingest"}
	case article.URL == "":
		article.ID = textID(article.Text)
	}
	if err := a.Take(r.Context(), article); err != nil {
		return nil, err
	}
	a.Log.Info("an article was pushed", "article", article.ID, "by", access.Caller(r.Context()).Name)
	return accepted{receipt{article.ID, article.URL, article.Title}}, nil
}

// textID is the id of an article without an address, as the graph makes it.
func textID(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "urn:sha256:" + hex.EncodeToString(sum[:])
}

// pushedJSON reads the object that is pushed.
func (a *API) pushedJSON(r *http.Request, body []byte) (ingest.Article, error) {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	var p pushed
	if err := d.Decode(&p); err != nil {
		return ingest.Article{}, badRequest("the body is no JSON object with url, text, html, title or published")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return ingest.Article{}, badRequest("something follows the JSON object of the body")
	}
	switch {
	case p.Text != "" && p.HTML != "":
		return ingest.Article{}, badRequest("give text or html, not both")
	case p.HTML != "":
		return a.content(r, []byte(p.HTML), p.URL)
	case p.Text != "":
		return a.plain(r, p)
	case p.Title != "" || p.Published != "":
		return ingest.Article{}, badRequest("title and published go with text")
	}
	if err := checkAddress(p.URL); err != nil {
		return ingest.Article{}, err
	}
	article, err := a.Fetch(r.Context(), p.URL)
	if err != nil {
		err = fetchError{err}
	}
	return article, err
}

// checkAddress refuses what is no address of the web.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(address) > maxParam {
		return badRequest("url is an http or https address without a user")
	}
	return nil
}

// content reads a page or a text that is pushed; address is where it is said to
// come from.
func (a *API) content(r *http.Request, body []byte, address string) (ingest.Article, error) {
	if address != "" {
		if err := checkAddress(address); err != nil {
			return ingest.Article{}, err
		}
	}
	article, err := a.Read(r.Context(), body, address)
	if err != nil && r.Context().Err() == nil {
		return article, refusal{http.StatusUnprocessableEntity, "no article can be read from the body"}
	}
	return article, err
}

// plain reads a text, and what is known beside it.
func (a *API) plain(r *http.Request, p pushed) (ingest.Article, error) {
	if p.URL != "" {
		if err := checkAddress(p.URL); err != nil {
			return ingest.Article{}, err
		}
	}
	line := map[string]string{"text": p.Text}
	for name, value := range map[string]string{"url": p.URL, "title": p.Title} {
		if value != "" {
			line[name] = value
		}
	}
	if p.Published != "" {
		t, err := ingest.ParseDate(p.Published)
		if err != nil {
			return ingest.Article{}, badRequest("published is a date such as 2021-08-16 or a time by RFC 3339")
		}
		line["published"] = t.Format(time.RFC3339)
	}
	raw, err := json.Marshal(line)
	if err != nil {
		return ingest.Article{}, fmt.Errorf("read a pushed text: %w", err)
	}
	for article, err := range (ingest.Reader{}).Read(r.Context(), "-", strings.NewReader(string(raw)+"\n")) {
		if err != nil {
			return article, refusal{http.StatusUnprocessableEntity, "no article can be read from the body"}
		}
		return article, nil
	}
	return ingest.Article{}, ingest.ErrNoArticle
}
