package extract

import (
	"strings"

	"github.com/breachgraph/breachgraph/ingest"
)

// passes is the list of passes, in order: each works on what those before it
// found.
var passes = []struct {
	name string
	run  func(*reading)
}{
	{"names", findNames},
	{"cluster", clusterNames},
	{"ids", (*reading).identify},
	{"nominals", resolveNominals},
	{"quantities", findQuantities},
	{"clauses", splitClauses},
	{"speeches", findSpeeches},
	{"data", findData},
	{"incidents", findIncidents},
	{"staff", findStaff},
	{"settle staff", settleStaff},
	{"parties", relateParties},
	{"brands", relateBrands},
	{"attackers", settleAttackers},
	{"admissions", findAdmissions},
	{"exposed", relateData},
	{"methods", relateMethods},
	{"remedies", relateRemedies},
	{"figures", selectFigures},
	{"dates", datePeriods},
	{"relevance", judgeRelevance},
	{"judge", judge},
	{"claims", makeClaims},
}

// Options change what Extract does. The zero value is what most want.
type Options struct {
	// AnyLanguage extracts from text that is not English too. The passes know
	// English only: what they find in another language is mostly noise.
	AnyLanguage bool
	// Weights judge the candidates; nil means the embedded ones. Training
	// measures by it what weights are worth on articles they have not seen.
	Weights Weights
}

// Extract reads an article. It never fails: an article that says nothing, or
// says it in another language, gives a Result that holds nothing. The same
// article gives the same Result.
func Extract(a ingest.Article, o Options) Result {
	result, _ := Examine(a, o)
	return result
}

// Examine is Extract, and also gives every statement that was weighed: for
// training, and for asking why a claim was made or not.
func Examine(a ingest.Article, o Options) (Result, []Candidate) {
	d := NewDocument(a)
	if d.Article.Language == "" {
		d.Article.Language = language(d)
	}
	if lang := d.Article.Language; !o.AnyLanguage && lang != "" && !strings.HasPrefix(lang, "en") {
		return Result{Article: d.Article}, nil
	}
	r := newReading(d)
	if o.Weights != nil {
		r.weights = o.Weights
	}
	for _, p := range passes {
		p.run(r)
	}
	return r.result(), append(r.candidates, r.options...)
}

// identify numbers the entities in the order of their first mention.
func (r *reading) identify() {
	for i, e := range r.entities {
		e.id = "e" + itoa(i+1)
	}
}

// settleAttackers takes the likely attackers over into the story, so that what
// they say counts as theirs.
func settleAttackers(r *reading) {
	for i := range r.candidates {
		c := &r.candidates[i]
		if c.Model != string(Attacked) {
			continue
		}
		c.P = r.weights.probability(c.Model, c.Features)
		if r.weights.accepts(c.Model, c.P) && c.entity.role == bystander {
			c.entity.role = attacker
		}
	}
}

// result writes down what the passes found.
func (r *reading) result() Result {
	out := Result{Article: r.Article, Claims: r.claims, Relevance: round(r.relevance), Relevant: r.relevance >= relevantFrom}
	for _, e := range r.entities {
		entity := Entity{ID: e.id, Kind: e.kind, Name: e.name}
		seen := map[string]bool{e.name: true}
		for _, k := range e.mentions {
			m := r.mentions[k]
			entity.Mentions = append(entity.Mentions, Mention{m.Span, m.how})
			if text := r.Text[m.Start:m.End]; (m.how == Name || m.how == Short) && !seen[text] {
				seen[text] = true
				entity.Aliases = append(entity.Aliases, text)
			}
		}
		out.Entities = append(out.Entities, entity)
	}
	for i := range r.figures {
		if f := &r.figures[i]; f.kept {
			out.Figures = append(out.Figures, r.figure(f, "f"+itoa(len(out.Figures)+1)))
		}
	}
	for _, b := range r.breaches {
		if !r.tells(b) {
			continue
		}
		breach := Breach{ID: b.id, Primary: b.primary, Occurred: b.occurred, Discovered: b.discovered, Disclosed: b.disclosed}
		for _, v := range b.victims {
			breach.Victims = append(breach.Victims, v.id)
		}
		out.Breaches = append(out.Breaches, breach)
	}
	return out
}

// tells reports whether anything is claimed of b.
func (r *reading) tells(b *incident) bool {
	for _, c := range r.claims {
		if c.Subject == b.id || c.Object == b.id {
			return true
		}
	}
	return false
}

// joins may part a number from what it counts: "millions of customers".
var joins = map[string]bool{"": true, "of": true, "\"": true, "“": true, "-": true}

// lengths are the units of time that a number stands before, in the singular.
var lengths = wordSet(`year month week day hour minute`)

// figure writes down f, whose text takes in its qualifier and what it counts.
func (r *reading) figure(f *figureMention, id string) Figure {
	span := Span{f.Start, f.End}
	if f.QualifierStart < f.Start {
		span.Start = f.QualifierStart
	}
	if f.CountedStart >= f.End && joins[strings.TrimSpace(r.Text[f.End:f.CountedStart])] {
		span.End = f.CountedEnd
	} else if f.last < len(r.Tokens) && lengths[r.stems[f.last]] && (f.Unit == "other" || strings.HasPrefix(f.Unit, r.stems[f.last])) {
		span.End = r.Tokens[f.last].End
	}
	c := Candidate{Type: HasFigure, anchor: f.first, breach: f.breach, sentence: r.Tokens[f.first].Sentence}
	stand := r.standing(&c)
	out := Figure{
		ID: id, Span: span, Value: f.Value, Low: f.Low, High: f.High, Approx: f.Approx, Unit: f.Unit,
		Counted: f.Counted, Of: f.of, Status: stand.status, AttributedTo: idOf(stand.by),
	}
	if f.breach != nil {
		out.Breach = f.breach.id
	}
	return out
}
