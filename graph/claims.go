package graph

import (
	"cmp"
	"slices"

	"github.com/breachgraph/breachgraph/extract"
)

// statuses are those that a claim may have, strongest first; denied, which is
// never weighed against the others, ends them.
var statuses = []extract.Status{
	extract.Confirmed, extract.Reported, extract.Claimed, extract.Alleged, extract.Possible, extract.Denied,
}

// addReports makes the reports of the article's breaches, by which it is found
// out later what Breach each is.
func (b *builder) addReports() {
	numbers := map[string]bool{}
	for _, br := range b.result.Breaches {
		if numbers[br.ID] {
			b.drop("breach of the same number as another")
			continue
		}
		numbers[br.ID] = true
		r := report{
			article: b.self.key, number: br.ID, primary: br.Primary, name: clean(br.Name, maxName),
			occurred: br.Occurred, discovered: firstDay(br.Discovered), disclosed: firstDay(br.Disclosed),
			published: b.result.Article.Published,
		}
		var victims []string
		for _, v := range br.Victims {
			if b.entities[v].label == labelOrganization {
				victims = append(victims, b.entities[v].key)
				r.victimName = cmp.Or(r.victimName, b.names[v])
			}
		}
		if len(victims) > 0 {
			r.victim = victims[0]
		}
		r.traits = b.traitsOf(br, victims)
		b.reports = append(b.reports, r)
	}
	b.markBlocks()
}

func (b *builder) addFigures() {
	for _, f := range b.result.Figures {
		id := ref{labelFigure, figureID(b.self.key, f)}
		b.quantity[f.ID] = f
		if b.seen[id] {
			continue
		}
		b.seen[id] = true
		b.figures = append(b.figures, nodeRow{id, b.figureProps(f)})
		if speaker, ok := b.speaker(f.AttributedTo); ok {
			b.edges = append(b.edges, edgeRow{typeSaidBy, id, speaker, map[string]any{"key": nil}})
		}
	}
	superseded := map[ref]ref{}
	for _, f := range b.result.Figures {
		from, to := b.figure(f.ID), b.figure(f.SupersededBy)
		if to.key != "" && to != from && superseded[from] != to {
			superseded[from] = to
			b.edges = append(b.edges, edgeRow{typeSupersededBy, from, to, map[string]any{}})
		}
	}
}

func (b *builder) figureProps(f extract.Figure) map[string]any {
	of := append([]string{}, f.Of...)
	slices.Sort(of)
	return map[string]any{
		"text": text(b.result.Article.Text[f.Start:f.End]), "value": float64OrNil(f.Value), "low": float64OrNil(f.Low), "high": float64OrNil(f.High),
		"size": float64OrNil(cmp.Or(f.Value, f.High, f.Low)), "approx": f.Approx, "unit": name(f.Unit), "counted": text(f.Counted), "of": slices.Compact(of), "status": name(string(f.Status)),
	}
}

// figure is the node of the figure that the result calls id, zero if there is
// none.
func (b *builder) figure(id string) ref {
	f, ok := b.quantity[id]
	if !ok {
		return ref{}
	}
	return ref{labelFigure, figureID(b.self.key, f)}
}

// speaker is the node of the entity that says something.
func (b *builder) speaker(id string) (ref, bool) {
	e, ok := b.entities[id]
	return e, ok && slices.Contains([]string{labelPerson, labelOrganization, "Group"}, e.label)
}

// addClaims adds the claims of which both ends are known and of the kinds that
// their predicate joins.
func (b *builder) addClaims() {
	seen := map[string]bool{}
	for _, c := range b.result.Claims {
		edge, ok := table().edge[c.Type]
		subject, object := b.end(c.Subject, edge.From), b.end(c.Object, edge.To)
		switch {
		case !ok || c.Type == "" || !slices.Contains(statuses, c.Status):
			b.drop("claim of an unknown type or status")
		case subject.key == "" || object.key == "":
			b.drop("claim whose subject or object is unknown or of the wrong kind")
		case subject == object:
			b.drop("claim of which subject and object are the same")
		default:
			row := b.claim(c, subject, object)
			if !seen[row.id] {
				seen[row.id] = true
				b.addClaim(c, row)
			}
		}
	}
}

