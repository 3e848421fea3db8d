package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestNamesakes(t *testing.T) {
	seen := func(line string) appearance { // id article about… @employer…
		f := strings.Fields(line)
		a := appearance{id: f[0], name: f[0], article: f[1]}
		for _, w := range f[2:] {
			if employer, ok := strings.CutPrefix(w, "@"); ok {
				a.employers = append(a.employers, employer)
				w = employer
			}
			a.about = append(a.about, w)
		}
		slices.Sort(a.about)
		return a
	}
	for _, test := range []struct {
		name string
		in   []string
		want string
	}{
		{"nobody", nil, "[]"},
		{"one article", []string{"smith a @acme @bolt"}, "[]"},
		{"two employers, nothing in common", []string{"smith a @acme", "smith b @bolt", "smith c @acme x"}, "[{smith smith smith-of-bolt [bolt] [b]}]"},
		{"a breach in common", []string{"smith a @acme b1", "smith b @bolt b1"}, "[]"},
		{"through a third", []string{"smith a @acme", "smith b @bolt x", "smith c acme x"}, "[]"},
		{"no employer", []string{"smith a @acme", "smith b @bolt acme", "smith c x"}, "[]"},
		{"three", []string{"smith c @acme", "smith b @bolt", "smith a @bolt", "smith d @zip @core"}, "[{smith smith smith-of-acme [acme] [c]} {smith smith smith-of-core [core zip] [d]}]"},
		{"two people", []string{"jones a @acme", "smith b @bolt"}, "[]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for range 2 {
				var in []appearance
				for _, l := range test.in {
					in = append(in, seen(l))
				}
				slices.Reverse(test.in)
				if got := fmt.Sprint(namesakes(in)); got != test.want {
					t.Errorf("namesakes(%v) = %s, want %s", test.in, got, test.want)
				}
			}
		})
	}
}

// Whom articles give different employers is listed, until a person parts him.
func TestNamesakesOfGraph(t *testing.T) {
	db, _ := open(t)
	load(t, db, smith("a", 0, "Acme"), smith("b", 10, "Bolt"), smith("c", 20, "Acme"))
	listed := func() string {
		t.Helper()
		found, err := db.Namesakes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(found)
	}
	if got, want := listed(), "[{john-smith john-smith john-smith-of-bolt [bolt] [https://news.example/b]}]"; got != want {
		t.Errorf("listed %s, want %s", got, want)
	}
	curate(t, db, splitIn(labelPerson, "john-smith", "john-smith-of-bolt", "b"))
	if got := listed(); got != "[]" {
		t.Errorf("after that listed %s, want nobody", got)
	}
}
