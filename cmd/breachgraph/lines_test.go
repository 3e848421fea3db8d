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
	"unicode/utf8"
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

// A line that is no object is a text, whatever it holds; the text of an object
// comes out as it went in.
func FuzzParseLine(f *testing.F) {
	f.Add("two weeks ago")
	f.Add(`{"text": "“Über” lost 5 million files", "reference": "2021-08-27"}`)
	f.Fuzz(func(t *testing.T, in string) {
		if text, _, err := parseLine([]byte(in)); err == nil && text != in && !strings.HasPrefix(strings.TrimSpace(in), "{") {
			t.Errorf("parseLine(%q) = %q", in, text)
		}
		object, err := json.Marshal(map[string]string{"text": in})
		if err != nil {
			t.Fatal(err)
		}
		if text, _, err := parseLine(object); err != nil || text != strings.ToValidUTF8(text, "") || utf8.ValidString(in) && text != in {
			t.Errorf("parseLine(%s) = %q, %v", object, text, err)
		}
	})
}
