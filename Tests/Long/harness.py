"""What the scripts of this folder share: fixtures, runs whose cost is measured, and a table of counts.

Everything runs in a temporary folder, on data/ of the project and on models that are trained here for
an epoch or two: what is tested is how the program behaves, not how well it labels.
"""
import contextlib
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NETWORK = "--hidden 8 --embedding 8 --layers 1 --quiet"

# The commands that give a line for each record, as they can be run in the folder of fixtures.
FILTERS = {
    "classify": "classify --model names.seqmodel",
    "tag": "tag --model tags.seqmodel",
    "score": "score --model letters.seqmodel",
    "complete": "complete --model letters.seqmodel -k 2",
    "normalize": "normalize --form nfkc --casefold --strip-accents --collapse-whitespace",
    "tokenize": "tokenize --by word --jsonl",
    "encode": "encode --tokenizer bpe.json",
    "decode": "decode --tokenizer bpe.json",
    "batch": "batch --size 4",
    "run": "run --stage normalize.unicode --stage segment.unicode",
}
# What each filter reads, where that is not names.
READS = {"decode": "ids.txt", "batch": "ids.txt", "tag": "sentences.conll"}

# Every other command, with files and without stdin. What is trained has its output in OUT.
OTHERS = {
    "train classify": "train classify names.tsv -o OUT --epochs 1 --teacher none " + NETWORK,
    "train lm": "train lm names.txt -o OUT --epochs 1 " + NETWORK,
    "train tag": "train tag sentences.conll -o OUT --epochs 1 " + NETWORK,
    "train forecast": "train forecast series.csv --column value -o OUT --epochs 1 --hidden 4 --quiet",
    "train image": "train image dots -o OUT --epochs 1 --dev 0% --quiet",
    "forecast": "forecast --model series.seqmodel series.csv",
    "evaluate": "evaluate --model names.seqmodel names.tsv",
    "compare": "compare names.seqmodel names.seqmodel names.tsv --resamples 100",
    "calibrate": "calibrate --model names.seqmodel names.tsv -o OUT",
    "tune": "tune names.tsv --space space.json --trials 2 --rungs 1 --folder OUT",
    "inspect": "inspect names.seqmodel",
    "export": "export --model names.seqmodel --to pytorch -o OUT",
    "import": "import --from pytorch names.safetensors --like names.seqmodel -o OUT",
    "generate": "generate --model letters.seqmodel --length 64",
    "vocab count": "vocab count names.txt",
    "vocab merge": "vocab merge names.counts names.counts",
    "vocab build": "vocab build names.counts",
    "vocab info": "vocab info names.counts",
    "vocab bpe": "vocab bpe --size 300 names.txt -o OUT",
    "stages": "stages",
    "doctor": "doctor names.tsv",
    "lab next-word": "lab next-word",
    "lab memory": "lab memory --length 2 --symbols 3 --hidden 4 --steps 10 --quiet",
    "lab gradients": "lab gradients",
    "lab gradcheck": "lab gradcheck",
    "lab names-table": "lab names-table names.tsv --epochs 1 --quiet",
    "bench": "bench names-1-rnn --seconds 0.05",
    "manual": "manual",
    "help": "help classify",
}


def invocation(command):
    """A whole line for a command, its input included."""
    if command in FILTERS:
        return f"{FILTERS[command]} {READS.get(command, 'names.txt')}"
    return OTHERS[command]


def commands(seqtool):
    """Every command by its words, as the program itself lists them, hidden ones too; and the groups."""
    description = json.loads(run([seqtool, "--experimental-dump-help"]).stdout)["command"]
    leaves, groups = [], []

    def visit(command, path):
        children = command.get("subcommands", [])
        (groups if children else leaves).append(" ".join(path))
        for child in children:
            visit(child, path + [child["commandName"]])

    visit(description, [])
    missing = set(leaves) - set(FILTERS) - set(OTHERS)
    if missing:
        sys.exit(f"failed: Tests/Long/harness.py has no example of {', '.join(sorted(missing))}")
    return leaves, groups


def run(command, code=0, **options):
    """Runs a command, output and errors kept; anything but `code` ends the script."""
    result = subprocess.run(command, capture_output=True, **options)
    if code is not None and result.returncode != code:
        sys.exit(f"failed: {' '.join(command)} ended with {result.returncode}: {result.stderr.decode()}")
    return result


