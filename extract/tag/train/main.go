// Command train learns the tagger's weights. From the CASIE articles of
// ../shared/casie and the labels of names in names.tsv beside it, it writes
// the model that package tag embeds and a report of what was measured:
//
//	go run ./extract/tag/train
//
// The same articles and labels give the same model, bit for bit, on machines
// of one architecture.
package main

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
)

func main() {
	var s settings
	flag.StringVar(&s.shared, "shared", "../shared", "`folder` of the shared data: casie and eval")
	flag.StringVar(&s.dir, "dir", "extract/tag", "`folder` of package tag, where the model and the report go")
	flag.StringVar(&s.predict, "predict", "", "also write what is found in CASIE's development part to this `file`, for its scorer")
	flag.IntVar(&s.articles, "articles", 0, "read only the first `n` articles; 0 means all")
	flag.Parse()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(s, log); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

type settings struct {
	shared, dir, predict string
	articles             int
}

func run(s settings, log *slog.Logger) error {
	c, err := readCorpus(s)
	if err != nil {
		return err
	}
	p := newPipeline(c, log)
	p.learnNames()
	p.learnRoles()
	model, err := p.encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.dir+"/model.bin", model, 0o644); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	if err := os.WriteFile(s.dir+"/train/report.md", p.report(len(model)), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if s.predict != "" {
		return p.predict(s.predict)
	}
	return nil
}
