"""Checks exported ONNX models from outside: the format, Python's ONNX Runtime, Node's, and OpenCV's DNN module.

For each file: the full onnx.checker; random uint8 images in batches of 1 and 3 through Python's onnxruntime and
onnxruntime-node, compared with each other, and the first image of three with a batch of it alone; then one image through OpenCV,
in separate processes, because an environment has one OpenCV and a missing operation can end the process. Only
suppression (NonMaxSuppression) may fail there. If the first file is a model's plain export and others are its decoded
or half-precision ones, their outputs are compared with it too.

Run: python scripts/goldens/check_onnx.py MODEL.onnx... [--opencv PYTHON]...
Needs onnx and onnxruntime, and `npm ci` for Node's. PYTHON is an interpreter with opencv-python-headless, by default
this one; pass one with version 4.11 and one with 5.0.
"""

import argparse
import json
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
const floats = session.outputNames.map((name) => Float32Array.from(results[name].data, Number));
await writeFile(output, Buffer.concat(floats.map(({ buffer }) => Buffer.from(buffer))));
"""


def run_in_node(model, images):
    """All outputs, flattened and concatenated."""
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


RUN_IN_OPENCV = """
import sys, cv2, numpy as np
model, source, target, *names = sys.argv[1:]
print(cv2.__version__, flush=True)
net = cv2.dnn.readNetFromONNX(model)
net.setInput(np.load(source), 'image')
np.savez(target, **dict(zip(names, net.forward(names))))
"""


def check_opencv(python, path, pixels, names, expected, may_fail):
    """Prints OpenCV's error, or why it cannot run the file."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "input.npy", Path(folder) / "outputs.npz"
        np.save(source, pixels)
        arguments = [python, "-c", RUN_IN_OPENCV, path, source, target, *names]
        done = subprocess.run(arguments, capture_output=True, text=True)
        label = f"  OpenCV {done.stdout.strip() or python}"
        if done.returncode != 0:
            lines = done.stderr.split("error: ")[-1].split() or [f"ended by signal {-done.returncode}"]
            print(f"{label}: cannot run it: {' '.join(lines)[:200]}")
            assert may_fail and done.stdout, path
            return
        found = np.load(target)
        for name, ours in zip(names, expected, strict=True):
            assert found[name].shape == ours.shape, (label, name, found[name].shape, ours.shape)
            difference = error(found[name], ours)
            print(f"{label}: {name} differs by {difference:.1e} at most")
            assert difference < TOLERANCE, name


def decode(logits, heads, height, width):
    """Boxes and scores of plain logits of yolo heads, in the order of a decoded export."""
    boxes, scores = [], []
    sigmoid = lambda x: 1 / (1 + np.exp(-x))
    for values, head in zip(logits, heads, strict=True):
        _, rows, columns = values.shape
        fields = values.astype(np.float64).reshape(len(head["anchors"]), -1, rows, columns)
        y, x = np.mgrid[:rows, :columns]
        scale, anchors = head["scaleXY"], np.array(head["anchors"])[:, :, None, None]
        is_linear = head.get("center") == "linear"
        offset = lambda t: t if is_linear else scale * sigmoid(t) - (scale - 1) / 2
        center = np.stack([(x + offset(fields[:, 0])) * width / columns, (y + offset(fields[:, 1])) * height / rows], 1)
        half = np.exp(fields[:, 2:4]) * anchors / 2
        boxes.append(np.concatenate([center - half, center + half], 1).transpose(0, 2, 3, 1).reshape(-1, 4))
        score = sigmoid(fields[:, 4:5]) * sigmoid(fields[:, 5:])
        scores.append(score.transpose(0, 2, 3, 1).reshape(-1, head["classes"]))
    return np.concatenate(boxes), np.concatenate(scores)


def compare_with_plain(description, names, outputs, plain, height, width):
    """Difference of a decoded or half-precision file from the plain one on the same image."""
    if plain is None or description.get("nms"):
        return
    logits, heads = plain
    boxes, scores = decode([values[0] for values in logits], heads, height, width)
    if not description.get("decoded"):
        found = decode([values[0] for values in outputs], heads, height, width)
    else:
        found = [dict(zip(names, outputs, strict=True))[name][0] for name in ("boxes", "scores")]
    seen = scores.max(1) > 0.25
    far = np.abs(found[0] - boxes)[seen].max() if seen.any() else 0
    print(f"  from the plain file: boxes {far:.1e} px, scores {np.abs(found[1] - scores).max():.1e} at most")


def check(path, plain, opencv):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    print(f"{path}: opset {model.opset_import[0].version}, {len(model.graph.node)} nodes, passes onnx.checker")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    description = json.loads(session.get_modelmeta().custom_metadata_map["micro-yolo"])
    (image,) = session.get_inputs()
    assert image.name == "image" and image.type == "tensor(uint8)", image
    height, width, channels = image.shape[1:]
    pixels = np.random.default_rng(1).integers(0, 256, (3, height, width, channels), dtype=np.uint8)
    names = [output.name for output in session.get_outputs()]
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
    first = [alone[name] for name in names]
    compare_with_plain(description, names, first, plain, height, width)
    for python in opencv:
        check_opencv(python, path, pixels[:1], names, first, may_fail=description.get("nms", False))
    heads = description.get("heads", [])
    is_yolo = heads and all(head["type"] == "yolo" for head in heads)
    return plain if plain or not is_yolo else (first, heads)


parser = argparse.ArgumentParser()
parser.add_argument("models", nargs="+")
parser.add_argument("--opencv", action="append", metavar="PYTHON")
options = parser.parse_args()
plain = None
for argument in options.models:
    plain = check(argument, plain, options.opencv or [sys.executable])
