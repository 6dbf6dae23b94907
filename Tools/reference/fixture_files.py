"""Names, random numbers and files that the fixture scripts have in common."""

import json
import pathlib
import zlib

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save


def generator(name):
    """A random generator that depends on the name of the case only, so that cases can be added without moving others."""
    return np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))


def single(array):
    """Round to single precision, keep as double: such inputs are the same numbers for a Float and a Double test."""
    return np.asarray(array, np.float64).astype(np.float32).astype(np.float64)


def draw(random, *shape, scale=1.0):
    return single(scale * random.standard_normal(shape))


def write(folder, name, tensors, metadata):
    """Write one file, its header entries sorted, so that running a script again gives the same bytes."""
    tensors = {key: np.ascontiguousarray(value) for key, value in tensors.items()}
    data = save(tensors, {key: str(value) for key, value in metadata.items()})
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    # The library writes the metadata in an order that changes from run to run.
    header = {"__metadata__": dict(sorted(header.pop("__metadata__").items())), **header}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    assert len(text) <= size
    path = pathlib.Path(folder) / f"{name}.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data[:8] + text.ljust(size) + data[8 + size :])
    with safe_open(path, "numpy") as file:
        assert set(file.keys()) == set(tensors)
        for key, value in tensors.items():
            assert np.array_equal(file.get_tensor(key), value, equal_nan=True), (name, key)


def worst(found, expected):
    """Largest difference, relative where the expected value is larger than one."""
    expected = np.asarray(expected)
    if expected.size == 0:
        return 0.0
    return float(np.max(np.abs(np.asarray(found) - expected) / np.maximum(1.0, np.abs(expected))))
