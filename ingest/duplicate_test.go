package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const hacked = `Acme, the maker of anvils, said on Tuesday that somebody copied the names and addresses of 5,000 customers from a
server that stood open for a month. It has closed the server and told the police. "We are sorry for what happened," said Ann
Lee, its head of sales, who added that no card numbers were kept there. Coyote, the largest customer, declined to comment.`

func TestFingerprint(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       float64 // similarity
	}{
		{"itself", hacked, hacked, 1},
		{"case, punctuation and layout", hacked, strings.ToUpper(strings.NewReplacer(", ", " - ", "\n", "\r\n\r\n", `"`, "“").Replace(hacked)), 1},
		{"apostrophes", "it's Acme's own fault", "It’s Acme’s own fault", 1},
		{"another text", hacked, "The weather will be fine on Tuesday, said the weather service on Monday.", 0},
		{"no words", "", "", 0},
		{"no words on one side", hacked, "... !", 0},
		{"one word", "Acme", "acme!", 1},
		{"two words", "Acme hacked", "Acme was hacked", 0},
		{"other order", "one two three", "three two one", 0},
		{"half", "a b c d", "a b c e", 1.0 / 3},
		{"repeated", "a b c a b c a b c", "a b c a b", 1},
		{"Chinese", "公司昨天说数据被盗", "公司昨天说数据被盗。", 1},
		{"Chinese, one more character", "公司昨天说数据被盗", "公司昨天说数据被盗了", 7.0 / 8},
		{"accents", "Société Générale piratée hier", "société générale piratée hier", 1},
		{"broken UTF-8", "a b \xff c d", "a b c d", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := Fingerprint(tt.a), Fingerprint(tt.b)
			if got := a.Similarity(b); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("Similarity = %.3f, want %.3f", got, tt.want)
			}
		})
	}
}

func TestContainment(t *testing.T) {
	long := invent(1, 3000)
	tests := []struct {
		name, part, whole string
		low, high         float64
	}{
		{"itself", long, long, 1, 1},
		{"a tenth", long[:len(long)/10], long, 0.95, 1},
		{"a few words", "copied the names and addresses of 5,000 customers", hacked, 1, 1},
		{"the whole in its part", long, long[:len(long)/10], 0.05, 0.15},
		{"half of it is its own", long[:2000] + invent(2, 300)[:2000], long, 0.3, 0.7},
		{"another", invent(2, 3000), long, 0, 0.01},
		{"nothing", "", long, 0, 0},
		{"in nothing", long, "", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fingerprint(tt.part).Containment(Fingerprint(tt.whole)); got < tt.low || got > tt.high {
				t.Errorf("Containment = %.3f, want %.2f to %.2f", got, tt.low, tt.high)
			}
		})
	}
}

// TestSimilarityEstimate compares the sketches of long texts with what all of
// their shingles say.
func TestSimilarityEstimate(t *testing.T) {
	a := strings.Fields(invent(3, 4000))
	for _, kept := range []int{500, 1000, 2000, 3000, 3900} {
		b := strings.Join(a[:kept], " ") + " " + invent(4, 4000-kept)
		want := float64(kept) / float64(8000-kept)
		if got := Fingerprint(strings.Join(a, " ")).Similarity(Fingerprint(b)); math.Abs(got-want) > 0.09 {
			t.Errorf("with %d words kept Similarity = %.3f, want about %.3f", kept, got, want)
		}
	}
}

// invent makes a text of so many words that no other text has.
func invent(seed uint64, words int) string {
	r := rand.New(rand.NewPCG(seed, 0))
	var b strings.Builder
	for range words {
		fmt.Fprintf(&b, "w%dx%d ", seed, r.IntN(2000))
	}
	return b.String()
}

func TestSketchBinary(t *testing.T) {
	for _, text := range []string{"", "Acme", hacked, invent(1, 2000)} {
		s := Fingerprint(text)
		b, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var again Sketch
		if err := again.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.least, again.least) {
			t.Errorf("%.20q: read back as %v, want %v", text, again.least, s.least)
		}
		if len(b) > 1025 {
			t.Errorf("%.20q: %d bytes", text, len(b))
		}
	}
	// Sketches are kept on disk: what makes them may not change without notice.
	b, _ := Fingerprint("Acme was hacked").MarshalBinary()
	if want := []byte{1, 0xf8, 0xea, 0xe7, 0x7e}; !bytes.Equal(b, want) {
		t.Errorf("the sketch is % x, want % x", b, want)
	}
}

func TestSketchBinaryErrors(t *testing.T) {
	tests := []struct {
		name string
		in   []byte
	}{
		{"empty", nil},
		{"other version", []byte{2, 0, 0, 0, 1}},
		{"cut", []byte{1, 0, 0, 0}},
		{"too long", make([]byte, 1+4*sketchSize+4)},
		{"not ascending", []byte{1, 0, 0, 0, 2, 0, 0, 0, 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Fingerprint("Acme")
			if err := s.UnmarshalBinary(tt.in); err == nil || s.Len() != 1 {
				t.Errorf("UnmarshalBinary(% x) = %v, with %d shingles", tt.in[:min(len(tt.in), 9)], err, s.Len())
			}
		})
	}
}

