package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/warc"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// A Replay reads the articles of archives again, as the crawls that filled them
// did, with no network.
type Replay struct {
	Sources []Source // for what the archive names by their names; may be those of today
	Read    ReadPage
}

// Articles yields the articles of archives, each a folder or one WARC file, in
// the order in which they were captured: those that are new, and of those that
// are known what says something else than before. Copies name their originals.
// An error concerns one capture, and the rest goes on.
func (r Replay) Articles(ctx context.Context, paths ...string) iter.Seq2[ingest.Article, error] {
	c := &Crawler{plan: Plan{Read: r.Read}, sources: map[string]Source{}, readers: make(chan struct{}, runtime.GOMAXPROCS(0))}
	for _, s := range r.Sources {
		c.sources[s.Name] = s
	}
	p := &replay{
		Crawler: c, sketches: &sketches{index: ingest.NewIndex(indexed)},
		bodies: map[string]place{}, bodyOf: map[string]string{}, textOf: map[string]string{}, addressOf: map[string]string{}, from: map[string]string{},
	}
	return func(yield func(ingest.Article, error) bool) {
		read := func(k kept) (rereading, error) { return p.read(ctx, k) }
		for r, err := range ahead(p.pages(ctx, paths), read) {
			news := true
			if err == nil {
				news, err = p.judge(&r)
			}
			if !news || errors.Is(err, ingest.ErrNoArticle) {
				continue
			}
			if !yield(r.article, err) || ctx.Err() != nil {
				return
			}
		}
	}
}

// A replay is one walk over archives. What it has to know of what came before it
// holds in memory, a few hundred bytes for each page.
type replay struct {
	*Crawler
	sketches *sketches

	bodies map[string]place  // by digest: where a body is
	bodyOf map[string]string // by address: digest of its last body
	from   map[string]string // by address: that which was redirected to it

	textOf    map[string]string // by canonical URL: digest of the last text
	addressOf map[string]string // by canonical URL: the address that it was first read from
}

// A place is where a record lies.
type place struct {
	path   string
	offset int64
}

// kept is a page of an archive with its body.
type kept struct {
	*archive.Captured
	capture warc.Capture
	origin  string
}

// pages yields the captured pages whose body is not that of the last time.
func (p *replay) pages(ctx context.Context, paths []string) iter.Seq2[kept, error] {
	return func(yield func(kept, error) bool) {
		for _, path := range paths {
			files, err := warcFiles(path)
			if err != nil && !yield(kept{}, err) {
				return
			}
			for _, file := range files {
				if !p.file(file, yield) || ctx.Err() != nil {
					return
				}
			}
		}
	}
}

// warcFiles gives the files of an archive.
func warcFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("replay: %w", err)
	case !info.IsDir():
		return []string{path}, nil
	}
	names, err := archive.Files(path)
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("replay %s: no WARC file is there; name an archive, such as crawl/archive in the data folder", path)
	}
	for i := range names {
		names[i] = filepath.Join(path, names[i])
	}
	return names, err
}

// file yields the pages of one file, and reports whether more is wanted.
func (p *replay) file(path string, yield func(kept, error) bool) bool {
	file, err := os.Open(path)
	if err != nil {
		return yield(kept{}, fmt.Errorf("replay: %w", err))
	}
	defer file.Close()
	for c, err := range archive.Read(file, warc.Limits{}) {
		if err == nil {
			var wanted bool
			if wanted, err = p.wants(path, c); err == nil && !wanted {
				continue
			}
		}
		k := kept{Captured: c}
		if err != nil {
			err = fmt.Errorf("replay %s: %w", path, err)
		} else {
			k.capture, k.origin = warc.Capture{File: filepath.Base(path), Offset: c.Offset}, p.origin(c.TargetURI)
		}
		if !yield(k, err) {
			return false
		}
	}
	return true
}

// wants reports whether a capture is a page whose body is not that of the last
// time, and finds the body of one that was seen before.
func (p *replay) wants(path string, c *archive.Captured) (bool, error) {
	p.follow(c)
	if c.Original == nil {
		if isPage(c) && c.Digest != "" {
			p.bodies[c.Digest] = place{path, c.Offset}
		}
	} else if !mayBePage(c) {
		return false, nil
	} else if err := p.resolve(c); err != nil {
		return false, err
	}
	if !isPage(c) || c.Digest != "" && p.bodyOf[c.TargetURI] == c.Digest {
		return false, nil
	}
	p.bodyOf[c.TargetURI] = c.Digest
	return true, nil
}

