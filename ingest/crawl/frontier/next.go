package frontier

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// A Want says which items Next may give. The zero value with a time wants all
// that are due.
type Want struct {
	Now    time.Time
	Source string // only items of this source; empty means any
	// Skip says of a source that nothing of it is wanted; nil means of none.
	Skip func(source string) bool
	// Busy says of a host, as [Item.Host] gives it, that it must not be asked
	// now; nil means that none is. It is called for each host that has something
	// due until one is found, so it must be quick.
	Busy func(host string) bool
}

// Next leases an item that is due: of the hosts that are not busy and not left
// alone, that with the item which has been due longest, and of its items that
// one. No other call gives the item until it is settled by Done, Fail, Postpone
// or Release. It is not ok if there is none.
func (f *Frontier) Next(w Want) (it Item, ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err = f.read(func(s store) error {
		return s.readyQueues(millis(w.Now), func(number uint32, host, source string) (bool, error) {
			if w.Source != "" && source != w.Source || w.Skip != nil && w.Skip(source) || w.Busy != nil && w.Busy(host) {
				return true, nil
			}
			it, ok, err = s.firstDue(number, millis(w.Now), f.leased)
			return err == nil && !ok, err
		})
	})
	if err != nil || !ok {
		return Item{}, false, err
	}
	f.leased[it.id] = true
	return it, true, nil
}

// Waits reports whether something of a source is due that is not leased, of a
// host that is not left alone.
func (f *Frontier) Waits(source string, now time.Time) (waits bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err = f.read(func(s store) error {
		return s.readyQueues(millis(now), func(number uint32, _, of string) (bool, error) {
			if of != source {
				return true, nil
			}
			_, waits, err = s.firstDue(number, millis(now), f.leased)
			return err == nil && !waits, err
		})
	})
	return waits, err
}

// readyQueues calls do for the queues that may be visited at now, in the order
// of since when, until it returns false.
func (s store) readyQueues(now int64, do func(number uint32, host, source string) (more bool, err error)) error {
	c := s.bucket(bucketReady).Cursor()
	for key, label := c.First(); len(key) == 12; key, label = c.Next() {
		if int64(binary.BigEndian.Uint64(key)) > now {
			return nil
		}
		host, source, _ := strings.Cut(string(label), "\x00")
		if more, err := do(toNumber(key[8:]), host, source); err != nil || !more {
			return err
		}
	}
	return nil
}

// firstDue returns the first item of a queue that is due at now and not leased.
func (s store) firstDue(number uint32, now int64, leased map[uint64]bool) (Item, bool, error) {
	prefix := number32(number)
	c := s.bucket(bucketDue).Cursor()
	for key, _ := c.Seek(prefix); len(key) == 20 && bytes.HasPrefix(key, prefix); key, _ = c.Next() {
		if int64(binary.BigEndian.Uint64(key[4:])) > now {
			break
		}
		if leased[idOf(key)] {
			continue
		}
		it, err := s.item(key[12:])
		return it, err == nil, err
	}
	return Item{}, false, nil
}

// NextTime returns when an item that is not due at now will be, or a host that
// is left alone may be asked again, whichever is first; zero if neither will.
func (f *Frontier) NextTime(now time.Time) (next time.Time, err error) {
	err = f.read(func(s store) error {
		// A host of which something is due may have more that will be.
		c := s.bucket(bucketReady).Cursor()
		if key, _ := c.Seek(number64(uint64(millis(now) + 1))); len(key) == 12 {
			next = fromMillis(int64(binary.BigEndian.Uint64(key)))
		}
		return s.readyQueues(millis(now), func(number uint32, _, _ string) (bool, error) {
			later := number32(number)
			later = binary.BigEndian.AppendUint64(later, uint64(millis(now)+1))
			key, _ := s.bucket(bucketDue).Cursor().Seek(later)
			if len(key) == 20 && bytes.HasPrefix(key, later[:4]) {
				if t := fromMillis(int64(binary.BigEndian.Uint64(key[4:]))); next.IsZero() || t.Before(next) {
					next = t
				}
			}
			return true, nil
		})
	})
	return next, err
}
