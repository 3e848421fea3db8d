package feature

// A run is a stretch of capitalised words of one sentence, and the small words
// that tie them: a name, more or less.
type run struct {
	from, to int
	evidence evidence
}

// evidence is a set of the ways in which a name is used in the document.
type evidence uint32

const (
	afterTitle evidence = 1 << iota
	beforeSay
	afterSay
	possessive
	orgWord
	givenName
	afterAt
	afterIn
	afterThe
	beforeTitle
	titleOf
	severalWords
	beforeBreach
	beforeVictims
	afterResearchers
	beforeMalware
	bracketed
	beforeResearchers
	afterVia
	beforeProduct
	inTitle
	lone
	leads
	closes
	followed
)

// A cue is a word that tells how the name beside it is used, and that no list
// holds.
type cue uint8

const (
	noCue cue = iota
	cueOf
	cueTie
	cueAt
	cueIn
	cueVia
	cueThe
	cueOpen
	cueComma
	cuePossessive
	cueResearcher
	cueMalware
	cueProduct
)

func cueOfWord(low string) cue {
	switch low {
	case "of":
		return cueOf
	case "&", "de", "von", "van", "der", "la", "for":
		return cueTie
	case "at", "with":
		return cueAt
	case "in":
		return cueIn
	case "by", "from", "on", "via", "through", "to":
		return cueVia
	case "the":
		return cueThe
	case "(":
		return cueOpen
	case ",":
		return cueComma
	case "'s":
		return cuePossessive
	case "researcher", "researchers", "analyst", "analysts", "expert", "experts", "firm", "vendor", "provider", "research",
		"report":
		return cueResearcher
	case "ransomware", "malware", "trojan", "worm", "virus", "botnet", "backdoor", "spyware", "rat", "keylogger", "campaign",
		"variant", "infections":
		return cueMalware
	case "app", "apps", "software", "platform", "operating", "browser", "version", "device", "devices", "server", "servers",
		"users", "accounts", "account", "service", "database", "databases":
		return cueProduct
	}
	return noCue
}

// findRuns cuts the sentence into runs.
func (d *Doc) findRuns(s sentence) {
	for i := s.from; i < s.to; {
		if !d.names(i, s) {
			i++
			continue
		}
		j := i + 1
		for j < s.to && (d.names(j, s) || j+1 < s.to && d.ties(j) && d.names(j+1, s)) {
			j++
		}
		for k := i; k < j; k++ {
			d.tokens[k].run = int32(len(d.runs))
		}
		d.runs = append(d.runs, run{from: i, to: j})
		i = j
	}
}

// names reports whether the token at i may be part of a name.
func (d *Doc) names(i int, s sentence) bool {
	w := d.word(i)
	if !w.capital {
		return w.digit && w.letters && i > s.from && d.word(i-1).capital
	}
	f := &d.forms[w.form]
	if d.tokens[i].classes&function != 0 && f.inner == 0 {
		return false
	}
	return i > s.from || f.inner > 0 || f.small == 0
}

func (d *Doc) ties(i int) bool {
	c := d.word(i).cue
	return c == cueOf || c == cueTie
}

// weighRuns gathers the evidence of every run, and of the words in it.
func (d *Doc) weighRuns() {
	for n := range d.runs {
		r := &d.runs[n]
		d.place(n)
		if d.sentences[d.tokens[r.from].sent].style != plain {
			continue
		}
		r.evidence = d.weigh(r)
		for i := r.from; i < r.to; i++ {
			if d.word(i).capital {
				d.forms[d.word(i).form].evidence |= r.evidence
			}
		}
	}
}

// maxRuns bounds the runs that a form remembers.
const maxRuns = 6

// place notes for the words of the n-th run where in it they stand.
func (d *Doc) place(n int) {
	r := d.runs[n]
	for i := r.from; i < r.to; i++ {
		f := &d.forms[d.word(i).form]
		if !d.word(i).capital {
			continue
		}
		if f.runCount < maxRuns {
			f.runs[f.runCount] = int32(n)
			f.runCount++
		}
		switch {
		case r.to-r.from == 1:
			f.evidence |= lone
		case i == r.from:
			f.evidence |= leads
		case i == r.to-1:
			f.evidence |= closes
		default:
			f.evidence |= followed
		}
	}
}

func (d *Doc) weigh(r *run) evidence {
	s := d.sentences[d.tokens[r.from].sent]
	var e evidence
	set := func(bit evidence, when bool) {
		if when {
			e |= bit
		}
	}
	set(severalWords, r.to-r.from > 1)
	set(givenName, d.tokens[r.from].classes&given != 0)
	set(orgWord, d.tokens[r.to-1].classes&(organization|agencyWord|firmWord|outletWord) != 0)
	if r.from > s.from {
		before := d.tokens[r.from-1].classes
		w := d.word(r.from - 1).cue
		set(afterTitle, before&title != 0)
		set(afterSay, before&say != 0)
		set(afterAt, w == cueAt)
		set(afterIn, w == cueIn)
		set(afterThe, w == cueThe)
		set(bracketed, w == cueOpen)
		set(afterResearchers, w == cueResearcher || r.from-1 > s.from && (w == cueAt || w == cueVia) && d.word(r.from-2).cue == cueResearcher)
		set(titleOf, (w == cueOf || w == cueAt) && r.from-1 > s.from && d.tokens[r.from-2].classes&title != 0)
		set(afterVia, w == cueVia)
	}
	if r.to < s.to {
		after := d.tokens[r.to].classes
		w := d.word(r.to).cue
		set(beforeSay, after&say != 0)
		set(possessive, w == cuePossessive)
		set(beforeBreach, after&breach != 0)
		set(beforeVictims, after&victim != 0)
		set(beforeResearchers, w == cueResearcher)
		set(beforeMalware, w == cueMalware)
		set(beforeProduct, w == cueProduct)
		set(beforeTitle, r.to+1 < s.to && (w == cueComma || w == cuePossessive) && d.near(r.to+1, s.to, title))
	}
	return e
}

// near reports whether one of the three tokens from i on is of class c.
func (d *Doc) near(i, to int, c class) bool {
	for j := i; j < min(i+3, to); j++ {
		if d.tokens[j].classes&c != 0 {
			return true
		}
	}
	return false
}
