package ingest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// bylinePrefix is what stands before the names: "By", "Analysis by",
	// "Reporting by:" or a label in any language.
	bylinePrefix = regexp.MustCompile(`(?i)^(?:\p{L}+\s+)?by[\s:]+|^\p{L}+\s*:\s+`)
	bylineJoint  = regexp.MustCompile(`(?i)\s*(?:[,;|/•·](?:\s*(?:and|&)\s)?|\s&\s|\s(?:and|with|for|in|at)\s|\s[-–—]{1,2}\s|` +
		`\s(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)\s*`)
	generation = regexp.MustCompile(`(?i)^(?:jr|sr|ii|iii|iv)\.?$`)
	degree     = regexp.MustCompile(`^(?i:ph\.?d|m\.?d|j\.?d|esq)$|^(?:MS|MA|BA|BS|MSc|BSc|MBA|RD|RDN|RN|CPA|CFA|CISSP|CISM|CISA|MPH|DDS)$`)
	// bylineRoles are words that end what stands beside a name in a by-line
	// and is not one.
	bylineRoles = regexp.MustCompile(`(?i)\b(?:reporters?|editors?|writers?|contributors?|correspondents?|journalists?|columnists?|` +
		`staff|producers?|analysts?|researchers?|authors?|bloggers?|chief|desk|newsroom|updated|published|posted|` +
		`unknown|anonymous|admin|administrator|n/a|none)\b`)
	// bylinePlaces introduce the outlet or the place rather than one more name.
	bylinePlaces = []string{"for", "in", "at"}
	fileName     = regexp.MustCompile(`^\S+\.[a-z]{2,5}$`)
	// particles are words in names that begin with a small letter.
	particles = words("al bin d da de del della den der di dos du el la le of san st ter the und van von y zu")
)

// SplitAuthors reads a by-line such as "By Ann Lee and Bob Ray, Senior
// Reporters": the names in their order, without roles, degrees, places and
// doublets. A suffix such as "Jr." stays with its name.
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
		if dotted := strings.Trim(byline[from:to], " ,;:|-–—*"); generation.MatchString(dotted) {
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

// isName tells names of people and bodies from roles, dates, addresses and
// prose. A name all in small letters is the choice of its bearer.
func isName(s string) bool {
	fields := strings.Fields(s)
	if len(fields) == 0 || len(fields) > 6 || len(s) > 80 || strings.ContainsAny(s, "@0123456789<>{}[]=") || strings.Contains(s, "://") ||
		bylineRoles.MatchString(s) || degree.MatchString(s) || fileName.MatchString(s) {
		return false
	}
	small := 0
	for _, f := range fields {
		if r, _ := utf8.DecodeRuneInString(f); unicode.IsLower(r) && !particles[strings.Trim(strings.ToLower(f), "'’")] {
			small++
		}
	}
	return small == 0 || small == len(fields) && small <= 2
}
