package graph

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// story makes the result of an invented article of lines: "title …",
// "published DAY", "KIND NAME, ALIAS… xCOUNT", "victim NAME", "people NUMBER",
// "method NAME", "occurred DAY..DAY".
func story(id, lines string) extract.Result {
	r := extract.Result{Article: ingest.Article{ID: id, URL: "https://news.example/" + id, Text: id}}
	b := extract.Breach{ID: "b1", Primary: true}
	for line := range strings.SplitSeq(lines, "; ") {
		key, value, _ := strings.Cut(line, " ")
		switch key {
		case "title":
			r.Article.Title = value
		case "published":
			r.Article.Published = on(value)
		case "occurred":
			start, end, _ := strings.Cut(value, "..")
			b.Occurred = extract.Period{Start: on(start), End: on(end)}
		case "people":
			v, _ := strconv.ParseFloat(value, 64)
			r.Figures = append(r.Figures, extract.Figure{ID: "f" + value, Value: &v, Unit: "people", Breach: "b1"})
		case "method":
			r.Claims = append(r.Claims, extract.Claim{Type: extract.Used, Subject: "b1", Object: value, Status: extract.Reported})
		case "victim":
			b.Victims = append(b.Victims, value)
			r.Entities = append(r.Entities, mentioned(value, extract.Company, value))
		default:
			r.Entities = append(r.Entities, mentioned(value, extract.Kind(key), value))
		}
	}
	r.Breaches = []extract.Breach{b}
	return r
}

// mentioned is an entity of "NAME, ALIAS… xCOUNT".
func mentioned(id string, k extract.Kind, of string) extract.Entity {
	names, times, _ := strings.Cut(of, " x")
	list := strings.Split(names, ", ")
	n, _ := strconv.Atoi(times)
	return extract.Entity{ID: id, Kind: k, Name: list[0], Aliases: list[1:], Mentions: make([]extract.Mention, max(n, 1))}
}

