package extract

import (
	"sort"
	"time"

	"github.com/breachgraph/breachgraph/extract/tag"
)

// A reading is one document with what the passes have found in it so far. Each
// pass adds to it; none takes away what another rests on.
type reading struct {
	*Document
	stems     []string // stems[i] is the stem of Tokens[i]
	published time.Time
	weights   Weights

	mentions []mention // by start, apart from each other
	entities []*entity
	byToken  []int // index into mentions of the mention that holds a token, or -1

	roles    []tag.Role // who plays what part, as the tagger sees it
	events   []tag.Span
	clauses  []clause
	speeches []speech
	data     []dataMention
	dates    []dateMention
	figures  []figureMention
	breaches []*incident
	staff    []post // who works for whom

	relevance  float64
	candidates []Candidate
	options    []Candidate // who may have made which claim
	claims     []Claim
}

// A mention is a place where an entity is named.
type mention struct {
	Span
	first, last int // tokens [first, last)
	kind        Kind
	score       float64 // 0 to 1: how sure the kind is
	how         MentionKind
	entity      *entity // nil where it could not be resolved
}

// An entity gathers the mentions that mean the same.
type entity struct {
	id       string
	kind     Kind
	name     string
	mentions []int // indices into reading.mentions, in text order
	votes    map[Kind]float64
	role     role
}

// A role is the part that an entity plays for the primary breach.
type role int

const (
	bystander role = iota
	victim
	attacker
	official // speaks for a victim
)

func newReading(d *Document) *reading {
	r := &reading{Document: d, stems: make([]string, len(d.Tokens)), published: d.Article.Published, weights: embedded()}
	for i, t := range d.Tokens {
		r.stems[i] = stem(t.Lower)
	}
	return r
}

// tokens gives the tokens [first, last) that s covers.
func (r *reading) tokens(s Span) (first, last int) {
	first = r.tokenAt(s.Start)
	last = first
	for last < len(r.Tokens) && r.Tokens[last].Start < s.End {
		last++
	}
	return first, last
}

// index rebuilds byToken after mentions have changed.
func (r *reading) index() {
	r.byToken = make([]int, len(r.Tokens))
	for i := range r.byToken {
		r.byToken[i] = -1
	}
	for m := range r.mentions {
		for i := r.mentions[m].first; i < r.mentions[m].last; i++ {
			r.byToken[i] = m
		}
	}
}

// mentionAt gives the mention that holds token i, or nil.
func (r *reading) mentionAt(i int) *mention {
	if i < 0 || i >= len(r.byToken) || r.byToken[i] < 0 {
		return nil
	}
	return &r.mentions[r.byToken[i]]
}

// lower gives the folded text of token i, "" outside the text.
func (r *reading) lower(i int) string {
	if i < 0 || i >= len(r.Tokens) {
		return ""
	}
	return r.Tokens[i].Lower
}

// parts gives the parts that the tagger sees the tokens [first, last) play, as
// features: "role:Victim". A part that the tagger doubts is named apart.
func (r *reading) parts(first, last int) []string {
	if first >= last {
		return nil
	}
	start, end := r.Tokens[first].Start, r.Tokens[last-1].End
	var out []string
	i := sort.Search(len(r.roles), func(i int) bool { return r.roles[i].End > start })
	for ; i < len(r.roles) && r.roles[i].Start < end; i++ {
		f := "role:" + r.roles[i].Part
		if r.roles[i].Score < 0.5 {
			f += "?"
		}
		out = append(out, f)
	}
	return out
}

// events gives the kinds of event that the tagger sees in sentence k, as
// features: "event:Databreach".
func (r *reading) eventsIn(k int) []string {
	s := r.Sentences[k]
	var out []string
	i := sort.Search(len(r.events), func(i int) bool { return r.events[i].End > s.Start })
	for ; i < len(r.events) && r.events[i].Start < s.End; i++ {
		out = append(out, "event:"+r.events[i].Label)
	}
	return out
}
