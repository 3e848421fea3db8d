package crf

import "math"

// A Lattice is the memory for one sentence after another: for each token the
// labels worth thinking of and what they weigh. It is not safe for concurrent
// use; the zero value is ready.
type Lattice struct {
	start  []int32   // candidates of token t are start[t] up to start[t+1]
	label  []uint8   // ascending within a token, Outside always first
	weight []float64 // exp(score), relative to the best of the token
	score  []int32
	back   []int32
	best   []int32
	alpha  []float64 // scaled so that each token's sum is 1
	beta   []float64
	ahead  []float64 // weight and beta, scaled
	scale  []float64
	width  int
}

// Len returns the number of tokens of the sentence.
func (l *Lattice) Len() int { return len(l.start) - 1 }

// fill reads rows of scores; token t's row begins at t*stride.
func (l *Lattice) fill(h *Head, rows []int32, stride, n int) {
	l.reset(h.Width())
	l.score = l.score[:0]
	limit := int32(len(h.exp) - 1)
	for t := range n {
		row := rows[t*stride+h.first:][:l.width]
		top := row[0]
		for _, v := range row[1:] {
			top = max(top, v)
		}
		for label, v := range row {
			if label != Outside && top-v > limit {
				continue
			}
			l.label = append(l.label, uint8(label))
			l.weight = append(l.weight, h.exp[min(top-v, limit)])
			l.score = append(l.score, v)
		}
		l.start = append(l.start, int32(len(l.label)))
	}
}

// Fill reads rows of scores in log odds, for training. The label gold[t] is a
// candidate of token t whatever its score.
func (l *Lattice) Fill(rows []float64, width int, gold []uint8) {
	l.reset(width)
	for t := range len(rows) / width {
		row := rows[t*width:][:width]
		top := row[0]
		for _, v := range row[1:] {
			top = max(top, v)
		}
		for label, v := range row {
			if label != Outside && top-v > beam && uint8(label) != gold[t] {
				continue
			}
			l.label = append(l.label, uint8(label))
			l.weight = append(l.weight, math.Exp(max(v-top, -50)))
		}
		l.start = append(l.start, int32(len(l.label)))
	}
}

func (l *Lattice) reset(width int) {
	l.start, l.label, l.weight = append(l.start[:0], 0), l.label[:0], l.weight[:0]
	l.width = width
}

// viterbi writes the best labels of the sentence to out.
func (l *Lattice) viterbi(h *Head, out []uint8) {
	n := l.Len()
	if n == 0 {
		return
	}
	l.back, l.best = resize(l.back, len(l.label)), resize(l.best, len(l.label))
	const never = math.MinInt32 / 2
	for c := range l.start[1] {
		l.best[c] = l.score[c] + h.biasOf(l.label[c])
		if Inside(l.label[c]) {
			l.best[c] = never
		}
	}
	for t := 1; t < n; t++ {
		for c := l.start[t]; c < l.start[t+1]; c++ {
			to := l.label[c]
			first, last := l.before(t, to)
			top, from := int32(never), l.start[t-1]
			for p := first; p < last; p++ {
				if v := l.best[p] + h.Follow[int(l.label[p])*l.width+int(to)]; v > top {
					top, from = v, p
				}
			}
			l.best[c], l.back[c] = max(top+l.score[c]+h.biasOf(to), never), from
		}
	}
	at := l.start[n-1]
	for c := at; c < l.start[n]; c++ {
		if l.best[c] > l.best[at] {
			at = c
		}
	}
	for t := n - 1; t >= 0; t-- {
		out[t] = l.label[at]
		at = l.back[at]
	}
}

