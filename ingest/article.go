package ingest

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrNoArticle is wrapped by the error of [Article.Check] where an input could
// be read but holds no article.
var ErrNoArticle = errors.New("holds no article")

// An Article is one published page, read from whatever form it came in. Its
// Text is frozen: every offset that later stages give counts from its start.
type Article struct {
	// ID is the input's own id, else the canonical URL, else the file's path.
	ID string
	// Path is the file the article came from, as given; empty for a URL or
	// standard input.
	Path string
	// URL is the address the article was published at, as the input gave it;
	// empty where none is known. [CanonicalURL] makes its identity.
	URL string
	// Title and Subtitle are the headline and the line below it.
	Title, Subtitle string
	// Original is the address on another site that the page names as that of the
	// article which it shows; empty where it names none.
	Original string
	// DuplicateOf is the canonical URL of the article that this one is a copy of,
	// so that only the copy is worth loading and not what it says; empty where none
	// is known.
	DuplicateOf string
	// Fetched is when the page was fetched, and Capture where the archive has it
	// ("warc://FILE/OFFSET"); zero and empty for what no crawl has fetched.
	Fetched time.Time
	Capture string
	// Published and Modified are zero where unknown. A date without a time is
	// midnight UTC.
	Published, Modified time.Time
	// Authors holds the names in the by-line, in its order.
	Authors []string
	// Publication is the outlet that published the article.
	Publication Publication
	// Language is a BCP 47 tag ("en"), empty where it has not been determined.
	Language string
	// Tags are the publisher's own keywords.
	Tags []string
	// Links are the hyperlinks of the text, in text order.
	Links []Link
	// Stub says what the page is that shows no article, or only the beginning of
	// one ("a list of articles"); empty where it shows one.
	Stub string
	// Text is the title, the subtitle where there is one and the body, parted
	// by blank lines ([Compose]); for plain text and JSON Lines the text as it
	// was given.
	Text string
	// BodyStart is the byte offset in Text at which the body begins; 0 where
	// all of it is body.
	BodyStart int
	// Extraction is the JSON object that this article was read from, where
	// that object was printed by `breachgraph extract` and so already holds
	// what was extracted; nil otherwise.
	Extraction []byte
	// Record is the JSON object that this article was read from, where that
	// object was printed by `breachgraph export`; the article then has no text.
	// nil otherwise.
	Record []byte
}

// A Publication names the outlet an article appeared in.
type Publication struct {
	Name   string // as printed ("ZDNet"); may be empty
	Domain string // host of the canonical URL ("zdnet.com"); may be empty
}

// A Link is a hyperlink inside an article's text.
type Link struct {
	Start, End int    // byte offsets into Article.Text, half-open
	URL        string // absolute, as the page gave it
}

// Check reports why a is not worth loading: it has no body, or is a stub. Readers
// yield such an article nevertheless, for those who want to see what was read.
func (a Article) Check() error {
	if a.Stub != "" {
		return fmt.Errorf("%s: %w: it is %s", a.name(), ErrNoArticle, a.Stub)
	}
	if a.BodyStart > len(a.Text) || strings.TrimSpace(a.Text[a.BodyStart:]) == "" {
		return fmt.Errorf("%s: %w", a.name(), ErrNoArticle)
	}
	return nil
}

// name is what a message calls the article.
func (a Article) name() string {
	if a.Path != "" {
		return a.Path
	}
	return a.ID
}

// settle fills in what follows from an article's URL and the name of its
// input: the path, the publication's domain and, where the article has no id of
// its own, the canonical URL or else fallback as its id. A URL that leads
// nowhere is dropped.
func (a *Article) settle(name, fallback string) {
	if a.Path == "" && name != "-" && !isWebURL(name) {
		a.Path = name
	}
	canonical, err := CanonicalURL(a.URL)
	if err != nil {
		a.URL = ""
	} else if a.Publication.Domain == "" {
		host, _, _ := strings.Cut(strings.TrimPrefix(canonical, "https://"), "/")
		a.Publication.Domain, _, _ = strings.Cut(host, "?")
	}
	for _, id := range []string{canonical, fallback} {
		if a.ID == "" {
			a.ID = id
		}
	}
}

// Compose joins the parts of an article into its frozen text, parted by blank
// lines, and says at which byte the body begins. Empty parts leave no trace.
func Compose(title, subtitle, body string) (text string, bodyStart int) {
	for _, part := range []string{title, subtitle} {
		if part != "" {
			text += part + "\n\n"
		}
	}
	return text + body, len(text)
}
