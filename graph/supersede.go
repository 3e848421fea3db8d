package graph

import (
	"cmp"
	"context"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
)

// Which figures of a breach were overtaken by those of later articles. What one
// article says of its own figures it says itself; across articles a figure is
// superseded by the first later one of the same series that is larger, or that
// is said to correct it. A smaller one more often counts a part than that it
// corrects the whole, and two parties who differ contradict each other:
// neither is superseded.

const (
	readFigures = `UNWIND $rows AS row
MATCH (b:Breach)-[h:HAS_FIGURE]->(f:Figure)-[:STATED_IN]->(a:Article)
WHERE elementId(b) = row.node AND NOT h.denied
OPTIONAL MATCH (f)-[:SAID_BY]->(s)
RETURN row.node AS breach, h.status AS status, elementId(f) AS node, properties(f) AS props, a.url AS article, a.published AS published, elementId(s) AS speaker, s.id AS name,
  COUNT { (f)<-[:HAS_FIGURE {denied: false}]-() } AS breaches,
  [(f)-[:SUPERSEDED_BY]->(g)-[:STATED_IN]->(o) | {node: elementId(g), own: o = a}] AS leads`

	deleteSuperseded = `UNWIND $rows AS row
MATCH (f)-[r:SUPERSEDED_BY]->(g) WHERE elementId(f) = row.from AND elementId(g) = row.to
DELETE r`

	breachesOfFigures = `UNWIND $rows AS row
MATCH (f)<-[:HAS_FIGURE]-(b:Breach) WHERE elementId(f) = row.node
RETURN DISTINCT elementId(b) AS breach`

	breachesSpokenOf = `UNWIND $rows AS row
MATCH (s)<-[:SAID_BY]-(:Figure)<-[:HAS_FIGURE]-(b:Breach) WHERE elementId(s) = row.node
RETURN DISTINCT elementId(b) AS breach`
)

// A toldFigure is a figure of a breach as an article gives it.
type toldFigure struct {
	node, id, article string
	day               time.Time
	size              float64
	of                []string
	possible          bool
	voice             string          // who says so; empty for the article's own voice
	counted           string          // unit and what tells it from other counts in it
	corrected         []string        // nodes of the same article's figures that correct it
	leads             map[string]bool // nodes of other articles' figures that supersede it
	since             time.Time       // when the series first had its size
}

// supersede brings up to date which figures of the touched breaches are
// superseded by those of other articles.
func (b *batch) supersede(ctx context.Context) error {
	breaches, err := b.touchedSeries(ctx)
	if err != nil {
		return err
	}
	told := map[string][]*toldFigure{}
	have := map[[2]string]bool{}
	err = b.ask(ctx, readFigures, numbers(breaches), func(r *neo4j.Record) {
		f := readFigure(r)
		for to := range f.leads {
			have[[2]string{f.node, to}] = true
		}
		if breach := get[string](r, "breach"); f.comparable() && get[int64](r, "breaches") == 1 {
			told[breach] = append(told[breach], f)
		}
	})
	if err != nil {
		return err
	}
	want := map[[2]string]bool{}
	for _, figures := range told {
		maps.Copy(want, supersessions(figures))
	}
	if err := b.ask(ctx, deleteSuperseded, pairsWithout(have, want), nil); err != nil {
		return err
	}
	return b.write(ctx, typeSupersededBy, createEdges(table().types[typeSupersededBy]), pairsWithout(want, have))
}

// pairsWithout makes rows of the pairs of one set that another one lacks, sorted.
func pairsWithout(set, other map[[2]string]bool) []map[string]any {
	var rows []map[string]any
	for _, p := range slices.SortedFunc(maps.Keys(set), comparePairs) {
		if !other[p] {
			rows = append(rows, map[string]any{"from": p[0], "to": p[1]})
		}
	}
	return rows
}

func comparePairs(x, y [2]string) int { return slices.Compare(x[:], y[:]) }

// touchedSeries are the breaches, by number, of which a figure came, went or
// changed, but for those that one new article alone tells of.
func (b *batch) touchedSeries(ctx context.Context) (map[string]bool, error) {
	alone := map[string]bool{}
	for _, i := range b.incidents {
		n := b.nodes[ref{labelBreach, i.id}]
		alone[n] = b.fresh[n] && len(i.reports) == 1
	}
	moved, touched := map[string]bool{}, maps.Clone(b.revoiced)
	for _, f := range b.facts {
		if f.kind != string(extract.HasFigure) {
			continue
		}
		if !alone[f.from] {
			touched[f.from] = true
		}
		if f.moved {
			moved[f.to] = true
		}
	}
	err := b.ask(ctx, breachesOfFigures, numbers(moved), func(r *neo4j.Record) { touched[get[string](r, "breach")] = true })
	return touched, err
}

