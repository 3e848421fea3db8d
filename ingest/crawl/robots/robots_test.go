package robots

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// A site is a robots.txt and what it means: each want is an agent and a URL,
// parted by a blank, where no agent is given FooBot, and where no host is given
// https://news.example.
type site struct {
	name, file       string
	allowed, refused []string
}

func (s site) check(t *testing.T) {
	t.Helper()
	rules := Parse([]byte(s.file))
	for want, asked := range map[bool][]string{true: s.allowed, false: s.refused} {
		for _, ask := range asked {
			agent, url, ok := strings.Cut(ask, "|")
			if !ok {
				agent, url = "FooBot", ask
			}
			if strings.HasPrefix(url, "/") {
				url = "https://news.example" + url
			}
			if got := rules.Allowed(agent, url); got != want {
				t.Errorf("Allowed(%q, %.200q) = %t, want %t, by\n%.500s", agent, url, got, want, s.file)
			}
		}
	}
}

func checkSites(t *testing.T, sites []site) {
	t.Helper()
	for _, s := range sites {
		t.Run(s.name, s.check)
	}
}

// all makes the file of one group for every agent.
func all(lines ...string) string { return "User-agent: *\n" + strings.Join(lines, "\n") }

func TestGroups(t *testing.T) {
	grouped := "allow: /early/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\nallow: /y/\n\n\n" +
		"allow: /w/\nuser-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n"
	checkSites(t, []site{
		{"nothing at all", "", []string{"/", "|/", "FooBot|", "|"}, nil},
		{"nothing about anybody", "foo: FooBot\nbar: /\n", []string{"/x"}, nil},
		{"somebody else", "user-agent: BarBot\ndisallow: /\n", []string{"/", "|/x", "|"}, []string{"BarBot|/", "BarBot|"}},
		{"an agent without a name", all("Disallow: /x"), []string{"|/y"}, []string{"|/x"}},
		{
			"blank lines part nothing, groups are joined", grouped,
			[]string{"/x/b", "/z/d", "BarBot|/y/c", "BarBot|/w/a", "BazBot|/z/d", "QuxBot|/y"},
			[]string{"/y/c", "BarBot|/z/d", "/early/", "BarBot|/early/", "BazBot|/early/"},
		},
		{
			"what is no rule ends no list of agents",
			"User-agent: BarBot\nSitemap: https://news.example/s.xml\nCrawl-delay: 3\nHost: x\nUser-agent: *\nDisallow: /\n",
			nil, []string{"/x", "BarBot|/x"},
		},
		{"agents without rules to the end", "User-agent: FooBot\n", []string{"/x"}, nil},
		{"a group of its own without rules", all("Disallow: /", "User-agent: FooBot"), []string{"/x"}, []string{"BarBot|/x"}},
		{"an empty rule ends the list too", "User-agent: FooBot\nDisallow:\n" + all("Disallow: /"), []string{"/x"}, []string{"BarBot|/x"}},
		{"the group of its own, not that of all", all("Disallow: /x/", "User-agent: FooBot", "Disallow: /y/"), []string{"/x/"}, []string{"/y/", "BarBot|/x/"}},
		{"before the group of all", "user-agent: FooBot\nallow: /\n\nuser-agent: *\ndisallow: /\n", []string{"/x"}, []string{"BarBot|/x"}},
		{"one group for itself and all", "user-agent: *\nuser-agent: FooBot\ndisallow: /x\n", []string{"/y"}, []string{"/x", "BarBot|/x"}},
		{"only others are named", "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\nuser-agent: BazBot\ndisallow: /\n", []string{"/", "QuxBot|/"}, []string{"BarBot|/"}},
		{"an agent named twice", "user-agent: FooBot\nuser-agent: foobot\ndisallow: /x\n", nil, []string{"/x"}},
		{"the file itself", all("Disallow: /"), []string{"/robots.txt"}, []string{"/robots.txt.bak", "/a/robots.txt"}},
	})
}

