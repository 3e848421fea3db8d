package extract

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// functionWords are frequent in English text of any subject and rare in other
// languages.
var functionWords = wordSet(`the of and to in that is was for on it with as by at from have has had be been not
	are were this which their its they but said will who after more about or an would than`)

// language gives the BCP 47 tag of the language that d is written in, "" where
// there is too little text to tell. English is told by its function words; only
// text that lacks them is looked at closer, which costs far more.
func language(d *Document) string {
	words, function := 0, 0
	for _, t := range d.Tokens[:min(len(d.Tokens), 600)] {
		if c := firstRune(t.Lower); unicode.IsLetter(c) {
			words++
			if functionWords[t.Lower] {
				function++
			}
		}
	}
	switch {
	case words < 4:
		return ""
	case function*100 >= words*18:
		return "en"
	}
	sample := d.Text[:min(len(d.Text), 4000)]
	info := whatlanggo.Detect(strings.ToValidUTF8(sample, ""))
	if !info.IsReliable() {
		// Headlines and lists of names have few function words in any language.
		if function > 0 || words < 12 {
			return "en"
		}
	}
	return info.Lang.Iso6391()
}
