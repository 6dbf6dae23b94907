"""Times this package's cases and the same in other libraries, in turns. `compare.sh` starts it; Linux.

For every case and number of threads, all programs are built, and must agree on the first loss or the checksum to 1e-5;
of hidden Markov models, which all compute in double precision, on everything that is checked to 1e-8.
Then each library is paired with this package: a slice of the one, a slice of the other, the order changing from round to
round. A ratio is the median of the pairs' ratios. Slices in which other processes took part of the machine are made
again. The last line of every case in --out goes into the table.
"""
import argparse
import json
import os
import platform
import struct
import subprocess
import sys
import time

import table
from run import ENVIRONMENTS, Server, peer_server
from timing import median, quantile, summary

TOLERANCES = {"train": 1e-5, "run": 1e-5, "stream": 1e-5, "chain": 1e-8}
# What these compute are the cases of hidden Markov models, and nothing else.
CHAIN_PEERS = ("hmmlearn", "pomegranate")
# Worker threads of some libraries go on spinning for up to 0.2 s after their work.
PAUSE = 0.25


class Machine:
    """How much of the machine others use, in cores."""

    def __init__(self, servers=()):
        self.servers = servers

    def ticks(self):
        with open("/proc/stat") as file:
            user, nice, system, _, _, irq, soft, steal = map(int, file.readline().split()[1:9])
        own = os.times()
        hertz = os.sysconf("SC_CLK_TCK")
        mine = (own.user + own.system) * hertz + sum(server.ticks() for server in self.servers)
        return (user + nice + system + irq + soft + steal - mine) / hertz, time.perf_counter()

    def others(self, work):
        """What `work` gives, and the cores that others used meanwhile."""
        ticks, start = self.ticks()
        result = work()
        later, end = self.ticks()
        return result, max(0.0, (later - ticks) / (end - start))


def wait_until_quiet(limit, longest):
    """Returns once others have used less than `limit` cores for two seconds."""
    start, told = time.time(), False
    while True:
        _, busy = Machine().others(lambda: time.sleep(2))
        if busy < limit:
            return
        if time.time() - start > longest:
            sys.exit(f"compare: others still use {busy:.2f} cores after {longest:.0f} s; --noise sets what is allowed")
        if not told:
            print(f"waiting: others use {busy:.2f} cores, {limit} are allowed", file=sys.stderr, flush=True)
            told = True


def metadata(path):
    with open(path, "rb") as file:
        return json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))["__metadata__"]


def difference(kind, ours, theirs):
    """Of the first losses, or of the checksums, all that both have."""
    both = list(zip(ours["check"], theirs["check"]))
    return max(abs(a - b) / max(1, abs(a)) for a, b in (both if kind == "chain" else both[:1]))


def pairs(ours, theirs, servers, asked):
    """Slices of both programs in turns: (ours, theirs) for each round."""
    machine, made, noisy = Machine(servers), [], []
    for attempt in range(3 * asked.rounds):
        found, busy = {}, 0
        for server in (ours, theirs) if attempt % 2 == 0 else (theirs, ours):
            time.sleep(PAUSE)
            found[server], part = machine.others(lambda: server.sample(asked.seconds))
            busy = max(busy, part)
        kind = made if busy < asked.noise else noisy
        kind.append((busy, found[ours], found[theirs]))
        if len(made) == asked.rounds:
            break
    # Too few quiet ones: the least disturbed are taken, and the table says how disturbed they were.
    return made + sorted(noisy, key=lambda pair: pair[0])[:asked.rounds - len(made)]


def compare(case, threads, asked):
    """One line of results."""
    about = metadata(os.path.join(asked.data, case + ".safetensors"))
    line = {"case": case, "what": about["what"], "flops": float(about["flops"]), "tokens": int(about["tokens"]),
            "tolerance": TOLERANCES[about["kind"]],
            "threads": threads, "date": time.strftime("%Y-%m-%d"), "machine": machine(), "swift": swift(), "peers": {}}
    servers = []
    try:
        command = [asked.program, "cases", case, "--data", asked.data, "--threads", str(threads), "--serve"]
        command += [] if asked.rounds else ["--seconds", "0.01"]
        ours = Server(command, threads)
        servers.append(ours)
        line["ours"] = ours.about
        if "failed" in ours.about:
            return line
        for peer in asked.peers:
            if (peer in CHAIN_PEERS) != (about["kind"] == "chain") or peer == "onnxruntime" and about["kind"] == "train":
                continue
            server = peer_server(peer, case, threads, only_check=not asked.rounds)
            servers.append(server)
            found = line["peers"][peer] = server.about
            if "failed" not in found:
                found["difference"] = difference(about["kind"], ours.about, found)
        if asked.rounds:
            measure(line, ours, servers, asked)
    finally:
        for server in servers:
            server.close()
    return line


