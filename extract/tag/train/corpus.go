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

	"github.com/breachgraph/breachgraph/extract/tag/internal/crf"
	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
	"github.com/breachgraph/breachgraph/extract/tag/internal/token"
)

// An article is one text with whatever labels are known of it.
type article struct {
	ID, Title, Text string
	tokens          []token.Token
	doc             *feature.Doc
	base            features
	names           []uint8 // nil where nobody labelled them
	events, roles   []uint8 // nil outside CASIE
	dev             bool    // of CASIE's development part
	fold            int
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
}

// readCASIE reads the articles of both parts but for those that in_eval.txt
// names.
func readCASIE(dir string) ([]casieArticle, map[string]bool, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "in_eval.txt"))
	if err != nil {
		return nil, nil, fmt.Errorf("read CASIE: %w", err)
	}
	evaluated := strings.Fields(string(raw))
	var out []casieArticle
	dev := make(map[string]bool)
	for _, part := range []string{"train", "dev"} {
		articles, err := readLines[casieArticle](filepath.Join(dir, part+".jsonl"))
		if err != nil {
			return nil, nil, fmt.Errorf("read CASIE: %w", err)
		}
		for _, a := range articles {
			if part == "dev" {
				dev[a.ID] = true
			}
			if !slices.Contains(evaluated, a.ID) {
				out = append(out, a)
			}
		}
	}
	slices.SortFunc(out, func(a, b casieArticle) int { return cmp.Compare(a.ID, b.ID) })
	return out, dev, nil
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
	a.events, a.roles = make([]uint8, len(a.tokens)), make([]uint8, len(a.tokens))
	at := byteOffsets(a.Text)
	type part struct {
		casieSpan
		event string
		kind  int
	}
	var parts []part
	for _, e := range events {
		if k := slices.Index(kinds.events, e.Subtype); k >= 0 {
			a.label(a.events, at[e.Nugget.Start], at[e.Nugget.End], k)
		}
		for _, arg := range e.Arguments {
			if k := kinds.of(e.Subtype, arg); k >= 0 {
				parts = append(parts, part{arg.casieSpan, e.Subtype, k})
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
		a.label(a.roles, at[p.Start], at[p.End], p.kind)
	}
}

// roleKinds are the events, and the parts in them with the type of who or what
// plays them: "Databreach/Victim/Organization".
type roleKinds struct {
	events []string
	roles  []string
	usual  map[string]string // the type that a part has most often
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
			k.roles = append(k.roles, t)
		}
	}
	for _, t := range k.usual {
		if !slices.Contains(k.roles, t) {
			k.roles = append(k.roles, t)
		}
	}
	slices.Sort(k.roles)
	return k
}

// of returns the kind of an argument, -1 where it is too rare to be learnt.
func (k roleKinds) of(event string, arg casieArg) int {
	name := event + "/" + arg.Role
	if i := slices.Index(k.roles, name+"/"+arg.Type); i >= 0 {
		return i
	}
	return slices.Index(k.roles, k.usual[name])
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
