package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// maxInput bounds a note, a text or a page, in bytes; JSON Lines may be of any
// length, as only one line is held at a time.
const maxInput = 10 << 20

// A Reader reads articles in whatever form they come. The zero value reads
// notes, plain text and JSON; it may be used by several goroutines at once.
type Reader struct {
	// HTML reads a saved page. url is the address that it was fetched from,
	// empty for a file. Where HTML is nil a page is an error.
	HTML func(ctx context.Context, page []byte, url string) (Article, error)
	// Archive reads the pages of a WARC file as it goes, which may be larger than
	// memory. name is the file's, as Read was told. An article has what identifies
	// it, and errors need not name the file. Where Archive is nil such a file is
	// an error.
	Archive func(ctx context.Context, name string, r io.Reader) iter.Seq2[Article, error]
}

// Read yields the articles of r. Its content says what form they have, and
// name only where the content leaves it open. name is the path of a file, "-"
// for standard input or the http(s) URL that r was fetched from; it becomes
// the article's path, or its URL where the article names no other. Each error
// names the input, and the line of it where one line is at fault; the lines
// after it still come.
func (rd Reader) Read(ctx context.Context, name string, r io.Reader) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {
		for a, err := range rd.articles(ctx, name, unmarked(bufio.NewReaderSize(r, headBytes))) {
			canceled := ctx.Err()
			if canceled != nil {
				a, err = Article{}, canceled
			}
			if err != nil {
				err = fmt.Errorf("read %s: %w", name, err)
			}
			if !yield(a, err) || canceled != nil {
				return
			}
		}
	}
}

// ReadPath yields the articles of the file at path or, where path is a folder,
// of the files that [Walk] finds below it.
func (rd Reader) ReadPath(ctx context.Context, path string) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {
		for name, err := range Walk(path) {
			if err != nil {
				if !yield(Article{}, err) {
					return
				}
				continue
			}
			if !rd.readFile(ctx, name, yield) || ctx.Err() != nil {
				return
			}
		}
	}
}

// readFile reports whether more is wanted.
func (rd Reader) readFile(ctx context.Context, name string, yield func(Article, error) bool) bool {
	f, err := os.Open(name)
	if err != nil {
		return yield(Article{}, readError(name, err))
	}
	defer f.Close()
	for a, err := range rd.Read(ctx, name, f) {
		if !yield(a, err) {
			return false
		}
	}
	return true
}

// articles dispatches on the format; its errors do not name the input yet.
func (rd Reader) articles(ctx context.Context, name string, r *bufio.Reader) iter.Seq2[Article, error] {
	head, err := r.Peek(headBytes)
	if err != nil && err != io.EOF && len(head) == 0 {
		return one(Article{}, err)
	}
	form, err := sniff(name, head)
	switch {
	case err != nil:
		return one(Article{}, err)
	case form == jsonLines:
		return readLines(name, r)
	case form == jsonDocument:
		return readValues(name, r)
	case form == archive && rd.Archive != nil:
		return rd.Archive(ctx, name, r)
	case form == archive:
		return one(Article{}, errors.New("is a WARC file, which cannot be read here"))
	}
	a, err := rd.single(ctx, form, name, r)
	if err != nil {
		return one(Article{}, err)
	}
	if a.URL == "" && isWebURL(name) {
		a.URL = name
	}
	a.settle(name, name)
	return one(a, nil)
}

// single reads the formats of which an input holds one article.
func (rd Reader) single(ctx context.Context, form format, name string, r io.Reader) (Article, error) {
	raw, err := readAll(r)
	if err != nil {
		return Article{}, err
	}
	if form == page {
		if rd.HTML == nil {
			return Article{}, errors.New("is a web page, which cannot be read here")
		}
		url := ""
		if isWebURL(name) {
			url = name
		}
		return rd.HTML(ctx, raw, url)
	}
	text, err := decodeText(raw)
	if err != nil {
		return Article{}, err
	}
	if form == note {
		return readNote(text), nil
	}
	return Article{Text: text}, nil
}

func one(a Article, err error) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) { yield(a, err) }
}
