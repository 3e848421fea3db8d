package llm

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sashabaranov/go-openai"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// ofModel gives the claims that only a model made.
func ofModel(r extract.Result) []extract.Claim {
	var out []extract.Claim
	for _, c := range r.Claims {
		if c.Extractor != extract.Extractor {
			out = append(out, c)
		}
	}
	return out
}

// way by which a request asks for its form.
func wayOf(req openai.ChatCompletionRequest) way {
	switch {
	case len(req.Tools) > 0:
		return byTool
	case req.ResponseFormat == nil:
		return byWord
	case req.ResponseFormat.Type == openai.ChatCompletionResponseFormatTypeJSONSchema:
		return bySchema
	}
	return byJSON
}

func TestProtocol(t *testing.T) {
	tests := []struct {
		name  string
		knows way // the only way that the endpoint knows
		text  string
	}{
		{"schema", bySchema, hired},
		{"tool", byTool, hired},
		{"json", byJSON, hired},
		{"prose", byWord, "<think>Is {this} it?</think>Here you are:\n```json\n" + hired + "\n```\nAnything else?"},
	}
	for _, tt := range tests {
		for _, stream := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s stream=%t", tt.name, stream), func(t *testing.T) {
				e := serve(t, func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, _ int) {
					if wayOf(req) != tt.knows {
						refuse(w, http.StatusBadRequest, "response_format is not supported")
						return
					}
					write(w, req, tt.text, openai.FinishReasonStop)
				})
				r, _ := e.reader(t, func(c *Config) { c.Stream, c.PromptPrice, c.CompletionPrice = stream, 2, 10 })
				for range 2 {
					claims := ofModel(r.Read(t.Context(), offline()))
					if len(claims) != 1 || claims[0].Type != extract.Hired || claims[0].Extractor != "llm:tiny:1b" || claims[0].Attributes["purpose"] != "look into the attack" {
						t.Fatalf("claims of the model = %+v, want one HIRED", claims)
					}
				}
				// Each way is tried once; the second article goes by the one that worked.
				if n := len(e.asked()); n != int(tt.knows)+2 {
					t.Errorf("%d requests, want %d", n, tt.knows+2)
				}
				got := r.Report()
				want := Report{Articles: 2, Asked: 2, Added: 2, PromptTokens: 2000, Completion: 400, Cost: 0.008,
					Dropped: map[Reason]int{InventedQuote: 2}, Failed: map[Failure]int{}}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("report = %+v, want %+v", got, want)
				}
				if e.keys[0] != "Bearer "+secret {
					t.Errorf("Authorization %q", e.keys[0])
				}
			})
		}
	}
}

// What an endpoint or a model does not take is left out from then on.
func TestQuirks(t *testing.T) {
	e := serve(t, func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, _ int) {
		switch {
		case req.Temperature != 0:
			refuse(w, http.StatusBadRequest, "Unsupported value: 'temperature'")
		case req.StreamOptions != nil:
			refuse(w, http.StatusBadRequest, "unknown field stream_options")
		default:
			write(w, req, hired, openai.FinishReasonStop)
		}
	})
	r, _ := e.reader(t, func(c *Config) { c.Stream = true })
	for range 2 {
		if claims := ofModel(r.Read(t.Context(), offline())); len(claims) != 1 {
			t.Fatalf("%d claims, want 1", len(claims))
		}
	}
	if n := len(e.asked()); n != 4 {
		t.Errorf("%d requests, want 4", n)
	}
	if got := r.Report(); got.Unmetered != 2 || got.PromptTokens != 0 {
		t.Errorf("report = %+v, want two answers without tokens", got)
	}
}

