#!/usr/bin/env python3
"""Cuts the power at every point of a training that saves checkpoints, and looks at what a disk may then hold.

usage: power_loss.py SEQTOOL [--states 10000] [--resumed 20] [--seed 1]

The writes of one training, which saves after each step and then writes its model over an older file, are recorded
by strace. A power cut after any of them leaves a disk that has all that was synchronised, and of the rest what
chance will have: each sector of 512 bytes is there or holds zeros, a file's new size is there or not, each change of a
folder (a file made, renamed, removed, a folder made) is there or not, whatever came before it. States like that
are made, and in each

* the model is the old one or the whole new one;
* each file that is called a checkpoint is whole, by its own digest;
* once a save has returned, the checkpoint that it saved is there, or a later one.

Of --resumed states, drawn at random, the same command goes on and must end in the very bytes of one that nothing
happened to.
"""
import argparse
import codecs
import os
import random
import re
import shutil
import tempfile

import harness

COMMAND = ("train classify names.tsv --teacher none --threads 1 --batch-size 256 --epochs 2 " + harness.NETWORK
           + " -o save/OUT --checkpoint save/c --checkpoint-every 0ms")
CALLS = "openat,write,fsync,fallocate,rename,unlink,mkdir"
OLD = b"what stood there before\n"
SECTOR = 512


class File:
    """The bytes as the program sees them, and what of them is surely on the disk."""

    def __init__(self, data=b""):
        self.data, self.position, self.kept = bytearray(data), 0, bytes(data)

    def write(self, data):
        end = self.position + len(data)
        self.data.extend(bytes(max(0, end - len(self.data))))
        self.data[self.position:end] = data
        self.position = end

    def after_the_cut(self, chance):
        if self.kept == self.data:
            return self.kept
        size = chance.choice((len(self.kept), len(self.data)))
        old = self.kept.ljust(size, b"\0")
        return b"".join(
            (self.data if chance.random() < 0.5 else old)[at:min(at + SECTOR, size)] for at in range(0, size, SECTOR))


class Disk:
    """Files and folders by name; of each folder the changes since it was synchronised."""

    def __init__(self, names):
        self.kept = dict(names)
        self.changes = []
        # The checkpoints whose save has returned.
        self.saved = set()

    def now(self, chosen=lambda change: True):
        names = dict(self.kept)
        for change in self.changes:
            if chosen(change):
                _, added, removed = change
                for name in removed:
                    names.pop(name, None)
                names.update(added)
        return names

    def change(self, folder, added=(), removed=()):
        self.changes.append((folder, dict(added), list(removed)))

    def synchronise(self, folder):
        before = self.now(lambda change: change[0] == folder)
        self.kept, self.changes = before, [change for change in self.changes if change[0] != folder]
        self.saved |= {name for name in before if os.path.dirname(name) == folder and name.endswith(".ckpt")}

    def after_the_cut(self, chance):
        """Names and bytes; a file whose folder is not there is lost."""
        names = self.now(lambda change: chance.random() < 0.5)
        return {name: file.after_the_cut(chance) for name, file in names.items()
                if file and all(names.get(folder, 1) is None for folder in folders(name))}


def folders(name):
    parts = name.split("/")[:-1]
    return ["/".join(parts[:i + 1]) for i in range(1, len(parts))]


def apply(disk, call, text):
    """Does to the disk what one traced call did; whether it changed anything."""
    paths = [codecs.escape_decode(path)[0].decode(errors="replace") for path in re.findall(r'"((?:[^"\\]|\\.)*)"', text)]
    target = re.search(r"^\d+<([^>]*)>", text)
    name = relative(target[1]) if target else paths[0] if paths else None
    if name is None or not name.startswith("save") or not re.search(r"\) += \d", text):
        return False
    folder = os.path.dirname(name)
    if call == "openat":
        name = paths[0]
        if "O_CREAT" not in text or not name.startswith("save"):
            return False
        disk.change(os.path.dirname(name), {name: File()})
    elif call == "mkdir":
        disk.change(folder, {name: None})
    elif call == "rename":
        disk.change(folder, {paths[1]: disk.now()[paths[0]]}, [paths[0]])
    elif call == "unlink":
        disk.change(folder, removed=[name])
    elif call == "fsync" and disk.now().get(name):
        file = disk.now()[name]
        file.kept = bytes(file.data)
    elif call == "fsync":
        disk.synchronise(name)
    elif call == "fallocate":
        size = int(re.search(r", (\d+)\) +=", text)[1])
        file = disk.now()[name]
        file.data.extend(bytes(max(0, size - len(file.data))))
    else:
        disk.now()[name].write(codecs.escape_decode(re.search(r', "((?:[^"\\]|\\.)*)", \d+\)', text)[1])[0])
    return True


def relative(path):
    return os.path.relpath(path, os.getcwd())


def record(command):
    """The calls, in order: (name, the rest of the line)."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        harness.run(["strace", "-f", "-y", "-s", str(1 << 28), "-e", f"trace={CALLS}", "-o", log.name, *command])
        for line in log:
            match = re.match(r"^\d+ +(\w+)\((.*)$", line)
            if match:
                yield match[1], match[2]


def judge(table, state, disk, expected, sound, what):
    """Holds one state against the laws; `sound` remembers digests that were looked at."""
    table.check("model", state.get("save/OUT") in (OLD, expected), f"{what}: the model is neither old nor new")
    checkpoints = {name: data for name, data in state.items() if name.endswith(".ckpt")}
    for name, data in checkpoints.items():
        key = hash(data)
        if key not in sound:
            sound[key] = harness.is_sound(data)
        table.check("checkpoints are whole", sound[key], f"{what}: {name} is broken")
    if disk.saved:
        table.check("what was saved is there", bool(checkpoints) and max(checkpoints) >= max(disk.saved),
                    f"{what}: {max(disk.saved)} was saved, and there is {sorted(checkpoints)}")


def go_on(table, command, state, expected, what):
    shutil.rmtree("save")
    os.mkdir("save")
    for name, data in state.items():
        os.makedirs(os.path.dirname(name), exist_ok=True)
        harness.write(name, data)
    result = harness.run(command, code=None)
    with open("save/OUT", "rb") as file:
        table.check("goes on to the same bytes", result.returncode == 0 and file.read() == expected, f"{what}: {result}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool", type=os.path.abspath)
    parser.add_argument("--states", type=int, default=10000)
    parser.add_argument("--resumed", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    table, chance = harness.Table(), random.Random(options.seed)
    with harness.fixtures(options.seqtool):
        os.mkdir("save")
        harness.write("save/OUT", OLD)
        command = [options.seqtool, *COMMAND.split()]
        calls = list(record(command))
        with open("save/OUT", "rb") as file:
            expected = file.read()
        disk = Disk({"save/OUT": File(OLD)})
        cuts = sum(apply(disk, *call) for call in calls)
        table.check("the record is complete", bytes(disk.now()["save/OUT"].data) == expected, "the model differs")
        each = max(1, options.states // cuts)
        print(f"{cuts} calls that change the disk, {each} states after each", flush=True)
        resumed = set(chance.sample(range(cuts * each), min(options.resumed, cuts * each)))
        disk, sound, number = Disk({"save/OUT": File(OLD)}), {}, 0
        for place, call in enumerate(calls):
            if not apply(disk, *call):
                continue
            for _ in range(each):
                state = disk.after_the_cut(chance)
                what = f"cut after call {place} ({call[0]})"
                judge(table, state, disk, expected, sound, what)
                if number in resumed:
                    go_on(table, command, state, expected, what)
                number += 1
    table.end()


if __name__ == "__main__":
    main()
