package crawl

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/breachgraph/breachgraph/ingest/crawl/timetable"
)

//go:embed sources.yaml
var builtin []byte

// A Kind is the form in which a source names its articles.
type Kind string

// The kinds of source.
const (
	Feed    Kind = "feed"    // RSS, Atom or JSON Feed
	Sitemap Kind = "sitemap" // a sitemap, a news sitemap or an index of them, compressed or not
	Listing Kind = "listing" // a page that links to articles, and the pages after it
	URLs    Kind = "urls"    // a file with an address a line
	Folder  Kind = "folder"  // saved pages, notes and texts, as ingest reads them
	WARC    Kind = "warc"    // an archive of captured pages, or a folder of them
)

// A Source is where articles of one outlet are looked for.
type Source struct {
	Name     string           `yaml:"name"`     // kebab-case, unique
	Outlet   string           `yaml:"outlet"`   // name of the publication, as printed
	Kind     Kind             `yaml:"kind"`     // what URL or File is
	URL      string           `yaml:"url"`      // of a feed, sitemap or listing
	File     string           `yaml:"file"`     // of the other kinds; relative to the file that names it
	Language string           `yaml:"language"` // BCP 47 tag of its articles; empty means en
	Under    []string         `yaml:"under"`    // paths that articles lie under; none means all
	Delay    time.Duration    `yaml:"delay"`    // between two requests to its host; 0 means the crawl's
	Every    time.Duration    `yaml:"every"`    // how often it is looked at; 0 means as often as it changes
	Adapt    []time.Duration  `yaml:"adapt"`    // bounds of an interval that follows how often it changes; Every is the first one
	Schedule string           `yaml:"schedule"` // cron expression in place of Every
	Timezone string           `yaml:"timezone"` // of Schedule; empty means the machine's
	Jitter   time.Duration    `yaml:"jitter"`   // by how much later it may be looked at; see timetable.Spec
	Missed   timetable.Policy `yaml:"missed"`   // what becomes of times at which nothing ran; empty means once
	Links    string           `yaml:"links"`    // of a listing: CSS selector of the links to articles
	Next     string           `yaml:"next"`     // of a listing: CSS selector of the link to the page after it
	Depth    int              `yaml:"depth"`    // of a listing: pages read; 0 means 1 without Next and 5 with it
	Body     string           `yaml:"body"`     // CSS selector of the element that holds an article's text; empty means found by itself
}

const (
	maxSources     = 10_000
	maxSourceBytes = 4 << 20
	maxDelay       = 10 * time.Minute
	maxDepth       = 100
)

// A SourceError says which line of a file of sources is at fault.
type SourceError struct {
	File string
	Line int // 1-based
	Err  error
}

func (e *SourceError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *SourceError) Unwrap() error { return e.Err }

