package extract

import (
	"cmp"
	"slices"
)

// Extractor names this extractor in claims; its number rises whenever the same
// article may give other claims.
const Extractor = "breachgraph/1"

// A standing is how a claim is made and by whom.
type standing struct {
	status Status
	by     *entity
}

// judge gives every candidate its probability.
func judge(r *reading) {
	for i := range r.candidates {
		if c := &r.candidates[i]; c.P == 0 {
			c.P = r.weights.probability(c.Model, c.Features)
		}
	}
}

// A claimKey is what makes two candidates the same claim.
type claimKey struct {
	predicate       Predicate
	subject, object string
	denied          bool
}

// makeClaims turns the candidates that are likely enough into claims: one for
// each subject, object and denial, with the firmest of its standings.
func makeClaims(r *reading) {
	groups := make(map[claimKey][]*Candidate)
	var order []claimKey
	for i := range r.candidates {
		c := &r.candidates[i]
		if r.relevance < hopeless && c.aboutBreach() || c.Model != string(c.Type) || c.Subject == "" || c.Object == "" || !r.weights.accepts(c.Model, c.P) {
			continue
		}
		k := claimKey{c.Type, c.Subject, c.Object, c.Denied}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], c)
	}
	for _, k := range order {
		if r.redundant(k, groups) {
			continue
		}
		r.claims = append(r.claims, r.claim(k, groups[k]))
	}
	r.plainAccess(groups)
	r.figureClaims()
	r.sufferedClaims()
	slices.SortStableFunc(r.claims, func(a, b Claim) int { return cmp.Compare(a.Evidence.Start, b.Evidence.Start) })
	for i := range r.claims {
		r.claims[i].ID = "c" + itoa(i+1)
	}
}

// plainAccessFrom is the probability from which on a breach of which no method
// is known is put down to unauthorised access.
const plainAccessFrom = 0.12

// plainAccess claims unauthorised access for each breach of which nothing more
// specific is said: that somebody got in is all there is.
func (r *reading) plainAccess(groups map[claimKey][]*Candidate) {
	for _, b := range r.breaches {
		var best *Candidate
		for i := range r.candidates {
			c := &r.candidates[i]
			if c.Type == Used && c.breach == b && c.Object == "unauthorised_access" && !c.Denied && c.P >= plainAccessFrom && (best == nil || c.P > best.P) {
				best = c
			}
		}
		specific := false
		for k := range groups {
			specific = specific || k.predicate == Used && k.subject == b.id && !k.denied
		}
		if best != nil && !specific {
			r.claims = append(r.claims, r.claim(claimKey{Used, b.id, best.Object, false}, []*Candidate{best}))
		}
	}
}

// aboutBreach reports whether c has a breach on one of its sides.
func (c *Candidate) aboutBreach() bool {
	return c.breach != nil && (c.Subject == c.breach.id || c.Object == c.breach.id) || c.Type == Offered || c.Type == Hired
}

// redundant drops what a more specific claim of the same breach says already,
// and that who attacked looks into it.
func (r *reading) redundant(k claimKey, groups map[claimKey][]*Candidate) bool {
	if k.predicate == Investigates || k.predicate == Discovered {
		return groups[claimKey{Attacked, k.subject, k.object, false}] != nil
	}
	if k.predicate != Used || k.object != "unauthorised_access" || k.denied {
		return false
	}
	for o := range groups {
		if o.predicate == Used && o.subject == k.subject && o.object != k.object && !o.denied {
			return true
		}
	}
	return false
}

// claim makes the claim of a group: as likely as its likeliest candidate, with
// the firmest of their standings and the evidence for that.
func (r *reading) claim(k claimKey, group []*Candidate) Claim {
	best := slices.MaxFunc(group, func(a, b *Candidate) int { return cmp.Compare(a.P, b.P) })
	stand := r.standing(best)
	evidence := best
	for _, c := range group {
		if s := r.standing(c); firmness(k.predicate, s.status) < firmness(k.predicate, stand.status) {
			stand, evidence = s, c
		}
	}
	return Claim{
		Type: k.predicate, Subject: k.subject, Object: k.object, Status: stand.status, AttributedTo: idOf(stand.by),
		Evidence: evidence.Evidence, Confidence: round(r.weights.confidence(best.Model, best.P)), Attributes: best.attributes, Extractor: Extractor,
	}
}

