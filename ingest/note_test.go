package ingest

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// readOne reads an input that holds one article.
func readOne(t *testing.T, name, content string) Article {
	t.Helper()
	articles, errs := readAllOf(name, content)
	if len(errs) > 0 || len(articles) != 1 {
		t.Fatalf("Read(%q, %.60q) gives %d articles and the errors %v", name, content, len(articles), errs)
	}
	return articles[0]
}

func readAllOf(name, content string) (articles []Article, errs []error) {
	for a, err := range (Reader{HTML: fakePage}).Read(context.Background(), name, strings.NewReader(content)) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		articles = append(articles, a)
	}
	return articles, errs
}

// fakePage stands for the reader of pages.
func fakePage(_ context.Context, raw []byte, url string) (Article, error) {
	return Article{Title: "a page", URL: url, Text: string(raw)}, nil
}

func TestReadNoteArticle(t *testing.T) {
	const path = "../testdata/articles/t-mobile-2021-08.md"
	var got Article
	for a, err := range (Reader{}).ReadPath(context.Background(), path) {
		if err != nil {
			t.Fatal(err)
		}
		got = a
	}
	want := Article{
		ID:          "https://zdnet.com/article/t-mobile-ceo-apologizes-for-massive-hack-announces-cybersecurity-deal-with-mandiant",
		Path:        path,
		URL:         "https://www.zdnet.com/article/t-mobile-ceo-apologizes-for-massive-hack-announces-cybersecurity-deal-with-mandiant/",
		Title:       "T-Mobile CEO apologizes for massive hack, announces cybersecurity deal with Mandiant",
		Published:   time.Date(2021, 8, 27, 17, 11, 0, 0, time.UTC),
		Authors:     []string{"Jonathan Greig"},
		Publication: Publication{Name: "ZDNet", Domain: "zdnet.com"},
		Tags:        []string{"T-Mobile", "cybersecurity", "Sievert", "numbers", "Mandiant", "names", "Binns", "customers", "KPMG", "ZDNet"},
	}
	want.Subtitle, want.Links, want.Text, want.BodyStart = got.Subtitle, got.Links, got.Text, got.BodyStart
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !strings.HasPrefix(got.Subtitle, "The CEO tried to paint") || !strings.HasSuffix(got.Subtitle, "were accessed.") {
		t.Errorf("subtitle %q", got.Subtitle)
	}
	if !strings.HasPrefix(got.Text, got.Title+"\n\n"+got.Subtitle+"\n\nT-Mobile's CEO has finally spoken out about") {
		t.Errorf("text begins %.400q", got.Text)
	}
	links := []string{
		"has finally spoken out", "massive hack", "allegedly 21-year-old John Binns",
		"in an interview with the Wall Street Journal", "had announced four data breaches",
	}
	for i, l := range got.Links {
		if i >= len(links) || got.Text[l.Start:l.End] != links[i] || !strings.HasPrefix(l.URL, "https://www.") {
			t.Errorf("link %d is %q to %s", i, got.Text[l.Start:l.End], l.URL)
		}
	}
}

// The note and the plain text of the same article were made apart from each
// other.
func TestReadNoteAgreesWithText(t *testing.T) {
	note, err := os.ReadFile("../testdata/articles/t-mobile-2021-08.md")
	if err != nil {
		t.Fatal(err)
	}
	a := readNote(string(note))
	for text, err := range (Reader{}).Read(context.Background(), "articles_dev.jsonl", openShared(t, "eval/articles_dev.jsonl")) {
		if err != nil {
			t.Fatal(err)
		}
		if text.ID == "seed" {
			if got := a.Text[a.BodyStart:]; got != text.Text {
				t.Errorf("the body of the note is\n%s\nbut the text\n%s", got, text.Text)
			}
			return
		}
	}
	t.Error("no article called seed")
}

