package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cli/browser"
	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/guide"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

func (a *app) browserCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "browser",
		Short: "Serve Neo4j Browser with a guide, colours and saved queries",
		Long: `Serve Neo4j Browser on this machine, with a guide through one story, colours and
captions by label, and the named queries as saved ones, until it is interrupted.
Where breachgraph never assembled a local Neo4j, or with --browser-url, only guide,
colours and queries are served, for the Neo4j Browser that is there.`,
		Example: `  breachgraph browser --open
  breachgraph browser --save folder    write what would be served, for a server of your own`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.saveTo != "" {
				return saveGuide(a.saveTo)
			}
			return a.serveBrowser(cmd)
		},
	}
	a.addFlags(cmd, "browser")
	return cmd
}

// saveGuide writes what Neo4j Browser can be given into a folder.
func saveGuide(dir string) error {
	page, err := guide.Page()
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	if err := guide.WriteZip(&archive); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "guide.html"), page, 0o644),
		os.WriteFile(filepath.Join(dir, "browser.grass"), []byte(graph.Grass()), 0o644),
		os.WriteFile(filepath.Join(dir, "queries.zip"), archive.Bytes(), 0o644),
	)
}

// serveBrowser serves until the command is interrupted.
func (a *app) serveBrowser(cmd *cobra.Command) error {
	ctx := cmd.Context()
	target, page, server, err := a.target(ctx)
	if err != nil {
		return err
	}
	var files fs.FS
	if a.browserURL == "" {
		own, err := local.Browser("")
		switch {
		case err == nil:
			defer own.Close()
			files = own
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	handler, err := guide.Handler(target, files)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(a.port)))
	if err != nil {
		return fmt.Errorf("%w; --port chooses another", err)
	}
	link := fmt.Sprintf("http://localhost:%d/", l.Addr().(*net.TCPAddr).Port)
	lines := []string{"Neo4j Browser  " + link}
	if files == nil {
		base := link
		if link, err = target.Link(page, "play", base+"guide.html"); err != nil {
			return errors.Join(err, l.Close())
		}
		lines = []string{"Guide    " + link, "Colours  type :style " + base + "browser.grass", "Queries  drop " + base + "queries.zip on the saved queries"}
	}
	if server != nil {
		lines = append(lines, "user           "+server.Username, "password       "+server.Password)
	}
	fmt.Fprintln(cmd.OutOrStdout(), strings.Join(lines, "\n"))
	if a.open {
		if err := browser.OpenURL(link); err != nil {
			a.log.Warn(fmt.Sprintf("open a web browser: %v; open the link that is printed yourself", err))
		}
	}
	a.log.Info("serving; Ctrl-C ends it")
	return serve(ctx, l, handler)
}

// serve answers requests until ctx ends.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// show prints a link to Neo4j Browser with a query in its editor, and opens it
// where that is set.
func (a *app) show(cmd *cobra.Command, cypher string) error {
	target, page, _, err := a.target(cmd.Context())
	if err != nil {
		return err
	}
	link, err := target.Link(page, "edit", strings.TrimSpace(cypher))
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), link); err != nil || !a.open {
		return err
	}
	if err := browser.OpenURL(link); err != nil {
		return fmt.Errorf("open a web browser: %w; open the link that is printed yourself", err)
	}
	return nil
}

// target says which database Neo4j Browser connects to and where its page is.
// The server is nil for a database that is set.
func (a *app) target(ctx context.Context) (guide.Target, string, *local.Server, error) {
	t := guide.Target{Bolt: a.uri, Username: a.username, Database: a.name}
	at := a.browserURL
	var server *local.Server
	if a.uri == "" {
		s, err := a.startLocal(ctx)
		if err != nil {
			return t, "", nil, err
		}
		server, t.Bolt, t.Username = s, s.BoltURI, s.Username
		if at == "" {
			at = s.BrowserURL
		}
	}
	page, err := browserPage(at, t.Bolt)
	return t, page, server, err
}

// browserPage is the page of Neo4j Browser, at an address or else at the usual
// port of the host of bolt.
func browserPage(at, bolt string) (string, error) {
	db, err := url.Parse(bolt)
	if err != nil || db.Hostname() == "" {
		return "", usagef("%q is no address of a database", bolt)
	}
	if at == "" {
		scheme, port := "http", "7474"
		if strings.Contains(db.Scheme, "+s") {
			scheme, port = "https", "7473"
		}
		return scheme + "://" + net.JoinHostPort(db.Hostname(), port) + "/browser/", nil
	}
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", usagef("--browser-url is http://HOST:PORT/browser/, not %q", at)
	}
	return at, nil
}
