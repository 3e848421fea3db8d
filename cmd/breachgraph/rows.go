package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/graph"
)

// rows is what a query answered.
type rows graph.Table

// rowFormats are the ways to print rows.
var rowFormats = map[string]func(rows, io.Writer) error{
	"table": rows.writeTable,
	"json":  rows.writeJSON,
	"jsonl": rows.writeLines,
	"csv":   rows.writeCSV,
}

// widest is how many characters of a value a table shows on a terminal.
const widest = 72

// writeTable prints columns for people. Elsewhere than on a terminal, values
// are printed whole.
func (r rows) writeTable(w io.Writer) error {
	limit := 0
	if isTerminal(w) {
		limit = widest
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(cells []string) { fmt.Fprintln(tw, strings.Join(cells, "\t")) }
	rules := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		rules[i] = strings.Repeat("─", utf8.RuneCountInString(c))
	}
	line(r.Columns)
	line(rules)
	for _, values := range r.Rows {
		cells := make([]string, len(values))
		for i, v := range values {
			cells[i] = shorten(clean(plain(v)), limit)
		}
		line(cells)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s\n", count(len(r.Rows), "row"))
	return err
}

// writeJSON prints an array of objects, writeLines an object a line; both keep
// the order of the columns.
func (r rows) writeJSON(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString("[")
	for i, values := range r.Rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  ")
		if err := r.object(&b, values); err != nil {
			return err
		}
	}
	b.WriteString("\n]\n")
	_, err := w.Write(b.Bytes())
	return err
}

func (r rows) writeLines(w io.Writer) error {
	for _, values := range r.Rows {
		var b bytes.Buffer
		if err := r.object(&b, values); err != nil {
			return err
		}
		b.WriteByte('\n')
		if _, err := w.Write(b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (r rows) object(b *bytes.Buffer, values []any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		if err := enc.Encode(r.Columns[i]); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1) // the line end that Encode adds
		b.WriteString(": ")
		if err := enc.Encode(v); err != nil {
			return fmt.Errorf("column %s: %w", r.Columns[i], err)
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteByte('}')
	return nil
}

func (r rows) writeCSV(w io.Writer) error {
	cw := csv.NewWriter(w)
	if err := cw.Write(r.Columns); err != nil {
		return err
	}
	for _, values := range r.Rows {
		record := make([]string, len(values))
		for i, v := range values {
			record[i] = plain(v)
		}
		if err := cw.Write(record); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// plain is v as a person reads it: numbers without exponents, lists parted by
// semicolons, nodes and relationships as in Cypher.
func plain(v any) string {
	switch v := v.(type) {
	case []any: // also of nodes
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = plain(x)
		}
		return strings.Join(parts, "; ")
	case graph.NodeValue:
		return "(:" + strings.Join(v.Labels, ":") + " " + plainProps(v.Props) + ")"
	case graph.RelationshipValue:
		return "[:" + v.Type + " " + plainProps(v.Props) + "]"
	case map[string]any, graph.PathValue:
		if b, err := json.Marshal(v); err == nil {
			return string(b)
		}
	}
	return graph.Text(v, "; ")
}

// plainProps is the one property by which people know a node, or all of them.
func plainProps(props map[string]any) string {
	for _, known := range []string{"name", "title", "text", "id"} {
		if s, ok := props[known].(string); ok {
			return s
		}
	}
	return plain(props)
}

// clean replaces what would break a line or steer a terminal: the words of
// articles are not to be trusted.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)
}

// shorten cuts s to limit characters; 0 means no limit.
func shorten(s string, limit int) string {
	if limit == 0 || utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// count is "1 row" or "2 rows".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
