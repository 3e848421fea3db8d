package extract

import (
	"cmp"
	"slices"
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

// pastIncidents finds sentences that recall an earlier breach: a word for a
// breach, a word for the past, and a date well before the article's.
func (r *reading) pastIncidents() {
	primary := r.breaches[0]
	for k, s := range r.Sentences {
		if k == 0 || r.incidentOf(k) != primary {
			continue
		}
		if !r.holds(breachNouns, s) {
			continue
		}
		when, dated := r.pastDate(k)
		c := Candidate{Model: "past", Type: Suffered, Features: r.pastFeatures(k, dated), Evidence: s.Span, sentence: k}
		c.P = r.weights.probability(c.Model, c.Features)
		r.candidates = append(r.candidates, c)
		if !r.weights.accepts(c.Model, c.P) {
			continue
		}
		if last := r.breaches[len(r.breaches)-1]; last != primary && k-r.lastSentence(last) <= 1 && (when.IsZero() || samePeriod(when, last.occurred)) {
			last.sentences[k] = true
			continue
		}
		b := &incident{sentences: map[int]bool{k: true}, cue: k, occurred: when}
		b.victims = r.victimsIn(k)
		r.breaches = append(r.breaches, b)
	}
}

func samePeriod(a, b Period) bool {
	return b.IsZero() || !a.End.Before(b.Start) && !b.End.Before(a.Start)
}

func (r *reading) lastSentence(b *incident) int {
	last := 0
	for k := range b.sentences {
		last = max(last, k)
	}
	return last
}

// victimsIn gives whom sentence k names as hit, else the primary victims.
func (r *reading) victimsIn(k int) []*entity {
	var out []*entity
	for i := r.Sentences[k].First; i < r.Sentences[k].Last; i++ {
		m := r.mentionAt(i)
		if m == nil || m.entity == nil || m.kind != Company && m.kind != Agency || slices.Contains(out, m.entity) {
			continue
		}
		out = append(out, m.entity)
		i = m.last
	}
	if primary := r.breaches[0].victims; len(out) == 0 || slices.ContainsFunc(out, func(e *entity) bool { return slices.Contains(primary, e) }) {
		if len(primary) > 1 && len(out) > 0 {
			return slices.DeleteFunc(out, func(e *entity) bool { return !slices.Contains(primary, e) })
		}
		return primary
	}
	return out[:1]
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
func (r *reading) pastFeatures(k int, dated bool) []string {
	s := r.Sentences[k]
	fs := []string{"bias"}
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
	for _, f := range r.figures {
		if r.Tokens[f.first].Sentence == k {
			fs = append(fs, "figure")
			break
		}
	}
	fs = append(fs, "at:"+bucket(10*k/max(1, len(r.Sentences)), 1, 4, 7, 9))
	fs = append(fs, r.eventsIn(k)...)
	for i := range r.data {
		if r.Tokens[r.data[i].first].Sentence == k {
			fs = append(fs, "data")
			break
		}
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
