package web

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
)

const (
	chartWidth, chartHeight = 300, 60
	plotWidth, plotHeight   = 600, 180
	plotMargin              = 14
)

// A chart is a bar for each day.
type chart struct {
	Title string
	Total int
	Max   int
	Class string
	Bars  []bar
}

type bar struct {
	X, Y, W, H float64
	Note       string
}

// charts draw what was counted.
func charts(days []catalog.Day) []chart {
	kinds := []struct {
		title, class string
		of           func(catalog.Day) int
	}{
		{"Articles published", "outlet", func(d catalog.Day) int { return d.Articles }},
		{"Breaches reported", "breach", func(d catalog.Day) int { return d.Breaches }},
		{"Claims made", "figure", func(d catalog.Day) int { return d.Claims }},
	}
	var out []chart
	for _, k := range kinds {
		c := chart{Title: k.title, Class: k.class}
		for _, d := range days {
			c.Total += k.of(d)
			c.Max = max(c.Max, k.of(d))
		}
		width := chartWidth / float64(max(len(days), 1))
		for i, d := range days {
			h := 0.0
			if n := k.of(d); n > 0 {
				h = math.Max(1.5, float64(chartHeight)*float64(n)/float64(c.Max))
			}
			c.Bars = append(c.Bars, bar{round(float64(i) * width), round(chartHeight - h), round(width - 1.5), round(h), fmt.Sprintf("%s: %d", d.Day.Format(time.DateOnly), k.of(d))})
		}
		out = append(out, c)
	}
	return out
}

func round(v float64) float64 { return math.Round(v*10) / 10 }

// A plot shows how the figures of a breach in one unit changed: a dot for what was
// said each day, a line where only bounds were.
type plot struct {
	Unit, From, To string
	Low, High      string // of its scale
	Points         []point
}

type point struct {
	X, Y, Y1, Y2 float64
	Status, Note string
}

// plotFigures draws the figures in the unit that most have; nothing of fewer than
// two. Its scale is that of powers of ten: early figures are often a hundred times
// too low.
func plotFigures(all []catalog.Figure) *plot {
	unit := mostUsed(all)
	var days []time.Time
	var figures []catalog.Figure
	least, most := math.Inf(1), math.Inf(-1)
	for _, f := range all {
		day, err := time.Parse(time.DateOnly, f.Published)
		low, high := bounds(f)
		if err != nil || f.Unit != unit || low <= 0 {
			continue
		}
		days, figures = append(days, day), append(figures, f)
		least, most = math.Min(least, low), math.Max(most, high)
	}
	if len(figures) < 2 {
		return nil
	}
	least, most = math.Floor(math.Log10(least)), math.Ceil(math.Log10(most)+0.01)
	first, last := slices.MinFunc(days, time.Time.Compare), slices.MaxFunc(days, time.Time.Compare)
	y := func(v float64) float64 {
		return round(plotMargin + (plotHeight-2*plotMargin)*(1-(math.Log10(v)-least)/(most-least)))
	}
	p := &plot{Unit: unit, From: first.Format(time.DateOnly), To: last.Format(time.DateOnly), Low: number(math.Pow(10, least)), High: number(math.Pow(10, most))}
	for i, f := range figures {
		x := float64(plotWidth) / 2
		if span := last.Sub(first); span > 0 {
			x = plotMargin + (plotWidth-2*plotMargin)*float64(days[i].Sub(first))/float64(span)
		}
		low, high := bounds(f)
		middle := high
		if f.Value != nil && *f.Value > 0 {
			middle = *f.Value
		}
		p.Points = append(p.Points, point{round(x), y(middle), y(low), y(high), f.Status, f.Published + ": " + size(f)})
	}
	return p
}

// bounds are what a figure lies between, as far as it says; 0 for nothing.
func bounds(f catalog.Figure) (low, high float64) {
	for _, v := range []*float64{f.Value, f.Low, f.High} {
		if v != nil && *v > 0 && !math.IsInf(*v, 0) {
			if low == 0 || *v < low {
				low = *v
			}
			high = math.Max(high, *v)
		}
	}
	return low, high
}

func mostUsed(all []catalog.Figure) string {
	uses, best := map[string]int{}, ""
	for _, f := range all {
		uses[f.Unit]++
		if uses[f.Unit] > uses[best] {
			best = f.Unit
		}
	}
	return best
}
