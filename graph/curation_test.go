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
