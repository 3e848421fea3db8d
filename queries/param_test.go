package queries

import (
	"reflect"
	"testing"
	"time"
)

func TestArgs(t *testing.T) {
	day := func(m time.Month, d int) time.Time { return time.Date(2021, m, d, 0, 0, 0, 0, time.UTC) }
	q := Query{Name: "q", Params: []Param{
		{Name: "since", Type: Date, Doc: "Day."},
		{Name: "days", Type: "list<date>", Default: "2021-08-16,2021-08-17", Doc: "Days."},
		{Name: "limit", Type: Integer, Default: "25", Doc: "Rows."},
		{Name: "least", Type: Float, Default: "0.5", Doc: "Least."},
		{Name: "primary", Type: Boolean, Default: "true", Doc: "Primary."},
		{Name: "status", Type: "list<string>", Default: "confirmed,reported", Doc: "Status."},
		{Name: "sizes", Type: "list<integer>", Doc: "Sizes."},
		{Name: "shares", Type: "list<float>", Doc: "Shares."},
		{Name: "flags", Type: "list<boolean>", Doc: "Flags."},
		{Name: "name", Type: String, Required: true, Doc: "Name."},
	}}
	for _, test := range []struct {
		name string
		args []string
		want map[string]any
	}{
		{"defaults", []string{"name="}, map[string]any{
			"since": nil, "days": []time.Time{day(8, 16), day(8, 17)}, "limit": int64(25), "least": 0.5, "primary": true,
			"status": []string{"confirmed", "reported"}, "sizes": nil, "shares": nil, "flags": nil, "name": "",
		}},
		{"empty", []string{"since=", "sizes=", "name="}, map[string]any{
			"since": nil, "days": []time.Time{day(8, 16), day(8, 17)}, "limit": int64(25), "least": 0.5, "primary": true,
			"status": []string{"confirmed", "reported"}, "sizes": nil, "shares": nil, "flags": nil, "name": "",
		}},
		{"given", []string{
			"since=2021-08-27", "days=2021-01-02", "limit=-3", "least=1e6", "primary=false", "status=denied , possible",
			"sizes=1,-2", "shares=1,.5", "flags=true,false", "name=a = b, c",
		}, map[string]any{
			"since": day(8, 27), "days": []time.Time{day(1, 2)}, "limit": int64(-3), "least": 1e6, "primary": false,
			"status": []string{"denied", "possible"}, "sizes": []int64{1, -2}, "shares": []float64{1, 0.5},
			"flags": []bool{true, false}, "name": "a = b, c",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, err := q.Args(test.args); err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("Args(%q) = %#v, %v, want %#v", test.args, got, err, test.want)
			}
		})
	}
}

func TestArgsErrors(t *testing.T) {
	q := Query{Name: "q", Params: []Param{
		{Name: "since", Type: Date, Doc: "Day."}, {Name: "status", Type: "list<string>", Default: "a", Doc: "Status."}, {Name: "limit", Type: Integer, Default: "1", Doc: "Rows."},
		{Name: "least", Type: Float, Default: "1", Doc: "Least."}, {Name: "primary", Type: Boolean, Default: "true", Doc: "Primary."}, {Name: "sizes", Type: "list<integer>", Default: "1", Doc: "Sizes."},
		{Name: "name", Type: String, Required: true, Doc: "The name."},
	}}
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"missing", []string{"limit=2"}, `query q: parameter name (string) must be given: The name.`},
		{"no value", []string{"limit"}, `query q: argument "limit" is not of the form name=value`},
		{"unknown", []string{"Limit=2"}, `query q: no parameter "Limit"; it takes since, status, limit, least, primary, sizes, name`},
		{"twice", []string{"limit=1", "limit=1"}, `query q: parameter limit is given twice`},
		{"date", []string{"since=2021-02-30"}, `query q: parameter since (date): "2021-02-30" is not a date such as 2021-08-16`},
		{"word for none", []string{"since=null"}, `query q: parameter since (date): "null" is not a date such as 2021-08-16`},
		{"integer", []string{"limit=2.5"}, `query q: parameter limit (integer): "2.5" is not a whole number of 64 bits`},
		{"large integer", []string{"limit=9223372036854775808"}, `query q: parameter limit (integer): "9223372036854775808" is not a whole number of 64 bits`},
		{"float", []string{"least=NaN"}, `query q: parameter least (float): "NaN" is not a finite number`},
		{"large float", []string{"least=1e999"}, `query q: parameter least (float): "1e999" is not a finite number`},
		{"boolean", []string{"primary=yes"}, `query q: parameter primary (boolean): "yes" is not true or false`},
		{"list", []string{"sizes=1,x"}, `query q: parameter sizes (list<integer>): "x" is not a whole number of 64 bits`},
		{"gap", []string{"status=a,,b"}, `query q: parameter status (list<string>): "a,,b" has an empty value between commas`},
		{"empty list", []string{"status="}, `query q: parameter status (list<string>): "" has an empty value between commas`},
		{"not UTF-8", []string{"name=\xff"}, `query q: parameter name (string): "\xff" is not valid UTF-8`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, err := q.Args(test.args); err == nil || err.Error() != test.want {
				t.Errorf("Args(%q) = %v, %v, want %s", test.args, got, err, test.want)
			}
		})
	}
	want := `query none: no parameter "limit"; it takes none`
	if got, err := (Query{Name: "none"}).Args([]string{"limit=1"}); err == nil || err.Error() != want {
		t.Errorf("Args = %v, %v, want %s", got, err, want)
	}
}

// Whatever a reader accepts is what its text said, to the last digit.
func FuzzReader(f *testing.F) {
	for _, t := range []Type{Date, Integer, Float, String, Boolean} {
		for _, text := range []string{"2021-08-16", "-1", "0x1p-3", "true", "é", "1,2", ""} {
			f.Add(string(t), text)
			f.Add("list<"+string(t)+">", text)
		}
	}
	f.Fuzz(func(t *testing.T, typ, text string) {
		read := Type(typ).reader()
		if read == nil {
			return
		}
		v, err := read(text)
		if err != nil {
			return
		}
		switch v := v.(type) {
		case time.Time:
			if v.Format(time.DateOnly) != text {
				t.Errorf("%s of %q = %v", typ, text, v)
			}
		case float64:
			if again, err := read(literal(v)); err != nil || again != any(v) {
				t.Errorf("%s of %q = %v, written as %s, which is %v, %v", typ, text, v, literal(v), again, err)
			}
		case string:
			if v != text {
				t.Errorf("%s of %q = %q", typ, text, v)
			}
		}
		if len(uses(literal(v))) > 0 {
			t.Errorf("%s of %q is written as %s, which holds a parameter", typ, text, literal(v))
		}
	})
}
