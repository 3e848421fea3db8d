package extract

import (
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/extract/figure"
	"github.com/breachgraph/breachgraph/extract/when"
)

// A figureMention is a quantity in the text and the tokens it covers.
type figureMention struct {
	figure.Figure
	first, last int
	kept        bool // it says something about a breach or its parties
	of          []string
	breach      *incident
	p           float64
}

// A dateMention is a date expression in the text and the tokens it covers.
type dateMention struct {
	when.Date
	first, last int
}

// findQuantities reads the figures and dates of the text.
func findQuantities(r *reading) {
	for _, d := range when.Find(r.Text, r.published) {
		first, last := r.tokens(Span{d.Start, d.End})
		r.dates = append(r.dates, dateMention{d, first, last})
	}
	for _, f := range figure.Find(r.Text) {
		first, last := r.tokens(Span{f.Start, f.End})
		if first < last && !r.inName(first, last) {
			r.figures = append(r.figures, figureMention{Figure: f, first: first, last: last})
		}
	}
}

// inName reports whether a name holds the tokens: "Three UK", "3M".
func (r *reading) inName(first, last int) bool {
	for i := first; i < last; i++ {
		if m := r.mentionAt(i); m != nil && m.how == Name && m.last-m.first >= last-first {
			return true
		}
	}
	return false
}

// statisticWords tell that a sentence speaks of the trade at large.
var statisticWords = newLexicon(`
statistic: survey; study; average; industry; respondent; according to a report; report found; percent of organization; percent of company; worldwide; globally; overall; research; healthcare organization; on average; typical; each year; per year; annually; statistics; organizations experienced; in general; businesses
law: law; legislation; statute; rule; regulation; requires; require; required; must; turnover; gdpr
`)

// selectFigures keeps the figures that say something about the breach or its
// parties, and ties each to its breach.
func selectFigures(r *reading) {
	type key struct {
		value, low, high float64
		unit             string
	}
	seen := make(map[key]bool)
	for i := range r.figures {
		f := &r.figures[i]
		k := key{number(f.Value), number(f.Low), number(f.High), f.Unit}
		fs := r.figureFeatures(f)
		if seen[k] {
			fs = append(fs, "repeated")
			slices.Sort(fs)
		}
		seen[k] = true
		c := Candidate{Model: "figure", Type: HasFigure, Features: fs, anchor: f.first, Evidence: Span{f.Start, f.End}}
		c.P = r.weights.probability("figure", fs)
		f.p, f.kept = c.P, r.weights.accepts(c.Model, c.P)
		r.candidates = append(r.candidates, c)
		c.Model = "figure breach"
		c.P = r.weights.probability(c.Model, fs)
		r.candidates = append(r.candidates, c)
		if f.kept && r.weights.accepts(c.Model, c.P) {
			f.breach = r.incidentOf(r.Tokens[f.first].Sentence)
		}
		f.of = r.countedData(f)
	}
}

func number(v *float64) float64 {
	if v == nil {
		return -1
	}
	return *v
}

