"""Checks that OpenCV reads what `export --format darknet` writes, and computes the same as ONNX Runtime with the ONNX export.

For each model: both exports into a temporary folder; a noise image of the network's size through both; the largest
difference of the outputs, decoded here from the ONNX file's logits: rows of center and size over the input's, objectness,
and objectness x probability of each class; of a classifier, its scores.

    pip install 'opencv-python-headless<4.12' onnxruntime numpy     # OpenCV 5 no longer reads Darknet files
    python scripts/goldens/darknet_out.py MODEL...                  # safetensors, .cfg, or a model's name
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 1e-4


def export(model, kind, out):
    command = ['npx', 'tsx', 'src/cli/main.ts', 'export', model, '--format', kind, '--out', str(out)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype(np.float64)))


def rows_of(logits, head, side):
    """A yolo head's rows over y, x, anchor, as OpenCV has them."""
    anchors, classes, scale = np.array(head['anchors']), head['classes'], head.get('scaleXY', 1)
    _, height, width = logits.shape
    fields = logits.reshape(len(anchors), 5 + classes, height, width).transpose(2, 3, 0, 1).astype(np.float64)
    y, x = np.mgrid[:height, :width][..., None]
    offsets = sigmoid(fields[..., :2]) * scale - (scale - 1) / 2
    centers = np.stack([(x + offsets[..., 0]) / width, (y + offsets[..., 1]) / height], -1)
    sizes = np.exp(fields[..., 2:4]) * anchors / np.array(side)
    objectness = sigmoid(fields[..., 4:5])
    rows = np.concatenate([centers, sizes, objectness, objectness * sigmoid(fields[..., 5:])], -1)
    return rows.reshape(-1, 5 + classes)


def check(model):
    with tempfile.TemporaryDirectory() as folder:
        cfg, file = Path(folder) / 'model.cfg', Path(folder) / 'model.onnx'
        export(model, 'darknet', cfg)
        export(model, 'onnx', file)
        # A .cfg from Darknet is kept unchanged, so OpenCV would zero class scores below 0.2.
        text = cfg.read_text()
        cfg.write_text(text if 'thresh=0\n' in text else text.replace('[yolo]', '[yolo]\nthresh=0'))
        session = onnxruntime.InferenceSession(str(file), providers=['CPUExecutionProvider'])
        _, height, width, _ = session.get_inputs()[0].shape
        heads = json.loads(session.get_modelmeta().custom_metadata_map['micro-yolo'])['heads']
        pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
        logits = session.run([head['name'] for head in heads], {'image': pixels[None]})
        try:
            net = cv2.dnn.readNetFromDarknet(str(cfg), str(cfg.with_suffix('.weights')))
        except cv2.error as failure:
            print(f'{model}: OpenCV {cv2.__version__} cannot read it: {failure.err}')
            return False
        net.setInput(cv2.dnn.blobFromImage(pixels, 1 / 255, (width, height)))
        found = net.forward(net.getUnconnectedOutLayersNames())
    largest = 0
    for head, ours, theirs in zip(heads, logits, found, strict=True):
        if head['type'] == 'region':
            print(f"{model}: head {head['name']} is a region, which OpenCV suppresses: not compared")
            continue
        expected = ours.ravel() if head['type'] == 'classes' else rows_of(ours[0], head, (width, height)).ravel()
        difference = np.abs(theirs.ravel() - expected) / np.maximum(1, np.abs(expected))
        largest = max(largest, float(difference.max()))
    print(f'{model}: {len(heads)} outputs, OpenCV {cv2.__version__} differs by {largest:.1e} at most')
    return largest < TOLERANCE


failed = [model for model in sys.argv[1:] if not check(model)]
sys.exit(f'differs: {", ".join(failed)}' if failed else 0)
