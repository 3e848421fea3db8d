package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

const (
	// maxURL bounds the URLs that are read, in bytes: servers refuse longer
	// ones, and the parser's time grows with the square of the length.
	maxURL = 8 << 10
	// maxWrappings bounds how often a page is shown through another address.
	maxWrappings = 8
)

// urlParser reads URLs as browsers do, but for the apostrophe in a query, which
// RFC 3986 lets stand and which therefore keeps its form as in a path.
var urlParser = whatwg.NewParser(whatwg.WithSpecialQueryPercentEncodeSet(whatwg.QueryPercentEncodeSet))

// The tables below are the policy of [CanonicalURL]. Names are in lower case
// and compared without regard to it.
var (
	// ampCaches are paths under which a host serves pages of others.
	ampCaches = []struct{ host, path string }{
		{".cdn.ampproject.org", "/c/s/"},
		{"google.com", "/amp/s/"},
	}
	// sameSiteLabels lead to another rendering of the same site.
	sameSiteLabels = []string{"www", "m", "mobile", "amp"}
	// indexFiles are what a server shows for their folder.
	indexFiles = []string{"index.html", "index.htm", "index.php"}
	// ampExtensions may follow the ".amp" of "story.amp.html".
	ampExtensions = []string{"", ".html", ".htm", ".php", ".aspx"}
	// trackingPrefixes and trackingParameters tell how a reader came, or who
	// the reader is, but not what is read.
	trackingPrefixes   = []string{"utm_", "at_", "ns_"}
	trackingParameters = words(`
		fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id
		mc_cid mc_eid _ga _gl _hsenc _hsmi hsctatracking mkt_tok vero_id oly_enc_id oly_anon_id
		ftag bhid taid ref ref_src ref_url referringsource smid smtyp cmp cmpid ncid icid s_cid
		ocid mod mbid xtor wt_mc trk trkcampaign spm guccounter guce_referrer guce_referrer_sig
		phpsessid jsessionid sessionid sid amp __twitter_impression`)
	// ampOutputs are dropped where their value is "amp".
	ampOutputs = words("outputtype output")
)

func words(s string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// CanonicalURL returns the one form by which an article is known, so that two
// links to it compare equal: https, without user, fragment, default port,
// trailing slash, AMP and mobile variants, session ids and tracking parameters,
// the other parameters sorted. It is an identity and need not be fetchable. It
// is idempotent. What is no http(s) URL with a host is an error.
func CanonicalURL(raw string) (string, error) {
	u, err := canonical(raw)
	if err != nil {
		return "", fmt.Errorf("canonical URL of %.200q: %w", raw, err)
	}
	return u, nil
}

func canonical(raw string) (string, error) {
	raw = strings.TrimSpace(strings.ToValidUTF8(raw, "\uFFFD"))
	for range maxWrappings {
		// Escaping can make it longer, so this is asked each time.
		if len(raw) > maxURL {
			return "", fmt.Errorf("longer than %d bytes", maxURL)
		}
		u, err := urlParser.Parse(raw)
		if err != nil {
			return "", err
		}
		next, err := canonicalOnce(u)
		// Taking one wrapping off may bring another to light ("/amp/index.html").
		if err != nil || next == raw {
			return next, err
		}
		raw = next
	}
	return "", fmt.Errorf("wrapped more than %d times", maxWrappings)
}

func canonicalOnce(u *whatwg.Url) (string, error) {
	if s := u.Scheme(); s != "http" && s != "https" {
		return "", fmt.Errorf("scheme %q is not http or https", s)
	}
	host := strings.TrimRight(u.Hostname(), ".")
	if host == "" {
		return "", errors.New("no host")
	}
	if !u.IsIPv4() && !u.IsIPv6() {
		host = siteHost(host)
	}
	path, query := canonicalPath(u.Pathname()), canonicalQuery(u.Query())
	if rest, ok := cachedPage(host, path); ok {
		return "https://" + rest + query, nil
	}
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		host += ":" + p
	}
	return "https://" + host + trimPath(path) + query, nil
}

