package frontier

import (
	"encoding/binary"
	"fmt"
	"time"
)

// Items are kept in a form of our own because there may be millions: it takes a
// third of the room of JSON and no time to read.

// errItem says that what is kept of an item cannot be read.
var errItem = fmt.Errorf("cannot be read: %w", ErrDamaged)

func encodeItem(it Item) []byte {
	b := make([]byte, 0, len(it.URL)+64)
	for _, n := range []uint64{
		uint64(it.queue), uint64(it.Kind), uint64(it.Depth), uint64(millis(it.Due)), uint64(millis(it.Published)),
		uint64(millis(it.Visited)), uint64(it.Revision), uint64(it.Failures),
	} {
		b = binary.AppendUvarint(b, n)
	}
	id := it.ID
	if id == it.URL {
		id = ""
	}
	for _, s := range []string{it.URL, id, it.ETag, it.LastModified, it.Hash, it.Reason} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

func decodeItem(b []byte) (Item, error) {
	d := decoder{rest: b}
	it := Item{
		queue: uint32(d.number()), Kind: Kind(d.number()), Depth: int(d.number()), Due: d.time(), Published: d.time(),
		Visited: d.time(), Revision: int(d.number()), Failures: int(d.number()),
		URL: d.text(), ID: d.text(), ETag: d.text(), LastModified: d.text(), Hash: d.text(), Reason: d.text(),
	}
	if d.err == nil && len(d.rest) > 0 {
		d.err = errItem
	}
	return it, d.err
}

// A decoder reads numbers and texts until something is wrong.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.err = errItem
		d.rest = nil
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) time() time.Time { return fromMillis(int64(d.number())) }

func (d *decoder) text() string {
	size := d.number()
	if size > uint64(len(d.rest)) {
		d.err = errItem
		d.rest = nil
		return ""
	}
	s := string(d.rest[:size])
	d.rest = d.rest[size:]
	return s
}
