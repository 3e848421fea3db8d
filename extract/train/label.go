package main

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

// An example is a candidate with what the readers say of it.
type example struct {
	model    string
	features []string
	group    string // examples of one claim in one article share it
	article  int
	holds    bool
	quoted   bool // the readers quote the sentence it stands in
}

// An alignment tells which of the readers' entities and breaches those of a
// result are.
type alignment struct {
	gold     annotation
	result   extract.Result
	entities map[string]string // result id to gold key
	breaches map[string]string
}

var punctuation = regexp.MustCompile(`[^\pL\pN&+.@-]+`)
var suffix = regexp.MustCompile(`\b(inc|incorporated|llc|llp|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|sa|nv|bv|pty|group|holdings)\b\.?$`)

// normal folds a name as the scorer of the annotated articles does.
func normal(name string) string {
	s := strings.ToLower(strings.NewReplacer("’", "'", "‘", "'").Replace(name))
	s = strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "'")
	s = strings.Trim(punctuation.ReplaceAllString(s, " "), " .-")
	for _, article := range []string{"the ", "a ", "an "} {
		s = strings.TrimPrefix(s, article)
	}
	if t := strings.Trim(suffix.ReplaceAllString(s, ""), " .,-"); t != "" {
		return t
	}
	return s
}

func align(g annotation, r extract.Result) alignment {
	a := alignment{gold: g, result: r, entities: make(map[string]string), breaches: make(map[string]string)}
	a.alignEntities()
	for _, b := range r.Breaches {
		for _, gb := range g.Breaches {
			if b.Primary && gb.Primary {
				a.breaches[b.ID] = gb.Key
			}
			if b.Primary || gb.Primary || a.breaches[b.ID] != "" {
				continue
			}
			for _, v := range b.Victims {
				for _, gv := range gb.Victims {
					if a.entities[v] == gv {
						a.breaches[b.ID] = gb.Key
					}
				}
			}
		}
	}
	return a
}

// alignEntities pairs entities that share a name: first those of one sort with
// the same canonical name, then those of one sort, then any.
func (a alignment) alignEntities() {
	used := make(map[string]bool)
	for _, same := range []func(e extract.Entity, kind, name string, aliases []string) bool{
		func(e extract.Entity, kind, name string, _ []string) bool {
			return sortOf(kind) == sortOf(string(e.Kind)) && normal(e.Name) == normal(name)
		},
		func(e extract.Entity, kind, name string, aliases []string) bool {
			return sortOf(kind) == sortOf(string(e.Kind)) && shareName(e, name, aliases)
		},
		func(e extract.Entity, _, name string, aliases []string) bool { return shareName(e, name, aliases) },
	} {
		for _, e := range a.result.Entities {
			for _, g := range a.gold.Entities {
				if a.entities[e.ID] == "" && !used[g.Key] && same(e, g.Type, g.Name, g.Aliases) {
					a.entities[e.ID], used[g.Key] = g.Key, true
				}
			}
		}
	}
}

// sortOf gives within what names are compared: an organisation is one, whatever
// part it plays.
func sortOf(kind string) string {
	if extract.Kind(kind).Organization() {
		return "organization"
	}
	return kind
}

func shareName(e extract.Entity, name string, aliases []string) bool {
	names := append([]string{name}, aliases...)
	return slices.ContainsFunc(append([]string{e.Name}, e.Aliases...), func(n string) bool {
		return slices.ContainsFunc(names, func(g string) bool { return normal(n) == normal(g) })
	})
}

