#!/usr/bin/env python3
"""Twice the input takes at most 2.3 times as long, on inputs that have made text tools quadratic.

usage: complexity.py SEQTOOL [--largest 1000000] [--runs 5] [--limit 2.3] [--only TEXT]

Each family is a text of n units and the commands for which it is bad. n is doubled up to LARGEST, and on
where that takes less than 50 ms. The processor time of RUNS runs of each n, taken in turns, is compared by its
median, less the time of a run on next to nothing; times below 15 ms are not compared. A ratio above the limit
is measured twice more, for other programs share the caches: the least counts.
"""
import argparse
import os
import random
import statistics
import sys

import harness

TELLING, ENOUGH, MOST = 0.015, 0.050, 16_000_000
NORMALIZE = "normalize --max-record 1G --threads 1 "
TOKENIZE = "tokenize --max-record 1G --threads 1 --by "


def repeated(unit):
    """n characters, or bytes, on a line."""
    data = unit if isinstance(unit, bytes) else unit.encode()
    return lambda n: data * (n // len(unit)) + b"\n"


def distinct(n):
    rng = random.Random(1)
    return b"".join(b"%x\n" % rng.getrandbits(48) for _ in range(n // 12))


# Half of the marks belong behind the other half.
FALLING = lambda n: ("a" + "\u0301" * (n // 2) + "\u0323" * (n // 2) + "\n").encode()
# Every second mark belongs in front of all others.
MIXED = lambda n: ("a" + "\u0301\u0323" * (n // 2) + "\n").encode()
FAMILIES = {
    "marks in falling order": (FALLING, [NORMALIZE + f"--form {form}" for form in ("nfc", "nfd", "nfkc-casefold")]),
    "marks in mixed order": (MIXED, [NORMALIZE + "--form nfd", NORMALIZE + "--strip-accents", TOKENIZE + "grapheme"]),
    "marks that decompose to marks": (repeated("\u0f73\u0f75\u0f81"), [NORMALIZE + "--form nfc", NORMALIZE + "--form nfkd"]),
    "one character to eighteen": (repeated("\ufdfa"), [NORMALIZE + "--form nfkc", NORMALIZE + "--form nfkd --map OUT"]),
    "Hangul jamo": (repeated("\u1100\u1161\u11a8"), [NORMALIZE + "--form nfc", TOKENIZE + "grapheme"]),
    "flags": (repeated("\U0001f1e6"), [TOKENIZE + "grapheme", TOKENIZE + "word"]),
    "joined emoji": (repeated("\U0001f468\u200d"), [TOKENIZE + "grapheme --jsonl", TOKENIZE + "word"]),
    "one token": (repeated("a"), [
        TOKENIZE + "word", TOKENIZE + "sentence", "vocab count --max-record 1G --threads 1",
        "encode --max-record 1G --threads 1 --tokenizer bpe.json", "run --max-record 1G --threads 1 --stage segment.regex",
        "classify --max-record 1G --threads 1 --model names.seqmodel", "score --max-record 1G --threads 1 --model letters.seqmodel",
        "tag --max-record 1G --threads 1 --model tags.seqmodel"]),
    "stops without an end": (repeated("a.\"') "), [TOKENIZE + "sentence", TOKENIZE + "word --jsonl"]),
    "spaces": (repeated(" "), [NORMALIZE + "--collapse-whitespace", TOKENIZE + "word", TOKENIZE + "whitespace",
                               "encode --max-record 1G --threads 1 --tokenizer bpe.json"]),
    "empty lines": (repeated("\n"), [NORMALIZE, TOKENIZE + "word", "classify --threads 1 --model names.seqmodel",
                                     "tag --threads 1 --model tags.seqmodel", "batch --size 7"]),
    "malformed bytes": (repeated(b"\xe2\x82\xf0\xff"), [NORMALIZE + "-q", TOKENIZE + "grapheme -q --jsonl"]),
    "controls to be escaped": (repeated("\u0001\u0085\u2028"), [TOKENIZE + "grapheme --jsonl", TOKENIZE + "scalar"]),
    "letters to transliterate": (repeated("щё"), [NORMALIZE + "--transliterate Any-Latin;Latin-ASCII"]),
    "one record of ids": (repeated("7 "), ["decode --max-record 1G --threads 1 --tokenizer bpe.json", "batch --max-record 1G --size 1"]),
    "distinct lines": (distinct, ["run --threads 1 --stage records.deduplicate", "vocab count --threads 1",
                                  "vocab bpe --size 300 -o OUT"]),
}


def times(command, texts, runs):
    """The median processor time of each text, taken in turns."""
    found = [[] for _ in texts]
    for _ in range(runs):
        for text, list in zip(texts, found):
            with open(text, "rb") as file:
                code, errors, seconds, _ = harness.measured(command, stdin=file)
            if code != 0:
                sys.exit(f"failed: {' '.join(command)}: exit {code}: {errors}")
            list.append(seconds)
    return [statistics.median(list) for list in found]


def ratios(command, make, options):
    """(n, seconds for n, ratio to half of it), for each n that says something."""
    harness.write("none", make(12))
    n = 125_000
    while True:
        harness.write("half", make(n // 2))
        harness.write("whole", make(n))
        best = None
        for _ in range(3):
            start, half, whole = times(command, ("none", "half", "whole"), options.runs)
            half, whole = half - start, whole - start
            if half < TELLING:
                break
            if best is None or whole / half < best[2]:
                best = (n, whole, whole / half)
            if best[2] <= options.limit:
                break
        if best:
            yield best
        if n >= MOST or (n >= options.largest and half >= ENOUGH) or (best and best[2] > options.limit):
            return
        n *= 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=2.3)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    seqtool, table = os.path.abspath(options.seqtool), harness.Table()
    with harness.fixtures(seqtool):
        for name, (make, lines) in FAMILIES.items():
            for line in lines:
                if options.only not in name and options.only not in line:
                    continue
                found = list(ratios([seqtool, *line.split()], make, options))
                worst = max(found, key=lambda row: row[2], default=(0, 0, 0))
                last = found[-1] if found else worst
                print(f"{name:30} {line.split(' --')[0]:10} worst ratio {worst[2]:.2f} at {worst[0]:8}; "
                      f"{last[0] / last[1] / 1e6 if found else 0:7.2f} M units/s at {last[0]}", flush=True)
                table.check(name, found and last[0] >= options.largest, f"{line}: too fast to be measured")
                table.check(name, worst[2] <= options.limit, f"{line}: {worst[2]:.2f} at n = {worst[0]}")
    table.end()


if __name__ == "__main__":
    main()
