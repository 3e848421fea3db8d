package extract

import "slices"

// nominalHeads names the nouns that stand for an entity of a kind: "the
// company", "the hotel chain", "the agency".
var nominalHeads = newLexicon(`
company: company; retailer; chain; carrier; giant; bank; hotel; hospital; university; school; college; provider; operator; airline; insurer; utility; organisation; organization; site; website; service; platform; maker; manufacturer; clinic; charity; publisher; startup; start-up; exchange; business; corporation; lender; brand; studio; network; developer; association; party; institution; union; store; restaurant; healthcare provider; credit bureau; bureau; telco; telecom; isp; nonprofit; non-profit; merchant; supplier; contractor; conglomerate; trust; forum; marketplace; casino; hotelier; automaker; health system; district; practice; club; league; federation; foundation; church; museum; library; broker; game; app; processor; outfitter; brokerage; grocer; pharmacy; dealership; subsidiary; parent company; group; firm; vendor
firm: security firm; security company; law firm; consulting firm; research firm; cybersecurity firm; forensics firm; cybersecurity company; security vendor; consultancy; consultant; auditor; threat intelligence firm; antivirus company; security researchers
agency: agency; regulator; watchdog; department; commission; ministry; court; council; government; authority; city; county; state; office; administration; police; prosecutor; bureau; force; military; town; municipality; commissioner; board
group: gang; group; collective; crew; hacking group; hacker group
person: researcher; spokesman; spokeswoman; spokesperson; ceo; hacker; man; woman; executive; analyst; expert; official; defendant; suspect; president; chairman; founder; teenager; blogger; author; lawyer; attorney; director; journalist; victim; minister; senator; judge; student; employee; officer
malware: malware; ransomware; trojan; virus; worm
`)

// entityPronouns gives what a third-person pronoun can stand for.
var entityPronouns = map[string][]Kind{
	"he": {Person}, "she": {Person}, "him": {Person}, "her": {Person}, "his": {Person},
	"it": {Company, Agency, Firm, Outlet, Group}, "its": {Company, Agency, Firm, Outlet, Group},
	"they": {Company, Firm, Agency, Person, Group},
	"we":   {Company, Agency, Firm}, "our": {Company, Agency, Firm}, "us": {Company, Agency, Firm},
}

// resolveNominals gives descriptions and pronouns the entity they stand for:
// the most salient one that fits, of those named before. What cannot be
// resolved stays unnamed and makes no mention.
func resolveNominals(r *reading) {
	s := salience{reading: r, weight: make(map[*entity]float64)}
	for _, e := range r.entities {
		for _, i := range e.mentions {
			s.weight[e]++
			if r.Tokens[r.mentions[i].first].Sentence == 0 {
				s.weight[e] += 2
			}
		}
	}
	var out []mention
	next := 0
	for i := 0; i < len(r.Tokens); i++ {
		if r.byToken[i] >= 0 {
			m := r.mentions[r.byToken[i]]
			if next <= r.byToken[i] {
				s.saw(m.entity, i)
				next = r.byToken[i] + 1
			}
			continue
		}
		if m, ok := s.description(i); ok {
			out = append(out, m)
			s.saw(m.entity, i)
			i = m.last - 1
		}
	}
	r.merge(out)
}

// merge adds resolved mentions in text order.
func (r *reading) merge(more []mention) {
	r.mentions = append(r.mentions, more...)
	slices.SortStableFunc(r.mentions, func(a, b mention) int { return a.Start - b.Start })
	r.index()
	for _, e := range r.entities {
		e.mentions = e.mentions[:0]
	}
	for i := range r.mentions {
		if e := r.mentions[i].entity; e != nil {
			e.mentions = append(e.mentions, i)
		}
	}
}

// salience keeps how much each entity is talked of, and what was named last.
type salience struct {
	*reading
	weight map[*entity]float64
	recent []sighting // in text order
}

type sighting struct {
	entity *entity
	token  int
}

func (s *salience) saw(e *entity, token int) {
	if e != nil {
		s.recent = append(s.recent, sighting{e, token})
	}
}

