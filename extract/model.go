package extract

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// A Candidate is a statement that the article may make, as the passes found it:
// what it would say, what speaks for it, and how likely it is. Claims are the
// candidates that are likely enough; the rest is kept for training and for
// explaining a decision.
type Candidate struct {
	Model           string // the model that judges it
	Type            Predicate
	Subject, Object string // as in [Claim]
	Denied          bool
	Features        []string // sorted, without doubles
	P               float64  // probability that a careful reader agrees
	Evidence        Span
	Of              *Candidate // for "speaker": the statement that Subject may have made

	entity     *entity // whom the candidate is about, for "victim"
	sentence   int
	anchor     int // token at which status and speaker are read
	breach     *incident
	attributes map[string]string
}

// weightTable holds the weights of every model, a feature a line:
// model, feature, weight. `go run ./extract/train` writes it.
//
//go:embed weights.tsv
var weightTable string

// Weights judge candidates by logistic regression: the sum of the weights of a
// candidate's features is the log-odds that it holds. They are given by model
// and feature.
type Weights map[string]map[string]float64

// ParseWeights reads a table of weights: model, feature and weight parted by
// tabs, a feature a line; lines that begin with # are comments.
func ParseWeights(table string) (Weights, error) {
	w := make(Weights)
	n := 0
	for line := range strings.Lines(table) {
		n++
		if strings.HasPrefix(line, "#") {
			continue
		}
		column := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(column) != 3 {
			return nil, fmt.Errorf("weights, line %d: want model, feature and weight, parted by tabs", n)
		}
		value, err := strconv.ParseFloat(column[2], 64)
		if err != nil {
			return nil, fmt.Errorf("weights, line %d: %w", n, err)
		}
		if w[column[0]] == nil {
			w[column[0]] = make(map[string]float64)
		}
		w[column[0]][column[1]] = value
	}
	return w, nil
}

// embedded gives the weights of [weightTable].
var embedded = sync.OnceValue(func() Weights {
	w, err := ParseWeights(weightTable)
	if err != nil {
		panic("extract: weights.tsv: " + err.Error()) // a build with a broken table
	}
	return w
})

// probability judges features by the model of that name; one that has not been
// trained gives one half.
func (w Weights) probability(name string, features []string) float64 {
	sum := 0.0
	table := w[name]
	for _, f := range features {
		sum += table[f]
	}
	return 1 / (1 + math.Exp(-sum))
}

// ThresholdFeature is the row of a model that holds not a weight but the
// probability from which on its candidates are taken over.
const ThresholdFeature = "threshold"

// The rows of a model that turn the log-odds that its weights give into how
// often such candidates hold: weights that are learned from few articles are
// held back, and their sums with them.
const (
	ScaleFeature = "scale"
	ShiftFeature = "shift"
)

// confidence gives how often candidates hold that the model of that name gives
// probability p.
func (w Weights) confidence(name string, p float64) float64 {
	scale, ok := w[name][ScaleFeature]
	if !ok || p <= 0 || p >= 1 {
		return p
	}
	return 1 / (1 + math.Exp(-scale*math.Log(p/(1-p))-w[name][ShiftFeature]))
}

// accepts reports whether a candidate of that model is likely enough.
func (w Weights) accepts(name string, p float64) bool {
	limit, ok := w[name][ThresholdFeature]
	if !ok {
		limit = 0.5
	}
	return p >= limit
}

func itoa(n int) string { return strconv.Itoa(n) }
