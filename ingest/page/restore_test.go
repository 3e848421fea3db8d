package page

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func parseHTML(t *testing.T, source string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestRestored(t *testing.T) {
	const one, two = "<p>The harbour closed on Monday.</p>", "<p>It opened again on Tuesday.</p>"
	line := `<p>[<a href="/s">Source</a>]</p>`
	for _, test := range []struct{ name, page, want string }{
		{"between siblings", one + line + two, "[Source]"},
		{"between a quotation and a heading", "<blockquote>" + one + "</blockquote>" + line + "<h4>It opened again on Tuesday.</h4>", "[Source]"},
		{"a list after text without an element", `<div>The harbour closed on Monday.<br><ul><li><a href="/b">Timetable of the ferries</a></li></ul>` + two + "</div>", "Timetable of the ferries"},
		{"two lines", one + line + `<p><a href="/t">Tide tables</a></p>` + two, "[Source]\nTide tables"},
		{"prose that was dropped", one + `<p>Ships wait outside, says <a href="/s">the port</a>.</p>` + two, ""},
		{"too many to be part of the text", one + strings.Repeat(line, maxRestored+1) + two, ""},
		{"before and after", line + one + two + line, ""},
		{"between paragraphs far apart", "<div><div><div><div>" + one + "</div></div></div></div>" + line + two, ""},
		{"deep in another block", one + "<div><div><div><div>" + line + "</div></div></div></div>" + two, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := []paragraph{{text: "The harbour closed on Monday."}, {text: "It opened again on Tuesday."}}
			var got []string
			for _, p := range restored(parseHTML(t, test.page), body) {
				if p.amid {
					got = append(got, p.text)
				}
			}
			if strings.Join(got, "\n") != test.want {
				t.Errorf("put back %q, want %q", got, test.want)
			}
		})
	}
}

// Anchors may begin and end within a word, and a word may be made of several
// elements.
func TestAlignLinks(t *testing.T) {
	for _, test := range []struct{ name, page, want string }{
		{"words", `<p>It is <a href="/x">all right</a> here.</p>`, "all right"},
		{"ends within a word", `<p>We saw the <a href="/x">Arte</a>mis rocket rise.</p>`, "Arte"},
		{"begins within a word", `<p>We saw the Arte<a href="/x">mis rocket</a> rise.</p>`, "mis rocket"},
		{"one word, three links", `<p>We saw <a href="/x">Ar</a><a href="/y">te</a><a href="/z">mis</a> rise.</p>`, "Ar, te, mis"},
		{"after a word that is set off", `<p>The <b>A</b>rtemis flew <a href="/x">on Monday</a>.</p>`, "on Monday"},
		{"blocks part words", `<div><p>One</p><p><a href="/x">Two</a></p>three four five</div>`, "Two"},
		{"a blank in the anchor", `<p>We saw the<a href="/x"> rocket </a>rise and fall.</p>`, "rocket"},
		{"nothing", `<p>We saw the<a href="/x"></a> rocket rise.</p>`, ""},
		{"one character a word", `<p>我们看到<a href="/x">火箭</a>升空了</p>`, "火箭"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := parseHTML(t, test.page)
			body := paragraphs(doc)
			readText(doc, nil).alignLinks(body)
			var got []string
			for _, p := range body {
				for _, l := range p.links {
					got = append(got, p.text[l.start:l.end])
				}
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("links on %q, want %q", got, test.want)
			}
		})
	}
}
