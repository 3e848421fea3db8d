package jobs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// serverEnv tells the process that is a NATS server its folder and port.
const serverEnv = "JOBS_TEST_SERVER"

// TestServerProcess is that process.
func TestServerProcess(t *testing.T) {
	var dir string
	port := natsserver.RANDOM_PORT
	if n, _ := fmt.Sscan(os.Getenv(serverEnv), &dir, &port); n == 0 {
		t.Skip("is run by other tests")
	}
	s, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: port, NoSigs: true, JetStream: true, StoreDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	fmt.Println(s.ClientURL())
	<-t.Context().Done() // it is killed
	s.WaitForShutdown()
}

// An external server is one that users run beside breachgraph.
type external struct {
	t   *testing.T
	dir string
	url string
	cmd *exec.Cmd
}

func newExternal(t *testing.T) *external {
	t.Helper()
	e := &external{t: t, dir: t.TempDir()}
	e.start("-1")
	t.Cleanup(func() { e.kill() })
	return e
}

// start starts the server at a port, and takes the address that it prints.
func (e *external) start(port string) {
	e.t.Helper()
	e.cmd = exec.Command(os.Args[0], "-test.run=^TestServerProcess$", "-test.timeout=10m")
	e.cmd.Env = append(os.Environ(), serverEnv+"="+e.dir+" "+port)
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		e.t.Fatal(err)
	}
	if err := e.cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	if e.url, err = bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(e.url, "nats://") {
		e.t.Fatalf("the server says %q, %v", e.url, err)
	}
	e.url = strings.TrimSpace(e.url)
}

func (e *external) kill() {
	_ = e.cmd.Process.Kill() // it may be dead
	_ = e.cmd.Wait()
}

// restart kills the server and starts it again where it was.
func (e *external) restart() {
	e.t.Helper()
	e.kill()
	e.start(e.url[strings.LastIndexByte(e.url, ':')+1:])
}

// A server of the user's own is killed while jobs are added and done: none is
// lost, and none is blamed.
func TestServerKilled(t *testing.T) {
	server := newExternal(t)
	o := Options{URL: server.url, HeldFor: 2 * time.Second}
	adder, worker := open(t, o), open(t, o)
	const n, kills = 150, 3
	large := strings.Repeat("page ", maxParcel/4)
	var mu sync.Mutex
	done := map[string]bool{}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(done)
	}
	enough := make(chan struct{})
	added := make(chan error, 1)
	go func() {
		for i := range n {
			data := fmt.Sprint(i)
			if i%25 == 0 {
				data += large
			}
			if err := adder.Add(t.Context(), Extract, fmt.Sprint("job ", i), []byte(data)); err != nil {
				added <- err
				return
			}
		}
		added <- nil
	}()
	go func() {
		defer close(enough)
		for k := range kills {
			until(t, "jobs are done", func() bool { return count() > k*n/(2*kills) })
			server.restart()
		}
		until(t, "all jobs are done", func() bool { return count() == n })
		until(t, "no job is left", func() bool { d, err := adder.Depths(t.Context()); return err == nil && d[Extract] == Depth{} })
	}()
	work(t, worker, Extract, enough, func(_ context.Context, j Job) error {
		number, _, _ := strings.Cut(string(j.Data), "page")
		if j.ID != "job "+number {
			t.Errorf("%s has the data of %s", j.ID, number)
		}
		mu.Lock()
		defer mu.Unlock()
		done[j.ID] = true
		return nil
	})
	if err := <-added; err != nil {
		t.Error(err)
	}
	if l := letters(t, adder); len(l) > 0 {
		t.Errorf("dead letters: %+v", l)
	}
}

// Of the jobs of one lane one is done at a time, whoever does them and whoever
// asks; what came of them is known to who asks next until it is noted.
func TestAnswers(t *testing.T) {
	server := newExternal(t)
	asker := open(t, Options{URL: server.url})
	var mu sync.Mutex
	under, times := map[string]int{}, map[string]int{}
	do := func(q *Queue) func(context.Context, Job) error {
		return func(ctx context.Context, j Job) error {
			lane, _, _ := strings.Cut(j.ID, "/")
			mu.Lock()
			times[j.ID]++
			if under[lane]++; under[lane] > 1 {
				t.Errorf("%s is asked %d times at once", lane, under[lane])
			}
			mu.Unlock()
			err := q.Answer(ctx, j, append([]byte("answer to "), j.Data...))
			mu.Lock()
			defer mu.Unlock()
			under[lane]--
			return err
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	for range 2 {
		q := open(t, Options{URL: server.url})
		workers.Go(func() {
			if err := q.Work(ctx, Fetch, 4, do(q)); err != nil {
				t.Error(err)
			}
		})
	}
	ask := func(a *Answers, lane, id string, size int) func() {
		data := strings.Repeat("x", size)
		answer, noted, err := a.Ask(t.Context(), lane, id, []byte(data))
		if err != nil || string(answer) != "answer to "+data {
			t.Errorf("Ask(%s) = %d bytes, %v", id, len(answer), err)
			return func() {}
		}
		return noted
	}
	first, err := asker.Answers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 24 {
		lane := fmt.Sprint("host", i%4)
		all.Go(func() { ask(first, lane, fmt.Sprint(lane, "/", i), 1+i/20*maxParcel)() })
	}
	all.Wait()
	ask(first, "host0", "host0/again", 5) // and is not noted
	ask(first, "host0", "host0/large", maxParcel+1)
	first.Close()

	second, err := asker.Answers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask(second, "host0", "host0/again", 5)()
	ask(second, "host0", "host0/large", maxParcel+1)()
	second.Close()
	stop()
	workers.Wait()
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s was done %d times", id, n)
		}
	}
	if len(times) != 26 {
		t.Errorf("%d jobs were done, want 26", len(times))
	}
}

// Who asks what no worker can do is told so, and may ask again.
func TestNoAnswer(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	q.lookAgain = 10 * time.Millisecond
	a, err := q.Answers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(t.Context())
	var worker sync.WaitGroup
	worker.Go(func() {
		err := q.Work(ctx, Fetch, 1, func(ctx context.Context, j Job) error {
			if string(j.Data) == "bad" {
				return Permanent(errors.New("cannot be done"))
			}
			return q.Answer(ctx, j, []byte("done"))
		})
		if err != nil {
			t.Error(err)
		}
	})
	if _, _, err := a.Ask(t.Context(), "host", "one", []byte("bad")); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("Ask = %v, want %v", err, ErrNoAnswer)
	}
	answer, noted, err := a.Ask(t.Context(), "host", "two", []byte("good"))
	if err != nil || string(answer) != "done" {
		t.Errorf("Ask = %q, %v", answer, err)
	} else {
		noted()
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, _, err := a.Ask(ended, "host", "three", []byte("good")); !errors.Is(err, context.Canceled) {
		t.Errorf("Ask = %v, want %v", err, context.Canceled)
	}
	stop()
	worker.Wait()
}
