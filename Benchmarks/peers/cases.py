"""The named cases: sizes, numbers, and the work that one call is. Needs numpy only.

All numbers come from generators seeded by the case's name, so that every program works on the same data from the same
parameters. Parameters have PyTorch's names and shapes; data are time-major: `x` is `[T, B, F]`, or `[T, B]` symbols.
"""
from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True)
class Case:
    id: str
    what: str
    kind: str                       # "train": a training step; "run": whole sequences; "stream": one step at a time
    cell: str                       # "rnn" (tanh), "gru" (reset after), "lstm"
    hidden: int
    batch: int
    steps: int
    layers: int = 1
    bidirectional: bool = False
    bias: bool = True
    features: int = 0               # of an input of vectors
    symbols: int = 0                # of an input of symbols, read as one-hot vectors or through an embedding
    embedding: int = 0              # features of the embedding; 0: none
    head: int = 0                   # outputs of the linear head; 0: none
    head_bias: bool = True
    last: bool = False              # output at the last step only
    loss: str = ""                  # "softmax" cross entropy or mean "squared" error
    optimizer: str = ""
    rate: float = 0.0
    clip: float = 0.0               # largest gradient norm; 0: none
    shortest: int = 0               # lengths are shortest … steps; 0: all are `steps`
    carries_state: bool = False     # every call starts where the one before ended

    @property
    def gates(self):
        return {"rnn": 1, "gru": 3, "lstm": 4}[self.cell]

    @property
    def directions(self):
        return 2 if self.bidirectional else 1

    @property
    def width(self):
        """Features of the top layer's output."""
        return self.hidden * self.directions

    def input_size(self, layer):
        return self.width if layer else self.features or self.embedding or self.symbols

    def cells(self):
        """(layer, direction, PyTorch's suffix) from the bottom up."""
        for layer in range(self.layers):
            for direction in range(self.directions):
                yield layer, direction, f"_l{layer}" + ("_reverse" if direction else "")


CASES = {c.id: c for c in [
    Case("T1", "2-layer BiLSTM 256 language model, B 32, T 35: training step", "train", "lstm", 256, 32, 35, layers=2,
         bidirectional=True, symbols=28, head=28, loss="softmax", optimizer="sgd", rate=1.0, clip=1.0),
    Case("T2", "deep RNN 6-2-2-1, B 64, T 24: training step", "train", "rnn", 2, 64, 24, layers=2, bias=False,
         features=6, head=1, head_bias=False, last=True, loss="squared", optimizer="sgd", rate=0.05),
    Case("T3", "GRU 128 on names, B 128, T 19: training step", "train", "gru", 128, 128, 19, symbols=26, head=18,
         last=True, loss="softmax", optimizer="adam", rate=1e-3),
    Case("T4", "tagger: embedding 20,000 x 100, BiLSTM 200, lengths 5-60, B 32: training step", "train", "lstm", 200, 32, 60,
         bidirectional=True, symbols=20000, embedding=100, head=17, loss="softmax", optimizer="adam", rate=1e-3,
         shortest=5),
    Case("T5", "LSTM 2 x 650, vocabulary 10,000, B 20, T 35: training step", "train", "lstm", 650, 20, 35, layers=2,
         symbols=10000, embedding=650, head=10000, loss="softmax", optimizer="sgd", rate=1.0, clip=5.0,
         carries_state=True),
    Case("T6", "GRU 2 x 1024, B 64, T 50: training step", "train", "gru", 1024, 64, 50, layers=2, features=512, head=10,
         last=True, loss="softmax", optimizer="adam", rate=1e-3),
    Case("T7", "RNN 128, B 16, T 1,000: training step", "train", "rnn", 128, 16, 1000, features=16, head=4,
         loss="squared", optimizer="sgd", rate=0.01),
    Case("I1", "LSTM 256 streamed, one step at a time, B 1", "stream", "lstm", 256, 1, 2000, features=64),
    Case("I2", "2-layer BiLSTM 256, B 1, T 100", "run", "lstm", 256, 1, 100, layers=2, bidirectional=True,
         features=128),
    Case("I3", "GRU 1024, B 1, T 100", "run", "gru", 1024, 1, 100, features=512),
    Case("I4", "LSTM 2 x 512, B 32, T 50", "run", "lstm", 512, 32, 50, layers=2, features=256),
    Case("I5", "RNN 2 x 32, B 1, T 24", "run", "rnn", 32, 1, 24, layers=2, features=6, head=1, last=True),
]}


