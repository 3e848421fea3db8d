package graph

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/breachgraph/breachgraph/extract"
)

// How many of each kind of trait a report keeps: enough to recognise it by, few
// enough that an article of a thousand names costs no more than others.
const (
	maxSubjects, maxNames   = 8, 6
	maxMentioned, maxShared = 20, 20
	maxWords, minWord       = 12, 4
	// oftenMentioned is how many mentions make an organisation one that the
	// article has something to say of.
	oftenMentioned = 3
	// manyVictims make an article one on breaches in general rather than on that
	// of one of them.
	manyVictims = 4
)

// Points that say how surely a report is about an organisation or product.
const (
	victimPoints   = 30
	titlePoints    = 20 // named in the title
	loosePoints    = 15 // a product in the title, a victim beside those in the title, the most mentioned
	platformPoints = 10
	oftenPoints    = 15 // mentioned often, by an article on something else
	passingPoints  = 7
)

// A subject is an organisation or product that a report is, or may be, about.
type subject struct {
	id     string
	points int
	names  []string // folded aliases
	not    string   // id of another one of that name, as people found; may be empty
}

// traits are what the reports of one incident have in common, whatever their
// dates. They are kept beside the report, since the text of the article is not.
type traits struct {
	subjects  []subject
	mentioned []subject // other organisations and products
	with      []string  // people, groups, malware and vulnerabilities
	figures   []string
	methods   []string
	words     []string // of the title
	blocks    []string // reports that share none are not compared
	// printed are further traits of reports that share some, by what those count;
	// never kept.
	printed map[string]int
}

// The words before the traits of each kind, as they are kept.
const (
	traitSubject, traitMentioned, traitWith, traitFigure = "about", "names", "with", "figure"
	traitMethod, traitWord, traitBlock                   = "method", "word", "block"
)

// list is t as a property.
func (t traits) list() []string {
	out := []string{}
	for _, k := range []struct {
		kind string
		list []subject
	}{{traitSubject, t.subjects}, {traitMentioned, t.mentioned}} {
		for _, s := range k.list {
			out = append(out, strings.Join(append([]string{k.kind, strconv.Itoa(s.points), s.id}, s.names...), " "))
		}
	}
	for _, k := range []struct {
		kind string
		list []string
	}{{traitWith, t.with}, {traitFigure, t.figures}, {traitMethod, t.methods}, {traitWord, t.words}, {traitBlock, t.blocks}} {
		for _, s := range k.list {
			out = append(out, k.kind+" "+s)
		}
	}
	return out
}

// readTraits reads what list has written; what it does not know it leaves out.
func readTraits(list []any) traits {
	var t traits
	kinds := map[string]*[]string{
		traitWith: &t.with, traitFigure: &t.figures, traitMethod: &t.methods, traitWord: &t.words, traitBlock: &t.blocks,
	}
	for _, v := range list {
		s, _ := v.(string)
		kind, rest, _ := strings.Cut(s, " ")
		if to := kinds[kind]; to != nil {
			*to = append(*to, rest)
			continue
		}
		fields := strings.Fields(rest)
		if len(fields) < 2 {
			continue
		}
		points, _ := strconv.Atoi(fields[0])
		about := subject{id: fields[1], points: points, names: fields[2:]}
		switch kind {
		case traitSubject:
			t.subjects = append(t.subjects, about)
		case traitMentioned:
			t.mentioned = append(t.mentioned, about)
		}
	}
	return t
}

// platforms are named in articles about other people's breaches far more often
// than as victims: what they share by one of these says little.
var platforms = strings.Fields(`google microsoft apple facebook twitter amazon android ios windows youtube instagram linkedin github
	reddit bitcoin dropbox whatsapp gmail google-play fbi federal-bureau-of-investigation nsa national-security-agency cia
	internal-revenue-service irs department-of-justice`)

// genericWords stand in the names of so many organisations that they tell none
// of them.
var genericWords = strings.Fields(`a an the of and for at in on de la le city county town state states united us uk u national federal
	international global world american department office bureau ministry agency commission university college school district high board
	hospital hospitals health healthcare medical center centre clinic bank banking group holdings trust service services system systems
	solutions security technologies technology software media news online club association society foundation institute council government
	police party union network networks new first general public company firm organization data digital internet communications studios
	studio entertainment games store market republican democratic democrats senate north south east west co`)

