package extract

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/ingest"
)

// The types below are the contract's object, field for field. Absent values
// are left out; offsets count code points of the article's text.
type (
	jsonResult struct {
		ID       string       `json:"id"`
		Path     string       `json:"path,omitempty"`
		Article  jsonArticle  `json:"article"`
		Entities []jsonEntity `json:"entities"`
		Figures  []jsonFigure `json:"figures"`
		Breaches []jsonBreach `json:"breaches"`
		Claims   []jsonClaim  `json:"claims"`
	}
	jsonArticle struct {
		URL         string           `json:"url,omitempty"`
		Title       string           `json:"title,omitempty"`
		Subtitle    string           `json:"subtitle,omitempty"`
		Published   string           `json:"published,omitempty"`
		Modified    string           `json:"modified,omitempty"`
		Authors     []string         `json:"authors,omitempty"`
		Publication *jsonPublication `json:"publication,omitempty"`
		Language    string           `json:"language,omitempty"`
		Tags        []string         `json:"tags,omitempty"`
		Links       []jsonLink       `json:"links,omitempty"`
		Text        string           `json:"text"`
		BodyStart   int              `json:"body_start"`
		Relevant    bool             `json:"relevant"`
		Relevance   float64          `json:"relevance"`
	}
	jsonPublication struct {
		Name   string `json:"name,omitempty"`
		Domain string `json:"domain,omitempty"`
	}
	jsonSpan struct {
		Start int    `json:"start"`
		End   int    `json:"end"`
		Text  string `json:"text"`
	}
	jsonLink struct {
		jsonSpan
		URL string `json:"url"`
	}
	jsonMention struct {
		jsonSpan
		Kind MentionKind `json:"kind"`
	}
	jsonEntity struct {
		ID         string            `json:"id"`
		Type       Kind              `json:"type"`
		Name       string            `json:"name"`
		Aliases    []string          `json:"aliases,omitempty"`
		Mentions   []jsonMention     `json:"mentions"`
		Attributes map[string]string `json:"attributes,omitempty"`
	}
	jsonFigure struct {
		ID string `json:"id"`
		jsonSpan
		Value        *float64 `json:"value"`
		Low          *float64 `json:"low"`
		High         *float64 `json:"high"`
		Approx       bool     `json:"approx"`
		Unit         string   `json:"unit"`
		Counted      string   `json:"counted,omitempty"`
		Of           []string `json:"of,omitempty"`
		Breach       string   `json:"breach,omitempty"`
		Status       Status   `json:"status,omitempty"`
		AttributedTo string   `json:"attributed_to,omitempty"`
		SupersededBy string   `json:"superseded_by,omitempty"`
	}
	jsonPeriod struct {
		Start string `json:"start,omitempty"`
		End   string `json:"end,omitempty"`
	}
	jsonBreach struct {
		ID         string      `json:"id"`
		Name       string      `json:"name,omitempty"`
		Victims    []string    `json:"victims"`
		Occurred   *jsonPeriod `json:"occurred,omitempty"`
		Discovered *jsonPeriod `json:"discovered,omitempty"`
		Disclosed  *jsonPeriod `json:"disclosed,omitempty"`
		Primary    bool        `json:"primary"`
	}
	jsonClaim struct {
		ID           string            `json:"id"`
		Type         Predicate         `json:"type"`
		Subject      string            `json:"subject"`
		Object       string            `json:"object"`
		Status       Status            `json:"status"`
		AttributedTo string            `json:"attributed_to,omitempty"`
		Evidence     jsonSpan          `json:"evidence"`
		Confidence   float64           `json:"confidence"`
		Attributes   map[string]string `json:"attributes,omitempty"`
		Extractor    string            `json:"extractor"`
	}
)

// runeOffsets converts byte offsets of one text to code points and back, in
// time linear in the text however many offsets are asked for.
type runeOffsets struct {
	text  string
	ascii bool
	runes []int // runes[b] is the number of code points before byte b
	bytes []int // bytes[r] is the byte at which code point r starts
}

func newRuneOffsets(text string) *runeOffsets {
	o := &runeOffsets{text: text, ascii: utf8.RuneCountInString(text) == len(text)}
	if o.ascii {
		return o
	}
	o.runes = make([]int, len(text)+1)
	n := 0
	for b, r := range text {
		for i := range max(1, utf8.RuneLen(r)) {
			if b+i < len(text) {
				o.runes[b+i] = n
			}
		}
		o.bytes = append(o.bytes, b)
		n++
	}
	o.runes[len(text)] = n
	o.bytes = append(o.bytes, len(text))
	return o
}

