package graph

import (
	"maps"
	"slices"
	"time"
)

// A closure gathers the reports of other articles that have to be sorted out
// together with some.
type closure struct {
	siblings map[string][]string // blocks to be asked for with a subject's
	// read finds the reports that are asked for, and all those of some breaches.
	read    func(asked map[string]*inquiry, breaches map[string]bool) ([]report, error)
	byBlock map[string][]report  // of those gathered and those it began with
	waiting map[reportKey]report // known, and tied to none so far
	taken   map[reportKey]bool
	others  []report
	sorted  [][]report // all of them by incident, once affected has gathered them
}

func newClosure(siblings map[string][]string, read func(map[string]*inquiry, map[string]bool) ([]report, error)) closure {
	return closure{siblings: siblings, read: read, byBlock: map[string][]report{}, waiting: map[reportKey]report{}, taken: map[reportKey]bool{}}
}

func (r report) key() reportKey { return reportKey{r.article, r.number} }

// tiedTo gathers all that is tied to reports, through whatever others.
func (c *closure) tiedTo(reports []report) error {
	next := c.follow(reports)
	for len(next) > 0 {
		found, err := c.read(next, nil)
		if err != nil {
			return err
		}
		next = c.follow(c.add(found))
	}
	return nil
}

// affected gathers the reports whose incident may be another one now that fresh
// come and former go: a few, where tiedTo would gather years of a company that
// is always in the news.
//
// Each report is in the incident that fits it best among those before it, so it
// stays where it is unless it is tied to a report that came or went to another
// incident, or its own incident lost one or begins otherwise. Incidents are
// gathered as a whole and sorted out; where one turns out to be changed in that
// way, what is tied to its reports is gathered too.
func (c *closure) affected(fresh, former []report) error {
	lost, whole, isFresh, asked := map[string]bool{}, map[string]bool{}, map[reportKey]bool{}, map[reportKey]bool{}
	for _, r := range former {
		lost[r.breach] = true
	}
	for _, r := range fresh {
		isFresh[r.key()] = true
	}
	next := slices.Concat(fresh, former)
	for len(next) > 0 {
		c.byBlock = map[string][]report{} // only ties to those that ask count
		found, err := c.read(c.follow(next), nil)
		if err != nil {
			return err
		}
		c.take(slices.DeleteFunc(found, func(r report) bool { return isFresh[r.key()] || !tiedIn(c.byBlock, r) }))
		missing := maps.Clone(lost)
		for _, r := range c.others {
			missing[r.breach] = true
		}
		maps.DeleteFunc(missing, func(id string, _ bool) bool { return id == "" || whole[id] })
		if found, err = c.read(nil, missing); err != nil {
			return err
		}
		c.take(slices.DeleteFunc(found, func(r report) bool { return isFresh[r.key()] }))
		maps.Copy(whole, missing)
		next, c.sorted = nil, incidents(slices.Concat(fresh, c.others))
		for _, r := range changed(c.sorted, isFresh, lost) {
			if !asked[r.key()] {
				asked[r.key()] = true
				next = append(next, r)
			}
		}
	}
	return nil
}

// take adds those of found that it does not have.
func (c *closure) take(found []report) {
	for _, r := range found {
		if !c.taken[r.key()] {
			c.taken[r.key()] = true
			c.others = append(c.others, r)
		}
	}
}

// changed are the reports, but for fresh ones, of breaches that lost one, are
// parted, meet, or do not begin with the report that they began with.
func changed(groups [][]report, fresh map[reportKey]bool, lost map[string]bool) []report {
	group, dirty := map[string]int{}, maps.Clone(lost)
	for i, g := range groups {
		for k, r := range g {
			if fresh[r.key()] {
				continue
			}
			before, met := group[r.breach]
			if !met && k > 0 || met && before != i {
				dirty[r.breach] = true
				dirty[g[0].breach] = true // it has another one's reports now, or had
			}
			group[r.breach] = i
		}
	}
	var out []report
	for _, g := range groups {
		for _, r := range g {
			if dirty[r.breach] && !fresh[r.key()] {
				out = append(out, r)
			}
		}
	}
	return out
}

// follow takes reports in and returns what has to be asked for them, by block.
func (c *closure) follow(reports []report) map[string]*inquiry {
	next := map[string]*inquiry{}
	for _, r := range reports {
		words := slices.Clone(r.traits.blocks)
		for _, w := range words {
			c.byBlock[w] = append(c.byBlock[w], r)
		}
		for _, s := range r.traits.subjects {
			words = append(words, c.siblings[s.id]...)
		}
		for _, w := range words {
			if next[w] == nil {
				next[w] = &inquiry{points: map[string]int{}}
			}
			next[w].add(r)
		}
	}
	return next
}

// add takes in those of found, and of what waits, that are tied to what is
// there, until there is no more, and returns them.
func (c *closure) add(found []report) []report {
	var all, come []report
	for _, r := range found {
		k := r.key()
		if _, known := c.waiting[k]; known || c.taken[k] {
			continue
		}
		if tiedIn(c.byBlock, r) {
			come = append(come, r)
			continue
		}
		c.waiting[k] = r
	}
	for len(come) > 0 {
		c.take(come)
		all = append(all, come...)
		last := map[string][]report{}
		for _, r := range come {
			delete(c.waiting, r.key())
			for _, w := range r.traits.blocks {
				last[w] = append(last[w], r)
			}
		}
		come = nil
		for _, r := range c.waiting {
			if tiedIn(last, r) {
				come = append(come, r)
			}
		}
	}
	return all
}

