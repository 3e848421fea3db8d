package llm

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/extract/figure"
	"github.com/breachgraph/breachgraph/extract/when"
)

// maxAgreed bounds the confidence of a claim that both extractors make.
const maxAgreed = 0.95

// A merger adds to a result what a model says and the text bears out. The rules:
//
//   - A claim that both make stays as it was found offline. Where the status is
//     the same too, its confidence goes half of the way to 1, up to 0.95.
//   - A claim that only the model makes is added in the model's name, with a
//     confidence of 0.4 or 0.6.
//   - Of a denial and its opposite in one sentence the one found offline stays;
//     in two sentences both are claims.
//   - Entities and figures come in only as parts of a claim. An entity found
//     offline keeps its name, and its kind where anything was claimed of it
//     offline; a figure keeps its value.
//   - The breach that the model takes for the main one is the one found offline;
//     a new one needs a claim that says who suffered it. Dates of breaches are
//     filled in where there were none.
type merger struct {
	out        extract.Result
	extractor  string
	sentences  []extract.Span
	quantities []figure.Figure
	dates      []when.Date
	values     map[extract.Predicate][]string // canonical ones
	ours       int                            // out.Claims[:ours] were found offline
	agreed     map[int]bool
	added      int
	dropped    map[Reason]int
}

func newMerger(r extract.Result, sentences []extract.Span, model string) *merger {
	r.Entities, r.Figures = slices.Clone(r.Entities), slices.Clone(r.Figures)
	r.Breaches, r.Claims = slices.Clone(r.Breaches), slices.Clone(r.Claims)
	values := map[extract.Predicate][]string{}
	for _, p := range extract.Predicates() {
		values[p] = extract.Values(p)
	}
	return &merger{
		out: r, values: values, extractor: "llm:" + model, sentences: sentences,
		quantities: figure.Find(r.Article.Text), dates: when.Find(r.Article.Text, r.Article.Published),
		ours: len(r.Claims), agreed: map[int]bool{}, dropped: map[Reason]int{},
	}
}

// result is what came of it, claims in the order of their evidence.
func (m *merger) result() extract.Result {
	slices.SortStableFunc(m.out.Claims, func(a, b extract.Claim) int { return cmp.Compare(a.Evidence.Start, b.Evidence.Start) })
	for i := range m.out.Claims {
		m.out.Claims[i].ID = "c" + strconv.Itoa(i+1)
	}
	return m.out
}

// take merges a grounded claim, or says why not.
func (g *grounding) take(c grounded) Reason {
	g.settle(c.subject)
	g.settle(c.object)
	for _, e := range []*end{c.subject, c.object} {
		if e.breach != nil && e.id == "" && (c.predicate != extract.Suffered || c.status == extract.Denied) {
			return NoVictim
		}
	}
	if c.subject.id != "" && c.object.id != "" {
		found, reason := g.compare(c)
		if found || reason != "" {
			return reason
		}
	}
	g.add(c)
	return ""
}

// compare looks for c among the claims that there are. It reports whether there
// is nothing left to add.
func (g *grounding) compare(c grounded) (found bool, _ Reason) {
	for i := range g.out.Claims {
		o := &g.out.Claims[i]
		if o.Type != c.predicate || o.Subject != c.subject.id || o.Object != c.object.id {
			continue
		}
		if (o.Status == extract.Denied) != (c.status == extract.Denied) {
			if g.sameSentence(o.Evidence, c.evidence) {
				return false, Contradiction
			}
			continue
		}
		if i < g.ours && !g.agreed[i] {
			g.agreed[i] = true
			if o.Status == c.status {
				o.Confidence = max(o.Confidence, min(maxAgreed, round((1+o.Confidence)/2)))
			}
		}
		return true, ""
	}
	return false, ""
}

func (g *grounding) sameSentence(a, b extract.Span) bool {
	first, last := g.sentencesOf(a)
	from, to := g.sentencesOf(b)
	return first < to && from < last
}

// round keeps two digits, as the other extractor does.
func round(p float64) float64 { return float64(int(p*100+0.5)) / 100 }

// add makes c a claim of the result, with what it speaks of.
func (g *grounding) add(c grounded) {
	claim := extract.Claim{
		Type: c.predicate, Status: c.status, AttributedTo: g.adopt(c.speaker, c), Evidence: c.evidence,
		Confidence: c.confidence, Extractor: g.extractor,
		Subject: g.adopt(c.subject, c), Object: g.adopt(c.object, c),
	}
	attributes := maps.Clone(c.words)
	for name, e := range c.attributes {
		attributes[name] = g.adopt(e, c)
	}
	if len(attributes) > 0 {
		claim.Attributes = attributes
	}
	if claim.Type == extract.Suffered && claim.Status != extract.Denied {
		g.addVictim(claim.Object, claim.Subject)
	}
	if claim.Type == extract.HasFigure {
		for i := range g.out.Figures {
			if f := &g.out.Figures[i]; f.ID == claim.Object && f.Breach == "" {
				f.Breach = claim.Subject
			}
		}
	}
	g.out.Claims = append(g.out.Claims, claim)
	g.added++
}

