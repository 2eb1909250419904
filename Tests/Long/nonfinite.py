#!/usr/bin/env python3
"""Trainings whose numbers run away stop with 70, say where, and leave nothing that is not finite.

usage: nonfinite.py SEQTOOL [--runs 100] [--inside 100] [--seed 1]

RUNS trainings of five kinds are driven out of the range of numbers from outside, by absurd learning rates,
initial weights and values of data drawn at random, saving themselves after every step. Those that end well
must have a finite model; the others must end with 70 and one line that names the step and what was not finite
or has exploded. No checkpoint, and no model, has a number that is not finite; what stood under the
model's name before is whole after a failure. At least a third of them must
have failed and a twentieth by a number that is not finite, else nothing was shown.

In INSIDE more, a BLAS that stands in front of the real one (faulty_blas.c) puts a NaN or an infinity into one
element of one product, both drawn at random: in a gradient, an activation, a state. Every NaN must stop the
training, but where nobody reads that element (the table's row of a symbol that is not in the batch): then the model has
the bytes of an undisturbed training. An infinity may be squashed to a finite number (by a tanh).
"""
import argparse
import array
import json
import math
import os
import random
import re
import shutil
import subprocess
from collections import Counter

import harness

KINDS = {
    "classify": "train classify names.tsv --teacher none --batch-size 64 --epochs 2 --hidden 8 --layers 1",
    "lm": "train lm names.txt --epochs 1 --batch-size 8 --bptt 8 --hidden 8 --layers 1",
    "tag": "train tag sentences.conll --epochs 1 --hidden 8",
    "forecast": "train forecast huge.csv --column value --epochs 2 --hidden 8 --window 8",
    "image": "train image dots --dev 0% --epochs 8",
}
FORMATS = {"F32": "f", "F64": "d"}
SAYS = re.compile(r"seqtool: the (\w+ )*(loss|gradient|weight)( of [\w.]+)? (is not a finite number|has exploded) .*at step \d+")


def not_finite(path):
    """The tensors of a file with a number that is not finite, read without the program under test."""
    with open(path, "rb") as file:
        data = file.read()
    size = int.from_bytes(data[:8], "little")
    header, found = json.loads(data[8:8 + size]), []
    for name, tensor in header.items():
        if name != "__metadata__" and tensor["dtype"] in FORMATS:
            begin, end = (8 + size + offset for offset in tensor["data_offsets"])
            if not all(map(math.isfinite, array.array(FORMATS[tensor["dtype"]], data[begin:end]))):
                found.append(name)
    if b"NaN" in data[8:8 + size] or b"Infinity" in data[8:8 + size]:
        found.append("the header")
    return found


def options_for(kind, rng):
    rate = 10 ** rng.uniform(-1, 3)
    words = ["--learning-rate", f"{min(rate, 1000):.4g}", "--seed", str(rng.randrange(1000))]
    if kind != "image":
        words += ["--cell", rng.choice(["rnn", "rnn-relu", "lstm", "gru"])]
    if kind in ("classify", "lm"):
        words += ["--optimizer", rng.choice(["sgd", "momentum", "adam", "rmsprop"]), "--clip-norm", rng.choice(["0", "1e9"])]
    return words


def trial(table, seqtool, kind, rng):
    shutil.rmtree("out", ignore_errors=True)
    os.makedirs("out")
    harness.write("out/model", "old")
    scale = 10 ** rng.uniform(0, 38)
    harness.write("huge.csv", "value\n" + "".join(f"{rng.gauss(0, scale):.6g}\n" for _ in range(120)))
    words = [*KINDS[kind].split(), *options_for(kind, rng), "-o", "out/model", "--checkpoint", "out/c",
             "--checkpoint-every", "0ms", "--quiet"]
    result = harness.run([seqtool, *words], code=None)
    errors, what = result.stderr.decode(), " ".join(words)
    table.check(kind, result.returncode in (0, 70), f"{what}: exit {result.returncode}: {errors}")
    saved = [f"out/c/{name}" for name in os.listdir("out/c")] if os.path.isdir("out/c") else []
    table.check(kind, not any(name.endswith(".tmp") for name in saved), f"{what}: {saved}")
    bad = {path: found for path in saved if (found := not_finite(path))}
    table.check(kind, not bad, f"{what}: not finite in {bad}")
    if result.returncode == 0:
        table.check(kind, not not_finite("out/model"), f"{what}: not finite in the model")
        return "ended well"
    table.check(kind, SAYS.match(errors) and errors.count("\n") == 1, f"{what}: stderr is {errors!r}")
    with open("out/model") as file:
        table.check(kind, file.read() == "old", f"{what}: the old model is gone")
    return "not finite" if "finite" in errors else "exploded"


