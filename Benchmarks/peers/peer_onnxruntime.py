"""ONNX Runtime on models exported from PyTorch, whose exporter writes the fused LSTM, GRU and RNN operators.

Inference only. The export runs in a process of its own, so that PyTorch's threads are not in the one that is timed.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime

from cases import CASES, checksum, data
from timing import Program

threads = 1


def prepare(count):
    global threads
    threads = count
    return {"onnxruntime": onnxruntime.__version__, "numpy": np.__version__}


def export(case, path):
    import torch

    from peer_torch import Network, tensors
    network, x = Network(case).eval(), tensors(case)["x"]
    options = {"opset_version": 17, "dynamo": False, "do_constant_folding": True, "input_names": ["x"], "output_names": ["y"]}

    class Whole(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, x):
            return self.network(x)[0]

    class Step(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = network.rnn

        def forward(self, x, h, c):
            return self.rnn(x, (h, c))[1]

    if case.kind == "stream":
        state = torch.zeros(1, 1, case.hidden)
        options |= {"input_names": ["x", "h", "c"], "output_names": ["h_new", "c_new"]}
        torch.onnx.export(Step(), (x[:1], state, state.clone()), path, **options)
    else:
        torch.onnx.export(Whole(), (x,), path, **options)


def session(case):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        subprocess.run([sys.executable, __file__, case.id, path], check=True, capture_output=True)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def whole(case):
    made, x = session(case), data(case)["x"]
    call = lambda: made.run(None, {"x": x})[0]
    return Program(call, check=lambda: [checksum(call())])


def whole_bound(case):
    made, x = session(case), data(case)["x"]
    binding, y = made.io_binding(), onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros_like(made.run(None, {"x": x})[0]))
    binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(x))
    binding.bind_ortvalue_output("y", y)

    def check():
        made.run_with_iobinding(binding)
        return [checksum(y.numpy())]

    return Program(lambda: made.run_with_iobinding(binding), check=check)


def stream(case):
    made, inputs = session(case), np.split(data(case)["x"], case.steps)
    zeros = np.zeros((1, 1, case.hidden), np.float32)

    def call():
        h, c = zeros, zeros
        for x in inputs:
            h, c = made.run(None, {"x": x, "h": h, "c": c})
        return h

    return Program(call, check=lambda: [checksum(call())], steps=case.steps)


def stream_bound(case):
    """Two bindings that take turns: what one writes, the other reads."""
    made, inputs = session(case), np.split(data(case)["x"], case.steps)
    zeros = np.zeros((1, 1, case.hidden), np.float32)
    value = lambda array: onnxruntime.OrtValue.ortvalue_from_numpy(array.copy())
    x, states, bindings = value(inputs[0]), [[value(zeros), value(zeros)] for _ in range(2)], []
    for old, new in (states, states[::-1]):
        binding = made.io_binding()
        for name, bound in zip(("x", "h", "c"), [x] + old):
            binding.bind_ortvalue_input(name, bound)
        for name, bound in zip(("h_new", "c_new"), new):
            binding.bind_ortvalue_output(name, bound)
        bindings.append(binding)

    def call():
        for part in states[0]:
            part.update_inplace(zeros)
        for index, row in enumerate(inputs):
            x.update_inplace(row)
            made.run_with_iobinding(bindings[index % 2])
        return states[len(inputs) % 2][0].numpy()

    return Program(call, check=lambda: [checksum(call())], steps=case.steps)


def variants(case):
    if case.kind == "train":
        return {}
    chosen = (stream, stream_bound) if case.kind == "stream" else (whole, whole_bound)
    return {name: lambda make=make: make(case) for name, make in zip(("run", "bound buffers"), chosen)}


if __name__ == "__main__":
    export(CASES[sys.argv[1]], sys.argv[2])