// titleStops are words of titles that say that there was a breach, not which.
var titleStops = strings.Fields(`data breach breaches breached hack hacked hacker hackers hacking attack attacks attacked ransomware cyber
	cyberattack security after with from over says this that million millions users user accounts account news your stolen their customer
	customers information personal have been were what hits leak leaks leaked exposed exposes exposing online about into they will malware
	ransom`)

// blockOf is the word of a name by which reports are found that may be of one
// incident: the first that is not generic.
func blockOf(id string) string {
	for w := range strings.SplitSeq(id, "-") {
		if !slices.Contains(genericWords, w) {
			return w
		}
	}
	return id
}

// acronymOf is the first of names that looks like an acronym, as in "CDOT";
// empty where none does.
func acronymOf(names []string) string {
	const shortest, longest = 3, 6
	for _, n := range names {
		if !strings.Contains(n, "-") && len(n) >= shortest && len(n) <= longest {
			return n
		}
	}
	return ""
}

// A party is an organisation or product as an article speaks of it.
type party struct {
	subject
	kind    extract.Kind
	count   int
	inTitle bool
	victim  bool
}

// parties are the organisations and products of the article.
func (b *builder) parties(victims []string) []party {
	title := "-" + strings.Join(foldedWords(b.result.Article.Title), "-") + "-"
	byID := map[string]*party{}
	var order []*party
	for _, e := range b.result.Entities {
		r, ok := b.entities[e.ID]
		if !ok || r.label != labelOrganization && r.label != labelProduct {
			continue
		}
		p := byID[r.key]
		if p == nil {
			p = &party{subject: subject{id: r.key}, kind: e.Kind}
			byID[r.key] = p
			order = append(order, p)
		}
		p.count += len(e.Mentions)
		p.victim = p.victim || r.label == labelOrganization && slices.Contains(victims, r.key)
		for _, n := range append([]string{e.Name}, e.Aliases...) {
			folded := fold(clean(n, maxName), e.Kind)
			if folded == "" {
				continue
			}
			p.inTitle = p.inTitle || strings.Contains(title, "-"+folded+"-")
			if folded != p.id {
				p.names = append(p.names, folded)
			}
		}
	}
	out := make([]party, len(order))
	for i, p := range order {
		p.names = limited(p.names, maxNames)
		out[i] = *p
	}
	return out
}

// limited are the first few of list by alphabet, each once.
func limited(list []string, most int) []string {
	list = distinct(list)
	slices.Sort(list)
	return list[:min(len(list), most)]
}

// score gives p its points as a subject; none where the article is not about it.
// A victim that the title does not name is less sure to be what the article is
// about if the title names another one or there are many, which doubtful says, and
// if it is a platform.
func (p *party) score(doubtful bool) int {
	switch {
	case p.victim && (doubtful || slices.Contains(platforms, p.id)) && !p.inTitle:
		return loosePoints
	case p.victim:
		return victimPoints
	case !p.inTitle || p.kind == extract.Outlet:
		return 0
	case slices.Contains(platforms, p.id):
		return platformPoints
	case p.kind == extract.Product:
		return loosePoints
	}
	return titlePoints
}

// told reports whether the article has a good deal to say of p, and not only
// because it is on everybody's lips.
func (p *party) told(sure bool) bool {
	return (p.tells() || p.kind == extract.Firm && !sure && !slices.Contains(platforms, p.id)) && p.count >= oftenMentioned
}

// tells reports whether p may be whose breach it is, though nothing says so.
func (p *party) tells() bool {
	return (p.kind == extract.Company || p.kind == extract.Agency) && !slices.Contains(platforms, p.id)
}

// traitsOf are the traits of one of the article's breaches. Of one that it
// mentions in passing only the victims, figures and methods are: the rest of
// the article is about something else.
func (b *builder) traitsOf(br extract.Breach, victims []string) traits {
	var t traits
	parties := b.parties(victims)
	if !br.Primary {
		parties = slices.DeleteFunc(parties, func(p party) bool { return !p.victim })
		for i := range parties {
			parties[i].inTitle = false
		}
	}
	for _, p := range t.addParties(parties) {
		b.found[p.id] = p
	}
	t.figures, t.methods = b.tellingFigures(br), b.methodsOf(br)
	if br.Primary {
		t.with = b.others()
		t.words = b.titleWords(t.subjects)
	}
	return t
}

