package queries

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A use is a place where Cypher names a parameter.
type use struct {
	name       string
	start, end int // bytes, the dollar sign included
}

// uses finds the parameters in cypher, in order, and passes over comments,
// strings and quoted names, where a dollar sign means nothing.
func uses(cypher string) []use {
	var out []use
	for i := 0; i < len(cypher); {
		switch rest := cypher[i:]; {
		case strings.HasPrefix(rest, "//"):
			i += past(rest, 2, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += past(rest, 2, "*/")
		case rest[0] == '\'' || rest[0] == '"':
			i += quoted(rest)
		case rest[0] == '`':
			i += past(rest, 1, "`")
		case rest[0] == '$':
			end := i + 1 + wordLength(rest[1:])
			out = append(out, use{cypher[i+1 : end], i, end})
			i = end
		default:
			i++
		}
	}
	return out
}

// past is the length of text up to the end of the mark that follows its first
// from bytes, or of all of it.
func past(text string, from int, mark string) int {
	if at := strings.Index(text[from:], mark); at >= 0 {
		return from + at + len(mark)
	}
	return len(text)
}

// quoted is the length of the string literal at the start of text.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return i + 1
		}
	}
	return len(text)
}

// wordLength is the length of the letters, digits and underscores at the start
// of text.
func wordLength(text string) int {
	for i, r := range text {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return i
		}
	}
	return len(text)
}

// Filled returns the Cypher of q with values, as [Query.Args] gives them, in
// place of its parameters. It is for programs that take no parameters, such as
// the editor of Neo4j Browser that a link fills; it has the same answer.
func (q Query) Filled(values map[string]any) string {
	var b strings.Builder
	done := 0
	for _, u := range uses(q.Cypher) {
		b.WriteString(q.Cypher[done:u.start])
		b.WriteString(literal(values[u.name]))
		done = u.end
	}
	return b.String() + q.Cypher[done:]
}

// literal writes a value as Cypher does.
func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return quote(v)
	case time.Time:
		return "date('" + v.Format(time.DateOnly) + "')"
	case float64:
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0" // or it would be an integer
		}
		return text
	}
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return fmt.Sprint(v)
	}
	parts := make([]string, list.Len())
	for i := range parts {
		parts[i] = literal(list.Index(i).Interface())
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// quote writes a string literal. Neo4j replaces \u0027 by a quotation mark
// before it looks for the end of the string, so numbers escape nothing.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
