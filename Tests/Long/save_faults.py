#!/usr/bin/env python3
"""Breaks saves at every system call: kills, failing calls, full disks, short writes.

usage: save_faults.py SEQTOOL [--every N] [--only TEXT]

By strace, which must be installed, and on five saves: a model, a tokenizer, a checkpoint, the arrays
of `encode --npz` and a shard of `run`.

* killed: SIGKILL at each system call of the program (model and checkpoint). What stood there before or
  the whole new file is there, and every checkpoint is whole; the same command then ends in the bytes of
  one that was left alone, and leaves no remains among the checkpoints.
* failing: each openat, read, write, fsync, fallocate, pread64, close, rename, mkdir fails, by itself with
  ENOSPC, EIO, EMFILE, EDQUOT and EINTR, and (but EINTR) for good from there on. The exit code is right, the
  one line on stderr has the file and the cause, the old file is whole, no temporary file is left, no fsync
  was tried again.
* limited: the kernel's own limit on the size of a file (`ulimit -f`), a small file system, and writes and
  reads that are cut short (both skipped, with a word, where the machine does not allow them).

--every N takes each N-th call only; 1, the default, is exhaustive.
"""
import argparse
import errno
import os
import re
import resource
import shutil
import tempfile

import harness

TRAIN = "train classify names.tsv --teacher none --threads 1 --batch-size 256 --epochs 2 " + harness.NETWORK
# The files each save leaves, and what of them a reader may find besides the whole new file.
SAVES = {
    "model": (TRAIN + " -o save/OUT", ["OUT"]),
    "tokenizer": ("vocab bpe --size 300 names.txt -o save/OUT", ["OUT"]),
    "checkpoint": (TRAIN + " -o save/OUT --checkpoint save/c --checkpoint-every 0ms", ["OUT"]),
    "arrays": ("encode --tokenizer bpe.json --npz save/OUT --threads 1 names.txt", ["OUT"]),
    "shard": ("run --stage normalize.case names.txt --threads 1 --shard 1/1 -o save/{shard}", ["1", "1.done"]),
}
KILLED = ("model", "checkpoint")
CALLS = ("openat", "read", "write", "fsync", "fallocate", "pread64", "close", "rename", "mkdir")
CODES = ("ENOSPC", "EIO", "EMFILE", "EDQUOT", "EINTR")
RETRIED = ("openat", "read", "write", "fallocate", "pread64")
MEMORY = ("brk", "mmap", "munmap", "mprotect", "madvise")
OLD = b"what stood there before\n"
LINE = re.compile(r"^\d+ +(\w+)\(")

SHORT = r"""
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>
static size_t cut(size_t n) { size_t most = strtoul(getenv("MOST"), 0, 10); return n < most ? n : most; }
ssize_t write(int fd, const void *p, size_t n) { return syscall(SYS_write, fd, p, cut(n)); }
ssize_t read(int fd, void *p, size_t n) { return syscall(SYS_read, fd, p, cut(n)); }
ssize_t pread(int fd, void *p, size_t n, off_t o) { return syscall(SYS_pread64, fd, p, cut(n), o); }
ssize_t pread64(int fd, void *p, size_t n, off_t o) { return pread(fd, p, n, o); }
"""


class Save:
    """One command, the files that it makes, and what they hold when nothing goes wrong."""

    def __init__(self, name, seqtool, table):
        words, self.files = SAVES[name]
        self.name, self.table = name, table
        self.command = [seqtool, *words.split()]
        fresh()
        harness.run(self.command)
        self.expected = {file: content(f"save/{file}") for file in self.files}
        fresh(self.files)
        self.trace = self.traced()[1]

    def traced(self, *options):
        with tempfile.NamedTemporaryFile("r", errors="replace") as log:
            result = harness.run(["strace", "-f", "-y", "-s", "0", "-o", log.name, *options, *self.command], code=None)
            return result, log.read().splitlines()

    def calls(self):
        """The calls of the program itself, after the loader: (line, name, which of that name)."""
        counts, started = {}, False
        for line in self.trace:
            match = LINE.match(line)
            if not match:
                continue
            name = match[1]
            counts[name] = counts.get(name, 0) + 1
            started = started or "SIGPIPE" in line
            if started:
                yield line, name, counts[name]

    def is_whole(self):
        """Whether each file is the old one or the new one, and whether all are new."""
        found = {file: content(f"save/{file}") for file in self.files}
        # The manifest of a shard is taken away before the shard is made again.
        whole = all(bytes in (OLD, self.expected[file]) or (bytes is None and file.endswith(".done"))
                    for file, bytes in found.items())
        return whole, found == self.expected

    def ends_alike(self, row, what):
        """The same command, left alone, must end in the same bytes and without remains in the checkpoints."""
        result = harness.run(self.command, code=None)
        self.table.check(row, result.returncode == 0 and self.is_whole()[1], f"{what}: then {result}")
        self.table.check(row, not remains("save/c"), f"{what}: {remains('save/c')} left by the next run")