// Whatever an endpoint does, the offline result stands, one warning is enough,
// and nothing shows the key.
func TestFailures(t *testing.T) {
	type handler = func(http.ResponseWriter, *http.Request, openai.ChatCompletionRequest, int)
	status := func(code int) handler {
		return func(w http.ResponseWriter, r *http.Request, _ openai.ChatCompletionRequest, _ int) {
			refuse(w, code, "no\nfor "+r.Header.Get("Authorization"))
		}
	}
	body := func(s string) handler {
		return func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, _ int) {
			line := s
			if req.Stream {
				line = "data: " + s
			}
			fmt.Fprintln(w, line)
		}
	}
	finish := func(text string, reason openai.FinishReason) handler {
		return func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, _ int) {
			write(w, req, text, reason)
		}
	}
	tests := []struct {
		name     string
		handle   handler
		want     Failure
		requests int // 0 where it does not matter
	}{
		{"refusal", func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, _ int) {
			if req.Stream {
				chunks(w)(openai.ChatCompletionStreamResponse{Choices: []openai.ChatCompletionStreamChoice{{Delta: openai.ChatCompletionStreamChoiceDelta{Refusal: "I must not."}}}})
				return
			}
			fmt.Fprint(w, `{"choices":[{"message":{"role":"assistant","refusal":"I must not."},"finish_reason":"stop"}]}`)
		}, Refused, 1},
		{"content filter", finish("", openai.FinishReasonContentFilter), Refused, 1},
		{"cut off", finish(hired[:len(hired)/2], openai.FinishReasonLength), CutOff, 1},
		{"cut off unsaid", finish(hired[:len(hired)/2], openai.FinishReasonStop), Unusable, 4},
		{"prose", finish("I cannot find {anything} here.", openai.FinishReasonStop), Unusable, 4},
		{"other JSON", finish(`{"answer":{"claims":1}}`, openai.FinishReasonStop), Unusable, 4},
		{"empty", body(`{"choices":[]}`), Unusable, 4},
		{"not JSON", body("<html>welcome to the hotel network</html>"), Broken, 1},
		{"response cut off", body(`{"choices":[{"message":{"role":"assis`), Broken, 1},
		{"error in a stream", func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, _ int) {
			if req.Stream {
				chunks(w)(openai.ChatCompletionStreamResponse{})
				fmt.Fprint(w, `data: {"error":{"message":"out of memory"}}`+"\n\n")
				return
			}
			refuse(w, http.StatusForbidden, "out of memory")
		}, Broken, 1},
		{"429", status(429), Broken, 3},
		{"500", status(500), Broken, 3},
		{"401", status(401), Broken, 1},
		{"400", status(400), Broken, 4},
		{"bare 500", func(w http.ResponseWriter, r *http.Request, _ openai.ChatCompletionRequest, _ int) {
			http.Error(w, r.Header.Get("Authorization"), 500)
		}, Broken, 3},
		{"retry in an hour", func(w http.ResponseWriter, _ *http.Request, _ openai.ChatCompletionRequest, _ int) {
			w.Header().Set("Retry-After", "3600")
			refuse(w, 429, "slow down")
		}, Broken, 1},
		{"redirect", func(w http.ResponseWriter, r *http.Request, _ openai.ChatCompletionRequest, _ int) {
			http.Redirect(w, r, "/v1/chat/completions", http.StatusTemporaryRedirect)
		}, Broken, 1},
		{"too much", func(w http.ResponseWriter, _ *http.Request, _ openai.ChatCompletionRequest, _ int) {
			for range maxResponse>>20 + 1 {
				w.Write(bytes.Repeat([]byte(" "), 1<<20))
			}
		}, Broken, 1},
		{"long answer", finish(strings.Repeat("{", maxAnswer+1), openai.FinishReasonStop), Unusable, 0},
		{"hangs up", func(http.ResponseWriter, *http.Request, openai.ChatCompletionRequest, int) {
			panic(http.ErrAbortHandler)
		}, Broken, 3},
		{"hangs", func(_ http.ResponseWriter, r *http.Request, _ openai.ChatCompletionRequest, _ int) {
			<-r.Context().Done()
		}, TimedOut, 1},
		{"hangs midway", func(w http.ResponseWriter, r *http.Request, _ openai.ChatCompletionRequest, _ int) {
			fmt.Fprint(w, "{")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, TimedOut, 1},
	}
	for _, tt := range tests {
		for _, stream := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s stream=%t", tt.name, stream), func(t *testing.T) {
				e := serve(t, tt.handle)
				r, log := e.reader(t, func(c *Config) {
					c.Stream = stream
					if tt.want == TimedOut {
						c.Within = 100 * time.Millisecond
					}
				})
				if got := r.Read(t.Context(), offline()); !reflect.DeepEqual(got, offline()) {
					t.Errorf("Read = %+v, want the offline result", got)
				}
				report := r.Report()
				if want := (map[Failure]int{tt.want: 1}); !reflect.DeepEqual(report.Failed, want) {
					t.Errorf("failed = %v, want %v; %s", report.Failed, want, log)
				}
				if n := len(e.asked()); tt.requests != 0 && n != tt.requests {
					t.Errorf("%d requests, want %d", n, tt.requests)
				}
				for range 5 {
					r.Read(t.Context(), offline())
				}
				if n := strings.Count(log.String(), "\n"); n != 1 || strings.Contains(log.String(), "sk-test") {
					t.Errorf("log of %d lines, want one without a key:\n%s", n, log)
				}
			})
		}
	}
}

