package extract

import (
	"slices"
	"strings"
)

// A post says that a person works for an organisation.
type post struct {
	person, body *entity
}

// jobTitles are the titles that tie a person to a body. A title of two values
// depends on what stands beside it.
var jobTitles = newLexicon(`
officer: chief executive officer; chief executive; ceo; cto; cio; ciso; cfo; coo; chief information officer; chief technology officer; chief information security officer; chief security officer; chief operating officer; chief financial officer; president; chairman; chairwoman; chair; managing director; director; founder; co-founder; cofounder; vice president; senior vice president; executive vice president; vp; head; general counsel; superintendent; chancellor; provost; dean; principal; executive director; general manager; manager; deputy; boss; owner; executive; senior director; chief; partner; vice chancellor; rector; chief of staff; senior vice-president; vice-president; chief privacy officer; data protection officer; chief medical officer; administrator; editor; treasurer
speaker: spokesman; spokeswoman; spokesperson; representative; press secretary; public affairs; communications director; communications manager; media relations; press officer; spox; pr manager; director of communications; communications officer; director of public affairs; public information officer
expert: researcher; security researcher; analyst; expert; security expert; consultant; engineer; senior researcher; research director; strategist; evangelist; specialist; principal researcher; threat analyst; malware analyst; security analyst; security engineer; professor; lecturer; associate professor; lawyer; attorney; counsel; investigator; scientist; technologist; security consultant; architect; blogger; journalist; reporter; columnist; forensic; technical director; developer; programmer; technician; security architect; fellow; cryptographer; intern
state: attorney general; commissioner; secretary; secretary of state; minister; prime minister; senator; governor; mayor; sheriff; detective; special agent; agent; judge; prosecutor; district attorney; u.s. attorney; congressman; congresswoman; member of parliament; representative; inspector; superintendent; police chief; chief of police; councillor; councilman; solicitor general; information commissioner; sergeant; lieutenant; captain; general; lord; mp; home secretary; deputy attorney general; assistant attorney general; ambassador; chairman; justice
employee: employee; worker; staffer; nurse; doctor; physician; clerk; former employee; teacher; contractor; member; student; leader; volunteer; trustee
`)

// findStaff makes the candidates for who works for whom: a person with a title,
// and the organisations near by.
func findStaff(r *reading) {
	for k, s := range r.Sentences {
		people := r.named(s, []Kind{Person})
		if len(people) == 0 || len(people) > 8 {
			continue
		}
		bodies := r.named(s, organizations)
		for _, p := range people {
			if p.how == Pronoun || p.how == Nominal {
				continue
			}
			title, ok := r.titleOf(s, p)
			made := 0
			for _, o := range bodies {
				if made++; made > 8 {
					break
				}
				r.proposePost(k, p, o, title, ok)
			}
			if ok {
				r.proposeImpliedPost(k, p, title, bodies)
			}
		}
	}
}

// proposeImpliedPost ties an officer whose body the sentence leaves open to the
// victim: "CEO Mike Sievert".
func (r *reading) proposeImpliedPost(k int, p *mention, title found, bodies []*mention) {
	victims := r.breaches[0].victims
	if len(victims) == 0 || slices.ContainsFunc(bodies, func(m *mention) bool { return m.entity == victims[0] }) {
		return
	}
	stand := mention{entity: victims[0], kind: victims[0].kind, first: r.Sentences[k].First, last: r.Sentences[k].First, how: Pronoun}
	r.proposePost(k, p, &stand, title, true)
}

// titleOf gives the job title beside mention p.
func (r *reading) titleOf(s Sentence, p *mention) (found, bool) {
	for i := p.first - 1; i >= max(s.First, p.first-5); i-- {
		if value, n := jobTitles.match(r.stems[:p.first], i); n > 0 {
			for i > s.First {
				if v, m := jobTitles.match(r.stems[:p.first], i-1); m > n {
					value, n, i = v, m, i-1
					continue
				}
				break
			}
			return found{i, i + n, value}, true
		}
		if r.lower(i) == "," && i < p.first-1 || r.lower(i) == "said" {
			break
		}
	}
	if w := r.lower(p.last); w == "," || w == "(" || w == "-" || w == "–" || w == "is" || w == "was" || w == "who" || w == "as" {
		for i := p.last + 1; i < min(s.Last, p.last+10); i++ {
			if value, n := jobTitles.match(r.stems[:s.Last], i); n > 0 {
				return found{i, i + n, value}, true
			}
			if m := r.mentionAt(i); m != nil && m.kind == Person {
				break
			}
		}
	}
	return found{}, false
}

