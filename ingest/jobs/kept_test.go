package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func allKept(t *testing.T, q *Queue) (all []Kept) {
	t.Helper()
	for k, err := range q.Kept(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, k)
	}
	return all
}

// What Kept yields makes the same jobs and dead letters elsewhere, and where it
// came from once that is cleared.
func TestKept(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	large := bytes.Repeat([]byte("page "), maxParcel)
	add(t, q, Extract, "dies", large)
	add(t, q, Extract, "dies too", []byte("y"))
	enough := make(chan struct{})
	var done atomic.Int32
	work(t, q, Extract, enough, func(context.Context, Job) error {
		if done.Add(1) == 2 {
			close(enough)
		}
		return Permanent(errors.New("no good"))
	})
	until(t, "both are dead", func() bool { return len(letters(t, q)) == 2 })
	for n := range 30 {
		add(t, q, Extract, fmt.Sprint("e", n), []byte(fmt.Sprint(n)))
	}
	add(t, q, Load, "l", large)
	add(t, q, Fetch, "f", nil) // is asked for again by the crawl
	want := allKept(t, q)
	if len(want) != 33 || !want[0].Dead || want[0].Headers[headerReason] != "no good" {
		t.Fatalf("kept %d, the first is %+v", len(want), want[0].Headers)
	}
	dead := letters(t, q)

	other := open(t, Options{Dir: t.TempDir()})
	if err := q.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := allKept(t, q); len(left) > 0 || depth(t, q, Fetch) != (Depth{}) {
		t.Errorf("Clear left %d", len(left))
	}
	for _, q := range []*Queue{other, q} {
		for _, k := range want {
			if err := q.Keep(t.Context(), k); err != nil {
				t.Fatal(err)
			}
		}
		if got := allKept(t, q); !reflect.DeepEqual(got, want) {
			t.Errorf("restored %d jobs, want %d that are the same", len(got), len(want))
		}
		got := letters(t, q)
		for i := range got {
			got[i].Number, dead[i].Number = 0, 0 // of its stream
			dead[i].Died = dead[i].Died.UTC().Truncate(time.Second)
		}
		if !slices.Equal(got, dead) {
			t.Errorf("restored the letters\n%+v, want\n%+v", got, dead)
		}
	}
	for _, k := range []Kept{{Stage: "x", ID: "a"}, {Stage: "x", ID: "a", Dead: true}, {Stage: Load}} {
		if err := other.Keep(t.Context(), k); err == nil {
			t.Errorf("kept %+v", k)
		}
	}
}

