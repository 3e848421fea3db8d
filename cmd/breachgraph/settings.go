package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// defaultData is the data folder where none is set.
const defaultData = ".breachgraph"

// options are the values of all settings.
type options struct {
	data, logFormat, configPath   string
	configFormat, passwordFile    string
	quiet, allowPrivate           bool
	uri, username, password, name string
	boltPort, httpPort, heapMB    int
	extractFormat, only, lines    string
	language                      string
	all                           bool
	queryFormat                   string
	rows                          int
	browser, open                 bool
	browserURL                    string
	exportFormat, exportQuery     string
	company, output, saveTo       string
	port                          int
	yes                           bool
	undo, curation, reason        string
	within                        []string
	digest                        bool
	noGraph, replace              bool
	doctorFormat                  string
	keepPages, keepDead           int
	sources, source, since        string
	crawlFormat, delay            string
	scheduleFormat, timezone      string
	userAgent, contact            string
	limit, parallel               int
	once, dryRun, noLoad          bool
	listen, stages                string
	apiTokensFile, names, pprof   string
	nats, natsCredentials         string
	llm, llmModel, llmKeyFile     string
	llmTimeout                    int
	llmStream                     bool
	llmPriceIn, llmPriceOut       float64
}

// A setting is a row of the table that flags, environment, help and the README
// are made from.
type setting struct {
	flag    string
	env     string   // empty where there is no variable
	deflt   string   // as on the command line
	verbs   []string // the verbs that have it; nil for all
	meaning string
	field   func(*options) any // *string, *[]string, *bool, *int or *float64
}

