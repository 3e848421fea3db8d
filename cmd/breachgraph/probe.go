package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// probeTime bounds the wait for an answer.
const probeTime = 8 * time.Second

func (a *app) probeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "probe",
		Short: "Ask the service of this machine whether it lives",
		Long: `Ask the service of this machine whether it lives, for health checks of containers
that hold nothing else. The exit status is 1 where it does not.`,
		Example: "  breachgraph probe --listen 127.0.0.1:8321",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.probe(cmd.Context()) },
	}
	a.addFlags(cmd, "probe")
	return cmd
}

func (a *app) probe(ctx context.Context) error {
	_, port, err := net.SplitHostPort(a.listen)
	if err != nil {
		return usagef("--listen: %v; give HOST:PORT", err)
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort("localhost", port)+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	answer, err := (&http.Transport{}).RoundTrip(req)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("probe: it answers %s", answer.Status)
	}
	return nil
}
