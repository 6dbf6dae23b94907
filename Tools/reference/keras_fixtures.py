"""Write the Keras fixtures: python keras_fixtures.py FOLDER"""

import itertools
import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "torch"  # automatic differentiation without another large package

import keras
import numpy as np
import torch

from fixture_files import draw, generator, worst, write
from nested_loops import MERGES, directional_derivative, run

STEPS, BATCH, FEATURES = 5, 4, 3
UNITS = [2, 5]  # layers of different sizes, as Keras allows
LENGTHS = {"full": [5, 5, 5, 5], "ragged": [2, 5, 0, 3]}
CELLS = ["rnn-tanh", "rnn-relu", "lstm", "gru-reset-after", "gru-reset-before"]
# Row blocks of Keras kernels, in the order that nested_loops wants: i f c o is i f g o; z r h becomes r z n.
GATE_ORDER = {"lstm": [0, 1, 2, 3], "gru-reset-after": [1, 0, 2], "gru-reset-before": [1, 0, 2]}


def make_layer(cell, units, merge, bias):
    options = {"use_bias": bias, "return_sequences": True, "return_state": True}
    if cell == "lstm":
        layer = keras.layers.LSTM(units, **options)
    elif cell.startswith("gru"):
        layer = keras.layers.GRU(units, reset_after=cell.endswith("after"), **options)
    else:
        layer = keras.layers.SimpleRNN(units, activation=cell[4:], **options)
    return layer if merge is None else keras.layers.Bidirectional(layer, merge_mode=merge)


def chains(layers, merge):
    """Every (layer, direction) with the suffix that names its tensors, in Keras's own order."""
    return [(k, f"l{k}{s}") for k in range(layers) for s in (["", "_reverse"] if merge else [""])]


def make_network(case):
    """Layers with their weights, named `l0.kernel`, `l0_reverse.bias` and so on."""
    cell, layers, merge, bias, _ = case
    network, named, width = [], {}, FEATURES
    for k in range(layers):
        layer = make_layer(cell, UNITS[k], merge, bias)
        layer.build((BATCH, STEPS, width))
        weights = layer.trainable_weights  # Bidirectional: all of forward, then all of backward
        per_chain = len(weights) // (2 if merge else 1)
        for index, weight in enumerate(weights):
            suffix = "_reverse" if index >= per_chain else ""
            named[f"l{k}{suffix}.{weight.path.split('/')[-1]}"] = weight
        network.append(layer)
        width = UNITS[k] * (2 if merge == "concat" else 1)
    return network, named


def evaluate(case, values):
    """Run Keras on one case. Returns y, final states, loss and every gradient as arrays."""
    cell, layers, merge, _, lengths = case
    network, named = make_network(case)
    for name, weight in named.items():
        weight.assign(values[name])
    dtype = named["l0.kernel"].value.dtype
    states = ["h0", "c0"] if cell == "lstm" else ["h0"]
    leaves = {"x": torch.tensor(values["x"], dtype=dtype, requires_grad=True)}
    for _, suffix in chains(layers, merge):
        for state in states:
            leaves[f"{state}.{suffix}"] = torch.tensor(values[f"{state}.{suffix}"], dtype=dtype, requires_grad=True)
    mask = None
    if lengths == "ragged":
        mask = torch.arange(STEPS)[None, :] < torch.from_numpy(values["lengths"])[:, None]
    y, results = leaves["x"].transpose(0, 1), {}
    for k, layer in enumerate(network):
        suffixes = [s for index, s in chains(layers, merge) if index == k]
        initial = [leaves[f"{state}.{s}"] for s in suffixes for state in states]
        y, *final = layer(y, mask=mask, initial_state=initial)
        for (s, state), value in zip(itertools.product(suffixes, states), final, strict=True):
            results[f"{state[0]}_n.{s}"] = value
    y = y.transpose(0, 1)
    if mask is not None:
        y = y * mask.T[:, :, None]  # Keras repeats the last output there, or writes zero
    results = {"y": y, **results}
    loss = 0
    for key, value in results.items():
        loss = loss + (torch.tensor(values[weight_name(key)], dtype=dtype) * value).sum()
    loss.backward()
    gradients = {**leaves, **{name: weight.value for name, weight in named.items()}}
    results |= {"loss": loss, **{f"grad.{k}": v.grad for k, v in gradients.items()}}
    return {k: v.detach().numpy() for k, v in results.items()}


def weight_name(key):
    """`y` -> `out_weight`, `h_n.l0` -> `hn_weight.l0`."""
    return "out_weight" if key == "y" else key[0] + "n_weight" + key[3:]


