#!/usr/bin/env python3
"""Counts the words of 1 GB of text and checks that the process stays within 128 MB.

usage: vocab_memory.py SEQTOOL [MEGABYTES] [LIMIT_MB]

The text has words by a law like Zipf's and a new word now and then, so that the counts do not fit
`--memory 64M`. The sum of the counts is checked against the words that were written.
"""
import random
import resource
import subprocess
import sys
import tempfile


def main():
    seqtool = sys.argv[1]
    size = int(float(sys.argv[2]) * 1e6) if len(sys.argv) > 2 else 1_000_000_000
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else 128
    rng = random.Random(1)
    words = ["".join(rng.choices("etaoinshrdlucmfw", k=rng.randint(1, 10))) for _ in range(20000)]
    weights = [1 / (i + 1) for i in range(len(words))]
    blocks = [" ".join(rng.choices(words, weights, k=9)) for _ in range(20000)]
    with tempfile.TemporaryFile() as output:
        command = [seqtool, "vocab", "count", "--memory", "64M", "--threads", "1"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output)
        written = lines = 0
        while written < size:
            block = "".join(
                f"{blocks[(lines + i) % len(blocks)]} n{lines + i}\n" for i in range(1000)
            ).encode()
            child.stdin.write(block)
            written += len(block)
            lines += 1000
        child.stdin.close()
        code = child.wait()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        output.seek(0)
        total = sum(int(line.rsplit(b"\t", 1)[1]) for line in output)
    print(f"{written / 1e6:.0f} MB, {lines} new words, peak {peak:.0f} MB resident (limit {limit})")
    if code != 0 or total != lines * 10 or peak > limit:
        sys.exit(f"failed: exit {code}, {total} words counted of {lines * 10}, {peak:.0f} MB")


if __name__ == "__main__":
    main()
