package ingest

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// unmarked takes the byte order mark off the start of r and gives what
// follows as UTF-8. Text without a mark is given as it is.
func unmarked(r *bufio.Reader) *bufio.Reader {
	head, _ := r.Peek(3)
	switch {
	case string(head) == "\xef\xbb\xbf":
		r.Discard(len(head))
		return r
	case strings.HasPrefix(string(head), "\xff\xfe"), strings.HasPrefix(string(head), "\xfe\xff"):
		decoder := utf.UTF16(utf.LittleEndian, utf.ExpectBOM).NewDecoder()
		return bufio.NewReaderSize(transform.NewReader(r, decoder), headBytes)
	}
	return r
}

// decodeText reads b as UTF-8 or, where it plainly is a text of that older
// encoding, windows-1252. Text that is neither is an error: half of it guessed
// would be worse than none.
func decodeText(b []byte) (string, error) {
	if utf8.Valid(b) {
		return string(b), nil
	}
	if text, ok := windows1252(b); ok {
		return text, nil
	}
	return "", brokenUTF8(b)
}

func brokenUTF8(b []byte) error {
	i := 0
	for i < len(b) {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return fmt.Errorf("broken UTF-8 at byte %d", i)
}

// windows1252 decodes b and reports whether the outcome reads like text:
// nothing in it is valid UTF-8 beyond ASCII or undefined in windows-1252, and
// its accented letters stand in words.
func windows1252(b []byte) (string, bool) {
	for i := range b {
		if _, n := utf8.DecodeRune(b[i:]); n > 1 {
			return "", false
		}
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil || strings.ContainsRune(string(decoded), utf8.RuneError) {
		return "", false
	}
	text := []rune(string(decoded))
	at := func(i int) rune {
		if i < 0 || i >= len(text) {
			return ' '
		}
		return text[i]
	}
	for i, r := range text {
		if r < 0xC0 || r > 0xFF || !unicode.IsLetter(r) {
			continue
		}
		before, after := at(i-1), at(i+1)
		// "Ã(" and "mÃ" are what UTF-8 cut in two looks like.
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) || unicode.IsUpper(r) && unicode.IsLower(before) {
			return "", false
		}
	}
	return string(decoded), true
}

// readAll reads what a note, text or page may hold at most.
func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err == nil && len(b) > maxInput {
		err = fmt.Errorf("longer than %d MiB", maxInput>>20)
	}
	return b, err
}
