#!/usr/bin/env bash
# The whole suite under sanitizers, the real binary that the tests run included:
#
#     Tests/Long/sanitizers.sh [address+undefined] [thread]
#
# Each argument is a build of its own in .build/ARGUMENT, with all its sanitizers (undefined goes with address,
# whose runtime library has it). A report ends its process with 99, so that the test fails, and is kept in
# .build/ARGUMENT-reports: the script fails where there is one. FILTER is a regular expression of the tests to
# run. Leaks are not looked for: what Swift keeps to the end of the process counts as one. A few tests are left
# out, for sanitizers keep what was freed, reserve more addresses than `ulimit -v` leaves, and write files of their
# own at the start, which `ulimit -f` forbids. The binary may take ten times its time. Under thread two tests fail that
# expect why a program cannot be started: the sanitizer's own posix_spawn does not say it.
set -euo pipefail
cd "$(dirname "$0")/../.."

limits='freedMemoryIsTakenAgain|littleMemoryIsNoHang|aLimitOnTheSizeOfFilesIsAnErrorAndNoSignal'
limits+='|aFailedWriteNamesTheFileAndNotStdout'
builds=("$@")
((${#builds[@]})) || builds=(address+undefined thread)
failed=0
for build in "${builds[@]}"; do
  reports=$PWD/.build/$build-reports
  rm -rf "$reports"
  mkdir -p "$reports"
  arguments=(-c release --scratch-path ".build/$build")
  for sanitizer in ${build//+/ }; do
    if [[ $sanitizer == undefined ]]; then
      # Swift has no undefined behaviour to look for, and its compiler does not know the option: C and C++ alone.
      for option in -fsanitize=undefined -fno-sanitize=vptr,function -fno-sanitize-recover=undefined; do
        arguments+=(-Xcc "$option")
      done
    else
      arguments+=(--sanitize "$sanitizer")
    fi
  done
  swift build "${arguments[@]}" --build-tests
  common=exitcode=99:log_path=$reports/report
  export ASAN_OPTIONS=$common:detect_leaks=0 UBSAN_OPTIONS=$common:halt_on_error=1
  export TSAN_OPTIONS=$common:suppressions=$PWD/Tests/Long/thread.supp
  SEQTOOL_TEST_PATIENCE=10 swift test "${arguments[@]}" --skip-build --disable-xctest --skip "$limits" \
    ${FILTER:+--filter "$FILTER"} || failed=1
  count=$(find "$reports" -type f | wc -l)
  echo "$build: $count reports in $reports"
  ((count == 0)) || failed=1
done
exit "$failed"
