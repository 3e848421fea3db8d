package frontier

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// verify sees that all indexes say what the items say.
func verify(t testing.TB, f *Frontier) {
	t.Helper()
	if err := f.view(consistent); err != nil {
		t.Fatal(err)
	}
}

func consistent(s store) error {
	due, counts := 0, map[string]Count{}
	err := s.bucket(bucketItems).ForEach(func(key, _ []byte) error {
		it, err := s.item(key)
		if err != nil {
			return err
		}
		counts[it.Source] = counts[it.Source].minus(Count{}.minus(it.count()))
		if !bytes.Equal(s.bucket(bucketNames).Get(hash(it.name())), key) {
			return fmt.Errorf("%s does not lead to its item", it.name())
		}
		if it.Due.IsZero() {
			return nil
		}
		due++
		if s.bucket(bucketDue).Get(dueKey(it.queue, millis(it.Due), it.id)) == nil {
			return fmt.Errorf("%s is not in its queue", it.URL)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n := s.bucket(bucketDue).Stats().KeyN; n != due {
		return fmt.Errorf("%d items in queues, want %d", n, due)
	}
	if err := queuesConsistent(s); err != nil {
		return err
	}
	if err := aliasesConsistent(s); err != nil {
		return err
	}
	return s.bucket(bucketSources).ForEach(func(key, value []byte) error {
		if c, err := decodeCount(value); err != nil || c != counts[string(key[1:])] {
			return fmt.Errorf("counts of %q are %+v, want %+v: %v", key[1:], c, counts[string(key[1:])], err)
		}
		return nil
	})
}

func queuesConsistent(s store) error {
	ready := 0
	err := s.bucket(bucketQueues).ForEach(func(key, _ []byte) error {
		q, err := s.queue(toNumber(key))
		if err != nil {
			return err
		}
		want := s.first(q.number)
		if h, err := s.host(q.host); err != nil {
			return err
		} else if want != 0 {
			want = max(want, millis(h.Until))
			ready++
		}
		if q.ready != want || want != 0 && !bytes.Equal(s.bucket(bucketReady).Get(readyKey(want, q.number)), q.label()) {
			return fmt.Errorf("queue %d is ready at %d, want %d", q.number, q.ready, want)
		}
		return nil
	})
	if n := s.bucket(bucketReady).Stats().KeyN; err == nil && n != ready {
		err = fmt.Errorf("%d queues are ready, want %d", n, ready)
	}
	return err
}

func aliasesConsistent(s store) error {
	return s.bucket(bucketAliases).ForEach(func(key, _ []byte) error {
		it, ok, err := s.find(string(key[8:]))
		if err != nil || !ok || it.id != binary.BigEndian.Uint64(key) || it.name() == string(key[8:]) {
			return fmt.Errorf("alias %q leads to %+v: %v", key, it, err)
		}
		return nil
	})
}

// act does something at random, as seeded. It stands for a crawler that has
// several visits under way.
func act(f *Frontier, r *rand.Rand, now time.Time, leased map[string]Item) error {
	url := func() string { return fmt.Sprintf("https://%d.example/%d", r.IntN(5), r.IntN(200)) }
	when := func() time.Time { return now.Add(time.Duration(r.IntN(7200)-1800) * time.Second) }
	any := func() Item {
		for _, it := range leased {
			delete(leased, it.URL)
			return it
		}
		return Item{}
	}
	switch n := r.IntN(10); {
	case n < 3:
		_, err := f.Add(Item{URL: url(), Source: fmt.Sprint(r.IntN(2)), Due: when(), Changed: when()}, Item{URL: url(), ID: url()})
		return err
	case n < 6 || len(leased) == 0:
		it, ok, err := f.Next(Want{Now: now})
		if ok {
			leased[it.URL] = it
		}
		return err
	case n == 6:
		return f.Fail(any(), "500", when())
	case n == 7:
		return f.SetHost(Host{Name: fmt.Sprintf("%d.example", r.IntN(5)), Failures: r.IntN(2), Until: when()})
	}
	o := Outcome{Visited: now, Hash: fmt.Sprint(r.IntN(3)), Due: when()}
	if r.IntN(2) == 0 {
		o.ID = url()
	}
	if r.IntN(2) == 0 {
		o.Aliases = []string{url(), url()}
	}
	return f.Done(any(), o)
}

// TestRandomly does things in orders that nobody thought of.
func TestRandomly(t *testing.T) {
	for seed := range uint64(3) {
		f := newFrontier(t)
		f.db.NoSync = true
		r := rand.New(rand.NewPCG(seed, 0))
		leased, now := map[string]Item{}, noon
		for step := range 600 {
			now = now.Add(time.Minute)
			if err := act(f, r, now, leased); err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, step, err)
			}
			if step%20 == 0 {
				verify(t, f)
			}
		}
		verify(t, f)
		if err := f.db.View(func(tx *bolt.Tx) error {
			for err := range tx.Check() {
				return err
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
}
