#!/usr/bin/env python3
"""Readers that go away, full disks, descriptors that are closed: for every command.

usage: pipes.py SEQTOOL [--rounds 100] [--only TEXT]

* head: `yes | seqtool FILTER | head -n 1`, ROUNDS times for each filter and for the manual,
  every other time with SIGPIPE ignored from the start: exit 141, nothing on stderr.
* full: stdout is /dev/full, for every command, and for --help of every command and group: exit 74, and one
  line that says so. Commands that write nothing to stdout must then really write nothing.
* closed: each combination of closed descriptors 0, 1 and 2: 74 where a closed one was needed, else the right
  bytes; no file gets what was meant for a stream.
* stderr: a reader of stderr that goes away, a full disk behind it: the run ends as if nobody watched.
* slow: stdout is a pipe that does not block and whose reader sleeps: every byte comes.
"""
import argparse
import fcntl
import glob
import itertools
import json
import os
import shutil
import subprocess
import time

import harness

FEEDS = {"tag": "Mr\nleft\n", "decode": "7 8 9", "batch": "7 8 9"}
# Writes more than a pipe holds, all at once.
LONG = {"manual": "manual"}
FULL = "No space left on device"


def clean():
    for path in glob.glob("OUT*"):
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


def finish(child, seconds=60):
    """Code and errors of a process that should end by itself; a hang is 124."""
    try:
        return child.wait(timeout=seconds), child.stderr.read() if child.stderr else b""
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return 124, b""


def head(table, seqtool, rounds, only):
    commands = {**harness.FILTERS, **LONG}
    for name, line in commands.items():
        if only not in name:
            continue
        for i in range(rounds):
            feed = subprocess.Popen(["yes", FEEDS.get(name, "Satoshi")], stdout=subprocess.PIPE)
            child = subprocess.Popen([seqtool, *line.split()], stdin=feed.stdout, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, restore_signals=i % 2 == 0)
            feed.stdout.close()
            first = os.read(child.stdout.fileno(), 64)
            child.stdout.close()
            code, errors = finish(child)
            feed.kill()
            feed.wait()
            child.stderr.close()
            table.check(f"head, {name}", first and code == 141 and not errors, f"{first}, exit {code}, {errors}")


def to_full(table, row, seqtool, words, writes=True):
    with open("/dev/full", "wb") as full:
        result = subprocess.run([seqtool, *words], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE)
    errors = result.stderr.decode()
    if result.returncode == 0 and not writes:
        clean()
        plain = harness.run([seqtool, *words], stdin=subprocess.DEVNULL)
        return table.check(row, not plain.stdout, f"{words} wrote {len(plain.stdout)} bytes, and a full disk was not noticed")
    last = errors.splitlines()[-1:] or [""]
    table.check(row, result.returncode == 74, f"{words}: exit {result.returncode}: {errors}")
    table.check(row, FULL in last[0] and last[0].startswith("seqtool: "), f"{words}: stderr is {errors!r}")


def full(table, seqtool, only):
    leaves, groups = harness.commands(seqtool)
    for name in leaves + groups:
        if only in name:
            to_full(table, "full, --help", seqtool, [*name.split(), "--help"])
    for name in leaves:
        if only in name:
            to_full(table, "full, commands", seqtool, harness.invocation(name).split(), writes=False)
            clean()
    for words in (["--version"], ["--generate-completion-script", "bash"], ["normalize", "--dump-config"]):
        to_full(table, "full, commands", seqtool, words)
    log = harness.run([seqtool, *harness.OTHERS["train classify"].split(), "--log", "/dev/full"], code=None)
    table.check("full, --log", log.returncode == 74 and FULL.encode() in log.stderr, log)
    clean()


# What is run, whether it reads stdin, whether it writes stdout, and the files that it makes.
CLOSED = [
    ("normalize --lowercase", True, True, []),
    ("normalize --lowercase names.txt", False, True, []),
    ("normalize --form nfkc names.txt --map OUT", False, True, ["OUT"]),
    ("normalize --form nfkc --map OUT", True, True, ["OUT"]),
    ("classify --model names.seqmodel names.txt", False, True, []),
    ("encode --tokenizer bpe.json names.txt --npz OUT", False, False, ["OUT"]),
    ("vocab bpe --size 300 names.txt -o OUT", False, False, ["OUT"]),
    ("run --stage normalize.case names.txt -o OUT", False, False, ["OUT"]),
    ("train classify names.tsv -o OUT --epochs 1 --teacher none --hidden 4 --layers 1 --log OUT.log --progress json",
     False, False, ["OUT"]),
    ("evaluate --model names.seqmodel names.tsv", False, True, []),
    ("--help", False, True, []),
]


