#!/bin/sh
# Builds the example as a package of its own (minutes) and checks what it answers.
set -eu
cd "$(dirname "$0")"
swift build -c release
answer=$(printf 'Doe,  Jane\nCher\n' |
  .build/release/mytool normalize.whitespace@1 example.swap-names@1)
[ "$answer" = "$(printf 'Jane Doe\nCher')" ] || {
  echo "mytool answered: $answer" >&2
  exit 1
}
echo "mytool: ok"
