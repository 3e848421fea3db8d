package graph

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph/graphtest"
	"github.com/breachgraph/breachgraph/graph/local"
)

func TestOpenErrors(t *testing.T) {
	d := graphtest.New(t)
	web := webServer(t)
	_, address, _ := strings.Cut(d.URI, "://")
	for _, test := range []struct {
		name   string
		config Config
		want   error
	}{
		{"no server", Config{URI: "bolt://127.0.0.1:1", Username: d.Username, Password: d.Password}, ErrUnreachable},
		{"no cluster", Config{URI: "neo4j://127.0.0.1:1", Username: d.Username, Password: d.Password}, ErrUnreachable},
		{"wrong password", Config{URI: d.URI, Username: d.Username, Password: d.Password + "x"}, ErrCredentials},
		{"no password", Config{URI: d.URI}, ErrCredentials},
		{"encryption of a plain server", Config{URI: "bolt+s://" + address, Username: d.Username, Password: d.Password}, ErrProtocol},
		{"a web server", Config{URI: "bolt://" + web, Username: d.Username, Password: d.Password}, ErrProtocol},
		{"a web address", Config{URI: "http://" + web, Username: d.Username, Password: d.Password}, ErrProtocol},
		{"no scheme", Config{URI: "localhost", Username: d.Username, Password: d.Password}, ErrProtocol},
		{"no URI", Config{Username: d.Username, Password: d.Password}, ErrProtocol},
		{"no such database", Config{URI: d.URI, Username: d.Username, Password: d.Password, Database: "nosuch"}, ErrNoDatabase},
	} {
		t.Run(test.name, func(t *testing.T) {
			db, err := Open(t.Context(), test.config)
			if err == nil {
				db.Close(t.Context())
			}
			if !errors.Is(err, test.want) {
				t.Errorf("Open(%s) = %v, want %v", test.config.URI, err, test.want)
			}
			if err != nil && (strings.Contains(err.Error(), d.Password+"x") || !strings.HasPrefix(err.Error(), "open ")) {
				t.Errorf("Open(%s) = %v: names the password or not the operation", test.config.URI, err)
			}
		})
	}
}

// webServer answers as the web port of a Neo4j does when it hears Bolt.
func webServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
			c.Close()
		}
	}()
	return l.Addr().String()
}

func TestCheckVersion(t *testing.T) {
	for agent, old := range map[string]bool{
		"Neo4j/5.26.30": false, "Neo4j/2026.08.1": false, "Neo4j/5.23.0": false, "Neo4j/5.22.0": true, "Neo4j/4.4.40": true,
		"Memgraph/2": false, "Neo4j/dev": false, "": false,
	} {
		if err := checkVersion(agent); errors.Is(err, ErrTooOld) != old {
			t.Errorf("checkVersion(%q) = %v, want too old: %v", agent, err, old)
		}
	}
}

func TestDoubledKeys(t *testing.T) {
	d := graphtest.New(t)
	db, err := Open(t.Context(), Config{URI: d.URI, Username: d.Username, Password: d.Password, Database: d.Name})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	write(t, db, "UNWIND ['b', 'a', 'a', 'b', 'c'] AS id CREATE (:Person {id: id})")
	err = db.EnsureSchema(t.Context())
	var doubled *DoubledKeysError
	if !errors.As(err, &doubled) || doubled.Label != "Person" || doubled.Key != "id" || !slices.Equal(doubled.Values, []string{"a", "b"}) {
		t.Fatalf("EnsureSchema = %v, want a DoubledKeysError for a and b of Person.id", err)
	}
	write(t, db, "MATCH (n:Person) DELETE n")
	if err := db.EnsureSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows := read(t, db, "SHOW CONSTRAINTS YIELD name RETURN name", nil); len(rows) != len(Nodes()) {
		t.Errorf("%d constraints, want %d", len(rows), len(Nodes()))
	}
}

