package crawl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html/charset"

	"github.com/breachgraph/breachgraph/ingest"
)

// maxSitemap bounds a sitemap in bytes, unpacked; from its protocol.
const maxSitemap = 50 << 20

// A sitemap is what one file of the sitemap protocol holds: addresses of pages,
// or of other sitemaps where it is an index. The modules for sitemaps that are
// to be had fetch by themselves or know neither news nor plain text, so the
// reader is ours.
type sitemap struct {
	pages []Finding
	parts []Finding
}

const (
	// maxSitemapDepth is how deep indexes may lie in indexes. The protocol allows
	// none.
	maxSitemapDepth = 2
	// maxParts bounds the sitemaps of one index that are looked at.
	maxParts = 100
)

// latest gives the parts of an index that changed since a day, the latest ones if
// there are many: sites keep all their years in sitemaps.
func (s sitemap) latest(since time.Time) []Finding {
	parts := slices.DeleteFunc(slices.Clone(s.parts), func(f Finding) bool { return !f.Changed.IsZero() && f.Changed.Before(since) })
	slices.SortStableFunc(parts, func(a, b Finding) int { return b.Changed.Compare(a.Changed) })
	return parts[:min(len(parts), maxParts)]
}

// sitemapRow holds the elements of url and sitemap, in whatever namespace.
type sitemapRow struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
	News    struct {
		Published string `xml:"publication_date"`
		Title     string `xml:"title"`
	} `xml:"news"`
}

// parseSitemap reads a sitemap, an index, or a text with an address a line, each
// compressed or not.
func parseSitemap(body []byte, address string) (sitemap, error) {
	s, err := readSitemap(body, address)
	if err != nil {
		return s, fmt.Errorf("read sitemap %.300s: %w", address, err)
	}
	return s, nil
}

func readSitemap(body []byte, address string) (sitemap, error) {
	var r io.Reader = bytes.NewReader(body)
	if bytes.HasPrefix(body, []byte("\x1f\x8b")) {
		zip, err := gzip.NewReader(r)
		if err != nil {
			return sitemap{}, err
		}
		r = zip
	}
	limited := &io.LimitedReader{R: r, N: maxSitemap + 1}
	in := bufio.NewReader(limited)
	head, _ := in.Peek(512)
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	var s sitemap
	var err error
	switch {
	case bytes.HasPrefix(head, []byte("http://")), bytes.HasPrefix(head, []byte("https://")):
		s.pages, err = readAddresses(in, address)
	case bytes.HasPrefix(head, []byte("<")):
		s, err = readRows(in, address)
	default:
		return s, errors.New("is neither XML nor a list of addresses")
	}
	if limited.N <= 0 {
		return s, fmt.Errorf("%w: more than %d MiB", ErrTooLarge, maxSitemap>>20)
	}
	// What comes before damage is as good as any.
	if len(s.pages)+len(s.parts) > 0 {
		err = nil
	}
	return s, err
}

// readAddresses reads a text with an address a line; a line that begins with #
// is a comment.
func readAddresses(r io.Reader, base string) ([]Finding, error) {
	f := newFinder(base)
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\uFEFF"))
		if line != "" && !strings.HasPrefix(line, "#") {
			f.add(line, "", time.Time{})
		}
	}
	return f.found, lines.Err()
}

// readRows walks the XML of a sitemap or an index.
func readRows(r io.Reader, address string) (sitemap, error) {
	d := xml.NewDecoder(r)
	d.Strict = false
	d.CharsetReader = charset.NewReaderLabel
	pages, parts := newFinder(address), newFinder(address)
	known := false
	for {
		token, err := d.Token()
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			if !known && err == nil {
				err = errors.New("has no urlset and no sitemapindex")
			}
			return sitemap{pages: pages.found, parts: parts.found}, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		var into *finder
		switch start.Name.Local {
		case "urlset", "sitemapindex":
			known = true
			continue
		case "url":
			into = pages
		case "sitemap":
			into = parts
		default:
			continue
		}
		var row sitemapRow
		if err := d.DecodeElement(&row, &start); err == nil {
			into.add(row.Loc, row.News.Title, row.changed())
		}
	}
}

// changed is the later of the times of a row.
func (r sitemapRow) changed() time.Time {
	var latest time.Time
	for _, text := range []string{r.LastMod, r.News.Published} {
		if t, err := ingest.ParseDate(strings.TrimSpace(text)); err == nil && t.After(latest) {
			latest = t.UTC()
		}
	}
	return latest
}
