"""PyTorch's loss of connectionist temporal classification, from logits, with its gradient."""

import itertools

import numpy as np
import torch
import torch.nn.functional as F

from fixture_files import draw, generator, worst, write

STEPS, SYMBOLS = 6, 4


def labels_of(path, blank):
    """What a path reads as: equal neighbours joined, then blanks dropped."""
    return [s for i, s in enumerate(path) if s != blank and (i == 0 or path[i - 1] != s)]


def enumerated(logits, labels, blank):
    """-log p by looking at every path."""
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    scores = [
        sum(logs[t, s] for t, s in enumerate(path))
        for path in itertools.product(range(logits.shape[1]), repeat=len(logits))
        if labels_of(path, blank) == labels
    ]
    return -np.logaddexp.reduce(scores) if scores else np.inf


CASES = {
    # name: (scale of the logits, blank, zero_infinity, lengths, labels)
    "full": (1.0, 0, False, [6, 6, 6], [[1, 2], [3, 1, 2], [2]]),
    "ragged": (1.0, 0, False, [6, 3, 1, 5], [[1, 2, 3, 1], [2, 3], [1], [3]]),
    "empty-targets": (1.0, 0, False, [6, 4, 1], [[], [2, 1], []]),
    "repeated": (1.0, 0, False, [6, 5, 3, 6], [[1, 1], [2, 2, 2], [3, 3], [1, 1, 2, 2]]),
    "blank-last": (1.0, 3, False, [6, 4], [[0, 1, 2], [0, 0]]),
    "blank-middle": (1.0, 2, False, [5, 6], [[0, 3], [1, 1, 0]]),
    "impossible": (1.0, 0, False, [6, 2, 3], [[1, 2], [1, 2, 3], [2, 2, 1]]),
    "impossible-zero-infinity": (1.0, 0, True, [6, 2, 3, 2], [[1, 2], [1, 2, 3], [2, 2, 1], []]),
    "large": (30.0, 0, False, [6, 6, 4], [[1, 2, 3], [3, 3], []]),
}


def generate(folder, metadata):
    for name, (scale, blank, zero, lengths, labels) in CASES.items():
        random = generator(f"ctc-{name}")
        logits = draw(random, STEPS, len(lengths), SYMBOLS, scale=scale)
        for b, length in enumerate(lengths):
            logits[length:, b] = 0
        leaf = torch.tensor(logits, requires_grad=True)
        losses = F.ctc_loss(
            F.log_softmax(leaf, 2), torch.tensor([s for own in labels for s in own], dtype=torch.long),
            torch.tensor(lengths), torch.tensor([len(own) for own in labels]), blank=blank, reduction="none",
            zero_infinity=zero)
        losses.sum().backward()
        gradient, losses = leaf.grad.numpy(), losses.detach().numpy()
        for b, (length, own) in enumerate(zip(lengths, labels)):
            expected = enumerated(logits[:length, b], own, blank)
            if np.isinf(expected):
                assert losses[b] == (0 if zero else np.inf), (name, b)
                assert (gradient[:length, b] == 0).all() if zero else np.isnan(gradient[:length, b]).all(), (name, b)
            else:
                assert worst(losses[b], expected) < 1e-13, (name, b, losses[b], expected)
                assert worst(differences(logits, length, b, own, blank), gradient[:length, b]) < 1e-8, (name, b)
        write(folder, f"ctc-{name}", {
            "logits": logits, "lengths": np.array(lengths), "losses": losses, "grad.logits": gradient,
            "label_counts": np.array([len(own) for own in labels]),
            "labels": np.array([s for own in labels for s in own], np.int64),
        }, {**metadata, "blank": blank, "zero_infinity": str(zero).lower()})


def differences(logits, length, b, labels, blank, step=1e-5):
    """The gradient of the enumerated loss by central differences."""
    result = np.zeros((length, logits.shape[2]))
    for t in range(length):
        for k in range(logits.shape[2]):
            moved = [logits[:length, b].copy() for _ in range(2)]
            moved[0][t, k] += step
            moved[1][t, k] -= step
            above, below = (enumerated(own, labels, blank) for own in moved)
            result[t, k] = (above - below) / (2 * step)
    return result
