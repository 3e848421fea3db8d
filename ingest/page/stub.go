package page

import (
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

const (
	// shortBody is how many words a body has at most for the page to be suspected
	// of not showing the article. Of the benchmark's pages, all of which do, one in
	// twelve is as short.
	shortBody = 180
	// tinyBody is how many words a page's own text may have beside a message that
	// stands in its place.
	tinyBody = 60
)

// What a page may be instead of an article.
const (
	stubPaywall   = "the beginning of an article for subscribers"
	stubConsent   = "a request for consent in place of an article"
	stubChallenge = "a check for robots in place of an article"
	stubListing   = "a list of articles"
	stubVideo     = "a video or a recording"
)

var (
	// walls are how a page breaks off for those who have not paid or logged in.
	walls = regexp.MustCompile(`(?i)\b(?:` + strings.Join([]string{
		`subscribe (?:now )?to (?:continue|keep reading|read (?:on|the (?:full|rest)|more)|unlock)`, `(?:log|sign) in (?:or subscribe )?to (?:continue|read)`,
		`(?:this|the full) (?:article|story|content|report) is (?:only )?(?:available |reserved |exclusive(?:ly)? )?(?:for|to) (?:our )?(?:paying )?(?:subscribers|members)`,
		`to (?:continue|keep) reading,? (?:please )?(?:subscribe|register|log|sign|create|become)`, `register (?:for free )?to (?:continue|read|keep)`,
		`(?:unlock|read) (?:this|the (?:full|rest of the)) (?:article|story)`, `already a (?:subscriber|member)\?`, `subscribers? only\b`,
		`you have (?:reached|read|used) (?:your|all|the) .{0,30}(?:free )?articles`, `(?:premium|exclusive) content for (?:subscribers|members)`,
		`jetzt (?:weiterlesen|freischalten)`, `weiterlesen mit`, `réservé aux abonnés`, `contenido exclusivo para suscriptores`,
	}, "|") + `)`)
	// paywalled are classes of the elements that stand for the rest of an article.
	paywalled = `[class*="paywall"], [id*="paywall"], [class*="regwall"], [class*="subscriber-only"], [class*="piano-offer"], [class*="metered-content"]`
	// consents ask for permission before anything is shown.
	consents = regexp.MustCompile(`(?i)\b(?:` + strings.Join([]string{
		`(?:we|our partners|we and our .{0,40}) (?:use|store|process|need) .{0,60}cookies`, `before you continue\b`, `accept (?:all|cookies)`, `reject all`,
		`(?:manage|cookie|privacy|consent) (?:settings|preferences|choices)`, `your (?:privacy|consent|choices)`, `wir verwenden cookies`, `alle akzeptieren`,
	}, "|") + `)`)
	// challenges are what services say that keep programs out.
	challenges = regexp.MustCompile(`(?i)(?:` + strings.Join([]string{
		`^just a moment`, `^attention required`, `checking (?:if the site connection|your browser)`, `enable javascript and cookies to continue`,
		`verify(?:ing)? (?:that )?you are (?:a )?human`, `are you a (?:human|robot)`, `unusual traffic from`, `access (?:to this page has been )?denied`,
		`press (?:&|and) hold`, `please (?:enable|turn on) (?:javascript|js)\b`, `request (?:could not be satisfied|unsuccessful\. incapsula)`,
	}, "|") + `)`)
	listingTypes = []string{"CollectionPage", "SearchResultsPage", "ItemList"}
	videoTypes   = []string{"VideoObject", "AudioObject", "PodcastEpisode", "VideoGallery"}
)

// stub says what a page is that shows no article, or not all of it; empty where
// it does. An article of some length is one, whatever else the page says.
func (h *head) stub(body []paragraph) string {
	words := 0
	for _, p := range body {
		words += len(strings.Fields(p.text))
	}
	if words >= shortBody && !h.isListing(body, words) {
		return ""
	}
	shown := visibleText(h.doc.Find("body").AddSelection(h.doc.Selection).First().Nodes[0])
	shown = shown[:min(len(shown), 1<<20)]
	all := len(strings.Fields(shown))
	switch {
	case words < tinyBody && all < 3*tinyBody && (challenges.MatchString(shown) || challenges.MatchString(h.title)):
		return stubChallenge
	case words < tinyBody+len(body) && len(consents.FindAllString(shown, 4)) >= 3 && all < 400:
		return stubConsent
	case h.isListing(body, words):
		return stubListing
	case words < shortBody && h.isPaywalled(shown):
		return stubPaywall
	case words < 2*tinyBody && h.isVideo():
		return stubVideo
	}
	return ""
}

// isPaywalled reports whether a page says that there is more of its article for
// those who pay.
func (h *head) isPaywalled(shown string) bool {
	locked := h.ld.locked || slices.ContainsFunc(h.meta["article:content_tier"], func(tier string) bool { return tier == "locked" || tier == "metered" })
	barred := h.doc.Find(paywalled).Length() > 0
	// Sites with subscribers offer to subscribe on every page.
	asks := walls.MatchString(shown)
	return asks && (locked || barred) || locked && barred || asks && !h.saysArticle()
}

// isListing reports whether a page leads to articles and is none.
func (h *head) isListing(body []paragraph, words int) bool {
	if h.saysArticle() {
		return false
	}
	listed := slices.ContainsFunc(listingTypes, func(t string) bool { return h.ld.types[t] })
	if h.first("og:type") != "website" && !listed {
		return false
	}
	linked := words - prose(body)
	cards := 0
	h.doc.Find("article").Each(func(_ int, s *goquery.Selection) {
		if s.Find("a[href]").Length() > 0 && s.Find("p").Length() <= 3 {
			cards++
		}
	})
	return linked*2 > words || cards >= 5 || listed && words < shortBody
}

// isVideo reports whether a page shows a recording, and not an article that
// holds one.
func (h *head) isVideo() bool {
	if strings.HasPrefix(h.first("og:type"), "video") || strings.HasPrefix(h.first("og:type"), "music") {
		return true
	}
	return h.article == nil && slices.ContainsFunc(videoTypes, func(t string) bool { return h.ld.types[t] })
}
