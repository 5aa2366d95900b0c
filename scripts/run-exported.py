"""Detects with a model that `micro-yolo export --format onnx` wrote: python run-exported.py model.onnx photo.jpg"""
import json, sys
import numpy as np, onnxruntime
from PIL import Image, ImageOps

session = onnxruntime.InferenceSession(sys.argv[1])
model = json.loads(session.get_modelmeta().custom_metadata_map["micro-yolo"])
recipe, (rows, columns) = model["recipe"], session.get_inputs()[0].shape[1:3]
image = ImageOps.exif_transpose(Image.open(sys.argv[2])).convert("RGB")
size = np.array(image.size)
placed = np.array([columns, rows])
if recipe["resize"] == "letterbox":  # np.rint rounds halves to even
    placed = np.maximum(1, np.rint(size * min(columns / size[0], rows / size[1]))).astype(int)
left, top = (np.array([columns, rows]) - placed) // 2
is_area, resized = recipe["resampling"] == "area", np.asarray(image, float)
for axis, old, new in [(0, size[1], placed[1]), (1, size[0], placed[0])]:
    reach = max(1, old / new) if is_area else 1  # a triangle: `area` widens it to what a new pixel covers
    at = ((np.arange(new) + 0.5) * old / new - 0.5)[:, None]
    around = np.arange(-int(np.ceil(reach)), old + int(np.ceil(reach)))  # edge pixels repeat outside
    weights = np.maximum(0, 1 - abs(around - at) / reach)
    taken = resized.take(around.clip(0, old - 1), axis)
    resized = np.moveaxis(np.tensordot(weights / weights.sum(1, keepdims=True), taken, (1, axis)), 0, axis)
    resized = np.floor(resized + 0.5) if is_area or axis == 1 else resized
pixels = np.full((1, rows, columns, 3), recipe["fill"], np.uint8)
pixels[0, top : top + placed[1], left : left + placed[0]] = resized
found, kept, sigmoid = [], [], lambda x: 1 / (1 + np.exp(-x))
for head, out in zip(model["heads"], session.run([head["name"] for head in model["heads"]], {"image": pixels})):
    t, s = out[0].astype(float).reshape(len(head["anchors"]), -1, *out.shape[2:]), head["scaleXY"]
    cells = np.reshape([columns / t.shape[3], rows / t.shape[2]], (2, 1, 1))
    xy = (np.indices(t.shape[2:])[::-1] + (t[:, :2] if head.get("center") == "linear" else s * sigmoid(t[:, :2]) - (s - 1) / 2)) * cells
    sides = np.reshape(head["anchors"], (-1, 2, 1, 1)) * np.exp(t[:, 2:4])
    corners, scores = np.concatenate([xy - sides / 2, xy + sides / 2], 1), sigmoid(t[:, 4:5]) * sigmoid(t[:, 5:])
    found += [(scores[a, k, i, j], k, *corners[a, :, i, j]) for a, k, i, j in np.argwhere(scores > 0.25)]
for score, k, *box in sorted(found, reverse=True):  # greedy suppression, class by class
    inner = lambda b: max(0, min(box[2], b[2]) - max(box[0], b[0])) * max(0, min(box[3], b[3]) - max(box[1], b[1]))
    if not any(k == other and inner(b) > 0.45 * (inner(box) + (b[2] - b[0]) * (b[3] - b[1]) - inner(b)) for _, other, b in kept):
        kept.append((score, k, box))
for score, k, box in kept[:100]:  # back to the photo, cut at its edges
    x1, y1, x2, y2 = np.clip((np.array(box) - [left, top] * 2) * np.tile(size / placed, 2), 0, np.tile(size, 2))
    print(json.dumps({"label": model["classes"][k], "score": score, "box": [x1, y1, x2 - x1, y2 - y1]}))
