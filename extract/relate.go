package extract

import (
	"slices"
	"strings"
)

// A relation says how one predicate is found: the words that may state it, and
// who may stand on its sides. A candidate is made for every way to fill the
// sides in the sentence of such a word; the predicate's model judges them.
type relation struct {
	predicate Predicate
	triggers  lexicon
	subjects  []Kind
	objects   []Kind // nil where the object is the breach
}

var (
	organizations = []Kind{Company, Firm, Agency, Outlet}
	parties       = []Kind{Company, Firm, Agency, Outlet, Person}
)

// relations is the table of the predicates that connect parties named in one
// sentence.
var relations = []relation{
	{Investigates, newLexicon(`investigate: investigate; investigates; investigating; investigated; investigation; probe; probing; inquiry; inquiries; enquiries; enquiry; looking into; look into; forensic; review; reviewing; examining; examine; forensics; audit; law enforcement; working with; assisting; called in; hired; retained; engaged; brought in; ascertain`), parties, nil},
	{Discovered, newLexicon(`discover: discovered; discover; discovers; found; finds; finding; uncovered; detected; noticed; identified; spotted; learned; stumbled; discovery; unearthed; first reported; came across; raised the alarm; alerted; notified; reported; caught; noticed nothing; became aware; tipped; managed to`), parties, nil},
	{Attacked, newLexicon(`attack: hacked; hack; hacking; hacker; attack; attacked; attacker; stole; stolen; stealing; breached; breach; claimed; claimed responsibility; took credit; taken credit; responsibility; credit; accused; charged; arrested; blamed; allegedly; alleged; suspect; suspected; behind; leaked; posted; selling; pleaded guilty; convicted; sentenced; indicted; listed; dumped; calling itself; goes by; using the name; known as; published; demanded; ransom; attributed; linked to; gang; acquitted; cleared; responsible; infiltrated; broke into; accessed; admitted; perpetrator; culprit; defendant; hijacked; sold; named; threatened; infected; compromised; released; obtained; group`), []Kind{Person, Group, Agency}, nil},
	{Hired, newLexicon(`hire: hired; hire; hires; hiring; retained; retain; retains; engaged; engage; brought in; bring in; enlisted; contracted; tapped; partnering with; partnered with; working with; work with; secured the services; appointed; called in; turned to; signed; commissioned; using; with the help of; with help from; help of; assist; assisted by; assisting; advising; counsel; law firm; through; from; provided by; via; outside; partnership`), organizations, []Kind{Firm, Company}},
	{SubsidiaryOf, newLexicon(`part: owned by; owns; own; owner; parent; parent company; subsidiary; subsidiaries; unit of; division of; part of; brand; arm of; bought; acquired; belongs to; operates; operated by; operator of; run by; runs; company behind; which owns; sister; acquisition; department of; arm; division; umbrella; holding company; property; bought by; acquired by; controlled by; affiliate; spun off; business unit; behind`), organizations, organizations},
	{Sued, newLexicon(`sue: sued; sue; suing; sues; lawsuit; suit; class action; class-action; filed a complaint; filed suit; legal action; plaintiff; litigation; complaint; lawsuits; proposed class; took to court; legal proceedings`), parties, organizations},
	{Fined, newLexicon(`fine: fined; fine; fines; penalty; penalties; settlement; settle; settled; agreed to pay; pay; paid; penalised; penalized; consent decree; consent order; collect; ordered to pay; levied; imposed; sanction; monetary penalty; civil penalty; will pay`), []Kind{Agency}, organizations},
	{Cites, newLexicon(`cite: told; tell; reported; reports; report; according to; interview; statement to; first reported; blog; survey; study; wrote; writes; said; says; published; noted; notes; via; h/t; research; spoke; confirmed to; statement; by; seen by; reviewed by; obtained by; found; finds; discovered; describes; revealed; cites; citing; confirmed; as; reporting; post; data from; spokesperson told; analysis; emailed; broke the story; learned; claims`), []Kind{Outlet, Firm, Company, Agency, Group}, nil},
}

