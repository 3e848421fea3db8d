package figure

import "strings"

// A hedge is what the words around a number assert of it.
type hedge struct {
	first   int // the token at which the words begin
	floor   bool
	ceiling bool
	approx  bool
}

// hedges lists the phrases before a number by what they assert.
var hedges = []struct {
	hedge
	phrases string
}{
	{hedge{floor: true}, `more than; over; at least; no fewer than; no less than; not less than; not fewer than; nothing less than;
upwards of; upward of; in excess of; topped; tops; topping; top; exceeds; exceeded; exceeding; exceed; greater than; larger than;
bigger than; higher than; longer than; older than; north of; surpassed; surpasses; surpassing; surpass; well over; far more than;
many more than; much more than; well more than; far over; considerably more than; a minimum of; minimum of; as few as;
as little as; above; well above; starting at; starting from; at a minimum; at minimum; well in excess of;
far in excess of; significantly more than; substantially more than; way over; way more than; crossed; beyond; any more than`},
	{hedge{ceiling: true}, `fewer than; less than; under; below; up to; upto; as many as; as much as; at most; at the most; no more than;
not more than; no greater than; a maximum of; maximum of; not exceeding; smaller than; lower than; shorter than; younger than;
as high as; as large as; as long as; as big as; well under; well below; far fewer than; far less than; much less than; many fewer than;
capped at; anything up to; south of; no longer than; no higher than;
upwards to; limited to`},
	{hedge{ceiling: true, approx: true}, `nearly; almost; close to; just under; approaching; approaches; approached; just shy of; shy of;
just below; nearing; slightly under; slightly below; slightly less than; slightly fewer than; a little under; a little less than;
just less than; just fewer than; not quite; close on; virtually; a bit less than; a bit under; a shade under; as close to; a little below;
just short of; little less than; a little fewer than; practically; nearly as many as; almost as many as`},
	{hedge{floor: true, approx: true}, `just over; slightly over; slightly above; slightly more than; a little over; a little more than;
little more than; little over; just above; just more than; a bit over; a bit more than; a shade over; a touch over; a tad over;
slightly higher than; slightly larger than; slightly in excess of; marginally more than; a hair over`},
	{hedge{approx: true}, `about; around; some; roughly; approximately; approx; approx .; an estimated; estimated; estimated at;
estimated to be; estimate of; an estimate of; estimates of; ~; ≈; ∼; circa; ca; ca .; c .; in the region of; in the neighborhood of;
in the neighbourhood of; in the vicinity of; in the range of; on the order of; in the order of; something like; perhaps; maybe;
more or less; give or take;  probably;
an approximate; approximate; round about; somewhere around; somewhere near; anywhere around; in the ballpark of; near`},
}

// hedgesByLast holds the phrases, last word first, under their last word.
var hedgesByLast = indexHedges()

type phrase struct {
	words []string // from the last to the first
	hedge hedge
}

func indexHedges() map[string][]phrase {
	m := map[string][]phrase{}
	for _, h := range hedges {
		for s := range strings.SplitSeq(h.phrases, ";") {
			words := strings.Fields(s)
			for i, j := 0, len(words)-1; i < j; i, j = i+1, j-1 {
				words[i], words[j] = words[j], words[i]
			}
			m[words[0]] = append(m[words[0]], phrase{words, h.hedge})
		}
	}
	return m
}

// qualified returns the token at which the words that hedge the number at
// token i begin; i where there are none.
func (p *parser) qualified(i int) int { return p.hedge(i).first }

// hedge reads the phrases before the number at token i: the longest that fits
// and up to two more before it ("up to about").
func (p *parser) hedge(i int) hedge {
	h := hedge{first: i}
	for range 3 {
		before, ok := p.phraseBefore(p.skipExtra(h.first))
		if !ok {
			break
		}
		h.first = before.first
		h.approx = h.approx || before.approx
		if !h.floor && !h.ceiling {
			h.floor, h.ceiling = before.floor, before.ceiling
		}
	}
	return h
}

// skipExtra steps back over "another" and an opening quote, which may part a
// number from the words that hedge it.
func (p *parser) skipExtra(i int) int {
	if t := p.at(i - 1); t.kind == word && t.is(extra) || t.sym == '"' || t.sym == '“' {
		if p.word(i-2, "an") && p.word(i-1, "additional", "extra") {
			return i - 2
		}
		if !p.word(i-1, "the", "total", "other") {
			return i - 1
		}
	}
	return i
}

