package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// reliability counts, by tenths of the probability that was given, how many
// answers there were and how many were right.
type reliability struct {
	given, right [10]int
}

func (r *reliability) add(p float64, right bool) {
	i := min(9, int(p*10))
	r.given[i]++
	if right {
		r.right[i]++
	}
}

// report tells what was measured.
func (p *pipeline) report(size int) []byte {
	var b bytes.Buffer
	n, labels := 0, 0
	for _, a := range p.articles {
		if labelled(a) {
			n++
			labels += len(spansOf(a.names))
		}
	}
	fmt.Fprintf(&b, "# What the tagger's models were measured at\n\nWritten by `go run ./extract/tag/train`. Spans are right when they "+
		"cover the same tokens, and typed ones when the kind is right too.\n\nModel: %d bytes.\n", size)
	fmt.Fprintf(&b, "\n## Names\n\nLearnt from %d labelled articles (%d names), measured across %d folds: an article is labelled by models that have "+
		"seen neither it nor another of its group. The other articles are the %d of `eval/articles_dev.jsonl`, never learnt from.\n\n",
		n, labels, folds, len(p.eval))
	b.WriteString("| | precision | recall | F1 |\n|---|---|---|---|\n")
	line(&b, "spans, first labelling, folds", p.firstScore.spans)
	line(&b, "spans, folds", p.nameScore.spans)
	line(&b, "typed, first labelling, folds", p.firstScore.typed)
	line(&b, "typed, folds", p.nameScore.typed)
	line(&b, "spans, other articles", p.evalScore.spans)
	line(&b, "typed, other articles", p.evalScore.typed)
	fmt.Fprintf(&b, "\nOf the spans found rightly %.3f have the right kind in the folds, %.3f in the other articles.\n",
		p.nameScore.accuracy(), p.evalScore.accuracy())
	table(&b, "kind, folds", nameKinds(), p.nameScore)
	table(&b, "kind, other articles", nameKinds(), p.evalScore)
	p.trust.table(&b, "entities, folds")
	p.evalTrust.table(&b, "entities, other articles")
	b.WriteString("\n## Events and the parts in them\n\nLearnt from CASIE's training part and measured on its development part; " +
		"the model that is kept has learnt from both.\n\n| | precision | recall | F1 |\n|---|---|---|---|\n")
	line(&b, "events, typed", p.eventScore.typed)
	line(&b, "roles, spans", p.roleScore.spans)
	line(&b, "roles, typed", p.roleScore.typed)
	line(&b, "parts, spans", p.partScore.spans)
	line(&b, "parts, with event, role and type", p.partScore.typed)
	table(&b, "event", p.events.kinds, p.eventScore)
	table(&b, "part", p.parts.kinds, p.partScore)
	p.partTrust.table(&b, "parts")
	return b.Bytes()
}

func line(b *bytes.Buffer, name string, t tally) {
	fmt.Fprintf(b, "| %s | %.3f | %.3f | %.3f |\n", name, t.precision(), t.recall(), t.f1())
}

func table(b *bytes.Buffer, name string, kinds []string, c *comparison) {
	fmt.Fprintf(b, "\n| %s | number | precision | recall | F1 |\n|---|---|---|---|---|\n", name)
	for k, kind := range kinds {
		t := c.kinds[k]
		fmt.Fprintf(b, "| %s | %d | %.3f | %.3f | %.3f |\n", kind, t.right+t.missed, t.precision(), t.recall(), t.f1())
	}
}

func (r *reliability) table(b *bytes.Buffer, name string) {
	fmt.Fprintf(b, "\n| probability, %s | given | right |\n|---|---|---|\n", name)
	for i, n := range r.given {
		if n > 0 {
			fmt.Fprintf(b, "| %.1f to %.1f | %d | %.3f |\n", float64(i)/10, float64(i+1)/10, n, share(r.right[i], n))
		}
	}
}

// A prediction is what CASIE's scorer reads of an article; offsets are bytes.
type prediction struct {
	ID       string          `json:"id"`
	Entities []predictedSpan `json:"entities"`
	Roles    []predictedSpan `json:"roles"`
	Nuggets  []predictedSpan `json:"nuggets"`
}

type predictedSpan struct {
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Type    string `json:"type,omitempty"`
	Event   string `json:"event,omitempty"`
	Role    string `json:"role,omitempty"`
	Subtype string `json:"subtype,omitempty"`
}

// predict writes what the measured models find in CASIE's development part.
func (p *pipeline) predict(path string) error {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	for _, a := range p.articles {
		if !a.dev {
			continue
		}
		line := prediction{ID: a.ID}
		for _, s := range spansOf(p.found[a]) {
			part := strings.Split(p.parts.kinds[s.kind], "/")
			start, end := a.tokens[s.from].Start, a.tokens[s.to-1].End
			line.Entities = append(line.Entities, predictedSpan{Start: start, End: end, Type: part[2]})
			line.Roles = append(line.Roles, predictedSpan{Start: start, End: end, Event: part[0], Role: part[1]})
		}
		for _, s := range spansOf(p.eventFound[a].Labels()) {
			line.Nuggets = append(line.Nuggets, predictedSpan{
				Start: a.tokens[s.from].Start, End: a.tokens[s.to-1].End, Subtype: p.events.kinds[s.kind],
			})
		}
		if err := out.Encode(line); err != nil {
			return fmt.Errorf("predict: %w", err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("predict: %w", err)
	}
	return nil
}
