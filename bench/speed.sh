#!/usr/bin/env bash
# Whole extraction by breachgraph beside spaCy's small English model, which finds
# names only, on the same articles, on one processor each.
#
# usage: bench/speed.sh [ARTICLES.jsonl]
#
# PYTHON names an interpreter that has spaCy, BREACHGRAPH a binary to measure (one is
# built where it is not set). COUNT is how many articles are read, those given being
# repeated, and ROUNDS how often: the best round counts.
set -euo pipefail

sources=()
for file; do
	sources+=("$(realpath "$file")")
done
[ -z "${BREACHGRAPH:-}" ] || BREACHGRAPH=$(realpath "$BREACHGRAPH")
cd "$(dirname "$0")/.."
[ ${#sources[@]} -gt 0 ] || sources=(extract/testdata/articles/*.txt)

python=${PYTHON:-python3}
count=${COUNT:-1000}
rounds=${ROUNDS:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

pin=(env)
if command -v taskset >/dev/null; then
	pin=(taskset -c 0)
fi

python3 bench/articles.py "$count" "${sources[@]}" >"$folder/articles.jsonl"
if [ -z "${BREACHGRAPH:-}" ]; then
	BREACHGRAPH=$folder/breachgraph
	CGO_ENABLED=0 go build -trimpath -o "$BREACHGRAPH" ./cmd/breachgraph
fi
ours=("$BREACHGRAPH" extract --format jsonl "$folder/articles.jsonl")

# best gives, of lines "cpu elapsed memory", the least time and the most memory.
best() {
	awk 'NR == 1 || $1 < c { c = $1 } NR == 1 || $2 < e { e = $2 } $3 > m { m = $3 } END { print c, e, m }'
}

# row prints a line of the table for a measurement.
row() {
	awk -v name="$1" -v n="$count" -v spacy="${4:-0}" -v cpu="$2" -v memory="$3" 'BEGIN {
		times = "1.0"
		if (spacy > 0) times = sprintf("%.1f", spacy / cpu)
		printf "%-36s %12.1f %12s %10d\n", name, n / cpu, times, memory
	}'
}

for _ in $(seq "$rounds"); do
	GOMAXPROCS=1 "${pin[@]}" python3 bench/measure.py "${ours[@]}" >>"$folder/one"
	if "$python" -c 'import spacy' 2>/dev/null; then
		"${pin[@]}" "$python" bench/spacy_speed.py "$folder/articles.jsonl" >>"$folder/spacy"
	fi
	if [ "$(getconf _NPROCESSORS_ONLN)" -ge 2 ]; then
		GOMAXPROCS=2 python3 bench/measure.py "${ours[@]}" >>"$folder/two"
	fi
done

read -r cpu elapsed memory < <(best <"$folder/one")
printf '\n%-36s %12s %12s %10s\n' '' 'articles/s' 'times spaCy' 'memory MB'
if [ -s "$folder/spacy" ]; then
	read -r spacy _ spacy_memory < <(best <"$folder/spacy")
	row "breachgraph, all of it" "$cpu" "$memory" "$spacy"
	row "spaCy small, names only" "$spacy" "$spacy_memory"
else
	row "breachgraph, all of it" "$cpu" "$memory"
	printf '\nspaCy is not installed for %s: see bench/README.md\n' "$python"
fi
if [ -s "$folder/two" ]; then
	read -r _ two _ < <(best <"$folder/two")
	awk -v one="$elapsed" -v two="$two" 'BEGIN { printf "\non two processors %.2f times as fast by the clock\n", one / two }'
fi
