package crawl

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
)

// maxFound bounds the addresses that are taken from one feed, sitemap or
// listing. A sitemap may hold no more by its protocol.
const maxFound = 50_000

// A Finding is an address of an article, as a source names it.
type Finding struct {
	URL     string
	Title   string    // empty where the source tells none
	Changed time.Time // when it was published or, later, changed; zero where the source does not tell
}

// A finder gathers what a document names: each address once, in the order of the
// document.
type finder struct {
	base  *url.URL
	seen  map[string]bool
	found []Finding
}

// newFinder resolves addresses against that of the document.
func newFinder(address string) *finder {
	base, err := url.Parse(address)
	if err != nil {
		base = nil
	}
	return &finder{base: base, seen: map[string]bool{}}
}

// add keeps an address if it is one of the web.
func (f *finder) add(href, title string, changed time.Time) {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || len(f.found) == maxFound {
		return
	}
	if f.base != nil {
		u = f.base.ResolveReference(u)
	}
	u.Fragment, u.RawFragment = "", ""
	address := u.String()
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(address) > maxAddress || f.seen[address] {
		return
	}
	f.seen[address] = true
	f.found = append(f.found, Finding{URL: address, Title: strings.Join(strings.Fields(title), " "), Changed: changed})
}

// maxAddress bounds an address, in bytes; servers refuse longer ones.
const maxAddress = 8 << 10

// parseFeed reads a feed in any of the forms of RSS, Atom and JSON Feed.
func parseFeed(body []byte, address string) ([]Finding, error) {
	feed, err := readFeed(body)
	if feed == nil {
		return nil, fmt.Errorf("read feed %.300s: %w", address, err)
	}
	f := newFinder(address)
	for _, item := range feed.Items {
		if item != nil {
			f.add(itemLink(item), item.Title, itemTime(item))
		}
	}
	if len(f.found) == 0 && err != nil {
		return nil, fmt.Errorf("read feed %.300s: %w", address, err)
	}
	return f.found, nil
}

// readFeed parses what can be: gofeed refuses bytes that are no UTF-8, and a
// feed that ends too early, whose items are there nevertheless.
func readFeed(body []byte) (feed *gofeed.Feed, err error) {
	defer func() {
		// A feed is hostile input, and gofeed has had panics in dates and extensions.
		if p := recover(); p != nil {
			feed, err = nil, errors.New("is malformed in a way that the parser does not survive")
		}
	}()
	body = decode(body, declaredEncoding(body))
	feed, err = gofeed.NewParser().Parse(bytes.NewReader(body))
	if err == nil {
		return feed, nil
	}
	for _, last := range []struct{ item, end string }{{"</item>", "</channel></rss>"}, {"</entry>", "</feed>"}} {
		if i := bytes.LastIndex(body, []byte(last.item)); i >= 0 {
			whole := append(body[:i+len(last.item):i+len(last.item)], last.end...)
			if feed, again := gofeed.NewParser().Parse(bytes.NewReader(bytes.ToValidUTF8(whole, nil))); again == nil {
				return feed, nil
			}
		}
	}
	return nil, err
}

// declaredEncoding is what the first line of an XML document says of its
// character set, empty where it says nothing.
func declaredEncoding(body []byte) string {
	head, _, ok := bytes.Cut(body[:min(len(body), 200)], []byte("?>"))
	if !ok {
		return ""
	}
	_, rest, ok := bytes.Cut(head, []byte("encoding="))
	if !ok || len(rest) < 2 {
		return ""
	}
	label, _, _ := bytes.Cut(rest[1:], rest[:1])
	return string(label)
}

// itemLink is the address of an item: Atom's first link, else an id that is an
// address.
func itemLink(item *gofeed.Item) string {
	if item.Link != "" {
		return item.Link
	}
	if len(item.Links) > 0 {
		return item.Links[0]
	}
	if strings.HasPrefix(item.GUID, "http") {
		return item.GUID
	}
	return ""
}

// itemTime is the later of the times of an item.
func itemTime(item *gofeed.Item) time.Time {
	var latest time.Time
	for _, t := range []*time.Time{item.PublishedParsed, item.UpdatedParsed} {
		if t != nil && t.After(latest) {
			latest = t.UTC()
		}
	}
	return latest
}
