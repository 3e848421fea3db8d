package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/breachgraph/breachgraph/extract"
)

// grounds merges an answer into the offline result.
func grounds(t testing.TB, text string) (*merger, extract.Result) {
	t.Helper()
	a, err := parseAnswer(text)
	if err != nil {
		t.Fatal(err)
	}
	first := offline()
	m := newMerger(first, sentencesOf(first), "tiny:1b")
	m.ground(newPassage(story, extract.Span{Start: 0, End: len(story)}), a)
	return m, m.result()
}

// lines writes claims for comparison, with names for ids.
func lines(r extract.Result) []string {
	name := map[string]string{"": "-"}
	for _, e := range r.Entities {
		name[e.ID] = e.Name
	}
	for _, f := range r.Figures {
		name[f.ID] = r.Article.Text[f.Start:f.End]
	}
	say := func(id string) string {
		if n, ok := name[id]; ok {
			return n
		}
		return id
	}
	var out []string
	for _, c := range ofModel(r) {
		line := fmt.Sprintf("%s %s %s %s by %s %.1f", say(c.Subject), c.Type, say(c.Object), c.Status, say(c.AttributedTo), c.Confidence)
		for _, k := range slices.Sorted(maps.Keys(c.Attributes)) {
			line += fmt.Sprintf(" %s=%s", k, say(c.Attributes[k]))
		}
		out = append(out, line)
	}
	return out
}

