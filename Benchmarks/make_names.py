#!/usr/bin/env python3
"""Makes distinct names: a prefix of one name and the lower-cased suffix of another, seeded.

usage: make_names.py COUNT NAMES.tsv > names.txt      NAMES.tsv: label TAB name, one a line

The same COUNT and file give the same bytes on every run.
"""
import random
import sys


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    with open(path, encoding="utf-8") as file:
        names = [line.rstrip("\n").split("\t")[-1] for line in file]
    names = [name for name in names if len(name) >= 2]
    draw = random.Random(1)
    seen = set()
    lines = []
    while len(lines) < count:
        first, second = draw.choice(names), draw.choice(names)
        name = first[: draw.randint(1, len(first) - 1)] + second[draw.randint(1, len(second) - 1):].lower()
        if name not in seen:
            seen.add(name)
            lines.append(name)
    sys.stdout.buffer.write(("\n".join(lines) + "\n").encode("utf-8"))


main()
