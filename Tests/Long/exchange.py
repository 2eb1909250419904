#!/usr/bin/env python3
"""Models to and from other frameworks, judged by the frameworks themselves.

    pip install torch numpy safetensors onnx onnxruntime
    Tests/Long/exchange.py SEQTOOL DATA [STACKS]        DATA: labelled texts, such as data/names

1. Networks with random weights, made by PyTorch, go through `import`, `export --to pytorch` (equal bits)
   and `export --to onnx`; PyTorch, onnxruntime and seqtool must give the same answers.
2. A trained model with n-grams: its exports against its own answers.
3. Language models, trained for an epoch: their exports against their own answers, and back.
4. Bare stacks that RecurrentStackExportTests wrote to the folder STACKS, with states that begin anywhere.
"""
import itertools
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.torch import load_file, save_file

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "examples"))
import exported_classifier

TOLERANCE = 1e-5
CELLS = ["rnn", "rnn-relu", "lstm", "gru"]
SYMBOLS, LABELS = 13, ["one", "two", "three", "four", "five"]
POOLINGS = ("last", "mean+max", "attention+last+max+mean")
# How many symbols the networks of a pooling rule read, where that is fewer than they are given.
LIMITS = {"mean+max": 20}
# Batch and length of each trial; the second time with unequal lengths.
SHAPES = [(batch, steps, equal) for batch in (1, 7) for steps in (1, 23) for equal in (True, False)]


def run(*arguments):
    return subprocess.run(list(map(str, arguments)), check=True, capture_output=True, text=True).stdout


def session(path):
    onnx.checker.check_model(onnx.load(path), full_check=True)
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def difference(session, arrays):
    """The largest between what onnxruntime gives and what is expected."""
    inputs = {value.name: arrays[value.name] for value in session.get_inputs()}
    outputs = session.run(None, inputs)
    pairs = list(zip(session.get_outputs(), outputs, strict=True))
    for value, output in pairs:
        assert output.shape == arrays[value.name].shape, value.name
    return max(float(np.abs(output - arrays[value.name]).max()) for value, output in pairs)


def batch(network, generator, count, steps, equal):
    """Random ids and what PyTorch answers; the longest sequence has all the steps."""
    ids = generator.integers(0, SYMBOLS, (count, steps))
    lengths = np.full(count, steps) if equal else generator.integers(0, steps + 1, count)
    if count > 1:
        lengths[0] = steps
    with torch.no_grad():
        logits = network(torch.from_numpy(ids), torch.from_numpy(lengths))
    return {"ids": ids, "lengths": lengths, "logits": logits.numpy(), "log_probabilities": logits.log_softmax(1).numpy()}


def random_network(seqtool, folder, seed, cell, layers, bidirectional, pooling):
    torch.manual_seed(seed)
    options = {"cell": cell, "layers": layers, "bidirectional": bidirectional, "pooling": pooling, "hidden": 11,
               "embedding": 6, "symbols": SYMBOLS, "features": 0, "maximumLength": LIMITS.get(pooling, 1024)}
    network = exported_classifier.Classifier(options, len(LABELS)).eval()
    path = os.path.join(folder, "network")
    save_file(network.state_dict(), path + ".safetensors")
    generator = np.random.default_rng(seed)
    trials = [batch(network, generator, *shape) for shape in SHAPES]
    np.savez(path + ".npz", **trials[-1])
    run(seqtool, "import", "--from", "pytorch", path + ".safetensors", "--cell", cell, "--pooling", pooling, "--labels",
        os.path.join(folder, "labels"), "--symbols", os.path.join(folder, "symbols"), "-o", path, "--verify", path + ".npz", "--max-length",
        options["maximumLength"])

    run(seqtool, "export", "--model", path, "--to", "pytorch", "-o", path + ".out")
    before, after = load_file(path + ".safetensors"), load_file(path + ".out")
    assert before.keys() == after.keys()
    assert all(before[name].numpy().tobytes() == after[name].numpy().tobytes() for name in before), "other bits"
    exported_classifier.load(path + ".out")

    worst = 0.0
    run(seqtool, "export", "--model", path, "--to", "onnx", "-o", path + ".onnx")
    graph = session(path + ".onnx")
    for trial in trials:
        np.savez(path + ".npz", **trial)
        run(seqtool, "export", "--model", path, "--to", "onnx", "-o", path + ".onnx", "--verify", path + ".npz")
        worst = max(worst, difference(graph, trial))
    return worst


def random_networks(seqtool, folder):
    for name, lines in (("labels", LABELS), ("symbols", "abcdefghijklm"[:SYMBOLS])):
        with open(os.path.join(folder, name), "w") as file:
            file.write("".join(line + "\n" for line in lines))
    cases = itertools.product(CELLS, (1, 2), (False, True), POOLINGS)
    for seed, (cell, *case) in enumerate(cases):
        yield f"{cell} {case}", random_network(seqtool, folder, seed, cell, *case)


