package extract

import "slices"

// An option is somebody who may have made a statement, with what speaks for it.
type option struct {
	by       *entity
	features []string
}

// reachOfSpeech is how many sentences on a speech may still be reported: "It
// said … The thieves also took …".
const reachOfSpeech = 3

// likeliestSpeaker gives who most likely makes statement c: somebody who speaks
// in its sentence, in a quotation around it or in the sentences before, or the
// victim; nil where it is most likely the article itself.
func (r *reading) likeliestSpeaker(c *Candidate, how modality) *entity {
	var best *entity
	p := 0.0
	for _, o := range r.speakerOptions(c) {
		features := r.speakerFeatures(c, o, how)
		k := Candidate{
			Model: "speaker", Type: c.Type, Subject: o.by.id, Denied: c.Denied, Features: features,
			P: r.weights.probability("speaker", features), Evidence: r.Sentences[c.sentence].Span, Of: c,
		}
		if c.Subject != "" {
			r.options = append(r.options, k)
		}
		if r.weights.accepts(k.Model, k.P) && k.P > p {
			best, p = o.by, k.P
		}
	}
	return best
}

// speakerOptions gives who may have made statement c.
func (r *reading) speakerOptions(c *Candidate) []option {
	var out []option
	add := func(by *entity, feature string) {
		if by == nil || by.kind == Place || by.kind == Product || by.kind == Malware || by.kind == Vulnerability {
			return
		}
		i := slices.IndexFunc(out, func(o option) bool { return o.by == by })
		if i < 0 {
			i = len(out)
			out = append(out, option{by: by})
		}
		out[i].features = append(out[i].features, feature)
	}
	inner := r.speechIn(c.sentence, c.anchor)
	for _, sp := range r.speechesOf(c.sentence) {
		where := "via:beside"
		if sp.first <= c.anchor && c.anchor < sp.last {
			where = "via:in"
		}
		by := r.speakerOf(sp, c.breach)
		add(by, where)
		add(by, where+" "+sp.class)
		if sp == inner {
			add(by, "via:inner")
		}
	}
	if sp := r.speechAt(c.anchor); sp != nil && r.Tokens[sp.verb].Sentence != c.sentence {
		add(r.speakerOf(sp, c.breach), "via:quote")
	}
	add(r.firstPersonAt(c.anchor, c.breach), "via:we")
	for back := 1; back <= reachOfSpeech && back <= c.sentence; back++ {
		for _, sp := range r.speechesOf(c.sentence - back) {
			by := r.speakerOf(sp, c.breach)
			add(by, "via:before"+itoa(back))
			add(by, "via:before "+sp.class)
			if r.Sentences[c.sentence].Paragraph == r.Sentences[c.sentence-back].Paragraph {
				add(by, "same paragraph")
			}
		}
	}
	if c.breach != nil && len(c.breach.victims) > 0 && !slices.ContainsFunc(out, func(o option) bool { return o.by == c.breach.victims[0] }) {
		add(c.breach.victims[0], "via:default")
	}
	return out
}

// speakerFeatures describes o as who makes statement c.
func (r *reading) speakerFeatures(c *Candidate, o option, how modality) []string {
	fs := append([]string{"bias", "type:" + string(c.Type), "kind:" + string(o.by.kind)}, o.features...)
	role := "bystander"
	switch {
	case c.breach != nil && slices.Contains(c.breach.victims, o.by):
		role = "victim"
	case o.by.role == official:
		role = "official"
	case o.by.role == attacker:
		role = "attacker"
	}
	fs = append(fs, role)
	for _, f := range o.features {
		fs = append(fs, f+"&"+role)
	}
	if c.Denied {
		fs = append(fs, "denied", "denied&"+role)
	}
	if how.hedged {
		fs = append(fs, "hedged", "hedged&"+role)
	}
	if how.alleged {
		fs = append(fs, "alleged")
	}
	fs = append(fs, r.voiceOf(c, o)...)
	slices.Sort(fs)
	return slices.Compact(fs)
}

// voiceOf describes whose voice the sentence of c speaks in.
func (r *reading) voiceOf(c *Candidate, o option) []string {
	var fs []string
	s := r.Sentences[c.sentence]
	if _, quoted := r.inQuote(r.Tokens[c.anchor].Start); quoted {
		fs = append(fs, "quoted")
	}
	if len(r.speechesOf(c.sentence)) == 0 {
		fs = append(fs, "no speech")
	}
	if inner := r.speechIn(c.sentence, c.anchor); inner != nil {
		if by := r.speakerOf(inner, c.breach); by != nil && by != o.by {
			fs = append(fs, "other inner")
		}
	}
	if !slices.Contains(o.features, "via:in") {
		fs = append(fs, r.subjectOf(s, o.by)...)
	}
	if c.sentence == 0 {
		fs = append(fs, "first sentence")
	}
	for i := s.First; i < s.Last; i++ {
		switch w := r.lower(i); w {
		case "statement", "letter", "notice", "email", "e-mail", "spokesperson", "spokesman", "spokeswoman", "announced", "reportedly", "admitted", "confirmed", "also", "our", "we", "evidence":
			fs = append(fs, "word:"+w)
		}
	}
	return fs
}

// subjectOf tells whether sentence s begins with by or with somebody else: what
// goes on after "Acme said" goes on with "it".
func (r *reading) subjectOf(s Sentence, by *entity) []string {
	for i := s.First; i < min(s.Last, s.First+4); i++ {
		switch m := r.mentionAt(i); {
		case m == nil || m.entity == nil:
		case m.entity == by:
			return []string{"subject:" + string(m.how)}
		default:
			return []string{"subject:other"}
		}
	}
	return nil
}