def standard_weights(cell, values, suffix, units):
    """Keras's kernels as nested_loops wants them: rows for outputs, gates in its order, two biases."""
    order = GATE_ORDER.get(cell, [0])
    columns = np.concatenate([np.arange(g * units, (g + 1) * units) for g in order])
    bias = np.atleast_2d(values.get(f"{suffix}.bias", np.zeros(columns.size)))[:, columns]
    recurrent = bias[1] if len(bias) == 2 else np.zeros(columns.size)
    return (values[f"{suffix}.kernel"][:, columns].T, values[f"{suffix}.recurrent_kernel"][:, columns].T,
            bias[0], recurrent)


def second_opinion(case, values):
    """The same case by nested loops. Returns y, final states and loss."""
    cell, layers, merge, _, _ = case
    states = ["h0", "c0"] if cell == "lstm" else ["h0"]
    y, results = values["x"], {}
    for k in range(layers):
        outputs = []
        for _, suffix in [c for c in chains(layers, merge) if c[0] == k]:
            output, final = run(
                cell, y, values["lengths"], [values[f"{s}.{suffix}"] for s in states],
                standard_weights(cell, values, suffix, UNITS[k]), suffix.endswith("_reverse"))
            outputs.append(output)
            results |= {f"{s[0]}_n.{suffix}": f for s, f in zip(states, final)}
        y = MERGES[merge](*outputs) if merge else outputs[0]
    results = {"y": y, **results}
    return {**results, "loss": sum((values[weight_name(k)] * v).sum() for k, v in results.items())}


def draw_case(case, random):
    cell, layers, merge, _, lengths = case
    width = UNITS[layers - 1] * (2 if merge == "concat" else 1)
    valid = (np.arange(STEPS)[:, None] < np.array(LENGTHS[lengths]))[:, :, None]
    values = {
        "lengths": np.array(LENGTHS[lengths], np.int64),
        "x": draw(random, STEPS, BATCH, FEATURES) * valid,
        "out_weight": draw(random, STEPS, BATCH, width, scale=0.25) * valid,
    }
    for k, suffix in chains(layers, merge):
        for state in "hc" if cell == "lstm" else "h":
            values[f"{state}0.{suffix}"] = draw(random, BATCH, UNITS[k], scale=0.5)
            values[f"{state}n_weight.{suffix}"] = draw(random, BATCH, UNITS[k], scale=0.25)
    for name, weight in make_network(case)[1].items():
        values[name] = draw(random, *weight.shape, scale=0.4)
    return values


def set_precision(name):
    """Make Keras compute in `float32` or `float64`, throughout."""
    keras.config.set_floatx(name)
    keras.config.set_dtype_policy(name)  # follows floatx at import only
    # Without this line Keras rounds every product to float32 on all backends but TensorFlow, whatever floatx says.
    keras.src.backend.common.dtypes.BIT64_TO_BIT32_DTYPE["float64"] = name


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1])
    worst_value, worst_gradient, worst_single, largest = 0.0, 0.0, 0.0, 0.0
    cases = list(itertools.product(CELLS, (1, 2), (None, *MERGES), (True, False), LENGTHS))
    for case in cases:
        cell, layers, merge, bias, lengths = case
        name = "-".join(["recurrent", cell, f"layers{layers}", f"bidirectional-{merge}" if merge else "forward",
                         "bias" if bias else "nobias", lengths])
        random = generator(name)
        values = draw_case(case, random)
        set_precision("float32")
        rounded = evaluate(case, values)
        set_precision("float64")
        results = evaluate(case, values)
        for key, expected in second_opinion(case, values).items():
            worst_value = max(worst_value, worst(results[key], expected))
        for key in [k for k in results if k.startswith("grad.")]:
            direction = random.standard_normal(results[key].shape)
            exact = directional_derivative(lambda v: second_opinion(case, v)["loss"], values, key[5:], direction)
            worst_gradient = max(worst_gradient, worst((results[key] * direction).sum(), exact))
            largest = max(largest, float(np.abs(results[key]).max()))
        worst_single = max(worst_single, max(worst(rounded[k], results[k]) for k in results))
        write(folder, name, {**values, **results}, {
            "cell": cell, "layers": layers, "bidirectional": str(merge is not None).lower(), "merge": merge or "none",
            "bias": str(bias).lower(), "lengths": lengths, "keras": keras.__version__, "backend": "torch",
            "torch": torch.__version__.split("+")[0], "numpy": np.__version__,
            "command": "python Tools/reference/keras_fixtures.py Tests/Fixtures/keras"})
    print(f"{len(cases)} recurrent cases; against nested loops: values {worst_value:.1e}, gradients {worst_gradient:.1e};"
          f" Keras's own float32 against float64 {worst_single:.1e}; largest gradient {largest:.1f}")
    assert worst_value <= 1e-12 and worst_gradient <= 1e-12
    files = list(folder.glob("*.safetensors"))
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files)} bytes")


if __name__ == "__main__":
    main()
