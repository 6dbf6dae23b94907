"""Write the hidden Markov model fixtures: python hmmlearn_fixtures.py FOLDER"""

import os
import pathlib
import sys

# Sums in one thread, always in the same order.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import hmmlearn
import numpy as np
import scipy
from hmmlearn import hmm

from fixture_files import draw, generator, single, write
from hmm_nested_loops import components, evaluate, maximise

LENGTHS = [40, 1, 25]
LIMIT = 1e-9  # relative, between hmmlearn and the nested loops
MARGIN = 1e-2  # log-probability by which the best path of each sequence must exceed the second-best
EMISSION = {"categorical": ["emissionprob"], "gaussian": ["means", "covars"],
            "gmm": ["weights", "means", "covars"], "poisson": ["lambdas"]}
# (name, emission, covariance type, K, C, D or M)
CASES = [
    ("categorical", "categorical", "none", 3, 1, 5),
    ("categorical-structural-zeros", "categorical", "none", 3, 1, 5),
    ("gaussian-diag", "gaussian", "diag", 3, 1, 2),
    ("gaussian-full", "gaussian", "full", 3, 1, 3),
    ("gaussian-spherical", "gaussian", "spherical", 3, 1, 2),
    ("gaussian-tied", "gaussian", "tied", 3, 1, 3),
    ("gmm-diag", "gmm", "diag", 2, 3, 2),
    ("gmm-full", "gmm", "full", 2, 3, 2),
    ("gmm-spherical", "gmm", "spherical", 2, 3, 2),
    ("gmm-tied", "gmm", "tied", 2, 3, 2),
    ("poisson", "poisson", "none", 2, 1, 2),
]
# States that may start, follow each other (row to column) and emit symbols in the case with structural zeros.
ALLOWED = {
    "startprob": [1, 1, 0],
    "transmat": [[1, 1, 0], [0, 1, 1], [1, 0, 1]],
    "emissionprob": [[1, 1, 1, 0, 1], [0, 1, 1, 1, 1], [1, 1, 0, 1, 0]],
}


def probabilities(random, *shape, extra=0.0, allowed=None):
    """Random distributions in multiples of 1/1024: single precision holds them and they sum to exactly one."""
    weights = (0.3 + random.random(shape) + extra) * (1 if allowed is None else np.array(allowed))
    parts = np.floor(1024 * weights / weights.sum(-1, keepdims=True))
    largest = np.expand_dims(parts.argmax(-1), -1)
    missing = 1024 - parts.sum(-1, keepdims=True)
    np.put_along_axis(parts, largest, np.take_along_axis(parts, largest, -1) + missing, -1)
    return parts / 1024


def covariances(random, kind, shape, tied_shape, D):
    """Well-conditioned covariances in hmmlearn's shape: eigenvalues of the matrices are 0.4 or more."""
    if kind == "spherical":
        return single(0.5 + random.random(shape))
    if kind == "diag":
        return single(0.5 + random.random((*shape, D)))
    factor = random.standard_normal((*(tied_shape if kind == "tied" else shape), D, D))
    return single(0.4 * np.eye(D) + 0.3 * factor @ np.swapaxes(factor, -1, -2))


def draw_model(name, emission, kind, K, C, D, random):
    allowed = ALLOWED if name.endswith("structural-zeros") else {}
    model = {
        "startprob": probabilities(random, K, allowed=allowed.get("startprob")),
        "transmat": probabilities(random, K, K, extra=1.5 * np.eye(K), allowed=allowed.get("transmat")),
    }
    if emission == "categorical":
        return {**model, "emissionprob": probabilities(random, K, D, allowed=allowed.get("emissionprob"))}
    if emission == "poisson":
        return {**model, "lambdas": single(1 + 4 * random.random((K, D)))}
    if emission == "gmm":
        return {**model, "weights": probabilities(random, K, C), "means": draw(random, K, C, D, scale=1.5),
                "covars": covariances(random, kind, (K, C), (K,), D)}
    return {**model, "means": draw(random, K, D), "covars": covariances(random, kind, (K,), (), D)}


def draw_observation(model, kind, k, random):
    if "emissionprob" in model:
        return random.choice(model["emissionprob"].shape[1], p=model["emissionprob"][k])
    if "lambdas" in model:
        return random.poisson(model["lambdas"][k])
    parts = list(components(model, kind, k))
    _, mean, covariance = parts[random.choice(len(parts), p=[weight for weight, _, _ in parts])]
    return single(mean + np.linalg.cholesky(covariance) @ random.standard_normal(len(mean)))


