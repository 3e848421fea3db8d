package frontier

import (
	"net/url"
	"strings"
	"time"
)

// A Kind is what is expected to be found at a URL.
type Kind uint8

// The kinds of URLs.
const (
	Article Kind = iota
	Feed
	Sitemap
	Listing
)

var kindNames = [...]string{"article", "feed", "sitemap", "listing"}

// String returns the name of the kind, "article" for one that is unknown.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[Article]
}

// ParseKind reads what String wrote.
func ParseKind(s string) (Kind, bool) {
	for k, name := range kindNames {
		if s == name {
			return Kind(k), true
		}
	}
	return Article, false
}

// Bounds of what is kept, in bytes. Servers decide how long these get.
const (
	maxURL       = 4 << 10
	maxValidator = 1 << 10 // longer ones are forgotten, which costs a full answer
	maxReason    = 300
)

// An Item is what is known of one URL.
type Item struct {
	// URL is the address to ask, http or https.
	URL string
	// ID is the address by which it is known, so that two ways to write one
	// address are one item; empty means URL.
	ID     string
	Source string // name of the source that it was found by
	Kind   Kind
	Depth  int // pages of a listing between it and its source
	// Due is when to visit it next; zero if it is not to be visited.
	Due time.Time
	// Published is when it was published by what its source says of it; zero if
	// that says nothing.
	Published time.Time
	// Changed is when it last changed by what its source says. It matters to
	// [Frontier.Add] only, and is not kept.
	Changed time.Time

	Visited      time.Time // when it last answered; zero if it never has
	ETag         string    // as the server gave it
	LastModified string    // the same
	Hash         string    // of the content, as [Outcome.Hash] gave it
	Revision     int       // how many contents it has had
	Failures     int       // since it last answered
	Reason       string    // of the last failure

	id    uint64
	queue uint32
}

// Host returns the host and, unless it is the scheme's own, the port of the URL,
// in lower case: what politeness is kept by. It is empty for what is no http or
// https URL.
func (it Item) Host() string { return hostOf(it.URL) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	port := u.Port()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return ""
	case port == "", u.Scheme == "http" && port == "80", u.Scheme == "https" && port == "443":
		return strings.ToLower(u.Hostname())
	}
	return strings.ToLower(u.Host)
}

// name is what the item is known by.
func (it Item) name() string {
	if it.ID != "" {
		return it.ID
	}
	return it.URL
}

// fits reports whether the item can be kept.
func (it Item) fits() bool {
	return len(it.URL) <= maxURL && len(it.ID) <= maxURL && it.Host() != ""
}

// An Outcome is what became of a visit that was answered.
type Outcome struct {
	Visited time.Time
	// Due is when to visit again; zero for never.
	Due time.Time
	// Hash is of the content; empty says that it is as it was. Where it differs
	// from the last one, that is a new revision.
	Hash string
	// ETag and LastModified are for the next visit. Where Hash is empty, those
	// that are empty stay as they were.
	ETag, LastModified string
	// ID is the address by which the page says that it is known; empty if it
	// does not differ. If that is known already, the item becomes an alias of it.
	ID string
	// Capture is where the archive has an article that is still to be read and
	// loaded; empty where there is nothing to load. See [Frontier.Unread].
	Capture string
	// Aliases are other addresses that led to the page, such as that of a
	// redirect on the way.
	Aliases []string
}

// apply changes the item as the visit says.
func (it *Item) apply(o Outcome) {
	it.Visited, it.Due = o.Visited, o.Due
	it.Failures, it.Reason = 0, ""
	if o.Hash != "" && o.Hash != it.Hash {
		it.Hash = o.Hash
		it.Revision++
	}
	if o.Hash != "" || o.ETag != "" {
		it.ETag = bounded(o.ETag)
	}
	if o.Hash != "" || o.LastModified != "" {
		it.LastModified = bounded(o.LastModified)
	}
}

func bounded(validator string) string {
	if len(validator) > maxValidator {
		return ""
	}
	return validator
}