// label makes the examples of one article; a candidate of which the readers
// say neither yes nor no gives none.
func label(a alignment, n int, candidates []extract.Candidate) []example {
	var out []example
	for _, c := range candidates {
		if a.gold.Only != "" && c.Model != a.gold.Only {
			continue
		}
		e := example{model: c.Model, features: c.Features, article: n}
		// An article about something else tells what is relevant and what is a figure.
		known := a.gold.Relevant || c.Model == "relevance" || c.Model == "figure"
		if !known {
			continue
		}
		switch c.Model {
		case "victim":
			e.holds, known = a.victim(c)
		case "other victim":
			e.holds, known = a.otherVictim(c)
		case "past":
			e.holds, e.quoted = a.past(c), true
		case "figure", "figure breach":
			e.holds, known = a.figure(c)
		case "speaker":
			e.holds, known = a.spoken(c)
		case "admission":
			e.holds, e.quoted, e.group = a.admitted(c)
		case "occurred", "discovered", "disclosed":
			e.holds, known = a.dated(c)
			e.group = a.gold.ID + "\x00" + c.Model + "\x00" + c.Subject
		case "relevance":
			e.holds = a.gold.Relevant
		default:
			e.holds, e.quoted, e.group = a.claimed(c)
		}
		if known {
			out = append(out, e)
		}
	}
	return out
}

func (a alignment) key(id string) string {
	if k, ok := a.entities[id]; ok {
		return k
	}
	return id
}

func (a alignment) victim(c extract.Candidate) (holds, known bool) {
	key, ok := a.entities[c.Subject]
	if !ok {
		return false, true
	}
	other := false
	for _, b := range a.gold.Breaches {
		for _, v := range b.Victims {
			if v == key && b.Primary {
				return true, true
			}
			other = other || v == key
		}
	}
	return false, !other
}

// admitted reports whether the readers hold that the victim confirmed the
// breach, and whether they quote the candidate's sentence for it.
func (a alignment) admitted(c extract.Candidate) (holds, quoted bool, group string) {
	group = a.gold.ID + "\x00admission\x00" + c.Object
	for _, g := range a.gold.Claims {
		if g.Type == "SUFFERED" && g.Status == "confirmed" && (a.breaches[c.Object] == "" || a.breaches[c.Object] == g.Object) {
			holds = true
			quoted = quoted || a.overlaps(c, g.Quote)
		}
	}
	return holds, quoted, group
}

func (a alignment) span(quote string) (start, end int) {
	i := strings.Index(a.gold.article.Text, quote)
	if i < 0 {
		return -1, -1
	}
	return i, i + len(quote)
}

func (a alignment) overlaps(c extract.Candidate, quote string) bool {
	start, end := a.span(quote)
	return start >= 0 && start < c.Evidence.End && c.Evidence.Start < end
}

// otherVictim reports whether the readers hold c's entity to have suffered a
// breach that is not the primary one; those mentioned in passing are neither.
func (a alignment) otherVictim(c extract.Candidate) (holds, known bool) {
	key, ok := a.entities[c.Subject]
	if !ok {
		return false, true
	}
	for _, b := range a.gold.Breaches {
		if slices.Contains(b.Victims, key) {
			if b.Primary {
				return false, false
			}
			holds = true
		}
	}
	return holds, holds || !slices.Contains(a.gold.AlsoBreached, key)
}

// spoken reports whether the readers hold c's entity to make the statement; of
// one that they quote from another sentence, or do not make, nothing is known.
func (a alignment) spoken(c extract.Candidate) (holds, known bool) {
	if c.Type == extract.HasFigure {
		for _, g := range a.gold.Figures {
			start, _ := a.span(g.Quote)
			if start += strings.Index(g.Quote, g.Text); start < c.Of.Evidence.End && c.Of.Evidence.Start < start+len(g.Text) {
				known, holds = true, g.By != "" && g.By == a.entities[c.Subject]
			}
		}
		return holds, known
	}
	subject, object := a.key(c.Of.Subject), a.key(c.Of.Object)
	same := func(id, key string) bool { return id == key || a.local(id) && a.breaches[id] == key }
	for _, g := range a.gold.Claims {
		if g.Type == string(c.Type) && (g.Status == "denied") == c.Denied && same(subject, g.Subject) && same(object, g.Object) && a.overlaps(c, g.Quote) {
			known = true
			holds = holds || g.By != "" && g.By == a.entities[c.Subject]
		}
	}
	return holds, known
}

