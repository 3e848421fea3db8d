package frontier

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// Add takes in what has been found, and returns how many of the items were not
// known, under their ID or any alias. Those that are known stay as they are, but
// are due when the item is if it says that it changed after the last visit, or
// that an article is something else. What is no http or https URL, or longer
// than 4 KiB, is passed over. It is durable when Add returns, in parts if there
// are thousands.
func (f *Frontier) Add(items ...Item) (added int, err error) {
	for part := range slices.Chunk(items, addBatch) {
		n := 0
		err := f.write(func(s store) error {
			for _, it := range part {
				fresh, err := s.add(it)
				if err != nil {
					return err
				}
				if fresh {
					n++
				}
			}
			return nil
		})
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}

func (s store) add(it Item) (fresh bool, err error) {
	if !it.fits() {
		return false, nil
	}
	known, ok, err := s.find(it.name())
	if err != nil {
		return false, err
	}
	if ok {
		return false, s.again(known, it)
	}
	if it.id, err = s.bucket(bucketItems).NextSequence(); err != nil {
		return false, err
	}
	it.Source = strings.ReplaceAll(it.Source, "\x00", "")
	it.ETag, it.LastModified = bounded(it.ETag), bounded(it.LastModified)
	if err := s.bucket(bucketNames).Put(hash(it.name()), number64(it.id)); err != nil {
		return false, err
	}
	return true, s.put(Item{}, it)
}

// again takes in what is said of an item that is known.
func (s store) again(known, it Item) error {
	next := known
	switch {
	case known.Kind == Article && it.Kind != Article:
		next.Kind, next.Source, next.Due = it.Kind, it.Source, it.Due
	case !known.Visited.IsZero() && it.Changed.After(known.Visited) && (known.Due.IsZero() || it.Due.Before(known.Due)):
		next.Due = it.Due
	}
	if next.Published.IsZero() {
		next.Published = fromMillis(millis(it.Published))
	}
	if next == known {
		return nil
	}
	return s.put(known, next)
}

// Done settles a visit that was answered. It must come after what was answered
// is safe in the archive and what was found there has been added: an item that
// is not done when the machine fails is visited again. It is durable when Done
// returns.
func (f *Frontier) Done(it Item, o Outcome) error {
	err := f.write(func(s store) error { return s.done(it, o) })
	f.Release(it)
	return err
}

func (s store) done(visited Item, o Outcome) error {
	before, ok, err := s.current(visited)
	if err != nil || !ok {
		return err
	}
	if o.Capture != "" {
		if err := s.bucket(bucketUnread).Put([]byte(o.Capture), nil); err != nil {
			return err
		}
	}
	it := before
	it.apply(o)
	for _, alias := range o.Aliases {
		if err := s.alias(alias, it); err != nil {
			return err
		}
	}
	if o.ID != "" && o.ID != it.name() && len(o.ID) <= maxURL {
		known, ok, err := s.find(o.ID)
		if err != nil {
			return err
		}
		if ok && known.id != it.id {
			return s.merge(before, it, known)
		}
		if err := s.rename(&it, o.ID); err != nil {
			return err
		}
	}
	return s.put(before, it)
}

// current is a leased item as it is now. It is not ok if it became an alias of
// another meanwhile, so that there is nothing to settle.
func (s store) current(leased Item) (it Item, ok bool, err error) {
	it, ok, err = s.find(leased.name())
	if err == nil && !ok {
		err = fmt.Errorf("%.200s is not known", leased.name())
	}
	return it, ok && it.id == leased.id, err
}

// rename makes id what an item is known by, and the name before an alias.
func (s store) rename(it *Item, id string) error {
	old := it.name()
	it.ID = id
	if err := s.bucket(bucketAliases).Delete(append(number64(it.id), id...)); err != nil {
		return err
	}
	if err := s.bucket(bucketNames).Put(hash(id), number64(it.id)); err != nil {
		return err
	}
	return s.nameAlso(old, it.id)
}

// merge makes an item that was just visited an alias of one that was known by
// the same name. If that has never been visited, it need not be any more.
func (s store) merge(before, it, known Item) error {
	if err := s.absorb(before, known.id); err != nil {
		return err
	}
	if it.URL != known.name() {
		if err := s.nameAlso(it.URL, known.id); err != nil {
			return err
		}
	}
	if !known.Visited.IsZero() {
		return nil
	}
	next := it
	next.id, next.ID = known.id, known.name()
	if next.Published.IsZero() {
		next.Published = known.Published
	}
	return s.put(known, next)
}

// absorb removes an item and has all its names lead to another.
func (s store) absorb(it Item, into uint64) error {
	if due := millis(it.Due); due != 0 {
		if err := s.bucket(bucketDue).Delete(dueKey(it.queue, due, it.id)); err != nil {
			return err
		}
		if err := s.refresh(it.queue); err != nil {
			return err
		}
	}
	if err := s.count(it, Item{}); err != nil {
		return err
	}
	for _, name := range append(slices.Collect(s.aliasesOf(it.id)), it.name()) {
		if err := s.bucket(bucketAliases).Delete(append(number64(it.id), name...)); err != nil {
			return err
		}
		if err := s.nameAlso(name, into); err != nil {
			return err
		}
	}
	return s.bucket(bucketItems).Delete(number64(it.id))
}

// alias makes an address one by which an item is known too, unless it is one of
// an item that has been visited itself.
func (s store) alias(address string, it Item) error {
	if address == "" || len(address) > maxURL || address == it.name() {
		return nil
	}
	known, ok, err := s.find(address)
	switch {
	case err != nil:
		return err
	case ok && known.id == it.id, ok && !known.Visited.IsZero():
		return nil
	case ok:
		if err := s.absorb(known, it.id); err != nil {
			return err
		}
	}
	return s.nameAlso(address, it.id)
}

func (s store) nameAlso(address string, id uint64) error {
	if err := s.bucket(bucketNames).Put(hash(address), number64(id)); err != nil {
		return err
	}
	return s.bucket(bucketAliases).Put(append(number64(id), address...), nil)
}

func (s store) aliasesOf(id uint64) iter.Seq[string] {
	return func(yield func(string) bool) {
		prefix := number64(id)
		c := s.bucket(bucketAliases).Cursor()
		for key, _ := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = c.Next() {
			if !yield(string(key[len(prefix):])) {
				return
			}
		}
	}
}

// Fail settles a visit that came to nothing. It is tried again at the time that
// is given; never, if that is zero. It is durable when Fail returns.
func (f *Frontier) Fail(it Item, reason string, again time.Time) error {
	err := f.change(it, func(it *Item) {
		it.Failures++
		it.Reason = strings.ToValidUTF8(reason[:min(len(reason), maxReason)], "")
		it.Due = again
	})
	f.Release(it)
	return err
}

// Postpone settles an item that was not visited after all, and is due at another
// time; never, if that is zero.
func (f *Frontier) Postpone(it Item, due time.Time) error {
	err := f.change(it, func(it *Item) { it.Due = due })
	f.Release(it)
	return err
}

// SetDue says when an item is due; never, if that is zero. A visit of it that is
// under way is not disturbed, and says anew when it is settled.
func (f *Frontier) SetDue(it Item, due time.Time) error {
	return f.change(it, func(it *Item) { it.Due = due })
}

func (f *Frontier) change(it Item, how func(*Item)) error {
	return f.write(func(s store) error {
		before, ok, err := s.current(it)
		if err != nil || !ok {
			return err
		}
		after := before
		how(&after)
		return s.put(before, after)
	})
}

// Release gives an item back that was leased and not visited.
func (f *Frontier) Release(it Item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.leased, it.id)
}

func idOf(key []byte) uint64 { return binary.BigEndian.Uint64(key[len(key)-8:]) }
