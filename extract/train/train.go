package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/breachgraph/breachgraph/extract"
)

// A trainer learns the weights of all models from annotated articles.
type trainer struct {
	annotations []annotation
	negatives   []example // of relevance only
	expected    map[string]regression
	verbose     io.Writer // what result and readers differ in; nil for nothing
}

// passes are how often the articles are read: what is held to be the victim
// decides which candidates there are, so each reading uses weights learned from
// the reading before, and never from the article that is read. Weights learned
// so meet the mistakes that they will meet in new articles.
const passes = 2

// train learns from share of the articles and prints how well whole results do
// on articles left out, and each model on its candidates.
func (t *trainer) train(share float64) ([]byte, error) {
	examples, err := t.read(func(int) extract.Weights { return nil }, nil)
	if err != nil {
		return nil, err
	}
	for pass := range passes {
		left := make([]extract.Weights, folds)
		var wait sync.WaitGroup
		for fold := range folds {
			wait.Go(func() {
				left[fold] = t.learn(slices.DeleteFunc(slices.Clone(examples), func(e example) bool {
					return e.article%folds == fold || e.article/folds%10 >= int(10*share+0.5)
				}))
			})
		}
		wait.Wait()
		s := score{byType: make(map[string]tally)}
		if pass == passes-1 {
			s.verbose = t.verbose
		}
		if examples, err = t.read(func(article int) extract.Weights { return left[article%folds] }, &s); err != nil {
			return nil, err
		}
		if pass == passes-1 {
			s.print(os.Stdout)
		}
	}
	return t.table(examples), nil
}

// read examines every article with the weights that it gets and labels the
// candidates; s, where not nil, counts the claims.
func (t *trainer) read(weights func(article int) extract.Weights, s *score) ([]example, error) {
	var out []example
	for n, g := range t.annotations {
		result, candidates := extract.Examine(g.article, extract.Options{Weights: weights(n)})
		a := align(g, result)
		out = append(out, label(a, n, candidates)...)
		if s != nil {
			s.add(a)
		}
	}
	return append(out, t.negatives...), nil
}

// learn fits every model, without reporting.
func (t *trainer) learn(examples []example) extract.Weights {
	out := make(extract.Weights)
	for name, of := range byModel(examples) {
		w := fit(of, t.prior(name))
		out[name] = maps.Clone(w)
		out[name][extract.ThresholdFeature] = crossValidate(of, t.prior(name)).limit
	}
	return out
}

func (t *trainer) prior(name string) regression {
	if p := t.expected[name]; p != nil {
		return p
	}
	return make(regression)
}

func byModel(examples []example) map[string][]example {
	out := make(map[string][]example)
	for _, e := range examples {
		out[e.model] = append(out[e.model], e)
	}
	return out
}

// table fits every model, prints how it does in cross-validation, and gives the
// weights in the form of [extract.ParseWeights].
func (t *trainer) table(examples []example) []byte {
	var file bytes.Buffer
	fmt.Fprintf(&file, "# model\tfeature\tweight; learned by extract/train from %d annotated articles\n", len(t.annotations))
	fmt.Printf("\n%-16s%8s%8s%8s%8s%8s%8s\n", "model", "holds", "not", "P", "R", "F1", "limit")
	models := byModel(examples)
	for _, name := range slices.Sorted(maps.Keys(models)) {
		report := crossValidate(models[name], t.prior(name))
		fmt.Printf("%-16s%8d%8d%8.3f%8.3f%8.3f%8.2f\n", name, report.holds, report.not, report.precision, report.recall, report.f1, report.limit)
		for _, f := range fit(models[name], t.prior(name)).sorted() {
			fmt.Fprintf(&file, "%s\t%s\t%.3f\n", name, f.feature, f.weight)
		}
		fmt.Fprintf(&file, "%s\t%s\t%.2f\n", name, extract.ThresholdFeature, report.limit)
	}
	return file.Bytes()
}
