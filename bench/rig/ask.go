package rig

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Metrics are what the service says of itself at /metrics, by name and labels.
func (r *Rig) Metrics(ctx context.Context) (map[string]float64, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.listen+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	out := map[string]float64{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if i := strings.LastIndexByte(lines.Text(), ' '); i > 0 && lines.Text()[0] != '#' {
			if v, err := strconv.ParseFloat(lines.Text()[i+1:], 64); err == nil {
				out[lines.Text()[:i]] = v
			}
		}
	}
	return out, lines.Err()
}

// Loaded is how many articles the graph holds.
func (r *Rig) Loaded(ctx context.Context) (int, error) {
	out, err := r.Run(ctx, "MATCH (a:Article) RETURN count(a) AS n", "query", "-", "--format", "csv")
	if err != nil {
		return 0, err
	}
	_, n, _ := strings.Cut(strings.TrimSpace(out), "\n")
	return strconv.Atoi(strings.TrimSpace(n))
}

// Digest is the hash of the graph.
func (r *Rig) Digest(ctx context.Context) (string, error) {
	out, err := r.Run(ctx, "", "check", "--digest")
	return strings.TrimSpace(out), err
}

// A Stage is what `jobs list` says of a stage.
type Stage struct{ Waiting, Held, Dead int }

// Jobs are the stages by name, and all that is said of dead letters.
func (r *Rig) Jobs(ctx context.Context, args ...string) (stages map[string]Stage, said string, err error) {
	said, err = r.Run(ctx, "", append([]string{"jobs", "list"}, args...)...)
	stages = map[string]Stage{}
	for line := range strings.Lines(said) {
		var name string
		var s Stage
		if n, _ := fmt.Sscan(line, &name, &s.Waiting, &s.Held, &s.Dead); n == 4 {
			stages[name] = s
		}
	}
	return stages, said, err
}

// Neo4j is the local Neo4j of the rig, nil where it does not run.
func (r *Rig) Neo4j() *os.Process {
	raw, err := os.ReadFile(filepath.Join(r.Folder, "data", "neo4j", "server.json"))
	if err != nil {
		return nil // it was not started yet
	}
	var s struct {
		PID int `json:"pid"`
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil // it is being written
	}
	command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", s.PID))
	if err != nil || !strings.Contains(string(command), r.Folder) {
		return nil // another has the number now
	}
	p, err := os.FindProcess(s.PID)
	if err != nil {
		return nil
	}
	return p
}
