package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// A Scope is what a token is good for.
type Scope string

// The scopes. Neither includes the other.
const (
	Read  Scope = "read"  // see what the graph and the service hold
	Write Scope = "write" // push articles, pause sources, retry and drop jobs
)

// A Token is a secret that somebody was given, by its digest.
type Token struct {
	Name   string
	scopes []Scope
	digest [sha256.Size]byte
}

// Allows reports whether the token is good for s.
func (t *Token) Allows(s Scope) bool { return slices.Contains(t.scopes, s) }

const (
	// minSecret keeps secrets from being guessed: 20 characters of a password
	// generator hold some 100 bits.
	minSecret = 20
	maxSecret = 200
	maxTokens = 1000
	// maxTokenFile bounds a file of tokens, in bytes.
	maxTokenFile = 256 << 10
)

// ParseTokens reads tokens, each as NAME:SCOPES:SECRET, parted by spaces, commas
// or line ends; a line that begins with # is a comment. SCOPES is read, write or
// read+write. An error says which token is at fault and never shows it.
func ParseTokens(text string) ([]Token, error) {
	var out []Token
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n,", r) }) {
			t, err := parseToken(word)
			if err == nil && len(out) == maxTokens {
				err = fmt.Errorf("there are more than %d", maxTokens)
			}
			if err == nil && slices.ContainsFunc(out, func(other Token) bool { return other.Name == t.Name || other.digest == t.digest }) {
				err = errors.New("its name or its secret is another one's, too")
			}
			if err != nil {
				return nil, fmt.Errorf("token %d: %w", len(out)+1, err)
			}
			out = append(out, t)
		}
	}
	return out, nil
}

func parseToken(word string) (Token, error) {
	parts := strings.SplitN(word, ":", 3)
	if len(parts) != 3 || !isName(parts[0]) {
		return Token{}, errors.New("it is not of the form NAME:SCOPES:SECRET, such as press:read:SECRET")
	}
	t := Token{Name: parts[0], digest: sha256.Sum256([]byte(parts[2]))}
	for word := range strings.SplitSeq(parts[1], "+") {
		s := Scope(word)
		if s != Read && s != Write {
			return Token{}, fmt.Errorf("the scopes of %s are not read, write or read+write", t.Name)
		}
		t.scopes = append(t.scopes, s)
	}
	if n := len(parts[2]); n < minSecret || n > maxSecret {
		return Token{}, fmt.Errorf("the secret of %s has %d characters, not %d to %d; make one with `openssl rand -hex 20`", t.Name, n, minSecret, maxSecret)
	}
	return t, nil
}

// isName reports whether s may stand in logs as somebody's name.
func isName(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}

// ReadTokens reads a file as ParseTokens does. What went wrong is told without
// the file's name: by a slip it may be a token.
func ReadTokens(path string) ([]Token, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the file of tokens: %w", pathless(err))
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxTokenFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the file of tokens: %w", pathless(err))
	case len(raw) > maxTokenFile:
		return nil, fmt.Errorf("read the file of tokens: it is longer than %d KiB", maxTokenFile>>10)
	}
	tokens, err := ParseTokens(string(raw))
	if err == nil && len(tokens) == 0 {
		err = errors.New("it holds none")
	}
	if err != nil {
		return nil, fmt.Errorf("read the file of tokens: %w", err)
	}
	return tokens, nil
}

func pathless(err error) error {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		return inner.Err
	}
	return err
}

// find returns the token of a secret, or nil. It takes as long for any secret of
// one length: each digest is compared to its end.
func find(tokens []Token, secret string) *Token {
	if len(secret) > maxSecret {
		return nil
	}
	digest := sha256.Sum256([]byte(secret))
	var found *Token
	for i := range tokens {
		if subtle.ConstantTimeCompare(digest[:], tokens[i].digest[:]) == 1 {
			found = &tokens[i]
		}
	}
	return found
}
