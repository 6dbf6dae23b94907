"""Forward passes in plain NumPy, one sequence and one time step at a time.

They are the second opinion that the fixture scripts compare the frameworks with, so they share no code with
either framework and know neither masks nor packing: a sequence is cut at its own length before it is run.
All arithmetic also works on complex numbers, which makes exact directional derivatives possible
(Squire and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40, 1998).
"""

import numpy as np

GATES = {"rnn-tanh": 1, "rnn-relu": 1, "lstm": 4, "gru-reset-after": 3, "gru-reset-before": 3}


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))


def relu(a):
    return np.where(a.real > 0, a, 0)


def step(cell, x, state, weights):
    """One step. `weights` is (W [G*H, F], U [G*H, H], b_input [G*H], b_recurrent [G*H]), gates i f g o or r z n."""
    W, U, b_input, b_recurrent = weights
    h = state[0]
    H = h.shape[0]
    rows = [slice(k * H, (k + 1) * H) for k in range(GATES[cell])]
    if cell == "gru-reset-before":
        r = sigmoid(W[rows[0]] @ x + b_input[rows[0]] + U[rows[0]] @ h + b_recurrent[rows[0]])
        z = sigmoid(W[rows[1]] @ x + b_input[rows[1]] + U[rows[1]] @ h + b_recurrent[rows[1]])
        n = np.tanh(W[rows[2]] @ x + b_input[rows[2]] + U[rows[2]] @ (r * h) + b_recurrent[rows[2]])
        return ((1 - z) * n + z * h,)
    from_input = W @ x + b_input
    from_state = U @ h + b_recurrent
    if cell == "gru-reset-after":
        r = sigmoid(from_input[rows[0]] + from_state[rows[0]])
        z = sigmoid(from_input[rows[1]] + from_state[rows[1]])
        n = np.tanh(from_input[rows[2]] + r * from_state[rows[2]])
        return ((1 - z) * n + z * h,)
    a = from_input + from_state
    if cell == "lstm":
        i, f, o = sigmoid(a[rows[0]]), sigmoid(a[rows[1]]), sigmoid(a[rows[3]])
        c = f * state[1] + i * np.tanh(a[rows[2]])
        return (o * np.tanh(c), c)
    return ((np.tanh if cell == "rnn-tanh" else relu)(a),)


def run(cell, x, lengths, initial, weights, reverse):
    """One direction of one layer. x [T, B, F], initial: one [B, H] per state tensor.

    Returns y [T, B, H], zero beyond each length, and the final state tensors. The reverse direction begins at the
    last valid step of each sequence. A sequence of length zero leaves its initial state untouched.
    """
    T, B, _ = x.shape
    H = initial[0].shape[1]
    kind = np.result_type(x, *initial, *weights)
    y = np.zeros((T, B, H), kind)
    final = [np.array(s, kind) for s in initial]
    for b in range(B):
        order = range(int(lengths[b]))
        for t in reversed(order) if reverse else order:
            state = step(cell, x[t, b], [s[b] for s in final], weights)
            y[t, b] = state[0]
            for k, s in enumerate(state):
                final[k][b] = s
    return y, final


MERGES = {
    "concat": lambda f, r: np.concatenate([f, r], axis=-1),
    "sum": lambda f, r: f + r,
    "ave": lambda f, r: (f + r) / 2,
    "mul": lambda f, r: f * r,
}


def directional_derivative(function, values, name, direction):
    """d/de function(values with values[name] + e * direction) at e = 0, by a complex step: no cancellation."""
    size = 1e-30
    moved = dict(values)
    moved[name] = values[name] + 1j * size * direction
    return function(moved).imag / size