func (o *runeOffsets) span(s Span) jsonSpan {
	out := jsonSpan{Start: s.Start, End: s.End, Text: o.text[s.Start:s.End]}
	if !o.ascii {
		out.Start, out.End = o.runes[s.Start], o.runes[s.End]
	}
	return out
}

// at gives the span of bytes that s names, or an error where s does not lie in
// the text or its text differs.
func (o *runeOffsets) at(s jsonSpan) (Span, error) {
	last := len(o.text)
	if !o.ascii {
		last = len(o.bytes) - 1
	}
	if s.Start < 0 || s.End < s.Start || s.End > last {
		return Span{}, fmt.Errorf("span %d-%d lies outside the text of %d code points", s.Start, s.End, last)
	}
	out := Span{s.Start, s.End}
	if !o.ascii {
		out = Span{o.bytes[s.Start], o.bytes[s.End]}
	}
	if got := o.text[out.Start:out.End]; got != s.Text {
		return Span{}, fmt.Errorf("span %d-%d holds %q, not %q", s.Start, s.End, got, s.Text)
	}
	return out, nil
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}

func formatPeriod(p Period) *jsonPeriod {
	if p.IsZero() {
		return nil
	}
	var out jsonPeriod
	if !p.Start.IsZero() {
		out.Start = p.Start.Format(time.DateOnly)
	}
	if !p.End.IsZero() {
		out.End = p.End.Format(time.DateOnly)
	}
	return &out
}

// MarshalJSON writes r as the contract's object.
func (r Result) MarshalJSON() ([]byte, error) {
	a := r.Article
	o := newRuneOffsets(a.Text)
	out := jsonResult{
		ID:   a.ID,
		Path: a.Path,
		Article: jsonArticle{
			URL: a.URL, Title: a.Title, Subtitle: a.Subtitle,
			Published: formatTime(a.Published), Modified: formatTime(a.Modified),
			Authors: a.Authors, Language: a.Language, Tags: a.Tags,
			Text: a.Text, BodyStart: o.span(Span{0, a.BodyStart}).End,
			Relevant: r.Relevant, Relevance: r.Relevance,
		},
		Entities: make([]jsonEntity, len(r.Entities)),
		Figures:  make([]jsonFigure, len(r.Figures)),
		Breaches: make([]jsonBreach, len(r.Breaches)),
		Claims:   make([]jsonClaim, len(r.Claims)),
	}
	if a.Publication != (ingest.Publication{}) {
		out.Article.Publication = &jsonPublication{a.Publication.Name, a.Publication.Domain}
	}
	for _, l := range a.Links {
		out.Article.Links = append(out.Article.Links, jsonLink{o.span(Span{l.Start, l.End}), l.URL})
	}
	for i, e := range r.Entities {
		je := jsonEntity{ID: e.ID, Type: e.Kind, Name: e.Name, Aliases: e.Aliases, Attributes: e.Attributes}
		for _, m := range e.Mentions {
			je.Mentions = append(je.Mentions, jsonMention{o.span(m.Span), m.Kind})
		}
		out.Entities[i] = je
	}
	for i, f := range r.Figures {
		out.Figures[i] = jsonFigure{
			ID: f.ID, jsonSpan: o.span(f.Span), Value: f.Value, Low: f.Low, High: f.High,
			Approx: f.Approx, Unit: f.Unit, Counted: f.Counted, Of: f.Of, Breach: f.Breach,
			Status: f.Status, AttributedTo: f.AttributedTo, SupersededBy: f.SupersededBy,
		}
	}
	for i, b := range r.Breaches {
		out.Breaches[i] = jsonBreach{
			ID: b.ID, Name: b.Name, Victims: append([]string{}, b.Victims...),
			Occurred: formatPeriod(b.Occurred), Discovered: formatPeriod(b.Discovered),
			Disclosed: formatPeriod(b.Disclosed), Primary: b.Primary,
		}
	}
	for i, c := range r.Claims {
		out.Claims[i] = jsonClaim{
			ID: c.ID, Type: c.Type, Subject: c.Subject, Object: c.Object, Status: c.Status,
			AttributedTo: c.AttributedTo, Evidence: o.span(c.Evidence), Confidence: c.Confidence,
			Attributes: c.Attributes, Extractor: c.Extractor,
		}
	}
	return json.Marshal(out)
}

// Decode reads the object that [Result.MarshalJSON] writes. It returns an
// error, naming the field, where an offset does not hold the text beside it, a
// date cannot be read or a field is unknown: a result that cannot be traced to
// its article is not loaded.
func Decode(raw []byte) (Result, error) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	var in jsonResult
	if err := d.Decode(&in); err != nil {
		return Result{}, fmt.Errorf("decode extraction: %w", err)
	}
	r, err := in.result()
	if err != nil {
		return Result{}, fmt.Errorf("decode extraction of %q: %w", in.ID, err)
	}
	return r, nil
}

