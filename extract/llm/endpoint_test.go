package llm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sashabaranov/go-openai"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

const secret = "sk-test-0123456789"

// An endpoint is a local server that speaks the protocol as real ones do.
type endpoint struct {
	*httptest.Server
	mu       sync.Mutex
	requests []openai.ChatCompletionRequest
	keys     []string
}

// serve starts an endpoint; handle answers request n, counted from 0.
func serve(t testing.TB, handle func(w http.ResponseWriter, r *http.Request, req openai.ChatCompletionRequest, n int)) *endpoint {
	t.Helper()
	e := new(endpoint)
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req openai.ChatCompletionRequest
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil || r.URL.Path != "/v1/chat/completions" {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		e.mu.Lock()
		n := len(e.requests)
		e.requests = append(e.requests, req)
		e.keys = append(e.keys, r.Header.Get("Authorization"))
		e.mu.Unlock()
		handle(w, r, req, n)
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) asked() []openai.ChatCompletionRequest {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.requests
}

// says answers every request with text, in the way that was asked for.
func says(text string) func(http.ResponseWriter, *http.Request, openai.ChatCompletionRequest, int) {
	return func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, _ int) {
		write(w, req, text, openai.FinishReasonStop)
	}
}

// write answers req with text: as message or call, in one piece or streamed.
func write(w http.ResponseWriter, req openai.ChatCompletionRequest, text string, reason openai.FinishReason) {
	usage := openai.Usage{PromptTokens: 1000, CompletionTokens: 200}
	if !req.Stream {
		message := openai.ChatCompletionMessage{Role: "assistant", Content: text}
		if len(req.Tools) > 0 {
			message = openai.ChatCompletionMessage{Role: "assistant", ToolCalls: []openai.ToolCall{{
				ID: "call-1", Type: openai.ToolTypeFunction, Function: openai.FunctionCall{Name: req.Tools[0].Function.Name, Arguments: text},
			}}}
		}
		json.NewEncoder(w).Encode(openai.ChatCompletionResponse{
			Usage: usage, Choices: []openai.ChatCompletionChoice{{Message: message, FinishReason: reason}},
		})
		return
	}
	chunk := chunks(w)
	fmt.Fprint(w, strings.Repeat(": a comment, as some send to keep the line open\n\n", 500))
	for piece := range strings.SplitAfterSeq(text, ",") {
		delta := openai.ChatCompletionStreamChoiceDelta{Content: piece}
		if index := 0; len(req.Tools) > 0 {
			delta = openai.ChatCompletionStreamChoiceDelta{ToolCalls: []openai.ToolCall{{Index: &index, Function: openai.FunctionCall{Arguments: piece}}}}
		}
		chunk(openai.ChatCompletionStreamResponse{Choices: []openai.ChatCompletionStreamChoice{{Delta: delta}}})
	}
	chunk(openai.ChatCompletionStreamResponse{Choices: []openai.ChatCompletionStreamChoice{{FinishReason: reason}}})
	if req.StreamOptions != nil {
		chunk(openai.ChatCompletionStreamResponse{Usage: &usage})
	}
	fmt.Fprint(w, "data: [DONE]\n\n")
}

// chunks begins a stream, and returns what writes a piece of it.
func chunks(w http.ResponseWriter) func(openai.ChatCompletionStreamResponse) {
	w.Header().Set("Content-Type", "text/event-stream")
	return func(v openai.ChatCompletionStreamResponse) {
		raw, _ := json.Marshal(v)
		fmt.Fprintf(w, "data: %s\n\n", raw)
	}
}

// refuse answers with an error as endpoints put it.
func refuse(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(openai.ErrorResponse{Error: &openai.APIError{Message: message, Type: "error"}})
}

// quick is a pace without waiting.
var quick = pace{retries: 2, wait: time.Nanosecond, longestWait: time.Second, failures: 3, rest: time.Hour}