def run_with(command, closed, **options):
    def close():
        for descriptor in closed:
            os.close(descriptor)
    with open("names.txt", "rb") as names:
        return subprocess.run(command, stdin=names, capture_output=True, preexec_fn=close, **options)


def made(files):
    bytes = {}
    for name in files:
        if os.path.exists(name):
            bytes[name] = harness.digest(name)
    return bytes


def closed(table, seqtool):
    for line, reads, writes, files in CLOSED:
        clean()
        expected, files_expected = run_with([seqtool, *line.split()], ()), made(files)
        for shut in itertools.chain.from_iterable(itertools.combinations((0, 1, 2), n) for n in range(4)):
            clean()
            result = run_with([seqtool, *line.split()], shut)
            row = "closed " + ("".join(map(str, shut)) or "none")
            fails = (0 in shut and reads) or (1 in shut and writes)
            code = 74 if fails else 0
            table.check(row, result.returncode == code, f"{line}: exit {result.returncode}, not {code}: {result.stderr}")
            if not fails:
                table.check(row, result.stdout == expected.stdout or 1 in shut, f"{line}: other bytes on stdout")
                table.check(row, made(files) == files_expected, f"{line}: other bytes in {files}")
            elif 2 not in shut:
                lines = result.stderr.decode().splitlines()
                table.check(row, bool(lines) and "Bad file descriptor" in lines[-1], f"{line}: stderr is {lines}")
            if files:
                # A map or a table of a run that failed must not be there, half of it.
                whole = all(bytes == files_expected[name] for name, bytes in made(files).items())
                table.check(row, whole, f"{line}: a file holds what was meant for a stream")
            if os.path.exists("OUT.log"):
                with open("OUT.log") as log:
                    events = [is_json(line) for line in log]
                table.check(row, len(events) == 3 and all(events), f"{line}: the log has {events}")
    clean()


def is_json(line):
    try:
        return json.loads(line)["event"]
    except (ValueError, KeyError):
        return None


def errors_unread(table, seqtool):
    command = [seqtool, *CLOSED[8][0].split()]
    clean()
    run_with(command, ())
    expected = harness.digest("OUT")
    for kind in ("closed pipe", "full disk"):
        clean()
        if kind == "full disk":
            errors = os.open("/dev/full", os.O_WRONLY)
        else:
            read, errors = os.pipe()
            os.close(read)
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=errors)
        os.close(errors)
        table.check(f"stderr, {kind}", result.returncode == 0 and harness.digest("OUT") == expected, result)
    clean()


def slow(table, seqtool):
    harness.write("many.txt", b"Satoshi Kowalczyk\n" * 100_000)
    for line in ("normalize many.txt", "tokenize --by word many.txt", "vocab count many.txt", "manual", "stages --markdown",
                 "generate --model letters.seqmodel --length 100000"):
        command = [seqtool, *line.split()]
        expected = harness.run(command).stdout
        read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETFL, fcntl.fcntl(write, fcntl.F_GETFL) | os.O_NONBLOCK)
        child = subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE)
        os.close(write)
        time.sleep(0.3)
        with os.fdopen(read, "rb") as pipe:
            found = pipe.read()
        code, errors = finish(child)
        child.stderr.close()
        table.check("slow", code == 0 and found == expected and not errors,
                    f"{line}: exit {code}, {len(found)} of {len(expected)} bytes, {errors}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--only", default="", help="only the commands whose names contain this")
    options = parser.parse_args()
    seqtool, table = os.path.abspath(options.seqtool), harness.Table()
    with harness.fixtures(seqtool):
        head(table, seqtool, options.rounds, options.only)
        full(table, seqtool, options.only)
        if not options.only:
            closed(table, seqtool)
            errors_unread(table, seqtool)
            slow(table, seqtool)
    table.end()


if __name__ == "__main__":
    main()
