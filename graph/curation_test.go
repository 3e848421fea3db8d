package graph

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseCuration(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"all", `# corrections
- action: merge
  of: Company:face-book
  to: Organization:facebook
  reason: a misspelling
- {action: split, of: "Organization:delta", to: "Organization:delta-dental"}
- {action: rename, of: "Person:j-doe", to: Jane Doe}
- {action: retype, of: "Organization:acme", to: firm}
- {action: reject, of: 0123abcd}
- {action: same, of: "https://www.a.example/1?utm_source=x", to: "https://b.example/2"}
`, ""},
		{"nothing", "", ""},
		{"no list", "action: merge", `c.yaml:1: is not a list of rules`},
		{"unknown field", "- action: merge\n  with: x", "c.yaml:2: unknown field"},
		{"unknown action", "- action: rename\n  of: Person:x\n  to: X\n- action: explode", `c.yaml:4: action "explode" is not merge`},
		{"no entity", "- {action: merge, of: facebook, to: \"Organization:x\"}", `c.yaml:1: "facebook" is not an entity such as`},
		{"of two labels", "- {action: merge, of: \"Person:x\", to: \"Organization:x\"}", "c.yaml:1: Person:x and Organization:x are of different labels"},
		{"itself", "- {action: split, of: \"Firm:x\", to: \"Company:x\"}", "c.yaml:1: Firm:x is the same in of and to"},
		{"a part of a person", "- {action: retype, of: \"Person:x\", to: firm}", "c.yaml:1: retype makes an Organization"},
		{"no URL", "- {action: same, of: x, to: y}", "c.yaml:1: same needs the URLs of two articles"},
		{"two names", "- {action: rename, of: \"Person:x\", to: A}\n- {action: rename, of: \"Person:x\", to: B}", `c.yaml:2: rename Person:x contradicts line 1, rename to "A"`},
		{"twice the same", "- {action: reject, of: a}\n- {action: reject, of: a}", ""},
		{"right and wrong", "- {action: reject, of: a}\n- {action: confirm, of: a}", "c.yaml:2: confirm a contradicts line 1"},
		{"joined and parted", "- {action: merge, of: \"Person:x\", to: \"Person:y\"}\n- {action: merge, of: \"Person:z\", to: \"Person:y\"}\n- {action: split, of: \"Person:z\", to: \"Person:x\"}",
			"c.yaml:3: split Person:z, Person:x: other rules make them one"},
		{"in one article", "- {action: split, of: \"Person:x\", to: \"Person:y\", in: \"https://a.example/1\"}\n- {action: split, of: \"Person:x\", to: \"Person:y\", in: \"https://a.example/1?utm_source=x\"}", ""},
		{"in each of several", "- {action: split, of: \"Person:x\", to: \"Person:y\", in: [\"https://a.example/1\", \"urn:sha256:12\"]}\n- {action: split, of: \"Person:x\", to: \"Person:z\", in: \"https://a.example/2\"}", ""},
		{"one name in one article led to two", "- action: split\n  of: Person:x\n  to: Person:y\n  in: [\"https://b.example/1\", \"https://a.example/1\"]\n- {action: split, of: \"Person:x\", to: \"Person:z\", in: \"https://a.example/1\"}",
			`c.yaml:5: split Person:x in https://a.example/1 contradicts line 1, split to "Person:y"`},
		{"parted in an article and joined", "- {action: split, of: \"Person:x\", to: \"Person:y\", in: \"https://a.example/1\"}\n- {action: merge, of: \"Person:y\", to: \"Person:x\"}", "c.yaml:1: split Person:x, Person:y: other rules make them one"},
		{"in no article", "- {action: reject, of: a}\n- {action: split, of: \"Person:x\", to: \"Person:y\", in: }", "c.yaml:2: in names no article"},
		{"in an empty list", "- {action: split, of: \"Person:x\", to: \"Person:y\", in: []}", "c.yaml:1: in names no article"},
		{"in nothing among others", "- {action: split, of: \"Person:x\", to: \"Person:y\", in: [\"https://a.example/1\", \"\"]}", "c.yaml:1: in names no article"},
		{"in what is no URL", "- {action: split, of: \"Person:x\", to: \"Person:y\", in: x}", "c.yaml:1: split needs the URL of an article in in: "},
		{"in a map", "- {action: split, of: \"Person:x\", to: \"Person:y\", in: {a: b}}", "c.yaml:1: "},
		{"merged in an article", "- {action: merge, of: \"Person:x\", to: \"Person:y\", in: \"https://a.example/1\"}", "c.yaml:1: merge does not go by articles; in is for split"},
		{"renamed in an article", "- {action: rename, of: \"Person:x\", to: Y, in: \"https://a.example/1\"}", "c.yaml:1: rename does not go by articles"},
		{"no id", "- {action: split, of: \"Person:x\", to: \"Person:John Smith 2\", in: \"https://a.example/1\"}", "c.yaml:1: Person:John Smith 2 cannot be an id, which is lower-case words joined by hyphens, such as Person:john-smith-2"},
		{"an id that lists lead elsewhere", "- {action: split, of: \"Group:fancy-bear\", to: \"Group:x\", in: \"https://a.example/1\"}", "c.yaml:1: Group:fancy-bear goes by the id Group:apt28"},
		{"broken", "- action: [", "c.yaml:1: "},
		{"two errors", "- action: a\n- action: b", "c.yaml:2: action \"b\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseCuration("c.yaml", []byte(test.in))
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("ParseCuration(%q) = %v, want %q", test.in, err, test.want)
			}
		})
	}
}

