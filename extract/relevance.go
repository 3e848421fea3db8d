package extract

import (
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/extract/figure"
)

// relevanceFeatures describes whether an article is about a breach: what share
// of its sentences tells of one, and what the passes found.
func (r *reading) relevanceFeatures() []string {
	fs := []string{"bias"}
	counts := map[string]int{}
	data, figures := r.dataBySentence(), r.countsBySentence()
	for k, s := range r.Sentences {
		counts["senses"] += len(otherBreaches.find(r.stems, s.First, s.Last))
		if r.holds(breachNouns, s) {
			counts["breach"]++
		}
		if hits := incidentWords.find(r.stems, s.First, s.Last); len(hits) > 0 {
			for _, h := range hits {
				counts["word:"+h.Value]++
			}
			counts["incident"]++
		}
		r.countLosses(s, data[k], figures[k], counts)
	}
	counts["data"] = len(r.data)
	n := max(1, len(r.Sentences))
	for _, k := range []string{"breach", "incident", "data", "loss", "people loss", "count loss", "senses"} {
		fs = above(fs, k, counts[k], 0, 1, 2, 4, 8)
		fs = above(fs, k+" share", 100*counts[k]/n, 3, 8, 15, 30)
	}
	for k, v := range counts {
		if strings.HasPrefix(k, "word:") {
			fs = above(fs, k, v, 0, 1, 3)
		}
	}
	if counts["loss"]+counts["people loss"]+counts["count loss"] > 0 {
		fs = above(fs, "victim", r.likeliestVictim(), 20, 40, 60, 80)
	} else {
		fs = append(fs, "no loss") // whoever is talked of most looks like a victim
	}
	title := stemsOf(r.Article.Title)
	for _, f := range incidentWords.find(title, 0, len(title)) {
		fs = append(fs, "title:"+f.Value)
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

// likeliestVictim gives the highest probability, in percent, that somebody was
// breached, if anybody was.
func (r *reading) likeliestVictim() int {
	p := 0.0
	for _, c := range r.candidates {
		if c.Model == "victim" {
			p = max(p, c.P)
		}
	}
	return int(100 * p)
}

// above adds a feature for each limit that v is above: more of it then weighs
// more, even where learning met few articles as short, or as long.
func above(fs []string, name string, v int, limits ...int) []string {
	for _, limit := range limits {
		if v > limit {
			fs = append(fs, name+">"+itoa(limit))
		}
	}
	return fs
}

// dataBySentence tells the sentences that name a kind of data.
func (r *reading) dataBySentence() map[int]bool {
	out := make(map[int]bool)
	for _, d := range r.data {
		out[r.Tokens[d.first].Sentence] = true
	}
	return out
}

// countsBySentence tells the sentences that count people or what is kept of them.
func (r *reading) countsBySentence() map[int]bool {
	out := make(map[int]bool)
	for _, f := range r.figures {
		switch f.Unit {
		case figure.People, figure.Accounts, figure.Records, figure.Emails, figure.Passwords, figure.SSN, figure.Cards, figure.Files:
			out[r.Tokens[f.first].Sentence] = true
		}
	}
	return out
}

// countLosses counts s if it says that something got to those whom it does not
// concern.
func (r *reading) countLosses(s Sentence, data, figure bool, counts map[string]int) {
	if !r.holds(lossWords, s) || r.hypothetical(s) {
		return
	}
	if data {
		counts["loss"]++
	}
	if r.holds(dataSubjects, s) {
		counts["people loss"]++
	}
	if figure {
		counts["count loss"]++
	}
}

// hypothetical reports whether s says what would be, should be, or never is.
func (r *reading) hypothetical(s Sentence) bool {
	for i := s.First; i < s.Last; i++ {
		if supposing[r.lower(i)] {
			return true
		}
	}
	return false
}

// supposing marks what has not happened: what laws, guides and sellers say.
var supposing = wordSet(`would should if must whoever whenever unless helps prevents protects recognises recognizes`)

// lossWords tell that something got to those whom it does not concern.
var lossWords = newLexicon(`
loss: stole; stolen; steal; stealing; theft; leak; leaked; leaking; exposed; exposing; exposure; compromised; breached; breach; hacked; hacker; accessed; obtained; copied; taken; took; exfiltrated; dumped; lost; unencrypted; not encrypted; misdirected; wrong people/person/recipient/address; wrongly sent; without a password; without password; no password; anybody/anyone could read/see/download; publicly accessible; publicly available; open to anybody/anyone; broke/broken into; got at; got/gained access; unauthorized/unauthorised access/party/person; offer/offered/sell/sold for sale; forum for criminals; dark web; posted; published; put on the web; ransomware; malware; skimmed; skimmer; scraped; intruder; intrusion
`)

// dataSubjects are those whose data others keep.
var dataSubjects = newLexicon(`
people: customer; patient; user; member; guest; student; pupil; employee; applicant; client; subscriber; shopper; cardholder; account holder; teacher; donor; voter; taxpayer; resident; guest; passenger; policyholder; citizen; former employee; consumer; borrower
`)

// otherBreaches are what else can be breached, leak or be stolen.
var otherBreaches = newLexicon(`
breach: breach/breached/breaching of contract/peace/trust/duty/warranty/confidence/promise/etiquette/protocol/agreement/convention; breach/breached/breaching the/its/a/an/their contract/agreement/peace/ceasefire/treaty/truce/covenant/dam/levee/wall/hull/defence/defense/dyke/barrier/fence/perimeter/limit/ceiling/rule/code/bank; breach/breached the best defence/defense; material breach; ceasefire breach; dam/levee/wall/hull breach; levee was breached; breach in the wall/dam/levee/hull; a breach because
leak: oil/gas/water/pipeline/roof/radiation leak; leaked oil/gas/water/memo/trailer/video/clip/film/script/version; leaked memo; trailer leaked; barrels leaked; door that leaked
theft: stole/stolen jewellery/jewelry/painting/art/copper/cable/car/bike/watch/ball/base/show; art theft; copper thieves; jewellery worth; identity of the thieves; painting stolen
play: season; goalkeeper; striker; coach; quarterback; inning; scored; trailer; museum; flood; flooded; engineers; whale; hull; dam; levee; shells; bus; recipe; oven
`)

// incidentWords are what articles about breaches are made of.
var incidentWords = newLexicon(`
breach: data breach; security breach; breach of data; privacy breach; breached; breach; data leak; data exposure; data theft; data loss; data security incident; security incident; cyber incident; cybersecurity incident; exposed database; leaky; breaches
hack: hacked; hacker; hack; hacking; cyberattack; cyber attack; cyber-attack; cybercriminal; attacker; ransomware; malware; phishing; intrusion; hackers
stolen: stolen data; data stolen; stole; stolen; compromised; exposed; leaked; leak; accessed; exfiltrated; dumped
people: customer data; personal information; personal data; user data; credential; password; social security number; email address; credit card; records; accounts; patient; card details; user accounts
notice: notified; notification; notify; affected customers; those affected; identity protection; credit monitoring; identity theft; breach notification
probe: forensic; investigating; investigation; law enforcement; fbi; information commissioner; regulator
vulnerability: vulnerability; flaw; exploit; patch; zero-day; bug; cve
`)

func stemsOf(text string) []string {
	var out []string
	for w := range strings.FieldsFuncSeq(fold(text), func(c rune) bool { return strings.ContainsRune(" ,.;:!?'\"()|", c) }) {
		out = append(out, stem(w))
	}
	return out
}

const (
	// relevantFrom is the relevance from which on an article is about a breach: one
	// that is left out costs more than one too many.
	relevantFrom = 0.5
	// hopeless is the relevance below which no breach is made of what an article
	// says: a football report has figures and people who say things, too.
	hopeless = 0.15
)

// judgeRelevance finds how likely the article is about a breach. Where it
// plainly is not, what was found about breaches is given up.
func judgeRelevance(r *reading) {
	c := Candidate{Model: "relevance", Features: r.relevanceFeatures()}
	c.P = r.weights.probability(c.Model, c.Features)
	r.candidates = append(r.candidates, c)
	r.relevance = c.P
	if c.P >= hopeless {
		return
	}
	for i := range r.figures {
		r.figures[i].breach = nil
	}
	r.breaches = nil
}
