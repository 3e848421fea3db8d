package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"

	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// A pipeline learns the heads in turn: names, the kinds of the entities that
// the names make up, events, and the parts in them. Each later head learns on
// what models that had not seen the article found, as it will have to do with
// a new one.
type pipeline struct {
	corpus
	log   *slog.Logger
	heads []learnt

	names, kinds, events, roles, parts task

	casts      map[*article]*cast // found by models that had not seen the article
	nameLabels map[*article]*feature.Labelling
	eventFound map[*article]*feature.Labelling
	scenes     map[*article]*scene
	found      map[*article][]uint8 // parts found in CASIE's development part

	nameScore, firstScore, evalScore, eventScore, roleScore, partScore *comparison
	trust, evalTrust, partTrust                                        reliability
}

// learnt is a head with its weights.
type learnt struct {
	head *crf.Head
	rows []crf.Row
}

// The biases against no span, in log odds. Names are found with a strong one,
// for recall, and those that are none are thrown out with their entity.
const (
	nameBias  = -1.0
	kindBias  = -0.5
	eventBias = -0.5
	roleBias  = -1.5
	partBias  = -0.5
)

// steps converts log odds to steps of score.
func steps(odds float64) int32 { return int32(odds * unit) }

func newPipeline(c corpus, log *slog.Logger) *pipeline {
	p := &pipeline{corpus: c, log: log}
	long := recipe{epochs: 10, rate: 0.2, soft: 0.1, l1: 1e-5, least: 2}
	p.names = task{"names", nameKinds(), long, func(a *article) []uint8 { return a.names }, base, false}
	p.kinds = task{
		"kinds", nameKinds(), recipe{epochs: 15, rate: 0.1, soft: 0.1, l1: 1e-5, least: 2},
		func(a *article) []uint8 { return p.casts[a].gold },
		func(a *article) []*features { return []*features{&p.casts[a].features} }, true,
	}
	p.events = task{"events", c.kinds.events, long, func(a *article) []uint8 { return a.events }, base, false}
	p.roles = task{"roles", c.kinds.roles, long, func(a *article) []uint8 { return a.roles }, base, false}
	p.parts = task{
		"parts", c.kinds.parts, recipe{epochs: 15, rate: 0.1, soft: 0.1, l1: 1e-5, least: 2},
		func(a *article) []uint8 { return p.scenes[a].gold },
		func(a *article) []*features { return []*features{&p.scenes[a].features} }, true,
	}
	return p
}

func nameKinds() []string {
	return []string{"company", "firm", "agency", "outlet", "group", "person", "malware", "vulnerability", "product", "place"}
}

func labelled(a *article) bool { return a.names != nil }

func learntFrom(a *article) bool { return !a.dev }

func free(a *article) bool { return !a.held }

// learnNames learns the first two heads and measures them, across the folds
// and on the articles that were never learnt from.
func (p *pipeline) learnNames() {
	written := slices.Concat(p.articles, p.variants)
	models := p.names.cross(written, labelled)
	name := p.train(p.names, written, labelled)
	p.casts = make(map[*article]*cast)
	p.firstScore, p.nameScore, p.evalScore = newComparison(), newComparison(), newComparison()
	for _, a := range p.articles {
		p.casts[a] = p.names.newCast(models[a.fold], a, steps(nameBias))
		if labelled(a) {
			p.firstScore.add(a.names, p.names.label(models[a.fold], a, 0))
		}
	}
	for _, a := range p.eval {
		p.casts[a] = p.names.newCast(name, a, steps(nameBias))
	}
	p.log.Info("names found", "articles", len(p.articles))
	models = p.kinds.cross(p.articles, labelled)
	kind := p.train(p.kinds, p.articles, labelled)
	p.nameLabels = make(map[*article]*feature.Labelling)
	for _, a := range p.articles {
		labels := p.nameAll(models[a.fold], a, &p.trust)
		p.nameLabels[a] = a.doc.Labelling(labels, len(nameKinds()))
		if labelled(a) {
			p.nameScore.add(a.names, labels)
		}
	}
	for _, a := range p.eval {
		p.evalScore.add(a.names, p.nameAll(kind, a, &p.evalTrust))
	}
	p.log.Info("names learnt", "typed_f1", p.nameScore.typed.f1(), "eval_typed_f1", p.evalScore.typed.f1())
}

// nameAll labels the names of a by the kinds that m gives its entities, and
// notes how sure it was of those that turn out right.
func (p *pipeline) nameAll(m *crf.Model, a *article, trust *reliability) []uint8 {
	c := p.casts[a]
	h := *m.Head("kinds")
	h.Bias = steps(kindBias)
	kinds := make([]uint8, c.Len())
	var l crf.Lattice
	for e := range kinds {
		row := make([]int32, m.Width())
		m.Add(row, c.features.at(e))
		m.Label(&h, &l, row, kinds[e:e+1])
		for _, s := range l.Spans(&h, kinds[e:e+1], nil) {
			if c.gold != nil {
				trust.add(s.P, c.gold[e] == kinds[e])
			}
		}
	}
	return c.labels(len(a.tokens), kinds)
}

