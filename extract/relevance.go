package extract

import (
	"slices"
	"strings"
)

// relevanceFeatures describes whether an article is about a breach: what share
// of its sentences tells of one, and what the passes found.
func (r *reading) relevanceFeatures() []string {
	fs := []string{"bias"}
	n := max(1, len(r.Sentences))
	counts := map[string]int{}
	for _, s := range r.Sentences {
		if r.holds(breachNouns, s) {
			counts["breach"]++
		}
		if hits := incidentWords.find(r.stems, s.First, s.Last); len(hits) > 0 {
			for _, h := range hits {
				counts["word:"+h.Value]++
			}
			counts["incident"]++
		}
	}
	counts["data"] = len(r.data)
	for _, k := range []string{"breach", "incident", "data"} {
		fs = append(fs, k+":"+bucket(counts[k], 0, 1, 2, 4, 8), k+" share:"+bucket(100*counts[k]/n, 0, 3, 8, 20, 40))
	}
	for k, v := range counts {
		if strings.HasPrefix(k, "word:") {
			fs = append(fs, k, k+bucket(v, 1, 3))
		}
	}
	for _, f := range incidentWords.find(stemsOf(r.Article.Title), 0, len(stemsOf(r.Article.Title))) {
		fs = append(fs, "title:"+f.Value)
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

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
	// relevantFrom is the relevance from which on an article is about a breach.
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
