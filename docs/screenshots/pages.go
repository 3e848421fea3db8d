package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A pagePicture is a picture of a status page, by its path and the name of its file.
type pagePicture struct {
	path, name    string
	width, height int64
	dark          bool
}

// statusPages makes the pictures of the status pages, logged in with the token in
// PAGES_TOKEN.
func (s shots) statusPages(ctx context.Context) error {
	at := strings.TrimSuffix(s.pages, "/")
	if err := chromedp.Do(ctx, chromedp.Navigate(at+"/login"), chromedp.WaitVisible("#token"),
		chromedp.SendKeys("#token", os.Getenv("PAGES_TOKEN")+kb.Enter), chromedp.WaitVisible("#overview")); err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	for _, p := range []pagePicture{
		{"/", "overview.png", 1000, 640, false},
		{s.breach, "breach.png", 1000, 900, false},
		{"/sources", "sources-phone.png", 380, 760, true},
		{s.breach, "breach-phone.png", 380, 760, true},
	} {
		err := s.save(ctx, filepath.Join("pictures", p.name), func(ctx context.Context) error { return s.showPage(ctx, p) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (s shots) showPage(ctx context.Context, p pagePicture) error {
	scheme := "light"
	if p.dark {
		scheme = "dark"
	}
	err := chromedp.Do(ctx,
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			return err
		}),
		chromedp.EmulateViewport(p.width, p.height, chromedp.EmulateScale(1.5)),
	)
	if err != nil {
		return err
	}
	for { // until the database has been opened and counted
		if err := chromedp.Do(ctx, chromedp.Navigate(strings.TrimSuffix(s.pages, "/")+p.path)); err != nil {
			return err
		}
		early, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`/shows nothing|Being counted/.test(document.body.innerText)`))
		if err != nil || !early {
			return err
		}
		time.Sleep(2 * time.Second)
	}
}
