package extract

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// dateCues sorts the words that a date may belong to by what is told of it.
var dateCues = newLexicon(`
happen: occurred; occur; took place; happened; happen; transpired; dates back; dating back; dated back; stemmed from; unfolded; carried out
last: began; begin; started; starting; start; lasted; between; continued; ended; running; persisted; spanned; spanning; went on; active; had access; ongoing
attack: accessed; accessing; log in; logging in; persuaded; duped; lured; posed as; posing as; opened; clicked; fell for; planted; slipped; walked off; made off; lifted; stealing; hacking; copying; raided; robbed; snooped; photographed; photographing; viewed; breaching; compromising; infecting; attacking; targeting; stole; steal; break into; broke in; got in; getting in; entered; invaded; intruded; spied; victims of; impersonated; abused; misused; cracked; looted; stolen; hacked; breached; attacked; stole; compromised; infected; broke into; broken into; gained access; infiltrated; hit; struck; encrypted; exfiltrated; obtained; downloaded; copied; defaced; targeted; swiped; taken; took; crippled; knocked; lost; intercepted; penetrated; planted; installed; inserted; injected; deployed; emailed by; siphoned; skimmed; hijacked; phished; tricked; fell victim; fallen victim; suffered; ransacked; exploited; logged into; logged in; scraped; sent by; paralyzed; paralysed; disrupted; took over; taken over; harvested; acquired data; lurked; roamed; victim of; forged
event: attack; breach; intrusion; hack; incident; infection; theft; cyberattack; cyber attack; cyber-attack; ransomware; compromise; break-in; unauthorized access; unauthorised access; infiltration; heist; outage
expose: exposed; leaked; left open; accessible; publicly available; unprotected; unsecured; exposure; misconfigured; indexed; leak; exposing; open
detect: discovered; discover; noticed; detected; identified; found; spotted; discovery; uncovered; suspicious activity; raised the alarm; unusual activity; noticing; discovering; flagged; realised; realized; observed; came to light; stumbled
learn: has known; have known; had known; knew of; knew about; known about; was aware; notification by; heard from; tip from; learned; learnt; learn; became aware; become aware; made aware; aware; alerted by; notified by; informed by; contacted by; tipped off; was alerted; were alerted; was notified; was informed; was contacted; was told; were told; were notified by; determined; heard; received a report; received a tip; alerted to; knew; twigged
announce: announced; announce; disclosed; disclose; disclosing; disclosure; revealed; reveal; admitted; acknowledged; confirmed; went public; made public; press release; announcement; public; broke the news; first reported; news; came forward; emerged; surfaced; became known; become known; unveiled; came clean; owned up; own up; self-reported; made headlines; made news; first heard; in a letter; first told; went to the police; appeared; confirming; announcing; reveals
notify: turned to; called the police; inform; told the; told its; began notifying; began mailing; sending letters; sending; reports to; reported itself; notified; notifying; informed; informing; letter; mailed; mailing; warned; warning; alerted; notification; sent out; filed with; filing; filed; notice; advisory; reported to; report to; reported the; self-reported; emailing; sent letters; told customers; contacted; notify
say: said; say; wrote; tweeted; statement; blog post; post; told; interview; tweet; stated; spokesman; spokeswoman; spokesperson; according to; reported; report; published; publish; writing; posted
dump: dumped; dump; for sale; offered; sale; listed; advertised; uploaded; put up; released; publishing; posting; selling; sold; auction; threatened; demanded; claimed
repair: shut down; took down; taken down; took offline; taken offline; secured; patched; fixed; blocked; closed; reset; restored; contained; removed; disabled; resumed; reopened; cleaned; remediated; stopped; patch; fix; update; invalidated; locked
justice: arrested; charged; indicted; sentenced; pleaded; sued; lawsuit; suit; fined; settled; settlement; court; convicted; extradited; judge; jailed; ruling; hearing; trial; agreed to pay; subpoena; testified; raided; complaint
trade: founded; photo taken; file photo; photo; was started; was set up; slated; air; airs; season; bonus; users; rose; fell; grew; launched; acquired; bought; resigned; appointed; stepped down; joined; earnings; revenue; acquisition; merger; ipo; shares; stock; fiscal; quarter; retired; hired; market
future: will; deadline; expire; due; scheduled; planned; expected; until further
custom: used their card; used a card; used card; shopped; visited; purchased; stayed; booked; purchase; transactions; treated; used at; paid; dined; reservations; swiped at; bought from; used their; made purchases
law: law; regulation; gdpr; requires; effect; legislation; bill; election; elections; campaign; conference; survey; study
earlier: similar; previous; previously; earlier; another; separate; prior
`)

