package archive

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// benchPage is a page of 45 kB that takes a fifth of that when compressed, as
// those of newsrooms do.
func benchPage(n int) string {
	r := rand.New(rand.NewPCG(uint64(n), 0))
	var b strings.Builder
	for b.Len() < 45_000 {
		fmt.Fprintf(&b, "<div class=\"item-%d\"><p>Company %x said that %d records of customers were copied.</p></div>\n", r.IntN(9), r.Uint32(), r.IntN(1e6))
	}
	return b.String()
}

// BenchmarkStore stores pages from many goroutines, each of which waits until its
// own is durable, as a crawl does.
func BenchmarkStore(b *testing.B) {
	a := mustOpen(b, b.TempDir(), Options{})
	defer mustClose(b, a)
	body := benchPage(0)
	b.SetBytes(int64(len(body)))
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := rand.Uint64()
			_, err := a.Store(exchange(b, fmt.Sprintf("https://%d.example/%d", n%50, n), 200, fmt.Sprint(n)+body))
			if err == nil {
				err = a.Sync()
			}
			if err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkRead reads the captures of a WARC file: the one that WARC_BENCH names,
// or one of pages of 45 kB.
func BenchmarkRead(b *testing.B) {
	path := os.Getenv("WARC_BENCH")
	if path == "" {
		dir := b.TempDir()
		a := mustOpen(b, dir, Options{})
		var e Entry
		for n := range 200 {
			e = mustStore(b, a, exchange(b, fmt.Sprintf("https://%d.example/%d", n%50, n), 200, benchPage(n)))
		}
		mustClose(b, a)
		path = filepath.Join(dir, e.File)
	}
	captures, bytes := 0, 0
	for b.Loop() {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		for c, err := range Read(f, warc.Limits{}) {
			if err != nil {
				b.Fatal(err)
			}
			captures++
			bytes += len(c.Payload)
		}
		f.Close()
	}
	b.ReportMetric(float64(captures)/b.Elapsed().Seconds(), "captures/s")
	b.ReportMetric(float64(bytes)/1e6/b.Elapsed().Seconds(), "MB/s")
}

// BenchmarkLatest looks addresses up in an archive of 20 files with indexes of
// 2,000 captures each.
func BenchmarkLatest(b *testing.B) {
	dir := b.TempDir()
	const files, each = 20, 2000
	address := func(n int) string {
		return fmt.Sprintf("https://www.outlet-%d.example/2026/03/01/security/company-%d-says-that-records-were-copied.html", n%500, n)
	}
	for file := range files {
		var entries []Entry
		name := nameOf(file+1, noon)
		for n := range each {
			e := Entry{Capture: warc.Capture{File: name, Offset: int64(n)}, Length: 1, URL: address(file*each + n), Date: noon, Status: 200}
			entries = append(entries, e)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			b.Fatal(err)
		}
		if err := writeTable(indexPath(path), entries, 0); err != nil {
			b.Fatal(err)
		}
	}
	a := mustOpen(b, dir, Options{})
	defer mustClose(b, a)
	n := 0
	for b.Loop() {
		n += 7919
		if _, ok, err := a.Latest(address(n % (files * each))); err != nil || !ok && n%(files*each) < (files-1)*each {
			b.Fatal(ok, err)
		}
	}
}