func TestGround(t *testing.T) {
	tests := []struct {
		name    string
		claim   string
		want    string
		dropped Reason
	}{
		{"new claim", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e1","object":"e2","status":"reported","attributed_to":""}`,
			"Northwind Bank HIRED Copperfield Forensics reported by - 0.6", ""},
		{"invented quotation", `{"evidence":"The bank hired Copperfield Forensics yesterday.","type":"HIRED","subject":"e1","object":"e2","status":"reported"}`, "", InventedQuote},
		{"wrong offsets", `{"evidence":{"start":9000,"end":-3,"text":"The bank hired Copperfield Forensics"},"type":"HIRED","subject":"e1","object":"e2","status":"reported"}`,
			"Northwind Bank HIRED Copperfield Forensics reported by - 0.6", ""},
		{"other typography", `{"evidence":"\"We got in with a  password of a supplier\"","type":"USED","subject":"b1","object":"third_party","status":"claimed","attributed_to":""}`,
			"b1 USED third_party claimed by - 0.4", ""},
		{"quotation marks added", `{"evidence":"“The bank hired Copperfield Forensics to look into the attack.”","type":"HIRED","subject":"e1","object":"e2","status":"reported"}`,
			"Northwind Bank HIRED Copperfield Forensics reported by - 0.6", ""},
		{"invented name", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e1","object":"e4","status":"reported"}`, "", InventedName},
		{"id of nobody", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e1","object":"e99","status":"reported"}`, "", InventedName},
		{"name for id", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"Northwind Bank","object":"copperfield forensics","status":"reported"}`,
			"Northwind Bank HIRED Copperfield Forensics reported by - 0.6", ""},
		{"invented speaker", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e1","object":"e2","status":"confirmed","attributed_to":"e4"}`, "", InventedName},
		{"about something else", `{"evidence":"A hacker who goes by greyowl claimed responsibility on a forum","type":"HIRED","subject":"e1","object":"e2","status":"reported"}`, "", OffTopic},
		{"wrong kinds", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e3","object":"b1","status":"reported"}`, "", WrongEnds},
		{"itself", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e1","object":"e1","status":"reported"}`, "", WrongEnds},
		{"unknown predicate", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"LIKES","subject":"e1","object":"e2","status":"reported"}`, "", UnknownKind},
		{"unknown status", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e1","object":"e2","status":"sure"}`, "", UnknownKind},
		{"unknown value", `{"evidence":"hackers stole the names","type":"EXPOSED","subject":"b1","object":"souls","status":"reported"}`, "", UnknownKind},
		{"two words", `{"evidence":"The bank","type":"HIRED","subject":"e1","object":"e2","status":"reported"}`, "", UselessQuote},
		{"half a word", `{"evidence":"he bank hired Copperfield","type":"HIRED","subject":"e1","object":"e2","status":"reported"}`, "", InventedQuote},
		{"new attacker", `{"evidence":"A hacker who goes by greyowl claimed responsibility","type":"ATTACKED","subject":"e3","object":"b1","status":"claimed","attributed_to":"e3","attributes":{"role":"hacker","title":"king"}}`,
			"greyowl ATTACKED b1 claimed by greyowl 0.6 role=hacker", ""},
		{"data named otherwise", `{"evidence":"hackers stole the names and Social Security numbers","type":"EXPOSED","subject":"b1","object":"health","status":"reported"}`,
			"b1 EXPOSED health reported by - 0.4", ""},
		{"count", `{"evidence":"hackers stole the names and Social Security numbers of 3.1 million customers","type":"EXPOSED","subject":"b1","object":"name","status":"confirmed","attributed_to":"e1","attributes":[{"name":"count","value":"f1"}]}`,
			"b1 EXPOSED name confirmed by Northwind Bank 0.6 count=3.1 million customers", ""},
		{"figure", `{"evidence":"hackers stole the names and Social Security numbers of 3.1 million customers","type":"HAS_FIGURE","subject":"b1","object":"f1","status":"confirmed","attributed_to":"e1"}`,
			"b1 HAS_FIGURE 3.1 million customers confirmed by Northwind Bank 0.6", ""},
		{"figure elsewhere", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HAS_FIGURE","subject":"b1","object":"f1","status":"reported"}`, "", InventedNumber},
		{"no number in it", `{"evidence":"claimed responsibility on a forum","type":"HAS_FIGURE","subject":"b1","object":"f3","status":"reported"}`, "", InventedNumber},
		{"fine", `{"evidence":"Regulators at the Harbor Commission fined Lumen Post $2 million last year.","type":"FINED","subject":"e5","object":"e6","status":"reported","attributes":[{"name":"amount","value":"f2"}]}`,
			"Harbor Commission FINED Lumen Post reported by - 0.6 amount=$2 million", ""},
		{"denial in the sentence of its opposite", `{"evidence":"hackers stole the names and Social Security numbers","type":"EXPOSED","subject":"b1","object":"ssn","status":"denied"}`, "", Contradiction},
		{"denial elsewhere", `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"EXPOSED","subject":"b1","object":"ssn","status":"denied"}`,
			"b1 EXPOSED ssn denied by - 0.4", ""},
		{"affirmed against a denial", `{"evidence":"No payment cards were taken","type":"EXPOSED","subject":"b1","object":"payment_card","status":"reported"}`, "", Contradiction},
		{"breach of nobody", `{"evidence":"hackers stole the names and Social Security numbers","type":"EXPOSED","subject":"b9","object":"name","status":"reported"}`, "", InventedName},
		{"post", `{"evidence":"No payment cards were taken, chief executive Dana Whitlock said.","type":"WORKS_FOR","subject":"e7","object":"e1","status":"reported","attributes":[{"name":"title","value":"chief executive"}]}`,
			"Dana Whitlock WORKS_FOR Northwind Bank reported by - 0.4 title=chief executive", ""},
		{"claims of no use", `"a string"`, "", Unreadable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, r := grounds(t, "{"+cast+`"claims":[`+tt.claim+"]}")
			if got := strings.Join(lines(r), "\n"); got != tt.want {
				t.Errorf("claims of the model:\n%s\nwant\n%s", got, tt.want)
			}
			want := map[Reason]int{}
			if tt.dropped != "" {
				want[tt.dropped] = 1
			}
			if !reflect.DeepEqual(m.dropped, want) {
				t.Errorf("dropped %v, want %v", m.dropped, want)
			}
			check(t, r)
		})
	}
}

// check holds a result to the contract.
func check(t testing.TB, r extract.Result) {
	t.Helper()
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := extract.Decode(raw); err != nil {
		t.Errorf("the result cannot be read back: %v", err)
	}
	ids := map[string]bool{"": true, extract.ArticleSubject: true}
	add := func(id string) {
		if ids[id] {
			t.Errorf("id %s twice", id)
		}
		ids[id] = true
	}
	for _, e := range r.Entities {
		add(e.ID)
		if len(e.Mentions) == 0 {
			t.Errorf("entity %s has no mention", e.ID)
		}
	}
	for _, f := range r.Figures {
		add(f.ID)
	}
	for _, b := range r.Breaches {
		add(b.ID)
	}
	for _, p := range extract.Predicates() {
		for _, v := range extract.Values(p) {
			ids[v] = true
		}
	}
	for _, c := range r.Claims {
		add(c.ID)
		for _, id := range []string{c.Subject, c.Object, c.AttributedTo, c.Attributes["count"], c.Attributes["amount"], c.Attributes["duration"], c.Attributes["provider"]} {
			if !ids[id] {
				t.Errorf("claim %s names %s, which is nothing", c.ID, id)
			}
		}
	}
}

// A claim that both make stays ours; its confidence rises where they agree on
// its status too.
func TestAgreement(t *testing.T) {
	const evidence = `"evidence":"hackers stole the names and Social Security numbers"`
	same := `{` + evidence + `,"type":"EXPOSED","subject":"b1","object":"ssn","status":"confirmed","attributed_to":"e1"}`
	other := `{` + evidence + `,"type":"EXPOSED","subject":"b1","object":"ssn","status":"alleged","attributed_to":""}`
	for _, tt := range []struct {
		name, claims string
		want         float64
	}{
		{"same status", same, 0.8},
		{"said twice", same + "," + same, 0.8},
		{"other status", other, 0.6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, r := grounds(t, "{"+cast+`"claims":[`+tt.claims+"]}")
			want := offline()
			want.Claims[1].Confidence = tt.want
			want.Breaches = r.Breaches // dated
			if !reflect.DeepEqual(r, want) || len(m.agreed) != 1 || m.added != 0 || len(m.dropped) != 0 {
				t.Errorf("result %+v\nagreed %v, added %d, dropped %v", r.Claims, m.agreed, m.added, m.dropped)
			}
		})
	}
}

func TestBreaches(t *testing.T) {
	suffered := `{"evidence":"Regulators at the Harbor Commission fined Lumen Post $2 million last year.","type":"SUFFERED","subject":"e6","object":"b2","status":"reported"}`
	exposed := `{"evidence":"hackers stole the names and Social Security numbers","type":"EXPOSED","subject":"b2","object":"name","status":"reported"}`
	two := func(claims string) string {
		return `{` + strings.Replace(cast, `"breaches":[`, `"breaches":[{"id":"b2","victims":["e6"],"primary":false,"occurred":"last year"},`, 1) + `"claims":[` + claims + `]}`
	}
	t.Run("new", func(t *testing.T) {
		_, r := grounds(t, two(exposed+","+suffered))
		if len(r.Breaches) != 2 || r.Breaches[1].Primary || len(r.Breaches[1].Victims) != 1 || r.Breaches[1].Occurred.IsZero() {
			t.Errorf("breaches %+v, want a second one with victim and date", r.Breaches)
		}
		if got := len(lines(r)); got != 2 {
			t.Errorf("%d claims, want 2", got)
		}
		check(t, r)
	})
	t.Run("without victim", func(t *testing.T) {
		m, r := grounds(t, two(exposed))
		if len(r.Breaches) != 1 || m.dropped[NoVictim] != 1 {
			t.Errorf("breaches %+v, dropped %v, want no second one", r.Breaches, m.dropped)
		}
	})
	t.Run("date", func(t *testing.T) {
		_, r := grounds(t, two(""))
		if got := r.Breaches[0].Disclosed; got.IsZero() || got.Start.Month() != 5 {
			t.Errorf("disclosed %v, want early May 2023", got)
		}
	})
	t.Run("none offline", func(t *testing.T) {
		first := offline()
		first.Breaches, first.Claims, first.Figures = nil, nil, nil
		a, err := parseAnswer(`{` + cast + `"claims":[{"evidence":"Northwind Bank said on Monday that hackers stole the names","type":"SUFFERED","subject":"e1","object":"b1","status":"confirmed","attributed_to":"e1"}]}`)
		if err != nil {
			t.Fatal(err)
		}
		m := newMerger(first, sentencesOf(first), "m")
		m.ground(newPassage(story, extract.Span{End: len(story)}), a)
		if r := m.result(); len(r.Breaches) != 1 || !r.Breaches[0].Primary || len(r.Claims) != 1 {
			t.Errorf("breaches %+v, claims %+v, want a primary one", r.Breaches, r.Claims)
		}
	})
}

// The input of a merger is left as it was.
func TestMergeLeavesInput(t *testing.T) {
	first := offline()
	m := newMerger(first, sentencesOf(first), "m")
	a, err := parseAnswer(hired)
	if err != nil {
		t.Fatal(err)
	}
	m.ground(newPassage(story, extract.Span{End: len(story)}), a)
	m.result()
	if !reflect.DeepEqual(first, offline()) {
		t.Error("newMerger changed the offline result")
	}
}

func TestSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("answer.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("answer.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(hired))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("the answer of these tests is not of the form asked for: %v", err)
	}
}

