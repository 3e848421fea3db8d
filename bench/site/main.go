// Site is the web that bench/crawl.sh crawls. It prints a file of sources for it
// and serves until it is stopped.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/breachgraph/breachgraph/bench/pages"
)

func main() {
	hosts := flag.Int("hosts", 50, "how many hosts there are")
	articles := flag.Int("articles", 2000, "how many articles they have together")
	breaches := flag.Bool("breaches", false, "articles tell of breaches")
	flag.Parse()
	if err := serve(*hosts, *articles, *breaches); err != nil {
		log.Fatal(err)
	}
}

// serve starts the hosts, and prints the sources once all of them listen.
func serve(hosts, articles int, breaches bool) error {
	web, err := pages.Serve(hosts, articles, breaches)
	if err != nil {
		return err
	}
	if _, err := os.Stdout.WriteString(web.Sources()); err != nil {
		return err
	}
	os.Stdout.Close() // tells the script that all hosts are there
	return web.Wait()
}
