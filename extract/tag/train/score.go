package main

import "github.com/breachgraph/breachgraph/extract/tag/internal/crf"

// A tally counts spans that are right, wrong and missed.
type tally struct{ right, wrong, missed int }

func (t *tally) add(o tally) {
	t.right += o.right
	t.wrong += o.wrong
	t.missed += o.missed
}

func (t tally) precision() float64 { return share(t.right, t.right+t.wrong) }
func (t tally) recall() float64    { return share(t.right, t.right+t.missed) }
func (t tally) f1() float64        { return share(2*t.right, 2*t.right+t.wrong+t.missed) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// A comparison tells how found labels fare against gold ones.
type comparison struct {
	spans tally          // same tokens, whatever the kind
	typed tally          // and the same kind
	kinds map[int]tally  // the same for each kind
	mixed map[[2]int]int // gold and found kind of spans of the same tokens
}

func newComparison() *comparison {
	return &comparison{kinds: make(map[int]tally), mixed: make(map[[2]int]int)}
}

// accuracy is the share of the spans found that have the right kind.
func (c *comparison) accuracy() float64 { return share(c.typed.right, c.spans.right) }

// span is a range of tokens and its kind.
type span struct{ from, to, kind int }

func spansOf(labels []uint8) []span {
	var out []span
	for i := 0; i < len(labels); {
		if labels[i] == crf.Outside {
			i++
			continue
		}
		k, j := crf.Kind(labels[i]), i+1
		for j < len(labels) && labels[j] == crf.Begin(k)+1 {
			j++
		}
		out = append(out, span{i, j, k})
		i = j
	}
	return out
}

// add compares the labels of one article.
func (c *comparison) add(gold, found []uint8) {
	places := make(map[[2]int]int)
	for _, s := range spansOf(gold) {
		places[[2]int{s.from, s.to}] = s.kind
	}
	for _, s := range spansOf(found) {
		at := [2]int{s.from, s.to}
		kind, ok := places[at]
		delete(places, at)
		if ok {
			c.mixed[[2]int{kind, s.kind}]++
			c.spans.right++
		} else {
			c.spans.wrong++
		}
		if ok && kind == s.kind {
			c.typed.right++
			c.count(kind, tally{right: 1})
			continue
		}
		c.typed.wrong++
		c.count(s.kind, tally{wrong: 1})
		if ok {
			c.typed.missed++
			c.count(kind, tally{missed: 1})
		}
	}
	for _, kind := range places {
		c.spans.missed++
		c.typed.missed++
		c.count(kind, tally{missed: 1})
	}
}

func (c *comparison) count(kind int, t tally) {
	sum := c.kinds[kind]
	sum.add(t)
	c.kinds[kind] = sum
}
