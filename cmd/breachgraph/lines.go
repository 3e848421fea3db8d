package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/figure"
	"github.com/breachgraph/breachgraph/extract/when"
	"github.com/breachgraph/breachgraph/ingest"
)

// maxLine bounds a line of --text-lines, in bytes.
const maxLine = 10 << 20

// What line mode prints for a line: offsets count code points, days are
// inclusive, and null is an open end.
type (
	lineResult struct {
		Figures []lineFigure `json:"figures"`
		Dates   []lineDate   `json:"dates"`
	}
	lineFigure struct {
		Start   int      `json:"start"`
		End     int      `json:"end"`
		Text    string   `json:"text"`
		Value   *float64 `json:"value"`
		Low     *float64 `json:"low"`
		High    *float64 `json:"high"`
		Approx  bool     `json:"approx"`
		Unit    string   `json:"unit"`
		Counted *string  `json:"counted"`
	}
	lineDate struct {
		Start int     `json:"start"`
		End   int     `json:"end"`
		Text  string  `json:"text"`
		From  *string `json:"date_start"`
		To    *string `json:"date_end"`
	}
)

// extractLines finds figures and dates in each line of the file that the
// settings name. Every line gives one line, also where it cannot be read.
func (a *app) extractLines(ctx context.Context, stdin io.Reader, w io.Writer) error {
	in := stdin
	if a.lines != "-" {
		f, err := os.Open(a.lines)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var failed failures
	number := 0
	for line, err := range lines(in) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		number++
		var text string
		var reference time.Time
		if err == nil {
			text, reference, err = parseLine(line)
		}
		if err != nil {
			a.log.Error(fmt.Sprintf("read %s: line %d: %v", a.lines, number, err))
			failed++
		}
		if err := enc.Encode(inLine(text, reference)); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return failed.err()
}

// lines yields the lines of r without their ends. One that is too long is an
// error, and the lines after it still come.
func lines(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		br := bufio.NewReaderSize(r, 64<<10)
		var line []byte
		long, some := false, false
		for {
			part, err := br.ReadSlice('\n')
			some = some || len(part) > 0
			if long = long || len(line)+len(part) > maxLine; !long {
				line = append(line, part...)
			}
			switch {
			case errors.Is(err, bufio.ErrBufferFull):
				continue
			case long && !yield(nil, fmt.Errorf("is longer than %d MiB", maxLine>>20)):
				return
			case !long && some && !yield(bytes.TrimRight(line, "\r\n"), nil):
				return
			case err == io.EOF:
				return
			case err != nil:
				yield(nil, err)
				return
			}
			line, long, some = line[:0], false, false
		}
	}
}

// parseLine reads a line: a JSON object with text and reference, or else a
// text.
func parseLine(line []byte) (text string, reference time.Time, err error) {
	var object struct{ Text, Reference *string }
	if !bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) || json.Unmarshal(line, &object) != nil || object.Text == nil {
		return string(line), time.Time{}, nil
	}
	if object.Reference != nil && *object.Reference != "" {
		if reference, err = ingest.ParseDate(*object.Reference); err != nil {
			return "", time.Time{}, fmt.Errorf("reference: %w", err)
		}
	}
	return *object.Text, reference, nil
}

// inLine finds the figures and dates of text.
func inLine(text string, reference time.Time) lineResult {
	out := lineResult{Figures: []lineFigure{}, Dates: []lineDate{}}
	points := codePoints(text)
	for _, f := range figure.Find(text) {
		found := lineFigure{
			Start: points(f.Start), End: points(f.End), Text: text[f.Start:f.End],
			Value: f.Value, Low: f.Low, High: f.High, Approx: f.Approx, Unit: f.Unit,
		}
		if f.Counted != "" {
			found.Counted = &f.Counted
		}
		out.Figures = append(out.Figures, found)
	}
	points = codePoints(text)
	for _, d := range when.Find(text, reference) {
		out.Dates = append(out.Dates, lineDate{
			Start: points(d.Start), End: points(d.End), Text: text[d.Start:d.End], From: isoDay(d.From), To: isoDay(d.To),
		})
	}
	return out
}

// codePoints returns a function from byte offsets of text, asked for in rising
// order, to offsets in code points.
func codePoints(text string) func(offset int) int {
	at, points := 0, 0
	return func(offset int) int {
		points += utf8.RuneCountInString(text[at:offset])
		at = offset
		return points
	}
}

// isoDay is t as an ISO date, nil for an open end.
func isoDay(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := day(t)
	return &s
}
