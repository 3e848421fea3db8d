package extract

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/tag"
	"github.com/breachgraph/breachgraph/ingest"
)

// A Document is the frozen text of one article, cut once into tokens and
// sentences that every pass indexes into.
type Document struct {
	Article   ingest.Article
	Text      string
	Tokens    []Token
	Sentences []Sentence
	// quotes are the spans between quotation marks, marks left out, in text
	// order and apart.
	quotes []Span
}

// A Token is a word, a number or a mark.
type Token struct {
	Span
	Lower    string // the text in lower case, with straight apostrophes
	Sentence int    // index into Document.Sentences
}

// A Sentence is a span of text with the tokens in it.
type Sentence struct {
	Span
	First, Last int // tokens [First, Last)
	Paragraph   int // 0-based; a line end between sentences begins the next
}

// NewDocument cuts the text of a. Time and memory are linear in its length.
func NewDocument(a ingest.Article) *Document {
	d := &Document{Article: a, Text: a.Text}
	paragraph := 0
	for i, s := range splitSentences(a.Text) {
		if i > 0 && strings.Contains(a.Text[d.Sentences[i-1].End:s.Start], "\n") {
			paragraph++
		}
		sentence := Sentence{Span: s, First: len(d.Tokens), Paragraph: paragraph}
		for _, t := range tag.Tokenize(a.Text[s.Start:s.End]) {
			span := Span{t.Start + s.Start, t.End + s.Start}
			d.Tokens = append(d.Tokens, Token{span, fold(a.Text[span.Start:span.End]), i})
		}
		sentence.Last = len(d.Tokens)
		d.Sentences = append(d.Sentences, sentence)
	}
	d.quotes = findQuotes(d)
	return d
}

// Words gives the tokens of each sentence, as [tag.Tagger.Tag] takes them.
func (d *Document) Words() [][]tag.Token {
	all := make([]tag.Token, len(d.Tokens))
	for i, t := range d.Tokens {
		all[i] = tag.Token{Start: t.Start, End: t.End}
	}
	out := make([][]tag.Token, len(d.Sentences))
	for i, s := range d.Sentences {
		out[i] = all[s.First:s.Last:s.Last]
	}
	return out
}

// fold lower-cases a token and straightens its apostrophes.
func fold(s string) string {
	s = strings.ToLower(s)
	if strings.Contains(s, "’") {
		s = strings.ReplaceAll(s, "’", "'")
	}
	return s
}

// text gives the text of tokens [i, j).
func (d *Document) text(i, j int) string {
	if i >= j {
		return ""
	}
	return d.Text[d.Tokens[i].Start:d.Tokens[j-1].End]
}

// tokenAt gives the index of the first token that ends after byte b.
func (d *Document) tokenAt(b int) int {
	return sort.Search(len(d.Tokens), func(i int) bool { return d.Tokens[i].End > b })
}

// sentenceAt gives the index of the sentence that holds byte b, or the one
// before where none does.
func (d *Document) sentenceAt(b int) int {
	i := sort.Search(len(d.Sentences), func(i int) bool { return d.Sentences[i].Start > b })
	return max(0, i-1)
}

// inQuote gives the quotation that holds byte b.
func (d *Document) inQuote(b int) (Span, bool) {
	i := sort.Search(len(d.quotes), func(i int) bool { return d.quotes[i].End > b })
	if i < len(d.quotes) && d.quotes[i].Start <= b {
		return d.quotes[i], true
	}
	return Span{}, false
}

// maxQuote bounds a quotation, in bytes: a mark that is never closed quotes
// nothing.
const maxQuote = 1500

// findQuotes pairs quotation marks. A quotation that runs over a paragraph's
// end without closing mark ends there.
func findQuotes(d *Document) []Span {
	var out []Span
	open, curly := -1, false
	for i, r := range d.Text {
		switch {
		case r == '“' || r == '"' && open < 0:
			open, curly = i+utf8.RuneLen(r), r == '“'
		case open >= 0 && (r == '”' || r == '"' && !curly):
			if i > open {
				out = append(out, Span{open, i})
			}
			open = -1
		case open >= 0 && (i-open > maxQuote || r == '\n' && paragraphEnds(d.Text, i)):
			if i-open <= maxQuote && i > open {
				out = append(out, Span{open, i})
			}
			open = -1
		}
	}
	return out
}

func paragraphEnds(text string, i int) bool {
	return i+1 >= len(text) || text[i+1] == '\n' || lineEnds(text, i)
}

// capitalized reports whether s begins with an upper-case letter.
func capitalized(s string) bool { return unicode.IsUpper(firstRune(s)) }