func TestRetry(t *testing.T) {
	for _, code := range []int{429, 500, 503} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			e := serve(t, func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, n int) {
				if n < 2 {
					w.Header().Set("Retry-After", "0")
					refuse(w, code, "busy")
					return
				}
				write(w, req, hired, openai.FinishReasonStop)
			})
			r, log := e.reader(t, nil)
			if claims := ofModel(r.Read(t.Context(), offline())); len(claims) != 1 || log.Len() > 0 {
				t.Errorf("%d claims, want 1; log %s", len(claims), log)
			}
		})
	}
}

func TestBreaker(t *testing.T) {
	up := false
	handle := func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, _ int) {
		if !up {
			refuse(w, http.StatusUnauthorized, "who are you?")
			return
		}
		write(w, req, hired, openai.FinishReasonStop)
	}
	t.Run("opens", func(t *testing.T) {
		e := serve(t, handle)
		r, _ := e.reader(t, nil)
		for range 20 {
			r.Read(t.Context(), offline())
		}
		if n := len(e.asked()); n != int(quick.failures) {
			t.Errorf("%d requests, want %d", n, quick.failures)
		}
		want := map[Failure]int{Broken: int(quick.failures), NotAsked: 20 - int(quick.failures)}
		if got := r.Report().Failed; !reflect.DeepEqual(got, want) {
			t.Errorf("failed = %v, want %v", got, want)
		}
	})
	t.Run("closes", func(t *testing.T) {
		e := serve(t, handle)
		restless := quick
		restless.rest = time.Nanosecond
		var log bytes.Buffer
		r, err := newReader(Config{URL: e.URL, Model: "m", Log: slog.New(slog.NewTextHandler(&log, nil))}, restless)
		if err != nil {
			t.Fatal(err)
		}
		for outage := 1; outage <= 2; outage++ {
			up = false
			for range 4 {
				r.Read(t.Context(), offline())
			}
			up = true
			if claims := ofModel(r.Read(t.Context(), offline())); len(claims) != 1 {
				t.Errorf("%d claims once the endpoint is back, want 1", len(claims))
			}
			if n := strings.Count(log.String(), "\n"); n != outage {
				t.Errorf("%d warnings after outage %d:\n%s", n, outage, &log)
			}
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		up = false
		e := serve(t, handle)
		e.Close()
		r, log := e.reader(t, nil)
		for range 5 {
			if got := r.Read(t.Context(), offline()); !reflect.DeepEqual(got, offline()) {
				t.Errorf("Read = %+v, want the offline result", got)
			}
		}
		if strings.Count(log.String(), "\n") != 1 {
			t.Errorf("log:\n%s\nwant one line", log)
		}
	})
}

