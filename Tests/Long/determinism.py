#!/usr/bin/env python3
"""The same bytes: run after run, at any number of threads, in any locale, zone and year, from a file or a pipe.

usage: determinism.py SEQTOOL [--runs 20] [--only TEXT]

The SHA-256 of what each command writes (stdout, or the model file; of trainings the checkpoints too) is
compared with that of a first run:

* again, RUNS times, each process with its own seeds of hashing;
* with 1 to 8 threads;
* in six locales, made here by localedef, and with bad ones;
* in four time zones, and with the clock a day, a year and thirty years away (by faketime);
* the input by a file, by a pipe, in pieces of 1 byte to 1 MiB, by a named pipe.

What needs localedef or faketime is skipped, with a word, where there is none.
"""
import argparse
import os
import shutil
import subprocess
import threading

import harness

LOCALES = {"tr_TR.UTF-8": "tr_TR", "de_DE.UTF-8": "de_DE", "ar_EG.UTF-8": "ar_EG", "hi_IN.UTF-8": "hi_IN",
           "az_AZ.UTF-8": "az_AZ", "ja_JP.EUC-JP": "ja_JP"}
ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns", ":/nonexistent")
CLOCKS = ("-1d", "+1d", "+366d", "-30y")
PIECES = (1, 2, 3, 5, 7, 4095, 4096, 4097, 1 << 20)

COMMANDS = {**{name: f"{line} many" for name, line in harness.FILTERS.items()}, **{
    "vocab count": "vocab count many", "vocab bpe": "vocab bpe --size 400 many -o OUT", "doctor": "doctor names.tsv --json",
    "generate": "generate --model letters.seqmodel --length 500 --temperature 1.5", "evaluate": harness.OTHERS["evaluate"],
    "compare": harness.OTHERS["compare"], "calibrate": harness.OTHERS["calibrate"],
    "forecast": harness.OTHERS["forecast"],
    "train classify": "train classify names.tsv -o OUT --epochs 2 --layers 1 --hidden 24 --teacher none -q "
                      "--checkpoint OUT.c --checkpoint-every 0ms",
    "train lm": "train lm names.txt -o OUT --epochs 2 --layers 2 --hidden 16 --batch-size 8 --weight-dropout 0.2 -q",
    "train tag": "train tag sentences.conll -o OUT --epochs 1 --hidden 8 -q",
    "train forecast": "train forecast series.csv --column value -o OUT --epochs 2 --hidden 8 -q",
    "train image": "train image dots -o OUT --epochs 3 --dev 0% -q"}}
UNTHREADED = ("vocab bpe", "doctor", "generate", "compare", "calibrate", "forecast", "decode", "batch", "evaluate")
READ = {"tag": "sentences.conll", "decode": "ids.txt", "batch": "ids.txt"}


def prepare(name):
    """The input of a command, as `many`: enough for several chunks."""
    with open(READ.get(name, "names.txt"), "rb") as file:
        harness.write("many", file.read() * 40)
    for path in ("OUT", "OUT.c"):
        shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)


def answer(name, command, **options):
    """The digest of all that a run gives."""
    prepare(name)
    result = harness.run(command, code=None, **options)
    parts = [b"%d" % result.returncode, result.stdout]
    if result.returncode != 0:
        parts.append(result.stderr)
    paths = ["OUT"] if os.path.exists("OUT") else []
    paths += sorted(f"OUT.c/{file}" for file in os.listdir("OUT.c")) if os.path.isdir("OUT.c") else []
    parts += [f"{path} {harness.digest(path)}".encode() for path in paths]
    return harness.hashlib.sha256(b"\0".join(parts)).hexdigest() if result.returncode == 0 else repr(parts)


def make_locales(table):
    """The folder of the locales that could be made, and their names."""
    if not shutil.which("localedef"):
        table.skip("locales (no localedef)")
        return None, []
    folder, names = os.path.abspath("locales"), []
    os.makedirs(folder)
    for name, source in LOCALES.items():
        charset = name.split(".")[1]
        made = harness.run(["localedef", "-c", "-i", source, "-f", charset, f"{folder}/{name}"], code=None)
        if os.path.exists(f"{folder}/{name}/LC_CTYPE"):
            names.append(name)
        else:
            table.skip(f"locale {name} ({made.stderr.decode().strip()})")
    return folder, names


