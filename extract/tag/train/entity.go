package main

import (
	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// A cast is the entities that a first labelling of an article found, and what
// the gold labels make of each: 0 for no name, else the label of its kind.
type cast struct {
	*feature.Cast
	mentions []feature.Mention
	features features
	gold     []uint8
}

// newCast reads the spans that m finds in a, with bias added to the score of
// no span.
func (t task) newCast(m *crf.Model, a *article, bias int32) *cast {
	var c cast
	t.each(m, a, bias, func(s crf.Span) {
		c.mentions = append(c.mentions, feature.Mention{From: s.From, To: s.To, Kinds: s.Kinds})
	})
	c.Cast = a.doc.Cast(c.mentions)
	for e := range c.Len() {
		c.features.add(func(out []feature.ID) []feature.ID { return c.Features(e, out) })
	}
	if a.names != nil {
		c.judge(a.names, len(t.kinds))
	}
	return &c
}

// judge sets the gold kinds: what most mentions of an entity are.
func (c *cast) judge(labels []uint8, kinds int) {
	places := make(map[[2]int]int)
	for _, s := range spansOf(labels) {
		places[[2]int{s.from, s.to}] = s.kind
	}
	c.gold = make([]uint8, c.Len())
	for e := range c.Len() {
		votes := make([]int, kinds)
		none := 0
		for _, n := range c.Mentions(e) {
			if k, ok := places[[2]int{c.mentions[n].From, c.mentions[n].To}]; ok {
				votes[k]++
			} else {
				none++
			}
		}
		best := none - 1
		for k, v := range votes {
			if v > best {
				best, c.gold[e] = v, crf.Begin(k)
			}
		}
	}
}

// labels returns the tokens' labels when entity e is of the kind that
// kinds[e], a label or 0, says.
func (c *cast) labels(tokens int, kinds []uint8) []uint8 {
	out := make([]uint8, tokens)
	for e, label := range kinds {
		if label == crf.Outside {
			continue
		}
		for _, n := range c.Mentions(e) {
			m := c.mentions[n]
			crf.Mark(out[m.From:m.To], crf.Kind(label))
		}
	}
	return out
}

// A scene is the spans that may play a part in an event, and the gold part of
// each: 0 for none.
type scene struct {
	spans    []feature.Mention
	features features
	gold     []uint8
}

// newScene reads the spans that m finds in a, with bias added to the score of
// no span.
func (t task) newScene(m *crf.Model, a *article, events, names *feature.Labelling, bias int32) *scene {
	var s scene
	t.each(m, a, bias, func(found crf.Span) {
		s.spans = append(s.spans, feature.Mention{From: found.From, To: found.To, Kinds: found.Kinds})
	})
	c := feature.NewScene(events, names, s.spans)
	s.gold = make([]uint8, len(s.spans))
	for n, m := range s.spans {
		s.features.add(func(out []feature.ID) []feature.ID { return c.Features(n, out) })
		for _, label := range a.parts[m.From:m.To] {
			if label != crf.Outside {
				s.gold[n] = crf.Begin(crf.Kind(label))
			}
		}
	}
	return &s
}

// labels returns the tokens' labels when span n has the label parts[n], 0 for
// none.
func (s *scene) labels(tokens int, parts []uint8) []uint8 {
	out := make([]uint8, tokens)
	for n, label := range parts {
		if label == crf.Outside {
			continue
		}
		crf.Mark(out[s.spans[n].From:s.spans[n].To], crf.Kind(label))
	}
	return out
}