// maxCandidates bounds how many ways of filling one relation a sentence may
// give: an enumeration of hundreds of names states none of them.
const maxCandidates = 60

// relateParties makes the candidates of [relations].
func relateParties(r *reading) {
	for _, rel := range relations {
		for k := range r.Sentences {
			r.relate(rel, k)
		}
	}
}

// relate makes the candidates of rel in sentence k: each pair of mentions with
// the trigger nearest to it.
func (r *reading) relate(rel relation, k int) {
	s := r.Sentences[k]
	triggers := rel.triggers.find(r.stems, s.First, s.Last)
	if len(triggers) == 0 {
		return
	}
	subjects := r.named(s, rel.subjects)
	b := r.incidentOf(k)
	made := 0
	for _, m := range subjects {
		if rel.objects == nil {
			if made++; made > maxCandidates {
				return
			}
			r.propose(rel, k, m, nil, triggers, b)
			continue
		}
		for _, o := range r.named(s, rel.objects) {
			if o.entity == m.entity {
				continue
			}
			if made++; made > maxCandidates {
				return
			}
			r.propose(rel, k, m, o, triggers, b)
		}
	}
	if rel.objects != nil && rel.predicate != SubsidiaryOf {
		r.proposeImplied(rel, k, triggers, b, subjects)
	}
}

// proposeImplied lets the victim fill a side that the sentence leaves open:
// "Mandiant was brought in", "will pay $4 million".
func (r *reading) proposeImplied(rel relation, k int, triggers []found, b *incident, subjects []*mention) {
	if len(b.victims) == 0 || len(b.victims[0].mentions) == 0 {
		return
	}
	implied := b.victims[0]
	s := r.Sentences[k]
	for i := s.First; i < s.Last; i++ {
		if m := r.mentionAt(i); m != nil && m.entity == implied {
			return
		}
	}
	stand := mention{entity: implied, kind: implied.kind, first: s.First, last: s.First, how: Pronoun}
	if rel.predicate == Hired {
		for _, o := range r.named(s, rel.objects) {
			r.propose(rel, k, &stand, o, triggers, b)
		}
		return
	}
	for _, m := range subjects {
		r.propose(rel, k, m, &stand, triggers, b)
	}
}

// named gives the mentions in s of entities of kinds; of one entity the first
// by name, else the first.
func (r *reading) named(s Sentence, kinds []Kind) []*mention {
	var out []*mention
	for i := s.First; i < s.Last; i++ {
		m := r.mentionAt(i)
		if m == nil || m.entity == nil || !slices.Contains(kinds, m.entity.kind) {
			continue
		}
		i = m.last - 1
		out = append(out, m)
	}
	return out
}

// propose adds the candidate that m (and o, where the relation has two parties)
// stand in relation rel.
func (r *reading) propose(rel relation, k int, m, o *mention, triggers []found, b *incident) {
	s := r.Sentences[k]
	t := nearest(triggers, m, o)
	fs := []string{"bias", "trigger:" + strings.Join(r.stems[t.First:t.Last], " ")}
	fs = append(fs, r.sideFeatures("s", m, t, s)...)
	c := Candidate{
		Model: string(rel.predicate), Type: rel.predicate, Subject: m.entity.id,
		Evidence: s.Span, sentence: k, anchor: t.First, breach: b, entity: m.entity,
	}
	switch {
	case rel.predicate == Cites:
		c.Subject, c.Object = ArticleSubject, m.entity.id
	case o == nil:
		c.Object = b.id
	default:
		c.Object = o.entity.id
		fs = append(fs, r.sideFeatures("o", o, t, s)...)
		order := "order:so"
		if m.first >= o.first {
			order = "order:os"
		}
		fs = append(fs, order, order+" "+strings.Join(r.stems[t.First:t.Last], " "))
		fs = append(fs, r.between(m, o))
	}
	how := r.modalityOf(t.First, t.Last)
	c.Denied = how.denied
	fs = append(fs, r.sentenceFeatures(k, b)...)
	slices.Sort(fs)
	c.Features = slices.Compact(fs)
	r.candidates = append(r.candidates, c)
}

