package page

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

// The floors of the score on the benchmark's pages. They only rise.
const (
	minBodyF1     = 0.975
	minLinkRecall = 0.88
)

var wordPattern = regexp.MustCompile(`[\p{L}\p{N}_]+`)

// TestScore measures bodies and links as the benchmark does: macro precision
// and recall over four words in a row, and the share of the body's links that
// are found with their words and their target.
func TestScore(t *testing.T) {
	var truth map[string]struct{ ArticleBody string }
	var links map[string][][2]string
	for path, v := range map[string]any{"html/ground_truth.json": &truth, "html/links.json": &links} {
		if err := json.Unmarshal(readShared(t, path), v); err != nil {
			t.Fatal(err)
		}
	}
	var precision, recall float64
	found, wanted := 0, 0
	for id, want := range truth {
		a := mustRead(t, gunzip(t, "../../../shared/html/pages/"+id+".html.gz"), "")
		p, r := shingleScore(want.ArticleBody, a.Text[a.BodyStart:])
		precision, recall = precision+p/float64(len(truth)), recall+r/float64(len(truth))
		found += countLinks(a, links[id])
		wanted += len(links[id])
	}
	f1, linkRecall := 2*precision*recall/(precision+recall), float64(found)/float64(wanted)
	t.Logf("body F1 %.4f (precision %.4f, recall %.4f), links %.3f", f1, precision, recall, linkRecall)
	if f1 < minBodyF1 || linkRecall < minLinkRecall {
		t.Errorf("body F1 %.4f and link recall %.3f, want at least %.3f and %.2f", f1, linkRecall, minBodyF1, minLinkRecall)
	}
}

func gunzip(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func shingleScore(want, got string) (precision, recall float64) {
	a, b := shingles(want), shingles(got)
	common, inWant, inGot := 0, 0, 0
	for s, n := range a {
		inWant += n
		common += min(n, b[s])
	}
	for _, n := range b {
		inGot += n
	}
	return ratio(common, inGot), ratio(common, inWant)
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

func shingles(text string) map[string]int {
	tokens := wordPattern.FindAllString(text, -1)
	out := make(map[string]int)
	for i := range max(1, len(tokens)-3) {
		if s := strings.Join(tokens[i:min(i+4, len(tokens))], " "); s != "" {
			out[s]++
		}
	}
	return out
}

func countLinks(a ingest.Article, want [][2]string) (found int) {
	normal := func(text, url string) [2]string {
		url, _, _ = strings.Cut(url, "#")
		return [2]string{strings.Join(wordPattern.FindAllString(text, -1), " "), strings.TrimRight(url, "/")}
	}
	have := make(map[[2]string]int)
	for _, l := range a.Links {
		have[normal(a.Text[l.Start:l.End], l.URL)]++
	}
	for _, w := range want {
		if key := normal(w[0], w[1]); have[key] > 0 {
			have[key]--
			found++
		}
	}
	return found
}
