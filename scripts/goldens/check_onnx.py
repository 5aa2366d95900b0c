"""Checks exported ONNX models from outside, and that Node's ONNX Runtime computes what Python's does.

For each file: onnx.checker in full; then random uint8 images in batches of 1 and 3 through Python's onnxruntime
and onnxruntime-node, compared with each other, and the first image of three with it alone.

Run: python scripts/goldens/check_onnx.py MODEL.onnx...        (needs onnx, onnxruntime; `npm ci` for Node's)
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

ROOT = Path(__file__).parents[2]
TOLERANCE = 1e-4

RUN_IN_NODE = """
import { readFile, writeFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
const [model, input, output, shape] = process.argv.slice(-4);
const session = await InferenceSession.create(model);
const feed = new Tensor('uint8', new Uint8Array(await readFile(input)), JSON.parse(shape));
const results = await session.run({ image: feed });
await writeFile(output, Buffer.concat(session.outputNames.map((name) => Buffer.from(results[name].data.buffer))));
"""


def run_in_node(model, images):
    """All outputs, flat and one after another."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "input.bin", Path(folder) / "output.bin"
        source.write_bytes(images.tobytes())
        arguments = [Path(model).resolve(), source, target, str(list(images.shape))]
        node = ["node", "--input-type=module", "--eval", RUN_IN_NODE, *arguments]
        subprocess.run(node, check=True, cwd=ROOT)
        return np.frombuffer(target.read_bytes(), dtype="<f4")


def error(actual, expected):
    """Largest difference relative to max(1, |expected|)."""
    return float(np.max(np.abs(actual - expected) / np.maximum(1, np.abs(expected))))


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    print(f"{path}: opset {model.opset_import[0].version}, {len(model.graph.node)} nodes, passes onnx.checker")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (image,) = session.get_inputs()
    assert image.name == "image" and image.type == "tensor(uint8)", image
    height, width, channels = image.shape[1:]
    pixels = np.random.default_rng(1).integers(0, 256, (3, height, width, channels), dtype=np.uint8)
    alone = {}
    for batch in (1, 3):
        images = pixels[:batch]
        outputs = session.run(None, {"image": images})
        for head, values in zip(session.get_outputs(), outputs, strict=True):
            declared = [batch if size == "batch" else size for size in head.shape]
            assert list(values.shape) == declared, (head.name, values.shape, declared)
            assert np.isfinite(values).all(), head.name
            print(f"  batch {batch}: {head.name} {values.shape}, {values.min():.3f} to {values.max():.3f}")
            if batch > 1:
                assert error(values[:1], alone[head.name]) < TOLERANCE, head.name
            else:
                alone[head.name] = values
        difference = error(run_in_node(path, images), np.concatenate([values.ravel() for values in outputs]))
        print(f"  batch {batch}: onnxruntime-node differs by {difference:.1e} at most")
        assert difference < TOLERANCE


for argument in sys.argv[1:]:
    check(argument)
