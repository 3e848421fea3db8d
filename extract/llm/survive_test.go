package llm

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// annotated is an article as readers annotated it.
type annotated struct {
	ID, Title, Text string
	Entities        []struct {
		Key, Type, Name string
		Aliases         []string
	}
	Breaches []struct {
		Key     string
		Victims []string
		Primary bool
	}
	Figures []struct {
		Key, Text string
		Of        []string
	}
	Claims []struct{ Type, Subject, Object, Status, By, Quote string }
}

// annotations reads the annotated articles beside the repository.
func annotations(t *testing.T) []annotated {
	t.Helper()
	var out []annotated
	at := map[string]int{}
	for _, name := range []string{"articles_dev.jsonl", "gold_dev.jsonl"} {
		f, err := os.Open("../../../shared/eval/" + name)
		if errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") == "" {
			t.Skip("no annotated articles beside the repository")
		}
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var id struct{ ID string }
			if err := json.Unmarshal(lines.Bytes(), &id); err != nil {
				t.Fatal(err)
			}
			i, ok := at[id.ID]
			if !ok {
				i = len(out)
				at[id.ID], out = i, append(out, annotated{})
			}
			if err := json.Unmarshal(lines.Bytes(), &out[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// answer is what a model would say that reads as the readers did.
func (a annotated) answer(t *testing.T) answer {
	t.Helper()
	type object = map[string]any
	said := map[string][]object{"entities": {}, "breaches": {}, "figures": {}, "claims": {}}
	for _, e := range a.Entities {
		said["entities"] = append(said["entities"], object{"id": e.Key, "type": e.Type, "name": e.Name, "mentions": e.Aliases})
	}
	for _, b := range a.Breaches {
		said["breaches"] = append(said["breaches"], object{"id": b.Key, "victims": b.Victims, "primary": b.Primary})
	}
	for _, f := range a.Figures {
		said["figures"] = append(said["figures"], object{"id": f.Key, "text": f.Text, "of": f.Of})
	}
	for _, c := range a.Claims {
		said["claims"] = append(said["claims"], object{
			"evidence": c.Quote, "type": c.Type, "subject": c.Subject, "object": c.Object, "status": c.Status, "attributed_to": c.By,
		})
	}
	raw, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	out, err := parseAnswer(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// leastSurvival is the share of right statements that must survive, which only
// rises.
const leastSurvival = 0.9

// Of what careful readers say of an article nearly all survives being looked up
// in its text; of what they say of another article nothing does.
func TestSurvival(t *testing.T) {
	articles := annotations(t)
	contract, err := jsonschema.NewCompiler().Compile("../../../shared/contract/extraction.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	total, kept, foreign, let := 0, 0, 0, 0
	dropped := map[Reason]int{}
	ground := func(a annotated, said answer) *merger {
		r := extract.Extract(ingest.Article{ID: a.ID, Title: a.Title, Text: a.Text}, extract.Options{})
		m := newMerger(r, sentencesOf(r), "m")
		m.ground(newPassage(a.Text, extract.Span{Start: 0, End: len(a.Text)}), said)
		raw, err := json.Marshal(m.result())
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := contract.Validate(value); err != nil {
			t.Errorf("article %s: %v", a.ID, err)
		}
		check(t, m.result())
		return m
	}
	for i, a := range articles {
		m := ground(a, a.answer(t))
		total += len(a.Claims)
		for reason, n := range m.dropped {
			dropped[reason] += n
			kept -= n
		}
		kept += len(a.Claims)

		other := articles[(i+1)%len(articles)]
		m = ground(a, other.answer(t))
		foreign += len(other.Claims)
		let += m.added + len(m.agreed)
	}
	t.Logf("kept %d of %d; of other articles %d of %d; dropped %v", kept, total, let, foreign, dropped)
	if share := float64(kept) / float64(total); share < leastSurvival {
		t.Errorf("%.3f of right statements survive, want %.2f", share, leastSurvival)
	}
	if let > 0 {
		t.Errorf("%d statements about other articles survive, want none", let)
	}
}