// phraseBefore returns the longest hedging phrase that ends before token i.
func (p *parser) phraseBefore(i int) (hedge, bool) {
	t := p.at(i - 1)
	if t.kind != word && t.kind != symbol || t.start == t.end {
		return hedge{}, false
	}
	best, found := hedge{}, 0
	for _, ph := range hedgesByLast[foldASCII(p.text[t.start:t.end])] {
		if len(ph.words) > found && p.precedes(i, ph.words) {
			best, found = ph.hedge, len(ph.words)
		}
	}
	best.first = i - found
	if found == 0 || p.misread(best.first, i) {
		return hedge{}, false
	}
	return best, true
}

// precedes reports whether the words, last first, stand before token i.
func (p *parser) precedes(i int, words []string) bool {
	for k, w := range words {
		t := p.at(i - 1 - k)
		if !equalFold(p.text[t.start:t.end], w) && !(t.kind == symbol && p.text[t.start:t.end] == w) {
			return false
		}
	}
	return true
}

// misread reports whether the phrase from token first to i is no hedge after
// all: "information about 5,000 customers", "over two months" for "during".
func (p *parser) misread(first, i int) bool {
	switch {
	case p.word(first, "about"):
		return p.word(first-1, "information", "details", "data", "questions", "concerns", "complaints", "complaint", "inquiries", "warned", "worried", "posts", "lied", "learned", "knew", "know")
	case p.word(first, "over") && i == first+1:
		return p.during(first)
	case p.word(first, "top") && i == first+1:
		return !p.word(first-1, "to", "could", "may", "might", "will", "would", "can")
	case p.word(first, "some"):
		return p.word(first-1, "and", "only") && p.word(i, "half")
	case p.word(first, "under", "above", "below", "beyond", "crossed", "near") && i == first+1:
		return p.at(i).capital && p.at(i).kind == word
	}
	return false
}

// during reports whether "over" at token i says when or how long something
// went on rather than more than how long: "over two months". After "for" or
// "lasted" it is the latter.
func (p *parser) during(i int) bool {
	for j := i + 1; j < i+4; j++ {
		if t := p.at(j); t.is(span) {
			return !p.at(i-1).is(lasting) && !p.word(i-1, "is", "was", "be", "been", "after", "for", "took")
		} else if t.kind == word && !t.is(ones|teens|tens|hundred|article) {
			return false
		}
	}
	return false
}

// apply sets the bounds of q from the words before and behind it.
func (p *parser) apply(q *quantity) {
	h := p.hedge(q.first)
	q.qualifier = h.first
	after := p.hedgeAfter(q.next)
	if after.first > q.next {
		q.after = after.first
		h.floor, h.ceiling = h.floor || after.floor, h.ceiling || after.ceiling
		h.approx = h.approx || after.approx
	}
	q.approx = q.approx || h.approx
	q.bound(h)
}

// applyAfter sets the bounds of q from the words behind what it counts: "ten
// days or less".
func (p *parser) applyAfter(q *quantity, c *counted) {
	at := p.duration(q) + 1
	if at == 0 && c.head >= 0 {
		at = c.next
	}
	if at == 0 || q.after > q.next {
		return
	}
	h := p.hedgeAfter(at)
	q.approx = q.approx || h.approx
	q.bound(h)
}

// bound narrows what q asserts to what h leaves of it.
func (q *quantity) bound(h hedge) {
	switch {
	case !q.hasValue || q.floor:
	case h.floor:
		q.hasHigh, q.hasLow, q.low = false, true, q.value
	case h.ceiling:
		q.hasLow, q.hasHigh, q.high = false, true, q.value
	case h.approx:
		q.hasLow, q.hasHigh = false, false
	}
}

// hedgeAfter reads "or more", "or so", "and counting" from token i on; first is
// the token after it.
func (p *parser) hedgeAfter(i int) hedge {
	h := hedge{first: i}
	switch {
	case p.word(i, "or") && p.word(i+1, "more", "over", "higher", "above", "greater", "older", "longer"),
		p.word(i, "and") && p.word(i+1, "up", "counting", "above", "over"),
		p.word(i, "at") && p.word(i+1, "least", "minimum"):
		h.floor = true
	case p.word(i, "or") && p.word(i+1, "fewer", "less", "under", "below", "younger"),
		p.word(i, "at") && p.word(i+1, "most"):
		h.ceiling = true
	case p.word(i, "or") && p.word(i+1, "so", "thereabouts"):
		h.approx = true
	default:
		return h
	}
	h.first = i + 2
	return h
}