// The vocabularies that a model may use are those of the contract.
func TestSchemaVocabulary(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/contract/extraction.schema.json")
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") == "" {
		t.Skip("no contract beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	contract := string(raw)
	contract = strings.Join(strings.Fields(contract), "")
	for _, list := range []string{words(extract.Kinds()), words(extract.Predicates()), words(statuses)} {
		if !strings.Contains(contract, list) {
			t.Errorf("the contract has no list %s", list)
		}
	}
	for _, p := range []extract.Predicate{extract.Exposed, extract.Offered} {
		for _, v := range extract.Values(p) {
			if !strings.Contains(contract, `"`+v+`"`) {
				t.Errorf("the contract has no value %s", v)
			}
		}
	}
}

func TestFind(t *testing.T) {
	const text = "He said: “It’s over…” — and\u00a0left.\n\nAna ate a banana, Ana said."
	p := newPassage(text, extract.Span{Start: 0, End: len(text)})
	tests := []struct {
		name, q string
		want    []string
		exact   bool
	}{
		{"exact", "and\u00a0left", []string{"and\u00a0left"}, true},
		{"whole words", "Ana", []string{"Ana", "Ana"}, true},
		{"no part of a word", "ana", nil, false},
		{"straight marks", `"It's over..." - and left. Ana`, []string{"“It’s over…” — and\u00a0left.\n\nAna"}, false},
		{"part of an ellipsis", "over.", []string{"over…"}, false},
		{"invisible characters", "It\u200b's o\u00adver", []string{"It’s over"}, false},
		{"not there", "She said", nil, false},
		{"nothing", " \u200b", nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spans, exact := p.find(tt.q, 10)
			var got []string
			for _, s := range spans {
				got = append(got, text[s.Start:s.End])
			}
			if !slices.Equal(got, tt.want) || exact != tt.exact {
				t.Errorf("find(%q) = %q, %t, want %q, %t", tt.q, got, exact, tt.want, tt.exact)
			}
		})
	}
}