// Rules that are read can be written, and read back.
func FuzzParseCuration(f *testing.F) {
	f.Add("- {action: split, of: \"Person:x\", to: \"Person:y\", in: [\"https://a.example/1\", \"https://b.example/2\"], reason: r}\n- {action: rename, of: \"Person:x\", to: \"Y: Z\"}")
	f.Add("- action: split\n  of: Company:t-mobile\n  to: Organization:t-mobile-de\n  in: HTTPS://www.A.example/1/?utm_source=x#y\n- {action: same, of: \"https://a.example/1\", to: \"urn:sha256:1\"}")
	f.Fuzz(func(t *testing.T, in string) {
		rules, err := ParseCuration("c.yaml", []byte(in))
		if err != nil {
			t.Skip()
		}
		var raw []byte
		for i := range rules {
			rules[i].Line = 0
			if raw, err = AppendRule(raw, rules[i]); err != nil {
				t.Fatal(err)
			}
		}
		again, err := ParseCuration("c.yaml", raw)
		for i := range again {
			again[i].Line = 0
		}
		if err != nil || !reflect.DeepEqual(again, rules) {
			t.Errorf("%q reads back as %+v, %v, want %+v", raw, again, err, rules)
		}
	})
}

// What is appended is read back, after any text.
func FuzzAppendRule(f *testing.F) {
	f.Add("# mine\n", "Organization:a", "A: \"b\" #c", "why\nnot")
	f.Fuzz(func(t *testing.T, before, of, to, reason string) {
		old, err := ParseCuration("c.yaml", []byte(before))
		if err != nil || strings.Contains(before, "...") || strings.TrimSpace(before) != "" && len(old) == 0 {
			t.Skip()
		}
		r, err := Rule{Action: Rename, Of: of, To: to, Reason: reason}.Checked()
		if err != nil {
			t.Skip()
		}
		raw, err := AppendRule(nil, r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseCuration("c.yaml", raw)
		if len(got) == 1 {
			got[0].Line = 0
		}
		if err != nil || !reflect.DeepEqual(got, []Rule{r}) {
			t.Errorf("%q reads back as %+v, %v, want %+v", raw, got, err, r)
		}
	})
}
