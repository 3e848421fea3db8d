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
		rule, err := s.Rule()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | <%s> | %s | %s | %s |\n", s.Outlet, s.Name, s.Kind, s.URL, language, rule, under)
	}
	return b.String(), nil
}
