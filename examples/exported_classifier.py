"""What `seqtool export --to pytorch -o my.safetensors` writes, as a torch.nn.Module.

    network, labels = load("my.safetensors")
    log_probabilities = network(ids, lengths, features).log_softmax(1)
"""
import json

import torch
from safetensors.torch import load_file

CELLS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN, "rnn-relu": torch.nn.RNN}


class AttentionPooling(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.projection = torch.nn.Linear(width, width)
        self.context = torch.nn.Linear(width, 1, bias=False)

    def forward(self, states, mask):
        scores = self.context(torch.tanh(self.projection(states))).masked_fill(~mask, -torch.inf)
        return (scores.softmax(0) * states).sum(0)


class Classifier(torch.nn.Module):
    """`options` is "network" of the JSON; the attributes bear the names of the tensors."""

    def __init__(self, options, classes):
        super().__init__()
        self.rules = options["pooling"].split("+")
        self.maximum_length = options["maximumLength"]
        extra = {"nonlinearity": "relu"} if options["cell"] == "rnn-relu" else {}
        width = options["hidden"] * (2 if options["bidirectional"] else 1)
        self.embedding = torch.nn.Embedding(options["symbols"], options["embedding"])
        self.rnn = CELLS[options["cell"]](
            options["embedding"], options["hidden"], options["layers"], bidirectional=options["bidirectional"], **extra)
        if "attention" in self.rules:
            self.pooling = torch.nn.ModuleDict({"attention": AttentionPooling(width)})
        self.head = torch.nn.Linear(width * len(self.rules), classes)
        if options["features"]:
            self.features = torch.nn.EmbeddingBag(options["features"], classes, mode="sum")

    def forward(self, ids, lengths, features=None):
        """ids [N, T], lengths [N], features [N, F] filled up with -1; gives logits [N, K]."""
        ids = ids[:, :self.maximum_length].T
        steps = torch.arange(len(ids))[:, None]
        ids = ids.where(steps < lengths, 0)
        lengths = lengths.clamp(1, len(ids))
        packed = torch.nn.utils.rnn.pack_padded_sequence(self.embedding(ids), lengths, enforce_sorted=False)
        states, final = self.rnn(packed)
        states, _ = torch.nn.utils.rnn.pad_packed_sequence(states)
        hidden = final[0] if isinstance(final, tuple) else final
        mask = (steps < lengths)[:len(states), :, None]
        pooled = {
            # The top layer's final states, both directions side by side.
            "last": lambda: torch.cat(list(hidden[-2 if self.rnn.bidirectional else -1:]), 1),
            "mean": lambda: states.sum(0) / lengths[:, None],
            "max": lambda: states.masked_fill(~mask, -torch.inf).max(0).values,
            "attention": lambda: self.pooling["attention"](states, mask),
        }
        logits = self.head(torch.cat([pooled[rule]() for rule in self.rules], 1))
        if hasattr(self, "features"):
            counts = (features >= 0).sum(1)
            logits = logits + self.features(features[features >= 0], counts.cumsum(0) - counts)
        return logits


def load(path):
    with open(path + ".json") as file:
        description = json.load(file)
    network = Classifier(description["network"], len(description["labels"]))
    network.load_state_dict(load_file(path))
    return network.eval(), description["labels"]
