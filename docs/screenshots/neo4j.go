package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The parts of Neo4j Browser 5.
const (
	password   = `[data-testid="password"]`
	connect    = `[data-testid="connect"]`
	editor     = `[data-testid="activeEditor"]`
	frame      = `[data-testid="frame"]`
	fullScreen = `[title="Fullscreen"]`
	zoomIn     = `[aria-label="zoom-in"]`
	overview   = `[title="Collapse the node properties display"]`
	zoomOut    = `[aria-label="zoom-out"]`
	zoomToFit  = `[aria-label="zoom-to-fit"]`
	node       = `svg .node`
)

// clickConnect clicks without regard to where the button stands: what opens
// meanwhile moves it.
const clickConnect = `(button => { button.click(); return true; })(document.querySelector('` + connect + `'))`

// connected is true once the prompt names the database and the page that greets
// people is there.
const connected = `document.body.innerText.includes("neo4j$") && document.querySelector('` + frame + `') !== null`

// answered gives the words of an error, or an object that stands for none once
// there is a drawing.
const answered = `document.querySelector("` + node + `") ? {Error: ""} :
	document.body.innerText.includes("ERROR") ? {Error: document.querySelector('` + frame + `').innerText} : null`

// settled is true once no node has moved on the screen for half a second,
// whether by itself or by a change of scale.
const settled = `(() => {
	const now = [...document.querySelectorAll("` + node + `")].map(n => n.getBoundingClientRect()).map(r => r.x.toFixed() + " " + r.y.toFixed()).join();
	if (now !== window.lastDrawing) { window.lastDrawing = now; window.stillSince = Date.now(); }
	return now !== "" && Date.now() - window.stillSince > 500;
})()`

// room is the factor by which the drawing may grow until the first node leaves
// its place.
const room = `(() => {
	const place = document.querySelector("` + node + `").closest("svg").getBoundingClientRect();
	const x = place.left + place.width / 2, y = place.top + place.height / 2;
	return Math.min(...[...document.querySelectorAll("` + node + `")].map(n => n.getBoundingClientRect()).flatMap(r => [
		(place.right - x) / Math.max(1, r.right - x), (x - place.left) / Math.max(1, x - r.left),
		(place.bottom - y) / Math.max(1, r.bottom - y), (y - place.top) / Math.max(1, y - r.top),
	]));
})()`

// showGraph logs into Neo4j Browser and shows the graph that the query gives.
func (s shots) showGraph(ctx context.Context) error {
	query, err := os.ReadFile(s.query)
	if err != nil {
		return err
	}
	if err := s.login(ctx); err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	commands := []string{":clear"}
	if s.style != "" {
		style, err := os.ReadFile(s.style)
		if err != nil {
			return err
		}
		commands = append(commands, ":style "+oneLine(string(style)), ":clear")
	}
	for _, c := range append(commands, oneLine(string(query))) {
		if err := command(ctx, c); err != nil {
			return fmt.Errorf("run %.40q: %w", c, err)
		}
	}
	answer, err := chromedp.Run(ctx, poll[struct{ Error string }](answered))
	if err != nil {
		return err
	}
	if answer.Error != "" {
		return fmt.Errorf("run %s: %s", s.query, oneLine(answer.Error))
	}
	if err := chromedp.Do(ctx, chromedp.Click(fullScreen), chromedp.Click(overview), until(settled), chromedp.Click(zoomToFit)); err != nil {
		return err
	}
	return fill(ctx)
}

// fill zooms until the drawing fills its place: fitting it leaves a small one
// small and cuts off what moves on.
func fill(ctx context.Context) error {
	for range 8 {
		// The mouse lights up the node that it is left on.
		if err := chromedp.Do(ctx, chromedp.MouseEvent("mouseMoved", 0, 0), until(settled)); err != nil {
			return err
		}
		factor, err := chromedp.Run(ctx, chromedp.Evaluate[float64](room))
		if err != nil {
			return err
		}
		button := zoomIn
		switch {
		case factor < 1:
			button = zoomOut
		case factor < 1.5:
			return nil
		}
		if err := chromedp.Do(ctx, chromedp.Click(button)); err != nil {
			return err
		}
	}
	return nil
}

func (s shots) login(ctx context.Context) error {
	at, err := url.Parse(s.page)
	if err != nil {
		return err
	}
	at.RawQuery = url.Values{"dbms": {strings.Replace(s.bolt, "://", "://"+s.user+"@", 1)}, "db": {"neo4j"}}.Encode()
	return chromedp.Do(ctx,
		chromedp.EmulateViewport(1100, 740, chromedp.EmulateScale(1.3)),
		chromedp.Navigate(at.String()),
		chromedp.WaitVisible(password),
		chromedp.SendKeys(password, os.Getenv("NEO4J_PASSWORD")),
		until(clickConnect),
		until(connected),
	)
}

// poll waits for a JavaScript expression to become something, and gives it.
func poll[T any](expression string) chromedp.Action[T] {
	return chromedp.Poll[T](expression, chromedp.WithPollingTimeout(timeLimit))
}

// until waits for a JavaScript expression to become true.
func until(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := poll[bool](expression)(ctx, t)
		return err
	})
}

// command types c into the editor and runs it. It is inserted whole, since the
// editor closes brackets that are typed.
func command(ctx context.Context, c string) error {
	return chromedp.Do(ctx,
		chromedp.Click(editor),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: c})
			return err
		}),
		chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)),
	)
}

// oneLine writes a query or a style sheet on one line, without the comments that
// have lines of their own: the editor closes brackets at the end of a line, too.
func oneLine(s string) string {
	var words []string
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			words = append(words, strings.Fields(line)...)
		}
	}
	return strings.Join(words, " ")
}

// pick clicks on the query of the guide that draws, once its page is shown.
const pick = `(() => {
	const shown = [...document.querySelectorAll(".runnable")].find(e => e.checkVisibility() && e.textContent.includes("path"));
	if (shown) shown.click();
	else document.querySelector(".next-slide").click();
	return shown !== undefined;
})()`

// picked is true once that query is in the editor.
const picked = `document.querySelector('` + editor + `').textContent.includes("path")`

// closeLast closes what tells of the connection.
const closeLast = `(() => {
	const close = [...document.querySelectorAll('` + frame + ` [title="Close"]')];
	if (close.length > 2) close.at(-1).click();
	return true;
})()`

// showGuide shows the second page of the guide below the answer to its query.
func (s shots) showGuide(ctx context.Context) error {
	err := chromedp.Do(ctx,
		chromedp.EmulateViewport(1100, 900, chromedp.EmulateScale(1.3)),
		chromedp.Navigate(s.guide),
		chromedp.WaitVisible(password),
		chromedp.SendKeys(password, os.Getenv("NEO4J_PASSWORD")),
		until(clickConnect),
		until(connected),
		until(pick),
		until(picked),
		chromedp.Click(editor),
		chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)),
	)
	if err != nil {
		return err
	}
	answer, err := chromedp.Run(ctx, poll[struct{ Error string }](answered))
	if err != nil {
		return err
	}
	if answer.Error != "" {
		return fmt.Errorf("run the query of the guide: %s", oneLine(answer.Error))
	}
	return chromedp.Do(ctx, until(settled), until(closeLast), chromedp.Click(overview), until(settled), chromedp.Click(zoomToFit), until(settled))
}
