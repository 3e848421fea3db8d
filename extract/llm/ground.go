package llm

import (
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/extract"
)

// A Reason says why a statement of a model was dropped.
type Reason string

// The reasons, in the order in which statements are examined.
const (
	Unreadable     Reason = "unreadable"
	UnknownKind    Reason = "unknown type or status"
	InventedQuote  Reason = "quotation not in the text"
	UselessQuote   Reason = "quotation too short or too long"
	InventedNumber Reason = "number not in the quotation"
	InventedName   Reason = "name not in the text"
	WrongEnds      Reason = "subject or object of the wrong kind"
	OffTopic       Reason = "quotation about something else"
	NoVictim       Reason = "new breach that nobody is said to have suffered"
	Contradiction  Reason = "against a claim of the same sentence"
)

// What a quotation may be, so that it shows something.
const (
	minWords     = 3 // of one that is no whole sentence
	maxSentences = 3
)

// How far a claim of a model is trusted: it is never surer than that.
const (
	sureClaim   = 0.6 // quoted letter for letter, and its sentence names what it is about
	unsureClaim = 0.4
)

// A grounding looks up in one passage what a model says of it.
type grounding struct {
	*merger
	*passage
	entities map[string]*end // by the model's ids and names; nil for invented ones
	breaches map[string]*end
	figures  map[string]sayFigure
}

// A grounded claim has all its ends in the text.
type grounded struct {
	predicate       extract.Predicate
	subject, object *end
	speaker         *end
	status          extract.Status
	evidence        extract.Span
	confidence      float64
	attributes      map[string]*end   // those that are ids
	words           map[string]string // those that are words of the text
}

// ground takes into the result what a says of the passage and the text bears
// out.
func (m *merger) ground(p *passage, a answer) {
	g := &grounding{merger: m, passage: p, entities: map[string]*end{}, breaches: map[string]*end{}, figures: map[string]sayFigure{}}
	if n := a.skipped(); n > 0 {
		m.dropped[Unreadable] += n
	}
	for _, e := range a.Entities.all {
		found := g.findEntity(e)
		g.entities[string(e.ID)] = found
		if name := strings.ToLower(string(e.Name)); g.entities[name] == nil {
			g.entities[name] = found
		}
	}
	for _, f := range a.Figures.all {
		g.figures[string(f.ID)] = f
	}
	// What a breach is known by are its victims, so those claims come first.
	claims := slices.Clone(a.Claims.all)
	slices.SortStableFunc(claims, func(a, b sayClaim) int { return suffering(b) - suffering(a) })
	g.matchBreaches(a.Breaches.all, claims)
	for _, c := range claims {
		claim, reason := g.examine(c)
		if reason == "" {
			reason = g.take(claim)
		}
		if reason != "" {
			m.dropped[reason]++
		}
	}
	for _, b := range a.Breaches.all {
		g.dateBreach(g.breaches[string(b.ID)], b)
	}
}

func suffering(c sayClaim) int {
	if c.Type == word(extract.Suffered) {
		return 1
	}
	return 0
}

// examine looks up all that c rests on; the reason says what is not there.
func (g *grounding) examine(c sayClaim) (grounded, Reason) {
	out := grounded{predicate: extract.Predicate(c.Type), status: extract.Status(c.Status)}
	from, to := joins(out.predicate)
	if from == nil || !slices.Contains(statuses, out.status) {
		return out, UnknownKind
	}
	evidence, exact, ok := g.quotation(string(c.Evidence))
	if !ok {
		return out, InventedQuote
	}
	first, last := g.sentencesOf(evidence)
	if !g.telling(evidence, first, last) {
		return out, UselessQuote
	}
	out.evidence = evidence
	var reason Reason
	if out.subject, reason = g.end(c.Subject, from, out.predicate, evidence); reason != "" {
		return out, reason
	}
	if out.object, reason = g.end(c.Object, to, out.predicate, evidence); reason != "" {
		return out, reason
	}
	if out.subject == out.object || out.subject.id != "" && out.subject.id == out.object.id {
		return out, WrongEnds
	}
	if c.AttributedTo != "" {
		if out.speaker = g.entity(c.AttributedTo); out.speaker == nil {
			return out, InventedName
		}
		if !slices.Contains(speakers, out.speaker.label) {
			return out, WrongEnds
		}
	}
	sure, ok := g.about(out, first, last)
	if !ok {
		return out, OffTopic
	}
	out.confidence = unsureClaim
	if sure && exact {
		out.confidence = sureClaim
	}
	g.attributesOf(c, &out, first, last)
	return out, ""
}

// entity gives what a model calls id or, forgetting its own ids, by name.
func (g *grounding) entity(id word) *end {
	if e := g.entities[string(id)]; e != nil {
		return e
	}
	return g.entities[strings.ToLower(string(id))]
}

