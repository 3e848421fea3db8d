package llm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// A cache keeps answers in a folder, each under the hash of model, prompt and
// question: who asks the same again pays nothing. What is kept is what the model
// wrote, so that it is examined anew each time. The empty cache keeps nothing.
type cache struct{ dir string }

// A reply is what an endpoint wrote, and what it says that took.
type reply struct {
	Text             string `json:"text"`
	PromptTokens     int    `json:"prompt_tokens"`
	CompletionTokens int    `json:"completion_tokens"`
}

func (c cache) path(model, version, question string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s", model, version, question))
	name := hex.EncodeToString(sum[:])
	return filepath.Join(c.dir, name[:2], name+".json")
}

// load gives the answer kept at path. One that cannot be read is none.
func (c cache) load(path string) (answer, bool) {
	if c.dir == "" {
		return answer{}, false
	}
	f, err := os.Open(path)
	if err != nil {
		return answer{}, false
	}
	defer f.Close()
	var r reply
	if json.NewDecoder(io.LimitReader(f, 8*maxAnswer)).Decode(&r) != nil { // JSON in JSON: escapes make it longer
		return answer{}, false
	}
	a, err := parseAnswer(r.Text)
	return a, err == nil
}

// store keeps r at path, whole or not at all.
func (c cache) store(path string, r reply) error {
	if c.dir == "" {
		return nil
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	_, err = f.Write(raw)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("keep an answer: %w", err)
	}
	return nil
}
