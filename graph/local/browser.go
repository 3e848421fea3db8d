package local

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A BrowserFS holds the files of Neo4j Browser, as its page has them.
type BrowserFS struct {
	fs.FS
	jar *zip.ReadCloser
}

// Close gives the files back.
func (b *BrowserFS) Close() error { return b.jar.Close() }

// Browser opens the files of Neo4j Browser that came with the server which
// [Start] assembled in cacheDir; empty means as in [Options]. The error wraps
// [fs.ErrNotExist] where none has been assembled.
func Browser(cacheDir string) (*BrowserFS, error) {
	if cacheDir == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil, err
		}
		cacheDir = filepath.Join(dir, "breachgraph")
	}
	pattern := filepath.Join(cacheDir, "neo4j-"+Version, "lib", "neo4j-browser-*.jar")
	jars, err := filepath.Glob(pattern)
	if err == nil && len(jars) == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", pattern, err)
	}
	jar, err := zip.OpenReader(jars[0])
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", jars[0], err)
	}
	files, err := fs.Sub(jar, "browser")
	if err != nil {
		return nil, errors.Join(err, jar.Close())
	}
	return &BrowserFS{files, jar}, nil
}
