package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A regression is a logistic regression over named features.
type regression map[string]float64

//go:embed priors.tsv
var priorTable string

// priors gives what each model expects before any article is read.
func priors() (map[string]regression, error) {
	out := make(map[string]regression)
	for line := range strings.Lines(priorTable) {
		column := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(column) != 3 {
			continue
		}
		weight, err := strconv.ParseFloat(column[2], 64)
		if err != nil {
			return nil, fmt.Errorf("priors.tsv: %w", err)
		}
		if out[column[0]] == nil {
			out[column[0]] = make(regression)
		}
		out[column[0]][column[1]] = weight
	}
	return out, nil
}

type weighted struct {
	feature string
	weight  float64
}

// sorted gives the weights that matter, by feature.
func (w regression) sorted() []weighted {
	var out []weighted
	for f, v := range w {
		if math.Abs(v) >= 0.005 {
			out = append(out, weighted{f, v})
		}
	}
	slices.SortFunc(out, func(a, b weighted) int { return cmp.Compare(a.feature, b.feature) })
	return out
}

func (w regression) probability(features []string) float64 {
	sum := 0.0
	for _, f := range features {
		sum += w[f]
	}
	return 1 / (1 + math.Exp(-sum))
}

const (
	rounds    = 3    // of choosing which candidate of a claim states it
	epochs    = 60   // passes over the examples in each round
	rate      = 0.15 // of AdaGrad (Duchi, Hazan, Singer: Adaptive Subgradient Methods, 2011)
	penalty   = 5    // L2, on each weight
	leastSeen = 4    // articles a feature must occur in to get a weight
	folds     = 6    // of the cross-validation
)

// fit learns a regression. Where several candidates may state one claim, those
// the readers quote are examples of it, else the likeliest; the others are left
// out.
func fit(examples []example, prior regression) regression {
	features := frequent(examples)
	for f := range prior {
		features[f] = true
	}
	w := prior
	for range rounds {
		w = descend(choose(examples, w), features, prior)
	}
	return w
}

// frequent gives the features that occur in enough articles.
func frequent(examples []example) map[string]bool {
	last := make(map[string]int)
	seen := make(map[string]int)
	for _, e := range examples {
		for _, f := range e.features {
			if l, ok := last[f]; !ok || l != e.article {
				last[f] = e.article
				seen[f]++
			}
		}
	}
	out := make(map[string]bool)
	for f, n := range seen {
		if n >= leastSeen {
			out[f] = true
		}
	}
	return out
}

func choose(examples []example, w regression) []example {
	best := make(map[string]float64)
	quoted := make(map[string]bool)
	for _, e := range examples {
		if e.holds && e.group != "" {
			best[e.group] = max(best[e.group], w.probability(e.features))
			quoted[e.group] = quoted[e.group] || e.quoted
		}
	}
	var out []example
	for _, e := range examples {
		if e.holds && e.group != "" && !e.quoted && (quoted[e.group] || w.probability(e.features) < best[e.group]) {
			continue
		}
		out = append(out, e)
	}
	return out
}

// descend minimises the log loss by AdaGrad, in the order of the examples, with
// an L2 penalty on how far a weight is from its prior.
func descend(examples []example, features map[string]bool, prior regression) regression {
	index := make(map[string]int)
	rows := make([][]int, len(examples))
	for i, e := range examples {
		for _, f := range e.features {
			if !features[f] {
				continue
			}
			j, ok := index[f]
			if !ok {
				j = len(index)
				index[f] = j
			}
			rows[i] = append(rows[i], j)
		}
	}
	w := make([]float64, len(index))
	expected := make([]float64, len(index))
	for f, j := range index {
		w[j], expected[j] = prior[f], prior[f]
	}
	square := make([]float64, len(index))
	shrink := make([]float64, len(index)) // at each example that has the feature, so that all add up to the penalty
	for _, row := range rows {
		for _, j := range row {
			shrink[j]++
		}
	}
	for j, n := range shrink {
		shrink[j] = penalty / n
	}
	for range epochs {
		for i, e := range examples {
			sum := 0.0
			for _, j := range rows[i] {
				sum += w[j]
			}
			gradient := 1 / (1 + math.Exp(-sum))
			if e.holds {
				gradient--
			}
			for _, j := range rows[i] {
				g := gradient + shrink[j]*(w[j]-expected[j])
				square[j] += g * g
				w[j] -= rate * g / (math.Sqrt(square[j]) + 1e-8)
			}
		}
	}
	out := maps.Clone(prior)
	for f, j := range index {
		out[f] = w[j]
	}
	return out
}

