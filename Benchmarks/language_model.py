#!/usr/bin/env python3
"""A character language model: seqtool and PyTorch side by side, from the same text to the same loss.

usage: language_model.py SEQTOOL TEXT [--epochs 12] [--threads 2] [--target 1.5] [--hidden 256] [--layers 2]
                         [--own "OPTIONS OF TRAIN LM"] [--until-target] [--keep MODEL]

The text is cut 90/5/5 by position; the last part is left alone. Both train the same LSTM with the same
batch, window, dropout, AdamW, clipping and cosine for the same number of epochs, first one, then the other,
and are judged on the second part after each epoch. The clock counts training, with that judging. What is
printed: the loss after each epoch and when it came, the time to the target, and the ratio of the times.

--own replaces options of seqtool alone, for another recipe than PyTorch's; --until-target stops both at the
target, with the rates of all their epochs; --keep copies the model of a training that was not stopped.
"""
import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time

BATCH, STEPS, RATE, DROPOUT = 64, 64, 3e-3, 0.1


def seqtool_curve(options, folder):
    command = [
        options.seqtool, "train", "lm", "train.txt", "--dev", "valid.txt", "-o", "play.seqmodel", "--progress", "json",
        "--layers", options.layers, "--hidden", options.hidden, "--embedding", options.hidden,
        "-j", options.threads]
    recipe = {"--batch-size": BATCH, "--bptt": STEPS, "--learning-rate": RATE, "--dropout": DROPOUT, "--epochs": options.epochs}
    own = options.own.split()
    recipe.update(zip(own[::2], own[1::2]))
    command += [word for option in recipe.items() for word in option]
    process = subprocess.Popen(list(map(str, command)), cwd=folder, stderr=subprocess.PIPE, text=True)
    curve, start = [], None
    for line in process.stderr:
        start = start or time.perf_counter()
        event = json.loads(line)
        if "dev_loss" in event and event.get("event") == "epoch":
            curve.append((time.perf_counter() - start, event["dev_loss"]))
            print(f"seqtool  epoch {len(curve):2}  {curve[-1][0]:7.1f} s  {curve[-1][1]:.4f}", flush=True)
            if options.until_target and curve[-1][1] <= options.target:
                process.kill()
                process.wait()
                return curve
    assert process.wait() == 0
    if options.keep:
        shutil.copy(os.path.join(folder, "play.seqmodel"), options.keep)
    return curve


def torch_curve(options, parts):
    import torch
    from torch import nn
    from torch.nn import functional as F

    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    symbols = {c: i for i, c in enumerate(sorted(set("".join(parts))))}
    train, valid = (torch.tensor([symbols[c] for c in part]) for part in parts)

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            h = options.hidden
            self.embedding = nn.Embedding(len(symbols), h)
            self.rnn = nn.LSTM(h, h, options.layers, batch_first=True, dropout=DROPOUT if options.layers > 1 else 0)
            self.drop = nn.Dropout(DROPOUT)
            self.head = nn.Linear(h, len(symbols))

        def forward(self, x, state=None):
            y, state = self.rnn(self.drop(self.embedding(x)), state)
            return self.head(self.drop(y)), state

    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0)
    rows = train[: len(train) // BATCH * BATCH].view(BATCH, -1)
    windows = range(0, rows.shape[1] - 1, STEPS)
    total, step, curve, start = options.epochs * len(windows), 0, [], time.perf_counter()
    for epoch in range(options.epochs):
        network.train()
        state = None
        for first in windows:
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 + math.cos(math.pi * step / total)) / 2
            y = rows[:, first + 1:first + STEPS + 1]
            x = rows[:, first:first + y.shape[1]].contiguous()
            logits, state = network(x, state and tuple(s.detach() for s in state))
            loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
        network.eval()
        state, loss = None, 0.0
        with torch.no_grad():
            for i in range(0, len(valid) - 1, 2048):
                y = valid[i + 1:i + 2049]
                logits, state = network(valid[i:i + len(y)][None], state)
                loss += F.cross_entropy(logits[0], y, reduction="sum").item()
        curve.append((time.perf_counter() - start, loss / (len(valid) - 1)))
        print(f"PyTorch  epoch {len(curve):2}  {curve[-1][0]:7.1f} s  {curve[-1][1]:.4f}", flush=True)
        if options.until_target and curve[-1][1] <= options.target:
            break
    return curve


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool", type=os.path.abspath)
    parser.add_argument("text")
    for name, value in (("epochs", 12), ("threads", 2), ("hidden", 256), ("layers", 2)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--target", type=float, default=1.5)
    parser.add_argument("--own", default="")
    parser.add_argument("--until-target", action="store_true")
    parser.add_argument("--keep")
    options = parser.parse_args()
    text = open(options.text, encoding="utf8").read()
    cuts = [int(len(text) * share) for share in (0.9, 0.95)]
    parts = [text[:cuts[0]], text[cuts[0]:cuts[1]]]
    with tempfile.TemporaryDirectory() as folder:
        for name, part in zip(("train.txt", "valid.txt"), parts):
            with open(os.path.join(folder, name), "w", encoding="utf8") as file:
                file.write(part)
        curves = [seqtool_curve(options, folder), torch_curve(options, parts)]
    times = []
    for name, curve in zip(("seqtool", "PyTorch"), curves):
        times.append(next((t for t, loss in curve if loss <= options.target), None))
        reached = f"{times[-1]:.1f} s" if times[-1] else "not reached"
        print(f"{name}: {options.target} after {reached}; best {min(loss for _, loss in curve):.4f}; {curve[-1][0]:.1f} s in all")
    if all(times):
        print(f"ratio of the times to {options.target}: {times[0] / times[1]:.2f}")
    if not options.until_target:
        print(f"ratio of the times in all: {curves[0][-1][0] / curves[1][-1][0]:.2f}")


if __name__ == "__main__":
    main()
