package configfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func keys() []Key {
	return []Key{
		{Name: "data", Type: Text},
		{Name: "quiet", Type: Switch},
		{Name: "heap", Type: Whole, Verbs: []string{"serve", "db start"}},
		{Name: "price", Type: Number, Verbs: []string{"serve"}},
		{Name: "delay", Type: Text, Verbs: []string{"crawl", "serve"}, Check: func(v string) error {
			if !strings.HasSuffix(v, "s") {
				return errors.New("is a time such as 2s")
			}
			return nil
		}},
		{Name: "format", Type: Text, Verbs: []string{"crawl"}},
		{Name: "format", Type: Text, Verbs: []string{"query", "export"}},
		{Name: "query", Type: Text, Verbs: []string{"export"}},
		{Name: "password", Type: Text, Refused: "it is a secret"},
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, in string
		want     string // values as VERB/NAME=VALUE@LINE of some lookups, or problems
	}{
		{"empty", "", ""},
		{"comments", "# nothing\n\n# at all\n", ""},
		{"all verbs", "data: /srv\nquiet: true\nheap: 2048\nprice: 1.5\n", "serve/data=/srv@1, serve/quiet=true@2, serve/heap=2048@3, serve/price=1.5@4"},
		{"one pair", "data: /srv\n", "serve/data=/srv@1"},
		{"below a verb", "delay: 2s\nserve:\n  delay: 5s\n", "serve/delay=5s@3, crawl/delay=2s@1"},
		{"below a verb alone", "crawl:\n  format: jsonl\nquery:\n  format: csv\n", "crawl/format=jsonl@2, query/format=csv@4"},
		{"a verb of two words", "db start: {heap: 512}\n", "db start/heap=512@1"},
		{"a name that is both", "query: repeat-victims\nexport:\n  format: csv\n", "export/query=repeat-victims@1, export/format=csv@3"},
		{"block text", "data: |\n  /srv\n", "serve/data=/srv\n@1"},
		{"price without a fraction", "price: 2\n", "serve/price=2@1"},
		{"unknown", "data: x\nheep: 3\n", `c.yaml:2: there is no setting "heep"; did you mean heap?`},
		{"unknown and far", "zzzzzzzz: 3\n", `c.yaml:1: there is no setting "zzzzzzzz"`},
		{"unknown to the verb", "crawl:\n  heap: 3\n", `c.yaml:2: crawl has no setting "heap"; did you mean heap?`},
		{"unknown verb", "crawll:\n  delay: 3s\n", `c.yaml:1: "crawll" is no verb that has settings; did you mean crawl?`},
		{"of several verbs", "format: csv\n", "c.yaml:1: format means different things to different verbs; put it below one of crawl, export, query"},
		{"secret", "data: x\npassword: hunter2\n", "c.yaml:2: password cannot stand in a file: it is a secret"},
		{"number for text", "data: 5\n", "c.yaml:1: data is a text; put it into quotes"},
		{"text for number", "heap: much\n", "c.yaml:1: heap is a whole number"},
		{"fraction for number", "heap: 1.5\n", "c.yaml:1: heap is a whole number"},
		{"too large", "heap: 99999999999999999999\n", "c.yaml:1: heap is a whole number"},
		{"text for switch", "quiet: yes please\n", "c.yaml:1: quiet is true or false"},
		{"nothing", "data:\n", "c.yaml:1: data is a text; leave the line out, or give it a value"},
		{"list", "data: [a, b]\n", "c.yaml:1: data is a text"},
		{"bad value", "\ndelay: 2m\n", "c.yaml:2: delay: is a time such as 2s"},
		{"twice", "data: a\ndata: b\n", `c.yaml:2: mapping key "data" already defined at [1:1]`},
		{"not a mapping", "- data\n", `c.yaml:1: is not a list of settings, each as in "name: value"`},
		{"not YAML", "data: [x\n", "c.yaml:1: "},
		{"key in quotes", "\"data\": 'x'\n", "serve/data=x@1"},
		{"anchor", "data: &x a\n", "c.yaml:1: data is a text"},
		{"two documents", "data: a\n---\ndata: b\n", "c.yaml:3: a second document"},
		{"several", "heap: x\nquiet: 3\nprise: 1\n", "c.yaml:1: heap is a whole number; c.yaml:2: quiet is true or false; c.yaml:3: there is no setting"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, problems := Parse("c.yaml", []byte(tt.in), keys())
			if len(problems) > 0 || strings.HasPrefix(tt.want, "c.yaml") {
				var said []string
				for _, p := range problems {
					said = append(said, p.Error())
				}
				if got := strings.Join(said, "; "); !strings.HasPrefix(got, tt.want) || tt.want == "" {
					t.Fatalf("Parse(%q) says %s\nwant %s", tt.in, got, tt.want)
				}
				return
			}
			for want := range strings.SplitSeq(tt.want, ", ") {
				verb, rest, _ := strings.Cut(want, "/")
				name, _, said := strings.Cut(rest, "=")
				if !said {
					continue
				}
				v, ok := f.Lookup(verb, name)
				if got := verb + "/" + name + "=" + v.Text + "@" + string(rune('0'+v.Line)); !ok || got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
		})
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, []byte("# "+strings.Repeat("x", maxBytes)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{large: "is larger than", filepath.Join(dir, "none.yaml"): "no such file", dir: "directory"} {
		if _, _, err := Read(path, keys()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Read(%s): %v, want %q", path, err, want)
		}
	}
	if _, ok := (*File)(nil).Lookup("serve", "data"); ok {
		t.Error("no file says something")
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"heap", "heap", 0}, {"heep", "heap", 1}, {"hep", "heap", 1}, {"heaps", "heap", 1}, {"delay", "data", 3}, {"", "abc", 3}} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// Whatever is in a file, each value that is taken is of its type and from a line
// that there is, and so is each problem.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"data: a\nserve: {heap: 3}\n", "quiet: true\n? [x]\n: y\n", "<<: *x\n", "format: a\n", "- a\n", "db start:\n  heap: 0x10\n", "price: .inf\n", "a: &a [*a]\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		file, problems := Parse("c", []byte(in), keys())
		lines := strings.Count(in, "\n") + strings.Count(in, "\r") + 1
		for _, p := range problems {
			if p.Line < 0 || p.Line > lines+1 {
				t.Errorf("%q: line %d", in, p.Line)
			}
		}
		for _, verb := range []string{"serve", "db start"} {
			v, ok := file.Lookup(verb, "heap")
			if ok && (v.Line < 1 || strings.Trim(v.Text, "-+0123456789") != "") {
				t.Errorf("%q: heap is %+v", in, v)
			}
		}
	})
}
