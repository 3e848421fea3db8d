package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
	"github.com/breachgraph/breachgraph/extract/tag/internal/token"
)

// A corpus is all that is learnt from and measured on.
type corpus struct {
	articles []*article // of CASIE, by ID
	variants []*article // labelled ones written otherwise, which only names are learnt from
	eval     []*article // never learnt from
	kinds    roleKinds
}

func readCorpus(s settings) (corpus, error) {
	casie, err := readCASIE(filepath.Join(s.shared, "casie"))
	if err != nil {
		return corpus{}, err
	}
	if s.articles > 0 {
		casie = casie[:min(s.articles, len(casie))]
	}
	marks, err := readNames(filepath.Join(s.dir, "train", "names.tsv"))
	if err != nil {
		return corpus{}, err
	}
	c := corpus{kinds: newRoleKinds(casie)}
	for _, in := range casie {
		a := newArticle(in.ID, in.Title, in.Text)
		a.dev, a.held, a.fold = in.dev, in.held, foldOf(in.Group, folds)
		if m, ok := marks[in.ID]; ok && !in.held {
			a.labelNames(m, nameKinds())
			c.variants = append(c.variants, a.variants(m)...)
		}
		a.labelEvents(in.Events, c.kinds)
		c.articles = append(c.articles, a)
	}
	c.eval, err = readEval(filepath.Join(s.shared, "eval"), nameKinds())
	return c, err
}

// shoutedShare is how many articles there are to one that is also learnt from
// in capitals.
const shoutedShare = 12

// variants returns an article whose title stands above its text, to learn the
// title from, and for some articles one in capitals. Marks are those of a.
func (a *article) variants(marks []mark) []*article {
	var out []*article
	title, _, _ := strings.Cut(a.Title, " | ")
	if title != "" {
		head := title + "\n\n"
		shift := utf8.RuneCountInString(head)
		moved := make([]mark, len(marks))
		for i, m := range marks {
			moved[i] = mark{m.start + shift, m.end + shift, m.kind}
		}
		v := newArticle(a.ID, "", head+a.Text)
		v.labelNames(moved, nameKinds())
		at := byteOffsets(a.Text)
		for _, m := range marks {
			v.labelForm(a.Text[at[m.start]:at[m.end]], len(title), slices.Index(nameKinds(), m.kind))
		}
		for v.limit = 1; v.limit < v.doc.Sentences(); v.limit++ {
			if from, _ := v.doc.Sentence(v.limit); v.tokens[from].Start >= len(title) {
				break
			}
		}
		out = append(out, v)
	}
	if foldOf("shouted "+a.ID, shoutedShare) == 0 {
		v := newArticle(a.ID, strings.ToUpper(a.Title), strings.ToUpper(a.Text))
		v.labelNames(marks, nameKinds())
		out = append(out, v)
	}
	for _, v := range out {
		v.fold = a.fold
	}
	return out
}

// foldOf deals groups of articles on one incident, which must not be learnt
// from when one of them is measured, to the folds.
func foldOf(group string, folds int) int {
	h := uint32(2166136261)
	for i := range len(group) {
		h = (h ^ uint32(group[i])) * 16777619
	}
	return int(h>>8) % folds
}

// An article is one text with whatever labels are known of it.
type article struct {
	ID, Title, Text string
	tokens          []token.Token
	doc             *feature.Doc
	base            features
	names           []uint8 // nil where nobody labelled them
	events          []uint8 // nil outside CASIE, as are the next two
	roles, parts    []uint8
	dev             bool // of CASIE's development part
	held            bool // never learnt from
	fold            int
	limit           int // sentences to learn from; 0 means all
}

// A casieEvent is an event as CASIE marks it; offsets count code points.
type casieEvent struct {
	Subtype   string     `json:"subtype"`
	Nugget    casieSpan  `json:"nugget"`
	Arguments []casieArg `json:"arguments"`
}

type casieSpan struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

type casieArg struct {
	casieSpan
	Role string `json:"role"`
	Type string `json:"type"`
}

type casieArticle struct {
	ID     string       `json:"id"`
	Group  string       `json:"group"`
	Title  string       `json:"title"`
	Text   string       `json:"text"`
	Events []casieEvent `json:"events"`

	dev, held bool
}