// follow takes note of a redirect.
func (p *replay) follow(c *archive.Captured) {
	location := c.Header.Get("Location")
	if location == "" || c.Status < 300 || c.Status > 399 {
		return
	}
	base, err := url.Parse(c.TargetURI)
	if err != nil {
		return
	}
	if to, err := base.Parse(location); err == nil {
		to.Fragment, to.RawFragment = "", ""
		p.from[to.String()] = c.TargetURI
	}
}

// resolve gives a page that was seen before the body that it had, unless that is
// the last one of its address.
func (p *replay) resolve(c *archive.Captured) error {
	last, known := p.bodyOf[c.TargetURI]
	if known && (c.Digest == "" || c.Digest == last) {
		return nil
	}
	at, ok := p.bodies[c.Digest]
	switch {
	case !ok && c.Kind == "" && !known:
		return nil // something of another archive, that may have been a picture
	case !ok:
		return fmt.Errorf("%.300s: %w", c.TargetURI, archive.ErrNoOriginal)
	}
	file, err := os.Open(at.path)
	if err != nil {
		return err
	}
	defer file.Close()
	record, err := warc.ReadAt(file, at.offset, warc.Limits{})
	if err != nil {
		return err
	}
	first, err := record.Response()
	if err != nil {
		return err
	}
	c.Status, c.Header, c.Payload, c.Original = http.StatusOK, first.Header, first.Payload, nil
	return nil
}

// origin is the address that an answer was first asked for, before it was
// redirected.
func (p *replay) origin(address string) string {
	for range maxRedirects {
		from, ok := p.from[address]
		if !ok {
			break
		}
		address = from
	}
	return address
}

// A rereading is an article as it was read, and the address it was asked for by.
type rereading struct {
	article ingest.Article
	origin  string
}

func (p *replay) read(ctx context.Context, k kept) (rereading, error) {
	a, err := p.fromArchive(ctx, k.Response, p.sources[k.Source])
	if err == nil {
		err = a.Check()
	}
	a.Capture = k.capture.String()
	return rereading{a, k.origin}, err
}

// judge decides as a crawl does whether an article is to be loaded.
func (p *replay) judge(r *rereading) (news bool, err error) {
	a := &r.article
	id, err := ingest.CanonicalURL(a.URL)
	if err != nil {
		return false, fmt.Errorf("replay %s: %w", a.Capture, err)
	}
	if first, ok := p.addressOf[id]; ok && first != r.origin {
		return false, nil // the same article, come by in another way
	}
	p.addressOf[id] = r.origin
	text := digest([]byte(a.Text))
	if p.textOf[id] == text {
		return false, nil
	}
	p.textOf[id] = text
	a.DuplicateOf, err = p.sketches.originalOf(id, *a)
	return true, err
}

// Article reads the article of one capture of an archive again, which place names
// as "warc://FILE/OFFSET"; folder is the archive's. Others may be writing to it.
// The error wraps [archive.ErrNoOriginal] for a page that was seen again: its
// body lies elsewhere.
func (r Replay) Article(ctx context.Context, folder, place string) (ingest.Article, error) {
	at, err := warc.ParseCapture(place)
	if err != nil {
		return ingest.Article{}, err
	}
	a, err := r.article(ctx, folder, at)
	if err != nil {
		return ingest.Article{}, fmt.Errorf("read %s again: %w", at, err)
	}
	a.Capture = place
	return a, nil
}

func (r Replay) article(ctx context.Context, folder string, at warc.Capture) (ingest.Article, error) {
	file, err := os.OpenInRoot(folder, at.File)
	if err != nil {
		return ingest.Article{}, err
	}
	defer file.Close()
	if _, err := file.Seek(at.Offset, io.SeekStart); err != nil {
		return ingest.Article{}, err
	}
	for c, err := range archive.Read(file, warc.Limits{}) {
		switch {
		case err != nil:
			return ingest.Article{}, err
		case c.Original != nil:
			return ingest.Article{}, archive.ErrNoOriginal
		case !isPage(c):
			return ingest.Article{}, ingest.ErrNoArticle
		}
		reader := &Crawler{plan: Plan{Read: r.Read}, sources: map[string]Source{}, readers: make(chan struct{}, 1)}
		i := slices.IndexFunc(r.Sources, func(s Source) bool { return s.Name == c.Source })
		source := Source{}
		if i >= 0 {
			source = r.Sources[i]
		}
		return reader.fromArchive(ctx, c.Response, source)
	}
	return ingest.Article{}, io.ErrUnexpectedEOF
}