// reader makes a Reader of the endpoint that logs to the buffer.
func (e *endpoint) reader(t testing.TB, change func(*Config)) (*Reader, *bytes.Buffer) {
	t.Helper()
	log := new(bytes.Buffer)
	c := Config{
		URL: e.URL + "/v1", Model: "tiny:1b", Key: secret, Within: time.Minute,
		Log: slog.New(slog.NewTextHandler(&lockedWriter{w: log}, nil)),
	}
	if change != nil {
		change(&c)
	}
	r, err := newReader(c, quick)
	if err != nil {
		t.Fatal(err)
	}
	return r, log
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// story is an invented article; its sentences are quoted below.
const story = `Northwind Bank said on Monday that hackers stole the names and Social Security numbers of 3.1 million customers. The bank hired Copperfield Forensics to look into the attack. No payment cards were taken, chief executive Dana Whitlock said.

A hacker who goes by greyowl claimed responsibility on a forum in early May 2023. “We got in with a password of a supplier”, the post said. Regulators at the Harbor Commission fined Lumen Post $2 million last year.`

// offline is what an extractor without a model might make of story.
func offline() extract.Result {
	span := func(s string) extract.Span {
		i := strings.Index(story, s)
		return extract.Span{Start: i, End: i + len(s)}
	}
	name := func(s string) extract.Mention { return extract.Mention{Span: span(s), Kind: extract.Name} }
	value := 3.1e6
	first := span("Northwind Bank said on Monday that hackers stole the names and Social Security numbers of 3.1 million customers.")
	return extract.Result{
		Article:  ingest.Article{ID: "story", Title: "Northwind Bank breached", Text: story, Language: "en", Published: time.Date(2023, 5, 9, 0, 0, 0, 0, time.UTC)},
		Relevant: true, Relevance: 0.9,
		Entities: []extract.Entity{
			{ID: "e1", Kind: extract.Company, Name: "Northwind Bank", Mentions: []extract.Mention{name("Northwind Bank"), {Span: span("The bank"), Kind: extract.Nominal}}},
			{ID: "e2", Kind: extract.Person, Name: "Dana Whitlock", Mentions: []extract.Mention{name("Dana Whitlock")}},
		},
		Figures:  []extract.Figure{{ID: "f1", Span: span("3.1 million customers"), Value: &value, Low: &value, High: &value, Unit: "people", Breach: "b1", Status: extract.Confirmed}},
		Breaches: []extract.Breach{{ID: "b1", Victims: []string{"e1"}, Primary: true}},
		Claims: []extract.Claim{
			{ID: "c1", Type: extract.Suffered, Subject: "e1", Object: "b1", Status: extract.Confirmed, AttributedTo: "e1", Evidence: first, Confidence: 0.7, Extractor: extract.Extractor},
			{ID: "c2", Type: extract.Exposed, Subject: "b1", Object: "ssn", Status: extract.Confirmed, AttributedTo: "e1", Evidence: first, Confidence: 0.6, Extractor: extract.Extractor},
			{ID: "c3", Type: extract.Exposed, Subject: "b1", Object: "payment_card", Status: extract.Denied, Evidence: span("No payment cards were taken, chief executive Dana Whitlock said."), Confidence: 0.5, Extractor: extract.Extractor},
		},
	}
}

// entities and breaches of the answers below.
const cast = `"entities":[
	{"id":"e1","type":"company","name":"Northwind Bank","mentions":[]},
	{"id":"e2","type":"firm","name":"Copperfield Forensics","mentions":["Copperfield"]},
	{"id":"e3","type":"person","name":"greyowl","mentions":[]},
	{"id":"e4","type":"company","name":"Acme Rockets","mentions":[]},
	{"id":"e5","type":"agency","name":"Harbor Commission","mentions":[]},
	{"id":"e6","type":"company","name":"Lumen Post","mentions":[]},
	{"id":"e7","type":"person","name":"Dana Whitlock","mentions":["Whitlock"]}],
	"breaches":[{"id":"b1","victims":["e1"],"primary":true,"occurred":"","discovered":"","disclosed":"early May 2023"}],
	"figures":[
	{"id":"f1","text":"3.1 million customers","of":[]},
	{"id":"f2","text":"$2 million","of":[]},
	{"id":"f3","text":"a forum","of":[]}],`

// hired is an answer with one claim that the text bears out and one invented.
const hired = `{` + cast + `"claims":[
	{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e1","object":"e2","status":"reported","attributed_to":"","attributes":[{"name":"purpose","value":"look into the attack"}]},
	{"evidence":"The bank also hired Acme Rockets.","type":"HIRED","subject":"e1","object":"e4","status":"reported","attributed_to":"","attributes":[]}]}`
