package robots

import (
	"slices"
	"strings"
	"time"
)

// Rules are what one robots.txt says. The zero value allows everything. Rules
// are read-only and may be used by several goroutines at once.
type Rules struct {
	blocks   []block
	groups   map[string][]naming // by product token in lower case, or anyAgent
	sitemaps []string
}

// anyAgent names the group of all that have none of their own. No product token
// looks like it.
const anyAgent = "*"

// A block is a run of rules below one or more user-agent lines. The group of an
// agent is all blocks that name it; their rules are not copied together, as a
// hostile file may name thousands of agents above thousands of rules.
type block struct {
	agents int // how many user-agent lines it has
	rules  []rule
	delays []delay
}

// A naming is a user-agent line: the block it stands above, and how many other
// such lines of that block stand before it.
type naming struct{ block, position int }

// A delay is a Crawl-delay line. It is meant for the agents that its block has
// named so far; unlike a rule it does not end their list, so others may follow.
type delay struct {
	agents int
	wait   time.Duration
}

// Allowed reports whether userAgent may fetch rawURL. The longest rule of the
// agent's group that matches decides, and allow wins a tie; an agent without a
// group of its own obeys the group "*".
//
// The user agent is a product token ("FooBot"), compared without regard to
// case, or a User-Agent header that begins with one and goes on with a version
// or a comment ("FooBot/1.0", "FooBot (+https://foo.example)"). A token that
// holds anything but letters, "-" and "_" never has a group of its own.
//
// Of the URL only path, parameters and query count, and one without a path
// means "/". It should be escaped as it goes over the wire. /robots.txt itself
// is always allowed. No pattern takes more time than the length of it and of
// the URL together.
func (r *Rules) Allowed(userAgent, rawURL string) bool {
	path := pathOf(rawURL)
	if path == "/robots.txt" {
		return true
	}
	t := newTarget(path)
	allow, disallow := 0, 0
	for _, n := range r.groups[r.groupOf(userAgent)] {
		for _, rule := range r.blocks[n.block].rules {
			if weight := rule.match(t); rule.allow {
				allow = max(allow, weight)
			} else {
				disallow = max(disallow, weight)
			}
		}
	}
	return allow >= disallow
}

// CrawlDelay gives the time that the agent's group asks to be left between two
// requests, of several the longest, and whether it asks for any. Neither the
// RFC nor the reference parser knows it, but many sites set it. It is never
// longer than a day; how much is sensible, the caller must know.
func (r *Rules) CrawlDelay(userAgent string) (time.Duration, bool) {
	longest, found := time.Duration(0), false
	for _, n := range r.groups[r.groupOf(userAgent)] {
		for _, d := range r.blocks[n.block].delays {
			if n.position < d.agents {
				longest, found = max(longest, d.wait), true
			}
		}
	}
	return longest, found
}

// Sitemaps returns the addresses that Sitemap lines give, in the order of the
// file and without doublets. They are as printed: the protocol asks for whole
// URLs of any host, but some files give a path.
func (r *Rules) Sitemaps() []string { return slices.Clone(r.sitemaps) }

// groupOf gives the key of the group that userAgent obeys.
func (r *Rules) groupOf(userAgent string) string {
	if end := strings.IndexByte(userAgent, '/'); end >= 0 {
		userAgent = userAgent[:end]
	}
	if end := strings.Index(userAgent, " ("); end >= 0 {
		userAgent = userAgent[:end]
	}
	// A line names no more than a token, so "Foo Bar" finds nothing: it is not
	// for a bot to take the rules that another one was given.
	token := strings.ToLower(userAgent)
	if _, ok := r.groups[token]; ok && token != "" {
		return token
	}
	return anyAgent
}

// productToken is what of a user-agent line names the agent.
func productToken(s string) string {
	end := 0
	for end < len(s) && (isLetter(s[end]) || s[end] == '-' || s[end] == '_') {
		end++
	}
	return strings.ToLower(s[:end])
}
