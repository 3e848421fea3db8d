package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/backup"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/schedule"
)

func (a *app) restoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring back what backup wrote",
		Long: `Bring back what backup wrote: the data folder, jobs and dead letters, and the graph.
The file is read from end to end first; one that is cut off or damaged is refused
before anything is touched. So is a data folder, job queue or database that holds
something, unless --replace says that it may go. Stop the service before.

At the end the graph is compared with that of the backup.`,
		Example: `  breachgraph restore /var/backups/breachgraph/breachgraph-20260301-030000.tar.zst
  breachgraph restore --data ~/copy --replace backup.tar.zst`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.restore(cmd, args[0]) },
	}
	a.addFlags(cmd, "restore")
	return cmd
}

// A restoring is a restore on its way.
type restoring struct {
	*app
	file     string
	manifest backup.Manifest
	queue    *jobs.Queue
	db       *graph.DB // nil where the backup has no graph
}

func (a *app) restore(cmd *cobra.Command, file string) error {
	ctx := cmd.Context()
	m, err := backup.Verify(file)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(a.data, 0o755); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	r := &restoring{app: a, file: file, manifest: m}
	if r.queue, err = a.openQueue(ctx); err != nil {
		return err
	}
	defer r.queue.Close()
	if m.About[aboutDigest] != "" {
		if have := strconv.Itoa(graph.SchemaVersion); m.About[aboutSchema] != have {
			return fmt.Errorf("restore %s: its graph has schema version %.20s, and this breachgraph knows %s: restore it with breachgraph %.40s", file, m.About[aboutSchema], have, m.Program)
		}
		if r.db, _, err = a.openDatabase(ctx); err != nil {
			return err
		}
		defer r.db.Close(ctx)
	}
	if err := r.refuse(ctx); err != nil {
		return err
	}
	if err := r.run(ctx); err != nil {
		return err
	}
	if a.quiet {
		return nil
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "restored what breachgraph %s had on %s\n", m.Program, m.Made.Local().Format(time.DateTime))
	return err
}

// refuse is an error where something would be overwritten that may not.
func (r *restoring) refuse(ctx context.Context) error {
	if r.replace {
		return nil
	}
	var there []string
	for name := range r.topLevel() {
		if _, err := os.Lstat(filepath.Join(r.data, name)); err == nil {
			there = append(there, filepath.Join(r.data, name))
		}
	}
	depths, err := r.queue.Depths(ctx)
	if err != nil {
		return err
	}
	for stage, d := range depths {
		if n := d.Waiting + d.Held + d.Dead; n > 0 {
			there = append(there, fmt.Sprintf("%s in %s", count(n, "job"), stage))
		}
	}
	if r.db != nil {
		size, err := r.db.Size(ctx)
		if err != nil {
			return err
		}
		if size.Nodes > 0 {
			there = append(there, fmt.Sprintf("a graph of %d nodes", size.Nodes))
		}
	}
	if len(there) > 0 {
		return fmt.Errorf("restore: there is something already (%s); --replace deletes it first", strings.Join(there, ", "))
	}
	return nil
}

// topLevel is what the backup has in the data folder, and what has to go before
// that comes.
func (r *restoring) topLevel() map[string]bool {
	names := map[string]bool{"crawl": true, curationFile: true}
	for _, e := range r.manifest.Entries {
		if path, ok := strings.CutPrefix(e.Name, backupData); ok {
			name, _, _ := strings.Cut(path, "/")
			names[name] = true
		}
	}
	return names
}

// run restores. What is cut off from here on is told as such.
func (r *restoring) run(ctx context.Context) (err error) {
	unlock, err := r.lockCrawl()
	if err != nil {
		return err
	}
	defer unlock()
	staging, err := os.MkdirTemp(r.data, ".restore-")
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	if err := r.unpack(ctx, staging); err != nil {
		return err
	}
	resume, err := r.queue.Pause(ctx, jobs.Load)
	if err != nil {
		return err
	}
	err = r.state(ctx, staging)
	// The pause went with the jobs that were there.
	if resumeErr := resume(); resumeErr != nil {
		r.log.Debug("end the pause", "error", resumeErr)
	}
	if err != nil {
		return fmt.Errorf("%w; what is there now is not whole: run this again with --replace", err)
	}
	return nil
}

// state replaces jobs, graph and files.
func (r *restoring) state(ctx context.Context, staging string) error {
	if err := r.queue.Clear(ctx); err != nil {
		return err
	}
	if r.db != nil {
		if err := r.graph(ctx); err != nil {
			return err
		}
	}
	if err := r.swap(staging); err != nil {
		return err
	}
	for line, err := range backup.AllLines(r.file, backupJobs) {
		var k jobs.Kept
		if err == nil {
			err = json.Unmarshal(line, &k)
		}
		if err == nil {
			err = r.queue.Keep(ctx, k)
		}
		if err != nil {
			return err
		}
	}
	return r.schedule(ctx)
}

// schedule replaces what is known of when sources were looked at.
func (r *restoring) schedule(ctx context.Context) error {
	var times []schedule.Kept
	for line, err := range backup.AllLines(r.file, backupTimes) {
		var k schedule.Kept
		if err == nil {
			err = json.Unmarshal(line, &k)
		}
		if err != nil {
			return err
		}
		times = append(times, k)
	}
	return schedule.Restore(ctx, r.queue, times)
}

// graph replaces the graph, and compares it with what it was.
func (r *restoring) graph(ctx context.Context) error {
	if err := r.db.Wipe(ctx); err != nil {
		return err
	}
	if err := r.db.EnsureSchema(ctx); err != nil {
		return err
	}
	size, err := r.db.LoadDump(ctx, backup.AllLines(r.file, backupGraph))
	if err != nil {
		return err
	}
	digest, err := r.db.Digest(ctx)
	if err != nil {
		return err
	}
	if want := r.manifest.About[aboutDigest]; digest != want {
		return fmt.Errorf("the graph of %d nodes and %d relationships is not the one of the backup: its digest is %s, not %s", size.Nodes, size.Relationships, digest, want)
	}
	return nil
}
