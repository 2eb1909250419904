#!/usr/bin/env bash
# Counts the languages that the names of a file come from, the surest ones only.
#   examples/label-pipeline.sh [FILE...]
set -euo pipefail
seqtool classify --min-prob 0.7 --else unsure --label-only "$@" | sort | uniq -c | sort -rn
