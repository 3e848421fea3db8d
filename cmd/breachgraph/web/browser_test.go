package web

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// browserTime bounds what all browser tests take together.
const browserTime = 5 * time.Minute

// browser starts Chromium and returns the context that tabs are opened from.
// Where there is none the test is skipped; where the environment has CI it
// fails.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium on PATH")
		}
		t.Skip("no Chromium on PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox refuses root
	}
	ctx, cancel := context.WithTimeout(t.Context(), browserTime)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ctx
}

// A tab shows one page.
type tab struct {
	*testing.T
	ctx context.Context

	mu       sync.Mutex
	requests []string // URLs that the page asked for, itself included
	dialogs  []string // messages of alert and its like
}

// open shows the evidence page of r in a tab of its own, once the actions in
// before have prepared the tab.
func open(t *testing.T, browser context.Context, r extract.Result, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	var out bytes.Buffer
	if err := WriteEvidence(&out, r); err != nil {
		t.Fatal(err)
	}
	return openPage(t, browser, out.Bytes(), before...)
}

// openPage shows a page as open does.
func openPage(t *testing.T, browser context.Context, page []byte, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	b.do(before...)
	b.do(chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()))
	return b
}

// note keeps what the page does on its own account.
func (b *tab) note(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, ev.Request.URL)
	case *cdppage.EventJavascriptDialogOpening:
		b.dialogs = append(b.dialogs, ev.Message)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// eval returns the value of a JavaScript expression, or what its promise comes
// to.
func eval[T any](b *tab, format string, args ...any) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](fmt.Sprintf(format, args...), chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatal(err)
	}
	return value
}

// shownNote is the note that pops up at an element, "none" for none.
func (b *tab) shownNote(selector string) string {
	b.Helper()
	return eval[string](b, `getComputedStyle(document.querySelector(%q), "::after").content`, selector)
}

// example is what is found in the first test article.
func example(t *testing.T) extract.Result {
	t.Helper()
	for article, err := range (ingest.Reader{}).ReadPath(t.Context(), "../../../testdata/articles/t-mobile-2021-08.md") {
		if err != nil {
			t.Fatal(err)
		}
		return extract.Extract(article, extract.Options{})
	}
	t.Fatal("no test article")
	return extract.Result{}
}

func phone(width, height int64) chromedp.Action[chromedp.Void] {
	return chromedp.EmulateViewport(width, height, chromedp.EmulateMobile)
}

func colorScheme(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

func TestEvidenceInBrowser(t *testing.T) {
	browser := browser(t)
	result := example(t)
	t.Run("text of articles stays text", func(t *testing.T) { testStaysText(open(t, browser, sample())) })
	t.Run("self-contained", func(t *testing.T) { testSelfContained(open(t, browser, result)) })
	t.Run("notes on hover", func(t *testing.T) { testHover(open(t, browser, sample())) })
	t.Run("notes by keyboard", func(t *testing.T) { testKeyboard(open(t, browser, sample())) })
	t.Run("links", func(t *testing.T) { testLinks(open(t, browser, result)) })
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) { testContrast(open(t, browser, result, colorScheme(scheme)), scheme) })
	}
	t.Run("phone", func(t *testing.T) { testPhone(open(t, browser, result, phone(360, 740))) })
}

func testStaysText(b *tab) {
	if got := eval[string](b, `document.querySelector("h1").textContent`); got != "<script>alert(1)</script>" {
		b.Errorf("heading reads %q", got)
	}
	if got := eval[string](b, `document.title`); !strings.HasPrefix(got, "<script>alert(1)</script>") {
		b.Errorf("title reads %q", got)
	}
	if got := eval[int](b, `document.scripts.length + document.querySelectorAll("article b").length`); got != 0 {
		b.Errorf("%d elements came from the article's text, want none", got)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.dialogs) > 0 {
		b.Errorf("page showed dialogs %q", b.dialogs)
	}
}

func testSelfContained(b *tab) {
	if got, want := eval[int](b, `document.querySelectorAll("article p").length`), 10; got < want {
		b.Errorf("page shows %d paragraphs, want at least %d", got, want)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.requests) != 1 {
		b.Errorf("page asked for %q, want itself only", b.requests)
	}
}

