"""Sums up an lcov file for coverage.sh: lines run of each module, of the library and of the file readers.

SwiftPM counts lines of Swift alone, so C is left out."""
import os
import sys
from collections import defaultdict

from guards import READERS
from harness import ROOT

LIBRARY = ("Pipeline", "Tokenize", "Seq")


def main():
    lines, name = defaultdict(dict), None
    for row in open(sys.argv[1], encoding="utf8"):
        if row.startswith("SF:"):
            name = os.path.relpath(row[3:].strip(), ROOT)
        elif row.startswith("DA:"):
            line, count = row[3:].split(",")[:2]
            lines[name][int(line)] = max(lines[name].get(int(line), 0), int(count))
    sources = {name: found for name, found in lines.items() if name.startswith("Sources/")}
    if "--lines" in sys.argv:
        for name, found in sorted(sources.items()):
            missed = sorted(line for line, count in found.items() if not count)
            if missed:
                print(f"{name}: {' '.join(map(str, missed))}")

    def say(what, wanted):
        counts = [count for name, found in sources.items() if wanted(name) for count in found.values()]
        print(f"{what:40} {sum(map(bool, counts)):7} of {len(counts):7} lines  {100 * sum(map(bool, counts)) / max(1, len(counts)):.1f} %")

    for module in sorted({name.split("/")[1] for name in sources}):
        say(module, lambda name: name.split("/")[1] == module)
    say("the library", lambda name: name.split("/")[1] in LIBRARY)
    say("file readers (those of guards.py)", lambda name: name in READERS)


if __name__ == "__main__":
    main()
