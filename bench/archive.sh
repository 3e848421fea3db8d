#!/usr/bin/env bash
# How fast WARC files are read and their articles parsed, how fast an archive is
# written and searched, and what a frontier of a million URLs takes.
#
# usage: bench/archive.sh [FOLDER]
#
# FOLDER holds saved pages, .html or .html.gz; those of the tests are read where
# it is not named. BREACHGRAPH is a binary to measure (one is built where it is
# not set), COUNT how many pages the WARC file has.
set -euo pipefail

pages=$(realpath "${1:-$(dirname "$0")/../ingest/page/testdata/pages}")
[ -z "${BREACHGRAPH:-}" ] || BREACHGRAPH=$(realpath "$BREACHGRAPH")
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

if [ -z "${BREACHGRAPH:-}" ]; then
	BREACHGRAPH=$folder/breachgraph
	CGO_ENABLED=0 go build -trimpath -o "$BREACHGRAPH" ./cmd/breachgraph
fi
count=${COUNT:-1000}
python3 bench/warc.py "$count" "$pages" >"$folder/pages.warc.gz"

# benchmark runs Go benchmarks of a package and prints their lines.
benchmark() {
	go test "$1" -run '^$' -bench "$2" | grep '^Benchmark'
}

printf 'archive: pages of 45 kB\n'
benchmark ./ingest/warc/archive .
printf '\nWARC file of %d saved pages, %d MB\n' "$count" $(($(wc -c <"$folder/pages.warc.gz") / 1000000))
WARC_BENCH=$folder/pages.warc.gz benchmark ./ingest/warc/archive Read
python3 bench/measure.py "$BREACHGRAPH" extract --only article --format jsonl "$folder/pages.warc.gz" |
	awk -v n="$count" '{ printf "articles parsed: %.0f/cpu-s, %.0f/s, %d MB\n", n / $1, n / $2, $3 }'

# The file is made by one process and measured in another.
printf '\nfrontier of a million URLs on 5,000 hosts\n'
export FRONTIER_BENCH=$folder/frontier.db
benchmark ./ingest/crawl/frontier Million/Open >/dev/null
benchmark ./ingest/crawl/frontier Million
