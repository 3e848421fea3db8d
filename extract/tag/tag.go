// Package tag finds who is named in a text and who plays what part in the
// security incidents it tells of. Its models are small linear chains (CRFs)
// over hashed features, learnt by the program in train and embedded here; the
// same text always gives the same spans. It resolves nothing: two names of one
// company are two spans, and a part in an event is evidence for a claim, not a
// claim.
//
// tag.go is the interface, internal/token cuts text into tokens,
// internal/feature says what the models see of them, internal/crf decodes.
package tag

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
	"github.com/breachgraph/breachgraph/extract/tag/internal/token"
)

// A Token is a half-open range of byte offsets into a text.
type Token = token.Token

// Tokenize cuts text into words, numbers, possessive endings and runs of
// punctuation: the tokens that the models were learnt on. Tokens are in order,
// within the text, on rune boundaries and hold no white space; the time is
// linear in the text.
func Tokenize(text string) []Token { return token.Tokenize(text) }

// Sentences cuts tokens, which must be those of text, into sentences; a line
// break always ends one. The result shares the memory of tokens.
func Sentences(text string, tokens []Token) [][]Token { return token.Sentences(text, tokens) }

// A Span is what a text says between two byte offsets.
type Span struct {
	Start, End int
	Label      string
	Score      float64 // probability, by the model, that just this span has this label
}

// A Role is the part that someone or something plays in an event.
type Role struct {
	Start, End int
	Event      string // a label of Tags.Events
	Part       string // Victim, Attacker, Compromised-Data…
	Type       string // of who plays it: Organization, Person, Time…
	Score      float64
}

// Tags are the spans found in a text, each list in text order and without
// overlap within itself.
type Tags struct {
	// Names are proper names. The labels are the kinds of entity: company,
	// firm, agency, outlet, group, person, malware, vulnerability, product,
	// place.
	Names []Span
	// Events are the words that tell of an event. The labels are CASIE's
	// types: Databreach, Phishing, Ransom, DiscoverVulnerability,
	// PatchVulnerability.
	Events []Span
	// Roles are names, nouns and pronouns ("hackers", "the company", "they").
	Roles []Role
}

// A Tagger holds the models. It is safe for concurrent use.
type Tagger struct {
	model                              *crf.Model
	names, kinds, events, roles, parts *crf.Head
	roleOf                             []Role // what the kinds of the parts head say
	memory                             sync.Pool
}

//go:embed model.bin
var embedded []byte

// Default returns the tagger of the embedded models. The first call takes some
// 50 ms, later ones nothing.
func Default() *Tagger { return defaultTagger() }

var defaultTagger = sync.OnceValue(func() *Tagger {
	t, err := newTagger(embedded)
	if err != nil {
		panic(fmt.Sprintf("embedded model: %v", err))
	}
	return t
})

func newTagger(raw []byte) (*Tagger, error) {
	m, err := crf.Decode(raw)
	if err != nil {
		return nil, err
	}
	t := &Tagger{model: m}
	for _, h := range []struct {
		name string
		to   **crf.Head
	}{{"names", &t.names}, {"kinds", &t.kinds}, {"events", &t.events}, {"roles", &t.roles}, {"parts", &t.parts}} {
		if *h.to = m.Head(h.name); *h.to == nil {
			return nil, fmt.Errorf("model without head %q", h.name)
		}
	}
	for _, k := range t.parts.Kinds {
		p := strings.Split(k, "/")
		if len(p) != 3 {
			return nil, fmt.Errorf("model with part %q", k)
		}
		t.roleOf = append(t.roleOf, Role{Event: p[0], Part: p[1], Type: p[2]})
	}
	t.memory.New = func() any { return new(memory) }
	return t, nil
}

const (
	// blockTokens bounds what is tagged as one document, and with it the
	// memory: a longer text is cut between sentences. It is over 20,000
	// characters.
	blockTokens = 4096
	// sentenceTokens bounds what is decoded as one sentence.
	sentenceTokens = 512
)

// Tag returns what text says. The sentences are ranges of its tokens in order,
// best those of [Tokenize] and [Sentences]; the title, which may be empty,
// stands beside the text and is read for evidence only. Texts of more than
// 4,096 tokens are read in blocks of that size that know nothing of each
// other.
func (t *Tagger) Tag(title, text string, sentences [][]Token) Tags {
	m := t.memory.Get().(*memory)
	defer t.memory.Put(m)
	var out Tags
	var block [][]Token
	n := 0
	flush := func() {
		if n > 0 {
			t.tagBlock(m, title, text, block, &out)
		}
		block, n = block[:0], 0
	}
	for _, s := range sentences {
		for len(s) > 0 {
			part := s[:min(len(s), sentenceTokens)]
			s = s[len(part):]
			if n+len(part) > blockTokens {
				flush()
			}
			block = append(block, part)
			n += len(part)
		}
	}
	flush()
	return out
}

