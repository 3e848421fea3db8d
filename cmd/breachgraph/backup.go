package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/backup"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/schedule"
)

// What the entries of a backup are, by how their names begin.
const (
	backupData  = "data/" // a file of the data folder
	backupJobs  = "jobs/jobs"
	backupTimes = "jobs/schedule"
	backupGraph = "graph/graph"
)

// What a manifest says of the graph.
const (
	aboutDigest        = "digest"
	aboutSchema        = "schema" // its version
	aboutNodes         = "nodes"
	aboutRelationships = "relationships"
)

func (a *app) backupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup FILE|FOLDER",
		Short: "Write all that breachgraph knows into one file",
		Long: `Write all that breachgraph knows into one file: the frontier, the archive and
whatever else is in the data folder, jobs, dead letters and the schedule of sources,
and the graph. In a folder the file is named by the time. It appears whole or not at
all.

A service may go on meanwhile: it crawls and extracts, and loads again when the
graph has been read. Beside anything else that loads or crawls, backup refuses.`,
		Example: `  breachgraph backup /var/backups/breachgraph/
  breachgraph backup --no-graph archive.tar.zst    the graph can be made anew by replay`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.backup(cmd, args[0]) },
	}
	a.addFlags(cmd, "backup")
	return cmd
}

func (a *app) backup(cmd *cobra.Command, target string) error {
	ctx, now := cmd.Context(), time.Now().UTC()
	q, err := a.openQueue(ctx)
	if err != nil {
		return err
	}
	defer q.Close()
	path := backupPath(target, now)
	w, err := backup.Create(path, backup.Head{Program: version(), Made: now})
	if err != nil {
		return err
	}
	defer w.Abandon()
	// In this order: what goes from one to the next meanwhile is met at least once.
	if err := a.backupFiles(ctx, w, q); err != nil {
		return err
	}
	about, err := a.backupState(ctx, w, q)
	if err != nil {
		return err
	}
	size, err := w.Finish(about)
	if err != nil || a.quiet {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %.1f MB", path, float64(size)/1e6)
	if err == nil && !a.noGraph {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), ", graph of %s nodes and %s relationships", about[aboutNodes], about[aboutRelationships])
	}
	_, endErr := fmt.Fprintln(cmd.OutOrStdout())
	return errors.Join(err, endErr)
}

// backupPath is the file that is meant by the argument.
func backupPath(target string, now time.Time) string {
	if info, err := os.Stat(target); err == nil && info.IsDir() || os.IsPathSeparator(target[len(target)-1]) {
		return filepath.Join(target, "breachgraph-"+now.Format("20060102-150405")+".tar.zst")
	}
	return target
}

// backupState writes jobs and graph, while nothing is loaded.
func (a *app) backupState(ctx context.Context, w *backup.Writer, q *jobs.Queue) (about map[string]string, err error) {
	if a.noGraph {
		return nil, backupQueue(ctx, w, q)
	}
	db, _, err := a.openDatabase(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w; --no-graph leaves the graph out", err)
	}
	defer db.Close(ctx)
	resume, err := q.Pause(ctx, jobs.Load)
	if err != nil {
		return nil, err
	}
	about, err = backupDatabase(ctx, w, q, db)
	return about, errors.Join(err, resume())
}

func backupDatabase(ctx context.Context, w *backup.Writer, q *jobs.Queue, db *graph.DB) (map[string]string, error) {
	if err := backupQueue(ctx, w, q); err != nil {
		return nil, err
	}
	size, err := db.Size(ctx)
	if err != nil {
		return nil, err
	}
	written, err := w.Lines(backupGraph, db.Dump(ctx))
	if err != nil {
		return nil, err
	}
	digest, err := db.Digest(ctx)
	if err != nil {
		return nil, err
	}
	after, err := db.Size(ctx)
	if err != nil {
		return nil, err
	}
	if after != size || written != size.Nodes+size.Relationships {
		return nil, errors.New("the graph changed while it was read; wait until nothing else loads into it, such as ingest, crawl, replay, resolve or curate")
	}
	return map[string]string{
		aboutDigest: digest, aboutSchema: strconv.Itoa(graph.SchemaVersion), aboutNodes: strconv.FormatInt(size.Nodes, 10), aboutRelationships: strconv.FormatInt(size.Relationships, 10),
	}, nil
}

// backupQueue writes what lies in JetStream: jobs, and the schedule.
func backupQueue(ctx context.Context, w *backup.Writer, q *jobs.Queue) error {
	_, err := w.Lines(backupJobs, func(yield func(json.RawMessage, error) bool) {
		for k, err := range q.Kept(ctx) {
			var raw []byte
			if err == nil {
				raw, err = json.Marshal(k)
			}
			if !yield(raw, err) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	times, err := schedule.All(ctx, q)
	if err != nil {
		return err
	}
	slices.SortFunc(times, func(a, b schedule.Kept) int { return strings.Compare(a.Source, b.Source) })
	_, err = w.Lines(backupTimes, func(yield func(json.RawMessage, error) bool) {
		for _, k := range times {
			if raw, err := json.Marshal(k); !yield(raw, err) {
				return
			}
		}
	})
	return err
}
