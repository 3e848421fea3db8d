package ingest

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode"
)

// The MinHash libraries for Go (dgryski/go-minhash, ekzhu/minhash-lsh) estimate
// similarity only. An excerpt has little of it with its article, so containment
// is needed too, and the minima of many permutations do not tell it. As many
// least values of one permutation do (A. Broder: On the resemblance and
// containment of documents, 1997), estimate similarity no worse and are made in
// one pass, in less code than it would take to wrap a library.

const (
	// DuplicateSimilarity is the similarity from which two articles are taken
	// for one that was syndicated or revised. Notices that appear each month
	// with other names in the same sentences reach it as well.
	DuplicateSimilarity = 0.5
	// ExcerptContainment is the share of a text that must stand in another for
	// it to be taken for an excerpt of that.
	ExcerptContainment = 0.55

	// shingleWords are the words in a row that are compared as one.
	shingleWords = 3
	// sketchSize is how many shingles a sketch keeps. For similarity 128 are
	// enough; with twice as many, containment tells a copy in which every fifth
	// word is missing from another article that quotes the same statement.
	sketchSize = 256
	// sketchKeys is by how many of them an index finds a text.
	sketchKeys = 64
	// minShared is how many must be found in both texts: fewer are a phrase.
	minShared = 6

	sketchVersion = 1
)

const (
	bucketSize = 8  // keys that a bucket of an index holds
	slotBits   = 24 // bits of a key in a bucket that say where its text is
	maxTexts   = 1<<slotBits - 1
)

// ErrBadSketch is wrapped by the error of [Sketch.UnmarshalBinary] for bytes
// that [Sketch.AppendBinary] did not write.
var ErrBadSketch = errors.New("malformed sketch")

// A Sketch stands for a text when texts are compared: a sample of its shingles,
// three words in a row without regard to case, punctuation and layout. Texts
// that share a shingle agree on whether it is in the sample. The zero value is
// the sketch of a text without words.
type Sketch struct {
	least []uint32 // the least hashes of shingles, ascending, all of them if fewer than sketchSize
}

// Fingerprint sketches text. The result depends on nothing else and stays the
// same in later versions, or its encoding changes too.
func Fingerprint(text string) Sketch {
	s := sampler{limit: math.MaxUint32}
	var last [shingleWords]uint64
	n := 0
	for word := range wordHashes(text) {
		copy(last[:], last[1:])
		last[shingleWords-1] = word
		if n++; n >= shingleWords {
			s.add(last[:])
		}
	}
	if 0 < n && n < shingleWords {
		s.add(last[shingleWords-n:])
	}
	s.settle()
	return Sketch{least: slices.Clone(s.least)} // without what the sampler had room for
}

// A sampler keeps the least of the hashes that it is given, and until it settles
// some others.
type sampler struct {
	least []uint32
	limit uint32 // the least hash that need not be kept
}

func (s *sampler) add(words []uint64) {
	var h uint64
	for _, w := range words {
		h = mix(h + w)
	}
	hash := uint32(h >> 32)
	if hash >= s.limit {
		return
	}
	if s.least = append(s.least, hash); len(s.least) >= 16*sketchSize {
		s.settle()
	}
}

func (s *sampler) settle() {
	slices.Sort(s.least)
	s.least = slices.Compact(s.least)
	if len(s.least) >= sketchSize {
		s.least = s.least[:sketchSize]
		s.limit = s.least[sketchSize-1]
	}
}

// mix is the finaliser of SplitMix64: all bits of h bear on all of the result.
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// wordHashes yields a hash of each word of text. Letters of scripts that part
// no words are each taken for one.
func wordHashes(text string) iter.Seq[uint64] {
	const offset, prime = 0xcbf29ce484222325, 0x100000001b3 // FNV-1a
	return func(yield func(uint64) bool) {
		h, inWord := uint64(offset), false
		end := func() bool {
			word, was := h, inWord
			h, inWord = offset, false
			return !was || yield(word)
		}
		for _, r := range text {
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
				unparted := r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
				if unparted && !end() {
					return
				}
				h, inWord = (h^uint64(unicode.ToLower(r)))*prime, true
				if unparted && !end() {
					return
				}
			case r == '\'' || r == '’': // "it's" is one word, however its apostrophe is set
			case !end():
				return
			}
		}
		end()
	}
}

