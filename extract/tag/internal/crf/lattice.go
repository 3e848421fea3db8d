package crf

import (
	"math"
	"slices"
)

// A Lattice is the memory for one sentence after another: for each token the
// labels worth thinking of and what they weigh. It is not safe for concurrent
// use; the zero value is ready.
type Lattice struct {
	// Candidates of token t are start[t] up to start[t+1]. From inside[t] on
	// are those that go on with a span, which only two labels may stand before;
	// both parts are ascending, and Outside is always the first.
	start  []int32
	inside []int32
	label  []uint8
	// begun and going are, of candidates that go on with a span, the two of the
	// token before that may stand before them: the one that begins it and the
	// one that goes on with it; -1 for none.
	begun, going []int32
	at           [256]int32 // the latest candidate of each label
	weight       []float64  // exp(score), relative to the best of the token
	score        []int32
	back         []int32
	best         []int32
	alive        []int32   // candidates of a token that may be before the best one
	alpha        []float64 // scaled so that each token's sum is 1
	beta         []float64
	ahead        []float64 // weight and beta, scaled
	scale        []float64
	width        int
	kinds        []float64 // of the spans given since Forget
}

// Forget lets l use the memory of the Kinds of the spans that it gave again.
func (l *Lattice) Forget() { l.kinds = l.kinds[:0] }

// Len returns the number of tokens of the sentence.
func (l *Lattice) Len() int { return len(l.start) - 1 }

// fill reads rows of scores; token t's row begins at t*stride.
func (l *Lattice) fill(h *Head, rows []int32, stride, n int) {
	l.reset(h.Width())
	l.score = l.score[:0]
	limit := int32(len(h.exp) - 1)
	for t := range n {
		row := rows[t*stride+h.first:][:l.width]
		top := slices.Max(row)
		l.offer(h, Outside, row[Outside], min(top-row[Outside], limit))
		for label := 1; label < len(row); label += 2 {
			if below := top - row[label]; below <= limit {
				l.offer(h, label, row[label], below)
			}
		}
		l.inside = append(l.inside, int32(len(l.label)))
		for label := 2; label < len(row); label += 2 {
			if below := top - row[label]; below <= limit {
				l.offer(h, label, row[label], below)
			}
		}
		l.close()
	}
}

// offer adds a candidate that scores so much below the best of its token.
func (l *Lattice) offer(h *Head, label int, score, below int32) {
	l.label = append(l.label, uint8(label))
	l.weight = append(l.weight, h.exp[below])
	l.score = append(l.score, score)
}

// Fill reads rows of scores in log odds, for training. The label gold[t] is a
// candidate of token t whatever its score.
func (l *Lattice) Fill(rows []float64, width int, gold []uint8) {
	l.reset(width)
	for t := range len(rows) / width {
		row := rows[t*width:][:width]
		top := slices.Max(row)
		offer := func(label int) {
			if v := row[label]; label == Outside || top-v <= beam || uint8(label) == gold[t] {
				l.label = append(l.label, uint8(label))
				l.weight = append(l.weight, math.Exp(max(v-top, -50)))
			}
		}
		offer(Outside)
		for label := 1; label < width; label += 2 {
			offer(label)
		}
		l.inside = append(l.inside, int32(len(l.label)))
		for label := 2; label < width; label += 2 {
			offer(label)
		}
		l.close()
	}
}

func (l *Lattice) reset(width int) {
	l.start, l.inside, l.label, l.weight = append(l.start[:0], 0), l.inside[:0], l.label[:0], l.weight[:0]
	l.begun, l.going = l.begun[:0], l.going[:0]
	l.width = width
	for label := range l.at {
		l.at[label] = -1
	}
}

// close ends the candidates of a token.
func (l *Lattice) close() {
	t := len(l.start) - 1
	last, first, end := int32(-1), l.start[t], int32(len(l.label))
	if t > 0 {
		last = l.start[t-1]
	}
	l.begun, l.going = resize(l.begun, int(end)), resize(l.going, int(end))
	for c := l.inside[t]; c < end; c++ {
		to := l.label[c]
		if l.begun[c] = l.at[to-1]; l.begun[c] < last {
			l.begun[c] = -1
		}
		if l.going[c] = l.at[to]; l.going[c] < last {
			l.going[c] = -1
		}
	}
	for c := first; c < end; c++ {
		l.at[l.label[c]] = c
	}
	l.start = append(l.start, end)
}

// never is the score of what cannot be.
const never = math.MinInt32 / 2

