package extract

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"
)

// An incident is a breach that the article tells of.
type incident struct {
	id        string
	victims   []*entity
	primary   bool
	sentences map[int]bool // those that tell of it; empty for the primary one: all others
	cue       int          // sentence that first tells of it
	methods   int          // specific methods named, plus one; 0 before they are counted
	p         float64      // how likely there is such a breach; 0 where its victims' own likelihood tells

	recalled                        Period // the past date that told it from the primary one
	occurred, discovered, disclosed Period
}

// breachNouns are what an incident is called.
var breachNouns = newLexicon(`
breach: breach; hack; attack; incident; leak; intrusion; data breach; cyberattack; cyber attack; cyber-attack; security breach; hacking; theft; compromise; exposure; data loss; infiltration; infection; break-in; outage; dump; heist; hacked; breached; stolen; compromised; leaked; attacked; exposed; ransomware; hit; infected
`)

// findIncidents decides which breaches the article tells of and who suffered
// each.
func findIncidents(r *reading) {
	type scored struct {
		e *entity
		p float64
	}
	var orgs []scored
	for _, e := range r.entities {
		if !(e.kind.Organization() || e.kind == Product || e.kind == Group) {
			continue
		}
		c := Candidate{Model: "victim", Type: Suffered, Subject: e.id, Features: r.victimFeatures(e), entity: e}
		c.P = r.weights.probability(c.Model, c.Features)
		r.candidates = append(r.candidates, c)
		orgs = append(orgs, scored{e, c.P})
	}
	slices.SortStableFunc(orgs, func(a, b scored) int { return cmp.Compare(b.p, a.p) })
	primary := &incident{primary: true}
	for i, o := range orgs {
		if r.weights.accepts("victim", o.p) || i == 0 && o.p >= soleVictimThreshold {
			primary.victims = append(primary.victims, o.e)
		}
	}
	r.breaches = []*incident{primary}
	r.partVictims(primary)
	r.otherIncidents()
	r.pastIncidents()
	for i, b := range r.breaches {
		b.id = "b" + itoa(i+1)
		for _, v := range b.victims {
			v.role = victim
			if v.kind == Firm || v.kind == Outlet || v.kind == Product || v.kind == Group {
				v.kind = Company
			}
		}
	}
}

// soleVictimThreshold is the probability from which on the likeliest victim of
// an article is held to be one, where no other is more likely.
const soleVictimThreshold = 0.35

// partVictims gives a victim that shares no sentence with the first one, and
// is told of in paragraphs of its own, an incident of its own: a round-up.
func (r *reading) partVictims(primary *incident) {
	if len(primary.victims) < 2 {
		return
	}
	first := primary.victims[0]
	for _, v := range primary.victims {
		if r.start(v) < r.start(first) {
			first = v
		}
	}
	kept := []*entity{first}
	for _, v := range primary.victims {
		if v == first {
			continue
		}
		if r.together(first, v) || namesakes(first, v) {
			kept = append(kept, v)
			continue
		}
		own := &incident{victims: []*entity{v}, sentences: make(map[int]bool), cue: r.Tokens[r.mentions[v.mentions[0]].first].Sentence}
		joined := false
		for _, b := range r.breaches[1:] {
			if r.together(b.victims[0], v) {
				b.victims = append(b.victims, v)
				own, joined = b, true
				break
			}
		}
		if !joined {
			r.breaches = append(r.breaches, own)
		}
	}
	primary.victims = kept
	r.shareSentences()
}

// shareSentences gives each sentence of a round-up to the incident whose victim
// was named last.
func (r *reading) shareSentences() {
	if len(r.breaches) < 2 {
		return
	}
	of := make(map[*entity]*incident)
	for _, b := range r.breaches {
		for _, v := range b.victims {
			of[v] = b
		}
	}
	current := r.breaches[0]
	for k, s := range r.Sentences {
		for i := s.First; i < s.Last; i++ {
			if m := r.mentionAt(i); m != nil && (m.how == Name || m.how == Short) && of[m.entity] != nil {
				current = of[m.entity]
				break
			}
		}
		if current != r.breaches[0] {
			current.sentences[k] = true
		}
	}
}

