// Load measures how fast breachgraph fills a graph, beside what the same
// database does with the same rows in other ways: batches that only create, and
// one transaction for each article. Each gets a Neo4j of its own, fresh from
// the start, on this machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

// A plan says what is measured.
type plan struct {
	program  string
	articles int
	few      int // as a smaller graph; 0 leaves it out
	single   int // one transaction each; 0 leaves it out
	heapMB   int
	seed     uint64
}

func main() {
	var p plan
	flag.StringVar(&p.program, "breachgraph", "breachgraph", "the program to measure")
	flag.IntVar(&p.articles, "articles", 50_000, "how many articles are loaded")
	flag.IntVar(&p.few, "few", 5_000, "how many fill the smaller graph that the rate is compared with; 0 leaves it out")
	flag.IntVar(&p.single, "single", 1_000, "how many are written one transaction each; 0 leaves it out")
	flag.IntVar(&p.heapMB, "heap", 1024, "heap of the server in MiB")
	flag.Uint64Var(&p.seed, "seed", 1, "the same number gives the same articles")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := p.run(ctx); err != nil {
		log.Fatal(err)
	}
}

func (p plan) run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "breachgraph-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var small measured
	if p.few > 0 {
		err := p.fresh(ctx, filepath.Join(dir, "few"), func(s *server) (err error) {
			small, err = p.load(ctx, s, p.few)
			return err
		})
		if err != nil {
			return err
		}
		small.print("first load", "")
	}
	var first, again measured
	var written *rows
	err = p.fresh(ctx, filepath.Join(dir, "load"), func(s *server) error {
		if first, err = p.load(ctx, s, p.articles); err != nil {
			return err
		}
		first.print("first load", compared("of the smaller", first.rate(), small.rate()))
		if again, err = p.load(ctx, s, p.articles); err != nil {
			return err
		}
		again.print("second load", compared("of the first", again.rate(), first.rate()))
		written, err = readRows(ctx, s)
		return err
	})
	if err != nil {
		return err
	}
	return p.compare(ctx, dir, first, written)
}

// compare writes rows in other ways.
func (p plan) compare(ctx context.Context, dir string, first measured, written *rows) error {
	for _, way := range []struct {
		name            string
		articles, batch int
		merge           bool
	}{
		{"CREATE only, batches", p.articles, createArticles, false},
		{"one transaction each", p.single, 1, true},
	} {
		if way.articles == 0 {
			continue
		}
		err := p.fresh(ctx, filepath.Join(dir, way.name), func(s *server) error {
			m := measured{articles: way.articles, server: -s.cpu(), client: -ownCPU()}
			start := time.Now()
			if err := written.write(ctx, s, way.articles, way.batch, way.merge); err != nil {
				return err
			}
			m.seconds, m.server = time.Since(start).Seconds(), m.server+s.cpu()
			m.client += ownCPU()
			m.print(way.name, compared("ours to it", first.rate(), m.rate()))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// A measured is what writing some articles took.
type measured struct {
	articles       int
	seconds        float64
	client, server float64 // seconds of processor
	memory         float64 // of the client at the most, in MB
}

func (m measured) rate() float64 {
	if m.seconds == 0 {
		return 0
	}
	return float64(m.articles) / m.seconds
}

func compared(what string, x, y float64) string {
	if y <= 0 {
		return ""
	}
	return fmt.Sprintf("%s %.2f", what, x/y)
}

func (m measured) print(name, remark string) {
	fmt.Printf("%-22s %6d articles %7.1f s %7.1f articles/s; processor: server %6.1f s, client %5.1f s; client %4.0f MB; %s\n",
		name, m.articles, m.seconds, m.rate(), m.server, m.client, m.memory, remark)
}
