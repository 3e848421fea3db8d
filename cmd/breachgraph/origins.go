package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/configfile"
)

// configName is the file of settings in the data folder.
const configName = "breachgraph.yaml"

// settle gives the settings of a verb their values: what the command line left
// open is taken from the environment, and what that leaves open from the file.
func (a *app) settle(cmd *cobra.Command) error {
	verb := verbOf(cmd)
	if err := fromEnvironment(cmd.Flags(), verb); err != nil {
		return err
	}
	if verb == "version" || verb == "completion" || verb == "config" || strings.HasPrefix(verb, "config ") {
		return nil // they must work whatever is in the file
	}
	file, problems, err := a.readConfig()
	switch {
	case err != nil:
		return usagef("%v", err)
	case len(problems) == 1:
		return usagef("%v", problems[0])
	case len(problems) > 1:
		return usagef("%v, and %d more; `breachgraph config check` lists them", problems[0], len(problems)-1)
	}
	if err := fromFile(cmd.Flags(), verb, file); err != nil {
		return err
	}
	return a.readPassword()
}

// verbOf is a verb's name as the table of settings has it.
func verbOf(cmd *cobra.Command) string {
	_, verb, _ := strings.Cut(cmd.CommandPath(), " ")
	return verb
}

func (s setting) of(verb string) bool { return s.verbs == nil || slices.Contains(s.verbs, verb) }

// fromEnvironment fills in, from the variables of the table, what the command
// line left open.
func fromEnvironment(flags *pflag.FlagSet, verb string) error {
	for _, s := range settings() {
		f := flags.Lookup(s.flag)
		value := s.variable()
		if value == "" || f == nil || f.Changed || !s.of(verb) {
			continue
		}
		if err := f.Value.Set(value); err != nil {
			return usagef("%s: %q is not a number", s.env, value)
		}
	}
	return nil
}

// variable is what the environment says.
func (s setting) variable() string {
	if s.env == "" {
		return ""
	}
	return os.Getenv(s.env)
}

// fromFile fills in what the environment left open too.
func fromFile(flags *pflag.FlagSet, verb string, file *configfile.File) error {
	for _, s := range settings() {
		f := flags.Lookup(s.flag)
		if f == nil || f.Changed || s.variable() != "" || !s.of(verb) {
			continue
		}
		v, ok := file.Lookup(verb, s.flag)
		if !ok {
			continue
		}
		if err := f.Value.Set(v.Text); err != nil {
			return usagef("%s:%d: %s: %v", file.Path, v.Line, s.flag, err)
		}
	}
	return nil
}

// readConfig reads the file of settings. It is nil where none is named and there
// is none in the data folder.
func (a *app) readConfig() (*configfile.File, []*configfile.Problem, error) {
	path := a.configPath
	if path != "" {
		return configfile.Read(path, configKeys(""))
	}
	path = filepath.Join(a.data, configName)
	file, problems, err := configfile.Read(path, configKeys("this file lies in the data folder; name it by --config, or set BREACHGRAPH_DATA"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	return file, problems, err
}

// configKeys are the settings as a file may hold them. noData says why the data
// folder cannot be among them; empty where it can.
func configKeys(noData string) []configfile.Key {
	var keys []configfile.Key
	for _, s := range settings() {
		k := configfile.Key{Name: s.flag, Verbs: s.verbs, Type: s.kind(), Refused: s.refused(), Check: s.checkInFile}
		if s.flag == "data" {
			k.Refused = noData
		}
		keys = append(keys, k)
	}
	return keys
}

// kind is the type of the setting's field.
func (s setting) kind() configfile.Type {
	switch s.field(new(options)).(type) {
	case *bool:
		return configfile.Switch
	case *int:
		return configfile.Whole
	case *float64:
		return configfile.Number
	}
	return configfile.Text
}

// isSecret reports whether the value itself is one, as is that of a password and
// not that of a file of it.
func (s setting) isSecret() bool {
	for _, end := range []string{"password", "token", "tokens", "key", "secret"} {
		if s.flag == end || strings.HasSuffix(s.flag, "-"+end) {
			return true
		}
	}
	return false
}

// refused says why a setting cannot stand in a file; nothing for one that can.
func (s setting) refused() string {
	switch {
	case s.flag == "config":
		return "it is what names the file"
	case s.isSecret():
		return "it is a secret; set " + s.env + ", or name a file of it by " + s.flag + "-file"
	case s.flag == "llm":
		return "it has articles sent to somebody, which takes the flag each time"
	case s.flag == "yes" || s.flag == "replace" || s.flag == "in":
		return "it has to be said each time"
	}
	return ""
}

// userInfo is where a URL has a user, a password or a token.
var userInfo = regexp.MustCompile(`://[^/\s,]*@`)

// mask is a value as it may be shown.
func (s setting) mask(value string) string {
	if value != "" && s.isSecret() {
		return "***"
	}
	return userInfo.ReplaceAllString(value, "://***@")
}

// checkInFile says what is wrong with a value in a file.
func (s setting) checkInFile(value string) error {
	if userInfo.MatchString(value) {
		return errors.New("names a user, a password or a token; say those by variables or files")
	}
	return s.check(value)
}

// A shown setting is one with its value and where that came from.
type shown struct {
	Setting string   `json:"setting"`
	Verbs   []string `json:"verbs,omitempty"` // empty for all
	Value   string   `json:"value"`
	From    string   `json:"from"`
}

// effective are all settings as they are in force, with a row for each verb for
// which the file says something of its own.
func effective(flags *pflag.FlagSet, file *configfile.File) []shown {
	var out []shown
	for _, s := range settings() {
		row := shown{Setting: s.flag, Verbs: s.verbs}
		f := flags.Lookup(s.flag)
		switch v, ok := file.Below("", s.flag); {
		case f != nil && f.Changed && s.verbs == nil:
			row.Value, row.From = f.Value.String(), "--"+s.flag
		case s.variable() != "":
			row.Value, row.From = s.variable(), s.env
		case ok:
			row.Value, row.From = v.Text, place(file, v)
		default:
			row.Value, row.From = s.deflt, "default"
		}
		beaten := row.From == s.env || row.From == "--"+s.flag // what the file says
		row.Value = s.mask(row.Value)
		out = append(out, row)
		for _, verb := range s.verbs {
			if v, ok := file.Below(verb, s.flag); ok && !beaten {
				out = append(out, shown{s.flag, []string{verb}, s.mask(v.Text), place(file, v)})
			}
		}
	}
	return out
}

func place(file *configfile.File, v configfile.Value) string {
	return file.Path + ":" + strconv.Itoa(v.Line)
}

// readPassword reads the password of the database from the file that was named
// for it, unless it was given otherwise.
func (a *app) readPassword() error {
	if a.password != "" || a.passwordFile == "" {
		return nil
	}
	password, err := readKey(a.passwordFile)
	if path := new(fs.PathError); errors.As(err, &path) {
		err = path.Err
	}
	if err != nil {
		return fmt.Errorf("read the file of --neo4j-password-file: %w", err)
	}
	a.password = password
	return nil
}
