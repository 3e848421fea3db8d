package figure_test

import (
	"fmt"

	"github.com/breachgraph/breachgraph/extract/figure"
)

func ExampleFind() {
	const text = "Nearly 13 million customers were hit, and the gang wants $4-5 million."
	for _, f := range figure.Find(text) {
		fmt.Printf("%s: %s, of %q\n", text[f.QualifierStart:f.End], f.Unit, f.Counted)
		if f.High != nil {
			fmt.Printf("at most %.0f\n", *f.High)
		}
	}
	// Output:
	// Nearly 13 million: people, of "customers"
	// at most 13000000
	// $4-5 million: USD, of ""
	// at most 5000000
}