// siteHost drops the labels that lead to another rendering of a site, as long
// as a domain is left.
func siteHost(host string) string {
	labels := strings.Split(host, ".")
	for len(labels) > 2 && slices.Contains(sameSiteLabels, labels[0]) {
		labels = labels[1:]
	}
	for len(labels) >= 4 && labels[1] == "m" {
		labels = slices.Delete(labels, 1, 2)
	}
	return strings.Join(labels, ".")
}

// cachedPage gives the address, without its scheme, of the page that an AMP
// cache shows under host and path.
func cachedPage(host, path string) (rest string, ok bool) {
	for _, c := range ampCaches {
		if host != c.host && !(c.host[0] == '.' && strings.HasSuffix(host, c.host)) {
			continue
		}
		if rest, ok := strings.CutPrefix(path, c.path); ok && strings.Trim(rest, "/") != "" {
			return rest, true
		}
	}
	return "", false
}

// canonicalPath normalises what the parser, which has resolved the dot
// segments, leaves alone.
func canonicalPath(path string) string {
	path = normalizeEscapes(path, "!$&'()*+,;=:@/")
	segments := strings.Split(path, "/")
	kept := segments[:0]
	for _, s := range segments {
		if s = dropSession(s); s != "" {
			kept = append(kept, s)
		}
	}
	return "/" + strings.Join(kept, "/")
}

// dropSession cuts ";jsessionid=…" out of a path segment.
func dropSession(segment string) string {
	const mark = ";jsessionid="
	for {
		start := strings.Index(strings.ToLower(segment), mark)
		if start < 0 {
			return segment
		}
		end := len(segment)
		if i := strings.IndexByte(segment[start+1:], ';'); i >= 0 {
			end = start + 1 + i
		}
		segment = segment[:start] + segment[end:]
	}
}

// trimPath drops index files and AMP marks; path has no slash at its end but
// for the root.
func trimPath(path string) string {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for len(segments) > 0 {
		last := len(segments) - 1
		switch {
		case slices.Contains(indexFiles, segments[last]), segments[last] == "amp":
			segments = segments[:last]
		case segments[0] == "amp", segments[0] == "google-amp":
			segments = segments[1:]
		default:
			segments[last] = trimAMPSuffix(segments[last])
			return "/" + strings.Join(segments, "/")
		}
	}
	return "/"
}

func trimAMPSuffix(segment string) string {
	for _, ext := range ampExtensions {
		if stem, ok := strings.CutSuffix(segment, ".amp"+ext); ok && stem != "" {
			return stem + ext
		}
	}
	return segment
}

// canonicalQuery returns the parameters that are kept with the "?" before
// them, or nothing.
func canonicalQuery(query string) string {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		pair = normalizeEscapes(pair, "!$'()*+,;=:@/?")
		if pair != "" && !isTracking(pair) {
			kept = append(kept, pair)
		}
	}
	if kept == nil {
		return ""
	}
	slices.SortStableFunc(kept, func(a, b string) int {
		nameA, _, _ := strings.Cut(a, "=")
		nameB, _, _ := strings.Cut(b, "=")
		return strings.Compare(nameA, nameB)
	})
	return "?" + strings.Join(kept, "&")
}

func isTracking(pair string) bool {
	name, value, _ := strings.Cut(strings.ToLower(pair), "=")
	for _, p := range trackingPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return trackingParameters[name] || ampOutputs[name] && value == "amp"
}

// normalizeEscapes decodes escaped unreserved characters, writes the hex digits
// of the other escapes in upper case and escapes what may not stand: all but
// the unreserved characters of RFC 3986 and those in allowed.
func normalizeEscapes(s, allowed string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' && i+2 < len(s) {
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if escaped = hi >= 0 && lo >= 0; escaped {
				c = byte(hi<<4 | lo)
				i += 2
			}
		}
		if isUnreserved(c) || !escaped && strings.IndexByte(allowed, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// unhex returns the value of a hex digit, -1 for anything else.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
