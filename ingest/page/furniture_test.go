package page

import (
	"strings"
	"testing"
)

// bodyOf writes lines as a body. A line between angle brackets is a link, one
// that begins with "# " a heading.
func bodyOf(lines ...string) []paragraph {
	var out []paragraph
	for _, l := range lines {
		p := paragraph{text: strings.Trim(strings.TrimPrefix(l, "# "), "<>"), heading: strings.HasPrefix(l, "# ")}
		if strings.HasPrefix(l, "<") {
			p.links = []link{{0, len(p.text), "https://a.example"}}
		}
		out = append(out, p)
	}
	return out
}

func textOf(body []paragraph) string {
	var lines []string
	for _, p := range body {
		lines = append(lines, p.text)
	}
	return strings.Join(lines, "\n")
}

const (
	first = "Acme said on Tuesday that somebody had copied the records of five thousand customers from one of its servers in March, and that it was very sorry for that."
	next  = "Nobody knows who it was, it added, and it has asked the police to find out before the month is over."
)

func TestWithoutTeasers(t *testing.T) {
	tests := []struct {
		name, line string
		stays      bool
	}{
		{"related", "Related: Lighthouse keeper retires", false},
		{"related alone", "# Related articles", false},
		{"read more", "Read more: Oysters are back", false},
		{"see also", "See also Oysters are back", false},
		{"may also like", "You may also like...", false},
		{"more from", "More from the Gazette", false},
		{"more with a name", "More AP News: https://a.example", false},
		{"a link and nothing else", "<Lighthouse keeper retires after forty years>", false},
		{"newsletter", "Sign up for our daily newsletter and never miss a story.", false},
		{"follow", "Follow us on Twitter: @gazette", false},
		{"click", "Click here for the app.", false},
		{"picture", "Image credit: Gazette", false},
		{"copyright", "Copyright 2023 Gazette. All rights reserved.", false},
		{"rights at the end", "This may not be printed again. All rights reserved.", false},
		{"comments", "Comments", false},

		{"a sentence with more", "More than 5,000 people were told, the company said.", true},
		{"more news in a sentence", "More news of the breach came on Friday, when the firm spoke.", true},
		{"related in a sentence", "Related firms were spared, it said.", true},
		{"images", "Images of passports were among the files.", true},
		{"subscribers", "Subscribers of the newsletter were hit first.", true},
		{"a law", "Copyright holders were told last.", true},
		{"a linked name", "<Quick Pay>", true},
		{"a sentence with most", "Most popular services were down on Monday.", true},
		{"followers", "Followers of the group on Twitter doubted it.", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := bodyOf(first, tt.line, next, next)
			want := textOf(bodyOf(first, next, next))
			if tt.stays {
				want = textOf(body)
			}
			if got := textOf(withoutTeasers(body)); got != want {
				t.Errorf("body\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestWithoutTeasersLists(t *testing.T) {
	links := []string{"<Lighthouse keeper retires at last>", "<Oysters are back in town>", "<Ferries are late once more>"}
	body := bodyOf(append([]string{first}, links...)...)
	if got := withoutTeasers(body); len(got) != len(body) {
		t.Errorf("an article of links becomes %q", textOf(got))
	}
	body = bodyOf(first, next, next, "# More stories", "<Oysters>", "<Ferries late>", next)
	if got, want := textOf(withoutTeasers(body)), textOf(bodyOf(first, next, next, next)); got != want {
		t.Errorf("body\n%s\nwant\n%s", got, want)
	}
	body = bodyOf("Advertisement")
	if got := withoutTeasers(body); len(got) != 1 {
		t.Errorf("nothing is left of %q", textOf(body))
	}
}

func TestWithoutFurniture(t *testing.T) {
	const page = `<title>Acme hacked in March | Gazette</title><h1>Acme hacked in March</h1>`
	tests := []struct {
		name     string
		body     []paragraph
		subtitle string
		want     []paragraph
	}{
		{"title", bodyOf("# Acme hacked in March", first), "", bodyOf(first)},
		{"title as a line", bodyOf("ACME HACKED IN MARCH!", first), "", bodyOf(first)},
		{"subtitle", bodyOf("Acme hacked in March", "# The shop says that it is very sorry", first), "The shop says that it is very sorry", bodyOf(first)},
		{"heading of a section", bodyOf("Acme hacked in March", "# What happened", first), "", bodyOf("# What happened", first)},
		{"by-line and date", bodyOf("By Ann Lee, Gazette", "May 4, 2023 9:30 a.m.", first), "", bodyOf(first)},
		{"breadcrumb", bodyOf("News » Business » Shops", first), "", bodyOf(first)},
		{"a sentence with a date", bodyOf("Acme was hacked on May 4, 2023.", first), "", bodyOf("Acme was hacked on May 4, 2023.", first)},
		{"a date further down", bodyOf(first, "May 4, 2023", next), "", bodyOf(first, "May 4, 2023", next)},
		{"credits", bodyOf(first, "Reporting by Ann Lee; editing by Bob Ray"), "", bodyOf(first)},
		{"credits within", bodyOf("Reporting by Ann Lee showed that in May.", first), "", bodyOf("Reporting by Ann Lee showed that in May.", first)},
		{"author's biography", bodyOf(first, "Ann Lee covers shops.", "Email: ann@gazette.example"), "", bodyOf(first)},
		{"all of it credits", bodyOf("Source: Gazette"), "", bodyOf("Source: Gazette")},
		{"nothing", nil, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			subtitle, got := headOf(t, page).withoutFurniture(tt.body, []string{"Ann Lee"})
			if subtitle != tt.subtitle || textOf(got) != textOf(tt.want) {
				t.Errorf("subtitle %q and body\n%s\nwant %q and\n%s", subtitle, textOf(got), tt.subtitle, textOf(tt.want))
			}
		})
	}
}
