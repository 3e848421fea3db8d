package service

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// Metrics are what Prometheus reads. Their names and units follow its
// conventions: https://prometheus.io/docs/practices/naming/.
type Metrics struct {
	registry *prometheus.Registry
	visits   *prometheus.CounterVec
	fetched  prometheus.Counter
	leftOut  prometheus.Counter
	jobs     *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	up       prometheus.Gauge

	mu      sync.Mutex
	tallies map[string]map[crawl.Outcome]int // by source
}

// NewMetrics returns metrics that also say how full the stages of q are.
func NewMetrics(q *jobs.Queue) *Metrics {
	m := &Metrics{
		tallies:  map[string]map[crawl.Outcome]int{},
		registry: prometheus.NewRegistry(),
		visits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "breachgraph_visits_total", Help: "Addresses that the crawl has visited, by source and by what came of it.",
		}, []string{"source", "outcome"}),
		fetched: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "breachgraph_fetched_bytes_total", Help: "Bytes of bodies fetched, unpacked.",
		}),
		leftOut: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "breachgraph_irrelevant_articles_total", Help: "Articles that are not about a breach and so not loaded.",
		}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "breachgraph_jobs_total", Help: "Jobs that were tried, by stage and whether they failed.",
		}, []string{"stage", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "breachgraph_job_duration_seconds", Help: "How long jobs took, waiting for the database included.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 10),
		}, []string{"stage"}),
		up: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "breachgraph_database_up", Help: "Whether the last load found the database working.",
		}),
	}
	m.registry.MustRegister(m.visits, m.fetched, m.leftOut, m.jobs, m.seconds, m.up, &depths{queue: q},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Visit counts what a visit of the crawl came to.
func (m *Metrics) Visit(e crawl.Event) {
	m.visits.WithLabelValues(e.Source, string(e.Outcome)).Inc()
	m.fetched.Add(float64(e.Bytes))
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tallies[e.Source] == nil {
		m.tallies[e.Source] = map[crawl.Outcome]int{}
	}
	outcome := e.Outcome
	if strings.Contains(e.Reason, crawl.ErrDisallowed.Error()) {
		outcome = Disallowed
	}
	m.tallies[e.Source][outcome]++
}

// Disallowed stands among outcomes for what robots.txt forbade.
const Disallowed crawl.Outcome = "disallowed"

// Outcomes counts what the visits of a source came to since the process was
// started.
func (m *Metrics) Outcomes(source string) map[crawl.Outcome]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.tallies[source])
}

func (m *Metrics) job(stage jobs.Stage, took time.Duration, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	m.jobs.WithLabelValues(string(stage), outcome).Inc()
	m.seconds.WithLabelValues(string(stage)).Observe(took.Seconds())
}

func (m *Metrics) database(up bool) {
	if up {
		m.up.Set(1)
		return
	}
	m.up.Set(0)
}

// depths collects how full the stages are. Under load the queue takes its time,
// and whoever reads metrics has none: what the last reader asked for will do.
type depths struct {
	queue *jobs.Queue

	mu     sync.Mutex
	asking chan struct{} // closed when the look that is under way ends; nil where none is
	last   map[jobs.Stage]jobs.Depth
	at     time.Time // of the last look that was answered
}

const (
	// askTime bounds how long a look at the queue may take.
	askTime = 2 * time.Second
	// depthWait is how long metrics wait for it where there is an earlier look no
	// older than depthAge to tell of instead: Prometheus reads every minute.
	depthWait = 5 * time.Millisecond
	depthAge  = 90 * time.Second
)

var depthDesc = prometheus.NewDesc("breachgraph_queue_jobs", "Jobs in each stage, by whether they wait, are held by a worker or are dead letters.",
	[]string{"stage", "state"}, nil)

// Describe implements [prometheus.Collector].
func (d *depths) Describe(out chan<- *prometheus.Desc) { out <- depthDesc }

// Collect implements [prometheus.Collector]. A queue that does not answer gives
// no values, which is what alerts ask for.
func (d *depths) Collect(out chan<- prometheus.Metric) {
	for stage, depth := range d.recent() {
		for state, n := range map[string]int{"waiting": depth.Waiting, "held": depth.Held, "dead": depth.Dead} {
			out <- prometheus.MustNewConstMetric(depthDesc, prometheus.GaugeValue, float64(n), string(stage), state)
		}
	}
}

// recent looks at the queue, and if that takes long gives what was seen last.
func (d *depths) recent() map[jobs.Stage]jobs.Depth {
	d.mu.Lock()
	if d.asking == nil {
		d.asking = make(chan struct{})
		go d.look(d.asking) // ends by itself after askTime
	}
	asking, patience := d.asking, depthWait
	if time.Since(d.at) > depthAge {
		patience = askTime
	}
	d.mu.Unlock()
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case <-asking:
	case <-wait.C:
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.at) > depthAge {
		return nil
	}
	return d.last
}

func (d *depths) look(done chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	all, err := d.queue.Depths(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asking = nil
	if err == nil {
		d.last, d.at = all, time.Now()
	}
	close(done)
}
