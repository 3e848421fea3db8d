package main

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestLines(t *testing.T) {
	broken := errors.New("disk on fire")
	long := strings.Repeat("x", maxLine+1)
	tests := []struct {
		name string
		in   io.Reader
		want []string // an error stands as "error: …"
	}{
		{"empty", strings.NewReader(""), nil},
		{"one without an end", strings.NewReader("a"), []string{"a"}},
		{"ends of both kinds", strings.NewReader("a\r\n\nb\n"), []string{"a", "", "b"}},
		{"too long, first", strings.NewReader(long + "\nb\n"), []string{"error: is longer than 10 MiB", "b"}},
		{"too long, last", strings.NewReader("a\n" + long), []string{"a", "error: is longer than 10 MiB"}},
		{"broken", io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), []string{"a", "b", "error: disk on fire"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for line, err := range lines(tt.in) {
				if err != nil {
					line = []byte("error: " + err.Error())
				}
				got = append(got, string(line))
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("lines = %.60q, want %.60q", got, tt.want)
			}
		})
	}
}

func TestParseLine(t *testing.T) {
	day := time.Date(2021, 8, 27, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name, in, text string
		reference      time.Time
		fails          bool
	}{
		{name: "text", in: "Some 54 million.", text: "Some 54 million."},
		{name: "object", in: `{"text": "two weeks ago", "reference": "2021-08-27"}`, text: "two weeks ago", reference: day},
		{name: "object without a date", in: ` {"text": "a", "id": 7, "reference": null}`, text: "a"},
		{name: "not quite an object", in: `{"text": "a"`, text: `{"text": "a"`},
		{name: "object without a text", in: `{"txt": "a"}`, text: `{"txt": "a"}`},
		{name: "bad date", in: `{"text": "a", "reference": "someday"}`, fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, reference, err := parseLine([]byte(tt.in))
			if text != tt.text || !reference.Equal(tt.reference) || (err != nil) != tt.fails {
				t.Errorf("parseLine(%s) = %q, %v, %v, want %q, %v", tt.in, text, reference, err, tt.text, tt.reference)
			}
		})
	}
}

func TestInLine(t *testing.T) {
	reference := time.Date(2021, 8, 27, 0, 0, 0, 0, time.UTC)
	got, err := json.Marshal(inLine("“Über” lost more than 5 million files on Aug. 12", reference))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"figures":[{"start":22,"end":31,"text":"5 million","value":5000000,"low":5000000,"high":null,` +
		`"approx":false,"unit":"files","counted":"files"}],` +
		`"dates":[{"start":38,"end":48,"text":"on Aug. 12","date_start":"2021-08-12","date_end":"2021-08-12"}]}`
	if string(got) != want {
		t.Errorf("inLine = %s, want %s", got, want)
	}
}

// Offsets count code points, so that they cut the line's runes.
func FuzzInLine(f *testing.F) {
	f.Add(`{"text": "“Über” lost more than 5 million files on Aug. 12", "reference": "2021-08-27"}`)
	f.Add("£3-5 million — in early 2014 – and 10 to 20 % of “all” users\xff since June")
	f.Fuzz(func(t *testing.T, line string) {
		text, reference, err := parseLine([]byte(line))
		if err != nil {
			return
		}
		runes := []rune(text)
		r := inLine(text, reference)
		for _, x := range r.Figures {
			if got := string(runes[x.Start:x.End]); got != string([]rune(x.Text)) {
				t.Errorf("figure %d-%d is %q, not %q", x.Start, x.End, got, x.Text)
			}
		}
		for _, x := range r.Dates {
			if got := string(runes[x.Start:x.End]); got != string([]rune(x.Text)) {
				t.Errorf("date %d-%d is %q, not %q", x.Start, x.End, got, x.Text)
			}
		}
	})
}