def draw_observations(model, kind, random):
    obs = []
    for length in LENGTHS:
        for t in range(length):
            k = random.choice(len(model["startprob"]), p=model["startprob"] if t == 0 else model["transmat"][k])
            obs.append(draw_observation(model, kind, k, random))
    return np.array(obs, np.int64 if "emissionprob" in model else np.float64)


def make(emission, kind, model, mixtures=1):
    """hmmlearn's model, with every prior set so that its M step has no prior."""
    options = {"n_components": len(model["startprob"]), "implementation": "log", "random_state": 0, "n_iter": 1,
               "tol": -np.inf, "init_params": "", "startprob_prior": 1.0, "transmat_prior": 1.0}
    D = model["means"].shape[-1] if "means" in model else 0
    if emission == "categorical":
        made = hmm.CategoricalHMM(**options, params="ste", emissionprob_prior=1.0)
    elif emission == "poisson":
        made = hmm.PoissonHMM(**options, params="stl", lambdas_prior=0.0, lambdas_weight=0.0)
    elif emission == "gaussian":
        # hmmlearn lowers the weight by 1 (diag, spherical) or D (full, tied) and cuts it at zero; min_covar only
        # serves initialisation.
        made = hmm.GaussianHMM(**options, params="stmc", covariance_type=kind, min_covar=0.0, means_prior=0.0,
                               means_weight=0.0, covars_prior=0.0, covars_weight=1.0)
    else:
        # Values that cancel the constants in the numerator and denominator of each covariance. The default of the
        # spherical type has n_mix in the place of D and so cancels only where they are equal.
        prior, weight = {"full": (0.0, -(D + 2.0)), "tied": (0.0, -(mixtures + D + 1.0)),
                         "diag": (-1.5, 0.0), "spherical": (-(D + 2.0) / 2.0, 0.0)}[kind]
        made = hmm.GMMHMM(**options, params="stmcw", n_mix=mixtures, covariance_type=kind, min_covar=0.0,
                          weights_prior=1.0, means_prior=0.0, means_weight=0.0, covars_prior=prior, covars_weight=weight)
    for key, value in model.items():
        setattr(made, f"{key}_", value.copy())
    return made


def parameters(made, emission, kind):
    """The parameters of hmmlearn's model. Its Gaussian `covars_` is a property that expands the covariances, and
    wrongly after a step with spherical ones, so the stored array is read."""
    names = ["startprob", "transmat", *EMISSION[emission]]
    values = {name: np.array(getattr(made, f"{name}_")) for name in names if name != "covars"}
    if emission == "gaussian":
        stored = np.array(made._covars_)
        if kind == "spherical" and stored.ndim == 2:  # a variance for each feature after a step, all the same
            assert (stored == stored[:, :1]).all()
            stored = stored[:, 0]
        values["covars"] = stored
    elif emission == "gmm":
        values["covars"] = np.array(made.covars_)
    return values


def difference(found, expected):
    """Largest relative difference of elements; zeros and infinities must be the same."""
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape or found.dtype != expected.dtype:
        return np.inf
    exact = (expected == 0) | ~np.isfinite(expected)
    if not np.array_equal(found[exact], expected[exact]) or not np.isfinite(found[~exact]).all():
        return np.inf
    found, expected = found[~exact], expected[~exact]
    return float(np.max(np.abs(found - expected) / np.abs(expected), initial=0))


def compare(name, found, expected, worst):
    for key, value in expected.items():
        worst[key] = max(worst.get(key, 0.0), difference(found[key], value))
        if not worst[key] <= LIMIT:
            sys.exit(f"{name}: {key} of hmmlearn and of the nested loops differ by {worst[key]:.1e}")


