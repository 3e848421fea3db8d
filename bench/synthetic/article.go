package synthetic

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// How large the pools are that do not grow with the number of articles.
const (
	outlets, authors, firms, agencies, groups = 40, 400, 60, 30, 80
	malwares, vulnerabilities, towns          = 60, 500, 300
)

// exposed, methods and remedies are what breaches in the stories have to do
// with.
const (
	exposed  = `name email_address address phone_number date_of_birth password ssn customer_record credentials purchase_history`
	methods  = `phishing stolen_credentials misconfiguration ransomware third_party vulnerability_exploit insider sql_injection`
	remedies = `credit_monitoring identity_protection password_reset notification hotline`
)

func number(prefix string, before int) string { return prefix + strconv.Itoa(before+1) }

// A story is an article in the making, with those who take part in it.
type story struct {
	*writer
	plan      *plan
	about     incident
	telling   telling
	facts     *rand.Rand // the same for all articles on the incident
	published time.Time
	affected  int // people, as it came out in the end
	victim    who
	attacker  who
	chief     who
	breach    string
}

// article writes the article with number i.
func (p *plan) article(i int) extract.Result {
	t := p.tellings[i]
	about := p.incidents[t.incident]
	s := &story{
		writer: &writer{Rand: rand.New(rand.NewPCG(p.seed, uint64(i)))}, plan: p, about: about, telling: t,
		facts:     rand.New(rand.NewPCG(p.seed^0x9e3779b97f4a7c15, uint64(t.incident))),
		published: start.Add(time.Duration(t.minute) * time.Minute),
	}
	s.affected = (1 + s.facts.IntN(900)) * []int{1_000, 10_000, 100_000}[s.facts.IntN(3)]
	s.begin(i)
	s.tellCore()
	s.tellFigures()
	s.tellData()
	s.tellHelpers()
	s.tellAftermath()
	s.tellBackground()
	s.result.Article.Text = strings.TrimRight(s.text.String(), " ")
	return s.result
}

// begin writes the head of the article.
func (s *story) begin(i int) {
	out, url := s.plan.outlet(i)
	name := company(s.about.victim)
	short, _, _ := strings.Cut(name, " ")
	s.victim = s.meet(extract.Company, name, short)
	title := fmt.Sprintf(" says %s saw %s %s", word(s.telling.incident), pick("data files records", s.telling.number), pick("taken copied leaked published", i))
	s.say(s.victim, title)
	s.result.Article = ingest.Article{
		ID: number("synthetic-", i), URL: url,
		Title: strings.TrimSpace(s.text.String()), Published: s.published, Language: "en",
		Publication: ingest.Publication{Name: outlet(out), Domain: outletHost(out)},
		Authors:     []string{person(s.IntN(authors))}, Tags: []string{"security", "breach " + pick(methods, s.telling.incident), short},
	}
	s.text.Reset()
	s.text.WriteString(s.result.Article.Title + "\n\n")
	s.result.Article.BodyStart = s.text.Len()
	s.result.Relevant, s.result.Relevance = true, 1
}

// tellCore says who was hit by whom, and how.
func (s *story) tellCore() {
	disclosed := start.AddDate(0, 0, s.about.day)
	s.breach = "b1"
	b := extract.Breach{ID: s.breach, Victims: []string{s.id(s.victim)}, Primary: true}
	if s.often(60) {
		b.Disclosed = extract.Period{Start: disclosed, End: disclosed}
	}
	if began := disclosed.AddDate(0, 0, -10-s.facts.IntN(100)); s.often(40) {
		b.Occurred = extract.Period{Start: began, End: began.AddDate(0, 0, 6)}
	}
	s.result.Breaches = append(s.result.Breaches, b)
	span := s.say(s.victim, " confirmed on ", s.published.Format("Monday"), " that intruders had been in its systems.")
	s.claim(extract.Suffered, s.id(s.victim), s.breach, span, options{status: extract.Confirmed, by: s.id(s.victim)})

	s.attacker = s.meet(extract.Group, group(s.facts.IntN(groups)), "")
	span = s.say("A group that calls itself ", s.attacker, " took credit for the attack.")
	s.claim(extract.Attacked, s.id(s.attacker), s.breach, span,
		options{status: extract.Claimed, by: s.id(s.attacker), attributes: map[string]string{"role": pick("intruder broker extortionist", s.IntN(3))}})

	method := pick(methods, s.facts.IntN(8))
	span = s.say("Investigators put it down to ", strings.ReplaceAll(method, "_", " "), ".")
	s.claim(extract.Used, s.breach, method, span, options{})
	if s.facts.IntN(3) == 0 {
		tool := s.meet(extract.Malware, malware(s.facts.IntN(malwares)), "")
		s.claim(extract.Used, s.breach, s.id(tool), s.say("The malware ", tool, " was found on its servers."), options{})
	} else if s.facts.IntN(3) == 0 {
		hole := s.meet(extract.Vulnerability, vulnerability(s.facts.IntN(vulnerabilities)), "")
		s.claim(extract.Used, s.breach, s.id(hole), s.say("They may have come in by ", hole, "."), options{status: extract.Possible})
	}
}

