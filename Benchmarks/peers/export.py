"""Writes cases as .safetensors, for programs in other languages: python export.py DIRECTORY [T1 I2 H1.em …]

`param.…` are the parameters, the rest what `data` of `cases` or `chains` gives, and for cases without a loss `checksum.weights`, of which
the checksum is the dot product with the output over √size. Sizes, nominal operations and tokens stand in the metadata.
"""
import json
import os
import struct
import sys
from dataclasses import asdict

import numpy as np

import cases
import chains
from cases import CASES
from chains import CHAINS

TYPES = {"float32": "F32", "float64": "F64", "int64": "I64", "bool": "BOOL"}


def write(path, tensors, metadata):
    header, blobs, end = {"__metadata__": metadata}, [], 0
    for name in sorted(tensors, key=lambda name: (-tensors[name].itemsize, name)):
        blob = np.ascontiguousarray(tensors[name]).tobytes()
        header[name] = {"dtype": TYPES[str(tensors[name].dtype)], "shape": list(tensors[name].shape),
                        "data_offsets": [end, end + len(blob)]}
        blobs.append(blob)
        end += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    # Under its own name only once it is whole: another process may be waiting for it.
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    os.replace(path + ".part", path)


def output_size(case):
    if case.kind == "stream":
        return case.hidden
    return (case.head or case.width) * case.batch * (1 if case.last else case.steps)


def export(case, folder):
    source = chains if case.id in CHAINS else cases
    tensors = source.data(case)
    if source is cases:
        tensors |= {"param." + name: value for name, value in cases.parameters(case).items()}
    if case.kind != "train":
        size = chains.output_size(case) if source is chains else output_size(case)
        tensors["checksum.weights"] = np.random.default_rng(12345).standard_normal(size)
    metadata = {name: str(int(value) if isinstance(value, bool) else value) for name, value in asdict(case).items()}
    metadata |= {"flops": str(source.flops(case)), "tokens": str(source.tokens(case))}
    write(os.path.join(folder, case.id + ".safetensors"), tensors, metadata)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-") or not set(sys.argv[2:]) <= set(CASES | CHAINS):
        sys.exit(__doc__)
    os.makedirs(sys.argv[1], exist_ok=True)
    for name in sys.argv[2:] or CASES | CHAINS:
        export((CASES | CHAINS)[name], sys.argv[1])