func testHover(b *tab) {
	for _, tt := range []struct{ selector, want string }{
		{"#e1-1", `"company: Acme <b>Corp</b>"`},
		{`.claim[href="#c2"]`, `"the breach EXPOSED email address: denied by Jane Roe"`},
	} {
		if got := b.shownNote(tt.selector); got != "none" {
			b.Errorf("note of %s without hover = %s, want none", tt.selector, got)
		}
		at := eval[[]float64](b, `(r => [r.x + r.width/2, r.y + r.height/2])(document.querySelector(%q).getBoundingClientRect())`, tt.selector)
		b.do(chromedp.MouseEvent("mouseMoved", at[0], at[1]))
		if got := b.shownNote(tt.selector); got != tt.want {
			b.Errorf("note of %s on hover = %s, want %s", tt.selector, got, tt.want)
		}
	}
}

func testKeyboard(b *tab) {
	const want = "e1-1 at-f1 claim-1 e2-1 claim-2"
	var got []string
	for range eval[int](b, `document.links.length`) {
		b.do(chromedp.KeyEvent(kb.Tab))
		id := eval[string](b, `(e => e.id || (e.dataset.number ? "claim-" + e.dataset.number : ""))(document.activeElement)`)
		if id == "" {
			continue // not in the text
		}
		got = append(got, id)
		if note := b.shownNote(":focus"); note == "none" {
			b.Errorf("%s has the focus and shows no note", id)
		}
	}
	if strings.Join(got, " ") != want {
		b.Errorf("Tab reaches %q, want %q", got, want)
	}
}

// testLinks follows every link within the page. A target that is longer than
// the window need only show its beginning.
func testLinks(b *tab) {
	lost := eval[[]string](b, `(async () => {
		const lost = [];
		for (const a of document.querySelectorAll('a[href^="#"]')) {
			const href = a.getAttribute("href");
			a.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, view: window}));
			await new Promise(requestAnimationFrame);
			const to = document.querySelector(":target");
			const top = to ? to.getBoundingClientRect().top : -1;
			if (!to || "#" + to.id !== href || top < -1 || top > innerHeight) lost.push(href + " at " + top);
		}
		return lost;
	})()`)
	if len(lost) > 0 {
		b.Errorf("links that do not lead into view: %q", lost)
	}
}

// testContrast measures text against what is painted behind it by the formula
// of WCAG 2, which asks for 4.5.
func testContrast(b *tab, scheme string) {
	low := eval[[]string](b, `(() => {
		const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
		const paint = color => { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); };
		const pixel = () => [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
		const luminance = rgb => rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
			.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
		const behind = e => { if (e) { behind(e.parentElement); paint(getComputedStyle(e).backgroundColor); } };
		const worst = new Map();
		for (const e of document.querySelectorAll("h1, h2, p, p a, small, code, q, b, .status, aside a")) {
			behind(e);
			const paper = luminance(pixel());
			paint(getComputedStyle(e).color);
			const ink = luminance(pixel());
			const ratio = (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
			const name = e.tagName + "." + e.className;
			if (ratio < 4.5) worst.set(name, Math.min(ratio, worst.get(name) || 99));
		}
		return [...worst].map(([name, ratio]) => name + " " + ratio.toFixed(2));
	})()`)
	if len(low) > 0 {
		b.Errorf("text with too little contrast: %q", low)
	}
	dark := eval[bool](b, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).every(v => v < 64)`)
	if dark != (scheme == "dark") {
		b.Errorf("dark background: %v under the scheme %s", dark, scheme)
	}
}

// testPhone looks for what sticks out to the right, notes included.
func testPhone(b *tab) {
	wide := eval[[]string](b, `(async () => {
		const wide = [], root = document.documentElement;
		if (root.scrollWidth > 360) wide.push("page: " + root.scrollWidth);
		for (const a of document.querySelectorAll("a")) {
			a.focus();
			await new Promise(requestAnimationFrame);
			if (root.scrollWidth > 360) wide.push((a.id || a.textContent) + ": " + root.scrollWidth);
		}
		return wide;
	})()`)
	if len(wide) > 0 {
		b.Errorf("wider than a phone of 360 pixels: %q", wide)
	}
}