// tellFigures says how many are affected: more as time goes by, and more still
// if one believes the attackers.
func (s *story) tellFigures() {
	stages := []int{s.affected / 4, s.affected / 2, s.affected}
	stage := s.telling.number * len(stages) / s.about.tellers
	now := s.count(stages[stage], extract.Confirmed, s.id(s.victim))
	span := s.say(s.victim, " now speaks of ", now, ".")
	s.claim(extract.HasFigure, s.breach, s.figureID(now), span, options{status: extract.Confirmed, by: s.id(s.victim)})
	if stage > 0 && s.often(60) {
		before := s.count(stages[stage-1], extract.Reported, "")
		s.result.Figures[before.index].SupersededBy = s.figureID(now)
		s.claim(extract.HasFigure, s.breach, s.figureID(before), s.say("Before, it had said ", before, "."), options{})
	}
	if s.often(35) {
		boast := s.count(3*s.affected, extract.Claimed, s.id(s.attacker))
		span := s.say(s.attacker, " boasts of ", boast, ".")
		s.claim(extract.HasFigure, s.breach, s.figureID(boast), span, options{status: extract.Claimed, by: s.id(s.attacker)})
	}
}

// count makes a number of people that the article is going to state.
func (s *story) count(n int, status extract.Status, by string) quantity {
	v := float64(n)
	s.result.Figures = append(s.result.Figures, extract.Figure{
		ID: number("f", len(s.result.Figures)), Value: &v, Low: &v, High: &v, Unit: "people", Counted: strconv.Itoa(n) + " customers",
		Breach: s.breach, Status: status, AttributedTo: by,
	})
	return quantity{len(s.result.Figures) - 1}
}

// tellData says what was taken, and what not, on which opinions differ.
func (s *story) tellData() {
	first := s.facts.IntN(10)
	for k := range 4 {
		data := pick(exposed, first+k)
		words := strings.ReplaceAll(data, "_", " ")
		if k == 3 && s.often(50) {
			span := s.say(s.victim, " denied that any ", words, " was lost.")
			s.claim(extract.Exposed, s.breach, data, span, options{status: extract.Denied, by: s.id(s.victim)})
			continue
		}
		status := []extract.Status{extract.Confirmed, extract.Confirmed, extract.Reported, extract.Possible}[k]
		s.claim(extract.Exposed, s.breach, data, s.say("Among what was taken is ", words, " of customers."), options{status: status})
	}
	if s.often(40) {
		span := s.say(s.attacker, " offers payment card numbers as well.")
		s.claim(extract.Exposed, s.breach, "payment_card", span, options{status: extract.Claimed, by: s.id(s.attacker)})
	}
}

// tellHelpers says who was called in.
func (s *story) tellHelpers() {
	expert := s.meet(extract.Firm, firm(s.facts.IntN(firms)*s.facts.IntN(firms)/firms), "")
	span := s.say("The company brought in ", expert, ".")
	s.claim(extract.Hired, s.id(s.victim), s.id(expert), span, options{attributes: map[string]string{"purpose": "investigation"}})
	if s.often(50) {
		s.claim(extract.Investigates, s.id(expert), s.breach, s.say(expert, " is looking into how it happened."), options{})
	}
	office := 0
	if s.facts.IntN(2) == 0 {
		office = s.facts.IntN(agencies)
	}
	if s.often(70) {
		police := s.meet(extract.Agency, agency(office), "")
		s.claim(extract.Investigates, s.id(police), s.breach, s.say(police, " has opened an inquiry."), options{by: s.id(police)})
		if s.facts.IntN(10) == 0 {
			span := s.say("In an earlier case ", police, " fined ", s.victim, ".")
			s.claim(extract.Fined, s.id(police), s.id(s.victim), span, options{})
		}
	}
	if s.facts.IntN(4) == 0 {
		finder := s.meet(extract.Person, person(1_000+s.facts.IntN(300)), "")
		s.claim(extract.Discovered, s.id(finder), s.breach, s.say("It was ", finder, " who found the files."), options{})
	}
}

