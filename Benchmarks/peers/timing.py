"""What a program is, and how calls of it are timed. Standard library only."""
import time
from dataclasses import dataclass
from typing import Callable


@dataclass
class Program:
    """A case in one library, built and ready."""
    call: Callable                                   # one call; a stream's is all its steps
    check: Callable                                  # first three losses, or a checksum: asked once, before any call
    finish: Callable = lambda: None                  # waits until what calls began is done
    steps: int = 1                                   # calls that count for one call: steps of a stream
    calls: int = 0                                   # in one sample; settled at the first


def seconds_of(program, calls):
    start = time.perf_counter()
    for _ in range(calls):
        program.call()
    program.finish()
    return time.perf_counter() - start


def samples(program, seconds):
    """Milliseconds of a call, one for each sample: of as many calls as fill 5 ms, samples until the time is over."""
    if not program.calls:
        program.calls = max(1, int(5e-3 / max(min(seconds_of(program, 1) for _ in range(2)), 1e-7)))
    made, start = [], time.perf_counter()
    while not made or time.perf_counter() - start < seconds:
        made.append(1e3 * seconds_of(program, program.calls) / program.calls / program.steps)
    return made


def warm_up(program, seconds):
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        seconds_of(program, 1)


def quantile(values, part):
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values):
    return quantile(values, 0.5)


def summary(values):
    return {"median_ms": median(values), "min_ms": min(values), "p10_ms": quantile(values, 0.1),
            "p90_ms": quantile(values, 0.9), "samples": len(values)}
