package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

const (
	// drawEvery is how often the progress of a crawl is drawn anew, and countEvery
	// how often it is counted what is due.
	drawEvery  = 500 * time.Millisecond
	countEvery = 2 * time.Second
	// liveSources is how many sources are shown, those in which something happened
	// last.
	liveSources = 12
)

// A crawlLive is a table on a terminal that changes as a crawl goes on. Messages
// that are written to it stand above the table. The nil crawlLive shows nothing.
type crawlLive struct {
	counts func() (map[string]frontier.Count, error)

	mu      sync.Mutex
	w       io.Writer
	lines   int // of the table, as it stands on the terminal
	drawn   time.Time
	counted time.Time
	due     map[string]frontier.Count
	active  map[string]time.Time // when something happened in a source
}

// Write writes a message above the table.
func (l *crawlLive) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.erase()
	return l.w.Write(p)
}

func (l *crawlLive) erase() {
	if l.lines > 0 {
		fmt.Fprintf(l.w, "\x1b[%dA\x1b[J", l.lines)
		l.lines = 0
	}
}

// end takes the table away.
func (l *crawlLive) end() {
	if l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.erase()
	}
}

// touch says that something happened in a source, and draws the table if that is
// some time ago.
func (l *crawlLive) touch(source string, r *crawlReport) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.active[source] = now
	if now.Sub(l.drawn) < drawEvery {
		return
	}
	l.drawn = now
	if now.Sub(l.counted) >= countEvery {
		// What cannot be counted is not worth a message; the crawl itself tells.
		if due, err := l.counts(); err == nil {
			l.due, l.counted = due, now
		}
	}
	table := l.table(r)
	l.erase()
	l.lines = strings.Count(table, "\n")
	io.WriteString(l.w, table)
}

// table is the sources in which something happened last, and all together.
func (l *crawlLive) table(r *crawlReport) string {
	names := sortedKeys(l.active)
	slices.SortStableFunc(names, func(a, b string) int { return l.active[b].Compare(l.active[a]) })
	names = names[:min(len(names), liveSources)]
	slices.SortFunc(names, cmp.Compare)
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "source\tdue\tfetched\tnew\tchanged\tunchanged\tfailed\tper second\t")
	row := func(name string, due int, t crawlTally) {
		fmt.Fprintf(tw, "%.40s\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t\n", name, due, t.fetched, t.fresh, t.changed, t.unchanged, t.failed, r.rate(t))
	}
	due := 0
	for _, c := range l.due {
		due += c.Planned
	}
	for _, name := range names {
		row(name, l.due[name].Planned, *r.tallies[name])
	}
	row("all", due, r.sum())
	tw.Flush()
	return b.String()
}
