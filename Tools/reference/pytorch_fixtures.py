"""Write the PyTorch fixtures: python pytorch_fixtures.py FOLDER"""

import pathlib
import sys

import numpy
import torch

import pytorch_ctc
import pytorch_recurrent
import pytorch_training


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1])
    metadata = {
        "torch": torch.__version__.split("+")[0], "numpy": numpy.__version__,
        "command": "python Tools/reference/pytorch_fixtures.py Tests/Fixtures/pytorch",
    }
    pytorch_recurrent.generate(folder, metadata)
    pytorch_training.generate(folder, metadata)
    pytorch_ctc.generate(folder, metadata)
    files = list(folder.glob("*.safetensors"))
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files)} bytes")


if __name__ == "__main__":
    main()
