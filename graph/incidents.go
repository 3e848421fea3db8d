package graph

import "slices"

// incidents sorts reports out, each into the incident that it has most in common
// with, of equals the first. The weeks in which an incident is told of count
// from its first report, so that a stream of articles on one company does not
// run together. Each incident begins with its first report.
func incidents(reports []report) [][]report {
	reports = slices.Clone(reports)
	slices.SortFunc(reports, report.compare)
	s := sorting{byBlock: map[string][]int{}}
	for i := range reports {
		s.add(&reports[i])
	}
	out := make([][]report, 0, len(s.groups))
	for _, g := range s.groups {
		if len(g) == 0 {
			continue
		}
		in := make([]report, len(g))
		for i, r := range g {
			in[i] = *r
		}
		out = append(out, in)
	}
	return out
}

// A sorting is reports that are being sorted out into incidents, by number.
type sorting struct {
	groups  [][]*report // by report.compare; one that went into another is empty
	byBlock map[string][]int
}

// add puts r, which comes after all that were added, where it belongs. Where it
// shows that two incidents are one, they become one.
func (s *sorting) add(r *report) {
	best, most := -1, 0
	var fitting []int
	for _, k := range s.candidates(r) {
		p := fits(r, s.groups[k])
		if p < joinPoints {
			continue
		}
		fitting = append(fitting, k)
		if p > most {
			best, most = k, p
		}
	}
	if best < 0 {
		best = len(s.groups)
		s.groups = append(s.groups, nil)
	}
	s.put(best, r)
	for _, k := range fitting {
		if k != best && meet(r, s.groups[best], s.groups[k]) {
			s.put(best, s.groups[k]...)
			slices.SortFunc(s.groups[best], func(x, y *report) int { return x.compare(*y) })
			s.groups[k] = nil
		}
	}
}

// put adds reports to the incident k.
func (s *sorting) put(k int, reports ...*report) {
	s.groups[k] = append(s.groups[k], reports...)
	for _, r := range reports {
		for _, w := range r.traits.blocks {
			if list := s.byBlock[w]; !slices.Contains(list, k) {
				s.byBlock[w] = append(list, k)
			}
		}
	}
}

// candidates are the numbers of what shares a block with r, in order.
func (s *sorting) candidates(r *report) []int {
	var out []int
	for _, w := range r.traits.blocks {
		out = append(out, s.byBlock[w]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fits is the most points that r has with one of the reports in, none where one
// of them cannot be of the same incident. It came to be known when the first of
// them did, which counts as much as when each of them says.
func fits(r *report, in []*report) int {
	most, clashes := 0, 0
	for _, s := range in {
		if apart(r, s) {
			return 0
		}
		if clash(r, s) {
			clashes++
			if !sameNews(r, s) {
				continue
			}
		}
		if pinned(r, s) {
			most = certainPoints
		} else if shares(r.traits.blocks, s.traits.blocks) > 0 {
			most = max(most, together(r, s, in[0]))
		}
	}
	if clashes > 0 && !misdated(r, in, clashes) {
		return 0
	}
	return most
}

// misdated reports whether r is of one incident with the reports in although so
// many of them clash with it, and one or the other has the time wrong: it is the
// same news as one of them, or tied to more than it clashes with.
func misdated(r *report, in []*report, clashes int) bool {
	ties := 0
	for _, s := range in {
		if tied(r, s) {
			ties++
			if ties > clashes || sameNews(r, s) {
				return true
			}
		}
	}
	return false
}

// meet reports whether r, one of the reports x, shows that they and y are of one
// incident: it has as much in common with one of y as figures alone can give, and
// what the others say of the time is mostly in favour of it.
func meet(r *report, x, y []*report) bool {
	if !slices.ContainsFunc(y, func(s *report) bool { return tied(r, s) && r.traits.besidePoints(s.traits) >= mostFigurePoints }) {
		return false
	}
	ties, clashes := 0, 0
	for _, a := range x {
		for _, b := range y {
			switch {
			case apart(a, b):
				return false
			case tied(a, b):
				ties++
			case clash(a, b):
				clashes++
			}
		}
	}
	return ties > clashes
}
