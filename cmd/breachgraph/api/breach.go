package api

import "net/http"

// breaches answers GET /api/v1/breaches.
func (a *API) breaches(r *http.Request) (any, error) {
	v, err := params(r, "q", "order", "skip", "limit")
	if err != nil {
		return nil, err
	}
	p, err := page(v)
	switch order := v.Get("order"); {
	case err != nil:
		return nil, err
	case order == "articles" && v.Get("q") == "":
		return a.Catalog.MostReported(r.Context(), p)
	case order != "" && order != "latest" && order != "articles":
		return nil, badRequest("parameter order is latest or articles")
	}
	return a.Catalog.Breaches(r.Context(), v.Get("q"), p)
}

// breach answers GET /api/v1/breaches/{id}.
func (a *API) breach(r *http.Request) (any, error) {
	if _, err := params(r); err != nil {
		return nil, err
	}
	return a.Catalog.Breach(r.Context(), r.PathValue("id"))
}
