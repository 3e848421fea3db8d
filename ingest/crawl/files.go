package crawl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/warc"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// A fileMark says which state of a file was read.
type fileMark struct {
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
}

// A shelf is the files that sources hold, and which of them were read.
type shelf struct {
	path  string // of the marks
	mu    sync.Mutex
	marks map[string]fileMark
}

// openShelf reads the marks; without them all files are read again, to no harm.
func openShelf(path string) (*shelf, error) {
	s := &shelf{path: path, marks: map[string]fileMark{}}
	raw, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return nil, fmt.Errorf("read which files were read: %w", err)
	}
	if json.Unmarshal(raw, &s.marks) != nil {
		s.marks = map[string]fileMark{}
	}
	return s, nil
}

// state is what a file's mark would be, and whether that is news.
func (s *shelf) state(path string) (m fileMark, news bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return m, false, err
	}
	m = fileMark{Size: info.Size(), Modified: info.ModTime().UTC()}
	s.mu.Lock()
	defer s.mu.Unlock()
	return m, s.marks[path] != m, nil
}

func (s *shelf) mark(path string, m fileMark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marks[path] = m
}

func (s *shelf) save() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	raw, err := json.Marshal(s.marks)
	if err == nil {
		err = replaceFile(s.path, raw)
	}
	if err != nil {
		return fmt.Errorf("keep which files were read: %w", err)
	}
	return nil
}

// readSource reads the files of one source that are new or changed, and returns
// how many are.
func (p *pass) readSource(ctx context.Context, s Source) (read int, err error) {
	if s.Kind == URLs {
		return p.readAddresses(s)
	}
	for path, err := range ingest.Walk(s.File) {
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			p.tell(ctx, Event{Time: p.clock.now(), Source: s.Name, URL: s.File, Outcome: Failed, Reason: err.Error()})
			continue
		}
		if path, err = filepath.Abs(path); err != nil {
			return read, err
		}
		m, news, err := p.shelf.state(path)
		if err != nil || !news || s.Kind == WARC && !isArchive(path) {
			continue
		}
		if err := p.readFile(ctx, path, s); err != nil {
			return read, err
		}
		if ctx.Err() == nil {
			p.shelf.mark(path, m)
			read++
		}
	}
	return read, p.shelf.save()
}

func isArchive(path string) bool {
	return strings.HasSuffix(path, ".warc") || strings.HasSuffix(path, ".warc.gz")
}

// A leaf is an article of a file, as yet unread.
type leaf struct {
	place string // where it is, for Pending
	read  func() (ingest.Article, error)
}

// readFile reads the articles of a file, on all processors.
func (p *pass) readFile(ctx context.Context, path string, s Source) error {
	leaves := p.leaves(ctx, path, s)
	work := make(chan leaf)
	var group sync.WaitGroup
	var once sync.Once
	var fatal error
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for l := range work {
				if err := p.readLeaf(ctx, l, s); err != nil {
					once.Do(func() { fatal = err; cancel() })
				}
			}
		})
	}
	for l := range leaves {
		select {
		case work <- l:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(work)
	group.Wait()
	return fatal
}

// leaves yields what a file holds.
func (p *pass) leaves(ctx context.Context, path string, s Source) iter.Seq[leaf] {
	place := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	if s.Kind == WARC {
		return p.archived(ctx, path, place, s)
	}
	return func(yield func(leaf) bool) {
		for a, err := range p.plan.Files.ReadPath(ctx, path) {
			if !yield(leaf{place, func() (ingest.Article, error) { return a, err }}) {
				return
			}
		}
	}
}

// archived yields the pages of a WARC file, one record in memory at a time.
func (p *pass) archived(ctx context.Context, path, place string, s Source) iter.Seq[leaf] {
	return func(yield func(leaf) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield(leaf{place, func() (ingest.Article, error) { return ingest.Article{}, err }})
			return
		}
		defer file.Close()
		for r, err := range archive.Read(file, warc.Limits{}) {
			if err == nil && !isPage(r) {
				continue
			}
			at := place
			if r != nil {
				at += "#" + strconv.FormatInt(r.Offset, 10)
			}
			if !yield(leaf{at, func() (ingest.Article, error) {
				if err != nil {
					return ingest.Article{}, err
				}
				return p.fromArchive(ctx, r.Response, s)
			}}) {
				return
			}
		}
	}
}

// fromArchive reads a captured page.
func (c *Crawler) fromArchive(ctx context.Context, r *warc.Response, s Source) (ingest.Article, error) {
	if c.plan.Read == nil {
		return ingest.Article{}, errors.New("nothing reads pages")
	}
	a, err := c.read(ctx, decode(r.Payload, charsetOf(r.Header)), r.TargetURI, s)
	a.Fetched = r.Date
	if err != nil {
		return a, fmt.Errorf("read %.300s: %w", r.TargetURI, err)
	}
	return a, nil
}

// readLeaf tells of an article of a file, once it is known that it has to be
// loaded.
func (p *pass) readLeaf(ctx context.Context, l leaf, s Source) error {
	a, err := l.read()
	if err == nil {
		err = a.Check()
	}
	e := Event{Time: p.clock.now(), Source: s.Name, URL: l.place, Outcome: New, Bytes: len(a.Text)}
	id := articleID(a)
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.Is(err, ingest.ErrNoArticle):
		e.Outcome, e.Reason = Skipped, err.Error()
	case err != nil:
		e.Outcome, e.Reason = Failed, err.Error()
	case !p.plan.Since.IsZero() && !a.Published.IsZero() && a.Published.Before(p.plan.Since):
		e.Outcome, e.Reason = Skipped, "published "+a.Published.Format(time.DateOnly)
	default:
		if a.DuplicateOf, err = p.sketches.originalOf(id, a); err != nil {
			return err
		}
		if a.DuplicateOf != "" {
			e.Outcome, e.Reason = Duplicate, a.DuplicateOf
		}
		a.Capture, e.Article = l.place, &a
		e.Waiting = Waiting(note{Time: e.Time.UTC(), ID: id, Place: l.place, Source: s.Name, DuplicateOf: a.DuplicateOf}.text())
		if err := p.frontier.SetUnread(string(e.Waiting)); err != nil {
			return err
		}
	}
	p.tell(ctx, e)
	return nil
}

// articleID is by what an article is known: its canonical URL, or else what its
// reader made of its name.
func articleID(a ingest.Article) string {
	if id, err := ingest.CanonicalURL(a.URL); err == nil {
		return id
	}
	return a.ID
}

// reread reads an article again that came from a file.
func (c *Crawler) reread(ctx context.Context, n note, place *url.URL) (ingest.Article, error) {
	path := filepath.FromSlash(place.Path)
	if place.Fragment == "" {
		for a, err := range c.plan.Files.ReadPath(ctx, path) {
			if err != nil || articleID(a) == n.ID {
				return a, err
			}
		}
		return ingest.Article{}, fmt.Errorf("read %s: %s is there no more", path, n.ID)
	}
	offset, err := strconv.ParseInt(place.Fragment, 10, 64)
	if err != nil {
		return ingest.Article{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return ingest.Article{}, err
	}
	defer file.Close()
	record, err := warc.ReadAt(file, offset, warc.Limits{})
	if err != nil {
		return ingest.Article{}, err
	}
	r, err := record.Response()
	if err != nil {
		return ingest.Article{}, err
	}
	return c.fromArchive(ctx, r, c.sources[n.Source])
}