func TestAgents(t *testing.T) {
	foo := func(line string) string { return "User-Agent: *\nDisallow: /\n" + line + "\nAllow: /x/\nDisallow: /\n" }
	checkSites(t, []site{
		{"in any case", "User-Agent: FOO BAR\nAllow: /x/\nDisallow: /\n", []string{"Foo|/x/y", "foo|/x/y", "FOO|/x/y"}, []string{"Foo|/a", "foo|/a"}},
		{"keys in any case", "USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n", []string{"/x/y"}, []string{"/a"}},
		{"keys in mixed case", "uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /\n", []string{"/x/y"}, []string{"/a"}},
		{"up to the first blank", foo("User-Agent: Foo Bar"), []string{"Foo|/x/y"}, []string{"Foo Bar|/x/y"}},
		{"up to the version", foo("User-Agent: Foo/2.1"), []string{"Foo|/x/y"}, []string{"Foo2|/x/y"}},
		{"up to a star", foo("User-Agent: Foo*"), []string{"Foo|/x/y"}, []string{"FooBot|/x/y"}},
		{"not part of a token", foo("User-Agent: Foo"), nil, []string{"FooBot|/x/y", "Foo-Bot|/x/y", "Foo_Bot|/x/y", "Fo|/x/y"}},
		{"with hyphen and underline", foo("User-Agent: Foo-Bot_News"), []string{"foo-bot_news|/x/y"}, []string{"Foo|/x/y"}},
		{"a header's version is no part of it", foo("User-Agent: FooBot"), []string{"FooBot/1.0|/x/y", "FooBot/1.0 (+https://foo.example/bot)|/x/y", "FooBot (+https://foo.example)|/x/y"}, nil},
		{"tokens that nobody may have", foo("User-Agent: Foo\nUser-Agent: 1Bot\nUser-Agent: ツ"), nil, []string{"Foo*|/x/y", " Foo |/x/y", "1Bot|/x/y", "ツ|/x/y", "*|/x/y", "/1|/x/y"}},
		{"a star with a remark", "User-agent: * (all of you)\nDisallow: /\n", nil, []string{"/x"}},
		{"a star with a tab", "User-agent: *\tx\nDisallow: /\n", nil, []string{"/x"}},
		{"a star with more of a word", "User-agent: *Bot\nDisallow: /\n", []string{"/x", "Bot|/x"}, nil},
		{"no name", "User-agent:\nDisallow: /\n", []string{"/x", "|/x"}, nil},
	})
}

func TestPrecedence(t *testing.T) {
	checkSites(t, []site{
		{"longer disallow", all("disallow: /x/page.html", "allow: /x/"), []string{"/x/", "/x/page"}, []string{"/x/page.html"}},
		{"longer allow", all("allow: /x/page.html", "disallow: /x/"), []string{"/x/page.html"}, []string{"/x/", "/x/page"}},
		{"both empty", all("disallow: ", "allow: "), []string{"/x/page.html", "/"}, nil},
		{"both everything", all("disallow: /", "allow: /"), []string{"/x/page.html", "/"}, nil},
		{"both the same", all("disallow: /x/page.html", "allow: /x/page.html"), []string{"/x/page.html"}, nil},
		{"same folder, other order", all("allow: /folder", "disallow: /folder"), []string{"/folder/page"}, nil},
		{"the slash counts", all("disallow: /x", "allow: /x/"), []string{"/x/", "/x/y"}, []string{"/x", "/xy"}},
		{"a wildcard is one byte long", all("allow: /page", "disallow: /*.html"), []string{"/page"}, []string{"/page.html"}},
		{"a shorter wildcard", all("allow: /x/page.", "disallow: /*.html"), []string{"/x/page.html"}, []string{"/x/y.html"}},
		{"an anchor is one byte long", all("allow: /$", "disallow: /"), []string{"/", "", "https://news.example"}, []string{"/page.html"}},
		{"page or htm", all("allow: /p", "disallow: /"), []string{"/page"}, []string{"/other"}},
		{"page against htm", all("allow: /page", "disallow: /*.htm"), nil, []string{"/page.htm"}},
		{"paths keep their case", all("disallow: /X/"), []string{"/x/y"}, []string{"/X/y"}},
		{"rules of joined groups compete", all("disallow: /a") + "\n" + all("allow: /a/b"), []string{"/a/b"}, []string{"/a/c"}},
	})
}

