"""Makes the golden files beside it with PyTorch and scikit-learn, in float64.

    python3 make_goldens.py        needs torch, numpy, safetensors, scikit-learn

Recurrent cases hold inputs, states, parameters, outputs and every gradient of the loss
sum(output * dOutput) + sum(h_n * dHidden) + sum(c_n * dCell).
"""

import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file
from random_numbers import Xoshiro256
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

FOLDER = pathlib.Path(__file__).parent
CELLS = ["rnn", "rnn-relu", "lstm", "gru"]
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def save(name, tensors):
    arrays = {
        key: np.ascontiguousarray(np.asarray(value.detach() if torch.is_tensor(value) else value))
        for key, value in tensors.items()
    }
    save_file(arrays, FOLDER / name)


def network(cell, inputs, hidden, layers, bidirectional):
    options = dict(num_layers=layers, bidirectional=bidirectional)
    match cell:
        case "rnn":
            return nn.RNN(inputs, hidden, **options)
        case "rnn-relu":
            return nn.RNN(inputs, hidden, nonlinearity="relu", **options)
        case "lstm":
            return nn.LSTM(inputs, hidden, **options)
        case "gru":
            return nn.GRU(inputs, hidden, **options)


def weights(shape, phase):
    """Fixed non-trivial numbers of about size one."""
    count = int(np.prod(shape))
    return torch.cos(torch.arange(count) * 1.7 + phase).reshape(shape)


def batch_sizes(lengths):
    return torch.tensor([sum(n > t for n in lengths) for t in range(lengths[0])])


def recurrent_case(out, cell, layers, bidirectional):
    lengths, inputs, hidden = [6, 4, 4, 1], 5, 3
    name = f"{cell}/{layers}/{'bi' if bidirectional else 'uni'}"
    torch.manual_seed(len(out))
    net = network(cell, inputs, hidden, layers, bidirectional)
    states = layers * (2 if bidirectional else 1)
    x = torch.randn(sum(lengths), inputs, requires_grad=True)
    h0 = torch.randn(states, len(lengths), hidden, requires_grad=True)
    c0 = torch.randn(states, len(lengths), hidden, requires_grad=True)
    packed = PackedSequence(x, batch_sizes(lengths))
    if cell == "lstm":
        output, (hn, cn) = net(packed, (h0, c0))
    else:
        output, hn = net(packed, h0)
    output = output.data
    d_output, d_hidden = weights(output.shape, 0.3), weights(hn.shape, 1.1)
    d_cell = weights(hn.shape, 2.3)
    loss = (output * d_output).sum() + (hn * d_hidden).sum()
    if cell == "lstm":
        loss = loss + (cn * d_cell).sum()
    loss.backward()
    case = dict(x=x, h0=h0, output=output, hn=hn, dOutput=d_output, dHidden=d_hidden)
    case |= {"grad.x": x.grad, "grad.h0": h0.grad}
    if cell == "lstm":
        case |= {"c0": c0, "cn": cn, "dCell": d_cell, "grad.c0": c0.grad}
    for key, parameter in net.named_parameters():
        case |= {f"rnn.{key}": parameter, f"grad.rnn.{key}": parameter.grad}
    out |= {f"{name}/{key}": value for key, value in case.items()}


def recurrent():
    out = {}
    for cell in CELLS:
        for layers, bidirectional in [(1, False), (2, False), (3, False), (1, True), (2, True)]:
            recurrent_case(out, cell, layers, bidirectional)
    save("recurrent.safetensors", out)


def pool(rule, hidden, final, lengths):
    """hidden [T, N, W] padded, final [N, W]."""
    inside = torch.arange(hidden.shape[0])[:, None] < torch.tensor(lengths)[None, :]
    match rule:
        case "last":
            return final
        case "mean":
            return hidden.sum(0) / torch.tensor(lengths)[:, None]
        case "max":
            return hidden.masked_fill(~inside[:, :, None], -torch.inf).max(0).values


