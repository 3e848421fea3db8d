package llm

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/breachgraph/breachgraph/extract"
)

// statuses are those of the contract.
var statuses = []extract.Status{
	extract.Confirmed, extract.Reported, extract.Claimed, extract.Alleged, extract.Possible, extract.Denied,
}

// attributeNames are the attributes that the contract gives claims.
var attributeNames = []string{"role", "purpose", "title", "provider", "duration", "amount", "count"}

// schema is the form of an answer as JSON Schema, within what endpoints can
// hold a model to: every field required, nothing else allowed. It is the
// object of the extraction contract without what only the program can know:
// spans are given by their text, figures without their value. The order of the
// fields is that in which a model writes them, so it quotes before it judges.
func schema() json.RawMessage {
	return json.RawMessage(strings.Join(strings.Fields(fmt.Sprintf(`{
		"type":"object","additionalProperties":false,
		"required":["entities","breaches","figures","claims"],
		"properties":{
			"entities":{"type":"array","items":{
				"type":"object","additionalProperties":false,
				"required":["id","type","name","mentions"],
				"properties":{
					"id":{"type":"string"},
					"type":{"type":"string","enum":%s},
					"name":{"type":"string"},
					"mentions":{"type":"array","items":{"type":"string"}}}}},
			"breaches":{"type":"array","items":{
				"type":"object","additionalProperties":false,
				"required":["id","victims","primary","occurred","discovered","disclosed"],
				"properties":{
					"id":{"type":"string"},
					"victims":{"type":"array","items":{"type":"string"}},
					"primary":{"type":"boolean"},
					"occurred":{"type":"string"},
					"discovered":{"type":"string"},
					"disclosed":{"type":"string"}}}},
			"figures":{"type":"array","items":{
				"type":"object","additionalProperties":false,
				"required":["id","text","of"],
				"properties":{
					"id":{"type":"string"},
					"text":{"type":"string"},
					"of":{"type":"array","items":{"type":"string","enum":%s}}}}},
			"claims":{"type":"array","items":{
				"type":"object","additionalProperties":false,
				"required":["evidence","type","subject","object","status","attributed_to","attributes"],
				"properties":{
					"evidence":{"type":"string"},
					"type":{"type":"string","enum":%s},
					"subject":{"type":"string"},
					"object":{"type":"string"},
					"status":{"type":"string","enum":%s},
					"attributed_to":{"type":"string"},
					"attributes":{"type":"array","items":{
						"type":"object","additionalProperties":false,
						"required":["name","value"],
						"properties":{
							"name":{"type":"string","enum":%s},
							"value":{"type":"string"}}}}}}}}}`,
		words(extract.Kinds()), words(extract.Values(extract.Exposed)), words(extract.Predicates()), words(statuses), words(attributeNames))), ""))
}

// words writes the names of a vocabulary, none of which needs escapes, as a
// JSON array.
func words[S ~string](names []S) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = `"` + string(n) + `"`
	}
	return "[" + strings.Join(quoted, ",") + "]"
}