func TestWildcards(t *testing.T) {
	only := func(allow string) string { return "user-agent: FooBot\ndisallow: /\nallow: " + allow + "\n" }
	fish := []string{"/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fishheads/yummy.html", "/fish.html?id=anything"}
	noFish := []string{"/bar", "/Fish.asp", "/catfish", "/?id=fish"}
	checkSites(t, []site{
		{"prefix", only("/fish"), fish, noFish},
		{"star at the end", only("/fish*"), fish, noFish},
		{"folder", only("/fish/"), []string{"/fish/", "/fish/salmon", "/fish/?salmon", "/fish/salmon.html", "/fish/?id=anything"}, []string{"/bar", "/fish", "/fish.html", "/Fish/Salmon.html"}},
		{
			"star before an ending", only("/*.php"),
			[]string{"/filename.php", "/folder/filename.php", "/folder/filename.php?parameters", "/folder/any.php.file.html", "/filename.php/", "/index?f=filename.php/"},
			[]string{"/bar", "/php/", "/index?php", "/windows.PHP"},
		},
		{
			"star and anchor", only("/*.php$"), []string{"/filename.php", "/folder/filename.php", "/.php.php"},
			[]string{"/bar", "/filename.php?parameters", "/filename.php/", "/filename.php5", "/php/", "/filename?php", "/aaaphpaaa", "/windows.PHP"},
		},
		{"star in the middle", only("/fish*.php"), []string{"/fish.php", "/fishheads/catfish.php?parameters"}, []string{"/bar", "/Fish.PHP"}},
		{"star for nothing", all("Disallow: /foo/bar/quz", "Allow: /foo/*/qux"), []string{"/foo/quz", "/foo//quz", "/foo/bax/quz"}, []string{"/foo/bar/quz"}},
		{"anchored disallow", all("Disallow: /foo/bar$", "Allow: /foo/bar/qux"), []string{"/foo/bar/qux", "/foo/bar/", "/foo/bar/baz"}, []string{"/foo/bar"}},
		{"star at the start", all("Disallow: *.pdf"), []string{"/a.html"}, []string{"/a.pdf", "/a/b.pdf?c"}},
		{"no slash at the start", all("Disallow: private"), []string{"/private", "/a/private"}, nil},
		{"dollar in the middle", all("Disallow: /a$b"), []string{"/a", "/ab"}, []string{"/a$b", "/a$bc", "/a%24b"}},
		{"two dollars", all("Disallow: /a$$"), []string{"/a", "/a$b"}, []string{"/a$"}},
		{"dollar alone", all("Disallow: $"), []string{"/", "/x"}, nil},
		{"star and dollar alone", all("Disallow: *$"), nil, []string{"/", "/x"}},
		{"many stars", all("Disallow: /a**b***c$"), []string{"/acb", "/abcd"}, []string{"/abc", "/a1b2c", "/abcc"}},
		{"the end may not overlap", all("Disallow: /ab*ba$"), []string{"/aba"}, []string{"/abba", "/abbaba"}},
	})
}

