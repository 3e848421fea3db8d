package extract

import "sort"

// speechVerbs are the verbs by which somebody says something.
var speechVerbs = newLexicon(`
say: said; say; stress; insist; tweet; reiterate; emphasize; emphasise; emphasised; conclude; promise; caution; reply; respond; testify; mention; apologize; apologise; declare; determine; indicate; assure; recall; estimates; told; tell; telling; wrote; write; writes; noted; note; added; add; explained; explain; stated; state; stressed; insisted; insist; warned; warn; tweeted; commented; estimate; estimated; points out; pointed out; argued; argue; believe; believed; suggest; suggested; saying; writing; adding; continued; concluded; emphasized; reiterated; assured; cautioned; speculated; reads; read; implied; recalled; replied; responded; blogged; testified; mentioned; promised; expressed; apologized; apologised; apologizes; concluded; informed; informing; written to; identified; assured; expects; indicated; determined; declared
confirm: confirmed; confirm; confirming; admitted; admit; acknowledged; acknowledge; conceded; concede; disclosed; disclose; revealed; reveal; announced; announce; verified; disclosing; revealing; announcing; admitting; acknowledging
claim: claimed; claim; claiming; boasted; bragged; asserted; assert; contend; contended; maintain; maintained; bragging; boasting
deny: denied; deny; denying; refuted; refute; disputed; dispute; dismissed; rejected
report: reported; report; found; find; discovered; reporting
`)

// A speech is one place where the text says that somebody says something.
type speech struct {
	verb    int     // token of the verb, or of "according"
	class   string  // value in speechVerbs
	speaker *entity // nil where nobody is named
	spoken  bool    // an unnamed spokesperson speaks for the speaker, or for the victim
	first   int     // tokens [first, last) are what is said
	last    int
}

// spokespeople speak for a body, which is then who says it.
var spokespeople = wordSet(`spokesman spokeswoman spokesperson spokespeople official officials representative
	representatives rep executives executive ceo statement letter report notice email e-mail blog post advisory
	researchers researcher team experts analysts announcement release filing website tweet officers bosses
	president chief management staff director spokesmen notification`)

// adverbs may stand between a subject and its verb.
var adverbs = wordSet(`also initially later has had have earlier subsequently reportedly since openly further
	previously recently then now always first only repeatedly originally already still publicly quickly is was
	did does do will would finally just both all allegedly again apparently itself himself herself today
	yesterday who which that once be being been are were`)

// findSpeeches reads who says what in each sentence.
func findSpeeches(r *reading) {
	for _, s := range r.Sentences {
		for i := s.First; i < s.Last; i++ {
			if _, quoted := r.inQuote(r.Tokens[i].Start); quoted {
				continue
			}
			if r.lower(i) == "according" && r.lower(i+1) == "to" {
				r.accordingTo(s, i)
				continue
			}
			class, n := speechVerbs.match(r.stems, i)
			if n == 0 || r.mentionAt(i) != nil || r.nounUse(i) {
				continue
			}
			r.speechBy(s, i, n, class)
			i += n - 1
		}
	}
}

// nounUse tells "a report", "the claims" from the verbs.
func (r *reading) nounUse(i int) bool {
	switch r.lower(i - 1) {
	case "a", "an", "the", "this", "that", "its", "their", "his", "her", "any", "no", "to", "of", "new", "data", "insurance", "first", "being", "been", "annual", "survey", "security":
		return true
	}
	switch r.lower(i) {
	case "states", "notes", "state", "note", "report", "claim", "claims", "reports", "read", "found", "find", "believed", "reported":
		m := r.mentionAt(i - 1)
		return m == nil && r.lower(i-1) != "has" && r.lower(i-1) != "also" && r.lower(i-1) != "who"
	}
	return false
}

// accordingTo reads "according to X" at token i.
func (r *reading) accordingTo(s Sentence, i int) {
	sp := speech{verb: i, class: "say", first: s.First, last: i}
	end := i + 2
	for j := i + 2; j < min(s.Last, i+10); j++ {
		if m := r.mentionAt(j); m != nil && m.entity != nil && m.kind != Place && m.kind != Product {
			sp.speaker, end = m.entity, m.last
			if spokespeople[r.lower(m.last)] || spokespeople[r.lower(m.last+1)] {
				sp.spoken = true
			}
			break
		}
		if r.lower(j) == "," {
			break
		}
		if spokespeople[r.lower(j)] {
			sp.spoken = true
		}
	}
	if i-s.First <= 4 {
		sp.first, sp.last = end, s.Last
	}
	r.speeches = append(r.speeches, sp)
}

// speechBy reads the speech of the verb at tokens [i, i+n).
func (r *reading) speechBy(s Sentence, i, n int, class string) {
	subject, spoken, first := r.subjectBefore(s, i)
	sp := speech{verb: i, class: class, speaker: subject, spoken: spoken, first: i + n, last: s.Last}
	if subject == nil && !spoken {
		subject, spoken, end := r.subjectAfter(s, i+n)
		if subject == nil && !spoken {
			return
		}
		sp.speaker, sp.spoken, sp.first, sp.last = subject, spoken, s.First, i
		if end < s.Last-12 {
			sp.last = s.Last
		}
		r.speeches = append(r.speeches, sp)
		return
	}
	// A speaker named at the end speaks what stands before.
	if before := r.lower(first - 1); first-s.First > 3 && (before == "," || isQuote(before)) && s.Last-i <= 12 && r.lower(i+n) != "that" {
		sp.first, sp.last = s.First, first
		if r.lower(i+n) == "that" || s.Last-i > 6 && r.lower(i+n) != "." && r.lower(i+n) != "," && !isTimeOrPlace(r.lower(i+n)) {
			sp.last = s.Last
		}
	}
	r.speeches = append(r.speeches, sp)
}

