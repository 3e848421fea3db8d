package main

import (
	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/ingest/crawl"
)

func (a *app) replayCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "replay ARCHIVE…",
		Short: "Extract from archived pages again and load that, without the network",
		Long: `Extract from archived pages again and load that, without the network. An archive is
a folder of WARC files, such as the one that crawl keeps, or one of its files. The
versions of an article come in the order in which they were captured; copies, and
pages that were seen again unchanged, are told as crawl tells them. So an empty
database comes to hold what the crawls had loaded.`,
		Example: `  breachgraph replay .breachgraph/crawl/archive
  NEO4J_URI=bolt://localhost breachgraph replay archive/breachgraph-000001-*.warc.gz`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkLanguage(); err != nil {
				return err
			}
			sources, err := crawl.Sources(a.sources)
			if err != nil {
				return err
			}
			replay := crawl.Replay{Sources: sources, Read: readPage}
			return a.ingest(cmd, args, replay.Articles(cmd.Context(), args...))
		},
	}
	a.addFlags(cmd, "replay")
	return cmd
}
