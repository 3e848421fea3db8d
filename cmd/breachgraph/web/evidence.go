package web

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

//go:embed *.gohtml *.css *.js
var files embed.FS

var evidencePage = template.Must(template.New("evidence.gohtml").
	Funcs(template.FuncMap{"place": func(i int) int { return i + 1 }}). // people count from one
	ParseFS(files, "evidence.gohtml"))

// WriteEvidence writes one self-contained page that shows an article's text
// with its mentions, figures and evidence marked, and beside it what was
// extracted, each linked to the place that says so.
func WriteEvidence(w io.Writer, r extract.Result) error { return writeEvidence(w, r, "") }

// writeEvidence writes that page with its style sheet in it, or with a link to
// that, as a policy for contents wants it.
func writeEvidence(w io.Writer, r extract.Result, sheet string) error {
	page := newEvidence(r)
	page.Sheet = sheet
	if sheet == "" {
		style, err := files.ReadFile("evidence.css")
		if err != nil {
			return fmt.Errorf("write evidence page: %w", err)
		}
		page.Style = template.CSS(style)
	}
	if err := evidencePage.Execute(w, page); err != nil {
		return fmt.Errorf("write evidence page of %q: %w", r.Article.ID, err)
	}
	return nil
}

// evidence is what the page's template shows.
type evidence struct {
	Style                 template.CSS
	Sheet                 string // address of the style sheet, where it is not in Style
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

type entityRow struct {
	ID, Kind, Name string
	Aliases        string
	Mentions       []string // anchors
}

type figureRow struct{ ID, Text, Meaning, Status, By, Anchor string }

type breachRow struct{ ID, Name, Victims, Dates string }

type claimRow struct {
	ID, Subject, Predicate, Object, Status, By, Evidence, Anchor string
	Confidence                                                   int    // percent
	Finder                                                       string // the extractor, where it is another than this program's
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
	page.Paragraphs = paragraphs(r, names)
	for _, e := range r.Entities {
		row := entityRow{ID: e.ID, Kind: string(e.Kind), Name: e.Name, Aliases: strings.Join(e.Aliases, ", ")}
		for i := range e.Mentions {
			row.Mentions = append(row.Mentions, mentionID(e, i))
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
		finder := c.Extractor
		if finder == extract.Extractor {
			finder = ""
		}
		page.Claims = append(page.Claims, claimRow{
			ID: c.ID, Subject: names[c.Subject], Predicate: string(c.Type), Object: names[c.Object], Status: string(c.Status),
			By: names[c.AttributedTo], Evidence: r.Article.Text[c.Evidence.Start:c.Evidence.End],
			Anchor: "from-" + c.ID, Confidence: int(c.Confidence*100 + 0.5),
			Finder: finder,
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
	var out string
	switch {
	case f.Low != nil && f.High != nil && *f.Low == *f.High:
		out = number(*f.Low)
	case f.Low != nil && f.High != nil:
		out = number(*f.Low) + " to " + number(*f.High)
	case f.Low != nil:
		out = "at least " + number(*f.Low)
	case f.High != nil:
		out = "at most " + number(*f.High)
	case f.Value != nil:
		out = number(*f.Value)
	}
	if f.Approx {
		out = "about " + out
	}
	return out + " " + f.Unit
}

// number writes v with at most two decimals, its thousands parted by commas.
func number(v float64) string {
	whole, decimals, _ := strings.Cut(strconv.FormatFloat(v, 'f', 2, 64), ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return strings.TrimSuffix(whole+"."+strings.TrimRight(decimals, "0"), ".")
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
