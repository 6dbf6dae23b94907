"""PyTorch, eager: nn.LSTM (one oneDNN call), nn.GRU and nn.RNN (a product a step), fused optimisers."""
import numpy
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss, one_hot
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import pack_padded_sequence

from cases import checksum, data, parameters
from timing import Program


def prepare(threads):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    return {"torch": torch.__version__, "numpy": numpy.__version__}


class Network(nn.Module):
    def __init__(self, case):
        super().__init__()
        self.case = case
        if case.embedding:
            self.emb = nn.Embedding(case.symbols, case.embedding)
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[case.cell]
        self.rnn = kind(case.input_size(0), case.hidden, case.layers, bias=case.bias, bidirectional=case.bidirectional)
        if case.head:
            self.fc = nn.Linear(case.width, case.head, bias=case.head_bias)
        self.load_state_dict({name: torch.from_numpy(value) for name, value in parameters(case).items()})

    def vectors(self, x):
        if self.case.embedding:
            return self.emb(x)
        return one_hot(x, self.case.symbols).float() if self.case.symbols else x

    def forward(self, x, state=None):
        y, state = self.rnn(self.vectors(x), state)
        y = y[-1] if self.case.last else y
        return (self.fc(y) if self.case.head else y), state

    def packed(self, x, lengths):
        """The outputs of the steps that exist, `[N, Q]`: by step, then by sequence."""
        return self.fc(self.rnn(pack_padded_sequence(self.vectors(x), lengths))[0].data)


def tensors(case):
    return {name: torch.from_numpy(value) for name, value in data(case).items()}


def training(case):
    network, made = Network(case), tensors(case)
    x, y, weights = made["x"], made["y"], list(network.parameters())
    kind = torch.optim.SGD if case.optimizer == "sgd" else torch.optim.Adam
    optimizer = kind(weights, lr=case.rate, fused=True)
    carried = None
    if case.carries_state:
        carried = tuple(torch.zeros(case.layers, case.batch, case.hidden) for _ in range(2))

    def loss():
        nonlocal carried
        if case.shortest:
            targets = pack_padded_sequence(y, made["lengths"]).data
            return cross_entropy(network.packed(x, made["lengths"]), targets)
        output, state = network(x, carried)
        if case.carries_state:
            carried = tuple(part.detach() for part in state)
        if case.loss == "squared":
            return mse_loss(output, y)
        return cross_entropy(output.flatten(0, -2), y.flatten())

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = loss()
        value.backward()
        if case.clip:
            clip_grad_norm_(weights, case.clip)
        optimizer.step()
        return value

    return Program(step, check=lambda: [step().item() for _ in range(3)])


def inference(case):
    network, x = Network(case).eval(), tensors(case)["x"]

    def call():
        with torch.inference_mode():
            return network(x)[0]

    return Program(call, check=lambda: [checksum(call())])


def streaming(case, as_cell):
    """One call of the layer, or of its cell, for each step of input, with the state carried."""
    network, x = Network(case).eval(), tensors(case)["x"]
    if as_cell:
        step = nn.LSTMCell(case.features, case.hidden)
        step.load_state_dict({name.replace("_l0", ""): value for name, value in network.rnn.state_dict().items()})
        inputs, shape = [row.contiguous() for row in x], (1, case.hidden)
    else:
        step, inputs, shape = (lambda row, state: network.rnn(row, state)[1]), x.split(1), (1, 1, case.hidden)

    def call():
        with torch.inference_mode():
            state = (torch.zeros(shape), torch.zeros(shape))
            for row in inputs:
                state = step(row, state)
        return state[0]

    return Program(call, check=lambda: [checksum(call())], steps=case.steps)


def variants(case):
    if case.kind == "train":
        return {"packed" if case.shortest else "eager": lambda: training(case)}
    if case.kind == "run":
        return {"eager": lambda: inference(case)}
    return {"LSTM": lambda: streaming(case, False), "LSTMCell": lambda: streaming(case, True)}
