package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
)

// entities answers GET /api/v1/entities.
func (a *API) entities(r *http.Request) (any, error) {
	v, err := params(r, "q", "kind", "skip", "limit")
	if err != nil {
		return nil, err
	}
	if kind := v.Get("kind"); kind != "" && !slices.Contains(catalog.Kinds(), kind) {
		return nil, badRequest("parameter kind is one of " + strings.Join(catalog.Kinds(), ", "))
	}
	p, err := page(v)
	if err != nil {
		return nil, err
	}
	return a.Catalog.Entities(r.Context(), v.Get("q"), v.Get("kind"), p)
}

// entity answers GET /api/v1/entities/{label}/{id}.
func (a *API) entity(r *http.Request) (any, error) {
	if _, err := params(r); err != nil {
		return nil, err
	}
	return a.Catalog.Entity(r.Context(), r.PathValue("label"), r.PathValue("id"))
}
