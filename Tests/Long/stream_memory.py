#!/usr/bin/env python3
"""Peak memory of what streams does not depend on how much it reads.

usage: stream_memory.py SEQTOOL [--small 64M] [--large 2G] [--only TEXT]

Feeds each command the same kind of text through a pipe, three times SMALL and once LARGE, and compares the
peaks of resident memory; fails where that of LARGE is more than 2 MB above the highest of the others: how many
chunks wait for a slow one is bounded, but left to chance. Every stage that `seqtool stages`
lists must be among them, or among those of which STANDING says why they do not stream. Models read an
eighth of both sizes, for they are slow, and by one thread, so that fewer chunks wait.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import threading

import harness

LINES = (
    "The quick brown fox jumps over the lazy dog, 1,234 times a day.\n"
    "\u00c4rger mit \u00dcberl\u00e4nge: na\u00efve caf\u00e9s, e\u0301tude\n"
    "\u6771\u4eac\u90fd \u0645\u0631\u062d\u0628\u0627 \u041f\u0440\u0438\u0432\u0435\u0442 \U0001f600\n"
    "\n"
).encode()
IDS = b"7 12 9 30 31\n8\n\n45 7 7 7 7 7 7 7 7 9\n"
TOKENS = "The\nfox\nÄrger\n東京都\n.\n\n".encode()
LIMIT = 2 << 20

# What is run, what it reads, and the stages that then work.
COMMANDS = [
    ("normalize --form nfkc --casefold", LINES, "normalize.unicode normalize.case"),
    ("normalize --form nfd --strip-accents --strip-punctuation --collapse-whitespace", LINES,
     "normalize.unicode normalize.accents normalize.punctuation normalize.whitespace"),
    ("normalize --transliterate Any-Latin;Latin-ASCII", LINES, "normalize.transliterate"),
    ("tokenize --by word", LINES, "segment.unicode"),
    ("tokenize --by grapheme", LINES, "segment.unicode"),
    ("tokenize --by sentence", LINES, "segment.unicode"),
    ("tokenize --by word --jsonl", LINES, "segment.unicode"),
    ("tokenize --by regex --pattern \\w+", LINES, "segment.regex"),
    ("tokenize --tokenizer bpe.json", LINES, "subword.tokenize"),
    ("encode --tokenizer bpe.json", LINES, "subword.encode"),
    ("encode --model names.seqmodel", LINES, "vocabulary features.ngrams"),
    ("decode --tokenizer bpe.json", IDS, ""),
    ("batch --size 32 --bucket 1024", IDS, ""),
    ("vocab count --memory 16M", LINES, "segment.unicode"),
    ("run --stage normalize.digits", LINES, "normalize.digits"),
    ("run --stage records.sample(share=0.5)", LINES, "records.sample"),
    ("run --stage records.split(part=dev)", LINES, "records.split"),
    ("run --stage records.filter(minimum=1)", LINES, "records.filter"),
    ("run --stage records.deduplicate(limit=1000,full=forget)", LINES, "records.deduplicate"),
    (f"run --stage exec:{harness.ROOT}/examples/plugins/awk/swap_names.awk", LINES, "process.run"),
    ("run --stage library:./swap_names.so", LINES, "library.load"),
    ("classify --model names.seqmodel", LINES, "classify.recurrent features.ngrams vocabulary"),
    ("score --model letters.seqmodel", LINES, "lm.recurrent"),
    ("complete --model letters.seqmodel", LINES, "lm.recurrent"),
    ("tag --model tags.seqmodel", TOKENS, "tag.recurrent features.characters"),
]
MODELS = ("classify", "score", "complete", "tag")
STANDING = {
    "classify.lenet": "its files are images, each read whole",
    "forecast.recurrent": "its file is one series, whose last window is what it reads",
}


def size(text):
    return int(text[:-1]) << {"K": 10, "M": 20, "G": 30}[text[-1]]


def peak(command, lines, count):
    """The peak of the child's resident memory, in bytes."""
    block = lines * ((1 << 20) // len(lines))
    read, write = os.pipe()

    def feed():
        left = count
        with os.fdopen(write, "wb", buffering=0) as pipe:
            while left > 0:
                try:
                    left -= pipe.write(block[:left])
                except BrokenPipeError:
                    return

    thread = threading.Thread(target=feed)
    thread.start()
    with os.fdopen(read, "rb") as source:
        code, errors, _, bytes = harness.measured(command, stdin=source)
    thread.join()
    if code != 0:
        sys.exit(f"failed: {' '.join(command)}: exit {code}: {errors}")
    return bytes


def covers_every_stage(table, seqtool):
    stages = {stage["id"].split("@")[0] for stage in json.loads(harness.run([seqtool, "stages", "--json"]).stdout)}
    covered = {name for *_, names in COMMANDS for name in names.split()}
    for name in sorted(stages | covered):
        table.check("stages", name in stages and (name in covered) != (name in STANDING),
                    f"{name} is not measured here, or is no stage")


def build_library(table):
    """The example of a library; its table of functions is what the header of the project says."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        table.skip("library.load (no C compiler)")
        return False
    harness.run([compiler, "-O1", "-shared", "-fPIC", f"-I{harness.ROOT}/Sources/CSeqtoolPlugin/include",
                 f"{harness.ROOT}/examples/plugins/c/swap_names.c", "-o", "swap_names.so"])
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--small", default="64M")
    parser.add_argument("--large", default="2G")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    seqtool, table = os.path.abspath(options.seqtool), harness.Table()
    with harness.fixtures(seqtool):
        covers_every_stage(table, seqtool)
        has_library = build_library(table)
        for line, lines, _ in COMMANDS:
            if options.only not in line or ("library:" in line and not has_library):
                continue
            words, share = line.split(), 1
            if words[0] in MODELS:
                words, share = [*words, "--threads", "1"], 8
            command = [seqtool, *words]
            small = max(peak(command, lines, size(options.small) // share) for _ in range(3))
            large = peak(command, lines, size(options.large) // share)
            shown = line.replace(harness.ROOT + "/", "")
            print(f"{shown[:70]:72}{small / 2**20:8.1f}{large / 2**20:8.1f} MB", flush=True)
            table.check("memory", large - small <= LIMIT, f"{shown}: grows by {(large - small) >> 10} KiB")
    table.end()


if __name__ == "__main__":
    main()
