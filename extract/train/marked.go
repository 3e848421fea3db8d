package main

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// markedDates holds articles whose dates are marked in the text; its head
// says how.
//
//go:embed annotated/dates.txt
var markedDates string

var mark = regexp.MustCompile(`\[([ovd]+):([^\]]*)\]`)

// A markedArticle is an article of which the readers gave the dates only.
type markedArticle struct {
	article ingest.Article
	spans   []markedSpan
}

// A markedSpan is a date in a text and the letters that it is marked with.
type markedSpan struct {
	start, end int
	letters    string
}

// dateModels are the models of dates, each with the letter that marks its dates.
var dateModels = map[string]string{"occurred": "o", "discovered": "v", "disclosed": "d"}

// readMarked reads articles with marked dates.
func readMarked(table string) ([]markedArticle, error) {
	var out []markedArticle
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		day, marked, _ := strings.Cut(strings.TrimSpace(line), " ")
		published, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return nil, fmt.Errorf("dates.txt: %w", err)
		}
		text, spans := unmark(marked)
		out = append(out, markedArticle{ingest.Article{Published: published, Text: text}, spans})
	}
	return out, nil
}

// unmark gives a text without its marks, and what they marked.
func unmark(marked string) (string, []markedSpan) {
	var text strings.Builder
	var spans []markedSpan
	at := 0
	for _, m := range mark.FindAllStringSubmatchIndex(marked, -1) {
		text.WriteString(marked[at:m[0]])
		start := text.Len()
		text.WriteString(marked[m[4]:m[5]])
		spans = append(spans, markedSpan{start, text.Len(), marked[m[2]:m[3]]})
		at = m[1]
	}
	text.WriteString(marked[at:])
	return text.String(), spans
}

// label makes the examples of article n. What was found or told again later is
// neither right nor wrong: readers give the first time only.
func (m *markedArticle) label(n int, candidates []extract.Candidate) []example {
	first := make(map[string]string)
	for _, c := range candidates {
		_, to, _ := strings.Cut(c.Object, "/")
		if old, ok := first[c.Model]; m.holds(c) && (!ok || to < old) {
			first[c.Model] = to
		}
	}
	var out []example
	for _, c := range candidates {
		if dateModels[c.Model] == "" {
			continue
		}
		e := example{model: c.Model, features: c.Features, article: n, holds: m.holds(c)}
		from, _, _ := strings.Cut(c.Object, "/")
		if to, ok := first[c.Model]; e.holds || c.Model == "occurred" || !ok || from <= to {
			out = append(out, e)
		}
	}
	return out
}

// holds reports whether the date of c is marked as what its model judges.
func (m *markedArticle) holds(c extract.Candidate) bool {
	letter := dateModels[c.Model]
	for _, s := range m.spans {
		if letter != "" && s.start < c.Evidence.End && c.Evidence.Start < s.end && strings.Contains(s.letters, letter) {
			return true
		}
	}
	return false
}