// addParties adds what the report is about and names beside that, and returns
// those by which it is found.
func (t *traits) addParties(parties []party) (found []party) {
	slices.SortStableFunc(parties, func(p, q party) int { return cmp.Or(cmp.Compare(q.count, p.count), cmp.Compare(p.id, q.id)) })
	victims, inTitle := 0, false
	for _, p := range parties {
		if p.victim {
			victims++
			inTitle = inTitle || p.inTitle
		}
	}
	var blocks []string
	sure := false
	for i := range parties {
		p := &parties[i]
		p.points = p.score(inTitle || victims >= manyVictims)
		sure = sure || p.points >= titlePoints
	}
	if !sure {
		if i := slices.IndexFunc(parties, func(p party) bool { return p.told(true) }); i >= 0 {
			parties[i].points = max(parties[i].points, loosePoints)
		}
	}
	for _, p := range parties {
		if p.points >= loosePoints || p.told(sure) || !sure && p.tells() {
			blocks = append(blocks, blockOf(p.id), acronymOf(p.names))
			found = append(found, p)
		}
		switch {
		case p.points > 0:
			t.subjects = append(t.subjects, p.subject)
		case p.kind != extract.Outlet:
			p.points = passingPoints
			if p.inTitle || p.count >= oftenMentioned {
				p.points = oftenPoints
			}
			t.mentioned = append(t.mentioned, p.subject)
		}
	}
	slices.SortStableFunc(t.subjects, func(x, y subject) int { return cmp.Compare(y.points, x.points) })
	t.subjects = t.subjects[:min(len(t.subjects), maxSubjects)]
	t.mentioned = t.mentioned[:min(len(t.mentioned), maxMentioned)]
	t.blocks = limited(blocks, maxShared)
	return found
}

// others are the people, groups, malware and vulnerabilities of the article.
func (b *builder) others() []string {
	var out []string
	for _, e := range b.result.Entities {
		switch e.Kind {
		case extract.Person, extract.Group, extract.Malware, extract.Vulnerability:
			if r := b.entities[e.ID]; r.key != "" {
				out = append(out, r.String())
			}
		}
	}
	return limited(out, maxShared)
}

// tellingFigures are the quantities that may tell one incident from another:
// no shares, ages and durations, and no small numbers but of bitcoin.
func (b *builder) tellingFigures(br extract.Breach) []string {
	const least = 100
	dull := []string{"percent", "years", "months", "days", "hours", "age"}
	var out []string
	for _, f := range b.result.Figures {
		v := cmp.Or(f.Value, f.Low, f.High)
		if v == nil || slices.Contains(dull, f.Unit) || *v < least && f.Unit != "BTC" || f.Breach != br.ID && (!br.Primary || f.Breach != "") {
			continue
		}
		out = append(out, number(v))
	}
	return limited(out, maxShared)
}

func (b *builder) methodsOf(br extract.Breach) []string {
	var out []string
	for _, c := range b.result.Claims {
		unspecific := c.Object == "unauthorised_access" || c.Object == "other"
		if c.Type == extract.Used && c.Subject == br.ID && c.Status != extract.Denied && !unspecific && table().value[ref{labelMethod, c.Object}].Name != "" {
			out = append(out, c.Object)
		}
	}
	return limited(out, maxShared)
}

// titleWords are the words of the title that may tell the incident, beside the
// names of its subjects, which count by themselves.
func (b *builder) titleWords(subjects []subject) []string {
	var out []string
	for _, w := range foldedWords(b.result.Article.Title) {
		named := slices.ContainsFunc(subjects, func(s subject) bool { return slices.Contains(strings.Split(s.id, "-"), w) })
		if len(w) >= minWord && !named && !slices.Contains(titleStops, w) && !slices.Contains(genericWords, w) {
			out = append(out, w)
		}
	}
	return limited(out, maxWords)
}

// markBlocks writes on MENTIONS by which words the article's reports are found.
func (b *builder) markBlocks() {
	for _, e := range b.edges {
		p, ok := b.found[e.to.key]
		if ok && e.kind == typeMentions && (e.to.label == labelOrganization || e.to.label == labelProduct) {
			e.props["about"], e.props["acronym"] = blockOf(p.id), name(acronymOf(p.names))
		}
	}
}
