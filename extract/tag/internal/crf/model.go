package crf

import (
	"math/bits"

	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// A Model is the heads and the weights of every feature for them. It is safe
// for concurrent use once built.
type Model struct {
	heads []*Head
	width int // columns of a row of scores
	index []slot
	shift uint
	seen  []uint64 // a bit for each low end of a feature in the table
	pool  []uint8  // at a slot's place: the number of weights, then column and weight of each
}

type slot struct {
	id feature.ID
	at uint32
}

// seenBits is the size of the filter that most features of a text, which the
// table does not hold, are turned away by.
const seenBits = 22

// A Row is a feature and what it weighs: columns count through the labels of
// all heads in turn.
type Row struct {
	ID      feature.ID
	Columns []uint8
	Weights []int8
}

// NewModel builds a model. Rows have distinct, non-zero ids and at most 255
// columns; the labels of all heads are at most 256.
func NewModel(heads []*Head, rows []Row) *Model {
	m := &Model{heads: heads, seen: make([]uint64, 1<<seenBits/64)}
	for _, h := range heads {
		h.prepare(m.width)
		m.width += h.Width()
	}
	size := max(4, bits.Len(uint(len(rows)+len(rows)/2)))
	m.index, m.shift = make([]slot, 1<<size), uint(32-size)
	n := 0
	for _, r := range rows {
		n += 1 + 2*len(r.Columns)
	}
	m.pool = make([]uint8, 0, n)
	for _, r := range rows {
		i := m.home(r.ID)
		for m.index[i].id != 0 {
			i = (i + 1) % len(m.index)
		}
		m.index[i] = slot{r.ID, uint32(len(m.pool))}
		low := r.ID & (1<<seenBits - 1)
		m.seen[low/64] |= 1 << (low % 64)
		m.pool = append(m.pool, uint8(len(r.Columns)))
		for c := range r.Columns {
			m.pool = append(m.pool, r.Columns[c], uint8(r.Weights[c]))
		}
	}
	return m
}

func (m *Model) home(id feature.ID) int { return int(id * 0x9e3779b1 >> m.shift) }

// Width returns the length of a row of scores.
func (m *Model) Width() int { return m.width }

// Head returns the head of that name, nil where there is none.
func (m *Model) Head(name string) *Head {
	for _, h := range m.heads {
		if h.Name == name {
			return h
		}
	}
	return nil
}

// Add adds the weights of the features to a row of scores.
func (m *Model) Add(row []int32, ids []feature.ID) {
	row = row[:m.width]
	for _, id := range ids {
		low := id & (1<<seenBits - 1)
		if m.seen[low/64]&(1<<(low%64)) == 0 || id == 0 {
			continue
		}
		i := m.home(id)
		for m.index[i].id != id && m.index[i].id != 0 {
			i = (i + 1) & (len(m.index) - 1)
		}
		if m.index[i].id == 0 {
			continue
		}
		at := m.index[i].at
		n := uint32(m.pool[at])
		for weights := m.pool[at+1 : at+1+2*n]; len(weights) >= 2; weights = weights[2:] {
			row[weights[0]] += int32(int8(weights[1]))
		}
	}
}

// A Span is a stretch of tokens of a sentence that a head found, with its
// probability.
type Span struct {
	From, To, Kind int
	P              float64
}

// Label writes the best labels of a sentence to labels, given the rows of
// scores of its tokens, and returns the lattice ready for [Lattice.Spans].
func (m *Model) Label(h *Head, l *Lattice, rows []int32, labels []uint8) {
	l.fill(h, rows, m.width, len(labels))
	l.viterbi(h, labels)
}

// Spans appends the spans that labels, just written by [Model.Label], mark.
func (l *Lattice) Spans(h *Head, labels []uint8, out []Span) []Span {
	ready := false
	for i := 0; i < len(labels); {
		if labels[i] == Outside {
			i++
			continue
		}
		k, j := Kind(labels[i]), i+1
		for j < len(labels) && labels[j] == Begin(k)+1 {
			j++
		}
		if !ready {
			l.ForwardBackward(h.follow)
			ready = true
		}
		out = append(out, Span{i, j, k, l.span(i, j, k, h.follow)})
		i = j
	}
	return out
}
