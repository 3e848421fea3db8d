// Queries measures how long the named queries take on the graph of a database:
// with their defaults, and with each of the parameters that pick something, for
// which it takes what the graph has most of. It prints a table, slowest first.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/queries"
)

// picked is where the values of parameters come from: queries that answer with
// one row of one text.
var picked = map[string]string{
	"breach":   "MATCH (b:Breach)-[:HAS_FIGURE]->() WITH b, count(*) AS n RETURN b.id AS v ORDER BY n DESC, v LIMIT 1",
	"company":  "MATCH (o:Organization)-[:SUFFERED]->() WITH o, count(*) AS n RETURN o.id AS v ORDER BY n DESC, v LIMIT 1",
	"attacker": "MATCH (o:Group)-[:ATTACKED]->() WITH o, count(*) AS n RETURN o.id AS v ORDER BY n DESC, v LIMIT 1",
	"person":   "MATCH (o:Person)-[:WORKS_FOR]->() WITH o, count(*) AS n RETURN o.id AS v ORDER BY n DESC, v LIMIT 1",
	"firm":     "MATCH ()-[:HIRED]->(o) WITH o, count(*) AS n RETURN o.id AS v ORDER BY n DESC, v LIMIT 1",
	"by":       "MATCH (o)-[:INVESTIGATES]->() WITH o, count(*) AS n RETURN o.id AS v ORDER BY n DESC, v LIMIT 1",
	"outlet":   "MATCH ()-[:PUBLISHED_BY]->(o) WITH o, count(*) AS n RETURN o.id AS v ORDER BY n DESC, v LIMIT 1",
	"article":  "MATCH (a:Article)<-[:STATED_IN]-(c) WITH a, count(*) AS n RETURN a.url AS v ORDER BY n DESC, v LIMIT 1",
	"data":     "MATCH ()-[:EXPOSED]->(d) WITH d, count(*) AS n RETURN d.name AS v ORDER BY n DESC, v LIMIT 1",
	"method":   "MATCH ()-[:USED]->(d:Method) WITH d, count(*) AS n RETURN d.name AS v ORDER BY n DESC, v LIMIT 1",
	"since":    "MATCH (a:Article) WHERE a.published IS NOT NULL WITH date(a.published) AS d ORDER BY d DESC SKIP 1000 RETURN toString(d) AS v LIMIT 1",
	"text":     "MATCH (o:Organization)-[:SUFFERED]->() WITH o, count(*) AS n ORDER BY n DESC, o.id RETURN split(o.name, ' ')[0] AS v LIMIT 1",
}

// alike are parameters that take the values of others.
var alike = map[string]string{"of": "company", "entity": "company", "speaker": "company", "subject": "company", "object": "breach"}

// fixed are parameters whose values are the same in every graph.
var fixed = map[string]string{"unit": "people", "label": "Person", "type": "EXPOSED"}

func main() {
	c := graph.Config{}
	flag.StringVar(&c.URI, "uri", "bolt://127.0.0.1:7687", "the database; $NEO4J_PASSWORD is its password")
	flag.StringVar(&c.Username, "user", "neo4j", "its user")
	only := flag.String("only", "", "measure queries whose names contain this")
	rounds := flag.Int("rounds", 5, "how often each is asked; what counts is the median")
	pid := flag.Int("pid", 0, "on Linux, the server's process, to measure its processor time too: on a busy machine the clock tells little")
	flag.Parse()
	c.Password = os.Getenv("NEO4J_PASSWORD")
	if err := measureAll(context.Background(), c, *only, meter{*rounds, *pid}); err != nil {
		log.Fatal(err)
	}
}

// A measured is a query with arguments and what it took.
type measured struct {
	call                    string
	median, best, processor time.Duration // of one time that it was asked
	rows                    int           // -1 where it failed
}

// A meter says how queries are measured.
type meter struct{ rounds, pid int }

