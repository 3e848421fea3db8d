// Package feature turns a text into the features that the tagger's models
// weigh: numbers that name what stands at a token, around it and elsewhere in
// the document about the same word. Training and tagging both come here, so
// they cannot differ.
//
// doc.go reads the words, evidence.go what the document tells about a name,
// base.go writes the features of the first stage, stage.go those that build on
// the labels of an earlier one; lexicon.go and lists/ are the word lists.
package feature

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/tag/internal/token"
)

// A Doc is a text made ready for its features to be asked for. The zero value
// is ready for [Doc.Read].
type Doc struct {
	tokens    []docToken
	words     []docWord // the distinct spellings
	forms     []docForm // the distinct lower-case spellings
	runs      []run
	sentences []sentence
	wordTable table
	formTable table
	edge      docWord // stands for the words before and after a sentence
}

// A docToken is one place of a word.
type docToken struct {
	word    int32
	run     int32 // of capitalised words; -1 outside one
	sent    int32
	classes class
	phrase  class // of phrases of several words that it is part of
	opens   class // of phrases that begin with it
}

// A docWord is a spelling, with the hashes that features are made of.
type docWord struct {
	raw, low, shape, short uint64
	prefix, suffix         [4]uint64
	form                   int32
	letterHash             uint64 // of the letters one by one, of a word in capitals
	capital                bool   // begins with a capital letter
	upper                  bool   // holds capitals and no small letter
	letters                bool
	digit                  bool
	cue                    cue
}

// A docForm is what the document tells about a word whatever its case.
type docForm struct {
	small    int32 // places where it begins with a small letter
	inner    int32 // capitalised where case tells something
	evidence evidence
	runs     [maxRuns]int32 // the first ones that hold it
	runCount int
}

type sentence struct {
	from, to int
	style    uint64 // plain, titled or capitals
}

// The styles of a sentence. In the last two case says nothing of a word.
const (
	plain uint64 = iota
	titled
	capitals
)

// New reads the sentences of text into a Doc of its own.
func New(title, text string, sentences [][]token.Token) *Doc {
	d := new(Doc)
	d.Read(title, text, sentences)
	return d
}

// Read reads the sentences of text in place of what d held; the slices are not
// kept. The words of the title, which may be empty, tell something of the same
// words in the text.
func (d *Doc) Read(title, text string, sentences [][]token.Token) {
	n := 0
	for _, s := range sentences {
		n += len(s)
	}
	d.tokens, d.words, d.forms = d.tokens[:0], d.words[:0], d.forms[:0]
	d.runs, d.sentences = d.runs[:0], d.sentences[:0]
	d.wordTable.reset(n)
	d.formTable.reset(n)
	for _, s := range sentences {
		from := len(d.tokens)
		for _, t := range s {
			d.tokens = append(d.tokens, docToken{
				word: d.intern(text[t.Start:t.End]), run: -1, sent: int32(len(d.sentences)),
			})
		}
		d.sentences = append(d.sentences, sentence{from, len(d.tokens), d.style(from, len(d.tokens))})
	}
	l := loadLexicon()
	for _, s := range d.sentences {
		l.match(d, s.from, s.to)
		d.count(s)
	}
	d.readTitle(title)
	for _, s := range d.sentences {
		d.findRuns(s)
	}
	d.weighRuns()
}

// readTitle marks the forms that the title holds too.
func (d *Doc) readTitle(title string) {
	for _, t := range token.Tokenize(title[:min(len(title), maxTitle)]) {
		s := title[t.Start:t.End]
		if first, _ := utf8.DecodeRuneInString(s); !unicode.IsUpper(first) {
			continue
		}
		var buf [64]byte
		if slot, ok := d.formTable.slot(hashString(lower(s, buf[:0]))); ok {
			d.forms[d.formTable.values[slot]].evidence |= inTitle
		}
	}
}

// maxTitle is the number of bytes of a title that are read.
const maxTitle = 1000

// Len returns the number of tokens.
func (d *Doc) Len() int { return len(d.tokens) }

// Sentences returns the number of sentences.
func (d *Doc) Sentences() int { return len(d.sentences) }

// Sentence returns the range of tokens of the i-th sentence.
func (d *Doc) Sentence(i int) (from, to int) { return d.sentences[i].from, d.sentences[i].to }

