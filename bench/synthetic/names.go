package synthetic

import (
	"fmt"
	"strings"
)

// syllables and endings make words that no list of names holds.
const (
	syllables = `bra ven tor mil qua dex lor pha zen kri mon tav sul ber nax rio fen gal hud jov
		kel lum mor nev opi pex rud sag tiv ulm vos wex yal zor cam dro eth fir gon hal`
	endings = `Wireless Freight Clinics Outfitters Airways Foods Credit Robotics Insurance Hotels Energy Software`
	given   = `Ada Ben Carla Dario Elif Farid Greta Hugo Ines Jonas Katya Leon Mira Nils Olga Piet Rosa Sven Tara Uwe Vera Wim Yara Zeno`
)

// pick is word i of a list, going round it.
func pick(list string, i int) string {
	words := strings.Fields(list)
	return words[i%len(words)]
}

// word is a made-up word of three syllables, another one for each i below
// 64,000.
func word(i int) string {
	n := len(strings.Fields(syllables))
	i = (i*7919 + 13) % (n * n * n) // neighbours should not look alike
	w := pick(syllables, i) + pick(syllables, i/n) + pick(syllables, i/n/n)
	return strings.ToUpper(w[:1]) + w[1:]
}

// The pools of names lie apart in the words, so that no two share one.
const (
	companyWords, personWords, outletWords, firmWords = 0, 20_000, 50_000, 51_000
	groupWords, malwareWords, agencyWords, townWords  = 52_000, 53_000, 54_000, 55_000
	productWords                                      = 56_000
)

func company(i int) string {
	if i == carrier {
		return "Norvane Mobile"
	}
	return word(companyWords+i%personWords) + " " + pick(endings, i)
}

func person(i int) string {
	return pick(given, i) + " " + word(personWords+i%(outletWords-personWords))
}

func outlet(i int) string     { return "The " + word(outletWords+i) + " Post" }
func outletHost(i int) string { return strings.ToLower(word(outletWords+i)) + "post.example" }
func firm(i int) string       { return word(firmWords+i) + " Forensics" }
func group(i int) string      { return word(groupWords+i) + " Crew" }
func malware(i int) string    { return word(malwareWords+i) + "Locker" }
func town(i int) string       { return word(townWords + i) }

func agency(i int) string {
	if i == 0 {
		return "Federal Bureau of Inquiry"
	}
	return word(agencyWords+i) + " Data Protection Office"
}

func vulnerability(i int) string { return fmt.Sprintf("CVE-%d-%05d", 2014+i%10, 10_000+i) }
