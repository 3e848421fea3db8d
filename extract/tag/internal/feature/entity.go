package feature

// The templates that tell the kind of an entity, in a space of their own.
const (
	tEntity uint64 = tEnd + iota
	tEntityName
	tEntityRaw
	tEntityFirst
	tEntityHead
	tEntityWord
	tEntityPair
	tEntitySuffix
	tEntityPrefix
	tEntityShape
	tEntityLength
	tEntityFirstClass
	tEntityHeadClass
	tEntityWordClass
	tEntityAllClass
	tEntityPhrase
	tEntityEvidence
	tEntityEvidences
	tEntityCount
	tEntityBelief
	tEntityMost
	tEntityTwo
	tEntityBefore
	tEntityBefore2
	tEntityAfter
	tEntityAfter2
	tEntityAround
	tEntityBeforeClass
	tEntityAfterClass
	tEntityAfter2Class
	tEntityBefore2Class
	tEntityLink
	tEntityLinkWord
	tEntityNear
	tEntityNearWord
	tEntityEnd
)

// A Mention is a name that a first labelling found, with the probability of
// each kind that it may have.
type Mention struct {
	From, To int // tokens
	Kinds    []float64
}

// A Cast is the entities of a document: mentions of the same words are one.
type Cast struct {
	doc      *Doc
	mentions []Mention
	of       []int // entity of each mention
	entities []castEntity
}

type castEntity struct {
	mentions []int
	belief   []float64 // mean of the mentions' kinds
	most     int       // the likeliest kind
}

// Cast groups mentions, which are in text order.
func (d *Doc) Cast(mentions []Mention) *Cast {
	c := &Cast{doc: d, mentions: mentions, of: make([]int, len(mentions))}
	seen := newTable(len(mentions))
	for n, m := range mentions {
		slot, ok := seen.slot(d.phraseHash(m))
		if !ok {
			seen.keys[slot], seen.values[slot] = d.phraseHash(m), int32(len(c.entities))
			c.entities = append(c.entities, castEntity{belief: make([]float64, len(m.Kinds))})
		}
		c.of[n] = int(seen.values[slot])
		e := &c.entities[c.of[n]]
		e.mentions = append(e.mentions, n)
		for k, p := range m.Kinds {
			e.belief[k] += p
		}
	}
	for i := range c.entities {
		e := &c.entities[i]
		for k := range e.belief {
			e.belief[k] /= float64(len(e.mentions))
			if e.belief[k] > e.belief[e.most] {
				e.most = k
			}
		}
	}
	return c
}

// Len returns the number of entities.
func (c *Cast) Len() int { return len(c.entities) }

// Mentions returns the indices of the mentions of an entity.
func (c *Cast) Mentions(entity int) []int { return c.entities[entity].mentions }

func (d *Doc) phraseHash(m Mention) uint64 {
	h := uint64(1)
	for i := m.From; i < m.To; i++ {
		h = mix(h, d.word(i).low)
	}
	return h
}

// Features appends the features of an entity.
func (c *Cast) Features(entity int, out []ID) []ID {
	e := &c.entities[entity]
	m := c.mentions[e.mentions[0]]
	out = append(out, id(tEntity, 0), id(tEntityCount, uint64(min(len(e.mentions), 4))), id(tEntityLength, uint64(min(m.To-m.From, 5))))
	out = c.doc.nameFeatures(m, out)
	out = e.beliefs(out)
	const most = 8
	for _, n := range e.mentions[:min(len(e.mentions), most)] {
		out = c.around(n, out)
	}
	return c.links(entity, out)
}

// nameFeatures appends what the words of a name tell.
func (d *Doc) nameFeatures(m Mention, out []ID) []ID {
	first, head := d.word(m.From), d.word(m.To-1)
	raw, shape, all := uint64(1), uint64(1), ^class(0)
	for i := m.From; i < m.To; i++ {
		w := d.word(i)
		raw, shape = mix(raw, w.raw), mix(shape, w.short)
		all &= d.tokens[i].classes
		out = append(out, id(tEntityWord, w.low))
		out = eachClass(tEntityWordClass, d.tokens[i].classes, out)
		if i > m.From {
			out = append(out, id2(tEntityPair, d.word(i-1).low, w.low))
		}
	}
	out = append(out,
		id(tEntityName, d.phraseHash(m)), id(tEntityRaw, raw), id(tEntityShape, shape),
		id(tEntityFirst, first.low), id(tEntityHead, head.low),
		id(tEntitySuffix, head.suffix[1]), id(tEntitySuffix, head.suffix[2]), id(tEntitySuffix, head.suffix[3]),
		id(tEntityPrefix, first.prefix[2]), id(tEntityPrefix, first.prefix[3]),
		id(tEntityEvidences, uint64(d.forms[head.form].evidence&(lone|leads|closes|followed|givenName|afterTitle))),
	)
	out = eachClass(tEntityFirstClass, d.tokens[m.From].classes, out)
	out = eachClass(tEntityHeadClass, d.tokens[m.To-1].classes, out)
	out = eachClass(tEntityAllClass, all, out)
	out = eachClass(tEntityPhrase, d.tokens[m.From].opens, out)
	return eachClass(tEntityEvidence, class(d.forms[head.form].evidence), out)
}

