package crf

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// A Model is the heads and the weights of every feature for them. It is safe
// for concurrent use once built.
//
// Most features of a text have no weights, and reading memory is what tagging
// waits for. So a filter small enough to stay in the cache turns them away, and
// the rows of the others lie in one pool in the order of their ids: index says
// where those begin whose ids share their first bits.
type Model struct {
	heads []*Head
	width int      // columns of a row of scores
	seen  []uint64 // a bit for each low end of a feature in the pool
	index []uint32
	shift uint
	pool  []uint8 // rows, sparse or dense
	words int     // of a dense row
}

// A row of the pool is the id, in 4 bytes, and a count. If that is dense,
// there follow 8*words bytes, the weight of each column and 128, so that none
// is negative; else as many pairs of column and weight.
const (
	rowHead = 5
	dense   = 255
	// denseFrom is the number of weights from which adding all columns, eight
	// at a time, is faster than adding those there are.
	denseFrom = 14
	// denseRows is how many dense rows fit in the 16 bits that a column has
	// while they are summed.
	denseRows = 250
	lanes     = 0x00ff00ff00ff00ff
)

// seenBits is the size of the filter, in bits the power of two.
const seenBits = 21

// A Row is a feature and what it weighs: columns count through the labels of
// all heads in turn.
type Row struct {
	ID      feature.ID
	Columns []uint8
	Weights []int8
}

// NewModel builds a model. Rows have distinct, non-zero, ascending ids and at
// most 254 columns; the labels of all heads are at most 256.
func NewModel(heads []*Head, rows []Row) *Model {
	m := &Model{heads: heads, seen: make([]uint64, 1<<seenBits/64)}
	for _, h := range heads {
		h.prepare(m.width)
		m.width += h.Width()
	}
	for _, h := range heads {
		if !h.Single {
			m.words = (h.first + h.Width() + 7) / 8
		}
	}
	size := max(4, bits.Len(uint(len(rows))))
	m.index, m.shift = make([]uint32, 1<<size+1), uint(32-size)
	bucket := 0
	for _, r := range rows {
		for ; bucket <= int(r.ID>>m.shift); bucket++ {
			m.index[bucket] = uint32(len(m.pool))
		}
		low := r.ID & (1<<seenBits - 1)
		m.seen[low/64] |= 1 << (low % 64)
		m.pool = binary.LittleEndian.AppendUint32(m.pool, r.ID)
		m.addRow(r)
	}
	for ; bucket < len(m.index); bucket++ {
		m.index[bucket] = uint32(len(m.pool))
	}
	return m
}

// addRow appends the weights of r to the pool.
func (m *Model) addRow(r Row) {
	if len(r.Columns) < denseFrom || int(slices.Max(r.Columns)) >= 8*m.words {
		m.pool = append(m.pool, uint8(len(r.Columns)))
		for c := range r.Columns {
			m.pool = append(m.pool, r.Columns[c], uint8(r.Weights[c]))
		}
		return
	}
	m.pool = append(m.pool, dense)
	at := len(m.pool)
	m.pool = append(m.pool, bytes.Repeat([]byte{128}, 8*m.words)...)
	for i, c := range r.Columns {
		m.pool[at+int(c)] = uint8(int(r.Weights[i]) + 128)
	}
}

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

// Add adds the weights of the features to a row of scores. It changes ids.
func (m *Model) Add(row []int32, ids []feature.ID) {
	row = row[:m.width]
	known := ids[:0]
	for _, id := range ids {
		low := id & (1<<seenBits - 1)
		if m.seen[low/64]&(1<<(low%64)) != 0 {
			known = append(known, id)
		}
	}
	var sums [64]uint64 // of even and odd columns of each word, four in each
	n := 0
	for _, id := range known {
		weights := m.weights(id)
		switch {
		case len(weights) == 0:
		case weights[0] != dense:
			for w := weights[1:]; len(w) >= 2; w = w[2:] {
				row[w[0]] += int32(int8(w[1]))
			}
		default:
			addDense(&sums, weights[1:])
			if n++; n == denseRows {
				m.unpack(row, &sums, n)
				sums, n = [64]uint64{}, 0
			}
		}
	}
	if n > 0 {
		m.unpack(row, &sums, n)
	}
}

// weights returns the row of a feature from the count on, nil where there is
// none.
func (m *Model) weights(id feature.ID) []uint8 {
	bucket := id >> m.shift
	for rows := m.pool[m.index[bucket]:m.index[bucket+1]]; len(rows) > rowHead; {
		n := rowHead + 2*int(rows[4])
		if rows[4] == dense {
			n = rowHead + 8*m.words
		}
		if binary.LittleEndian.Uint32(rows) == id {
			return rows[4:n]
		}
		rows = rows[n:]
	}
	return nil
}

func addDense(sums *[64]uint64, weights []uint8) {
	for i := 0; len(weights) >= 8; i += 2 {
		w := binary.LittleEndian.Uint64(weights)
		weights = weights[8:]
		sums[i&63] += w & lanes
		sums[(i+1)&63] += w >> 8 & lanes
	}
}

// unpack adds the sums of n dense rows to a row of scores.
func (m *Model) unpack(row []int32, sums *[64]uint64, n int) {
	for c := range min(len(row), 8*m.words) {
		lane := sums[c/8*2+c%2] >> (c % 8 / 2 * 16)
		row[c] += int32(lane&0xffff) - int32(128*n)
	}
}

// A Span is a stretch of tokens of a sentence that a head found, with its
// probability.
type Span struct {
	From, To, Kind int
	P              float64
	Kinds          []float64 // the same for every kind
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
		each := make([]float64, len(h.Kinds))
		for other := range each {
			each[other] = l.span(i, j, other, h.follow)
		}
		out = append(out, Span{i, j, k, each[k], each})
		i = j
	}
	return out
}