def environments(table):
    folder, names = make_locales(table)
    for name in names:
        yield "locales", name, dict(os.environ, LOCPATH=folder, LC_ALL=name, LANG=name), []
    for name in ("", "C", "POSIX", "xx_XX.nonsense"):
        yield "other locales", name, dict(os.environ, LC_ALL=name, LANG=name), []
    for zone in ZONES:
        yield "zones", zone, dict(os.environ, TZ=zone), []
    if shutil.which("faketime"):
        for clock in CLOCKS:
            yield "clocks", clock, None, ["faketime", "-f", clock]
    else:
        table.skip("clocks (no faketime)")


def checks_itself(seqtool, table, places):
    """That locales and clocks are really in force where they are said to be."""
    for row, name, environment, prefix in places:
        if row == "locales":
            charset = harness.run(["locale", "charmap"], env=environment).stdout.decode().strip()
            table.check(row, charset == name.split(".")[1], f"{name} is not in force: {charset}")
        if row == "clocks":
            days = int(harness.run([*prefix, "date", "+%s"]).stdout) - int(harness.run(["date", "+%s"]).stdout)
            table.check(row, abs(days) > 80_000, f"the clock is not moved by {name}")


def matrix(table, seqtool, runs, only):
    places = list(environments(table))
    checks_itself(seqtool, table, places)
    for name, line in COMMANDS.items():
        if only not in name:
            continue
        command = [seqtool, *line.split()]
        expected = answer(name, command)
        table.check("ends well", len(expected) == 64, f"{name}: {expected[:300]}")

        def compare(row, what, command, **options):
            found = answer(name, command, **options)
            table.check(row, found == expected, f"{name}, {what}: other bytes; {found[:300]}")

        for i in range(runs - 1):
            compare("again", f"run {i + 2}", command)
        if name not in UNTHREADED:
            for threads in range(1, 9):
                compare("threads", f"{threads} threads", [*command, "--threads", str(threads)])
        for row, what, environment, prefix in places:
            compare(row, what, [*prefix, *command], env=environment)


def feed(path, target, piece):
    with open(path, "rb") as source, target:
        while data := source.read(piece):
            try:
                target.write(data)
            except BrokenPipeError:
                return


def by_other_ways(table, seqtool, only):
    """What a filter gives for a file, against the same bytes in pieces and by pipes."""
    for name, line in harness.FILTERS.items():
        if only not in name:
            continue
        prepare(name)
        command = [seqtool, *line.split()]
        expected = harness.run([*command, "many"]).stdout
        # One byte at a time is slow: less of it.
        with open("many", "rb") as file:
            head = b"".join(file.readlines()[:400])
        harness.write("few", head)
        less = harness.run([*command, "few"]).stdout
        for piece in PIECES:
            path, whole = ("few", less) if piece < 100 else ("many", expected)
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
            thread = threading.Thread(target=feed, args=(path, child.stdin, piece))
            thread.start()
            found = child.stdout.read()
            thread.join()
            child.stdout.close()
            table.check("pieces", child.wait() == 0 and found == whole, f"{name}: pieces of {piece} bytes")
        with open("many", "rb") as file:
            table.check("ways in", harness.run(command, stdin=file).stdout == expected, f"{name}: file as stdin")
        with open("many", "rb") as file:
            table.check("ways in", harness.run([*command, "-"], input=file.read()).stdout == expected, f"{name}: -")
        os.mkfifo("fifo")
        thread = threading.Thread(target=lambda: feed("many", open("fifo", "wb"), 65536))
        thread.start()
        table.check("ways in", harness.run([*command, "fifo"]).stdout == expected, f"{name}: named pipe")
        thread.join()
        os.remove("fifo")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    seqtool, table = os.path.abspath(options.seqtool), harness.Table()
    with harness.fixtures(seqtool):
        matrix(table, seqtool, options.runs, options.only)
        by_other_ways(table, seqtool, options.only)
    table.end()


if __name__ == "__main__":
    main()