// beliefs appends what the first labelling said, in fifths.
func (e *castEntity) beliefs(out []ID) []ID {
	second := -1
	for k, p := range e.belief {
		if p >= 0.05 {
			out = append(out, id2(tEntityBelief, uint64(k), uint64(p*5)))
		}
		if k != e.most && p >= 0.1 && (second < 0 || p > e.belief[second]) {
			second = k
		}
	}
	return append(out, id(tEntityMost, uint64(e.most)), id2(tEntityTwo, uint64(e.most), uint64(second+1)))
}

// around appends what stands beside the n-th mention.
func (c *Cast) around(n int, out []ID) []ID {
	d, m := c.doc, c.mentions[n]
	s := d.sentences[d.tokens[m.From].sent]
	before, after := d.at(m.From-1, s), d.at(m.To, s)
	before2, after2 := d.at(m.From-2, s), d.at(m.To+1, s)
	out = append(out,
		id(tEntityBefore, before.low), id(tEntityAfter, after.low),
		id2(tEntityBefore2, before2.low, before.low), id2(tEntityAfter2, after.low, after2.low),
		id2(tEntityAround, before.low, after.low),
	)
	out = eachClass(tEntityBeforeClass, d.classesAt(m.From-1, s), out)
	out = eachClass(tEntityAfterClass, d.classesAt(m.To, s), out)
	out = eachClass(tEntityBefore2Class, d.classesAt(m.From-2, s), out)
	out = eachClass(tEntityAfter2Class, d.classesAt(m.To+1, s), out)
	out = c.near(n, n-1, s, out)
	return c.near(n, n+1, s, out)
}

// near appends the kind of another mention of the sentence that stands at most
// four tokens away, and the word between.
func (c *Cast) near(n, other int, s sentence, out []ID) []ID {
	if other < 0 || other >= len(c.mentions) {
		return out
	}
	m, o := c.mentions[n], c.mentions[other]
	gap, word, side := m.From-o.To, m.From-1, uint64(0)
	if other > n {
		gap, word, side = o.From-m.To, m.To, 1
	}
	if o.From < s.from || o.To > s.to || gap > 4 || gap < 0 {
		return out
	}
	kind := uint64(c.entities[c.of[other]].most)
	return append(out, id3(tEntityNear, kind, side, uint64(gap)), id3(tEntityNearWord, kind, side, c.doc.at(word, s).low))
}

// The ways in which one name can be part of another.
const (
	linkFirst uint64 = iota
	linkLast
	linkInitials
)

// links appends the kinds of the entities whose names hold this one or are
// held by it.
func (c *Cast) links(entity int, out []ID) []ID {
	m := c.mentions[c.entities[entity].mentions[0]]
	for other := range c.entities {
		if other == entity {
			continue
		}
		o := c.mentions[c.entities[other].mentions[0]]
		kind := uint64(c.entities[other].most)
		if how, ok := c.doc.partOf(m, o); ok {
			out = append(out, id3(tEntityLink, how, 0, kind), id3(tEntityLinkWord, how, kind, c.doc.word(o.To-1).low))
		}
		if how, ok := c.doc.partOf(o, m); ok {
			out = append(out, id3(tEntityLink, how, 1, kind))
		}
	}
	return out
}

// partOf reports how the name of a short mention is part of a longer one.
func (d *Doc) partOf(short, long Mention) (how uint64, ok bool) {
	n := short.To - short.From
	if n == 1 && long.To-long.From > 1 && d.word(short.From).upper {
		if d.initials(short.From, long) {
			return linkInitials, true
		}
	}
	if n >= long.To-long.From {
		return 0, false
	}
	if d.sameWords(short, long.From, n) {
		return linkFirst, true
	}
	return linkLast, d.sameWords(short, long.To-n, n)
}

func (d *Doc) sameWords(m Mention, at, n int) bool {
	for i := range n {
		if d.word(m.From+i).form != d.word(at+i).form {
			return false
		}
	}
	return true
}

// initials reports whether the word at i is made of the first letters of the
// capitalised words of a name.
func (d *Doc) initials(i int, long Mention) bool {
	h := uint64(0)
	for j := long.From; j < long.To; j++ {
		if w := d.word(j); w.capital {
			h = mix(h, w.prefix[0])
		}
	}
	return h == d.word(i).letterHash
}