// revoice notes that what the speaker with a number said is said by another one
// from now on, or was until now.
func (b *batch) revoice(ctx context.Context, speaker string) error {
	return b.ask(ctx, breachesSpokenOf, []map[string]any{{"node": speaker}}, func(r *neo4j.Record) { b.revoiced[get[string](r, "breach")] = true })
}

func readFigure(r *neo4j.Record) *toldFigure {
	f := newToldFigure(get[map[string]any](r, "props"), get[string](r, "name"))
	f.node, f.article, f.voice = get[string](r, "node"), get[string](r, "article"), get[string](r, "speaker")
	f.tell(get[time.Time](r, "published"), get[string](r, "status"))
	for _, v := range get[[]any](r, "leads") {
		lead := v.(map[string]any)
		node, _ := lead["node"].(string)
		if own, _ := lead["own"].(bool); own {
			f.corrected = append(f.corrected, node)
		} else {
			f.leads[node] = true
		}
	}
	return f
}

// newToldFigure is a figure with some properties, said by a speaker with an id,
// which is empty for an article's own voice.
func newToldFigure(props map[string]any, speaker string) *toldFigure {
	word := func(name string) string { s, _ := props[name].(string); return s }
	size, _ := props["value"].(float64)
	return &toldFigure{id: word("id"), size: size, of: texts(props["of"]), leads: map[string]bool{},
		counted: countedAs(word("unit"), word("text"), word("counted"), speaker)}
}

// tell adds when f was published, and the status of its fact.
func (f *toldFigure) tell(published time.Time, status string) {
	f.possible = status == string(extract.Possible)
	if !published.IsZero() {
		f.day = published.UTC().Truncate(24 * time.Hour)
	}
}

// comparable reports whether f may be weighed against figures of other articles.
func (f *toldFigure) comparable() bool { return f.size > 0 && !f.day.IsZero() && f.counted != "" }

// countedUnits are those in which the extent of a breach is told. Sums of money
// and times are of another thing each time.
var countedUnits = strings.Fields("people accounts records emails passwords ssn cards files devices bytes")

// In descriptions of what is counted, plainWords do not tell one count from
// another, since each says "all that were hit" in its own way. Where one of
// furtherWords stands, what is counted comes on top of something else.
var (
	plainWords = wordSet(`a an the of its their our his her all in at for by and or with to on from who whose that which were was are is be been have has had
		people person persons individual individuals human humans victim victims customer customers consumer consumers client clients user users
		member members subscriber subscribers patient patients guest guests passenger passengers shopper shoppers holder holders
		account accounts record records data dataset information file files row rows entry entries unique total
		affected impacted hit exposed stolen compromised breached leaked involved breach hack attack incident such those these personal`)
	furtherWords = wordSet("additional another further extra other others")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// countedAs names what a figure counts, so that figures of the same name can be
// compared; it is empty where that is not to be told. Words of the speaker's
// own name say nothing: a company's customers are its own.
func countedAs(unit, text, counted, speaker string) string {
	if !slices.Contains(countedUnits, unit) || slices.ContainsFunc(lowerWords(text+" "+counted), func(w string) bool { return furtherWords[w] }) {
		return ""
	}
	own := lowerWords(speaker)
	words := slices.DeleteFunc(lowerWords(counted), func(w string) bool { return plainWords[w] || slices.Contains(own, w) })
	slices.Sort(words)
	return strings.Join(append([]string{unit}, slices.Compact(words)...), " ")
}

func lowerWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
}

// agree reports whether two sizes may be one, of which one was rounded: "nearly
// 48 million" and 47.8 million.
func agree(x, y float64) bool {
	if x == y {
		return true
	}
	if math.Abs(x-y) > 0.05*max(x, y) {
		return false
	}
	digits := min(significant(x), significant(y))
	return rounded(x, digits) == rounded(y, digits)
}

// significant is how many digits x has before its zeros.
func significant(x float64) int {
	mantissa, _, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	return len(strings.Replace(mantissa, ".", "", 1))
}

