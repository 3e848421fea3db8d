package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/extract"
)

// A tally counts the claims found, those the readers made, and those of both.
type tally struct{ both, found, made int }

func (t tally) measures() (p, r, f1 float64) {
	if t.both == 0 {
		return 0, 0, 0
	}
	p, r = float64(t.both)/float64(t.found), float64(t.both)/float64(t.made)
	return p, r, 2 * p * r / (p + r)
}

// A score tells how the claims of whole results compare with the readers', as
// the scorer of the annotated articles counts them: a claim about a breach
// agrees only where the breach is the same, that is where a victim is.
type score struct {
	byType                 map[string]tally
	status, speaker        int // right ones, of the claims that agree
	statuses, speakers     int
	bins                   [3]tally // by confidence: ≥ 0.8, ≥ 0.6, below
	verbose                io.Writer
	breaches, primaryFound int
}

// A claimID is what makes a claim of the readers and one of a result the same.
type claimID struct {
	predicate, subject, object string
	denied                     bool
}

func (k claimID) String() string {
	s := k.predicate + " " + k.subject + " " + k.object
	if k.denied {
		s += " denied"
	}
	return s
}

// add counts the claims of the result that a aligns.
func (s *score) add(a alignment) {
	breaches := a.sameVictims()
	skip := a.unscored(breaches)
	resolve := func(id string) string {
		if k := a.entities[id]; k != "" {
			return k
		}
		if k := breaches[id]; k != "" {
			return k
		}
		if a.local(id) {
			return "?" + id
		}
		return id
	}
	found := make(map[claimID]extract.Claim)
	for _, c := range a.result.Claims {
		if c.Type == extract.HasFigure || skip[c.Subject] || skip[c.Object] {
			continue
		}
		k := claimID{string(c.Type), resolve(c.Subject), resolve(c.Object), c.Status == extract.Denied}
		if _, ok := found[k]; !ok {
			found[k] = c
		}
	}
	s.count(a, found)
	for _, b := range a.gold.Breaches {
		if b.Primary {
			s.breaches++
			for _, k := range breaches {
				if k == b.Key {
					s.primaryFound++
				}
			}
		}
	}
}

// count compares the claims found with the readers'.
func (s *score) count(a alignment, found map[claimID]extract.Claim) {
	made := make(map[claimID]bool)
	for _, g := range a.gold.Claims {
		k := claimID{g.Type, g.Subject, g.Object, g.Status == "denied"}
		if g.Type == "HAS_FIGURE" || a.gold.thing(g.Subject) || a.gold.thing(g.Object) || made[k] {
			continue
		}
		made[k] = true
		t := s.byType[g.Type]
		t.made++
		if c, ok := found[k]; ok {
			t.both++
			s.statuses++
			if string(c.Status) == g.Status {
				s.status++
			}
			if g.By != "" {
				s.speakers++
				if a.entities[c.AttributedTo] == g.By {
					s.speaker++
				}
			}
		} else if s.verbose != nil {
			fmt.Fprintf(s.verbose, "%s: missed %s: %q\n", a.gold.ID, k, g.Quote)
		}
		s.byType[g.Type] = t
	}
	for _, k := range slices.SortedFunc(maps.Keys(found), func(a, b claimID) int { return cmp.Compare(a.String(), b.String()) }) {
		c := found[k]
		t := s.byType[k.predicate]
		t.found++
		s.byType[k.predicate] = t
		bin := &s.bins[2]
		switch {
		case c.Confidence >= 0.8:
			bin = &s.bins[0]
		case c.Confidence >= 0.6:
			bin = &s.bins[1]
		}
		bin.found++
		if made[k] {
			bin.both++
		} else if s.verbose != nil {
			e := c.Evidence
			fmt.Fprintf(s.verbose, "%s: false %s %.2f: %q\n", a.gold.ID, k, c.Confidence, a.gold.article.Text[e.Start:e.End])
		}
	}
}

// thing reports whether key is a product or a place, of which no claim counts.
func (g *annotation) thing(key string) bool {
	for _, e := range g.Entities {
		if e.Key == key {
			return e.Type == "product" || e.Type == "place"
		}
	}
	return false
}

// local reports whether id is one of the result's own.
func (a alignment) local(id string) bool {
	return slices.ContainsFunc(a.result.Entities, func(e extract.Entity) bool { return e.ID == id }) ||
		slices.ContainsFunc(a.result.Breaches, func(b extract.Breach) bool { return b.ID == id })
}

// sameVictims maps the breaches of the result to the readers' that share a
// victim, the most victims first; one without victims is the primary one.
func (a alignment) sameVictims() map[string]string {
	type pair struct {
		id, key string
		weight  int
	}
	var pairs []pair
	for _, b := range a.result.Breaches {
		for _, g := range a.gold.Breaches {
			shared := 0
			for _, v := range b.Victims {
				if k := a.entities[v]; k != "" && slices.Contains(g.Victims, k) {
					shared++
				}
			}
			both := b.Primary && g.Primary
			lone := both && (len(b.Victims) == 0 || len(g.Victims) == 0)
			if shared > 0 || lone || len(b.Victims) == 0 && len(g.Victims) == 0 {
				p := pair{b.ID, g.Key, 2 * shared}
				if both {
					p.weight++
				}
				pairs = append(pairs, p)
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return b.weight - a.weight })
	out, used := make(map[string]string), make(map[string]bool)
	for _, p := range pairs {
		if out[p.id] == "" && !used[p.key] {
			out[p.id], used[p.key] = p.key, true
		}
	}
	return out
}

// unscored gives the ids whose claims are neither right nor wrong: things, and
// breaches that the readers mention only in passing.
func (a alignment) unscored(breaches map[string]string) map[string]bool {
	out := make(map[string]bool)
	for _, e := range a.result.Entities {
		if e.Kind == extract.Product || e.Kind == extract.Place {
			out[e.ID] = true
		}
	}
	for _, b := range a.result.Breaches {
		passing := breaches[b.ID] == "" && !b.Primary && len(b.Victims) > 0
		for _, v := range b.Victims {
			passing = passing && slices.Contains(a.gold.AlsoBreached, a.entities[v])
		}
		if passing {
			out[b.ID] = true
		}
	}
	return out
}

// print writes the table of s.
func (s *score) print(w io.Writer) {
	var all tally
	fmt.Fprintf(w, "%-16s%8s%8s%8s%8s%8s%8s\n", "claims", "P", "R", "F1", "both", "found", "made")
	row := func(name string, t tally) {
		p, r, f1 := t.measures()
		fmt.Fprintf(w, "%-16s%8.3f%8.3f%8.3f%8d%8d%8d\n", name, p, r, f1, t.both, t.found, t.made)
	}
	for _, name := range slices.Sorted(maps.Keys(s.byType)) {
		t := s.byType[name]
		row(strings.ToLower(name), t)
		all.both, all.found, all.made = all.both+t.both, all.found+t.found, all.made+t.made
	}
	row("all", all)
	fmt.Fprintf(w, "status right of %.3f, speaker of %.3f; primary breach found in %d of %d\n",
		ratio(s.status, s.statuses), ratio(s.speaker, s.speakers), s.primaryFound, s.breaches)
	for i, name := range []string{"0.8 to 1", "0.6 to 0.8", "below"} {
		b := s.bins[i]
		fmt.Fprintf(w, "confidence %-12s share %.2f right %.2f\n", name, ratio(b.found, all.found), ratio(b.both, b.found))
	}
}

func ratio(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}
