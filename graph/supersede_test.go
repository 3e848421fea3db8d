package graph

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

// toldLine makes a figure of one line: "ARTICLE DAY VOICE SIZE key=value…", with a
// voice of - for the article's own, and with possible.
func toldLine(t *testing.T, line string) *toldFigure {
	t.Helper()
	fields := strings.Fields(line)
	size, err := strconv.ParseFloat(fields[3], 64)
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ := strings.Cut(fields[0], "/")
	f := &toldFigure{node: fields[0] + ":" + fields[3], id: fields[3], article: "https://" + host + ".example/" + fields[0], day: on("2021-" + fields[1]),
		size: size, voice: strings.TrimPrefix(fields[2], "-"), counted: "people"}
	for _, field := range fields[4:] {
		key, value, _ := strings.Cut(field, "=")
		switch key {
		case "possible":
			f.possible = true
		case "of":
			f.of = strings.Split(value, ",")
		case "counted":
			f.counted = value
		case "corrected":
			f.corrected = []string{fields[0] + ":" + value}
		}
	}
	return f
}

func TestSupersessions(t *testing.T) {
	for _, test := range []struct {
		name    string
		figures []string
		want    string
	}{
		{"each by the next", []string{"a 08-18 firm 7.8e6", "b 08-20 firm 13.1e6", "c 09-20 firm 54e6"}, "a:7.8e6>b:13.1e6 b:13.1e6>c:54e6"},
		{"another party only contradicts", []string{"a 08-16 thief 100e6", "b 08-18 firm 7.8e6", "c 08-20 firm 13.1e6"}, "b:7.8e6>c:13.1e6"},
		{"a smaller one counts a part", []string{"a 08-18 firm 7.8e6", "b 08-20 firm 850e3"}, ""},
		{"but by a correction", []string{"a 08-18 firm 5e6", "b 08-20 firm 5e6 corrected=2e6", "b 08-20 firm 2e6"}, "a:5e6>b:2e6"},
		{"a corrected number comes back in vain", []string{"a 08-18 firm 5e6", "b 08-20 firm 5e6 corrected=2e6", "b 08-20 firm 2e6", "c 08-30 firm 5e6"}, "a:5e6>b:2e6 c:5e6>b:2e6"},
		{"an old number told again", []string{"a 08-18 firm 7.8e6", "b 08-20 firm 13.1e6", "c 08-27 firm 7.8e6"}, "a:7.8e6>b:13.1e6 c:7.8e6>b:13.1e6"},
		{"the same number again", []string{"a 08-18 firm 7.8e6", "b 08-20 firm 7.8e6", "c 08-20 firm 7.8e6", "d 08-21 firm 9e6"}, "a:7.8e6>d:9e6 b:7.8e6>d:9e6 c:7.8e6>d:9e6"},
		{"a rounded number is the same", []string{"a 08-18 firm 47.8e6", "b 08-20 firm 48e6", "c 08-21 firm 47.85e6"}, ""},
		{"close numbers are not", []string{"a 08-18 firm 143e6", "b 08-20 firm 145.5e6"}, "a:143e6>b:145.5e6"},
		{"a part is not superseded by the whole", []string{"a 08-18 firm 7.8e6", "a 08-18 firm 850e3", "b 08-20 firm 54e6"}, "a:7.8e6>b:54e6"},
		{"on one day nothing is later", []string{"a 08-18 firm 7.8e6", "b 08-18 firm 9e6"}, ""},
		{"of a day the largest", []string{"a 08-18 firm 7.8e6", "b 08-20 firm 9e6", "c 08-20 firm 10e6"}, "a:7.8e6>c:10e6"},
		{"what may be does not supersede", []string{"a 08-18 firm 7.8e6", "b 08-20 firm 9e6 possible"}, ""},
		{"what may be is superseded", []string{"a 08-18 firm 7.8e6 possible", "b 08-20 firm 9e6"}, "a:7.8e6>b:9e6"},
		{"other things are counted", []string{"a 08-18 firm 7.8e6", "b 08-20 firm 9e6 counted=staff"}, ""},
		{"other data are", []string{"a 08-18 firm 7.8e6 of=ssn,name", "b 08-20 firm 9e6 of=password", "c 08-22 firm 10e6 of=name"}, "a:7.8e6>c:10e6"},
		{"an article that repeats a party", []string{"a 08-19 - 7.8e6", "b 08-18 firm 7.8e6", "c 08-20 firm 9e6"}, "a:7.8e6>c:9e6 b:7.8e6>c:9e6"},
		{"an article that repeats two parties", []string{"a 08-17 - 9e6", "b 08-18 firm 9e6", "c 08-18 thief 9e6", "d 08-20 firm 10e6"}, "b:9e6>d:10e6"},
		{"an outlet's own count", []string{"a/1 08-18 - 3e6", "a/2 08-20 - 4e6", "b/1 08-21 - 5e6"}, "a/1:3e6>a/2:4e6"},
		{"an article that corrects itself only", []string{"a 08-20 firm 5e6 corrected=6e6", "a 08-20 firm 6e6"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for range 5 {
				var figures []*toldFigure
				for _, i := range r.Perm(len(test.figures)) {
					figures = append(figures, toldLine(t, test.figures[i]))
				}
				var got []string
				for p := range maps.Keys(supersessions(figures)) {
					got = append(got, p[0]+">"+p[1])
				}
				slices.Sort(got)
				if got := strings.Join(got, " "); got != test.want {
					t.Fatalf("supersessions = %s, want %s", got, test.want)
				}
			}
		})
	}
}