func rounded(x float64, digits int) string { return strconv.FormatFloat(x, 'e', digits-1, 64) }

// supersessions are the pairs of nodes of figures of one breach of which the
// first is superseded by the second, which is another article's. They depend
// on nothing but the figures, whatever their order.
func supersessions(figures []*toldFigure) map[[2]string]bool {
	counts := map[string][]*toldFigure{}
	for _, f := range figures {
		counts[f.counted] = append(counts[f.counted], f)
	}
	out := map[[2]string]bool{}
	for _, list := range counts {
		lendVoices(list)
		voices := map[string][]*toldFigure{}
		for _, f := range list {
			if f.voice != "" {
				voices[f.voice] = append(voices[f.voice], f)
			}
		}
		for _, said := range voices {
			series(said, out)
		}
	}
	return out
}

// lendVoices gives figures that articles state in their own voice to the party
// whose figure they repeat, so far as that is one, or else to the article's
// host.
func lendVoices(list []*toldFigure) {
	sizes := map[string]map[float64]bool{} // by voice
	for _, f := range list {
		if f.voice != "" && sizes[f.voice] == nil {
			sizes[f.voice] = map[float64]bool{}
		}
		if f.voice != "" {
			sizes[f.voice][f.size] = true
		}
	}
	for _, f := range list {
		if f.voice != "" {
			continue
		}
		var parties []string
		for voice, known := range sizes {
			for size := range known {
				if agree(size, f.size) && !slices.Contains(parties, voice) {
					parties = append(parties, voice)
				}
			}
		}
		switch len(parties) {
		case 0:
			f.voice = hostOf(f.article)
		case 1:
			f.voice = parties[0]
		}
	}
}

// hostOf is who speaks in an article's own voice; the article alone where it
// has no host.
func hostOf(article string) string {
	if u, err := url.Parse(article); err == nil && u.Host != "" {
		return "host " + u.Host
	}
	return article
}

// series adds to out what is superseded among figures that one voice gives for
// one count.
func series(said []*toldFigure, out map[[2]string]bool) {
	members, corrections := wholes(said)
	for _, f := range members {
		f.since = f.day
		for _, g := range members {
			if g.day.Before(f.since) && agree(f.size, g.size) {
				f.since = g.day
			}
		}
	}
	for _, f := range members {
		var next *toldFigure
		for _, g := range members {
			if g.follows(f) && (g.since.Equal(g.day) && g.size > f.size && !agree(f.size, g.size) || corrects(g, f, corrections)) &&
				(next == nil || g.compare(next) < 0) {
				next = g
			}
		}
		if next != nil {
			out[[2]string{f.node, next.node}] = true
		}
	}
}

// wholes are the figures of said that are the largest of their article, and
// apart from them those that their own article corrects, by the figures that do.
func wholes(said []*toldFigure) (members []*toldFigure, corrections map[string][]*toldFigure) {
	largest := map[string]float64{}
	corrections = map[string][]*toldFigure{}
	for _, f := range said {
		for _, g := range f.corrected {
			corrections[g] = append(corrections[g], f)
		}
		if len(f.corrected) == 0 {
			largest[f.article] = max(largest[f.article], f.size)
		}
	}
	for _, f := range said {
		if len(f.corrected) == 0 && agree(f.size, largest[f.article]) {
			members = append(members, f)
		}
	}
	return members, corrections
}

// follows reports whether f may be superseded by g for all but their sizes. A
// number that came before f's did does not supersede it, however often it is
// repeated later.
func (g *toldFigure) follows(f *toldFigure) bool {
	apart := len(f.of) > 0 && len(g.of) > 0 && !slices.ContainsFunc(f.of, func(d string) bool { return slices.Contains(g.of, d) })
	return g.article != f.article && g.since.After(f.since) && (f.possible || !g.possible) && !apart
}

// corrects reports whether g's article says that g corrects a number which is
// f's.
func corrects(g, f *toldFigure, corrections map[string][]*toldFigure) bool {
	return slices.ContainsFunc(corrections[g.node], func(h *toldFigure) bool { return agree(h.size, f.size) })
}

// compare orders what may supersede one figure: the first, of a day the
// largest.
func (g *toldFigure) compare(h *toldFigure) int {
	return cmp.Or(g.day.Compare(h.day), cmp.Compare(h.size, g.size), cmp.Compare(g.article, h.article), cmp.Compare(g.id, h.id))
}
