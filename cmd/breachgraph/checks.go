package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/graph/local"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// A check looks at one thing and changes nothing.
type check struct {
	name string
	look func(context.Context) finding
}

// checks is the table of all checks, in the order in which they are told.
func (a *app) checks() []check {
	return []check{
		{"settings", a.seeSettings},
		{"data folder", a.seeFolder},
		{"disk", a.seeDisk},
		{"crawl", a.seeFrontier},
		{"java and maven", a.seeTools},
		{"neo4j", a.seeDatabase},
		{"neo4j connection", a.seeEncryption},
		{"nats", a.seeQueue},
		{"sources", a.seeSources},
		{"contact", a.seeContact},
		{"names of hosts", a.seeNames},
		{"clock", seeClock},
		{"listening", a.seeListening},
		{"tokens", a.seeTokens},
		{"files of secrets", a.seeSecretFiles},
	}
}

func (a *app) seeSettings(context.Context) finding {
	_, problems, err := a.readConfig()
	switch {
	case err != nil:
		return fail("mend the file, or name another with --config", "%v", err)
	case len(problems) > 0:
		return fail("`breachgraph config check` lists all", "%v", problems[0])
	}
	return ok("nothing is wrong with them")
}

func (a *app) seeFolder(context.Context) finding {
	info, err := os.Stat(a.data)
	if errors.Is(err, fs.ErrNotExist) {
		parent, err := filepath.Abs(filepath.Dir(filepath.Clean(a.data)))
		if err == nil {
			err = writable(parent)
		}
		if err != nil {
			return fail("make the folder, for the user that breachgraph runs as, or name another with --data", "%s is not there, and cannot be made: %v", a.data, err)
		}
		return ok("%s is not there yet, and will be made", a.data)
	}
	if err == nil && !info.IsDir() {
		err = errors.New("it is no folder")
	}
	if err == nil {
		err = writable(a.data)
	}
	switch {
	case err != nil:
		return fail("give it to the user that breachgraph runs as, or name another with --data", "%s cannot be used: %v", a.data, err)
	case info.Mode().Perm()&0o002 != 0:
		return warn("chmod o-w "+shellWord(a.data), "anybody on this machine may write to %s", a.data)
	}
	return ok("%s can be written to", a.data)
}

// writable tries it, since permissions are not all that decides.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".doctor-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Below these a disk is about to be full: NATS and Neo4j stop, and a crawl ends.
const (
	leastDisk  = 1 << 30
	littleDisk = 10 << 30
)

func (a *app) seeDisk(context.Context) finding {
	dir := a.data
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Dir(filepath.Clean(dir))
	}
	free, known := freeSpace(dir)
	gib := float64(free) / (1 << 30)
	const remedy = "make room, or keep less: --keep-pages and --keep-dead say for how long"
	switch {
	case !known:
		return ok("how much is free cannot be told here")
	case free < leastDisk:
		return fail(remedy, "%.1f GiB are free", gib)
	case free < littleDisk:
		return warn(remedy, "%.1f GiB are free", gib)
	}
	return ok("%.1f GiB are free", gib)
}

func (a *app) seeFrontier(context.Context) finding {
	path := filepath.Join(a.data, "crawl", crawl.FrontierName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return ok("nothing has been crawled yet")
	}
	f, err := frontier.Open(path)
	switch {
	case errors.Is(err, frontier.ErrInUse):
		return ok("a service or a crawl is at work in %s", a.data)
	case errors.Is(err, frontier.ErrDamaged):
		return fail("move "+path+" away", "%v", err)
	case err != nil:
		return fail("give the file to the user that breachgraph runs as", "%v", err)
	}
	defer f.Close()
	counts, err := f.Counts()
	if err != nil {
		return fail("move "+path+" away, and the next crawl makes a new one from the archive", "%v", err)
	}
	known := 0
	for _, c := range counts {
		known += c.Known
	}
	return ok("%s known, and nobody is crawling", count(known, "URL"))
}

func (a *app) seeTools(ctx context.Context) finding {
	found, err := local.Tools(ctx)
	docker := ""
	if path := local.Docker(); path != "" {
		docker = ", and docker is at " + path
	}
	switch {
	case a.uri != "":
		return ok("not needed: NEO4J_URI is set%s", docker)
	case err != nil:
		return fail("install Java 17 or later and Maven, or set NEO4J_URI to a Neo4j that you have; `docker compose up -d` starts one", "no local Neo4j can be started: %s", firstLine(err))
	}
	return ok("there:%s%s", found, docker)
}

