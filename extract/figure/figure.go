// Package figure finds the quantities that an English text states: counts of
// people, records and other things, sums of money, shares, data sizes, ages
// and lengths of time, each with the bounds that the wording asserts and the
// noun phrase counted. It reads numerals and written numbers ("one hundred and
// five", "3/4", "half a million") and leaves alone what only looks like a
// quantity: dates, times of day, versions, phone numbers, ordinals, names.
//
// It says nothing about whether a quantity matters to a story, and it does not
// know what currency a bare "$" stands for where an article is not American.
//
//   - figure.go: the result and the units
//   - token.go, numeral.go: text to tokens
//   - lexicon.go, words.go: the words it knows
//   - number.go, amount.go: tokens to a number, with its currency or measure
//   - join.go, bounds.go: ranges and ratios; what "more than" and the like assert
//   - noun.go, unit.go: what is counted
//   - reject.go: what is no figure
package figure

// The units of a [Figure], besides the ISO 4217 codes of currencies other than
// those named here. They are those of the extraction contract.
const (
	People    = "people"
	Accounts  = "accounts"
	Records   = "records"
	Emails    = "emails"
	Passwords = "passwords" // passwords, hashes, logins and credentials
	SSN       = "ssn"       // Social Security numbers
	Cards     = "cards"     // payment cards and their numbers
	Files     = "files"
	Devices   = "devices"
	Sites     = "sites" // stores, hotels, branches, forums, web sites
	Companies = "companies"
	Breaches  = "breaches"
	Bytes     = "bytes" // decimal: 1 KB is 1000
	USD       = "USD"
	GBP       = "GBP"
	EUR       = "EUR"
	BTC       = "BTC"
	Percent   = "percent" // percentage points: a half is 50
	Years     = "years"
	Months    = "months"
	Days      = "days"
	Hours     = "hours"
	Age       = "age" // of a person, in years
	Other     = "other"
)

// A Figure is a quantity that a text states.
type Figure struct {
	// Start and End are the byte offsets, half-open, of the number expression:
	// with its currency, scale, percent sign or byte unit, without qualifier
	// and noun. A range is one expression.
	Start, End int
	// Value is the number stated, in Unit, scale resolved; nil for a range and
	// for "tens of thousands".
	Value *float64
	// Low and High are the bounds that the text asserts; nil where it asserts
	// none on that side. Both equal Value for a plain number.
	Low, High *float64
	// Approx is whether the text says that the number is not exact.
	Approx bool
	// Unit is one of the constants of this package or an ISO 4217 code.
	Unit string
	// Counted is the noun phrase counted, without determiner, as it stands in
	// the text from CountedStart to CountedEnd; empty where there is none.
	Counted                  string
	CountedStart, CountedEnd int
	// QualifierStart is where the words before the number that set its bounds
	// ("more than") begin; Start where there are none.
	QualifierStart int
}

// Find returns the figures of text in text order; no two overlap. Its time is
// linear in the length of text, which need be neither whole sentences nor
// valid UTF-8: offsets never part a character.
func Find(text string) []Figure {
	p := parser{text: text}
	for pos := 0; pos < len(text); {
		end := segmentEnd(text, pos)
		p.tokens = lex(p.tokens[:0], text[:end], pos)
		p.scan()
		pos = end
	}
	return p.found
}

// Coarse maps a unit to the smaller set that counts a person's age in years
// and takes hours, devices, sites and currencies other than dollar, pound, euro
// and bitcoin for [Other].
func Coarse(unit string) string {
	switch unit {
	case Age:
		return Years
	case People, Accounts, Records, Emails, Passwords, SSN, Cards, Files, Bytes,
		USD, GBP, EUR, BTC, Percent, Years, Months, Days, Companies, Breaches:
		return unit
	}
	return Other
}