func TestRead(t *testing.T) {
	db, _ := open(t)
	table, err := db.Read(t.Context(), "UNWIND range(1, 100) AS i RETURN i, date($day) AS day", map[string]any{"day": time.Date(2021, 8, 27, 0, 0, 0, 0, time.UTC)}, Limits{Rows: 3})
	if err != nil || len(table.Rows) != 3 || !table.Truncated || table.Rows[2][0] != int64(3) || table.Rows[0][1] != "2021-08-27" {
		t.Errorf("Read = %+v, %v, want three of a hundred rows", table, err)
	}
	for _, test := range []struct {
		name, cypher string
		want         error
	}{
		{"write", "CREATE (n:Person {id: 'x'}) RETURN n", ErrReadOnly},
		{"too slow", "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*)", ErrTimeout},
		{"nonsense", "MATCH MATCH", nil},
	} {
		_, err := db.Read(t.Context(), test.cypher, nil, Limits{Timeout: 200 * time.Millisecond})
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: Read = %v, want %v", test.name, err, test.want)
		}
	}
	if rows := read(t, db, "MATCH (n) WHERE NOT n:Schema RETURN n", nil); len(rows) > 0 {
		t.Errorf("a query wrote %v", rows)
	}
}

// A wire passes bytes on between a client and a server.
type wire struct {
	net.Listener
	to    string
	limit atomic.Int64 // bytes from the client after which cut is called, once
	sent  atomic.Int64
	cut   func()
	// refused is how many connections are not let through from now on, commits
	// at which of the client's next commits cut is called; 0 means at none.
	refused, commits atomic.Int64

	once  sync.Once
	mu    sync.Mutex
	conns []net.Conn
}

// stretch makes a wire to a server and returns its address.
func stretch(t *testing.T, uri string) (*wire, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, to, _ := strings.Cut(uri, "://")
	w := &wire{Listener: l, to: to}
	w.limit.Store(math.MaxInt64)
	t.Cleanup(w.close)
	go w.serve()
	return w, "bolt://" + l.Addr().String()
}

func (w *wire) serve() {
	for {
		client, err := w.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", w.to)
		if err == nil && w.refused.Add(-1) >= 0 {
			server.Close()
			client.Close()
			continue
		}
		if err != nil {
			client.Close()
			continue
		}
		w.mu.Lock()
		w.conns = append(w.conns, client, server)
		w.mu.Unlock()
		go func() { io.Copy(client, server); client.Close() }()
		go func() { io.Copy(server, io.TeeReader(client, w)); server.Close() }()
	}
}

// commit is a message of Bolt with its length before and its end behind it.
var commit = []byte{0, 2, 0xb0, 0x12, 0, 0}

// Write counts what the client sends, before the server gets it.
func (w *wire) Write(p []byte) (int, error) {
	commits := int64(bytes.Count(p, commit))
	if w.sent.Add(int64(len(p))) > w.limit.Load() || commits > 0 && w.commits.Add(-commits) == 0 {
		w.once.Do(w.cut)
	}
	return len(p), nil
}

func (w *wire) close() {
	w.Close()
	w.drop()
}

// drop ends all connections.
func (w *wire) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.Close()
	}
}

// versions are articles, and for some of them a second version to load later.
func versions(t *testing.T) (first, second []extract.Result) {
	first, second = append(all(t), articles(7, 10, 2, 3)...), articles(8, 12, 2, 3)
	return first, second[4:] // six changed articles and two new ones
}

// A load that is called off, or whose server goes away, at whatever point,
// leaves nothing half-written, and run again it ends in the same graph.
func TestLoadCutOff(t *testing.T) {
	db, c := open(t)
	first, second := versions(t)
	load(t, db, first...)
	before := dump(t, db)
	w, uri := stretch(t, c.URI)
	through := c
	through.URI, through.RetryTime = uri, time.Second
	far := reopen(t, through)
	start := w.sent.Load()
	load(t, far, second...)
	length, after := w.sent.Load()-start, sameGraph(t, db)

	for _, how := range []string{"called off", "server gone"} {
		for part := range int64(4) {
			empty(t, db)
			load(t, db, first...)
			w, through.URI = stretch(t, c.URI)
			far := reopen(t, through)
			ctx, cancel := context.WithCancel(t.Context())
			if w.cut = cancel; how == "server gone" {
				w.cut = w.close
			}
			w.limit.Store(w.sent.Load() + part*length/4)
			_, err := far.Load(ctx, slices.Values(second))
			cancel()
			if want := map[string]error{"called off": context.Canceled, "server gone": ErrUnreachable}[how]; !errors.Is(err, want) {
				t.Errorf("%s after %d/4: Load = %v, want %v", how, part, err, want)
			}
			if got := dump(t, db); got != before {
				t.Errorf("%s after %d/4: something half-written:\n%s", how, part, diff(got, before))
			}
			load(t, db, second...)
			if got := sameGraph(t, db); got != after {
				t.Errorf("%s after %d/4: run again, it ends in another graph:\n%s", how, part, diff(got, after))
			}
		}
	}
}

