package graph

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// A writer makes up articles. From small pools of names it makes ones that
// meet in the same nodes and contradict each other, from large ones such as a
// crawl brings.
type writer struct {
	*rand.Rand
	companies, people int
	text              strings.Builder
	result            extract.Result
}

// article makes up the article with number n; another version of it shares the
// number only.
func (w *writer) article(n int) extract.Result {
	w.text.Reset()
	published := time.Date(2020, 1, 1, 8, 0, 0, 0, time.UTC).AddDate(0, 0, w.IntN(500))
	w.result = extract.Result{Relevant: true, Relevance: 1, Article: ingest.Article{
		ID: strconv.Itoa(n), URL: fmt.Sprintf("https://news%d.example/%d", n%7, n), Title: fmt.Sprint("Breach news ", n), Published: published,
		Publication: ingest.Publication{Name: fmt.Sprint("News ", n%7), Domain: fmt.Sprintf("news%d.example", n%7)},
		Authors:     []string{fmt.Sprint("Author ", w.IntN(5))}, Tags: []string{fmt.Sprint("tag", w.IntN(4)), "breach"},
	}}
	victim := w.entity(w.organization(), fmt.Sprint("Company ", w.IntN(w.companies)))
	firm := w.entity(w.organization(), fmt.Sprint("Company ", w.companies+w.IntN(w.companies)))
	agency := w.entity(extract.Agency, fmt.Sprint("Agency ", w.IntN(3)))
	person := w.entity(extract.Person, fmt.Sprint("Person ", w.IntN(w.people)))
	group := w.entity(extract.Group, fmt.Sprint("Group ", w.IntN(w.people)))
	for i := range 1 + w.IntN(2) {
		w.breach(i, victim, published)
		breach := w.result.Breaches[i].ID
		w.claim(extract.Suffered, victim, breach, nil)
		w.claim(extract.Attacked, group, breach, map[string]string{"role": fmt.Sprint("role ", w.IntN(3))})
		w.claim(extract.Investigates, agency, breach, nil)
		for range 4 {
			w.claim(extract.Exposed, breach, DataTypes()[w.IntN(10)].Name, nil)
		}
		w.claim(extract.Used, breach, Methods()[w.IntN(8)].Name, nil)
		for range 2 {
			w.claim(extract.HasFigure, breach, w.figure(breach), nil)
		}
	}
	w.claim(extract.Hired, victim, firm, map[string]string{"purpose": fmt.Sprint("purpose ", w.IntN(3))})
	w.claim(extract.WorksFor, person, victim, map[string]string{"title": fmt.Sprint("title ", w.IntN(3))})
	w.claim(extract.Fined, agency, victim, map[string]string{"amount": w.figure("")})
	w.claim(extract.Offered, victim, Remedies()[w.IntN(3)].Name, map[string]string{"provider": firm})
	w.claim(extract.Cites, extract.ArticleSubject, firm, nil)
	w.link(w.IntN(n + 1))
	w.result.Article.Text = w.text.String()
	return w.result
}

func (w *writer) organization() extract.Kind {
	return []extract.Kind{extract.Company, extract.Company, extract.Company, extract.Firm}[w.IntN(4)]
}

// say adds words to the text and returns where they stand.
func (w *writer) say(words string) extract.Span {
	start := w.text.Len()
	w.text.WriteString(words)
	w.text.WriteString(" ")
	return extract.Span{Start: start, End: start + len(words)}
}

func (w *writer) entity(k extract.Kind, name string) string {
	id := fmt.Sprint("e", len(w.result.Entities)+1)
	e := extract.Entity{ID: id, Kind: k, Name: name, Attributes: map[string]string{
		"sector": fmt.Sprint("sector ", w.IntN(3)), "age": strconv.Itoa(20 + w.IntN(3)),
	}}
	if w.IntN(3) == 0 {
		e.Name += []string{" Ltd", " Inc."}[w.IntN(2)]
	}
	if w.IntN(3) == 0 {
		e.Aliases = []string{fmt.Sprint(name, " alias ", w.IntN(3))}
	}
	for range 1 + w.IntN(3) {
		e.Mentions = append(e.Mentions, extract.Mention{Span: w.say(e.Name), Kind: extract.Name})
	}
	w.result.Entities = append(w.result.Entities, e)
	return id
}

func (w *writer) breach(i int, victim string, published time.Time) {
	b := extract.Breach{ID: fmt.Sprint("b", i+1), Victims: []string{victim}, Primary: i == 0}
	if w.IntN(8) == 0 {
		b.Victims = nil
	}
	if w.IntN(3) == 0 {
		b.Name = fmt.Sprint("Breach ", w.IntN(3))
	}
	back := func(days int) extract.Period {
		t := published.AddDate(0, 0, -w.IntN(days)).Truncate(24 * time.Hour)
		return extract.Period{Start: t, End: t.AddDate(0, 0, w.IntN(20))}
	}
	if w.IntN(3) == 0 {
		b.Occurred = back(300)
	}
	if w.IntN(3) == 0 {
		b.Discovered = back(100)
	}
	if w.IntN(2) == 0 {
		b.Disclosed = back(60)
	}
	w.result.Breaches = append(w.result.Breaches, b)
}

func (w *writer) figure(breach string) string {
	v := float64(1000 * (1 + w.IntN(100)))
	f := extract.Figure{ID: fmt.Sprint("f", len(w.result.Figures)+1), Span: w.say(fmt.Sprint(v, " people")), Value: &v, Unit: "people",
		Counted: "people", Breach: breach, Status: extract.Reported, AttributedTo: "e1"}
	if n := len(w.result.Figures); n > 0 && w.IntN(4) == 0 {
		f.SupersededBy = w.result.Figures[w.IntN(n)].ID
	}
	w.result.Figures = append(w.result.Figures, f)
	return f.ID
}

func (w *writer) claim(p extract.Predicate, subject, object string, attributes map[string]string) {
	c := extract.Claim{ID: fmt.Sprint("c", len(w.result.Claims)+1), Type: p, Subject: subject, Object: object,
		Status: statuses[w.IntN(len(statuses))], Evidence: w.say(fmt.Sprintf("%s %s %s %d.", subject, p, object, w.IntN(100))),
		Confidence: float64(w.IntN(100)) / 100, Attributes: attributes, Extractor: fmt.Sprint("made up ", w.IntN(2))}
	if w.IntN(2) == 0 {
		c.AttributedTo = "e4"
	}
	w.result.Claims = append(w.result.Claims, c)
}

func (w *writer) link(n int) {
	s := w.say("as we wrote")
	w.result.Article.Links = []ingest.Link{{Start: s.Start, End: s.End, URL: fmt.Sprintf("https://www.news%d.example/%d?utm_source=x", n%7, n)}}
}

// articles makes up n articles from pools of the given sizes.
func articles(seed uint64, n, companies, people int) []extract.Result {
	out := make([]extract.Result, n)
	for i := range out {
		w := writer{Rand: rand.New(rand.NewPCG(seed, uint64(i))), companies: companies, people: people}
		out[i] = w.article(i)
	}
	return out
}