def generator(case, what):
    return np.random.default_rng(crc32(f"{case.id}/{what}".encode()))


def parameters(case):
    """First values by PyTorch's names: uniform on ±1/√H; the embedding is standard normal."""
    draw, bound = generator(case, "params"), 1 / np.sqrt(case.hidden)
    values = {}

    def uniform(name, *shape):
        values[name] = draw.uniform(-bound, bound, size=shape).astype(np.float32)

    if case.embedding:
        values["emb.weight"] = draw.standard_normal((case.symbols, case.embedding)).astype(np.float32)
    rows = case.gates * case.hidden
    for layer, _, suffix in case.cells():
        uniform("rnn.weight_ih" + suffix, rows, case.input_size(layer))
        uniform("rnn.weight_hh" + suffix, rows, case.hidden)
        if case.bias:
            uniform("rnn.bias_ih" + suffix, rows)
            uniform("rnn.bias_hh" + suffix, rows)
    if case.head:
        uniform("fc.weight", case.head, case.width)
        if case.head_bias:
            uniform("fc.bias", case.head)
    return values


def data(case):
    """x, y where there is a loss, and lengths (descending) and mask where they differ. y is −100 beyond the end."""
    draw, made, grid = generator(case, "data"), {}, (case.steps, case.batch)
    if case.symbols:
        # Symbol 0 pads where lengths differ.
        made["x"] = draw.integers(1 if case.shortest else 0, case.symbols, size=grid).astype(np.int64)
    else:
        made["x"] = draw.standard_normal(grid + (case.features,)).astype(np.float32)
    if case.shortest:
        lengths = draw.integers(case.shortest, case.steps + 1, size=case.batch)
        lengths[0] = case.steps
        made["lengths"] = np.sort(lengths)[::-1].astype(np.int64).copy()
        made["mask"] = np.arange(case.steps)[:, None] < made["lengths"]
        made["x"][~made["mask"]] = 0
    rows = (case.batch,) if case.last else grid
    if case.loss == "softmax":
        made["y"] = draw.integers(0, case.head, size=rows).astype(np.int64)
    elif case.loss == "squared":
        made["y"] = draw.standard_normal(rows + (case.head,)).astype(np.float32)
    if case.shortest:
        made["y"][~made["mask"]] = -100
    return made


def tokens(case):
    """Steps of input in one call; of sequences of different lengths, those that exist."""
    if case.kind == "stream":
        return 1
    return int(data(case)["lengths"].sum()) if case.shortest else case.batch * case.steps


def flops(case):
    """Nominal operations of one call: matrix products, two for a multiply-add.

    Training is thrice the forward pass (outputs, gradients of weights, gradients of inputs), less the first layer's
    gradient of its input where that is data. One-hot inputs count as the dense product, embeddings as nothing.
    """
    n, forward, of_data = tokens(case), 0, 0
    rows = case.directions * case.gates * case.hidden
    for layer in range(case.layers):
        forward += 2 * rows * (case.input_size(layer) + case.hidden) * n
    if not case.embedding:
        of_data = 2 * rows * case.input_size(0) * n
    if case.head:
        forward += 2 * case.head * case.width * (case.batch if case.last else n)
    return 3 * forward - of_data if case.kind == "train" else forward


def checksum(output):
    """The dot product of an output, in time-major order, with a fixed random vector, over √size."""
    values = np.asarray(output, dtype=np.float64).ravel()
    weights = np.random.default_rng(12345).standard_normal(values.size)
    return float((values * weights).sum() / np.sqrt(values.size))
