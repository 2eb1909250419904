#!/usr/bin/env bash
# How many lines of the library and of the file readers the suite runs, by the tests themselves and by the
# real binary that they start:
#
#     Tests/Long/coverage.sh [--lines]      # --lines: also the lines of each file that nothing runs
set -euo pipefail
cd "$(dirname "$0")/../.."

build=$PWD/.build/coverage
# The toolchain's own, which reads what its compiler writes.
tools=$(dirname "$(readlink -f "$(command -v swift)")")
swift build -c release --build-tests --enable-code-coverage --scratch-path "$build"
rm -rf "$build/release/codecov"
swift test -c release --skip-build --disable-xctest --enable-code-coverage --scratch-path "$build"
# `swift test` names a file for each process, those of the binary that the tests start among them; one that
# was killed leaves half a file, which is passed over.
find "$build/release/codecov" -name '*.profraw' > "$build/profiles"
"$tools/llvm-profdata" merge -sparse --failure-mode=all -f "$build/profiles" -o "$build/all.profdata"
"$tools/llvm-cov" export "$build/release/seqtoolPackageTests.xctest" -object "$build/release/seqtool" \
  -instr-profile "$build/all.profdata" -format lcov > "$build/all.lcov"
python3 Tests/Long/coverage.py "$build/all.lcov" "$@"
