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
	} `json:"figures"`
	Claims []struct {
		Type    string `json:"type"`
		Subject string `json:"subject"`
		Object  string `json:"object"`
		Status  string `json:"status"`
		Quote   string `json:"quote"`
	} `json:"claims"`

	article ingest.Article
}

// readAnnotations reads annotated articles: pairs of a file of texts and a file
// of annotations, joined by id.
func readAnnotations(pairs []string) ([]annotation, error) {
	var out []annotation
	for _, pair := range pairs {
		texts, golds, ok := strings.Cut(pair, ":")
		if !ok {
			return nil, fmt.Errorf("annotated articles %q: want TEXTS.jsonl:GOLD.jsonl", pair)
		}
		articles := make(map[string]ingest.Article)
		err := eachLine(texts, func(line []byte) error {
			var a struct{ ID, Title, URL, Published, Text string }
			if err := json.Unmarshal(line, &a); err != nil {
				return err
			}
			published, err := time.Parse("2006-1-2", a.Published[:min(10, len(a.Published))])
			articles[a.ID] = ingest.Article{ID: a.ID, Title: a.Title, URL: a.URL, Published: published, Text: a.Text}
			return err
		})
		if err != nil {
			return nil, err
		}
		err = eachLine(golds, func(line []byte) error {
			var g annotation
			if err := json.Unmarshal(line, &g); err != nil {
				return err
			}
			g.article, ok = articles[g.ID]
			if !ok {
				return fmt.Errorf("no text for article %q", g.ID)
			}
			out = append(out, g)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
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
