package web

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/breachgraph/breachgraph/extract"
)

// A segment is a run of text within which no span begins or ends.
type segment struct {
	Text     string
	Anchors  []string // places at the segment's beginning that links lead to
	ID       string   // anchor of the mention or figure that begins here
	Kind     string   // kind of the entity, or "figure"; empty for plain text
	Target   string   // row that the segment links to
	Note     string   // what a reader is told on hover or focus
	Evidence bool     // whether a claim rests on it
	Claims   []citation
}

// A citation is shown where the evidence of a claim ends.
type citation struct {
	Number   int // of the claim in the list
	ID, Note string
}

// A mark is a span to be shown.
type mark struct {
	extract.Span
	id, kind, target, note string
	hidden                 []string // ids of the spans that it overlaps
}

func mentionID(e extract.Entity, i int) string { return fmt.Sprintf("%s-%d", e.ID, i+1) }

// marks gives the mentions and figures of r in text order, apart from each
// other: where two overlap, the first and then the longer is shown.
func marks(r extract.Result, names map[string]string) []mark {
	var all []mark
	for _, e := range r.Entities {
		for i, m := range e.Mentions {
			all = append(all, mark{Span: m.Span, id: mentionID(e, i), kind: string(e.Kind), target: e.ID, note: fmt.Sprintf("%s: %s", e.Kind, e.Name)})
		}
	}
	for _, f := range r.Figures {
		note := "figure: " + meaning(f) + ", " + string(f.Status)
		if f.AttributedTo != "" {
			note += " by " + names[f.AttributedTo]
		}
		all = append(all, mark{Span: f.Span, id: "at-" + f.ID, kind: "figure", target: f.ID, note: note})
	}
	slices.SortStableFunc(all, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var shown []mark
	for _, m := range all {
		if last := len(shown) - 1; last >= 0 && m.Start < shown[last].End {
			shown[last].hidden = append(shown[last].hidden, m.id)
			continue
		}
		shown = append(shown, m)
	}
	return shown
}

// borders lists where segments begin or end, in text order.
func borders(r extract.Result, spans []mark) []int {
	text := r.Article.Text
	cuts := []int{0, len(text)}
	for _, m := range spans {
		cuts = append(cuts, m.Start, m.End)
	}
	for _, c := range r.Claims {
		cuts = append(cuts, c.Evidence.Start, c.Evidence.End)
	}
	for i := range len(text) {
		if text[i] == '\n' {
			cuts = append(cuts, i, i+1)
		}
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// paragraphs cuts the text at the borders of marks and of evidence, a slice for
// each paragraph.
func paragraphs(r extract.Result, names map[string]string) [][]segment {
	text, spans := r.Article.Text, marks(r, names)
	claims := newCitations(r, names)
	var all [][]segment
	var current []segment
	end := func() {
		if len(current) > 0 {
			all = append(all, current)
		}
		current = nil
	}
	cuts := borders(r, spans)
	for i := range len(cuts) - 1 {
		from, to := cuts[i], cuts[i+1]
		if text[from] == '\n' {
			end()
			continue
		}
		s := segment{Text: text[from:to]}
		claims.cite(&s, from, to)
		for len(spans) > 0 && spans[0].End <= from {
			spans = spans[1:]
		}
		if len(spans) > 0 && spans[0].Start <= from {
			s.show(spans[0], from)
		}
		current = append(current, s)
	}
	end()
	return all
}

// show makes s, which begins at from, a part of m.
func (s *segment) show(m mark, from int) {
	s.Kind, s.Target, s.Note = m.kind, m.target, m.note
	if m.Start == from {
		s.ID = m.id
		s.Anchors = append(s.Anchors, m.hidden...)
	}
}

// citations are the claims by where their evidence begins and ends. A walk
// through the text uses them up.
type citations struct {
	starts, ends []cited
	reach        int // how far into the text the evidence goes that has begun
}

type cited struct {
	extract.Span
	citation
}

func newCitations(r extract.Result, names map[string]string) citations {
	var all []cited
	for i, c := range r.Claims {
		note := fmt.Sprintf("%s %s %s: %s", names[c.Subject], c.Type, names[c.Object], c.Status)
		if c.AttributedTo != "" {
			note += " by " + names[c.AttributedTo]
		}
		all = append(all, cited{c.Evidence, citation{i + 1, c.ID, note}})
	}
	by := func(place func(cited) int) []cited {
		return slices.SortedStableFunc(slices.Values(all), func(a, b cited) int { return cmp.Compare(place(a), place(b)) })
	}
	return citations{
		starts: by(func(c cited) int { return c.Start }),
		ends:   by(func(c cited) int { return c.End }),
	}
}

// cite tells s, the text between from and to, of the claims whose evidence
// begins, goes on or ends there. Evidence that ends in a line break is cited in
// the next segment.
func (c *citations) cite(s *segment, from, to int) {
	for len(c.starts) > 0 && c.starts[0].Start <= from {
		s.Anchors = append(s.Anchors, "from-"+c.starts[0].ID)
		c.reach = max(c.reach, c.starts[0].End)
		c.starts = c.starts[1:]
	}
	s.Evidence = c.reach > from
	for len(c.ends) > 0 && c.ends[0].End <= to {
		s.Claims = append(s.Claims, c.ends[0].citation)
		c.ends = c.ends[1:]
	}
}