// namesakes reports whether the names of a and b begin with the same telling
// word: a group and its brand.
func namesakes(a, b *entity) bool {
	first, _, _ := strings.Cut(fold(a.name), " ")
	other, _, _ := strings.Cut(fold(b.name), " ")
	return first == other && !genericNames[first]
}

func (r *reading) start(e *entity) int { return r.mentions[e.mentions[0]].Start }

// together reports whether a and b are named in one sentence.
func (r *reading) together(a, b *entity) bool {
	in := make(map[int]bool)
	for _, k := range a.mentions {
		in[r.Tokens[r.mentions[k].first].Sentence] = true
	}
	for _, k := range b.mentions {
		if m := &r.mentions[k]; in[r.Tokens[m.first].Sentence] && m.how != Pronoun && m.how != Nominal {
			return true
		}
	}
	return false
}

// priorCues say that a sentence recalls an earlier incident.
var priorCues = newLexicon(`
prior: similar; previous; previously; earlier breach/hack/attack/incident/leak; another breach/hack/attack/incident/leak; other breach/hack/attack/incident/leak; second time; second breach; first time; in the past; last year; years ago; year ago; months ago; prior; separate; separately; unrelated; history; not the first; back in; recall; also suffered; months after; years after; weeks after; comes after; older; past; latest in a; repeat; string of; series of; three years; last month; before
`)

// otherIncidents finds organisations that the article recalls as victims of
// breaches of their own, and gives each the sentences that tell of it.
func (r *reading) otherIncidents() {
	primary := r.breaches[0]
	for _, e := range r.entities {
		if !(e.kind.Organization() || e.kind == Product) || slices.ContainsFunc(r.breaches, func(b *incident) bool { return slices.Contains(b.victims, e) }) {
			continue
		}
		told := r.toldOf(e)
		if len(told) == 0 || slices.ContainsFunc(primary.victims, func(v *entity) bool { return shareName(v.name, e.name) }) {
			continue
		}
		c := Candidate{Model: "other victim", Type: Suffered, Subject: e.id, Features: r.otherFeatures(e, told), Evidence: r.Sentences[told[0]].Span, sentence: told[0], entity: e}
		c.P = r.weights.probability(c.Model, c.Features)
		r.candidates = append(r.candidates, c)
		if !r.weights.accepts(c.Model, c.P) {
			continue
		}
		b := &incident{victims: []*entity{e}, sentences: make(map[int]bool), cue: told[0], p: c.P}
		for _, k := range told {
			if r.incidentOf(k) == primary && (!r.namesVictim(k) || r.holds(priorCues, r.Sentences[k])) {
				r.follow(b, k)
			}
		}
		if len(b.sentences) == 0 {
			b.sentences[told[0]] = true
		}
		r.breaches = append(r.breaches, b)
	}
}

// shareName reports whether one name is part of the other: a brand and its owner.
func shareName(a, b string) bool {
	a, b = fold(a), fold(b)
	return containsWord(a, b) || containsWord(b, a)
}

// follow gives b sentence k and those after it in the same paragraph that name
// nobody else it could be about.
func (r *reading) follow(b *incident, k int) {
	b.sentences[k] = true
	for n := k + 1; n < len(r.Sentences) && r.Sentences[n].Paragraph == r.Sentences[k].Paragraph && !r.namesBody(n, b); n++ {
		b.sentences[n] = true
	}
}

// namesBody reports whether sentence k names an organisation that did not
// suffer b, or opens a new subject in another way.
func (r *reading) namesBody(k int, b *incident) bool {
	s := r.Sentences[k]
	for i := s.First; i < s.Last; i++ {
		if m := r.mentionAt(i); m != nil && m.entity != nil && (m.kind == Company || m.kind == Agency || m.kind == Product) && !slices.Contains(b.victims, m.entity) {
			return true
		}
	}
	return false
}

