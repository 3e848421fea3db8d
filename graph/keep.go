package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// A jsonKept is a node that no article gives, as JSON: a correction, where a name
// leads, or the mark of what was forgotten.
type jsonKept struct {
	ID    string    `json:"id"` // as in PartNode
	Props jsonProps `json:"properties"`
}

// A keptNode is such a node of a record.
type keptNode struct {
	ref
	props map[string]any
}

// keptOfPart finds what is kept about the nodes of a part, by their ids and the
// keys of their articles.
const keptOfPart = `MATCH (n:Resolution) WHERE n.label + ':' + n.to IN $about
RETURN labels(n) AS labels, n.id AS id, properties(n) AS props ORDER BY id
UNION
MATCH (n:Rule) WHERE n.of IN $about OR n.to IN $about OR n.article IN $about
RETURN labels(n) AS labels, n.id AS id, properties(n) AS props ORDER BY id`

// kept yields what is kept, before all articles: then they are loaded as it
// says, and nothing has to be moved.
func (p *Part) kept(ctx context.Context) iter.Seq2[json.RawMessage, error] {
	query, params := "MATCH (n:Resolution|Rule|Tombstone) RETURN labels(n) AS labels, n.id AS id, properties(n) AS props ORDER BY labels, id", map[string]any(nil)
	if !p.whole {
		about := make([]string, len(p.picks))
		for i, n := range p.picks {
			if about[i] = n.id(); n.label == labelArticle {
				about[i] = n.key
			}
		}
		query, params = keptOfPart, map[string]any{"about": about}
	}
	return func(yield func(json.RawMessage, error) bool) {
		found, err := readRows(ctx, p.db, query, params, func(r *neo4j.Record) jsonRecord {
			props := receivedProps(get[map[string]any](r, "props"))
			delete(props, "id")
			return jsonRecord{Record: recordVersion, Kept: &jsonKept{refOf(r).String(), props}}
		})
		if err != nil {
			yield(nil, fmt.Errorf("read corrections of %s: %w", p.db.uri, err))
			return
		}
		for _, r := range found {
			if line, err := json.Marshal(r); !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// parseKept reads a node of a record. What a key has to be follows from the
// properties, but for the hash of what was forgotten.
func parseKept(in *jsonKept) (*Record, error) {
	r := recordReader{document: &document{}, shared: map[ref]bool{}}
	label, key, _ := strings.Cut(in.ID, ":")
	if label != labelResolution && label != labelRule && label != labelTombstone || key == "" || len(key) > maxURL {
		return nil, fmt.Errorf("%.80q is neither a Resolution, a Rule nor a Tombstone", in.ID)
	}
	k := &keptNode{ref{label, key}, r.values(label, in.Props)}
	if r.err != nil {
		return nil, r.err
	}
	text := func(name string) string { s, _ := k.props[name].(string); return s }
	want := key
	switch label {
	case labelResolution:
		to := r.node(text("label")+":"+text("to"), entityLabels()...)
		want = ref{to.label, text("from")}.String()
	case labelRule:
		rule, err := Rule{Action: Action(text("action")), Of: text("of"), To: text("to")}, error(nil)
		if rule.Action == SplitEntities {
			rule.In = text("article")
		}
		if rule, err = rule.Checked(); err != nil {
			return nil, err
		}
		want = rule.id()
	}
	if r.err == nil && want != key {
		r.fail("%s has the key %.80q, and its properties give %.80q", label, key, want)
	}
	return &Record{kept: k}, r.err
}

// keep brings what a record keeps into the graph, unless that has it, and makes
// it hold for what is there.
func (db *DB) keep(ctx context.Context, k *keptNode) error {
	_, err := db.rewrite(ctx, func(b *batch) (int, error) { return 0, b.keep(ctx, k) })
	if err != nil {
		return fmt.Errorf("load %s: %w", k.ref, err)
	}
	return nil
}

func (b *batch) keep(ctx context.Context, k *keptNode) error {
	there := false
	row := []map[string]any{{"key": k.key, "props": k.props}}
	err := b.ask(ctx, "UNWIND $rows AS row MATCH (n:"+k.label+" {id: row.key}) RETURN n.id AS id", row, func(*neo4j.Record) { there = true })
	if err != nil || there {
		return err
	}
	if k.label == labelResolution {
		return b.keepResolution(ctx, k)
	}
	inForce := k.label == labelRule && k.props["withdrawn"] == nil
	if in, _ := k.props["article"].(string); inForce && k.props["action"] == string(SplitEntities) {
		if err := b.beforeLead(ctx, keptRule{Rule: Rule{In: in}}); err != nil {
			return err
		}
	}
	if err := b.ask(ctx, "UNWIND $rows AS row MERGE (n:"+k.label+" {id: row.key}) SET n += row.props", row, nil); err != nil || !inForce {
		return err
	}
	if err := b.readRules(ctx); err != nil {
		return err
	}
	made, _ := k.props["made"].(time.Time)
	return b.affect(ctx, b.rules.rules[k.key], made)
}

// keepResolution leads a name where a record says, and moves what articles say by
// that name already.
func (b *batch) keepResolution(ctx context.Context, k *keptNode) error {
	label, _ := k.props["label"].(string)
	source, _ := k.props["from"].(string)
	target, _ := k.props["to"].(string)
	from, to := ref{label, source}, ref{label, target}
	merged, err := b.readMerged(ctx, map[ref]bool{to: true})
	if err != nil {
		return err
	}
	if to = cmp.Or(merged[to], to); from == to {
		return nil
	}
	if err := b.meetEntities(ctx, from); err != nil {
		return err
	}
	if b.nodes[from] != "" {
		if err := b.makeEntity(ctx, to); err != nil {
			return err
		}
		if _, err := b.moveName(ctx, from, to, nil); err != nil {
			return err
		}
	}
	row := map[string]any{"key": k.key, "label": label, "from": from.key, "to": to.key, "props": k.props}
	return b.ask(ctx, writeResolution, []map[string]any{row}, nil)
}