func TestTied(t *testing.T) {
	for _, test := range []struct {
		name, a, b string
		want       bool
	}{
		{"a shorter name", "title Three's website shows strangers' bills; published 2017-03-21; victim Three x4",
			"title Three UK customers see others' bills; published 2017-03-22; victim Three UK x5", true},
		{"an acronym", "title Samas stops Velden roads office; published 2018-02-22; victim Velden Department of Roads, VDOR x4; method ransomware",
			"title Attack on VDOR costs 1.5 million; published 2018-04-06; victim VDOR x6; method ransomware; people 2050", true},
		{"figures that grew", "title Hoxley loses data; published 2021-08-16; victim Hoxley x3; people 47800000",
			"title Hoxley: more hit; published 2021-09-20; victim Hoxley x3; people 53100000", true},
		{"victim here, spoken of there", "title Pellworth Mobile hacked; published 2021-08-16; victim Pellworth Mobile x5; people 850321; method brute_force",
			"title Metro customers hit too; published 2021-08-18; victim Metro x4; company Pellworth Mobile x3; people 850321; method brute_force", true},
		{"years later, with a figure and people", "title Hoxley loses data; published 2021-08-16; victim Hoxley x3; people 53100000; person Ada Quill; group Nightjar",
			"title Hoxley settles; published 2023-02-10; victim Hoxley x3; people 53100000; person Ada Quill; group Nightjar; occurred 2021-01-01..2021-12-31", true},
		{"the next breach of the same company", "title Pellworth Mobile hacked; published 2021-08-16; victim Pellworth Mobile x5; people 53100000; person Ada Quill; person Ed Vane; method brute_force",
			"title Pellworth Mobile hacked again; published 2023-01-20; victim Pellworth Mobile x5; people 37000000; person Ada Quill; person Ed Vane; method brute_force", false},
		{"the next breach, half a year later", "title Hoxley hacked; published 2021-01-16; victim Hoxley x5; person Ada Quill",
			"title Hoxley hacked again; published 2021-07-20; victim Hoxley x5; person Ada Quill", false},
		{"undated", "title Hoxley hacked; victim Hoxley x5; people 310257", "title More on Hoxley; published 2021-07-20; victim Hoxley x5; people 310257", true},
		{"undated and nothing else", "title Hoxley hacked; victim Hoxley x5", "title More on Hoxley; published 2021-07-20; victim Hoxley x5", false},
		{"no victim, an organisation often named, a figure", "title Drive left open to all; published 2017-03-14; agency Marsh Air Corps x4; people 4021; person Bo Lind",
			"title Backup lies open; published 2017-03-14; agency Marsh Air Corps x3; people 4021; person Bo Lind", true},
		{"no victim here, in the title there", "title Staff files found on open drive; published 2017-03-14; agency Marsh Air Corps; agency Hill Guard x3; people 4021; person Bo Lind",
			"title Backup of Marsh Air Corps lies open; published 2017-03-14; agency Marsh Air Corps; people 4021; person Bo Lind", true},
		{"another victim here, in the title there", "title Hoxley files found on open drive; published 2017-03-14; victim Hoxley; agency Marsh Air Corps; people 4021; person Bo Lind",
			"title Backup of Marsh Air Corps lies open; published 2017-03-14; agency Marsh Air Corps; people 4021; person Bo Lind", false},
		{"one of many victims", "title Hoxley hacked; published 2017-06-16; victim Hoxley x4; method ransomware",
			"title Week of ransoms; published 2017-06-17; victim Hoxley x2; victim Calder; victim Ostrow; victim Velden; method ransomware", false},
		{"one of three victims", "title Hoxley hacked; published 2017-06-16; victim Hoxley x4; method ransomware",
			"title Week of ransoms; published 2017-06-17; victim Hoxley x2; victim Calder; victim Ostrow; method ransomware", true},
		{"two schools on one day", "title Hackers hit Calder University; published 2017-06-16; victim Calder University x4; method ransomware",
			"title Ransom at Ostrow University; published 2017-06-16; victim Ostrow University x4; method ransomware", false},
		{"a platform that both name", "title Apps steal Google logins; published 2017-03-15; company Google x6", "title Google shuts down worm; published 2017-03-19; company Google x6", false},
		{"a platform taken for the victim of both", "title Ransom at Ostrow University; published 2018-03-29; victim Microsoft x2; company Ostrow x4; malware Samas",
			"title Doctors asked to pay; published 2018-04-22; victim Microsoft x2; company Calder x4; malware Samas", false},
		{"one firm on two victims", "title Hoxley hacked; published 2017-03-15; victim Hoxley x6; firm Redpine x4; person Bo Lind",
			"title Calder hacked; published 2017-03-16; victim Calder x6; firm Redpine x4; person Bo Lind", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := told1(t, story("a", test.a)), told1(t, story("b", test.b))
			if got, back := tied(&a, &b), tied(&b, &a); got != test.want || back != got {
				t.Errorf("tied = %v, the other way round %v, want %v; %d and %d points\n%q\n%q",
					got, back, test.want, a.traits.points(b.traits), timeliness(&a, &b, &b), a.traits.list(), b.traits.list())
			}
		})
	}
}

// told1 is the one report of r.
func told1(t *testing.T, r extract.Result) report {
	t.Helper()
	d, err := newDocument(r)
	if err != nil || len(d.reports) != 1 {
		t.Fatalf("newDocument: %v, want one report", err)
	}
	return d.reports[0]
}

// An article that lists breaches of many does not draw those together.
func TestRoundUp(t *testing.T) {
	list := story("list", "title The year's breaches; published 2021-12-30; company Hoxley; company Calder; company Ostrow")
	for _, n := range []string{"Hoxley", "Calder", "Ostrow"} {
		list.Breaches = append(list.Breaches, extract.Breach{ID: n, Victims: []string{n}})
	}
	d, err := newDocument(list)
	if err != nil {
		t.Fatal(err)
	}
	reports := append(d.reports, told1(t, story("h", "title Hoxley hacked; published 2021-12-01; victim Hoxley x3")),
		told1(t, story("c", "title Calder hacked; published 2021-12-11; victim Calder x3")))
	if got := incidents(reports); len(got) != len(reports) {
		t.Errorf("incidents = %s, want all apart", groups(got))
	}
}

func TestTraitsRoundTrip(t *testing.T) {
	d, err := newDocument(corpus(t)["t-mobile-2021-08"])
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.reports {
		var list []any
		for _, s := range r.traits.list() {
			list = append(list, s)
		}
		if got := readTraits(list); !reflect.DeepEqual(got.list(), r.traits.list()) {
			t.Errorf("readTraits(%q) = %q", list, got.list())
		}
	}
	if got := readTraits([]any{"", "about", "about x", "names 3", 7, "nonsense y", "figure"}).list(); len(got) > 1 {
		t.Errorf("readTraits of nonsense = %q", got)
	}
}
