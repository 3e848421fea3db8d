package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

const (
	// maxURL is the longest key of an article, in bytes. Together with an id it
	// must fit into one key of an index, which holds some 8,000.
	maxURL = 4000
	// rowsVersion is part of an extraction's hash: a new one has every article
	// written again. It rises when rows.go gives other rows for the same Result.
	rowsVersion = "2"
)

// hash is the SHA-256 of the parts as 64 hexadecimal digits. Each part's length
// is in it, so that no two lists of parts have the same text.
func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// shortHash is enough of a hash for a key that people may see.
func shortHash(parts ...string) string { return hash(parts...)[:32] }

// contentHash is the plain SHA-256 of an article's text, for others to check.
func contentHash(a ingest.Article) string {
	sum := sha256.Sum256([]byte(a.Text))
	return hex.EncodeToString(sum[:])
}

// extractionHash changes with anything that a load writes. The path of the
// file is left out, as moving it changes nothing, and so are when and where a page
// was kept: a page that says the same again is the same.
func extractionHash(r extract.Result) (string, error) {
	r.Article.Path = ""
	raw, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	if r.Article.DuplicateOf != "" {
		return hash(rowsVersion, string(raw), r.Article.DuplicateOf), nil
	}
	return hash(rowsVersion, string(raw)), nil
}

// articleKey is the canonical URL, or a name made from the text where the
// article has no URL.
func articleKey(a ingest.Article) (string, error) {
	if a.URL == "" {
		return "urn:sha256:" + contentHash(a), nil
	}
	u, err := ingest.CanonicalURL(a.URL)
	if err == nil && len(u) > maxURL {
		err = fmt.Errorf("URL of %d bytes is longer than %d", len(u), maxURL)
	}
	return u, err
}

// figureID names a figure by what it says and where.
func figureID(article string, f extract.Figure) string {
	return shortHash("figure", article, spanText(f.Span), number(f.Value), number(f.Low), number(f.High), f.Unit)
}

func spanText(s extract.Span) string { return strconv.Itoa(s.Start) + "-" + strconv.Itoa(s.End) }

func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}
