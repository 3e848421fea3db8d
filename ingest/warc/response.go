package warc

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// A Response is a captured answer of an HTTP server.
type Response struct {
	Location            // in the file; Length is 0 where it shares a gzip member
	TargetURI string    // what was asked for
	Date      time.Time // when; zero if the record does not say
	Status    int       // HTTP status code
	Header    http.Header
	// Payload is the body without transfer and content encoding.
	Payload []byte
	// Truncated says why the body was not captured whole ("length", "time"…);
	// empty if it was.
	Truncated string
	Recovered bool // see [Record]
}

// Responses yields the HTTP responses of the file, as long as it goes on, and
// passes over all other records. Each is read and checked to its end before it
// is yielded. With a [*RecordError] a record, or what may have been one, could
// not be read; others follow.
func (r *Reader) Responses() iter.Seq2[*Response, error] {
	return func(yield func(*Response, error) bool) {
		for record, err := range r.Records() {
			var response *Response
			switch {
			case err != nil:
			case !record.isResponse():
				continue
			default:
				response, err = record.Response()
			}
			if !yield(response, err) {
				return
			}
		}
	}
}

// Head reads of a response or a revisit what comes before the payload. Revisits
// of other writers may have no status and no header. The error is
// a [*RecordError], or that of the file.
func (r *Record) Head() (*Response, error) {
	if !r.IsHTTP() || r.Type() != TypeResponse && r.Type() != TypeRevisit {
		return nil, &RecordError{Offset: r.Offset, Err: r.notResponse()}
	}
	response, err := r.head(bufio.NewReader(r))
	switch {
	case r.err != nil:
		return nil, r.err
	case err != nil:
		return nil, &RecordError{Offset: r.Offset, Err: err}
	}
	return response, nil
}

// Original returns what a revisit record says that the page was the same as.
func (r *Record) Original() Original {
	o := Original{TargetURI: unbracketed(r.Header.Get("WARC-Refers-To-Target-URI")), Digest: r.Header.Get("WARC-Payload-Digest")}
	if o.TargetURI == "" {
		o.TargetURI = r.TargetURI()
	}
	o.Date = parseDate(r.Header.Get("WARC-Refers-To-Date"))
	return o
}

// Fields reads a record of named fields, such as [TypeInfo] and [TypeMetadata]
// are. The error is a [*RecordError], or that of the file.
func (r *Record) Fields() (Header, error) {
	left := maxHeader
	fields, err := readFields(bufio.NewReader(r), &left)
	switch {
	case r.err != nil:
		return nil, r.err
	case err != nil && err != io.ErrUnexpectedEOF: // they need no empty line behind them
		return nil, &RecordError{Offset: r.Offset, Err: err}
	}
	return fields, nil
}

func (r *Record) notResponse() error {
	return fmt.Errorf("is a %.40q of type %.60q, not an HTTP response", r.Type(), r.Header.Get("Content-Type"))
}

// isResponse tells HTTP from the answers of name servers and the like.
func (r *Record) isResponse() bool { return r.Type() == TypeResponse && r.IsHTTP() }

// IsHTTP reports whether the record is of HTTP, as far as it says what it is of.
func (r *Record) IsHTTP() bool {
	kind := r.Header.Get("Content-Type")
	return kind == "" || strings.HasPrefix(strings.ToLower(kind), "application/http")
}

// Response reads the record to its end, as the capture of an HTTP response. The
// error is a [*RecordError], or that of the file.
func (r *Record) Response() (*Response, error) {
	response, err := r.response()
	length, closeErr := r.Close()
	switch {
	case closeErr != nil:
		return nil, closeErr // damage explains whatever was found inside
	case err != nil:
		return nil, &RecordError{Offset: r.Offset, Err: err}
	}
	response.Location = Location{Offset: r.Offset, Length: length}
	return response, nil
}

func (r *Record) response() (*Response, error) {
	if !r.isResponse() {
		return nil, r.notResponse()
	}
	block := bufio.NewReader(r)
	response, err := r.head(block)
	if err != nil {
		return nil, err
	}
	limit := r.reader.limits.Payload
	payload := bytes.NewBuffer(make([]byte, 0, min(r.left, limit, window)+bytes.MinRead))
	decoded, err := decode(block, response.Header)
	if err == nil {
		_, err = payload.ReadFrom(io.LimitReader(decoded, limit+1))
	}
	switch {
	case int64(payload.Len()) > limit:
		return nil, fmt.Errorf("payload: %w: more than %d bytes", ErrTooLarge, limit)
	case err != nil && response.Truncated == "":
		return nil, fmt.Errorf("payload: %w", err)
	}
	response.Payload = payload.Bytes()
	return response, nil
}

func (r *Record) head(block *bufio.Reader) (*Response, error) {
	var status int
	var header http.Header
	if r.Size > 0 || r.Type() != TypeRevisit { // which may leave out all of it
		var err error
		if status, header, err = readHTTPHeader(block); err != nil {
			return nil, err
		}
	}
	return &Response{
		Location:  Location{Offset: r.Offset},
		TargetURI: r.TargetURI(),
		Date:      r.Date(),
		Status:    status,
		Header:    header,
		Truncated: r.Header.Get("WARC-Truncated"),
		Recovered: r.Recovered,
	}, nil
}

// readHTTPHeader reads status line and header fields. It takes what servers send
// and browsers understand, so it knows no malformed field, only useless ones.
func readHTTPHeader(block *bufio.Reader) (status int, header http.Header, err error) {
	left := maxHeader
	line, err := readLine(block, &left)
	if err != nil {
		return 0, nil, fmt.Errorf("HTTP status line: %w", err)
	}
	proto, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	status, err = strconv.Atoi(code)
	if !strings.HasPrefix(proto, "HTTP/") || err != nil || status < 100 || status > 999 {
		return 0, nil, fmt.Errorf("begins with %.40q, not with an HTTP status", line)
	}
	fields, err := readFields(block, &left)
	if err == io.ErrUnexpectedEOF {
		err = nil // a header without a body needs no end
	}
	if err != nil {
		return 0, nil, fmt.Errorf("HTTP header: %w", err)
	}
	header = make(http.Header, len(fields))
	for _, f := range fields {
		key := textproto.CanonicalMIMEHeaderKey(f.Name)
		header[key] = append(header[key], f.Value)
	}
	return status, header, nil
}