def classifier_case(out, cell, layers, bidirectional, pooling, soft):
    symbols, size, hidden, classes = 7, 4, 3, 5
    lengths = [2, 6, 1, 3]
    torch.manual_seed(100 + len(out))
    embedding = nn.Embedding(symbols, size)
    net = network(cell, size, hidden, layers, bidirectional)
    directions = 2 if bidirectional else 1
    rules = pooling.split("+")
    head = nn.Linear(len(rules) * directions * hidden, classes)
    ids = [torch.randint(0, symbols, (n,)) for n in lengths]
    padded = nn.utils.rnn.pad_sequence(ids)
    packed = pack_padded_sequence(embedding(padded), lengths, enforce_sorted=False)
    output, state = net(packed)
    final = state[0] if cell == "lstm" else state
    final = torch.cat(list(final[-directions:]), dim=1)
    hidden_states, _ = pad_packed_sequence(output)
    pooled = torch.cat([pool(rule, hidden_states, final, lengths) for rule in rules], dim=1)
    logits = head(pooled)
    targets = nn.functional.one_hot(torch.tensor([3, 0, 4, 3]), classes).double()
    if soft:
        targets = torch.softmax(weights((len(lengths), classes), 0.7), dim=1)
    loss = nn.functional.cross_entropy(logits, targets, reduction="sum")
    loss.backward()
    case = dict(ids=torch.cat(ids).int(), ends=torch.tensor(lengths).cumsum(0).int())
    case |= dict(targets=targets, logits=logits, loss=loss.reshape(1))
    for prefix, module in [("embedding", embedding), ("rnn", net), ("head", head)]:
        for key, parameter in module.named_parameters():
            case |= {f"{prefix}.{key}": parameter, f"grad.{prefix}.{key}": parameter.grad}
    name = f"{cell}/{layers}/{'bi' if bidirectional else 'uni'}/{pooling}"
    out |= {f"{name}/{key}": value for key, value in case.items()}


def classifiers():
    out = {}
    classifier_case(out, "lstm", 1, False, "max", soft=False)
    classifier_case(out, "lstm", 2, True, "max+mean+last", soft=True)
    classifier_case(out, "gru", 2, False, "last", soft=False)
    classifier_case(out, "rnn", 1, True, "mean", soft=True)
    save("classifiers.safetensors", out)


OPTIMIZERS = {
    "sgd": lambda groups, rate: torch.optim.SGD(groups, lr=rate),
    "momentum": lambda groups, rate: torch.optim.SGD(groups, lr=rate, momentum=0.9),
    "adagrad": lambda groups, rate: torch.optim.Adagrad(groups, lr=rate),
    "rmsprop": lambda groups, rate: torch.optim.RMSprop(groups, lr=rate),
    "adam": lambda groups, rate: torch.optim.Adam(groups, lr=rate),
    "adamw": lambda groups, rate: torch.optim.AdamW(groups, lr=rate),
}


def trajectory(kind, gradients, start, decay=0.0, norm=None, value=None):
    weight = nn.Parameter(start[:12].reshape(4, 3).clone())
    bias = nn.Parameter(start[12:].clone())
    groups = [
        dict(params=[weight], weight_decay=decay),
        dict(params=[bias], weight_decay=0.0),
    ]
    optimizer = OPTIMIZERS[kind](groups, 0.05)
    rows = []
    for gradient in gradients:
        weight.grad = gradient[:12].reshape(4, 3).clone()
        bias.grad = gradient[12:].clone()
        if value:
            nn.utils.clip_grad_value_([weight, bias], value)
        if norm:
            nn.utils.clip_grad_norm_([weight, bias], norm)
        optimizer.step()
        rows.append(torch.cat([weight.detach().flatten(), bias.detach()]))
    return torch.stack(rows)


def optimisers():
    torch.manual_seed(7)
    start = torch.randn(16)
    # Sizes that rise from step to step, so that clipping acts on some steps and not on others.
    gradients = torch.randn(10, 16) * torch.linspace(0.1, 2, 10)[:, None]
    out = dict(start=start, gradients=gradients)
    for kind in OPTIMIZERS:
        out[f"{kind}/plain"] = trajectory(kind, gradients, start)
        out[f"{kind}/decay"] = trajectory(kind, gradients, start, decay=0.1)
        out[f"{kind}/norm"] = trajectory(kind, gradients, start, norm=2.5)
        out[f"{kind}/value"] = trajectory(kind, gradients, start, value=0.5)
        out[f"{kind}/all"] = trajectory(kind, gradients, start, decay=0.1, norm=2.5, value=0.5)
    save("optimisers.safetensors", out)


def calibration_error(probabilities, truth, bins=15):
    """Guo et al. (2017), equation 3, over bins [i / 15, (i + 1) / 15)."""
    confidence, called = probabilities.max(1), probabilities.argmax(1)
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            gap = abs((called[inside] == truth[inside]).mean() - confidence[inside].mean())
            error += inside.mean() * gap
    return error


