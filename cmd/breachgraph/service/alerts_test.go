package service

import (
	"io"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Each metric that an alert asks for, and each label and value of it, is one that
// the service gives.
func TestAlerts(t *testing.T) {
	raw, err := os.ReadFile("../../../docs/operations/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	given := metricsText(t)
	word, label := regexp.MustCompile(`[a-z_]+_[a-z_]+`), regexp.MustCompile(`([a-z]+)="([^"]*)"`)
	rules := 0
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			rules++
			if _, err := time.ParseDuration(r.For); err != nil || r.Labels["severity"] == "" || r.Annotations["summary"] == "" {
				t.Errorf("%s lacks for, severity or summary", r.Alert)
			}
			for _, name := range word.FindAllString(r.Expr, -1) {
				if name != "histogram_quantile" && !strings.Contains(given, "\n"+name+"{") && !strings.Contains(given, "\n"+name+" ") {
					t.Errorf("%s asks for %s, which is not given", r.Alert, name)
				}
			}
			for _, m := range label.FindAllStringSubmatch(r.Expr, -1) {
				if m[1] != "job" && !strings.Contains(given, m[0]) {
					t.Errorf("%s asks for %s, which is not given", r.Alert, m[0])
				}
			}
		}
	}
	if rules == 0 {
		t.Error("no alerts")
	}
}

// metricsText is what Prometheus reads once everything has happened.
func metricsText(t *testing.T) string {
	t.Helper()
	q, err := jobs.Open(t.Context(), jobs.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	m := NewMetrics(q)
	m.Visit(crawl.Event{Source: "a", Outcome: crawl.Failed})
	m.job(jobs.Load, time.Second, io.EOF)
	m.database(false)
	answer := httptest.NewRecorder()
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	return "\n" + answer.Body.String()
}
