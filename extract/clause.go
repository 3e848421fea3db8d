package extract

// boundaries end the reach of a negation or a hedge: what follows them is
// another statement.
var boundaries = wordSet(`; : — – -- but however although though whereas while yet because so unless`)

var negators = wordSet(`no not never none neither nor nobody nothing without cannot didn't doesn't don't wasn't
	weren't isn't aren't hasn't haven't hadn't can't couldn't won't wouldn't n't didnt wasnt`)

// idleNegations are what a negator denies that says nothing of the data: "no
// longer", "not only", "did not respond".
var idleNegations = wordSet(`only just merely simply longer doubt word comment stranger surprise matter secret yet
	immediately clear known say saying said disclose disclosed reveal revealed respond responded comment commented
	specify specified elaborate provide provided identify identified know knew sure password encrypt encrypted
	hashed protected properly adequately authentication surprising uncommon alone first new be-all clearly always
	publicly named authenticate require required salted secured enough immune return returned unusual limited
	necessarily fully notify notified told tell inform informed until address explain share happy name realize
	aware patched patch fix update updated detect detected notice noticed less fewer more exactly anonymous answer
	alert sufficient understand want uncovered discovered answered reply replied stop prevent enforce wait
	otherwise one`)

// evidenceNouns after "no" deny all that follows: "no evidence that cards were
// taken".
var evidenceNouns = wordSet(`evidence indication sign signs proof reason suggestion indications trace`)

var hedges = wordSet(`may might could potentially possibly perhaps likely apparently presumably potential
	believed thought suspected feared suspects believes seemingly seems appears appeared maybe probably
	possible can speculated`)

var allegations = wordSet(`allegedly alleged alleges accused accuses suspected charged charges purported purportedly
	indicted accusing allege accusation accusations allegation allegations suspect`)

// exclusions turn what comes after them into the contrary: "everything except
// passwords".
var exclusions = wordSet(`except excluding besides`)

// exposure are the verbs and adjectives by which data goes astray, and those
// that say what was in it.
var exposure = newLexicon(`
lost: exposed; exposes; expose; exposing; exposure; stolen; stole; steal; stealing; theft; accessed; access; accessing; accessible; leaked; leak; leaking; leaks; compromised; compromise; compromising; taken; took; take; obtained; obtain; obtaining; breached; breach; lost; losing; revealed; reveal; revealing; disclosed; disclosure; published; dumped; dump; viewed; view; viewing; viewable; copied; copies; copy; downloaded; download; posted; harvested; scraped; acquired; exfiltrated; affected; impacted; swiped; nabbed; pilfered; siphoned; made off; captured; collected; gained; hijacked; intercepted; sold; selling; sale; for sale; seized; extracted; snatched; spilled; grabbed; circulating; circulated; released; uncovered; hacked; shown; presented with; available; visible; open; left; unprotected; unsecured; left open; in the hand of; misused; slurped; cracked; walked off with; hold; got hold; seen; saw; shared; emailed; sent; hit; gone; infected; swept up; lifted; at risk; discovered; found; retrieved; transferred; gathered; read; targeted; divulged; touched; involved; at stake; offered; offering; spilling; skimmed; recorded; out in the open
held: included; include; including; contain; contained; containing; such as; comprised; consist; consisted of; held; stored; comprising; featuring; listed; list; ranging from; along with; as well as; in addition to; namely; consisting; together with; store; like; trove; cache; database; file; record; spreadsheet; dataset; document; information; data; detail
`)

// A clause is a stretch of one sentence that one statement fills.
type clause struct{ first, last int } // tokens [first, last)

// splitClauses cuts every sentence at its boundaries.
func splitClauses(r *reading) {
	for _, s := range r.Sentences {
		start := s.First
		for i := s.First; i < s.Last; i++ {
			if boundaries[r.lower(i)] && i > start {
				r.clauses = append(r.clauses, clause{start, i})
				start = i
			}
		}
		if start < s.Last {
			r.clauses = append(r.clauses, clause{start, s.Last})
		}
	}
}

