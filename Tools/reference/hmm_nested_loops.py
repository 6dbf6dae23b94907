"""Hidden Markov models by plain loops, in log space.

They are the second opinion that `hmmlearn_fixtures.py` compares hmmlearn with, so they share no code with it: sums over
states are Python loops, densities follow their formulas with an inverse and a determinant instead of a factorisation,
and covariances are sums of squares about the new means instead of differences of moments.

A model is a dictionary: `startprob` [K], `transmat` [K, K], and of the emission either `emissionprob` [K, M], or
`lambdas` [K, D], or `means` [K, D] and `covars`, or `weights` [K, C], `means` [K, C, D] and `covars` (mixtures).
`covars` has hmmlearn's shape for its covariance type. Emissions without covariances have the type `none`.
"""

import math

import numpy as np


def log(probability):
    return math.log(probability) if probability > 0 else -math.inf


def log_sum(values):
    top = max(values)
    return top if top == -math.inf else top + math.log(sum(math.exp(v - top) for v in values))


def log_gaussian(x, mean, covariance):
    difference = x - mean
    square = difference @ np.linalg.inv(covariance) @ difference
    return -0.5 * (len(x) * math.log(2 * math.pi) + math.log(np.linalg.det(covariance)) + square)


def components(model, kind, k):
    """The Gaussian components of state k, each with its weight, mean and full covariance matrix."""
    mixture = "weights" in model
    weights = model["weights"][k] if mixture else [1.0]
    means = model["means"][k] if mixture else model["means"][k][None]
    D, covars = means.shape[-1], model["covars"]
    for c, (weight, mean) in enumerate(zip(weights, means)):
        if kind == "tied":  # by all states, but in a mixture by the components of one state
            covariance = covars[k] if mixture else covars
        else:
            own = covars[k][c] if mixture else covars[k]
            covariance = {"full": lambda: own, "diag": lambda: np.diag(own), "spherical": lambda: own * np.eye(D)}[kind]()
        yield float(weight), mean, covariance


def log_components(model, kind, x, k):
    """log(weight · density) of each component of state k."""
    return [log(weight) + log_gaussian(x, mean, covariance) for weight, mean, covariance in components(model, kind, k)]


def log_density(model, kind, x, k):
    """The log-density of one observation in state k."""
    if "emissionprob" in model:
        return log(model["emissionprob"][k, x])
    if "lambdas" in model:
        return sum(n * math.log(rate) - rate - math.lgamma(n + 1) for n, rate in zip(x, model["lambdas"][k]))
    return log_sum(log_components(model, kind, x, k))


def sequence(model, emissions):
    """One sequence with emission log-densities [T, K].

    Returns its log-likelihood, posteriors [T, K], the expected transitions [K, K], the Viterbi path, its log-probability
    and by how much that exceeds the log-probability of the second-best path.
    """
    T, K = emissions.shape
    states = range(K)
    start = [log(p) for p in model["startprob"]]
    move = [[log(p) for p in row] for row in model["transmat"]]
    forward, backward = np.empty((T, K)), np.zeros((T, K))
    best, onward = np.empty((T, K)), np.zeros((T, K))  # log-probability of the best path up to, and on from, a state
    for t in range(T):
        for j in states:
            if t == 0:
                forward[t, j] = best[t, j] = start[j] + emissions[t, j]
            else:
                forward[t, j] = log_sum([forward[t - 1, i] + move[i][j] for i in states]) + emissions[t, j]
                best[t, j] = max(best[t - 1, i] + move[i][j] for i in states) + emissions[t, j]
    for t in reversed(range(T - 1)):
        for i in states:
            onwards = [move[i][j] + emissions[t + 1, j] for j in states]
            backward[t, i] = log_sum([onwards[j] + backward[t + 1, j] for j in states])
            onward[t, i] = max(onwards[j] + onward[t + 1, j] for j in states)
    total = log_sum(list(forward[T - 1]))
    posteriors, moves = np.empty((T, K)), np.zeros((K, K))
    for t in range(T):
        for i in states:
            posteriors[t, i] = math.exp(forward[t, i] + backward[t, i] - total)
            for j in states if t + 1 < T else ():  # a sequence of length one has no transitions
                moves[i, j] += math.exp(forward[t, i] + move[i][j] + emissions[t + 1, j] + backward[t + 1, j] - total)
    path = [int(np.argmax(best[T - 1]))]
    for t in reversed(range(T - 1)):
        path.insert(0, int(np.argmax([best[t, i] + move[i][path[0]] for i in states])))
    # The second-best path passes another state at some step: the best one through every state and step tells.
    through = np.sort(best + onward, axis=1)
    return total, posteriors, moves, path, float(max(best[T - 1])), float(np.min(through[:, -1] - through[:, -2]))