func (r *reading) proposePost(k int, p, o *mention, title found, titled bool) {
	fs := []string{"bias", "o kind:" + string(o.entity.kind), "o how:" + string(o.how)}
	attributes := map[string]string(nil)
	if titled {
		phrase := strings.Join(r.stems[title.First:title.Last], " ")
		attributes = map[string]string{"title": r.titleText(title)}
		side := "right"
		if title.First < p.first {
			side = "left"
		}
		fs = append(fs, "title:"+title.Value, "title:"+side, "title:"+title.Value+side+string(o.entity.kind), "title phrase:"+phrase)
		before, after := "o before title", "o after title"
		switch {
		case o.last > o.first && o.first < title.Last:
			fs = append(fs, before, before+" "+side, before+" "+side+bucket(gap(title, o), 0, 1, 2, 4, 8))
		case o.last > o.first:
			fs = append(fs, after, after+" "+side, after+" "+side+bucket(gap(title, o), 0, 1, 2, 4, 8))
		case r.hasOffice(o.entity, phrase): // as good as beside it
			fs = append(fs, before, before+" "+side, before+" "+side+bucket(0, 0))
		default:
			fs = append(fs, "implied", "implied:"+title.Value)
		}
	} else {
		fs = append(fs, "untitled")
	}
	if o.last > o.first {
		fs = append(fs, r.between(p, o), "far:"+bucket(max(p.first-o.last, o.first-p.last), 0, 1, 3, 6, 12))
		if o.first < p.first {
			fs = append(fs, "order:op")
		} else {
			fs = append(fs, "order:po")
		}
		fs = append(fs, "o before:"+r.stemAt(o.first-1), "o after:"+r.stemAt(o.last))
	}
	if o.entity.role == victim {
		fs = append(fs, "victim")
	}
	slices.Sort(fs)
	anchor := p.first
	r.candidates = append(r.candidates, Candidate{
		Model: string(WorksFor), Type: WorksFor, Subject: p.entity.id, Object: o.entity.id,
		Features: slices.Compact(fs), Evidence: r.Sentences[k].Span, sentence: k, anchor: anchor,
		breach: r.incidentOf(k), entity: p.entity, attributes: attributes,
	})
}

// hasOffice reports whether the text gives the body e an office called phrase, in
// stems, wherever it names e: "T-Mobile's CEO".
func (r *reading) hasOffice(e *entity, phrase string) bool {
	words := strings.Fields(phrase)
	for _, k := range e.mentions {
		at := r.mentions[k].last
		if r.lower(at) == "'s" || r.lower(at) == "'" {
			at++
		}
		if at < len(r.stems) && hasPrefix(r.stems[at:], words) {
			return true
		}
	}
	return false
}

// titleText gives a job title with the words that belong to it on the left
// ("vice president for …" stays short).
func (r *reading) titleText(t found) string {
	first := t.First
	for first > 0 && r.Tokens[first-1].Sentence == r.Tokens[t.First].Sentence && r.mentionAt(first-1) == nil {
		switch r.lower(first - 1) {
		case "senior", "deputy", "former", "chief", "executive", "managing", "security", "principal", "associate", "assistant", "acting", "vice", "general", "lead", "technical", "global", "interim":
			first--
			continue
		}
		break
	}
	return r.text(first, t.Last)
}

// settleStaff takes the likely posts over into the story: those who speak for a
// victim are its officials.
func settleStaff(r *reading) {
	for i := range r.candidates {
		c := &r.candidates[i]
		if c.Model != string(WorksFor) {
			continue
		}
		c.P = r.weights.probability(c.Model, c.Features)
		if !r.weights.accepts(c.Model, c.P) {
			continue
		}
		body := r.byID(c.Object)
		r.staff = append(r.staff, post{c.entity, body})
		if body != nil && body.role == victim && c.entity.role == bystander {
			c.entity.role = official
		}
	}
}

// byID gives the entity with that id, or nil.
func (r *reading) byID(id string) *entity {
	for _, e := range r.entities {
		if e.id == id {
			return e
		}
	}
	return nil
}
