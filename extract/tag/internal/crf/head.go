// Package crf holds the tagger's models, linear chains of labels over the
// features of package feature, and decodes with them. Weights are small
// integers, so that decoding is the same on every machine.
package crf

import "math"

// Outside is the label of a token in no span. The k-th kind of span begins
// with label [Begin](k) and goes on with the label after it.
const Outside = 0

// Begin returns the label of the first token of a span of kind k.
func Begin(k int) uint8 { return uint8(1 + 2*k) }

// Kind returns the kind of span of label l, which is not [Outside].
func Kind(l uint8) int { return int(l-1) / 2 }

// Inside reports whether label l goes on with a span.
func Inside(l uint8) bool { return l != Outside && l%2 == 0 }

// Mark labels tokens as one span of kind k.
func Mark(labels []uint8, k int) {
	for i := range labels {
		labels[i] = Begin(k) + 1
	}
	labels[0] = Begin(k)
}

// A Head is one task: the kinds of span it finds and how their labels follow
// one another. The weights of all heads share one table.
type Head struct {
	Name   string
	Kinds  []string
	Single bool    // it labels one thing at a time, not the tokens of a sentence
	Bias   int32   // added to the score of Outside when decoding
	Unit   float64 // steps of score to one of log odds
	Follow []int32 // score of label b after label a, at a*Width()+b

	first  int   // column of Outside in a row of scores
	spread int32 // how much what follows can make up for
	follow []float64
	exp    []float64
}

// Width returns the number of labels.
func (h *Head) Width() int { return 1 + 2*len(h.Kinds) }

// beam is how far, in log odds, a label may lie under the best one of its
// token and still be thought of. The rest cannot win.
const beam = 6.0

// prepare computes what decoding needs beside the scores.
func (h *Head) prepare(first int) {
	h.first = first
	h.follow = make([]float64, len(h.Follow))
	for i, v := range h.Follow {
		h.follow[i] = math.Exp(float64(v) / h.Unit)
	}
	h.spread = 0
	for to := range h.Width() {
		least, most := int32(math.MaxInt32), int32(math.MinInt32)
		for from := range h.Width() {
			v := h.Follow[from*h.Width()+to]
			least, most = min(least, v), max(most, v)
		}
		if !Inside(uint8(to)) {
			h.spread = max(h.spread, most-least)
		}
	}
	h.exp = make([]float64, int(beam*h.Unit)+1)
	for i := range h.exp {
		h.exp[i] = math.Exp(-float64(i) / h.Unit)
	}
}

// follows reports whether label b may stand after label a.
func follows(a, b uint8) bool { return !Inside(b) || a == b || a == b-1 }
