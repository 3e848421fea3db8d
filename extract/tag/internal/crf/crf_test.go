package crf

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// testHead has two kinds of span and links that favour going on with one.
func testHead() *Head {
	h := &Head{Name: "test", Kinds: []string{"a", "b"}, Unit: 10, Follow: make([]int32, 25)}
	for i := range h.Follow {
		h.Follow[i] = int32(i*7%11 - 5)
	}
	return h
}

func testModel(rows ...Row) *Model { return NewModel([]*Head{testHead()}, rows) }

// testRows are scores of three tokens.
func testRows() []int32 {
	return []int32{
		5, 12, 30, 3, -4,
		0, 2, 9, 4, 1,
		6, -3, 8, 7, 2,
	}
}

// paths calls f with every labelling of n tokens that may be, and its score.
func paths(h *Head, rows []int32, n int, f func(labels []uint8, score int32)) {
	labels := make([]uint8, n)
	var walk func(t int, score int32)
	walk = func(t int, score int32) {
		if t == n {
			f(labels, score)
			return
		}
		for l := range uint8(h.Width()) {
			if t == 0 && Inside(l) || t > 0 && !follows(labels[t-1], l) {
				continue
			}
			labels[t] = l
			s := score + rows[t*h.Width()+int(l)] + h.biasOf(l)
			if t > 0 {
				s += h.Follow[int(labels[t-1])*h.Width()+int(l)]
			}
			walk(t+1, s)
		}
	}
	walk(0, 0)
}

func TestLabel(t *testing.T) {
	for _, bias := range []int32{-40, 0, 40} {
		m := testModel()
		h := *m.Head("test")
		h.Bias = bias
		best, want := int32(math.MinInt32), make([]uint8, 3)
		paths(&h, testRows(), 3, func(labels []uint8, score int32) {
			if score > best {
				best = score
				copy(want, labels)
			}
		})
		got := make([]uint8, 3)
		m.Label(&h, &Lattice{}, testRows(), got)
		if !bytes.Equal(got, want) {
			t.Errorf("Label with bias %d = %v, want %v", bias, got, want)
		}
	}
}

func TestSpanProbability(t *testing.T) {
	m := testModel()
	h := m.Head("test")
	var l Lattice
	labels := make([]uint8, 3)
	m.Label(h, &l, testRows(), labels)
	l.ForwardBackward(h.follow)
	for k := range 2 {
		for from := range 3 {
			for to := from + 1; to <= 3; to++ {
				sum, all := 0.0, 0.0
				paths(h, testRows(), 3, func(labels []uint8, score int32) {
					p := math.Exp(float64(score) / h.Unit)
					all += p
					match := labels[from] == Begin(k) && (to == 3 || labels[to] != Begin(k)+1)
					for i := from + 1; i < to; i++ {
						match = match && labels[i] == Begin(k)+1
					}
					if match {
						sum += p
					}
				})
				if got := l.span(from, to, k, h.follow); math.Abs(got-sum/all) > 1e-9 {
					t.Errorf("span(%d, %d, %d) = %g, want %g", from, to, k, got, sum/all)
				}
			}
		}
	}
}

func TestSpans(t *testing.T) {
	m := testModel()
	h := m.Head("test")
	rows := []int32{0, 50, 0, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 50, 0}
	var l Lattice
	labels := make([]uint8, 3)
	m.Label(h, &l, rows, labels)
	got := l.Spans(h, labels, nil)
	if len(got) != 2 || got[0].From != 0 || got[0].To != 2 || got[0].Kind != 0 || got[1].From != 2 || got[1].Kind != 1 {
		t.Errorf("Spans(%v) = %v, want 0-2 of kind 0 and 2-3 of kind 1", labels, got)
	}
}

func TestAdd(t *testing.T) {
	wide := make([]string, 20)
	h := &Head{Name: "wide", Kinds: wide, Unit: 1, Follow: make([]int32, 41*41)}
	rows := make([]Row, 300)
	want := make([]int32, h.Width())
	var ids []feature.ID
	for i := range rows {
		rows[i].ID = feature.ID(i+1) << 20
		ids = append(ids, rows[i].ID, rows[i].ID+1)
		for c := i % 3; c < h.Width(); c += 1 + i%4 {
			w := int8(i*31 + c*17)
			rows[i].Columns = append(rows[i].Columns, uint8(c))
			rows[i].Weights = append(rows[i].Weights, w)
			want[c] += int32(w)
		}
	}
	m := NewModel([]*Head{h, {Name: "last", Kinds: wide, Unit: 1, Follow: make([]int32, 41*41), Single: true}}, rows)
	got := make([]int32, m.Width())
	m.Add(got, ids)
	if !slices.Equal(got[:h.Width()], want) {
		t.Errorf("Add = %v, want %v", got[:h.Width()], want)
	}
}

func TestEncode(t *testing.T) {
	rows := []Row{
		{ID: 3, Columns: []uint8{0, 4}, Weights: []int8{-128, 5}},
		{ID: 1 << 22, Columns: []uint8{1}, Weights: []int8{127}},
		{ID: math.MaxUint32, Columns: []uint8{2}, Weights: []int8{1}},
	}
	raw, err := Encode([]*Head{testHead()}, rows)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]int32, m.Width())
	m.Add(got, []feature.ID{3, 4, 1 << 22, 0, math.MaxUint32, 3 + 1<<22})
	for i, want := range []int32{-128, 127, 1, 0, 5} {
		if got[i] != want {
			t.Errorf("Add: column %d = %d, want %d", i, got[i], want)
		}
	}
	if _, err := Encode(nil, []Row{{ID: 5}, {ID: 5}}); err == nil {
		t.Error("Encode of a feature twice gives no error")
	}
	for _, bad := range [][]byte{nil, []byte("tagger 0\n"), raw[:len(raw)/2], raw[:len(magic)]} {
		if _, err := Decode(bad); err == nil {
			t.Errorf("Decode of %d bytes of %d gives no error", len(bad), len(raw))
		}
	}
}

func FuzzDecode(f *testing.F) {
	raw, err := Encode([]*Head{testHead()}, []Row{{ID: 7, Columns: []uint8{1}, Weights: []int8{9}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw[len(magic):])
	f.Fuzz(func(t *testing.T, packed []byte) {
		m, err := Decode(append([]byte(magic), packed...))
		if err != nil {
			return
		}
		m.Add(make([]int32, m.Width()), []feature.ID{1, 7, 1 << 30})
	})
}
