package extract

import (
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/extract/tag"
)

// contextWords sorts the words next to an organisation's name by what they say
// of its part in the story.
var contextWords = newLexicon(`
people: customer; user; member; employee; patient; guest; client; subscriber; student; player; voter; resident; staff; worker; shopper; account; passenger; applicant; former employee; current and former; card holder; taxpayer; donor; traveler; reader; visitor; citizen; shareholder; policyholder; fan
breach: breach; hack; attack; incident; leak; intrusion; data breach; cyberattack; cyber attack; cyber-attack; security breach; compromise; exposure; data leak; security incident; hacking; ransomware attack; data theft; theft; dump; infection; database leak
data: data; database; system; server; network; website; record; store; location; app; site; information; email; source code; file; computer; platform; payment system; internal; web site; forum; mailbox; infrastructure; point-of-sale; login; property; restaurant; twitter; portal
suffer: suffered; suffer; experienced; fell victim; has been hacked; was hacked; were hacked; been hacked; was hit; been hit; hit by; been breached; was breached; was targeted; been targeted; was attacked; got hacked; becomes; became the latest; victim; was the victim; was compromised; been compromised; lost; exposed; leaked; left; failed; inadvertently; accidentally; is the latest; struck; was infected; had its; were compromised; were stolen; were breached
tell: notified; notify; notifying; informed; warned; warn; warning; contacted; emailed; alerted; apologised; apologized; urged; advised; is notifying; has notified; will notify; told customer; told user; sent; reset; forced; offered; offering; is offering; mailed; apologises; apologizes; apologise; advise; urging; is asking; asked; asks; assured; took; has reset; has hired; hired; retained
admit: confirmed; confirms; admitted; acknowledged; disclosed; announced; revealed; admits; discloses; announces; acknowledges; reported the; fixed; patched; confirming; has confirmed; has admitted; concedes; conceded; downplayed; did not respond; declined; did not immediately; has not; refused; could not be reached; denied; denies; denying; has denied; disputes
learn: discovered; learned; became aware; noticed; detected; learnt; was alerted; was notified; identified; is aware; was made aware; is working; has engaged; was informed
say: said; say; stated; state; added; explained; wrote; told; tweeted; spokesman; spokeswoman; spokesperson; ceo; chief; president; official; executive; representative; noted; insisted
look: is investigating; are investigating; was investigating; is looking into; are looking into
probe: investigating; inquiry; inquiries; enquiries; looking into; probe; fined; will investigate; investigates; regulator; watchdog; opened an; has been informed; has been notified; agreed; said it will; penalty; is aware of
study: researcher; report; analyst; found; survey; research; expert; warned that; survey of; study; security researcher; analysis; blog; lab; according; spotted; observed; believes
`)

// contexts gives what the neighbourhood of e's mentions says of it, as features.
func (r *reading) contexts(e *entity) map[string]bool {
	out := make(map[string]bool)
	for _, k := range e.mentions {
		m := &r.mentions[k]
		r.contextAfter(m, out)
		r.contextBefore(m, out)
		for _, f := range r.parts(m.first, m.last) {
			out[f] = true
		}
		if _, quoted := r.inQuote(m.Start); quoted {
			out["quoted"] = true
		}
	}
	for i := range r.speeches {
		if sp := &r.speeches[i]; sp.speaker == e {
			out["speaks:"+sp.class] = true
			if sp.spoken {
				out["spokesperson"] = true
			}
			if r.firstPerson(sp) {
				out["speaks:we"] = true
			}
		}
	}
	return out
}

// contextAfter reads the words right of mention m.
func (r *reading) contextAfter(m *mention, out map[string]bool) {
	i := m.last
	possessive := false
	if w := r.lower(i); w == "'s" || w == "'" {
		possessive = true
		i++
	}
	end := min(len(r.stems), i+4)
	for j := i; j < end; j++ {
		w := r.lower(j)
		if w == "," || w == "." || w == ";" || w == "\"" || w == "(" {
			return
		}
		if value, n := contextWords.match(r.stems[:end], j); n > 0 {
			if possessive {
				value = "'s " + value
			}
			out["next:"+value] = true
			return
		}
	}
}