// dateSlots are the steps of a breach that are dated, and the models of them.
var dateSlots = []string{"occurred", "discovered", "disclosed"}

// datePeriods weighs for every date whether the breach it is told with
// occurred, was discovered or was disclosed then, and dates the breaches.
func datePeriods(r *reading) {
	likely := make(map[*incident]map[string][]int) // candidates, in text order
	for i := range r.dates {
		d := &r.dates[i]
		k := r.Tokens[min(d.first, len(r.Tokens)-1)].Sentence
		b := r.incidentAt(d, k)
		fs := r.dateFeatures(i, k)
		top := 0.0
		for _, slot := range dateSlots {
			top = max(top, r.weights.probability(slot, fs))
		}
		for _, slot := range dateSlots {
			c := Candidate{Model: slot, Features: fs, Evidence: Span{d.Start, d.End}, breach: b, sentence: k, anchor: i, Subject: b.id, Object: periodKey(Period{d.From, d.To})}
			c.P = r.weights.probability(slot, fs)
			if r.weights.accepts(slot, c.P) && c.P >= besideTop*top {
				if likely[b] == nil {
					likely[b] = make(map[string][]int)
				}
				likely[b][slot] = append(likely[b][slot], len(r.candidates))
			}
			r.candidates = append(r.candidates, c)
		}
	}
	for _, b := range r.breaches {
		r.dateIncident(b, likely[b])
	}
}

// besideTop is how likely one step must be, against the likeliest, for a date to
// be taken for both: most dates tell of one.
const besideTop = 0.4

// incidentAt gives the incident that date d of sentence k belongs to: the
// earlier one that is known by that date, else the one its sentence tells of.
func (r *reading) incidentAt(d *dateMention, k int) *incident {
	for _, b := range r.breaches[1:] {
		p := b.recalled
		if !p.Start.IsZero() && !p.End.IsZero() && !d.From.IsZero() && !d.From.Before(p.Start) && !d.To.IsZero() && !d.To.After(p.End) {
			return b
		}
	}
	return r.incidentOf(k)
}

// dateIncident dates b by its likely candidates. Nothing is discovered or
// disclosed before it begins, and of several times when it was found or told
// the first counts.
func (r *reading) dateIncident(b *incident, likely map[string][]int) {
	began := r.likeliest(likely["occurred"])
	for _, slot := range dateSlots[1:] {
		top := r.likeliest(likely[slot])
		if began >= 0 && top >= 0 && r.ends(top).Before(r.begins(began)) && r.candidates[top].P > r.candidates[began].P {
			began = -1
		}
	}
	if began >= 0 {
		began = r.narrowest(began, likely["occurred"])
		b.occurred = r.stretch(began, likely["occurred"])
	}
	for _, slot := range dateSlots[1:] {
		var later []int
		for _, i := range likely[slot] {
			if began < 0 || !r.ends(i).Before(r.begins(began)) {
				later = append(later, i)
			}
		}
		if first := r.earliest(later); first >= 0 {
			d := r.dates[r.candidates[first].anchor]
			*b.period(slot) = Period{d.From, d.To}
		}
	}
}

// likeliest gives the candidate with the highest probability, -1 for none.
func (r *reading) likeliest(candidates []int) int {
	best := -1
	for _, i := range candidates {
		if best < 0 || r.candidates[i].P > r.candidates[best].P {
			best = i
		}
	}
	return best
}

// nearlyAsLikely is how likely, against the likeliest, an earlier date must be
// to count in its place.
const nearlyAsLikely = 0.6

// earliest gives the first date among the candidates that are nearly as likely
// as the likeliest, -1 for none.
func (r *reading) earliest(candidates []int) int {
	best := r.likeliest(candidates)
	if best < 0 {
		return best
	}
	least := nearlyAsLikely * r.candidates[best].P
	for _, i := range candidates {
		if r.candidates[i].P >= least && r.ends(i).Before(r.ends(best)) {
			best = i
		}
	}
	return best
}

// narrowest gives the candidate that is nearly as likely as best and lies within
// its days: "last year", and further down "in May 2017".
func (r *reading) narrowest(best int, candidates []int) int {
	out, least := best, nearlyAsLikely*r.candidates[best].P
	for _, i := range candidates {
		if r.candidates[i].P >= least && !r.begins(i).Before(r.begins(out)) && !r.ends(i).After(r.ends(out)) {
			out = i
		}
	}
	return out
}

