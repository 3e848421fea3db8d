package llm

import (
	"slices"
	"strings"
	"unicode"

	"github.com/breachgraph/breachgraph/extract"
)

// What may stand at an end of a claim, besides the kinds of entity that are no
// organisation.
const (
	anOrganization = "organization"
	aBreach        = "breach"
	aFigure        = "figure"
	aValue         = "value"
	theArticle     = "article"
)

// joins says what each predicate joins, after the contract.
func joins(p extract.Predicate) (from, to []string) {
	organization, breach := []string{anOrganization}, []string{aBreach}
	party := []string{anOrganization, string(extract.Person)}
	switch p {
	case extract.Suffered:
		return organization, breach
	case extract.Attacked:
		return []string{string(extract.Person), string(extract.Group)}, breach
	case extract.Exposed:
		return breach, []string{aValue}
	case extract.Used:
		return breach, []string{aValue, string(extract.Malware), string(extract.Vulnerability)}
	case extract.HasFigure:
		return breach, []string{aFigure}
	case extract.Investigates, extract.Discovered:
		return party, breach
	case extract.WorksFor:
		return []string{string(extract.Person)}, organization
	case extract.Offered:
		return organization, []string{aValue}
	case extract.Hired, extract.SubsidiaryOf, extract.Fined:
		return organization, organization
	case extract.Sued:
		return party, organization
	case extract.Cites:
		return []string{theArticle}, organization
	}
	return nil, nil
}

// speakers may say what a claim states.
var speakers = []string{anOrganization, string(extract.Person), string(extract.Group)}

// An end is the subject, object or speaker of a claim. It has an id once it is
// part of the result.
type end struct {
	id       string
	label    string
	mentions []extract.Span // of an entity
	kind     extract.Kind   // that an entity takes on with a claim; empty for its own
	entity   *extract.Entity
	figure   *extract.Figure
	breach   *sayBreach
}

func label(k extract.Kind) string {
	if k.Organization() {
		return anOrganization
	}
	return string(k)
}

// known is the end that an entity of the result makes.
func known(e *extract.Entity) *end {
	out := &end{id: e.ID, label: label(e.Kind)}
	for _, m := range e.Mentions {
		out.mentions = append(out.mentions, m.Span)
	}
	return out
}

// Bounds on the names of an entity.
const (
	minName   = 2   // bytes
	maxName   = 120 // bytes
	maxNames  = 8
	maxPlaces = 50 // of each
)

// nameShaped reports whether s may name an entity of kind k: only handles,
// gangs and malware do without a capital or a digit.
func nameShaped(s string, k extract.Kind) bool {
	if len(s) < minName || len(s) > maxName || strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return false
	}
	lower := strings.ToLower(s)
	if slices.Contains([]string{"he", "she", "they", "it", "we", "you", "who", "them", "him", "her", "us", "its", "their"}, lower) {
		return false
	}
	if strings.HasPrefix(lower, "the ") {
		s = s[len("the "):]
	}
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) }) >= 0 {
		return true
	}
	return !strings.HasPrefix(lower, "the ") && (k == extract.Person || k == extract.Malware || k == extract.Group)
}

// alike reports whether entities of kinds a and b may be one where their names
// overlap.
func alike(a, b extract.Kind) bool {
	named := func(k extract.Kind) bool {
		return k.Organization() || k == extract.Product || k == extract.Group
	}
	return a == b || named(a) && named(b)
}

// findEntity finds the entity that say names: one of the result, or a new one
// whose names stand in the passage; nil where they do not.
func (g *grounding) findEntity(say sayEntity) *end {
	kind := extract.Kind(say.Type)
	if !slices.Contains(extract.Kinds(), kind) {
		return nil
	}
	fresh := extract.Entity{Kind: kind}
	var overlapped *extract.Entity
	names := append([]quote{say.Name}, say.Mentions.all...)
	for i, name := range names[:min(len(names), maxNames)] {
		name := strings.TrimSpace(string(name))
		if !nameShaped(name, kind) {
			continue
		}
		spans, _ := g.find(name, maxPlaces)
		for _, s := range spans {
			e, same := g.entityAt(s)
			switch {
			case same && (i == 0 || alike(e.Kind, kind)):
				return g.retyped(known(e), kind)
			case e != nil:
				if overlapped == nil && alike(e.Kind, kind) {
					overlapped = e
				}
			case !slices.ContainsFunc(fresh.Mentions, func(m extract.Mention) bool { return overlap(m.Span, s) }):
				fresh.Mentions = append(fresh.Mentions, extract.Mention{Span: s, Kind: extract.Name})
			}
		}
	}
	switch {
	case len(fresh.Mentions) > 0:
		g.nameEntity(&fresh)
		out := known(&fresh)
		out.entity = &fresh
		return out
	case overlapped != nil:
		return g.retyped(known(overlapped), kind)
	}
	return nil
}