// clauseAt gives the clause that holds token i.
func (r *reading) clauseAt(i int) clause {
	lo, hi := 0, len(r.clauses)
	for lo < hi {
		if mid := (lo + hi) / 2; r.clauses[mid].last <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(r.clauses) {
		return clause{i, i}
	}
	return r.clauses[lo]
}

// maxReach bounds, in tokens, how far a negation or a hedge reaches.
const maxReach = 30

// A modality is how a statement holds.
type modality struct {
	denied, hedged, alleged bool
}

// modalityOf reads how what is said of tokens [first, last) holds: whether a
// negation, a hedge or an accusation reaches it.
func (r *reading) modalityOf(first, last int) modality {
	c := r.clauseAt(first)
	var m modality
	m.denied = r.deniedBefore(c, first) || r.deniedAfter(c, last)
	for i := max(c.first, first-maxReach); i < min(c.last, last+12); i++ {
		w := r.lower(i)
		if hedges[w] && r.Text[r.Tokens[i].Start:r.Tokens[i].End] != "May" {
			m.hedged = m.hedged || w != "can" || i >= last
		}
		m.alleged = m.alleged || allegations[w] && !r.suspectsData(i)
	}
	if r.lower(first-2) == "at" && r.lower(first-1) == "risk" {
		m.hedged = true
	}
	return m
}

// suspectsData tells "suspected breach", a hedge, from "a suspected hacker".
func (r *reading) suspectsData(i int) bool {
	return r.stems[i] == "charge" && (r.lower(i-1) == "free" || r.lower(i+1) == "for" || r.lower(i-1) == "of" || r.lower(i-1) == "no")
}

// deniedBefore looks for a negation left of token first in clause c.
func (r *reading) deniedBefore(c clause, first int) bool {
	for i := first - 1; i >= max(c.first, first-maxReach); i-- {
		w := r.lower(i)
		if exclusions[w] || w == "than" && r.lower(i-1) == "other" || w == "from" && (r.lower(i-1) == "apart" || r.lower(i-1) == "aside") {
			return !r.deniedBefore(c, i-1)
		}
		if !negators[w] {
			continue
		}
		if r.idle(i) {
			continue
		}
		if w == "no" && !r.reachesNoun(i, first) {
			continue
		}
		if w == "without" && first-i > 6 {
			continue
		}
		return !r.newStatement(i, first)
	}
	return false
}

// idle reports whether the negator at token i denies something else than what
// happened to the data.
func (r *reading) idle(i int) bool {
	next := r.lower(i + 1)
	if next == "yet" || next == "been" || next == "have" || next == "be" || next == "a" || next == "the" || next == "immediately" || next == "publicly" {
		next = r.lower(i + 2)
	}
	return idleNegations[next] || r.lower(i) == "not" && r.lower(i+1) == "all"
}

// reachesNoun reports whether the "no" at token i denies the noun phrase that
// holds token first, or all that follows it.
func (r *reading) reachesNoun(i, first int) bool {
	if evidenceNouns[r.lower(i+1)] || evidenceNouns[r.lower(i+2)] {
		return true
	}
	for j := i + 1; j < first; j++ {
		if _, n := exposure.match(r.stems, j); n > 0 && r.lower(j) != "information" && r.lower(j) != "data" && r.lower(j) != "including" && r.lower(j) != "such" && r.lower(j) != "record" && r.lower(j) != "records" {
			return false
		}
	}
	return first-i <= 14
}

// newStatement reports whether a statement of its own begins between the
// negator at i and token first: a comma, then another verb of exposure.
func (r *reading) newStatement(i, first int) bool {
	comma := false
	for j := i + 1; j < first; j++ {
		switch w := r.lower(j); {
		case w == ",":
			comma = true
		case comma:
			if v, n := exposure.match(r.stems, j); n > 0 && v == "lost" && first-i > 8 {
				return true
			}
		}
	}
	return false
}

// safeWords after a form of "be" or "remain" say that nothing happened.
var safeWords = wordSet(`safe secure unaffected intact untouched unharmed fine`)

// deniedAfter looks for a negation right of token last in clause c: "card data
// was not taken". The first verb of exposure ends the search.
func (r *reading) deniedAfter(c clause, last int) bool {
	for i := last; i < min(c.last, last+16); i++ {
		w := r.lower(i)
		switch {
		case w == "nor", w == "or" && i > last+3, w == "who":
			return false
		case negators[w] && w != "no" && w != "without":
			return !r.idle(i)
		case safeWords[w] && (r.lower(i-1) == "remain" || r.lower(i-1) == "remains" || r.lower(i-1) == "are" || r.lower(i-1) == "is" || r.lower(i-1) == "were" || r.lower(i-1) == "was" || r.lower(i-1) == "remained"):
			return true
		case i > last:
			if v, n := exposure.match(r.stems, i); n > 0 && v == "lost" && w != "access" && w != "found" {
				return false
			}
		}
	}
	return false
}