// begins and ends give the days of candidate i; an open end is the other one.
func (r *reading) begins(i int) time.Time {
	d := r.dates[r.candidates[i].anchor]
	if d.From.IsZero() {
		return d.To
	}
	return d.From
}

func (r *reading) ends(i int) time.Time {
	d := r.dates[r.candidates[i].anchor]
	if d.To.IsZero() {
		return d.From
	}
	return d.To
}

// stretch gives the period from the earliest to the latest of the candidates in
// the sentence of candidate i: "from June to August and again in October".
func (r *reading) stretch(i int, candidates []int) Period {
	best := &r.candidates[i]
	d := r.dates[best.anchor]
	out := Period{d.From, d.To}
	if out.Start.IsZero() || out.End.IsZero() {
		return out
	}
	for _, j := range candidates {
		if r.candidates[j].sentence != best.sentence {
			continue
		}
		o := r.dates[r.candidates[j].anchor]
		if !o.From.IsZero() && o.From.Before(out.Start) {
			out.Start = o.From
		}
		if o.To.After(out.End) {
			out.End = o.To
		}
	}
	return out
}

func periodKey(p Period) string {
	var s, e string
	if !p.Start.IsZero() {
		s = p.Start.Format(time.DateOnly)
	}
	if !p.End.IsZero() {
		e = p.End.Format(time.DateOnly)
	}
	return s + "/" + e
}

func (b *incident) period(slot string) *Period {
	switch slot {
	case "occurred":
		return &b.occurred
	case "discovered":
		return &b.discovered
	}
	return &b.disclosed
}

// dateReach bounds, in tokens, what is read around a date.
const dateReach = 60