// Form returns a number that equal words of the document share, whatever
// their case; it is below Forms.
func (d *Doc) Form(i int) int { return int(d.word(i).form) }

// Forms returns the number of distinct forms.
func (d *Doc) Forms() int { return len(d.forms) }

func (d *Doc) word(i int) *docWord { return &d.words[d.tokens[i].word] }

func (d *Doc) intern(s string) int32 {
	key := hashString(s)
	slot, ok := d.wordTable.slot(key)
	if ok {
		return d.wordTable.values[slot]
	}
	n := int32(len(d.words))
	d.wordTable.keys[slot], d.wordTable.values[slot] = key, n
	d.words = append(d.words, d.newWord(s, key))
	return n
}

func (d *Doc) newWord(s string, key uint64) docWord {
	w := docWord{raw: key}
	var buf [64]byte
	low := lower(s, buf[:0])
	w.low, w.cue = hashString(low), cueOfWord(low)
	w.shape, w.short = shapes(s)
	first, _ := utf8.DecodeRuneInString(s)
	w.capital = unicode.IsUpper(first)
	hasLower := false
	for _, r := range s {
		hasLower = hasLower || unicode.IsLower(r)
		w.digit = w.digit || unicode.IsDigit(r)
		w.letters = w.letters || unicode.IsLetter(r)
	}
	w.upper = w.letters && !hasLower && len(s) > 1
	if w.upper && len(low) <= 10 {
		for i := range len(low) {
			w.letterHash = mix(w.letterHash, hashString(low[i:i+1]))
		}
	}
	for i := range min(4, len(low)) {
		w.prefix[i] = hashString(low[:i+1])
		w.suffix[i] = hashString(low[len(low)-i-1:])
	}
	slot, ok := d.formTable.slot(w.low)
	if !ok {
		d.formTable.keys[slot], d.formTable.values[slot] = w.low, int32(len(d.forms))
		d.forms = append(d.forms, docForm{})
	}
	w.form = d.formTable.values[slot]
	return w
}

// lower is strings.ToLower that does not allocate for a short ASCII word, and
// reads typographic apostrophes as plain ones.
func lower(s string, buf []byte) string {
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || len(s) > cap(buf) {
			return strings.ToLower(strings.ReplaceAll(s, "’", "'"))
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf = append(buf, c)
	}
	return string(buf)
}

// shapes hashes the pattern of a word, "Xx-Xxxx" and with runs cut to one
// letter "Xx-Xx".
func shapes(s string) (long, short uint64) {
	long, short = 1, 1
	last, repeat := rune(0), 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			r = 'X'
		case unicode.IsDigit(r):
			r = '0'
		case unicode.IsLetter(r):
			r = 'x'
		}
		if r != last {
			short = mix(short, uint64(r))
			repeat = 0
		}
		if repeat < 4 {
			long = mix(long, uint64(r))
		}
		last, repeat = r, repeat+1
	}
	return long, short
}

// style tells headlines and shouted sentences from plain ones.
func (d *Doc) style(from, to int) uint64 {
	words, capital, upper := 0, 0, 0
	for i := from; i < to; i++ {
		w := d.word(i)
		if !w.letters {
			continue
		}
		words++
		if w.capital {
			capital++
		}
		if w.upper {
			upper++
		}
	}
	switch {
	case words >= 3 && upper*10 >= words*8:
		return capitals
	case words >= 5 && capital*10 >= words*7:
		return titled
	}
	return plain
}

// count notes how each form of s is written.
func (d *Doc) count(s sentence) {
	for i := s.from; i < s.to; i++ {
		w := d.word(i)
		f := &d.forms[w.form]
		switch {
		case w.letters && !w.capital:
			f.small++
		case w.capital && i > s.from && s.style == plain && !d.opens(i-1, s):
			f.inner++
		}
	}
}

// opens reports whether the token at i, a quotation mark or a bullet at the
// start of s, leaves the next word at the start of the sentence.
func (d *Doc) opens(i int, s sentence) bool {
	return i == s.from && !d.word(i).letters && !d.word(i).digit
}

// SentenceOf returns the sentence that the token at i is in.
func (d *Doc) SentenceOf(i int) int { return int(d.tokens[i].sent) }
