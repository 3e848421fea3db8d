package extract

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/extract/tag"
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

// contextWords sorts the words next to an organisation's name by what they say
// of its part in the story.
var contextWords = newLexicon(`
people: customer; user; member; employee; patient; guest; client; subscriber; student; player; voter; resident; staff; worker; shopper; account; passenger; applicant; former employee; current and former; card holder; taxpayer; donor; traveler; reader; visitor; citizen; shareholder; policyholder; fan
breach: breach; hack; attack; incident; leak; intrusion; data breach; cyberattack; cyber attack; cyber-attack; security breach; compromise; exposure; data leak; security incident; hacking; ransomware attack; data theft; theft; dump; infection; database leak
data: data; database; system; server; network; website; record; store; location; app; site; information; email; source code; file; computer; platform; payment system; internal; web site; forum; mailbox; infrastructure; point-of-sale; login; property; restaurant; twitter; portal
suffer: suffered; suffer; experienced; fell victim; has been hacked; was hacked; were hacked; been hacked; was hit; been hit; hit by; been breached; was breached; was targeted; been targeted; was attacked; got hacked; becomes; became the latest; victim; was the victim; was compromised; been compromised; lost; exposed; leaked; left; failed; inadvertently; accidentally; is the latest; struck; was infected; had its; is investigating; were compromised; were stolen; were breached
tell: notified; notify; notifying; informed; warned; warn; warning; contacted; emailed; alerted; apologised; apologized; urged; advised; is notifying; has notified; will notify; told customer; told user; sent; reset; forced; offered; offering; is offering; mailed; apologises; apologizes; apologise; advise; urging; is asking; asked; asks; assured; took; has reset; has hired; hired; retained
admit: confirmed; confirms; admitted; acknowledged; disclosed; announced; revealed; admits; discloses; announces; acknowledges; reported the; fixed; patched; confirming; has confirmed; has admitted; concedes; conceded; downplayed; did not respond; declined; did not immediately; has not; refused; could not be reached; denied; denies; denying; has denied; disputes
learn: discovered; learned; became aware; noticed; detected; learnt; was alerted; was notified; identified; is aware; was made aware; is working; has engaged; was informed
say: said; say; stated; state; added; explained; wrote; told; tweeted; spokesman; spokeswoman; spokesperson; ceo; chief; president; official; executive; representative; noted; insisted
probe: investigating; inquiry; inquiries; enquiries; looking into; probe; fined; will investigate; investigates; regulator; watchdog; opened an; has been informed; has been notified; agreed; said it will; penalty; is aware of
study: researcher; report; analyst; found; survey; research; expert; warned that; survey of; study; security researcher; analysis; blog; lab; according; spotted; observed; believes
`)

// breachNouns are what an incident is called.
var breachNouns = newLexicon(`
breach: breach; hack; attack; incident; leak; intrusion; data breach; cyberattack; cyber attack; cyber-attack; security breach; hacking; theft; compromise; exposure; data loss; infiltration; infection; break-in; outage; dump; heist; hacked; breached; stolen; compromised; leaked; attacked; exposed; ransomware; hit; infected
`)

// contexts gives what the neighbourhood of e's mentions says of it, as features.
func (r *reading) contexts(e *entity) map[string]bool {
	out := make(map[string]bool)
	for _, k := range e.mentions {
		m := &r.mentions[k]
		r.contextAfter(m, out)
		r.contextBefore(m, out)
		for _, f := range r.parts(m.first, m.last) {
			out[f] = true
		}
		if _, quoted := r.inQuote(m.Start); quoted {
			out["quoted"] = true
		}
	}
	for i := range r.speeches {
		if sp := &r.speeches[i]; sp.speaker == e {
			out["speaks:"+sp.class] = true
			if sp.spoken {
				out["spokesperson"] = true
			}
			if r.firstPerson(sp) {
				out["speaks:we"] = true
			}
		}
	}
	return out
}

// contextAfter reads the words right of mention m.
func (r *reading) contextAfter(m *mention, out map[string]bool) {
	i := m.last
	possessive := false
	if w := r.lower(i); w == "'s" || w == "'" {
		possessive = true
		i++
	}
	end := min(len(r.stems), i+4)
	for j := i; j < end; j++ {
		w := r.lower(j)
		if w == "," || w == "." || w == ";" || w == "\"" || w == "(" {
			return
		}
		if value, n := contextWords.match(r.stems[:end], j); n > 0 {
			if possessive {
				value = "'s " + value
			}
			out["next:"+value] = true
			return
		}
	}
}