def evaluate(model, kind, obs, lengths):
    """What a fixture holds of a model and its data, then the smallest `margin` of the paths and all `transitions`."""
    K, results, begin = len(model["startprob"]), [], 0
    emissions = np.array([[log_density(model, kind, x, k) for k in range(K)] for x in obs])
    for length in lengths:
        results.append(sequence(model, emissions[begin : begin + length]))
        begin += length
    totals, posteriors, moves, paths, bests, margins = zip(*results)
    return {
        "log_likelihood": np.array(totals), "frame_log_likelihood": emissions, "posteriors": np.concatenate(posteriors),
        "viterbi": np.concatenate(paths).astype(np.int64), "viterbi_log_probability": np.array(bests),
    }, {"margin": min(margins), "transitions": sum(moves)}


def maximise(model, kind, obs, lengths, about=None):
    """The parameters after one step of expectation-maximisation without priors.

    Covariances are those about the new means, or about the means `about`, which is what hmmlearn's mixtures do.
    """
    results, more = evaluate(model, kind, obs, lengths)
    posteriors, moves = results["posteriors"], more["transitions"]
    N, K = posteriors.shape
    firsts = np.cumsum([0, *lengths[:-1]])
    start = sum(posteriors[n] for n in firsts)
    after = {"startprob": start / len(lengths), "transmat": np.array([row / row.sum() for row in moves])}
    if "emissionprob" in model:
        counts = np.zeros(model["emissionprob"].shape)
        for n in range(N):
            counts[:, obs[n]] += posteriors[n]
        after["emissionprob"] = np.array([row / row.sum() for row in counts])
    elif "lambdas" in model:
        after["lambdas"] = np.array([
            sum(posteriors[n, k] * obs[n] for n in range(N)) / sum(posteriors[n, k] for n in range(N)) for k in range(K)])
    else:
        after |= maximise_gaussians(model, kind, obs, posteriors, about)
    return {**after, "log_likelihood": np.float64(sum(results["log_likelihood"]))}


def maximise_gaussians(model, kind, obs, posteriors, about):
    mixture = "weights" in model
    (N, D), K = obs.shape, posteriors.shape[1]
    C = model["weights"].shape[1] if mixture else 1
    shares = np.empty((N, K, C))
    for n in range(N):
        for k in range(K):
            logs = log_components(model, kind, obs[n], k)
            for c in range(C):
                shares[n, k, c] = posteriors[n, k] * math.exp(logs[c] - log_sum(logs))
    mass, means, scatter = np.empty((K, C)), np.empty((K, C, D)), np.zeros((K, C, D, D))
    for k in range(K):
        for c in range(C):
            mass[k, c] = sum(shares[:, k, c])
            means[k, c] = sum(shares[n, k, c] * obs[n] for n in range(N)) / mass[k, c]
            centre = means[k, c] if about is None else about[k, c]
            for n in range(N):
                scatter[k, c] += shares[n, k, c] * np.outer(obs[n] - centre, obs[n] - centre)
    if kind == "tied":
        covars = np.array([sum(scatter[k]) / sum(mass[k]) for k in range(K)]) if mixture else (
            sum(scatter[k, 0] for k in range(K)) / sum(mass[:, 0]))
    else:
        reduce = {"full": lambda s: s, "diag": np.diag, "spherical": lambda s: np.trace(s) / D}[kind]
        covars = np.array([[reduce(scatter[k, c]) / mass[k, c] for c in range(C)] for k in range(K)])
    if mixture:
        return {"weights": np.array([row / row.sum() for row in mass]), "means": means, "covars": covars}
    return {"means": means[:, 0], "covars": covars if kind == "tied" else covars[:, 0]}
