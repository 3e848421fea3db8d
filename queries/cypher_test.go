package queries

import (
	"slices"
	"testing"
	"time"
)

func TestUses(t *testing.T) {
	for _, test := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"RETURN $a + $b2,$a", []string{"a", "b2", "a"}},
		{"$über_x.y", []string{"über_x"}},
		{"// $a\n$b /* $c\n */ $d", []string{"b", "d"}},
		{`'$a' "$b" 'it\'s $c' "\\" $d`, []string{"d"}},
		{"`$a``$b` $c", []string{"c"}},
		{"a / b $c", []string{"c"}},
		{"'open $a", nil},
		{`"open \`, nil},
		{"`open $a", nil},
		{"/* open $a", nil},
		{"// open $a", nil},
		{"$", []string{""}},
		{"$$a", []string{"", "a"}},
	} {
		t.Run(test.in, func(t *testing.T) {
			var got []string
			for _, u := range uses(test.in) {
				got = append(got, u.name)
				if test.in[u.start:u.end] != "$"+u.name {
					t.Errorf("uses(%q): %q is said to stand at %d-%d", test.in, u.name, u.start, u.end)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("uses(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestFilled(t *testing.T) {
	q := Query{Cypher: "RETURN $a, '$a', $b // $a"}
	day := time.Date(2021, 8, 16, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name  string
		value any
		want  string
	}{
		{"null", nil, "null"},
		{"integer", int64(-3), "-3"},
		{"float", 2.5, "2.5"},
		{"whole float", 1e6, "1000000.0"},
		{"boolean", true, "true"},
		{"date", day, "date('2021-08-16')"},
		{"quotation mark", "it's", `'it\'s'`},
		{"escape", `\u0027 $a`, `'\\u0027 $a'`},
		{"strings", []string{"a", "$b"}, `['a', '$b']`},
		{"integers", []int64{1, 2}, "[1, 2]"},
		{"dates", []time.Time{day}, "[date('2021-08-16')]"},
		{"empty list", []string{}, "[]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := "RETURN " + test.want + ", '$a', 1 // $a"
			if got := q.Filled(map[string]any{"a": test.value, "b": int64(1)}); got != want {
				t.Errorf("Filled(%#v) = %s, want %s", test.value, got, want)
			}
		})
	}
}
