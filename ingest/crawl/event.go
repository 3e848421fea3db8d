package crawl

import (
	"time"

	"github.com/breachgraph/breachgraph/ingest"
)

// An Outcome is what a visit came to.
type Outcome string

// The outcomes.
const (
	New       Outcome = "new"       // an article that was not known
	Changed   Outcome = "changed"   // an article that says something else than before
	Unchanged Outcome = "unchanged" // an article or a source that is as it was
	Duplicate Outcome = "duplicate" // an article that is a copy of another
	Skipped   Outcome = "skipped"   // no article, or one that is not wanted
	Failed    Outcome = "failed"    // no answer, or a refusal
	Found     Outcome = "found"     // a source that was read
	Kept      Outcome = "kept"      // a page that was kept and not read
)

// An Event is one visit of a crawl.
type Event struct {
	Time    time.Time
	Source  string // name of the source
	URL     string // the address that was asked, or the file that was read
	Outcome Outcome
	Status  int    // HTTP status code; 0 where no server answered
	Bytes   int    // of the body, unpacked
	Reason  string // of what was skipped or failed; what a duplicate is a copy of
	Found   int    // of a source: addresses that were not known
	// Again is when the address will be visited again; zero for never.
	Again time.Time
	// Article is what was read: of New, Changed and Duplicate only.
	Article *ingest.Article
	// Waiting is what [Crawler.Loaded] is to be told once the article is loaded;
	// until then it comes again with [Crawler.Unloaded].
	Waiting Waiting

	began time.Time // when the visit did
}
