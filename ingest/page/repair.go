package page

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"regexp"
	"strings"
)

// wrappers stand around the JSON of a script element in many pages.
var wrappers = regexp.MustCompile(`^(?:\s|//|/\*|\*/|<!\[CDATA\[|<!--)+|(?:\s|//|/\*|\*/|\]\]>|-->|;)+$`)

// valueStart is how a JSON value begins, or the end of a list that has a comma
// too many.
var valueStart = regexp.MustCompile(`^(?:["{\[}\]]|-?\d|true\b|false\b|null\b)`)

// parseJSON reads the JSON values that a script element holds, and is lenient:
// wrappers, several values in a row, raw line ends and unescaped quotation
// marks in strings, trailing commas and a missing end are all to be met in the
// wild. What cannot be saved yields no value.
func parseJSON(script string) []any {
	script = wrappers.ReplaceAllString(script, "")
	if values, ok := decodeJSON([]byte(script)); ok {
		return values
	}
	if strings.HasPrefix(strings.TrimLeft(script, "[{ \n\t\r"), "&quot;") {
		script = html.UnescapeString(script)
	}
	values, _ := decodeJSON(repairJSON(script))
	return values
}

// decodeJSON also gives the values before the place where it fails.
func decodeJSON(raw []byte) (values []any, ok bool) {
	for d := json.NewDecoder(bytes.NewReader(raw)); ; {
		var v any
		if err := d.Decode(&v); err != nil {
			return values, err == io.EOF
		}
		values = append(values, v)
	}
}

// repairJSON rewrites what is meant to be JSON so that a strict reader takes
// it.
func repairJSON(s string) []byte {
	out := make([]byte, 0, len(s)+16)
	var open []byte // closing brackets still due
	inString := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case inString && c == '\\':
			out, i = repairEscape(out, s, i)
		case inString && c == '"' && !closesString(s[i+1:]):
			out = append(out, '\\', '"')
		case c == '"':
			inString = !inString
			out = append(out, c)
		case inString && c < ' ':
			out = append(out, ' ')
		case inString:
			out = append(out, c)
		case c == '{' || c == '[':
			open = append(open, c+2) // '}' and ']' stand two after them
			out = append(out, c)
		case c == '}' || c == ']':
			out = bytes.TrimRight(out, ", \t\r\n")
			if len(open) == 0 || open[len(open)-1] != c {
				continue
			}
			open = open[:len(open)-1]
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	if inString {
		out = append(out, '"')
	}
	out = bytes.TrimRight(out, ",: \t\r\n")
	for i := len(open) - 1; i >= 0; i-- {
		out = append(out, open[i])
	}
	return out
}

// repairEscape writes the escape at s[i], or its character where JSON knows no
// such escape, and returns the place of its last byte.
func repairEscape(out []byte, s string, i int) ([]byte, int) {
	if i+1 == len(s) {
		return out, i
	}
	next := s[i+1]
	if strings.IndexByte(`"\/bfnrtu`, next) >= 0 {
		return append(out, '\\', next), i + 1
	}
	if next < ' ' {
		next = ' '
	}
	return append(out, next), i + 1
}

// closesString tells by what follows a quotation mark whether it ends its
// string rather than standing in it.
func closesString(rest string) bool {
	rest = strings.TrimLeft(rest, " \t\r\n")
	if rest == "" || strings.IndexByte(":}]", rest[0]) >= 0 {
		return true
	}
	if rest[0] != ',' {
		return false
	}
	rest = strings.TrimLeft(rest[1:], " \t\r\n")
	return rest == "" || valueStart.MatchString(rest)
}
