package web

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
)

// words are what templates call.
func words() template.FuncMap {
	return template.FuncMap{
		"number": number, "count": func(n int) string { return number(float64(n)) }, "day": dayOf, "moment": moment, "since": since,
		"plain": func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", " ") },
		"web":   isWeb, "refs": refLink, "link": link, "size": size, "percent": percent,
	}
}

// isWeb reports whether an address may be followed from a page: that of an article
// can be anything.
func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// refLink is the page of a node, empty for one that has none.
func refLink(r catalog.Ref) string {
	switch {
	case r.ID == "":
		return ""
	case r.Label == "Breach":
		return "/breaches/" + url.PathEscape(r.ID)
	case r.Label == "Article":
		return link("/articles/view", "url", r.ID)
	case slices.Contains(catalog.Kinds(), r.Label):
		return "/entities/" + r.Label + "/" + url.PathEscape(r.ID)
	}
	return ""
}

// dayOf is the day of a time.
func dayOf(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// moment is a time to the second, for programs and tooltips.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

// since says how far t is from now, in words.
func since(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d, words := now.Sub(t), " ago"
	if d < 0 {
		d, words = -d, ""
	}
	text := ""
	switch {
	case d < time.Minute:
		text = number(float64(int(d.Seconds()))) + " s"
	case d < time.Hour:
		text = number(float64(int(d.Minutes()))) + " min"
	case d < 48*time.Hour:
		text = number(float64(int(d.Hours()))) + " h"
	default:
		text = number(float64(int(d.Hours()/24))) + " days"
	}
	if words == "" {
		return "in " + text
	}
	return text + words
}

// size writes what a figure means: its value and bounds, with its unit.
func size(f catalog.Figure) string {
	out := "about "
	if !f.Approx {
		out = ""
	}
	switch {
	case f.Low != nil && f.High != nil && *f.Low == *f.High:
		out += number(*f.Low)
	case f.Low != nil && f.High != nil:
		out += number(*f.Low) + " to " + number(*f.High)
	case f.Low != nil:
		out += "at least " + number(*f.Low)
	case f.High != nil:
		out += "at most " + number(*f.High)
	case f.Value != nil:
		out += number(*f.Value)
	}
	return out + " " + f.Unit
}

// percent is the share of good visits, empty where there were none.
func percent(t Tally) string {
	all := t.Good + t.Failed + t.Forbidden
	if all == 0 {
		return ""
	}
	return number(float64(t.Good*100/all)) + " %"
}
