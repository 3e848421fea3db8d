package frontier

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// million makes a frontier of a million URLs on 5,000 hosts. FRONTIER_BENCH
// names a file to keep it in, so that another process can measure what it takes
// to open one.
func million(b *testing.B) string {
	b.Helper()
	path := os.Getenv("FRONTIER_BENCH")
	if path == "" {
		path = filepath.Join(b.TempDir(), "frontier.db")
	}
	if _, err := os.Stat(path); err == nil {
		return path
	}
	f := must[*Frontier](b)(Open(path))
	f.db.NoSync = true
	const total, hosts = 1_000_000, 5000
	var part []Item
	for n := range total {
		part = append(part, Item{
			URL:    fmt.Sprintf("https://www.outlet-%d.example/2026/03/01/security/company-%d-says-that-customer-records-were-copied.html", n%hosts, n),
			Source: fmt.Sprintf("outlet-%d", n%hosts), Due: noon.Add(time.Duration(n*7919%total) * time.Second),
			ETag: fmt.Sprintf(`"%016x"`, n), Hash: fmt.Sprintf("%016x", n*31),
		})
		if len(part) == addBatch {
			must[int](b)(f.Add(part...))
			part = part[:0]
		}
	}
	check(b, f.db.Sync())
	check(b, f.Close())
	return path
}

// peak is how many MB of memory the process took at most.
func peak(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0 // not Linux
	}
	kb := regexp.MustCompile(`VmHWM:\s+(\d+)`).FindSubmatch(status)
	n, err := strconv.Atoi(string(kb[1]))
	check(b, err)
	return float64(n) / 1024
}

func BenchmarkMillion(b *testing.B) {
	path := million(b)
	b.Run("Open", func(b *testing.B) {
		for b.Loop() {
			check(b, must[*Frontier](b)(Open(path)).Close())
		}
	})
	f := mustOpen(b, path)
	later := noon.Add(1000 * time.Hour)
	b.Run("Next", func(b *testing.B) {
		for b.Loop() {
			it, ok, err := f.Next(Want{Now: later})
			if err != nil || !ok {
				b.Fatal(err)
			}
			f.Release(it)
		}
	})
	b.Run("NextOf1000Busy", func(b *testing.B) {
		for b.Loop() {
			asked := 0
			busy := func(string) bool { asked++; return asked <= 1000 }
			it, ok, err := f.Next(Want{Now: later, Busy: busy})
			if err != nil || !ok {
				b.Fatal(err)
			}
			f.Release(it)
		}
	})
	b.Run("Visit", func(b *testing.B) {
		b.SetParallelism(50) // visits under way for each processor
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				it, ok, err := f.Next(Want{Now: later})
				if err == nil && ok {
					err = f.Done(it, Outcome{Visited: later, Hash: "1", Due: later.Add(time.Hour)})
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("Add", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			must[int](b)(f.Add(Item{URL: fmt.Sprintf("https://www.outlet-%d.example/%d/%d", n%5000, n, os.Getpid()), Due: later}))
		}
		b.ReportMetric(peak(b), "peak-MB")
	})
}