// An interrupted run is nobody's failure.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e := serve(t, func(_ http.ResponseWriter, r *http.Request, _ openai.ChatCompletionRequest, _ int) {
		cancel()
		<-r.Context().Done()
	})
	r, log := e.reader(t, nil)
	for range 5 {
		if got := r.Read(ctx, offline()); !reflect.DeepEqual(got, offline()) {
			t.Errorf("Read = %+v, want the offline result", got)
		}
	}
	if len(r.Report().Failed) > 0 || log.Len() > 0 {
		t.Errorf("failed %v, log %q, want neither", r.Report().Failed, log)
	}
}

func TestParallel(t *testing.T) {
	e := serve(t, func(w http.ResponseWriter, _ *http.Request, req openai.ChatCompletionRequest, n int) {
		switch {
		case wayOf(req) == bySchema:
			refuse(w, http.StatusBadRequest, "no such thing")
		case req.Temperature != 0:
			refuse(w, http.StatusBadRequest, "no temperature")
		default:
			write(w, req, hired, openai.FinishReasonStop)
		}
	})
	r, log := e.reader(t, func(c *Config) { c.Cache = t.TempDir() })
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if claims := ofModel(r.Read(t.Context(), offline())); len(claims) != 1 {
				t.Errorf("%d claims, want 1", len(claims))
			}
		})
	}
	wg.Wait()
	if got := r.Report(); got.Articles != 20 || got.Asked+got.Cached != 20 || got.Added != 20 || log.Len() > 0 {
		t.Errorf("report %+v, log %q", got, log)
	}
}