def check_mixture(name, kind, model, X, step, worst):
    """hmmlearn's Gaussian HMM as an opinion on the means and covariances of the mixture's plain step.

    A mixture of C components in K states is a Gaussian HMM of K·C states that forget their component at each move.
    """
    K, C, D = model["means"].shape
    covars = model["covars"]
    covars = np.repeat(covars, C, axis=0) if kind == "tied" else covars.reshape(K * C, *covars.shape[2:])
    flat = {
        "startprob": (model["startprob"][:, None] * model["weights"]).reshape(K * C),
        "transmat": np.repeat((model["transmat"][:, :, None] * model["weights"]).reshape(K, K * C), C, axis=0),
        "means": model["means"].reshape(K * C, D), "covars": covars,
    }
    flat_kind = "full" if kind == "tied" else kind
    after = parameters(make("gaussian", flat_kind, flat).fit(X, LENGTHS), "gaussian", flat_kind)
    covars = after["covars"].reshape(K, C, *after["covars"].shape[1:])
    if kind == "tied":
        # Each component's own scatter lies about its own new mean, so the tied one is their mean by mass.
        covars = np.einsum("kc,kcij->kij", step["weights"], covars)
    compare(f"{name} as a Gaussian model", {
        "gmm step.startprob": after["startprob"].reshape(K, C).sum(1),
        "gmm step.means": after["means"].reshape(K, C, D), "gmm step.covars": covars,
    }, {f"gmm step.{key}": step[key] for key in ("startprob", "means", "covars")}, worst)


def run_case(folder, metadata, case, worst, facts):
    name, emission, kind, K, C, D = case
    random = generator(name)
    model = draw_model(name, emission, kind, K, C, D, random)
    obs = draw_observations(model, kind, random)
    while evaluate(model, kind, obs, LENGTHS)[1]["margin"] < MARGIN:
        obs = draw_observations(model, kind, random)
    X = obs[:, None] if emission == "categorical" else obs
    made = make(emission, kind, model, C)
    parts = np.split(X, np.cumsum(LENGTHS)[:-1])
    results = {
        "log_likelihood": np.array([made.score(part) for part in parts]),
        "frame_log_likelihood": np.ascontiguousarray(made._compute_log_likelihood(X)),
        "posteriors": made.predict_proba(X, LENGTHS),
        "viterbi": made.predict(X, LENGTHS).astype(np.int64),
        "viterbi_log_probability": np.array([made.decode(part)[0] for part in parts]),
    }
    expected, more = evaluate(model, kind, obs, LENGTHS)
    compare(name, results, expected, worst)

    fitted = make(emission, kind, model, C).fit(X, LENGTHS)
    assert len(fitted.monitor_.history) == 1
    found = {**parameters(fitted, emission, kind), "log_likelihood": np.float64(fitted.monitor_.history[0])}
    step = maximise(model, kind, obs, LENGTHS)
    gain = evaluate(step, kind, obs, LENGTHS)[0]["log_likelihood"].sum() - step["log_likelihood"]
    assert gain > 0, (name, gain)
    known = step
    if emission == "gmm":
        # hmmlearn's covariances lie about the old means. All else of its step is the plain one.
        known = maximise(model, kind, obs, LENGTHS, about=model["means"])
        facts.setdefault("covariance about the old means, by", []).append(
            float(np.max(np.abs(found["covars"] - step["covars"]) / np.abs(step["covars"]))))
        check_mixture(name, kind, model, X, step, worst)
    compare(name, {f"em.{k}": v for k, v in found.items()}, {f"em.{k}": v for k, v in known.items()}, worst)
    facts.setdefault("margin of the best path", []).append(more["margin"])
    facts.setdefault("gain of one step", []).append(float(gain))
    facts.setdefault("mean of the largest posterior", []).append(float(results["posteriors"].max(1).mean()))
    facts.setdefault("size of a log-density", []).append(
        float(np.abs(expected["frame_log_likelihood"][np.isfinite(expected["frame_log_likelihood"])]).max()))
    saved = step if emission == "gmm" else found
    write(folder, name, {
        **model, "obs": obs, "lengths": np.array(LENGTHS, np.int64), **results,
        **{f"em.{k}": v for k, v in saved.items()},
    }, {**metadata, "emission": emission, "covariance_type": kind, "em": "numpy" if emission == "gmm" else "hmmlearn"})


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    metadata = {
        "hmmlearn": hmmlearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__,
        "command": "python Tools/reference/hmmlearn_fixtures.py Tests/Fixtures/hmmlearn",
    }
    worst, facts = {}, {}
    for case in CASES:
        run_case(folder, metadata, case, worst, facts)
    for key, value in worst.items():
        print(f"{key}: {value:.1e}")
    for key, values in facts.items():
        print(f"{key}: {min(values):.3g} to {max(values):.3g}")
    files = list(folder.glob("*.safetensors"))
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files)} bytes")


if __name__ == "__main__":
    main()
