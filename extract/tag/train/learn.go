package main

import (
	"math"

	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// A recipe says how a head is learnt: by dual averaging with a step for each
// weight (AdaGrad) and an L1 penalty, on the likelihood of the sentences.
type recipe struct {
	epochs int
	rate   float64 // step of the first update of a weight
	soft   float64 // added to the root of a weight's squares
	l1     float64 // penalty for each sentence
	least  int32   // fewest times that a feature occurs
}

// A learner holds the weights while they are learnt. Those of feature f are at
// start[f] up to start[f+1], for the labels in column: the ones that it was
// seen with. Products are rounded before they are added, so that
// no machine fuses the two steps.
type learner struct {
	recipe
	width   int
	steps   int
	start   []int32
	column  []uint8
	sum     []float32 // of gradients
	squares []float32
	weight  []float32
	follow  learnedPairs
	lattice crf.Lattice
	rows    []float64
	change  []float32 // gradient of each label at one token
}

type learnedPairs struct{ sum, squares, weight, exp []float64 }

func newLearner(r recipe, start []int32, column []uint8, width int) *learner {
	n, p := len(column), width*width
	l := &learner{
		recipe: r, width: width, start: start, column: column, change: make([]float32, width),
		sum: make([]float32, n), squares: make([]float32, n), weight: make([]float32, n),
		follow: learnedPairs{make([]float64, p), make([]float64, p), make([]float64, p), make([]float64, p)},
	}
	for i := range l.follow.exp {
		l.follow.exp[i] = 1
	}
	return l
}

// learn learns a head's weights from samples.
func learn(r recipe, samples []sample, width int) (*dictionary, *learner) {
	d := newDictionary(samples, r.least)
	numbers, ends := make([][]int32, len(samples)), make([][]int32, len(samples))
	for i, s := range samples {
		numbers[i], ends[i] = d.encode(s)
	}
	start, column := d.columns(samples, numbers, ends, width)
	l := newLearner(r, start, column, width)
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	random := shuffler(1)
	for range r.epochs {
		random.shuffle(order)
		for _, i := range order {
			l.step(numbers[i], ends[i], samples[i].gold)
		}
		l.refresh()
	}
	return d, l
}

// step learns from one sentence.
func (l *learner) step(numbers, ends []int32, gold []uint8) {
	l.steps++
	l.score(numbers, ends)
	l.lattice.Fill(l.rows, l.width, gold)
	l.lattice.ForwardBackward(l.follow.exp)
	start := int32(0)
	for t, end := range ends {
		clear(l.change)
		l.lattice.Marginals(t, func(label uint8, p float64) {
			if label == gold[t] {
				p--
			}
			if math.Abs(p) >= negligible {
				l.change[label] = float32(p)
			}
		})
		l.update(numbers[start:end])
		start = end
		if t == 0 {
			continue
		}
		l.lattice.Pairs(t, l.follow.exp, func(a, b uint8, p float64) {
			if a == gold[t-1] && b == gold[t] {
				p--
			}
			l.updatePair(int(a)*l.width+int(b), p)
		})
	}
}

func (l *learner) score(numbers, ends []int32) {
	n := len(ends) * l.width
	if cap(l.rows) < n {
		l.rows = make([]float64, 2*n)
	}
	l.rows = l.rows[:n]
	clear(l.rows)
	start := int32(0)
	for t, end := range ends {
		row := l.rows[t*l.width:][:l.width]
		for _, f := range numbers[start:end] {
			from, to := l.start[f], l.start[f+1]
			weights := l.weight[from:to]
			for i, c := range l.column[from:to] {
				row[c] += float64(weights[i])
			}
		}
		start = end
	}
}

// negligible gradients are left out: they are most of them.
const negligible = 1e-4

func (l *learner) update(numbers []int32) {
	for _, f := range numbers {
		for i := l.start[f]; i < l.start[f+1]; i++ {
			g := l.change[l.column[i]]
			if g == 0 {
				continue
			}
			l.sum[i] += g
			l.squares[i] += float32(g * g)
			l.weight[i] = float32(l.shrunk(float64(l.sum[i]), float64(l.squares[i])))
		}
	}
}

func (l *learner) updatePair(i int, gradient float64) {
	if math.Abs(gradient) < negligible {
		return
	}
	f := &l.follow
	f.sum[i] += gradient
	f.squares[i] += float64(gradient * gradient)
	f.weight[i] = -l.rate * f.sum[i] / (l.soft + math.Sqrt(f.squares[i]))
	f.exp[i] = math.Exp(f.weight[i])
}

// shrunk is the weight that a sum of gradients stands for.
func (l *learner) shrunk(sum, squares float64) float64 {
	over := math.Abs(sum) - float64(l.l1*float64(l.steps))
	if over <= 0 {
		return 0
	}
	return -math.Copysign(float64(l.rate*over), sum) / (l.soft + math.Sqrt(squares))
}

// refresh brings the penalty of weights that were not met of late up to date.
func (l *learner) refresh() {
	for i, s := range l.sum {
		if s != 0 {
			l.weight[i] = float32(l.shrunk(float64(s), float64(l.squares[i])))
		}
	}
}

// unit is the number of steps of a weight to one of log odds: weights beyond
// ±127/unit are cut off.
const unit = 24

// head returns the learnt head, its weights rounded to steps.
func (l *learner) head(t task, d *dictionary) (*crf.Head, []crf.Row) {
	h := &crf.Head{Name: t.name, Kinds: t.kinds, Single: t.single, Unit: unit, Follow: make([]int32, l.width*l.width)}
	for i, w := range l.follow.weight {
		h.Follow[i] = int32(math.Round(w * unit))
	}
	var rows []crf.Row
	for n, id := range d.ids {
		r := crf.Row{ID: feature.ID(id)}
		for i := l.start[n]; i < l.start[n+1]; i++ {
			if v := math.Round(float64(l.weight[i]) * unit); v != 0 {
				r.Columns = append(r.Columns, l.column[i])
				r.Weights = append(r.Weights, int8(max(-127, min(127, v))))
			}
		}
		if len(r.Columns) > 0 {
			rows = append(rows, r)
		}
	}
	return h, rows
}

// A shuffler is a generator of random numbers (splitmix64) that stays what it
// is when Go's change.
type shuffler uint64

func (s *shuffler) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (s *shuffler) shuffle(order []int) {
	for i := len(order) - 1; i > 0; i-- {
		j := int(s.next() % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}