func TestEscapes(t *testing.T) {
	only := func(allow string) string { return "User-agent: FooBot\nDisallow: /\nAllow: " + allow + "\n" }
	checkSites(t, []site{
		{"what is plain stays so", only("/foo/bar?qux=taz&baz=http://foo.bar?tar&par"), []string{"/foo/bar?qux=taz&baz=http://foo.bar?tar&par"}, nil},
		{"allow beyond ASCII", only("/foo/bar/ツ"), []string{"/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84"}, []string{"/foo/bar/ツ"}},
		{"allow escaped", only("/foo/bar/%E3%83%84"), []string{"/foo/bar/%E3%83%84"}, []string{"/foo/bar/ツ"}},
		{"allow escaped in small letters", only("/foo/bar/%e3%83%84"), []string{"/foo/bar/%E3%83%84"}, nil},
		{"allow what need not be escaped", only("/foo/bar/%62%61%7A"), []string{"/foo/bar/%62%61%7A"}, []string{"/foo/bar/baz"}},
		{"disallow beyond ASCII", all("Disallow: /ツ"), []string{"/%E3%83%85"}, []string{"/ツ", "/%E3%83%84", "/%e3%83%84x"}},
		{"disallow escaped", all("Disallow: /%e3%83%84"), nil, []string{"/ツ", "/%E3%83%84"}},
		{"disallow what need not be escaped", all("Disallow: /%62%61%7A"), []string{"/bax"}, []string{"/baz", "/%62az", "/%62%61%7a"}},
		{"the URL escapes what it need not", all("Disallow: /~ann/"), nil, []string{"/~ann/", "/%7Eann/", "/%7eann/x"}},
		{"an escaped slash is none", all("Disallow: /a/b"), []string{"/a%2Fb"}, []string{"/a/b"}},
		{"escapes of slashes agree", all("Disallow: /a%2fb"), []string{"/a/b"}, []string{"/a%2Fb", "/a%2fb"}},
		{"a blank", all("Disallow: /a b"), []string{"/ab"}, []string{"/a%20b", "/a b"}},
		{"a star that is meant", all("Disallow: /file-%2A.html"), []string{"/file-x.html"}, []string{"/file-*.html", "/file-%2a.html"}},
		{"a dollar that is meant", only("/foo-%24"), []string{"/foo-$", "/foo-%24"}, []string{"/foo-"}},
		{"half an escape", all("Disallow: /100%", "Disallow: /%4"), []string{"/10"}, []string{"/100%", "/100%25", "/%4", "/%41"}},
	})
}

