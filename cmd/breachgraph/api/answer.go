package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
)

// A refusal is an error that its requester can mend.
type refusal struct {
	status int
	detail string
}

func (r refusal) Error() string { return r.detail }

func badRequest(detail string) error { return refusal{http.StatusBadRequest, detail} }

// accepted is an answer with status 202.
type accepted struct{ value any }

func write(w http.ResponseWriter, answer any) {
	status := http.StatusOK
	if a, ok := answer.(accepted); ok {
		status, answer = http.StatusAccepted, a.value
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		access.WriteProblem(w, http.StatusInternalServerError, "the answer cannot be written as JSON")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(raw, '\n')) // whoever asked may be gone
}

// A fetchError is that of a page which could not be fetched.
type fetchError struct{ error }

func (e fetchError) Unwrap() error { return e.error }

// causes are the errors that requesters are told of, in our words: those of the
// database and the network name addresses that are nobody's business.
var causes = []struct {
	err    error
	status int
	detail string
}{
	{catalog.ErrNone, http.StatusNotFound, "the graph holds no such thing"},
	{graph.ErrTimeout, http.StatusGatewayTimeout, "the database took too long; ask for less"},
	{graph.ErrReadOnly, http.StatusForbidden, "queries only read"},
	{crawl.ErrPrivate, http.StatusUnprocessableEntity, "the address leads to a machine that is not on the open internet"},
	{crawl.ErrDisallowed, http.StatusUnprocessableEntity, "robots.txt of the host disallows the page"},
	{crawl.ErrTooLarge, http.StatusUnprocessableEntity, "the page is too large"},
	{ingest.ErrNoArticle, http.StatusUnprocessableEntity, "it holds no article"},
	{context.DeadlineExceeded, http.StatusGatewayTimeout, "there was no answer in time; try again"},
}

// fail answers with an error.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	var (
		own     refusal
		status  *crawl.StatusError
		tooLong *http.MaxBytesError
	)
	switch {
	case errors.As(err, &own):
		access.WriteProblem(w, own.status, own.detail)
		return
	case errors.As(err, &tooLong):
		access.WriteProblem(w, http.StatusRequestEntityTooLarge, "the body is too large")
		return
	case errors.As(err, &status):
		access.WriteProblem(w, http.StatusUnprocessableEntity, "the server of the page answered "+status.Error())
		return
	}
	for _, c := range causes {
		if errors.Is(err, c.err) {
			access.WriteProblem(w, c.status, c.detail)
			return
		}
	}
	a.Log.Warn("a request failed", "path", r.URL.Path, "error", err)
	if errors.As(err, new(fetchError)) {
		access.WriteProblem(w, http.StatusBadGateway, "the page cannot be fetched: its host, or a host that it redirects to, does not answer as it should; try again later")
		return
	}
	w.Header().Set("Retry-After", "10")
	access.WriteProblem(w, http.StatusServiceUnavailable, "the service cannot answer now; its log says why")
}

// problems has the router's own errors, for paths and methods that are none, be
// problems too.
func problems(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		probe := &statusOnly{header: http.Header{}}
		mux.ServeHTTP(probe, r)
		if allow := probe.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		detail := "there is nothing by that path; /api/openapi.json says what there is"
		if probe.status == http.StatusMethodNotAllowed {
			detail = "the path does not take that method"
		}
		access.WriteProblem(w, max(probe.status, http.StatusNotFound), detail)
	})
}

// A statusOnly keeps the status and the header of an answer.
type statusOnly struct {
	header http.Header
	status int
}

// Header implements [http.ResponseWriter].
func (s *statusOnly) Header() http.Header { return s.header }

// WriteHeader implements [http.ResponseWriter].
func (s *statusOnly) WriteHeader(status int) { s.status = status }

// Write implements [http.ResponseWriter].
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }
