package crawl

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// benchTown is 50 hosts with 40 articles each, of the length that news has.
func benchTown(b *testing.B) *town {
	w := newTown(b, 50)
	w.clock = wallClock()
	filler := strings.Repeat(`<div class="teaser"><a href="/other"><span>Another story</span></a><p>Read it, too.</p></div>`, 300)
	w.HandleFunc("/story/{n}", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		body := story("x"+r.PathValue("n")+"h"+strings.NewReplacer(".", "", ":", "").Replace(r.Host), "")
		fmt.Fprint(rw, strings.Replace(body, "</body>", filler+"</body>", 1))
	})
	var paths []string
	for n := range 40 {
		paths = append(paths, fmt.Sprint("/story/", n))
	}
	w.text("/feed", "text/xml", rss(paths...))
	return w
}

func BenchmarkCrawl(b *testing.B) {
	for _, bb := range []struct {
		name  string
		delay time.Duration
	}{{"kept", -1}, {"read", -1}, {"a second apart", time.Second}} {
		b.Run(bb.name, func(b *testing.B) {
			w := benchTown(b)
			pages, took, busy := 0, time.Duration(0), cpuTime(b)
			for b.Loop() {
				var sources []Source
				for host := range w.hosts {
					s := w.feed(host, "/feed")
					s.Name = fmt.Sprint("host-", host)
					sources = append(sources, s)
				}
				plan := w.plan(b.TempDir(), sources...)
				plan.Politeness.Delay = bb.delay
				if bb.name != "read" {
					plan.Read = nil
				}
				c, err := open(plan, w.clock)
				if err != nil {
					b.Fatal(err)
				}
				began := time.Now()
				for e, err := range c.Run(b.Context()) {
					if err != nil || e.Outcome == Failed {
						b.Fatal(e, err)
					}
					if e.Outcome == Kept || e.Outcome == New {
						pages++
					}
				}
				took += time.Since(began)
				c.Close()
				w.calls()
			}
			b.ReportMetric(float64(pages)/took.Seconds(), "pages/s")
			b.ReportMetric(float64(pages)/(cpuTime(b)-busy).Seconds(), "pages/cpu-s")
		})
	}
}

// cpuTime is what the process has used of its processors, the servers included.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