func TestIndex(t *testing.T) {
	x := NewIndex(1000)
	texts := make([]string, 300)
	for i := range texts {
		texts[i] = invent(uint64(i+1), 300)
		x.Add(fmt.Sprint(i), Fingerprint(texts[i]))
	}
	find := func(text string) string {
		var ids []string
		for _, n := range x.Find(Fingerprint(text)) {
			ids = append(ids, n.ID)
		}
		return strings.Join(ids, " ")
	}
	check := func(name, text, want string) {
		t.Helper()
		if got := find(text); got != want {
			t.Errorf("%s: found %q, want %q", name, got, want)
		}
	}
	check("a copy", texts[7], "7")
	check("with a header", "Posted at five past ten by our staff. "+texts[7], "7")
	check("an excerpt", texts[9][:len(texts[9])/3], "9")
	check("a roundup of two", texts[11]+texts[12], "11 12")
	check("another", invent(999, 300), "")
	check("nothing", "", "")
	x.Add("excerpt", Fingerprint(texts[20][:len(texts[20])/3]))
	check("what excerpts it", texts[20], "20 excerpt")
	x.Remove("20")
	check("removed", texts[20], "excerpt")
	x.Remove("20")
	x.Add("7", Fingerprint(texts[8]))
	check("revised", texts[7], "")
	check("what it became", texts[8], "7 8")
	if x.Len() != 300 {
		t.Errorf("Len = %d, want 300", x.Len())
	}
	if got := x.Find(Fingerprint(texts[30]))[0]; got != (Neighbour{ID: "30", Similarity: 1, Within: 1, Covers: 1}) {
		t.Errorf("Find = %+v", got)
	}
}

func TestIndexForgets(t *testing.T) {
	for _, capacity := range []int{-1, 1, 50, 64} {
		x := NewIndex(capacity)
		capacity = max(capacity, 1)
		for i := range 150 {
			s := Fingerprint(invent(uint64(i), 60))
			x.Add(fmt.Sprint(i), s)
			if found := x.Find(s); len(found) != 1 || found[0].ID != fmt.Sprint(i) {
				t.Fatalf("capacity %d: text %d is found as %v", capacity, i, found)
			}
			if old := i - capacity; old >= 0 {
				if found := x.Find(Fingerprint(invent(uint64(old), 60))); len(found) > 0 {
					t.Fatalf("capacity %d: text %d is still found after %d", capacity, old, i)
				}
			}
		}
		if x.Len() != capacity || len(x.texts) != capacity || len(x.buckets) > 12*max(capacity, 64) {
			t.Errorf("capacity %d: %d ids, %d texts, %d buckets", capacity, x.Len(), len(x.texts), len(x.buckets))
		}
	}
}

// TestIndexBoilerplate has articles that say different things around the same
// long notice: they may not crowd out the copies.
func TestIndexBoilerplate(t *testing.T) {
	notice := invent(1000, 60)
	x := NewIndex(500)
	for i := range 400 {
		x.Add(fmt.Sprint(i), Fingerprint(invent(uint64(i), 200)+notice))
	}
	for i := range 400 {
		if found := x.Find(Fingerprint(invent(uint64(i), 200))); len(found) != 1 || found[0].ID != fmt.Sprint(i) {
			t.Fatalf("text %d is found as %v", i, found)
		}
	}
}

// The floors and the ceiling of what is found among articles of the press.
const (
	minCopiesFound = 0.95 // of each kind of copy
	maxStrangers   = 1    // pairs found that are not copies
)

// copies are pairs of articles in the corpus that readers found to be one text:
// syndicated, cut, or printed from one press release. The other pair that is
// found, 891 and 2663, is two months of one notice.
var copies = []string{"10059 1674", "10115 10119", "1530 1554", "797 798"}

type pressArticle struct{ ID, Text string }