// tellAftermath says what the company does about it.
func (s *story) tellAftermath() {
	chief := person(2_000 + s.about.victim)
	_, last, _ := strings.Cut(chief, " ")
	s.chief = s.meet(extract.Person, chief, last)
	span := s.say(s.chief, ", its chief executive, apologised.")
	s.claim(extract.WorksFor, s.id(s.chief), s.id(s.victim), span, options{attributes: map[string]string{"title": "chief executive"}})
	if s.often(40) {
		speaker := s.meet(extract.Person, person(10_000+s.IntN(s.plan.companies)), "")
		span := s.say(speaker, " speaks for the company.")
		s.claim(extract.WorksFor, s.id(speaker), s.id(s.victim), span, options{attributes: map[string]string{"title": "spokesperson"}})
	}
	if s.often(60) {
		remedy := pick(remedies, s.facts.IntN(5))
		span := s.say("Customers get ", strings.ReplaceAll(remedy, "_", " "), " for free, ", s.chief, " said.")
		s.claim(extract.Offered, s.id(s.victim), remedy, span, options{status: extract.Confirmed, by: s.id(s.chief)})
	}
	if s.often(15) {
		owner := s.meet(extract.Company, company((s.about.victim+1)%s.plan.companies), "")
		if s.facts.IntN(2) == 0 {
			s.claim(extract.SubsidiaryOf, s.id(s.victim), s.id(owner), s.say("It belongs to ", owner, "."), options{})
		} else {
			s.claim(extract.Sued, s.id(owner), s.id(s.victim), s.say(owner, " is suing it."), options{status: extract.Alleged})
		}
	}
}

// tellBackground sets the scene: places, who was quoted, what happened before.
func (s *story) tellBackground() {
	if s.often(60) {
		s.say("Most of those affected live in the ", s.meet(extract.Place, "US", ""), ".")
	}
	if s.often(40) {
		s.say("One of them is ", s.meet(extract.Person, person(15_000+s.IntN(len(s.plan.tellings))), ""), ".")
	}
	if s.often(50) {
		s.say("It is known for ", s.meet(extract.Product, word(productWords+s.about.victim)+" One", ""), ".")
	}
	s.say("Its head office is in ", s.meet(extract.Place, town(s.about.victim%towns), ""), ".")
	if s.often(50) {
		quoted := s.meet(extract.Outlet, outlet(s.IntN(outlets)), "")
		s.claim(extract.Cites, extract.ArticleSubject, s.id(quoted), s.say("That is what ", quoted, " wrote first."), options{})
	}
	if before, ok := s.plan.recalled(s.telling.minute); ok && s.about.victim != carrier && s.often(100*passingShare) {
		other := s.meet(extract.Company, company(carrier), "Norvane")
		day := start.AddDate(0, 0, s.plan.incidents[before].day)
		s.result.Breaches = append(s.result.Breaches, extract.Breach{
			ID: "b2", Victims: []string{s.id(other)}, Disclosed: extract.Period{Start: day, End: day},
		})
		span := s.say("In ", day.Format("January 2006"), " it was ", other, " that lost customer data.")
		s.claim(extract.Suffered, s.id(other), "b2", span, options{})
		s.claim(extract.Exposed, "b2", "customer_record", span, options{})
	}
	s.link()
}

// link refers to the article before on the same incident, or to a page that no
// article is.
func (s *story) link() {
	url := fmt.Sprintf("https://%s/about/%d", outletHost(s.IntN(outlets)), s.IntN(1000))
	if s.telling.before >= 0 {
		_, url = s.plan.outlet(s.telling.before)
	}
	span := s.say("More on this.")
	s.result.Article.Links = []ingest.Link{{Start: span.Start, End: span.End, URL: url}}
}