// dateFeatures describes a date and what is said around it.
func (r *reading) dateFeatures(n, k int) []string {
	d := r.dates[n]
	if n > 0 && r.restates(n) {
		d.first = r.dates[n-1].first
	}
	s := r.Sentences[k]
	s.First, s.Last = max(s.First, d.first-dateReach), min(s.Last, d.last+dateReach)
	fs := []string{"bias", "sentence:" + bucket(k, 0, 1, 3, 6, 12), "opens:" + r.opening(&d)}
	fs = append(fs, r.dateCuesAround(&d, s)...)
	fs = append(fs, r.dateForm(&d)...)
	fs = append(fs, r.parts(d.first, d.last)...)
	fs = append(fs, r.eventsIn(k)...)
	if r.incidentOf(k) != r.breaches[0] {
		fs = append(fs, "past")
	}
	for i := s.First; i < s.Last; i++ {
		if m := r.mentionAt(i); m != nil && m.entity != nil && m.entity.role == victim {
			fs = append(fs, "names victim")
			break
		}
	}
	if r.holds(breachNouns, s) {
		fs = append(fs, "breach")
	}
	if r.holds(priorCues, s) {
		fs = append(fs, "prior")
	}
	near := r.nearestBody(d.first, s)
	fs = append(fs, "body:"+near, fmt.Sprintf("body:%s&at:%s", near, bucket(10*k/max(1, len(r.Sentences)), 1, 4, 7)))
	if sp := r.speechAt(min(d.first, len(r.Tokens)-1)); sp != nil {
		if d.first >= sp.first && d.first < sp.last {
			fs = append(fs, "said")
		} else {
			fs = append(fs, "when said")
		}
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

// prepositions before or at the head of a date tell what it does in its clause.
var prepositions = wordSet(`on in at by from since until between before after during over through to of for as around
	about this last the earlier late early back sometime and`)

// opening gives the first word of d where it says how the date is meant.
func (r *reading) opening(d *dateMention) string {
	if w := r.lower(d.first); prepositions[w] {
		return w
	}
	if w := r.lower(d.first - 1); prepositions[w] {
		return w
	}
	return "bare"
}

// restates reports whether date n says more exactly when the one before it was:
// "earlier this year, on Jan. 9,".
func (r *reading) restates(n int) bool {
	a, b := &r.dates[n-1], &r.dates[n]
	if b.first-a.last > 2 || b.first <= a.last || r.lower(a.last) != "," && r.lower(a.last) != "(" {
		return false
	}
	return b.To.Sub(b.From) < a.To.Sub(a.From) || a.Fuzzy
}

// dateForm describes the period that d means, against the article's date.
func (r *reading) dateForm(d *dateMention) []string {
	if d.To.IsZero() || d.From.IsZero() {
		return []string{"open"}
	}
	fs := []string{"length:" + bucket(int(d.To.Sub(d.From).Hours()/24), 0, 7, 31, 100, 366)}
	if r.published.IsZero() {
		return fs
	}
	days := int(r.published.Sub(d.To).Hours() / 24)
	fs = append(fs, "age:"+bucket(days, -2, 0, 2, 8, 32, 100, 200, 400, 800))
	if r.published.Before(d.From.AddDate(0, 0, -1)) {
		fs = append(fs, "future")
	}
	return fs
}

// clauseMarks begin or end a clause beside a date.
var clauseMarks = wordSet(`, ; : — – ( ) and but while although though when after before because that which who where since as`)

// dateCuesAround describes what the sentence tells of the date: the word that
// it belongs to, most likely, and the nearest ones on either side.
func (r *reading) dateCuesAround(d *dateMention, s Sentence) []string {
	var fs []string
	var left, right []found
	for _, c := range dateCues.find(r.stems, s.First, s.Last) {
		if m := r.mentionAt(c.First); m != nil && m.how == Name {
			continue
		}
		fs = append(fs, "holds:"+c.Value)
		switch {
		case c.Last <= d.first:
			left = append(left, c)
		case c.First >= d.last:
			right = append(right, c)
		}
	}
	initial := d.first == s.First || clauseMarks[r.lower(d.first-1)]
	if initial {
		fs = append(fs, "initial")
	}
	var governor *found
	if n := len(left); n > 0 {
		c := left[n-1]
		governor = &left[n-1]
		apart := ""
		if r.parted(c.Last, d.first) {
			apart = ","
		}
		fs = append(fs, "left:"+c.Value+apart, "left:"+c.Value+bucket(d.first-c.Last, 0, 3, 8))
		if n > 1 && !r.parted(left[n-2].Last, c.First) && c.First-left[n-2].Last < 10 {
			fs = append(fs, "chain:"+left[n-2].Value+"-"+c.Value)
			if c.Value == "event" || c.Value == "expose" {
				governor = &left[n-2]
			}
		}
	}
	if len(right) > 0 {
		c := right[0]
		fs = append(fs, "right:"+c.Value, "right:"+c.Value+bucket(c.First-d.last, 0, 3, 8))
		if len(right) > 1 && !r.parted(c.Last, right[1].First) {
			fs = append(fs, "rchain:"+c.Value+"-"+right[1].Value)
		}
		if governor == nil || initial {
			governor = &right[0]
		}
	}
	if governor == nil {
		return append(fs, "ungoverned")
	}
	fs = append(fs, "of:"+governor.Value, "word:"+strings.Join(r.stems[governor.First:governor.Last], " "))
	who := r.doer(governor, s)
	fs = append(fs, "by:"+who, "of:"+governor.Value+"&by:"+who)
	if w := r.lower(governor.First - 1); passives[w] || passives[r.lower(governor.First-2)] && adverbs[w] {
		fs = append(fs, "passive", "passive:"+governor.Value)
	}
	return fs
}

// parted reports whether a mark or word that begins a clause stands among
// tokens [first, last).
func (r *reading) parted(first, last int) bool {
	for i := first; i < last; i++ {
		if clauseMarks[r.lower(i)] {
			return true
		}
	}
	return false
}

// nearestBody names the part of the organisation that the sentence, or the one
// before it, names last before token i, else first after it.
func (r *reading) nearestBody(i int, s Sentence) string {
	part := func(j int) string {
		m := r.mentionAt(j)
		if m == nil || m.entity == nil || !(m.entity.kind.Organization() || m.entity.kind == Product) {
			return ""
		}
		switch m.entity.role {
		case victim:
			return "victim"
		case attacker:
			return "attacker"
		}
		return string(m.entity.kind)
	}
	for j := i - 1; j >= s.First; j-- {
		if p := part(j); p != "" {
			return p
		}
	}
	for j := i; j < s.Last; j++ {
		if p := part(j); p != "" {
			return p
		}
	}
	return "none"
}

var passives = wordSet(`was were been being be is are got`)

// doer names the part of whom the sentence names last before the cue.
func (r *reading) doer(cue *found, s Sentence) string {
	for i := cue.First - 1; i >= s.First; i-- {
		m := r.mentionAt(i)
		if m == nil || m.entity == nil {
			continue
		}
		switch m.entity.role {
		case victim:
			return "victim"
		case attacker:
			return "attacker"
		case official:
			return "official"
		}
		return string(m.entity.kind)
	}
	return "nobody"
}
