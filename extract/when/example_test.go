package when_test

import (
	"fmt"
	"time"

	"github.com/breachgraph/breachgraph/extract/when"
)

func ExampleFind() {
	const text = "The server was open from late June until last Friday."
	published := time.Date(2021, 8, 27, 0, 0, 0, 0, time.UTC)
	for _, d := range when.Find(text, published) {
		fmt.Printf("%s: %s to %s\n", text[d.Start:d.End], d.From.Format(time.DateOnly), d.To.Format(time.DateOnly))
	}
	// Output:
	// from late June until last Friday: 2021-06-21 to 2021-08-20
}
