package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// A composed is a service of docker-compose.yml, as far as it is looked at.
type composed struct {
	User        string
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	SecurityOpt []string `yaml:"security_opt"`
	Privileged  bool
	Command     []string
	Environment map[string]string
	Ports       []string
	Profiles    []string
	Volumes     []string
	Healthcheck map[string]any
	Image       string
}

// A compose is docker-compose.yml.
type compose struct {
	Services map[string]composed
	Volumes  map[string]any
}

func readCompose(t *testing.T) (file compose) {
	t.Helper()
	raw, err := os.Open("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	// What is merged in counts as given twice where it is given anew.
	if err := yaml.NewDecoder(raw, yaml.AllowDuplicateMapKey()).Decode(&file); err != nil {
		t.Fatal(err)
	}
	return file
}

// Containers have no rights that they do not need, nothing is reached from other
// machines, and no secret stands in the file.
func TestCompose(t *testing.T) {
	file := readCompose(t)
	profiles := map[string]bool{}
	for name, s := range file.Services {
		for _, p := range s.Profiles {
			profiles[p] = true
		}
		if s.User == "" || strings.HasPrefix(s.User, "0") || s.User == "root" || s.Privileged {
			t.Errorf("%s runs as %q", name, s.User)
		}
		if !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s keeps capabilities %v or may get privileges %v", name, s.CapDrop, s.SecurityOpt)
		}
		if name != "neo4j" && !s.ReadOnly { // Neo4j writes its configuration at its start
			t.Errorf("%s may write to its own root", name)
		}
		if strings.Contains(s.Image, ":latest") {
			t.Errorf("%s is %s, whatever that is tomorrow", name, s.Image)
		}
		for _, p := range s.Ports {
			if !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s is reached from other machines at %s", name, p)
			}
		}
		for key, value := range s.Environment {
			if regexp.MustCompile(`PASSWORD|TOKEN|AUTH|SECRET`).MatchString(key) && !strings.Contains(value, "${") {
				t.Errorf("%s has %s in the file", name, key)
			}
		}
		for _, v := range s.Volumes {
			if volume, _, _ := strings.Cut(v, ":"); !strings.ContainsAny(volume, "/$.") {
				if _, ok := file.Volumes[volume]; !ok {
					t.Errorf("%s mounts the volume %s, which is not declared", name, volume)
				}
			}
		}
		if serves := len(s.Command) > 0 && s.Command[0] == "serve"; (serves || name == "neo4j" || name == "nats") && s.Healthcheck["test"] == nil {
			t.Errorf("nobody asks %s whether it is well", name)
		}
	}
	if !profiles["service"] || !profiles["cluster"] || !profiles["tools"] {
		t.Errorf("profiles %v", profiles)
	}
}

// The commands of deployments are those of the program.
func TestDeployedCommands(t *testing.T) {
	file := readCompose(t)
	all := verbs(t)
	known := func(where string, words []string) {
		t.Helper()
		cmd, ok := all[words[0]]
		if !ok {
			t.Errorf("%s: no verb %s", where, words[0])
			return
		}
		for _, w := range words[1:] {
			flag, _, _ := strings.Cut(strings.TrimPrefix(w, "--"), "=")
			if strings.HasPrefix(w, "--") && cmd.Flags().Lookup(flag) == nil && cmd.InheritedFlags().Lookup(flag) == nil {
				t.Errorf("%s: %s has no flag %s", where, words[0], w)
			}
		}
	}
	for name, s := range file.Services {
		if name != "nats" && len(s.Command) > 0 {
			known(name, s.Command)
		}
	}
	units, err := filepath.Glob("../../docs/operations/*.service")
	if err != nil || len(units) == 0 {
		t.Fatal(units, err)
	}
	for _, unit := range units {
		raw, err := os.ReadFile(unit)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/breachgraph (.*)$`).FindAllStringSubmatch(string(raw), -1) {
			known(filepath.Base(unit), strings.Fields(m[1]))
		}
		for _, need := range []string{"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "SystemCallFilter="} {
			if !strings.Contains(string(raw), "\n"+need) {
				t.Errorf("%s lacks %s", filepath.Base(unit), need)
			}
		}
	}
}

// TestUnits has systemd read the units.
func TestUnits(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("no systemd here")
	}
	dir := t.TempDir()
	files, err := filepath.Glob("../../docs/operations/breachgraph*.[st]*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var names []string
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, strings.Replace(filepath.Base(f), "@", "@extract", 1))
		text := strings.ReplaceAll(string(raw), "/usr/local/bin/breachgraph", "/bin/true")
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	out, err := exec.CommandContext(t.Context(), analyze, append([]string{"verify", "--man=no"}, names...)...).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "breachgraph") {
			t.Errorf("systemd: %s", line)
		}
	}
	if err != nil && len(out) == 0 {
		t.Error(fmt.Errorf("systemd-analyze: %w", err))
	}
}

// What is installed with `go install …@latest` is what is built here: that takes
// a go.mod that replaces nothing.
func TestInstallable(t *testing.T) {
	raw, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`(?m)^(replace|exclude|toolchain)\b`).Match(raw) {
		t.Error("go.mod replaces or excludes modules")
	}
}
