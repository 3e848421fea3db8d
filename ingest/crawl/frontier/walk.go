package frontier

import (
	"encoding/binary"
	"iter"
	"slices"
	"time"
)

// chunk is how many items are read at once: what walks over them may write in
// between, which it could not while the file is being read.
const chunk = 500

// Lookup returns what is known by an address, be that the item's own or an
// alias.
func (f *Frontier) Lookup(address string) (it Item, ok bool, err error) {
	err = f.read(func(s store) error {
		it, ok, err = s.find(address)
		return err
	})
	return it, ok, err
}

// Aliases returns the other addresses by which an item is known, sorted.
func (f *Frontier) Aliases(it Item) (aliases []string, err error) {
	err = f.read(func(s store) error {
		aliases = slices.Collect(s.aliasesOf(it.id))
		return nil
	})
	return aliases, err
}

// Empty reports whether nothing is known.
func (f *Frontier) Empty() (empty bool, err error) {
	err = f.read(func(s store) error {
		key, _ := s.bucket(bucketItems).Cursor().First()
		empty = key == nil
		return nil
	})
	return empty, err
}

// Items yields all items, in the order in which they were found. An error ends
// it.
func (f *Frontier) Items() iter.Seq2[Item, error] {
	return f.chunks(func(s store, after []byte) (part []Item, last []byte, err error) {
		c := s.bucket(bucketItems).Cursor()
		for key, _ := seekBehind(c, after); key != nil && len(part) < chunk; key, _ = c.Next() {
			it, err := s.item(key)
			if err != nil {
				return nil, nil, err
			}
			part, last = append(part, it), slices.Clone(key)
		}
		return part, last, nil
	})
}

// Due yields the items that are due at a time, leased or not and whether or not
// their hosts are left alone: by source and host, those that are due longest
// first. An error ends it.
func (f *Frontier) Due(now time.Time) iter.Seq2[Item, error] {
	return f.chunks(func(s store, after []byte) (part []Item, last []byte, err error) {
		c := s.bucket(bucketDue).Cursor()
		for key, _ := seekBehind(c, after); key != nil && len(part) < chunk; {
			last = slices.Clone(key)
			if int64(binary.BigEndian.Uint64(key[4:])) > millis(now) {
				key, _ = c.Seek(number32(toNumber(key) + 1)) // the next queue
				continue
			}
			it, err := s.item(key[12:])
			if err != nil {
				return nil, nil, err
			}
			part = append(part, it)
			key, _ = c.Next()
		}
		return part, last, nil
	})
}

// chunks yields what read gives, part by part, until it gives nothing.
func (f *Frontier) chunks(read func(s store, after []byte) ([]Item, []byte, error)) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		var after []byte
		for {
			var part []Item
			err := f.read(func(s store) (err error) {
				part, after, err = read(s, after)
				return err
			})
			if err != nil {
				yield(Item{}, err)
				return
			}
			if len(part) == 0 {
				return
			}
			for _, it := range part {
				if !yield(it, nil) {
					return
				}
			}
		}
	}
}

type cursor interface {
	First() (key, value []byte)
	Seek(seek []byte) (key, value []byte)
}

// seekBehind goes to the first key behind after.
func seekBehind(c cursor, after []byte) (key, value []byte) {
	if after == nil {
		return c.First()
	}
	return c.Seek(append(slices.Clone(after), 0))
}

// Unread returns the captures that Done was told of and SetRead was not: what a
// crawl was to load when it was killed. They are in no order.
func (f *Frontier) Unread() (captures []string, err error) {
	err = f.read(func(s store) error {
		return s.bucket(bucketUnread).ForEach(func(key, _ []byte) error {
			captures = append(captures, string(key))
			return nil
		})
	})
	return captures, err
}

// SetUnread says that captures are to be loaded that belong to no visit. It is
// durable when SetUnread returns.
func (f *Frontier) SetUnread(captures ...string) error {
	return f.write(func(s store) error {
		for _, c := range captures {
			if err := s.bucket(bucketUnread).Put([]byte(c), nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetRead says that captures have been read and loaded, or need not be. It is
// durable when SetRead returns.
func (f *Frontier) SetRead(captures ...string) error {
	return f.write(func(s store) error {
		for _, c := range captures {
			if err := s.bucket(bucketUnread).Delete([]byte(c)); err != nil {
				return err
			}
		}
		return nil
	})
}

// A Count says how many items of a source there are.
type Count struct {
	Known   int // all of them, without aliases
	Planned int // that are due now or later
	Visited int // that have answered
	Failing int // that did not answer when last asked
}

// Counts returns the counts of all sources, by name.
func (f *Frontier) Counts() (counts map[string]Count, err error) {
	counts = map[string]Count{}
	err = f.read(func(s store) error {
		return s.bucket(bucketSources).ForEach(func(key, value []byte) error {
			c, err := decodeCount(value)
			counts[string(key[1:])] = c
			return err
		})
	})
	return counts, err
}

// count keeps the counts in step with an item; the zero Item is none.
func (s store) count(before, it Item) error {
	if before.Source == it.Source {
		return s.addCount(it.Source, it.count().minus(before.count()))
	}
	if before.URL != "" {
		if err := s.addCount(before.Source, Count{}.minus(before.count())); err != nil {
			return err
		}
	}
	if it.URL == "" {
		return nil
	}
	return s.addCount(it.Source, it.count())
}

func (it Item) count() (c Count) {
	if it.URL != "" {
		c.Known = 1
	}
	if !it.Due.IsZero() {
		c.Planned = 1
	}
	if !it.Visited.IsZero() {
		c.Visited = 1
	}
	if it.Failures > 0 {
		c.Failing = 1
	}
	return c
}

func (c Count) minus(d Count) Count {
	return Count{c.Known - d.Known, c.Planned - d.Planned, c.Visited - d.Visited, c.Failing - d.Failing}
}

func (s store) addCount(source string, d Count) error {
	if d == (Count{}) {
		return nil
	}
	key := []byte("s" + source)
	var c Count
	if value := s.bucket(bucketSources).Get(key); value != nil {
		var err error
		if c, err = decodeCount(value); err != nil {
			return err
		}
	}
	c = c.minus(Count{}.minus(d))
	var value []byte
	for _, n := range []int{c.Known, c.Planned, c.Visited, c.Failing} {
		value = binary.AppendVarint(value, int64(n))
	}
	return s.bucket(bucketSources).Put(key, value)
}

func decodeCount(value []byte) (c Count, err error) {
	for _, n := range []*int{&c.Known, &c.Planned, &c.Visited, &c.Failing} {
		v, size := binary.Varint(value)
		if size <= 0 {
			return c, errItem
		}
		*n, value = int(v), value[size:]
	}
	return c, nil
}
