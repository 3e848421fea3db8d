package api

import (
	_ "embed"
	"net/http"
)

// document describes the API by OpenAPI 3.1. The tests check every route and
// every answer against it.
//
//go:embed openapi.json
var document []byte

// serveDocument answers GET /api/openapi.json, to everybody: it holds nothing but
// what the program's source does.
func serveDocument(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(document)
}