// toldOf gives the sentences that name e and speak of a breach or of data.
func (r *reading) toldOf(e *entity) []int {
	var out []int
	for _, k := range e.mentions {
		m := &r.mentions[k]
		at := r.Tokens[m.first].Sentence
		if m.how != Name && m.how != Short || len(out) > 0 && out[len(out)-1] == at {
			continue
		}
		if s := r.Sentences[at]; r.holds(breachNouns, s) || r.holds(exposure, s) && r.dataIn(at) {
			out = append(out, at)
		}
	}
	return out
}

// namesVictim reports whether sentence k names a victim of the primary breach.
func (r *reading) namesVictim(k int) bool {
	s := r.Sentences[k]
	for i := s.First; i < s.Last; i++ {
		if m := r.mentionAt(i); m != nil && m.entity != nil && m.how != Pronoun && slices.Contains(r.breaches[0].victims, m.entity) {
			return true
		}
	}
	return false
}

func (r *reading) dataIn(k int) bool {
	s := r.Sentences[k]
	i := sort.Search(len(r.data), func(i int) bool { return r.data[i].first >= s.First })
	return i < len(r.data) && r.data[i].first < s.Last
}

func (r *reading) figureIn(k int) bool {
	s := r.Sentences[k]
	return slices.ContainsFunc(r.figures, func(f figureMention) bool { return f.first >= s.First && f.first < s.Last })
}

