package synthetic

import (
	"math/rand/v2"
	"strings"

	"github.com/breachgraph/breachgraph/extract"
)

// A writer writes one article. Its random numbers are the article's own.
type writer struct {
	*rand.Rand
	text   strings.Builder
	result extract.Result
}

// A who is an entity of the article, by its place in the result. The word short
// stands for it where it was named before.
type who struct {
	index int
	short string
}

// A quantity is a figure of the article, by its place in the result.
type quantity struct{ index int }

func (w *writer) id(e who) string            { return w.result.Entities[e.index].ID }
func (w *writer) figureID(q quantity) string { return w.result.Figures[q.index].ID }

// meet makes an entity that the article is going to name.
func (w *writer) meet(kind extract.Kind, name, short string) who {
	e := extract.Entity{ID: number("e", len(w.result.Entities)), Kind: kind, Name: name}
	if short != "" && short != name {
		e.Aliases = []string{short}
	}
	w.result.Entities = append(w.result.Entities, e)
	return who{len(w.result.Entities) - 1, short}
}

// say writes words, and names, and returns where all of it stands.
func (w *writer) say(parts ...any) extract.Span {
	from := w.text.Len()
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			w.text.WriteString(p)
		case who:
			w.name(p)
		case quantity:
			f := &w.result.Figures[p.index]
			f.Span = w.write(f.Counted)
		}
	}
	span := extract.Span{Start: from, End: w.text.Len()}
	w.text.WriteString(" ")
	return span
}

func (w *writer) write(s string) extract.Span {
	from := w.text.Len()
	w.text.WriteString(s)
	return extract.Span{Start: from, End: w.text.Len()}
}

// name writes the name of an entity, later on often a shorter one.
func (w *writer) name(p who) {
	e := &w.result.Entities[p.index]
	m := extract.Mention{Kind: extract.Name}
	if p.short != "" && len(e.Mentions) > 0 && w.IntN(2) == 0 {
		m.Kind, m.Span = extract.Short, w.write(p.short)
	} else {
		m.Span = w.write(e.Name)
	}
	e.Mentions = append(e.Mentions, m)
}

// claim adds what the sentence at evidence says; by is who says so, the zero
// who for the article itself.
func (w *writer) claim(p extract.Predicate, subject, object string, evidence extract.Span, o options) {
	c := extract.Claim{
		ID: number("c", len(w.result.Claims)), Type: p, Subject: subject, Object: object, Evidence: evidence,
		Status: extract.Reported, Confidence: float64(60+w.IntN(40)) / 100, Extractor: "synthetic/1",
		Attributes: o.attributes, AttributedTo: o.by,
	}
	if o.status != "" {
		c.Status = o.status
	}
	w.result.Claims = append(w.result.Claims, c)
}

// Options are what a claim need not have.
type options struct {
	status     extract.Status // reported where empty
	by         string         // id of the entity that says so
	attributes map[string]string
}

// often reports true in percent of all cases.
func (w *writer) often(percent int) bool { return w.IntN(100) < percent }