// viterbi writes the best labels of the sentence to out.
func (l *Lattice) viterbi(h *Head, out []uint8) {
	n := l.Len()
	if n == 0 {
		return
	}
	l.back, l.best = resize(l.back, len(l.label)), resize(l.best, len(l.label))
	for c := range l.start[1] {
		l.best[c] = l.score[c] + h.biasOf(l.label[c])
		if c >= l.inside[0] {
			l.best[c] = never
		}
	}
	for t := 1; t < n; t++ {
		l.begin(h, t)
		l.goOn(h, t)
	}
	at := l.start[n-1]
	for c := at; c < l.start[n]; c++ {
		if l.better(c, at) {
			at = c
		}
	}
	for t := n - 1; t >= 0; t-- {
		out[t] = l.label[at]
		at = l.back[at]
	}
}

// better reports whether candidate a of a token is better than b: of equal ones
// the first label is.
func (l *Lattice) better(a, b int32) bool {
	return l.best[a] > l.best[b] || l.best[a] == l.best[b] && l.label[a] < l.label[b]
}

// begin finds the best way to each candidate of token t that any label may
// stand before.
func (l *Lattice) begin(h *Head, t int) {
	first, last := l.start[t-1], l.start[t]
	top := slices.Max(l.best[first:last])
	l.alive = l.alive[:0]
	for p := first; p < last; p++ {
		if l.best[p] >= top-h.spread {
			l.alive = append(l.alive, p)
		}
	}
	for c := last; c < l.inside[t]; c++ {
		to := int(l.label[c])
		top, from := int32(never), first
		for _, p := range l.alive {
			v := l.best[p] + h.Follow[int(l.label[p])*l.width+to]
			if v > top || v == top && l.label[p] < l.label[from] {
				top, from = v, p
			}
		}
		l.best[c], l.back[c] = max(top+l.score[c]+h.biasOf(l.label[c]), never), from
	}
}

// goOn finds the best way to each candidate of token t that goes on with a span.
func (l *Lattice) goOn(h *Head, t int) {
	for c := l.inside[t]; c < l.start[t+1]; c++ {
		to := int(l.label[c])
		top, from := int32(never), l.start[t-1]
		if p := l.begun[c]; p >= 0 {
			top, from = l.best[p]+h.Follow[(to-1)*l.width+to], p
		}
		if p := l.going[c]; p >= 0 {
			if v := l.best[p] + h.Follow[to*l.width+to]; v > top {
				top, from = v, p
			}
		}
		l.best[c], l.back[c] = max(top+l.score[c], never), from
	}
}

// ForwardBackward computes what [Lattice.Marginals] and [Lattice.Pairs] read.
// The weight of label b after a is follow[a*width+b].
func (l *Lattice) ForwardBackward(follow []float64) {
	l.forward(0, l.Len(), follow)
	l.backward(0, l.Len(), follow)
}

// stretch widens the tokens [from, to) up to those that can only be outside,
// or the ends of the sentence: what lies beyond tells nothing of them.
func (l *Lattice) stretch(from, to int) (int, int) {
	for from > 0 && l.start[from+1]-l.start[from] > 1 {
		from--
	}
	for to < l.Len() && l.start[to+1]-l.start[to] > 1 {
		to++
	}
	return from, min(to+1, l.Len())
}

// forward computes alpha of the tokens [from, to). Before them is a token that
// is outside, or none; the same holds after those of backward.
func (l *Lattice) forward(from, to int, follow []float64) {
	l.alpha, l.scale = resize(l.alpha, len(l.label)), resize(l.scale, l.Len())
	for t := from; t < to; t++ {
		first, last := l.start[t], l.start[t+1]
		clear(l.alpha[first:last])
		if t == from {
			for c := first; c < l.inside[t]; c++ {
				l.alpha[c] = 1
			}
		} else {
			l.into(t, follow)
		}
		sum := 0.0
		for c := first; c < last; c++ {
			l.alpha[c] = float64(l.alpha[c] * l.weight[c])
			sum += l.alpha[c]
		}
		l.scale[t] = sum
		for c := first; c < last; c++ {
			l.alpha[c] /= sum
		}
	}
}

// into adds to alpha of token t's candidates what comes from those before.
func (l *Lattice) into(t int, follow []float64) {
	first, last := l.start[t-1], l.start[t]
	labels, alpha := l.label[last:l.inside[t]], l.alpha[last:l.inside[t]]
	for p := first; p < last; p++ {
		row, a := follow[int(l.label[p])*l.width:][:l.width], l.alpha[p]
		for c, to := range labels {
			alpha[c] += float64(a * row[to])
		}
	}
	for c := l.inside[t]; c < l.start[t+1]; c++ {
		to := int(l.label[c])
		if p := l.begun[c]; p >= 0 {
			l.alpha[c] = float64(l.alpha[p] * follow[(to-1)*l.width+to])
		}
		if p := l.going[c]; p >= 0 {
			l.alpha[c] += float64(l.alpha[p] * follow[to*l.width+to])
		}
	}
}