// learnRoles learns the other heads. They are measured with models that were
// learnt without CASIE's development part, and kept with it.
func (p *pipeline) learnRoles() {
	p.eventScore, p.roleScore, p.partScore = newComparison(), newComparison(), newComparison()
	p.eventFound = make(map[*article]*feature.Labelling)
	of := p.unseen(p.events)
	for _, a := range p.articles {
		labels := p.events.label(of(a), a, steps(eventBias))
		p.eventFound[a] = a.doc.Labelling(labels, len(p.events.kinds))
		if a.dev {
			p.eventScore.add(a.events, labels)
		}
	}
	p.log.Info("events found", "f1", p.eventScore.typed.f1())
	p.roles.lists = staged(p.articles, func(a *article) func(int, []feature.ID) []feature.ID {
		return func(i int, out []feature.ID) []feature.ID {
			return feature.Roles(p.eventFound[a], p.nameLabels[a], i, out)
		}
	})
	of = p.unseen(p.roles)
	p.scenes = make(map[*article]*scene)
	for _, a := range p.articles {
		p.scenes[a] = p.roles.newScene(of(a), a, p.eventFound[a], p.nameLabels[a], steps(roleBias))
		if a.dev {
			p.roleScore.add(a.roles, p.roles.label(of(a), a, steps(roleBias)))
		}
	}
	p.log.Info("roles found", "f1", p.roleScore.typed.f1())
	measured := p.parts.model(p.articles, learntFrom)
	p.found = make(map[*article][]uint8)
	for _, a := range p.articles {
		if a.dev {
			p.found[a] = p.partAll(measured, a)
			p.partScore.add(a.parts, p.found[a])
		}
	}
	p.log.Info("parts measured", "f1", p.partScore.typed.f1())
	p.train(p.events, p.articles, free)
	p.train(p.roles, p.articles, free)
	p.train(p.parts, p.articles, free)
}

// unseen returns, for each article of CASIE, a model of t that has not seen
// it; those for the development part have learnt from all of the other.
func (p *pipeline) unseen(t task) func(*article) *crf.Model {
	models := t.cross(p.articles, learntFrom)
	whole := t.model(p.articles, learntFrom)
	return func(a *article) *crf.Model {
		if a.dev {
			return whole
		}
		return models[a.fold]
	}
}

// partAll labels the parts of a.
func (p *pipeline) partAll(m *crf.Model, a *article) []uint8 {
	s := p.scenes[a]
	h := *m.Head("parts")
	h.Bias = steps(partBias)
	parts := make([]uint8, len(s.spans))
	var l crf.Lattice
	for n := range parts {
		row := make([]int32, m.Width())
		m.Add(row, s.features.at(n))
		m.Label(&h, &l, row, parts[n:n+1])
		for _, found := range l.Spans(&h, parts[n:n+1], nil) {
			p.partTrust.add(found.P, s.gold[n] == parts[n])
		}
	}
	return s.labels(len(a.tokens), parts)
}

// train learns a head for keeps and returns it ready to label with.
func (p *pipeline) train(t task, articles []*article, keep func(*article) bool) *crf.Model {
	head, rows := t.train(articles, keep)
	head.Bias = steps(map[string]float64{"names": nameBias, "kinds": kindBias, "events": eventBias, "roles": roleBias, "parts": partBias}[t.name])
	p.heads = append(p.heads, learnt{head, rows})
	p.log.Info("learnt", "head", t.name, "features", len(rows))
	return crf.NewModel([]*crf.Head{head}, rows)
}

func single(h *crf.Head) int {
	if h.Single {
		return 1
	}
	return 0
}

// encode joins the heads to one model.
func (p *pipeline) encode() ([]byte, error) {
	at := make(map[feature.ID]int)
	var rows []crf.Row
	var heads []*crf.Head
	first := 0
	// The model reads the heads that label tokens fastest when they come first.
	slices.SortStableFunc(p.heads, func(a, b learnt) int { return cmp.Compare(single(a.head), single(b.head)) })
	for _, l := range p.heads {
		for _, r := range l.rows {
			i, ok := at[r.ID]
			if !ok {
				i = len(rows)
				at[r.ID] = i
				rows = append(rows, crf.Row{ID: r.ID})
			}
			for j, c := range r.Columns {
				rows[i].Columns = append(rows[i].Columns, c+uint8(first))
				rows[i].Weights = append(rows[i].Weights, r.Weights[j])
			}
		}
		heads = append(heads, l.head)
		first += l.head.Width()
	}
	if first > 256 {
		return nil, fmt.Errorf("join heads: %d labels, and a weight's column is a byte", first)
	}
	slices.SortFunc(rows, func(a, b crf.Row) int { return cmp.Compare(a.ID, b.ID) })
	return crf.Encode(heads, rows)
}
