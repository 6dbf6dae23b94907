"""One library on one case, in a process of its own: python serve.py torch T1 2. `run.py` starts it.

The first line that it prints says what it is and what it computed (`check`); after that it answers every line
"SECONDS" that it reads with the samples of that much time, until its input ends. With "check" as a fourth argument it
builds the first variant alone and times nothing.
"""
import importlib
import json
import resource
import sys
import time

from cases import CASES
from chains import CHAINS
from timing import median, samples, warm_up


def say(line):
    print("@" + json.dumps(line), flush=True)


def built(choices, only_check):
    """The fastest variant, with its check and the medians of all. A variant that fails is named and left out."""
    medians, live = {}, {}
    if only_check:
        choices = dict(list(choices.items())[:1])
    for name, make in choices.items():
        try:
            start = time.perf_counter()
            program = make()
            check = program.check()
            build = time.perf_counter() - start
            if not only_check:
                warm_up(program, 1.0)
            medians[name] = median(samples(program, 1.0)) if len(choices) > 1 else None
            live[name] = (program, check, build)
        except Exception as error:
            medians[name] = f"{type(error).__name__}: {str(error)[:200]}"
    if not live:
        return None, {"failed": medians}
    best = min(live, key=medians.get) if len(live) > 1 else next(iter(live))
    program, check, build = live[best]
    return program, {"variant": best, "variants_ms": medians, "check": check, "build_s": build}


def main(peer, case, threads, only_check=False):
    module = importlib.import_module("peer_" + peer)
    about = {"case": case, "program": peer, "threads": threads, "versions": module.prepare(threads)}
    program, found = built(module.variants((CASES | CHAINS)[case]), only_check)
    say(about | found)
    if program is None:
        return
    for line in sys.stdin:
        made = samples(program, float(line))
        say({"ms": made, "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:] == ["check"])
