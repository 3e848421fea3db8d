package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/ingest/jobs"
)

func (a *app) workerCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "worker",
		Short: "Work at the jobs of a service, on this or another machine",
		Long: `Work at the jobs of a service: fetch pages for its crawl, extract from articles,
load what was extracted. On another machine than the service's it needs the NATS
server that they share, and to load, the database. Which host is asked when is for
the service to say: each is asked by one worker at a time.`,
		Example: `  breachgraph worker --stages extract
  breachgraph worker --stages fetch,extract --nats nats://queue.example.net:4222
  breachgraph worker --nats nats://queue.example.net:4222 --neo4j-uri neo4j://graph.example.net`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkLanguage(); err != nil {
				return err
			}
			stages, err := a.workStages()
			if err != nil {
				return err
			}
			if len(stages) == 0 {
				return usagef("--stages none leaves nothing to work at")
			}
			if err := a.openSecond(); err != nil {
				return err
			}
			p, stop, err := a.openPipeline(cmd.Context())
			if err != nil {
				return err
			}
			defer stop()
			a.log.Info("working at " + strings.ReplaceAll(a.stages, ",", " and "))
			return p.Work(cmd.Context(), stages)
		},
	}
	a.addFlags(cmd, "worker")
	return cmd
}

// workStages are the stages that the settings name.
func (a *app) workStages() ([]jobs.Stage, error) {
	if a.stages == "none" {
		return nil, nil
	}
	var out []jobs.Stage
	for name := range strings.SplitSeq(a.stages, ",") {
		s := jobs.Stage(strings.TrimSpace(name))
		if !slices.Contains(jobs.Stages(), s) || slices.Contains(out, s) {
			return nil, usagef("--stages is some of fetch, extract and load, parted by commas, not %q", a.stages)
		}
		out = append(out, s)
	}
	return out, nil
}
