"""PyTorch's recurrent layers: outputs, final states, loss and every gradient."""

import itertools

import numpy as np
import torch

from fixture_files import draw, generator, worst, write
from nested_loops import GATES, MERGES, directional_derivative, run

STEPS, BATCH, FEATURES, HIDDEN = 5, 4, 3, 5
LENGTHS = {"full": [5, 5, 5, 5], "ragged": [2, 5, 1, 4]}
NAMES = {"rnn-tanh": "rnn-tanh", "rnn-relu": "rnn-relu", "lstm": "lstm", "gru": "gru-reset-after"}


def module(cell, layers, bidirectional, bias, dtype):
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}.get(cell, torch.nn.RNN)
    options = {"nonlinearity": cell[4:]} if cell.startswith("rnn") else {}
    return kind(FEATURES, HIDDEN, layers, bias=bias, bidirectional=bidirectional, dtype=dtype, **options)


def evaluate(case, inputs, parameters, dtype):
    """Run PyTorch on one case. Returns y, h_n, c_n, loss and every gradient as arrays."""
    cell, layers, bidirectional, bias, _ = case
    network = module(cell, layers, bidirectional, bias, dtype)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(torch.from_numpy(parameters[name]))
    states = ["h0", "c0"] if cell == "lstm" else ["h0"]
    leaves = {k: torch.tensor(inputs[k], dtype=dtype, requires_grad=True) for k in ["x", *states]}
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        leaves["x"], torch.from_numpy(inputs["lengths"]), enforce_sorted=False)
    initial = (leaves["h0"], leaves["c0"]) if cell == "lstm" else leaves["h0"]
    y, final = network(packed, initial)
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=STEPS)
    results = {"y": y, "h_n": final[0], "c_n": final[1]} if cell == "lstm" else {"y": y, "h_n": final}
    weights = {"y": "out_weight", "h_n": "hn_weight", "c_n": "cn_weight"}
    loss = sum((torch.tensor(inputs[weights[k]], dtype=dtype) * v).sum() for k, v in results.items())
    loss.backward()
    gradients = {f"grad.{k}": v.grad for k, v in {**leaves, **dict(network.named_parameters())}.items()}
    return {k: v.detach().numpy() for k, v in {**results, "loss": loss, **gradients}.items()}


def second_opinion(case, values):
    """The same case by nested loops. Returns y, h_n, c_n and loss."""
    cell, layers, bidirectional, bias, _ = case
    states = ["h0", "c0"] if cell == "lstm" else ["h0"]
    suffixes = ["", "_reverse"] if bidirectional else [""]
    none = np.zeros(GATES[NAMES[cell]] * HIDDEN)
    y, finals = values["x"], []
    for layer in range(layers):
        outputs = []
        for suffix in suffixes:
            weights = [values.get(f"{k}_l{layer}{suffix}", none)
                       for k in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
            initial = [values[s][len(finals)] for s in states]
            output, final = run(NAMES[cell], y, values["lengths"], initial, weights, suffix == "_reverse")
            outputs.append(output)
            finals.append(final)
        y = MERGES["concat"](*outputs) if bidirectional else outputs[0]
    h_n = np.stack([f[0] for f in finals])
    loss = (values["out_weight"] * y).sum() + (values["hn_weight"] * h_n).sum()
    results = {"y": y, "h_n": h_n}
    if cell == "lstm":
        results["c_n"] = np.stack([f[1] for f in finals])
        loss = loss + (values["cn_weight"] * results["c_n"]).sum()
    return {**results, "loss": loss}


def draw_case(case, random):
    cell, layers, bidirectional, bias, lengths = case
    directions = 2 if bidirectional else 1
    valid = (np.arange(STEPS)[:, None] < np.array(LENGTHS[lengths]))[:, :, None]
    inputs = {
        "lengths": np.array(LENGTHS[lengths], np.int64),
        "x": draw(random, STEPS, BATCH, FEATURES) * valid,
        "out_weight": draw(random, STEPS, BATCH, directions * HIDDEN, scale=0.25) * valid,
    }
    for state, weight in [("h0", "hn_weight"), ("c0", "cn_weight")][: 2 if cell == "lstm" else 1]:
        inputs[state] = draw(random, layers * directions, BATCH, HIDDEN, scale=0.5)
        inputs[weight] = draw(random, layers * directions, BATCH, HIDDEN, scale=0.25)
    network = module(cell, layers, bidirectional, bias, torch.float64)
    parameters = {k: draw(random, *v.shape, scale=0.4) for k, v in network.named_parameters()}
    return inputs, parameters


def generate(folder, metadata):
    worst_value, worst_gradient, worst_single, largest = 0.0, 0.0, 0.0, 0.0
    cases = list(itertools.product(NAMES, (1, 2, 3), (False, True), (True, False), LENGTHS))
    for case in cases:
        cell, layers, bidirectional, bias, lengths = case
        name = "-".join(["recurrent", cell, f"layers{layers}", "bidirectional" if bidirectional else "forward",
                         "bias" if bias else "nobias", lengths])
        random = generator(name)
        inputs, parameters = draw_case(case, random)
        results = evaluate(case, inputs, parameters, torch.float64)
        values = {**inputs, **parameters}
        for key, expected in second_opinion(case, values).items():
            worst_value = max(worst_value, worst(results[key], expected))
        for key in [k for k in results if k.startswith("grad.")]:
            direction = random.standard_normal(results[key].shape)
            exact = directional_derivative(lambda v: second_opinion(case, v)["loss"], values, key[5:], direction)
            worst_gradient = max(worst_gradient, worst((results[key] * direction).sum(), exact))
            largest = max(largest, float(np.abs(results[key]).max()))
        for key, found in evaluate(case, inputs, parameters, torch.float32).items():
            worst_single = max(worst_single, worst(found, results[key]))
        write(folder, name, {**values, **results}, {
            **metadata, "cell": cell, "layers": layers, "bidirectional": str(bidirectional).lower(),
            "bias": str(bias).lower(), "lengths": lengths})
    print(f"{len(cases)} recurrent cases; against nested loops: values {worst_value:.1e}, gradients {worst_gradient:.1e};"
          f" PyTorch's own float32 against float64 {worst_single:.1e}; largest gradient {largest:.1f}")
    assert worst_value <= 1e-12 and worst_gradient <= 1e-12
