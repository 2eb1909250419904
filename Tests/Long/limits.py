#!/usr/bin/env python3
"""Files that claim too much, records without an end, lines of a million characters, little memory.

usage: limits.py SEQTOOL [--characters 1000000] [--endless 1G] [--memory-step 64M]

* claims: model files of 200 bytes that claim 2^40 numbers, and headers that claim more than the file has:
  exit 65, one line, and memory within 1 MiB of a plain refusal.
* endless: `head -c 1G /dev/zero` into every filter: exit 65 within 2 s of processor time, memory within
  3.5 times the limit of a record above a short line's.
* long: each filter on records around one of CHARACTERS characters: as many lines out as in, the others as
  they are alone, and the long one as it must be.
* memory: `ulimit -v` from 32 MiB upward in steps: a training works, or fails and leaves the old file whole;
  it never hangs. (Without room for the BLAS it does without, and its last bits are then others.)
"""
import argparse
import json
import os
import resource
import shutil
import struct
import subprocess

import harness

MIB = 1 << 20
RECORD = 16 * MIB
UNITS = {"K": 10, "M": 20, "G": 30}


def size(text):
    return int(text[:-1]) << UNITS[text[-1]]


def hostile(shape, end, dtype="F32", padding=200, length=None):
    """A safetensors file with one tensor that it does not have."""
    header = json.dumps({"rnn.weight_hh_l0": {"dtype": dtype, "shape": shape, "data_offsets": [0, end]}},
                        separators=(",", ":")).encode()
    header += b" " * (padding - 8 - len(header))
    return struct.pack("<Q", len(header) if length is None else length) + header


CLAIMS = {
    "2^40 numbers": hostile([1 << 20, 1 << 20], 4 << 40),
    "2^40 bytes": hostile([1 << 20, 1 << 20], 1 << 40, "U8"),
    "one row of 2^40": hostile([1 << 40], 4 << 40),
    "2^62 numbers whose size wraps to 0": hostile([1 << 31, 1 << 31], 0),
    "2^63 bytes": hostile([1 << 40], (1 << 63) - 1),
    "rank 5": hostile([1 << 8] * 5, 4 << 40),
    "a header of 2^40 bytes": hostile([1], 4, length=1 << 40),
    "a header of 2^63 bytes": hostile([1], 4, length=1 << 63),
    "a header of 2^64 - 1 bytes": hostile([1], 4, length=(1 << 64) - 1),
}


def claims(table, seqtool):
    harness.write("refused", b"\2" + b"\0" * 7 + b"{}" + b" " * 190)
    for words in ("inspect", "classify names.txt --model", "score names.txt --model", "tag sentences.conll --model",
                  "evaluate names.tsv --model", "import --like names.seqmodel -o OUT --from pytorch"):
        command = [seqtool, *words.split()]
        plain = min(harness.measured([*command, "refused"])[3] for _ in range(3))
        for name, data in CLAIMS.items():
            harness.write("claims", data)
            code, errors, _, peak = harness.measured([*command, "claims"])
            table.check("claims", code == 65 and errors.startswith("seqtool: claims:") and errors.count("\n") == 1,
                        f"{words}, {name}: exit {code}: {errors}")
            table.check("claims", peak - plain <= MIB, f"{words}, {name}: {(peak - plain) >> 10} KiB above a plain refusal")
        table.check("claims", not os.path.exists("OUT"), f"{words} made a file")


def endless(table, seqtool, count):
    for name, line in harness.FILTERS.items():
        command = [seqtool, *line.split()]
        with open(harness.READS.get(name, "names.txt"), "rb") as short:
            *_, base = harness.measured(command, stdin=short)
        source = subprocess.Popen(["head", "-c", str(count), "/dev/zero"], stdout=subprocess.PIPE)
        code, errors, seconds, peak = harness.measured(command, stdin=source.stdout)
        source.stdout.close()
        source.wait()
        row = "endless"
        says = errors.startswith("seqtool: -:1: ") and "--max-record" in errors and errors.count("\n") == 1
        table.check(row, code == 65 and says, f"{name}: exit {code}: {errors}")
        table.check(row, seconds <= 2, f"{name}: {seconds:.1f} s of processor time")
        table.check(row, peak - base <= 3.5 * RECORD, f"{name}: {(peak - base) / MIB:.0f} MiB above short lines")
        print(f"endless  {name:10} {seconds:5.2f} s  {base / MIB:6.1f} -> {peak / MIB:6.1f} MiB", flush=True)


