#!/usr/bin/env python3
"""Peak memory of the streaming commands does not depend on how much they read.

usage: stream_memory.py SEQTOOL [--small 64M] [--large 2G] [--only TEXT]

Feeds each command the same kind of text through a pipe, once SMALL and once LARGE, and compares the
peaks of resident memory; fails where they differ by more than 2 MB.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import threading

LINES = (
    "The quick brown fox jumps over the lazy dog, 1,234 times a day.\n"
    "\u00c4rger mit \u00dcberl\u00e4nge: na\u00efve caf\u00e9s, e\u0301tude\n"
    "\u6771\u4eac\u90fd \u0645\u0631\u062d\u0628\u0627 \u041f\u0440\u0438\u0432\u0435\u0442 \U0001f600\n"
    "\n"
).encode()
LIMIT = 2 << 20


def size(text):
    return int(text[:-1]) << {"K": 10, "M": 20, "G": 30}[text[-1]]


def peak(command, count):
    """The peak of the child's resident memory, in bytes."""
    block = LINES * ((1 << 20) // len(LINES))
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def feed():
        left = count
        while left > 0:
            child.stdin.write(block[:left])
            left -= len(block)
        child.stdin.close()

    thread = threading.Thread(target=feed)
    thread.start()
    _, status, usage = os.wait4(child.pid, 0)
    thread.join()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {child.returncode}")
    return usage.ru_maxrss << 10


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--small", default="64M")
    parser.add_argument("--large", default="2G")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    seqtool = os.path.abspath(options.seqtool)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        bpe = os.path.join(folder, "bpe.json")
        sample = os.path.join(folder, "sample")
        with open(sample, "wb") as file:
            file.write(LINES)
        subprocess.run([seqtool, "vocab", "bpe", "--size", "400", "-o", bpe, sample], check=True)
        commands = [
            "normalize --form nfkc --casefold",
            "normalize --form nfd --strip-accents --strip-punctuation --collapse-whitespace",
            "tokenize --by word", "tokenize --by grapheme", "tokenize --by sentence",
            "tokenize --by word --jsonl", f"encode --tokenizer {bpe}",
            "vocab count --memory 16M", "run --stage records.sample(rate=0.5)",
        ]
        for words in commands:
            if options.only not in words:
                continue
            command = [seqtool, *words.split()]
            small, large = (peak(command, size(s)) for s in (options.small, options.large))
            verdict = "ok" if large - small <= LIMIT else "GROWS"
            failures += verdict != "ok"
            print(f"{words[:60]:62}{small / 2**20:8.1f}{large / 2**20:8.1f} MB  {verdict}", flush=True)
    sys.exit(failures > 0)


main()
