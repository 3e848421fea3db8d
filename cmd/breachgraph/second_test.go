package main

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/breachgraph/breachgraph/graph/graphtest"
)

// modelAnswer is what the model of the scripts says of each article.
const modelAnswer = `{"entities":[{"id":"e1","type":"company","name":"Northwind Bank","mentions":[]}],
	"breaches":[{"id":"b1","victims":["e1"],"primary":true,"occurred":"","discovered":"","disclosed":""}],
	"figures":[],
	"claims":[
		{"evidence":"What they walked off with tells who owes how much.","type":"EXPOSED","subject":"b1","object":"financial","status":"reported","attributed_to":"","attributes":[]},
		{"evidence":"They took the crown jewels.","type":"EXPOSED","subject":"b1","object":"other","status":"reported","attributed_to":"","attributes":[]}]}`

// Scripts with a model.
func TestModelScripts(t *testing.T) {
	bin := program(t)
	for _, file := range glob(t, "testdata/llm/*.txt") {
		setup, commands := modelEndpoint(t)
		testscript.Run(t, scriptParams(t, bin, []string{file}, setup, commands))
	}
}

// The same with an empty database.
func TestModelGraphScripts(t *testing.T) {
	db := graphtest.New(t)
	setup, commands := modelEndpoint(t)
	testscript.Run(t, scriptParams(t, program(t), glob(t, "testdata/llm/graph/*.txt"), func(env *testscript.Env) error {
		useDatabase(env, db)
		return setup(env)
	}, commands))
}

// modelEndpoint gives a script an endpoint at $LLM that counts who connects.
// Everything that the program might send by itself goes there too: it is the
// script's proxy.
func modelEndpoint(t *testing.T) (func(*testscript.Env) error, map[string]func(*testscript.TestScript, bool, []string)) {
	t.Helper()
	var connections, requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if strings.HasPrefix(r.URL.Path, "/denied/") {
			w.WriteHeader(http.StatusUnauthorized)
			json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": "I do not know " + r.Header.Get("Authorization")}})
			return
		}
		json.NewEncoder(w).Encode(map[string]any{
			"choices": []any{map[string]any{"finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": modelAnswer}}},
			"usage":   map[string]any{"prompt_tokens": 1500, "completion_tokens": 250},
		})
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	setup := func(env *testscript.Env) error {
		env.Setenv("LLM", server.URL)
		for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "BREACHGRAPH_LLM"} {
			env.Setenv(name, server.URL)
		}
		env.Setenv("OPENAI_API_KEY", "opensesame")
		return nil
	}
	return setup, map[string]func(*testscript.TestScript, bool, []string){
		"connected": times(&connections), "asked": times(&requests),
	}
}

// times is a script command that says how often something happened since it was
// last asked.
func times(n *atomic.Int64) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: connected NUMBER or asked NUMBER")
		}
		if got := strconv.FormatInt(n.Swap(0), 10); got != args[0] {
			ts.Fatalf("%s times, want %s", got, args[0])
		}
	}
}
