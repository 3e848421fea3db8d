package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/cli/browser"
	"github.com/spf13/cobra"
)

// show prints a link to Neo4j Browser with a query in its editor, and opens it
// where that is set.
func (a *app) show(cmd *cobra.Command, cypher string) error {
	at, bolt, user := a.browserURL, a.uri, a.username
	if a.uri == "" {
		s, err := a.startLocal(cmd.Context())
		if err != nil {
			return err
		}
		bolt, user = s.BoltURI, s.Username
		if at == "" {
			at = s.BrowserURL
		}
	}
	link, err := browserLink(at, bolt, user, a.name, cypher)
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

// browserLink is the page of Neo4j Browser, at an address or else at the usual
// port of the host of bolt, with cypher in its editor. Nothing runs before the
// reader says so.
func browserLink(at, bolt, user, database, cypher string) (string, error) {
	db, err := url.Parse(bolt)
	if err != nil || db.Hostname() == "" {
		return "", usagef("%q is no address of a database", bolt)
	}
	if at == "" {
		scheme, port := "http", "7474"
		if strings.Contains(db.Scheme, "+s") {
			scheme, port = "https", "7473"
		}
		at = scheme + "://" + db.Hostname() + ":" + port + "/browser/"
		if strings.Contains(db.Hostname(), ":") {
			at = scheme + "://[" + db.Hostname() + "]:" + port + "/browser/"
		}
	}
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", usagef("--browser-url is http://HOST:PORT/browser/, not %q", at)
	}
	values := u.Query()
	db.User = url.User(user)
	values.Set("dbms", db.String())
	if database != "" {
		values.Set("db", database)
	}
	values.Set("cmd", "edit")
	values.Set("arg", strings.TrimSpace(cypher))
	// Neo4j Browser takes a plus sign for itself.
	u.RawQuery = strings.ReplaceAll(values.Encode(), "+", "%20")
	return u.String(), nil
}
