package figure_test

import (
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract/figure"
)

// article is invented prose with the density of numbers that reports of
// breaches have.
const article = `Wexmoor County admitted on Monday that whoever locked up its court computers
probably left with a great deal of what was on them. "Up to 216,000 people who have been through
this court since 1998 may have had something taken," a commissioner told a packed meeting. According
to a notice posted by the county, the files may include names, home addresses, Social Security
numbers and, for people who paid fines by check, bank account numbers. Jurors are affected too;
medical letters excusing roughly 1,900 of them were kept on the same server. The crew took credit on
its leak site on Aug. 4 and says it walked off with 1.3 terabytes and demanded 38 bitcoin, a little
over $1.1 million at current rates. The county did not pay and would not. Those who get a letter
will be offered 24 months of credit monitoring, and a call center is open at the county's expense.

`

func BenchmarkFind(b *testing.B) {
	for _, bench := range []struct{ name, text string }{
		{"article", strings.Repeat(article, 100)},
		{"ones", strings.Repeat("1 ", 1<<19)},
		{"millions", strings.Repeat("million ", 1<<17)},
		{"ands", strings.Repeat("one hundred and ", 1<<16)},
		{"list", "5 " + strings.Repeat("cats, dogs, ", 1<<17)},
		{"hyphens", strings.Repeat("5-", 1<<19)},
		{"ofs", strings.Repeat("5 sets of ", 1<<17)},
		{"quotes", strings.Repeat("'", 1<<20)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.text)))
			b.ReportAllocs()
			for b.Loop() {
				figure.Find(bench.text)
			}
		})
	}
}
