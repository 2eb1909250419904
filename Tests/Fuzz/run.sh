#!/usr/bin/env bash
# Builds the fuzzers with libFuzzer and AddressSanitizer and runs them, one after the other:
#
#     Tests/Fuzz/run.sh [TARGET...]
#
# SECONDS_EACH (10) is how long each runs, RUNS (no limit) how many inputs it tries at most, TIMEOUT (2)
# after how many seconds an input hangs, CORPUS a folder that keeps what was found (a fresh one each
# time, if not given). Inputs that break something are left in CRASHES (.build/fuzz-crashes), and the
# script fails.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${SECONDS_EACH:-10}
corpus=${CORPUS:-$(mktemp -d)}
crashes=${CRASHES:-.build/fuzz-crashes}
targets=("$@")
((${#targets[@]})) || targets=(records normalise segment vocabulary model checkpoint config tokenizer replies)

# Swift Build, the other build system, does not know this sanitizer. C is watched by AddressSanitizer
# only: coverage of the digests' code would draw the fuzzers there.
swift build --package-path Tests/Fuzz --scratch-path .build/fuzz --build-system native \
  -c release ${JOBS:+-j "$JOBS"} --product Fuzz \
  -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing -Xcc -fsanitize=address
fuzzer=.build/fuzz/release/Fuzz

# Swift's own report of a crash would come before libFuzzer's, which saves the input.
export SWIFT_BACKTRACE=enable=no FUZZ_PROJECT=.
export ASAN_OPTIONS=detect_leaks=0:malloc_context_size=1:quarantine_size_mb=8:${ASAN_OPTIONS:-}
mkdir -p "$crashes"
failed=0
for target in "${targets[@]}"; do
  mkdir -p "$corpus/$target"
  FUZZ_TARGET=$target FUZZ_SEEDS=$corpus/$target $fuzzer
  case $target in
    model | checkpoint | tokenizer) size=8192 ;;
    *) size=512 ;;
  esac
  log=$(mktemp)
  # The sanitizers cost more than half of the speed, hence two seconds; their own memory counts in the
  # limit of the process, not in that of a single allocation.
  if FUZZ_TARGET=$target $fuzzer -max_total_time="$seconds" -runs="${RUNS:--1}" -timeout="${TIMEOUT:-2}" \
    -len_control=100 -detect_leaks=0 -rss_limit_mb=1024 -malloc_limit_mb=256 -max_len=$size -print_final_stats=1 \
    -artifact_prefix="$crashes/$target-" "$corpus/$target" >"$log" 2>&1; then
    state=sound
  else
    state=BROKEN
    failed=1
    grep -aE 'LAW BROKEN|ERROR:|Fatal error|SUMMARY|Test unit written' "$log" || tail -n 20 "$log"
  fi
  number() { grep -a "$1" "$log" | tail -n 1 | grep -oE '[0-9]+$' || echo '?'; }
  echo "$target: $state, $(number stat::number_of_executed_units) inputs," \
    "$(number stat::average_exec_per_sec) a second, the slowest took" \
    "$(number stat::slowest_unit_time_sec) s, $(number stat::peak_rss_mb) MB at most"
  rm -f "$log"
done
exit $failed
