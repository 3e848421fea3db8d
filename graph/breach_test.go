package graph

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

func on(day string) time.Time {
	if day == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

// told makes a report of one line: "article/number key=day…", with primary
// unless there is "passing".
func told(line string) report {
	fields := strings.Fields(line)
	article, number, _ := strings.Cut(fields[0], "/")
	r := report{article: article, number: number, victim: "acme", victimName: "Acme", primary: true}
	for _, f := range fields[1:] {
		key, value, _ := strings.Cut(f, "=")
		switch key {
		case "passing":
			r.primary = false
		case "victim":
			r.victim = value
		case "in":
			r.breach = value
		case "published":
			r.published = on(value)
		case "disclosed":
			r.disclosed = on(value)
		case "discovered":
			r.discovered = on(value)
		case "occurred":
			start, end, _ := strings.Cut(value, "..")
			r.occurred = extract.Period{Start: on(start), End: on(end)}
		case "figures":
			r.traits.figures = strings.Split(value, ",")
		case "with":
			r.traits.with = strings.Split(value, ",")
		}
	}
	if r.victim != "" {
		r.traits.subjects, r.traits.blocks = []subject{{id: r.victim, points: victimPoints}}, []string{r.victim}
	}
	return r
}

func TestIncidents(t *testing.T) {
	for _, test := range []struct {
		name    string
		reports []string
		want    string
	}{
		{"published weeks apart", []string{"a/b1 published=2021-08-16", "b/b1 published=2021-09-30"}, "a/b1 b/b1"},
		{"published months apart", []string{"a/b1 published=2021-08-16", "b/b1 published=2021-12-30"}, "a/b1 | b/b1"},
		{"a stream of articles does not run together", []string{"a/b1 published=2021-01-01", "b/b1 published=2021-02-20", "c/b1 published=2021-04-10"}, "a/b1 b/b1 | c/b1"},
		{"a later article says when it was disclosed", []string{"a/b1 published=2021-08-16", "b/b1 published=2023-02-01 disclosed=2021-08-15"}, "b/b1 a/b1"},
		{"a later article says when it was", []string{"a/b1 published=2021-08-27 occurred=2021-08-09..2021-08-15", "b/b1 published=2023-02-01 occurred=2021-08-01..2021-08-31"}, "a/b1 b/b1"},
		{"a later article says when it was noticed", []string{"a/b1 published=2022-06-15 discovered=2022-06-06", "b/b1 published=2025-02-12 discovered=2022-06-06"}, "a/b1 b/b1"},
		{"published together, but of other years", []string{"a/b1 published=2016-09-22 occurred=2014-11-01..2014-12-01", "b/b1 published=2016-10-14 occurred=2013-08-01..2013-08-31"}, "a/b1 | b/b1"},
		{"published together, but noticed years apart", []string{"a/b1 published=2021-01-01 discovered=2020-12-20", "b/b1 published=2021-01-05 discovered=2018-01-01"}, "a/b1 | b/b1"},
		{"news of one week, of which one says when it was disclosed wrongly", []string{"a/b1 published=2018-11-22", "b/b1 published=2018-11-24 disclosed=2017-11-22"}, "b/b1 a/b1"},
		{"not of one week", []string{"a/b1 published=2018-11-22", "b/b1 published=2018-12-04 disclosed=2017-11-22"}, "b/b1 | a/b1"},
		{"not told as news", []string{"a/b1 published=2018-11-22", "b/b1 passing published=2018-11-24 disclosed=2017-11-22"}, "a/b1 | b/b1"},
		{"news of one week that says the same, but of other times", []string{"a/b1 published=2017-04-07 discovered=2016-09-01 figures=120000,35000 with=ann,bob", "b/b1 published=2017-04-10 discovered=2017-03-01 figures=120000,35000 with=ann,bob"}, "a/b1 b/b1"},
		{"the same with an article that agrees with one of them only", []string{"a/b1 published=2017-04-07 discovered=2016-09-01 figures=120000,35000 with=ann,bob", "b/b1 published=2017-04-05 figures=120000,35000 with=ann,bob", "c/b1 published=2017-04-01 discovered=2017-03-01"}, "c/b1 b/b1 a/b1"},
		{"not of one week, of other times", []string{"a/b1 published=2017-04-07 discovered=2016-09-01 figures=120000,35000 with=ann,bob", "b/b1 published=2017-05-10 discovered=2017-03-01 figures=120000,35000 with=ann,bob"}, "a/b1 | b/b1"},
		{"news of one week that says little, of other times", []string{"a/b1 published=2017-04-07 discovered=2016-09-01 with=ann,bob", "b/b1 published=2017-04-10 discovered=2017-03-01 with=ann,bob"}, "a/b1 | b/b1"},
		{"more agree with the article than do not", []string{"a/b1 published=2017-04-01", "b/b1 published=2017-04-12", "c/b1 published=2017-04-12 discovered=2017-03-01", "d/b1 published=2017-04-22 discovered=2016-06-01"}, "a/b1 b/b1 c/b1 d/b1"},
		{"as many do not", []string{"a/b1 published=2017-04-01", "c/b1 published=2017-04-12 discovered=2017-03-01", "d/b1 published=2017-04-22 discovered=2016-06-01"}, "a/b1 c/b1 | d/b1"},
		{"news of an old incident that says the same figure", []string{"a/b1 published=2020-01-01 occurred=2019-12-01..2019-12-10", "b/b1 published=2021-02-20 occurred=2019-12-01..2019-12-10 figures=35000", "c/b1 published=2021-02-26 figures=35000"}, "a/b1 b/b1 c/b1"},
		{"that says little", []string{"a/b1 published=2020-01-01 occurred=2019-12-01..2019-12-10", "b/b1 published=2021-02-20 occurred=2019-12-01..2019-12-10", "c/b1 published=2021-02-26"}, "a/b1 b/b1 | c/b1"},
		{"a follow-up shows that an article with wrong dates belongs to it", []string{"a/b1 published=2018-03-25 occurred=2018-03-22..2018-03-22 figures=35000,120000", "b/b1 published=2018-04-01 figures=35000,120000",
			"c/b1 published=2018-11-28 occurred=2015-01-01..2015-12-31 figures=120000 with=ann,bob", "d/b1 published=2018-12-05 figures=35000,120000 with=ann,bob"}, "a/b1 b/b1 c/b1 d/b1"},
		{"one that has little in common with it does not", []string{"a/b1 published=2018-03-25 occurred=2018-03-22..2018-03-22 figures=35000", "b/b1 published=2018-04-01 figures=35000",
			"c/b1 published=2018-11-28 occurred=2015-01-01..2015-12-31 figures=120000 with=ann,bob", "d/b1 published=2018-12-05 figures=35000,120000 with=ann,bob"}, "a/b1 b/b1 | c/b1 d/b1"},
		{"a year says too little", []string{"a/b1 published=2016-03-01 occurred=2016-02-01..2016-02-28", "b/b1 passing published=2019-01-01 occurred=2016-01-01..2016-12-31"}, "a/b1 | b/b1"},
		{"but the same years say enough", []string{"a/b1 published=2018-11-30 occurred=2014-01-01..2018-09-10", "b/b1 published=2020-10-30 occurred=2014-01-01..2018-09-10"}, "a/b1 b/b1"},
		{"an open end is the other end", []string{"a/b1 published=2021-06-01 occurred=2021-03-03..", "b/b1 published=2022-06-01 occurred=..2021-03-03"}, "a/b1 b/b1"},
		{"one article tells of two", []string{"a/b1 published=2021-08-16", "a/b2 passing published=2021-08-16 disclosed=2021-08-10"}, "a/b1 | a/b2"},
		{"mentioned in passing, undated", []string{"a/b1 published=2021-08-16", "b/b1 passing published=2021-08-20"}, "a/b1 | b/b1"},
		{"nothing known", []string{"a/b1", "b/b1"}, "a/b1 | b/b1"},
		{"no victim", []string{"a/b1 victim= published=2021-08-16", "b/b1 victim= published=2021-08-16"}, "a/b1 | b/b1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var reports []report
			for _, line := range test.reports {
				reports = append(reports, told(line))
			}
			for seed := range uint64(4) {
				rand.New(rand.NewPCG(seed, 0)).Shuffle(len(reports), func(i, j int) { reports[i], reports[j] = reports[j], reports[i] })
				if got := groups(incidents(reports)); got != test.want {
					t.Errorf("incidents(%v) = %s, want %s", reports, got, test.want)
				}
			}
		})
	}
}