// memory is what tagging one block needs and the next may use again.
type memory struct {
	doc                   feature.Doc
	lattice               crf.Lattice
	rows                  []int32 // of scores, one a token
	row                   []int32 // of one entity or part
	ids                   []feature.ID
	names, events, labels []uint8
	one                   [1]uint8
	spans                 []crf.Span
	mentions              []feature.Mention
	tokens                []Token
}

// tagBlock tags one document: names, then the entities they make up, events,
// and the parts in them.
func (t *Tagger) tagBlock(m *memory, title, text string, sentences [][]Token, out *Tags) {
	d := &m.doc
	d.Read(title, text, sentences)
	width := t.model.TokenWidth()
	m.reset(d.Len(), width, sentences)
	m.row = resize(m.row, t.model.Width())
	for i := range d.Len() {
		m.ids = d.Base(i, m.ids[:0])
		t.model.Add(m.rows[i*width:(i+1)*width], m.ids)
	}
	names := t.tagNames(m, d, out)
	t.label(m, d, t.events, m.events, func(s crf.Span) {
		start, end := m.offsets(s.From, s.To)
		out.Events = append(out.Events, Span{start, end, t.events.Kinds[s.Kind], s.P})
	})
	events := d.Labelling(m.events, len(t.events.Kinds))
	for i := range d.Len() {
		m.ids = feature.Roles(events, names, i, m.ids[:0])
		t.model.Add(m.rows[i*width:(i+1)*width], m.ids)
	}
	t.tagRoles(m, d, events, names, out)
}

// tagNames finds the names and gives each entity one kind.
func (t *Tagger) tagNames(m *memory, d *feature.Doc, out *Tags) *feature.Labelling {
	m.mentions = m.mentions[:0]
	t.label(m, d, t.names, m.names, func(s crf.Span) {
		m.mentions = append(m.mentions, feature.Mention{From: s.From, To: s.To, Kinds: s.Kinds})
	})
	cast := d.Cast(m.mentions)
	first := len(out.Names)
	for e := range cast.Len() {
		m.ids = cast.Features(e, m.ids[:0])
		s, ok := t.judge(m, t.kinds)
		for _, n := range cast.Mentions(e) {
			at := m.mentions[n]
			if !ok {
				clear(m.names[at.From:at.To])
				continue
			}
			crf.Mark(m.names[at.From:at.To], s.Kind)
			start, end := m.offsets(at.From, at.To)
			out.Names = append(out.Names, Span{start, end, t.kinds.Kinds[s.Kind], s.P})
		}
	}
	slices.SortFunc(out.Names[first:], func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	return d.Labelling(m.names, len(t.kinds.Kinds))
}

// tagRoles finds what may play a part in an event and says which.
func (t *Tagger) tagRoles(m *memory, d *feature.Doc, events, names *feature.Labelling, out *Tags) {
	m.mentions = m.mentions[:0]
	t.label(m, d, t.roles, m.labels, func(s crf.Span) {
		m.mentions = append(m.mentions, feature.Mention{From: s.From, To: s.To, Kinds: s.Kinds})
	})
	scene := feature.NewScene(events, names, m.mentions)
	for n, at := range m.mentions {
		m.ids = scene.Features(n, m.ids[:0])
		if s, ok := t.judge(m, t.parts); ok {
			r := t.roleOf[s.Kind]
			r.Start, r.End = m.offsets(at.From, at.To)
			r.Score = s.P
			out.Roles = append(out.Roles, r)
		}
	}
}

// judge labels the one thing whose features are in m.ids.
func (t *Tagger) judge(m *memory, h *crf.Head) (s crf.Span, ok bool) {
	clear(m.row)
	t.model.Add(m.row, m.ids)
	t.model.Label(h, &m.lattice, m.row, m.one[:])
	m.spans = m.lattice.Spans(h, m.one[:], m.spans[:0])
	if len(m.spans) == 0 {
		return crf.Span{}, false
	}
	return m.spans[0], true
}

// label labels the tokens of d with a head and gives the spans to found.
func (t *Tagger) label(m *memory, d *feature.Doc, h *crf.Head, labels []uint8, found func(crf.Span)) {
	width := t.model.TokenWidth()
	for s := range d.Sentences() {
		from, to := d.Sentence(s)
		t.model.Label(h, &m.lattice, m.rows[from*width:to*width], labels[from:to])
		m.spans = m.lattice.Spans(h, labels[from:to], m.spans[:0])
		for _, sp := range m.spans {
			sp.From, sp.To = sp.From+from, sp.To+from
			found(sp)
		}
	}
}

func (m *memory) reset(n, width int, sentences [][]Token) {
	m.rows = resize(m.rows, n*width)
	clear(m.rows)
	m.lattice.Forget()
	m.names, m.events, m.labels = resize(m.names, n), resize(m.events, n), resize(m.labels, n)
	m.tokens = m.tokens[:0]
	for _, s := range sentences {
		m.tokens = append(m.tokens, s...)
	}
}

// resize returns a slice of n elements, of any value, in the memory of s where
// it is enough.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// offsets returns the bytes that a range of tokens covers.
func (m *memory) offsets(from, to int) (start, end int) {
	return m.tokens[from].Start, m.tokens[to-1].End
}
