package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// patience is how long a test waits for what must happen.
const patience = 2 * time.Minute

func open(t *testing.T, o Options) *Queue {
	t.Helper()
	q, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	q.firstDelay = time.Millisecond
	return q
}

func add(t *testing.T, q *Queue, stage Stage, id string, data []byte) {
	t.Helper()
	if err := q.Add(t.Context(), stage, id, data); err != nil {
		t.Fatal(err)
	}
}

// work does jobs until enough is closed or, which fails the test, for too long.
func work(t *testing.T, q *Queue, stage Stage, enough chan struct{}, do func(context.Context, Job) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	done := make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	go func() { done <- q.Work(ctx, stage, 4, do) }()
	select {
	case <-enough:
	case <-ctx.Done():
		t.Error("the work does not end")
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// until waits for ok, which depends on messages under way.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func depth(t *testing.T, q *Queue, stage Stage) Depth {
	t.Helper()
	d, err := q.Depths(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d[stage]
}

func letters(t *testing.T, q *Queue) []DeadLetter {
	t.Helper()
	var out []DeadLetter
	for l, err := range q.DeadLetters(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

func TestEachJobIsDoneOnce(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	const n = 200
	large := bytes.Repeat([]byte("page "), maxParcel)
	for i := range n {
		data := []byte(fmt.Sprint(i))
		if i%50 == 0 {
			data = append(data, large...)
		}
		add(t, q, Extract, fmt.Sprintf("https://example.org/ä b/%d", i), data)
		add(t, q, Extract, fmt.Sprintf("https://example.org/ä b/%d", i), data) // the same job
	}
	if d := depth(t, q, Extract); d != (Depth{Waiting: n}) {
		t.Fatalf("%+v, want %d waiting", d, n)
	}
	var mu sync.Mutex
	seen, most, now := map[string]int{}, 0, 0
	enough := make(chan struct{})
	work(t, q, Extract, enough, func(_ context.Context, j Job) error {
		mu.Lock()
		defer mu.Unlock()
		number, rest, _ := strings.Cut(string(j.Data), "page")
		if !strings.HasSuffix(j.ID, "/"+number) || j.Stage != Extract || rest != "" && len(j.Data) != len(number)+len(large) {
			t.Errorf("job %s of %s with %d bytes", j.ID, j.Stage, len(j.Data))
		}
		now++
		most = max(most, now)
		if seen[j.ID]++; len(seen) == n {
			close(enough)
		}
		now--
		return nil
	})
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s was done %d times", id, times)
		}
	}
	if d := depth(t, q, Extract); d != (Depth{}) {
		t.Errorf("%+v is left", d)
	}
	if list, err := q.parcels.List(t.Context()); err == nil && len(list) > 0 {
		t.Errorf("%d parcels are left", len(list))
	}
}

func TestFailures(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	large := bytes.Repeat([]byte("x"), maxParcel+1)
	add(t, q, Load, "passing", []byte("1"))
	add(t, q, Load, "hopeless", large)
	add(t, q, Load, "permanent", []byte("3"))
	add(t, q, Load, "panic", []byte("4"))
	tries := map[string]int{}
	var mu sync.Mutex
	do := func(_ context.Context, j Job) error {
		mu.Lock()
		defer mu.Unlock()
		tries[j.ID]++
		switch {
		case j.ID == "permanent":
			return Permanent(errors.New("not an\narticle"))
		case j.ID == "panic":
			panic("oh")
		case j.ID == "hopeless" || tries[j.ID] < 3:
			return errors.New("not now")
		}
		return nil
	}
	enough := make(chan struct{})
	go func() {
		defer close(enough)
		until(t, "three dead letters", func() bool {
			d, err := q.Depths(t.Context())
			return err == nil && d[Load] == Depth{Dead: 3}
		})
	}()
	work(t, q, Load, enough, do)
	want := map[string]int{"passing": 3, "hopeless": maxFailures, "permanent": 1, "panic": 1}
	for id, n := range want {
		if tries[id] != n {
			t.Errorf("%s was tried %d times, want %d", id, tries[id], n)
		}
	}
	reasons := map[string]string{}
	for _, l := range letters(t, q) {
		reasons[l.ID] = fmt.Sprintf("%s %d %s", l.Stage, l.Failures, l.Reason)
		if l.Added.IsZero() || l.Died.Before(l.Added) {
			t.Errorf("%s was added %s and died %s", l.ID, l.Added, l.Died)
		}
	}
	for id, reason := range map[string]string{"hopeless": "load 6 not now", "permanent": "load 1 not an article", "panic": "load 1 panic: oh"} {
		if reasons[id] != reason {
			t.Errorf("%s: %q, want %q", id, reasons[id], reason)
		}
	}
	checkLetters(t, q, large)
}

// checkLetters looks at one of the letters, retries it and drops another.
func checkLetters(t *testing.T, q *Queue, large []byte) {
	t.Helper()
	for _, l := range letters(t, q) {
		var err error
		switch l.ID {
		case "hopeless":
			if _, data, err := q.DeadLetter(t.Context(), l.Number); err != nil || !bytes.Equal(data, large) {
				t.Errorf("letter has %d bytes, %v", len(data), err)
			}
			err = q.Retry(t.Context(), l.Number)
		default:
			err = q.Drop(t.Context(), l.Number)
		}
		if err != nil {
			t.Error(err)
		}
		if _, _, err := q.DeadLetter(t.Context(), l.Number); !errors.Is(err, ErrNoLetter) {
			t.Errorf("letter %d is still there: %v", l.Number, err)
		}
	}
	enough := make(chan struct{})
	tries := 0
	work(t, q, Load, enough, func(_ context.Context, j Job) error {
		if tries++; tries < maxFailures {
			return errors.New("once more")
		}
		if j.ID != "hopeless" || !bytes.Equal(j.Data, large) {
			t.Errorf("retried %s with %d bytes", j.ID, len(j.Data))
		}
		close(enough)
		return nil
	})
	if d := depth(t, q, Load); d != (Depth{}) {
		t.Errorf("%+v is left", d)
	}
}

func TestFullStageWaits(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	stream, err := q.js.Stream(t.Context(), Fetch.stream())
	if err != nil {
		t.Fatal(err)
	}
	config := stream.CachedInfo().Config
	config.MaxMsgs = 3
	if _, err := q.js.UpdateStream(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		add(t, q, Fetch, fmt.Sprint(i), nil)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*roomWait)
	defer cancel()
	if err := q.Add(ctx, Fetch, "3", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a full stage takes another job: %v", err)
	}
	added := make(chan error, 1)
	go func() { added <- q.Add(t.Context(), Fetch, "3", nil) }()
	enough, n := make(chan struct{}), 0
	var mu sync.Mutex
	work(t, q, Fetch, enough, func(context.Context, Job) error {
		mu.Lock()
		defer mu.Unlock()
		if n++; n == 4 {
			close(enough)
		}
		return nil
	})
	if err := <-added; err != nil {
		t.Error(err)
	}
}

func TestBadJob(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	if err := q.Add(t.Context(), Fetch, "", nil); err == nil {
		t.Error("a job without an id was added")
	}
	if err := q.Add(t.Context(), Fetch, "x", make([]byte, maxData+1)); err == nil {
		t.Error("a job of any size was added")
	}
	if err := q.Retry(t.Context(), 7); !errors.Is(err, ErrNoLetter) {
		t.Errorf("retry of nothing: %v", err)
	}
}

// A folder that another process has is shared with it.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	first := open(t, Options{Dir: dir})
	second := open(t, Options{Dir: dir})
	if first.local.server == nil || second.local.server != nil {
		t.Error("not one server for two queues")
	}
	add(t, second, Fetch, "shared", []byte("x"))
	enough := make(chan struct{})
	work(t, first, Fetch, enough, func(context.Context, Job) error { close(enough); return nil })
	for _, o := range []Options{{}, {URL: "nats://127.0.0.1:1"}, {URL: first.local.server.ClientURL()}} {
		if q, err := Open(t.Context(), o); err == nil { // the last lacks the token
			q.Close()
			t.Errorf("opened %+v", o)
		}
	}
}

// Those that look one after the other leave the server to one that stays.
func TestStay(t *testing.T) {
	dir := t.TempDir()
	look := open(t, Options{Dir: dir})
	stays := open(t, Options{Dir: dir, Stays: true})
	for range 10 {
		next := make(chan *Queue)
		go func() { // while its predecessor still has the server, or nobody
			q, err := Open(t.Context(), Options{Dir: dir})
			if err != nil {
				t.Error(err)
			}
			next <- q
		}()
		look.Close()
		if look = <-next; look == nil {
			t.FailNow()
		}
		if look.local.server != nil {
			t.Error("one that only looks has the server")
		}
	}
	look.Close()
	stays.Close()
	if q := open(t, Options{Dir: dir}); q.local.server == nil {
		t.Error("nobody has the server after the one that stayed")
	}
}

// When the process that has the server goes, by itself or killed, another one goes
// on with what was left.
func TestHandOver(t *testing.T) {
	if dir := os.Getenv("JOBS_TEST_HOST"); dir != "" {
		open(t, Options{Dir: dir})
		fmt.Println("there")
		<-t.Context().Done()
	}
	dir := t.TempDir()
	host := exec.Command(os.Args[0], "-test.run=^TestHandOver$")
	host.Env = append(os.Environ(), "JOBS_TEST_HOST="+dir)
	out, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Process.Kill() }) // again, which does no harm
	var line string
	if _, err := fmt.Fscanln(out, &line); err != nil || line != "there" {
		t.Fatal(line, err)
	}
	second, third := open(t, Options{Dir: dir}), open(t, Options{Dir: dir})
	add(t, third, Fetch, "0", nil)
	if err := host.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = host.Wait() // it was killed
	add(t, second, Fetch, "1", nil)
	add(t, third, Fetch, "2", nil)
	has, other := second, third
	if has.local.server == nil {
		has, other = third, second
	}
	if has.local.server == nil || other.local.server != nil {
		t.Error("not one server for two queues")
	}
	has.Close()
	add(t, other, Fetch, "3", nil)
	if d := depth(t, other, Fetch); d != (Depth{Waiting: 4}) {
		t.Errorf("%+v, want 4 waiting", d)
	}
	var mu sync.Mutex
	seen := map[string]bool{}
	enough := make(chan struct{})
	work(t, other, Fetch, enough, func(_ context.Context, j Job) error {
		mu.Lock()
		defer mu.Unlock()
		if seen[j.ID] = true; len(seen) == 4 {
			close(enough)
		}
		return nil
	})
}