func groups(list [][]report) string {
	var out []string
	for _, g := range list {
		var names []string
		for _, r := range g {
			names = append(names, r.article+"/"+r.number)
		}
		out = append(out, strings.Join(names, " "))
	}
	return strings.Join(out, " | ")
}

func TestSettle(t *testing.T) {
	for _, test := range []struct {
		name   string
		groups [][]string // of breaches that reports are known to be
		want   string
	}{
		{"new", [][]string{{""}, {"", ""}}, "; "},
		{"kept", [][]string{{"x", ""}, {""}}, "x; "},
		{"merged", [][]string{{"x", "x-2", "", "x-2"}}, "x-2 (x)"},
		{"merged, of equals the older", [][]string{{"x-2", "x", "x-10"}}, "x (x-2 x-10)"},
		{"parted", [][]string{{"x"}, {"x", "x"}}, "; x"},
		{"parted in halves", [][]string{{"x"}, {"x"}}, "x; "},
		{"parted in halves, one of which has another", [][]string{{"x", "x", "y"}, {"y"}}, "x; y"},
		{"merged and parted", [][]string{{"x", "x", "y"}, {"y", "y"}}, "x; y"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var in [][]report
			for _, g := range test.groups {
				var reports []report
				for i, id := range g {
					reports = append(reports, told(fmt.Sprintf("a%d/b1 in=%s", i, id)))
				}
				in = append(in, reports)
			}
			var out []string
			for _, i := range settle(in) {
				s := i.id
				if len(i.merged) > 0 {
					s += fmt.Sprintf(" (%s)", strings.Join(i.merged, " "))
				}
				out = append(out, s)
			}
			if got := strings.Join(out, "; "); got != test.want {
				t.Errorf("settle(%v) = %s, want %s", test.groups, got, test.want)
			}
		})
	}
}

