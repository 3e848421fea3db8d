package crawl

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/page"
)

const report = `<!DOCTYPE html><html lang="en"><title>Acme hacked</title><h1>Acme hacked</h1>
<p>Acme said on Tuesday that somebody copied the records of 5,000 customers from its server, and that it is sorry for that.</p>
<p>The café next door was spared, according to <a href="/police">the police</a>, who are looking for a man with a trolley.</p>`

// newServer serves pages that behave and misbehave.
func newServer(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	html := func(path, kind string, body []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			if kind != "" {
				w.Header().Set("Content-Type", kind)
			} else {
				w.Header()["Content-Type"] = nil
			}
			w.Write(body)
		})
	}
	latin := bytes.ReplaceAll([]byte(report), []byte("é"), []byte("\xe9"))
	html("/page", "text/html; charset=utf-8", []byte(report))
	html("/untyped", "", []byte(report))
	html("/latin", "text/html; charset=iso-8859-1", latin)
	html("/wrong", "text/html; charset=iso-8859-1", []byte(report))
	html("/greek", "text/html; charset=no-such", latin)
	html("/note.md", "text/plain", []byte("# Acme hacked\n\n## Article:\nAcme was hacked.\n"))
	html("/pdf", "application/pdf", []byte("%PDF-1.7"))
	html("/disguised", "text/html", []byte("%PDF-1.7"))
	html("/empty", "text/html", nil)
	html("/large", "text/html", bytes.Repeat([]byte("a"), 2<<20))
	misbehave(mux)
	redirect(mux)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// misbehave adds answers that no server should give.
func misbehave(mux *http.ServeMux) {
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/html")
		z := gzip.NewWriter(w)
		io.Copy(z, io.LimitReader(zeros{}, 64<<20))
		z.Close()
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/html")
		z := gzip.NewWriter(w)
		io.WriteString(z, report)
		z.Close()
	})
	mux.HandleFunc("/brotli", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		io.WriteString(w, "x")
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, "<html>")
	})
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/drip", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "<html>")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		var code int
		fmt.Sscan(r.PathValue("code"), &code)
		w.WriteHeader(code)
	})
}

// redirect adds answers that lead elsewhere.
func redirect(mux *http.ServeMux) {
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/page?from=moved", http.StatusFound)
	})
	mux.HandleFunc("/circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) })
	mux.HandleFunc("/farther", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"?"+r.URL.RawQuery+"x", http.StatusFound)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("seen"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			http.Redirect(w, r, "/cookie", http.StatusFound)
			return
		}
		io.WriteString(w, report)
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestFetch(t *testing.T) {
	s := newServer(t)
	c := NewClient(Options{AllowPrivate: true})
	tests := []struct{ name, path, url, kind string }{
		{"page", "/page", "/page", "text/html"},
		{"no media type", "/untyped", "/untyped", ""},
		{"compressed", "/gzip", "/gzip", "text/html"},
		{"redirected", "/moved", "/page?from=moved", "text/html"},
		{"cookie", "/cookie", "/cookie", "text/html"},
		{"character set of the server", "/latin", "/latin", "text/html"},
		{"wrong character set", "/wrong", "/wrong", "text/html"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := c.Fetch(context.Background(), s.URL+tt.path)
			if err != nil {
				t.Fatal(err)
			}
			if p.URL != s.URL+tt.url || p.Type != tt.kind || string(p.Body) != report {
				t.Errorf("Fetch(%s) = %s %q %q", tt.path, p.URL, p.Type, p.Body)
			}
		})
	}
}

func TestFetchRefuses(t *testing.T) {
	s := newServer(t)
	c := NewClient(Options{AllowPrivate: true, MaxBytes: 1 << 20, Timeout: time.Minute})
	tests := []struct {
		name, path string
		is         error
		want       string
	}{
		{"not found", "/status/404", nil, "404 Not Found"},
		{"gone", "/status/410", nil, "410 Gone"},
		{"forbidden", "/status/403", nil, "403 Forbidden"},
		{"server error", "/status/503", nil, "503 Service Unavailable"},
		{"no content", "/status/204", nil, "204 No Content"},
		{"unknown status", "/status/599", nil, "599"},
		{"circle", "/circle", nil, "redirected in a circle, again to " + s.URL + "/circle"},
		{"farther and farther", "/farther", nil, "redirected more than 10 times"},
		{"redirect to a file", "/file", nil, `redirected to "file:", which is not http or https`},
		{"PDF", "/pdf", nil, "is application/pdf, not a page"},
		{"large", "/large", ErrTooLarge, "body is too large: more than 1048576 bytes"},
		{"endless", "/endless", ErrTooLarge, "body is too large: more than 1048576 bytes"},
		{"bomb", "/bomb", ErrTooLarge, "body is too large: more than 1048576 bytes"},
		{"other compression", "/brotli", nil, `compressed as "br", which was not asked for`},
		{"cut short", "/cut", io.ErrUnexpectedEOF, "read the body: unexpected EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.Fetch(context.Background(), s.URL+tt.path)
			if want := "fetch " + s.URL + tt.path + ": " + tt.want; err == nil || err.Error() != want {
				t.Errorf("error %q, want %q", err, want)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error %v is not %v", err, tt.is)
			}
		})
	}
}

func TestFetchStatusError(t *testing.T) {
	s := newServer(t)
	_, err := NewClient(Options{AllowPrivate: true}).Fetch(context.Background(), s.URL+"/status/410")
	var status *StatusError
	if !errors.As(err, &status) || status.Status != http.StatusGone || status.URL != s.URL+"/status/410" {
		t.Errorf("error %#v holds %+v", err, status)
	}
}

