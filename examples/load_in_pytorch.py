#!/usr/bin/env python3
"""A seqtool model in PyTorch: reads the file, loads the weights, and compares the answers.

usage: load_in_pytorch.py SEQTOOL DATA        DATA: labelled data, such as data/names

For each cell it trains a small model by seqtool, loads the file with `safetensors`, gives the weights
to torch.nn.LSTM, GRU or RNN by `load_state_dict`, and runs both on the same texts. Needs torch, numpy
and safetensors.
"""
import json
import struct
import subprocess
import sys
import tempfile

import torch
from safetensors import safe_open
from safetensors.numpy import load_file

TEXTS = ["Satoshi", "Kowalczyk", "a", "", "Papadopoulos", "Smith Jones", "Zx"]
CELLS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}
# seqtool prints six digits, rounded toward zero.
TOLERANCE = 1e-5 + 1e-6


def vocabulary(tensor):
    """UInt32 counts of special tokens and of tokens, the ends of the tokens, their bytes."""
    data = tensor.tobytes()
    (count,) = struct.unpack_from("<I", data, 4)
    ends = struct.unpack_from(f"<{count}I", data, 8)
    text = data[8 + 4 * count:]
    return {text[begin:end]: i for i, (begin, end) in enumerate(zip((0,) + ends, ends))}


def pool(rule, states, final):
    return {"max": lambda: states.max(0).values, "mean": lambda: states.mean(0), "last": lambda: final}[rule]()


def predict(path, texts):
    """Log-probabilities of each text, by PyTorch alone."""
    tensors = load_file(path)
    with safe_open(path, "np") as file:
        stages = json.loads(file.metadata()["pipeline"])
    options = stages[-1]["options"]
    weights = {name: torch.from_numpy(value.copy()) for name, value in tensors.items() if value.dtype.kind == "f"}
    ids = vocabulary(next(value for name, value in tensors.items() if name.endswith(".vocabulary")))
    rnn = CELLS[options["cell"]](
        options["embedding"], options["hidden"], options["layers"], bidirectional=options["bidirectional"])
    rnn.load_state_dict({name[4:]: value for name, value in weights.items() if name.startswith("rnn.")})
    rows = []
    for text in texts:
        symbols = [ids.get(character.encode(), ids[b"<unk>"]) for character in text] + [ids[b"<end>"]]
        states, final = rnn(weights["embedding.weight"][symbols][:, None])
        hidden = final[0] if options["cell"] == "lstm" else final
        # The last layer's final states, both directions side by side.
        directions = 2 if options["bidirectional"] else 1
        last = torch.cat(list(hidden[-directions:, 0]))
        pooled = torch.cat([pool(rule, states[:, 0], last) for rule in options["pooling"].split("+")])
        rows.append(torch.log_softmax(weights["head.weight"] @ pooled + weights["head.bias"], 0))
    labels = tensors["labels"].tobytes().decode().split("\n")[:-1]
    return labels, torch.stack(rows).exp()


def main():
    seqtool, data = sys.argv[1:]
    torch.set_grad_enabled(False)
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/model.seqmodel"
        for cell in CELLS:
            for flags in (["--pooling", "max+mean+last"], ["--bidirectional", "--layers", "2", "--pooling", "last"]):
                subprocess.run(
                    [seqtool, "train", "classify", data, "-o", path, "--quiet", "--ngrams", "none", "--cell", cell,
                     "--epochs", "2", "--hidden", "24", "--embedding", "12"] + flags, check=True)
                labels, expected = predict(path, TEXTS)
                answer = subprocess.run(
                    [seqtool, "classify", "--model", path, "-k", str(len(labels)), "--jsonl"],
                    input="\n".join(TEXTS) + "\n", text=True, capture_output=True, check=True)
                worst = 0.0
                for row, line in zip(expected, answer.stdout.splitlines(), strict=True):
                    found = {entry["label"]: entry["probability"] for entry in json.loads(line)["labels"]}
                    worst = max([worst] + [abs(float(row[k]) - found[label]) for k, label in enumerate(labels)])
                print(f"{cell} {' '.join(flags)}: largest difference {worst:.1e}")
                assert worst <= TOLERANCE, "PyTorch gives other answers"


main()
