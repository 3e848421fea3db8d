package guide

import (
	"bytes"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/breachgraph/breachgraph/graph"
)

// A Target says which database Neo4j Browser is to connect to.
type Target struct {
	Bolt, Username string
	Database       string // empty for the user's home database
}

// Handler serves the guide at /guide.html, the colours at /browser.grass and the
// saved queries at /queries.zip, to any page: Neo4j Browser may run elsewhere.
// Where browser, the files of Neo4j Browser, is not nil, it is at /browser/, and
// / puts queries and colours into its storage and opens it with the guide. Only
// requests to a name of this machine are answered. No password is in any of it.
func Handler(t Target, browser fs.FS) (http.Handler, error) {
	page, err := Page()
	if err != nil {
		return nil, err
	}
	var archive bytes.Buffer
	if err := WriteZip(&archive); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/guide.html", content("text/html; charset=utf-8", page))
	mux.Handle("/browser.grass", content("text/plain; charset=utf-8", []byte(graph.Grass())))
	mux.Handle("/queries.zip", content("application/zip", archive.Bytes()))
	if browser != nil {
		mux.Handle("/browser/", http.StripPrefix("/browser/", http.FileServerFS(browser)))
		mux.HandleFunc("/{$}", t.start)
	}
	return ownNames(mux), nil
}

// content serves b to pages of any origin. Neo4j Browser sends headers of its
// own with its requests, and asks before.
func content(kind string, b []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, OPTIONS")
			h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
			w.WriteHeader(http.StatusNoContent)
			return
		}
		h.Set("Content-Type", kind)
		h.Set("X-Content-Type-Options", "nosniff")
		w.Write(b)
	})
}

// ownNames refuses requests by a name that is not this machine's: a page elsewhere
// could have its own name lead here.
func ownNames(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if ip := net.ParseIP(strings.Trim(host, "[]")); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "ask for localhost", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// start puts queries and colours into the storage of Neo4j Browser and opens it.
func (t Target) start(w http.ResponseWriter, r *http.Request) {
	list, folders, err := savedQueries()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	link, err := t.Link("/browser/", "play", "http://"+r.Host+"/guide.html")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	err = pages.ExecuteTemplate(&b, "start.gohtml", map[string]any{
		"Queries": list, "Folders": folders, "Prefix": prefix, "Grass": graph.Grass(), "Link": link,
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(b.Bytes())
}

// Link is the page of Neo4j Browser, at an address, that connects to t and has
// one of its commands that links may give, edit or play, with its argument.
// Nothing is run against the database before the reader says so.
func (t Target) Link(page, command, argument string) (string, error) {
	u, err := url.Parse(page)
	if err != nil {
		return "", fmt.Errorf("link to %s: %w", page, err)
	}
	db, err := url.Parse(t.Bolt)
	if err != nil {
		return "", fmt.Errorf("link to %s: %w", page, err)
	}
	db.User = url.User(t.Username)
	if db.Hostname() == "127.0.0.1" && db.Port() != "" {
		db.Host = "localhost:" + db.Port() // the name that Neo4j Browser shows and trusts
	}
	values := u.Query()
	values.Set("dbms", db.String())
	if t.Database != "" {
		values.Set("db", t.Database)
	}
	values.Set("cmd", command)
	values.Set("arg", argument)
	// Neo4j Browser takes a plus sign for itself.
	u.RawQuery = strings.ReplaceAll(values.Encode(), "+", "%20")
	return u.String(), nil
}