func TestInherit(t *testing.T) {
	former := []report{told("a/b1 in=x"), told("a/b2 passing in=y"), told("a/b3 victim=other in=z")}
	reports := []report{told("a/b1 passing"), told("a/b2"), told("a/b3"), told("a/b4 victim=other passing")}
	inherit(reports, former)
	var got []string
	for _, r := range reports {
		got = append(got, r.breach)
	}
	// b3 is of another victim now; b4 is neither the former b3's number nor as much its article's subject.
	if want := []string{"x", "y", "", ""}; !slices.Equal(got, want) {
		t.Errorf("inherit gives %q, want %q", got, want)
	}
}

func TestBaseID(t *testing.T) {
	for _, test := range []struct{ report, want string }{
		{"a/b1 published=2021-08-27", "acme-2021-08"},
		{"a/b1 published=2021-08-27 disclosed=2021-07-31", "acme-2021-07"},
		{"a/b1 victim= published=2021-08-27", "unnamed-2021-08"},
		{"a/b1", "acme-undated"},
	} {
		if got := baseID([]report{told(test.report)}); got != test.want {
			t.Errorf("baseID(%s) = %s, want %s", test.report, got, test.want)
		}
	}
	taken := map[string]bool{"x": true, "x-2": true}
	if a, b := freeID("x", taken), freeID("x", taken); a != "x-3" || b != "x-4" {
		t.Errorf("freeID = %s, then %s, want x-3, x-4", a, b)
	}
}

func TestDescribeBreach(t *testing.T) {
	for _, test := range []struct {
		name    string
		reports []string
		want    map[string]any
	}{
		{"of equals the shortest period, of days the earliest", []string{
			"a/b1 published=2021-08-27 occurred=2021-08-01..2021-08-31 disclosed=2021-08-17", "b/b1 published=2021-08-28 occurred=2021-08-09..2021-08-15 disclosed=2021-08-16",
		}, map[string]any{"name": "Acme breach, August 2021", "victim": "acme", "articles": 2, "disclosed": day(on("2021-08-16")), "discovered": nil,
			"occurredFrom": day(on("2021-08-09")), "occurredTo": day(on("2021-08-15"))}},
		{"in passing, of a year", []string{"a/b1 passing published=2024-09-10 occurred=2023-01-01..2023-12-31"},
			map[string]any{"name": "Acme breach, 2023", "victim": "acme", "articles": 1, "disclosed": nil, "discovered": nil,
				"occurredFrom": day(on("2023-01-01")), "occurredTo": day(on("2023-12-31"))}},
		{"nothing known", []string{"a/b1 passing"}, map[string]any{"name": "Acme breach", "victim": "acme", "articles": 1, "disclosed": nil, "discovered": nil, "occurredFrom": nil, "occurredTo": nil}},
	} {
		var reports []report
		for _, line := range test.reports {
			reports = append(reports, told(line))
		}
		if got := describeBreach(reports); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: describeBreach = %v, want %v", test.name, got, test.want)
		}
	}
}

func TestDescribe(t *testing.T) {
	got := describe(ref{labelPerson, "jane-doe"}, []stated{
		{map[string]any{"name": "J. Doe", "aliases": []any{"Doe"}, "age": int64(9)}, 2},
		{map[string]any{"name": "Jane Doe", "aliases": []any{"Doe", "Jane"}, "age": int64(10)}, 2},
		{map[string]any{"name": "Jane Doe"}, 1},
	})
	want := map[string]any{"name": "Jane Doe", "aliases": []any{"Doe", "J. Doe", "Jane"}, "age": int64(9)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("describe = %v, want %v", got, want)
	}
}