func isTimeOrPlace(w string) bool {
	switch w {
	case "on", "in", "at", "to", "by", "during", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "today", "last", "this", "via":
		return true
	}
	return false
}

func isQuote(w string) bool { return w == "\"" || w == "”" || w == "“" || w == "''" || w == "'" }

// subjectBefore gives who does the verb at token v, as the text before it says,
// and the first token of that phrase.
func (r *reading) subjectBefore(s Sentence, v int) (subject *entity, spoken bool, first int) {
	j := v - 1
	for j > s.First && adverbs[r.lower(j)] {
		j--
	}
	if w := r.lower(j); w == "and" || w == "but" {
		// "Acme was hit in May and has claimed": the subject of the sentence.
		for k := s.First; k < min(j, s.First+5); k++ {
			if m := r.mentionAt(k); m != nil {
				if m.entity != nil && m.kind != Place && m.kind != Product {
					return m.entity, false, m.first
				}
				break
			}
		}
	}
	if r.lower(j) == "," {
		// "Ann Lee, a spokeswoman for Acme, said": the name before the aside.
		for k := j - 1; k > max(s.First, j-22); k-- {
			if r.lower(k) != "," {
				continue
			}
			if m := r.mentionAt(k - 1); m != nil && m.entity != nil && m.kind != Place {
				return m.entity, false, m.first
			}
		}
		j--
	}
	for k := j; k >= max(s.First, j-9); k-- {
		w := r.lower(k)
		if m := r.mentionAt(k); m != nil && m.entity != nil {
			if m.kind == Place || m.kind == Product && !spoken {
				if m.kind == Place {
					k = m.first
					continue
				}
			}
			if spoken || j-k < 6 {
				return m.entity, spoken, m.first
			}
			return nil, false, v
		}
		if spokespeople[w] {
			spoken = true
			first = k
			continue
		}
		if w == "," || isQuote(w) || w == ";" || w == ")" || w == ":" {
			break
		}
	}
	return nil, spoken, first
}

// subjectAfter gives who does a verb that stands before its subject: "said Ann
// Lee".
func (r *reading) subjectAfter(s Sentence, v int) (subject *entity, spoken bool, end int) {
	for k := v; k < min(s.Last, v+7); k++ {
		if m := r.mentionAt(k); m != nil && m.entity != nil {
			if m.kind == Place || m.kind == Product {
				continue
			}
			if m.kind.Organization() {
				// "said Acme chief Ann Lee": the person says it.
				for p := m.last; p < min(s.Last, m.last+5); p++ {
					if q := r.mentionAt(p); q != nil && q.kind == Person && q.entity != nil {
						return q.entity, false, q.last
					}
				}
				spoken = spoken || spokespeople[r.lower(m.last)]
			}
			return m.entity, spoken, m.last
		}
		w := r.lower(k)
		if spokespeople[w] {
			spoken, end = true, k+1
		}
		if w == "that" || w == "," && !spoken || w == "it" || w == "there" {
			break
		}
	}
	return nil, spoken, end
}

// speechAt gives the speech that token i is part of, or nil.
func (r *reading) speechAt(i int) *speech {
	sentence := r.Tokens[i].Sentence
	if sp := r.speechIn(sentence, i); sp != nil {
		return sp
	}
	quote, ok := r.inQuote(r.Tokens[i].Start)
	if !ok {
		return nil
	}
	// The speaker of a long quotation is named where it ends or begins, or
	// where the quotation before it did.
	for _, k := range []int{r.sentenceAt(quote.End), r.sentenceAt(quote.Start), r.sentenceAt(quote.End) + 1, sentence - 1, sentence - 2} {
		if k < 0 || k >= len(r.Sentences) || k == sentence {
			continue
		}
		if d := r.Sentences[k].Paragraph - r.Sentences[sentence].Paragraph; d < -1 || d > 0 {
			continue
		}
		for _, sp := range r.speechesOf(k) {
			if sp.class != "report" {
				return sp
			}
		}
	}
	return nil
}

// speechIn gives the speech of sentence k whose content holds token i: of
// several, the one that begins last, a publication's only where no other does.
func (r *reading) speechIn(k, i int) *speech {
	var out *speech
	for _, sp := range r.speechesOf(k) {
		if sp.first <= i && i < sp.last && (out == nil || out.byOutlet() || sp.first >= out.first && !sp.byOutlet()) {
			out = sp
		}
	}
	return out
}

// byOutlet reports whether a publication speaks: it passes on what others say.
func (sp *speech) byOutlet() bool { return sp.speaker != nil && sp.speaker.kind == Outlet }

// speechesOf gives the speeches of sentence k.
func (r *reading) speechesOf(k int) []*speech {
	var out []*speech
	j := sort.Search(len(r.speeches), func(j int) bool { return r.Tokens[r.speeches[j].verb].Sentence >= k })
	for ; j < len(r.speeches) && r.Tokens[r.speeches[j].verb].Sentence == k; j++ {
		out = append(out, &r.speeches[j])
	}
	return out
}
