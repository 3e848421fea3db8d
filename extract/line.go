package extract

import (
	"encoding/json"
	"time"

	"github.com/breachgraph/breachgraph/extract/figure"
	"github.com/breachgraph/breachgraph/extract/when"
)

// A Line is a text by itself with every figure and date in it: what the line
// mode prints. Its JSON form is the contract's, units as coarse as there.
type Line struct {
	Text    string
	Figures []figure.Figure
	Dates   []when.Date
}

// ReadLine finds the figures and dates of one text. Relative dates refer to
// reference; the zero time leaves them out.
func ReadLine(text string, reference time.Time) Line {
	return Line{text, figure.Find(text), when.Find(text, reference)}
}

type jsonLineFigure struct {
	jsonSpan
	Value   *float64 `json:"value"`
	Low     *float64 `json:"low"`
	High    *float64 `json:"high"`
	Approx  bool     `json:"approx"`
	Unit    string   `json:"unit"`
	Counted *string  `json:"counted"`
}

type jsonLineDate struct {
	jsonSpan
	Start *string `json:"date_start"`
	End   *string `json:"date_end"`
}

// MarshalJSON writes l as the line mode's object; offsets count code points.
func (l Line) MarshalJSON() ([]byte, error) {
	o := newRuneOffsets(l.Text)
	out := struct {
		Figures []jsonLineFigure `json:"figures"`
		Dates   []jsonLineDate   `json:"dates"`
	}{make([]jsonLineFigure, 0, len(l.Figures)), make([]jsonLineDate, 0, len(l.Dates))}
	for _, f := range l.Figures {
		line := jsonLineFigure{jsonSpan: o.span(Span{f.Start, f.End}), Value: f.Value, Low: f.Low, High: f.High, Approx: f.Approx, Unit: figure.Coarse(f.Unit)}
		if f.Counted != "" {
			line.Counted = &f.Counted
		}
		out.Figures = append(out.Figures, line)
	}
	for _, d := range l.Dates {
		out.Dates = append(out.Dates, jsonLineDate{o.span(Span{d.Start, d.End}), isoDay(d.From), isoDay(d.To)})
	}
	return json.Marshal(out)
}

func isoDay(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.Format(time.DateOnly)
	return &s
}