func readPress(t *testing.T) []pressArticle {
	var articles []pressArticle
	seen := make(map[string]bool)
	for _, path := range []string{"eval/articles_dev.jsonl", "casie/train.jsonl", "casie/dev.jsonl"} {
		lines := bufio.NewScanner(openShared(t, path))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var a pressArticle
			if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
				t.Fatal(err)
			}
			if !seen[a.ID] { // some are in both
				seen[a.ID] = true
				articles = append(articles, a)
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return articles
}

func TestCopiesFound(t *testing.T) {
	articles := readPress(t)
	x := NewIndex(len(articles))
	strangers := make(map[string]bool)
	for _, a := range articles {
		s := Fingerprint(a.Text)
		for _, n := range x.Find(s) {
			if pair := min(a.ID, n.ID) + " " + max(a.ID, n.ID); !slices.Contains(copies, pair) {
				strangers[pair] = true
			}
		}
		x.Add(a.ID, s)
	}
	t.Logf("%d articles, strangers %v", len(articles), strangers)
	if len(strangers) > maxStrangers {
		t.Errorf("%d pairs are no copies, want at most %d", len(strangers), maxStrangers)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range copyKinds(r) {
		found := 0
		for _, a := range articles {
			made := Fingerprint(strings.Join(kind.make(strings.Fields(a.Text)), " "))
			if slices.ContainsFunc(x.Find(made), func(n Neighbour) bool { return n.ID == a.ID }) {
				found++
			}
		}
		recall := float64(found) / float64(len(articles))
		t.Logf("%-40s %.3f", kind.name, recall)
		if recall < minCopiesFound {
			t.Errorf("%s: %.3f found, want at least %.2f", kind.name, recall, minCopiesFound)
		}
	}
}

type copyKind struct {
	name string
	make func(words []string) []string
}

func copyKinds(r *rand.Rand) []copyKind {
	notice := strings.Fields(`We use cookies to make this site work. Accept all, or read how we handle your data. Subscribe to
		our newsletter and get the news of the day in your inbox. Share this story with your friends. Read next: five things to
		know before you travel. All rights reserved; no part of it may be printed without our leave in writing.`)
	alter := func(share float64, with func(string) []string) func([]string) []string {
		return func(words []string) (out []string) {
			for _, w := range words {
				if r.Float64() < share {
					out = append(out, with(w)...)
				} else {
					out = append(out, w)
				}
			}
			return out
		}
	}
	other := func(string) []string { return []string{fmt.Sprintf("other%d", r.IntN(5000))} }
	first := func(share float64) func([]string) []string {
		return func(words []string) []string { return words[:int(share*float64(len(words)))] }
	}
	framed := func(words []string) []string { return slices.Concat(notice[:30], words, notice[30:]) }
	return []copyKind{
		{"boilerplate around it", framed},
		{"every fifth word dropped", alter(0.2, func(string) []string { return nil })},
		{"a fifth dropped at a stretch", func(words []string) []string {
			at := r.IntN(len(words) * 4 / 5)
			return slices.Concat(words[:at], words[at+len(words)/5:])
		}},
		{"every tenth word changed", alter(0.1, other)},
		{"the first 30 %", first(0.3)},
		{"the first 10 %", first(0.1)},
		{"a link after the first 30 %", func(words []string) []string {
			return append(slices.Clone(first(0.3)(words)), strings.Fields("Read the full story at the News Example")...)
		}},
		{"boilerplate and every 20th word changed", func(words []string) []string { return framed(alter(0.05, other)(words)) }},
	}
}

// FuzzFingerprint checks that a sketch survives its encoding and that what it
// says of a text and of more of it is sound.
func FuzzFingerprint(f *testing.F) {
	f.Add(hacked, "More of it.")
	f.Add("", "a")
	f.Add("公司 it's\xff 1 2 3", strings.Repeat("a b c d ", 300))
	f.Fuzz(func(t *testing.T, a, b string) {
		part, whole := Fingerprint(a), Fingerprint(a+"\n"+b)
		encoded, err := part.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var again Sketch
		if err := again.UnmarshalBinary(encoded); err != nil || !slices.Equal(part.least, again.least) {
			t.Errorf("read back as %v, %v, want %v", again.least, err, part.least)
		}
		one, other := part.Similarity(whole), whole.Similarity(part)
		if one != other || one < 0 || one > 1 {
			t.Errorf("Similarity = %g and %g", one, other)
		}
		// Fewer words than a shingle are one of their own, and lost with more.
		if c := part.Containment(whole); part.Len() > 1 && c != 1 {
			t.Errorf("a part stands with %g in the whole", c)
		}
	})
}

func FuzzSketchBinary(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 1, 0, 0, 0, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Sketch
		if s.UnmarshalBinary(b) != nil {
			return
		}
		if again, _ := s.MarshalBinary(); !bytes.Equal(again, b) {
			t.Errorf("% x is written as % x", b, again)
		}
	})
}

func BenchmarkFingerprint(b *testing.B) {
	text := strings.Repeat(hacked+" ", 3) + invent(1, 400)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Fingerprint(text)
	}
}

func BenchmarkIndexFind(b *testing.B) {
	for _, texts := range []int{1000, 10000, 50000} {
		b.Run(fmt.Sprint(texts), func(b *testing.B) {
			x := NewIndex(texts)
			for i := range texts {
				x.Add(fmt.Sprint(i), randomSketch(uint64(i)))
			}
			s := x.texts[texts/2].sketch
			b.ReportAllocs()
			for b.Loop() {
				if len(x.Find(s)) != 1 {
					b.Fatal("not found")
				}
			}
		})
	}
}

func BenchmarkIndexAdd(b *testing.B) {
	x := NewIndex(10000)
	s := randomSketch(1)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		x.Add(fmt.Sprint(i%20000), s)
	}
}

// randomSketch is that of a text of some 600 words.
func randomSketch(seed uint64) Sketch {
	r := rand.New(rand.NewPCG(seed, 1))
	least := make([]uint32, 600)
	for i := range least {
		least[i] = r.Uint32()
	}
	slices.Sort(least)
	return Sketch{least: slices.Compact(least)[:sketchSize]}
}
