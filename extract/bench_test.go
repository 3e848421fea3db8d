//go:build unix

package extract

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
)

// An articleFile is an article to measure by.
type articleFile struct {
	name string
	ingest.Article
}

// benchArticles gives the article that the project began with, and the invented
// ones, of some 3,000 characters each.
func benchArticles(b *testing.B) []articleFile {
	b.Helper()
	paths, err := filepath.Glob("testdata/articles/*.txt")
	if err != nil || len(paths) == 0 {
		b.Fatalf("no articles to measure by: %v", err)
	}
	out := []articleFile{{"note", note(b)}}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		out = append(out, articleFile{name, ingest.Article{ID: path, Text: string(text)}})
	}
	return out
}

// BenchmarkExtract reads articles of the usual length, one after the other.
func BenchmarkExtract(b *testing.B) {
	for _, a := range benchArticles(b) {
		b.Run(a.name, func(b *testing.B) { extractAgain(b, a.Article) })
	}
}

// extractAgain measures a on one processor.
func extractAgain(b *testing.B, a ingest.Article) {
	Extract(ingest.Article{Text: "It was hacked."}, Options{AnyLanguage: true}) // builds the tables
	b.ReportAllocs()
	start := processorTime()
	for b.Loop() {
		Extract(a, Options{AnyLanguage: true})
	}
	reportSpeed(b, processorTime()-start, len(a.Text))
}

// reportSpeed tells how many articles, and bytes, are read in a second of a
// processor: on a machine that does other things too the clock tells less.
func reportSpeed(b *testing.B, spent time.Duration, size int) {
	perSecond := float64(b.N) / spent.Seconds()
	b.ReportMetric(perSecond, "articles/cpu-s")
	b.ReportMetric(perSecond*float64(size)/1000, "kB/cpu-s")
}

// processorTime gives what this process has used of all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkExtractParallel reads the same articles on all processors: with
// -cpu 1,2 its articles/s tell how extraction scales.
func BenchmarkExtractParallel(b *testing.B) {
	articles := benchArticles(b)
	for _, a := range articles {
		Extract(a.Article, Options{}) // builds the tables
	}
	size := 0
	for _, a := range articles {
		size += len(a.Text)
	}
	b.ReportAllocs()
	start := processorTime()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			Extract(articles[i%len(articles)].Article, Options{})
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
	reportSpeed(b, processorTime()-start, size/len(articles))
}

// A shape is a kind of text that can be made as long as one likes.
type shape struct {
	name string
	part func(i int) string // the i-th piece of it
}

// article gives one with size bytes of s, or a few less: it ends with a whole
// piece.
func (s shape) article(size int) ingest.Article {
	a := ingest.Article{ID: s.name, Published: time.Date(2021, time.August, 27, 0, 0, 0, 0, time.UTC)}
	var text strings.Builder
	for i := 0; ; i++ {
		part := s.part(i)
		if text.Len()+len(part) > size {
			a.Text = text.String()
			return a
		}
		text.WriteString(part)
	}
}

// BenchmarkExtractLong shows how time grows with the length of an article. The
// speed of one shape should stay the same: 1 MB may take 400 times as long as
// 3 kB at most.
func BenchmarkExtractLong(b *testing.B) {
	articles := benchArticles(b)
	shapes := []shape{
		{"onestory", func(i int) string { return sentence(i, 0) }},
		{"manystories", func(i int) string { return sentence(i, i/12) }},
		{"articles", func(i int) string { return articles[i%len(articles)].Text + "\n\n" }},
	}
	for _, s := range shapes {
		for _, size := range []int{3_000, 30_000, 300_000, 1_000_000} {
			if s.name == "articles" && size < 30_000 {
				continue // does not hold one
			}
			b.Run(fmt.Sprintf("%s/%dkB", s.name, size/1000), func(b *testing.B) {
				extractAgain(b, s.article(size))
			})
		}
	}
}

// templates are what [sentence] fills in.
var templates = []string{
	"COMPANY confirmed on Monday that hackers stole the names and email addresses of NUMBER,000 customers.\n\n",
	"\"We are sorry that this happened to our customers,\" said PERSON, chief executive of COMPANY. ",
	"The company hired FIRM to investigate and said that no passwords were taken.\n\n",
	"According to PERSON, the attackers may have had access to NUMBER million records since May 2019. ",
	"FIRM, a security firm, found the database of COMPANY on an open server. ",
	"It said that Social Security numbers, dates of birth and, in some cases, card numbers were exposed.\n\n",
	"He added that about NUMBER accounts had been misused and that the police were told on June DAY. ",
	"COMPANY was fined $NUMBER million after an earlier breach in 2017. ",
	"Those affected are offered two years of credit monitoring, PERSON wrote in a letter.\n\n",
	"A group called FIRM claimed responsibility and offered the data for NUMBER bitcoin. ",
	"Shares of the retailer fell by DAY percent before the market closed. ",
	"PERSON did not respond to a request for comment from the newspaper.\n\n",
}

