package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
)

// formats are the values of --format, by the verb that has it.
func formats() map[string][]string {
	return map[string][]string{
		"crawl": {"table", "jsonl"}, "schedule": {"table", "json"}, "config show": {"table", "json"},
		"doctor":  {"table", "json"},
		"extract": {"jsonl", "json", "html", "cypher", "summary"},
		"query":   {"table", "json", "jsonl", "csv", "cypher"}, "resolve": {"table", "json", "jsonl", "csv"},
		"export": {"graphml", "csv", "stix", "jsonl", "html"},
	}
}

// check says what is wrong with a value that is of the right type; verbs check
// more, such as whether a file is there.
func (s setting) check(value string) error {
	switch s.flag {
	case "log-format":
		return oneOf(value, "text", "json")
	case "language":
		return oneOf(value, "en", "any")
	case "format":
		if allowed, ok := formats()[s.verbs[0]]; ok {
			return oneOf(value, allowed...)
		}
	case "heap", "parallel", "llm-timeout", "rows":
		return between(value, 1, 1<<31-1)
	case "limit", "keep-pages", "keep-dead":
		return between(value, 0, 1<<31-1)
	case "bolt-port", "http-port", "port":
		return between(value, 0, 65535)
	case "delay":
		return checkDelay(value)
	case "timezone":
		if _, err := time.LoadLocation(value); err != nil {
			return fmt.Errorf("%q is not a time zone such as Europe/London", value)
		}
	case "since":
		_, err := ingest.ParseDate(value)
		return err
	case "listen", "pprof":
		if _, _, err := net.SplitHostPort(value); err != nil && value != "" {
			return fmt.Errorf("%q is not HOST:PORT", value)
		}
	case "neo4j-uri":
		return checkURLs(value, "bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
	case "nats":
		return checkURLs(value, "nats", "tls", "ws", "wss")
	case "browser-url":
		return checkURLs(value, "http", "https")
	}
	return nil
}

func oneOf(value string, allowed ...string) error {
	if !slices.Contains(allowed, value) {
		return fmt.Errorf("%q is not %s", value, strings.Join(allowed, " or "))
	}
	return nil
}

func between(value string, least, most int) error {
	if n, err := strconv.Atoi(value); err != nil || n < least || n > most {
		return fmt.Errorf("%s is not between %d and %d", value, least, most)
	}
	return nil
}

func checkDelay(value string) error {
	if d, err := time.ParseDuration(value); err != nil || d < 0 {
		return fmt.Errorf("%q is not a time such as 2s", value)
	}
	return nil
}

// checkURLs checks addresses that are parted by commas.
func checkURLs(value string, schemes ...string) error {
	if value == "" {
		return nil
	}
	for address := range strings.SplitSeq(value, ",") {
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.Host == "" {
			return errors.New("is not an address such as " + schemes[0] + "://HOST")
		}
		if !slices.Contains(schemes, u.Scheme) {
			return fmt.Errorf("begins with %s:// and not with one of %s", u.Scheme, strings.Join(schemes, ", "))
		}
	}
	return nil
}

// checkVariables says what is wrong in the environment.
func checkVariables() []string {
	var wrong []string
	for _, s := range settings() {
		value := s.variable()
		if value == "" {
			continue
		}
		o := new(options)
		switch p := s.field(o).(type) {
		case *int:
			if _, err := fmt.Sscan(value, p); err != nil {
				wrong = append(wrong, fmt.Sprintf("%s: %q is not a number", s.env, value))
				continue
			}
		}
		if err := s.check(value); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", s.env, err))
		}
	}
	return wrong
}
