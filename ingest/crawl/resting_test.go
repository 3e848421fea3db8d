package crawl

import (
	"net/http"
	"testing"
	"time"
)

func TestResting(t *testing.T) {
	w := newTown(t, 2)
	w.stories("acme")
	w.text("/well", "text/xml", rss("/acme"))
	w.HandleFunc("/feed", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Retry-After", "7200")
		rw.WriteHeader(http.StatusServiceUnavailable)
	})
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"), w.feed(1, "/well"))
	w.crawl(t, plan)
	for _, step := range []struct {
		name  string
		after time.Duration
		hosts int
	}{{"at once", 0, 1}, {"later", 3 * time.Hour, 0}} {
		w.later(step.after)
		c, err := open(plan, w.clock)
		if err != nil {
			t.Fatal(err)
		}
		hosts, err := c.Resting()
		if err != nil || len(hosts) != step.hosts {
			t.Errorf("%s: Resting = %+v, %v, want %d", step.name, hosts, err, step.hosts)
		}
		for _, h := range hosts {
			if h.Name != w.hosts[0] || h.Failures != 1 || h.Reason != "503 Service Unavailable" {
				t.Errorf("%s: %+v", step.name, h)
			}
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