// sentence gives the i-th sentence of an article about story k.
func sentence(i, k int) string {
	return strings.NewReplacer(
		"COMPANY", invented(k)+" "+[]string{"Stores", "Health", "Airlines", "Bank", "Games"}[k%5],
		"PERSON", []string{"Anna", "Peter", "Maria", "David"}[k%4]+" "+invented(7*k+3),
		"FIRM", invented(5*k+1)+" Labs", "NUMBER", itoa(2+i%97), "DAY", itoa(1+i%28),
	).Replace(templates[i%len(templates)])
}

// invented gives a word that reads like a name, another for each k below
// a million.
func invented(k int) string {
	first, then := []string{"Bra", "Cor", "Del", "Fen", "Gal", "Hol", "Kes", "Lam", "Mor", "Nev"}, []string{"da", "fi", "ga", "lo", "ma", "ni", "ro", "su", "te", "vo"}
	name := first[k%10]
	for k /= 10; ; k /= 10 {
		name += then[k%10]
		if k < 10 {
			return name + "x"
		}
	}
}

// BenchmarkExtractHostile reads what no newsroom wrote. As with
// [BenchmarkExtractLong], the speed of one shape should stay the same.
func BenchmarkExtractHostile(b *testing.B) {
	for _, s := range slices.Concat(hostileMarks(), hostileWords(), hostileNames()) {
		for _, size := range []int{20_000, 200_000, 800_000} {
			b.Run(fmt.Sprintf("%s/%dkB", s.name, size/1000), func(b *testing.B) {
				extractAgain(b, s.article(size))
			})
		}
	}
}

// repeat makes a shape of pieces that take turns.
func repeat(name string, parts ...string) shape {
	return shape{name, func(i int) string { return parts[i%len(parts)] }}
}

// hostileMarks are shapes of characters rather than words.
func hostileMarks() []shape {
	return []shape{
		repeat("openquotes", "“\"‘ he said \" "),
		repeat("brackets", "(Acme [", "{hack ", "))] "),
		repeat("deepbrackets", "([{"),
		repeat("dots", ". "),
		repeat("lines", "a\n"),
		repeat("oneword", "a"),
		repeat("digits", "1,"),
		repeat("emoji", "👩‍👩‍👧‍👦e\u0301 "),
		repeat("hyphens", "state-of-the-art-"),
		repeat("unspaced", "Acme,hacked:customers;names"),
	}
}

// hostileWords are shapes without sentences, or of one kind of word only.
func hostileWords() []shape {
	return []shape{
		repeat("onesentence", strings.SplitAfter("customers were told that hackers stole names and passwords from the company and its bank in May but it may not have lost any ", " ")...), // 600 kB are 100,000 words
		{"nopunctuation", func(i int) string { return strings.ToLower(strings.Map(unmarked, sentence(i, i/12))) + " " }},
		{"capitals", func(i int) string { return strings.ToUpper(sentence(i, i/12)) }},
		repeat("datawords", "names, ", "email addresses, ", "passwords, ", "Social Security numbers, ", "card numbers and "), // 700 kB are 50,000 of them
		{"customers", func(i int) string { return fmt.Sprintf("Personal data of %d customers was stolen. ", i) }},
		{"figures", func(i int) string { return fmt.Sprintf("%d million customers or %d%% of accounts, ", i, i%100) }},
		{"dates", func(i int) string {
			return fmt.Sprintf("on May %d, %d, last week and two years ago ", 1+i%28, 1990+i%30)
		}},
		{"recalled", func(i int) string {
			return fmt.Sprintf("It suffered a similar data breach in May %d. The weather was fine. Nobody came. ", 1990+i%20)
		}},
		{"cves", func(i int) string { return fmt.Sprintf("They exploited CVE-2019-%d. ", 10000+i%90000) }},
	}
}

// hostileNames are shapes that name many.
func hostileNames() []shape {
	return []shape{
		repeat("onename", "Acme Stores was hacked, and Acme said so. "),
		repeat("pronouns", "They said it. ", "The company told him. ", "Jane Roe saw her. "),
		{"quotes", func(i int) string { return fmt.Sprintf("\"We lost it,\" said %s. ", invented(i%500)) }},
		{"othernames", func(i int) string { return fmt.Sprintf("%s %s was hacked. ", invented(i), invented(3*i+7)) }},
		{"namelist", func(i int) string { return invented(i) + ", " }},
		{"samestart", func(i int) string { return fmt.Sprintf("The Bank of %s was hit. ", invented(i)) }},
		{"acronyms", func(i int) string {
			return fmt.Sprintf("The %s Data Union (%.1sDU) was hit. ", invented(i), invented(i))
		}},
		{"people", func(i int) string { return fmt.Sprintf("Anna %[1]s, a spokeswoman, spoke. %[1]s left. ", invented(i)) }},
		{"victims", func(i int) string {
			return fmt.Sprintf("%[1]s Health said its patients' names were stolen. %[1]s Health told the police.\n\n", invented(i))
		}},
	}
}

// unmarked drops marks, and what would break a line.
func unmarked(c rune) rune {
	if strings.ContainsRune(".,;:\"'$-\n", c) {
		return -1
	}
	return c
}
