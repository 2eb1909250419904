#!/usr/bin/env python3
"""Models to and from other frameworks, judged by the frameworks themselves.

    pip install torch numpy safetensors onnx onnxruntime
    Tests/Long/exchange.py SEQTOOL DATA [STACKS]        DATA: labelled texts, such as data/names

1. Networks with random weights, made by PyTorch, go through `import`, `export --to pytorch` (equal bits)
   and `export --to onnx`; PyTorch, onnxruntime and seqtool must give the same answers.
2. A trained model with n-grams: its exports against its own answers.
3. Language models, trained for an epoch: their exports against their own answers, and back.
4. Classifiers of images, forecasters and taggers, likewise.
5. Bare stacks that RecurrentStackExportTests wrote to the folder STACKS, with states that begin anywhere.
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


class LeNet(torch.nn.Module):
    """What a state dict of a classifier of images is for."""

    def __init__(self, options, classes):
        super().__init__()
        self.options = options
        maps, hidden = [options["channels"], options["firstMaps"], options["secondMaps"]], [options["firstHidden"], options["secondHidden"]]
        self.conv1, self.conv2 = torch.nn.Conv2d(maps[0], maps[1], 5, padding=2), torch.nn.Conv2d(maps[1], maps[2], 5)
        area = ((options["height"] // 2 - 4) // 2) * ((options["width"] // 2 - 4) // 2)
        self.fc1, self.fc2 = torch.nn.Linear(maps[2] * area, hidden[0]), torch.nn.Linear(*hidden)
        self.fc3 = torch.nn.Linear(hidden[1], classes)
        if options["batchNorm"]:
            self.bn1, self.bn2 = torch.nn.BatchNorm2d(maps[1]), torch.nn.BatchNorm2d(maps[2])
            self.bn3, self.bn4 = torch.nn.BatchNorm1d(hidden[0]), torch.nn.BatchNorm1d(hidden[1])

    def forward(self, images):
        options = self.options
        x = (images / 255 - options["mean"]) / options["deviation"]
        f = {"relu": torch.relu, "tanh": torch.tanh}[options["activation"]]
        pool = {"max": torch.nn.functional.max_pool2d, "average": torch.nn.functional.avg_pool2d}[options["pooling"]]
        norm = lambda number: getattr(self, f"bn{number}", torch.nn.Identity())
        for number in (1, 2):
            x = pool(f(norm(number)(getattr(self, f"conv{number}")(x))), 2)
        x = x.flatten(1)
        for number in (1, 2):
            x = f(norm(number + 2)(getattr(self, f"fc{number}")(x)))
        return self.fc3(x)


def write_images(path, images, labels):
    os.makedirs(path, exist_ok=True)
    for name, array in (("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)):
        with open(os.path.join(path, name), "wb") as file:
            file.write(bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes())


def image_models(seqtool, folder):
    path = os.path.join(folder, "image")
    generator = np.random.default_rng(5)
    write_images(path, generator.integers(0, 256, (60, 17, 14), dtype=np.uint8), (np.arange(60) % 3).astype(np.uint8))
    for norm, activation, pooling in itertools.product((True, False), ("relu", "tanh"), ("max", "average")):
        run(seqtool, "train", "image", path, "-o", path + ".m", "-q", "--epochs", 2, "--activation", activation, "--pooling", pooling,
            "--batch-norm" if norm else "--no-batch-norm")
        arrays = exported(seqtool, path + ".m", os.path.join(path, "train-images-idx3-ubyte"))
        worst = difference(session(path + ".m.onnx"), arrays)
        with open(path + ".m.pt.json") as file:
            network = LeNet(json.load(file)["network"], 3).eval()
        network.load_state_dict(load_file(path + ".m.pt"))
        # PyTorch's own file, with the counters of its normalisations.
        save_file(network.state_dict(), path + ".theirs")
        run(seqtool, "import", "--from", "pytorch", path + ".theirs", "--like", path + ".m", "-o", path + ".again", "--verify", path + ".m.npz")
        with torch.no_grad():
            logits = network(torch.from_numpy(arrays["images"])).numpy()
        yield f"image, {norm}, {activation}, {pooling}", max(worst, float(np.abs(logits - arrays["logits"]).max()))


def forecasters(seqtool, folder):
    path = os.path.join(folder, "series.csv")
    generator = np.random.default_rng(6)
    rows = 1e5 + 30 * np.sin(np.arange(300) * np.pi / 6)[:, None] + generator.normal(size=(300, 2))
    np.savetxt(path, rows, delimiter=",", header="a,b", comments="")
    for cell, layers, relative, season, inputs in itertools.product(CELLS, (1, 2), (True, False), (0, 12), ([], ["--inputs", "b"])):
        run(seqtool, "train", "forecast", path, "-o", path + ".m", "-q", "--epochs", 2, "--cell", cell, "--layers", layers, "--column",
            "a", *inputs, "--horizon", 15, "--season", season, "--hidden", 7, "--relative" if relative else "--no-relative")
        arrays = exported(seqtool, path + ".m", path)
        with open(path + ".m.pt.json") as file:
            unit = json.load(file)["deviation"][0]
        # In units of the deviation, as --verify counts.
        yield (f"forecaster, {cell}, {layers}, {relative}, {season}, {inputs}",
               difference(session(path + ".m.onnx"), arrays) / unit)


class Tagger(torch.nn.Module):
    """What a state dict of a tagger is for, but for the random field."""

    def __init__(self, options, tags):
        super().__init__()
        kind = {"rnn": torch.nn.RNN, "rnn-relu": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[options["cell"]]
        more = {"nonlinearity": "relu"} if options["cell"] == "rnn-relu" else {}
        size, self.spells = options["embedding"], options["characterHidden"] > 0
        self.embedding = torch.nn.Embedding(options["symbols"], size)
        if self.spells:
            self.characters = torch.nn.Embedding(options["characters"], options["characterEmbedding"])
            self.speller = kind(options["characterEmbedding"], options["characterHidden"], batch_first=True, bidirectional=True, **more)
            size += 2 * options["characterHidden"]
        self.rnn = kind(size, options["hidden"], options["layers"], batch_first=True, bidirectional=options["bidirectional"], **more)
        self.head = torch.nn.Linear(options["hidden"] * (2 if options["bidirectional"] else 1), tags)

    def forward(self, ids, lengths, characters=None, character_lengths=None):
        x = self.embedding(ids)
        if self.spells:
            packed = torch.nn.utils.rnn.pack_padded_sequence(
                self.characters(characters.flatten(0, 1)), character_lengths.flatten().clamp(min=1), batch_first=True, enforce_sorted=False)
            final = self.speller(packed)[1]
            final = final[0] if isinstance(final, tuple) else final
            x = torch.cat([x, torch.cat([final[0], final[1]], 1).unflatten(0, ids.shape)], 2)
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return self.head(torch.nn.utils.rnn.pad_packed_sequence(self.rnn(packed)[0], batch_first=True)[0])


def taggers(seqtool, folder):
    path = os.path.join(folder, "sentences")
    generator = np.random.default_rng(7)
    words = ["".join(generator.choice(list("abcdeéß"), size=n)) for n in generator.integers(1, 9, 40)]
    with open(path, "w") as file:
        for length in generator.integers(1, 24, 40):
            for word in generator.choice(words, size=length):
                file.write(f"{word} {'B-X' if word[0] in 'ab' else 'O'}\n")
            file.write("\n")
    cases = itertools.product(CELLS, (1, 2), (True, False), (0, 6), ("crf", "softmax"))
    for cell, layers, bidirectional, spelled, decoder in cases:
        run(seqtool, "train", "tag", path, "-o", path + ".m", "-q", "--epochs", 2, "--cell", cell, "--layers", layers, "--hidden", 7,
            "--embedding", 5, "--character-hidden", spelled, "--decoder", decoder, "--bidirectional" if bidirectional else "--no-bidirectional")
        arrays = exported(seqtool, path + ".m", path)
        inside = np.arange(arrays["ids"].shape[1]) < arrays["lengths"][:, None]
        graph = session(path + ".m.onnx")
        found = dict(zip((value.name for value in graph.get_outputs()),
                         graph.run(None, {value.name: arrays[value.name] for value in graph.get_inputs()}), strict=True))
        worst = float(np.abs(found["scores"] - arrays["scores"])[inside].max())
        assert all((found[name] == arrays[name]).all() for name in found if name != "scores"), "other scores of the field"
        with open(path + ".m.pt.json") as file:
            network = Tagger(json.load(file)["network"], 2).eval()
        weights = load_file(path + ".m.pt")
        network.load_state_dict({name: value for name, value in weights.items() if not name.startswith("crf.")})
        with torch.no_grad():
            scores = network(*(torch.from_numpy(arrays[value.name]) for value in graph.get_inputs())).numpy()
        yield (f"tagger, {cell}, {layers}, {bidirectional}, {spelled}, {decoder}",
               max(worst, float(np.abs(scores - arrays["scores"])[inside].max())))


def exported(seqtool, model, records):
    """A model's own answers; its weights go out and come back."""
    run(seqtool, "export", "--model", model, "--to", "onnx", "-o", model + ".onnx", "--reference", model + ".npz", "--records", records)
    run(seqtool, "export", "--model", model, "--to", "pytorch", "-o", model + ".pt", "--verify", model + ".npz")
    run(seqtool, "import", "--from", "pytorch", model + ".pt", "--like", model, "-o", model + ".again", "--verify", model + ".npz")
    first, second = (load_file_of(run, seqtool, name, model + ".plain") for name in (model, model + ".again"))
    assert first == second, "other bits"
    return dict(np.load(model + ".npz"))


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
        for kind in (language_models, image_models, forecasters, taggers):
            results += kind(seqtool, folder)
        if rest:
            results += stacks(rest[0])
    for name, worst in results:
        assert worst <= TOLERANCE, f"{name}: {worst}"
    print(f"{len(results)} models, {len(SHAPES)} batches each where made here: largest difference "
          f"{max(worst for _, worst in results):.1e}")


main()
