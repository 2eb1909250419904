"""Figures of spans by seqeval (https://github.com/chakki-works/seqeval), whose default mode counts as
conlleval does: pip install seqeval, then run this in its folder."""
import json
import random

from seqeval.metrics import accuracy_score, f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities


def figures(truth, predicted):
    types = sorted({t for sentence in truth + predicted for t, _, _ in get_entities(sentence)})
    counts = {}
    for kind in types:
        def spans(sentences):
            return {(i, s, e) for i, tags in enumerate(sentences)
                    for t, s, e in get_entities(tags) if t == kind}
        a, b = spans(truth), spans(predicted)
        counts[kind] = [len(a), len(b), len(a & b)]
    return dict(
        truth=[" ".join(t) for t in truth], predicted=[" ".join(p) for p in predicted],
        accuracy=accuracy_score(truth, predicted), precision=precision_score(truth, predicted),
        recall=recall_score(truth, predicted), f1=f1_score(truth, predicted), types=counts)


def main():
    random.seed(1)
    cases = []
    for positions in ["BI", "BIES"]:
        tags = ["O"] + [f"{p}-{t}" for p in positions for t in ["LOC", "PER"]]
        for keep in [0.0, 0.6, 0.9]:
            truth = [[random.choice(tags) for _ in range(random.randint(1, 9))] for _ in range(40)]
            predicted = [[t if random.random() < keep else random.choice(tags) for t in sentence]
                         for sentence in truth]
            cases.append(figures(truth, predicted))
    with open("tagging.json", "w") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


main()
