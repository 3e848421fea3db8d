package guide

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/graphtest"
	"github.com/breachgraph/breachgraph/graph/local"
)

// browserTime bounds all of it, on a busy machine.
const browserTime = 4 * time.Minute

// The parts of Neo4j Browser 5.
const (
	password  = `[data-testid="password"]`
	connect   = `[data-testid="connect"]`
	editor    = `[data-testid="activeEditor"]`
	nextSlide = `.next-slide`
)

// A tab shows Neo4j Browser.
type tab struct {
	*testing.T
	ctx context.Context
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		shown, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`))
		b.Fatalf("%v; the page reads\n%.2000s", err, shown)
	}
}

// until waits for a JavaScript expression to become true.
func (b *tab) until(format string, args ...any) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Poll[bool](fmt.Sprintf(format, args...), chromedp.WithPollingTimeout(browserTime/4))(ctx, t)
		return err
	}))
}

// login sends the password, and waits until the prompt names the database. The
// guide that opens meanwhile moves the form, so the button is not clicked where it
// stood.
func (b *tab) login(secret string) {
	b.Helper()
	b.do(chromedp.WaitVisible(password), chromedp.SendKeys(password, secret))
	b.until(`document.querySelector('%s').value === %q`, password, secret)
	b.until(`(button => { button.click(); return true; })(document.querySelector('%s'))`, connect)
	b.until(`document.body.innerText.includes("neo4j$")`)
}

// chromium starts a browser with one tab.
func chromium(t *testing.T) *tab {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	found := slices.IndexFunc(names, func(n string) bool { _, err := exec.LookPath(n); return err == nil })
	if found < 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium on PATH")
		}
		t.Skip("no Chromium on PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(names[found]), chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute),
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
	b := &tab{t, ctx}
	b.do(chromedp.EmulateViewport(1300, 900))
	return b
}

// story is a database that holds what one article says of T-Mobile.
func story(t *testing.T) graphtest.Database {
	t.Helper()
	d := graphtest.New(t)
	db, err := graph.Open(t.Context(), graph.Config{URI: d.URI, Username: d.Username, Password: d.Password, Database: d.Name})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	raw, err := os.ReadFile("../../../graph/testdata/t-mobile-2021-08.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := extract.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.EnsureSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Load(t.Context(), slices.Values([]extract.Result{r})); err != nil {
		t.Fatal(err)
	}
	return d
}

// Neo4j Browser opens with the guide, whose queries run at a click, with our
// colours and saved queries, and a link brings a query into its editor.
func TestBrowserIsReady(t *testing.T) {
	d := story(t)
	files, err := local.Browser("")
	if errors.Is(err, os.ErrNotExist) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	target := Target{Bolt: d.URI, Username: d.Username, Database: d.Name}
	h, err := Handler(target, files)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	defer s.Close()
	base := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	b := chromium(t)
	b.do(chromedp.Navigate(base + "/"))
	b.login(d.Password)
	b.until(`document.body.innerText.includes("One breach, told by an article")`)
	checkStored(b)
	runFirst(b)
	checkLink(b, target, base)
}

// checkStored makes sure that queries and colours are where Neo4j Browser keeps
// its own.
func checkStored(b *tab) {
	b.Helper()
	all, folders, err := savedQueries()
	if err != nil {
		b.Fatal(err)
	}
	b.until(`JSON.parse(localStorage["neo4j.documents"]).filter(d => String(d.id).startsWith(%q)).length === %d`, prefix, len(all))
	b.until(`JSON.parse(localStorage["neo4j.folders"]).filter(d => String(d.id).startsWith(%q)).length === %d`, prefix, len(folders))
	b.until(`JSON.parse(localStorage["neo4j.grass"])["node.Breach"].caption === "{name}"`)
}

// runFirst clicks on the first query of the guide and runs it, then on the next
// page's, which draws.
func runFirst(b *tab) {
	b.Helper()
	b.pick("RETURN c, b, a")
	b.run()
	b.until(`document.querySelectorAll("svg .node").length === 3`)
	b.until(`(next => { if (next) next.click(); return next !== null; })(document.querySelector(%q))`, nextSlide)
	b.pick("path")
	b.run()
	b.until(`document.querySelectorAll("svg .node").length > 10`)
	b.until(`[...document.querySelectorAll("svg .node circle")].some(c => c.getAttribute("fill") === "#C0272D")`)
}

// pick clicks on the query of the guide that holds a word, and waits until it is
// in the editor.
func (b *tab) pick(word string) {
	b.Helper()
	b.until(`(() => {
		const shown = [...document.querySelectorAll(".runnable")].find(e => e.checkVisibility() && e.textContent.includes(%q));
		if (shown) shown.click();
		return shown !== undefined;
	})()`, word)
	b.until(`document.querySelector('%s').textContent.replace(/\s/g, " ").includes(%q)`, editor, word) // it has hard spaces
}

// run runs what is in the editor.
func (b *tab) run() {
	b.Helper()
	b.do(chromedp.Click(editor), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// checkLink opens the link that a query gives.
func checkLink(b *tab, target Target, base string) {
	b.Helper()
	cypher, err := filled("repeat-victims", "since=2020-01-01")
	if err != nil {
		b.Fatal(err)
	}
	link, err := target.Link(base+"/browser/", "edit", cypher)
	if err != nil {
		b.Fatal(err)
	}
	b.do(chromedp.Navigate(link))
	b.until(`document.querySelector('%s') !== null && document.querySelector('%s').textContent.includes("2020-01-01")`, editor, editor)
}
