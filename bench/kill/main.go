// Kill runs breachgraph as a service twice on the same articles: once undisturbed,
// and once while its parts are killed at random, all kinds of them in all
// combinations. Both have to end in the same graph, with no article lost and no
// dead letter (bench/README.md).
//
//	go run ./bench/kill -articles 5000 -kills 50
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/bench/pages"
	"github.com/breachgraph/breachgraph/bench/rig"
)

type options struct {
	articles, hosts, kills int
	pause                  time.Duration
	seed                   uint64
	rig.Place
}

func main() {
	var o options
	flag.IntVar(&o.articles, "articles", 5000, "how many articles")
	flag.IntVar(&o.hosts, "hosts", 25, "how many hosts have them")
	flag.IntVar(&o.kills, "kills", 50, "how often something is killed")
	flag.DurationVar(&o.pause, "pause", 15*time.Second, "mean time between two kills")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "of what is killed when")
	o.Flags()
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := compare(ctx, o); err != nil {
		log.Fatal(err)
	}
}

// compare makes both runs.
func compare(ctx context.Context, o options) error {
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
	fmt.Printf("seed %d, %d articles on %d hosts\n", o.seed, o.articles, o.hosts)
	undisturbed, err := (&run{options: o, web: web, name: "undisturbed"}).digest(ctx)
	if err != nil {
		return err
	}
	killed, err := (&run{options: o, web: web, name: "killed", random: rand.New(rand.NewPCG(o.seed, 0))}).digest(ctx)
	if err != nil {
		return err
	}
	if undisturbed != killed {
		return fmt.Errorf("the graphs differ: %s undisturbed, %s killed", undisturbed, killed)
	}
	fmt.Println("both graphs are the same:", killed)
	return nil
}

// A run takes all articles into a graph.
type run struct {
	options
	name   string
	web    *pages.Web
	random *rand.Rand // nil where nothing is killed
	rig    *rig.Rig

	nats, serve, worker *rig.Process
	began               time.Time
	done                int // kills
}

// digest runs until all is in the graph and returns its hash.
func (r *run) digest(ctx context.Context) (sum string, err error) {
	if r.rig, err = r.New(r.name, r.web.Sources()); err != nil {
		return "", err
	}
	defer r.rig.Run(context.WithoutCancel(ctx), "", "db", "stop")
	defer r.end()
	if _, err := r.rig.Run(ctx, "", "db", "start"); err != nil {
		return "", err
	}
	r.began = time.Now()
	before := r.web.Served()
	for n := 0; n < r.articles || !r.idle(ctx); {
		if err := r.revive(); err != nil {
			return "", err
		}
		if err := r.wait(ctx); err != nil {
			return "", err
		}
		if r.random != nil && r.done < r.kills && r.web.Served()-before < r.articles+r.kills*r.hosts {
			if err := r.kill(); err != nil {
				return "", err
			}
		}
		n, err = r.loaded(ctx)
		fmt.Printf("%s %4.0f s: %d kills, %d served, %d loaded %s\n", r.name, time.Since(r.began).Seconds(), r.done, r.web.Served()-before, n, brief(err))
	}
	took := time.Since(r.began)
	if err := r.judge(ctx); err != nil {
		return "", err
	}
	sum, err = r.rig.Digest(ctx)
	fmt.Printf("%s: %d articles in %.0f s, %d pages served, at most %d requests at once to a host, digest %s\n",
		r.name, r.articles, took.Seconds(), r.web.Served()-before, r.web.AtOnce(), sum)
	return sum, err
}

// loaded is how many articles the graph has. A query would start the database,
// and keep the next kill waiting.
func (r *run) loaded(ctx context.Context) (int, error) {
	if _, err := r.rig.Run(ctx, "", "db", "status"); err != nil {
		return 0, err
	}
	return r.rig.Loaded(ctx)
}

// brief is what an error begins with: while parts are killed there are many.
func brief(err error) string {
	if err == nil {
		return ""
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return "(" + first[:min(len(first), 100)] + ")"
}

// wait lets it work for a while.
func (r *run) wait(ctx context.Context) error {
	pause := r.pause
	if r.random != nil {
		pause = r.pause/4 + time.Duration(r.random.Int64N(int64(r.pause)*3/2))
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// kinds are the parts that are killed, in all combinations.
const (
	breachgraph = 1 << iota
	nats
	neo4j
	allKinds = breachgraph | nats | neo4j
)

// kill kills some parts at once.
func (r *run) kill() error {
	what := 1 + (r.done+r.random.IntN(2))%allKinds
	r.done++
	if what&breachgraph != 0 {
		victims := [][]*rig.Process{{r.serve}, {r.worker}, {r.serve, r.worker}}
		for _, p := range victims[r.random.IntN(len(victims))] {
			p.Kill()
		}
	}
	if what&nats != 0 {
		r.nats.Kill()
	}
	if p := r.rig.Neo4j(); what&neo4j != 0 && p != nil {
		if err := p.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
	}
	return nil
}

// revive starts what has ended, as whoever runs a service has it done. Neo4j is
// started by who wants to load.
func (r *run) revive() (err error) {
	if r.nats == nil || r.nats.Over() {
		if r.nats, err = r.rig.NATS(); err != nil {
			return err
		}
		time.Sleep(500 * time.Millisecond) // it reads its store
	}
	if r.serve == nil || r.serve.Over() {
		if r.serve, err = r.rig.Serve(r.web.Names(), "--nats", r.rig.URL()); err != nil {
			return err
		}
	}
	if r.worker == nil || r.worker.Over() {
		r.worker, err = r.rig.Worker(1, "--nats", r.rig.URL(), "--stages", "fetch,extract,load")
	}
	return err
}

// idle reports whether no job is left.
func (r *run) idle(ctx context.Context) bool {
	stages, _, err := r.rig.Jobs(ctx, "--nats", r.rig.URL())
	if err != nil || len(stages) == 0 {
		return false
	}
	for _, s := range stages {
		if s.Waiting+s.Held > 0 {
			return false
		}
	}
	return true
}

// judge sees that no job has failed, and has the service end.
func (r *run) judge(ctx context.Context) error {
	stages, said, err := r.rig.Jobs(ctx, "--nats", r.rig.URL())
	if err != nil {
		return err
	}
	for name, s := range stages {
		if s.Dead > 0 {
			return fmt.Errorf("dead letters of %s:\n%s", name, said)
		}
	}
	for _, p := range []*rig.Process{r.serve, r.worker} {
		took, err := p.Stop()
		if err != nil || took > 10*time.Second {
			return fmt.Errorf("a process stopped in %s: %w", took, err)
		}
	}
	return nil
}

func (r *run) end() {
	for _, p := range []*rig.Process{r.serve, r.worker, r.nats} {
		if p != nil {
			p.Kill()
		}
	}
}
