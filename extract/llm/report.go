package llm

import (
	"context"
	"errors"
	"maps"

	"github.com/sony/gobreaker/v2"
)

// A Failure says why an article, or a part of it, was read without the model.
type Failure string

// The failures.
const (
	TimedOut  Failure = "no answer in time"
	Unusable  Failure = "no usable answer"
	Refused   Failure = "refused"
	CutOff    Failure = "answer cut off"
	Broken    Failure = "endpoint failed"
	NotAsked  Failure = "not asked, endpoint down"
	TooLong   Failure = "article too long, rest left out"
	NotStored Failure = "answer not kept in the cache"
)

// failureOf sorts an error.
func failureOf(err error) Failure {
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return NotAsked
	case errors.Is(err, errRefused):
		return Refused
	case errors.Is(err, errCutOff):
		return CutOff
	case errors.Is(err, errNoAnswer):
		return Unusable
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	}
	return Broken
}

// A Report counts what a [Reader] did. Answers out of the cache cost nothing and
// count as no tokens.
type Report struct {
	Articles, Skipped        int // read with the model's help; left out as not about a breach
	Asked, Cached            int // answers from the endpoint, and from the cache
	Agreed, Added            int // claims that the offline extractor made too; claims of the model alone
	Dropped                  map[Reason]int
	Failed                   map[Failure]int // parts of articles
	PromptTokens, Completion int             // tokens sent and received, as the endpoint counts them
	Unmetered                int             // answers of which the endpoint told no tokens
	Cost                     float64         // at the prices of the [Config]; 0 where it has none
}

// add counts what came of one article.
func (r *Report) add(m *merger) {
	r.Agreed += len(m.agreed)
	r.Added += m.added
	for reason, n := range m.dropped {
		r.Dropped[reason] += n
	}
}

// Report returns what was done so far.
func (r *Reader) Report() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.report
	out.Dropped, out.Failed = maps.Clone(out.Dropped), maps.Clone(out.Failed)
	const million = 1e6
	out.Cost = float64(out.PromptTokens)/million*r.config.PromptPrice + float64(out.Completion)/million*r.config.CompletionPrice
	return out
}