def report():
    from sklearn import metrics

    generator = np.random.default_rng(11)
    records, classes = 90, 6
    # Class 4 never occurs, class 5 is neither true nor ever predicted.
    truth = generator.integers(0, 4, records).astype(np.int32)
    scores = generator.normal(size=(records, classes)) * 1.5
    scores[np.arange(records), truth] += 1.2
    scores[:, 5] -= 20
    log = (scores - np.log(np.exp(scores).sum(1, keepdims=True))).astype(np.float32)
    probabilities = np.exp(log.astype(np.float64))
    called = probabilities.argmax(1)
    labels = list(range(classes))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, called, labels=labels, zero_division=0)
    loss = metrics.log_loss(
        truth, probabilities / probabilities.sum(1, keepdims=True), labels=labels)
    figures = [
        loss,
        metrics.accuracy_score(truth, called),
        metrics.f1_score(truth, called, average="macro", zero_division=0),
        calibration_error(probabilities, truth),
    ]
    save("report.safetensors", dict(
        truth=truth, logProbabilities=log, figures=np.array(figures), precision=precision,
        recall=recall, f1=f1, support=support.astype(np.int32),
        confusion=metrics.confusion_matrix(truth, called, labels=labels).astype(np.int32)))


class Normalized(nn.Module):
    """Recurrent layers with layer normalisation behind each."""

    def __init__(self, cell, inputs, hidden, layers):
        super().__init__()
        self.layers = nn.ModuleList(
            network(cell, hidden if k else inputs, hidden, 1, False) for k in range(layers))
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in range(layers))
        for norm in self.norms:
            nn.init.normal_(norm.weight, 1, 0.3)
            nn.init.normal_(norm.bias, 0, 0.3)

    def forward(self, x, states):
        after = []
        for layer, norm, state in zip(self.layers, self.norms, states or [None] * len(self.layers)):
            x, state = layer(x, state)
            x = norm(x)
            after.append(state)
        return x, tuple(after)

    def golden_parameters(self):
        for k, layer in enumerate(self.layers):
            for key, parameter in layer.named_parameters():
                yield f"rnn.{key[:-1]}{k}", parameter
        for key, parameter in self.norms.named_parameters():
            yield f"norms.{key}", parameter


def detached(state):
    return state.detach() if torch.is_tensor(state) else tuple(map(detached, state))


