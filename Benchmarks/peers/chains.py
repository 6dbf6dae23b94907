"""The named cases of hidden Markov models: sizes, numbers, and the work that one call is. Needs numpy only.

A case is an operation on a model and its data: H1 is categorical, 100 sequences of 1,000 steps; H2 Gaussian with diagonal
covariances, one sequence of 100,000. All numbers come from a generator seeded by the model's name.
"""
from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True)
class Chain:
    id: str                         # "H1.score"
    what: str
    states: int
    sequences: int
    steps: int
    symbols: int = 0                # of a categorical emission
    features: int = 0               # of a Gaussian one
    kind: str = "chain"

    @property
    def model(self):
        return self.id.partition(".")[0]

    @property
    def operation(self):
        """score, posterior, path (Viterbi) or em (one step of Baum-Welch)."""
        return self.id.partition(".")[2]


OPERATIONS = {"score": "log-likelihood", "posterior": "posterior of states", "path": "most probable paths",
              "em": "one EM step"}


def chains(name, what, **sizes):
    return [Chain(f"{name}.{operation}", f"{what}: {words}", **sizes) for operation, words in OPERATIONS.items()]


CHAINS = {c.id: c for c in
          chains("H1", "categorical, K 10, M 50, 100 x 1,000 steps", states=10, symbols=50, sequences=100, steps=1000)
          + chains("H2", "Gaussian, diagonal, K 5, D 8, 100,000 steps", states=5, features=8, sequences=1, steps=100000)}


def data(case):
    """Observations `x`, and a model near the one that they were drawn from, from which EM starts: `initial`,
    `transition`, and `emission` [K, M] or `means` and `variances` [K, D]."""
    draw = np.random.default_rng(crc32(f"{case.model}/hmm".encode()))
    count, sequences, steps = case.states, case.sequences, case.steps
    initial = draw.dirichlet(np.full(count, 1.0), size=1)[0]
    transition = 0.5 * np.eye(count) + 0.5 * draw.dirichlet(np.full(count, 1.0), size=count)
    ends = transition.cumsum(1)
    ends[:, -1] = 1
    states = np.empty((sequences, steps), np.int64)
    states[:, 0] = draw.choice(count, size=sequences, p=initial)
    uniform = draw.random((steps, sequences))
    for t in range(1, steps):
        states[:, t] = (uniform[t][:, None] > ends[states[:, t - 1]]).sum(1)
    made = {"initial": np.full(count, 1 / count), "transition": 0.6 * transition + 0.4 / count}
    if case.symbols:
        emission = draw.dirichlet(np.full(case.symbols, 0.5), size=count)
        ends = emission.cumsum(1)
        ends[:, -1] = 1
        x = (draw.random((sequences, steps))[..., None] > ends[states]).sum(-1).astype(np.int64)
        return made | {"x": x, "emission": 0.6 * emission + 0.4 / case.symbols}
    means = 2 * draw.standard_normal((count, case.features))
    variances = 0.5 + draw.random((count, case.features))
    x = means[states] + np.sqrt(variances)[states] * draw.standard_normal((sequences, steps, case.features))
    return made | {"x": x, "means": means + 0.1 * draw.standard_normal(means.shape), "variances": 1.2 * variances}


def tokens(case):
    return case.sequences * case.steps


def flops(case):
    """Nominal operations of one call, two for a multiply-add: 2 K² a step for each pass, 3 K² for the counts of
    transitions, 4 K D for densities of Gaussians and as much for their statistics. No logarithm or exponential counts."""
    count, densities = case.states, 4 * case.states * case.features
    one = 2 * count ** 2
    counts = 3 * count ** 2 + (densities or count)
    both = 2 * one + 2 * count
    return tokens(case) * (densities + {"score": one, "path": one, "posterior": both, "em": both + counts}[case.operation])


def output_size(case):
    """Of the largest array whose checksum is compared."""
    return {"posterior": tokens(case) * case.states, "path": tokens(case)}.get(
        case.operation, case.states * max(case.states, case.symbols, case.features))
