package crawl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/warc"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// A note says of an article that it is to be loaded, and where it can be read
// again. The frontier keeps it as a text until it has been.
type note struct {
	Time        time.Time `json:"time"`
	ID          string    `json:"id"`               // by which it is known
	Place       string    `json:"place"`            // warc://FILE/OFFSET in our archive, or a file
	URL         string    `json:"url,omitempty"`    // that the archive has it by
	Source      string    `json:"source,omitempty"` // that it was found by
	DuplicateOf string    `json:"duplicateOf,omitempty"`
}

// text is the note as it is kept: the same each time.
func (n note) text() string {
	raw, err := json.Marshal(n)
	if err != nil {
		return "" // texts and a time of our own making cannot fail
	}
	return string(raw)
}

// A Waiting article has been kept and has to be loaded. The zero value has not.
type Waiting string

// Unloaded yields the articles that have been kept, but not loaded as far as is
// known, as Loaded was not told of them, the oldest first: those of an earlier
// crawl that came to its end too soon, or had no database. An error concerns one
// article, and the rest goes on.
func (c *Crawler) Unloaded(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		kept, err := c.frontier.Unread()
		if err != nil {
			yield(Event{}, err)
			return
		}
		var notes []note
		for _, text := range kept {
			var n note
			if err := json.Unmarshal([]byte(text), &n); err != nil {
				if !yield(Event{}, fmt.Errorf("%.200q waits to be loaded: %w", text, err)) {
					return
				}
				continue
			}
			notes = append(notes, n)
		}
		slices.SortFunc(notes, func(a, b note) int { return a.Time.Compare(b.Time) })
		for _, n := range notes {
			a, err := c.restore(ctx, n)
			if ctx.Err() != nil {
				return
			}
			e := Event{Time: n.Time, Source: n.Source, URL: n.URL, Outcome: New, Article: &a, Waiting: Waiting(n.text())}
			if !yield(e, err) {
				return
			}
		}
	}
}

// Loaded marks articles as loaded, which their events named. It is durable when
// Loaded returns.
func (c *Crawler) Loaded(articles ...Waiting) error {
	notes := make([]string, len(articles))
	for i, w := range articles {
		notes[i] = string(w)
	}
	return c.frontier.SetRead(notes...)
}

// restore reads an article again from the archive, or the file that it came from.
func (c *Crawler) restore(ctx context.Context, n note) (a ingest.Article, err error) {
	if place, parseErr := url.Parse(n.Place); parseErr == nil && place.Scheme == "file" {
		a, err = c.reread(ctx, n, place)
	} else {
		a, err = c.unarchive(ctx, n)
	}
	a.Capture, a.DuplicateOf = n.Place, n.DuplicateOf
	return a, err
}

// errMissing is the error of a capture that is not in the archive.
var errMissing = errors.New("is not in the archive")

// unarchive reads an article from the archive.
func (c *Crawler) unarchive(ctx context.Context, n note) (ingest.Article, error) {
	at, err := warc.ParseCapture(n.Place)
	if err != nil {
		return ingest.Article{}, err
	}
	all, err := c.archive.All(n.URL)
	if err != nil {
		return ingest.Article{}, err
	}
	i := slices.IndexFunc(all, func(e archive.Entry) bool { return e.Capture == at })
	if i < 0 {
		return ingest.Article{}, fmt.Errorf("%s of %.300s %w", at, n.URL, errMissing)
	}
	r, err := c.archive.Read(all[i])
	if err != nil {
		return ingest.Article{}, err
	}
	return c.fromArchive(ctx, r, c.sources[n.Source])
}
