package llm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"

	"github.com/breachgraph/breachgraph/extract"
)

// What is asked about, and how much at once.
const (
	// maxPart bounds the text of one question, in bytes: about 2000 tokens,
	// which leaves a context of 8192 room for instructions and answer.
	maxPart = 8000
	// maxParts bounds the questions about one article.
	maxParts = 16
	// leastRelevance is the relevance from which on the model is asked: below it
	// the offline extractor makes no breach of an article either.
	leastRelevance = 0.15
)

// A Config says which model to ask and how.
type Config struct {
	URL    string        // of the endpoint, up to and with /v1
	Model  string        // as the endpoint calls it
	Key    string        // sent as bearer token; empty for none
	Stream bool          // have answers sent in pieces
	Within time.Duration // for one article, everything included; 0 means two minutes
	Cache  string        // folder of answers; empty means that none are kept
	// Prices of a million tokens sent and received, in whatever currency; 0
	// means unknown.
	PromptPrice, CompletionPrice float64
	// AnyLanguage asks about articles that are not English, too.
	AnyLanguage bool
	// Log is told once in each outage; nil for nobody.
	Log *slog.Logger
}

// A Reader reads articles a second time with a model. It may be used by several
// goroutines.
type Reader struct {
	config  Config
	client  *client
	cache   cache
	breaker *gobreaker.CircuitBreaker[reply]
	warned  atomic.Bool // of the outage that lasts

	mu     sync.Mutex
	report Report
}

// New makes a Reader; it sends nothing yet. An error says what is wrong with c,
// without its key.
func New(c Config) (*Reader, error) { return newReader(c, usual) }

func newReader(c Config, p pace) (*Reader, error) {
	base, err := baseURL(c.URL)
	if err != nil {
		return nil, err
	}
	if c.Model == "" || len(c.Model) > maxName || strings.ContainsFunc(c.Model, unicode.IsControl) {
		return nil, fmt.Errorf("the model %.20q has no usable name", c.Model)
	}
	if strings.ContainsFunc(c.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the key holds blanks or other characters that no key has")
	}
	if c.Within <= 0 {
		c.Within = 2 * time.Minute
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	settings := openai.DefaultConfig(c.Key)
	settings.BaseURL, settings.HTTPClient = base, newGuarded(p)
	settings.EmptyMessagesLimit = maxResponse // some send a comment a second while the model thinks
	r := &Reader{
		config: c,
		client: &client{api: openai.NewClientWithConfig(settings), model: c.Model, stream: c.Stream, prompt: newPrompt()},
		cache:  cache{c.Cache},
		report: Report{Dropped: map[Reason]int{}, Failed: map[Failure]int{}},
	}
	r.breaker = gobreaker.NewCircuitBreaker[reply](gobreaker.Settings{
		Timeout:     p.rest,
		ReadyToTrip: func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= p.failures },
		// A model that refuses or babbles is up.
		IsSuccessful: func(err error) bool {
			return err == nil || errors.Is(err, errNoAnswer) || errors.Is(err, errRefused) || errors.Is(err, errCutOff)
		},
		IsExcluded: func(err error) bool { return errors.Is(err, context.Canceled) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateClosed {
				r.warned.Store(false)
			}
		},
	})
	return r, nil
}

// errNoURL leaves out what was given: by a slip it may be a key.
var errNoURL = errors.New("the endpoint is no URL such as http://localhost:11434/v1")

// baseURL checks and completes the URL of an endpoint.
func baseURL(s string) (string, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "", errNoURL
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("the URL of the endpoint holds a user or a query; a key belongs into a file or the environment")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "", errNoURL
	}
	u.Path = strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/chat/completions")
	if u.Path == "" {
		u.Path = "/v1"
	}
	u.Path = path.Clean(u.Path)
	return u.String(), nil
}