// TestKilled has a process killed while it adds and does jobs: what it added is
// there, and what it had not acknowledged comes again.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("JOBS_TEST_DIR"); dir != "" {
		beKilled(t, dir)
		return
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "JOBS_TEST_DIR="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{} // what the process said before it was killed
	var line string
	for {
		if _, err := fmt.Fscanln(out, &line); err != nil {
			break
		}
		if told[line] = true; line == "added-99" {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	q := open(t, Options{Dir: dir})
	var mu sync.Mutex
	left := map[string]bool{}
	for id := range told {
		if id, ok := strings.CutPrefix(id, "added-"); ok && !told["did-"+id] {
			left[id] = true
		}
	}
	if len(left) == 0 {
		t.Fatal("nothing was left to do")
	}
	enough := make(chan struct{})
	work(t, q, Fetch, enough, func(_ context.Context, j Job) error {
		mu.Lock()
		defer mu.Unlock()
		if delete(left, j.ID); len(left) == 0 && enough != nil {
			close(enough)
			enough = nil
		}
		return nil
	})
}

// beKilled adds jobs, does every other one and never ends by itself.
func beKilled(t *testing.T, dir string) {
	q := open(t, Options{Dir: dir})
	go func() {
		_ = q.Work(t.Context(), Fetch, 2, func(ctx context.Context, j Job) error {
			if len(j.ID)%2 == 1 {
				<-ctx.Done()
			}
			fmt.Println("did-" + j.ID)
			return nil
		})
	}()
	for i := 0; ; i++ {
		add(t, q, Fetch, fmt.Sprint(i), nil)
		fmt.Printf("added-%d\n", i)
	}
}

// A server of the user's own, shared by several.
func TestLead(t *testing.T) {
	s, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, NoSigs: true, JetStream: true, StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	defer func() {
		s.Shutdown()
		s.WaitForShutdown()
	}()
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	first, second := open(t, Options{URL: s.ClientURL()}), open(t, Options{URL: s.ClientURL()})
	var mu sync.Mutex
	var leaders []string
	leads := func(name string) func(context.Context) error {
		return func(ctx context.Context) error {
			mu.Lock()
			leaders = append(leaders, name)
			mu.Unlock()
			<-ctx.Done()
			return ctx.Err()
		}
	}
	one, stopOne := context.WithCancel(t.Context())
	two, stopTwo := context.WithCancel(t.Context())
	var both sync.WaitGroup
	both.Go(func() { _ = first.Lead(one, "crawl", "first", leads("first")) })
	until(t, "the first leads", func() bool { l, err := first.Leader(t.Context(), "crawl"); return err == nil && l == "first" })
	both.Go(func() { _ = second.Lead(two, "crawl", "second", leads("second")) })
	stopOne()
	until(t, "the second leads", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return slices.Equal(leaders, []string{"first", "second"})
	})
	stopTwo()
	both.Wait()
	if l, err := first.Leader(t.Context(), "crawl"); err != nil || l != "" {
		t.Errorf("%q leads, %v", l, err)
	}
	add(t, first, Fetch, "shared", []byte("x"))
	enough := make(chan struct{})
	work(t, second, Fetch, enough, func(context.Context, Job) error { close(enough); return nil })
}
