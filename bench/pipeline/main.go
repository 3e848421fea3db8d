// Pipeline measures breachgraph as a service on this machine: how many articles a
// second go from a web server into Neo4j, and whether memory, files and goroutines
// stay as they are (bench/README.md).
//
//	go run ./bench/pipeline -articles 5000
//	go run ./bench/pipeline -articles 3000 -workers 4
//
// With workers these fetch and extract, over a NATS server that is a process of
// its own; the service only schedules, and nothing is loaded.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"time"

	"github.com/breachgraph/breachgraph/bench/pages"
	"github.com/breachgraph/breachgraph/bench/rig"
)

// every is how often the service is looked at.
const every = 5 * time.Second

type options struct {
	articles, hosts, workers int
	rig.Place
}

func main() {
	var o options
	flag.IntVar(&o.articles, "articles", 5000, "how many articles")
	flag.IntVar(&o.hosts, "hosts", 50, "how many hosts have them")
	flag.IntVar(&o.workers, "workers", 0, "processes that fetch and extract; 0 has the service do all, and load")
	o.Flags()
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measure(ctx, o); err != nil {
		log.Fatal(err)
	}
}

func measure(ctx context.Context, o options) error {
	leave, err := o.Open(ctx)
	defer leave()
	if err != nil {
		return err
	}
	web, err := pages.Serve(o.hosts, o.articles, true)
	if err != nil {
		return err
	}
	o.articles -= o.articles % o.hosts
	r, err := o.New("rig", web.Sources())
	if err != nil {
		return err
	}
	if o.workers > 0 {
		return workers(ctx, o, r, web)
	}
	return pipeline(ctx, o, r, web)
}

// pipeline has one process do all.
func pipeline(ctx context.Context, o options, r *rig.Rig, web *pages.Web) error {
	if _, err := r.Run(ctx, "", "db", "start"); err != nil {
		return err
	}
	defer r.Run(context.WithoutCancel(ctx), "", "db", "stop")
	serve, err := r.Serve(web.Names())
	if err != nil {
		return err
	}
	defer serve.Kill()
	fmt.Println("seconds articles/s fetched extracted loaded waiting MB files goroutines cpu-s")
	began, last := time.Now(), 0.0
	for last < float64(o.articles) {
		m, err := look(ctx, r, serve)
		if err != nil {
			return err
		}
		loaded := m[`breachgraph_jobs_total{outcome="done",stage="load"}`]
		cpu, err := serve.CPU()
		if err != nil {
			return err
		}
		fmt.Printf("%7.0f %10.1f %7d %9.0f %6.0f %7.0f %3.0f %5.0f %10.0f %5.0f\n", time.Since(began).Seconds(), (loaded-last)/every.Seconds(),
			web.Served(), m[`breachgraph_jobs_total{outcome="done",stage="extract"}`], loaded,
			m[`breachgraph_queue_jobs{stage="extract",state="waiting"}`]+m[`breachgraph_queue_jobs{stage="load",state="waiting"}`],
			m["process_resident_memory_bytes"]/1e6, m["process_open_fds"], m["go_goroutines"], cpu.Seconds())
		last = loaded
	}
	took := time.Since(began)
	cpu, err := serve.CPU()
	if err != nil {
		return err
	}
	var database time.Duration
	if neo4j := r.Neo4j(); neo4j != nil {
		if database, err = rig.CPU(neo4j.Pid); err != nil {
			return err
		}
	}
	stopped, err := serve.Stop()
	if err != nil {
		return err
	}
	fmt.Printf("%d articles in %.0f s: %.1f/s; breachgraph took %.0f cpu-s, Neo4j %.0f, together %.1f articles/cpu-s; stopped in %.1f s; at most %d requests at once to a host\n",
		o.articles, took.Seconds(), float64(o.articles)/took.Seconds(), cpu.Seconds(), database.Seconds(), float64(o.articles)/(cpu+database).Seconds(), stopped.Seconds(), web.AtOnce())
	return nil
}

// look reads the metrics of a service after a while.
func look(ctx context.Context, r *rig.Rig, serve *rig.Process) (map[string]float64, error) {
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(every):
		}
		if serve.Over() {
			return nil, fmt.Errorf("the service has ended; see %s", r.Folder)
		}
		if m, err := r.Metrics(ctx); err == nil {
			return m, nil
		}
	}
}

// workers has some processes fetch and extract.
func workers(ctx context.Context, o options, r *rig.Rig, web *pages.Web) error {
	nats, err := r.NATS()
	if err != nil {
		return err
	}
	defer nats.Kill()
	time.Sleep(time.Second) // it is starting
	serve, err := r.Serve(web.Names(), "--nats", r.URL(), "--stages", "none")
	if err != nil {
		return err
	}
	defer serve.Kill()
	var all []*rig.Process
	for n := range o.workers {
		w, err := r.Worker(n, "--nats", r.URL(), "--stages", "fetch,extract")
		if err != nil {
			return err
		}
		defer w.Kill()
		all = append(all, w)
	}
	began := time.Now()
	var warm time.Duration // what the workers have taken to start, and for the first articles
	var first float64
	for waiting := 0.0; waiting < float64(o.articles); {
		m, err := look(ctx, r, serve)
		if err != nil {
			return err
		}
		waiting = m[`breachgraph_queue_jobs{stage="load",state="waiting"}`]
		fmt.Printf("%.0f s: %d fetched, %.0f extracted\n", time.Since(began).Seconds(), web.Served(), waiting)
		if first == 0 && waiting > 0 {
			if warm, err = together(all); err != nil {
				return err
			}
			first = waiting
		}
	}
	took := time.Since(began)
	cpu, err := together(all)
	if err != nil {
		return err
	}
	head, err := serve.CPU()
	if err != nil {
		return err
	}
	queue, err := nats.CPU()
	if err != nil {
		return err
	}
	fmt.Printf("%d workers: %d articles in %.0f s, %.1f/cpu-s of the workers once they had begun (%.1f s, and %.1f s before; the service %.0f s, NATS %.0f s)\n",
		o.workers, o.articles, took.Seconds(), (float64(o.articles)-first)/(cpu-warm).Seconds(), (cpu - warm).Seconds(), warm.Seconds(),
		head.Seconds(), queue.Seconds())
	return nil
}

// together is the processor time that processes have taken.
func together(all []*rig.Process) (sum time.Duration, err error) {
	for _, p := range all {
		one, err := p.CPU()
		if err != nil {
			return 0, err
		}
		sum += one
	}
	return sum, nil
}