def language_model_losses(net, embedding, decoder, optimizer, ids, targets):
    """Ten steps of truncated BPTT over three windows of five steps; mean losses per symbol."""
    parameters = [p for m in (embedding, net, decoder) for p in m.parameters()]
    losses = []
    while len(losses) < 10:
        state = None
        for start in range(0, 15, 5):
            if len(losses) == 10:
                break
            output, state = net(embedding(ids[start:start + 5]), state)
            state = detached(state)
            loss = nn.functional.cross_entropy(
                decoder(output).flatten(0, 1), targets[start:start + 5].flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            losses.append(loss.item())
    return torch.tensor(losses)


def language_models():
    """A text of 45 symbols in three streams, each predicted from the symbol before it; 1 ends."""
    torch.manual_seed(13)
    symbols, size, hidden = 7, 4, 5
    text = torch.randint(0, symbols, (45,))
    before = torch.cat([torch.tensor([1]), text[:-1]])
    ids, targets = before.reshape(3, 15).T, text.reshape(3, 15).T
    out = dict(text=text.int())
    for normalization, cell in [("none", cell) for cell in CELLS] + [("layer", "gru"), ("layer", "lstm")]:
        for kind, rate in [("adam", 0.02), ("sgd", 0.5)]:
            embedding = nn.Embedding(symbols, size)
            decoder = nn.Linear(hidden, symbols)
            if normalization == "none":
                net = network(cell, size, hidden, 2, False)
                named = [(f"rnn.{key}", p) for key, p in net.named_parameters()]
            else:
                net = Normalized(cell, size, hidden, 2)
                named = list(net.golden_parameters())
            for prefix, module in [("embedding", embedding), ("decoder", decoder)]:
                named += [(f"{prefix}.{key}", p) for key, p in module.named_parameters()]
            name = f"{cell}/{normalization}/{kind}"
            for key, parameter in named:
                out[f"{name}/{key}"] = parameter.detach().clone()
            optimizer = OPTIMIZERS[kind]([p for _, p in named], rate)
            out[f"{name}/losses"] = language_model_losses(
                net, embedding, decoder, optimizer, ids, targets)
    save("language_models.safetensors", out)


def image_case(out, name, module, shape, training=True):
    """Outputs, gradients of the loss sum(y * dy), and buffers as they are afterwards."""
    torch.manual_seed(200 + len(out))
    x = torch.randn(shape, requires_grad=True)
    case = {"x": x}
    for key, parameter in module.named_parameters():
        nn.init.normal_(parameter)
        case[key] = parameter
    for key, buffer in module.named_buffers():
        if buffer.is_floating_point():
            buffer.copy_(torch.rand(buffer.shape) + 0.5)
            case[f"before.{key}"] = buffer.clone()
    module.train(training)
    y = module(x)
    dy = weights(y.shape, 0.9)
    (y * dy).sum().backward()
    case |= {"y": y, "dy": dy, "grad.x": x.grad}
    case |= {f"grad.{key}": parameter.grad for key, parameter in module.named_parameters()}
    case |= {
        f"after.{key}": buffer for key, buffer in module.named_buffers()
        if buffer.is_floating_point()
    }
    out |= {f"{name}/{key}": value for key, value in case.items()}


class LeNet(nn.Module):
    """Two channels of 13 by 14 pixels, four classes."""

    def __init__(self, activation, pooling, norm):
        super().__init__()
        self.activation, self.pooling = activation, pooling
        self.conv1 = nn.Conv2d(2, 3, 5, padding=2)
        self.conv2 = nn.Conv2d(3, 5, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(5, 11), nn.Linear(11, 7), nn.Linear(7, 4)
        if norm:
            self.bn1, self.bn2 = nn.BatchNorm2d(3), nn.BatchNorm2d(5)
            self.bn3, self.bn4 = nn.BatchNorm1d(11), nn.BatchNorm1d(7)

    def forward(self, x):
        def norm(number, x):
            return getattr(self, f"bn{number}", nn.Identity())(x)

        x = self.pooling(self.activation(norm(1, self.conv1(x))), 2)
        x = self.pooling(self.activation(norm(2, self.conv2(x))), 2).flatten(1)
        x = self.activation(norm(3, self.fc1(x)))
        return self.fc3(self.activation(norm(4, self.fc2(x))))


def lenet_case(out, name, net):
    torch.manual_seed(300 + len(out))
    x, classes = torch.randn(6, 2, 13, 14), torch.tensor([3, 0, 1, 2, 3, 1])
    with torch.no_grad():
        for key, buffer in net.named_buffers():
            if buffer.is_floating_point():
                buffer.copy_(torch.rand(buffer.shape) + 0.5)
    case = {key: value.clone() for key, value in net.state_dict().items()
            if value.is_floating_point()}
    case |= {"x": x, "classes": classes.int(), "inference": net.eval()(x)}
    loss = nn.functional.cross_entropy(net.train()(x), classes, reduction="sum")
    loss.backward()
    case["loss"] = loss.reshape(1)
    case |= {f"grad.{key}": parameter.grad for key, parameter in net.named_parameters()}
    out |= {f"lenet/{name}/{key}": value for key, value in case.items()}


def images():
    out = {}
    shape = (2, 3, 7, 6)
    image_case(out, "conv/plain", nn.Conv2d(3, 5, (3, 2)), shape)
    image_case(
        out, "conv/strided", nn.Conv2d(3, 5, (2, 4), stride=(3, 2), padding=(1, 3)), shape)
    image_case(
        out, "conv/no-bias", nn.Conv2d(3, 4, (4, 3), stride=(1, 2), padding=(2, 0), bias=False),
        shape)
    for kind, module in [("max", nn.MaxPool2d), ("average", nn.AvgPool2d)]:
        image_case(out, f"{kind}/plain", module((2, 3)), shape)
        image_case(out, f"{kind}/strided", module((3, 2), stride=(2, 1)), shape)
    for mode, training in [("training", True), ("inference", False)]:
        image_case(out, f"norm/rows/{mode}", nn.BatchNorm1d(3), (7, 3), training)
        image_case(out, f"norm/images/{mode}", nn.BatchNorm2d(3), (2, 3, 4, 5), training)
    image_case(out, "activation/relu", nn.ReLU(), (4, 5))
    image_case(out, "activation/tanh", nn.Tanh(), (4, 5))
    lenet_case(out, "norm", LeNet(torch.relu, nn.functional.max_pool2d, norm=True))
    lenet_case(out, "plain", LeNet(torch.tanh, nn.functional.avg_pool2d, norm=False))
    save("images.safetensors", out)


def generator():
    for seed in [0, 1, 1234567]:
        numbers = Xoshiro256(seed)
        print(f"xoshiro256++ seeded with {seed}:", [hex(numbers.next()) for _ in range(4)])


if __name__ == "__main__":
    recurrent()
    classifiers()
    optimisers()
    language_models()
    report()
    images()
    generator()
