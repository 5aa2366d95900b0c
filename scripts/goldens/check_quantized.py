"""Runs an ONNX file that takes photos, uint8 [1, height, width, 3], in Python's ONNX Runtime.

    python check_quantized.py MODEL.onnx OUTPUTS.json        (needs numpy, onnxruntime)

check-quantized.ts runs it. The image is that script's. Prints for each output its largest difference from
OUTPUTS.json, and its largest value.
"""

import json
import sys

import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
(port,) = session.get_inputs()
with open(sys.argv[2]) as file:
    ours = json.load(file)
height, width = ours["input"]
pixels = ((np.arange(3 * height * width, dtype=np.uint64) * 2654435761) % 2**32 >> 24).astype(np.uint8)
feeds = {port.name: pixels.reshape(1, height, width, 3)}
for output, value in zip(session.get_outputs(), session.run(None, feeds)):
    found = np.array(ours["outputs"][output.name], np.float32)
    difference = float(np.abs(found - value.ravel()).max())
    print(json.dumps({"output": output.name, "difference": difference, "largest": float(np.abs(value).max())}))
