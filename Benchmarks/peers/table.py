"""The results of `compare.py` as tables: python table.py RESULTS DOCUMENT writes them between the document's markers."""
import json
import sys

BEGIN, END = "<!-- begin: compare.sh -->", "<!-- end: compare.sh -->"
NAMES = {"torch": "PyTorch", "jax": "JAX", "keras": "Keras", "onnxruntime": "ONNX Runtime"}


def digits(value, count=3):
    """`count` digits that matter, without an exponent."""
    text = f"{value:.{count}g}"
    return f"{float(text):,.0f}" if "e" in text else text


def duration(milliseconds):
    return f"{digits(milliseconds)} ms" if milliseconds >= 0.1 else f"{digits(1e3 * milliseconds)} µs"


def newest(path):
    """The last result of each case and number of threads that has times."""
    found = {}
    with open(path) as file:
        for line in map(json.loads, file):
            if "median_ms" in line["ours"]:
                found[line["threads"], line["case"]] = line
    order = lambda line: (line["case"][0] != "T", line["case"])
    return [sorted((line for line in found.values() if line["threads"] == threads), key=order)
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
    groups = newest(path)
    everything = [line for lines in groups for line in lines]
    if not everything:
        return "No results yet."
    first = {line["case"]: line for line in reversed(everything)}
    order = sorted(first.values(), key=lambda line: (line["case"][0] != "T", line["case"]))
    text = rows([["case", "what", "MFLOP", "tokens"]]
                + [[line["case"], line["what"], digits(line["flops"] / 1e6, 4), f"{line['tokens']:,}"] for line in order])
    for lines in groups:
        threads = lines[0]["threads"]
        text += ["", f"### On {threads} thread{'s' * (threads > 1)}", ""] + timings(lines)
    return "\n".join(text + [""] + notes(everything))


def update(document, results):
    with open(document) as file:
        text = file.read()
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        sys.exit(f"{document}: no '{BEGIN}' with '{END}' after it")
    with open(document, "w") as file:
        file.write(f"{before}{BEGIN}\n{written(results)}\n{END}{after}")


if __name__ == "__main__":
    update(sys.argv[2], sys.argv[1])