// contextBefore reads the words left of mention m.
func (r *reading) contextBefore(m *mention, out map[string]bool) {
	i := m.first - 1
	if r.lower(i) == "the" {
		i--
	}
	switch w := r.lower(i); w {
	case "at", "of", "from", "against", "by", "to", "on", "in", "with", "for", "into":
		for j := i - 1; j >= max(0, i-3); j-- {
			if value, n := contextWords.match(r.stems[:i], j); n > 0 {
				out["prev:"+value+" "+w] = true
				return
			}
		}
		out["prev:"+w] = true
	case "hacked", "breached", "attacked", "targeted", "hit", "hacking", "targeting", "hacks", "hits", "targets", "compromised", "hitting":
		out["prev:hacked"] = true
	case "and", ",", "or", "like", "including", "as":
		out["prev:list"] = true
	default:
		if value, n := nominalHeads.match(r.stems[:m.first], max(0, i)); i >= 0 && n > 0 {
			out["apposition:"+value] = true
		}
	}
}

// firstPerson reports whether the speaker of sp speaks as a party: "we", "our".
func (r *reading) firstPerson(sp *speech) bool {
	for i := sp.first; i < sp.last && i < len(r.Tokens); i++ {
		if w := r.lower(i); w == "our" || w == "we" || w == "us" && r.Text[r.Tokens[i].Start:r.Tokens[i].End] == "us" {
			return true
		}
	}
	return false
}

// titleContexts gives what the headline says of e, as features; none where it
// does not name e.
func (r *reading) titleContexts(e *entity) []string {
	words := titleWords(r.Article.Title)
	at, n := -1, 0
	for _, k := range e.mentions {
		m := &r.mentions[k]
		if m.how != Name && m.how != Short {
			continue
		}
		name := r.stems[m.first:m.last]
		for i := range words {
			if hasPrefix(words[i:], name) && (at < 0 || len(name) > n) {
				at, n = i, len(name)
				break
			}
		}
	}
	if at < 0 {
		return nil
	}
	fs := []string{"title", "title&kind:" + string(e.kind)}
	if at == 0 {
		fs = append(fs, "title first")
	}
	for i := at + n; i < min(len(words), at+n+4); i++ {
		if value, size := contextWords.match(words, i); size > 0 {
			fs = append(fs, "title next:"+value)
			break
		}
	}
	if at > 0 {
		fs = append(fs, "title prev:"+words[at-1])
	}
	return fs
}

// titleWords gives the stems of a headline's words, marks left out, without the
// outlet's own name at its end.
func titleWords(headline string) []string {
	headline = title(headline)
	var out []string
	for _, t := range tag.Tokenize(headline) {
		if w := headline[t.Start:t.End]; nameEnd(w) || w == "'s" || w == "’s" {
			out = append(out, stem(fold(w)))
		}
	}
	return out
}

func containsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, after := i == 0 || !isWordByte(text[i-1]), i+len(word) == len(text) || !isWordByte(text[i+len(word)])
		if before && after {
			return true
		}
		from = i + 1
	}
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// victimFeatures describes how likely e is the victim of the breach that the
// article is about.
func (r *reading) victimFeatures(e *entity) []string {
	fs := []string{"bias", "kind:" + string(e.kind)}
	total, most := 0, 0
	for _, o := range r.entities {
		if o.kind.Organization() || o.kind == Product {
			total += len(o.mentions)
			most = max(most, len(o.mentions))
		}
	}
	n := len(e.mentions)
	fs = append(fs, "count:"+bucket(n, 1, 2, 3, 5, 8, 12), "share:"+bucket(10*n/max(1, total), 0, 1, 2, 3, 5, 7))
	if n == most {
		fs = append(fs, "most")
	}
	first := r.Tokens[r.mentions[e.mentions[0]].first].Sentence
	fs = append(fs, "first:"+bucket(first, 0, 1, 2, 4, 8))
	fs = append(fs, r.titleContexts(e)...)
	for _, l := range listed(e.name) {
		if l.kind == Firm || l.kind == Outlet || l.kind == Agency {
			fs = append(fs, "list:"+string(l.kind))
		}
	}
	for c := range r.contexts(e) {
		fs = append(fs, c)
		if e.kind == Agency {
			fs = append(fs, "agency "+c)
		}
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

// title takes the outlet's own name off the end of a headline.
func title(s string) string {
	for _, mark := range []string{" | ", " – ", " — ", " - "} {
		if i := strings.Index(s, mark); i > 15 {
			s = s[:i]
		}
	}
	return s
}

// bucket names the range between limits that n falls in.
func bucket(n int, limits ...int) string {
	for _, l := range limits {
		if n <= l {
			return "≤" + itoa(l)
		}
	}
	return ">" + itoa(limits[len(limits)-1])
}