func TestFetchTimeout(t *testing.T) {
	s := newServer(t)
	c := NewClient(Options{AllowPrivate: true, Timeout: 50 * time.Millisecond})
	for _, path := range []string{"/slow", "/drip"} {
		t.Run(path, func(t *testing.T) {
			_, err := c.Fetch(context.Background(), s.URL+path)
			if want := "fetch " + s.URL + path + ": no answer in 50ms"; err == nil || err.Error() != want {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := c.Fetch(ctx, s.URL+"/page"); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want %v", err, context.Canceled)
		}
	})
}

func TestFetchAddress(t *testing.T) {
	c := NewClient(Options{AllowPrivate: true})
	gone := httptest.NewServer(nil)
	gone.Close()
	tests := []struct{ name, in, want string }{
		{"file", "file:///etc/passwd", "not an http or https URL"},
		{"ftp", "ftp://a.example/b", "not an http or https URL"},
		{"no host", "http:///b", "not an http or https URL"},
		{"no URL", "http://a b/", "invalid character"},
		{"nobody there", gone.URL, "refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.Fetch(context.Background(), tt.in)
			if err == nil || !strings.HasPrefix(err.Error(), "fetch "+tt.in+": ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestFetchPrivate(t *testing.T) {
	s := newServer(t)
	for _, address := range []string{s.URL + "/page", strings.Replace(s.URL, "127.0.0.1", "localhost", 1) + "/page"} {
		if p, err := NewClient(Options{}).Fetch(context.Background(), address); !errors.Is(err, ErrPrivate) {
			t.Errorf("Fetch(%s) = %+v, %v, want %v", address, p, err, ErrPrivate)
		}
	}
}

func TestIsPublic(t *testing.T) {
	tests := map[string]bool{
		"93.184.216.34": true, "8.8.8.8": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.8.8.8": false, "::1": false, "::": false, "0.0.0.0": false, "0.1.2.3": false,
		"10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "100.64.0.1": false, "169.254.169.254": false,
		"198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false, "192.0.2.1": false,
		"fe80::1%eth0": false, "fd00::1": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:db8::1": false,
	}
	for in, want := range tests {
		if got := isPublic(netip.MustParseAddr(in)); got != want {
			t.Errorf("isPublic(%s) = %t, want %t", in, got, want)
		}
	}
}

func TestRouterProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.String()) }))
	defer proxy.Close()
	r := newRouter(false, func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) })
	tests := []struct {
		address string
		refused bool
	}{
		{"http://a.example/b", false},
		{"http://8.8.8.8/b", false},
		{"http://10.0.0.1/b", true},
		{"http://[::1]/b", true},
		{"http://LOCALHOST./b", true},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, tt.address, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := r.RoundTrip(req)
			if tt.refused {
				if !errors.Is(err, ErrPrivate) {
					t.Errorf("error %v, want %v", err, ErrPrivate)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if body, err := io.ReadAll(resp.Body); err != nil || string(body) != tt.address {
				t.Errorf("the proxy was asked for %q, %v", body, err)
			}
		})
	}
}

func TestArticles(t *testing.T) {
	s := newServer(t)
	c := NewClient(Options{AllowPrivate: true})
	rd := ingest.Reader{HTML: page.Read}
	tests := []struct{ name, path, title, text, err string }{
		{"page", "/moved", "Acme hacked", "The café next door", ""},
		{"character set that nobody knows", "/greek", "Acme hacked", "The café next door", ""},
		{"note", "/note.md", "Acme hacked", "Acme was hacked.", ""},
		{"not found", "/status/404", "", "", "fetch " + s.URL + "/status/404: 404 Not Found"},
		{"not what it says", "/disguised", "", "", "read " + s.URL + "/disguised: is a PDF document, not an article"},
		{"empty", "/empty", "", "", "read " + s.URL + "/empty: is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for a, err := range c.Articles(context.Background(), rd, s.URL+tt.path) {
				n++
				switch {
				case tt.err != "":
					if err == nil || err.Error() != tt.err {
						t.Errorf("error %v, want %q", err, tt.err)
					}
				case err != nil:
					t.Error(err)
				case a.Title != tt.title || !strings.Contains(a.Text, tt.text) || !strings.HasPrefix(a.URL, s.URL) || a.Path != "":
					t.Errorf("article %+v", a)
				}
			}
			if n != 1 {
				t.Errorf("%d values, want 1", n)
			}
		})
	}
}

// A server that speaks HTTP/2 is asked by that, the guard of addresses in between.
func TestHTTP2(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	none := func(*http.Request) (*url.URL, error) { return nil, nil }
	for _, allowPrivate := range []bool{true, false} {
		r := newRouter(allowPrivate, none)
		roots := x509.NewCertPool()
		roots.AddCert(s.Certificate())
		r.direct.TLSClientConfig = &tls.Config{RootCAs: roots}
		c, err := newCollector(t.Context(), Options{}.withDefaults(), unpacker{r}, time.Now).get(s.URL+"/", nil)
		if allowPrivate && (err != nil || string(c.Body) != "HTTP/2.0") || !allowPrivate && !errors.Is(err, ErrPrivate) {
			t.Errorf("private allowed %v: %+v, %v", allowPrivate, c, err)
		}
		r.direct.CloseIdleConnections()
	}
}
