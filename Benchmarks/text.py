#!/usr/bin/env python3
"""Speed of seqtool's text stages beside other tools, in one run on the same files.

usage: text.py SEQTOOL ASCII MULTILINGUAL [--megabytes 50] [--rounds 5] [--clock wall]

ASCII and MULTILINGUAL are text files, repeated to the size asked for. Each round times a pair, ours
and the peer's, one after the other; the ratio is the median of the rounds'. Ours is the whole
process, from start to exit, on one thread; a Python peer's time is its work alone, without start and
imports, also on one thread. A peer that is not installed is left out. The subword models are trained
by the peers on ASCII. `--clock user` takes the processor's time in place of the wall's, which other
work on the machine hardly changes; rows of two threads go by the wall in any case.
"""
import argparse
import os
import resource
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
    "HF encode": """
tokenizer = Tokenizer.from_file(model)
lines = open(path, encoding="utf8").read().split("\\n")
begin = clock()
out = open(os.devnull, "w")
for i in range(0, len(lines), 10000):
    for one in tokenizer.encode_batch(lines[i:i + 10000]):
        out.write(" ".join(map(str, one.ids)) + "\\n")
""",
    "HF train": """
tokenizer = Tokenizer(BPE())
tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
tokenizer.train([path], BpeTrainer(vocab_size=8192, show_progress=False))
""",
    "SentencePiece": """
processor = SentencePieceProcessor(model_file=model)
lines = open(path, encoding="utf8").read().split("\\n")
begin = clock()
out = open(os.devnull, "w")
for i in range(0, len(lines), 10000):
    for ids in processor.encode(lines[i:i + 10000], num_threads=1):
        out.write(" ".join(map(str, ids)) + "\\n")
""",
    "CountVectorizer": """
CountVectorizer(token_pattern=r"(?u)\\b\\w+\\b").fit_transform(open(path, encoding="utf8"))
""",
}
IMPORTS = {
    "unicodedata": "import unicodedata",
    "HF encode": "from tokenizers import Tokenizer",
    "HF train": "from tokenizers import Tokenizer\nfrom tokenizers.models import BPE\n"
    "from tokenizers.pre_tokenizers import ByteLevel\nfrom tokenizers.trainers import BpeTrainer",
    "SentencePiece": "from sentencepiece import SentencePieceProcessor",
    "CountVectorizer": "from sklearn.feature_extraction.text import CountVectorizer",
}
MAWK = (
    "LC_ALL=C tr -cs A-Za-z '\\n' < \"$0\" | LC_ALL=C tr A-Z a-z"
    " | LC_ALL=C mawk '{ c[$0]++ } END { for (k in c) print c[k], k }'"
)
NORMALIZE = ["normalize", "--form", "nfkc", "--casefold"]
TRAIN_BPE = """
import sys
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer
tokenizer = Tokenizer(BPE())
tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
tokenizer.train([sys.argv[1]], BpeTrainer(vocab_size=8192, show_progress=False))
tokenizer.save(sys.argv[2])
"""
TRAIN_SPM = """
import sys
from sentencepiece import SentencePieceTrainer
SentencePieceTrainer.train(
    input=sys.argv[1], model_prefix=sys.argv[2], model_type=sys.argv[3], vocab_size=8000,
    hard_vocab_limit=False, minloglevel=2)
"""
COUNT = ["vocab", "count", "--lowercase", "--strip-punctuation"]
BY_WORD = [*COUNT, "--by", "word"]
BY_PATTERN = [*COUNT, "--by", "regex", "--pattern", r"\w+"]


