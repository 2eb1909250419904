#!/usr/bin/env python3
"""Several trainings at once on one folder of checkpoints: one trains, the others say so and stop.

usage: writers.py SEQTOOL [--rounds 20] [--processes 8]

* In each round some processes start together. One ends with 0, every other with 75 and one line that names the
  folder; the model is that of a training alone. All the while every checkpoint that can be opened is whole.
* In each round, too, a training is killed by SIGKILL once it has saved something; the same command, started at once,
  finds the folder free and goes on to the same model.
"""
import argparse
import glob
import os
import shutil
import subprocess

import harness

COMMAND = ("train classify names.tsv --teacher none --threads 1 --epochs 6 --checkpoint-every 1ms --checkpoint save/c -o save/OUT "
           + harness.NETWORK)


def start(command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def fresh():
    shutil.rmtree("save", ignore_errors=True)
    os.mkdir("save")


def readable():
    """The checkpoints, as a reader finds them; one that is removed before it is opened is none."""
    for path in glob.glob("save/c/*.ckpt"):
        try:
            with open(path, "rb") as file:
                yield path, file.read()
        except FileNotFoundError:
            pass


def together(table, command, count, expected, what):
    fresh()
    running = [start(command) for _ in range(count)]
    while any(process.poll() is None for process in running):
        for path, data in readable():
            table.check("readers find whole checkpoints", harness.is_sound(data), f"{what}: {path}")
    codes = sorted(process.returncode for process in running)
    table.check("one trains", codes == [0] + [75] * (count - 1), f"{what}: {codes}")
    for process in running:
        errors = process.stderr.read().decode()
        if process.returncode == 75:
            one_line = errors.startswith("seqtool: save/c: ") and errors.count("\n") == 1
            table.check("the others say why", one_line, f"{what}: {errors!r}")
    table.check("its model", harness.digest("save/OUT") == expected, what)


def killed(table, command, expected, what):
    fresh()
    first = start(command)
    while first.poll() is None and not list(readable()):
        pass
    first.kill()
    first.wait()
    # The lock goes with the process that held it.
    result = harness.run(command, code=None)
    table.check("the next finds the folder free", result.returncode == 0, f"{what}: {result}")
    table.check("its model", harness.digest("save/OUT") == expected, what)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--processes", type=int, default=8)
    options = parser.parse_args()
    table = harness.Table()
    with harness.fixtures(options.seqtool):
        command = [options.seqtool, *COMMAND.split()]
        fresh()
        harness.run(command)
        expected = harness.digest("save/OUT")
        for number in range(options.rounds):
            count = 2 + number % (options.processes - 1)
            together(table, command, count, expected, f"round {number}, {count} processes")
            killed(table, command, expected, f"round {number}")
    table.end()


if __name__ == "__main__":
    main()
