package ingest

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	tests := []struct{ in, want string }{
		{"2021-08-27T17:11:00Z", "2021-08-27T17:11:00Z"},
		{"2021-08-27T23:11:00.123-04:00", "2021-08-27T23:11:00-04:00"},
		{"2021-08-27T17:11:00+0200", "2021-08-27T17:11:00+02:00"},
		{"2021-08-27T17:11", "2021-08-27T17:11:00Z"},
		{"2021-08-27 17:11:05 +01:00", "2021-08-27T17:11:05+01:00"},
		{"2021-08-27", "2021-08-27T00:00:00Z"},
		{"2021-8-7", "2021-08-07T00:00:00Z"},
		{"2021/08/27", "2021-08-27T00:00:00Z"},
		{"20210827", "2021-08-27T00:00:00Z"},
		{"20210827T171100Z", "2021-08-27T00:00:00Z"},
		{"August 27, 2021 -- 17:11 GMT (18:11 BST)", "2021-08-27T17:11:00Z"},
		{"August 27, 2021", "2021-08-27T00:00:00Z"},
		{"Aug. 27th, 2021 at 5:11 p.m. EDT", "2021-08-27T17:11:00-04:00"},
		{"Sept 1 2021, 12:05am", "2021-09-01T00:05:00Z"},
		{"Friday, 27 August 2021 18:11 BST", "2021-08-27T18:11:00+01:00"},
		{"27th of August, 2021", "2021-08-27T00:00:00Z"},
		{"27-Aug-2021", "2021-08-27T00:00:00Z"},
		{"Fri, 27 Aug 2021 17:11:00 GMT", "2021-08-27T17:11:00Z"},
		{"Published: Aug 27, 2021 | Updated: Aug 28, 2021", "2021-08-27T00:00:00Z"},
		{"Updated 5:11 PM ET, Fri August 27, 2021", "2021-08-27T17:11:00-04:00"},
		{"January 5, 2021 9 a.m. PT", "2021-01-05T09:00:00-08:00"},
		{"March 14, 2021 9:00 ET", "2021-03-14T09:00:00-04:00"},
		{"November 7, 2021 9:00 CT", "2021-11-07T09:00:00-06:00"},
		{"27.08.2021 17:11", "2021-08-27T17:11:00Z"},
		{"08/27/2021", "2021-08-27T00:00:00Z"},
		{"27/08/2021", "2021-08-27T00:00:00Z"},
		{"8/9/2021", "2021-08-09T00:00:00Z"},
		{"August 27, 2021 25:99", "2021-08-27T00:00:00Z"},
		{"  2021-08-27T17:11:00Z\n", "2021-08-27T17:11:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := ParseDate(tt.in)
			if err != nil || got.Format(time.RFC3339) != tt.want {
				t.Errorf("ParseDate(%q) = %s, %v, want %s", tt.in, got.Format(time.RFC3339), err, tt.want)
			}
		})
	}
}

func TestParseDateErrors(t *testing.T) {
	for _, in := range []string{
		"", "yesterday", "August 2021", "17:11", "2021-13-45", "February 30, 2021", "0000-00-00",
		"0001-01-01T00:00:00Z", "12345678901234", "\xff\xfe", "May",
	} {
		t.Run(in, func(t *testing.T) {
			if got, err := ParseDate(in); err == nil {
				t.Errorf("ParseDate(%q) = %s, want an error", in, got)
			}
		})
	}
}

func FuzzParseDate(f *testing.F) {
	f.Add("August 27, 2021 -- 17:11 GMT (18:11 BST)")
	f.Add("2021-08-27T17:11:00+02:00")
	f.Add("1/2/2021 3 p.m. ET")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseDate(s)
		if err != nil {
			return
		}
		if got.IsZero() || !plausibleYear(got.Year()) {
			t.Errorf("ParseDate(%q) = %s", s, got)
		}
		again, err := ParseDate(got.Format(time.RFC3339Nano))
		if err != nil || !again.Equal(got) {
			t.Errorf("ParseDate(%q) = %s, read back as %s, %v", s, got, again, err)
		}
	})
}
