package extract

import (
	"net/url"
	"path"
	"slices"
	"strings"

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
	dollar := r.dollar()
	for _, f := range figure.Find(r.Text) {
		if f.Unit == figure.USD && bareDollars(r.Text[f.Start:f.End]) {
			f.Unit = dollar
		}
		first, last := r.tokens(Span{f.Start, f.End})
		if first < last && !r.inName(first, last) {
			r.figures = append(r.figures, figureMention{Figure: f, first: first, last: last})
		}
	}
}

// dollarLands sorts names of countries and of places and bodies in them by the
// dollar that is spent there.
var dollarLands = newLexicon(`
USD: u.s.; u.s; usa; united states; america; american; washington; california; texas; florida; fbi; congress
AUD: australia; australian; sydney; melbourne; brisbane; perth; adelaide; canberra; hobart; queensland; tasmania; nsw; new south wales; asx; acsc; oaic; asic; apra; accc; austrac; victoria; victorian; geelong; cairns; wollongong; shire
CAD: canada; canadian; ontario; quebec; toronto; montreal; vancouver; ottawa; calgary; alberta; british columbia; manitoba; saskatchewan; nova scotia; new brunswick; winnipeg; edmonton; halifax; rcmp
NZD: new zealand; auckland; wellington; christchurch; nzx
SGD: singapore; singaporean; singhealth
HKD: hong kong; hkex; kowloon
`)

// dollarDomains are the countries whose outlets mean their own dollar.
var dollarDomains = map[string]string{".au": "AUD", ".ca": "CAD", ".nz": "NZD", ".sg": "SGD", ".hk": "HKD"}

// leastNamed is how often a country must be named for a bare dollar to be its
// own, beside twice as often as the United States.
const leastNamed = 3

// dollar gives the currency that a bare "$" means in the article: that of the
// outlet's country, else of the country it speaks of, as a rule the American.
func (r *reading) dollar() string {
	if u, err := url.Parse(r.Article.URL); err == nil {
		if code := dollarDomains[path.Ext(u.Hostname())]; code != "" {
			return code
		}
	}
	if !strings.Contains(r.Text, "$") && !strings.Contains(r.Text, "dollar") {
		return figure.USD
	}
	named := make(map[string]int)
	for _, f := range dollarLands.find(r.stems, 0, len(r.stems)) {
		named[f.Value]++
	}
	for _, code := range []string{"AUD", "CAD", "NZD", "SGD", "HKD"} {
		if named[code] >= max(leastNamed, 2*named[figure.USD]+1) {
			return code
		}
	}
	return figure.USD
}

// bareDollars reports whether an amount is written in dollars that no country
// is named with.
func bareDollars(amount string) bool {
	return strings.HasPrefix(amount, "$") || strings.HasSuffix(amount, "dollars") && len(strings.Fields(amount)) <= 3
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
		if f.kept && f.Unit != "breaches" && r.weights.accepts(c.Model, c.P) {
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