func TestReadNote(t *testing.T) {
	date := time.Date(2023, 5, 4, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name, in string
		want     Article
	}{
		{
			"without a date or an author",
			"# Acme hacked\n\n## Information:\n+ Source: The Bugle\n+ Date: Unknown\n+ Author: Unknown\n\n## Article:\nUnknown\n\nAcme was hacked.\n",
			Article{Title: "Acme hacked", Publication: Publication{Name: "The Bugle"}, Text: "Acme hacked\n\nAcme was hacked.", BodyStart: 13},
		},
		{
			"other bullets, bold names, a bare link",
			"# Acme hacked\r\n## Information\r\n- **Source**: [The Bugle](https://bugle.example/)\r\n* **Link:** https://bugle.example/a\r\n- Published: 4 May 2023\r\n- Authors: Ann Lee, Bob Ray\r\n## Article\r\nAcme was hacked.",
			Article{
				Title: "Acme hacked", Publication: Publication{Name: "The Bugle"}, URL: "https://bugle.example/a", Published: date,
				Authors: []string{"Ann Lee", "Bob Ray"}, Text: "Acme hacked\n\nAcme was hacked.", BodyStart: 13,
			},
		},
		{
			"entries without a heading, tags with a hash",
			"# Acme hacked\n+ Date: 2023-05-04\n\nAcme was hacked.\nNote: it denies that.\n\n# Tags\n#acme #hack\n",
			Article{Title: "Acme hacked", Published: date, Tags: []string{"acme", "hack"}, Text: "Acme hacked\n\nAcme was hacked. Note: it denies that.", BodyStart: 13},
		},
		{
			"front matter",
			"---\ntitle: \"Acme hacked\"\ndate: 2023-05-04\ntags: [acme, hack]\n---\nAcme was hacked.\n",
			Article{Title: "Acme hacked", Published: date, Tags: []string{"acme", "hack"}, Text: "Acme hacked\n\nAcme was hacked.", BodyStart: 13},
		},
		{
			"headings, lists, quotes and rules in the article",
			"# Acme hacked\n## Article\nWhat was lost:\n- names\n- phone\n  numbers\n\n### What it says\n> \"We are\n> sorry.\"\n\n---\n\nThe end.\n",
			Article{
				Title:     "Acme hacked",
				Text:      "Acme hacked\n\nWhat was lost:\n\nnames\n\nphone numbers\n\nWhat it says\n\n\"We are sorry.\"\n\nThe end.",
				BodyStart: 13,
			},
		},
		{
			"tags on a line of their own",
			"# Acme hacked\n## Article\nAcme was hacked.\n\nTags: [[Acme|the firm]] [[hack,]] [[Acme]]\n",
			Article{Title: "Acme hacked", Tags: []string{"Acme", "hack"}, Text: "Acme hacked\n\nAcme was hacked.", BodyStart: 13},
		},
		{
			"plain markdown",
			"Acme was hacked.\n\n## How\nNobody knows: not yet.\n",
			Article{Text: "Acme was hacked.\n\nHow\n\nNobody knows: not yet."},
		},
		{"only a title", "# Acme hacked\n", Article{Title: "Acme hacked", Text: "Acme hacked\n\n", BodyStart: 13}},
		{"a comma after the number", "# A\n## Article\n#1 target\n", Article{Title: "A", Text: "A\n\n#1 target", BodyStart: 3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readNote(tt.in); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("readNote(%q)\n got %+v\nwant %+v", tt.in, got, tt.want)
			}
		})
	}
}

func TestInlineText(t *testing.T) {
	tests := []struct{ name, in, want, links string }{
		{"link", "see [the post](https://a.example/b) now", "see the post now", "4-12 https://a.example/b"},
		{"link with a title", `[a](https://a.example "A (1)")`, "a", "0-1 https://a.example"},
		{"parentheses in the URL", "[a](https://a.example/b_(c)) d", "a d", "0-1 https://a.example/b_(c)"},
		{"brackets in the label", "[a [b] c](https://a.example)", "a [b] c", "0-7 https://a.example"},
		{"emphasis in the label", "[**a** b](https://a.example)", "a b", "0-3 https://a.example"},
		{"link in a link", "[a [b](https://b.example)](https://a.example)", "a [b](https://b.example)", "0-24 https://a.example"},
		{"image", "a ![alt](https://a.example/x.png) b", "a  b", ""},
		{"linked image", "a [![alt](x.png)](https://a.example) b", "a ![alt](x.png) b", "2-15 https://a.example"},
		{"relative link", "[a](/b)", "a", ""},
		{"address in angles", "at <https://a.example/b>.", "at https://a.example/b.", "3-22 https://a.example/b"},
		{"wiki link", "[[T-Mobile]] and [[a|b]]", "T-Mobile and b", ""},
		{"prose in brackets", "he said [it] (the firm) is", "he said [it] (the firm) is", ""},
		{"brackets before parentheses", "[sic](the firm)", "[sic](the firm)", ""},
		{"emphasis", "**a** *b* _c_ __d__ ~~e~~ `f`", "a b c d e f", ""},
		{"stars that are none", "2 * 3 * 4, snake_case_name, T-Mobile* and Sprint*", "2 * 3 * 4, snake_case_name, T-Mobile* and Sprint*", ""},
		{"lone mark", "*a", "*a", ""},
		{"escapes", `\*a\* \[b\](c) d\e`, `*a* [b](c) d\e`, ""},
		{"entities", "AT&amp;T&nbsp;x &lt;b&gt; &copy=1 &nope; &", "AT&T x <b> &copy=1 &nope; &", ""},
		{"too long", strings.Repeat("*a* ", maxParagraph), strings.TrimSpace(strings.Repeat("*a* ", maxParagraph)), ""},
		{"blanks", "  a \t b\u00a0c ", "a b c", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, links := inlineText(tt.in)
			var shown []string
			for _, l := range links {
				shown = append(shown, fmt.Sprintf("%d-%d %s", l.Start, l.End, l.URL))
			}
			if got != tt.want || strings.Join(shown, " ") != tt.links {
				t.Errorf("inlineText(%.200q) = %.200q, %q, want %.200q, %q", tt.in, got, shown, tt.want, tt.links)
			}
		})
	}
}