func TestCountedAs(t *testing.T) {
	for _, test := range []struct{ unit, text, counted, speaker, want string }{
		{"people", "about 7.8 million customers", "customers", "t-mobile", "people"},
		{"people", "54 million people", "people affected by the breach", "", "people"},
		{"people", "100 million T-Mobile customers", "T-Mobile customers", "t-mobile", "people"},
		{"people", "100 million T-Mobile customers", "T-Mobile customers", "john-binns", "people mobile t"},
		{"people", "40 million", "former or prospective customers", "", "people former prospective"},
		{"people", "another 5 million customers", "customers", "", ""},
		{"people", "5 million other customers", "other customers", "", ""},
		{"USD", "$5 million", "ransom", "", ""},
	} {
		if got := countedAs(test.unit, test.text, test.counted, test.speaker); got != test.want {
			t.Errorf("countedAs(%q, %q, %q, %q) = %q, want %q", test.unit, test.text, test.counted, test.speaker, got, test.want)
		}
	}
}

// sequel is the T-Mobile article among others on the same breach, by name, and
// a later version of one of them.
func sequel(t testing.TB) (told map[string]extract.Result, revised extract.Result) {
	t.Helper()
	told = map[string]extract.Result{"summary": corpus(t)["t-mobile-2021-08"]}
	files, err := filepath.Glob("testdata/t-mobile/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no extractions in testdata/t-mobile (%v)", err)
	}
	for _, f := range files {
		told[strings.TrimSuffix(filepath.Base(f), ".json")] = decoded(t, f)
	}
	revised = told["revised"]
	delete(told, "revised")
	return told, revised
}

// superseded lists what is superseded across articles, in millions, by day.
func superseded(t *testing.T, db *DB) string {
	t.Helper()
	var out []string
	for _, row := range read(t, db, `MATCH (a:Article)<-[:STATED_IN]-(f:Figure)-[:SUPERSEDED_BY]->(g:Figure)-[:STATED_IN]->(b:Article) WHERE a <> b
WITH DISTINCT date(a.published) AS day, f.value / 1e6 AS was, g.value / 1e6 AS now, date(b.published) AS later ORDER BY day, was, now
RETURN was, now, toString(later)`, nil) {
		out = append(out, fmt.Sprintf("%.4g>%.4g", row[0], row[1]))
	}
	return strings.Join(out, " ")
}

// The figures of one breach, told by six articles: what its company says is
// superseded as it goes on, what the attacker says stands against it, in
// whatever order the articles come, are revised, forgotten and loaded again.
func TestStoryFigures(t *testing.T) {
	db, _ := open(t)
	told, revised := sequel(t)
	var results []extract.Result
	for _, name := range slices.Sorted(maps.Keys(told)) {
		results = append(results, told[name])
	}
	load(t, db, results...)
	check := func(when, want string) {
		t.Helper()
		if got := superseded(t, db); got != want {
			t.Errorf("%s: superseded are %s, want %s", when, got, want)
		}
	}
	const whole = "7.8>13.1 13.1>54 7.8>13.1"
	check("loaded", whole)
	for fact, want := range map[string]string{
		"(:Organization {id: 't-mobile'})-[f:SUFFERED]->()":                                 "2021-08-16 2021-09-20",
		"(:Person {id: 'john-binns'})-[f:ATTACKED]->()":                                     "2021-08-16 2021-09-02",
		"(:Breach)-[f:EXPOSED {denied: true}]->(:DataType {name: 'financial'})":             "2021-08-18 2021-08-27",
		"(:Breach)-[f:EXPOSED {denied: false}]->(:DataType {name: 'financial'})":            "2021-08-16 2021-08-16",
		"(:Breach)-[f:HAS_FIGURE {denied: true}]->(:Figure {value: 1e8, status: 'denied'})": "2021-09-02 2021-09-02",
	} {
		rows := read(t, db, "MATCH "+fact+" RETURN toString(f.first) + ' ' + toString(f.last)", nil)
		if len(rows) != 1 || rows[0][0] != want {
			t.Errorf("first and last report of %s = %v, want %s", fact, rows, want)
		}
	}
	want := digestOf(t, db)
	for seed := range uint64(3) {
		empty(t, db)
		rand.New(rand.NewPCG(seed, 9)).Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
		for _, r := range results {
			load(t, db, r)
		}
		if got := digestOf(t, db); got != want {
			t.Errorf("seed %d: another order, another digest: superseded are %s", seed, superseded(t, db))
		}
	}
	load(t, db, revised)
	check("after a revision", "7.8>13.1 13.1>76.6 7.8>13.1")
	load(t, db, told["total"])
	if digestOf(t, db) != want {
		t.Error("a revision that was taken back left a trace")
	}
	forgotten := told["more"].Article.URL
	if done, err := db.Forget(t.Context(), forgotten, someDay); err != nil || !done {
		t.Fatalf("Forget = %v, %v", done, err)
	}
	check("without the article in between", "7.8>54 7.8>54")
	write(t, db, "MATCH (t:Tombstone) DELETE t")
	load(t, db, told["more"])
	if digestOf(t, db) != want {
		t.Error("an article that came back is not what it was")
	}
}

