package extract

import (
	"regexp"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/ingest"
)

var marking = regexp.MustCompile(`\[(\w+):([^\]]*)\]`)

// readMarked reads a text in which names are marked "[company:Acme Corp]", so
// that a test of a later pass does not hang on the tagger, up to the pass named.
func readMarked(t testing.TB, marked, last string) *reading {
	t.Helper()
	var text strings.Builder
	type name struct {
		Span
		kind Kind
	}
	var names []name
	at := 0
	for _, m := range marking.FindAllStringSubmatchIndex(marked, -1) {
		text.WriteString(marked[at:m[0]])
		start := text.Len()
		text.WriteString(marked[m[4]:m[5]])
		names = append(names, name{Span{start, text.Len()}, Kind(marked[m[2]:m[3]])})
		at = m[1]
	}
	text.WriteString(marked[at:])
	r := newReading(NewDocument(ingest.Article{Text: text.String()}))
	for _, n := range names {
		r.addName(n.Span, n.kind, 0.9)
	}
	r.index()
	for _, p := range passes {
		if p.name != "names" {
			p.run(r)
		}
		if p.name == last {
			return r
		}
	}
	t.Fatalf("no pass %q", last)
	return nil
}

// TestClusterNames names the entities that mentions are gathered in, each with
// its kind and how often it is named.
func TestClusterNames(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"equal names", "[company:Acme] sells. [company:Acme] buys.", []string{"company Acme 2"}},
		{"spelling", "[company:T-Mobile] is big. [company:T- Mobile] grew. [company:T-Mobile] too.", []string{"company T-Mobile 3"}},
		{"legal suffix", "[company:Acme Inc.] sells. [company:Acme] buys.", []string{"company Acme Inc. 2"}},
		{"last name", "[person:Ann Lee] came. [person:Lee] left.", []string{"person Ann Lee 2"}},
		{"two of one last name", "[person:Ann Lee] met [person:Bo Lee].", []string{"person Ann Lee 1", "person Bo Lee 1"}},
		{"acronym in brackets", "[company:Harbour Freight Group] ([company:HFG]) failed. [company:HFG] fell.", []string{"company Harbour Freight Group 3"}},
		{"acronym by initials", "[agency:Federal Trade Board] spoke. [agency:FTB] fined it.", []string{"agency Federal Trade Board 2"}},
		{"acronym of two names", "[agency:Federal Trade Board] met [agency:Free Trade Bureau]. [agency:FTB] fined it.", []string{"agency Federal Trade Board 1", "agency Free Trade Bureau 1", "agency FTB 1"}},
		{"short form", "[company:Summit Reinsurance Services] said. [company:Summit] knew.", []string{"company Summit Reinsurance Services 2"}},
		{"generic beginning", "[company:National Rail Works] said. [company:National] knew.", []string{"company National Rail Works 1", "company National 1"}},
		{"short form of two", "[company:Delta Air] and [company:Delta Dental] met. [company:Delta] fell.", []string{"company Delta Air 1", "company Delta Dental 1", "company Delta 1"}},
		{"person and company", "[person:Morgan] works at [company:Morgan Stanley].", []string{"person Morgan 1", "company Morgan Stanley 1"}},
		{"place and company", "[place:Boston] has [company:Boston Trust].", []string{"place Boston 1", "company Boston Trust 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := readMarked(t, tt.in, "cluster")
			var got []string
			for _, e := range r.entities {
				got = append(got, string(e.kind)+" "+e.name+" "+itoa(len(e.mentions)))
			}
			if strings.Join(got, "; ") != strings.Join(tt.want, "; ") {
				t.Errorf("entities of %q\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

// TestNominals tells whom a description or pronoun, marked {so}, stands for.
func TestNominals(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"[company:Acme] was hacked. {The company} said so.", "Acme"},
		{"[company:Acme] was hacked. {It} said so.", "Acme"},
		{"[company:Acme] was hacked. It is unclear how {the retailer} noticed.", "Acme"},
		{"[person:Ann Lee] runs [company:Acme]. {She} left.", "Ann Lee"},
		{"[person:Ann Lee] runs [company:Acme]. {The company} grew.", "Acme"},
		{"[agency:FTB] fined [company:Acme]. {The agency} said so.", "FTB"},
		{"[group:Dark Moth] hit [company:Acme]. {The gang} wants money.", "Dark Moth"},
		{"[company:Acme] was hacked. {The telecom giant} said so.", "Acme"},
		{"Nobody was named. {The company} said so.", ""},
		{"[company:Acme] and [company:Bolt] were hacked. {The companies} said so.", ""},
		{"[company:Acme] hired {the security firm} [firm:Kestrel].", ""},
	} {
		t.Run(tt.in, func(t *testing.T) {
			plain := marking.ReplaceAllString(tt.in, "$2")
			start, end := strings.Index(plain, "{"), strings.Index(plain, "}")-1
			r := readMarked(t, strings.NewReplacer("{", "", "}", "").Replace(tt.in), "nominals")
			got := ""
			for _, m := range r.mentions {
				if m.Start == start && m.End == end && m.entity != nil {
					got = m.entity.name
				}
			}
			if got != tt.want {
				t.Errorf("%q stands for %q, want %q", r.Text[start:end], got, tt.want)
			}
		})
	}
}

// TestSpeakers tells who says the word marked {so}.
func TestSpeakers(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"verb after", "[company:Acme] said the {names} were taken.", "Acme"},
		{"verb before", "The {names} were taken, [company:Acme] said on Monday.", "Acme"},
		{"inverted", "\"The {names} were taken,\" said [person:Ann Lee], a spokeswoman for [company:Acme].", "Ann Lee"},
		{"aside", "[person:Ann Lee], a spokeswoman for [company:Acme], said {names} were taken.", "Ann Lee"},
		{"unnamed spokesman", "A spokesman for [company:Acme] said {names} were taken.", "Acme"},
		{"according to", "According to [firm:Kestrel], {names} were taken.", "Kestrel"},
		{"according to at the end", "The {names} were taken, according to [firm:Kestrel].", "Kestrel"},
		{"nobody", "The {names} were taken.", ""},
		{"quotation goes on", "\"We lost data,\" [person:Ann Lee] said. \"The {names} are gone.\"", "Ann Lee"},
		{"quotation before", "\"The {names} are gone. We regret it,\" [person:Ann Lee] said.", "Ann Lee"},
		{"pronoun", "[person:Ann Lee] spoke. She said {names} were taken.", "Ann Lee"},
		{"two speakers", "[company:Acme] said it was safe, but [firm:Kestrel] said {names} were taken.", "Kestrel"},
		{"outlet passes on", "[company:Acme] confirmed {names} were taken, the [outlet:Daily Post] reported.", "Acme"},
		{"subject is no speaker", "[company:Acme], which lost {names}, declined to comment.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plain := marking.ReplaceAllString(tt.in, "$2")
			at := strings.Index(plain, "{")
			r := readMarked(t, strings.NewReplacer("{", "", "}", "").Replace(tt.in), "speeches")
			got := ""
			if sp := r.speechAt(r.tokenAt(at)); sp != nil && sp.speaker != nil {
				got = sp.speaker.name
			}
			if got != tt.want {
				t.Errorf("in %q %q speaks, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// TestFindData names the kinds of data a sentence lists, and how many stand in
// one list.
func TestFindData(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Names, home addresses and Social Security numbers were taken.", "name/3 address/3 ssn/3"},
		{"It holds e-mail addresses, hashed passwords and, in some cases, dates of birth.", "email_address/3 password/3 date_of_birth/3"},
		{"Credit and debit card numbers leaked.", "payment_card/1"},
		{"Driver’s licence numbers leaked.", "drivers_license/1"},
		{"They will address the issue.", ""},
		{"The name of the firm is unknown.", ""},
		{"Medical records leaked. Passports did not.", "health/1 passport/1"},
		{"IMEIs and IMSIs leaked.", "device_id/1 device_id/1"},
	} {
		t.Run(tt.in, func(t *testing.T) {
			r := readTo(t, tt.in, "data")
			var got []string
			for _, d := range r.data {
				got = append(got, d.value+"/"+itoa(d.size))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("data in %q: %q, want %q", tt.in, strings.Join(got, " "), tt.want)
			}
		})
	}
}
