package main

import (
	"slices"

	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

// features are those of each token of an article.
type features struct {
	ids []feature.ID
	end []int32
}

// add appends the features of the next token.
func (f *features) add(list func([]feature.ID) []feature.ID) {
	f.ids = list(f.ids)
	f.end = append(f.end, int32(len(f.ids)))
}

func (f *features) at(i int) []feature.ID {
	start := int32(0)
	if i > 0 {
		start = f.end[i-1]
	}
	return f.ids[start:f.end[i]]
}

// A sample is a sentence to learn from.
type sample struct {
	lists    []*features
	from, to int
	gold     []uint8
}

// A dictionary numbers the features that occur often enough to be learnt.
type dictionary struct {
	number map[feature.ID]int32
	ids    []feature.ID
}

func newDictionary(samples []sample, least int32) *dictionary {
	counts := make(map[feature.ID]int32)
	for _, s := range samples {
		for i := s.from; i < s.to; i++ {
			for _, l := range s.lists {
				for _, id := range l.at(i) {
					counts[id]++
				}
			}
		}
	}
	d := &dictionary{number: make(map[feature.ID]int32)}
	for id, n := range counts {
		if n >= least && id != 0 {
			d.ids = append(d.ids, id)
		}
	}
	slices.Sort(d.ids)
	for n, id := range d.ids {
		d.number[id] = int32(n)
	}
	return d
}

// encode returns the numbers of a sample's features, and where each token's
// end.
func (d *dictionary) encode(s sample) (numbers, end []int32) {
	for i := s.from; i < s.to; i++ {
		for _, l := range s.lists {
			for _, id := range l.at(i) {
				if n, ok := d.number[id]; ok {
					numbers = append(numbers, n)
				}
			}
		}
		end = append(end, int32(len(numbers)))
	}
	return numbers, end
}

// columns returns, for each feature, the labels that it is seen with and
// Outside: the weights worth learning.
func (d *dictionary) columns(samples []sample, numbers, ends [][]int32, width int) (start []int32, column []uint8) {
	words := (width + 63) / 64
	seen := make([]uint64, len(d.ids)*words)
	for s := range samples {
		at := int32(0)
		for t, end := range ends[s] {
			label := int(samples[s].gold[t])
			for _, f := range numbers[s][at:end] {
				seen[int(f)*words+label/64] |= 1 << (label % 64)
			}
			at = end
		}
	}
	start = make([]int32, 1, len(d.ids)+1)
	for f := range d.ids {
		for l := range width {
			if l == crf.Outside || seen[f*words+l/64]&(1<<(l%64)) != 0 {
				column = append(column, uint8(l))
			}
		}
		start = append(start, int32(len(column)))
	}
	return start, column
}