// readCASIE reads the articles of both parts. Those that in_eval.txt names are
// left out, but for the ones of the development part, which are marked as held.
func readCASIE(dir string) ([]casieArticle, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "in_eval.txt"))
	if err != nil {
		return nil, fmt.Errorf("read CASIE: %w", err)
	}
	evaluated := strings.Fields(string(raw))
	var out []casieArticle
	for _, part := range []string{"train", "dev"} {
		articles, err := readLines[casieArticle](filepath.Join(dir, part+".jsonl"))
		if err != nil {
			return nil, fmt.Errorf("read CASIE: %w", err)
		}
		for _, a := range articles {
			a.dev, a.held = part == "dev", slices.Contains(evaluated, a.ID)
			if a.dev || !a.held {
				out = append(out, a)
			}
		}
	}
	slices.SortFunc(out, func(a, b casieArticle) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// readLines reads a file of one JSON value a line.
func readLines[T any](path string) ([]T, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []T
	d := json.NewDecoder(bufio.NewReader(f))
	for d.More() {
		var v T
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("read %s: value %d: %w", path, len(out)+1, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// A mark is a labelled span of an article, in code points.
type mark struct {
	start, end int
	kind       string
}

// readNames reads the labels of names by article; an article in which there
// are none has an empty list.
func readNames(path string) (map[string][]mark, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	out := make(map[string][]mark)
	for n, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		fields := strings.Split(line, "\t")
		if n == 0 {
			continue
		}
		if len(fields) != 4 {
			return nil, fmt.Errorf("read names: %s:%d: %d fields, not 4", path, n+1, len(fields))
		}
		start, err1 := strconv.Atoi(fields[1])
		end, err2 := strconv.Atoi(fields[2])
		if err := cmp.Or(err1, err2); err != nil {
			return nil, fmt.Errorf("read names: %s:%d: %w", path, n+1, err)
		}
		marks := out[fields[0]]
		if fields[3] != "none" {
			marks = append(marks, mark{start, end, fields[3]})
		}
		out[fields[0]] = append([]mark{}, marks...)
	}
	return out, nil
}

// newArticle reads the words of a text and the features of each.
func newArticle(id, title, text string) *article {
	a := &article{ID: id, Title: title, Text: text, tokens: token.Tokenize(text)}
	a.doc = feature.New(title, text, token.Sentences(text, a.tokens))
	for i := range a.doc.Len() {
		a.base.add(func(out []feature.ID) []feature.ID { return a.doc.Base(i, out) })
	}
	return a
}

// byteOffsets maps code points of text to bytes.
func byteOffsets(text string) []int {
	out := make([]int, 0, len(text)+1)
	for b := range text {
		out = append(out, b)
	}
	return append(out, len(text))
}

// label writes the labels of kind k to the tokens that the bytes from start to
// end touch, unless one of them is taken.
func (a *article) label(labels []uint8, start, end, k int) {
	from, _ := slices.BinarySearchFunc(a.tokens, start, func(t token.Token, at int) int { return cmp.Compare(t.End, at+1) })
	to := from
	for to < len(a.tokens) && a.tokens[to].Start < end {
		if labels[to] != crf.Outside {
			return
		}
		to++
	}
	sent := -1
	for i := from; i < to; i++ {
		labels[i] = crf.Begin(k)
		if i > from && a.doc.SentenceOf(i) == sent {
			labels[i]++
		}
		sent = a.doc.SentenceOf(i)
	}
}

// labelNames sets the labels of names.
func (a *article) labelNames(marks []mark, kinds []string) {
	a.names = make([]uint8, len(a.tokens))
	at := byteOffsets(a.Text)
	for _, m := range marks {
		if k := slices.Index(kinds, m.kind); k >= 0 && m.end < len(at) {
			a.label(a.names, at[m.start], at[m.end], k)
		}
	}
}

// labelEvents sets the labels of CASIE's events and of the parts in them.
// Where two parts overlap, that in a data breach wins, then the longer one.
func (a *article) labelEvents(events []casieEvent, kinds roleKinds) {
	a.events, a.roles, a.parts = make([]uint8, len(a.tokens)), make([]uint8, len(a.tokens)), make([]uint8, len(a.tokens))
	at := byteOffsets(a.Text)
	type part struct {
		casieSpan
		event      string
		role, kind int
	}
	var parts []part
	for _, e := range events {
		if k := slices.Index(kinds.events, e.Subtype); k >= 0 {
			a.label(a.events, at[e.Nugget.Start], at[e.Nugget.End], k)
		}
		for _, arg := range e.Arguments {
			if k := kinds.of(e.Subtype, arg); k >= 0 {
				parts = append(parts, part{arg.casieSpan, e.Subtype, slices.Index(kinds.roles, arg.Role), k})
			}
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		rank := func(p part) int {
			if p.event == "Databreach" {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.End-b.Start, a.End-a.Start), cmp.Compare(a.Start, b.Start),
			cmp.Compare(a.kind, b.kind))
	})
	for _, p := range parts {
		a.label(a.roles, at[p.Start], at[p.End], p.role)
		a.label(a.parts, at[p.Start], at[p.End], p.kind)
	}
}

// roleKinds are the events, the roles in any of them, and the parts: a role in
// an event and the type of who plays it, "Databreach/Victim/Organization".
type roleKinds struct {
	events []string
	roles  []string
	parts  []string
	usual  map[string]string // the type that a role in an event has most often
}

// The fewest times that a part, and a type of one, must be marked to be
// learnt.
const (
	leastRole = 20
	leastType = 40
)

func newRoleKinds(articles []casieArticle) roleKinds {
	role, typed, events := map[string]int{}, map[string]int{}, map[string]int{}
	for _, a := range articles {
		if a.held {
			continue
		}
		for _, e := range a.Events {
			events[e.Subtype]++
			for _, arg := range e.Arguments {
				role[e.Subtype+"/"+arg.Role]++
				typed[e.Subtype+"/"+arg.Role+"/"+arg.Type]++
			}
		}
	}
	k := roleKinds{events: sortedKeys(events), usual: make(map[string]string)}
	for _, t := range sortedKeys(typed) {
		name := t[:strings.LastIndexByte(t, '/')]
		if role[name] < leastRole && !strings.HasPrefix(name, "Databreach/") {
			continue
		}
		if best := k.usual[name]; best == "" || typed[t] > typed[best] {
			k.usual[name] = t
		}
		if typed[t] >= leastType {
			k.parts = append(k.parts, t)
		}
	}
	for _, t := range k.usual {
		if !slices.Contains(k.parts, t) {
			k.parts = append(k.parts, t)
		}
	}
	slices.Sort(k.parts)
	for _, t := range k.parts {
		k.roles = append(k.roles, strings.Split(t, "/")[1])
	}
	slices.Sort(k.roles)
	k.roles = slices.Compact(k.roles)
	return k
}

// of returns the kind of an argument, -1 where it is too rare to be learnt.
func (k roleKinds) of(event string, arg casieArg) int {
	name := event + "/" + arg.Role
	if i := slices.Index(k.parts, name+"/"+arg.Type); i >= 0 {
		return i
	}
	return slices.Index(k.parts, k.usual[name])
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