func idOf(e *entity) string {
	if e == nil {
		return ""
	}
	return e.id
}

// round keeps two digits: more would promise too much.
func round(p float64) float64 { return float64(int(p*100+0.5)) / 100 }

// firmness orders the statuses, firmest first. Of who attacked, an article that
// accuses or quotes a boast anywhere reports nothing more by leaving out
// "allegedly" elsewhere.
func firmness(p Predicate, s Status) int {
	if p == Attacked {
		return slices.Index([]Status{Denied, Confirmed, Claimed, Alleged, Possible, Reported}, s)
	}
	return slices.Index([]Status{Denied, Confirmed, Reported, Claimed, Alleged, Possible}, s)
}

// statedPlainly are the predicates that an article states in its own voice,
// whoever else says so.
var statedPlainly = map[Predicate]bool{Cites: true, WorksFor: true, SubsidiaryOf: true, Sued: true, Fined: true}

// standing reads how candidate c is stated, and by whom.
func (r *reading) standing(c *Candidate) standing {
	if statedPlainly[c.Type] && !c.Denied {
		return standing{Reported, nil}
	}
	how := r.modalityOf(c.anchor, c.anchor+1)
	sp := r.speechAt(c.anchor)
	if c.Type == Attacked && c.entity != nil {
		var by *entity
		if sp != nil {
			by = r.speakerOf(sp, c.breach)
		}
		if by == nil {
			by = r.firstPersonAt(c.anchor, c.breach)
		}
		return r.accusation(c, how, sp, by)
	}
	if steps[c.Type] && !r.intended(c) {
		how.hedged = false
	}
	said := how
	said.hedged = how.hedged && !steps[c.Type]
	by := r.likeliestSpeaker(c, said)
	if by == nil && (c.Denied || said.hedged && r.victimTells(c)) && c.breach != nil && len(c.breach.victims) > 0 {
		by = c.breach.victims[0] // nobody else would know
	}
	switch {
	case c.Denied:
		return standing{Denied, by}
	case how.alleged:
		return standing{Alleged, by}
	case how.hedged:
		return standing{Possible, by}
	case by == nil:
		return standing{Reported, nil}
	}
	return standing{r.saidBy(by, sp), by}
}

// notices are the writings by which a victim tells of its breach.
var notices = wordSet(`letter letters notice notification statement email e-mail filing faq faqs advisory`)

// victimTells reports whether the sentence of c goes on from what a victim, or
// who speaks for it, has just said, or names the letter in which it does.
func (r *reading) victimTells(c *Candidate) bool {
	k := r.Tokens[c.anchor].Sentence
	for i := r.Sentences[k].First; i < r.Sentences[k].Last; i++ {
		if notices[r.lower(i)] {
			return true
		}
	}
	if k == 0 || r.Sentences[k-1].Paragraph != r.Sentences[k].Paragraph {
		return false
	}
	return slices.ContainsFunc(r.speechesOf(k-1), func(sp *speech) bool {
		return sp.speaker != nil && (sp.speaker.role == victim || sp.speaker.role == official) || sp.speaker == nil && sp.spoken
	})
}

// steps are what parties do about a breach: "is looking into what may be a
// breach" doubts the breach and not the step.
var steps = map[Predicate]bool{Investigates: true, Offered: true, Hired: true}

// intentions before a step doubt that it is taken.
var intentions = wordSet(`may might could would should`)

// intended reports whether the step of c is no more than an intention.
func (r *reading) intended(c *Candidate) bool {
	for i := c.anchor - 1; i >= max(r.Sentences[r.Tokens[c.anchor].Sentence].First, c.anchor-3); i-- {
		if intentions[r.lower(i)] {
			return true
		}
	}
	return false
}

