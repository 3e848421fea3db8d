package page

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// decode gives raw as UTF-8. What is valid UTF-8 is taken to be that whatever
// it declares, as declarations are wrong more often; then a byte order mark
// and the page's declaration count, and windows-1252 is the last resort.
func decode(raw []byte) (string, error) {
	if utf8.Valid(raw) {
		return strings.TrimPrefix(string(raw), "\ufeff"), nil
	}
	encoding, name, certain := charset.DetermineEncoding(raw, "")
	if name == "utf-8" || !certain && mostlyUTF8(raw) {
		return strings.ToValidUTF8(string(raw), "\ufffd"), nil
	}
	text, err := encoding.NewDecoder().Bytes(raw)
	if err != nil {
		return "", fmt.Errorf("decode as %s: %w", name, err)
	}
	return strings.ToValidUTF8(string(text), "\ufffd"), nil
}

// mostlyUTF8 reports whether few of the bytes beyond ASCII are broken: one cut
// character does not make a page windows-1252.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > 4*bad
}
