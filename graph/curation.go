package graph

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// An Action is what a rule of curation does.
type Action string

// The actions.
const (
	MergeEntities Action = "merge"     // the first entity is the second
	SplitEntities Action = "split"     // the two are not one, or not in one article
	Rename        Action = "rename"    // the entity is called so
	Retype        Action = "retype"    // the organisation plays this part, and no other
	Reject        Action = "reject"    // the claim is wrong
	Confirm       Action = "confirm"   // the claim is right
	SameBreach    Action = "same"      // two articles are about one breach
	OtherBreach   Action = "different" // two articles are about different breaches
)

// Actions returns every action.
func Actions() []Action {
	return []Action{MergeEntities, SplitEntities, Rename, Retype, Reject, Confirm, SameBreach, OtherBreach}
}

// A Rule is a correction that a person made. It holds for every load to come.
type Rule struct {
	Action Action
	// Of is what it is about: LABEL:ID of an entity, the id of a claim, or the
	// URL of an article.
	Of string
	// To is the other entity or article, the new name or the part; empty for
	// claims.
	To string
	// In is the URL of the one article in which the name Of means the entity To,
	// which need not be there yet: two people of one name are parted so. It is
	// for split only; empty means that no article gives one for the other.
	In string
	// Reason is for people to read; may be empty.
	Reason string
	Line   int // in the file, from 1
}

// A CurationError says which line of a curation file is at fault.
type CurationError struct {
	File string
	Line int // 1-based
	Err  error
}

func (e *CurationError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *CurationError) Unwrap() error { return e.Err }

// Bounds of a curation file.
const (
	maxRules         = 100_000
	MaxCurationBytes = 16 << 20 // of a curation file
)

// ruleRow is a rule as it stands in the file.
type ruleRow struct {
	Action string    `yaml:"action"`
	Of     string    `yaml:"of"`
	To     string    `yaml:"to"`
	In     *oneOrAll `yaml:"in"`
	Reason string    `yaml:"reason"`
}

// oneOrAll is a text or a list of texts.
type oneOrAll []string

// UnmarshalYAML reads either.
func (l *oneOrAll) UnmarshalYAML(read func(any) error) error {
	var one string
	if err := read(&one); err == nil {
		*l = oneOrAll{one}
		return nil
	}
	return read((*[]string)(l))
}

// ParseCuration reads a curation file: a list of rules with action, of, to, in
// and reason; a rule that holds in several articles comes back as one for each.
// Rules that contradict each other are an error, as are those that say
// nothing; all errors are returned, each a [*CurationError].
func ParseCuration(file string, raw []byte) ([]Rule, error) {
	if len(raw) > MaxCurationBytes {
		return nil, fmt.Errorf("read %s: larger than %d MiB", file, MaxCurationBytes>>20)
	}
	doc, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return nil, curationError(file, err)
	}
	var rules []Rule
	var wrong []error
	for _, d := range doc.Docs {
		if d.Body == nil {
			continue
		}
		list, ok := d.Body.(*ast.SequenceNode)
		if !ok {
			return nil, &CurationError{file, d.Body.GetToken().Position.Line, errors.New(`is not a list of rules; begin each with "- action:"`)}
		}
		if len(rules)+len(list.Values) > maxRules {
			return nil, fmt.Errorf("read %s: more than %d rules", file, maxRules)
		}
		for _, node := range list.Values {
			rows, err := parseRule(file, node)
			if err != nil {
				wrong = append(wrong, err)
				continue
			}
			rules = append(rules, rows...)
		}
	}
	if len(rules) > maxRules {
		return nil, fmt.Errorf("read %s: more than %d rules", file, maxRules)
	}
	for _, c := range conflicts(rules) {
		wrong = append(wrong, &CurationError{file, c.line, c.err})
	}
	return rules, errors.Join(wrong...)
}

