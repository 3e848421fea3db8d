package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"
)

// maxLine bounds a line of JSON Lines, in bytes.
const maxLine = 10 << 20

// A jsonArticle is what a line of JSON Lines may hold: an article, an object that
// `breachgraph extract` printed, known by its article, or one that `breachgraph
// export` did, known by its record.
type jsonArticle struct {
	Record int `json:"record"`
	Kept   *struct {
		ID string `json:"id"`
	} `json:"kept"`
	ID        json.RawMessage `json:"id"`
	Path      string          `json:"path"`
	Text      *string         `json:"text"`
	Title     string          `json:"title"`
	URL       string          `json:"url"`
	Published string          `json:"published"`
	Article   *struct {
		Text      *string `json:"text"`
		BodyStart int     `json:"body_start"`
		Title     string  `json:"title"`
		URL       string  `json:"url"`
		Published string  `json:"published"`
	} `json:"article"`
}

// readObject reads one JSON object as an article.
func readObject(raw []byte) (Article, error) {
	if !utf8.Valid(raw) {
		return Article{}, brokenUTF8(raw)
	}
	if raw[0] != '{' {
		return Article{}, errors.New("is not a JSON object")
	}
	var in jsonArticle
	if err := json.Unmarshal(raw, &in); err != nil {
		return Article{}, jsonError(err)
	}
	if in.Record != 0 && in.Kept != nil {
		return Article{ID: in.Kept.ID, Record: bytes.Clone(raw)}, nil
	}
	if in.Record != 0 && in.Article != nil {
		return Article{ID: in.Article.URL, Title: in.Article.Title, Record: bytes.Clone(raw)}, nil
	}
	id, err := in.id()
	if err != nil {
		return Article{}, err
	}
	a := Article{ID: id, URL: in.URL, Title: in.Title}
	text, published := in.Text, in.Published
	if x := in.Article; x != nil {
		a.Path, a.URL, a.Title, a.Extraction = in.Path, x.URL, x.Title, bytes.Clone(raw)
		text, published = x.Text, x.Published
	}
	if text == nil {
		return Article{}, errors.New(`has no "text"`)
	}
	a.Text = *text
	if in.Article != nil {
		a.BodyStart = byteOffset(a.Text, in.Article.BodyStart)
	}
	if published != "" {
		if a.Published, err = ParseDate(published); err != nil {
			return Article{}, fmt.Errorf(`"published": %w`, err)
		}
	}
	return a, nil
}

// id gives the line's own id as a string; a number will do.
func (in jsonArticle) id() (string, error) {
	var id string
	var n json.Number
	switch {
	case len(in.ID) == 0 || string(in.ID) == "null":
		return "", nil
	case json.Unmarshal(in.ID, &id) == nil:
		return id, nil
	case json.Unmarshal(in.ID, &n) == nil:
		return n.String(), nil
	}
	return "", fmt.Errorf(`"id" is neither a string nor a number: %.50s`, in.ID)
}

// jsonError says what is wrong with an object in the words of its fields
// rather than of this package's types.
func jsonError(err error) error {
	var typed *json.UnmarshalTypeError
	if errors.As(err, &typed) {
		return fmt.Errorf("%q is a %s where a %s is wanted", typed.Field, typed.Value, typed.Type.Kind())
	}
	return fmt.Errorf("is not JSON: %w", err)
}

// byteOffset turns an offset in code points into one in bytes. What lies
// outside the text is 0: whoever decodes the whole object refuses it.
func byteOffset(text string, runes int) int {
	for b := range text {
		if runes == 0 {
			return b
		}
		runes--
	}
	if runes == 0 {
		return len(text)
	}
	return 0
}

var errLongLine = fmt.Errorf("is longer than %d MiB", maxLine>>20)

// readLine reads the next line into buffer. One that is too long is read to
// its end, kept nowhere, and reported.
func readLine(r *bufio.Reader, buffer []byte) ([]byte, error) {
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(buffer)+len(part) > maxLine; !long {
			buffer = append(buffer, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && err != io.EOF:
			return buffer, err
		case long:
			return buffer[:0], errLongLine
		case err == io.EOF && len(buffer) == 0:
			return buffer, io.EOF
		}
		return buffer, nil
	}
}

// readLines yields the articles of JSON Lines. A line that cannot be read is
// an error that names it, and the next one follows.
func readLines(name string, r *bufio.Reader) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {
		var buffer []byte
		for n := 1; ; n++ {
			line, err := readLine(r, buffer[:0])
			switch {
			case err == io.EOF:
				return
			case err != nil && !errors.Is(err, errLongLine):
				yield(Article{}, err)
				return
			}
			buffer = line
			line = bytes.TrimSpace(line)
			if err == nil && len(line) == 0 {
				continue
			}
			if !yieldObject(yield, line, err, name, "line", n) {
				return
			}
		}
	}
}

// readValues yields the articles of JSON values that are laid out over several
// lines, or stand in arrays. What follows a value that is no JSON is lost.
func readValues(name string, r io.Reader) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {
		raw, err := readAll(r)
		if err != nil {
			yield(Article{}, err)
			return
		}
		n := 0
		for values := json.NewDecoder(bytes.NewReader(raw)); ; {
			var value json.RawMessage
			switch err := values.Decode(&value); {
			case err == io.EOF && n == 0:
				yield(Article{}, errEmpty)
				return
			case err == io.EOF:
				return
			case err != nil:
				yield(Article{}, jsonError(err))
				return
			}
			objects := []json.RawMessage{value}
			if value[0] == '[' {
				objects = nil
				if err := json.Unmarshal(value, &objects); err != nil {
					yield(Article{}, jsonError(err))
					return
				}
			}
			for _, o := range objects {
				n++
				if !yieldObject(yield, o, nil, name, "value", n) {
					return
				}
			}
		}
	}
}

// yieldObject yields the article of the nth object of an input, or an error
// that says which one it is.
func yieldObject(yield func(Article, error) bool, raw []byte, err error, name, unit string, n int) bool {
	var a Article
	if err == nil {
		a, err = readObject(raw)
	}
	if err != nil {
		return yield(Article{}, fmt.Errorf("%s %d: %w", unit, n, err))
	}
	a.settle(name, fmt.Sprintf("%s:%d", name, n))
	return yield(a, nil)
}