// figureFeatures describes a figure and the sentence it stands in.
func (r *reading) figureFeatures(f *figureMention) []string {
	k := r.Tokens[f.first].Sentence
	s := r.Sentences[k]
	fs := []string{"bias", "unit:" + f.Unit, "sentence:" + bucket(k, 0, 2, 5, 10, 20), "at:" + bucket(10*k/max(1, len(r.Sentences)), 1, 4, 7, 9)}
	if f.Approx {
		fs = append(fs, "approx")
	}
	if f.Value == nil {
		fs = append(fs, "range")
	} else {
		fs = append(fs, "size:"+bucket(int(min(*f.Value, 1e9)), 1, 2, 5, 10, 100, 1000, 100000))
		if *f.Value <= 10 {
			fs = append(fs, "small&unit:"+f.Unit)
		}
	}
	if f.Counted == "" {
		fs = append(fs, "uncounted")
	} else {
		fs = append(fs, "head:"+lastStem(f.Counted))
	}
	for value, l := range map[string]lexicon{"breach": breachNouns, "exposure": exposure} {
		if r.holds(l, s) {
			fs = append(fs, "holds:"+value)
		}
	}
	for _, hit := range statisticWords.find(r.stems, s.First, s.Last) {
		fs = append(fs, "holds:"+hit.Value)
	}
	named := false
	for i := s.First; i < s.Last; i++ {
		if m := r.mentionAt(i); m != nil && m.entity != nil {
			named = true
			if m.entity.role == victim {
				fs = append(fs, "names victim")
			}
			if m.kind == Person && (i == f.first-1 || i == f.first-2 || i == f.last || i == f.last+1) {
				fs = append(fs, "beside person")
			}
		}
	}
	if !named {
		fs = append(fs, "nobody named")
	}
	if r.incidentOf(k) != r.breaches[0] {
		fs = append(fs, "past")
	}
	fs = append(fs, "before:"+r.stemAt(f.first-1), "after:"+r.stemAt(f.last))
	fs = append(fs, r.parts(f.first, f.last)...)
	if _, quoted := r.inQuote(f.Start); quoted {
		fs = append(fs, "quoted")
	}
	if containsDigits(r.Article.Title, r.Text[f.Start:f.End]) {
		fs = append(fs, "title")
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

// containsDigits reports whether title holds the figure as it is written.
func containsDigits(title, figure string) bool {
	return len(figure) > 1 && containsWord(fold(title), fold(figure))
}

func (r *reading) stemAt(i int) string {
	if i < 0 || i >= len(r.stems) {
		return ""
	}
	return r.stems[i]
}

func lastStem(phrase string) string {
	return stem(fold(lastWord(phrase)))
}

// countedData gives the kinds of data that a figure counts: those its noun
// names ("48 million Social Security numbers").
func (r *reading) countedData(f *figureMention) []string {
	var out []string
	end := f.last + 6
	if f.CountedEnd > 0 {
		_, end = r.tokens(Span{f.Start, f.CountedEnd})
	}
	for _, d := range r.data {
		if d.first >= f.last && d.last <= end && !slices.Contains(out, d.value) && f.Unit != "people" {
			out = append(out, d.value)
		}
	}
	return out
}

// dateCues sorts the words around a date by what happened then.
var dateCues = newLexicon(`
occurred: occurred; took place; happened; between; began; started; dates back; dating back; accessed; stolen; hacked; breached; attacked; stole; compromised; infected; broke into; gained access; exposed; leaked; from; through; until; since; attack; intrusion; breach; infiltrated; intruder; hit; lasted; affected; swiped; used their card; purchases; was stolen; obtained; conducted; emailed; sent; used at; visited; left; infection; exfiltrated; operated; logged; encrypted; stemmed; defaced
discovered: discovered; noticed; learned; learnt; became aware; detected; identified; found; aware; spotted; realised; realized; discovery; alerted; uncovered; suspicious activity; raised the alarm; determined; notified by; unusual activity; informed by; contacted by
disclosed: announced; disclosed; revealed; notified; informed; confirmed; posted; published; said; told; statement; reported; letter; filed; filing; press release; warned; emailed; admitted; acknowledged; letters; notification; notifying; went public; made public; advisory; alert; notice; tweeted; dumped; statement on; mailing; reveal
other: arrested; fixed; patched; founded; launched; sentenced; sued; hired; acquired; deadline; patch; since; law; court; lawsuit; resigned; will; offered; expire; january sales; survey; elections; conference; updated
`)

// datePeriods assigns dates to what happened then: for each breach and slot the
// likeliest date, stretched over the other likely ones of its sentence ("from
// June to August and again in October").
func datePeriods(r *reading) {
	type choice struct {
		b    *incident
		slot string
	}
	best := make(map[choice]int)
	var order []choice
	for i := range r.dates {
		d := &r.dates[i]
		k := r.Tokens[min(d.first, len(r.Tokens)-1)].Sentence
		b := r.incidentOf(k)
		fs := r.dateFeatures(d, k)
		for _, slot := range []string{"occurred", "discovered", "disclosed"} {
			c := Candidate{Model: slot, Features: fs, Evidence: Span{d.Start, d.End}, breach: b, sentence: k, anchor: i, Subject: b.id, Object: periodKey(Period{d.From, d.To})}
			c.P = r.weights.probability(slot, fs)
			r.candidates = append(r.candidates, c)
			if !r.weights.accepts(slot, c.P) {
				continue
			}
			at := choice{b, slot}
			old, ok := best[at]
			if !ok {
				order = append(order, at)
			}
			if !ok || r.candidates[old].P < c.P {
				best[at] = len(r.candidates) - 1
			}
		}
	}
	for _, at := range order {
		*at.b.period(at.slot) = r.stretch(best[at], at.slot)
	}
}

// stretch gives the period from the earliest to the latest of the dates in the
// sentence of candidate i that are accepted for the same slot.
func (r *reading) stretch(i int, slot string) Period {
	best := &r.candidates[i]
	d := r.dates[best.anchor]
	out := Period{d.From, d.To}
	if slot != "occurred" || out.Start.IsZero() || out.End.IsZero() {
		return out
	}
	for j := range r.candidates {
		c := &r.candidates[j]
		if c.Model != slot || c.sentence != best.sentence || c.breach != best.breach || !r.weights.accepts(slot, c.P) {
			continue
		}
		o := r.dates[c.anchor]
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

// dateFeatures describes a date and what is said around it.
func (r *reading) dateFeatures(d *dateMention, k int) []string {
	s := r.Sentences[k]
	fs := []string{"bias", "sentence:" + bucket(k, 0, 1, 3, 6, 12), "before:" + r.stemAt(d.first-1), "opens:" + r.stemAt(d.first)}
	for i := d.first - 1; i >= max(s.First, d.first-12); i-- {
		if value, n := dateCues.match(r.stems[:d.first], i); n > 0 {
			fs = append(fs, "left:"+value, "left:"+value+bucket(d.first-i, 2, 5, 12))
			break
		}
	}
	for i := d.last; i < min(s.Last, d.last+10); i++ {
		if value, n := dateCues.match(r.stems[:s.Last], i); n > 0 {
			fs = append(fs, "right:"+value, "right:"+value+bucket(i-d.last, 2, 5, 12))
			break
		}
	}
	for _, f := range dateCues.find(r.stems, s.First, s.Last) {
		fs = append(fs, "holds:"+f.Value)
	}
	if !d.To.IsZero() && !d.From.IsZero() {
		fs = append(fs, "length:"+bucket(int(d.To.Sub(d.From).Hours()/24), 0, 7, 31, 100, 366))
		if !r.published.IsZero() {
			days := int(r.published.Sub(d.To).Hours() / 24)
			fs = append(fs, "age:"+bucket(days, -2, 0, 2, 8, 32, 100, 200, 400, 800))
			if days < -1 {
				fs = append(fs, "future")
			}
		}
	} else {
		fs = append(fs, "open")
	}
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
