package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog/catalogtest"
)

// openAt shows the page at an address in a tab of its own.
func openAt(t *testing.T, browser context.Context, address string, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	b.do(before...)
	b.do(chromedp.Navigate(address))
	return b
}

func TestSiteInBrowser(t *testing.T) {
	browser := browser(t)
	open := serveSite(t, "", nil)
	t.Run("text of articles stays text", func(t *testing.T) { testSiteStaysText(t, browser, open) })
	t.Run("by keyboard", func(t *testing.T) { testSiteKeyboard(t, browser, open) })
	t.Run("live", func(t *testing.T) { testLive(openAt(t, browser, open.URL)) })
	t.Run("without script", func(t *testing.T) { testWithoutScript(t, browser, open) })
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			b := openAt(t, browser, open.URL, colorScheme(scheme))
			for _, path := range []string{"/", "/sources", "/breaches/" + catalogtest.Breach, "/dead"} {
				b.do(chromedp.Navigate(open.URL + path))
				testContrast(b, scheme)
			}
		})
	}
	t.Run("phone", func(t *testing.T) { testSitePhone(t, browser, open) })
	t.Run("login", func(t *testing.T) { testSiteLogin(t, browser) })
}

// testSiteStaysText opens every page with a story whose texts are scripts. The
// policy is tried by a script that the test itself puts into a page.
func testSiteStaysText(t *testing.T, browser context.Context, s servedSite) {
	b := openAt(t, browser, s.URL)
	for _, path := range pagePaths() {
		b.do(chromedp.Navigate(s.URL + path))
		if got := eval[string](b, `[...document.scripts].map(s => s.src).filter(s => s !== %q).join()`, s.URL+"/assets/status.js"); got != "" {
			b.Errorf("%s has scripts %q", path, got)
		}
		if got := eval[int](b, `[...document.links].filter(a => a.protocol === "javascript:").length`); got != 0 {
			b.Errorf("%s has %d links that run a script", path, got)
		}
	}
	b.do(chromedp.Navigate(s.URL + "/articles/view?url=" + url.QueryEscape(catalogtest.URL)))
	if got := eval[string](b, `document.querySelector("h1").textContent`); got != catalogtest.Hostile {
		b.Errorf("heading reads %q", got)
	}
	if got := eval[string](b, `document.title`); !strings.HasPrefix(got, catalogtest.Hostile) {
		b.Errorf("title reads %q", got)
	}
	ran := eval[string](b, `(async () => {
		const refused = new Promise(done => document.addEventListener("securitypolicyviolation", e => done("refused " + e.effectiveDirective)));
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		document.body.append(script);
		return window.ran ? "ran" : await refused;
	})()`)
	if ran != "refused script-src-elem" {
		b.Errorf("a script in the page: %s", ran)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.dialogs) > 0 {
		b.Errorf("pages showed dialogs %q", b.dialogs)
	}
	for _, r := range b.requests {
		if !strings.HasPrefix(r, s.URL) && r != "about:blank" {
			b.Errorf("a page asked for %s", r)
		}
	}
}

// testSiteKeyboard reaches every link and button by Tab, beginning with one that
// leads past the others, and presses a button.
func testSiteKeyboard(t *testing.T, browser context.Context, s servedSite) {
	b := openAt(t, browser, s.URL+"/sources")
	b.do(chromedp.KeyEvent(kb.Tab))
	if got := eval[string](b, `document.activeElement.className`); got != "skip" {
		b.Errorf("Tab reaches %q first", got)
	}
	want := eval[int](b, `document.querySelectorAll("a[href], button").length`)
	reached := 1
	for range want - 1 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[bool](b, `document.activeElement.matches("a[href], button") && getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
			reached++
		}
	}
	if reached != want {
		b.Errorf("Tab shows the way to %d of %d links and buttons", reached, want)
	}
	eval[string](b, `(document.querySelector('[aria-label="Pause example-news"]').focus(), "")`)
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".said"))
	if !strings.Contains(s.queue.log(), "pause example-news") {
		b.Errorf("done: %s", s.queue.log())
	}
}

// testLive waits until the page shows something new by itself.
func testLive(b *tab) {
	const depth = `document.querySelector("tbody td").textContent`
	before := eval[string](b, depth)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Poll[bool](`document.documentElement.dataset.refreshed > 0`, chromedp.WithPollingTimeout(browserTime))(ctx, target)
		return err
	}))
	if after := eval[string](b, depth); after == before {
		b.Errorf("the page shows %s jobs as before", after)
	}
}

// testWithoutScript uses a page whose script is not run.
func testWithoutScript(t *testing.T, browser context.Context, s servedSite) {
	b := openAt(t, browser, s.URL+"/dead", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	b.do(chromedp.Click(`[aria-label="Drop 9"]`), chromedp.WaitVisible(".said"))
	if !strings.Contains(s.queue.log(), "drop 9") {
		b.Errorf("done: %s", s.queue.log())
	}
}

func testSitePhone(t *testing.T, browser context.Context, s servedSite) {
	b := openAt(t, browser, s.URL, phone(380, 740))
	for _, path := range pagePaths() {
		b.do(chromedp.Navigate(s.URL + path))
		if got := eval[int](b, `document.documentElement.scrollWidth`); got > 380 {
			b.Errorf("%s is %d wide on a phone of 380 pixels", path, got)
		}
	}
}

// testSiteLogin logs in by the form, and out again.
func testSiteLogin(t *testing.T, browser context.Context) {
	s := serveSite(t, "press:read+write:"+readSecret, nil)
	b := openAt(t, browser, s.URL+"/dead")
	b.do(chromedp.WaitVisible("#token"), chromedp.SendKeys("#token", "wrong-secret-0123456789"+kb.Enter), chromedp.WaitVisible("[role=alert]"))
	b.do(chromedp.SendKeys("#token", readSecret+kb.Enter), chromedp.WaitVisible("#dead"))
	if got := eval[string](b, `location.pathname + document.cookie`); got != "/dead" {
		b.Errorf("logging in leads to %q, where scripts see the cookie", got)
	}
	b.do(chromedp.Click(`[aria-label="Retry 7"]`), chromedp.WaitVisible(".said"))
	b.do(chromedp.Click(`form[action="/logout"] button`), chromedp.WaitVisible("#token"))
	b.do(chromedp.Navigate(s.URL+"/dead"), chromedp.WaitVisible("#token"))
}