func (in jsonResult) result() (Result, error) {
	a, o := in.Article, newRuneOffsets(in.Article.Text)
	body, err := o.bodyStart(a.BodyStart)
	if err != nil {
		return Result{}, err
	}
	r := Result{
		Article: ingest.Article{
			ID: in.ID, Path: in.Path, URL: a.URL, Title: a.Title, Subtitle: a.Subtitle,
			Authors: a.Authors, Language: a.Language, Tags: a.Tags, Text: a.Text, BodyStart: body,
		},
		Relevant: a.Relevant, Relevance: a.Relevance,
	}
	if a.Publication != nil {
		r.Article.Publication = ingest.Publication{Name: a.Publication.Name, Domain: a.Publication.Domain}
	}
	if r.Article.Published, err = parseTime(a.Published); err != nil {
		return Result{}, fmt.Errorf("published: %w", err)
	}
	if r.Article.Modified, err = parseTime(a.Modified); err != nil {
		return Result{}, fmt.Errorf("modified: %w", err)
	}
	for i, l := range a.Links {
		s, err := o.at(l.jsonSpan)
		if err != nil {
			return Result{}, fmt.Errorf("links[%d]: %w", i, err)
		}
		r.Article.Links = append(r.Article.Links, ingest.Link{Start: s.Start, End: s.End, URL: l.URL})
	}
	if r.Entities, err = in.entities(o); err != nil {
		return Result{}, err
	}
	for _, f := range in.Figures {
		s, err := o.at(f.jsonSpan)
		if err != nil {
			return Result{}, fmt.Errorf("figure %s: %w", f.ID, err)
		}
		r.Figures = append(r.Figures, Figure{
			ID: f.ID, Span: s, Value: f.Value, Low: f.Low, High: f.High, Approx: f.Approx,
			Unit: f.Unit, Counted: f.Counted, Of: f.Of, Breach: f.Breach, Status: f.Status,
			AttributedTo: f.AttributedTo, SupersededBy: f.SupersededBy,
		})
	}
	for _, b := range in.Breaches {
		out := Breach{ID: b.ID, Name: b.Name, Victims: b.Victims, Primary: b.Primary}
		for _, p := range []struct {
			from *jsonPeriod
			to   *Period
		}{{b.Occurred, &out.Occurred}, {b.Discovered, &out.Discovered}, {b.Disclosed, &out.Disclosed}} {
			if *p.to, err = p.from.period(); err != nil {
				return Result{}, fmt.Errorf("breach %s: %w", b.ID, err)
			}
		}
		r.Breaches = append(r.Breaches, out)
	}
	for _, c := range in.Claims {
		s, err := o.at(c.Evidence)
		if err != nil {
			return Result{}, fmt.Errorf("claim %s: %w", c.ID, err)
		}
		r.Claims = append(r.Claims, Claim{
			ID: c.ID, Type: c.Type, Subject: c.Subject, Object: c.Object, Status: c.Status,
			AttributedTo: c.AttributedTo, Evidence: s, Confidence: c.Confidence,
			Attributes: c.Attributes, Extractor: c.Extractor,
		})
	}
	return r, nil
}

func (in jsonResult) entities(o *runeOffsets) ([]Entity, error) {
	var out []Entity
	for _, e := range in.Entities {
		entity := Entity{ID: e.ID, Kind: e.Type, Name: e.Name, Aliases: e.Aliases, Attributes: e.Attributes}
		for _, m := range e.Mentions {
			s, err := o.at(m.jsonSpan)
			if err != nil {
				return nil, fmt.Errorf("entity %s: %w", e.ID, err)
			}
			entity.Mentions = append(entity.Mentions, Mention{s, m.Kind})
		}
		out = append(out, entity)
	}
	return out, nil
}

func (o *runeOffsets) bodyStart(runes int) (int, error) {
	if o.ascii && runes >= 0 && runes <= len(o.text) {
		return runes, nil
	}
	if runes < 0 || runes >= len(o.bytes) {
		return 0, fmt.Errorf("body_start %d lies outside the text", runes)
	}
	return o.bytes[runes], nil
}

func (p *jsonPeriod) period() (Period, error) {
	var out Period
	if p == nil {
		return out, nil
	}
	for _, end := range []struct {
		value string
		to    *time.Time
	}{{p.Start, &out.Start}, {p.End, &out.End}} {
		if end.value == "" {
			continue
		}
		t, err := time.Parse(time.DateOnly, end.value)
		if err != nil {
			return Period{}, err
		}
		*end.to = t
	}
	return out, nil
}