// ForwardBackward computes what [Lattice.Marginal], [Lattice.Pair] and
// [Lattice.Span] read. The weight of label b after a is follow[a*width+b].
func (l *Lattice) ForwardBackward(follow []float64) {
	n := l.Len()
	size := len(l.label)
	l.alpha, l.beta, l.ahead, l.scale = resize(l.alpha, size), resize(l.beta, size), resize(l.ahead, size), resize(l.scale, n)
	for t := range n {
		sum := 0.0
		for c := l.start[t]; c < l.start[t+1]; c++ {
			v := 0.0
			if t == 0 {
				if !Inside(l.label[c]) {
					v = 1
				}
			} else {
				v = l.into(t, c, follow)
			}
			l.alpha[c] = float64(v * l.weight[c])
			sum += l.alpha[c]
		}
		l.scale[t] = sum
		for c := l.start[t]; c < l.start[t+1]; c++ {
			l.alpha[c] /= sum
		}
	}
	for c := l.start[n-1]; c < l.start[n]; c++ {
		l.beta[c] = 1
	}
	for t := n - 2; t >= 0; t-- {
		for p := l.start[t+1]; p < l.start[t+2]; p++ {
			l.ahead[p] = float64(l.weight[p]*l.beta[p]) / l.scale[t+1]
		}
		for c := l.start[t]; c < l.start[t+1]; c++ {
			l.beta[c] = l.outOf(t, c, follow)
		}
	}
}

// before returns the range of candidates of token t-1 that label to may follow.
func (l *Lattice) before(t int, to uint8) (first, last int32) {
	first, last = l.start[t-1], l.start[t]
	if !Inside(to) {
		return first, last
	}
	for first < last && l.label[first] < to-1 {
		first++
	}
	end := first
	for end < last && l.label[end] <= to {
		end++
	}
	return first, end
}

// into sums over the candidates before the one at c of token t.
func (l *Lattice) into(t int, c int32, follow []float64) float64 {
	v, to := 0.0, l.label[c]
	first, last := l.before(t, to)
	for p := first; p < last; p++ {
		v += float64(l.alpha[p] * follow[int(l.label[p])*l.width+int(to)])
	}
	return v
}

// outOf sums over the candidates after the one at c of token t.
func (l *Lattice) outOf(t int, c int32, follow []float64) float64 {
	v, from := 0.0, l.label[c]
	row := follow[int(from)*l.width:][:l.width]
	for p := l.start[t+1]; p < l.start[t+2]; p++ {
		if to := l.label[p]; to&1 == 1 || follows(from, to) {
			v += float64(row[to] * l.ahead[p])
		}
	}
	return v
}

// Marginals calls f with the probability of each candidate label of token t.
func (l *Lattice) Marginals(t int, f func(label uint8, p float64)) {
	for c := l.start[t]; c < l.start[t+1]; c++ {
		f(l.label[c], float64(l.alpha[c]*l.beta[c]))
	}
}

// Pairs calls f with the probability of each pair of labels of tokens t-1, t.
func (l *Lattice) Pairs(t int, follow []float64, f func(a, b uint8, p float64)) {
	for c := l.start[t]; c < l.start[t+1]; c++ {
		to := l.label[c]
		first, last := l.before(t, to)
		for p := first; p < last; p++ {
			f(l.label[p], to, float64(float64(l.alpha[p]*follow[int(l.label[p])*l.width+int(to)])*l.ahead[c]))
		}
	}
}

// find returns the candidate of token t with the given label.
func (l *Lattice) find(t int, label uint8) (int32, bool) {
	for c := l.start[t]; c < l.start[t+1]; c++ {
		if l.label[c] == label {
			return c, true
		}
	}
	return 0, false
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
	for c := l.start[to]; c < l.start[to+1]; c++ {
		if !Inside(l.label[c]) {
			end += follow[int(label)*l.width+int(l.label[c])] * l.weight[c] * l.beta[c]
		}
	}
	return min(1, p*end/l.scale[to])
}

func (h *Head) biasOf(label uint8) int32 {
	if label == Outside {
		return h.Bias
	}
	return 0
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/2)[:n]
	}
	return s[:n]
}