func measureAll(ctx context.Context, c graph.Config, only string, how meter) error {
	db, err := graph.Open(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	values, err := pick(ctx, db)
	if err != nil {
		return err
	}
	all, err := queries.All()
	if err != nil {
		return err
	}
	var out []measured
	for _, q := range all {
		if !strings.Contains(q.Name, only) {
			continue
		}
		for _, args := range runs(q, values) {
			m, err := how.measure(ctx, db, q, args)
			if err != nil {
				return fmt.Errorf("%s %s: %w", q.Name, strings.Join(args, " "), err)
			}
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(x, y measured) int { return cmp.Compare(y.median, x.median) })
	fmt.Println("| query | median ms | best ms | processor ms | rows |\n|---|---|---|---|---|")
	for _, m := range out {
		fmt.Printf("| %s | %.1f | %.1f | %.0f | %d |\n", m.call, m.median.Seconds()*1e3, m.best.Seconds()*1e3, m.processor.Seconds()*1e3, m.rows)
	}
	return nil
}

// pick finds a value for each parameter.
func pick(ctx context.Context, db *graph.DB) (map[string]string, error) {
	values := map[string]string{}
	for name, cypher := range picked {
		t, err := db.Read(ctx, cypher, nil, graph.Limits{})
		if err != nil {
			return nil, fmt.Errorf("pick %s: %w", name, err)
		}
		if len(t.Rows) == 0 {
			return nil, fmt.Errorf("pick %s: the graph has none; load some articles first", name)
		}
		values[name] = fmt.Sprint(t.Rows[0][0])
	}
	for name, other := range alike {
		values[name] = values[other]
	}
	for name, v := range fixed {
		values[name] = v
	}
	return values, nil
}

// runs are the arguments that q is measured with: those that it needs alone,
// then with each that it can do without.
func runs(q queries.Query, values map[string]string) [][]string {
	var needed []string
	for _, p := range q.Params {
		if p.Required {
			needed = append(needed, p.Name+"="+values[p.Name])
		}
	}
	out := [][]string{needed}
	for _, p := range q.Params {
		if v, ok := values[p.Name]; ok && !p.Required && p.Default != v {
			out = append(out, append(slices.Clone(needed), p.Name+"="+v))
		}
	}
	return out
}

// measure asks q once for the server to plan it, then a number of times.
func (how meter) measure(ctx context.Context, db *graph.DB, q queries.Query, args []string) (measured, error) {
	bound, err := q.Args(args)
	if err != nil {
		return measured{}, err
	}
	m := measured{call: strings.TrimSpace(q.Name + " " + strings.Join(args, " "))}
	var took []time.Duration
	var before time.Duration
	for i := range how.rounds + 1 {
		if i == 1 {
			before = how.processor()
		}
		t, d, err := ask(ctx, db, q.Cypher, bound)
		if err != nil {
			m.median, m.best, m.rows = d, d, -1
			return m, nil
		}
		took, m.rows = append(took, d), len(t.Rows)
	}
	m.processor = (how.processor() - before) / time.Duration(how.rounds)
	took = took[1:]
	slices.Sort(took)
	m.median, m.best = took[len(took)/2], took[0]
	return m, nil
}

// patience is when a query has failed.
const patience = 10 * time.Second

func ask(ctx context.Context, db *graph.DB, cypher string, args map[string]any) (graph.Table, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	start := time.Now()
	t, err := db.Read(ctx, cypher, args, graph.Limits{})
	return t, time.Since(start), err
}

// processor is how much processor time the server has had, 0 where its process
// is not known.
func (how meter) processor() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", how.pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ") // its name may hold spaces
	fields := strings.Fields(rest)
	var ticks int
	for _, i := range []int{11, 12} { // in user mode and in the system
		if n, err := strconv.Atoi(fields[min(i, len(fields)-1)]); err == nil {
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / 100 // Linux counts hundredths for programs
}