def measure(line, ours, servers, asked):
    everything, peaks, limits, steps, busiest = [], [], [], [], 0
    for peer, server in zip(line["peers"], servers[1:]):
        found = line["peers"][peer]
        # A time counts only for the same numbers.
        if "failed" in found or found["difference"] > line["tolerance"]:
            continue
        made = pairs(ours, server, servers, asked)
        ratios = [median(theirs["ms"]) / median(own["ms"]) for _, own, theirs in made]
        found |= summary([value for _, _, theirs in made for value in theirs["ms"]])
        found |= {"ratio": median(ratios), "ratio_p10": quantile(ratios, 0.1), "ratio_p90": quantile(ratios, 0.9)}
        for busy, own, _ in made:
            everything += own["ms"]
            peaks.append(own["peak_gflops"])
            limits += [own["limit_ms"]] if "limit_ms" in own else []
            steps.append((own.get("p50_us"), own.get("p99_us")))
            busiest = max(busiest, busy)
    if everything:
        line["ours"] |= summary(everything) | {"peak_gflops": median(peaks)}
        if limits:
            line["ours"]["limit_ms"] = median(limits)
        line["others_cores"] = busiest
        if steps[0][0] is not None:
            line["ours"] |= {"p50_us": median([a for a, _ in steps]), "p99_us": median([b for _, b in steps])}


def machine():
    model = platform.machine()
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release().partition('-')[0]}"


def swift():
    lines = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.splitlines()
    return next((line.partition("Swift version ")[2].split(" ")[0] for line in lines if "Swift version" in line), "")


def said(line):
    """The result as a line on the screen."""
    text = f"{line['case']} {line['threads']}t"
    if "failed" in line["ours"]:
        return text + f"  FAILED: {line['ours']['failed']}"
    if "median_ms" in line["ours"]:
        text += f"  {table.duration(line['ours']['median_ms'])}"
    text += "  check " + " ".join(f"{value:.6g}" for value in line["ours"]["check"])
    for peer, found in line["peers"].items():
        if "failed" in found:
            text += f"\n    {peer} failed: {found['failed']}"
            continue
        text += f"\n    {peer} differs by {found['difference']:.1e}"
        text += "" if found["difference"] <= line["tolerance"] else " TOO MUCH"
        if "ratio" in found:
            text += (f", {table.duration(found['median_ms'])}, ratio {found['ratio']:.2f} "
                     f"({found['ratio_p10']:.2f}-{found['ratio_p90']:.2f}), {found['variant']}")
    return text


def agrees(line):
    return "failed" not in line["ours"] and all(
        found.get("difference", 1) <= line["tolerance"] for found in line["peers"].values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words = lambda text: text.split(",")
    parser.add_argument("--program", required=True, help="the built recurrent-benchmarks")
    parser.add_argument("--data", required=True, help="a folder that export.py filled")
    parser.add_argument("--cases", type=words, help="default: all that lie in --data")
    parser.add_argument("--threads", type=lambda text: [int(part) for part in text.split(",")], default=[1, 2])
    parser.add_argument("--peers", type=words, default=list(ENVIRONMENTS))
    parser.add_argument("--rounds", type=int, default=9, help="pairs for each library; 0: only the checks")
    parser.add_argument("--seconds", type=float, default=0.6, help="of a slice; at least one call")
    parser.add_argument("--noise", type=float, default=0.1, help="cores that others may use")
    parser.add_argument("--wait", type=float, default=600, help="seconds to wait for a quiet machine")
    parser.add_argument("--out", help="results are added to this file")
    parser.add_argument("--table", help="a document whose table is made anew from --out")
    asked = parser.parse_args()
    present = [name.removesuffix(".safetensors") for name in os.listdir(asked.data) if name.endswith(".safetensors")]
    good = True
    for case in asked.cases or sorted(present, key=table.place):
        for threads in asked.threads:
            if asked.rounds:
                wait_until_quiet(asked.noise, asked.wait)
            line = compare(case, threads, asked)
            good = agrees(line) and good
            print(said(line), flush=True)
            if asked.out:
                with open(asked.out, "a") as file:
                    file.write(json.dumps(line) + "\n")
    if asked.table and asked.out and asked.rounds:
        table.update(asked.table, asked.out)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
