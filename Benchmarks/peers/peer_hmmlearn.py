"""hmmlearn: in double precision and on one thread, whatever is asked. Its two implementations are both built."""
import logging

import hmmlearn
import numpy
from hmmlearn import hmm

from cases import checksum
from chains import data
from timing import Program

# An EM step that is cut short is no news here.
logging.getLogger("hmmlearn").setLevel(logging.ERROR)


def prepare(threads):
    return {"hmmlearn": hmmlearn.__version__, "numpy": numpy.__version__}


def model(case, made, implementation):
    common = {"n_components": case.states, "n_iter": 1, "tol": -numpy.inf, "implementation": implementation, "init_params": ""}
    if case.symbols:
        built = hmm.CategoricalHMM(params="ste", n_features=case.symbols, **common)
        built.emissionprob_ = made["emission"].copy()
    else:
        # No prior: it would add to the variances.
        built = hmm.GaussianHMM(params="stmc", covariance_type="diag", min_covar=0, covars_prior=0, **common)
        built.n_features = case.features
        built.means_, built.covars_ = made["means"].copy(), made["variances"].copy()
    built.startprob_, built.transmat_ = made["initial"].copy(), made["transition"].copy()
    return built


def program(case, implementation):
    made = data(case)
    x = made["x"].reshape(-1, case.features or 1)
    lengths = [case.steps] * case.sequences
    built = model(case, made, implementation)

    def step():
        moved = model(case, made, implementation)
        return moved.fit(x, lengths)

    def moved():
        found = step()
        return [checksum(found.transmat_), checksum(found.emissionprob_ if case.symbols else found.means_)]

    def path():
        score, states = built.decode(x, lengths, algorithm="viterbi")
        return [checksum(states), score]

    return {
        "score": lambda: Program(lambda: built.score(x, lengths), check=lambda: [built.score(x, lengths)]),
        "posterior": lambda: Program(
            lambda: built.predict_proba(x, lengths), check=lambda: [checksum(built.predict_proba(x, lengths))]),
        "path": lambda: Program(lambda: built.decode(x, lengths, algorithm="viterbi"), check=path),
        "em": lambda: Program(step, check=moved),
    }[case.operation]()


def variants(case):
    # Viterbi is the same in both.
    names = ["log"] if case.operation == "path" else ["scaling", "log"]
    return {name: lambda name=name: program(case, name) for name in names}
