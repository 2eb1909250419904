#!/usr/bin/env bash
# How many lines of the library and of the file readers the suite runs, by the tests themselves and by the
# real binary that they start:
#
#     Tests/Long/coverage.sh [--lines]      # --lines: also the lines of each file that nothing runs
set -euo pipefail
cd "$(dirname "$0")/../.."

build=.build/coverage
profiles=$PWD/$build/profiles
swift build -c release --build-tests --enable-code-coverage --scratch-path "$build"
rm -rf "$profiles"
mkdir -p "$profiles"
# One file for each program, into which all its runs are merged.
export LLVM_PROFILE_FILE=$profiles/%m.profraw
swift test -c release --skip-build --disable-xctest --enable-code-coverage --scratch-path "$build"
llvm-profdata merge -sparse "$profiles"/*.profraw -o "$build/all.profdata"
tests=$(find "$build/release/" -maxdepth 1 -name '*PackageTests.xctest' | head -n 1)
llvm-cov export "$tests" -object "$build/release/seqtool" -instr-profile "$build/all.profdata" \
  -format lcov > "$build/all.lcov"
python3 Tests/Long/coverage.py "$build/all.lcov" "$@"
