"""pomegranate's DenseHMM on PyTorch, in double precision: all sequences as one batch."""
from importlib.metadata import version

import numpy
import torch
from pomegranate.distributions import Categorical, Normal
from pomegranate.hmm import DenseHMM

from cases import checksum
from chains import data
from timing import Program


def prepare(threads):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.set_default_dtype(torch.float64)
    return {"pomegranate": version("pomegranate"), "torch": torch.__version__, "numpy": numpy.__version__}


def model(case, made):
    made = {name: torch.from_numpy(value.copy()) for name, value in made.items() if name != "x"}
    if case.symbols:
        shown = [Categorical(made["emission"][k:k + 1]) for k in range(case.states)]
    else:
        shown = [Normal(made["means"][k], made["variances"][k], covariance_type="diag") for k in range(case.states)]
    # It costs nothing to end anywhere: an end of probability 1.
    return DenseHMM(shown, edges=made["transition"], starts=made["initial"],
                    ends=torch.ones(case.states), max_iter=1)


def program(case):
    made = data(case)
    x = torch.from_numpy(made["x"][..., None] if case.symbols else made["x"])
    built = model(case, made)

    def step():
        moved = model(case, made)
        moved.summarize(x)
        moved.from_summaries()
        return moved

    def moved():
        found = step()
        # It counts ends among what leaves a state; the shares of the transitions among themselves are Baum-Welch's.
        edges = torch.exp(found.edges)
        parts = [part.probs[0] if case.symbols else part.means for part in found.distributions]
        return [checksum(edges / edges.sum(1, keepdim=True)), checksum(torch.stack(parts))]

    call, check = {
        "score": (lambda: built.log_probability(x), lambda: [float(built.log_probability(x).sum())]),
        "posterior": (lambda: built.predict_proba(x), lambda: [checksum(built.predict_proba(x))]),
        "path": (lambda: built.viterbi(x), lambda: [checksum(built.viterbi(x))]),
        "em": (step, moved),
    }[case.operation]
    without = torch.no_grad()
    return Program(without(call), check=without(check))


def variants(case):
    return {"DenseHMM": lambda: program(case)}
