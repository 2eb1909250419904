#!/usr/bin/env bash
# The whole suite under sanitizers, the real binary that the tests run included:
#
#     Tests/Long/sanitizers.sh [address|thread|undefined ...]
#
# Each has a build of its own in .build/SANITIZER. A report ends its process with 99, so that the test fails,
# and is kept in .build/SANITIZER-reports: the script fails where there is one. FILTER is a regular
# expression of the tests to run. Leaks are not looked for: what Swift keeps to the end of the process
# counts as one.
set -euo pipefail
cd "$(dirname "$0")/../.."

sanitizers=("$@")
((${#sanitizers[@]})) || sanitizers=(address thread undefined)
failed=0
for sanitizer in "${sanitizers[@]}"; do
  reports=$PWD/.build/$sanitizer-reports
  rm -rf "$reports"
  mkdir -p "$reports"
  arguments=(-c release --sanitize "$sanitizer" --scratch-path ".build/$sanitizer")
  swift build "${arguments[@]}" --build-tests
  common=exitcode=99:log_path=$reports/report
  export ASAN_OPTIONS=$common:detect_leaks=0 TSAN_OPTIONS=$common UBSAN_OPTIONS=$common:halt_on_error=1
  swift test "${arguments[@]}" --skip-build --disable-xctest ${FILTER:+--filter "$FILTER"} || failed=1
  count=$(find "$reports" -type f | wc -l)
  echo "$sanitizer: $count reports in $reports"
  ((count == 0)) || failed=1
done
exit "$failed"
