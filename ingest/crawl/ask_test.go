package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
)

func answers() []Answer {
	return []Answer{
		{},
		{URL: "https://news.example/a", Failure: "address is not public: 10.0.0.1", Cause: "private"},
		{
			URL: "https://news.example/ä?b", Host: "news.example", Sent: http.Header{"Accept": {"text/html"}}, Time: time.Unix(1_700_000_000, 0).UTC(),
			Status: 200, Header: http.Header{"Content-Type": {"text/html"}, "Etag": {`"1"`}}, Body: []byte("<html>\n\x00\xff"),
			Read: true, Article: &ingest.Article{ID: "https://news.example/a", Title: "T", Text: "T\n\nText", BodyStart: 3, Capture: "warc://a/1"},
		},
		{URL: "https://news.example/b", Status: 200, Body: []byte{}, Read: true, NoArticle: "holds no article"},
	}
}

func TestAnswerRoundTrip(t *testing.T) {
	for _, want := range answers() {
		raw, err := want.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeAnswer(raw)
		if want.Body == nil {
			want.Body = []byte{}
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("DecodeAnswer(Encode(%+v)) = %+v, %v", want, got, err)
		}
	}
}

func FuzzDecodeAnswer(f *testing.F) {
	for _, a := range answers() {
		raw, err := a.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, s := range []string{"", "\n", "1\n", "-1\n{}", "2\n{}", "999999999999\n{}", "2{}", "4\nnull"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := DecodeAnswer(data)
		if err != nil {
			return
		}
		if !strings.HasSuffix(string(data), string(a.Body)) {
			t.Errorf("the body %q is not what %q ends with", a.Body, data)
		}
		raw, err := a.Encode()
		if err != nil {
			return // a time of a year that JSON cannot write
		}
		if again, err := DecodeAnswer(raw); err != nil || !reflect.DeepEqual(again, a) {
			t.Errorf("%+v became %+v, %v", a, again, err)
		}
		if _, err := a.capture(); err == nil && a.Failure != "" {
			t.Errorf("%+v is a capture", a)
		}
	})
}

// far has a town crawled by way of an asker, and counts what is noted.
type far struct {
	asker *Asker
	mu    sync.Mutex
	asked map[string]int
	noted int
}

func (f *far) ask(ctx context.Context, r Request) (Answer, func(), error) {
	f.mu.Lock()
	f.asked[r.ID]++
	f.mu.Unlock()
	a, err := f.asker.Ask(ctx, r)
	if err != nil {
		return a, nil, err
	}
	raw, err := a.Encode()
	if err != nil {
		return a, nil, err
	}
	a, err = DecodeAnswer(raw)
	return a, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.noted++
	}, err
}

// A crawl by way of others comes to the same as one that asks itself.
func TestFarCrawl(t *testing.T) {
	w := newTown(t, 2)
	w.stories("one", "two", "three")
	w.HandleFunc("/moved", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/three", http.StatusFound) })
	w.HandleFunc("/gone", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusGone) })
	w.HandleFunc("/busy", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Retry-After", "3600")
		rw.WriteHeader(http.StatusServiceUnavailable)
	})
	w.text("/picture", "image/png", "x")
	w.text("/large", "text/html", "<p>"+strings.Repeat("large ", 4<<10))
	w.text("/closed/story", "text/html", "x")
	w.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /closed/\n")
	w.text("/feed", "text/xml", rss("/one", "/two", "/moved", "/gone", "/picture", "/large", "/closed/story"))
	w.text("/other", "text/xml", rss("/busy"))
	run := func(ask func(context.Context, Request) (Answer, func(), error)) string {
		plan := w.plan(t.TempDir(), w.feed(0, "/feed"), w.feed(1, "/other"))
		plan.MaxBytes, plan.Ask = 16<<10, ask
		events, _ := w.crawl(t, plan)
		lines := map[string]string{}
		for _, e := range events {
			lines[e.URL] = fmt.Sprint(e.Outcome, " ", e.Status, " ", e.Reason, " ", e.Article != nil && e.Article.Capture != "")
		}
		return fmt.Sprint(lines, cutOff(t, plan))
	}
	here := run(nil)
	if !strings.Contains(here, "large:200 length") || !strings.Contains(here, "picture:200 unspecified") {
		t.Errorf("what was not read to its end is missing: %s", here)
	}
	f := &far{asked: map[string]int{}}
	opts := Options{AllowPrivate: true, MaxBytes: 16 << 10}
	f.asker = NewAsker(opts, w.plan("", Source{}).Read)
	if there := run(f.ask); there != here {
		t.Errorf("by way of others:\n got %s\nwant %s", there, here)
	}
	total := 0
	for id, n := range f.asked {
		if total += n; n > 1 {
			t.Errorf("%s was asked %d times", id, n)
		}
	}
	if f.noted != total {
		t.Errorf("%d of %d answers were noted", f.noted, total)
	}
}

func TestAskerCauses(t *testing.T) {
	w := newTown(t, 1)
	w.text("/picture", "image/png", "x")
	w.text("/large", "text/html", strings.Repeat("x", 2000))
	for _, test := range []struct {
		name string
		path string
		opts Options
		want error
	}{
		{"private", "/large", Options{}, ErrPrivate},
		{"large", "/large", Options{AllowPrivate: true, MaxBytes: 1000}, ErrTooLarge},
		{"kind", "/picture", Options{AllowPrivate: true}, errKind},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, err := NewAsker(test.opts, nil).Ask(t.Context(), Request{URL: w.url(0, test.path), UserAgent: "test"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := a.capture(); !errors.Is(err, test.want) || a.Cause != test.name {
				t.Errorf("Ask = %+v, which is %v, want %v", a, err, test.want)
			}
		})
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := NewAsker(Options{AllowPrivate: true}, nil).Ask(ended, Request{URL: w.url(0, "/large")}); !errors.Is(err, context.Canceled) {
		t.Errorf("Ask = %v, want %v", err, context.Canceled)
	}
}
