package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// headBytes is how much of an input is looked at to tell what it is.
const headBytes = 64 << 10

// A format is one of the forms an article comes in.
type format int

const (
	plainText format = iota
	note
	page
	jsonLines
	jsonDocument // one JSON value over several lines, or an array of articles
	archive      // WARC, compressed or not
)

// signatures are how files begin that hold no text to read.
var signatures = []struct{ magic, name string }{
	{"%PDF-", "a PDF document"},
	{"\x89PNG\r\n", "a PNG image"},
	{"\xff\xd8\xff", "a JPEG image"},
	{"GIF87a", "a GIF image"},
	{"GIF89a", "a GIF image"},
	{"II*\x00", "a TIFF image"},
	{"MM\x00*", "a TIFF image"},
	{"PK\x03\x04", "a ZIP archive or an office document"},
	{"\x1f\x8b", "a gzip archive"},
	{"\xfd7zXZ\x00", "an xz archive"},
	{"\x28\xb5\x2f\xfd", "a zstd archive"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{"\xd0\xcf\x11\xe0", "an office document"},
	{`{\rtf`, "an RTF document"},
	{"\x7fELF", "a program"},
	{"From: <Saved by", "a MHTML archive"},
}

var (
	htmlStart = regexp.MustCompile(`(?i)^(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*` +
		`<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|article|main|header|div|section|table|p|h[1-6]|a|span|br|b)[\s>/]`)
	xmlStart = regexp.MustCompile(`(?i)^(?:<\?xml[^>]*>\s*(?:<!--[\s\S]*?-->\s*|<!doctype[^>]*>\s*|<\?[^>]*>\s*)*<([a-z][\w:.-]*)|<(svg|rss|feed|urlset)\b)`)
	htmlTag  = regexp.MustCompile(`(?i)</?(?:html|head|body|article|div|p|h[1-6])[\s>]`)
)

var (
	errEmpty  = errors.New("is empty")
	errBinary = errors.New("is not text")
)

// sniff tells by the first bytes of an input, and where these leave it open by
// the name, what it is. What cannot be an article is an error that says what
// it seems to be.
func sniff(name string, head []byte) (format, error) {
	trimmed := bytes.TrimSpace(head)
	if len(trimmed) == 0 {
		return 0, errEmpty
	}
	if isArchive(head) {
		return archive, nil
	}
	for _, s := range signatures {
		if bytes.HasPrefix(trimmed, []byte(s.magic)) {
			return 0, fmt.Errorf("is %s, not an article", s.name)
		}
	}
	ext := strings.ToLower(filepath.Ext(name))
	if htmlStart.Match(trimmed) || slices.Contains(pageExtensions, ext) && htmlTag.Match(trimmed) {
		return page, nil
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return 0, errBinary
	}
	if m := xmlStart.FindSubmatch(trimmed); m != nil {
		return 0, fmt.Errorf("is XML (%.20s%s), not an article", m[1], m[2])
	}
	if f, ok := sniffJSON(ext, trimmed); ok {
		return f, nil
	}
	if ext == ".md" || ext == ".markdown" || isNote(string(trimmed)) {
		return note, nil
	}
	return plainText, nil
}

var (
	pageExtensions = []string{".html", ".htm", ".xhtml"}
	lineExtensions = []string{".jsonl", ".ndjson"}
	objectStart    = regexp.MustCompile(`^\{\s*["}]`)
	arrayStart     = regexp.MustCompile(`^\[\s*\{`)
)

func sniffJSON(ext string, head []byte) (format, bool) {
	lines := slices.Contains(lineExtensions, ext)
	named := lines || ext == ".json"
	if !named && !objectStart.Match(head) && !arrayStart.Match(head) && !(head[0] == '[' && json.Valid(head)) {
		return 0, false
	}
	first, _, more := bytes.Cut(head, []byte("\n"))
	first = bytes.TrimSpace(first)
	whole := json.Valid(first)
	switch open := first[len(first)-1]; {
	case first[0] == '[' && (!lines || !whole && more),
		!whole && more && (ext == ".json" || open == '{' || open == ',' || open == '['):
		return jsonDocument, true
	}
	return jsonLines, true
}

// archiveStart begins the first record of a WARC file.
var archiveStart = []byte("WARC/1.")

// isArchive looks for a record, also as the first bytes of what is compressed.
func isArchive(head []byte) bool {
	if bytes.HasPrefix(head, archiveStart) {
		return true
	}
	zip, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return false
	}
	first := make([]byte, len(archiveStart))
	_, err = io.ReadFull(zip, first)
	return err == nil && bytes.Equal(first, archiveStart)
}