func reopen(t *testing.T, c Config) *DB {
	t.Helper()
	db, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.WithoutCancel(t.Context())) })
	return db
}

// A connection that is cut in the middle of a load and cannot be had for a
// while is waited for.
func TestLoadReconnects(t *testing.T) {
	db, c := open(t)
	first, second := versions(t)
	load(t, db, first...)
	load(t, db, second...)
	want := sameGraph(t, db)
	for _, test := range []struct {
		name                      string
		bytes, commits, refusedBy int64
	}{
		{"in the middle", 30_000, 0, 2},
		{"at the commit of a look at what is there", 1 << 40, 1, 0},
		{"at the commit of a batch", 1 << 40, 2, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			empty(t, db)
			load(t, db, first...)
			w, uri := stretch(t, c.URI)
			wasCut := make(chan struct{})
			w.cut = func() {
				w.refused.Store(test.refusedBy)
				w.drop()
				close(wasCut)
			}
			through := c
			through.URI = uri
			far := reopen(t, through)
			w.limit.Store(w.sent.Load() + test.bytes)
			w.commits.Store(test.commits)
			if s := load(t, far, second...); s.New != 2 || s.Changed != len(second)-2 {
				t.Errorf("load: %+v, want two new articles and the others changed", s)
			}
			select {
			case <-wasCut:
			default:
				t.Fatal("the load ended before it was cut off")
			}
			if got := sameGraph(t, db); got != want {
				t.Errorf("the load went on to another graph:\n%s", diff(got, want))
			}
		})
	}
}

// A load that waits too long for another transaction ends, and run again it ends
// in the same graph.
func TestLoadTimeout(t *testing.T) {
	db, _ := open(t)
	results := articles(5, 4, 1, 1)
	load(t, db, results...)
	want := sameGraph(t, db)
	empty(t, db)
	load(t, db, results[0])
	s := db.session(t.Context(), neo4j.AccessModeWrite)
	defer s.Close(t.Context())
	_, err := s.ExecuteWrite(t.Context(), func(tx neo4j.ManagedTransaction) (any, error) {
		if err := consume(t.Context(), tx, "MATCH (n:Organization) SET n.id = n.id", nil); err != nil {
			return nil, err
		}
		hasty := *db
		hasty.writeTime = 300 * time.Millisecond
		if _, err := hasty.Load(t.Context(), slices.Values(results[1:])); !errors.Is(err, ErrTimeout) {
			t.Errorf("Load = %v, want ErrTimeout", err)
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	load(t, db, results...)
	if got := sameGraph(t, db); got != want {
		t.Errorf("run again, it ends in another graph:\n%s", diff(got, want))
	}
}

// A server that is killed in the middle of a load and started again is waited
// for.
func TestLoadKilled(t *testing.T) {
	first, second := versions(t)
	options := local.Options{Dir: t.TempDir(), QuickStart: true, HeapMB: 512}
	server, err := local.Start(t.Context(), options)
	if errors.Is(err, local.ErrUnavailable) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s, running, err := local.Find(options.Dir); err != nil || running && s.Stop(context.Background()) != nil {
			t.Errorf("the server still runs: %+v, %v", s, err)
		}
	})
	restarted := make(chan error, 1)
	w, uri := stretch(t, server.BoltURI)
	w.cut = func() {
		kill(t, server.PID)
		go func() { restarted <- restart(t.Context(), options, server.PID) }()
	}
	db := reopen(t, Config{URI: uri, Username: server.Username, Password: server.Password})
	if err := db.EnsureSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	load(t, db, first...)
	w.limit.Store(w.sent.Load() + 30_000)
	load(t, db, second...)
	got := sameGraph(t, db)
	if w.sent.Load() <= w.limit.Load() {
		t.Fatal("the load ended before the server was killed")
	}
	if err := <-restarted; err != nil {
		t.Fatal(err)
	}
	empty(t, db)
	load(t, db, first...)
	load(t, db, second...)
	if want := sameGraph(t, db); got != want {
		t.Errorf("the load went on to another graph:\n%s", diff(got, want))
	}
}

// restart starts the server again, once the process of the former one is gone.
func restart(ctx context.Context, o local.Options, former int) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		s, err := local.Start(ctx, o)
		if err != nil || s.PID != former {
			return err
		}
		<-tick.C
	}
}

func kill(t *testing.T, pid int) {
	p, err := os.FindProcess(pid)
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		t.Error(err)
	}
}