// Len returns how many shingles of the text the sketch holds: all of them for a
// text of up to some 260 words, 256 for longer ones.
func (s Sketch) Len() int { return len(s.least) }

// boundary is the hash up to which the sketch holds all of the text's.
func (s Sketch) boundary() uint32 {
	if len(s.least) < sketchSize {
		return math.MaxUint32
	}
	return s.least[sketchSize-1]
}

// overlap counts, among the hashes that would be in either sketch, those of s,
// those of o and those of both.
func (s Sketch) overlap(o Sketch) (ofS, ofO, both int) {
	limit := min(s.boundary(), o.boundary())
	for ofS < len(s.least) && s.least[ofS] <= limit || ofO < len(o.least) && o.least[ofO] <= limit {
		switch {
		case ofO == len(o.least) || ofS < len(s.least) && s.least[ofS] < o.least[ofO]:
			ofS++
		case ofS == len(s.least) || o.least[ofO] < s.least[ofS]:
			ofO++
		default:
			ofS, ofO, both = ofS+1, ofO+1, both+1
		}
	}
	return ofS, ofO, both
}

// Similarity estimates the Jaccard similarity of the two texts: of the shingles
// of both together, the share that stands in each, 0 to 1. Its standard error is
// at most 0.03. A text without words is similar to none.
func (s Sketch) Similarity(o Sketch) float64 {
	ofS, ofO, both := s.overlap(o)
	return share(both, ofS+ofO-both)
}

// Containment estimates which share of the shingles of s stands in o too, 0 to
// 1. For an excerpt of an article it is near 1, however long the article is. The
// standard error grows as the excerpt gets shorter: it is at most 0.06 for a third
// and 0.1 for a tenth of a long article.
func (s Sketch) Containment(o Sketch) float64 {
	ofS, _, both := s.overlap(o)
	return share(both, ofS)
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// AppendBinary appends the sketch to b, at most 1,025 bytes.
func (s Sketch) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, sketchVersion)
	for _, h := range s.least {
		b = binary.BigEndian.AppendUint32(b, h)
	}
	return b, nil
}

// MarshalBinary is AppendBinary to nothing.
func (s Sketch) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

// UnmarshalBinary reads what AppendBinary wrote.
func (s *Sketch) UnmarshalBinary(b []byte) error {
	if len(b) == 0 || b[0] != sketchVersion || len(b)%4 != 1 || len(b) > 1+4*sketchSize {
		return fmt.Errorf("read a sketch of %d bytes: %w", len(b), ErrBadSketch)
	}
	var least []uint32
	for i := 1; i < len(b); i += 4 {
		h := binary.BigEndian.Uint32(b[i:])
		if n := len(least); n > 0 && h <= least[n-1] {
			return fmt.Errorf("read a sketch: hash %d is out of order: %w", n, ErrBadSketch)
		}
		least = append(least, h)
	}
	s.least = least
	return nil
}

// A Neighbour is a text of an [Index] that has much in common with another.
type Neighbour struct {
	ID         string
	Similarity float64 // of the two texts
	Within     float64 // the share of the text asked about that stands in this one
	Covers     float64 // the share of this text that stands in the one asked about
}

// An Index finds texts that have much in common with one. It holds the latest
// texts up to its capacity and forgets the oldest for a new one, in about 1.5 kB a
// text and its id. To find takes the same time however many it holds. It is not
// for several goroutines at once.
//
// A text is found by the keys it shares with another, the least shingles of its
// sketch. For similar texts bands of minima would do, but not for excerpts.
type Index struct {
	texts []indexed // in a ring, once there are as many as the capacity
	next  int       // where the next text goes
	slots map[string]int
	// buckets hold the latest keys that fall into them: above slotBits a part of
	// the key, below the text's place in texts, plus one. A shingle that many
	// texts share fills no more than its own bucket.
	buckets  [][bucketSize]uint32
	capacity int
}

