"""Makes test/models/formats/safetensors/fixtures/python.safetensors with Python's safetensors, and checks that it reads our files.

The file holds float32, float16, an empty tensor and metadata. For the check, the library reads the golden and writes
it again, and compares what Python finds in both.

Run: python scripts/goldens/safetensors_file.py        (needs numpy, safetensors; the check needs `npm ci`)
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "test/models/formats/safetensors/fixtures/python.safetensors"

TENSORS = {
    "single": np.array([[0, 1, -1.5], [np.pi, 1e-40, -3.4e38]], dtype=np.float32),
    # Exact values of each kind: normal, largest, subnormal, zeros, infinities.
    "half": np.array([1, -2, 65504, 2**-24, -(2**-14), 0, -0.0, np.inf, -np.inf, 1 / 3], dtype=np.float16),
    "empty": np.zeros((0, 3), dtype=np.float32),
    "scalar": np.array(42, dtype=np.float32),
    "名前": np.arange(3, dtype=np.float32),
}
METADATA = {"format": "np", "note": 'line\n"quoted" é'}

COPY = """
import { readSafetensors, writeSafetensors } from './src/models/formats/safetensors/safetensors.ts';
const [from, to] = process.argv.slice(-2);
await writeSafetensors(to, await readSafetensors(from));
"""


def read(path):
    """Tensors and metadata, read with Python's safetensors."""
    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


def check(path):
    tensors, metadata = read(path)
    assert metadata == METADATA, metadata
    assert set(tensors) == set(TENSORS), set(tensors)
    for name, expected in TENSORS.items():
        assert tensors[name].dtype == expected.dtype and tensors[name].shape == expected.shape, name
        assert tensors[name].tobytes() == expected.tobytes(), name


save_file(TENSORS, TARGET, metadata=METADATA)
check(TARGET)
with tempfile.TemporaryDirectory() as folder:
    copy = Path(folder) / "copy.safetensors"
    node = ["node", "--import", "tsx", "--input-type=module", "--eval", COPY, TARGET, copy]
    subprocess.run(node, check=True, cwd=ROOT)
    check(copy)
print(f"{TARGET}: {TARGET.stat().st_size} bytes; Python reads our copy of it alike")
