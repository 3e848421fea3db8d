package graph

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

// Which articles tell of one incident. Two reports that share a word by which
// they are found are compared, and what they have in common counts points. The
// reports that are tied to each other by enough points, through whatever
// others, are sorted out together, and the outcome is always as if all had come
// at once: it depends on what the articles say and not on the order in which
// they came. closure.go finds the few that one more report can make a difference
// to. Only the ids of breaches remember the past.
const (
	// joinPoints is what two reports must reach to be of one incident. A victim
	// that both are about and that came out within two months does; so do years
	// between them if they say the same of when it was, or share a telling
	// figure and more.
	joinPoints = 45
	// samePoints are added where both are surely about the subject that they
	// share.
	samePoints = 5
	// mostAboutPoints is what two can have for being about the same.
	mostAboutPoints = victimPoints + samePoints
	// timePoints is what stating the same time of the incident adds, beside
	// the points of having come to be known within two months.
	timePoints, disclosedPoints, nearPoints = 10, 7, 10
	// telling figures have two significant digits or are of millions.
	figurePoints, roundPoints, mostFigurePoints     = 15, 7, 30
	withPoints, organizationPoints, mostOtherPoints = 8, 5, 20
	wordPoints, mostWords                           = 3, 3
	methodPoints                                    = 3
	latePoints                                      = 20   // taken off where years lie between
	certainPoints                                   = 1000 // what a person says
	strangerPoints                                  = -15  // no subject in common
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
	// yearDays is a year and some weeks: what looking back on the year comes to.
	yearDays = 400
	// disclosedDays is how far apart two articles may date one disclosure.
	disclosedDays = 14
	// newsDays is how far apart articles on one piece of news come out. They are
	// of one incident although they put it at different times, which one of them
	// then does wrongly, if they have newsPoints in common beside what they are
	// about.
	newsDays, newsPoints = 7, 40
)

// noVictim stands in ids for the victim that nobody named.
const noVictim = "unnamed"

// A report is what one article says of one breach.
type report struct {
	article, number string // number is local to the article
	primary         bool
	name            string
	// victim is the id of the first victim, empty where there is none.
	victim, victimName string
	occurred           extract.Period
	discovered         time.Time
	disclosed          time.Time
	published          time.Time // of the article
	breach             string    // id of the Breach that it is known to be; may be empty
	traits             traits
	// pin names the group of articles that a person found to be about one
	// breach, parted are the articles found to be about others. Both hold for
	// what articles are about.
	pin    string
	parted []string
}

// props are the properties of the relationship REPORTS.
func (r report) props() map[string]any {
	return map[string]any{
		"primary": r.primary, "report": r.number, "victim": name(r.victim), "victimName": name(r.victimName), "name": name(r.name),
		"occurredFrom": day(r.occurred.Start), "occurredTo": day(r.occurred.End), "discovered": day(r.discovered), "disclosed": day(r.disclosed),
		"traits": r.traits.list(),
	}
}

// publicity is the day by which r came to be known: as stated, or else that of
// an article which is about it.
func (r *report) publicity() time.Time {
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

// compare puts those that their articles are about first: what is said of
// others in passing is sorted by what is known of them, and not the reverse.
func (r report) compare(s report) int {
	return cmp.Or(
		compareBool(r.primary, s.primary),
		compareBool(s.start().IsZero(), r.start().IsZero()), // undated ones last
		r.start().Compare(s.start()),
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

// apart reports whether an article or a person tells r and s apart.
func apart(r, s *report) bool {
	return r.article == s.article || slices.Contains(r.parted, s.article)
}

// clash reports whether r and s put what they tell of at times so different that
// it cannot be one incident, if they are right.
func clash(r, s *report) bool {
	if pinned(r, s) {
		return false
	}
	if d, ok := gap(r.occurred, s.occurred); ok && d > farDays {
		return true
	}
	d, ok := days(r.discovered, s.discovered)
	return ok && d > farDays
}

// news reports whether r and s came out together, each as what its article is
// about.
func news(r, s *report) bool {
	return r.primary && s.primary && within(r.published, s.published, newsDays)
}

// sameNews reports whether r and s tell of one piece of news, whatever they say of
// when it was.
func sameNews(r, s *report) bool { return news(r, s) && r.traits.besidePoints(s.traits) >= newsPoints }

// sameTime reports whether r and s put the incident itself at the same time.
func sameTime(r, s *report) bool {
	if within(r.discovered, s.discovered, nearDays) {
		return true
	}
	d, ok := gap(r.occurred, s.occurred)
	return ok && d == 0 && (precise(r.occurred) && precise(s.occurred) || equal(r.occurred, s.occurred))
}

func equal(p, q extract.Period) bool { return p.Start.Equal(q.Start) && p.End.Equal(q.End) }

// pinned reports whether a person found r and s to be of one incident.
func pinned(r, s *report) bool { return r.pin != "" && r.pin == s.pin }

// tied reports whether r and s may meet in one incident.
func tied(r, s *report) bool {
	switch {
	case apart(r, s):
		return false
	case pinned(r, s):
		return true
	}
	return shares(r.traits.blocks, s.traits.blocks) > 0 && together(r, s, s) >= joinPoints && (!clash(r, s) || sameNews(r, s))
}

// together are the points of r and s with those for the time, which are the fewer
// of those for s as it is and, unless both are news that says something the same,
// as if it had come to be known when first did; or 0 where they do not reach
// joinPoints: most that are compared are far from it, which shows before their
// names are compared word by word.
func together(r, s, first *report) int {
	beside := r.traits.besidePoints(s.traits)
	time := timeliness(r, s, s)
	if beside+time+mostAboutPoints < joinPoints {
		return 0
	}
	if first != s && (beside < figurePoints || !news(r, s)) {
		time = min(time, timeliness(r, s, first))
	}
	if beside+time+mostAboutPoints < joinPoints {
		return 0
	}
	return beside + time + r.traits.aboutPoints(s.traits)
}

// timeliness are the points for what r and s say of time: of when the incident
// came to be known, which is when known says so, and of when it was.
func timeliness(r, s, known *report) int {
	same := 0
	switch {
	case sameTime(r, s):
		same = timePoints
	case within(r.disclosed, known.disclosed, disclosedDays):
		same = disclosedPoints
	}
	d, ok := days(r.publicity(), known.publicity())
	if !ok {
		return 2 * same
	}
	near := publicityPoints(d)
	if news(r, known) {
		near = max(near, nearPoints)
	}
	if same > 0 {
		return max(near, nearPoints) + same
	}
	if overlap, ok := gap(r.occurred, s.occurred); ok && overlap == 0 {
		return max(near, 0)
	}
	return near
}

// publicityPoints are those for having come to be known d days apart.
func publicityPoints(d int) int {
	for _, step := range []struct{ days, points int }{{7, 20}, {30, 15}, {nearDays, nearPoints}, {farDays, 0}, {yearDays, -5}} {
		if d <= step.days {
			return step.points
		}
	}
	return -latePoints
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
