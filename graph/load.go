package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
)

const (
	// maxArticles and maxRows bound one transaction, which the server keeps in
	// memory.
	maxArticles = 200
	maxRows     = 50_000
	writeTime   = 10 * time.Minute
	// collisions is how often a batch is tried again that was refused because
	// another load took a key, or a node away, at the same moment.
	collisions = 5
)

// A Summary says what a load did.
type Summary struct {
	// New, Changed and Unchanged count articles by what they were to the graph.
	New, Changed, Unchanged int
	// Refused are the articles that could not be loaded.
	Refused []*ArticleError
	// Entities, Claims, Figures and Breaches count what the new and changed
	// articles hold: entities once for all articles, the others for each.
	Entities          map[extract.Kind]int
	Claims            map[extract.Predicate]int
	Figures, Breaches int
	// Dropped counts parts of articles that could not be used, by reason.
	Dropped map[string]int
}

// Load writes results into the graph. Loading an article again changes nothing;
// a changed one replaces all that it said before. The outcome does not depend
// on the order of the articles, but for the ids of breaches. Articles are
// written in batches, each as a whole or not at all, so that a load that was
// cut off can be run again. An article that cannot be loaded is refused, and
// the others go on; an error means that the rest could not be tried. It wraps
// [ErrUnreachable] and the like where the database is at fault.
//
// Several loads at the same time are safe, but wait for each other.
func (db *DB) Load(ctx context.Context, results iter.Seq[extract.Result]) (Summary, error) {
	return db.LoadItems(ctx, func(yield func(Item) bool) {
		for r := range results {
			if !yield(Item{Result: r}) {
				return
			}
		}
	})
}

// An Item is something to be loaded: what was extracted from an article, or a
// record where that is set.
type Item struct {
	Result extract.Result
	Record *Record
}

// LoadItems is [DB.Load] for records beside results.
func (db *DB) LoadItems(ctx context.Context, items iter.Seq[Item]) (Summary, error) {
	l := newLoader(db.writeBatch)
	err := db.addItems(ctx, l, items)
	if err = cmp.Or(l.wait(), err); err != nil {
		err = fmt.Errorf("load into %s: %w", db.uri, err)
	}
	for kind, refs := range l.entities {
		l.summary.Entities[kind] = len(refs)
	}
	return l.summary, err
}

func (db *DB) addItems(ctx context.Context, l *loader, items iter.Seq[Item]) error {
	for item := range items {
		if err := db.addItem(ctx, l, item); err != nil {
			return err
		}
	}
	return l.flush(ctx)
}

// A loader gathers documents and writes them in batches. While one is written
// the next is gathered.
type loader struct {
	write    func(context.Context, []*document) (map[string]status, error)
	docs     []*document
	rows     int
	writing  chan *outcome // of the batch that is being written; nil if none is
	entities map[extract.Kind]map[ref]bool
	summary  Summary
}

// An outcome is what became of a batch.
type outcome struct {
	written []*document
	status  map[string]status // of those written
	refused []*ArticleError
	err     error // why the rest was not tried
}

func newLoader(write func(context.Context, []*document) (map[string]status, error)) *loader {
	return &loader{write: write, entities: map[extract.Kind]map[ref]bool{}, summary: Summary{
		Entities: map[extract.Kind]int{}, Claims: map[extract.Predicate]int{}, Dropped: map[string]int{},
	}}
}

// addItem gives an item to l. What is kept comes after all before it and before
// all after it.
func (db *DB) addItem(ctx context.Context, l *loader, item Item) error {
	if item.Record == nil {
		return l.add(ctx, item.Result)
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if item.Record.kept == nil {
		return l.gather(ctx, item.Record.doc)
	}
	if err := cmp.Or(l.flush(ctx), l.wait()); err != nil {
		return err
	}
	return db.keep(ctx, item.Record.kept)
}

func (l *loader) add(ctx context.Context, r extract.Result) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	d, err := newDocument(r)
	if err != nil {
		l.summary.Refused = append(l.summary.Refused, refusal(cmp.Or(r.Article.ID, r.Article.URL, r.Article.Path), err))
		return nil
	}
	return l.gather(ctx, d)
}

// gather takes in a document, and writes all where they fill a batch.
func (l *loader) gather(ctx context.Context, d *document) error {
	if d.props["capture"] != nil && slices.ContainsFunc(l.docs, func(have *document) bool { return have.self.key == d.self.key }) {
		// The former version has to be there for the graph to know of it.
		if err := l.flush(ctx); err != nil {
			return err
		}
	}
	l.docs = append(l.docs, d)
	l.rows += d.size()
	if len(l.docs) < maxArticles && l.rows < maxRows {
		return nil
	}
	return l.flush(ctx)
}

func refusal(article string, err error) *ArticleError {
	return &ArticleError{Article: article, Err: err}
}

// flush begins to write what has been gathered, of an article that came twice
// the last. The error is that of the batch before.
func (l *loader) flush(ctx context.Context) error {
	byKey := map[string]*document{}
	for _, d := range l.docs {
		byKey[d.self.key] = d
	}
	docs := slices.SortedFunc(maps.Values(byKey), func(x, y *document) int { return x.self.compare(y.self) })
	l.docs, l.rows = nil, 0
	if err := l.wait(); err != nil || len(docs) == 0 {
		return err
	}
	l.writing = make(chan *outcome, 1)
	go func(done chan<- *outcome) {
		o := &outcome{status: map[string]status{}}
		o.err = l.writeParts(ctx, docs, o)
		done <- o
	}(l.writing)
	return nil
}