// firstPersonAt gives the victim where the sentence of token i speaks of "us"
// and "our" without saying who does: a statement given whole.
func (r *reading) firstPersonAt(i int, b *incident) *entity {
	s := r.Sentences[r.Tokens[i].Sentence]
	if b == nil || len(b.victims) == 0 {
		return nil
	}
	for k := s.First; k < s.Last; k++ {
		if w := r.lower(k); (w == "we" || w == "our") && (r.lower(k+1) == "have" || r.lower(k+1) == "are" || w == "our" || r.lower(k+1) == "were" || r.lower(k+1) == "will") {
			return b.victims[0]
		}
	}
	return nil
}

// saidBy gives the status of what by says as fact; sp is nil where no verb of
// saying introduces it.
func (r *reading) saidBy(by *entity, sp *speech) Status {
	switch {
	case by.role == victim || by.role == official || by.kind == Agency || r.worksForAgency(by):
		return Confirmed
	case by.role == attacker || by.kind == Group:
		return Claimed
	case sp != nil && sp.class == "claim" && by.kind != Person:
		return Claimed
	}
	return Reported
}

func (r *reading) worksForAgency(e *entity) bool {
	for _, p := range r.staff {
		if p.person == e && p.body != nil && p.body.kind == Agency {
			return true
		}
	}
	return false
}

// speakerOf gives whom the contract holds to be the speaker of sp: a named
// person, or the body that an unnamed spokesperson speaks for.
func (r *reading) speakerOf(sp *speech, b *incident) *entity {
	switch {
	case sp.speaker != nil && sp.speaker.kind != Place:
		return sp.speaker
	case sp.spoken && b != nil && len(b.victims) > 0:
		return b.victims[0]
	}
	return nil
}

// accusation gives the standing of "X did it": claimed by X himself, alleged by
// others, reported where the article says so plainly.
func (r *reading) accusation(c *Candidate, how modality, sp *speech, by *entity) standing {
	s := r.Sentences[c.sentence]
	if c.Denied {
		return standing{Denied, by}
	}
	for i := s.First; i < s.Last; i++ {
		switch w := r.lower(i); {
		case w == "credit" || w == "responsibility" || w == "boasted" || w == "bragged":
			return standing{Claimed, c.entity}
		case allegations[w] || w == "arrested" || w == "prosecutors":
			if by == c.entity {
				by = nil
			}
			return standing{Alleged, by}
		case w == "convicted" || w == "guilty" || w == "sentenced":
			return standing{Confirmed, nil}
		}
	}
	switch {
	case by == c.entity && by != nil:
		return standing{Claimed, by}
	case how.hedged:
		return standing{Possible, by}
	case c.entity.kind == Group && (sp != nil && sp.class == "claim"):
		return standing{Claimed, c.entity}
	case by != nil:
		return standing{r.saidBy(by, sp), by}
	}
	return standing{Reported, nil}
}

// sufferedClaims says who suffered each breach: confirmed where the victim, or
// who speaks for it, tells of it.
func (r *reading) sufferedClaims() {
	for _, b := range r.breaches {
		if !b.primary && b.occurred.IsZero() && !r.tells(b) {
			continue // that it happened is all there is
		}
		for _, v := range b.victims {
			c := Claim{
				Type: Suffered, Subject: v.id, Object: b.id, Status: Reported,
				Evidence: r.Sentences[b.cue].Span, Confidence: 0.7, Extractor: Extractor,
			}
			if b.p > 0 {
				c.Confidence = round(b.p)
			}
			if at := r.firstTold(v, b); at >= 0 {
				c.Evidence = r.Sentences[at].Span
			}
			if sp := r.admission(v, b); sp != nil {
				c.Status, c.AttributedTo = Confirmed, v.id
				if sp.speaker != nil && !sp.spoken {
					c.AttributedTo = sp.speaker.id
				}
				c.Evidence = r.Sentences[r.Tokens[sp.verb].Sentence].Span
			}
			for i := range r.candidates {
				if k := &r.candidates[i]; k.Model == "victim" && k.entity == v && b.primary {
					c.Confidence = round(r.weights.confidence(k.Model, k.P))
				}
			}
			r.claims = append(r.claims, c)
		}
	}
}

