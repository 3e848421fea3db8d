package robots

import (
	"bytes"
	"strings"
	"testing"
)

// matchByTrial is the plain way to match, with all places that a pattern may
// have reached, to compare the fast one with.
func matchByTrial(p pattern, path string) bool {
	reached := map[int]bool{0: true}
	for i := range len(p.text) {
		next := make(map[int]bool)
		for at := range reached {
			switch {
			case p.text[i] == '*':
				for ; at <= len(path); at++ {
					next[at] = true
				}
			case at < len(path) && path[at] == p.text[i]:
				next[at+1] = true
			}
		}
		reached = next
	}
	return len(reached) > 0 && (!p.anchored || reached[len(path)])
}

func FuzzMatch(f *testing.F) {
	for _, s := range [][2]string{{"/a*b", "/aab"}, {"/a*b$", "/abab"}, {"**", ""}, {"/ab*ba", "/aba"}, {"*a*a*", "/aa"}, {"", "x"}} {
		f.Add(s[0], s[1], true)
		f.Add(s[0], s[1], false)
	}
	f.Fuzz(func(t *testing.T, text, path string, anchored bool) {
		if len(text) > 100 || len(path) > 100 {
			return
		}
		p := pattern{text: text, anchored: anchored}
		if got, want := p.match(path), matchByTrial(p, path); got != want {
			t.Errorf("%+v.match(%q) = %t, want %t", p, path, got, want)
		}
	})
}

// allowedInOnePass is the reference parser's way: the file is read for one agent
// and one path, line by line, and nothing is normalised. The path must hold
// neither "%", "*" nor "$".
func allowedInOnePass(body []byte, agent, path string) bool {
	var specific, global [2]int // weights of disallow and allow
	var inSpecific, inGlobal, closed, everSpecific bool
	for line := range lines(trimMark(body)) {
		key, value, ok := splitLine(line)
		k := kindOf(key)
		switch {
		case !ok:
		case k == agentLine:
			if closed {
				inSpecific, inGlobal, closed = false, false, false
			}
			if value != "" && value[0] == '*' && strings.TrimLeft(value[1:], blanks) != value[1:] || value == "*" {
				inGlobal = true
			} else if agent != "" && strings.EqualFold(productToken(value), agent) {
				inSpecific, everSpecific = true, true
			}
		case (k == allowLine || k == disallowLine) && (inSpecific || inGlobal):
			closed = true
			weights, which := &global, 0
			if inSpecific {
				weights = &specific
			}
			if k == allowLine {
				which = 1
			}
			weights[which] = max(weights[which], weightByTrial(k == allowLine, value, path))
		}
	}
	if everSpecific {
		return specific[0] <= specific[1]
	}
	return global[0] <= global[1]
}

func weightByTrial(allow bool, value, path string) int {
	body, anchored := strings.CutSuffix(value, "$")
	text := escape(body, func(c byte) bool { return c < 0x80 }, false)
	if matchByTrial(pattern{text: text, anchored: anchored}, path) {
		return len(text) + len(value) - len(body)
	}
	slash := strings.LastIndexByte(text, '/')
	if allow && slash >= 0 && strings.HasPrefix(text[slash:], "/index.htm") {
		return weightByTrial(true, text[:slash+1]+"$", path)
	}
	return 0
}

// FuzzAllowed checks that a verdict is the reference's, unless it is stricter
// because of escapes, and that it hangs on nothing that has no meaning.
func FuzzAllowed(f *testing.F) {
	for _, file := range []string{
		"user-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\nallow: /y/\n",
		"user-agent: *\r\nallow: /open/index.html\r\ndisallow: /*.html$\r\n", "useragent foobot\rdisalow /\r",
		"\xEF\xBB\xBFUser-agent: * x\nDisallow: /%7ea b\nDisallow: /ツ$ # x\nSitemap: a\nCrawl-delay: 2",
	} {
		f.Add([]byte(file), "FooBot", "https://news.example/x/y.html")
		f.Add([]byte(file), "", "/open/?a=b#c")
	}
	f.Fuzz(func(t *testing.T, file []byte, agent, url string) {
		if len(file) > 2000 || len(url) > 200 {
			return
		}
		rules := Parse(file)
		got := rules.Allowed(agent, url)
		checkSame := func(why string, file []byte, agent, url string) {
			if same := Parse(file).Allowed(agent, url); same != got {
				t.Errorf("Allowed(%q, %q) = %t, but %t %s, by\n%q", agent, url, got, same, why, file)
			}
		}
		if isASCII(agent) { // letters beyond it have more cases than two
			checkSame("in capitals", file, strings.ToUpper(agent), url)
		}
		checkSame("with a fragment", file, agent, url+"#x")
		checkSame("with comments", bytes.ReplaceAll(file, []byte("\n"), []byte("#x\n")), agent, url)
		checkSame("with CR LF", bytes.ReplaceAll(bytes.ReplaceAll(file, []byte("\r"), []byte("\n")), []byte("\n"), []byte("\r\n")), agent, url)
		checkReference(t, file, agent, url, got)
		if d, ok := rules.CrawlDelay(agent); d < 0 || d > maxDelay || !ok && d != 0 {
			t.Errorf("CrawlDelay = %s, %t", d, ok)
		}
	})
}

func checkReference(t *testing.T, file []byte, agent, url string, got bool) {
	path := pathOf(url)
	if path == "/robots.txt" || strings.ContainsAny(path, "%*$") || productToken(agent) != strings.ToLower(agent) {
		return
	}
	want := allowedInOnePass(file, agent, path)
	noEscapes := isASCII(string(file)) && !bytes.Contains(file, []byte("%")) &&
		strings.IndexFunc(path, func(r rune) bool { return r >= 0x80 || !isURLByte(byte(r)) }) < 0
	if got && !want || noEscapes && got != want {
		t.Errorf("Allowed(%q, %q) = %t, want %t, by\n%q", agent, url, got, want, file)
	}
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

func BenchmarkParse(b *testing.B) {
	file := []byte(strings.Repeat("User-agent: FooBot\nDisallow: /search?*q=\nAllow: /search/about # ours\nDisallow: /*.php$\n\n", 100))
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(file)
	}
}

func BenchmarkAllowed(b *testing.B) {
	rules := Parse([]byte("User-agent: *\n" + strings.Repeat("Disallow: /search?*q=\nAllow: /search/about\nDisallow: /*.php$\n", 30)))
	b.ReportAllocs()
	for b.Loop() {
		rules.Allowed("FooBot", "https://news.example/2021/08/27/acme-hacked/?page=2")
	}
}
