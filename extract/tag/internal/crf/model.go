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
	width int // columns of a row of scores
	// tokenWidth is those up to the last head that is not Single.
	tokenWidth int
	seen       []uint64 // a bit for each low end of a feature in the pool
	index      []uint32
	shift      uint
	pool       []uint8 // rows, sparse or dense
	words      int     // of a dense row
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
			m.tokenWidth = h.first + h.Width()
		}
	}
	m.words = (m.tokenWidth + 7) / 8
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

// TokenWidth returns the length of a row of scores without the columns of
// heads that label one thing at a time, which come last.
func (m *Model) TokenWidth() int { return m.tokenWidth }

// Head returns the head of that name, nil where there is none.
func (m *Model) Head(name string) *Head {
	for _, h := range m.heads {
		if h.Name == name {
			return h
		}
	}
	return nil
}

// maxBatch is how many features are looked up at once, a power of two. Up to 256
// dense rows fit in the 16 bits that a column has while they are summed.
const maxBatch = 64

// Add adds the weights of the features to a row of scores, which may be
// shorter than Width: the columns that it lacks are left out. It changes ids.
func (m *Model) Add(row []int32, ids []feature.ID) {
	row = row[:min(len(row), m.width)]
	known := ids[:0]
	for _, id := range ids {
		low := id & (1<<seenBits - 1)
		if m.seen[low/64]&(1<<(low%64)) != 0 {
			known = append(known, id)
		}
	}
	for len(known) > 0 {
		batch := known[:min(len(known), maxBatch)]
		known = known[len(batch):]
		m.addBatch(row, batch)
	}
}

// addBatch adds a batch of features. It goes through the batch again for each
// step of looking up: so one wait for memory is a wait for all.
func (m *Model) addBatch(row []int32, batch []feature.ID) {
	var at, end [maxBatch]uint32
	for i, id := range batch {
		bucket := id >> m.shift
		at[i&(maxBatch-1)], end[i&(maxBatch-1)] = m.index[bucket], m.index[bucket+1]
	}
	var first [maxBatch]uint32
	for i, id := range batch {
		first[i&(maxBatch-1)] = ^id
		if from := at[i&(maxBatch-1)]; from < end[i&(maxBatch-1)] {
			first[i&(maxBatch-1)] = binary.LittleEndian.Uint32(m.pool[from:])
		}
	}
	n := 0
	for i, id := range batch {
		from, to := at[i&(maxBatch-1)], end[i&(maxBatch-1)]
		if first[i&(maxBatch-1)] != id {
			if from = m.find(id, from, to); from == to {
				continue
			}
		}
		if weights := m.pool[from+rowHead:]; m.pool[from+rowHead-1] == dense {
			at[n] = from + rowHead // of dense rows, in place of what is read already
			n++
		} else {
			addSparse(row, weights[:2*int(m.pool[from+rowHead-1])])
		}
	}
	if n > 0 {
		m.addDense(row, at[:n])
	}
}

// find returns where in pool[at:end] the row of a feature begins, or end.
func (m *Model) find(id feature.ID, at, end uint32) uint32 {
	for at < end && binary.LittleEndian.Uint32(m.pool[at:]) != id {
		if m.pool[at+rowHead-1] == dense {
			at += rowHead + 8*uint32(m.words)
		} else {
			at += rowHead + 2*uint32(m.pool[at+rowHead-1])
		}
	}
	return at
}

// addSparse adds pairs of column and weight to a row of scores.
func addSparse(row []int32, weights []uint8) {
	for ; len(weights) >= 2; weights = weights[2:] {
		if c := int(weights[0]); c < len(row) {
			row[c] += int32(int8(weights[1]))
		}
	}
}

// addDense adds the dense rows at those places of the pool. Eight columns are
// summed at a time, four in each of two words.
func (m *Model) addDense(row []int32, rows []uint32) {
	for column := 0; column < len(row) && column < 8*m.words; column += 8 {
		var even, odd uint64
		pool := m.pool[column:]
		for _, at := range rows {
			w := binary.LittleEndian.Uint64(pool[at:])
			even += w & lanes
			odd += w >> 8 & lanes
		}
		const bias = 128
		to := row[column:min(column+8, len(row))]
		for c := range to {
			lane := even
			if c%2 == 1 {
				lane = odd
			}
			to[c] += int32(lane>>(c/2*16)&0xffff) - bias*int32(len(rows))
		}
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
// scores of its tokens one after the other, and leaves the lattice ready for
// [Lattice.Spans].
func (m *Model) Label(h *Head, l *Lattice, rows []int32, labels []uint8) {
	l.fill(h, rows, len(rows)/max(1, len(labels)), len(labels))
	l.viterbi(h, labels)
}

// Spans appends the spans that labels, just written by [Model.Label], mark.
// Their Kinds stay as they are until [Lattice.Forget].
func (l *Lattice) Spans(h *Head, labels []uint8, out []Span) []Span {
	ready := 0 // the tokens before it are computed, or not needed
	for i := 0; i < len(labels); {
		if labels[i] == Outside {
			i++
			continue
		}
		k, j := Kind(labels[i]), i+1
		for j < len(labels) && labels[j] == Begin(k)+1 {
			j++
		}
		if j > ready {
			from, to := l.stretch(i, j)
			l.forward(from, to, h.follow)
			l.backward(from, to, h.follow)
			ready = to
		}
		first := len(l.kinds)
		for other := range h.Kinds {
			l.kinds = append(l.kinds, l.span(i, j, other, h.follow))
		}
		each := l.kinds[first:len(l.kinds):len(l.kinds)]
		out = append(out, Span{i, j, k, each[k], each})
		i = j
	}
	return out
}