// wait waits for the batch that is being written.
func (l *loader) wait() error {
	if l.writing == nil {
		return nil
	}
	o := <-l.writing
	l.writing = nil
	l.count(o)
	return o.err
}

// writeParts writes docs, in halves where the server cannot take them at once.
// So an article that it cannot take at all is found and refused alone.
func (l *loader) writeParts(ctx context.Context, docs []*document, o *outcome) error {
	done, err := l.write(ctx, docs)
	switch {
	case err == nil:
		o.written = append(o.written, docs...)
		maps.Copy(o.status, done)
		return nil
	case !divisible(err):
		return err
	case len(docs) == 1 && errors.Is(err, ErrTimeout):
		return err
	case len(docs) == 1:
		o.refused = append(o.refused, refusal(docs[0].source, err))
		return nil
	}
	half := len(docs) / 2
	if err := l.writeParts(ctx, docs[:half], o); err != nil {
		return err
	}
	return l.writeParts(ctx, docs[half:], o)
}

func (l *loader) count(o *outcome) {
	l.summary.Refused = append(l.summary.Refused, o.refused...)
	for _, d := range o.written {
		switch o.status[d.self.key] {
		case unchangedArticle:
			l.summary.Unchanged++
			continue
		case forgottenArticle:
			l.summary.Refused = append(l.summary.Refused, refusal(d.source, errForgotten))
			continue
		case newArticle:
			l.summary.New++
		case changedArticle:
			l.summary.Changed++
		}
		for entity, kind := range d.kinds {
			if l.entities[kind] == nil {
				l.entities[kind] = map[ref]bool{}
			}
			l.entities[kind][entity] = true
		}
		for _, c := range d.claims {
			l.summary.Claims[c.predicate]++
		}
		l.summary.Figures += len(d.figures)
		l.summary.Breaches += len(d.reports)
		for reason, n := range d.dropped {
			l.summary.Dropped[reason] += n
		}
	}
}

// A sizeError stands for a server's complaint about the size of a transaction.
// It hides what it wraps, which the driver would take for a passing trouble and
// try again in vain.
type sizeError struct{ text string }

// collisionCodes are the server's words for what another load did in between.
var collisionCodes = []string{
	"Neo.ClientError.Schema.ConstraintValidationFailed",
	"Neo.ClientError.Statement.EntityNotFound",
}

// memoryCodes are the server's words for a transaction that is too large.
var memoryCodes = []string{
	"Neo.TransientError.General.MemoryPoolOutOfMemoryError",
	"Neo.TransientError.General.TransactionMemoryLimit",
	"Neo.TransientError.General.OutOfMemoryError",
	"Neo.TransientError.General.TransactionOutOfMemoryError",
}

func (e *sizeError) Error() string { return e.text }

// divisible reports whether err may be the fault of one article or of the size
// of the batch, and not of the database.
func divisible(err error) bool {
	return errors.Is(err, ErrTimeout) || errors.As(err, new(*sizeError)) || coded(err, articleCodes)
}

// articleCodes are the server's words for values that it cannot store.
var articleCodes = []string{
	"Neo.ClientError.Statement.ArgumentError",
	"Neo.ClientError.Statement.TypeError",
	"Neo.ClientError.Schema.ConstraintValidationFailed",
	"Neo.DatabaseError.Statement.ExecutionFailed",
	"Neo.DatabaseError.Transaction.TransactionCommitFailed",
}

// writeBatch writes docs, which are sorted by key, in one transaction. It writes
// them again where the connection was lost while the server committed: whether
// it did shows in what is there then.
func (db *DB) writeBatch(ctx context.Context, docs []*document) (map[string]status, error) {
	s := db.session(ctx, neo4j.AccessModeWrite)
	sent := map[string]status{}
	err := db.writeChanged(ctx, s, docs, sent)
	for try := 1; try < collisions && ctx.Err() == nil && (coded(err, collisionCodes) || errors.Is(err, errResolved) || lostCommit(err)); try++ {
		err = db.writeChanged(ctx, s, docs, sent)
	}
	return sent, errors.Join(explain(err), s.Close(ctx))
}

// lostCommit reports whether err is that a connection ended during a commit: of
// all losses the one that the driver does not try again by itself.
func lostCommit(err error) bool {
	return errors.As(err, new(*neo4j.ConnectivityError)) && !errors.As(err, new(*neo4j.TransactionExecutionLimit))
}

// writeChanged leaves out what a look without locks shows to be there already,
// and notes in sent what became of the others.
func (db *DB) writeChanged(ctx context.Context, s neo4j.SessionWithContext, docs []*document, sent map[string]status) error {
	there, err := neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) (map[string]bool, error) {
		there, rows := map[string]bool{}, make([]map[string]any, len(docs))
		for i, d := range docs {
			rows[i] = map[string]any{"key": d.self.key, "hash": d.hash}
		}
		err := newBatch(tx, nil).ask(ctx, unchanged, rows, func(r *neo4j.Record) { there[get[string](r, "key")] = true })
		return there, err
	})
	if err != nil || len(there) == len(docs) {
		return err
	}
	docs = slices.DeleteFunc(slices.Clone(docs), func(d *document) bool { return there[d.self.key] })
	_, err = s.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		b := newBatch(tx, docs)
		err := b.run(ctx)
		if coded(err, memoryCodes) {
			err = &sizeError{err.Error()}
		}
		maps.Copy(sent, b.status)
		return nil, err
	}, neo4j.WithTxTimeout(db.writeTime))
	return err
}
