package graph

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

// Which articles tell of one incident. Reports of one first victim are sorted
// out together, from nothing, each time one of them comes, changes or goes, so
// that the outcome depends on what the articles say and not on the order in
// which they came. Only the ids of breaches remember the past.
const (
	// nearDays is how far apart two articles may date the disclosure, or the
	// discovery, of one incident: what is new about a breach is told for some
	// weeks, and the next breach of the same company seldom comes so soon.
	nearDays = 60
	// farDays is how far apart two stated periods must lie to be two incidents
	// although they came to light together.
	farDays = 180
	// vagueDays is the longest period that says when an incident was: "in 2016"
	// may hold several.
	vagueDays = 92
)

// noVictim stands in ids for the victim that nobody named.
const noVictim = "unnamed"

// A report is what one article says of one breach.
type report struct {
	article, number string // number is local to the article
	primary         bool
	name            string
	// victim is the id of the first victim, empty where there is none. Reports
	// without a victim are never joined.
	victim, victimName string
	occurred           extract.Period
	discovered         time.Time
	disclosed          time.Time
	published          time.Time // of the article
	breach             string    // id of the Breach that it is known to be; may be empty
}

// props are the properties of the relationship REPORTS.
func (r report) props() map[string]any {
	return map[string]any{
		"primary": r.primary, "report": r.number, "victim": name(r.victim), "victimName": name(r.victimName), "name": name(r.name),
		"occurredFrom": day(r.occurred.Start), "occurredTo": day(r.occurred.End), "discovered": day(r.discovered), "disclosed": day(r.disclosed),
	}
}

// publicity is the day by which r came to be known: as stated, or else that of
// an article which is about it.
func (r report) publicity() time.Time {
	if r.disclosed.IsZero() && r.primary {
		return r.published
	}
	return r.disclosed
}

