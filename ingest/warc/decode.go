package warc

import (
	"bufio"
	"compress/flate"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// maxCodings is how many codings a body may be wrapped in. More than two are
// never seen.
const maxCodings = 4

// Decode returns a reader that takes off a body the codings that the header of
// its response names, as it is read. It does not bound what comes out of them.
func Decode(body io.Reader, header http.Header) io.Reader {
	return &decoder{body: body, header: header}
}

// A decoder waits for the first byte until it is asked for it.
type decoder struct {
	body    io.Reader
	header  http.Header
	decoded io.Reader
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.decoded == nil {
		decoded, err := decode(bufio.NewReader(d.body), d.header)
		if err != nil {
			return 0, err
		}
		d.decoded = decoded
	}
	return d.decoded.Read(p)
}

// decode takes the transfer and content codings that the header names off a
// body. Some writers keep the header as it was but store the body decoded, so a
// coding that can be recognised is taken off only where it is there.
func decode(body *bufio.Reader, header http.Header) (io.Reader, error) {
	codings := append(listed(header.Values("Content-Encoding")), listed(header.Values("Transfer-Encoding"))...)
	if len(codings) > maxCodings {
		return nil, fmt.Errorf("in %d codings, with at most %d allowed", len(codings), maxCodings)
	}
	for len(codings) > 0 {
		if _, err := body.Peek(1); err == io.EOF {
			return body, nil // the answer to HEAD, and many a redirect
		}
		decoded, err := decodeOnce(body, codings[len(codings)-1])
		if err != nil {
			return nil, err
		}
		body, codings = decoded, codings[:len(codings)-1]
	}
	return body, nil
}

// listed gives the elements of header values that are lists, in lower case.
func listed(values []string) []string {
	var elements []string
	for element := range strings.SplitSeq(strings.ToLower(strings.Join(values, ",")), ",") {
		if element = strings.TrimSpace(element); element != "" && element != "identity" {
			elements = append(elements, element)
		}
	}
	return elements
}

func decodeOnce(body *bufio.Reader, coding string) (*bufio.Reader, error) {
	var decoded io.Reader
	switch coding {
	case "chunked":
		if !isChunked(body) {
			return body, nil
		}
		decoded = httputil.NewChunkedReader(body)
	case "gzip", "x-gzip":
		if !isGzip(body) {
			return body, nil
		}
		zip, err := gzip.NewReader(body)
		if err != nil {
			return nil, unexpected(err)
		}
		decoded = zip
	case "deflate":
		// Some servers leave out the zlib header that RFC 9110 asks for.
		if !isZlib(body) {
			decoded = flate.NewReader(body)
			break
		}
		zip, err := zlib.NewReader(body)
		if err != nil {
			return nil, unexpected(err)
		}
		decoded = zip
	case "br":
		decoded = brotli.NewReader(body)
	default:
		return nil, fmt.Errorf("unknown coding %.40q", coding)
	}
	return bufio.NewReader(decoded), nil
}

// isChunked looks for the size of a chunk in a line of its own.
func isChunked(body *bufio.Reader) bool {
	head, _ := body.Peek(64)
	digits := 0
	for digits < len(head) && strings.IndexByte("0123456789abcdefABCDEF", head[digits]) >= 0 {
		digits++
	}
	rest := strings.TrimLeft(string(head[digits:]), " ")
	return digits > 0 && rest != "" && strings.IndexByte("\r\n;", rest[0]) >= 0
}

func isZlib(body *bufio.Reader) bool {
	head, _ := body.Peek(2)
	return len(head) == 2 && head[0]&0x0F == 8 && (int(head[0])<<8|int(head[1]))%31 == 0
}
