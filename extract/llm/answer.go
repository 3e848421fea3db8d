package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Bounds on one answer: what goes beyond is left out.
const (
	maxAnswer = 1 << 20 // bytes of JSON
	maxList   = 400     // elements of each list
	maxStarts = 50      // braces at which an object is looked for
)

// An answer is what a model says of one part of an article. All of it is
// hearsay until it has been found in the text.
type answer struct {
	Entities list[sayEntity] `json:"entities"`
	Breaches list[sayBreach] `json:"breaches"`
	Figures  list[sayFigure] `json:"figures"`
	Claims   list[sayClaim]  `json:"claims"`
}

type sayEntity struct {
	ID       word        `json:"id"`
	Type     word        `json:"type"`
	Name     quote       `json:"name"`
	Mentions list[quote] `json:"mentions"`
}

type sayBreach struct {
	ID         word       `json:"id"`
	Victims    list[word] `json:"victims"`
	Primary    bool       `json:"primary"`
	Occurred   quote      `json:"occurred"`
	Discovered quote      `json:"discovered"`
	Disclosed  quote      `json:"disclosed"`
}

type sayFigure struct {
	ID   word       `json:"id"`
	Text quote      `json:"text"`
	Of   list[word] `json:"of"`
}

type sayClaim struct {
	Evidence     quote      `json:"evidence"`
	Type         word       `json:"type"`
	Subject      word       `json:"subject"`
	Object       word       `json:"object"`
	Status       word       `json:"status"`
	AttributedTo word       `json:"attributed_to"`
	Attributes   attributes `json:"attributes"`
}

// A list holds the elements of an array that can be read; the others are left
// out, so that one slip does not cost the rest.
type list[T any] struct {
	all     []T
	skipped int
}

func (l *list[T]) UnmarshalJSON(raw []byte) error {
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		l.skipped++
		return nil
	}
	for _, e := range elements {
		var v T
		if len(l.all) >= maxList || json.Unmarshal(e, &v) != nil {
			l.skipped++
			continue
		}
		l.all = append(l.all, v)
	}
	return nil
}

// A word is an id or a name of the contract: a string, or a number where a
// model counts its ids.
type word string

func (w *word) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err == nil {
		*w = word(strings.TrimSpace(s))
		return nil
	}
	var n json.Number
	err := json.Unmarshal(raw, &n)
	*w = word(n.String())
	return err
}

// A quote is words of the article: a string, or a span of the contract. The
// offsets of the span are not even read: models cannot count.
type quote string

func (q *quote) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err == nil {
		*q = quote(s)
		return nil
	}
	var span struct{ Text string }
	err := json.Unmarshal(raw, &span)
	*q = quote(span.Text)
	return err
}

// attributes are pairs of name and value, or an object as the contract has it.
type attributes map[string]string

func (a *attributes) UnmarshalJSON(raw []byte) error {
	*a = attributes{}
	var pairs list[struct{ Name, Value word }]
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		if err := json.Unmarshal(raw, &pairs); err != nil {
			return err
		}
		for _, p := range pairs.all {
			(*a)[string(p.Name)] = string(p.Value)
		}
		return nil
	}
	var object map[string]word
	if json.Unmarshal(raw, &object) != nil {
		return nil // attributes are an extra
	}
	for name, value := range object {
		(*a)[name] = string(value)
	}
	return nil
}

// errNoAnswer is wrapped by errors that say that the model answered, but not
// with what was asked for.
var errNoAnswer = errors.New("no usable answer")

// parseAnswer finds the answer in what a model wrote: plain JSON, or JSON among
// thoughts, prose and code fences. An answer that was cut off is an error.
func parseAnswer(text string) (answer, error) {
	if len(text) > maxAnswer {
		return answer{}, fmt.Errorf("%w: it is longer than %d KiB", errNoAnswer, maxAnswer>>10)
	}
	if i := strings.LastIndex(text, "</think>"); i >= 0 {
		text = text[i:]
	}
	for range maxStarts {
		start := strings.IndexByte(text, '{')
		if start < 0 {
			break
		}
		text = text[start:]
		var raw json.RawMessage
		if json.NewDecoder(strings.NewReader(text)).Decode(&raw) == nil {
			if a, ok := readAnswer(raw); ok {
				return a, nil
			}
		}
		text = text[1:]
	}
	return answer{}, fmt.Errorf("%w: it holds no whole JSON object of the form asked for", errNoAnswer)
}

// readAnswer reads raw if it is an answer, and not some other object.
func readAnswer(raw json.RawMessage) (answer, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || !bytes.HasPrefix(fields["claims"], []byte("[")) {
		return answer{}, false
	}
	var a answer
	return a, json.Unmarshal(raw, &a) == nil
}

// skipped counts what could not be read.
func (a answer) skipped() int {
	return a.Entities.skipped + a.Breaches.skipped + a.Figures.skipped + a.Claims.skipped
}