// tiedIn reports whether r is tied to one of those that share a block with it.
func tiedIn(byBlock map[string][]report, r report) bool {
	return slices.ContainsFunc(r.traits.blocks, func(w string) bool {
		list := byBlock[w]
		for i := range list {
			if tied(&r, &list[i]) {
				return true
			}
		}
		return false
	})
}

// How far from the dates of those that ask reports are looked for: a little
// more than what counts as near, and as years later, since hours do not count.
const (
	nearMargin  = (nearDays + 2) * 24 * time.Hour
	yearsMargin = (yearDays + 2) * 24 * time.Hour
	newsMargin  = (newsDays + 2) * 24 * time.Hour
	dayMargin   = 2 * 24 * time.Hour
)

// An inquiry says which of the reports that share a block with some may be tied
// to one of these. A company that thousands of articles are about has few that
// are of one time, and the others need not be read.
type inquiry struct {
	public, years        []window // about the days at which they came to be known
	news                 []window // about those at which articles came out that are about them
	discovered, occurred []window
	undated              bool           // one of them has no day at which it came to be known
	points               map[string]int // for the traits that they have, beside what they are about
}

// A window is a time from its first to its last moment.
type window struct{ from, to time.Time }

// add looks for what may be tied to r, too.
func (q *inquiry) add(r report) {
	if t := r.publicity(); !t.IsZero() {
		q.public = append(q.public, window{t.Add(-nearMargin), t.Add(nearMargin)})
		q.years = append(q.years, window{t.Add(-yearsMargin), t.Add(yearsMargin)})
	} else {
		q.undated = true
	}
	if r.primary && !r.published.IsZero() {
		q.news = append(q.news, window{r.published.Add(-newsMargin), r.published.Add(newsMargin)})
	}
	if t := r.discovered; !t.IsZero() {
		q.discovered = append(q.discovered, window{t.Add(-nearMargin), t.Add(nearMargin)})
	}
	if !r.occurred.IsZero() {
		p := closed(r.occurred)
		q.occurred = append(q.occurred, window{p.Start.Add(-dayMargin), p.End.Add(dayMargin)})
	}
	for trait, points := range r.traits.besides() {
		q.points[trait] = points
	}
}

// besides are the traits that count beside what a report is about, as they are
// kept but for the aliases of organisations, with the most that each counts.
func (t traits) besides() map[string]int {
	out := map[string]int{}
	maps.Copy(out, t.printed)
	for _, m := range t.mentioned {
		out[traitMentioned+" "+m.id] = organizationPoints
	}
	for _, k := range []struct {
		kind   string
		list   []string
		points int
	}{{traitWith, t.with, withPoints}, {traitFigure, t.figures, figurePoints}, {traitMethod, t.methods, methodPoints}, {traitWord, t.words, wordPoints}} {
		for _, s := range k.list {
			out[k.kind+" "+s] = k.points
		}
	}
	return out
}

// wants reports whether r may be tied to one of those that ask. It is what
// reportsByBlock asks the database.
func (q *inquiry) wants(r report) bool {
	public := r.publicity()
	if contains(q.public, public) || contains(q.discovered, r.discovered) || r.primary && contains(q.news, r.published) {
		return true
	}
	if p := closed(r.occurred); !r.occurred.IsZero() && slices.ContainsFunc(q.occurred, func(w window) bool { return !p.Start.After(w.to) && !p.End.Before(w.from) }) {
		return true
	}
	points := 0
	for trait := range r.traits.besides() {
		points += q.points[trait]
	}
	if q.undated || public.IsZero() || contains(q.years, public) {
		return points >= leastBeside
	}
	return points >= leastBesideLater
}

// leastBeside is what two that did not come out at one time need beside what
// they are about, leastBesideLater where years lie between them.
const leastBeside, leastBesideLater = joinPoints - mostAboutPoints, joinPoints - mostAboutPoints + latePoints

func contains(windows []window, t time.Time) bool {
	return !t.IsZero() && slices.ContainsFunc(windows, func(w window) bool { return !t.Before(w.from) && !t.After(w.to) })
}

// row is q as a row of reportsByBlock.
func (q *inquiry) row(block string) map[string]any {
	return map[string]any{
		"key": block, "public": dates(q.public), "years": dates(q.years), "news": dates(q.news), "discovered": dates(q.discovered), "occurred": dates(q.occurred),
		"undated": q.undated, "points": q.points, "least": leastBeside, "leastLater": leastBesideLater,
	}
}

// dates are windows as pairs of days, those that meet in one.
func dates(windows []window) [][]any {
	slices.SortFunc(windows, func(x, y window) int { return x.from.Compare(y.from) })
	var merged []window
	for _, w := range windows {
		if n := len(merged); n > 0 && !w.from.After(merged[n-1].to) {
			if w.to.After(merged[n-1].to) {
				merged[n-1].to = w.to
			}
			continue
		}
		merged = append(merged, w)
	}
	out := make([][]any, len(merged))
	for i, w := range merged {
		out[i] = []any{day(w.from), day(w.to)}
	}
	return out
}
