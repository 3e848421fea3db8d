package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// A crawlTally counts what came of one source.
type crawlTally struct {
	fetched, found                                         int
	fresh, changed, unchanged, duplicates, skipped, failed int
	reason                                                 string // of the last failure
}

// A crawlReport tells what a crawl does: events as JSON Lines, or a table for a
// person, which on a terminal grows meanwhile.
type crawlReport struct {
	out     io.Writer
	lines   bool // JSON Lines
	quiet   bool
	live    *crawlLive
	began   time.Time
	tallies map[string]*crawlTally
	resting func() ([]frontier.Host, error) // hosts that are left alone
}

// maxResting is how many of those are named.
const maxResting = 10

func (a *app) newCrawlReport(cmd *cobra.Command, c *crawl.Crawler, sources []crawl.Source) *crawlReport {
	r := &crawlReport{
		out: cmd.OutOrStdout(), lines: a.crawlFormat == "jsonl", quiet: a.quiet, began: time.Now(), tallies: map[string]*crawlTally{},
		resting: c.Resting,
	}
	if w := cmd.ErrOrStderr(); !a.quiet && a.logFormat == "text" && isTerminal(w) && !(r.lines && isTerminal(r.out)) {
		r.live = &crawlLive{w: w, counts: c.Counts, active: map[string]time.Time{}}
		a.log = newLogger(r.live, a.logFormat, slog.LevelInfo)
	}
	for _, s := range sources {
		r.tallies[s.Name] = &crawlTally{}
	}
	return r
}

// A crawlEvent is an event as it is printed.
type crawlEvent struct {
	Event   string     `json:"event"`
	Time    time.Time  `json:"time"`
	Source  string     `json:"source,omitempty"`
	URL     string     `json:"url,omitempty"`
	Status  int        `json:"status,omitempty"`
	Bytes   int        `json:"bytes,omitempty"`
	Reason  string     `json:"reason,omitempty"`
	Found   *int       `json:"found,omitempty"`
	Again   *time.Time `json:"again,omitempty"`
	Title   string     `json:"title,omitempty"`
	Article string     `json:"article,omitempty"` // canonical URL
	Capture string     `json:"capture,omitempty"`
}

// add tells of an event.
func (r *crawlReport) add(e crawl.Event) error {
	t := r.tallies[e.Source]
	if t == nil {
		t = &crawlTally{}
		r.tallies[e.Source] = t
	}
	t.add(e)
	r.live.touch(e.Source, r)
	if r.lines {
		return r.print(e)
	}
	return nil
}

func (t *crawlTally) add(e crawl.Event) {
	if e.Status != 0 {
		t.fetched++
	}
	t.found += e.Found
	switch e.Outcome {
	case crawl.New:
		t.fresh++
	case crawl.Changed:
		t.changed++
	case crawl.Unchanged:
		t.unchanged++
	case crawl.Duplicate:
		t.duplicates++
	case crawl.Skipped:
		t.skipped++
	case crawl.Failed:
		t.failed++
		t.reason = e.Reason
	}
}

// print writes an event as a line of JSON.
func (r *crawlReport) print(e crawl.Event) error {
	line := crawlEvent{
		Event: string(e.Outcome), Time: e.Time.UTC(), Source: e.Source, URL: e.URL, Status: e.Status, Bytes: e.Bytes, Reason: e.Reason,
	}
	if e.Outcome == crawl.Found {
		line.Found = &e.Found
	}
	if !e.Again.IsZero() {
		again := e.Again.UTC()
		line.Again = &again
	}
	if e.Article != nil {
		line.Title, line.Article, line.Capture = e.Article.Title, e.Article.ID, e.Article.Capture
	}
	return r.encode(line)
}

