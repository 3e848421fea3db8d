package crawl

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// parseListing takes the links to articles from a listing page, and the address
// of the page after it; empty where there is none.
func parseListing(body []byte, address, links, next string) (found []Finding, after string, err error) {
	doc, base, err := parsePage(body, address)
	if err != nil {
		return nil, "", fmt.Errorf("read listing %.300s: %w", address, err)
	}
	f := newFinder(base)
	for _, n := range selectAll(doc, links) {
		if a := anchor(n); a != nil {
			f.add(attribute(a, "href"), textOf(a), time.Time{})
		}
	}
	if next != "" {
		onward := newFinder(base)
		for _, n := range selectAll(doc, next) {
			if a := anchor(n); a != nil {
				onward.add(attribute(a, "href"), "", time.Time{})
			}
		}
		if len(onward.found) > 0 && onward.found[0].URL != address {
			after = onward.found[0].URL
		}
	}
	return f.found, after, nil
}

// parsePage gives a page as a tree, and what its links are relative to.
func parsePage(body []byte, address string) (*html.Node, string, error) {
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	base := address
	if n := cascadia.Query(doc, cascadia.MustCompile("base[href]")); n != nil {
		if own, err := url.Parse(address); err == nil {
			if u, err := own.Parse(strings.TrimSpace(attribute(n, "href"))); err == nil {
				base = u.String()
			}
		}
	}
	return doc, base, nil
}

// selectAll gives what matches a selector that was checked before.
func selectAll(doc *html.Node, selector string) []*html.Node {
	group, err := cascadia.ParseGroup(selector)
	if err != nil {
		return nil
	}
	return cascadia.QueryAll(doc, group)
}

// anchor is the first link in n, or around it.
func anchor(n *html.Node) *html.Node {
	for d := range n.Descendants() {
		if isAnchor(d) {
			return d
		}
	}
	for ; n != nil; n = n.Parent {
		if isAnchor(n) {
			return n
		}
	}
	return nil
}

func isAnchor(n *html.Node) bool {
	return n.Type == html.ElementNode && (n.Data == "a" || n.Data == "link") && attribute(n, "href") != ""
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && b.Len() < 1000 {
			b.WriteString(d.Data + " ")
		}
	}
	return b.String()
}

// feedTypes are the media types by which a page links to its feeds.
var feedTypes = []string{"application/rss+xml", "application/atom+xml", "application/feed+json"}

// parseAlternates takes from a page the addresses of its feeds.
func parseAlternates(body []byte, address string) ([]Finding, error) {
	doc, base, err := parsePage(body, address)
	if err != nil {
		return nil, fmt.Errorf("read page %.300s: %w", address, err)
	}
	f := newFinder(base)
	for _, n := range selectAll(doc, `link[rel~="alternate"][href]`) {
		kind, _, _ := strings.Cut(strings.ToLower(attribute(n, "type")), ";")
		for _, t := range feedTypes {
			if strings.TrimSpace(kind) == t {
				f.add(attribute(n, "href"), attribute(n, "title"), time.Time{})
			}
		}
	}
	return f.found, nil
}
