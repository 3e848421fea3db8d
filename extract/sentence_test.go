package extract

import (
	"reflect"
	"testing"
)

func TestSplitSentences(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"plain", "It was hacked. Nobody noticed.", []string{"It was hacked.", "Nobody noticed."}},
		{"title", "Sen. Ron Wyden asked. Dr. Jane Roe answered.", []string{"Sen. Ron Wyden asked.", "Dr. Jane Roe answered."}},
		{"country", "Users in the U.S. The firm knew.", []string{"Users in the U.S.", "The firm knew."}},
		{"country carries on", "The U.S. Department of Justice sued.", []string{"The U.S. Department of Justice sued."}},
		{"suffix", "Acme Inc. said so. Acme Inc. The end.", []string{"Acme Inc. said so.", "Acme Inc.", "The end."}},
		{"initial", "John F. Kennedy spoke.", []string{"John F. Kennedy spoke."}},
		{"quote", "“We failed.” He left. \"Yes.\" \"No.\"", []string{"“We failed.”", "He left.", "\"Yes.\"", "\"No.\""}},
		{"decimals", "It cost $3.5 million. That is a lot.", []string{"It cost $3.5 million.", "That is a lot."}},
		{"paragraphs", "A headline\n\nBody text", []string{"A headline", "Body text"}},
		{"wrapped line", "The data was\nstolen.", []string{"The data was\nstolen."}},
		{"camel case", "They sold it. eBay said no.", []string{"They sold it.", "eBay said no."}},
		{"number sign", "Its No. 2 carrier. No. It did not.", []string{"Its No. 2 carrier.", "No.", "It did not."}},
		{"empty", " \n\t\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range splitSentences(tt.in) {
				got = append(got, tt.in[s.Start:s.End])
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("splitSentences(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}
