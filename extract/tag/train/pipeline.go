package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// A pipeline learns the four heads in turn.
type pipeline struct {
	articles []*article
	kinds    roleKinds
}

func goldNames(a *article) []uint8 { return a.names }

func goldEvents(a *article) []uint8 { return a.events }

func goldRoles(a *article) []uint8 { return a.roles }

func notDev(a *article) bool { return !a.dev }

func nameRecipe() recipe { return recipe{epochs: 10, rate: .2, soft: .1, l1: 1e-5, least: 2} }

func (p *pipeline) run(start time.Time) ([]byte, error) {
	first := task{"names", nameKinds(), nameRecipe(), goldNames, base}
	events := task{"events", p.kinds.events, nameRecipe(), goldEvents, base}
	firstLabels := p.labelling(first, first.cross(p.articles, all))
	eventLabels := p.labelling(events, events.cross(p.articles, all))
	fmt.Println("first stages", time.Since(start))
	again := task{"names again", nameKinds(), nameRecipe(), goldNames, staged(p.articles, func(a *article) func(int, []feature.ID) []feature.ID {
		return firstLabels[a].Again
	})}
	roles := task{"roles", p.kinds.roles, nameRecipe(), goldRoles, staged(p.articles, func(a *article) func(int, []feature.ID) []feature.ID {
		return func(i int, out []feature.ID) []feature.ID {
			return feature.Roles(eventLabels[a], firstLabels[a], i, out)
		}
	})}
	var heads []*crf.Head
	merged := make(map[feature.ID]*crf.Row)
	width := 0
	for i, t := range []task{first, events, again, roles} {
		head, rows := t.train(p.articles, notDev)
		head.Bias = []int32{-12, -12, -24, -16}[i]
		fmt.Println(t.name, len(rows), time.Since(start))
		for _, r := range rows {
			m := merged[r.ID]
			if m == nil {
				m = &crf.Row{ID: r.ID}
				merged[r.ID] = m
			}
			for j, c := range r.Columns {
				m.Columns = append(m.Columns, c+uint8(width))
				m.Weights = append(m.Weights, r.Weights[j])
			}
		}
		heads = append(heads, head)
		width += head.Width()
	}
	var rows []crf.Row
	for _, r := range merged {
		rows = append(rows, *r)
	}
	slices.SortFunc(rows, func(a, b crf.Row) int { return cmp.Compare(a.ID, b.ID) })
	return crf.Encode(heads, rows)
}

// labelling labels each article with the model that has not seen it.
func (p *pipeline) labelling(t task, models []*crf.Model) map[*article]*feature.Labelling {
	out := make(map[*article]*feature.Labelling)
	for _, a := range p.articles {
		out[a] = a.doc.Labelling(t.label(models[a.fold], a, 0), len(t.kinds))
	}
	return out
}

func (p *pipeline) measure(t task, models []*crf.Model) {
	for _, bias := range []int32{0, -12, -24, -36} {
		c := newComparison()
		for _, a := range p.articles {
			if t.gold(a) != nil {
				c.add(t.gold(a), t.label(models[a.fold], a, bias))
			}
		}
		fmt.Printf("%s bias %d spans P %.3f R %.3f F %.3f typed %.3f\n", t.name, bias, c.spans.precision(), c.spans.recall(), c.spans.f1(), c.typed.f1())
		if bias == 0 {
			for k, n := range t.kinds {
				t := c.kinds[k]
				fmt.Printf("  %s %.3f %.3f %.3f\n", n, t.precision(), t.recall(), t.f1())
			}
		}
	}
}