// start is the day by which reports are put in order; zero where nothing is
// known.
func (r report) start() time.Time {
	for _, t := range []time.Time{r.publicity(), r.discovered, firstDay(r.occurred)} {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

func (r report) compare(s report) int {
	return cmp.Or(
		compareBool(s.start().IsZero(), r.start().IsZero()), // undated ones last
		r.start().Compare(s.start()),
		compareBool(r.primary, s.primary),
		cmp.Compare(r.article, s.article),
		cmp.Compare(r.number, s.number),
	)
}

// compareBool puts true first.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// days is the distance between two days, and whether both are known.
func days(a, b time.Time) (int, bool) {
	if a.IsZero() || b.IsZero() {
		return 0, false
	}
	return int(max(a.Sub(b), b.Sub(a)) / (24 * time.Hour)), true
}

func within(a, b time.Time, limit int) bool {
	d, ok := days(a, b)
	return ok && d <= limit
}

// gap is the number of days between two periods, 0 where they overlap, and
// whether both are known. An open end is taken for the other one.
func gap(p, q extract.Period) (int, bool) {
	if p.IsZero() || q.IsZero() {
		return 0, false
	}
	p, q = closed(p), closed(q)
	if p.Start.After(q.Start) {
		p, q = q, p
	}
	d := int(q.Start.Sub(p.End) / (24 * time.Hour))
	return max(d, 0), true
}

func closed(p extract.Period) extract.Period {
	if p.Start.IsZero() {
		p.Start = p.End
	}
	if p.End.IsZero() || p.End.Before(p.Start) {
		p.End = p.Start
	}
	return p
}

// precise reports whether p says when an incident was.
func precise(p extract.Period) bool {
	if p.IsZero() {
		return false
	}
	p = closed(p)
	return within(p.Start, p.End, vagueDays)
}

// differ reports whether what r and s say cannot be of one incident.
func differ(r, s report) bool {
	if r.article == s.article {
		return true // the article tells them apart
	}
	if d, ok := gap(r.occurred, s.occurred); ok && d > farDays {
		return true
	}
	d, ok := days(r.discovered, s.discovered)
	return ok && d > farDays
}

// sameTime reports whether r and s put the incident itself at the same time.
func sameTime(r, s report) bool {
	if within(r.discovered, s.discovered, nearDays) {
		return true
	}
	d, ok := gap(r.occurred, s.occurred)
	return ok && d == 0 && (precise(r.occurred) && precise(s.occurred) || equal(r.occurred, s.occurred))
}

func equal(p, q extract.Period) bool { return p.Start.Equal(q.Start) && p.End.Equal(q.End) }

// incidents sorts the reports of one victim out, each into the first incident
// that it fits: one of whose reports says the same time, or which came to be
// known some weeks before at most. The weeks count from the incident's first
// report, so that a stream of articles on one company does not run together.
func incidents(reports []report) [][]report {
	reports = slices.Clone(reports)
	slices.SortFunc(reports, report.compare)
	var out [][]report
	for _, r := range reports {
		i := slices.IndexFunc(out, func(in []report) bool { return fits(r, in) })
		if i < 0 {
			out = append(out, []report{r})
			continue
		}
		out[i] = append(out[i], r)
	}
	return out
}

func fits(r report, in []report) bool {
	if r.victim == "" || slices.ContainsFunc(in, func(s report) bool { return differ(r, s) }) {
		return false
	}
	return within(r.publicity(), in[0].publicity(), nearDays) || slices.ContainsFunc(in, func(s report) bool { return sameTime(r, s) })
}

// An incident is a group of reports and the Breach that it becomes.
type incident struct {
	reports []report
	id      string
	merged  []string // ids of other breaches that turned out to be this one
}

// settle gives each group the breach that most of its reports are known to be.
// A breach whose reports were parted stays with the larger part, of equals with
// the one that has less claim to another; groups that are left without one get
// an empty id.
func settle(groups [][]report) []incident {
	votes := map[string][]int{} // for each breach, by group
	known := make([]int, len(groups))
	for i, g := range groups {
		for _, r := range g {
			if r.breach == "" {
				continue
			}
			if votes[r.breach] == nil {
				votes[r.breach] = make([]int, len(groups))
			}
			votes[r.breach][i]++
			known[i]++
		}
	}
	owned := make([][]string, len(groups))
	for id, v := range votes {
		owner := 0
		for i := range v {
			if c := cmp.Or(cmp.Compare(v[i], v[owner]), cmp.Compare(known[owner], known[i])); c > 0 && v[i] > 0 {
				owner = i
			}
		}
		owned[owner] = append(owned[owner], id)
	}
	out := make([]incident, len(groups))
	for i, g := range groups {
		out[i].reports = g
		slices.SortFunc(owned[i], func(a, b string) int {
			return cmp.Or(cmp.Compare(votes[b][i], votes[a][i]), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		})
		if len(owned[i]) > 0 {
			out[i].id, out[i].merged = owned[i][0], owned[i][1:]
		}
	}
	return out
}

// baseID is the id that a new breach gets if no other has it: its first victim
// and the month of its disclosure, else of its earliest article.
func baseID(reports []report) string {
	var disclosed, published time.Time
	for _, r := range reports {
		disclosed, published = earlier(disclosed, r.disclosed), earlier(published, r.published)
	}
	month := "undated"
	if t := cmp.Or(disclosed, published); !t.IsZero() {
		month = t.UTC().Format("2006-01")
	}
	return cmp.Or(reports[0].victim, noVictim) + "-" + month
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// freeID numbers base until nobody has it, and takes it.
func freeID(base string, taken map[string]bool) string {
	id := base
	for n := 2; taken[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	taken[id] = true
	return id
}

// inherit gives the reports of a changed article the breaches that its former
// ones were: by number and victim, else by victim.
func inherit(reports, former []report) {
	former = slices.Clone(former)
	for _, same := range []func(r, f report) bool{
		func(r, f report) bool { return r.victim == f.victim && r.number == f.number },
		func(r, f report) bool { return r.victim == f.victim && r.primary == f.primary },
	} {
		for i := range reports {
			j := slices.IndexFunc(former, func(f report) bool { return same(reports[i], f) })
			if reports[i].breach == "" && j >= 0 {
				reports[i].breach = former[j].breach
				former = slices.Delete(former, j, j+1)
			}
		}
	}
}