def fresh(files=()):
    shutil.rmtree("save", ignore_errors=True)
    os.mkdir("save")
    for file in files:
        harness.write(f"save/{file}", OLD)


def content(path):
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def remains(folder):
    return [name for name in os.listdir(folder) if name.endswith(".tmp")] if os.path.isdir(folder) else []


def checkpoints():
    return [f"save/c/{name}" for name in os.listdir("save/c")
            if name.endswith(".ckpt")] if os.path.isdir("save/c") else []


def is_sound(path):
    return harness.is_sound(content(path))


def kill(save, every):
    row = f"killed, {save.name}"
    for line, name, count in list(save.calls())[::every]:
        if name == "exit_group":
            continue
        fresh(save.files)
        result, log = save.traced("-e", f"inject={name}:signal=KILL:when={count}")
        what = f"{name} {count}"
        # How often memory is asked for depends on where the system puts things.
        ended = result.returncode == 0 and name in MEMORY
        save.table.check(row, ended or result.returncode == -9, f"{what}: not killed, {result}")
        save.table.check(row, save.is_whole()[0], f"{what}: a file is neither old nor new")
        files = checkpoints()
        save.table.check(row, all(map(is_sound, files)), f"{what}: a broken checkpoint in {files}")
        done = sum(".ckpt\") = 0" in line and "rename(" in line for line in log)
        save.table.check(row, bool(files) == bool(done), f"{what}: {done} checkpoints were saved, now {files}")
        save.ends_alike(row, what)


def failing_calls(save, folder):
    """Those that have to do with our files, each with what it does in a save."""
    renamed = False
    for line, name, count in save.calls():
        path = re.search(r'"([^"]+)"', line)
        ours = f"<{folder}" in line.replace(f"AT_FDCWD<{folder}", "") or (path and not path[1].startswith("/"))
        if name not in CALLS or not ours:
            continue
        if name in ("rename", "mkdir"):
            renamed = True
            yield name, count, "rename" if name == "rename" else "other"
        elif renamed:
            yield name, count, "folder"
            renamed = name != "close"
        elif ".tmp" in line:
            yield name, count, "file"
        elif ".done" in line:
            yield name, count, "manifest"
        else:
            yield name, count, "other"


def codes(name, role, code):
    """The exit codes that are right."""
    if role == "manifest":
        # One that cannot be read is none: the shard is made again.
        return (0,)
    if code == "EINTR" and name in RETRIED:
        # Nobody retries opendir; the folder of checkpoints is read by it.
        return (0, 66) if name == "openat" and role == "other" else (0,)
    if name == "close":
        return (74,) if role == "file" else (0,)
    if name == "openat":
        return {"file": (73,), "folder": (74,), "other": (66,)}[role]
    return (73,) if name == "mkdir" else (74,)


def fail(save, folder, every):
    calls = list(failing_calls(save, folder))
    for name, count, role in calls[::every]:
        for code in CODES:
            for persistent in (False, True) if code != "EINTR" else (False,):
                fresh(save.files)
                when = f"{count}+" if persistent else str(count)
                what = f"{save.name}: {name} {when} of the {role} with {code}"
                result, log = save.traced("-e", f"inject={name}:error={code}:when={when}")
                right = set(codes(name, role, code))
                if persistent:
                    # One that does no harm may be followed by one that does.
                    later = [codes(name, role, code) for other, at, role in calls if other == name and at > count]
                    right |= {code for group in later for code in group} if right == {0} else set()
                judge(save, f"failing {name}, {save.name}", what, result, log, right, code,
                      # A program whose every write fails can say nothing.
                      silent=persistent and name == "write")