// retyped gives e the kind that a model sees in it, where nothing was claimed of
// it offline: then the offline extractor had little to tell the kind by.
func (g *grounding) retyped(e *end, kind extract.Kind) *end {
	if label(kind) != e.label && !g.claimed(e.id) {
		e.kind, e.label = kind, label(kind)
	}
	return e
}

// claimed reports whether a claim names the entity.
func (m *merger) claimed(id string) bool {
	return m.isVictim(id) || slices.ContainsFunc(m.out.Claims, func(c extract.Claim) bool {
		return c.Subject == id || c.Object == id || c.AttributedTo == id || c.Attributes["provider"] == id
	})
}

// entityAt gives the entity of the result with a mention that overlaps s, and
// whether one of its names is just that.
func (g *grounding) entityAt(s extract.Span) (e *extract.Entity, same bool) {
	for i := range g.out.Entities {
		for _, m := range g.out.Entities[i].Mentions {
			if m.Span == s && (m.Kind == extract.Name || m.Kind == extract.Short) {
				return &g.out.Entities[i], true
			}
			if e == nil && overlap(m.Span, s) {
				e = &g.out.Entities[i]
			}
		}
	}
	return e, false
}

// nameEntity sorts the mentions of a new entity and names it by the longest.
func (g *grounding) nameEntity(e *extract.Entity) {
	slices.SortFunc(e.Mentions, func(a, b extract.Mention) int { return a.Start - b.Start })
	text := func(m extract.Mention) string { return strings.Join(strings.Fields(g.text[m.Start:m.End]), " ") }
	for _, m := range e.Mentions {
		if t := text(m); len(t) > len(e.Name) {
			e.Name = t
		}
	}
	for i := range e.Mentions {
		t := text(e.Mentions[i])
		if t == e.Name {
			continue
		}
		e.Mentions[i].Kind = extract.Short
		if !slices.Contains(e.Aliases, t) {
			e.Aliases = append(e.Aliases, t)
		}
	}
}

// findFigure finds the quantity that say quotes, in the evidence where it stands
// there, nil where its words hold no number: one of the result or a new one.
func (g *grounding) findFigure(say sayFigure, evidence extract.Span) *end {
	at, ok := g.within(string(say.Text), []extract.Span{evidence})
	if !ok {
		return nil
	}
	for _, f := range g.quantities {
		number := extract.Span{Start: f.Start, End: f.End}
		if f.Start >= at.End {
			break
		}
		if !holds(at, number) {
			continue
		}
		for i := range g.out.Figures {
			if overlap(g.out.Figures[i].Span, number) {
				return &end{id: g.out.Figures[i].ID, label: aFigure, mentions: []extract.Span{number}}
			}
		}
		fresh := &extract.Figure{
			Span:  extract.Span{Start: min(f.QualifierStart, f.Start), End: f.End},
			Value: f.Value, Low: f.Low, High: f.High, Approx: f.Approx, Unit: f.Unit,
		}
		if counted := (extract.Span{Start: f.CountedStart, End: f.CountedEnd}); f.Counted != "" && holds(at, counted) {
			fresh.Counted, fresh.End = f.Counted, max(f.End, f.CountedEnd)
		}
		for _, v := range say.Of.all {
			if slices.Contains(g.values[extract.Exposed], string(v)) && !slices.Contains(fresh.Of, string(v)) {
				fresh.Of = append(fresh.Of, string(v))
			}
		}
		return &end{label: aFigure, mentions: []extract.Span{number}, figure: fresh}
	}
	return nil
}
