#!/usr/bin/env bash
# Speed of this build on this machine: start to first answer, then names per second through a pipe.
#   Benchmarks/run.sh SEQTOOL [NAMES.tsv]
set -euo pipefail
seqtool=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -gt 1 ]; then
  count=1000000
  python3 "$(dirname "$0")/make_names.py" "$count" "$2" > "$work/names"
else
  # Without the data of the built-in model, the sample repeated is an estimate.
  count=$((507 * 2000))
  for _ in $(seq 2000); do cat data/names.txt; done > "$work/names"
fi

seconds() { # seconds COMMAND...: runs it, prints its wall time
  local start=$EPOCHREALTIME
  "$@" > /dev/null
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f", b - a }'
}
first_answer() { head -n 1 data/names.txt | "$seqtool" classify; }
pipe() { cat "$work/names" | "$seqtool" "$@"; }

best=9
for _ in $(seq 20); do
  best=$(printf '%s\n%s\n' "$best" "$(seconds first_answer)" | sort -g | head -n 1)
done
awk -v s="$best" 'BEGIN { printf "start to first answer  %.1f ms\n", s * 1000 }'
for threads in 1 2; do
  s=$(seconds pipe classify --threads "$threads")
  awk -v n="$count" -v s="$s" -v t="$threads" \
    'BEGIN { printf "classify, %d thread(s)  %d records/s\n", t, n / s }'
done
for command in 'normalize --form nfkc --strip-accents --lowercase' 'tokenize --by word'; do
  # shellcheck disable=SC2086
  s=$(seconds pipe $command)
  awk -v n="$count" -v s="$s" -v c="$command" 'BEGIN { printf "%s  %d records/s\n", c, n / s }'
done