// settings is the table of every setting.
func settings() []setting {
	reads := []string{"ingest", "extract", "crawl", "serve", "worker"}
	starts := []string{"ingest", "replay", "query", "resolve", "curate", "forget", "check", "export", "browser", "crawl", "serve", "worker", "backup", "restore", "db start"}
	steers := []string{"schedule run", "sources pause", "sources resume"}
	looks, asks := []string{"crawl", "serve", "schedule", "sources list", "sources check", "doctor"}, []string{"crawl", "serve", "sources check", "sources add", "doctor"}
	queues := append([]string{"serve", "worker", "schedule", "jobs list", "jobs show", "jobs retry", "jobs drop", "backup", "restore", "doctor", "prune"}, steers...)
	return []setting{
		{"data", "BREACHGRAPH_DATA", defaultData, nil,
			"folder for all that breachgraph keeps on this machine",
			func(o *options) any { return &o.data }},
		{"config", "BREACHGRAPH_CONFIG", "", nil,
			"YAML file of settings; empty means breachgraph.yaml in the data folder, if it is there",
			func(o *options) any { return &o.configPath }},
		{"quiet", "", "false", nil,
			"print results and errors only",
			func(o *options) any { return &o.quiet }},
		{"log-format", "BREACHGRAPH_LOG_FORMAT", "text", nil,
			"how messages are printed on standard error: text or json",
			func(o *options) any { return &o.logFormat }},
		{"neo4j-uri", "NEO4J_URI", "", nil,
			"the database, as bolt://HOST:PORT or neo4j://…, with +s or +ssc for encryption; empty means a local one in the data folder, started when needed",
			func(o *options) any { return &o.uri }},
		{"neo4j-username", "NEO4J_USERNAME", "neo4j", nil,
			"user of that database",
			func(o *options) any { return &o.username }},
		{"neo4j-password", "NEO4J_PASSWORD", "", nil,
			"password of that user; others on the machine can see a flag, so prefer the variable",
			func(o *options) any { return &o.password }},
		{"neo4j-password-file", "NEO4J_PASSWORD_FILE", "", nil,
			"file that holds that password, as Docker and systemd hand over secrets; heeded where the password itself is not set",
			func(o *options) any { return &o.passwordFile }},
		{"neo4j-database", "NEO4J_DATABASE", "", nil,
			"name of the database; empty means the user's home database",
			func(o *options) any { return &o.name }},
		{"bolt-port", "BREACHGRAPH_BOLT_PORT", "0", starts,
			"Bolt port of a local server that has to be started; 0 means that of last time or any that is free",
			func(o *options) any { return &o.boltPort }},
		{"http-port", "BREACHGRAPH_HTTP_PORT", "0", starts,
			"the same for the port of Neo4j Browser",
			func(o *options) any { return &o.httpPort }},
		{"heap", "BREACHGRAPH_HEAP", "1024", starts,
			"largest heap of a local server that has to be started, in MiB",
			func(o *options) any { return &o.heapMB }},
		{"allow-private", "", "false", append(reads, "sources check", "sources add"),
			"fetch URLs of this machine and of the networks it is in, too",
			func(o *options) any { return &o.allowPrivate }},
		{"language", "", "en", append(reads, "replay"),
			"any: extract from articles in other languages too, as if they were English",
			func(o *options) any { return &o.language }},
		{"all", "", "false", []string{"ingest", "replay", "crawl", "serve", "worker"},
			"load articles that are not about a breach, too",
			func(o *options) any { return &o.all }},
		{"sources", "BREACHGRAPH_SOURCES", "", slices.Concat(looks, steers, []string{"replay"}),
			"YAML file of sources that are added to the built-in ones or take their place",
			func(o *options) any { return &o.sources }},
		{"source", "", "", looks,
			"only the sources of these names, parted by commas",
			func(o *options) any { return &o.source }},
		{"timezone", "BREACHGRAPH_TIMEZONE", "", []string{"crawl", "serve", "schedule"},
			"time zone of the schedules of sources that name none, as in Europe/London; empty means that of the machine",
			func(o *options) any { return &o.timezone }},
		{"format", "", "table", []string{"schedule"},
			"table or json",
			func(o *options) any { return &o.scheduleFormat }},
		{"once", "", "false", []string{"crawl"},
			"end when nothing is due any more",
			func(o *options) any { return &o.once }},
		{"since", "", "", []string{"crawl"},
			"leave out articles that were published before this day",
			func(o *options) any { return &o.since }},
		{"limit", "", "0", []string{"crawl"},
			"articles that are fetched at most; 0 means all",
			func(o *options) any { return &o.limit }},
		{"dry-run", "", "false", []string{"crawl"},
			"print what would be fetched and why, and ask nobody",
			func(o *options) any { return &o.dryRun }},
		{"no-load", "", "false", []string{"crawl"},
			"keep articles without loading them; the next run without this loads them",
			func(o *options) any { return &o.noLoad }},
		{"format", "", "", []string{"crawl"},
			"table, or jsonl: an object for each visit",
			func(o *options) any { return &o.crawlFormat }},
		{"delay", "BREACHGRAPH_DELAY", "2s", asks,
			"least time between two requests to one host; a source or robots.txt may ask for more",
			func(o *options) any { return &o.delay }},
		{"parallel", "BREACHGRAPH_PARALLEL", "1", asks,
			"requests to one host at once",
			func(o *options) any { return &o.parallel }},
		{"user-agent", "BREACHGRAPH_USER_AGENT", "breachgraph", asks,
			"the name that servers are told, and that robots.txt files are searched for",
			func(o *options) any { return &o.userAgent }},
		{"contact", "BREACHGRAPH_CONTACT", "https://github.com/breachgraph/breachgraph", asks,
			"URL or mail address that servers are told, for those who run them to complain to",
			func(o *options) any { return &o.contact }},
		{"listen", "BREACHGRAPH_LISTEN", "127.0.0.1:8321", []string{"serve", "doctor", "probe"},
			"where status pages, the HTTP API, /healthz, /readyz and /metrics are answered; an address that other machines reach takes API tokens",
			func(o *options) any { return &o.listen }},
		{"api-tokens-file", "BREACHGRAPH_API_TOKENS_FILE", "", []string{"serve", "doctor"},
			"file of tokens, NAME:SCOPES:SECRET a line, that the API and the status pages ask for; without it they are those of BREACHGRAPH_API_TOKENS, if any. No flag takes a token, since others on the machine can see flags",
			func(o *options) any { return &o.apiTokensFile }},
		{"names", "BREACHGRAPH_NAMES", "", []string{"serve"},
			"host names that the service is asked by, parted by commas, beside localhost and addresses; requests for other names are refused",
			func(o *options) any { return &o.names }},
		{"pprof", "BREACHGRAPH_PPROF", "", []string{"serve"},
			"where /debug/pprof/ is answered, such as 127.0.0.1:6060: an address of this machine alone; empty means nowhere",
			func(o *options) any { return &o.pprof }},
		{"nats", "BREACHGRAPH_NATS", "", queues,
			"a NATS server with JetStream that keeps the jobs, as nats://HOST:PORT, several of a cluster parted by commas; empty means one in the data folder",
			func(o *options) any { return &o.nats }},
		{"nats-credentials", "BREACHGRAPH_NATS_CREDENTIALS", "", queues,
			"file of credentials for that server",
			func(o *options) any { return &o.natsCredentials }},
		{"stages", "BREACHGRAPH_STAGES", "fetch,extract,load", []string{"serve", "worker"},
			"the stages that this process works at; with none, serve leaves them all to workers",
			func(o *options) any { return &o.stages }},
		{"format", "", "table", []string{"config show"},
			"table or json",
			func(o *options) any { return &o.configFormat }},
		{"format", "", "", []string{"extract"},
			"jsonl, json, html (a page that shows the evidence in one article), cypher (statements that make the graph in an empty database) or summary; empty means summary on a terminal and jsonl elsewhere",
			func(o *options) any { return &o.extractFormat }},
		{"only", "", "", []string{"extract"},
			"article: stop after reading, extract nothing",
			func(o *options) any { return &o.only }},
		{"text-lines", "", "", []string{"extract"},
			"find figures and dates in each line of this file, a text or an object with text and reference; - is standard input",
			func(o *options) any { return &o.lines }},
		{"format", "", "table", []string{"query", "resolve"},
			"table, json, jsonl or csv; of query also cypher, which prints the query and asks nothing",
			func(o *options) any { return &o.queryFormat }},
		{"rows", "", "10000", []string{"query"},
			"rows printed at most",
			func(o *options) any { return &o.rows }},
		{"browser", "", "false", []string{"query"},
			"print a link that opens the query in Neo4j Browser instead of its answer",
			func(o *options) any { return &o.browser }},
		{"open", "", "false", []string{"query", "browser"},
			"open that link",
			func(o *options) any { return &o.open }},
		{"port", "BREACHGRAPH_BROWSER_PORT", "7475", []string{"browser"},
			"port that Neo4j Browser is served at, which keeps its settings by port; 0 means any that is free",
			func(o *options) any { return &o.port }},
		{"save", "", "", []string{"browser"},
			"write guide.html, browser.grass and queries.zip into this folder, and serve nothing",
			func(o *options) any { return &o.saveTo }},
		{"browser-url", "BREACHGRAPH_BROWSER_URL", "", []string{"query", "browser", "serve"},
			"where Neo4j Browser is; empty means at the local server, or at port 7474 of the database's host (7473 where the connection is encrypted)",
			func(o *options) any { return &o.browserURL }},
		{"format", "", "graphml", []string{"export"},
			"graphml, csv, stix, jsonl or html",
			func(o *options) any { return &o.exportFormat }},
		{"query", "", "", []string{"export"},
			"only what this named question answers, and the facts around it",
			func(o *options) any { return &o.exportQuery }},
		{"company", "", "", []string{"export"},
			"only this organisation, its breaches and the facts around them; a name, an alias or an id",
			func(o *options) any { return &o.company }},
		{"since", "", "", []string{"export"},
			"only what was published from this day on, as YYYY-MM-DD",
			func(o *options) any { return &o.since }},
		{"output", "", "", []string{"export"},
			"file to write, or folder for csv; empty means standard output",
			func(o *options) any { return &o.output }},
		{"llm", "", "", reads,
			"have a language model read the articles too: URL of an OpenAI-compatible endpoint, such as http://localhost:11434/v1; empty means none, and nothing of an article is sent anywhere",
			func(o *options) any { return &o.llm }},
		{"llm-model", "", "", reads,
			"name of that model",
			func(o *options) any { return &o.llmModel }},
		{"llm-key-file", "BREACHGRAPH_LLM_KEY_FILE", "", reads,
			"file that holds the endpoint's key; without it the key is that of BREACHGRAPH_LLM_KEY, if any. No flag takes the key, since others on the machine can see flags",
			func(o *options) any { return &o.llmKeyFile }},
		{"llm-timeout", "BREACHGRAPH_LLM_TIMEOUT", "120", reads,
			"seconds that the model may take for an article; after that the article is loaded without it",
			func(o *options) any { return &o.llmTimeout }},
		{"llm-stream", "", "false", reads,
			"have the model's answers sent in pieces, for gateways that cut silent connections",
			func(o *options) any { return &o.llmStream }},
		{"llm-price-in", "", "0", reads,
			"price of a million tokens sent, in any currency; 0 means unknown",
			func(o *options) any { return &o.llmPriceIn }},
		{"llm-price-out", "", "0", reads,
			"the same for tokens received",
			func(o *options) any { return &o.llmPriceOut }},
		{"dry-run", "", "false", []string{"resolve"},
			"list what would be merged, and what is in doubt, and change nothing",
			func(o *options) any { return &o.dryRun }},
		{"undo", "", "", []string{"resolve"},
			"take back the merge of this id, as in Organization:pell-worth, and do nothing else",
			func(o *options) any { return &o.undo }},
		{"file", "BREACHGRAPH_CURATION", "", []string{"curate"},
			"the file of corrections; empty means curation.yaml in the data folder",
			func(o *options) any { return &o.curation }},
		{"curation", "BREACHGRAPH_CURATION", "", []string{"backup"},
			"the same",
			func(o *options) any { return &o.curation }},
		{"format", "", "table", []string{"doctor"},
			"table, or json: an object for each check",
			func(o *options) any { return &o.doctorFormat }},
		{"keep-pages", "BREACHGRAPH_KEEP_PAGES", "0", []string{"serve", "prune"},
			"days that captured pages are kept in the archive; 0 means for ever",
			func(o *options) any { return &o.keepPages }},
		{"keep-dead", "BREACHGRAPH_KEEP_DEAD", "0", []string{"serve", "prune"},
			"days that jobs are kept which failed for good; 0 means for ever",
			func(o *options) any { return &o.keepDead }},
		{"dry-run", "", "false", []string{"prune"},
			"say what would be deleted, and delete nothing",
			func(o *options) any { return &o.dryRun }},
		{"no-graph", "", "false", []string{"backup"},
			"leave the graph out: replay makes it anew from the archive, but for corrections and merges",
			func(o *options) any { return &o.noGraph }},
		{"replace", "", "false", []string{"restore"},
			"delete what is there before",
			func(o *options) any { return &o.replace }},
		{"reason", "", "", []string{"curate"},
			"why, for those who read the file later",
			func(o *options) any { return &o.reason }},
		{"in", "", "", []string{"curate"},
			"URL of an article in which split leads the name to another entity; may be given several times",
			func(o *options) any { return &o.within }},
		{"digest", "", "false", []string{"check"},
			"print a hash of all that the graph holds instead, without internal ids and the numbering of breaches",
			func(o *options) any { return &o.digest }},
		{"yes", "", "false", []string{"db reset"},
			"do not ask before everything is deleted",
			func(o *options) any { return &o.yes }},
	}
}