# How each filter must answer to a record of n times a unit: the unit, and its answer where it is simple.
LONG = {
    "normalize": (["ﬁ", "E\u0301", "A\u030a ", "\u0301", "한"], {
        "ﬁ": lambda n: "fi" * n, "E\u0301": lambda n: "e" * n, "A\u030a ": lambda n: " ".join(["a"] * n),
        "\u0301": lambda n: "", "한": lambda n: "한" * n}),
    "tokenize": (["word ", "é"], {
        "word ": lambda n: '{"tokens":[' + ",".join(['"word"'] * n) + '],"offsets":['
                 + ",".join(f"[{5 * i},{5 * i + 4}]" for i in range(n)) + "]}",
        "é": lambda n: '{"tokens":["' + "é" * n + f'"],"offsets":[[0,{2 * n}]]}}'}),
    "run": (["a", "e\u0301"], {"a": lambda n: " ".join("a" * n), "e\u0301": lambda n: " ".join("é" * n)}),
    "classify": (["a", "Ko", "é "], {}), "score": (["a", "Ko"], {}), "complete": (["a", "Ko"], {}),
    "encode": (["z", "é", "Ko"], {}), "decode": (["70 "], {}), "batch": (["7 "], {}),
    "tag": (["a", "Ko"], {}),
}


def long_lines(table, seqtool, characters):
    for name, line in harness.FILTERS.items():
        command = [seqtool, *line.split()]
        units, answers = LONG[name]
        with open(harness.READS.get(name, "names.txt"), encoding="utf-8") as file:
            short = file.read().splitlines()[:2]
        for unit in units:
            n = characters // len(unit)
            text = unit * n
            records = [short[0], text, short[1]]
            if name == "batch":
                command = [seqtool, "batch", "--size", "1"]
            found = lines_of(command, records)
            alone = [lines_of(command, [record])[0] for record in records]
            row = f"long, {name}"
            if name == "batch":
                found, alone = ([strip_records(line) for line in lines] for lines in (found, alone))
            table.check(row, len(found) == 3, f"{unit!r}: {len(found)} lines")
            table.check(row, found == alone, f"{unit!r}: other answers than alone")
            if unit in answers:
                table.check(row, found[1] == answers[unit](n), f"{unit!r}: {found[1][:80]}...")
            else:
                table.check(row, *long_answer(name, seqtool, text, found[1], n))


def strip_records(line):
    """A batch without the places of its records, which depend on what stood before."""
    batch = json.loads(line)
    del batch["records"]
    return batch


def lines_of(command, records):
    text = "".join(record + "\n" for record in records).encode()
    return harness.run(command, input=text).stdout.decode().split("\n")[:-1]


def long_answer(name, seqtool, text, answer, n):
    """Whether the answer to a long record is right, and what to say where it is not."""
    if name in ("classify", "score"):
        return answer.endswith("\t" + text), "the record does not come back whole"
    if name == "tag":
        return answer.startswith(text + "\t"), "the record does not come back whole"
    if name == "batch":
        return answer["lengths"] == [n] and answer["ids"] == [[7] * n], "other ids"
    if name == "encode":
        back = harness.run([seqtool, *harness.FILTERS["decode"].split()], input=answer.encode()).stdout.decode()
        return back == text + "\n", "what was encoded does not come back"
    if name == "decode":
        once = harness.run([seqtool, *harness.FILTERS["decode"].split()], input=b"70\n").stdout.decode()[:-1]
        return answer == once * n, "not n times the same"
    fields = answer.split("\t")
    return len(fields) == 4 and all(0 < float(field) <= 1 for field in fields[1::2]), f"{answer[:80]}..."


def little_memory(table, seqtool, step):
    line = harness.OTHERS["train classify"].replace("OUT", "small/OUT") + " --threads 1"
    os.makedirs("small")
    harness.run([seqtool, *line.split()])
    expected, works, limit, ends = harness.digest("small/OUT"), 0, 32 * MIB, {}
    while works < 3 and limit <= 4096 * MIB:
        shutil.rmtree("small")
        os.makedirs("small")
        harness.write("small/OUT", "old")
        child = subprocess.Popen([seqtool, *line.split()], stderr=subprocess.DEVNULL, preexec_fn=lambda: (
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))))
        try:
            code = child.wait(timeout=60)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            code = "hangs"
        if code == 0:
            whole = harness.run([seqtool, "inspect", "small/OUT"], code=None).returncode == 0
        else:
            with open("small/OUT") as file:
                whole = file.read() == "old"
        table.check("memory", whole, f"ulimit -v {limit >> 10}: exit {code}, and the file is damaged")
        table.check("memory", code != "hangs", f"ulimit -v {limit >> 10}: hangs")
        works = works + 1 if code == 0 and harness.digest("small/OUT") == expected else 0
        ends[code] = ends.get(code, 0) + 1
        limit += step
    table.check("memory", works == 3, "does not work in 4 GiB")
    print(f"memory: exit codes {ends}; the same bytes from {(limit - 3 * step) / MIB:.0f} MiB of addresses on", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--endless", type=size, default=size("1G"))
    parser.add_argument("--memory-step", type=size, default=size("64M"))
    options = parser.parse_args()
    seqtool, table = os.path.abspath(options.seqtool), harness.Table()
    with harness.fixtures(seqtool):
        claims(table, seqtool)
        endless(table, seqtool, options.endless)
        little_memory(table, seqtool, options.memory_step)
        long_lines(table, seqtool, options.characters)
    table.end()


if __name__ == "__main__":
    main()
