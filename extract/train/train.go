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
	marked      []markedArticle // for the models of dates only
	negatives   []example       // of relevance only
	expected    map[string]regression
	verbose     io.Writer // for what results and readers differ in, or nil
}

// passes are how often the articles are read: what is held to be the victim
// decides which candidates there are, so each reading uses weights learned from
// the reading before, and never from the article that is read. Weights learned
// so meet the mistakes that they will meet in new articles.
const passes = 2

// train learns from share of the articles. It prints how well whole results do
// on articles left out, and each model on its candidates, and gives the table of
// weights and those results.
func (t *trainer) train(share float64) ([]byte, []extract.Result) {
	first := make(extract.Weights)
	for name, w := range t.expected {
		first[name] = w
	}
	examples, _ := t.read(func(int) extract.Weights { return first })
	var results []alignment
	for range passes {
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
		examples, results = t.read(func(article int) extract.Weights { return left[article%folds] })
	}
	s := score{byType: make(map[string]tally), verbose: t.verbose}
	var out []extract.Result
	for _, a := range results {
		if a.gold.Relevant {
			s.add(a)
		}
		out = append(out, a.result)
	}
	s.print(os.Stdout)
	return t.table(examples), out
}

// read examines every article with the weights that it gets and labels the
// candidates.
func (t *trainer) read(weights func(article int) extract.Weights) ([]example, []alignment) {
	var examples []example
	var results []alignment
	for n, g := range t.annotations {
		result, candidates := extract.Examine(g.article, extract.Options{Weights: weights(n)})
		a := align(g, result)
		examples = append(examples, label(a, n, candidates)...)
		results = append(results, a)
	}
	for i := range t.marked {
		n := len(t.annotations) + i
		_, candidates := extract.Examine(t.marked[i].article, extract.Options{Weights: weights(n)})
		examples = append(examples, t.marked[i].label(n, candidates)...)
	}
	return append(examples, t.negatives...), results
}

// learn fits every model, without reporting.
func (t *trainer) learn(examples []example) extract.Weights {
	out := make(extract.Weights)
	for name, of := range byModel(examples) {
		w := fit(of, t.prior(name))
		out[name] = maps.Clone(w)
		report := crossValidate(of, t.prior(name))
		out[name][extract.ThresholdFeature] = limit(name, report)
		out[name][extract.ScaleFeature], out[name][extract.ShiftFeature] = report.scale, report.shift
	}
	return out
}

// dateLimit is the limit of the models of dates. They are measured together, and
// together do best, as a rule, at half the F1 that they reach on whole articles.
const dateLimit = 0.2

func limit(name string, r report) float64 {
	if dateModels[name] != "" {
		return dateLimit
	}
	return r.limit
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
		fmt.Printf("%-16s%8d%8d%8.3f%8.3f%8.3f%8.2f\n", name, report.holds, report.not, report.precision, report.recall, report.f1, limit(name, report))
		for _, f := range fit(models[name], t.prior(name)).sorted() {
			fmt.Fprintf(&file, "%s\t%s\t%.3f\n", name, f.feature, f.weight)
		}
		fmt.Fprintf(&file, "%s\t%s\t%.2f\n", name, extract.ThresholdFeature, limit(name, report))
		fmt.Fprintf(&file, "%s\t%s\t%.2f\n", name, extract.ScaleFeature, report.scale)
		fmt.Fprintf(&file, "%s\t%s\t%.2f\n", name, extract.ShiftFeature, report.shift)
	}
	return file.Bytes()
}
