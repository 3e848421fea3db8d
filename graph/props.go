package graph

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
)

// Bounds on what one article can put into a property, in bytes. The database
// indexes names, and refuses to index what is over 8,000 bytes long.
const (
	maxName = 1000
	maxText = 8000
	maxTag  = 200
	// maxAliases is how many other names a node keeps, and an article can give.
	maxAliases = 50
)

// clean is s as valid UTF-8 without control characters, its spaces single, cut
// to at most limit bytes.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return cut(strings.Join(strings.Fields(s), " "), limit)
}

// cut shortens s to at most limit bytes, between two characters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// name is a short text as a property; an absent one is nil, so that a load of
// a changed article also forgets.
func name(s string) any {
	if s = clean(s, maxName); s != "" {
		return s
	}
	return nil
}

// text is what an article says as a property, as it stands there.
func text(s string) any {
	if s = cut(strings.ToValidUTF8(s, "\uFFFD"), maxText); s != "" {
		return s
	}
	return nil
}

// moment is a time as a property, in UTC: the same instant is the same value.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

// day is the day of t as a property.
func day(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return neo4j.DateOf(t)
}

// firstDay is the one day that stands for a period.
func firstDay(p extract.Period) time.Time {
	if p.Start.IsZero() {
		return p.End
	}
	return p.Start
}

func float64OrNil(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// attribute is an attribute of an entity as the type that p declares.
func attribute(p Property, v string) any {
	if p.Type != integer {
		return name(v)
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
	if err != nil {
		return nil
	}
	return n
}

// aliases are the names that are neither empty nor the name itself, sorted.
func aliases(name string, others []string) []string {
	var out []string
	for _, o := range others {
		if o = clean(o, maxName); o != name {
			out = append(out, o)
		}
	}
	out = distinct(out)
	slices.Sort(out)
	return out[:min(len(out), maxAliases)]
}

// distinct returns what is in list and not empty, each once, in its order.
func distinct(list []string) []string {
	out := []string{}
	seen := map[string]bool{"": true}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// pointStep is how many bytes lie between two counts that codePoints keeps.
const pointStep = 256

// codePoints turns byte offsets of a text into code points, which the graph
// counts in as the JSON contract does.
type codePoints struct {
	text   string
	before []int // before[i] is the number of code points before byte i*pointStep
}

func newCodePoints(text string) codePoints {
	c := codePoints{text: text}
	for at, n := 0, 0; at <= len(text); at += pointStep {
		c.before = append(c.before, n)
		for i := at; i < min(at+pointStep, len(text)); i++ {
			if utf8.RuneStart(text[i]) {
				n++
			}
		}
	}
	return c
}

// at is the number of code points before byte i.
func (c codePoints) at(i int) int {
	n := c.before[i/pointStep]
	for j := i / pointStep * pointStep; j < i; j++ {
		if utf8.RuneStart(c.text[j]) {
			n++
		}
	}
	return n
}
