// Screenshots makes the pictures of the documentation: docs/browser.png, Neo4j
// Browser with the answer to a query, docs/guide.png, the guide in it, and
// docs/evidence.png, the evidence page of an article; and in docs/pictures those of
// the status pages. The script run beside it prepares all that this program needs.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"
)

// timeLimit bounds all of it, on a busy machine.
const timeLimit = 10 * time.Minute

func main() {
	var s shots
	flag.StringVar(&s.page, "browser", "http://localhost:7474/browser/", "page of Neo4j Browser")
	flag.StringVar(&s.bolt, "bolt", "bolt://localhost:7687", "what Neo4j Browser connects to")
	flag.StringVar(&s.user, "user", "neo4j", "user of the database; the password is read from NEO4J_PASSWORD")
	flag.StringVar(&s.query, "query", "", "file with the Cypher that Neo4j Browser runs")
	flag.StringVar(&s.style, "style", "", "style sheet of Neo4j Browser")
	flag.StringVar(&s.guide, "guide", "", "where breachgraph serves Neo4j Browser with the guide")
	flag.StringVar(&s.evidence, "evidence", "", "evidence page of an article")
	flag.StringVar(&s.pages, "pages", "", "where breachgraph serves its status pages")
	flag.StringVar(&s.breach, "breach", "/breaches", "path of the page of a breach there")
	flag.StringVar(&s.out, "out", "docs", "folder that the pictures are written into")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := s.take(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

// shots says of what to take pictures.
type shots struct {
	page, bolt, user string
	query, style     string
	guide, evidence  string
	pages, breach    string
	out              string
}

// take makes the pictures for which there is something to show.
func (s shots) take(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx, chromium()...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if s.evidence != "" {
		if err := s.save(ctx, "evidence.png", s.showEvidence); err != nil {
			return err
		}
	}
	if s.query != "" {
		if err := s.save(ctx, "browser.png", s.showGraph); err != nil {
			return err
		}
	}
	if s.guide != "" {
		if err := s.save(ctx, "guide.png", s.showGuide); err != nil {
			return err
		}
	}
	if s.pages != "" {
		return s.statusPages(ctx)
	}
	return nil
}

// chromium says how to start the browser; chromedp finds it by its usual names.
func chromium() []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox refuses root
	}
	return options
}

// save writes the picture of what show brings up.
func (s shots) save(ctx context.Context, name string, show func(context.Context) error) error {
	if err := show(ctx); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return os.WriteFile(filepath.Join(s.out, name), picture, 0o644)
}

// cited is where the first claim of the text, a denied one if there is any, is
// cited.
const cited = `(() => {
	const claim = document.querySelector("#claims .denied") || document.querySelector("#claims li");
	const r = document.querySelector('article .claim[href="#' + claim.id + '"]').getBoundingClientRect();
	return [r.x + r.width / 2, r.y + r.height / 2];
})()`

// showEvidence shows the page with the note of a claim.
func (s shots) showEvidence(ctx context.Context) error {
	path, err := filepath.Abs(s.evidence)
	if err != nil {
		return err
	}
	if err := chromedp.Do(ctx,
		chromedp.EmulateViewport(1280, 860),
		chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()),
	); err != nil {
		return err
	}
	at, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](cited))
	if err != nil {
		return err
	}
	return chromedp.Do(ctx, chromedp.MouseEvent("mouseMoved", at[0], at[1]))
}
