package feature

// The templates that tell the part of a span in an event.
const (
	tPart uint64 = tEntityEnd + iota
	tPartSaid
	tPartBelief
	tPartName
	tPartHead
	tPartFirst
	tPartWord
	tPartLength
	tPartHeadClass
	tPartKind
	tPartBefore
	tPartAfter
	tPartBefore2
	tPartAfter2
	tPartBeforeClass
	tPartAfterClass
	tPartLeft
	tPartRight
	tPartLeftWord
	tPartRightWord
	tPartLeftHead
	tPartRightHead
	tPartBetweenLeft
	tPartBetweenRight
	tPartMain
	tPartMainHead
	tPartAll
	tPartLast
	tPartNext
)

// A Scene is the spans of a document that may play a part in an event, and
// what is known of the events and the names around them.
type Scene struct {
	events, names *Labelling
	spans         []Mention
	most          []uint64 // the likeliest kind of each span
}

// NewScene reads spans, which are in text order.
func NewScene(events, names *Labelling, spans []Mention) *Scene {
	s := &Scene{events: events, names: names, spans: spans, most: make([]uint64, len(spans))}
	for n, m := range spans {
		for k, p := range m.Kinds {
			if p > m.Kinds[s.most[n]] {
				s.most[n] = uint64(k)
			}
		}
	}
	return s
}

// Features appends the features of the n-th span.
func (c *Scene) Features(n int, out []ID) []ID {
	d, m := c.events.doc, c.spans[n]
	s := d.sentences[d.tokens[m.From].sent]
	said, main := c.most[n], c.events.main
	head := d.word(m.To - 1)
	kind := uint64(kindOf(c.names.labels[m.To-1]))
	out = append(out,
		id(tPart, main), id(tPartSaid, said), id2(tPartName, said, d.phraseHash(m)), id(tPartHead, head.low),
		id2(tPartFirst, said, d.word(m.From).low), id2(tPartLength, said, uint64(min(m.To-m.From, 6))), id2(tPartKind, said, kind),
		id2(tPartMain, main, said), id3(tPartMainHead, main, said, head.low),
	)
	for k, p := range m.Kinds {
		if p >= 0.05 {
			out = append(out, id2(tPartBelief, uint64(k), uint64(p*5)))
		}
	}
	for i := m.From; i < m.To; i++ {
		out = append(out, id2(tPartWord, said, d.word(i).low))
	}
	out = eachClass(tPartHeadClass, d.tokens[m.To-1].classes, out)
	before, after := d.at(m.From-1, s), d.at(m.To, s)
	out = append(out,
		id2(tPartBefore, said, before.low), id2(tPartAfter, said, after.low),
		id2(tPartBefore2, d.at(m.From-2, s).low, before.low), id2(tPartAfter2, after.low, d.at(m.To+1, s).low),
	)
	out = eachClass(tPartBeforeClass, d.classesAt(m.From-1, s), out)
	out = eachClass(tPartAfterClass, d.classesAt(m.To, s), out)
	out = c.eventFeatures(n, s, out)
	last, next := c.beside(n-1, s), c.beside(n+1, s)
	return append(out, id2(tPartLast, said, last), id2(tPartNext, said, next))
}

// beside is the likeliest kind of another span of the sentence.
func (c *Scene) beside(n int, s sentence) uint64 {
	if n < 0 || n >= len(c.spans) || c.spans[n].From < s.from || c.spans[n].To > s.to {
		return 255
	}
	return c.most[n]
}

// eventFeatures appends the nearest words that tell of an event.
func (c *Scene) eventFeatures(n int, s sentence, out []ID) []ID {
	d, m, said := c.events.doc, c.spans[n], c.most[n]
	head := d.word(m.To - 1).low
	left, _ := c.events.nearest(m.From, s)
	_, right := c.events.nearest(m.To-1, s)
	leftKind, rightKind := c.events.side(left, m.From), c.events.side(right, m.To-1)
	out = append(out,
		id2(tPartLeft, said, leftKind), id2(tPartRight, said, rightKind), id3(tPartAll, said, leftKind>>4, rightKind>>4),
	)
	if left >= 0 {
		out = append(out, id3(tPartLeftWord, said, leftKind>>4, d.word(left).low), id3(tPartLeftHead, said, leftKind>>4, head))
		if left+1 < m.From {
			out = append(out, id3(tPartBetweenLeft, said, leftKind>>4, d.word(left+1).low))
		}
	}
	if right >= 0 {
		out = append(out, id3(tPartRightWord, said, rightKind>>4, d.word(right).low), id3(tPartRightHead, said, rightKind>>4, head))
		if right-1 >= m.To {
			out = append(out, id3(tPartBetweenRight, said, rightKind>>4, d.word(right-1).low))
		}
	}
	return out
}