func TestSplitAuthors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Jonathan Greig", "Jonathan Greig"},
		{"By Ann Lee and Bob Ray, Senior Reporters", "Ann Lee|Bob Ray"},
		{"by ANN LEE & Bob Ray", "ANN LEE|Bob Ray"},
		{"Written by: Ann Lee", "Ann Lee"},
		{"Ann Lee, Contributor", "Ann Lee"},
		{"Martin King, Jr.", "Martin King, Jr."},
		{"Ann Lee, Ph.D., and J.R. Stone", "Ann Lee|J.R. Stone"},
		{"Ann Lee, MS, RD", "Ann Lee"},
		{"Analysis by Ann Lee", "Ann Lee"},
		{"Text: Ann van der Lee", "Ann van der Lee"},
		{"by Ann Lee Monday, May 4, 2023", "Ann Lee"},
		{"The president and his ministers of state", ""},
		{"humans.txt", ""},
		{"By Ann Lee for The Bugle", "Ann Lee"},
		{"Ann Lee in London and Bob Ray in New York", "Ann Lee|Bob Ray"},
		{"Ann Lee | May 4, 2023", "Ann Lee"},
		{"Ann Lee, Ann Lee", "Ann Lee"},
		{"danah boyd", "danah boyd"},
		{"Zack Whittaker for Zero Day", "Zack Whittaker"},
		{"ann@bugle.example", ""},
		{"Unknown", ""},
		{"", ""},
		{strings.Repeat("Ann Lee, ", 100), ""},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			if got := strings.Join(SplitAuthors(tt.in), "|"); got != tt.want {
				t.Errorf("SplitAuthors(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// checkArticle fails where an article breaks a promise of its type.
func checkArticle(t *testing.T, a Article) {
	t.Helper()
	if !utf8.ValidString(a.Text) {
		t.Errorf("text %q is not UTF-8", a.Text)
	}
	if a.BodyStart < 0 || a.BodyStart > len(a.Text) {
		t.Fatalf("body starts at %d of %d bytes", a.BodyStart, len(a.Text))
	}
	at := 0
	for _, l := range a.Links {
		if l.Start < at || l.End <= l.Start || l.End > len(a.Text) || strings.TrimSpace(a.Text[l.Start:l.End]) == "" || l.URL == "" {
			t.Fatalf("link %+v after %d in a text of %d bytes", l, at, len(a.Text))
		}
		at = l.End
	}
}

func FuzzReadNote(f *testing.F) {
	f.Add("Acme hacked", "Acme was [hacked](https://a.example/b_(c)).\n\n> *No*, it says.\n")
	f.Add("# A", "## Information:\n+ Link: [x](https://a.example)\n## Article:\nUnknown\n\n#### Tags:\n[[a]] [[b,]]")
	f.Add("A", "![a](b)[c](<https://d.example> 'e')&amp;\\[ `f` ~~~\n---\n")
	f.Fuzz(func(t *testing.T, title, rest string) {
		if !utf8.ValidString(title) || !utf8.ValidString(rest) {
			return
		}
		a := readNote("# " + title + "\n" + rest)
		checkArticle(t, a)
		if rest := a.Text[a.BodyStart:]; strings.TrimSpace(rest) != rest || strings.Contains(rest, "\n\n\n") {
			t.Errorf("body %q is not made of paragraphs", rest)
		}
	})
}

// FuzzNoteRoundTrip writes the parts of an article as a note and reads them
// back.
func FuzzNoteRoundTrip(f *testing.F) {
	f.Add("Acme hacked", "It happened on Monday", "Acme was hacked", "according to the firm", "acme")
	f.Add("a", "b*", "1. c_d", "é", "x|y")
	f.Fuzz(func(t *testing.T, title, subtitle, before, label, tag string) {
		parts := []*string{&title, &subtitle, &before, &label, &tag}
		for _, p := range parts {
			if *p = plainWords(*p); *p == "" || isPlaceholder(*p) || sectionOf(*p) != inHeader {
				return
			}
		}
		a := readNote("# " + title + "\n### " + subtitle + "\n\n## Information:\n+ Source: " + title +
			"\n\n## Article:\n\n" + before + " [" + label + "](https://a.example/b)\n\n#### Tags:\n[[" + tag + "]]")
		want := Article{
			Title: title, Subtitle: subtitle, Publication: Publication{Name: title}, Tags: []string{tag},
			Text: title + "\n\n" + subtitle + "\n\n" + before + " " + label, BodyStart: len(title) + len(subtitle) + 4,
		}
		want.Links = []Link{{Start: len(want.Text) - len(label), End: len(want.Text), URL: "https://a.example/b"}}
		if !reflect.DeepEqual(a, want) {
			t.Errorf("got  %+v\nwant %+v", a, want)
		}
	})
}

// plainWords keeps of s what markdown gives no meaning to.
func plainWords(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) || r == utf8.RuneError
	}), " ")
}
