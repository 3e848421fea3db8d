#!/usr/bin/env bash
# How long the overview and /metrics of a service take, with a million articles in
# the database: first alone, then while the service extracts and loads.
#
# usage: bench/status.sh
#
# BREACHGRAPH is a binary to measure (one is built where it is not set), NODES how
# many articles there are, LOAD how many are extracted meanwhile, ROUNDS how often
# each address is asked, PORT where the service listens.
set -euo pipefail

[ -z "${BREACHGRAPH:-}" ] || BREACHGRAPH=$(realpath "$BREACHGRAPH")
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
export BREACHGRAPH_DATA=$folder/data BREACHGRAPH_HEAP=${BREACHGRAPH_HEAP:-1024}
unset NEO4J_URI NEO4J_USERNAME NEO4J_PASSWORD NEO4J_DATABASE BREACHGRAPH_API_TOKENS
serving=
finish() {
	[ -z "$serving" ] || { kill "$serving" && wait "$serving"; } || true
	"$BREACHGRAPH" db stop --quiet || true
	rm -rf "$folder"
}
trap finish EXIT

if [ -z "${BREACHGRAPH:-}" ]; then
	BREACHGRAPH=$folder/breachgraph
	CGO_ENABLED=0 go build -trimpath -o "$BREACHGRAPH" ./cmd/breachgraph
fi
"$BREACHGRAPH" ingest --quiet testdata/articles # makes the schema
field() { "$BREACHGRAPH" db status | sed -n "s/^$1  *//p"; }
NEO4J_PASSWORD=$(field password) python3 bench/status.py fill "$(field 'Neo4j Browser')" "${NODES:-1000000}"

mkdir "$folder/articles"
printf -- '- name: bench\n  kind: folder\n  file: %s\n' "$folder/articles" >"$folder/sources.yaml"
"$BREACHGRAPH" serve --quiet --all --sources "$folder/sources.yaml" --source bench --listen "127.0.0.1:${PORT:-8377}" &
serving=$!
at=http://127.0.0.1:${PORT:-8377}
until curl -sf -o /dev/null "$at/healthz"; do sleep 0.2; done
measure() { python3 bench/status.py measure "$1" "${ROUNDS:-100}" "$at/" "$at/metrics" "$at/breaches" "$at/articles"; }
measure alone

go run ./bench/articles -count "${LOAD:-3000}" | python3 bench/status.py bare >"$folder/articles/load.jsonl"
"$BREACHGRAPH" schedule run bench --sources "$folder/sources.yaml"
until curl -sf "$at/metrics" | grep -q '^breachgraph_jobs_total.*extract'; do sleep 0.5; done
measure 'under load'
curl -s "$at/metrics" | grep -E '^breachgraph_(jobs_total|queue_jobs)' || true
