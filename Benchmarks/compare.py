#!/usr/bin/env python3
"""Training speed: seqtool beside PyTorch, and beside NumPy from scratch, on the jobs of `seqtool bench`.

usage: compare.py SEQTOOL [--rounds 5] [--seconds 2] [--jobs names-lstm,...] [--numpy] [--markdown]

Both programs begin with the same weights and learn the same batch with the same optimiser, Adam. First the
losses of ten steps are compared, which must agree within 1e-4: nothing is gained by other work. Then each
program trains for some seconds, turn by turn; PyTorch (its own LSTM, GRU and RNN, eager) on one thread and
on two, of which the faster counts. Printed: symbols per second, medians, and the median of the ratios.
With --numpy the batch-1 jobs are also run by a program of plain NumPy on one thread. Needs torch, numpy,
safetensors.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

JOBS = ("names-lstm names-gru names-rnn names-1-lstm names-1-gru names-1-rnn characters-lstm characters-gru "
        "characters-rnn characters-2x512-lstm words-2x200-lstm words-2x650-lstm").split()
TOLERANCE = 1e-4


def seqtool(options, job, seconds, threads, start=None):
    command = [options.seqtool, "bench", job, "--json", "--seconds", seconds, "-j", threads]
    command += ["--start", start] if start else []
    return json.loads(subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout)


class Torch:
    """The job in PyTorch, from the weights in `start`."""

    def __init__(self, job, start):
        import torch
        from safetensors.torch import load_file

        tensors = load_file(start)
        self.torch, self.ids = torch, tensors.pop("ids").long()
        self.targets = tensors.pop("targets").long().flatten()
        classifies = job["classes"] is not None
        head = "head" if classifies else "decoder"

        class Network(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding = torch.nn.Embedding(job["symbols"], job["embedding"])
                cell = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[job["cell"]]
                self.rnn = cell(job["embedding"], job["hidden"], job["layers"])
                setattr(self, head, torch.nn.Linear(job["hidden"], job["classes"] or job["symbols"]))

            def forward(self, ids):
                y, _ = self.rnn(self.embedding(ids))
                return getattr(self, head)(y[-1] if classifies else y.flatten(0, 1))

        self.network = Network()
        self.network.load_state_dict(tensors)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3)

    def step(self):
        self.optimizer.zero_grad()
        loss = self.torch.nn.functional.cross_entropy(self.network(self.ids), self.targets)
        loss.backward()
        self.optimizer.step()
        return loss.item()


class Numpy:
    """A classifier of one record in plain NumPy, one step in time after the other, as tutorials write it."""

    def __init__(self, job, start):
        import numpy
        from safetensors.numpy import load_file

        self.np, self.w = numpy, load_file(start)
        self.ids, self.target = self.w.pop("ids")[:, 0], int(self.w.pop("targets")[0])
        self.lstm, self.hidden, self.t = job["cell"] == "lstm", job["hidden"], 0
        self.moments = {name: (numpy.zeros_like(w), numpy.zeros_like(w)) for name, w in self.w.items()}

    def step(self):
        np, w, size = self.np, self.w, self.hidden
        wi, wh = w["rnn.weight_ih_l0"], w["rnn.weight_hh_l0"]
        bias = w["rnn.bias_ih_l0"] + w["rnn.bias_hh_l0"]
        h, c, saved = np.zeros(size, np.float32), np.zeros(size, np.float32), []
        for symbol in self.ids:
            x = w["embedding.weight"][symbol]
            z = wi @ x + wh @ h + bias
            if self.lstm:
                gates = 1 / (1 + np.exp(-z))
                gates[2 * size:3 * size] = np.tanh(z[2 * size:3 * size])
                i, f, g, o = gates.reshape(4, size)
                before, c = (h, c), f * c + i * g
                h = o * np.tanh(c)
                saved.append((symbol, x, before, (i, f, g, o), np.tanh(c)))
            else:
                before, h = (h, c), np.tanh(z)
                saved.append((symbol, x, before, None, h))
        z = w["head.weight"] @ h + w["head.bias"]
        p = np.exp(z - z.max())
        p /= p.sum()
        loss = -np.log(p[self.target])
        p[self.target] -= 1
        d = {name: np.zeros_like(value) for name, value in w.items()}
        d["head.weight"], d["head.bias"] = np.outer(p, h), p
        dh, dc = w["head.weight"].T @ p, np.zeros(size, np.float32)
        for symbol, x, (h, c), gates, y in reversed(saved):
            if self.lstm:
                i, f, g, o = gates
                dc = dc + dh * o * (1 - y * y)
                dz = np.concatenate([
                    dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g * g), dh * y * o * (1 - o)])
                dc = dc * f
            else:
                dz = dh * (1 - y * y)
            d["rnn.weight_ih_l0"] += np.outer(dz, x)
            d["rnn.weight_hh_l0"] += np.outer(dz, h)
            d["rnn.bias_ih_l0"] += dz
            d["embedding.weight"][symbol] += wi.T @ dz
            dh = wh.T @ dz
        d["rnn.bias_hh_l0"] = d["rnn.bias_ih_l0"]
        self.t += 1
        for name, (first, second) in self.moments.items():
            first *= 0.9
            first += np.float32(0.1) * d[name]
            second *= 0.999
            second += np.float32(0.001) * d[name] * d[name]
            w[name] -= (np.float32(1e-3 / (1 - 0.9 ** self.t)) * first
                        / (np.sqrt(second / np.float32(1 - 0.999 ** self.t)) + np.float32(1e-8)))
        return float(loss)


def rate(step, tokens, seconds):
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step()
        count += 1
    return count * tokens / (time.perf_counter() - start)


def largest_difference(program, losses):
    return max(abs(program.step() - loss) for loss in losses)


def compare(options, name, folder):
    start = os.path.join(folder, "start.safetensors")
    job = seqtool(options, name, 0.1, options.threads, start)
    tokens = job["batch_size"] * job["steps"]
    peers = [("PyTorch", Torch(job, start))]
    if options.numpy and job["batch_size"] == 1 and job["cell"] != "gru":
        peers.append(("NumPy", Numpy(job, start)))
    differences = {peer: largest_difference(program, job["losses"]) for peer, program in peers}
    ours, theirs, shares = [], {peer: [] for peer, _ in peers}, []
    for _ in range(options.rounds):
        report = seqtool(options, name, options.seconds, options.threads)
        ours.append(report["trained_per_second"])
        shares.append(report["share_of_peak"])
        for peer, program in peers:
            rates = []
            for threads in (1, 2) if peer == "PyTorch" else (1,):
                program.torch.set_num_threads(threads) if peer == "PyTorch" else None
                rates.append(rate(program.step, tokens, options.seconds))
            theirs[peer].append(max(rates))
    for peer, _ in peers:
        ratios = [a / b for a, b in zip(ours, theirs[peer])]
        cells = [
            name, peer, f"{statistics.median(ours):,.0f}", f"{statistics.median(theirs[peer]):,.0f}",
            f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f}-{max(ratios):.2f}",
            f"{100 * statistics.median(shares):.0f} %", f"{differences[peer]:.0e}"]
        print("| " + " | ".join(cells) + " |" if options.markdown else "  ".join(cells), flush=True)
    return [name for peer, value in differences.items() if not value <= TOLERANCE]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--jobs", type=lambda text: text.split(","), default=JOBS)
    parser.add_argument("--numpy", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    print("| job | peer | seqtool/s | peer/s | ratio | rounds | of peak | losses differ by |\n|---|---|---|---|---|---|---|---|"
          if options.markdown else "job  peer  seqtool/s  peer/s  ratio  rounds  of peak  losses differ by")
    with tempfile.TemporaryDirectory() as folder:
        failed = [name for job in options.jobs for name in compare(options, job, folder)]
    if failed:
        sys.exit(f"losses differ by more than {TOLERANCE}: {', '.join(failed)}")


if __name__ == "__main__":
    main()
