package crawl

import (
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// restoreBatch is how many items are added to a frontier at once.
const restoreBatch = 1000

// Restore fills a frontier that was lost from what the archive knows, and
// returns how many items that gave. All of them are due at the given time: each
// is asked for again, and those that have not changed cost little.
func Restore(f *frontier.Frontier, a *archive.Archive, due time.Time) (added int, err error) {
	var batch []frontier.Item
	add := func() error {
		n, err := f.Add(batch...)
		added += n
		batch = batch[:0]
		return err
	}
	for e, err := range a.Entries() {
		if err != nil {
			return added, err
		}
		if e.Kind == robotsKind {
			continue
		}
		if it, ok := restored(e, due); ok {
			batch = append(batch, it)
		}
		if len(batch) == restoreBatch {
			if err := add(); err != nil {
				return added, err
			}
		}
	}
	return added, add()
}

// restored is the item that led to a capture, as far as that tells. It is not ok
// if there was none, as with a robots.txt.
func restored(e archive.Entry, due time.Time) (it frontier.Item, ok bool) {
	it = frontier.Item{URL: e.URL, Source: e.Source, Due: due}
	if it.Kind, ok = frontier.ParseKind(e.Kind); !ok && e.Kind != "" {
		return it, false
	}
	if it.Kind == frontier.Article {
		it.ID, _ = ingest.CanonicalURL(e.URL) // else it is known by its URL
	}
	if e.Status < 300 && e.Digest != "" || e.Revisit { // not if it was cut off
		it.Visited = e.Date
	}
	return it, true
}