func TestPaths(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "/"},
		{"http://www.news.example", "/"},
		{"http://www.news.example/", "/"},
		{"http://www.news.example/a", "/a"},
		{"http://www.news.example/a/", "/a/"},
		{"http://www.news.example/a/b?c=http://d.e/", "/a/b?c=http://d.e/"},
		{"http://www.news.example/a/b?c=d&e=f#fragment", "/a/b?c=d&e=f"},
		{"http://www.news.example#/a", "/"},
		{"http://www.news.example/#a?b", "/"},
		{"news.example", "/"},
		{"news.example/", "/"},
		{"news.example/a", "/a"},
		{"news.example/a/b?c=d&e=f#fragment", "/a/b?c=d&e=f"},
		{"a", "/"},
		{"a/", "/"},
		{"/a", "/a"},
		{"a/b", "/b"},
		{"news.example?a", "/?a"},
		{"http://news.example?a://b", "/?a://b"},
		{"news.example/a;b#c", "/a;b"},
		{"http://news.example;b", "/;b"},
		{"//a/b/c", "/b/c"},
		{"/a?b=http://c/d", "/a?b=http://c/d"},
		{"#http://foo/a", "/"},
	}
	for _, tt := range tests {
		if got := pathOf(tt.in); got != tt.want {
			t.Errorf("pathOf(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestIndexFiles(t *testing.T) {
	checkSites(t, []site{
		{"allowed", all("Allow: /open/index.html", "Disallow: /"), []string{"/open/", "/open/index.html"}, []string{"/open/index.htm", "/open", "/open/x", "/else"}},
		{"in short", all("Allow: /open/index.htm", "Disallow: /"), []string{"/open/", "/open/index.htm", "/open/index.html"}, []string{"/open/x"}},
		{"weighs as the folder", all("Allow: /open/index.html", "Disallow: /open/*"), []string{"/open/"}, []string{"/open/x"}},
		{"not when disallowed", all("Disallow: /shut/index.html"), []string{"/shut/"}, []string{"/shut/index.html"}},
	})
}

func TestLines(t *testing.T) {
	lines := []string{"User-agent: FooBot", "Allow: /x/", "", "Disallow: /"}
	with := func(end string) string { return strings.Join(lines, end) }
	allowed, refused := []string{"/x/y"}, []string{"/a"}
	checkSites(t, []site{
		{"LF", with("\n"), allowed, refused},
		{"CR", with("\r"), allowed, refused},
		{"CRLF", with("\r\n"), allowed, refused},
		{"CR CR LF", with("\r\r\n"), allowed, refused},
		{"mark", "\xEF\xBB\xBF" + with("\n"), allowed, refused},
		{"part of a mark", "\xEF\xBB" + with("\n"), allowed, refused},
		{"less of a mark", "\xEF" + with("\n"), allowed, refused},
		{"broken mark", "\xEF\x11\xBF" + with("\n"), []string{"/a"}, nil},
		{"mark inside", "User-agent: FooBot\n\xEF\xBB\xBFDisallow: /\n", []string{"/a"}, nil},
		{"no colon", "user-agent FooBot\ndisallow /\n", []string{"BarBot|/a"}, refused},
		{"no colon, tabs", "user-agent\t \tFooBot\ndisallow\t/\n", nil, refused},
		{"no colon, three words", "user-agent FooBot\ndisallow / /x\n", []string{"/a"}, nil},
		{"no colon, three words in the key", "user agent FooBot\ndisallow /\n", []string{"/a"}, nil},
		{"no value at all", "user-agent: FooBot\ndisallow\n", []string{"/a"}, nil},
		{"no key", "user-agent: FooBot\n: /\n", []string{"/a"}, nil},
		{"blanks all round", " \t user-agent \v:\f FooBot \t\n\tdisallow\t:\t/\t\n", nil, refused},
		{"comments", "User-agent: FooBot # me\n# Disallow: /x\n#\nDisallow: /foo/quz#qux\nAllow: /\n", []string{"/x", "/foo/bar"}, []string{"/foo/quz"}},
		{"colons in the value", "User-agent: FooBot\nDisallow: /a:b\n", []string{"/a"}, []string{"/a:b"}},
		{"longer keys", "User-agents: FooBot\nDisallowed: /\n", nil, refused},
		{"shorter keys", "User-agent: FooBot\nDis: /\nDisallo: /\n", []string{"/a"}, nil},
	})
	for _, typo := range []string{"dissallow", "dissalow", "disalow", "diasllow", "disallaw", "Disalow"} {
		site{typo, "user-agent: FooBot\n" + typo + ": /\n", nil, refused}.check(t)
	}
	for _, typo := range []string{"useragent", "user agent", "UserAgent"} {
		site{typo, typo + ": FooBot\ndisallow: /\n", []string{"BarBot|/a"}, refused}.check(t)
	}
}

// TestLongLines has the lines of the reference test, each one byte longer than
// counts.
func TestLongLines(t *testing.T) {
	fill := func(key, with string) string { return "/x/" + strings.Repeat(with, maxLine-len(key+"/x/")-1) }
	disallowed := fill("disallow: ", "a")
	a, b := fill("allow: ", "a"), fill("allow: ", "b")
	checkSites(t, []site{
		{"disallow", "user-agent: FooBot\ndisallow: " + disallowed + "/qux\n", []string{"/fux", disallowed}, []string{disallowed + "/fux"}},
		{"allow", "user-agent: FooBot\ndisallow: /\nallow: " + a + "/qux\nallow: " + b + "/qux\n", []string{a + "/qux", b + "/fux"}, []string{"/", a, b}},
		{"the line goes on after it", "user-agent: FooBot\ndisallow: /" + strings.Repeat("a", 5*maxLine) + "\ndisallow: /b", []string{"/a"}, []string{"/b"}},
	})
}

func TestLongFile(t *testing.T) {
	head := "User-agent: *\nDisallow: /a\n"
	padding := strings.Repeat("#", maxBody-len(head)-len("\nDisallow: /"))
	checkSites(t, []site{
		{"half a line at the end", head + padding + "\nDisallow: /b\n", []string{"/b", "/c"}, []string{"/a"}},
		{"whole to the end", head + padding + "\nDisallow: /", nil, []string{"/b"}},
		{"one endless line", strings.Repeat("Disallow: /", maxBody), []string{"/"}, nil},
	})
}

func TestZeroRules(t *testing.T) {
	var r Rules
	if !r.Allowed("FooBot", "/x") {
		t.Error("the zero Rules forbid something")
	}
	if d, ok := r.CrawlDelay("FooBot"); d != 0 || ok {
		t.Errorf("CrawlDelay = %s, %t", d, ok)
	}
	if s := r.Sitemaps(); len(s) != 0 {
		t.Errorf("Sitemaps = %q", s)
	}
}

func TestCrawlDelay(t *testing.T) {
	tests := []struct {
		name, file string
		want       time.Duration
		ok         bool
	}{
		{"none", all("Disallow: /"), 0, false},
		{"whole", all("Crawl-delay: 10"), 10 * time.Second, true},
		{"fraction", all("Disallow: /x", "crawl-delay: 0.5"), 500 * time.Millisecond, true},
		{"nothing", all("crawl-delay: 0"), 0, true},
		{"misspelt", all("Crawldelay: 2"), 2 * time.Second, true},
		{"no colon", all("Crawl-delay 2"), 2 * time.Second, true},
		{"longest", all("Crawl-delay: 2", "Crawl-delay: 7", "Crawl-delay: 1"), 7 * time.Second, true},
		{"joined groups", all("Crawl-delay: 2", "Disallow: /x") + "\n" + all("Crawl-delay: 3"), 3 * time.Second, true},
		{"own group without one", all("Crawl-delay: 2", "Disallow:", "User-agent: FooBot", "Disallow: /x"), 0, false},
		{"own group", all("Crawl-delay: 2", "Disallow:", "User-agent: foobot", "Crawl-delay: 3"), 3 * time.Second, true},
		{"not the delay of those before", "User-agent: BarBot\nCrawl-delay: 9\nUser-agent: FooBot\nDisallow: /x\n", 0, false},
		{"the delay of all of them", "User-agent: BarBot\nUser-agent: FooBot\nCrawl-delay: 9\nDisallow: /x\nCrawl-delay: 11", 11 * time.Second, true},
		{"no number", all("Crawl-delay: soon"), 0, false},
		{"not a number", all("Crawl-delay: NaN"), 0, false},
		{"negative", all("Crawl-delay: -4"), 0, false},
		{"for ever", all("Crawl-delay: 1e18"), 24 * time.Hour, true},
		{"infinite", all("Crawl-delay: Inf"), 24 * time.Hour, true},
		{"before any agent", "Crawl-delay: 4\n" + all("Disallow: /"), 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := Parse([]byte(tt.file)).CrawlDelay("FooBot"); got != tt.want || ok != tt.ok {
				t.Errorf("CrawlDelay = %s, %t, want %s, %t", got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestSitemaps(t *testing.T) {
	file := "Sitemap: https://news.example/1.xml\nUser-agent: *\nSITE-MAP: https://cdn.example/2.xml.gz?a=b:c # daily\n" +
		"sitemap:\nSitemap:https://news.example/1.xml\nSitemap /3.xml\nsitemaps: https://news.example/4.xml\n"
	want := []string{"https://news.example/1.xml", "https://cdn.example/2.xml.gz?a=b:c", "/3.xml", "https://news.example/4.xml"}
	rules := Parse([]byte(file))
	got := rules.Sitemaps()
	if !slices.Equal(got, want) {
		t.Errorf("Sitemaps = %q, want %q", got, want)
	}
	got[0] = "changed"
	if again := rules.Sitemaps(); !slices.Equal(again, want) {
		t.Errorf("after a change by the caller Sitemaps = %q, want %q", again, want)
	}
}

// TestHostile has files whose rules, multiplied by their agents or matched by
// trial, would take for ever.
func TestHostile(t *testing.T) {
	var agents, delays strings.Builder
	for i := range 8000 {
		fmt.Fprintf(&agents, "user-agent: %s\n", strings.Repeat("a", i%50+1))
		fmt.Fprintf(&delays, "crawl-delay: %d\n", i)
	}
	rules := strings.Repeat("disallow: /x\n", 18000)
	checkSites(t, []site{
		{"many agents above many rules", agents.String() + rules, []string{"aaa|/y"}, []string{"aaa|/x"}},
		{"many agents above many delays", agents.String() + delays.String() + "disallow: /", nil, []string{"aaa|/x"}},
		{"many stars", all("Disallow: /" + strings.Repeat("*a", 8000) + "b$"), []string{"/" + strings.Repeat("a", 16000)}, nil},
		{"many long rules", all(strings.Repeat("Disallow: /"+strings.Repeat("*aaaaaaab", 100)+"\n", 500)), []string{"/" + strings.Repeat("a", 8000)}, nil},
	})
}
