"""PyTorch's losses, optimisers, clipping and learning-rate schedules."""

import json

import numpy as np
import torch
import torch.nn.functional as F

from fixture_files import draw, generator, single, worst, write

STEPS, SIZE = 20, 6


def with_gradient(function, logits):
    """Value and gradient of a summed loss at the given logits."""
    leaf = torch.tensor(logits, requires_grad=True)
    loss = function(leaf)
    loss.backward()
    return {"sum": loss.detach().numpy(), "grad.sum": leaf.grad.numpy()}


def regression_losses(folder, metadata):
    random = generator("loss-regression")
    prediction, target = draw(random, 5, 4, 3), draw(random, 5, 4, 3)
    y = torch.from_numpy(target)
    for name, function in {
        "mean-squared-error": lambda p: F.mse_loss(p, y, reduction="sum"),
        "half-squared-error": lambda p: 0.5 * F.mse_loss(p, y, reduction="sum"),
    }.items():
        result = with_gradient(function, prediction)
        factor = 1.0 if name.startswith("mean") else 0.5
        assert worst(result["sum"], factor * ((prediction - target) ** 2).sum()) < 1e-14
        write(folder, f"loss-{name}", {
            "prediction": prediction, "target": target, "count": np.int64(target.size), **result,
        }, {**metadata, "loss": name})


def binary_losses(folder, metadata):
    for name, scale in {"moderate": 1.0, "large": 200.0}.items():
        random = generator(f"loss-binary-{name}")
        logits = draw(random, 5, 4, 3, scale=scale)
        target = np.where(random.random(logits.shape) < 0.5, 0.0, 1.0)
        target[:2] = single(random.random((2, 4, 3)))  # soft targets
        if name == "large":
            logits[0, 0] = [1e4, -1e4, 0.0]
            target[0, 0] = [0.0, 1.0, 1.0]
        y = torch.from_numpy(target)
        result = with_gradient(lambda a: F.binary_cross_entropy_with_logits(a, y, reduction="sum"), logits)
        expected = np.logaddexp(0, logits) - logits * target
        assert worst(result["sum"], expected.sum()) < 1e-13
        write(folder, f"loss-binary-cross-entropy-{name}", {
            "logits": logits, "target": target, "count": np.int64(target.size), **result,
        }, {**metadata, "loss": "binary-cross-entropy"})


def softmax_losses(folder, metadata):
    ignored = -100
    weights = np.array([0.5, 2.0, 0.0, 1.0, 3.0, 0.25, 1.5])
    for name, scale, smoothing, ignore, weight in [
        ("plain", 1.0, 0.0, "none", None), ("ignore", 1.0, 0.0, "some", None),
        ("smoothing", 1.0, 0.1, "none", None), ("ignore-smoothing", 1.0, 0.1, "some", None),
        ("large", 300.0, 0.0, "some", None), ("large-smoothing", 300.0, 0.1, "some", None),
        ("all-ignored", 1.0, 0.1, "all", None), ("weights", 1.0, 0.0, "some", weights),
        ("weights-smoothing", 1.0, 0.1, "some", weights),
    ]:
        random = generator(f"loss-softmax-{name}")
        logits, target = draw(random, 12, 7, scale=scale), random.integers(0, 7, 12)
        if scale > 1:
            logits[0] = [1e4, -1e4, 0, 0, 0, 0, 0]
            target[0] = 1
            logits[1] = -1e4
        if ignore == "some":
            target[[2, 5, 11]] = ignored
        elif ignore == "all":
            target[:] = ignored
        y = torch.from_numpy(target)
        result = with_gradient(lambda a: F.cross_entropy(
            a, y, reduction="sum", ignore_index=ignored, label_smoothing=smoothing,
            weight=None if weight is None else torch.from_numpy(weight)), logits)
        kept = target != ignored
        logs = logits - logits.max(1, keepdims=True)
        logs = logs - np.log(np.exp(logs).sum(1, keepdims=True))
        wanted = np.full(logits.shape, smoothing / 7)
        wanted[np.arange(12)[kept], target[kept]] += 1 - smoothing
        if weight is not None:
            wanted *= weight
        assert worst(result["sum"], -(wanted * logs)[kept].sum()) < 1e-13
        gradient = np.exp(logs) * wanted.sum(1, keepdims=True) - wanted
        assert worst(result["grad.sum"], gradient * kept[:, None]) < 1e-13
        write(folder, f"loss-cross-entropy-{name}", {
            "logits": logits, "target": target, "count": np.int64(kept.sum()),
            **({} if weight is None else {"weights": weight}), **result,
        }, {**metadata, "loss": "cross-entropy", "ignore_index": ignored, "label_smoothing": smoothing})


