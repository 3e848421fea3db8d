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
	{Investigates, newLexicon(`
investigate: investigate; investigates; investigating; investigated; investigation; probe; probing; inquiry; inquiries; enquiries; enquiry; looking into; look into; ascertain; get to the bottom
examine: forensic; review; reviewing; examining; examine; forensics; audit; analysis; analyse; analyze; analysed; analyzed; analysing; analyzing; track down; tracking down
help: law enforcement; working with; work with; assisting; called in; hired; retained; engaged; brought in; alongside`), parties, nil},
	{Discovered, newLexicon(`
discover: discovered; discover; discovers; uncovered; discovery; unearthed; stumbled; came across; spotted; managed to
notice: detected; noticed; identified; learned; became aware; raised the alarm; caught; noticed nothing; tipped
find: found; finds; finding
report: first reported; alerted; notified; reported`), parties, nil},
	{Attacked, newLexicon(`
boast: claimed responsibility; took credit; taken credit; takes credit; take credit; responsibility; credit; boasted; bragged; claims; claimed; admitted
accuse: accused; charged; arrested; blamed; allegedly; alleged; suspect; suspected; indicted; attributed; linked to; defendant; suspicion; believed; behind; responsible; perpetrator; culprit; named; extradited
judge: pleaded guilty; convicted; sentenced; acquitted; cleared; jailed; found guilty; pleads guilty
do: hacked; hack; hacking; attack; attacked; stole; stolen; stealing; breached; breach; leaked; posted; selling; listed; dumped; published; demanded; ransom; infiltrated; broke into; accessed; hijacked; sold; threatened; infected; compromised; released; obtained; leaking; targeting; targeted; targets
call: hacker; attacker; calling itself; calling himself; goes by; using the name; known as; gang; group; crew; handle; moniker; hackers; collective; cybercriminal; alias; pseudonym; nickname`), []Kind{Person, Group, Agency}, nil},
	{Hired, newLexicon(`
hire: hired; hire; hires; hiring; retained; retain; retains; engaged; engage; brought in; bring in; brought on; enlisted; contracted; tapped; secured the services; appointed; called in; turned to; commissioned; hired by; instructed; drafted in
partner: partnering with; partnered with; working with; work with; signed; with the help of; with help from; help of; partnership; works with; worked with; teamed up with
help: assist; assisted by; assisting; advising; counsel; law firm; outside; representing; advised by; helping; running; conducted by; led by
provide: through; from; provided by; via; using; offered by; service`), organizations, []Kind{Firm, Company}},
	{SubsidiaryOf, newLexicon(`
owned: owned by; unit of; division of; part of; operated by; bought by; acquired by; run by; controlled by; belongs to; department of; arm of; subsidiary of; affiliate of; brand of; a brand owned by; property of
parent: parent; parent company; owner; holding company; umbrella; the company behind; company behind; behind
owns: owns; own; bought; acquired; operates; operator of; runs; which owns; brand; brands; acquisition; business unit; owner of
sub: subsidiary; subsidiaries; arm; division; affiliate; sister; spun off`), organizations, organizations},
	{Sued, newLexicon(`
sue: sued; sue; suing; sues; filed suit; took to court; filed a lawsuit; filed a class action; launched legal action; issued proceedings
suit: lawsuit; suit; class action; class-action; filed a complaint; legal action; plaintiff; litigation; complaint; proposed class; legal proceedings; group claim; action was filed; damages`), parties, organizations},
	{Fined, newLexicon(`
fine: fined; fine; fines; penalised; penalized; levied; imposed; sanctioned; fining
penalty: penalty; penalties; monetary penalty; civil penalty; sanction; consent decree; consent order; enforcement
pay: agreed to pay; pay; paid; ordered to pay; will pay; must pay; payable; collect; to pay
settle: settlement; settle; settled; settles; settling`), []Kind{Agency}, organizations},
	{Cites, newLexicon(`
told: told; tell; tells; interview; statement to; spoke; confirmed to; emailed; said in an email to; spokesperson told; speaking to
report: reported; reports; first reported; published; discovered; describes; revealed; cites; citing; reporting; broke the story; obtained by; seen by; reviewed by; learned; as
according: according to; h/t; via; by
say: said; says; wrote; writes; noted; notes; confirmed; claims; found; finds; explained
study: report; survey; study; blog; blog post; research; data from; analysis; post; statement`), []Kind{Outlet, Firm, Company, Agency, Group}, nil},
}

// undeniable are the predicates of which a negation near by denies something
// else: "the researcher who found it did not reply".
var undeniable = map[Predicate]bool{Cites: true, Discovered: true}

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

// relateBrands makes the candidates that a brand belongs to the owner in its
// name: "Courtyard by Marriott".
func relateBrands(r *reading) {
	byKey := make(map[string]*entity)
	for _, e := range r.entities {
		byKey[nameKey(e.name)] = e
	}
	for _, e := range r.entities {
		_, owner, ok := strings.Cut(e.name, " by ")
		body := byKey[nameKey(owner)]
		if !ok || body == nil || !e.kind.Organization() || !body.kind.Organization() {
			continue
		}
		m := &r.mentions[e.mentions[0]]
		k := r.Tokens[m.first].Sentence
		r.candidates = append(r.candidates, Candidate{
			Model: string(SubsidiaryOf), Type: SubsidiaryOf, Subject: e.id, Object: body.id, Features: []string{"bias", "brand name"},
			Evidence: r.Sentences[k].Span, sentence: k, anchor: m.first, breach: r.incidentOf(k), entity: e,
		})
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
	fs := []string{"bias", "trigger:" + strings.Join(r.stems[t.First:t.Last], " "), "class:" + t.Value}
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
		fs = append(fs, order, order+" "+t.Value, order+" "+strings.Join(r.stems[t.First:t.Last], " "))
		fs = append(fs, r.between(m, o))
	}
	how := r.modalityOf(t.First, t.Last)
	c.Denied = how.denied && !undeniable[rel.predicate]
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
	add(direction + " " + t.Value)
	add(direction + " " + t.Value + bucket(gap(t, m), 1, 4))
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
		if w := r.lower(m.first - 1); strings.HasSuffix(w, "-year-old") {
			add("aged")
		}
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