// The largest answer that is read: every list full, every quotation there.
func BenchmarkGround(b *testing.B) {
	claim := `{"evidence":"The bank hired Copperfield Forensics to look into the attack.","type":"HIRED","subject":"e1","object":"e2","status":"reported","attributed_to":"","attributes":[]}`
	claims := strings.Repeat(claim+",", maxList-1) + claim
	first := offline()
	sentences := sentencesOf(first)
	b.ReportAllocs()
	for b.Loop() {
		a, err := parseAnswer("{" + cast + `"claims":[` + claims + "]}")
		if err != nil {
			b.Fatal(err)
		}
		newMerger(first, sentences, "m").ground(newPassage(story, extract.Span{Start: 0, End: len(story)}), a)
	}
}

// Whatever a model writes, the result keeps to the contract and holds all that
// was found offline.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{hired, "{}", "prose {", `{"claims":[{"evidence":{"text":"a forum"}}]}`, `{"claims":null,"entities":{"id":1}}`,
		`{"entities":[{"id":1,"type":"person","name":"greyowl"}],"breaches":[{"id":"b","victims":[1]}],"claims":[{"evidence":"“We got in with a password","type":"ATTACKED","subject":1,"object":"b","status":"claimed","attributes":[{"name":"role","value":"x"}]}]}`} {
		f.Add(s)
	}
	first := offline()
	sentences := sentencesOf(first)
	f.Fuzz(func(t *testing.T, text string) {
		a, err := parseAnswer(text)
		if err != nil {
			return
		}
		m := newMerger(first, sentences, "m")
		m.ground(newPassage(story, extract.Span{Start: 0, End: len(story)}), a)
		r := m.result()
		check(t, r)
		if len(r.Claims) != len(first.Claims)+m.added {
			t.Errorf("%d claims, want %d and %d added", len(r.Claims), len(first.Claims), m.added)
		}
	})
}
