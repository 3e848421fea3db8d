package feature

import "math/bits"

// An ID is the hash of a feature. Training and tagging share it, so features
// that fall together do so in both.
type ID = uint32

const (
	k1 = 0x9e3779b97f4a7c15
	k2 = 0xff51afd7ed558ccd
	k3 = 0xc4ceb9fe1a85ec53
)

// mix joins two hashes; it is not symmetric.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^k1, bits.RotateLeft64(b, 29)^k2)
	return hi ^ lo
}

// id hashes a template and one value of it.
func id(template, a uint64) ID {
	hi, lo := bits.Mul64(a^(template+1)*k1, k3)
	return ID((hi ^ lo) >> 16)
}

func id2(template, a, b uint64) ID { return id(template, mix(a, b)) }

func id3(template, a, b, c uint64) ID { return id(template, mix(mix(a, b), c)) }

// hashString is FNV-1a with a last mixing step, which the short words of a
// text need.
func hashString(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return mix(h, uint64(len(s)))
}

// A table maps hashes to small numbers by open addressing. It is sized
// beforehand for the number of keys it will hold.
type table struct {
	keys   []uint64
	values []int32
	mask   uint64
}

func newTable(n int) table {
	var t table
	t.reset(n)
	return t
}

// reset empties t and makes it large enough for n keys.
func (t *table) reset(n int) {
	size := 1 << bits.Len(uint(2*n+1))
	if size > cap(t.keys) {
		t.keys, t.values = make([]uint64, size), make([]int32, size)
	}
	t.keys, t.values, t.mask = t.keys[:size], t.values[:size], uint64(size-1)
	clear(t.keys)
}

// slot returns where key is, or where it would go; the key 0 marks a free slot.
func (t *table) slot(key uint64) (int, bool) {
	for i := key & t.mask; ; i = (i + 1) & t.mask {
		switch t.keys[i] {
		case key:
			return int(i), true
		case 0:
			return int(i), false
		}
	}
}

// get returns the value of key, 0 where it has none.
func (t *table) get(key uint64) int32 {
	if i, ok := t.slot(key); ok {
		return t.values[i]
	}
	return 0
}

func (t *table) put(key uint64, value int32) {
	i, _ := t.slot(key)
	t.keys[i], t.values[i] = key, value
}
