package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// maxFiles bounds what [Walk] takes from one folder, lest a slip of the
// keyboard reads a whole disk.
const maxFiles = 1_000_000

// Walk yields the files to read at path: path itself unless it is a folder,
// else the regular files below it in the order of their names. Hidden files
// and folders are left out, and so are the folders of pictures and scripts
// ("story_files") that browsers save beside a page; links to folders below path
// are not followed. An error concerns the path that it names, and the walk goes
// on.
func Walk(path string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		files := 0
		if info, err := os.Stat(path); err == nil && info.IsDir() && !os.IsPathSeparator(path[len(path)-1]) {
			path += string(filepath.Separator) // follows a link
		}
		err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				if !yield("", readError(name, err)) {
					return fs.SkipAll
				}
				return nil
			case name != path && strings.HasPrefix(d.Name(), "."), name != path && d.IsDir() && isCompanion(name):
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			case d.IsDir() || name != path && !isRegular(name):
				return nil
			}
			if files++; files > maxFiles {
				return fmt.Errorf("more than %d files", maxFiles)
			}
			if !yield(name, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", readError(path, err))
		}
	}
}

// isRegular follows a link; pipes and devices could block for ever.
func isRegular(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// isCompanion reports whether folder was saved beside a page by a browser.
func isCompanion(folder string) bool {
	stem, ok := strings.CutSuffix(folder, "_files")
	if !ok {
		return false
	}
	for _, ext := range pageExtensions {
		if _, err := os.Stat(stem + ext); err == nil {
			return true
		}
	}
	return false
}

// readError names the file once: the errors of package os do so too.
func readError(name string, err error) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return fmt.Errorf("read %s: %w", name, err)
}
