#!/usr/bin/env python3
"""Kills trainings by SIGKILL at random moments; each must end in the bytes of one left alone.

usage: kill.py SEQTOOL DATA [KILLS] [SEED]

DATA is a folder of labelled names. Each training is first run to its end, with checkpoints as often
as its steps allow. Then, KILLS times, a fresh one is killed at a moment drawn from its own slice of
the run, so that all of it is covered: reading, learning, judging, saving. The same command, with
`--resume auto`, then goes on, and the SHA-256 of its model must be that of the first.
"""
import glob
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

OFTEN = ["--checkpoint-every", "1ms", "--resume", "auto", "--quiet"]
SMALL = ["--teacher", "none", "--layers", "1", "--hidden", "24"]


def trainings(data):
    names = sorted(glob.glob(f"{data}/*.txt"))
    return {
        "train classify": ["train", "classify", data, *SMALL, "--epochs", "8"],
        "train classify --accumulate 2 --on-diverge rollback": [
            "train", "classify", data, *SMALL, "--epochs", "8", "--accumulate", "2",
            "--batch-size", "16", "--cell", "rnn-relu", "--optimizer", "sgd", "--clip-norm", "0",
            "--learning-rate", "25", "--schedule", "plateau", "--roll-back", "--on-diverge",
            "rollback",
        ],
        "train lm": [
            "train", "lm", *names, "--epochs", "6", "--layers", "1", "--hidden", "48",
            "--batch-size", "16", "--bptt", "16", "--weight-dropout", "0.2", "--average-after", "3",
        ],
    }


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def run(seqtool, arguments, folder):
    """The command of a training whose model and checkpoints are in `folder`."""
    return [seqtool, *arguments, "-o", f"{folder}/m", "--checkpoint", f"{folder}/c", *OFTEN]


def killed(command, moment):
    """Starts a training and kills it; the seconds it took where it had ended before, else None."""
    start = time.monotonic()
    child = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        child.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        child.kill()
    child.communicate()
    if child.returncode not in (0, -9):
        sys.exit(f"failed: {' '.join(command)} ended with {child.returncode}")
    return None if child.returncode == -9 else time.monotonic() - start


def check(name, seqtool, arguments, kills, rng):
    with tempfile.TemporaryDirectory() as top:
        start = time.monotonic()
        subprocess.run(run(seqtool, arguments, top), check=True)
        length = time.monotonic() - start
        print(f"{name}: {length:.1f} s alone", flush=True)
        expected = digest(f"{top}/m")
        done = early = in_save = wrong = 0
        while done < kills:
            folder = f"{top}/run"
            os.makedirs(folder)
            moment = length * (done + rng.random()) / kills
            seconds = killed(run(seqtool, arguments, folder), moment)
            if seconds is None:
                early += not glob.glob(f"{folder}/c/*.ckpt")
                in_save += bool(glob.glob(f"{folder}/c/.*.tmp") + glob.glob(f"{folder}/.*.tmp"))
                subprocess.run(run(seqtool, arguments, folder), check=True)
                wrong += digest(f"{folder}/m") != expected
                done += 1
            else:
                # The machine has become quicker, and the rest of the slices shorter.
                length = min(length, seconds)
            shutil.rmtree(folder)
    print(f"{name}: killed {done} times ({early} before the first checkpoint, {in_save} while "
          f"saving), {done - wrong} ended in the same bytes", flush=True)
    return wrong


def main():
    seqtool, data = sys.argv[1:3]
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    wrong = sum(check(name, seqtool, arguments, kills, rng)
                for name, arguments in trainings(data).items())
    if wrong:
        sys.exit(f"failed: {wrong} trainings ended in other bytes")


if __name__ == "__main__":
    main()