// end finds what stands at one end of a claim of p, if labels allow it there.
func (g *grounding) end(id word, labels []string, p extract.Predicate, evidence extract.Span) (*end, Reason) {
	allowed := func(l string) bool { return slices.Contains(labels, l) }
	if allowed(theArticle) && strings.EqualFold(string(id), extract.ArticleSubject) {
		return &end{id: extract.ArticleSubject, label: theArticle}, ""
	}
	if b, said := g.breaches[string(id)]; said && allowed(aBreach) {
		return b, ""
	}
	if f, said := g.figures[string(id)]; said && allowed(aFigure) {
		found := g.findFigure(f, evidence)
		if found == nil || !holds(evidence, found.mentions[0]) {
			return nil, InventedNumber
		}
		return found, ""
	}
	value := strings.ReplaceAll(strings.ToLower(string(id)), " ", "_")
	if allowed(aValue) && slices.Contains(g.values[p], value) {
		return &end{id: value, label: aValue}, ""
	}
	e := g.entity(id)
	switch {
	case e == nil && allowed(aFigure):
		return nil, InventedNumber
	case e == nil && allowed(aValue) && len(labels) == 1:
		return nil, UnknownKind
	case e == nil:
		return nil, InventedName
	case !allowed(e.label):
		return nil, WrongEnds
	}
	return e, ""
}

// sentencesOf gives the sentences [first, last) that s touches.
func (m *merger) sentencesOf(s extract.Span) (first, last int) {
	for first < len(m.sentences) && m.sentences[first].End <= s.Start {
		first++
	}
	last = first
	for last < len(m.sentences) && m.sentences[last].Start < s.End {
		last++
	}
	return first, last
}

// telling reports whether evidence is long enough to say something, and short
// enough to say where.
func (g *grounding) telling(evidence extract.Span, first, last int) bool {
	if last-first > maxSentences || first == last {
		return false
	}
	whole := last-first == 1 && evidence == g.sentences[first]
	return whole || len(strings.Fields(g.text[evidence.Start:evidence.End])) >= minWords
}

// about reports whether the sentences [first, last) of its evidence have to do
// with what c states; sure where they name all of it. A sentence often leaves out
// who is meant: the other party where one is named, or the one that was breached.
func (g *grounding) about(c grounded, first, last int) (sure, ok bool) {
	quoted := extract.Span{Start: g.sentences[first].Start, End: g.sentences[last-1].End}
	wide := quoted
	if first > 0 {
		wide.Start = g.sentences[first-1].Start
	}
	named := true // the value, if there is one
	if c.object.label == aValue {
		named = slices.Contains(extract.ValuesIn(c.predicate, g.text[quoted.Start:quoted.End]), c.object.id)
	}
	entities, here, near, victims := 0, 0, 0, 0
	for _, e := range []*end{c.subject, c.object} {
		if e.mentions == nil || e.label == aFigure {
			continue
		}
		entities++
		here += count(e.mentions, quoted)
		near += count(e.mentions, wide)
		if g.isVictim(e.id) {
			victims++
		}
	}
	switch {
	case here == entities:
		return named, true
	case entities == 2:
		return false, here > 0
	}
	return false, near > 0 || victims > 0 && named
}

// count is 1 if any of mentions lies in s, else 0.
func count(mentions []extract.Span, s extract.Span) int {
	if slices.ContainsFunc(mentions, func(m extract.Span) bool { return holds(s, m) }) {
		return 1
	}
	return 0
}

// isVictim reports whether the result has a breach that the entity suffered.
func (m *merger) isVictim(id string) bool {
	return id != "" && slices.ContainsFunc(m.out.Breaches, func(b extract.Breach) bool { return slices.Contains(b.Victims, id) })
}

// attributesOf takes over the attributes of c that the text bears out; a claim
// stands without the others.
func (g *grounding) attributesOf(c sayClaim, out *grounded, first, last int) {
	out.attributes, out.words = map[string]*end{}, map[string]string{}
	quoted := extract.Span{Start: g.sentences[first].Start, End: g.sentences[last-1].End}
	phrase := map[extract.Predicate]string{extract.Attacked: "role", extract.Hired: "purpose", extract.WorksFor: "title"}[out.predicate]
	if v := c.Attributes[phrase]; v != "" && len(v) <= maxName {
		if at, ok := g.within(v, []extract.Span{quoted}); ok && holds(quoted, at) {
			out.words[phrase] = g.text[at.Start:at.End]
		}
	}
	counting := map[extract.Predicate]string{extract.Exposed: "count", extract.Offered: "duration", extract.Fined: "amount"}[out.predicate]
	if say, said := g.figures[c.Attributes[counting]]; said {
		if f := g.findFigure(say, quoted); f != nil && holds(quoted, f.mentions[0]) {
			out.attributes[counting] = f
		}
	}
	if out.predicate == extract.Offered {
		if e := g.entity(word(c.Attributes["provider"])); e != nil && e.label == anOrganization {
			out.attributes["provider"] = e
		}
	}
}