// A report tells how a model does on articles left out of its training.
type report struct {
	holds, not            int
	precision, recall, f1 float64
	limit                 float64
	scale, shift          float64 // of the log-odds, for confidences that are frequencies
}

// A judgement is the likeliest example of a group, judged by a model that has
// not seen its article.
type judgement struct {
	p     float64
	holds bool // the likeliest holds
	any   bool // some example of the group does
}

// crossValidate trains on all folds but one, judges that one, and finds the
// limit that gives the best F1 over all. Of a group only the likeliest counts.
func crossValidate(examples []example, prior regression) report {
	groups := make(map[string]*judgement)
	var judged []*judgement
	for fold := range folds {
		var train []example
		for _, e := range examples {
			if e.article%folds != fold {
				train = append(train, e)
			}
		}
		w := fit(train, prior)
		for _, e := range examples {
			if e.article%folds != fold {
				continue
			}
			j := groups[e.group]
			if e.group == "" || j == nil {
				j = new(judgement)
				judged = append(judged, j)
				if e.group != "" {
					groups[e.group] = j
				}
			}
			if p := w.probability(e.features); p > j.p {
				j.p, j.holds = p, e.holds
			}
			j.any = j.any || e.holds
		}
	}
	out := bestLimit(judged)
	out.scale, out.shift = calibrate(judged)
	return out
}

// calibrate finds by which scale and shift the log-odds of judgements tell how
// often they hold (Platt scaling), from near the identity where there are few.
func calibrate(judged []*judgement) (scale, shift float64) {
	const (
		steps = 400
		pace  = 0.5
		held  = 10 // as many judgements speak for the identity
	)
	scale = 1
	n := float64(len(judged) + held)
	for range steps {
		dScale, dShift := held*(scale-1), held*shift
		for _, j := range judged {
			x := math.Log(j.p / (1 - j.p))
			gradient := 1 / (1 + math.Exp(-scale*x-shift))
			if j.holds {
				gradient--
			}
			dScale, dShift = dScale+gradient*x, dShift+gradient
		}
		scale, shift = scale-pace*dScale/n, shift-pace*dShift/n
	}
	return scale, shift
}

func bestLimit(judged []*judgement) report {
	out := report{limit: 0.5}
	for _, j := range judged {
		if j.any {
			out.holds++
		} else {
			out.not++
		}
	}
	var all []report
	for limit := 0.2; limit < 0.7; limit += 0.02 {
		all = append(all, out.at(limit, judged))
		if r := all[len(all)-1]; r.f1 > out.f1 {
			out = r
		}
	}
	// Which of several near equals is best is chance: take their middle.
	sum, n := 0.0, 0
	for _, r := range all {
		if r.f1 >= 0.985*out.f1 {
			sum, n = sum+r.limit, n+1
		}
	}
	if n == 0 {
		return out
	}
	return out.at(sum/float64(n), judged)
}

// at gives the report for one limit.
func (out report) at(limit float64, judged []*judgement) report {
	out.limit = limit
	tp, fp := 0, 0
	for _, j := range judged {
		switch {
		case j.p < limit:
		case j.holds:
			tp++
		default:
			fp++
		}
	}
	if tp == 0 {
		out.precision, out.recall, out.f1 = 0, 0, 0
		return out
	}
	out.precision, out.recall = float64(tp)/float64(tp+fp), float64(tp)/float64(out.holds)
	out.f1 = 2 * out.precision * out.recall / (out.precision + out.recall)
	return out
}
