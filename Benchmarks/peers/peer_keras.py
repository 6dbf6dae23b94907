"""Keras layers and optimisers on TensorFlow, one tf.function a step, with XLA and without. Data are batch-major there."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

from cases import checksum, data, parameters
from timing import Program


def prepare(threads):
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}


def batch_major(values):
    return np.ascontiguousarray(np.swapaxes(values, 0, 1))


def cell_weights(case, given, suffix):
    """PyTorch's arrays as Keras' list for one direction: transposed, one bias, a GRU's gates as z r n with two."""
    order = np.arange(case.gates * case.hidden).reshape(case.gates, -1)
    order = (order[[1, 0, 2]] if case.cell == "gru" else order).ravel()
    made = [given[f"rnn.weight_{part}{suffix}"][order].T for part in ("ih", "hh")]
    if case.bias:
        both = np.stack([given[f"rnn.bias_{part}{suffix}"][order] for part in ("ih", "hh")])
        made.append(both if case.cell == "gru" else both.sum(0))
    return made


def network(case, unroll):
    """The model; with a carried state it also takes the states, and gives them back."""
    given = parameters(case)
    kind = {"lstm": layers.LSTM, "gru": layers.GRU, "rnn": layers.SimpleRNN}[case.cell]
    shape = (case.batch, case.steps)
    start = keras.Input(batch_shape=shape + (() if case.embedding else (case.input_size(0),)),
                        dtype="int32" if case.embedding else "float32")
    y, states_in, states_out, filled = start, [], [], []
    if case.embedding:
        embedding = layers.Embedding(case.symbols, case.embedding, mask_zero=bool(case.shortest))
        filled.append((embedding, [given["emb.weight"]]))
        y = embedding(y)
    suffixes = [suffix for _, _, suffix in case.cells()]
    for index in range(case.layers):
        layer = kind(case.hidden, use_bias=case.bias, unroll=unroll, return_state=case.carries_state,
                     return_sequences=not (case.last and index == case.layers - 1))
        layer = layers.Bidirectional(layer) if case.bidirectional else layer
        if case.carries_state:
            own = [keras.Input(batch_shape=(case.batch, case.hidden)) for _ in range(2)]
            y, *new = layer(y, initial_state=own)
            states_in += own
            states_out += new
        else:
            y = layer(y)
        own = suffixes[index * case.directions:(index + 1) * case.directions]
        filled.append((layer, sum((cell_weights(case, given, suffix) for suffix in own), [])))
    if case.head:
        head = layers.Dense(case.head, use_bias=case.head_bias)
        filled.append((head, [given["fc.weight"].T] + ([given["fc.bias"]] if case.head_bias else [])))
        y = head(y)
    made = keras.Model([start] + states_in, [y] + states_out) if states_in else keras.Model(start, y)
    for layer, values in filled:
        layer.set_weights(values)
    return made


def training(case, xla, unroll):
    made, model = data(case), network(case, unroll)
    if case.optimizer == "sgd":
        rule = keras.optimizers.SGD(case.rate, global_clipnorm=case.clip or None)
    else:
        rule = keras.optimizers.Adam(case.rate, epsilon=1e-8)
    variables = model.trainable_variables
    rule.build(variables)
    x, y = batch_major(made["x"]), made["y"] if case.last else batch_major(made["y"])
    x = tf.constant(x.astype(np.int32) if case.symbols else x)
    mask = tf.constant(batch_major(made["mask"]).astype(np.float32)) if case.shortest else None
    y = tf.constant(np.maximum(y, 0).astype(np.int32) if case.loss == "softmax" else y)

    def update(x, y, states):
        with tf.GradientTape() as tape:
            vectors = tf.one_hot(x, case.symbols) if case.symbols and not case.embedding else x
            if states:
                output, *states = model([vectors] + states, training=True)
            else:
                output = model(vectors, training=True)
            if case.loss == "squared":
                loss = tf.reduce_mean((output - y) ** 2)
            else:
                rows = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=output)
                loss = tf.reduce_mean(rows) if mask is None else tf.reduce_sum(rows * mask) / tf.reduce_sum(mask)
        rule.apply(tape.gradient(loss, variables), variables)
        return loss, states

    update = tf.function(update, jit_compile=xla)
    count = 2 * case.layers if case.carries_state else 0
    now = [None, [tf.zeros((case.batch, case.hidden)) for _ in range(count)]]

    def step():
        now[:] = update(x, y, now[1])
        return now[0]

    return Program(step, check=lambda: [float(step()) for _ in range(3)], finish=lambda: now[0].numpy())


def inference(case, xla, unroll):
    model, x, last = network(case, unroll), tf.constant(batch_major(data(case)["x"])), [None]
    run = tf.function(lambda x: model(x, training=False), jit_compile=xla).get_concrete_function(x)

    def call():
        last[0] = run(x)
        return last[0]

    def check():
        output = call().numpy()
        return [checksum(output if case.last else batch_major(output))]

    return Program(call, check=check, finish=lambda: last[0].numpy())


def streaming(case, xla):
    cell = layers.LSTMCell(case.hidden)
    cell.build((1, case.features))
    cell.set_weights(cell_weights(case, parameters(case), "_l0"))
    inputs, zeros = [tf.constant(row) for row in data(case)["x"]], tf.zeros((1, case.hidden))
    step = tf.function(lambda x, h, c: cell(x, [h, c])[1], jit_compile=xla)
    step = step.get_concrete_function(inputs[0], zeros, zeros)

    def call():
        state = [zeros, zeros]
        for row in inputs:
            state = step(row, *state)
        return state[0].numpy()

    return Program(call, check=lambda: [checksum(call())], steps=case.steps)


def variants(case):
    kinds = {"tf.function": (False,), "XLA": (True,)}
    if case.kind == "stream":
        return {name: lambda kind=kind: streaming(case, *kind) for name, kind in kinds.items()}
    make = training if case.kind == "train" else inference
    made = {name: lambda kind=kind: make(case, *kind, False) for name, kind in kinds.items()}
    if case.steps <= 24:
        made |= {name + ", unrolled": lambda kind=kind: make(case, *kind, True) for name, kind in kinds.items()}
    return made