def judge(save, row, what, result, log, codes, code, silent=False):
    check, errors = save.table.check, result.stderr.decode(errors="replace")
    check(row, result.returncode in codes, f"{what}: exit {result.returncode}, not {codes}: {errors}")
    whole, new = save.is_whole()
    check(row, whole and (new or result.returncode != 0), f"{what}: a file is neither old nor new")
    left = remains("save") + remains("save/c")
    check(row, not left, f"{what}: {left} is left")
    check(row, all(map(is_sound, checkpoints())), f"{what}: a broken checkpoint")
    if result.returncode != 0 and not silent:
        cause = os.strerror(getattr(errno, code))
        says = errors.startswith("seqtool: ") and errors.count("\n") == 1 and cause in errors
        names = any(name in errors for name in ("save", "names.t", "bpe.json"))
        check(row, says and names, f"{what}: stderr is {errors!r}")
    synced = [re.search(r"fsync\(\d+<([^>]*)>", line) for line in log]
    failed = {match[1] for match, line in zip(synced, log) if match and "INJECTED" in line}
    again = [path for path in failed if path.endswith(".tmp") and sum(m is not None and m[1] == path for m in synced) > 1]
    check(row, not again, f"{what}: fsync was tried again on {again}")
    if save.name == "checkpoint":
        save.ends_alike(row, what)


def limit(save):
    row = f"ulimit -f, {save.name}"
    largest = max(map(len, save.expected.values()))
    for size in (0, 1, largest // 2, largest - 1):
        fresh(save.files)
        result = harness.run(save.command, code=None, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (size, size)))
        judge(save, row, f"{save.name}: files of at most {size} bytes", result, [], (74,), "EFBIG")


def small_disk(save):
    """A file system with room for less than the file, in a name space of our own."""
    enter = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = "mount -t tmpfs -o size=4k none save && printf old > save/OUT && "
    if harness.run([*enter, mount + "true"], code=None).returncode != 0:
        return save.table.skip("a small file system (this user may not make one)")
    row = f"small disk, {save.name}"
    for words in (TRAIN + " -o save/OUT", SAVES["arrays"][0]):
        fresh()
        script = mount + f"{save.command[0]} {words}; echo $?; cat save/OUT; ls -A save"
        result = harness.run([*enter, script], code=None)
        check = save.table.check(row, result.stdout == b"74\noldOUT\n", f"{words}: {result}")
        save.table.check(row, check and b"No space left on device" in result.stderr, f"{words}: {result.stderr}")


def cut_short(saves):
    with tempfile.TemporaryDirectory() as folder:
        harness.write(f"{folder}/short.c", SHORT)
        compiler = shutil.which("cc") or shutil.which("clang")
        if not compiler:
            return saves[0].table.skip("short writes and reads (no C compiler)")
        harness.run([compiler, "-O1", "-shared", "-fPIC", "-o", f"{folder}/short.so", f"{folder}/short.c"])
        for save in saves:
            for most in (1, 7, 4096):
                fresh(save.files)
                environment = dict(os.environ, LD_PRELOAD=f"{folder}/short.so", MOST=str(most))
                result = harness.run(save.command, code=None, env=environment)
                save.table.check(f"cut short, {save.name}", result.returncode == 0 and save.is_whole()[1],
                                 f"{save.name}: at most {most} bytes at once: {result}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    table = harness.Table()
    with harness.fixtures(os.path.abspath(options.seqtool)) as folder:
        saves = [Save(name, os.path.abspath(options.seqtool), table) for name in SAVES if options.only in name]
        for save in saves:
            if save.name in KILLED:
                kill(save, options.every)
            fail(save, folder, options.every)
            if save.name != "checkpoint":
                limit(save)
        small_disk(saves[0])
        cut_short(saves)
    table.end()


if __name__ == "__main__":
    main()