func TestCache(t *testing.T) {
	e := serve(t, says(hired))
	dir := t.TempDir()
	read := func(model string) Report {
		r, _ := e.reader(t, func(c *Config) { c.Cache, c.Model = dir, model })
		if claims := ofModel(r.Read(t.Context(), offline())); len(claims) != 1 {
			t.Fatalf("%d claims, want 1", len(claims))
		}
		return r.Report()
	}
	if got := read("a"); got.Asked != 1 || got.Cached != 0 {
		t.Errorf("first time: %+v", got)
	}
	if got := read("a"); got.Asked != 0 || got.Cached != 1 || got.PromptTokens != 0 || got.Added != 1 {
		t.Errorf("second time: %+v, want one from the cache", got)
	}
	if got := read("b"); got.Asked != 1 {
		t.Errorf("another model: %+v, want it asked", got)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*"))
	if len(files) != 2 {
		t.Fatalf("cache holds %q, want two files", files)
	}
	for _, f := range files {
		if err := os.WriteFile(f, []byte(`{"text":"{`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := read("a"); got.Asked != 1 {
		t.Errorf("broken cache: %+v, want it asked again", got)
	}

	r, log := e.reader(t, func(c *Config) { c.Cache, c.Model = files[0], "c" }) // no folder
	if claims := ofModel(r.Read(t.Context(), offline())); len(claims) != 1 || r.Report().Failed[NotStored] != 1 || log.Len() == 0 {
		t.Errorf("unusable cache: %d claims, report %+v, log %q", len(claims), r.Report(), log)
	}
}

// Failures are not kept.
func TestCacheKeepsAnswersOnly(t *testing.T) {
	e := serve(t, says("no idea"))
	dir := t.TempDir()
	r, _ := e.reader(t, func(c *Config) { c.Cache = dir })
	r.Read(t.Context(), offline())
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 0 {
		t.Errorf("cache holds %q, want nothing", files)
	}
}

func TestLongArticle(t *testing.T) {
	filler := strings.Repeat("The weather was fine on that day and nothing else happened. ", 300)
	article := ingest.Article{ID: "long", Title: "Bank hit", Text: story + "\n\n" + filler + "Copperfield Forensics said the investigation goes on."}
	e := serve(t, says(`{"entities":[],"breaches":[],"figures":[],"claims":[]}`))
	r, _ := e.reader(t, nil)
	first := offline()
	first.Article = article
	r.Read(t.Context(), first)
	asked := e.asked()
	if len(asked) < 3 {
		t.Fatalf("%d requests, want some", len(asked))
	}
	for i, req := range asked {
		text := req.Messages[1].Content
		if len(text) > maxPart+200 {
			t.Errorf("part %d has %d bytes", i, len(text))
		}
		if !strings.HasPrefix(text, "Title: Bank hit\n") || !strings.HasSuffix(text, ".") {
			t.Errorf("part %d = %.40q … %q, want the title and whole sentences", i, text, text[len(text)-20:])
		}
	}
	if last := asked[len(asked)-1].Messages[1].Content; !strings.Contains(last, "the investigation goes on.") {
		t.Error("the end of the article was not sent")
	}
}

func TestSplit(t *testing.T) {
	var many []extract.Span
	for i := range 100 {
		many = append(many, extract.Span{Start: i * 4000, End: i*4000 + 3990})
	}
	tests := []struct {
		name      string
		sentences []extract.Span
		parts     int
		whole     bool
	}{
		{"nothing", nil, 0, true},
		{"one", many[:1], 1, true},
		{"three", many[:3], 2, true},
		{"too many", many, maxParts, false},
		{"an endless one", []extract.Span{{Start: 0, End: 10}, {Start: 10, End: maxPart + 20}, {Start: maxPart + 20, End: maxPart + 30}}, 2, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if parts, whole := split(tt.sentences); len(parts) != tt.parts || whole != tt.whole {
				t.Errorf("split = %d parts, %t, want %d, %t", len(parts), whole, tt.parts, tt.whole)
			}
		})
	}
}

// Only what may be about a breach, in a language that is read, is sent.
func TestWanted(t *testing.T) {
	tests := []struct {
		name   string
		change func(*extract.Result)
		want   int
	}{
		{"breach", func(*extract.Result) {}, 1},
		{"doubtful", func(r *extract.Result) { r.Relevance = 0.2 }, 1},
		{"football", func(r *extract.Result) { r.Relevance = 0.05 }, 0},
		{"German", func(r *extract.Result) { r.Article.Language = "de" }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := serve(t, says(hired))
			r, _ := e.reader(t, nil)
			first := offline()
			tt.change(&first)
			r.Read(t.Context(), first)
			if n := len(e.asked()); n != tt.want || r.Report().Skipped != 1-tt.want {
				t.Errorf("%d requests, want %d; report %+v", n, tt.want, r.Report())
			}
		})
	}
}

func TestNew(t *testing.T) {
	tests := []struct {
		name    string
		config  Config
		wantErr string
		base    string
	}{
		{"ollama", Config{URL: "http://localhost:11434/v1", Model: "m"}, "", "http://localhost:11434/v1"},
		{"host", Config{URL: "http://localhost:11434", Model: "m"}, "", "http://localhost:11434/v1"},
		{"slash", Config{URL: "https://models.example.com/api/v1/", Model: "m"}, "", "https://models.example.com/api/v1"},
		{"whole", Config{URL: "http://localhost/v1/chat/completions", Model: "m"}, "", "http://localhost/v1"},
		{"no model", Config{URL: "http://localhost"}, "the model \"\" has no usable name", ""},
		{"key for URL", Config{URL: secret, Model: "m"}, "no URL such as", ""},
		{"other scheme", Config{URL: "ftp://host/" + secret, Model: "m"}, "no URL such as", ""},
		{"odd URL", Config{URL: "http://" + secret + ":%zz", Model: "m"}, "no URL such as", ""},
		{"password", Config{URL: "http://me:" + secret + "@host/", Model: "m"}, "a key belongs into a file", ""},
		{"query", Config{URL: "http://host/?key=" + secret, Model: "m"}, "a key belongs into a file", ""},
		{"odd key", Config{URL: "http://host/", Model: "m", Key: secret + "\n" + secret}, "the key holds blanks", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.config)
			if tt.wantErr == "" {
				if err != nil {
					t.Fatalf("New: %v", err)
				}
				if got, _ := baseURL(tt.config.URL); got != tt.base {
					t.Errorf("base URL %q, want %q", got, tt.base)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.wantErr) || strings.Contains(err.Error(), secret) {
				t.Errorf("New: %v, want %q without the key", err, tt.wantErr)
			}
		})
	}
}