// parseRule reads what stands for one rule, or for one in each of some articles.
func parseRule(file string, node ast.Node) ([]Rule, error) {
	line := node.GetToken().Position.Line
	within := oneOrAll{""}
	if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 {
		line = m.Values[0].Key.GetToken().Position.Line
		if slices.ContainsFunc(m.Values, func(v *ast.MappingValueNode) bool { return v.Key.String() == "in" }) {
			within = nil
		}
	}
	var row ruleRow
	if err := yaml.NodeToValue(node, &row, yaml.Strict()); err != nil {
		return nil, curationError(file, err)
	}
	if row.In != nil {
		within = *row.In
	}
	if len(within) == 0 || row.In != nil && slices.Contains(within, "") {
		return nil, &CurationError{file, line, errors.New("in names no article; leave it out where the rule holds in all")}
	}
	var rules []Rule
	for _, url := range within {
		r, err := Rule{Action: Action(row.Action), Of: row.Of, To: row.To, In: url, Reason: row.Reason, Line: line}.Checked()
		if err != nil {
			return nil, &CurationError{file, line, err}
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// curationError gives the library's error in one line, without its drawing of
// the place.
func curationError(file string, err error) error {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return &CurationError{file, y.GetToken().Position.Line, errors.New(y.GetMessage())}
}

// Checked returns r in the form in which it is kept, or what is wrong with it.
func (r Rule) Checked() (Rule, error) {
	r.Reason = clean(r.Reason, maxName)
	var err error
	switch r.Action {
	case MergeEntities, SplitEntities:
		if err = r.checkEntities(); err == nil && r.Action == SplitEntities && r.In != "" {
			err = r.checkWithin()
		}
	case Rename:
		var of ref
		of, err = entityRef(r.Of)
		if r.To = clean(r.To, maxName); err == nil && r.To == "" {
			err = errors.New("rename needs the new name in to")
		}
		r.Of = of.String()
	case Retype:
		err = r.checkPart()
	case Reject, Confirm:
		if r.Of == "" || r.To != "" || strings.ContainsAny(r.Of, " :/") {
			err = fmt.Errorf("%s needs the id of a claim in of, and nothing in to", r.Action)
		}
	case SameBreach, OtherBreach:
		err = r.checkArticles()
	default:
		err = fmt.Errorf("action %.20q is not merge, split, rename, retype, reject, confirm, same or different", string(r.Action))
	}
	if err == nil && r.In != "" && r.Action != SplitEntities {
		err = fmt.Errorf("%s does not go by articles; in is for split", r.Action)
	}
	return r, err
}

func (r *Rule) checkEntities() error {
	of, err := entityRef(r.Of)
	if err != nil {
		return err
	}
	to, err := entityRef(r.To)
	switch {
	case err != nil:
		return err
	case of == to:
		return fmt.Errorf("%s is the same in of and to", r.Of)
	case of.label != to.label:
		return fmt.Errorf("%s and %s are of different labels", r.Of, r.To)
	}
	r.Of, r.To = of.String(), to.String()
	return nil
}

func (r *Rule) checkPart() error {
	of, err := entityRef(r.Of)
	r.Of = of.String()
	if err == nil && (of.label != labelOrganization || table().part[extract.Kind(r.To)] == "") {
		err = errors.New("retype makes an Organization a company, firm, agency or outlet; other kinds have to be extracted anew")
	}
	return err
}

// checkWithin checks a split in one article, which may make the entity that it
// leads to.
func (r *Rule) checkWithin() error {
	of, _ := entityRef(r.Of)
	to, _ := entityRef(r.To)
	for _, n := range []ref{of, to} {
		if id := strings.Join(foldedWords(n.key), "-"); id != n.key {
			return fmt.Errorf("%s cannot be an id, which is lower-case words joined by hyphens, such as %s:%s", n, n.label, cmp.Or(id, "john-smith-2"))
		}
		if id := knownNames().id(n); id != n.key {
			return fmt.Errorf("%s goes by the id %s:%s, as the embedded lists know it", n, n.label, id)
		}
	}
	if err := canonicalArticle(&r.In); err != nil {
		return fmt.Errorf("split needs the URL of an article in in: %w", err)
	}
	return nil
}

// canonicalArticle gives an article's URL the form in which it is its key.
func canonicalArticle(url *string) error {
	if strings.HasPrefix(*url, "urn:sha256:") {
		return nil
	}
	u, err := ingest.CanonicalURL(*url)
	if err == nil && len(u) > maxURL {
		err = fmt.Errorf("URL of %d bytes is longer than %d", len(u), maxURL)
	}
	if err == nil {
		*url = u
	}
	return err
}

func (r *Rule) checkArticles() error {
	for _, url := range []*string{&r.Of, &r.To} {
		if err := canonicalArticle(url); err != nil {
			return fmt.Errorf("%s needs the URLs of two articles in of and to: %w", r.Action, err)
		}
	}
	if r.Of == r.To {
		return fmt.Errorf("%s is the same in of and to", r.Of)
	}
	return nil
}

// entityRef reads LABEL:ID.
func entityRef(s string) (ref, error) {
	label, id, _ := strings.Cut(s, ":")
	if part := table().node[label].Parent; part != "" {
		label = part
	}
	if !table().entity[label] || id == "" || len(id) > maxID {
		return ref{}, fmt.Errorf("%.100q is not an entity such as Organization:t-mobile; labels are %s", s, strings.Join(entityLabels(), ", "))
	}
	return ref{label, id}, nil
}

// A conflict is a rule that does not go with an earlier one.
type conflict struct {
	line int
	err  error
}

// conflicts finds rules that contradict earlier ones: two about one thing, or a
// pair that others join being parted.
func conflicts(rules []Rule) []conflict {
	var out []conflict
	first := map[string]Rule{}
	for _, r := range rules {
		key := r.topic()
		if f, ok := first[key]; ok && (f.Action != r.Action || f.To != r.To) {
			out = append(out, conflict{r.Line, fmt.Errorf("%s contradicts line %d, %s to %q", r.what(), f.Line, f.Action, f.To)})
			continue
		} else if ok {
			continue
		}
		first[key] = r
	}
	groups := joined(rules)
	for _, r := range rules {
		if (r.Action == SplitEntities || r.Action == OtherBreach) && groups[r.Of] != "" && groups[r.Of] == groups[r.To] {
			out = append(out, conflict{r.Line, fmt.Errorf("%s %s, %s: other rules make them one", r.Action, r.Of, r.To)})
		}
	}
	slices.SortStableFunc(out, func(x, y conflict) int { return cmp.Compare(x.line, y.line) })
	return slices.CompactFunc(out, func(x, y conflict) bool { return x.line == y.line && x.err.Error() == y.err.Error() })
}

// what is the beginning of a message about r.
func (r Rule) what() string {
	if r.In != "" {
		return string(r.Action) + " " + r.Of + " in " + r.In
	}
	return string(r.Action) + " " + r.Of
}

// topic is what only one rule can be about.
func (r Rule) topic() string {
	if r.In != "" {
		return r.what()
	}
	switch r.Action {
	case SplitEntities, SameBreach, OtherBreach:
		return string(r.Action) + " " + min(r.Of, r.To) + " " + max(r.Of, r.To)
	case Reject, Confirm:
		return "claim " + r.Of
	}
	return string(r.Action) + " " + r.Of
}

// joined names the group of each entity and article that rules make one with
// others.
func joined(rules []Rule) map[string]string {
	group := map[string]string{}
	for _, r := range rules {
		if r.Action != MergeEntities && r.Action != SameBreach {
			continue
		}
		x, y := cmp.Or(group[r.Of], r.Of), cmp.Or(group[r.To], r.To)
		group[r.Of], group[r.To] = x, y
		for k, g := range group {
			if g == max(x, y) {
				group[k] = min(x, y)
			}
		}
	}
	return group
}

// AppendRule adds a rule to the text of a curation file, whose comments and
// order stay.
func AppendRule(raw []byte, r Rule) ([]byte, error) {
	row := yaml.MapSlice{{Key: "action", Value: string(r.Action)}, {Key: "of", Value: r.Of}}
	if r.To != "" {
		row = append(row, yaml.MapItem{Key: "to", Value: r.To})
	}
	if r.In != "" {
		row = append(row, yaml.MapItem{Key: "in", Value: r.In})
	}
	if r.Reason != "" {
		row = append(row, yaml.MapItem{Key: "reason", Value: r.Reason})
	}
	text, err := yaml.Marshal([]yaml.MapSlice{row})
	if err != nil {
		return nil, fmt.Errorf("write rule: %w", err)
	}
	if len(raw) > 0 && raw[len(raw)-1] != '\n' {
		raw = append(raw, '\n')
	}
	return append(raw, text...), nil
}
