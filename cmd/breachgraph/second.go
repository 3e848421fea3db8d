package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/extract/llm"
)

// keyVariable holds the key of a language model's endpoint. There is no flag
// for it.
const keyVariable = "BREACHGRAPH_LLM_KEY"

// openSecond makes the second reader, if the settings name one.
func (a *app) openSecond() error {
	switch {
	case a.llm == "" && a.llmModel == "":
		return nil
	case a.llm == "":
		return usagef("--llm-model asks nothing without --llm, the URL of the endpoint")
	case a.llmModel == "":
		return usagef("--llm needs --llm-model, the name of the model")
	case a.llmTimeout < 1:
		return usagef("--llm-timeout is 1 or more seconds, not %d", a.llmTimeout)
	case !(a.llmPriceIn >= 0 && a.llmPriceOut >= 0):
		return usagef("--llm-price-in and --llm-price-out are 0 or more")
	case a.only != "":
		return usagef("--only %s extracts nothing that --llm could add to", a.only)
	}
	key, err := a.modelKey()
	if err != nil {
		return err
	}
	a.second, err = llm.New(llm.Config{
		URL: a.llm, Model: a.llmModel, Key: key, Stream: a.llmStream,
		Within: time.Duration(a.llmTimeout) * time.Second, Cache: filepath.Join(a.data, "llm"),
		PromptPrice: a.llmPriceIn, CompletionPrice: a.llmPriceOut,
		AnyLanguage: a.language == "any", Log: a.log,
	})
	if err != nil {
		return usagef("--llm: %v", err)
	}
	return nil
}

// maxKey bounds a key, in bytes.
const maxKey = 8 << 10

// modelKey finds the key. What went wrong is told without the file's name: by a
// slip it may be the key.
func (a *app) modelKey() (string, error) {
	if a.llmKeyFile == "" {
		return strings.TrimSpace(os.Getenv(keyVariable)), nil
	}
	key, err := readKey(a.llmKeyFile)
	if path := new(fs.PathError); errors.As(err, &path) {
		err = path.Err
	}
	if err != nil {
		return "", fmt.Errorf("read the file of --llm-key-file: %w", err)
	}
	return key, nil
}

func readKey(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	key := strings.TrimSpace(string(raw))
	switch {
	case err != nil:
		return "", err
	case len(raw) > maxKey:
		return "", fmt.Errorf("it is longer than %d KiB", maxKey>>10)
	case key == "":
		return "", errors.New("it is empty")
	}
	return key, nil
}

// tellSecond says what the second reader did, and what that took.
func (a *app) tellSecond() {
	if a.second == nil {
		return
	}
	r := a.second.Report()
	attrs := []any{"model", a.llmModel, "articles", r.Articles}
	add := func(worth bool, name string, value any) {
		if worth {
			attrs = append(attrs, name, value)
		}
	}
	same := func(_ int, s string) string { return s }
	add(r.Skipped > 0, "not_asked_about", r.Skipped)
	add(r.Cached > 0, "answers_from_cache", r.Cached)
	add(len(r.Failed) > 0, "failed", tally(r.Failed, same))
	attrs = append(attrs, "claims_agreed", r.Agreed, "claims_added", r.Added)
	add(len(r.Dropped) > 0, "claims_dropped", tally(r.Dropped, same))
	attrs = append(attrs, "tokens_sent", r.PromptTokens, "tokens_received", r.Completion)
	add(r.Unmetered > 0, "answers_without_token_counts", r.Unmetered)
	if a.llmPriceIn > 0 && a.llmPriceOut > 0 {
		attrs = append(attrs, "cost", fmt.Sprintf("%.4f", r.Cost))
	} else {
		attrs = append(attrs, "cost", "unknown")
	}
	a.log.Info("read with a language model", attrs...)
}
