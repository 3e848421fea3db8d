// Train learns the weights by which the extractor judges its candidates, from
// articles that readers have annotated, and reports by cross-validation how
// well they do on articles that were left out.
//
//	go run ./extract/train -out extract/weights.tsv TEXTS.jsonl:GOLD.jsonl …
//
// The embedded weights come, bit for bit, from the texts of CASIE, annotated by
// offsets in annotated/casie.jsonl, from the invented articles beside it, from
// pages about other things (-other), which only relevance reads, and from
// annotated/dates.txt, which only the models of dates read:
//
//	CASIE=../shared/casie A=extract/train/annotated
//	go run ./extract/train -other ../shared/html/ground_truth.json -out extract/weights.tsv \
//		$CASIE/train.jsonl,$CASIE/dev.jsonl:$A/casie.jsonl $A/invented.jsonl:$A/invented.gold.jsonl \
//		$A/other.jsonl:$A/other.gold.jsonl
//
// The same input gives the same file, bit for bit, whichever weights are embedded
// now.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

func main() {
	out := flag.String("out", "", "file to write the weights to; none is written without it")
	other := flag.String("other", "", "JSON object of pages that are about something else, for relevance: {id: {articleBody}}")
	share := flag.Float64("share", 1, "learn from this share of the articles only, to see whether more would help")
	results := flag.String("results", "", "file for the results on articles left out, as extract prints them")
	verbose := flag.Bool("v", false, "print the claims on which result and readers differ")
	flag.Parse()
	if err := run(*out, *other, *results, flag.Args(), *share, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(out, other, results string, pairs []string, share float64, verbose bool) error {
	annotations, err := readAnnotations(pairs)
	if err != nil {
		return err
	}
	if len(annotations) == 0 {
		return fmt.Errorf("no annotated articles: name TEXTS.jsonl:GOLD.jsonl")
	}
	t := trainer{annotations: annotations}
	if t.negatives, err = otherPages(other, len(annotations)); err != nil {
		return err
	}
	if t.marked, err = readMarked(markedDates); err != nil {
		return err
	}
	if t.expected, err = priors(); err != nil {
		return err
	}
	if verbose {
		t.verbose = os.Stdout
	}
	table, found := t.train(share)
	if results != "" {
		if err := writeResults(results, found); err != nil {
			return err
		}
	}
	if out == "" {
		return nil
	}
	return os.WriteFile(out, table, 0o644)
}

// otherPages makes examples of pages that are about something else.
func otherPages(path string, n int) ([]example, error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var pages map[string]struct {
		Body string `json:"articleBody"`
	}
	if err := json.Unmarshal(raw, &pages); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var ids []string
	for id := range pages {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var out []example
	for i, id := range ids {
		_, candidates := extract.Examine(ingest.Article{ID: id, Text: pages[id].Body}, extract.Options{})
		for _, c := range candidates {
			if c.Model == "relevance" {
				out = append(out, example{model: c.Model, features: c.Features, article: n + i})
			}
		}
	}
	return out, nil
}

func writeResults(path string, results []extract.Result) error {
	var file bytes.Buffer
	for _, r := range results {
		line, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("%s: %w", r.Article.ID, err)
		}
		file.Write(append(line, '\n'))
	}
	return os.WriteFile(path, file.Bytes(), 0o644)
}
