// Command train learns the tagger's weights. It reads the CASIE articles of
// ../shared/casie and the labels of names beside this file, and writes the
// model that package tag embeds and a report of what was measured:
//
//	go run ./extract/tag/train
//
// The same articles and labels give the same model, bit for bit.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	shared := flag.String("shared", "../shared", "folder of the shared data")
	flag.Parse()
	if err := run(*shared); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(shared string) error {
	start := time.Now()
	casie, dev, err := readCASIE(shared + "/casie")
	if err != nil {
		return err
	}
	marks, err := readNames("extract/tag/train/names.tsv")
	if err != nil {
		return err
	}
	kinds := newRoleKinds(casie)
	fmt.Println(len(kinds.roles), kinds.roles)
	var articles []*article
	for _, c := range casie {
		a := newArticle(c.ID, c.Title, c.Text)
		a.dev = dev[c.ID]
		a.fold = foldOf(c.Group)
		if m, ok := marks[c.ID]; ok {
			a.labelNames(m, nameKinds())
		}
		a.labelEvents(c.Events, kinds)
		articles = append(articles, a)
	}
	fmt.Println("read", time.Since(start))
	fmt.Println("read", time.Since(start))
	p := &pipeline{articles: articles, kinds: kinds}
	raw, err := p.run(start)
	if err != nil {
		return err
	}
	return os.WriteFile("extract/tag/model.bin", raw, 0o644)
}

func all(*article) bool { return true }

func nameKinds() []string {
	return []string{"company", "firm", "agency", "outlet", "group", "person", "malware", "vulnerability", "product", "place"}
}

func foldOf(group string) int {
	h := uint32(2166136261)
	for i := range len(group) {
		h = (h ^ uint32(group[i])) * 16777619
	}
	return int(h>>8) % folds
}
