// Train learns the weights by which the extractor judges its candidates, from
// articles that readers have annotated, and reports by cross-validation how
// well they do on articles that were left out.
//
//	go run ./extract/train -out extract/weights.tsv TEXTS.jsonl:GOLD.jsonl …
//
// The embedded weights come, bit for bit, from the texts of CASIE, annotated by
// offsets in annotated/casie.jsonl, from the invented articles beside it, and
// from pages about other things (-other), which only relevance reads:
//
//	CASIE=../shared/casie A=extract/train/annotated
//	go run ./extract/train -other ../shared/html/ground_truth.json -out extract/weights.tsv \
//		$CASIE/train.jsonl,$CASIE/dev.jsonl:$A/casie.jsonl $A/invented.jsonl:$A/invented.gold.jsonl
//
// The same input gives the same file, bit for bit. Candidates themselves depend
// a little on the weights that are embedded (who is held to be the victim): run
// it until the file no longer changes, twice in practice.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

func main() {
	out := flag.String("out", "", "file to write the weights to; none is written without it")
	other := flag.String("other", "", "JSON object of pages that are about something else, for relevance: {id: {articleBody}}")
	verbose := flag.Bool("v", false, "print the claims that no candidate states")
	flag.Parse()
	if err := run(*out, *other, flag.Args(), *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(out, other string, pairs []string, verbose bool) error {
	annotations, err := readAnnotations(pairs)
	if err != nil {
		return err
	}
	if len(annotations) == 0 {
		return fmt.Errorf("no annotated articles: name TEXTS.jsonl:GOLD.jsonl")
	}
	var examples []example
	missed := make(map[string]int)
	total := make(map[string]int)
	for n, g := range annotations {
		result, candidates := extract.Examine(g.article, extract.Options{})
		a := align(g, result)
		labelled := label(a, n, candidates)
		examples = append(examples, labelled...)
		a.countMissed(candidates, missed, total, verbose)
	}
	negatives, err := otherPages(other, len(annotations))
	if err != nil {
		return err
	}
	examples = append(examples, negatives...)
	expected, err := priors()
	if err != nil {
		return err
	}
	var file bytes.Buffer
	fmt.Fprintf(&file, "# model\tfeature\tweight; learned by extract/train from %d annotated articles\n", len(annotations))
	fmt.Printf("%-16s%8s%8s%8s%8s%8s%8s%10s\n", "model", "holds", "not", "P", "R", "F1", "limit", "no cand.")
	for _, name := range modelNames(examples) {
		of := slices.DeleteFunc(slices.Clone(examples), func(e example) bool { return e.model != name })
		prior := expected[name]
		if prior == nil {
			prior = make(regression)
		}
		report := crossValidate(of, prior)
		unseen := ""
		if total[name] > 0 {
			unseen = fmt.Sprintf("%d/%d", missed[name], total[name])
		}
		fmt.Printf("%-16s%8d%8d%8.3f%8.3f%8.3f%8.2f%10s\n", name, report.holds, report.not, report.precision, report.recall, report.f1, report.limit, unseen)
		for _, f := range fit(of, prior).sorted() {
			fmt.Fprintf(&file, "%s\t%s\t%.3f\n", name, f.feature, f.weight)
		}
		fmt.Fprintf(&file, "%s\t%s\t%.2f\n", name, extract.ThresholdFeature, report.limit)
	}
	if out == "" {
		return nil
	}
	return os.WriteFile(out, file.Bytes(), 0o644)
}

func modelNames(examples []example) []string {
	var names []string
	for _, e := range examples {
		if !slices.Contains(names, e.model) {
			names = append(names, e.model)
		}
	}
	slices.Sort(names)
	return names
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

// countMissed counts the readers' claims for which there is no candidate.
func (a alignment) countMissed(candidates []extract.Candidate, missed, total map[string]int, verbose bool) {
	found := make(map[string]bool)
	for _, c := range candidates {
		if holds, _, group := a.claimed(c); holds {
			found[group] = true
		}
	}
	breach := ""
	for id := range a.breaches {
		breach = id
	}
	seen := make(map[string]bool)
	for _, g := range a.gold.Claims {
		if g.Type == "SUFFERED" || g.Type == "HAS_FIGURE" {
			continue
		}
		ok := false
		for group := range found {
			part := strings.Split(group, "\x00")
			same := func(key, id string) bool {
				return key == id || strings.HasPrefix(key, "b") && strings.HasPrefix(id, "b") && len(id) < 4
			}
			ok = ok || part[1] == g.Type && same(g.Subject, part[2]) && same(g.Object, part[3]) && (len(part) == 5) == (g.Status == "denied")
		}
		k := g.Type + g.Subject + g.Object + fmt.Sprint(g.Status == "denied")
		if seen[k] {
			continue
		}
		seen[k] = true
		total[g.Type]++
		if !ok {
			missed[g.Type]++
			if verbose {
				fmt.Printf("%s: no candidate for %s %s %s %s: %q (breach %s)\n", a.gold.ID, g.Type, g.Subject, g.Object, g.Status, g.Quote, breach)
			}
		}
	}
}
