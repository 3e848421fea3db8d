package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An evalArticle is an article of ../shared/eval, never learnt from.
type evalArticle struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

type evalGold struct {
	ID       string `json:"id"`
	Entities []struct {
		Type    string   `json:"type"`
		Name    string   `json:"name"`
		Aliases []string `json:"aliases"`
	} `json:"entities"`
}

// readEval reads the articles with their gold names at every place.
func readEval(dir string, kinds []string) ([]*article, error) {
	texts, err := readLines[evalArticle](filepath.Join(dir, "articles_dev.jsonl"))
	if err != nil {
		return nil, err
	}
	gold, err := readLines[evalGold](filepath.Join(dir, "gold_dev.jsonl"))
	if err != nil {
		return nil, err
	}
	var out []*article
	for _, t := range texts {
		i := slices.IndexFunc(gold, func(g evalGold) bool { return g.ID == t.ID })
		if i < 0 {
			return nil, fmt.Errorf("read %s: no gold for article %s", dir, t.ID)
		}
		a := newArticle(t.ID, t.Title, t.Text)
		a.names = make([]uint8, len(a.tokens))
		for _, f := range formsOf(gold[i]) {
			a.labelForm(f.text, len(a.Text), slices.Index(kinds, f.kind))
		}
		out = append(out, a)
	}
	return out, nil
}

type form struct{ text, kind string }

// formsOf lists the names of an article's entities, longest first.
func formsOf(g evalGold) []form {
	var out []form
	for _, e := range g.Entities {
		for _, n := range append([]string{e.Name}, e.Aliases...) {
			out = append(out, form{n, e.Type})
		}
	}
	slices.SortStableFunc(out, func(a, b form) int { return cmp.Or(cmp.Compare(len(b.text), len(a.text)), cmp.Compare(a.text, b.text)) })
	return out
}

// labelForm labels every place before limit where form stands as words of its
// own.
func (a *article) labelForm(form string, limit, k int) {
	for at := 0; form != ""; {
		i := strings.Index(a.Text[at:limit], form)
		if i < 0 {
			return
		}
		start, end := at+i, at+i+len(form)
		before, _ := utf8.DecodeLastRuneInString(a.Text[:start])
		after, _ := utf8.DecodeRuneInString(a.Text[end:])
		if !wordRune(before) && !wordRune(after) {
			a.label(a.names, start, end, k)
		}
		at = end
	}
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
