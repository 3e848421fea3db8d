package main

import (
	"slices"
	"sync"

	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// folds is the number of parts that the articles are dealt into: each is
// labelled by models that have not seen it, which is what the later stages
// learn from and what the report measures.
const folds = 4

// A task is one head: what it learns from and on which features.
type task struct {
	name   string
	kinds  []string
	recipe recipe
	gold   func(*article) []uint8     // nil for an article that is not labelled
	lists  func(*article) []*features // the features of the article's tokens
	single bool                       // it labels entities, not tokens
}

// samples returns the sentences of those labelled articles that keep wants.
func (t task) samples(articles []*article, keep func(*article) bool) []sample {
	var out []sample
	for _, a := range articles {
		gold := t.gold(a)
		if gold == nil || !keep(a) {
			continue
		}
		lists := t.lists(a)
		for _, r := range t.stretches(a) {
			out = append(out, sample{lists, r[0], r[1], gold[r[0]:r[1]]})
		}
	}
	return out
}

// stretches returns what is labelled as one: sentences, or each entity alone.
func (t task) stretches(a *article) [][2]int {
	var out [][2]int
	if t.single {
		for e := range t.gold(a) {
			out = append(out, [2]int{e, e + 1})
		}
		return out
	}
	for s := range a.doc.Sentences() {
		if a.limit > 0 && s >= a.limit {
			break
		}
		from, to := a.doc.Sentence(s)
		out = append(out, [2]int{from, to})
	}
	return out
}

// train learns the head from the articles that keep wants.
func (t task) train(articles []*article, keep func(*article) bool) (*crf.Head, []crf.Row) {
	d, l := learn(t.recipe, t.samples(articles, keep), 1+2*len(t.kinds))
	return l.head(t, d)
}

// model is train, ready to label with.
func (t task) model(articles []*article, keep func(*article) bool) *crf.Model {
	head, rows := t.train(articles, keep)
	return crf.NewModel([]*crf.Head{head}, rows)
}

// cross labels every article with a model that was learnt without its fold and
// returns the models.
func (t task) cross(articles []*article, keep func(*article) bool) []*crf.Model {
	models := make([]*crf.Model, folds)
	var wg sync.WaitGroup
	turn := make(chan struct{}, 2)
	for f := range folds {
		wg.Go(func() {
			turn <- struct{}{}
			models[f] = t.model(articles, func(a *article) bool { return a.fold != f && keep(a) })
			<-turn
		})
	}
	wg.Wait()
	return models
}

// label returns the labels that m gives to the tokens of a, with bias added to
// the score of no span.
func (t task) label(m *crf.Model, a *article, bias int32) []uint8 {
	labels := make([]uint8, len(a.tokens))
	t.decode(m, a, bias, func(from, to int, h *crf.Head, l *crf.Lattice, rows []int32) {
		m.Label(h, l, rows, labels[from:to])
	})
	return labels
}

// each gives found the spans of a that label would mark.
func (t task) each(m *crf.Model, a *article, bias int32, found func(crf.Span)) {
	t.decode(m, a, bias, func(from, to int, h *crf.Head, l *crf.Lattice, rows []int32) {
		labels := make([]uint8, to-from)
		m.Label(h, l, rows, labels)
		for _, s := range l.Spans(h, labels, nil) {
			s.From, s.To = s.From+from, s.To+from
			found(s)
		}
	})
}

// decode scores the sentences of a.
func (t task) decode(m *crf.Model, a *article, bias int32, sentence func(from, to int, h *crf.Head, l *crf.Lattice, rows []int32)) {
	h := *m.Head(t.name)
	h.Bias = bias
	var l crf.Lattice
	for s := range a.doc.Sentences() {
		from, to := a.doc.Sentence(s)
		rows := make([]int32, (to-from)*m.Width())
		for i := from; i < to; i++ {
			for _, list := range t.lists(a) {
				m.Add(rows[(i-from)*m.Width():], slices.Clone(list.at(i)))
			}
		}
		sentence(from, to, &h, &l, rows)
	}
}

func base(a *article) []*features { return []*features{&a.base} }

// staged returns the features of base and those that list gives.
func staged(articles []*article, list func(a *article) func(int, []feature.ID) []feature.ID) func(*article) []*features {
	extra := make(map[*article]*features)
	for _, a := range articles {
		f, token := &features{}, list(a)
		for i := range a.tokens {
			f.add(func(out []feature.ID) []feature.ID { return token(i, out) })
		}
		extra[a] = f
	}
	return func(a *article) []*features { return []*features{&a.base, extra[a]} }
}