func TestDropDead(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	for days, id := range []string{"fresh", "older", "oldest"} {
		died := time.Now().AddDate(0, 0, -10*days).UTC().Format(time.RFC3339)
		if err := q.Keep(t.Context(), Kept{Stage: Load, ID: id, Dead: true, Headers: map[string]string{headerDied: died}, Data: bytes.Repeat([]byte("x"), maxParcel+1)}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := q.DropDead(t.Context(), time.Now().AddDate(0, 0, -5)); n != 2 || err != nil {
		t.Errorf("DropDead = %d, %v, want 2", n, err)
	}
	if left := letters(t, q); len(left) != 1 || left[0].ID != "fresh" {
		t.Errorf("left %+v", left)
	}
	if objects, err := q.parcels.List(t.Context()); err != nil || len(objects) != 1 {
		t.Errorf("%d parcels are left, %v, want 1", len(objects), err)
	}
}

func TestOldest(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	if at, err := q.Oldest(t.Context()); err != nil || !at.IsZero() {
		t.Errorf("Oldest of none = %v, %v", at, err)
	}
	before := time.Now().Add(-time.Second)
	add(t, q, Load, "a", nil)
	if at, err := q.Oldest(t.Context()); err != nil || at.Before(before) || at.After(time.Now().Add(time.Second)) {
		t.Errorf("Oldest = %v, %v", at, err)
	}
}

// While a stage is paused no job of it is done, also by workers that come.
func TestPause(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	resume, err := q.Pause(t.Context(), Load) // that nobody has worked at
	if err != nil {
		t.Fatal(err)
	}
	resumed(t, resume)
	add(t, q, Load, "0", nil)
	var begun atomic.Int32
	more := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- q.Work(ctx, Load, 4, func(context.Context, Job) error {
			begun.Add(1)
			<-more
			return nil
		})
	}()
	until(t, "a job is begun", func() bool { return begun.Load() == 1 })
	paused := make(chan func() error, 1)
	go func() {
		resume, err := q.Pause(t.Context(), Load)
		if err != nil {
			t.Error(err)
		}
		paused <- resume
	}()
	select {
	case <-paused:
		t.Error("paused while a job was being done")
	default:
	}
	close(more)
	resume = <-paused
	other := make(chan error, 1)
	go func() { other <- q.Work(ctx, Load, 1, func(context.Context, Job) error { begun.Add(1); return nil }) }()
	for n := range 5 {
		add(t, q, Load, fmt.Sprint(n+1), nil)
	}
	if n := begun.Load(); n != 1 {
		t.Errorf("%d jobs were begun, want 1", n)
	}
	resumed(t, resume)
	until(t, "the rest is done", func() bool { return begun.Load() == 6 })
	if resume, err = q.Pause(t.Context(), Load); err != nil {
		t.Fatal(err)
	}
	if _, err := q.js.PauseConsumer(t.Context(), Load.stream(), string(Load), time.Now()); err != nil { // somebody else's doing
		t.Fatal(err)
	}
	if err := resume(); !errors.Is(err, ErrPauseLost) {
		t.Errorf("after a pause that was none: %v", err)
	}
	stop()
	if err := errors.Join(<-ended, <-other); err != nil {
		t.Error(err)
	}
}

func resumed(t *testing.T, resume func() error) {
	t.Helper()
	if err := resume(); err != nil {
		t.Error(err)
	}
}

func TestCall(t *testing.T) {
	dir := t.TempDir()
	q, other := open(t, Options{Dir: dir}), open(t, Options{Dir: dir})
	call := func(data string) (string, error) {
		got, err := other.Call(t.Context(), "ask", []byte(data))
		return string(got), err
	}
	if _, err := call("x"); !errors.Is(err, ErrNobody) {
		t.Errorf("Call of nobody: %v", err)
	}
	large := strings.Repeat("page ", maxParcel)
	begun := make(chan time.Duration)
	stop, err := q.Serve(t.Context(), "ask", 2, func(ctx context.Context, c Call) ([]byte, error) {
		switch string(c.Data) {
		case "large":
			return []byte(large), nil
		case "bad":
			return []byte(large), errors.New("the disk is full")
		case "slow":
			begun <- c.Within
			<-ctx.Done()
			return nil, context.Cause(ctx)
		}
		return append([]byte("answer to "), c.Data...), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	until(t, "it is served", func() bool { _, err := call("x"); return err == nil })
	for data, want := range map[string]string{"": "answer to ", "x": "answer to x", "large": large} {
		if got, err := call(data); got != want || err != nil {
			t.Errorf("Call(%q) = %.20q of %d bytes, %v", data, got, len(got), err)
		}
	}
	if got, err := call("bad"); err == nil || got != "" || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("Call = %q, %v", got, err)
	}
	ended := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		_, err := other.Call(ctx, "ask", []byte("slow"))
		ended <- err
	}()
	if within := <-begun; within <= 0 || within > patience {
		t.Errorf("the caller is said to wait for %s", within)
	}
	if got, err := call("x"); got != "answer to x" || err != nil { // others are not kept waiting
		t.Errorf("Call = %q, %v", got, err)
	}
	stop()
	if err := <-ended; !errors.Is(err, ErrNobody) {
		t.Errorf("Call that was cut off: %v, want %v", err, ErrNobody)
	}
	until(t, "it is served no more", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // a call on its way gets no answer
		defer cancel()
		_, err := other.Call(ctx, "ask", nil)
		return errors.Is(err, ErrNobody)
	})
}
