package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/schedule"
)

//go:embed status
var statusFiles embed.FS

// statusPages are the templates of the pages by name, each with the layout.
var statusPages = parseStatusPages()

func parseStatusPages() map[string]*template.Template {
	layout := template.Must(template.New("layout.gohtml").Funcs(words()).ParseFS(statusFiles, "status/layout.gohtml"))
	entries, err := statusFiles.ReadDir("status")
	if err != nil {
		panic(err) // of what is embedded; every test meets it
	}
	out := map[string]*template.Template{}
	for _, e := range entries {
		name, isPage := strings.CutSuffix(e.Name(), ".gohtml")
		if isPage && name != "layout" {
			out[name] = template.Must(template.Must(layout.Clone()).ParseFS(statusFiles, path.Join("status", e.Name())))
		}
	}
	return out
}

// A view is what the layout shows around a page.
type view struct {
	Name    string // of the page
	Asks    bool   // whether people log in
	Caller  string // name of the token that they did so with
	May     bool   // whether they may change anything
	Said    string // what a change came to, which led here
	Problem string // why the page shows nothing
	Now     time.Time
	Page    any
}

// said are what pages may say after a change. Its words are ours, since anybody
// can make up an address.
func said(code string) string {
	return map[string]string{
		"paused": "The source is paused.", "resumed": "The source is visited again.", "asked": "The source is visited as soon as its host allows.",
		"again": "The article is being extracted again.", "retried": "The job is being done again.", "dropped": "The dead letter is gone.",
	}[code]
}

// page answers with the page of that name.
func (s *Site) page(name string, do action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pageTime)
		defer cancel()
		v, status := s.view(r, name), http.StatusOK
		v.Said = said(r.URL.Query().Get("said"))
		var err error
		if v.Page, err = do(r.WithContext(ctx)); err != nil {
			if ctx.Err() != nil { // of which the database's error need not tell
				err = ctx.Err()
			}
			status, v.Problem = s.explain(r, err)
			v.Name = "problem"
		}
		s.write(w, status, v)
	})
}

func (s *Site) view(r *http.Request, name string) view {
	v := view{Name: name, Asks: s.Guard.Asks(), May: !s.Guard.Asks(), Now: time.Now()}
	if t := access.Caller(r.Context()); t != nil {
		v.Caller, v.May = t.Name, t.Allows(access.Write)
	}
	return v
}

// write writes a page whole or not at all.
func (s *Site) write(w http.ResponseWriter, status int, v view) {
	var b bytes.Buffer
	if err := statusPages[v.Name].ExecuteTemplate(&b, "layout.gohtml", v); err != nil {
		s.Log.Error("write a page", "page", v.Name, "error", err)
		http.Error(w, "the page cannot be written; the log says why", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // whoever asked may be gone
}

// A mistake is an error that whoever asked can mend.
type mistake struct {
	status int
	text   string
}

func (m mistake) Error() string { return m.text }

// explain says what went wrong in words for people, and logs what they do not say.
func (s *Site) explain(r *http.Request, err error) (status int, text string) {
	status, text = inWords(err)
	if status == http.StatusServiceUnavailable {
		s.Log.Warn("a page failed", "path", r.URL.Path, "error", err)
	}
	return status, text
}

// inWords is an error in words for people. What the database or the network say is
// for the log: it names addresses.
func inWords(err error) (status int, text string) {
	var own mistake
	switch {
	case errors.As(err, &own):
		return own.status, own.text
	case errors.Is(err, catalog.ErrNone):
		return http.StatusNotFound, "The graph holds no such thing."
	case errors.Is(err, jobs.ErrNoLetter):
		return http.StatusNotFound, "There is no such dead letter. It may have been retried or dropped."
	case errors.Is(err, schedule.ErrNoSource):
		return http.StatusNotFound, "There is no source of that name."
	case errors.Is(err, schedule.ErrPaused):
		return http.StatusConflict, "The source is paused. Resume it first."
	case errors.Is(err, graph.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout, "The database took too long. Try again in a moment."
	}
	return http.StatusServiceUnavailable, "The database or the job queue does not answer. The log says why; the page works again when it does."
}

// change does what a form asks for, and leads back to a page.
func (s *Site) change(do func(*http.Request) (string, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pageTime)
		defer cancel()
		back, err := do(r.WithContext(ctx))
		if err != nil {
			v := s.view(r, "problem")
			var status int
			status, v.Problem = s.explain(r, err)
			s.write(w, status, v)
			return
		}
		s.Log.Info("changed by a page", "path", r.URL.Path, "by", s.view(r, "").Caller)
		http.Redirect(w, r, back, http.StatusSeeOther)
	})
}

func (s *Site) notFound(w http.ResponseWriter, r *http.Request) {
	v := s.view(r, "problem")
	v.Problem = "There is no page by this address."
	s.write(w, http.StatusNotFound, v)
}

// asset answers with a file that pages need. They change with the program only.
func asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	var raw []byte
	var err error
	kind := "text/css; charset=utf-8"
	switch name {
	case "status.css", "status.js":
		raw, err = statusFiles.ReadFile("status/" + name)
	case "evidence.css":
		raw, err = files.ReadFile(name)
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if path.Ext(name) == ".js" {
		kind = "text/javascript; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "max-age=300")
	_, _ = w.Write(raw)
}

// link is a path of the site with parameters, of names and values in turn.
func link(at string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return at
	}
	return at + "?" + v.Encode()
}
