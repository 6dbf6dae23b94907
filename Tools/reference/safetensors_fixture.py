"""Writes the fixture that RecurrentInterchangeTests reads, and checks files that this package wrote.

    pip install safetensors==0.8.0 numpy
    python safetensors_fixture.py write Tests/Fixtures/safetensors/all-types.safetensors
    python safetensors_fixture.py check FILE

`check` requires FILE to hold exactly the fixture's content, whoever wrote it. The content is made from formulas
(`content` below), which SafeTensorsPythonTests.swift states again for itself.
"""

import sys

import numpy as np
from safetensors import TensorSpec, deserialize, serialize

METADATA = {"made by": 'reference "safetensors"\n\u00e9'}


def content():
    """Name -> (dtype in the file, shape, little-endian bytes)."""
    ramp = np.arange(6).reshape(2, 3)
    arrays = {
        "b.float64": ("float64", "F64", (ramp / 7).astype("<f8")),
        "a.float64": ("float64", "F64", np.array([np.inf, -0.0, 5e-324], "<f8")),
        "float32": ("float32", "F32", (ramp / 7).astype("<f4")),
        "float16": ("float16", "F16", np.array([1.5, -65504, 2**-24, -np.inf, 0.1], "<f2")),
        "int64": ("int64", "I64", np.array([-(2**63), 2**63 - 1], "<i8")),
        "int32": ("int32", "I32", np.array([[-(2**31)], [2**31 - 1]], "<i4")),
        "int16": ("int16", "I16", np.array([-32768, 32767], "<i2")),
        "int8": ("int8", "I8", np.array([-128, 127], "i1")),
        "uint8": ("uint8", "U8", np.array([0, 255], "u1")),
        "bool": ("bool", "BOOL", np.array([True, False, True], "?")),
        "scalar": ("float32", "F32", np.array(2.5, "<f4")),
        "empty": ("float32", "F32", np.zeros((0, 3), "<f4")),
        'caf\u00e9 "quoted"/\t': ("uint8", "U8", np.array([7], "u1")),
        # bfloat16 is the upper half of float32: 1, -2, 3.140625.
        "bfloat16": ("bfloat16", "BF16", np.array([0x3F80, 0xC000, 0x4049], "<u2")),
    }
    return {
        name: (dtype, code, list(array.shape), array)
        for name, (dtype, code, array) in arrays.items()
    }


def write(path):
    tensors = content()
    specs = {
        name: TensorSpec(dtype=dtype, shape=shape, data_ptr=array.ctypes.data, data_len=array.nbytes)
        for name, (dtype, _, shape, array) in tensors.items()
    }
    with open(path, "wb") as file:
        file.write(bytes(serialize(specs, metadata=METADATA)))


def check(path):
    with open(path, "rb") as file:
        found = dict(deserialize(file.read()))
    expected = content()
    assert found.keys() == expected.keys(), (found.keys(), expected.keys())
    for name, (_, code, shape, array) in expected.items():
        tensor = found[name]
        assert tensor["dtype"] == code, (name, tensor["dtype"])
        assert list(tensor["shape"]) == shape, (name, tensor["shape"])
        assert bytes(tensor["data"]) == array.tobytes(), name
    print(f"{path}: {len(found)} tensors, bit-equal")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "check"):
        sys.exit(__doc__)
    {"write": write, "check": check}[sys.argv[1]](sys.argv[2])