def user_time():
    """User time of the processes that have ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def run_python(peer, path, model="", by_user=False):
    clock = "lambda: os.times().user" if by_user else "time.perf_counter"
    script = (
        f"import os, sys, time\n{IMPORTS[peer]}\npath, model = sys.argv[1:]\nclock = {clock}\n"
        f"begin = clock()\n{PYTHON_PEERS[peer]}\nprint(clock() - begin)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, path, model], capture_output=True, text=True, check=True,
        env=dict(os.environ, RAYON_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false"),
    )
    return float(result.stdout)


def run_command(command, by_user=False):
    clock = user_time if by_user else time.perf_counter
    begin = clock()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return clock() - begin


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


def subword_rows(folder, source, texts, ours, python, command):
    """Encoding by models that the peers train, and training, where the peers are installed."""
    rows = []
    if is_there("HF encode"):
        model = os.path.join(folder, "tokenizer.json")
        subprocess.run([sys.executable, "-c", TRAIN_BPE, source, model], check=True)
        encode = ["encode", "--tokenizer", model]
        for name, path in texts:
            rows.append((f"BPE encode, {name}", "HF encode", path, ours(encode, path),
                         python("HF encode", path, model)))
            rows.append((f"BPE encode, 2 threads, {name}", "one thread", path,
                         ours(encode, path, 2), ours(encode, path, by_wall=True)))
        name, path = texts[0]
        out = os.path.join(folder, "ours.json")
        rows.append((f"BPE training, {name}", "HF train", path,
                     ours(["vocab", "bpe", "--size", "8192", "-o", out], path),
                     python("HF train", path)))
    if is_there("SentencePiece"):
        for kind in ["bpe", "unigram"]:
            prefix = os.path.join(folder, kind)
            model = prefix + ".model"
            subprocess.run([sys.executable, "-c", TRAIN_SPM, source, prefix, kind], check=True)
            for name, path in texts:
                encode = ours(["encode", "--tokenizer", model], path)
                spm = ["spm_encode", f"--model={model}", "--output_format=id", path]
                rows += [
                    (f"{kind} encode, {name}", "SentencePiece", path, encode,
                     python("SentencePiece", path, model)),
                    (f"{kind} encode, {name}", "spm_encode", path, encode, command(spm)),
                ]
    return rows


def text_rows(texts, ours, python, command):
    """Normalising and counting."""
    rows = []
    for name, path in texts:
        uconv = ["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "any-nfkc", path]
        rows += [
            (f"NFKC + case folding, {name}", "unicodedata", path, ours(NORMALIZE, path),
             python("unicodedata", path)),
            (f"NFKC, {name}", "uconv", path, ours(["normalize", "--form", "nfkc"], path),
             command(uconv)),
            (f"count \\w+, {name}", "CountVectorizer", path, ours(BY_PATTERN, path),
             python("CountVectorizer", path)),
            (f"count words, {name}", "CountVectorizer", path, ours(BY_WORD, path),
             python("CountVectorizer", path)),
            (f"NFKC + case folding, 2 threads, {name}", "one thread", path,
             ours(NORMALIZE, path, 2), ours(NORMALIZE, path, by_wall=True)),
            (f"count words, 2 threads, {name}", "one thread", path,
             ours(BY_WORD, path, 2), ours(BY_WORD, path, by_wall=True)),
        ]
    name, path = texts[0]
    rows.append((f"count words, {name}", "mawk", path, ours(BY_WORD, path),
                 command(["sh", "-c", MAWK, path])))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("ascii")
    parser.add_argument("multilingual")
    parser.add_argument("--megabytes", type=float, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clock", choices=["wall", "user"], default="wall")
    parser.add_argument("--only", default="", help="tasks whose name holds this")
    options = parser.parse_args()
    seqtool = os.path.abspath(options.seqtool)
    by_user = options.clock == "user"

    def command(line):
        return lambda: run_command(line, by_user)

    def python(peer, path, model=""):
        return lambda: run_python(peer, path, model, by_user)

    def ours(arguments, path, threads=1, by_wall=False):
        line = [seqtool, *arguments, f"--threads={threads}", path]
        return lambda: run_command(line, by_user and threads == 1 and not by_wall)

    with tempfile.TemporaryDirectory() as folder:
        texts = [("ASCII", repeated(options.ascii, options.megabytes, folder)),
                 ("multilingual", repeated(options.multilingual, options.megabytes, folder))]
        rows = text_rows(texts, ours, python, command)
        rows += subword_rows(folder, options.ascii, texts, ours, python, command)
        rows = [row for row in rows if options.only in row[0]]
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