// adopt makes e part of the result, if it is not yet, and gives its id.
func (g *grounding) adopt(e *end, c grounded) string {
	switch {
	case e == nil:
		return ""
	case e.kind != "":
		i := slices.IndexFunc(g.out.Entities, func(o extract.Entity) bool { return o.ID == e.id })
		g.out.Entities[i].Kind, e.kind = e.kind, ""
	case e.id != "":
	case e.entity != nil:
		g.adoptEntity(e)
	case e.figure != nil:
		f := *e.figure
		f.ID = nextID("f", g.out.Figures, func(f extract.Figure) string { return f.ID })
		f.Status, f.AttributedTo = c.status, g.adopt(c.speaker, c)
		g.out.Figures = append(g.out.Figures, f)
		e.id = f.ID
	case e.breach != nil:
		b := extract.Breach{ID: nextID("b", g.out.Breaches, func(b extract.Breach) string { return b.ID })}
		b.Primary = !slices.ContainsFunc(g.out.Breaches, func(b extract.Breach) bool { return b.Primary })
		g.out.Breaches = append(g.out.Breaches, b)
		e.id = b.ID
	}
	return e.id
}

// adoptEntity adds a new entity.
func (g *grounding) adoptEntity(e *end) {
	if g.settle(e); e.id != "" {
		return
	}
	e.entity.ID = nextID("e", g.out.Entities, func(e extract.Entity) string { return e.ID })
	e.id = e.entity.ID
	g.out.Entities = append(g.out.Entities, *e.entity)
}

// settle finds the entity that has taken the place of a new one in the text
// meanwhile: some models give one entity two ids.
func (g *grounding) settle(e *end) {
	if e == nil || e.id != "" || e.entity == nil {
		return
	}
	var free []extract.Mention
	var taken *extract.Entity
	for _, m := range e.entity.Mentions {
		if o, _ := g.entityAt(m.Span); o != nil {
			taken = o
		} else {
			free = append(free, m)
		}
	}
	if taken != nil && (len(free) == 0 || alike(taken.Kind, e.entity.Kind)) {
		e.id = taken.ID
		return
	}
	e.entity.Mentions = free
}

// nextID gives the first id of a series after those in use.
func nextID[T any](prefix string, used []T, id func(T) string) string {
	last := 0
	for _, u := range used {
		if n, err := strconv.Atoi(strings.TrimPrefix(id(u), prefix)); err == nil {
			last = max(last, n)
		}
	}
	return prefix + strconv.Itoa(last+1)
}

func (g *grounding) addVictim(breach, victim string) {
	for i := range g.out.Breaches {
		if b := &g.out.Breaches[i]; b.ID == breach && !slices.Contains(b.Victims, victim) {
			b.Victims = append(slices.Clone(b.Victims), victim)
		}
	}
}

// matchBreaches finds for each breach of a model the one of the result that it
// is: the one that the article is about, whoever the model thinks suffered it;
// of others one with a victim in common that is not that one, for an article
// recalls earlier breaches of the same victim. What is left is new.
func (g *grounding) matchBreaches(said []sayBreach, claims []sayClaim) {
	for i := range said {
		b := &said[i]
		victims := map[string]bool{}
		add := func(id word) {
			if e := g.entity(id); e != nil && e.id != "" {
				victims[e.id] = true
			}
		}
		for _, v := range b.Victims.all {
			add(v)
		}
		for _, c := range claims {
			if suffering(c) > 0 && c.Object == b.ID {
				add(c.Subject)
			}
		}
		g.breaches[string(b.ID)] = &end{id: g.breachOf(b, victims, len(said) == 1), label: aBreach, breach: b}
	}
}

// breachOf is the id of the breach of the result that b is, empty for none.
func (g *grounding) breachOf(b *sayBreach, victims map[string]bool, only bool) string {
	for _, o := range g.out.Breaches {
		shared := slices.ContainsFunc(o.Victims, func(v string) bool { return victims[v] })
		if shared && (only || o.Primary == b.Primary) {
			return o.ID
		}
	}
	for _, o := range g.out.Breaches {
		if o.Primary && (b.Primary || only) {
			return o.ID
		}
	}
	return ""
}

// dateBreach fills in the dates that b has not, from the words that a model
// quotes for them.
func (g *grounding) dateBreach(b *end, say sayBreach) {
	if b == nil || b.id == "" {
		return
	}
	i := slices.IndexFunc(g.out.Breaches, func(o extract.Breach) bool { return o.ID == b.id })
	if i < 0 {
		return
	}
	o := &g.out.Breaches[i]
	for _, slot := range []struct {
		period *extract.Period
		words  quote
	}{{&o.Occurred, say.Occurred}, {&o.Discovered, say.Discovered}, {&o.Disclosed, say.Disclosed}} {
		at, ok := g.within(string(slot.words), nil)
		if !ok || !slot.period.IsZero() {
			continue
		}
		for _, d := range g.dates {
			if overlap(at, extract.Span{Start: d.Start, End: d.End}) {
				*slot.period = extract.Period{Start: d.From, End: d.To}
				break
			}
		}
	}
}
