package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

// evidenceWidth is how much of a claim's sentence a summary shows.
const evidenceWidth = 100

// writeResult prints what was found in one article, for a person to read.
func writeResult(w io.Writer, r extract.Result) error {
	var b strings.Builder
	writeHeadline(&b, r)
	writeEntities(&b, r)
	names := namesOf(r)
	if len(r.Figures) > 0 {
		b.WriteString("\nFigures\n")
		tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, f := range r.Figures {
			fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\n", clean(within(r, f.Span)), f.Unit, f.Status, names(f.AttributedTo))
		}
		tw.Flush()
	}
	if len(r.Claims) > 0 {
		b.WriteString("\nClaims\n")
	}
	for _, c := range r.Claims {
		said := ""
		if c.AttributedTo != "" {
			said = ", says " + names(c.AttributedTo)
		}
		if c.Extractor != extract.Extractor {
			said += ", found by " + clean(c.Extractor)
		}
		fmt.Fprintf(&b, "  %s %s %s (%s%s)\n      “%s”\n", names(c.Subject), c.Type, names(c.Object), c.Status, said,
			shorten(clean(within(r, c.Evidence)), evidenceWidth))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// writeHeadline says which article it is.
func writeHeadline(b *strings.Builder, r extract.Result) {
	art := r.Article
	b.WriteString(clean(cmp.Or(art.Title, art.ID)) + "\n")
	var line []string
	for _, part := range []string{cmp.Or(art.Publication.Name, art.Publication.Domain), day(art.Published), strings.Join(art.Authors, ", "), art.URL} {
		if part != "" {
			line = append(line, clean(part))
		}
	}
	if len(line) > 0 {
		b.WriteString(strings.Join(line, " · ") + "\n")
	}
	if !r.Relevant && r.Claims != nil {
		fmt.Fprintf(b, "perhaps not about a breach (%.2f)\n", r.Relevance)
	}
}

// writeEntities lists entities by kind, the most mentioned first.
func writeEntities(b *strings.Builder, r extract.Result) {
	if len(r.Entities) == 0 {
		return
	}
	b.WriteString("\nEntities\n")
	tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, kind := range extract.Kinds() {
		var names []string
		for _, e := range mostMentioned(r.Entities, kind) {
			names = append(names, fmt.Sprintf("%s (%d)", clean(e.Name), len(e.Mentions)))
		}
		if len(names) > 0 {
			fmt.Fprintf(tw, "  %s\t%s\n", kind, strings.Join(names, ", "))
		}
	}
	tw.Flush()
}

// mostMentioned returns the entities of a kind, the most mentioned first.
func mostMentioned(es []extract.Entity, kind extract.Kind) []extract.Entity {
	var out []extract.Entity
	for _, e := range es {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b extract.Entity) int { return cmp.Compare(len(b.Mentions), len(a.Mentions)) })
	return out
}

// namesOf returns what the ids of r stand for; anything else stands for itself.
func namesOf(r extract.Result) func(id string) string {
	names := map[string]string{}
	for _, e := range r.Entities {
		names[e.ID] = clean(e.Name)
	}
	for _, f := range r.Figures {
		names[f.ID] = clean(within(r, f.Span))
	}
	for _, b := range r.Breaches {
		victims := make([]string, len(b.Victims))
		for i, v := range b.Victims {
			victims[i] = names[v]
		}
		names[b.ID] = clean(cmp.Or(b.Name, strings.TrimSpace(strings.Join(victims, " and ")+" breach")))
	}
	return func(id string) string { return cmp.Or(names[id], clean(id)) }
}

// within is the text of span, empty where it lies outside of the article.
func within(r extract.Result, s extract.Span) string {
	if s.Start < 0 || s.End > len(r.Article.Text) || s.Start > s.End {
		return ""
	}
	return r.Article.Text[s.Start:s.End]
}

// day is t as an ISO date, empty for the zero time.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
