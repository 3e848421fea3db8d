#!/usr/bin/env bash
# export.sh [ARTICLES] measures what the exports of a graph of made-up articles
# take (14,000 make a million relationships), and whether what can be read back
# makes the same graph: JSON Lines by breachgraph, CSV by Neo4j's import tool. It
# needs GNU time and some GB in TMPDIR.
set -euo pipefail
cd "$(dirname "$0")/.."
articles=${1:-14000}
work=$(mktemp -d)
export BREACHGRAPH_DATA
program=$work/breachgraph

# stop ends the servers that were started here.
stop() {
	for BREACHGRAPH_DATA in "$work"/{first,lines,csv}; do "$program" db stop 2>/dev/null || true; done
	rm -rf "$work"
}
trap stop EXIT

# in_graph runs the program on one of the graphs.
in_graph() {
	BREACHGRAPH_DATA=$work/$1
	shift
	"$program" "$@"
}

# measured prints what a command takes under a heading.
measured() {
	local heading=$1
	shift
	/usr/bin/time -f "$heading: %e s, %U s of the program, %M kB" "$@"
}

# imported makes a graph of CSV files with the tool for that, whose start script
# is not among the artifacts of which the local server is made.
imported() {
	local home jars
	in_graph csv db start --quiet >"$work/server"
	home=$(in_graph csv db path)
	in_graph csv db stop --quiet
	jars=$(ls -d "${XDG_CACHE_HOME:-$HOME/.cache}"/breachgraph/neo4j-*/lib | tail -n 1)
	(cd "$work/files" && NEO4J_HOME=$home NEO4J_CONF=$home/conf java -cp "$jars/*" org.neo4j.cli.AdminTool \
		database import full @arguments.txt --overwrite-destination neo4j) >"$work/import" || { tail "$work/import"; return 1; }
}

go build -o "$program" ./cmd/breachgraph
go run ./bench/articles -count "$articles" >"$work/articles.jsonl"
measured load env BREACHGRAPH_DATA="$work/first" "$program" ingest --quiet "$work/articles.jsonl"
echo 'MATCH ()-[r]->() RETURN count(r) AS relationships' | in_graph first query - --format jsonl
for format in graphml stix jsonl; do
	measured "$format" env BREACHGRAPH_DATA="$work/first" "$program" export --format $format --output "$work/out.$format"
done
measured csv env BREACHGRAPH_DATA="$work/first" "$program" export --format csv --output "$work/files"
du -ch "$work"/out.* "$work/files"
first=$(in_graph first check --digest)
in_graph first db stop
imported
[ "$(in_graph csv check --digest)" = "$first" ] && echo 'CSV: the same graph'
in_graph csv db stop
measured 'JSON Lines read back' env BREACHGRAPH_DATA="$work/lines" "$program" ingest --quiet "$work/out.jsonl"
[ "$(in_graph lines check --digest)" = "$first" ] && echo 'JSON Lines: the same graph'
