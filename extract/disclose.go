package extract

import (
	"slices"
	"strings"
)

// adviceWords tell a sentence that counsels or speculates from one that reports.
var adviceWords = newLexicon(`
advice: should; advise; advised; advice; urge; urged; recommend; recommended; consider; vigilant; careful; beware; wary; monitor; tip; steps; protect yourself; best practice; ensure; avoid; never; always; make sure; suspicious; cautious; remember
change: change; changing; changed; reset; resetting; update; reuse; reused; choose; unique; strong
purpose: used to; in order to; could be used; can be used; allow; enable; would allow; to commit; sign up; log in; signing up; registered; provide; ask; asking; asked; request; click; enter; submit
hypothetical: if; would; scam; scammers; phishing; fraud; identity theft; criminals can; thieves
safety: encrypted; hashed; salted; bcrypt; plaintext; plain text; unencrypted; clear text
`)

// relateData makes the candidates for what was exposed: every kind of data that
// the text names.
func relateData(r *reading) {
	for i := range r.data {
		d := &r.data[i]
		k := r.Tokens[d.first].Sentence
		b := r.incidentOf(k)
		how := r.modalityOf(d.first, d.last)
		fs := r.dataFeatures(d, k, b)
		if how.denied {
			fs = append(fs, "denied")
		}
		if how.hedged {
			fs = append(fs, "hedged")
		}
		slices.Sort(fs)
		r.candidates = append(r.candidates, Candidate{
			Model: string(Exposed), Type: Exposed, Subject: b.id, Object: d.value, Denied: how.denied,
			Features: slices.Compact(fs), Evidence: r.Sentences[k].Span, sentence: k, anchor: d.first, breach: b,
		})
	}
}

// dataFeatures describes a mention of data and the sentence it stands in.
func (r *reading) dataFeatures(d *dataMention, k int, b *incident) []string {
	s := r.Sentences[k]
	size := bucket(d.size, 1, 2, 4, 7)
	fs := []string{"bias", "value:" + d.value, "list:" + size}
	if d.weak {
		fs = append(fs, "weak", "weak&list:"+size, "weak&value:"+d.value)
	}
	fs = append(fs, r.nearExposure(d, s)...)
	for _, f := range adviceWords.find(r.stems, s.First, s.Last) {
		fs = append(fs, "holds:"+f.Value)
	}
	for i := s.First; i < s.Last; i++ {
		switch w := r.lower(i); w {
		case "you", "your", "may", "might", "could", "will":
			fs = append(fs, "word:"+w)
		}
	}
	fs = append(fs, r.parts(d.first, d.last)...)
	fs = append(fs, r.eventsIn(k)...)
	fs = append(fs, "before:"+r.stemAt(d.first-1), "after:"+r.stemAt(d.last))
	fs = append(fs, "sentence:"+bucket(k, 0, 2, 5, 10, 20))
	if r.holds(breachNouns, s) {
		fs = append(fs, "breach")
	}
	if b != r.breaches[0] {
		fs = append(fs, "past")
	}
	if len(b.victims) == 0 {
		fs = append(fs, "no victim")
	}
	for i := range r.figures {
		if f := &r.figures[i]; f.first >= s.First && f.first < s.Last {
			fs = append(fs, "figure")
			break
		}
	}
	if sp := r.speechAt(d.first); sp != nil {
		fs = append(fs, "said:"+sp.class, "said by:"+r.party(sp))
	}
	if _, quoted := r.inQuote(r.Tokens[d.first].Start); quoted {
		fs = append(fs, "quoted")
	}
	phrase := strings.Join(r.stems[d.first:d.last], " ")
	if containsWord(fold(r.Article.Title), phrase) {
		fs = append(fs, "title")
	}
	if d.value == "customer_record" {
		fs = append(fs, r.beside(d)...)
	}
	return fs
}