// firstTold gives the first sentence on b that names v and a breach.
func (r *reading) firstTold(v *entity, b *incident) int {
	for _, k := range v.mentions {
		if at := r.Tokens[r.mentions[k].first].Sentence; r.incidentOf(at) == b && r.holds(breachNouns, r.Sentences[at]) {
			return at
		}
	}
	return -1
}

// admission gives the speech by which v, or who speaks for it, most likely
// tells of b as a fact; nil where none does.
func (r *reading) admission(v *entity, b *incident) *speech {
	var best *speech
	p := 0.0
	for i := range r.candidates {
		c := &r.candidates[i]
		if c.Model != "admission" || c.breach != b || !r.weights.accepts(c.Model, c.P) || c.P <= p {
			continue
		}
		if sp := &r.speeches[c.anchor]; sp.speaker == v || sp.speaker == nil || sp.speaker.role == official {
			best, p = sp, c.P
		}
	}
	return best
}

// findAdmissions makes a candidate of each speech by which a victim may admit
// its breach.
func findAdmissions(r *reading) {
	for i := range r.speeches {
		sp := &r.speeches[i]
		if sp.speaker == nil && !sp.spoken || sp.speaker != nil && sp.speaker.role != victim && sp.speaker.role != official {
			continue
		}
		k := r.Tokens[sp.verb].Sentence
		b := r.incidentOf(k)
		if len(b.victims) == 0 {
			continue
		}
		s := r.Sentences[k]
		fs := []string{"bias", "class:" + sp.class, "verb:" + r.stemAt(sp.verb), "sentence:" + bucket(k, 0, 2, 5, 10, 20)}
		if sp.speaker == nil {
			fs = append(fs, "unnamed")
		} else {
			fs = append(fs, "kind:"+string(sp.speaker.kind))
		}
		if sp.spoken {
			fs = append(fs, "spokesperson")
		}
		if r.firstPerson(sp) {
			fs = append(fs, "we")
		}
		if r.holds(breachNouns, s) {
			fs = append(fs, "breach")
		}
		for _, f := range exposure.find(r.stems, s.First, s.Last) {
			fs = append(fs, "holds:"+f.Value)
		}
		for j := max(s.First, sp.verb-4); j < sp.verb; j++ {
			if negators[r.lower(j)] {
				fs = append(fs, "negated")
			}
		}
		how := r.modalityOf(min(sp.verb+1, s.Last-1), min(sp.verb+2, s.Last))
		if how.hedged {
			fs = append(fs, "hedged")
		}
		if how.denied {
			fs = append(fs, "denied")
		}
		slices.Sort(fs)
		r.candidates = append(r.candidates, Candidate{
			Model: "admission", Type: Suffered, Subject: b.victims[0].id, Object: b.id, Features: slices.Compact(fs),
			Evidence: s.Span, sentence: k, anchor: i, breach: b,
		})
	}
}

// figureClaims ties each breach to its figures.
func (r *reading) figureClaims() {
	n := 0
	for i := range r.figures {
		f := &r.figures[i]
		if !f.kept {
			continue
		}
		n++
		if f.breach == nil {
			continue
		}
		k := r.Tokens[f.first].Sentence
		c := Candidate{Type: HasFigure, Subject: f.breach.id, Object: "f" + itoa(n), Evidence: Span{f.Start, f.End}, anchor: f.first, breach: f.breach, sentence: k}
		stand := r.standing(&c)
		r.claims = append(r.claims, Claim{
			Type: HasFigure, Subject: f.breach.id, Object: "f" + itoa(n), Status: stand.status, AttributedTo: idOf(stand.by),
			Evidence: r.Sentences[k].Span, Confidence: round(f.p), Extractor: Extractor,
		})
	}
}
