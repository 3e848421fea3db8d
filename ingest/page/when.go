package page

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/breachgraph/breachgraph/ingest"
)

var (
	publishedNames = []string{
		"article:published_time", "og:published_time", "datepublished", "article.published", "parsely-pub-date", "sailthru.date",
		"publish-date", "publish_date", "publishdate", "publication_date", "pubdate", "date_published", "dc.date.issued", "dcterms.issued",
		"dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
		"citation_publication_date", "article:created", "date",
	}
	modifiedNames = []string{
		"article:modified_time", "og:updated_time", "datemodified", "article.updated", "dcterms.modified", "dc.date.modified",
		"last-modified", "lastmod", "updated_time", "revision_date",
	}
	// shownDates are where pages show when they were published.
	shownDates = []string{
		`[itemprop~="datePublished"]`, `time[pubdate]`, `time[class*="publish"], time[class*="entry-date"]`, `article time[datetime], main time[datetime]`,
		`time[datetime]`, `[class*="publish"], [class*="pubdate"], [class*="pub-date"], [class*="posted-on"], [class*="timestamp"]`,
		`[class~="date"], [class*="post-date"], [class*="article-date"], [class*="entry-date"], [class*="post-meta"], [class*="byline"]`,
	}
	urlDate = regexp.MustCompile(`/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)`)
	epoch   = regexp.MustCompile(`^\d{10}(?:\d{3})?$`)
)

// published is when the article says it was published: the first of its words
// on that in the order of their trust. Where the first gives only the day and
// a later one the time of that day, the time is taken too.
func (h *head) published() time.Time {
	words := []string{text(h.article["datePublished"])}
	for _, name := range publishedNames {
		words = append(words, h.meta[name]...)
	}
	words = append(words, text(h.article["dateCreated"]), text(h.article["uploadDate"]))
	words = append(words, h.shown()...)
	if m := urlDate.FindStringSubmatch(h.url); m != nil {
		words = append(words, m[1]+"-"+m[2]+"-"+m[3])
	}
	return firstDate(words)
}

// modified is when the article was last changed; zero where that would be
// before it was published, as content systems have it that know only the day.
func (h *head) modified(published time.Time) time.Time {
	words := []string{text(h.article["dateModified"])}
	for _, name := range modifiedNames {
		words = append(words, h.meta[name]...)
	}
	h.doc.Find(`[itemprop~="dateModified"]`).Each(func(_ int, s *goquery.Selection) { words = append(words, dateOf(s)) })
	if t := firstDate(words); !t.Before(published) {
		return t
	}
	return time.Time{}
}

func firstDate(words []string) time.Time {
	var day time.Time
	for _, w := range words {
		t, err := parseDate(w)
		switch {
		case err != nil:
		case day.IsZero() && !isMidnight(t):
			return t
		case day.IsZero():
			day = t
		case !isMidnight(t) && t.Format(time.DateOnly) == day.Format(time.DateOnly):
			return t
		}
	}
	return day
}

func isMidnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 }

// parseDate also reads seconds and milliseconds since 1970.
func parseDate(s string) (time.Time, error) {
	if epoch.MatchString(s) {
		n, err := strconv.ParseInt(s[:10], 10, 64)
		return time.Unix(n, 0).UTC(), err
	}
	return ingest.ParseDate(s)
}

// shown gives the dates that stand in sight, the likeliest first.
func (h *head) shown() []string {
	var out []string
	for _, selector := range shownDates {
		h.doc.Find(selector).EachWithBreak(func(i int, s *goquery.Selection) bool {
			if s.Closest(strangers).Length() == 0 {
				out = append(out, dateOf(s))
			}
			return i < 5
		})
	}
	return out
}

func dateOf(s *goquery.Selection) string {
	for _, attr := range []string{"datetime", "content", "title"} {
		if v := strings.TrimSpace(s.AttrOr(attr, "")); v != "" {
			return v
		}
	}
	if shown := visibleText(s.Nodes[0]); len(shown) <= 150 {
		return shown
	}
	return ""
}
