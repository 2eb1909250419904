#!/usr/bin/env python3
"""Speed of seqtool's text stages beside other tools, in one run on the same files.

usage: text.py SEQTOOL ASCII MULTILINGUAL [--megabytes 50] [--rounds 5]

ASCII and MULTILINGUAL are text files, repeated to the size asked for. Each round times a pair, ours
and the peer's, one after the other; the ratio is the median of the rounds'. Ours is the whole
process, from start to exit, on one thread; a Python peer's time is its work alone, without start and
imports. A peer that is not installed is left out.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PYTHON_PEERS = {
    "unicodedata": """
out = open(os.devnull, "w", encoding="utf8")
for line in open(path, encoding="utf8"):
    out.write(unicodedata.normalize("NFKC", line).casefold())
""",
    "CountVectorizer": """
CountVectorizer(token_pattern=r"(?u)\\b\\w+\\b").fit_transform(open(path, encoding="utf8"))
""",
}
IMPORTS = {
    "unicodedata": "import unicodedata",
    "CountVectorizer": "from sklearn.feature_extraction.text import CountVectorizer",
}
MAWK = (
    "LC_ALL=C tr -cs A-Za-z '\\n' < \"$0\" | LC_ALL=C tr A-Z a-z"
    " | LC_ALL=C mawk '{ c[$0]++ } END { for (k in c) print c[k], k }'"
)
NORMALIZE = ["normalize", "--form", "nfkc", "--casefold"]
COUNT = ["vocab", "count", "--by", "word", "--lowercase", "--strip-punctuation"]


def run_python(peer, path):
    script = (
        f"import os, sys, time\n{IMPORTS[peer]}\npath = sys.argv[1]\n"
        f"begin = time.perf_counter()\n{PYTHON_PEERS[peer]}\nprint(time.perf_counter() - begin)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, path], capture_output=True, text=True, check=True
    )
    return float(result.stdout)


def run_command(command):
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


def is_there(peer):
    if peer in IMPORTS:
        code = subprocess.run([sys.executable, "-c", IMPORTS[peer]], capture_output=True).returncode
        return code == 0
    return shutil.which(peer) is not None


def repeated(source, megabytes, folder):
    text = open(source, "rb").read()
    path = os.path.join(folder, os.path.basename(source))
    with open(path, "wb") as file:
        for _ in range(max(1, round(megabytes * 1e6 / len(text)))):
            file.write(text)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("ascii")
    parser.add_argument("multilingual")
    parser.add_argument("--megabytes", type=float, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    seqtool = os.path.abspath(options.seqtool)

    def ours(arguments, path, threads=1):
        return lambda: run_command([seqtool, *arguments, f"--threads={threads}", path])

    with tempfile.TemporaryDirectory() as folder:
        ascii_text = repeated(options.ascii, options.megabytes, folder)
        other_text = repeated(options.multilingual, options.megabytes, folder)
        rows = []
        for name, path in [("ASCII", ascii_text), ("multilingual", other_text)]:
            uconv = ["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "any-nfkc", path]
            rows += [
                (f"NFKC + case folding, {name}", "unicodedata", path, ours(NORMALIZE, path),
                 lambda path=path: run_python("unicodedata", path)),
                (f"NFKC, {name}", "uconv", path, ours(["normalize", "--form", "nfkc"], path),
                 lambda uconv=uconv: run_command(uconv)),
                (f"count words, {name}", "CountVectorizer", path, ours(COUNT, path),
                 lambda path=path: run_python("CountVectorizer", path)),
                (f"NFKC + case folding, 2 threads, {name}", "one thread", path,
                 ours(NORMALIZE, path, 2), ours(NORMALIZE, path)),
                (f"count words, 2 threads, {name}", "one thread", path,
                 ours(COUNT, path, 2), ours(COUNT, path)),
            ]
        rows.append(
            ("count words, ASCII", "mawk", ascii_text, ours(COUNT, ascii_text),
             lambda: run_command(["sh", "-c", MAWK, ascii_text])))
        print(f"{'task':44}{'peer':>17}{'MB/s':>8}{'peer':>8}{'ratio':>8}")
        for task, peer, path, run_ours, run_peer in rows:
            if peer != "one thread" and not is_there(peer):
                print(f"{task:44}{peer:>17}   not installed")
                continue
            pairs = [(run_ours(), run_peer()) for _ in range(options.rounds)]
            megabytes = os.path.getsize(path) / 1e6
            mine = statistics.median(megabytes / a for a, _ in pairs)
            theirs = statistics.median(megabytes / b for _, b in pairs)
            ratio = statistics.median(b / a for a, b in pairs)
            print(f"{task:44}{peer:>17}{mine:8.1f}{theirs:8.1f}{ratio:7.2f}x", flush=True)


if __name__ == "__main__":
    main()