func (r *crawlReport) encode(v any) error {
	enc := json.NewEncoder(r.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// planned prints what a crawl would do.
func (r *crawlReport) planned(visits iter.Seq2[crawl.Planned, error]) error {
	for v, err := range visits {
		if err != nil {
			return err
		}
		if r.lines {
			err = r.encode(map[string]any{"event": "planned", "source": v.Source, "url": v.URL, "kind": v.Kind, "reason": v.Why})
		} else {
			_, err = fmt.Fprintf(r.out, "%s  %s %s (%s)\n", v.Source, v.Kind, clean(v.URL), clean(v.Why))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sum is all sources together.
func (r *crawlReport) sum() (all crawlTally) {
	for _, t := range r.tallies {
		all.fetched += t.fetched
		all.found += t.found
		all.fresh += t.fresh
		all.changed += t.changed
		all.unchanged += t.unchanged
		all.duplicates += t.duplicates
		all.skipped += t.skipped
		all.failed += t.failed
	}
	return all
}

// rate is how many pages a second were fetched.
func (r *crawlReport) rate(t crawlTally) float64 {
	return float64(t.fetched) / max(time.Since(r.began).Seconds(), 0.001)
}

// end prints the table, or the line of JSON that sums up.
func (r *crawlReport) end(l *crawlLoader) error {
	loaded := 0
	if l != nil {
		loaded = l.loaded
	}
	r.live.end()
	t := r.sum()
	switch {
	case r.lines:
		return r.encode(map[string]any{
			"event": "end", "time": time.Now().UTC(), "fetched": t.fetched, "new": t.fresh, "changed": t.changed, "unchanged": t.unchanged,
			"duplicates": t.duplicates, "skipped": t.skipped, "failed": t.failed, "loaded": loaded, "seconds": time.Since(r.began).Seconds(),
		})
	case r.quiet:
		return nil
	}
	return r.table(t, l)
}

// table prints what came of each source that was visited.
func (r *crawlReport) table(all crawlTally, l *crawlLoader) error {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "source\tfound\tfetched\tnew\tchanged\tunchanged\tcopies\tskipped\tfailed\tper second\t")
	row := func(name string, t crawlTally) {
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t\n", name, t.found, t.fetched, t.fresh, t.changed, t.unchanged,
			t.duplicates, t.skipped, t.failed, r.rate(t))
	}
	var trouble []string
	for _, name := range sortedKeys(r.tallies) {
		t := r.tallies[name]
		if *t == (crawlTally{}) {
			continue
		}
		row(name, *t)
		if t.reason != "" {
			trouble = append(trouble, fmt.Sprintf("%s: %s", name, shorten(clean(t.reason), 200)))
		}
	}
	if all == (crawlTally{}) {
		b.WriteString("Nothing was due.\n")
	} else {
		row("all", all)
		tw.Flush()
	}
	if l != nil {
		fmt.Fprintf(&b, "\n%s loaded\n", count(l.loaded, "article"))
		if l.aside > 0 {
			fmt.Fprintf(&b, "%d not about a breach (--all loads them too)\n", l.aside)
		}
	}
	if len(trouble) > 0 {
		fmt.Fprintf(&b, "\nLast failures\n  %s\n", strings.Join(trouble, "\n  "))
	}
	err := r.writeResting(&b)
	_, writeErr := io.WriteString(r.out, b.String())
	return errors.Join(err, writeErr)
}

// writeResting tells which hosts are left alone for a while, and why.
func (r *crawlReport) writeResting(b *strings.Builder) error {
	hosts, err := r.resting()
	if err != nil || len(hosts) == 0 {
		return err
	}
	b.WriteString("\nLeft alone\n")
	for _, h := range hosts[:min(len(hosts), maxResting)] {
		fmt.Fprintf(b, "  %s until %s, after %s: %s\n", clean(h.Name), h.Until.Local().Format("2 Jan 15:04"), count(h.Failures, "failure"),
			shorten(clean(h.Reason), 200))
	}
	if more := len(hosts) - maxResting; more > 0 {
		fmt.Fprintf(b, "  and %s more\n", count(more, "host"))
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
