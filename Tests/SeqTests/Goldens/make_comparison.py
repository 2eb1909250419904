"""Makes comparison.safetensors with NumPy, SciPy and scikit-learn.

    python3 make_comparison.py        needs numpy, scipy, scikit-learn, safetensors

Two classifiers whose labels stand in another order, one with a label more, and two language models
that cut a text differently. The resamples are those of `PairedBootstrap`; every figure on them is
scikit-learn's. `scipy_interval` is SciPy's own, on resamples of its own.
"""

import pathlib

import numpy as np
from random_numbers import Xoshiro256
from safetensors.numpy import save_file
from scipy import stats
from sklearn import metrics

FOLDER = pathlib.Path(__file__).parent
RECORDS, RESAMPLES, SEED = 80, 500, 7
# Where A's classes stand in B's list.
IN_B = np.array([3, 0, 5, 1, 4])


def log_softmax(scores):
    scores = scores - scores.max(1, keepdims=True)
    return (scores - np.log(np.exp(scores).sum(1, keepdims=True))).astype(np.float32)


def resample(number):
    random = Xoshiro256(SEED, number, 0x726573616D70)
    return np.array([random.next() * RECORDS >> 64 for _ in range(RECORDS)])


def summary(a, b, differences, is_better_when_higher):
    """a, b, the limits, p and the share in which B is better."""
    low, high = np.percentile(differences, [2.5, 97.5])
    smaller = min((differences <= 0).sum(), (differences >= 0).sum())
    better = differences > 0 if is_better_when_higher else differences < 0
    p = min(1, 2 * (smaller + 1) / (RESAMPLES + 1))
    return [a, b, low, high, p, better.mean()]


def compare(figures, higher_is_better):
    whole = figures(np.arange(RECORDS))
    drawn = np.array([figures(resample(r)) for r in range(RESAMPLES)])
    return np.array([
        summary(whole[0][i], whole[1][i], drawn[:, 1, i] - drawn[:, 0, i], higher_is_better[i])
        for i in range(3)
    ])


def classifiers(out):
    generator = np.random.default_rng(5)
    truth = generator.integers(0, 4, RECORDS)
    scores_a = generator.normal(size=(RECORDS, 5))
    scores_a[np.arange(RECORDS), truth] += 1.2
    scores_b = generator.normal(size=(RECORDS, 6))
    scores_b[:, IN_B] += 0.5 * scores_a
    scores_b[np.arange(RECORDS), IN_B[truth]] += 0.9
    log_a, log_b = log_softmax(scores_a), log_softmax(scores_b)
    # B's classes by A's list; the one that only B has comes last.
    back = np.full(6, 5)
    back[IN_B] = np.arange(5)
    called = [log_a.argmax(1), back[log_b.argmax(1)]]
    losses = [
        -log_a[np.arange(RECORDS), truth].astype(float),
        -log_b[np.arange(RECORDS), IN_B[truth]].astype(float),
    ]

    def figures(chosen):
        return [
            [
                metrics.accuracy_score(truth[chosen], c[chosen]),
                l[chosen].mean(),
                metrics.f1_score(truth[chosen], c[chosen], average="macro", zero_division=0),
            ] for c, l in zip(called, losses)
        ]

    right = [c == truth for c in called]
    only_a, only_b = (right[0] & ~right[1]).sum(), (right[1] & ~right[0]).sum()
    intervals = [
        stats.bootstrap(
            data, lambda a, b, axis: b.mean(axis) - a.mean(axis), paired=True, method="percentile",
            n_resamples=100_000, rng=np.random.default_rng(1)).confidence_interval
        for data in [[r.astype(float) for r in right], losses]
    ]
    out.update({
        "truth_a": truth.astype(np.int32), "truth_b": IN_B[truth].astype(np.int32),
        "log_a": log_a, "log_b": log_b, "figures": compare(figures, [True, False, True]),
        "only": np.array([only_a, only_b], np.int32), "scipy_interval": np.array(intervals),
    })


def language_models(out):
    generator = np.random.default_rng(6)
    bytes_ = generator.integers(1, 30, RECORDS)
    symbols = [bytes_, (bytes_ + 2) // 3]
    logs = [-generator.gamma(2, 1, RECORDS) * s for s in symbols]

    def figures(chosen):
        result = []
        for log, count in zip(logs, symbols):
            loss = -log[chosen].sum() / count[chosen].sum()
            bits = -log[chosen].sum() / np.log(2) / bytes_[chosen].sum()
            result.append([loss, np.exp(loss), bits])
        return result

    out.update({
        "text/bytes": bytes_.astype(np.int32), "text/symbols_b": symbols[1].astype(np.int32),
        "text/log_a": logs[0], "text/log_b": logs[1],
        "text/figures": compare(figures, [False, False, False]),
    })


def mcnemar(out):
    pairs = [(0, 0), (0, 1), (3, 3), (5, 14), (120, 171), (40_000, 39_000)]
    out["mcnemar/pairs"] = np.array(pairs, np.int32)
    out["mcnemar/p"] = np.array(
        [stats.binomtest(a, a + b).pvalue if a + b else 1.0 for a, b in pairs])


if __name__ == "__main__":
    arrays = {}
    classifiers(arrays)
    language_models(arrays)
    mcnemar(arrays)
    save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, FOLDER / "comparison.safetensors")
