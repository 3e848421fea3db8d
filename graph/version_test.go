package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestCheckSchemaVersion(t *testing.T) {
	for _, c := range []struct {
		name    string
		version any
		want    string // in the message; empty for none
	}{
		{"an empty database", nil, ""},
		{"this version", int64(SchemaVersion), ""},
		{"made before versions were kept", int64(unversioned), "export --format jsonl"},
		{"newer", int64(SchemaVersion + 1), "use a newer breachgraph"},
		{"of something else", "one", "has the version one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := checkSchemaVersion(c.version)
			if errors.Is(err, ErrVersion) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("checkSchemaVersion(%v) = %v, want %q", c.version, err, c.want)
			}
		})
	}
}

// A graph of another version is left alone by whoever opens it, and by who had
// it open already.
func TestVersion(t *testing.T) {
	db, config := open(t)
	loads := func() error {
		_, err := db.Load(t.Context(), slices.Values(articles(1, 1, 1, 1)))
		return err
	}
	// Someone emptied the database while it was open.
	empty(t, db)
	if err := loads(); err != nil {
		t.Fatal(err)
	}
	if rows := read(t, db, "MATCH (s:Schema) RETURN s.id, s.version", nil); len(rows) != 1 || rows[0][1] != int64(SchemaVersion) {
		t.Fatalf("version kept: %v", rows)
	}
	write(t, db, "MATCH (a:Article) SET a.extractionHash = 'other'") // so that there is something to load
	for _, version := range []int{SchemaVersion + 1, SchemaVersion - 1} {
		write(t, db, fmt.Sprintf("MATCH (s:Schema) SET s.version = %d", version))
		before := dump(t, db)
		if _, err := Open(t.Context(), config); !errors.Is(err, ErrVersion) {
			t.Errorf("version %d: Open: %v, want %v", version, err, ErrVersion)
		}
		if err := loads(); !errors.Is(err, ErrVersion) {
			t.Errorf("version %d: Load: %v, want %v", version, err, ErrVersion)
		}
		if _, err := db.Forget(t.Context(), "jo", someDay); !errors.Is(err, ErrVersion) {
			t.Errorf("version %d: Forget: %v, want %v", version, err, ErrVersion)
		}
		if after := dump(t, db); after != before {
			t.Errorf("version %d: the graph was changed:\n%s", version, diff(after, before))
		}
	}
	write(t, db, "MATCH (s:Schema) DELETE s")
	if _, err := Open(t.Context(), config); !errors.Is(err, ErrVersion) {
		t.Errorf("no version: Open: %v, want %v", err, ErrVersion)
	}
}