// description reads "the … head" or a pronoun at token i.
func (s *salience) description(i int) (mention, bool) {
	word := s.lower(i)
	if kinds, ok := entityPronouns[word]; ok {
		if word == "we" || word == "our" || word == "us" || word == "us" && s.Text[s.Tokens[i].Start:s.Tokens[i].End] == "US" {
			return mention{}, false // these need their speaker: speech.go
		}
		if word == "it" && s.expletive(i) {
			return mention{}, false
		}
		if e := s.best(i, kinds, 2); e != nil {
			return s.mention(i, i+1, e, Pronoun), true
		}
		return mention{}, false
	}
	if word != "the" && word != "this" && word != "that" {
		return mention{}, false
	}
	for n := 1; n <= 4 && i+n < len(s.Tokens); n++ {
		if s.Tokens[i+n].Sentence != s.Tokens[i].Sentence || s.byToken[i+n] >= 0 || !wordlike(s.lower(i+n)) {
			return mention{}, false
		}
		value, size := nominalHeads.match(s.stems, i+n)
		if size == 0 || s.lower(i+n+size-1) != s.stems[i+n+size-1] && value != string(Person) {
			continue // no head, or a plural
		}
		if next, more := nominalHeads.match(s.stems, min(i+n+size, len(s.stems)-1)); more > 0 && next != "" && i+n+size < len(s.stems) {
			continue // "the hotel chain": the head comes later
		}
		if m := s.mentionAt(i + n + size); m != nil && m.Start <= s.Tokens[i+n+size-1].End+2 {
			return mention{}, false // "the security firm Mandiant" names it itself
		}
		if e := s.best(i, nominalKinds(value), 6); e != nil {
			return s.mention(i, i+n+size, e, Nominal), true
		}
		return mention{}, false
	}
	return mention{}, false
}

func nominalKinds(value string) []Kind {
	switch k := Kind(value); k {
	case Company:
		return []Kind{Company, Firm, Outlet, Agency}
	case Agency:
		return []Kind{Agency, Company}
	default:
		return []Kind{k}
	}
}

func (s *salience) mention(first, last int, e *entity, how MentionKind) mention {
	return mention{
		Span:  Span{s.Tokens[first].Start, s.Tokens[last-1].End},
		first: first, last: last, kind: e.kind, how: how, entity: e,
	}
}

// expletive reports whether the "it" at token i stands for nothing: "it is
// unclear", "it appears".
func (s *salience) expletive(i int) bool {
	switch s.lower(i + 1) {
	case "appears", "seems", "turns", "remains", "emerged", "comes", "takes":
		return true
	case "is", "was", "'s", "isn't", "wasn't":
		switch s.lower(i + 2) {
		case "not", "unclear", "clear", "possible", "likely", "important", "believed", "thought", "unknown", "worth", "also", "hard", "difficult", "unlikely", "too", "time":
			return true
		}
	}
	return false
}

// best gives the entity of one of kinds that a description at token i most
// likely means: much talked of, and named within the last sentences.
func (s *salience) best(i int, kinds []Kind, sentences int) *entity {
	var best *entity
	score := 0.0
	for j := len(s.recent) - 1; j >= 0; j-- {
		at := s.recent[j]
		distance := s.Tokens[i].Sentence - s.Tokens[at.token].Sentence
		if distance > sentences {
			break
		}
		rank := slices.Index(kinds, at.entity.kind)
		if rank < 0 {
			continue
		}
		v := (3 + s.weight[at.entity]) / float64(1+distance) / float64(1+rank)
		if distance > 0 && s.opens(at.token) {
			v *= 1.5 // the subject of a sentence is what the next one talks of
		}
		if v > score {
			best, score = at.entity, v
		}
	}
	return best
}

// opens reports whether token i stands at the beginning of its sentence.
func (s *salience) opens(i int) bool {
	return i-s.Sentences[s.Tokens[i].Sentence].First <= 2
}

func wordlike(w string) bool {
	for _, c := range w {
		if c < 'a' || c > 'z' {
			if c != '-' && c != '\'' {
				return false
			}
		}
	}
	return w != ""
}