type indexed struct {
	id     string
	sketch Sketch
}

// NewIndex returns an empty index of at most capacity texts, at least one and at
// most 16 million.
func NewIndex(capacity int) *Index {
	x := &Index{slots: make(map[string]int), capacity: min(max(capacity, 1), maxTexts)}
	x.resize(64)
	return x
}

// Len returns how many texts the index holds.
func (x *Index) Len() int { return len(x.slots) }

// Add puts a text into the index, in place of the one that had its id. It
// becomes the latest.
func (x *Index) Add(id string, s Sketch) {
	x.Remove(id)
	slot := x.next
	if slot == len(x.texts) {
		x.texts = append(x.texts, indexed{})
	} else if old := x.texts[slot]; x.slots[old.id] == slot {
		delete(x.slots, old.id)
	}
	x.texts[slot] = indexed{id: id, sketch: s}
	x.slots[id] = slot
	x.next = (slot + 1) % x.capacity
	if need := len(x.texts) * sketchKeys; need > len(x.buckets)*bucketSize*3/4 {
		x.resize(2 * len(x.texts))
		return
	}
	x.insert(slot)
}

// Remove takes the text with that id out of the index, if it is there.
func (x *Index) Remove(id string) {
	if slot, ok := x.slots[id]; ok {
		// Its place in the buckets goes as others take it.
		x.texts[slot] = indexed{}
		delete(x.slots, id)
	}
}

// Find returns the texts that s is a copy, a revision or an excerpt of, or that
// are an excerpt of s, the most similar first: those with at least
// [DuplicateSimilarity], or [ExcerptContainment] either way. A text of fewer
// than eight words has none.
func (x *Index) Find(s Sketch) []Neighbour {
	var found []Neighbour
	for _, slot := range x.candidates(s) {
		t := x.texts[slot]
		ofS, ofT, both := s.overlap(t.sketch)
		n := Neighbour{ID: t.id, Similarity: share(both, ofS+ofT-both), Within: share(both, ofS), Covers: share(both, ofT)}
		if both >= minShared && (n.Similarity >= DuplicateSimilarity || max(n.Within, n.Covers) >= ExcerptContainment) {
			found = append(found, n)
		}
	}
	slices.SortFunc(found, func(a, b Neighbour) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), strings.Compare(a.ID, b.ID))
	})
	return found
}

// candidates gives the places of the texts that share some keys with s.
func (x *Index) candidates(s Sketch) []int {
	const few = 2 // one may be a phrase, or chance
	var hits []int
	for _, key := range s.least {
		b, tag := x.bucket(key)
		for _, entry := range b {
			if entry != 0 && entry>>slotBits == tag {
				hits = append(hits, int(entry&maxTexts)-1)
			}
		}
	}
	slices.Sort(hits)
	var places []int
	for i := few - 1; i < len(hits); i++ {
		place := hits[i]
		if hits[i-few+1] == place && (len(places) == 0 || places[len(places)-1] != place) {
			places = append(places, place)
		}
	}
	return places
}

// bucket gives the bucket of a key and what marks its entries there.
func (x *Index) bucket(key uint32) (b *[bucketSize]uint32, tag uint32) {
	// The keys are the least of all hashes, so they have to be spread again.
	spread := mix(uint64(key))
	return &x.buckets[(spread>>32)*uint64(len(x.buckets))>>32], uint32(spread) >> slotBits
}

func (x *Index) insert(slot int) {
	least := x.texts[slot].sketch.least
	for _, key := range least[:min(len(least), sketchKeys)] {
		b, tag := x.bucket(key)
		copy(b[1:], b[:])
		b[0] = tag<<slotBits | uint32(slot+1)
	}
}

// resize makes the buckets right for that many texts, or the capacity.
func (x *Index) resize(texts int) {
	const load = 0.7 // a bucket that is full forgets
	keys := min(texts, x.capacity) * sketchKeys
	x.buckets = make([][bucketSize]uint32, 1+int(float64(keys)/(bucketSize*load)))
	for slot := range x.texts {
		x.insert(slot)
	}
}
