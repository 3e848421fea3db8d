package web

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

//go:embed *.gohtml *.css
var files embed.FS

var evidencePage = template.Must(template.New("evidence.gohtml").ParseFS(files, "evidence.gohtml"))

// WriteEvidence writes one self-contained page that shows an article's text
// with its mentions, figures and evidence marked, and beside it what was
// extracted, each linked to the place that says so.
func WriteEvidence(w io.Writer, r extract.Result) error {
	style, err := files.ReadFile("evidence.css")
	if err != nil {
		return fmt.Errorf("write evidence page: %w", err)
	}
	page := newEvidence(r)
	page.Style = template.CSS(style)
	if err := evidencePage.Execute(w, page); err != nil {
		return fmt.Errorf("write evidence page of %q: %w", r.Article.ID, err)
	}
	return nil
}

// evidence is what the page's template shows.
type evidence struct {
	Style                 template.CSS
	Title, URL, Published string
	Relevance             int // percent
	Relevant              bool
	Language              string
	Paragraphs            [][]segment
	Entities              []entityRow
	Figures               []figureRow
	Breaches              []breachRow
	Claims                []claimRow
	Drawing               drawing
}

// A segment is a run of text within which no span begins or ends.
type segment struct {
	Text   string
	ID     string // anchor of the mention or figure that begins here
	Kind   string // kind of the entity, or "figure"; empty for plain text
	Target string // row that the segment links to
	Note   string // what a reader is told on hover or focus
	Claims []string
}

type entityRow struct {
	ID, Kind, Name string
	Aliases        string
	Mentions       []string // anchors
}

type figureRow struct{ ID, Text, Meaning, Status, By, Anchor string }

type breachRow struct{ ID, Name, Victims, Dates string }

type claimRow struct {
	ID, Subject, Predicate, Object, Status, By, Evidence, Anchor string
	Confidence                                                   int // percent
}

func newEvidence(r extract.Result) evidence {
	names := labels(r)
	page := evidence{
		Title: r.Article.Title, URL: r.Article.URL, Relevant: r.Relevant, Language: r.Article.Language,
		Relevance: int(r.Relevance*100 + 0.5), Drawing: draw(r, names),
	}
	if page.Title == "" {
		page.Title = r.Article.ID
	}
	if !r.Article.Published.IsZero() {
		page.Published = r.Article.Published.Format("2 January 2006")
	}
	page.Paragraphs = segments(r, names)
	for _, e := range r.Entities {
		row := entityRow{ID: e.ID, Kind: string(e.Kind), Name: e.Name, Aliases: strings.Join(e.Aliases, ", ")}
		for i := range e.Mentions {
			row.Mentions = append(row.Mentions, fmt.Sprintf("%s-%d", e.ID, i+1))
		}
		page.Entities = append(page.Entities, row)
	}
	for _, f := range r.Figures {
		page.Figures = append(page.Figures, figureRow{
			ID: f.ID, Text: r.Article.Text[f.Start:f.End], Meaning: meaning(f), Status: string(f.Status),
			By: names[f.AttributedTo], Anchor: "at-" + f.ID,
		})
	}
	for _, b := range r.Breaches {
		row := breachRow{ID: b.ID, Name: names[b.ID], Dates: dates(b)}
		for i, v := range b.Victims {
			if i > 0 {
				row.Victims += ", "
			}
			row.Victims += names[v]
		}
		page.Breaches = append(page.Breaches, row)
	}
	for _, c := range r.Claims {
		page.Claims = append(page.Claims, claimRow{
			ID: c.ID, Subject: names[c.Subject], Predicate: string(c.Type), Object: names[c.Object], Status: string(c.Status),
			By: names[c.AttributedTo], Evidence: r.Article.Text[c.Evidence.Start:c.Evidence.End],
			Anchor: "from-" + c.ID, Confidence: int(c.Confidence*100 + 0.5),
		})
	}
	return page
}

// labels gives a readable name for every id and canonical value of r.
func labels(r extract.Result) map[string]string {
	out := map[string]string{"": "", extract.ArticleSubject: "the article"}
	for _, e := range r.Entities {
		out[e.ID] = e.Name
	}
	for _, f := range r.Figures {
		out[f.ID] = r.Article.Text[f.Start:f.End]
	}
	for i, b := range r.Breaches {
		switch {
		case b.Name != "":
			out[b.ID] = b.Name
		case b.Primary:
			out[b.ID] = "the breach"
		default:
			out[b.ID] = fmt.Sprintf("other breach %d", i)
		}
	}
	for _, c := range r.Claims {
		for _, value := range []string{c.Subject, c.Object} {
			if _, ok := out[value]; !ok {
				out[value] = strings.ReplaceAll(value, "_", " ")
			}
		}
	}
	return out
}

