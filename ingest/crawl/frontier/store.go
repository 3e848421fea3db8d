package frontier

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// The buckets of the file. Keys that are numbers are big-endian, so that they
// are in their order.
var (
	bucketMeta    = []byte("meta")    // "form" → the number of this layout
	bucketNames   = []byte("names")   // hash of an address → number of its item
	bucketItems   = []byte("items")   // number → item
	bucketAliases = []byte("aliases") // number of an item, address → nothing
	bucketDue     = []byte("due")     // queue, due, number of an item → nothing
	bucketReady   = []byte("ready")   // time, queue → host and source of the queue
	bucketQueues  = []byte("queues")  // queue → its time in ready, host and source
	bucketQueueOf = []byte("queueOf") // host and source → queue
	bucketHosts   = []byte("hosts")   // host → what is known of it
	bucketSources = []byte("sources") // source → counts
	bucketUnread  = []byte("unread")  // capture → nothing
)

const form = 1

// prepare makes what a new file lacks.
func prepare(tx *bolt.Tx) error {
	for _, name := range [][]byte{
		bucketNames, bucketItems, bucketAliases, bucketDue, bucketReady, bucketQueues, bucketQueueOf, bucketHosts, bucketSources, bucketUnread,
	} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	meta, err := tx.CreateBucketIfNotExists(bucketMeta)
	if err != nil {
		return err
	}
	switch found := meta.Get([]byte("form")); {
	case found == nil:
		return meta.Put([]byte("form"), []byte{form})
	case len(found) != 1 || found[0] != form:
		return fmt.Errorf("written by another version of breachgraph (form %d, not %d); move it away", found, form)
	}
	return nil
}

// A store is a transaction with what it means.
type store struct {
	tx *bolt.Tx
}

func (s store) bucket(name []byte) *bolt.Bucket { return s.tx.Bucket(name) }

// A queue is what one source has on one host: its items in the order in which
// they are due. Queues stand in ready by when the first one may be visited.
type queue struct {
	number uint32
	host   string
	source string
	ready  int64 // 0 if nothing is due
}

// hash names an address in a key. Half of SHA-256 is enough for as many as
// there can ever be.
func hash(address string) []byte {
	sum := sha256.Sum256([]byte(address))
	return sum[:16]
}

func number64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
func number32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func dueKey(queue uint32, due int64, id uint64) []byte {
	key := binary.BigEndian.AppendUint32(make([]byte, 0, 20), queue)
	key = binary.BigEndian.AppendUint64(key, uint64(due))
	return binary.BigEndian.AppendUint64(key, id)
}

func readyKey(ready int64, queue uint32) []byte {
	return binary.BigEndian.AppendUint32(number64(uint64(ready)), queue)
}

// millis is a time as it is kept; 0 for the zero time, and never less than 1
// for others.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(1, t.UnixMilli())
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// find returns the item that is known by an address.
func (s store) find(address string) (Item, bool, error) {
	id := s.bucket(bucketNames).Get(hash(address))
	if id == nil {
		return Item{}, false, nil
	}
	it, err := s.item(id)
	return it, err == nil, err
}

// item returns the item with the number that key is.
func (s store) item(key []byte) (Item, error) {
	value := s.bucket(bucketItems).Get(key)
	if len(key) != 8 || value == nil {
		return Item{}, fmt.Errorf("item %x is missing: %w", key, ErrDamaged)
	}
	it, err := decodeItem(value)
	if err != nil {
		return Item{}, fmt.Errorf("item %x: %w", key, err)
	}
	it.id = binary.BigEndian.Uint64(key)
	q, err := s.queue(it.queue)
	it.Source = q.source
	return it, err
}

// put keeps an item in place of what it was before, which is the zero Item for
// a new one, and keeps all that hangs on it in step.
func (s store) put(before, it Item) error {
	q, err := s.queueFor(it)
	if err != nil {
		return err
	}
	it.queue = q.number
	items := s.bucket(bucketItems)
	items.FillPercent = 0.8 // they come in order, and grow
	if err := items.Put(number64(it.id), encodeItem(it)); err != nil {
		return err
	}
	if err := s.schedule(before, it); err != nil {
		return err
	}
	return s.count(before, it)
}

// schedule moves an item in its queue, and the queue among the others.
func (s store) schedule(before, it Item) error {
	was, is := millis(before.Due), millis(it.Due)
	if was == is && before.queue == it.queue {
		return nil
	}
	due := s.bucket(bucketDue)
	if was != 0 {
		if err := due.Delete(dueKey(before.queue, was, before.id)); err != nil {
			return err
		}
	}
	if is != 0 {
		if err := due.Put(dueKey(it.queue, is, it.id), nil); err != nil {
			return err
		}
	}
	if was != 0 && before.queue != it.queue {
		if err := s.refresh(before.queue); err != nil {
			return err
		}
	}
	return s.refresh(it.queue)
}

// refresh puts a queue where its first item and the state of its host say.
func (s store) refresh(number uint32) error {
	q, err := s.queue(number)
	if err != nil {
		return err
	}
	ready := s.first(number)
	if ready != 0 {
		h, err := s.host(q.host)
		if err != nil {
			return err
		}
		ready = max(ready, millis(h.Until))
	}
	if ready == q.ready {
		return nil
	}
	index := s.bucket(bucketReady)
	if q.ready != 0 {
		if err := index.Delete(readyKey(q.ready, number)); err != nil {
			return err
		}
	}
	q.ready = ready
	if ready != 0 {
		if err := index.Put(readyKey(ready, number), q.label()); err != nil {
			return err
		}
	}
	return s.putQueue(q)
}

// first is when the first item of a queue is due; 0 if it has none.
func (s store) first(queue uint32) int64 {
	prefix := number32(queue)
	key, _ := s.bucket(bucketDue).Cursor().Seek(prefix)
	if len(key) != 20 || string(key[:4]) != string(prefix) {
		return 0
	}
	return int64(binary.BigEndian.Uint64(key[4:]))
}

func (q queue) label() []byte { return []byte(q.host + "\x00" + q.source) }

func (s store) putQueue(q queue) error {
	return s.bucket(bucketQueues).Put(number32(q.number), append(number64(uint64(q.ready)), q.label()...))
}

func (s store) queue(number uint32) (queue, error) {
	value := s.bucket(bucketQueues).Get(number32(number))
	if len(value) < 8 {
		return queue{}, fmt.Errorf("queue %d is missing: %w", number, ErrDamaged)
	}
	q := queue{number: number, ready: int64(binary.BigEndian.Uint64(value))}
	q.host, q.source, _ = strings.Cut(string(value[8:]), "\x00")
	return q, nil
}

// queueFor returns the queue that an item belongs to, made if it is missing.
func (s store) queueFor(it Item) (queue, error) {
	q := queue{host: it.Host(), source: it.Source}
	known := s.bucket(bucketQueueOf)
	if number := known.Get(q.label()); len(number) == 4 {
		q.number = toNumber(number)
		return q, nil
	}
	n, err := known.NextSequence()
	if err != nil {
		return q, err
	}
	if n > math.MaxUint32 {
		return q, fmt.Errorf("more than %d hosts and sources", uint32(math.MaxUint32))
	}
	q.number = uint32(n)
	if err := known.Put(q.label(), number32(q.number)); err != nil {
		return q, err
	}
	return q, s.putQueue(q)
}

func toNumber(key []byte) uint32 { return binary.BigEndian.Uint32(key) }
