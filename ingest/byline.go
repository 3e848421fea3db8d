package ingest

import (
	"regexp"
	"slices"
	"strings"
)

var (
	bylinePrefix = regexp.MustCompile(`(?i)^(?:(?:written|posted|reported|story|words|reporting)\s+)?by[\s:]+|^(?:authors?|writers?)\s*:\s*`)
	bylineJoint  = regexp.MustCompile(`(?i)\s*(?:[,;|/•·](?:\s*(?:and|&)\s)?|\s&\s|\s(?:and|with|for|in|at)\s|\s[-–—]{1,2}\s)\s*`)
	nameSuffix   = regexp.MustCompile(`(?i)^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq|cissp)\.?$`)
	// bylineRoles are words that end what stands beside a name in a by-line
	// and is not one.
	bylineRoles = regexp.MustCompile(`(?i)\b(?:reporters?|editors?|writers?|contributors?|correspondents?|journalists?|columnists?|` +
		`staff|producers?|analysts?|researchers?|authors?|bloggers?|chief|desk|newsroom|updated|published|posted|` +
		`unknown|anonymous|admin|administrator|n/a|none)\b`)
	// bylinePlaces introduce the outlet or the place rather than one more name.
	bylinePlaces = []string{"for", "in", "at"}
)

// SplitAuthors reads a by-line such as "By Ann Lee and Bob Ray, Senior
// Reporters": the names in their order, without roles, places and doublets. A
// suffix such as "Jr." stays with its name.
func SplitAuthors(byline string) []string {
	byline = strings.Join(strings.Fields(byline), " ")
	if len(byline) > 500 {
		return nil // prose
	}
	byline = bylinePrefix.ReplaceAllString(byline, "")
	var names []string
	from := 0
	joint := ""
	add := func(to int) {
		part := strings.Trim(byline[from:to], " .,;:|-–—*")
		if dotted := strings.Trim(byline[from:to], " ,;:|-–—*"); nameSuffix.MatchString(dotted) {
			if len(names) > 0 {
				names[len(names)-1] += ", " + dotted
			}
			return
		}
		if slices.Contains(bylinePlaces, joint) || !isName(part) || slices.Contains(names, part) {
			return
		}
		names = append(names, part)
	}
	for _, m := range bylineJoint.FindAllStringIndex(byline, -1) {
		add(m[0])
		from, joint = m[1], strings.ToLower(strings.TrimSpace(byline[m[0]:m[1]]))
	}
	add(len(byline))
	return names
}

// isName tells names of people and bodies from roles, dates and addresses.
func isName(s string) bool {
	return s != "" && len(s) <= 80 && len(strings.Fields(s)) <= 6 && !bylineRoles.MatchString(s) &&
		!strings.ContainsAny(s, "@0123456789<>{}[]=") && !strings.Contains(s, "://")
}