// meaning writes a figure's value and bounds out.
func meaning(f extract.Figure) string {
	number := func(v *float64) string {
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", *v), "0"), ".")
	}
	var out string
	switch {
	case f.Low != nil && f.High != nil && *f.Low == *f.High:
		out = number(f.Low)
	case f.Low != nil && f.High != nil:
		out = number(f.Low) + " to " + number(f.High)
	case f.Low != nil:
		out = "at least " + number(f.Low)
	case f.High != nil:
		out = "at most " + number(f.High)
	case f.Value != nil:
		out = number(f.Value)
	}
	if f.Approx {
		out = "about " + out
	}
	return out + " " + f.Unit
}

func dates(b extract.Breach) string {
	var out []string
	for _, d := range []struct {
		what string
		p    extract.Period
	}{{"occurred", b.Occurred}, {"discovered", b.Discovered}, {"disclosed", b.Disclosed}} {
		if d.p.IsZero() {
			continue
		}
		from, to := isoDay(d.p.Start), isoDay(d.p.End)
		switch {
		case from == to:
			out = append(out, d.what+" "+from)
		default:
			out = append(out, d.what+" "+from+" to "+to)
		}
	}
	return strings.Join(out, "; ")
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return "…"
	}
	return t.Format(time.DateOnly)
}

// A mark is a span to be shown.
type mark struct {
	extract.Span
	id, kind, target, note string
}

// marks gives the mentions and figures of r in text order, apart from each
// other: where two overlap, the longer is shown.
func marks(r extract.Result, names map[string]string) []mark {
	var all []mark
	for _, e := range r.Entities {
		for i, m := range e.Mentions {
			all = append(all, mark{m.Span, fmt.Sprintf("%s-%d", e.ID, i+1), string(e.Kind), e.ID, fmt.Sprintf("%s: %s", e.Kind, e.Name)})
		}
	}
	for _, f := range r.Figures {
		note := "figure: " + meaning(f) + ", " + string(f.Status)
		if f.AttributedTo != "" {
			note += " by " + names[f.AttributedTo]
		}
		all = append(all, mark{f.Span, "at-" + f.ID, "figure", f.ID, note})
	}
	slices.SortStableFunc(all, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	end := 0
	return slices.DeleteFunc(all, func(m mark) bool {
		if m.Start < end {
			return true
		}
		end = m.End
		return false
	})
}

// segments cuts the text at the borders of marks and of evidence, a slice for
// each paragraph.
func segments(r extract.Result, names map[string]string) [][]segment {
	text := r.Article.Text
	spans := marks(r, names)
	cuts := map[int]bool{0: true, len(text): true}
	for _, m := range spans {
		cuts[m.Start], cuts[m.End] = true, true
	}
	for _, c := range r.Claims {
		cuts[c.Evidence.Start], cuts[c.Evidence.End] = true, true
	}
	for i := range text {
		if text[i] == '\n' {
			cuts[i], cuts[i+1] = true, true
		}
	}
	borders := make([]int, 0, len(cuts))
	for b := range cuts {
		borders = append(borders, b)
	}
	slices.Sort(borders)
	byStart := slices.Clone(r.Claims)
	slices.SortStableFunc(byStart, func(a, b extract.Claim) int { return cmp.Compare(a.Evidence.Start, b.Evidence.Start) })
	var paragraphs [][]segment
	var current []segment
	next, claim := 0, 0
	for i := 0; i+1 < len(borders); i++ {
		from, to := borders[i], borders[i+1]
		if text[from] == '\n' {
			if len(current) > 0 {
				paragraphs = append(paragraphs, current)
				current = nil
			}
			continue
		}
		s := segment{Text: text[from:to]}
		for claim < len(byStart) && byStart[claim].Evidence.Start <= from {
			s.Claims = append(s.Claims, "from-"+byStart[claim].ID)
			claim++
		}
		for next < len(spans) && spans[next].End <= from {
			next++
		}
		if next < len(spans) && spans[next].Start <= from {
			m := spans[next]
			s.Kind, s.Target, s.Note = m.kind, m.target, m.note
			if m.Start == from {
				s.ID = m.id
			}
		}
		current = append(current, s)
	}
	if len(current) > 0 {
		paragraphs = append(paragraphs, current)
	}
	return paragraphs
}