OPTIMISERS = {
    "sgd": (torch.optim.SGD, {"lr": 0.1}),
    "sgd-momentum": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "sgd-nesterov": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "sgd-weight-decay": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05}),
    "rmsprop": (torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}),
    "rmsprop-momentum": (torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.9, "eps": 1e-8, "momentum": 0.9}),
    "adam": (torch.optim.Adam, {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-8}),
    "adamw": (torch.optim.AdamW, {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-8, "weight_decay": 0.1}),
}


def optimisers(folder, metadata):
    random = generator("optimisers")
    initial = draw(random, SIZE)
    # Sizes from 1e-4 to 10, one element that is often zero: eps and the bias corrections must show.
    gradients = single(random.standard_normal((STEPS, SIZE)) * np.array([1.0, 0.1, 10.0, 1e-4, 1.0, 0.5]))
    gradients[::2, 4] = 0
    for name, (kind, options) in OPTIMISERS.items():
        for dtype, suffix in [(torch.float64, "f64"), (torch.float32, "f32")]:
            parameter = torch.nn.Parameter(torch.tensor(initial, dtype=dtype))
            optimiser = kind([parameter], foreach=False, **options)
            trajectory = []
            for gradient in gradients:
                parameter.grad = torch.tensor(gradient, dtype=dtype)
                optimiser.step()
                trajectory.append(parameter.detach().numpy().copy())
            write(folder, f"optimizer-{name}-{suffix}", {
                "initial": torch.tensor(initial, dtype=dtype).numpy(),
                "gradients": torch.tensor(gradients, dtype=dtype).numpy(),
                "parameters": np.stack(trajectory),
            }, {**metadata, "optimizer": kind.__name__, "options": json.dumps(options)})


def clipping(folder, metadata):
    random = generator("clipping")
    gradients = {"first": draw(random, 2, 3), "second": draw(random, 4)}
    norm = float(np.sqrt(sum((g**2).sum() for g in gradients.values())))
    for name, kind, limit in [("norm-above", "norm", 0.5), ("norm-below", "norm", 100.0), ("value", "value", 0.4)]:
        parameters = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in gradients.values()]
        for parameter, gradient in zip(parameters, gradients.values()):
            parameter.grad = torch.tensor(gradient)
        if kind == "norm":
            total = torch.nn.utils.clip_grad_norm_(parameters, limit)
            assert worst(total, norm) < 1e-14
        else:
            torch.nn.utils.clip_grad_value_(parameters, limit)
        write(folder, f"clip-{name}", {
            **{f"grad.{k}": v for k, v in gradients.items()},
            **{f"clipped.{k}": p.grad.numpy() for k, p in zip(gradients, parameters)},
            "limit": np.float64(limit), "norm": np.float64(norm),
        }, {**metadata, "clip": kind})


SCHEDULES = {
    "constant": ("ConstantLR", {"factor": 1.0, "total_iters": 1}, 8),
    "step": ("StepLR", {"step_size": 3, "gamma": 0.5}, 12),
    "cosine": ("CosineAnnealingLR", {"T_max": 10, "eta_min": 0.001}, 10),
    "warmup": ("LinearLR", {"start_factor": 0.1, "end_factor": 1.0, "total_iters": 5}, 8),
    "plateau": ("ReduceLROnPlateau",
                {"factor": 0.5, "patience": 2, "threshold": 0.01, "threshold_mode": "rel", "cooldown": 1,
                 "min_lr": 0.01}, None),
    "plateau-absolute": ("ReduceLROnPlateau",
                         {"factor": 0.1, "patience": 0, "threshold": 0.05, "threshold_mode": "abs", "cooldown": 0,
                          "min_lr": 0.001}, None),
}
METRICS = [1.0, 0.8, 0.795, 0.79, 0.7999, 0.798, 0.6, 0.61, 0.599, 0.598, 0.597, 0.596, 0.595, 0.596, 0.594, 0.593,
           0.592, 0.55, 0.56, 0.57, 0.58, 0.59, 0.6, 0.61, 0.62, 0.63]


def schedules(folder, metadata):
    for name, (kind, options, steps) in SCHEDULES.items():
        optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
        schedule = getattr(torch.optim.lr_scheduler, kind)(optimiser, **options)
        rates = [optimiser.param_groups[0]["lr"]]
        for metric in METRICS if steps is None else [None] * steps:
            optimiser.step()
            schedule.step() if metric is None else schedule.step(metric)
            rates.append(optimiser.param_groups[0]["lr"])
        tensors = {"rates": np.array(rates)}
        if steps is None:
            tensors["metrics"] = np.array(METRICS)
        write(folder, f"schedule-{name}", tensors, {
            **metadata, "schedule": kind, "base_rate": 0.1, "options": json.dumps(options)})


def generate(folder, metadata):
    for part in (regression_losses, binary_losses, softmax_losses, optimisers, clipping, schedules):
        part(folder, metadata)
