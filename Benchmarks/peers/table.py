"""The results of `compare.py` as tables: python table.py RESULTS DOCUMENT writes them between the document's markers."""
import json
import sys

BEGIN, END = "<!-- begin: compare.sh -->", "<!-- end: compare.sh -->"
BEGIN_CHAINS, END_CHAINS = "<!-- begin: compare.sh, chains -->", "<!-- end: compare.sh, chains -->"
NAMES = {"torch": "PyTorch", "jax": "JAX", "keras": "Keras", "onnxruntime": "ONNX Runtime"}


CHAIN_NAMES = {"hmmlearn": "hmmlearn", "pomegranate": "pomegranate"}


def place(case):
    """Training, inference, hidden Markov models."""
    return "TIH".index(case[0]), case


def digits(value, count=3):
    """`count` digits that matter, without an exponent."""
    text = f"{value:.{count}g}"
    return f"{float(text):,.0f}" if "e" in text else text


def duration(milliseconds):
    return f"{digits(milliseconds)} ms" if milliseconds >= 0.1 else f"{digits(1e3 * milliseconds)} µs"


def newest(path, are_chains):
    """The last result of each case and number of threads that has times."""
    found = {}
    with open(path) as file:
        for line in map(json.loads, file):
            if "median_ms" in line["ours"] and (line["case"][0] == "H") == are_chains:
                found[line["threads"], line["case"]] = line
    return [sorted((line for line in found.values() if line["threads"] == threads), key=lambda line: place(line["case"]))
            for threads in sorted({threads for threads, _ in found})]


def rows(cells):
    head, *body = cells
    return ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head)] + body]


def beside(found):
    """A peer's time, and how many times as long as ours it is."""
    if found is None:
        return ""
    if "ratio" not in found:
        return "failed" if "failed" in found else "other numbers"
    return f"{duration(found['median_ms'])} × {found['ratio']:.2f}"


def timings(lines):
    cells = [["case", "this package", "p10–p90", "GFLOP/s", "of the limit", "tokens/s", "fastest other", "**times as fast**", "p10–p90", "at most"]
             + list(NAMES.values())]
    for line in lines:
        ours, gflops = line["ours"], line["flops"] / line["ours"]["median_ms"] / 1e6
        timed = {peer: found for peer, found in line["peers"].items() if "ratio" in found}
        cell = [line["case"], duration(ours["median_ms"]), f"{duration(ours['p10_ms'])}–{duration(ours['p90_ms'])}",
                digits(gflops), f"{100 * ours['limit_ms'] / ours['median_ms']:.0f} %" if "limit_ms" in ours else "", digits(1e3 * line["tokens"] / ours["median_ms"])]
        if timed:
            # The hardest to beat: the one with the smallest ratio.
            best = min(timed, key=lambda peer: timed[peer]["ratio"])
            found = timed[best]
            cell += [NAMES[best], f"**{found['ratio']:.2f}**", f"{found['ratio_p10']:.2f}–{found['ratio_p90']:.2f}",
                     f"{found['ratio'] * ours['median_ms'] / ours['limit_ms']:.2f}" if "limit_ms" in ours else ""]
        else:
            cell += ["", "", "", ""]
        cells.append(cell + [beside(line["peers"].get(peer)) for peer in NAMES])
    return rows(cells)


def notes(lines):
    """Where and with what the figures were made."""
    versions, dates = {}, sorted({line["date"] for line in lines})
    for line in lines:
        for found in line["peers"].values():
            versions |= found.get("versions", {})
    made = [
        f"- {'; '.join(sorted({line['machine'] for line in lines}))}; kernels "
        + ", ".join(sorted({line["ours"]["level"] for line in lines}))
        + f"; {dates[0]}" + (f" to {dates[-1]}" if dates[-1] != dates[0] else "") + ".",
        f"- Swift {', '.join(sorted({line['swift'] for line in lines}))}; "
        + ", ".join(f"{name} {version}" for name, version in sorted(versions.items())) + ".",
        "- Others used at most " + digits(max(line["others_cores"] for line in lines), 2) + " cores while a clock ran.",
    ]
    for line in lines:
        if "p50_us" in line["ours"]:
            made.append(f"- {line['case']} on {line['threads']} thread{'s' * (line['threads'] > 1)}, each step by itself: "
                        f"p50 {digits(line['ours']['p50_us'])} µs, p99 {digits(line['ours']['p99_us'])} µs.")
    return made


def written(path):
    groups = newest(path, False)
    everything = [line for lines in groups for line in lines]
    if not everything:
        return None
    first = {line["case"]: line for line in reversed(everything)}
    order = sorted(first.values(), key=lambda line: place(line["case"]))
    text = rows([["case", "what", "MFLOP", "tokens"]]
                + [[line["case"], line["what"], digits(line["flops"] / 1e6, 4), f"{line['tokens']:,}"] for line in order])
    for lines in groups:
        threads = lines[0]["threads"]
        text += ["", f"### On {threads} thread{'s' * (threads > 1)}", ""] + timings(lines)
    return "\n".join(text + [""] + notes(everything))


def chains(path):
    """One table for each number of threads, of hidden Markov models."""
    groups, text = newest(path, True), []
    for lines in groups:
        cells = [["case", "what", "this package", "p10–p90", "**times as fast**", "p10–p90"] + list(CHAIN_NAMES.values())]
        for line in lines:
            ours, timed = line["ours"], [found for found in line["peers"].values() if "ratio" in found]
            cell = [line["case"], line["what"], duration(ours["median_ms"]), f"{duration(ours['p10_ms'])}–{duration(ours['p90_ms'])}"]
            # The hardest to beat, as above.
            best = min(timed, key=lambda found: found["ratio"], default=None)
            cell += [f"**{best['ratio']:.2f}**", f"{best['ratio_p10']:.2f}–{best['ratio_p90']:.2f}"] if best else ["", ""]
            cells.append(cell + [beside(line["peers"].get(peer)) for peer in CHAIN_NAMES])
        threads = lines[0]["threads"]
        text += [f"On {threads} thread{'s' * (threads > 1)}:", ""] + rows(cells) + [""]
    everything = [line for lines in groups for line in lines]
    return "\n".join(text + notes(everything)) if everything else None


def between(document, text, begin, end, new):
    """The text with `new` between two markers; as it was where there are no results."""
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        sys.exit(f"{document}: no '{begin}' with '{end}' after it")
    return text if new is None else f"{before}{begin}\n{new}\n{end}{after}"


def update(document, results):
    with open(document) as file:
        text = file.read()
    text = between(document, text, BEGIN, END, written(results))
    text = between(document, text, BEGIN_CHAINS, END_CHAINS, chains(results))
    with open(document, "w") as file:
        file.write(text)


if __name__ == "__main__":
    update(sys.argv[2], sys.argv[1])
