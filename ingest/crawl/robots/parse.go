package robots

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxBody is how much of a file is read; RFC 9309 asks for at least as much.
	maxBody = 500 << 10
	// maxLine is how much of a line counts, as in the reference parser: eight
	// times the longest URL that browsers take, less the end of a C string.
	maxLine = 2083*8 - 1
	// maxDelay is the longest Crawl-delay: a file is not held for longer.
	maxDelay = 24 * time.Hour
	// blanks are what may stand around keys and values.
	blanks = " \t\v\f"
)

// A kind says what a line is about.
type kind int

const (
	unknownLine kind = iota
	agentLine
	allowLine
	disallowLine
	sitemapLine
	delayLine
)

// keys are the names of lines, in lower case. As in the reference parser, a key
// counts that begins with one of them, and so do frequent misspellings.
var keys = []struct {
	name string
	kind kind
}{
	{"user-agent", agentLine}, {"useragent", agentLine}, {"user agent", agentLine},
	{"allow", allowLine},
	{"disallow", disallowLine}, {"dissallow", disallowLine}, {"dissalow", disallowLine},
	{"disalow", disallowLine}, {"diasllow", disallowLine}, {"disallaw", disallowLine},
	{"sitemap", sitemapLine}, {"site-map", sitemapLine},
	{"crawl-delay", delayLine}, {"crawldelay", delayLine}, {"crawl delay", delayLine},
}

// Parse reads a robots.txt. There is none that it refuses: lines that mean
// nothing are passed over, and what lies beyond 500 KiB is not read.
func Parse(body []byte) *Rules {
	if len(body) > maxBody {
		body = body[:maxBody]
		// Half a rule may forbid far more than all of it: "Disallow: /".
		body = body[:bytes.LastIndexAny(body, "\r\n")+1]
	}
	p := parser{rules: &Rules{groups: make(map[string][]naming)}, seen: make(map[string]bool)}
	for line := range lines(trimMark(body)) {
		key, value, ok := splitLine(line)
		if ok {
			p.line(kindOf(key), value)
		}
	}
	return p.rules
}

// trimMark takes off a UTF-8 byte order mark, or as much as there is of one.
func trimMark(body []byte) []byte {
	for _, b := range []byte("\xEF\xBB\xBF") {
		if len(body) == 0 || body[0] != b {
			break
		}
		body = body[1:]
	}
	return body
}

// lines yields the lines of body without comments and the blanks around them.
// It takes CR and LF each for an end of line, so CRLF adds an empty one, which
// means nothing.
func lines(body []byte) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for len(body) > 0 {
			line := body
			if end := bytes.IndexAny(body, "\r\n"); end >= 0 {
				line, body = body[:end], body[end+1:]
			} else {
				body = nil
			}
			line = line[:min(len(line), maxLine)]
			line, _, _ = bytes.Cut(line, []byte("#"))
			if line = bytes.Trim(line, blanks); len(line) > 0 && !yield(string(line)) {
				return
			}
		}
	}
}

// splitLine parts key and value at the colon, or where there is none at the
// blanks, if they make two words of the line.
func splitLine(line string) (key, value string, ok bool) {
	if key, value, ok = strings.Cut(line, ":"); !ok {
		at := strings.IndexAny(line, " \t")
		if at < 0 {
			return "", "", false
		}
		key, value = line[:at], strings.TrimLeft(line[at:], " \t")
		if strings.ContainsAny(value, " \t") {
			return "", "", false
		}
	}
	key = strings.Trim(key, blanks)
	return key, strings.Trim(value, blanks), key != ""
}

func kindOf(key string) kind {
	for _, k := range keys {
		if len(key) >= len(k.name) && strings.EqualFold(key[:len(k.name)], k.name) {
			return k.kind
		}
	}
	return unknownLine
}

// A parser adds one line after the other to the rules.
type parser struct {
	rules *Rules
	open  bool            // the last block still takes agents
	seen  map[string]bool // sitemaps
}

func (p *parser) line(k kind, value string) {
	switch k {
	case agentLine:
		p.agent(value)
	case allowLine, disallowLine:
		// It ends the list of agents even where it is empty and has no effect.
		p.open = false
		if b := p.block(); b != nil && value != "" {
			b.rules = append(b.rules, newRule(k == allowLine, value))
		}
	case delayLine:
		if b := p.block(); b != nil {
			if wait, ok := parseDelay(value); ok {
				b.delays = append(b.delays, delay{agents: b.agents, wait: wait})
			}
		}
	case sitemapLine:
		if value != "" && !p.seen[value] {
			p.seen[value] = true
			p.rules.sitemaps = append(p.rules.sitemaps, value)
		}
	}
}

// block gives the block that a line belongs to; nil before the first agent.
func (p *parser) block() *block {
	if len(p.rules.blocks) == 0 {
		return nil
	}
	return &p.rules.blocks[len(p.rules.blocks)-1]
}

func (p *parser) agent(value string) {
	if !p.open {
		p.rules.blocks = append(p.rules.blocks, block{})
		p.open = true
	}
	name := productToken(value)
	// "* (all others)" is meant for all others too.
	if value == anyAgent || strings.HasPrefix(value, anyAgent) && strings.Contains(blanks, value[1:2]) {
		name = anyAgent
	}
	b, last := p.block(), len(p.rules.blocks)-1
	namings := p.rules.groups[name]
	if !slices.ContainsFunc(namings[max(0, len(namings)-1):], func(n naming) bool { return n.block == last }) {
		p.rules.groups[name] = append(namings, naming{block: last, position: b.agents})
	}
	b.agents++
}

// parseDelay reads seconds, whole or with a fraction.
func parseDelay(value string) (time.Duration, bool) {
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 {
		return 0, false
	}
	return time.Duration(min(seconds, maxDelay.Seconds()) * float64(time.Second)), true
}
