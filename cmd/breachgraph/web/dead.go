package web

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/ingest/jobs"
)

const (
	// maxLetters is how many dead letters a page shows.
	maxLetters = 200
	// maxShown bounds the data of a letter that is shown, in bytes.
	maxShown = 64 << 10
)

type deadPage struct {
	Letters []jobs.DeadLetter
	More    bool
}

// dead answers GET /dead.
func (s *Site) dead(r *http.Request) (any, error) {
	var p deadPage
	for l, err := range s.Queue.DeadLetters(r.Context()) {
		if err != nil {
			return nil, err
		}
		if len(p.Letters) == maxLetters {
			p.More = true
			break
		}
		p.Letters = append(p.Letters, l)
	}
	return p, nil
}

type letterPage struct {
	jobs.DeadLetter
	Shown string
	More  int // bytes that are not shown
}

// letter answers GET /dead/{number}.
func (s *Site) letter(r *http.Request) (any, error) {
	number, err := strconv.ParseUint(r.PathValue("number"), 10, 64)
	if err != nil {
		return nil, jobs.ErrNoLetter
	}
	l, raw, err := s.Queue.DeadLetter(r.Context(), number)
	if err != nil {
		return nil, err
	}
	shown := raw[:min(len(raw), maxShown)]
	p := letterPage{DeadLetter: l, Shown: strings.ToValidUTF8(string(shown), ""), More: len(raw) - len(shown)}
	if !utf8.Valid(shown[:min(len(shown), 1000)]) {
		p.Shown = ""
	}
	return p, nil
}

// retryLetter and dropLetter answer POST of the forms on those pages.
func (s *Site) retryLetter(r *http.Request) (string, error) {
	number, err := strconv.ParseUint(r.PostFormValue("number"), 10, 64)
	if err != nil {
		return "", jobs.ErrNoLetter
	}
	return link("/dead", "said", "retried"), s.Queue.Retry(r.Context(), number)
}

func (s *Site) dropLetter(r *http.Request) (string, error) {
	number, err := strconv.ParseUint(r.PostFormValue("number"), 10, 64)
	if err != nil {
		return "", jobs.ErrNoLetter
	}
	return link("/dead", "said", "dropped"), s.Queue.Drop(r.Context(), number)
}
