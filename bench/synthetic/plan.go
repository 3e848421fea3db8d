package synthetic

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

const (
	// carrier is the number of the company that is in everybody's articles.
	carrier = 0
	// carrierShare of all articles tell of its breaches, at most
	// carrierArticles of one; passingShare of the others recall one of them.
	carrierShare, passingShare = 0.04, 0.09
	carrierArticles            = 120
	// meanArticles and mostArticles are how many tell of another breach.
	meanArticles, mostArticles = 4, 40
	// articlesPerCompany says how many companies there are.
	articlesPerCompany = 12
	// newsDays is how long a breach is told of on average, lateDays the longest.
	newsDays, lateDays = 12, 300
	years              = 10
)

// start is the day of the first incidents.
var start = time.Date(2014, 1, 6, 0, 0, 0, 0, time.UTC)

// An incident is a breach as it was.
type incident struct {
	victim  int
	day     int // of its disclosure, from start
	tellers int
}

// A telling is one article's part: which incident it tells of, as which of its
// tellers, when.
type telling struct {
	incident, number int
	minute           int // from start
	before           int // the telling before of the same incident, -1 if there is none
}

// A plan says what is told when.
type plan struct {
	seed      uint64
	companies int
	incidents []incident
	tellings  []telling
	ofCarrier []int // its incidents, by day
}

// Articles yields n articles with all that they say, in the order of their
// publication. The same seed and n give the same articles.
func Articles(seed uint64, n int) iter.Seq[extract.Result] {
	return func(yield func(extract.Result) bool) {
		p := newPlan(seed, n)
		for i := range p.tellings {
			if !yield(p.article(i)) {
				return
			}
		}
	}
}

func newPlan(seed uint64, n int) *plan {
	p := &plan{seed: seed, companies: max(n/articlesPerCompany, 20)}
	r := rand.New(rand.NewPCG(seed, math.MaxUint64))
	left := int(float64(n) * carrierShare)
	for left > 0 {
		size := min(left, carrierArticles)
		left -= size
		p.ofCarrier = append(p.ofCarrier, len(p.incidents))
		p.add(r, carrier, size)
	}
	for len(p.tellings) < n {
		// Squared, since some are hit again and again and most once.
		u := r.Float64()
		size := min(1+int(r.ExpFloat64()*(meanArticles-1)+0.5), mostArticles, n-len(p.tellings))
		p.add(r, 1+int(u*u*float64(p.companies-1)), size)
	}
	slices.SortStableFunc(p.ofCarrier, func(x, y int) int { return p.incidents[x].day - p.incidents[y].day })
	slices.SortStableFunc(p.tellings, func(x, y telling) int { return x.minute - y.minute })
	last := make([]int, len(p.incidents)) // tellings so far, counted from 1
	for i := range p.tellings {
		t := &p.tellings[i]
		t.before, last[t.incident] = last[t.incident]-1, i+1
	}
	return p
}

// outlet is which outlet has telling i, and where.
func (p *plan) outlet(i int) (out int, url string) {
	r := rand.New(rand.NewPCG(p.seed+1, uint64(i)))
	out = r.IntN(outlets) * r.IntN(outlets) / outlets // some publish far more than others
	published := start.Add(time.Duration(p.tellings[i].minute) * time.Minute)
	return out, fmt.Sprintf("https://%s/%s/%d", outletHost(out), published.Format("2006/01"), i+1)
}

// add makes an incident and the articles that tell of it.
func (p *plan) add(r *rand.Rand, victim, size int) {
	const day = 24 * 60
	in := incident{victim: victim, day: r.IntN(years * 365), tellers: size}
	minutes := make([]int, size)
	for k := range minutes {
		after := 0.0
		if k > 0 {
			after = min(r.ExpFloat64()*newsDays, lateDays)
		}
		minutes[k] = in.day*day + int(after*day) + r.IntN(12*60)
	}
	slices.Sort(minutes)
	for k, m := range minutes {
		p.tellings = append(p.tellings, telling{len(p.incidents), k, m, -1})
	}
	p.incidents = append(p.incidents, in)
}

// recalled is the last breach of the carrier before minute, and whether there
// is one.
func (p *plan) recalled(minute int) (int, bool) {
	day := minute / (24 * 60)
	i, _ := slices.BinarySearchFunc(p.ofCarrier, day, func(k, day int) int { return p.incidents[k].day - day })
	if i == 0 {
		return 0, false
	}
	return p.ofCarrier[i-1], true
}
