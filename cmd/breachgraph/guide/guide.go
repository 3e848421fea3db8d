package guide

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/queries"
)

//go:embed *.gohtml
var files embed.FS

// pages are the templates. The function query writes a named query with
// parameters in their place.
var pages = template.Must(template.New("").Funcs(template.FuncMap{"query": filled}).ParseFS(files, "*.gohtml"))

// filled is the Cypher of a named query with parameters, given as name=value.
func filled(name string, params ...string) (string, error) {
	all, err := queries.All()
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(q queries.Query) bool { return q.Name == name })
	if i < 0 {
		return "", fmt.Errorf("no query %s", name)
	}
	bound, err := all[i].Args(params)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(all[i].Filled(bound)), nil
}

// Page returns the guide, in the form that Neo4j Browser's command :play takes.
func Page() ([]byte, error) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, "guide.gohtml", nil); err != nil {
		return nil, fmt.Errorf("write guide: %w", err)
	}
	return b.Bytes(), nil
}

// A saved query is one as Neo4j Browser keeps it.
type saved struct {
	ID      string `json:"id"`
	Folder  string `json:"folder"`
	Content string `json:"content"`
}

// A folder of saved queries.
type folder struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// prefix begins the ids of all that is ours in Neo4j Browser.
const prefix = "breachgraph-"

// savedQueries are the named queries, by theme, with their examples or defaults
// in place of parameters: Neo4j Browser has no way to ask for them.
func savedQueries() (list []saved, folders []folder, err error) {
	all, err := queries.All()
	if err != nil {
		return nil, nil, err
	}
	for _, q := range queries.ByTheme(all) {
		cypher, err := filled(q.Name, strings.Fields(q.Example)...)
		if err != nil {
			return nil, nil, err
		}
		f := folder{prefix + q.Theme, "breachgraph: " + q.Theme}
		if !slices.Contains(folders, f) {
			folders = append(folders, f)
		}
		list = append(list, saved{prefix + q.Name, f.ID, fmt.Sprintf("// %s: %s\n%s", q.Name, q.Description, cypher)})
	}
	return list, folders, nil
}

// WriteZip writes the named queries as an archive that Neo4j Browser imports as
// saved queries: a folder for each theme, a file for each query.
func WriteZip(w io.Writer) error {
	list, _, err := savedQueries()
	if err != nil {
		return fmt.Errorf("write queries: %w", err)
	}
	z := zip.NewWriter(w)
	for _, s := range list {
		f, err := z.Create(s.Folder + "/" + strings.TrimPrefix(s.ID, prefix) + ".cypher")
		if err != nil {
			return fmt.Errorf("write queries: %w", err)
		}
		if _, err := io.WriteString(f, s.Content+"\n"); err != nil {
			return fmt.Errorf("write queries: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write queries: %w", err)
	}
	return nil
}