// beside tells whether a general word ("personal information") stands with
// particular kinds of data, to which it adds nothing.
func (r *reading) beside(d *dataMention) []string {
	k := r.Tokens[d.first].Sentence
	kinds, article := 0, 0
	for i := range r.data {
		if o := &r.data[i]; o.value != "customer_record" && !o.weak {
			article++
			if r.Tokens[o.first].Sentence == k {
				kinds++
			}
		}
	}
	return []string{"kinds in sentence:" + bucket(kinds, 0, 2), "kinds in article:" + bucket(article, 0, 2, 6)}
}

// nearExposure names the words of exposure around d and on which side they are.
func (r *reading) nearExposure(d *dataMention, s Sentence) []string {
	var fs []string
	for i := d.first - 1; i >= max(s.First, d.first-25); i-- {
		if value, n := exposure.match(r.stems[:d.first], i); n > 0 {
			if value == "lost" {
				fs = append(fs, "left verb:"+strings.Join(r.stems[i:i+n], " "))
			}
			fs = append(fs, "left:"+value, "left:"+value+bucket(d.first-i, 3, 8, 25))
			if value == "lost" {
				break
			}
		}
	}
	for i := d.last; i < min(s.Last, d.last+25); i++ {
		if value, n := exposure.match(r.stems[:s.Last], i); n > 0 && value == "lost" {
			fs = append(fs, "right:lost", "right:lost"+bucket(i-d.last, 3, 8, 25), "right verb:"+strings.Join(r.stems[i:i+n], " "))
			break
		}
	}
	if len(fs) == 0 {
		fs = append(fs, "no exposure")
		if d.weak {
			fs = append(fs, "weak&no exposure")
		}
		if d.size > 2 {
			fs = append(fs, "no exposure&listed")
		}
	}
	return fs
}

// party names the part in the story of who speaks in sp.
func (r *reading) party(sp *speech) string {
	switch {
	case sp.speaker == nil && sp.spoken:
		return "spokesperson"
	case sp.speaker == nil:
		return "nobody"
	case sp.speaker.role == victim, sp.speaker.role == official:
		return "victim"
	case sp.speaker.role == attacker:
		return "attacker"
	}
	return string(sp.speaker.kind)
}

// relateMethods makes the candidates for how the breach was done.
func relateMethods(r *reading) {
	for k, s := range r.Sentences {
		b := r.incidentOf(k)
		for _, f := range methods.find(r.stems, s.First, s.Last) {
			if m := r.mentionAt(f.First); m != nil {
				continue
			}
			value, weak := strings.CutSuffix(f.Value, "?")
			r.proposeMethod(k, b, value, f, weak)
		}
		for _, m := range r.named(s, []Kind{Malware, Vulnerability}) {
			r.proposeMethod(k, b, m.entity.id, found{m.first, m.last, string(m.entity.kind)}, false)
		}
	}
}

func (r *reading) proposeMethod(k int, b *incident, object string, f found, weak bool) {
	s := r.Sentences[k]
	how := r.modalityOf(f.First, f.Last)
	value := object
	if f.Value == string(Malware) || f.Value == string(Vulnerability) {
		value = "named " + f.Value
	}
	fs := []string{"bias", "value:" + value, "phrase:" + strings.Join(r.stems[f.First:f.Last], " "),
		"before:" + r.stemAt(f.First-1), "after:" + r.stemAt(f.Last)}
	if weak {
		fs = append(fs, "weak")
	}
	for _, hit := range adviceWords.find(r.stems, s.First, s.Last) {
		fs = append(fs, "holds:"+hit.Value)
	}
	for _, hit := range exposure.find(r.stems, s.First, s.Last) {
		fs = append(fs, "holds:"+hit.Value)
	}
	if how.denied {
		fs = append(fs, "denied")
	}
	if how.hedged {
		fs = append(fs, "hedged")
	}
	if containsWord(fold(r.Article.Title), strings.Join(r.stems[f.First:f.Last], " ")) {
		fs = append(fs, "title")
	}
	fs = append(fs, r.parts(f.First, f.Last)...)
	fs = append(fs, "specific methods:"+bucket(r.specificMethods(b), 0, 1, 3))
	if sp := r.speechAt(f.First); sp != nil {
		fs = append(fs, "said by:"+r.party(sp))
	}
	fs = append(fs, r.sentenceFeatures(k, b)...)
	slices.Sort(fs)
	r.candidates = append(r.candidates, Candidate{
		Model: string(Used), Type: Used, Subject: b.id, Object: object, Denied: how.denied,
		Features: slices.Compact(fs), Evidence: s.Span, sentence: k, anchor: f.First, breach: b,
	})
}