// backward computes beta of the tokens [from, to) after forward.
func (l *Lattice) backward(from, to int, follow []float64) {
	l.beta, l.ahead = resize(l.beta, len(l.label)), resize(l.ahead, len(l.label))
	for c := l.start[to-1]; c < l.start[to]; c++ {
		l.beta[c] = 1
	}
	for t := to - 2; t >= from; t-- {
		for p := l.start[t+1]; p < l.start[t+2]; p++ {
			l.ahead[p] = float64(l.weight[p]*l.beta[p]) / l.scale[t+1]
		}
		l.outOf(t, follow)
	}
}

// outOf computes beta of token t's candidates from those after.
func (l *Lattice) outOf(t int, follow []float64) {
	labels, ahead := l.label[l.start[t+1]:l.inside[t+1]], l.ahead[l.start[t+1]:l.inside[t+1]]
	for c := l.start[t]; c < l.start[t+1]; c++ {
		row := follow[int(l.label[c])*l.width:][:l.width]
		v := 0.0
		for p, to := range labels {
			v += float64(row[to] * ahead[p])
		}
		l.beta[c] = v
	}
	for c := l.inside[t+1]; c < l.start[t+2]; c++ {
		to := int(l.label[c])
		if p := l.begun[c]; p >= 0 {
			l.beta[p] += float64(follow[(to-1)*l.width+to] * l.ahead[c])
		}
		if p := l.going[c]; p >= 0 {
			l.beta[p] += float64(follow[to*l.width+to] * l.ahead[c])
		}
	}
}

// Marginals calls f with the probability of each candidate label of token t.
func (l *Lattice) Marginals(t int, f func(label uint8, p float64)) {
	for c := l.start[t]; c < l.start[t+1]; c++ {
		f(l.label[c], float64(l.alpha[c]*l.beta[c]))
	}
}

// Pairs calls f with the probability of each pair of labels of tokens t-1, t.
func (l *Lattice) Pairs(t int, follow []float64, f func(a, b uint8, p float64)) {
	pair := func(p, c int32) {
		a, b := l.label[p], l.label[c]
		f(a, b, float64(float64(l.alpha[p]*follow[int(a)*l.width+int(b)])*l.ahead[c]))
	}
	for c := l.start[t]; c < l.inside[t]; c++ {
		for p := l.start[t-1]; p < l.start[t]; p++ {
			pair(p, c)
		}
	}
	for c := l.inside[t]; c < l.start[t+1]; c++ {
		if l.begun[c] >= 0 {
			pair(l.begun[c], c)
		}
		if l.going[c] >= 0 {
			pair(l.going[c], c)
		}
	}
}

// find returns the candidate of token t with the given label.
func (l *Lattice) find(t int, label uint8) (int32, bool) {
	first, last := l.start[t], l.inside[t]
	if Inside(label) {
		first, last = l.inside[t], l.start[t+1]
	}
	c, ok := slices.BinarySearch(l.label[first:last], label)
	return first + int32(c), ok
}

// span returns the probability that exactly the tokens from up to to are a
// span of kind k.
func (l *Lattice) span(from, to, k int, follow []float64) float64 {
	at, ok := l.find(from, Begin(k))
	if !ok {
		return 0
	}
	p, label := l.alpha[at], Begin(k)
	for t := from + 1; t < to; t++ {
		next, ok := l.find(t, Begin(k)+1)
		if !ok {
			return 0
		}
		p *= follow[int(label)*l.width+int(Begin(k)+1)] * l.weight[next] / l.scale[t]
		label = Begin(k) + 1
	}
	if to == l.Len() {
		return p
	}
	end := 0.0
	for c := l.start[to]; c < l.inside[to]; c++ {
		end += follow[int(label)*l.width+int(l.label[c])] * l.weight[c] * l.beta[c]
	}
	return min(1, p*end/l.scale[to])
}

func (h *Head) biasOf(label uint8) int32 {
	if label == Outside {
		return h.Bias
	}
	return 0
}

// resize returns a slice of n elements, the first ones those of s.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		out := make([]T, n, n+n/2)
		copy(out, s)
		return out
	}
	return s[:n]
}