// Whose figure it is decides what supersedes it: where two speakers turn out to
// be one, their figures are one series, and where they are parted again, two.
func TestStorySpeakers(t *testing.T) {
	db, _ := open(t)
	told, _ := sequel(t)
	total := told["total"]
	total.Entities = slices.Clone(total.Entities)
	i := slices.IndexFunc(total.Entities, func(e extract.Entity) bool { return e.Name == "T-Mobile" })
	total.Entities[i].Name = "Deutsche Telekom subsidiary"
	told["total"] = total
	load(t, db, slices.Collect(maps.Values(told))...)
	apart := digestOf(t, db)
	if got, want := superseded(t, db), "7.8>13.1 7.8>13.1"; got != want {
		t.Errorf("said by two: %s, want %s", got, want)
	}
	merge := []Merge{{Candidate{Label: labelOrganization, From: "deutsche-telekom-subsidiary", To: "t-mobile", Score: 1, Why: "a test"}, ByCuration}}
	if n, err := db.Merge(t.Context(), merge, someDay); err != nil || n != 1 {
		t.Fatalf("Merge = %d, %v", n, err)
	}
	if got, want := superseded(t, db), "7.8>13.1 13.1>54 7.8>13.1"; got != want {
		t.Errorf("found to be one: %s, want %s", got, want)
	}
	if done, err := db.Split(t.Context(), labelOrganization, "deutsche-telekom-subsidiary"); err != nil || !done {
		t.Fatalf("Split = %v, %v", done, err)
	}
	if got := digestOf(t, db); got != apart {
		t.Errorf("parted again: another digest; superseded are %s", superseded(t, db))
	}
	if done, err := db.Forget(t.Context(), "john-binns", someDay); err != nil || !done {
		t.Fatalf("Forget = %v, %v", done, err)
	}
	forgotten := digestOf(t, db)
	write(t, db, "MATCH (n) WHERE NOT n:Tombstone DETACH DELETE n")
	load(t, db, slices.Collect(maps.Values(told))...)
	if digestOf(t, db) != forgotten {
		t.Error("forgetting who spoke and loading without him give two graphs")
	}
}

// A script makes the figures of the story supersede each other as a load does.
func TestStoryScript(t *testing.T) {
	db, _ := open(t)
	told, _ := sequel(t)
	load(t, db, slices.Collect(maps.Values(told))...)
	want := digestOf(t, db)
	empty(t, db)
	var b strings.Builder
	if refused, err := WriteScript(&b, maps.Values(told)); err != nil || refused != nil {
		t.Fatalf("refused %v, %v", refused, err)
	}
	run(t, db, b.String())
	if got := digestOf(t, db); got != want {
		t.Errorf("the script makes another graph; superseded are %s", superseded(t, db))
	}
}

// What articles supersede of each other is not in records, which hold what each
// says; it comes out of them all the same.
func TestStoryRecords(t *testing.T) {
	db, _ := open(t)
	told, _ := sequel(t)
	load(t, db, slices.Collect(maps.Values(told))...)
	want := digestOf(t, db)
	lines := records(t, db, Selection{})
	empty(t, db)
	restore(t, db, lines)
	if got := digestOf(t, db); got != want {
		t.Errorf("records make another graph; superseded are %s", superseded(t, db))
	}
}
