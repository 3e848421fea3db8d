package robots

import "strings"

// The RFC has both sides of a comparison normalised: unreserved characters
// decoded, those beyond ASCII escaped. The reference parser does so with
// neither, but escapes what is beyond ASCII in the file and takes the URL as it
// is: "/%62" in the file does not mean "/b". Here a Disallow rule matches if
// either does, and an Allow rule only if the reference matches. In both, "*" and
// "$" of a URL are compared as "%2A" and "%24", which the RFC gives those who
// mean the characters themselves.

// A rule is an Allow or Disallow line.
type rule struct {
	allow bool
	// patterns are the ways to match; the first that does gives the weight.
	patterns []pattern
}

// A pattern is a path in which "*" stands for any characters and "$" at its end
// for the end of the path.
type pattern struct {
	text     string
	anchored bool // "$" stood at the end of text, from which it is cut
	normal   bool // it is to be compared with the normalised path
}

// A target is the path of a URL, ready to be compared.
type target struct {
	literal string // as it is, escapes in capitals
	normal  string // normalised
}

func newTarget(path string) target {
	return target{
		literal: escape(path, func(c byte) bool { return c != '*' && c != '$' }, false),
		normal:  escape(path, func(c byte) bool { return c != '*' && c != '$' && isURLByte(c) }, true),
	}
}

// newRule prepares the value of an Allow or Disallow line, which is not empty.
func newRule(allow bool, value string) rule {
	body, anchored := strings.CutSuffix(value, "$")
	literal := escape(body, func(c byte) bool { return c != '$' && c < 0x80 }, false)
	r := rule{allow: allow, patterns: []pattern{{text: literal, anchored: anchored}}}
	if allow {
		// Who allows the index file of a folder means the folder too.
		if slash := strings.LastIndexByte(literal, '/'); slash >= 0 && strings.HasPrefix(literal[slash:], "/index.htm") {
			r.patterns = append(r.patterns, pattern{text: literal[:slash+1], anchored: true})
		}
		return r
	}
	normal := escape(body, func(c byte) bool { return c != '$' && isURLByte(c) }, true)
	r.patterns = append(r.patterns, pattern{text: normal, anchored: anchored, normal: true})
	return r
}

// match gives the weight of the rule for t: the length of the pattern that
// matches, 0 if none does.
func (r rule) match(t target) int {
	for _, p := range r.patterns {
		path := t.literal
		if p.normal {
			path = t.normal
		}
		if p.match(path) {
			return p.weight()
		}
	}
	return 0
}

func (p pattern) weight() int {
	if p.anchored {
		return len(p.text) + 1
	}
	return len(p.text)
}

// match takes each stretch between two stars at the first place where it stands:
// whatever matches with a later one matches with the first, so that nothing need
// be tried twice.
func (p pattern) match(path string) bool {
	stretch, rest, starred := strings.Cut(p.text, "*")
	path, ok := strings.CutPrefix(path, stretch)
	for ok && starred {
		stretch, rest, starred = strings.Cut(rest, "*")
		if !starred && p.anchored {
			return strings.HasSuffix(path, stretch)
		}
		_, path, ok = strings.Cut(path, stretch)
	}
	return ok && (!p.anchored || path == "")
}

// escape returns s with the bytes that are not raw escaped and all escapes in
// capitals, and if decode is set, with the escapes of unreserved characters
// decoded.
func escape(s string, raw func(byte) bool, decode bool) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	out.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			c, escaped = unhex(s[i+1])<<4|unhex(s[i+2]), true
			i += 2
		}
		if escaped && !(decode && isUnreserved(c)) || !escaped && !raw(c) {
			out.WriteByte('%')
			out.WriteByte(hex[c>>4])
			c = hex[c&0xF]
		}
		out.WriteByte(c)
	}
	return out.String()
}

// pathOf cuts path, parameters and query out of a URL, which may lack the
// scheme or consist of nothing but a path. It reads as the reference parser
// does and not as net/url, which refuses some of what servers answer to.
func pathOf(rawURL string) string {
	rest, _, _ := strings.Cut(strings.TrimPrefix(rawURL, "//"), "#")
	start := strings.IndexAny(rest, "/?;")
	if scheme := strings.Index(rest, "://"); scheme >= 0 && scheme < start {
		rest = rest[scheme+len("://"):]
		start = strings.IndexAny(rest, "/?;")
	}
	switch {
	case start < 0:
		return "/"
	case rest[start] != '/':
		return "/" + rest[start:]
	}
	return rest[start:]
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isUnreserved(c byte) bool {
	return isLetter(c) || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// isURLByte tells what stands unescaped in the path or query of a URL.
func isURLByte(c byte) bool {
	return isUnreserved(c) || strings.IndexByte(":/?#[]@!$&'()*+,;=%", c) >= 0
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
