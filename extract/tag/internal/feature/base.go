package feature

// The templates of the first stage. Their numbers are part of the models: a
// new one goes to the end.
const (
	tBias uint64 = iota
	tWord
	tLow
	tLowLast
	tLowNext
	tLowLast2
	tLowNext2
	tLowLast3
	tLowNext3
	tPair
	tPairNext
	tPairAround
	tPairBefore
	tPairAfter
	tShape
	tShapeLast
	tShapeNext
	tShapes
	tPrefix
	tSuffix = tPrefix + 4
	tSuffixLast
	tSuffixNext
	tClass
	tClassLast
	tClassNext
	tClassPair
	tClassPairNext
	tClassLast2
	tClassNext2
	tClasses
	tCase
	tStyle
	tRunHead
	tRunFirst
	tRunBefore
	tRunAfter
	tRunBefore2
	tRunAfter2
	tRunPlace
	tRunHeadClass
	tRunFirstClass
	tRunBeforeClass
	tRunAfterClass
	tRunEvidence
	tFormEvidence
	tEvidence
	tSentence
	tPlace
	tElseBefore
	tElseAfter
	tElseBeforeClass
	tElseAfterClass
	tPhrase
	tOpens
	tStage // the templates of later stages begin here
)

// Base appends the features of the token at i that need no labels.
func (d *Doc) Base(i int, out []ID) []ID {
	t := d.tokens[i]
	s := d.sentences[t.sent]
	w := d.word(i)
	last, next := d.at(i-1, s), d.at(i+1, s)
	last2, next2 := d.at(i-2, s), d.at(i+2, s)
	shape := w.shape
	if s.style == capitals {
		shape = s.style
	} else {
		out = append(out, id(tWord, w.raw))
	}
	out = append(out,
		id(tBias, 0), id(tLow, w.low), id(tLowLast, last.low), id(tLowNext, next.low),
		id(tLowLast2, last2.low), id(tLowNext2, next2.low),
		id(tLowLast3, d.at(i-3, s).low), id(tLowNext3, d.at(i+3, s).low),
		id2(tPair, last.low, w.low), id2(tPairNext, w.low, next.low), id2(tPairAround, last.low, next.low),
		id2(tPairBefore, last2.low, last.low), id2(tPairAfter, next.low, next2.low),
		id(tShape, shape), id2(tShapeLast, last.short, shape), id2(tShapeNext, shape, next.short),
		id3(tShapes, last.short, w.short, next.short),
		id(tSuffixLast, last.suffix[2]), id(tSuffixNext, next.suffix[2]),
		id2(tStyle, s.style, w.short), id2(tSentence, uint64(min(t.sent, 3)), w.short),
	)
	for n := range 4 {
		if w.prefix[n] != 0 {
			out = append(out, id(tPrefix, w.prefix[n]), id(tSuffix, w.suffix[n]))
		}
	}
	out = d.classFeatures(i, s, out)
	out = append(out, id2(tCase, d.caseOf(i, s), w.short))
	return d.runFeatures(i, out)
}

// at gives the word at i, or the edge outside the sentence s.
func (d *Doc) at(i int, s sentence) *docWord {
	if i < s.from || i >= s.to {
		return &d.edge
	}
	return d.word(i)
}

func (d *Doc) classesAt(i int, s sentence) class {
	if i < s.from || i >= s.to {
		return 0
	}
	return d.tokens[i].classes
}

func (d *Doc) classFeatures(i int, s sentence, out []ID) []ID {
	c := d.tokens[i].classes
	last, next := d.classesAt(i-1, s), d.classesAt(i+1, s)
	out = append(out,
		id(tClasses, uint64(c)), id2(tClassPair, uint64(last), uint64(c)), id2(tClassPairNext, uint64(c), uint64(next)),
	)
	out = eachClass(tClass, c, out)
	out = eachClass(tPhrase, d.tokens[i].phrase, out)
	out = eachClass(tOpens, d.tokens[i].opens, out)
	out = eachClass(tClassLast, last, out)
	out = eachClass(tClassNext, next, out)
	out = eachClass(tClassLast2, d.classesAt(i-2, s), out)
	return eachClass(tClassNext2, d.classesAt(i+2, s), out)
}

func eachClass(template uint64, c class, out []ID) []ID {
	for bit := uint64(0); c != 0; bit, c = bit+1, c>>1 {
		if c&1 != 0 {
			out = append(out, id(template, bit))
		}
	}
	return out
}

// caseOf tells what the writing of the word here and elsewhere says.
func (d *Doc) caseOf(i int, s sentence) uint64 {
	w, f := d.word(i), &d.forms[d.word(i).form]
	v := uint64(0)
	if i == s.from || i == s.from+1 && d.opens(s.from, s) {
		v |= 1
	}
	if f.small > 0 {
		v |= 2
	}
	if f.inner > 0 {
		v |= 4
	}
	if w.capital {
		v |= 8
	}
	return v | s.style<<4
}

func (d *Doc) runFeatures(i int, out []ID) []ID {
	t := d.tokens[i]
	if t.run < 0 {
		return out
	}
	r := d.runs[t.run]
	s := d.sentences[t.sent]
	head, first := d.word(r.to-1), d.word(r.from)
	before, after := d.at(r.from-1, s), d.at(r.to, s)
	place := uint64(min(i-r.from, 3))<<4 | uint64(min(r.to-i, 4))
	out = append(out,
		id(tRunHead, head.low), id(tRunFirst, first.low), id(tRunBefore, before.low), id(tRunAfter, after.low),
		id2(tRunBefore2, d.at(r.from-2, s).low, before.low), id2(tRunAfter2, after.low, d.at(r.to+1, s).low),
		id(tRunPlace, place),
	)
	out = eachClass(tRunHeadClass, d.tokens[r.to-1].classes, out)
	out = eachClass(tRunFirstClass, d.tokens[r.from].classes, out)
	out = eachClass(tRunBeforeClass, d.classesAt(r.from-1, s), out)
	out = eachClass(tRunAfterClass, d.classesAt(r.to, s), out)
	out = eachClass(tRunEvidence, class(r.evidence), out)
	form := d.forms[d.word(i).form].evidence
	const placed = lone | leads | closes | followed
	out = append(out, id(tEvidence, uint64(form&^placed)), id3(tPlace, uint64(form&(placed|givenName|afterTitle)), uint64(min(r.to-r.from, 3)), place))
	return d.elsewhere(i, eachClass(tFormEvidence, class(form), out))
}

// elsewhere appends what stands before and after the other names that hold the
// word at i.
func (d *Doc) elsewhere(i int, out []ID) []ID {
	own := d.tokens[i].run
	f := &d.forms[d.word(i).form]
	for _, n := range f.runs[:f.runCount] {
		if n == own {
			continue
		}
		r := d.runs[n]
		s := d.sentences[d.tokens[r.from].sent]
		out = append(out, id(tElseBefore, d.at(r.from-1, s).low), id(tElseAfter, d.at(r.to, s).low))
		out = eachClass(tElseBeforeClass, d.classesAt(r.from-1, s), out)
		out = eachClass(tElseAfterClass, d.classesAt(r.to, s), out)
	}
	return out
}