// addFlags gives cmd the flags that the table has for verb; the empty verb
// stands for all.
func (o *options) addFlags(cmd *cobra.Command, verb string) {
	flags := cmd.Flags()
	if verb == "" {
		flags = cmd.PersistentFlags()
	}
	for _, s := range settings() {
		if s.verbs == nil && verb == "" || slices.Contains(s.verbs, verb) {
			s.add(flags, o)
		}
	}
}

// add defines one flag. The environment is not its default: help would show
// the password.
func (s setting) add(flags *pflag.FlagSet, o *options) {
	usage := s.meaning
	if s.env != "" {
		usage += " [$" + s.env + "]"
	}
	switch p := s.field(o).(type) {
	case *string:
		flags.StringVar(p, s.flag, s.deflt, usage)
	case *[]string:
		flags.Var(repeated{p}, s.flag, usage)
	case *bool:
		flags.BoolVar(p, s.flag, s.deflt == "true", usage)
	case *float64:
		flags.Float64Var(p, s.flag, 0, usage)
	case *int:
		flags.IntVar(p, s.flag, 0, usage)
		f := flags.Lookup(s.flag)
		f.DefValue = s.deflt
		if err := f.Value.Set(s.deflt); err != nil {
			panic(fmt.Sprintf("setting %s: %v", s.flag, err)) // a typo in the table; every test meets it
		}
	}
}

// repeated is the value of a flag that is given once for each of its texts; none
// has a default, and help shows none.
type repeated struct{ list *[]string }

// Set adds a text.
func (r repeated) Set(text string) error {
	*r.list = append(*r.list, text)
	return nil
}

func (r repeated) String() string {
	if r.list == nil {
		return ""
	}
	return strings.Join(*r.list, " ")
}

// Type is what help says of the value.
func (r repeated) Type() string { return "string" }

// settingsTable is the table as the README shows it.
func settingsTable() string {
	var b strings.Builder
	b.WriteString("| flag | environment | in a file | default | verbs | meaning |\n|---|---|---|---|---|---|\n")
	for _, s := range settings() {
		verbs := "all"
		if s.verbs != nil {
			verbs = "`" + strings.Join(s.verbs, "`, `") + "`"
		}
		inFile := "no"
		if s.refused() == "" {
			inFile = "yes"
		}
		fmt.Fprintf(&b, "| `--%s` | %s | %s | %s | %s | %s |\n", s.flag, code(s.env), inFile, code(s.deflt), verbs, s.meaning)
	}
	return b.String()
}

// code sets s in Markdown's code style, and nothing for nothing.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
