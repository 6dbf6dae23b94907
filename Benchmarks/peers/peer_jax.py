"""JAX: jit of lax.scan over the cell, the input's product taken out of the scan, optax updates, donated buffers.

Weights are stored transposed. A layer has one bias, the sum of PyTorch's two; the GRU keeps the candidate's recurrent
bias apart, as its reset gate needs it.
"""
import jax
import jax.numpy as jnp
import jaxlib
import numpy as np
import optax
from jax import lax
from jax.nn import sigmoid

from cases import checksum, data, parameters
from timing import Program


def prepare(threads):
    return {"jax": jax.__version__, "jaxlib": jaxlib.__version__, "optax": optax.__version__, "numpy": np.__version__}


def weights(case):
    given, cells = parameters(case), []
    for _, _, suffix in case.cells():
        cell = {"input": given["rnn.weight_ih" + suffix].T, "hidden": given["rnn.weight_hh" + suffix].T}
        if case.bias:
            first, second = given["rnn.bias_ih" + suffix], given["rnn.bias_hh" + suffix]
            summed = 2 * case.hidden if case.cell == "gru" else len(first)
            cell["bias"] = np.concatenate([first[:summed] + second[:summed], first[summed:]])
            if case.cell == "gru":
                cell["candidate"] = second[summed:]
        cells.append(cell)
    tree = {"cells": cells}
    if case.embedding:
        tree["embedding"] = given["emb.weight"]
    if case.head:
        tree["head"] = {"weight": given["fc.weight"].T} | ({"bias": given["fc.bias"]} if case.head_bias else {})
    return jax.tree.map(jnp.asarray, tree)


def advance(case, cell, state, gates):
    """The state after one step; `gates` is the input's part of the sums."""
    hidden = state[0]
    if case.cell == "rnn":
        return (jnp.tanh(gates + hidden @ cell["hidden"]),)
    if case.cell == "lstm":
        i, f, g, o = jnp.split(gates + hidden @ cell["hidden"], 4, axis=-1)
        memory = sigmoid(f) * state[1] + sigmoid(i) * jnp.tanh(g)
        return sigmoid(o) * jnp.tanh(memory), memory
    (r, z, n), (hr, hz, hn) = jnp.split(gates, 3, axis=-1), jnp.split(hidden @ cell["hidden"], 3, axis=-1)
    candidate = jnp.tanh(n + sigmoid(r + hr) * (hn + cell["candidate"]))
    return (candidate + sigmoid(z + hz) * (hidden - candidate),)


def gates_of(case, cell, x, is_symbols):
    product = cell["input"][x] if is_symbols else x @ cell["input"]
    return product + cell["bias"] if case.bias else product


def zeros(case):
    one = jnp.zeros((case.batch, case.hidden), jnp.float32)
    return (one, jnp.copy(one)) if case.cell == "lstm" else (one,)


def outputs(case, tree, x, states, mask, unroll):
    """Outputs, and the state of every cell."""
    is_symbols = bool(case.symbols) and not case.embedding
    if case.embedding:
        x = tree["embedding"][x]
    finals, found = [], []
    for (layer, direction, _), cell, state in zip(case.cells(), tree["cells"], states):
        def step(state, given, cell=cell):
            gates, exists = given
            new = advance(case, cell, state, gates)
            if exists is not None:
                new = tuple(jnp.where(exists[:, None], a, b) for a, b in zip(new, state))
            return new, new[0]

        gates = gates_of(case, cell, x, is_symbols)
        final, y = lax.scan(step, state, (gates, mask), reverse=bool(direction), unroll=unroll)
        finals.append(final)
        found.append(y)
        if direction == case.directions - 1:
            x, found, is_symbols = jnp.concatenate(found, -1) if len(found) > 1 else y, [], False
    y = x[-1] if case.last else x
    if case.head:
        y = y @ tree["head"]["weight"]
        y = y + tree["head"]["bias"] if case.head_bias else y
    return y, finals


def training(case, unroll):
    made, tree = data(case), weights(case)
    x, mask = jnp.asarray(made["x"]), jnp.asarray(made["mask"]) if case.shortest else None
    # What is masked out needs a class that exists.
    y = jnp.asarray(np.maximum(made["y"], 0) if case.loss == "softmax" else made["y"])
    rule = optax.sgd(case.rate) if case.optimizer == "sgd" else optax.adam(case.rate)
    if case.clip:
        rule = optax.chain(optax.clip_by_global_norm(case.clip), rule)
    start = [zeros(case) for _ in case.cells()]

    def loss(tree, states, x, y, mask):
        output, finals = outputs(case, tree, x, states, mask, unroll)
        if case.loss == "squared":
            return jnp.mean((output - y) ** 2), finals
        rows = optax.softmax_cross_entropy_with_integer_labels(output, y)
        return (rows.mean() if mask is None else (rows * mask).sum() / mask.sum()), finals

    def update(tree, moments, states, x, y, mask):
        (value, finals), gradient = jax.value_and_grad(loss, has_aux=True)(tree, states, x, y, mask)
        change, moments = rule.update(gradient, moments, tree)
        return optax.apply_updates(tree, change), moments, (finals if case.carries_state else states), value

    update = jax.jit(update, donate_argnums=(0, 1))
    now = [tree, rule.init(tree), start, None]

    def step():
        now[:] = update(*now[:3], x, y, mask)
        return now[3]

    return Program(step, check=lambda: [float(step()) for _ in range(3)], finish=lambda: jax.block_until_ready(now))


def inference(case, unroll):
    tree, x, last = weights(case), jnp.asarray(data(case)["x"]), [None]
    states = [zeros(case) for _ in case.cells()]
    run = jax.jit(lambda tree, x, states: outputs(case, tree, x, states, None, unroll)[0]).lower(tree, x, states).compile()

    def call():
        last[0] = run(tree, x, states)
        return last[0]

    return Program(call, check=lambda: [checksum(call())], finish=lambda: jax.block_until_ready(last))


def streaming(case):
    """A compiled step; each step's answer is waited for before the next input is given."""
    cell, inputs = weights(case)["cells"][0], [jnp.asarray(row) for row in data(case)["x"]]
    step = jax.jit(lambda cell, state, x: advance(case, cell, state, gates_of(case, cell, x, False)))
    step = step.lower(cell, zeros(case), inputs[0]).compile()
    start = zeros(case)

    def call():
        state = start
        for row in inputs:
            state = step(cell, state, row)
            state[0].block_until_ready()
        return state[0]

    return Program(call, check=lambda: [checksum(call())], steps=case.steps)


def variants(case):
    if case.kind == "stream":
        return {"compiled step": lambda: streaming(case)}
    make = training if case.kind == "train" else inference
    unrolls = [1, 8 if case.steps > 100 else 5]
    # A whole LSTM unrolled compiles for minutes.
    if case.steps <= 24 and case.cell != "lstm":
        unrolls.append(case.steps)
    return {f"scan, unroll {unroll}": lambda unroll=unroll: make(case, unroll) for unroll in unrolls}