func (b *builder) addClaim(c extract.Claim, row claimRow) {
	id := ref{labelClaim, row.id}
	b.claims = append(b.claims, row)
	if v, ok := table().value[row.object]; ok {
		b.share(row.object, valueProps(row.object, v))
	}
	if speaker, ok := b.speaker(c.AttributedTo); ok {
		b.edges = append(b.edges, edgeRow{typeSaidBy, id, speaker, map[string]any{"key": nil}})
	}
}

func valueProps(r ref, v Value) map[string]any {
	props := map[string]any{"label": v.Label}
	if r.label == labelMethod {
		props["attack"] = name(v.Attack)
	}
	return props
}

// end finds what id names among the labels that may stand there: an entity, a
// breach or figure of the result, the article itself or a canonical value.
func (b *builder) end(id string, labels []string) ref {
	found := []ref{b.entities[id], b.figure(id)}
	if slices.ContainsFunc(b.reports, func(r report) bool { return r.number == id }) {
		found = append(found, ref{labelBreach, id})
	}
	if id == extract.ArticleSubject {
		found = append(found, b.self)
	}
	for _, label := range labels {
		if v := (ref{label, id}); table().value[v].Name != "" {
			found = append(found, v)
		}
	}
	for _, r := range found {
		if r.key != "" && slices.Contains(labels, r.label) {
			return r
		}
	}
	return ref{}
}

func (b *builder) claim(c extract.Claim, subject, object ref) claimRow {
	denied := c.Status == extract.Denied
	row := claimRow{predicate: c.Type, denied: denied, subject: subject, object: object, id: shortHash(
		"claim", b.self.key, string(c.Type), subject.String(), object.String(), sign(denied), spanText(c.Evidence))}
	row.props = map[string]any{
		"type": string(c.Type), "status": string(c.Status), "text": text(b.result.Article.Text[c.Evidence.Start:c.Evidence.End]),
		"start": b.points.at(c.Evidence.Start), "end": b.points.at(c.Evidence.End),
		"confidence": min(max(c.Confidence, 0), 1), "extractor": name(c.Extractor), "fact": nil, "denied": nil, "report": nil,
		"role": nil, "purpose": nil, "title": nil, "provider": nil, "duration": nil, "amount": nil, "currency": nil, "figure": nil, "rejected": nil, "statedStatus": nil,
	}
	if denied {
		row.props["denied"] = true
	}
	for _, r := range []ref{subject, object} {
		if r.label == labelBreach {
			row.props["report"] = r.key
		}
	}
	b.claimAttributes(c, row.props)
	row.says = row.fact()
	return row
}

// claimAttributes reads the attributes that the contract gives a predicate. Of
// a figure that cannot be found nothing is kept.
func (b *builder) claimAttributes(c extract.Claim, props map[string]any) {
	for _, a := range []struct {
		predicate extract.Predicate
		name      string
	}{{extract.Attacked, "role"}, {extract.Hired, "purpose"}, {extract.WorksFor, "title"}} {
		if c.Type == a.predicate {
			props[a.name] = name(c.Attributes[a.name])
		}
	}
	if provider := b.entities[c.Attributes["provider"]]; c.Type == extract.Offered && provider.label == labelOrganization {
		props["provider"] = provider.key
	}
	reference := map[extract.Predicate]string{extract.Exposed: "count", extract.Offered: "duration", extract.Fined: "amount"}[c.Type]
	id := c.Attributes[reference]
	f, ok := b.quantity[id]
	if reference == "" || !ok {
		return
	}
	props["figure"] = b.figure(id).key
	switch c.Type {
	case extract.Offered:
		props["duration"] = text(b.result.Article.Text[f.Start:f.End])
	case extract.Fined:
		props["amount"], props["currency"] = float64OrNil(cmp.Or(f.Value, f.Low, f.High)), name(f.Unit)
	}
}

// sign tells a denial from its opposite in keys.
func sign(denied bool) string {
	if denied {
		return "denied"
	}
	return "affirmed"
}

// fact is the key that all claims behind one relationship share.
func (c claimRow) fact() string {
	return string(c.predicate) + " " + c.subject.String() + " " + c.object.String() + " " + sign(c.denied)
}

// about returns c with the breach that it is about under its lasting id.
func (c claimRow) about(breach string) claimRow {
	for _, r := range []*ref{&c.subject, &c.object} {
		if r.label == labelBreach {
			r.key = breach
		}
	}
	return c
}