def trained_model(seqtool, folder, data):
    """Through n-grams, with empty texts and long ones (the sums of n-grams grow, and their rounding too)."""
    path = os.path.join(folder, "trained")
    run(seqtool, "train", "classify", data, "-o", path, "--quiet", "--epochs", 2, "--hidden", 24, "--embedding", 12,
        "--teacher", "none", "--pooling", "max+mean+attention")
    with open(path + ".txt", "w") as file:
        file.write("".join(text + "\n" for text in ["Satoshi", "", "x", "Kowalczyk", "Jean-Baptiste", "O’Connor"]))
    run(seqtool, "export", "--model", path, "--to", "onnx", "-o", path + ".onnx", "--reference", path + ".npz",
        "--records", path + ".txt")
    arrays = dict(np.load(path + ".npz"))
    yield "trained, onnx", difference(session(path + ".onnx"), arrays)
    run(seqtool, "export", "--model", path, "--to", "pytorch", "-o", path + ".safetensors", "--verify", path + ".npz")
    network, _ = exported_classifier.load(path + ".safetensors")
    with torch.no_grad():
        logits = network(*(torch.from_numpy(arrays[name]) for name in ("ids", "lengths", "features")))
    yield "trained, pytorch", float(np.abs(logits.numpy() - arrays["logits"]).max())
    run(seqtool, "import", "--from", "pytorch", path + ".safetensors", "--like", path, "-o", path + ".again")
    first, second = (load_file_of(run, seqtool, name, path + ".plain") for name in (path, path + ".again"))
    assert first == second, "other bits"


class LanguageModel(torch.nn.Module):
    """What a state dict of a language model is for."""

    def __init__(self, options):
        super().__init__()
        hidden, layers = options["hidden"], options["layers"]
        self.embedding = torch.nn.Embedding(options["symbols"], options["embedding"])
        kind = {"rnn": torch.nn.RNN, "rnn-relu": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[options["cell"]]
        more = {"nonlinearity": "relu"} if options["cell"] == "rnn-relu" else {}
        self.rnn = kind(options["embedding"], hidden, layers, batch_first=True, **more)
        self.decoder = torch.nn.Linear(hidden, options["symbols"])
        if options["tied"]:
            self.decoder.weight = self.embedding.weight

    def forward(self, ids):
        return self.decoder(self.rnn(self.embedding(ids))[0])


def language_models(seqtool, folder):
    path = os.path.join(folder, "lm")
    with open(path + ".txt", "w") as file:
        file.write("the cat sat on the mat\nthe dog ran\n\nÄrger für alle\n" * 20)
    cases = itertools.product(CELLS, (1, 2), (False, True), ("none", "layer", "batch"))
    for cell, layers, tied, normalization in cases:
        run(seqtool, "train", "lm", path + ".txt", "-o", path, "-q", "--epochs", 1, "--batch-size", 8, "--bptt", 9,
            "--hidden", 11, "--embedding", 11 if tied else 6, "--layers", layers, "--cell", cell,
            "--tied" if tied else "--no-tied", "--normalization", normalization)
        run(seqtool, "export", "--model", path, "--to", "onnx", "-o", path + ".onnx", "--reference", path + ".npz",
            "--records", path + ".txt")
        arrays = dict(np.load(path + ".npz"))
        worst = difference(session(path + ".onnx"), arrays)
        run(seqtool, "export", "--model", path, "--to", "pytorch", "-o", path + ".pt", "--verify", path + ".npz")
        run(seqtool, "import", "--from", "pytorch", path + ".pt", "--like", path, "-o", path + ".again", "--verify", path + ".npz")
        first, second = (load_file_of(run, seqtool, name, path + ".plain") for name in (path, path + ".again"))
        assert first == second, "other bits"
        if normalization == "none":
            with open(path + ".pt.json") as file:
                network = LanguageModel(json.load(file)["network"]).eval()
            network.load_state_dict(load_file(path + ".pt"))
            with torch.no_grad():
                logits = network(torch.from_numpy(arrays["ids"])).numpy()
            worst = max(worst, float(np.abs(logits - arrays["logits"]).max()))
        yield f"language model, {cell}, {layers}, tied {tied}, {normalization}", worst


def load_file_of(run, seqtool, model, path):
    run(seqtool, "export", "--model", model, "--to", "safetensors", "-o", path)
    with open(path, "rb") as file:
        return file.read()


def stacks(folder):
    names = sorted(name for name in os.listdir(folder) if name.endswith(".onnx"))
    assert len(names) >= 32, "RecurrentStackExportTests has written nothing"
    for name in names:
        arrays = dict(np.load(os.path.join(folder, name[:-5] + ".npz")))
        yield name, difference(session(os.path.join(folder, name)), arrays)


def main():
    seqtool, data, *rest = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        results = list(random_networks(seqtool, folder)) + list(trained_model(seqtool, folder, data))
        results += language_models(seqtool, folder)
        if rest:
            results += stacks(rest[0])
    for name, worst in results:
        assert worst <= TOLERANCE, f"{name}: {worst}"
    print(f"{len(results)} models, {len(SHAPES)} batches each where made here: largest difference "
          f"{max(worst for _, worst in results):.1e}")


main()
