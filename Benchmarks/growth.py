#!/usr/bin/env python3
"""How the cost of training grows: time per symbol and memory, for ever larger networks, sequences, vocabularies.

usage: growth.py SEQTOOL [--seconds 0.5] [--plot growth.svg]

Runs `seqtool bench characters-lstm` (V 65, H 256, N 64, T 64) with one number changed at a time, on one thread and
on two, and prints Markdown: microseconds per symbol, the share of the BLAS's peak, peak memory, and beside it the
arithmetic of one symbol, which the time should follow. The picture has the same on logarithmic axes.
"""
import argparse
import json
import math
import os
import subprocess

GROWTH = {
    "hidden": ("units of the hidden state (H)", [64, 128, 256, 512, 1024]),
    "steps": ("steps (T)", [8, 16, 64, 256, 1024]),
    "symbols": ("symbols (V)", [50, 500, 5000, 50000]),
}
COLOURS = ["#1f77b4", "#d62728", "#2ca02c"]


def bench(options, threads, name, value):
    command = [options.seqtool, "bench", "characters-lstm", "--json", "--seconds", str(options.seconds),
               "-j", str(threads), f"--{name}", str(value)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    report = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return report, usage.ru_maxrss / 1024


def picture(panels):
    """One panel beside the other: microseconds per symbol against what was changed."""
    width, height, margin = 320, 260, 45
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * len(panels)}" height="{height}" '
             'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>']
    for number, (title, xs, series) in enumerate(panels):
        values = [y for _, ys in series for y in ys]
        lows, highs = (math.log(min(xs)), math.log(min(values))), (math.log(max(xs)), math.log(max(values)))

        def place(x, y):
            across = (math.log(x) - lows[0]) / (highs[0] - lows[0])
            up = (math.log(y) - lows[1]) / (highs[1] - lows[1])
            return (number * width + margin + across * (width - 2 * margin),
                    height - margin - up * (height - 2 * margin))

        parts.append(f'<text x="{number * width + margin}" y="20">microseconds per symbol, by {title}</text>')
        for x in xs:
            parts.append(f'<text x="{place(x, min(values))[0]:.0f}" y="{height - 20}" text-anchor="middle">{x}</text>')
        for (name, ys), colour in zip(series, COLOURS):
            points = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in zip(xs, ys))
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
            x, y = place(xs[-1], ys[-1])
            parts.append(f'<text x="{x - 4:.0f}" y="{y - 6:.0f}" text-anchor="end" fill="{colour}">{name}</text>')
    return "".join(parts) + "</svg>\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seqtool")
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--plot")
    options = parser.parse_args()
    panels = []
    for name, (title, values) in GROWTH.items():
        print(f"\n| {title} | operations per symbol | 1 thread, µs | 2 threads, µs | of peak, 1 / 2 | memory, 1 / 2 |")
        print("|---|---|---|---|---|---|")
        times = {1: [], 2: []}
        for value in values:
            rows = {threads: bench(options, threads, name, value) for threads in times}
            for threads, (report, _) in rows.items():
                times[threads].append(1e6 / report["trained_per_second"])
            shares = " / ".join(f"{100 * report['share_of_peak']:.0f} %" for report, _ in rows.values())
            memory = " / ".join(f"{size:.0f} MB" for _, size in rows.values())
            operations = rows[1][0]["necessary_operations_per_symbol"]
            print(f"| {value:,} | {operations / 1e6:.2f} M | {times[1][-1]:.1f} | {times[2][-1]:.1f} | {shares} | {memory} |",
                  flush=True)
        panels.append((title, values, [("1 thread", times[1]), ("2 threads", times[2])]))
    if options.plot:
        with open(options.plot, "w", encoding="utf8") as file:
            file.write(picture(panels))


if __name__ == "__main__":
    main()
