package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// remedies say what mends what can be wrong with a database.
func remedies() []struct {
	err    error
	remedy string
} {
	return []struct {
		err    error
		remedy string
	}{
		{graph.ErrCredentials, "set NEO4J_USERNAME and NEO4J_PASSWORD; after three wrong tries wait five seconds"},
		{graph.ErrProtocol, "set NEO4J_URI as bolt://HOST:7687 or neo4j://…, with +s for a server that encrypts; 7474 is the port of Neo4j Browser"},
		{graph.ErrNoDatabase, "set NEO4J_DATABASE to one of SHOW DATABASES, or to nothing"},
		{graph.ErrTooOld, "use Neo4j 5.23 or later"},
		{graph.ErrVersion, "use the breachgraph that made the graph, or another database"},
		{graph.ErrUnreachable, "start Neo4j, or set NEO4J_URI to where it is; a firewall may be in between"},
	}
}

func (a *app) seeDatabase(ctx context.Context) finding {
	var s *local.Server
	if a.uri == "" {
		var running bool
		var err error
		if s, running, err = local.Find(a.data); err != nil {
			return fail("`breachgraph db stop`, then `breachgraph db start`", "%v", err)
		}
		if !running {
			return ok("a local one, which is started when it is needed")
		}
	}
	db, err := graph.Open(ctx, a.config(s))
	if err != nil {
		for _, r := range remedies() {
			if errors.Is(err, r.err) {
				return fail(r.remedy, "%s", firstLine(err))
			}
		}
		return fail("see what its log says", "%s", firstLine(err))
	}
	defer db.Close(context.WithoutCancel(ctx))
	about, err := db.About(ctx)
	if err != nil {
		return fail("give the user the rights to read, write and change the schema", "%v", err)
	}
	return judge(about, time.Now())
}

// judge looks at what a database says of itself. It needs no plugin.
func judge(about graph.About, now time.Time) finding {
	what := "Neo4j " + about.Version + " " + about.Edition
	apart := about.Now.Sub(now).Abs()
	switch {
	case apart > time.Minute:
		return warn("have both clocks kept by NTP", "%s, whose clock is %s off from that of this machine", what, apart.Round(time.Second))
	case len(about.Missing) > 0:
		return ok("%s; %s will be made by the first load", what, count(len(about.Missing), "constraint or index"))
	}
	return ok("%s, with the schema", what)
}

func (a *app) seeEncryption(context.Context) finding {
	u, err := url.Parse(a.uri)
	if a.uri == "" || err != nil {
		return ok("on this machine")
	}
	ip := net.ParseIP(u.Hostname())
	here := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() || !strings.Contains(u.Hostname(), ".") // a name in one compose network
	switch {
	case u.User != nil:
		return warn("take it out, and set NEO4J_PASSWORD", "NEO4J_URI holds a user or password")
	case here || strings.HasSuffix(u.Scheme, "+s"):
		return ok("safe from others")
	case strings.HasSuffix(u.Scheme, "+ssc"):
		return warn("give the server a certificate that can be checked, and use "+strings.TrimSuffix(u.Scheme, "sc"), "encrypted, but to whoever answers")
	}
	return warn("use "+u.Scheme+"+s, if others are on that network", "the password goes to %s as it is", u.Hostname())
}

func (a *app) seeQueue(ctx context.Context) finding {
	o := a.queue()
	if _, err := os.Stat(o.Dir); o.URL == "" && errors.Is(err, fs.ErrNotExist) {
		return ok("in the data folder, made at the first start of serve")
	}
	o.Logger = nil // what it says is said as a finding
	q, err := jobs.Open(ctx, o)
	if err != nil {
		remedy := "start the NATS server with JetStream (nats-server -js), or set BREACHGRAPH_NATS to where it is"
		if a.nats == "" {
			remedy = "see that the disk is not full and that the folder belongs to the user that breachgraph runs as"
		}
		return fail(remedy, "%v", err)
	}
	defer q.Close()
	depths, err := q.Depths(ctx)
	if err != nil {
		return fail("see what the log of the NATS server says", "%v", err)
	}
	waiting, dead := 0, 0
	for _, d := range depths {
		waiting += d.Waiting + d.Held
		dead += d.Dead
	}
	if dead > 0 {
		return warn("`breachgraph jobs list` says why, `jobs retry` and `jobs drop` end them", "%s failed for good, %d wait", count(dead, "job"), waiting)
	}
	return ok("with JetStream, %s", count(waiting, "job"))
}

// isBusy reports whether err means that a port is taken.
func isBusy(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
