package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
)

// An annotation is what readers found in one article; the format is that of the
// annotated articles the project measures with.
type annotation struct {
	ID       string `json:"id"`
	Relevant bool   `json:"relevant"`
	Only     string `json:"only"` // the one model that readers annotated it for; empty for all
	Entities []struct {
		Key     string   `json:"key"`
		Type    string   `json:"type"`
		Name    string   `json:"name"`
		Aliases []string `json:"aliases"`
	} `json:"entities"`
	Breaches []struct {
		Key        string     `json:"key"`
		Primary    bool       `json:"primary"`
		Victims    []string   `json:"victims"`
		Occurred   [2]*string `json:"occurred"`
		Discovered [2]*string `json:"discovered"`
		Disclosed  [2]*string `json:"disclosed"`
	} `json:"breaches"`
	Figures []struct {
		Text   string   `json:"text"`
		Quote  string   `json:"quote"`
		Value  *float64 `json:"value"`
		Low    *float64 `json:"low"`
		High   *float64 `json:"high"`
		Breach *string  `json:"breach"`
		By     string   `json:"by"`
		// QuoteAt and TextAt, code points of the article's text, stand for Quote
		// and Text where the text is not ours to repeat.
		QuoteAt *[2]int `json:"quote_at"`
		TextAt  *[2]int `json:"text_at"`
	} `json:"figures"`
	Claims []struct {
		Type    string  `json:"type"`
		Subject string  `json:"subject"`
		Object  string  `json:"object"`
		Status  string  `json:"status"`
		By      string  `json:"by"`
		Quote   string  `json:"quote"`
		QuoteAt *[2]int `json:"quote_at"`
	} `json:"claims"`
	AlsoBreached []string `json:"also_breached"`

	article ingest.Article
}

// readAnnotations reads annotated articles: pairs of a file of texts and a file
// of annotations, joined by id. Several files of texts are parted by commas.
func readAnnotations(pairs []string) ([]annotation, error) {
	var out []annotation
	for _, pair := range pairs {
		texts, golds, ok := strings.Cut(pair, ":")
		if !ok {
			return nil, fmt.Errorf("annotated articles %q: want TEXTS.jsonl:GOLD.jsonl", pair)
		}
		articles := make(map[string]ingest.Article)
		read := func(line []byte) error {
			var a struct{ ID, Title, URL, Published, Date, Text string }
			if err := json.Unmarshal(line, &a); err != nil {
				return err
			}
			if a.Published == "" {
				a.Published = a.Date // as CASIE names it
			}
			published, err := time.Parse("2006-1-2", a.Published[:min(10, len(a.Published))])
			articles[a.ID] = ingest.Article{ID: a.ID, Title: a.Title, URL: a.URL, Published: published, Text: a.Text}
			return err
		}
		for file := range strings.SplitSeq(texts, ",") {
			if err := eachLine(file, read); err != nil {
				return nil, err
			}
		}
		err := eachLine(golds, func(line []byte) error {
			var g annotation
			if err := json.Unmarshal(line, &g); err != nil {
				return err
			}
			g.article, ok = articles[g.ID]
			if !ok {
				return fmt.Errorf("no text for article %q", g.ID)
			}
			g.fillQuotes()
			out = append(out, g)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fillQuotes sets the quotations that are given as offsets.
func (g *annotation) fillQuotes() {
	text := []rune(g.article.Text)
	fill := func(to *string, at *[2]int) {
		if at != nil && at[0] >= 0 && at[0] <= at[1] && at[1] <= len(text) {
			*to = string(text[at[0]:at[1]])
		}
	}
	for i := range g.Figures {
		fill(&g.Figures[i].Quote, g.Figures[i].QuoteAt)
		fill(&g.Figures[i].Text, g.Figures[i].TextAt)
	}
	for i := range g.Claims {
		fill(&g.Claims[i].Quote, g.Claims[i].QuoteAt)
	}
}

func eachLine(path string, do func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		if err := do(lines.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	return lines.Err()
}
