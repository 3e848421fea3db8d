package feature

// The templates of the later stages, from tStage on.
const (
	tLabel uint64 = tStage + iota
	tLabelLast
	tLabelNext
	tLabels
	tLabelShape
	tVote
	tVoteShare
	tVoteHead
	tVoteLabel
	tNearBefore
	tNearAfter
	tBetween
	tEventAny
	tEventLeft
	tEventRight
	tEventLeftWord
	tEventRightWord
	tEventLow
	tEventClass
	tEventName
	tMain
	tMainLow
	tMainName
	tRoleName
	tRoleNames
	tRoleVote
	tEnd
)

// A Labelling is what a stage said of the tokens of a document: 0 for none,
// 1+2k for the first token of a span of kind k, 2+2k for the others.
type Labelling struct {
	doc    *Doc
	labels []uint8
	kinds  int
	votes  []int32 // of each form for no span and each kind
	main   uint64  // 1 + the kind with most spans; 0 without any
}

// Labelling reads labels, one for each token, of that many kinds.
func (d *Doc) Labelling(labels []uint8, kinds int) *Labelling {
	l := &Labelling{doc: d, labels: labels, kinds: kinds, votes: make([]int32, len(d.forms)*(kinds+1))}
	spans := make([]int, kinds+1)
	for i, v := range labels {
		l.votes[d.Form(i)*(kinds+1)+kindOf(v)]++
		if v%2 == 1 {
			spans[kindOf(v)]++
		}
	}
	for k, n := range spans {
		if n > spans[l.main] {
			l.main = uint64(k)
		}
	}
	return l
}

// Labels returns the labels that l reads.
func (l *Labelling) Labels() []uint8 { return l.labels }

func kindOf(label uint8) int { return int(label+1) / 2 }

// vote returns the kind that the other places of the word at i have most
// often, 0 for none, and what share of them agree, in thirds; without another
// place it returns one more than the number of kinds.
func (l *Labelling) vote(i int) (kind, share uint64) {
	own := kindOf(l.labels[i])
	sum, best, top := int32(0), 0, int32(0)
	for k, n := range l.votes[l.doc.Form(i)*(l.kinds+1):][:l.kinds+1] {
		if k == own {
			n--
		}
		sum += n
		if n > top {
			best, top = k, n
		}
	}
	if sum == 0 {
		return uint64(l.kinds + 1), 0
	}
	return uint64(best), uint64(top * 3 / sum)
}

func (l *Labelling) at(i int, s sentence) uint64 {
	if i < s.from || i >= s.to {
		return 255
	}
	return uint64(l.labels[i])
}

// Again appends the features of a second labelling of the same kind as the
// first one, l.
func (l *Labelling) Again(i int, out []ID) []ID {
	d := l.doc
	s := d.sentences[d.tokens[i].sent]
	own, last, next := l.at(i, s), l.at(i-1, s), l.at(i+1, s)
	kind, share := l.vote(i)
	out = append(out,
		id(tLabel, own), id(tLabelLast, last), id(tLabelNext, next), id3(tLabels, last, own, next),
		id2(tLabelShape, own, d.word(i).short), id(tVote, kind), id2(tVoteShare, kind, share),
		id3(tVoteLabel, kind, own, d.caseOf(i, s)),
	)
	if r := d.tokens[i].run; r >= 0 {
		head, n := l.vote(d.runs[r].to - 1)
		out = append(out, id3(tVoteHead, head, n, uint64(min(d.runs[r].to-i, 3))))
	}
	return l.neighbours(i, s, out)
}

// neighbours appends the kinds of the nearest spans before and after i in the
// sentence, with what stands next to them.
func (l *Labelling) neighbours(i int, s sentence, out []ID) []ID {
	const reach = 8
	before, after := uint64(0), uint64(0)
	for j := i - 1; j >= max(s.from, i-reach); j-- {
		if k := kindOf(l.labels[j]); k != 0 && k != kindOf(l.labels[i]) {
			before = uint64(k)<<8 | uint64(min(i-j, 3))
			break
		}
	}
	for j := i + 1; j < min(s.to, i+reach); j++ {
		if k := kindOf(l.labels[j]); k != 0 && k != kindOf(l.labels[i]) {
			after = uint64(k)<<8 | uint64(min(j-i, 3))
			break
		}
	}
	own := uint64(kindOf(l.labels[i]))
	return append(out, id2(tNearBefore, before, own), id2(tNearAfter, after, own), id3(tBetween, before, own, after))
}

// Roles appends the features that tell the part of a token in the events of
// the article: events labels the words that tell of one, names the names.
func Roles(events, names *Labelling, i int, out []ID) []ID {
	d := events.doc
	s := d.sentences[d.tokens[i].sent]
	w := d.word(i)
	left, right := events.nearest(i, s)
	leftKind, rightKind := events.side(left, i), events.side(right, i)
	name, kind := names.at(i, s), uint64(kindOf(names.labels[i]))
	vote, share := names.vote(i)
	main := events.main
	out = append(out,
		id2(tEventAny, leftKind, rightKind), id(tEventLeft, leftKind), id(tEventRight, rightKind),
		id2(tEventLow, leftKind>>4, mix(rightKind>>4, w.low)), id2(tEventClass, mix(leftKind, rightKind), uint64(d.tokens[i].classes)),
		id3(tEventName, leftKind, rightKind, name), id(tMain, main), id2(tMainLow, main, w.low), id2(tMainName, main, name),
		id(tRoleName, name), id3(tRoleNames, names.at(i-1, s), name, names.at(i+1, s)), id3(tRoleVote, vote, share, kind),
	)
	if left >= 0 {
		out = append(out, id3(tEventLeftWord, leftKind, d.word(left).low, kind))
	}
	if right >= 0 {
		out = append(out, id3(tEventRightWord, rightKind, d.word(right).low, kind))
	}
	return out
}

// nearest returns the closest tokens at or before, and after, i that an event
// is told by; -1 for none.
func (l *Labelling) nearest(i int, s sentence) (left, right int) {
	const reach = 40
	left, right = -1, -1
	for j := i; j >= max(s.from, i-reach); j-- {
		if l.labels[j] != 0 {
			left = j
			break
		}
	}
	for j := i + 1; j < min(s.to, i+reach); j++ {
		if l.labels[j] != 0 {
			right = j
			break
		}
	}
	return left, right
}

// side is the kind of the event at j and how far it is from i.
func (l *Labelling) side(j, i int) uint64 {
	if j < 0 {
		return 0
	}
	distance := max(i-j, j-i)
	bucket := uint64(0)
	for _, limit := range []int{0, 1, 2, 4, 8, 16} {
		if distance > limit {
			bucket++
		}
	}
	return uint64(kindOf(l.labels[j]))<<4 | bucket
}
