package export

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/graph"
)

const (
	// listSeparator parts the values of a list. It is a control character,
	// which no text of the graph holds.
	listSeparator = "\x1f"
	// ArgumentsFile is what [CSV] calls the arguments of the import tool.
	ArgumentsFile = "arguments.txt"
)

// columns are the types of the import tool by those of the graph.
var columns = map[string]string{
	"STRING": "string", "LIST<STRING>": "string[]", "INTEGER": "long", "FLOAT": "double", "BOOLEAN": "boolean",
	"DATE": "date", "ZONED DATETIME": "datetime",
}

// CSV writes the part for `neo4j-admin database import`: a file for each label
// that nodes are merged on and each type of relationship, with headers that
// declare types, and [ArgumentsFile] with the arguments for the tool. create
// opens a file by its name; CSV closes it.
func CSV(create func(name string) (io.WriteCloser, error), nodes Nodes, edges Edges) (err error) {
	x := csvFiles{create: create, files: map[string]*csvFile{}}
	defer func() { err = errors.Join(err, x.close()) }()
	for n, err := range nodes {
		if err != nil {
			return err
		}
		if err := x.node(n); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	for e, err := range edges {
		if err != nil {
			return err
		}
		if err := x.edge(e); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	return x.arguments()
}

type csvFiles struct {
	create func(string) (io.WriteCloser, error)
	files  map[string]*csvFile
}

// A csvFile is a file and the properties that its columns hold.
type csvFile struct {
	*csv.Writer
	close func() error
	props []graph.Property
}

// file opens a file when its first row comes.
func (x *csvFiles) file(name string, props []graph.Property, first, last []string) (*csvFile, error) {
	if f := x.files[name]; f != nil {
		return f, nil
	}
	w, err := x.create(name)
	if err != nil {
		return nil, err
	}
	f := &csvFile{csv.NewWriter(w), w.Close, props}
	x.files[name] = f
	head := first
	for _, p := range props {
		head = append(head, p.Name+":"+cmp.Or(columns[p.Type], "string"))
	}
	return f, f.Write(append(head, last...))
}

// row appends the properties to a row.
func (f *csvFile) row(first []string, props map[string]any, last ...string) error {
	for _, p := range f.props {
		first = append(first, graph.Text(props[p.Name], listSeparator))
	}
	return f.Write(append(first, last...))
}

// prefixes tell files of nodes from those of relationships.
const (
	nodesPrefix = "nodes-"
	edgesPrefix = "relationships-"
)

func (x *csvFiles) node(n graph.PartNode) error {
	name := nodesPrefix + n.Label + ".csv"
	var props []graph.Property
	if x.files[name] == nil {
		props = declared(n.Label)
	}
	f, err := x.file(name, props, []string{":ID"}, []string{":LABEL"})
	if err != nil {
		return err
	}
	return f.row([]string{n.ID}, n.Props, strings.Join(n.Labels, listSeparator))
}

// declared are the properties of a label, its key among them.
func declared(label string) []graph.Property {
	for _, n := range graph.Nodes() {
		if n.Label == label {
			return append([]graph.Property{{Name: n.Key, Type: "STRING"}}, n.Props...)
		}
	}
	return nil
}

func (x *csvFiles) edge(e graph.PartEdge) error {
	name := edgesPrefix + e.Type + ".csv"
	var props []graph.Property
	if x.files[name] == nil {
		i := slices.IndexFunc(graph.Edges(), func(d graph.Edge) bool { return d.Type == e.Type })
		if i >= 0 {
			props = graph.Edges()[i].Props
		}
	}
	f, err := x.file(name, props, []string{":START_ID", ":END_ID"}, []string{":TYPE"})
	if err != nil {
		return err
	}
	return f.row([]string{e.From, e.To}, e.Props, e.Type)
}

// arguments writes the file with the tool's arguments, which is read from the
// folder of the files.
func (x *csvFiles) arguments() error {
	w, err := x.create(ArgumentsFile)
	if err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	p := printer{w: w}
	for _, name := range slices.Sorted(maps.Keys(x.files)) {
		option := "--nodes"
		if strings.HasPrefix(name, edgesPrefix) {
			option = "--relationships"
		}
		p.printf("%s=%s\n", option, name)
	}
	p.printf("--array-delimiter=U+001F\n--multiline-fields=true\n")
	if err := errors.Join(p.err, w.Close()); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func (x *csvFiles) close() error {
	var errs []error
	for _, f := range x.files {
		f.Flush()
		errs = append(errs, f.Error(), f.close())
	}
	return errors.Join(errs...)
}
