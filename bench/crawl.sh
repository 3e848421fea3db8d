#!/usr/bin/env bash
# How fast a crawl is: 2,000 articles on 50 hosts, all on this machine, without a
# delay and with one of a second for each host.
#
# usage: bench/crawl.sh
#
# BREACHGRAPH is a binary to measure (one is built where it is not set), ARTICLES
# and HOSTS how large the web is, DELAYS which delays are tried.
set -euo pipefail

[ -z "${BREACHGRAPH:-}" ] || BREACHGRAPH=$(realpath "$BREACHGRAPH")
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT

if [ -z "${BREACHGRAPH:-}" ]; then
	BREACHGRAPH=$folder/breachgraph
	CGO_ENABLED=0 go build -trimpath -o "$BREACHGRAPH" ./cmd/breachgraph
fi
go build -o "$folder/site" ./bench/site
mkfifo "$folder/sources"
"$folder/site" -hosts "${HOSTS:-50}" -articles "${ARTICLES:-2000}" >"$folder/sources" &
server=$!
cat "$folder/sources" >"$folder/sources.yaml"
names=$(sed -n 's/^- name: //p' "$folder/sources.yaml" | paste -sd,)

for delay in ${DELAYS:-0s 1s}; do
	read -r cpu _ memory < <(python3 bench/measure.py bash -c 'exec "$@" >"$0"' "$folder/events" \
		"$BREACHGRAPH" crawl --once --no-load --allow-private --delay "$delay" --format jsonl \
		--data "$folder/data-$delay" --sources "$folder/sources.yaml" --source "$names")
	tail -n 1 "$folder/events" | DELAY=$delay CPU=$cpu MEMORY=$memory python3 -c '
import json, os, sys
end, cpu = json.load(sys.stdin), float(os.environ["CPU"])
new, pages, seconds = end["new"], end["fetched"], end["seconds"]
print("delay %s: %d articles in %.1f s, %.1f pages/s, %.0f pages/cpu-s, %s MB"
      % (os.environ["DELAY"], new, seconds, pages / seconds, pages / cpu, os.environ["MEMORY"]))'
done