// Sources returns the sources that are built in and those of the file, which
// take the place of built-in ones of the same name, in the order of their names.
// An empty file name stands for none. The error is a [*SourceError] where a line
// is at fault.
func Sources(file string) ([]Source, error) {
	all, err := parseSources("sources.yaml", builtin)
	if err != nil {
		return nil, err
	}
	if file != "" {
		own, err := readSources(file)
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(s Source) bool {
			return slices.ContainsFunc(own, func(o Source) bool { return o.Name == s.Name })
		})
		all = append(all, own...)
	}
	slices.SortFunc(all, func(a, b Source) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// readSources reads a user's file.
func readSources(file string) ([]Source, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	if info.Size() > maxSourceBytes {
		return nil, fmt.Errorf("read sources: %s is larger than %d MiB", file, maxSourceBytes>>20)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	own, err := parseSources(file, raw)
	for i := range own {
		if f := own[i].File; f != "" && !filepath.IsAbs(f) {
			own[i].File = filepath.Join(filepath.Dir(file), f)
		}
	}
	return own, err
}

// parseSources reads a list of sources, strictly.
func parseSources(file string, raw []byte) ([]Source, error) {
	doc, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return nil, yamlError(file, err)
	}
	var out []Source
	lines := map[string]int{}
	for _, d := range doc.Docs {
		if d.Body == nil {
			continue
		}
		list, ok := d.Body.(*ast.SequenceNode)
		if !ok {
			return nil, &SourceError{file, d.Body.GetToken().Position.Line, errors.New("is not a list of sources; begin each with \"- name:\"")}
		}
		for _, node := range list.Values {
			s, line, err := parseSource(file, node)
			if err != nil {
				return nil, err
			}
			if first, ok := lines[s.Name]; ok {
				return nil, &SourceError{file, line, fmt.Errorf("the name %s is taken by line %d", s.Name, first)}
			}
			if len(out) == maxSources {
				return nil, &SourceError{file, line, fmt.Errorf("more than %d sources", maxSources)}
			}
			lines[s.Name] = line
			out = append(out, s)
		}
	}
	return out, nil
}

func parseSource(file string, node ast.Node) (s Source, line int, err error) {
	line = node.GetToken().Position.Line
	if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 {
		line = m.Values[0].Key.GetToken().Position.Line
	}
	if err := yaml.NodeToValue(node, &s, yaml.Strict()); err != nil {
		return s, line, yamlError(file, err)
	}
	if err := s.check(); err != nil {
		return s, line, &SourceError{file, line, err}
	}
	return s, line, nil
}

// yamlError gives the library's error in one line, without its drawing of the
// place.
func yamlError(file string, err error) error {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return &SourceError{file, y.GetToken().Position.Line, errors.New(y.GetMessage())}
}

var (
	sourceName  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// check reports what is wrong with a source.
func (s Source) check() error {
	switch {
	case !sourceName.MatchString(s.Name) || len(s.Name) > 60:
		return fmt.Errorf("name %.60q is not like outlet-name: lower case, digits and hyphens, at most 60", s.Name)
	case s.Language != "" && !languageTag.MatchString(s.Language):
		return fmt.Errorf("%s: language %.20q is not a BCP 47 tag such as en", s.Name, s.Language)
	case s.Delay < 0 || s.Delay > maxDelay:
		return fmt.Errorf("%s: delay %s is not between 0 and %s", s.Name, s.Delay, maxDelay)
	}
	if _, err := s.Rule(); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	for _, p := range s.Under {
		if !strings.HasPrefix(p, "/") {
			return fmt.Errorf("%s: under %.60q is not a path that begins with /", s.Name, p)
		}
	}
	if err := s.checkPlace(); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if err := s.checkSelectors(); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	return nil
}

// checkPlace checks kind, url and file.
func (s Source) checkPlace() error {
	switch s.Kind {
	case Feed, Sitemap, Listing:
		u, err := url.Parse(s.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("url %.100q is not an http or https URL", s.URL)
		}
		if s.File != "" {
			return fmt.Errorf("a %s has a url and no file", s.Kind)
		}
	case URLs, Folder, WARC:
		if s.File == "" || s.URL != "" {
			return fmt.Errorf("kind %s needs a file and no url", s.Kind)
		}
	default:
		return fmt.Errorf("kind %.20q is not feed, sitemap, listing, urls, folder or warc", s.Kind)
	}
	return nil
}

// checkSelectors checks what is given for pages of HTML.
func (s Source) checkSelectors() error {
	for _, f := range []struct{ field, selector string }{{"links", s.Links}, {"next", s.Next}, {"body", s.Body}} {
		if f.selector == "" {
			continue
		}
		if _, err := cascadia.ParseGroup(f.selector); err != nil {
			return fmt.Errorf("%s %.100q is not a CSS selector: %v", f.field, f.selector, err)
		}
	}
	switch {
	case s.Kind == Listing && s.Links == "":
		return errors.New("a listing needs links, the CSS selector of its links to articles")
	case s.Kind != Listing && (s.Links != "" || s.Next != "" || s.Depth != 0):
		return errors.New("links, next and depth are for listings")
	case s.Depth < 0 || s.Depth > maxDepth:
		return fmt.Errorf("depth %d is not between 0 and %d", s.Depth, maxDepth)
	}
	return nil
}

// pages is how many pages of a listing are read.
func (s Source) pages() int {
	if s.Next == "" {
		return 1
	}
	return cmp.Or(s.Depth, 5)
}

// Place is the address or the file of the source.
func (s Source) Place() string { return cmp.Or(s.URL, s.File) }

// admits reports whether an address may be that of an article of s.
func (s Source) admits(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (len(s.Under) == 0 || slices.ContainsFunc(s.Under, func(p string) bool { return strings.HasPrefix(u.EscapedPath(), p) }))
}