// between names the words that part two mentions, where they are few.
func (r *reading) between(m, o *mention) string {
	first, last := m.last, o.first
	if o.first < m.first {
		first, last = o.last, m.first
	}
	if first >= last {
		return "between:"
	}
	if last-first > 4 {
		return "between:far"
	}
	return "between:" + strings.Join(r.stems[first:last], " ")
}

// nearest gives the trigger with the fewest tokens between it and the mentions.
func nearest(triggers []found, m, o *mention) found {
	best, distance := triggers[0], 1<<30
	for _, t := range triggers {
		d := gap(t, m)
		if o != nil {
			d += gap(t, o)
		}
		if d < distance {
			best, distance = t, d
		}
	}
	return best
}

func gap(t found, m *mention) int {
	if t.First >= m.last {
		return t.First - m.last
	}
	return max(0, m.first-t.Last)
}

// sideFeatures describes mention m as what stands on one side of trigger t.
func (r *reading) sideFeatures(side string, m *mention, t found, s Sentence) []string {
	fs := []string{side + " kind:" + string(m.entity.kind), side + " how:" + string(m.how)}
	add := func(f string) { fs = append(fs, side+" "+f) }
	trigger := strings.Join(r.stems[t.First:t.Last], " ")
	direction := "left"
	first, last := m.last, t.First
	if m.first >= t.Last {
		direction = "right"
		first, last = t.Last, m.first
	} else if m.last > t.First {
		direction = "in"
	}
	if m.last == m.first {
		direction = "implied"
	}
	add(direction)
	add(direction + " " + trigger)
	add(direction + bucket(gap(t, m), 0, 1, 3, 6, 12))
	for i := first; i < last; i++ {
		switch w := r.lower(i); w {
		case ",", "by", "to", "of", "with", "against", "and", "for", "that", "was", "were", "been", "is", "are", "who", "which", "from", "at", "not", "has", "had":
			add(direction + " over:" + w)
		}
	}
	if m.last > m.first {
		for _, f := range r.parts(m.first, m.last) {
			add(f)
		}
		add("before:" + r.stemAt(m.first-1))
		add("after:" + r.stemAt(m.last))
		if value, n := nominalHeads.match(r.stems[:m.first], max(0, m.first-1)); n > 0 {
			add("apposition:" + value)
		}
		if r.clauseAt(m.first) != r.clauseAt(t.First) {
			add("other clause")
		}
		if _, quoted := r.inQuote(m.Start); quoted {
			add("quoted")
		}
	}
	switch m.entity.role {
	case victim:
		add("victim")
	case attacker:
		add("attacker")
	case official:
		add("official")
	}
	for _, l := range listed(m.entity.name) {
		add("list:" + string(l.kind))
	}
	if len(m.entity.mentions) > 1 {
		add("mentioned again")
	}
	if t.First > s.First && (r.lower(t.First-1) == "by" || r.lower(t.First-1) == "was" || r.lower(t.First-1) == "were" || r.lower(t.First-1) == "been") {
		add(direction + " passive")
	}
	return fs
}

// sentenceFeatures describes the sentence a candidate stands in.
func (r *reading) sentenceFeatures(k int, b *incident) []string {
	s := r.Sentences[k]
	fs := append(r.eventsIn(k), "sentence:"+bucket(k, 0, 2, 5, 10, 20))
	if r.holds(breachNouns, s) {
		fs = append(fs, "holds:breach")
	}
	if b != r.breaches[0] {
		fs = append(fs, "past")
	}
	for i := s.First; i < s.Last; i++ {
		switch w := r.lower(i); w {
		case "you", "your", "should", "if", "would":
			fs = append(fs, "word:"+w)
		case "firm", "law", "forensic", "forensics", "investigate", "investigation", "investigating", "police", "court", "suspect", "survey", "data", "researcher", "researchers", "incident", "security":
			fs = append(fs, "word:"+w)
		}
		if m := r.mentionAt(i); m != nil && m.entity != nil && m.entity.role == victim {
			fs = append(fs, "names victim")
		}
	}
	return fs
}