// contextBefore reads the words left of mention m.
func (r *reading) contextBefore(m *mention, out map[string]bool) {
	i := m.first - 1
	if r.lower(i) == "the" {
		i--
	}
	switch w := r.lower(i); w {
	case "at", "of", "from", "against", "by", "to", "on", "in", "with", "for", "into":
		for j := i - 1; j >= max(0, i-3); j-- {
			if value, n := contextWords.match(r.stems[:i], j); n > 0 {
				out["prev:"+value+" "+w] = true
				return
			}
		}
		out["prev:"+w] = true
	case "hacked", "breached", "attacked", "targeted", "hit", "hacking", "targeting", "hacks", "hits", "targets", "compromised", "hitting":
		out["prev:hacked"] = true
	case "and", ",", "or", "like", "including", "as":
		out["prev:list"] = true
	default:
		if value, n := nominalHeads.match(r.stems[:m.first], max(0, i)); i >= 0 && n > 0 {
			out["apposition:"+value] = true
		}
	}
}

// firstPerson reports whether the speaker of sp speaks as a party: "we", "our".
func (r *reading) firstPerson(sp *speech) bool {
	for i := sp.first; i < sp.last && i < len(r.Tokens); i++ {
		if w := r.lower(i); w == "our" || w == "we" || w == "us" && r.Text[r.Tokens[i].Start:r.Tokens[i].End] == "us" {
			return true
		}
	}
	return false
}

// titleContexts gives what the headline says of e, as features; none where it
// does not name e.
func (r *reading) titleContexts(e *entity) []string {
	words := titleWords(r.Article.Title)
	at, n := -1, 0
	for _, k := range e.mentions {
		m := &r.mentions[k]
		if m.how != Name && m.how != Short {
			continue
		}
		name := r.stems[m.first:m.last]
		for i := range words {
			if hasPrefix(words[i:], name) && (at < 0 || len(name) > n) {
				at, n = i, len(name)
				break
			}
		}
	}
	if at < 0 {
		return nil
	}
	fs := []string{"title", "title&kind:" + string(e.kind)}
	if at == 0 {
		fs = append(fs, "title first")
	}
	for i := at + n; i < min(len(words), at+n+4); i++ {
		if value, size := contextWords.match(words, i); size > 0 {
			fs = append(fs, "title next:"+value)
			break
		}
	}
	if at > 0 {
		fs = append(fs, "title prev:"+words[at-1])
	}
	return fs
}

// titleWords gives the stems of a headline's words, marks left out, without the
// outlet's own name at its end.
func titleWords(headline string) []string {
	headline = title(headline)
	var out []string
	for _, t := range tag.Tokenize(headline) {
		if w := headline[t.Start:t.End]; nameEnd(w) || w == "'s" || w == "’s" {
			out = append(out, stem(fold(w)))
		}
	}
	return out
}

func containsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, after := i == 0 || !isWordByte(text[i-1]), i+len(word) == len(text) || !isWordByte(text[i+len(word)])
		if before && after {
			return true
		}
		from = i + 1
	}
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// victimFeatures describes how likely e is the victim of the breach that the
// article is about.
func (r *reading) victimFeatures(e *entity) []string {
	fs := []string{"bias", "kind:" + string(e.kind)}
	total, most := 0, 0
	for _, o := range r.entities {
		if o.kind.Organization() || o.kind == Product {
			total += len(o.mentions)
			most = max(most, len(o.mentions))
		}
	}
	n := len(e.mentions)
	fs = append(fs, "count:"+bucket(n, 1, 2, 3, 5, 8, 12), "share:"+bucket(10*n/max(1, total), 0, 1, 2, 3, 5, 7))
	if n == most {
		fs = append(fs, "most")
	}
	first := r.Tokens[r.mentions[e.mentions[0]].first].Sentence
	fs = append(fs, "first:"+bucket(first, 0, 1, 2, 4, 8))
	fs = append(fs, r.titleContexts(e)...)
	for _, l := range listed(e.name) {
		if l.kind == Firm || l.kind == Outlet || l.kind == Agency {
			fs = append(fs, "list:"+string(l.kind))
		}
	}
	for c := range r.contexts(e) {
		fs = append(fs, c)
		if e.kind == Agency {
			fs = append(fs, "agency "+c)
		}
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

// title takes the outlet's own name off the end of a headline.
func title(s string) string {
	for _, mark := range []string{" | ", " – ", " — ", " - "} {
		if i := strings.Index(s, mark); i > 15 {
			s = s[:i]
		}
	}
	return s
}

// bucket names the range between limits that n falls in.
func bucket(n int, limits ...int) string {
	for _, l := range limits {
		if n <= l {
			return "≤" + itoa(l)
		}
	}
	return ">" + itoa(limits[len(limits)-1])
}

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
		c.P = model().probability(c.Model, c.Features)
		r.candidates = append(r.candidates, c)
		orgs = append(orgs, scored{e, c.P})
	}
	slices.SortStableFunc(orgs, func(a, b scored) int { return cmp.Compare(b.p, a.p) })
	primary := &incident{primary: true}
	for i, o := range orgs {
		if model().accepts("victim", o.p) || i == 0 && o.p >= soleVictimThreshold {
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
		c.P = model().probability(c.Model, c.Features)
		r.candidates = append(r.candidates, c)
		if !model().accepts(c.Model, c.P) {
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