// past reports whether the readers' quotations in c's sentence tell of another
// breach than the primary one.
func (a alignment) past(c extract.Candidate) bool {
	primary := make(map[string]bool)
	for _, b := range a.gold.Breaches {
		primary[b.Key] = b.Primary
	}
	vote := 0
	for _, g := range a.gold.Claims {
		for _, k := range []string{g.Subject, g.Object} {
			if isPrimary, ok := primary[k]; ok && a.overlaps(c, g.Quote) {
				if isPrimary {
					vote--
				} else {
					vote += 2
				}
			}
		}
	}
	return vote > 0
}

func (a alignment) figure(c extract.Candidate) (holds, known bool) {
	same := false
	for _, f := range a.result.Figures {
		if f.Start <= c.Evidence.Start && c.Evidence.End <= f.End {
			for _, g := range a.gold.Figures {
				same = same || near(f.Value, g.Value) && near(f.Low, g.Low) && near(f.High, g.High)
			}
		}
	}
	for _, g := range a.gold.Figures {
		start, _ := a.span(g.Quote)
		if start < 0 {
			continue
		}
		start += strings.Index(g.Quote, g.Text)
		if start < c.Evidence.End && c.Evidence.Start < start+len(g.Text) {
			return c.Model == "figure" || g.Breach != nil, true
		}
	}
	return false, c.Model == "figure" && !same
}

func near(a, b *float64) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return math.Abs(*a-*b) <= 0.01*math.Max(math.Abs(*a), math.Abs(*b))
}

// dated reports whether the readers date the same step of the breach so: the
// periods overlap and the candidate's is not much longer. It is not known of
// the date of another breach, and not of what was found or told again later,
// as readers give the first time only.
func (a alignment) dated(c extract.Candidate) (holds, known bool) {
	from, to, _ := strings.Cut(c.Object, "/")
	ps, pe := day(from, to), day(to, from)
	known = true
	for _, b := range a.gold.Breaches {
		period := map[string][2]*string{"occurred": b.Occurred, "discovered": b.Discovered, "disclosed": b.Disclosed}[c.Model]
		if period[0] == nil && period[1] == nil {
			continue
		}
		gs, ge := day(text(period[0]), text(period[1])), day(text(period[1]), text(period[0]))
		right := !gs.After(pe) && !ps.After(ge) && pe.Sub(ps) <= 2*ge.Sub(gs)+31*24*time.Hour
		if key, ok := a.breaches[c.Subject]; ok && key != b.Key {
			known = known && !right
			continue
		}
		if right {
			return true, true
		}
		if c.Model != "occurred" && ps.After(ge) {
			known = false
		}
	}
	return false, known
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func day(s, other string) time.Time {
	if s == "" {
		s = other
	}
	t, err := time.Parse(time.DateOnly, s[:min(10, len(s))])
	if err != nil {
		return time.Time{}
	}
	return t
}

// claimed reports whether the readers make the same claim, and whether they
// quote the candidate's sentence for it.
func (a alignment) claimed(c extract.Candidate) (holds, quoted bool, group string) {
	subject, object := a.key(c.Subject), a.key(c.Object)
	group = strings.Join([]string{a.gold.ID, c.Model, subject, object}, "\x00")
	if _, ok := a.entities[c.Subject]; !ok && c.Type == extract.Offered {
		// Whether something is offered does not hang on having found who offers it.
		subject = ""
	}
	breach := func(id string) bool { return strings.HasPrefix(id, "b") && len(id) <= 3 }
	for _, g := range a.gold.Claims {
		if g.Type != string(c.Type) || (g.Status == "denied") != c.Denied {
			continue
		}
		if subject != "" && g.Subject != subject && !(breach(g.Subject) && breach(c.Subject)) || g.Object != object && !(breach(g.Object) && breach(c.Object)) {
			continue
		}
		holds = true
		if a.overlaps(c, g.Quote) {
			quoted = true
		}
	}
	if c.Denied {
		group += "\x00denied"
	}
	return holds, quoted, group
}
