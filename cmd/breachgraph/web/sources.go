package web

import (
	"context"
	"net/http"
)

type sourcesPage struct {
	Known   bool // whether this instance knows any
	Sources []Source
}

// sources answers GET /sources.
func (s *Site) sources(r *http.Request) (any, error) {
	if s.Sources == nil {
		return sourcesPage{}, nil
	}
	all, err := s.Sources.List(r.Context())
	return sourcesPage{true, all}, err
}

// pauseSource, resumeSource and runSource answer POST of the forms on that page.
func (s *Site) pauseSource(r *http.Request) (string, error) {
	return s.source(r, "paused", Sources.Pause)
}

func (s *Site) resumeSource(r *http.Request) (string, error) {
	return s.source(r, "resumed", Sources.Resume)
}

func (s *Site) runSource(r *http.Request) (string, error) {
	return s.source(r, "asked", Sources.RunNow)
}

// source does something with the source that a form names.
func (s *Site) source(r *http.Request, said string, do func(Sources, context.Context, string) error) (string, error) {
	if s.Sources == nil {
		return "", mistake{http.StatusNotFound, "This instance knows no sources."}
	}
	return link("/sources", "said", said), do(s.Sources, r.Context(), r.PostFormValue("name"))
}
