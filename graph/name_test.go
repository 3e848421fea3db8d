package graph

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/extract"
)

func TestFold(t *testing.T) {
	for _, test := range []struct {
		name string
		kind extract.Kind
		want string
	}{
		{"T-Mobile", extract.Company, "t-mobile"},
		{"T- Mobile US, Inc.", extract.Company, "t-mobile-us"},
		{"Mike Sievert", extract.Person, "mike-sievert"},
		{"KPMG LLP", extract.Firm, "kpmg"},
		{"Crédit Agricole S.A.", extract.Company, "credit-agricole"},
		{"Müller GmbH & Co. KG", extract.Company, "muller"},
		{"Wells Fargo & Company", extract.Company, "wells-fargo"},
		{"Nestlé", extract.Company, "nestle"},
		{"Łódź Ørsted Straße", extract.Company, "lodz-orsted-strasse"},
		{"The Wall Street Journal", extract.Outlet, "wall-street-journal"},
		{"The Dark Overlord", extract.Group, "dark-overlord"},
		{"The Weeknd", extract.Person, "the-weeknd"},
		{"U.S. Department of Justice", extract.Agency, "us-department-of-justice"},
		{"US", extract.Place, "us"},
		{"J.P. Morgan", extract.Company, "jp-morgan"},
		{"x.com", extract.Company, "x-com"},
		{"McDonald's", extract.Company, "mcdonalds"},
		{"Men’s Wearhouse", extract.Company, "mens-wearhouse"},
		{"AT&T", extract.Company, "at-t"},
		{"Yahoo!", extract.Company, "yahoo"},
		{"CVE-2017-5638", extract.Vulnerability, "cve-2017-5638"},
		{"腾讯 有限公司", extract.Company, "腾讯-有限公司"},
		{"Ⅻ ﬁne", extract.Company, "xii-fine"},
		{"Co.", extract.Company, "co"},
		{"The Company", extract.Company, "company"},
		{"Inc", extract.Person, "inc"},
		{"…", extract.Company, ""},
		{"", extract.Company, ""},
	} {
		if got := fold(test.name, test.kind); got != test.want {
			t.Errorf("fold(%q, %s) = %q, want %q", test.name, test.kind, got, test.want)
		}
	}
	long := fold(strings.Repeat("é東", 100), extract.Company)
	if other := fold(strings.Repeat("é東", 101), extract.Company); len(long) > maxID || len(other) > maxID || long == other {
		t.Errorf("long names fold to %q and %q", long, other)
	}
}

// An id is valid text of bounded length in lower case, and its own id.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"T-Mobile US, Inc.", "U.S.", "İstanbul A.Ş.", "the the inc inc", "ǅ ß ﬃ", "\xff’s", "ΑΣ Σ", strings.Repeat("a.b ", 99), strings.Repeat("0", 190) + " 0000000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, k := range []extract.Kind{extract.Company, extract.Person, extract.Group} {
			id := fold(name, k)
			if len(id) > maxID || !utf8.ValidString(id) || strings.ContainsAny(id, " \n:'\"`") || strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-") {
				t.Errorf("fold(%q, %s) = %q", name, k, id)
			}
			if again := fold(id, k); again != id {
				t.Errorf("fold(%q, %s) = %q, which folds to %q", name, k, id, again)
			}
		}
	})
}
