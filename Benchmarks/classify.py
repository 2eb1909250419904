#!/usr/bin/env python3
"""Labelling a stream: seqtool beside onnxruntime, PyTorch and fastText, whole processes, turn by turn.

usage: classify.py SEQTOOL TRAIN.tsv NAMES [--rounds 5] [--threads 2]

TRAIN.tsv: label TAB name; NAMES: the names to label, one a line (`make_names.py 1000000 TRAIN.tsv`).
* The same network: an LSTM of 128 units, trained briefly by seqtool and exported, labels NAMES in seqtool, in
  onnxruntime and in PyTorch (both in batches of 1,024, sorted by length within chunks of 100,000 lines). The
  labels must agree.
* The built-in model beside fastText with character n-grams of 1 to 4 (`fasttext` must be installed), and how
  long each takes from its start to the answer for one name.
Printed: names per second, medians, and the median of the ratios. Needs torch, numpy, onnxruntime, safetensors.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

BATCH, CHUNK = 1024, 100_000


def label(kind, model, threads):
    """The other side: reads lines, prints the best label of each."""
    import numpy as np

    description = json.load(open(model + ".json"))
    symbols = {symbol: i for i, symbol in enumerate(description["vocabulary"]) if isinstance(symbol, str)}
    labels, end, unknown = description["labels"], symbols["<end>"], symbols["<unk>"]
    if kind == "onnx":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

        def run(ids, lengths):
            return session.run(["logits"], {"ids": ids, "lengths": lengths})[0].argmax(1)
    else:
        import torch
        from safetensors.torch import load_file

        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        weights = load_file(model)
        rnn = torch.nn.LSTM(description["network"]["embedding"], description["network"]["hidden"], batch_first=True)
        rnn.load_state_dict({name[4:]: value for name, value in weights.items() if name.startswith("rnn.")})

        def run(ids, lengths):
            y, _ = rnn(weights["embedding.weight"][torch.from_numpy(ids)])
            last = y[torch.arange(len(ids)), torch.from_numpy(lengths) - 1]
            return (last @ weights["head.weight"].T + weights["head.bias"]).argmax(1).numpy()

    def answer(lines):
        records = [[symbols.get(c, unknown) for c in line] + [end] for line in lines]
        order = sorted(range(len(records)), key=lambda i: len(records[i]))
        answers = [None] * len(records)
        for first in range(0, len(order), BATCH):
            batch = order[first:first + BATCH]
            lengths = np.array([len(records[i]) for i in batch], dtype=np.int64)
            ids = np.zeros((len(batch), int(lengths.max())), dtype=np.int64)
            for row, i in enumerate(batch):
                ids[row, :lengths[row]] = records[i]
            for i, best in zip(batch, run(ids, lengths)):
                answers[i] = labels[best]
        sys.stdout.write("\n".join(answers) + "\n")

    lines = []
    for line in sys.stdin:
        lines.append(line.rstrip("\n"))
        if len(lines) == CHUNK:
            answer(lines)
            lines = []
    if lines:
        answer(lines)


def timed(command, source, target, env=None):
    with open(source, "rb") as stdin, open(target, "wb") as stdout:
        start = time.perf_counter()
        subprocess.run(command, stdin=stdin, stdout=stdout, check=True, env=env)
        return time.perf_counter() - start


def race(title, count, runners, rounds):
    """Runs each (name, command, source, target) turn by turn; the first is ours."""
    times = {name: [] for name, *_ in runners}
    for _ in range(rounds):
        for name, command, source, target in runners:
            times[name].append(timed(command, source, target))
    ours = times[runners[0][0]]
    for name, _, _, _ in runners:
        ratios = [b / a for a, b in zip(ours, times[name])]
        print(f"{title}  {name}  {count / statistics.median(times[name]):,.0f}/s  "
              f"{1000 * statistics.median(times[name]):.1f} ms  ratio {statistics.median(ratios):.2f} "
              f"({min(ratios):.2f}-{max(ratios):.2f})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool", type=os.path.abspath)
    parser.add_argument("train", type=os.path.abspath)
    parser.add_argument("names", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    count = sum(1 for _ in open(options.names, "rb"))
    threads, me = str(options.threads), [sys.executable, os.path.abspath(__file__), "--label"]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)

        def seqtool(*arguments):
            subprocess.run([options.seqtool, *arguments], check=True)

        seqtool("train", "classify", options.train, "-o", "lstm.seqmodel", "--quiet", "--cell", "lstm", "--hidden", "128",
                "--embedding", "128", "--layers", "1", "--pooling", "last", "--ngrams", "none", "--teacher", "none",
                "--epochs", "2")
        seqtool("export", "--model", "lstm.seqmodel", "--to", "pytorch", "-o", "lstm.safetensors")
        seqtool("export", "--model", "lstm.seqmodel", "--to", "onnx", "-o", "lstm.onnx")
        os.link("lstm.safetensors.json", "lstm.onnx.json") if not os.path.exists("lstm.onnx.json") else None
        classify = [options.seqtool, "classify", "--label-only", "-j", threads]
        race(f"LSTM 128, {threads} threads", count, [
            ("seqtool", classify + ["-m", "lstm.seqmodel"], options.names, "ours"),
            ("seqtool --precision int8", classify + ["-m", "lstm.seqmodel", "--precision", "int8"], options.names, "int8"),
            ("onnxruntime", me + ["onnx", "lstm.onnx", threads], options.names, "onnx"),
            ("PyTorch", me + ["torch", "lstm.safetensors", threads], options.names, "torch")], options.rounds)
        ours = open("ours").read().splitlines()
        same = sum(a == b for a, b in zip(ours, open("int8").read().splitlines(), strict=True))
        print(f"the same label with int8: {same} of {count}")
        for peer in ("onnx", "torch"):
            same = sum(a == b for a, b in zip(ours, open(peer).read().splitlines(), strict=True))
            print(f"the same label in {peer}: {same} of {count}")
            # Not all: the other side reads code points, without normal forms and graphemes.
            assert same >= 0.999 * count, "the networks differ"

        with open("train.ft", "w") as out, open(options.train) as lines:
            for line in lines:
                name, text = line.rstrip("\n").split("\t", 1)
                out.write(f"__label__{name} {text.replace(' ', '_')}\n")
        with open("names.ft", "w") as out, open(options.names) as lines:
            out.writelines(line.replace(" ", "_") for line in lines)
        subprocess.run(
            "fasttext supervised -input train.ft -output ft -minn 1 -maxn 4 -dim 50 -epoch 25 -lr 0.3 -bucket 200000 "
            "-thread 1 >/dev/null 2>&1", shell=True, check=True)
        subprocess.run(
            "fasttext supervised -input train.ft -output small -dim 50 -epoch 25 -lr 0.3 -thread 1 >/dev/null 2>&1",
            shell=True, check=True)
        print(f"fastText's models: {os.path.getsize('ft.bin'):,} and {os.path.getsize('small.bin'):,} bytes")
        fasttext = ["fasttext", "predict", "ft.bin", "-"]
        race(f"built-in model, {threads} threads", count, [
            ("seqtool", classify, options.names, "ours"), ("fastText", fasttext, "names.ft", "theirs")], options.rounds)
        with open("one", "w") as out:
            out.write("Nakajima\n")
        race("one name", 1, [
            ("seqtool", classify, "one", "ours"), ("fastText, small model", ["fasttext", "predict", "small.bin", "-"],
                                                   "one", "theirs"),
            ("onnxruntime", me + ["onnx", "lstm.onnx", "1"], "one", "onnx")], 4 * options.rounds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--label"]:
        label(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