// otherFeatures describes how likely e suffered a breach that the article, in
// the sentences told, recalls beside the one it is about.
func (r *reading) otherFeatures(e *entity, told []int) []string {
	fs := []string{"bias", "kind:" + string(e.kind), "count:" + bucket(len(e.mentions), 1, 2, 4), "told:" + bucket(len(told), 1, 2)}
	for c := range r.contexts(e) {
		fs = append(fs, c)
	}
	for _, l := range listed(e.name) {
		if l.kind == Firm || l.kind == Outlet || l.kind == Agency {
			fs = append(fs, "list:"+string(l.kind))
		}
	}
	fs = append(fs, r.titleContexts(e)...)
	for _, k := range told {
		s := r.Sentences[k]
		_, dated := r.pastDate(k)
		add := func(name string, holds bool) {
			if holds {
				fs = append(fs, name)
			}
		}
		add("dated", dated)
		add("cue", r.holds(priorCues, s))
		add("figure", r.figureIn(k))
		add("data", r.dataIn(k))
		add("with victim", r.namesVictim(k))
		add("alone", !r.namesVictim(k))
		for _, m := range r.named(s, []Kind{Company, Agency, Product}) {
			add("others in sentence", m.entity != e && !slices.Contains(r.breaches[0].victims, m.entity))
		}
		fs = append(fs, r.eventsIn(k)...)
		fs = append(fs, "at:"+bucket(10*k/max(1, len(r.Sentences)), 1, 4, 7, 9))
	}
	if len(r.breaches[0].victims) == 0 {
		fs = append(fs, "no victim")
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

// pastIncidents finds sentences that recall an earlier breach of the same
// victims. Sentences with one date, or with none, tell of one breach.
func (r *reading) pastIncidents() {
	primary := r.breaches[0]
	if len(primary.victims) == 0 {
		return
	}
	var past []*incident
	for k, s := range r.Sentences {
		if k == 0 || r.incidentOf(k) != primary {
			continue
		}
		after := len(past) > 0 && past[len(past)-1].sentences[k-1] && s.Paragraph == r.Sentences[k-1].Paragraph
		if !r.holds(breachNouns, s) && !(after && (r.dataIn(k) || r.figureIn(k))) {
			continue
		}
		when, dated := r.pastDate(k)
		c := Candidate{Model: "past", Type: Suffered, Features: r.pastFeatures(k, dated, after), Evidence: s.Span, sentence: k}
		c.P = r.weights.probability(c.Model, c.Features)
		r.candidates = append(r.candidates, c)
		if !r.weights.accepts(c.Model, c.P) {
			continue
		}
		i := slices.IndexFunc(past, func(b *incident) bool {
			return after && b == past[len(past)-1] || when.IsZero() || samePeriod(when, b.recalled)
		})
		if i < 0 {
			past = append(past, &incident{sentences: make(map[int]bool), cue: k, victims: r.victimsIn(k), p: c.P})
			i = len(past) - 1
		}
		past[i].sentences[k] = true
		if past[i].recalled.IsZero() {
			past[i].recalled = when
		}
		past[i].p = max(past[i].p, c.P)
	}
	r.breaches = append(r.breaches, past...)
}

func samePeriod(a, b Period) bool {
	return b.IsZero() || !a.End.Before(b.Start) && !b.End.Before(a.Start)
}

// victimsIn gives whom of the primary victims sentence k names, else all.
func (r *reading) victimsIn(k int) []*entity {
	var out []*entity
	for i := r.Sentences[k].First; i < r.Sentences[k].Last; i++ {
		if m := r.mentionAt(i); m != nil && slices.Contains(r.breaches[0].victims, m.entity) && !slices.Contains(out, m.entity) {
			out = append(out, m.entity)
		}
	}
	if len(out) == 0 {
		return r.breaches[0].victims
	}
	return out
}

func (r *reading) holds(l lexicon, s Sentence) bool {
	for i := s.First; i < s.Last; i++ {
		if _, n := l.match(r.stems[:s.Last], i); n > 0 {
			return true
		}
	}
	return false
}

// longBefore is how far before the article's date a date tells of another
// incident rather than of the one it reports.
const longBefore = 150 * 24 * time.Hour

// pastDate gives the period in sentence k that lies well before the article's
// date, if one does.
func (r *reading) pastDate(k int) (Period, bool) {
	for _, d := range r.dates {
		if r.sentenceAt(d.Start) == k && !d.To.IsZero() && !r.published.IsZero() && r.published.Sub(d.To) > longBefore {
			return Period{d.From, d.To}, true
		}
	}
	return Period{}, false
}

// pastFeatures describes sentence k as one that recalls an earlier breach.
func (r *reading) pastFeatures(k int, dated, after bool) []string {
	s := r.Sentences[k]
	fs := []string{"bias"}
	if after {
		fs = append(fs, "after")
	}
	if !r.holds(breachNouns, s) {
		fs = append(fs, "no breach")
	}
	if dated {
		fs = append(fs, "dated")
		if d, _ := r.pastDate(k); d.Start.Year() < r.published.Year()-1 {
			fs = append(fs, "years")
		}
	}
	cue := false
	for _, f := range priorCues.find(r.stems, s.First, s.Last) {
		fs = append(fs, "cue:"+strings.Join(r.stems[f.First:f.Last], " "))
		cue = true
	}
	if cue {
		fs = append(fs, "cue")
		if dated {
			fs = append(fs, "cue&dated")
		}
	}
	named, other := false, false
	for i := s.First; i < s.Last; i++ {
		if m := r.mentionAt(i); m != nil && m.entity != nil && (m.kind == Company || m.kind == Agency) {
			if slices.Contains(r.breaches[0].victims, m.entity) {
				named = true
			} else {
				other = true
			}
		}
	}
	if named {
		fs = append(fs, "names victim")
	}
	if other {
		fs = append(fs, "names other")
	}
	if r.figureIn(k) {
		fs = append(fs, "figure")
	}
	fs = append(fs, "at:"+bucket(10*k/max(1, len(r.Sentences)), 1, 4, 7, 9))
	fs = append(fs, r.eventsIn(k)...)
	if r.dataIn(k) {
		fs = append(fs, "data")
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

// incidentOf gives the incident that sentence k tells of.
func (r *reading) incidentOf(k int) *incident {
	for _, b := range r.breaches[1:] {
		if b.sentences[k] {
			return b
		}
	}
	return r.breaches[0]
}