// Read adds to first, which the offline extractor made, what the model finds in
// the same article and its text bears out. It never fails: whatever goes wrong,
// what it returns holds at least what first does, within the time of the
// [Config].
func (r *Reader) Read(ctx context.Context, first extract.Result) extract.Result {
	if !r.wanted(first) {
		r.count(func(c *Report) { c.Skipped++ })
		return first
	}
	ctx, cancel := context.WithTimeout(ctx, r.config.Within)
	defer cancel()
	sentences := sentencesOf(first)
	parts, whole := split(sentences)
	if !whole {
		r.count(func(c *Report) { c.Failed[TooLong]++ })
	}
	m := newMerger(first, sentences, r.config.Model)
	answered := false
	for i, part := range parts {
		a, err := r.answer(ctx, question(first.Article, first.Article.Text[part.Start:part.End]))
		if err == nil {
			answered = true
			m.ground(newPassage(first.Article.Text, part), a)
			continue
		}
		if r.failed(err, len(parts)-i) {
			break
		}
	}
	r.count(func(c *Report) { c.Articles++; c.add(m) })
	if !answered {
		return first
	}
	return m.result()
}

// wanted reports whether an article is worth asking about.
func (r *Reader) wanted(first extract.Result) bool {
	lang := first.Article.Language
	return first.Relevance >= leastRelevance && (r.config.AnyLanguage || lang == "" || strings.HasPrefix(lang, "en"))
}

func sentencesOf(r extract.Result) []extract.Span {
	var out []extract.Span
	for _, s := range extract.NewDocument(r.Article).Sentences {
		out = append(out, s.Span)
	}
	return out
}

// split cuts a text into parts for one question each, between sentences. It
// reports whether they are the whole text.
func split(sentences []extract.Span) (parts []extract.Span, whole bool) {
	whole = true
	for _, s := range sentences {
		last := len(parts) - 1
		switch {
		case s.End-s.Start > maxPart:
			whole = false
		case last >= 0 && s.End-parts[last].Start <= maxPart:
			parts[last].End = s.End
		case len(parts) == maxParts:
			return parts, false
		default:
			parts = append(parts, s)
		}
	}
	return parts, whole
}

// answer gives the answer to a question, from the cache or the endpoint.
func (r *Reader) answer(ctx context.Context, question string) (answer, error) {
	file := r.cache.path(r.config.Model, r.client.prompt.version, question)
	if a, ok := r.cache.load(file); ok {
		r.count(func(c *Report) { c.Cached++ })
		return a, nil
	}
	var a answer
	got, err := r.breaker.Execute(func() (spent reply, err error) {
		spent, a, err = r.client.ask(ctx, question)
		return spent, err
	})
	r.count(func(c *Report) {
		c.PromptTokens += got.PromptTokens
		c.Completion += got.CompletionTokens
		if err == nil {
			c.Asked++
			if got.PromptTokens == 0 {
				c.Unmetered++
			}
		}
	})
	if err != nil {
		return answer{}, err
	}
	if err := r.cache.store(file, got); err != nil {
		r.count(func(c *Report) { c.Failed[NotStored]++ })
		r.tell("answers of the language model are not kept", err)
	}
	return a, nil
}

// failed counts a failure, tells of the first, and reports whether the other
// parts of the article, of which rest are left, would fail alike.
func (r *Reader) failed(err error, rest int) (all bool) {
	if errors.Is(err, context.Canceled) {
		return true
	}
	failure := failureOf(err)
	if all = failure == NotAsked || failure == TimedOut || failure == Broken; !all {
		rest = 1
	}
	r.count(func(c *Report) { c.Failed[failure] += rest })
	r.tell("the language model failed; what it does not answer is read offline only", err)
	return all
}

// tell warns once in an outage, however much goes wrong: the rest is in the
// report.
func (r *Reader) tell(msg string, err error) {
	if !r.warned.Swap(true) {
		r.config.Log.Warn(msg, "model", r.config.Model, "err", tell(err, r.config.Key))
	}
}

func (r *Reader) count(f func(*Report)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.report)
}