def measured(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options):
    """Exit code (as a shell has it), errors, processor seconds and peak of resident bytes of one run.

    `time` starts the command and takes the peak: the kernel counts the memory of the image that a process
    was forked from into its peak, and this script's is larger than what some commands take.
    """
    with tempfile.TemporaryFile() as errors, tempfile.NamedTemporaryFile() as peak:
        child = subprocess.Popen(["/usr/bin/time", "-q", "-f", "%M", "-o", peak.name, *command],
                                 stdin=stdin, stdout=stdout, stderr=errors, **options)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        text = errors.read().decode(errors="replace")
        kilobytes = int(peak.read())
    return child.returncode, text, usage.ru_utime + usage.ru_stime, kilobytes << 10


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def is_sound(data):
    """Whether a model's or a checkpoint's bytes have their own digest, taken with its digits as 0, and not by the
    program under test."""
    size = int.from_bytes(data[:8], "little")
    try:
        digits = json.loads(data[8:8 + size])["__metadata__"]["sha256"].encode()
    except (ValueError, KeyError):
        return False
    return len(digits) == 64 and hashlib.sha256(data.replace(digits, b"0" * 64, 1)).hexdigest() == digits.decode()


def labelled_names():
    """data/names as one TSV file."""
    lines = []
    for path in sorted(glob.glob(f"{ROOT}/data/names/*.txt")):
        label = os.path.basename(path)[:-4].encode()
        with open(path, "rb") as file:
            lines += [label + b"\t" + name for name in file.read().splitlines() if name]
    return b"\n".join(lines) + b"\n"


def write(path, data):
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def dots():
    """Eight images of 12 by 12 pixels, half of them white, as IDX."""
    os.makedirs("dots")
    write("dots/train-images-idx3-ubyte",
          bytes([0, 0, 8, 3, 0, 0, 0, 8, 0, 0, 0, 12, 0, 0, 0, 12]) + b"\0" * 576 + b"\xff" * 576)
    write("dots/train-labels-idx1-ubyte", bytes([0, 0, 8, 1, 0, 0, 0, 8, 0, 0, 0, 0, 1, 1, 1, 1]))


@contextlib.contextmanager
def fixtures(seqtool):
    """A folder with a small model of each kind and data for every command, as the working folder."""
    before = os.getcwd()
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    try:
        shutil.copy(f"{ROOT}/data/names.txt", "names.txt")
        write("names.tsv", labelled_names())
        for name, script in (("sentences.conll", "tagging/sentences"), ("series.csv", "forecasting/series")):
            path = f"{ROOT}/examples/{script}.awk"
            write(name, run(["awk", "-v", "count=200", "-v", "seed=1", "-f", path]).stdout)
        write("space.json", '{"hidden": [4, 8], "layers": 1, "epochs": 1, "teacher": "none"}')
        dots()
        for command, model in (("train classify", "names"), ("train lm", "letters"), ("train tag", "tags"),
                               ("train forecast", "series"), ("train image", "dots")):
            run([seqtool, *OTHERS[command].replace("OUT", model + ".seqmodel").split()])
        run([seqtool, *"vocab bpe --size 300 names.txt -o bpe.json".split()])
        write("names.counts", run([seqtool, "vocab", "count", "names.txt"]).stdout)
        write("ids.txt", run([seqtool, *"encode --tokenizer bpe.json names.txt".split()]).stdout)
        run([seqtool, *OTHERS["export"].replace("OUT", "names.safetensors").split()])
        yield folder
    finally:
        os.chdir(before)
        shutil.rmtree(folder)


class Table:
    """Counts checks by row, prints the first failures of each as they come, and the table at the end."""

    def __init__(self):
        self.good, self.bad, self.skipped = Counter(), Counter(), []

    def check(self, row, holds, message):
        (self.good if holds else self.bad)[row] += 1
        if not holds and self.bad[row] <= 5:
            print(f"FAILED {row}: {message}", file=sys.stderr, flush=True)
        return holds

    def skip(self, what):
        self.skipped.append(what)
        print(f"skipped: {what}", flush=True)

    def end(self):
        rows = list(dict.fromkeys([*self.good, *self.bad]))
        width = max([len(row) for row in rows], default=0)
        print(f"{'':{width}}  checks  failed")
        for row in rows:
            print(f"{row:{width}}  {self.good[row] + self.bad[row]:6}  {self.bad[row]:6}")
        print(f"{'all':{width}}  {self.good.total() + self.bad.total():6}  {self.bad.total():6}", flush=True)
        if not rows:
            sys.exit("failed: nothing was checked")
        sys.exit(self.bad.total() > 0)