// specificMethods counts the methods, other than mere unauthorised access, that
// the sentences on b name.
func (r *reading) specificMethods(b *incident) int {
	if b.methods == 0 {
		b.methods = 1
		for k, s := range r.Sentences {
			if r.incidentOf(k) != b {
				continue
			}
			for _, f := range methods.find(r.stems, s.First, s.Last) {
				if f.Value != "unauthorised_access" && !strings.HasSuffix(f.Value, "?") {
					b.methods++
				}
			}
		}
	}
	return b.methods - 1
}

// relateRemedies makes the candidates for what was offered to those affected:
// by the organisation the sentence names before, else by the victim.
func relateRemedies(r *reading) {
	for k, s := range r.Sentences {
		b := r.incidentOf(k)
		for _, f := range remedies.find(r.stems, s.First, s.Last) {
			who := r.actor(s, f, b)
			how := r.modalityOf(f.First, f.Last)
			fs := []string{"bias", "value:" + f.Value, "phrase:" + strings.Join(r.stems[f.First:f.Last], " "),
				"before:" + r.stemAt(f.First-1), "before2:" + r.stemAt(f.First-2), "after:" + r.stemAt(f.Last)}
			if who == nil {
				fs = append(fs, "actor:nobody")
			} else {
				fs = append(fs, "actor:"+string(who.kind))
				if who.role == victim {
					fs = append(fs, "by victim")
				}
			}
			for _, hit := range adviceWords.find(r.stems, s.First, s.Last) {
				fs = append(fs, "holds:"+hit.Value)
			}
			for i := s.First; i < s.Last; i++ {
				switch w := r.lower(i); w {
				case "offer", "offered", "offering", "free", "provide", "providing", "customers", "users", "affected", "victims", "employees", "patients", "those", "members", "letter", "letters", "email", "police", "authorities", "we", "law", "researcher":
					fs = append(fs, "word:"+w)
				}
			}
			if how.denied {
				fs = append(fs, "denied")
			}
			if sp := r.speechAt(f.First); sp != nil {
				fs = append(fs, "said by:"+r.party(sp))
			}
			fs = append(fs, r.sentenceFeatures(k, b)...)
			slices.Sort(fs)
			r.candidates = append(r.candidates, Candidate{
				Model: string(Offered), Type: Offered, Subject: idOf(who), Object: f.Value, Denied: how.denied,
				Features: slices.Compact(fs), Evidence: s.Span, sentence: k, anchor: f.First, breach: b, entity: who,
			})
		}
	}
}

// actor gives who does what f names: the victim where the sentence mentions it
// or speaks as "we", else the organisation nearest before, else the victim.
func (r *reading) actor(s Sentence, f found, b *incident) *entity {
	var nearest *entity
	for i := s.First; i < f.First; i++ {
		if m := r.mentionAt(i); m != nil && m.entity != nil && (m.entity.kind == Company || m.entity.kind == Agency) {
			if m.entity.role == victim && slices.Contains(b.victims, m.entity) {
				return m.entity
			}
			nearest = m.entity
		}
	}
	if len(b.victims) > 0 && (nearest == nil || nearest.kind == Agency) {
		return b.victims[0]
	}
	if nearest != nil {
		return nearest
	}
	return nil
}
