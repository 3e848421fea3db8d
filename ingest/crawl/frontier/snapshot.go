package frontier

import (
	"errors"
	"fmt"
	"os"
)

// Snapshot writes the frontier as it is at one moment to a new file at path,
// which can be opened like any other. Changes go on meanwhile.
func (f *Frontier) Snapshot(path string) error {
	err := f.read(func(s store) error {
		out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		_, err = s.tx.WriteTo(out)
		return errors.Join(err, out.Sync(), out.Close())
	})
	if err != nil {
		return fmt.Errorf("take a snapshot: %w", err)
	}
	return nil
}