def real_blas():
    """The path of the library that seqtool opens; None where there is none."""
    names = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True).stdout
    found = re.search(r"libopenblas\.so\.0 .*=> (\S+)", names)
    return found and found[1]


def inside(table, seqtool, runs, rng):
    """Puts one number that is not finite into one product of each training."""
    blas = real_blas()
    if not blas or not shutil.which("cc"):
        print("skipped: numbers made non-finite inside (OpenBLAS or a C compiler is missing)")
        return
    os.makedirs("faulty", exist_ok=True)
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O2", "-o", "faulty/libopenblas.so.0", os.path.join(harness.ROOT, "Tests/Long/faulty_blas.c"),
         "-ldl"], check=True)
    environment = {**os.environ, "LD_LIBRARY_PATH": os.path.abspath("faulty"), "REAL_BLAS": blas}
    harness.write("huge.csv", "value\n" + "".join(f"{math.sin(i / 3):.4f}\n" for i in range(120)))
    ends = Counter()
    for i in range(runs):
        kind = [kind for kind in KINDS if kind != "image"][i % 4]
        cell = rng.choice(["rnn", "lstm", "gru"])
        command = [seqtool, *KINDS[kind].split(), "--cell", cell, "-j", "1", "-o", "out/model", "--checkpoint", "out/c",
                   "--checkpoint-every", "0ms", "--quiet"]

        def train(**fault):
            shutil.rmtree("out", ignore_errors=True)
            os.makedirs("out")
            return harness.run(command, code=None, env={**environment, **fault})

        train(FAULT_COUNT="count")
        with open("count") as file, open("out/model", "rb") as model:
            count, undisturbed = int(file.read()), model.read()
        fault = {"FAULT_CALL": str(rng.randint(1, count)), "FAULT_PLACE": str(rng.random()),
                 "FAULT_VALUE": "nan" if i % 3 else rng.choice(["inf", "-inf"])}
        result = train(**fault)
        errors, what = result.stderr.decode(), f"{kind} {cell} {fault} of {count}"
        stopped, unread = result.returncode == 70, False
        if result.returncode == 0:
            with open("out/model", "rb") as model:
                unread = model.read() == undisturbed
        ends["stopped" if stopped else "unread" if unread else "squashed"] += 1
        table.check("inside", stopped or unread or fault["FAULT_VALUE"] != "nan" and result.returncode == 0,
                    f"{what}: exit {result.returncode}: {errors}")
        table.check("inside", not stopped or SAYS.match(errors), f"{what}: stderr is {errors!r}")
        saved = [f"out/c/{name}" for name in os.listdir("out/c")] if os.path.isdir("out/c") else []
        bad = {path: found for path in saved + ["out/model"] * (not stopped) if (found := not_finite(path))}
        table.check("inside", not bad, f"{what}: not finite in {bad}")
    print(f"{runs} trainings with a number made non-finite inside: {dict(ends)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--inside", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seqtool, table, rng = os.path.abspath(options.seqtool), harness.Table(), random.Random(options.seed)
    ends = Counter()
    with harness.fixtures(seqtool):
        for i in range(options.runs):
            kind = list(KINDS)[i % len(KINDS)]
            ends[trial(table, seqtool, kind, rng)] += 1
        inside(table, seqtool, options.inside, rng)
    print(f"{options.runs} trainings: {dict(ends)}", flush=True)
    table.check("driven out", ends["ended well"] * 3 <= options.runs * 2, f"only few were stopped: {ends}")
    table.check("driven out", ends["not finite"] * 20 >= options.runs, f"hardly any was not finite: {ends}")
    table.end()


if __name__ == "__main__":
    main()
