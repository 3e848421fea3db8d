package crawl

import (
	"fmt"
	"slices"
	"strings"
)

// Documentation describes the built-in sources in Markdown, for docs/sources.md.
func Documentation() (string, error) {
	sources, err := Sources("")
	if err != nil {
		return "", err
	}
	slices.SortStableFunc(sources, func(a, b Source) int {
		return strings.Compare(strings.ToLower(a.Outlet), strings.ToLower(b.Outlet))
	})
	var b strings.Builder
	fmt.Fprintf(&b, `# Sources

Made by `+"`go test ./ingest/crawl -update`"+` from `+"`ingest/crawl/sources.yaml`"+`: %d places where articles about data breaches are
looked for. A file of your own adds to them or replaces some; [crawling.md](crawling.md) says how. Publishers move their
feeds: `+"`breachgraph sources check`"+` tells which addresses still answer.

| outlet | name | kind | address | language | looked at | only under |
|---|---|---|---|---|---|---|
`, len(sources))
	for _, s := range sources {
		language, under := s.Language, strings.Join(s.Under, " ")
		if language == "" {
			language = "en"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | <%s> | %s | every %s | %s |\n", s.Outlet, s.Name, s.Kind, s.URL, language, inWords(s), under)
	}
	return b.String(), nil
}

// inWords is how often a source is looked at.
func inWords(s Source) string {
	if every := s.interval(); every.Minutes() < 60 {
		return fmt.Sprintf("%g minutes", every.Minutes())
	} else if every.Hours() > 1 {
		return fmt.Sprintf("%g hours", every.Hours())
	}
	return "hour"
}
