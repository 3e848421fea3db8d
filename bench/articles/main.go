// Articles prints made-up articles with what was extracted from them, an object
// a line, as `breachgraph extract` prints it and `breachgraph ingest -` reads it.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/breachgraph/breachgraph/bench/synthetic"
)

func main() {
	count := flag.Int("count", 50_000, "how many articles")
	seed := flag.Uint64("seed", 1, "the same number gives the same articles")
	flag.Parse()
	if err := print(*seed, *count); err != nil {
		log.Fatal(err)
	}
}

func print(seed uint64, count int) error {
	w := bufio.NewWriter(os.Stdout)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for r := range synthetic.Articles(seed, count) {
		if err := e.Encode(r); err != nil {
			return fmt.Errorf("write article %s: %w", r.Article.ID, err)
		}
	}
	return w.Flush()
}
