"""Runs one library on one case in a fresh process: python run.py torch T1 --threads 2

Prints one JSON line: first three losses (or the checksum of the output), milliseconds of a call, versions. Needs the
standard library only; the libraries lie in the environments that `setup.sh` makes, or in the Pythons that
PEERS_TORCH, PEERS_JAX, PEERS_KERAS and PEERS_HMM name (ONNX Runtime is in PyTorch's).
"""
import argparse
import json
import os
import subprocess
import sys

from timing import summary

HERE = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENTS = {"torch": "torch", "onnxruntime": "torch", "jax": "jax", "keras": "keras", "hmmlearn": "hmm", "pomegranate": "hmm"}


def python_of(peer):
    environment = ENVIRONMENTS[peer]
    root = os.environ.get("PEERS_ROOT", os.path.expanduser("~/.cache/recurrent-peers"))
    return os.environ.get(f"PEERS_{environment.upper()}", os.path.join(root, environment, "bin", "python"))


def settings(peer, threads):
    """The environment variables that hold a library to its threads and to the CPU."""
    names = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"]
    made = dict(os.environ) | {name: str(threads) for name in names}
    made |= {"TF_NUM_INTEROP_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow",
             "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "", "PYTHONDONTWRITEBYTECODE": "1"}
    if peer == "jax" and threads == 1:
        made["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return made


class Server:
    """A process that builds a case, says what it is in `about`, and then gives samples on demand."""

    def __init__(self, command, threads, environment=None):
        # On one thread everybody is held to one core.
        pin = ["taskset", "-c", "0"] if threads == 1 else []
        self.process = subprocess.Popen(pin + command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE if environment else None, text=True, cwd=HERE)
        self.about = self.answer()

    def answer(self):
        for line in self.process.stdout:
            if line.startswith("@"):
                return json.loads(line[1:])
        errors = self.process.stderr.read().strip()[-500:] if self.process.stderr else ""
        return {"failed": f"left with {self.process.wait()}: {errors}"}

    def sample(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return self.answer()

    def ticks(self):
        """Processor time so far, in clock ticks, of all its threads."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def peer_server(peer, case, threads, only_check=False):
    command = [python_of(peer), os.path.join(HERE, "serve.py"), peer, case, str(threads)] + ["check"] * only_check
    return Server(command, threads, settings(peer, threads))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=ENVIRONMENTS)
    parser.add_argument("case")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3)
    asked = parser.parse_args()
    server = peer_server(asked.peer, asked.case, asked.threads)
    line = server.about
    if "failed" not in line:
        made = server.sample(asked.seconds)
        line |= summary(made["ms"]) | {"peak_rss_mb": made["peak_rss_mb"]}
    server.close()
    print(json.dumps(line))
    return 1 if "failed" in line else 0


if __name__ == "__main__":
    sys.exit(main())