// firstLine is an error without what was joined to it.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func (a *app) seeSources(context.Context) finding {
	sources, err := a.selectSources()
	if err != nil {
		return fail("mend the file of --sources; `breachgraph sources list` reads it again", "%v", err)
	}
	return ok("%s", count(len(sources), "source"))
}

func (a *app) seeContact(context.Context) finding {
	for _, s := range settings() {
		if s.flag == "contact" && (a.contact == s.deflt || a.contact == "") {
			return warn("set BREACHGRAPH_CONTACT to a URL or mail address of yours", "servers are told nobody whom they could ask to crawl less: %s", cmp.Or(a.contact, "nothing"))
		}
	}
	return ok("servers are told %s", a.agent())
}

func (a *app) seeNames(ctx context.Context) finding {
	sources, err := a.selectSources()
	if err != nil {
		return warn("see sources", "no source is known to look up")
	}
	for _, s := range sources {
		u, err := url.Parse(s.URL)
		if err != nil || u.Hostname() == "" {
			continue
		}
		addresses, err := new(net.Resolver).LookupHost(ctx, u.Hostname())
		if err != nil {
			return fail("see that this machine, or container, has a DNS server that answers, and a way to the network", "%s cannot be looked up: %v", u.Hostname(), err)
		}
		return ok("%s is at %s", u.Hostname(), addresses[0])
	}
	return ok("no source is on the network")
}

// before is a day that lies behind everybody who runs this.
func before() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

func seeClock(context.Context) finding {
	now := time.Now()
	if now.Before(before()) {
		return fail("set the clock, and have it kept by NTP", "it is not %s", now.Format(time.DateTime))
	}
	return ok("it is %s", now.Format("2006-01-02 15:04:05 MST"))
}

func (a *app) seeListening(context.Context) finding {
	tokens, err := a.apiTokens()
	if err != nil {
		return warn("see tokens", "whether it is safe depends on the tokens, which cannot be read")
	}
	l, err := access.NewGuard(access.Options{Tokens: tokens, Log: a.log}).Listen(a.listen)
	host, _, _ := net.SplitHostPort(a.listen)
	ip := net.ParseIP(host)
	switch here := host == "localhost" || ip != nil && ip.IsLoopback(); {
	case isBusy(err):
		return ok("something listens at %s already, a service I hope", a.listen)
	case err != nil:
		return fail("listen at 127.0.0.1:8321, or set BREACHGRAPH_API_TOKENS", "%v", err)
	case !here:
		_ = l.Close() // nobody has connected
		return warn("put a proxy with TLS before it: tokens go over the network as they are", "%s can be reached from other machines", a.listen)
	}
	_ = l.Close()
	return ok("%s, for this machine only", a.listen)
}

func (a *app) seeTokens(context.Context) finding {
	tokens, err := a.apiTokens()
	switch {
	case err != nil:
		return fail("mend the file of --api-tokens-file or BREACHGRAPH_API_TOKENS: NAME:SCOPES:SECRET a line", "%v", err)
	case len(tokens) == 0:
		return ok("none, so all on this machine may look at the status pages, and nobody may push articles or steer")
	}
	return ok("%s", count(len(tokens), "API token"))
}

// seeSecretFiles sees that no other user may read what is secret.
func (a *app) seeSecretFiles(context.Context) finding {
	looked := 0
	for _, path := range []string{a.llmKeyFile, a.natsCredentials, a.apiTokensFile, a.passwordFile} {
		if path == "" {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			// By a slip the name may be the secret itself.
			return fail("name files that are there, and that the user may read whom breachgraph runs as", "a file of a secret cannot be read: %v", pathless(err))
		}
		if info.Mode().Perm()&0o004 != 0 {
			return warn(fmt.Sprintf("chmod o-r %s", shellWord(path)), "anybody on this machine may read %s", path)
		}
		looked++
	}
	return ok("%s, read by no others", count(looked, "file"))
}

func pathless(err error) error {
	if inner, is := errors.AsType[*fs.PathError](err); is {
		return inner.Err
	}
	return err
}
