package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// maxLine bounds a line of --text-lines, in bytes.
const maxLine = 10 << 20

// extractLines finds figures and dates in each line of the file that the
// settings name. Every line gives one line, also where it cannot be read.
func (a *app) extractLines(ctx context.Context, stdin io.Reader, w io.Writer) error {
	in := stdin
	if a.lines != "-" {
		f, err := os.Open(a.lines)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var failed failures
	number := 0
	for line, err := range lines(in) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		number++
		var text string
		var reference time.Time
		if err == nil {
			text, reference, err = parseLine(line)
		}
		if err != nil {
			a.log.Error(fmt.Sprintf("read %s: line %d: %v", a.lines, number, err))
			failed++
		}
		if err := enc.Encode(extract.ReadLine(text, reference)); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return failed.err()
}

// lines yields the lines of r without their ends. One that is too long is an
// error, and the lines after it still come.
func lines(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		br := bufio.NewReaderSize(r, 64<<10)
		var line []byte
		long, some := false, false
		for {
			part, err := br.ReadSlice('\n')
			some = some || len(part) > 0
			if long = long || len(line)+len(part) > maxLine; !long {
				line = append(line, part...)
			}
			switch {
			case errors.Is(err, bufio.ErrBufferFull):
				continue
			case long && !yield(nil, fmt.Errorf("is longer than %d MiB", maxLine>>20)):
				return
			case !long && some && !yield(bytes.TrimRight(line, "\r\n"), nil):
				return
			case err == io.EOF:
				return
			case err != nil:
				yield(nil, err)
				return
			}
			line, long, some = line[:0], false, false
		}
	}
}

// parseLine reads a line: a JSON object with text and reference, or else a
// text.
func parseLine(line []byte) (text string, reference time.Time, err error) {
	var object struct{ Text, Reference *string }
	if !bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) || json.Unmarshal(line, &object) != nil || object.Text == nil {
		return string(line), time.Time{}, nil
	}
	if object.Reference != nil && *object.Reference != "" {
		if reference, err = ingest.ParseDate(*object.Reference); err != nil {
			return "", time.Time{}, fmt.Errorf("reference: %w", err)
		}
	}
	return *object.Text, reference, nil
}
