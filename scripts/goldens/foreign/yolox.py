"""Reference for YOLOX with real weights: ONNX Runtime, OpenCV's resize, suppression in numpy.

    pip install onnx onnxruntime opencv-python-headless numpy
    python scripts/goldens/foreign/yolox.py --out OUT --data FOLDER

FOLDER has teachers/yolox_nano.onnx and photos/. In a second case the graph is reshaped to 640 px, in a third to 320 px.
"""
import shutil
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import reference


def decode(rows, side):
    """(x1, y1, x2, y2 in input pixels, scores [N, C]) of rows [N, 5 + C] that are not decoded."""
    cells, strides = [], []
    for stride in (8, 16, 32):
        y, x = np.mgrid[:side // stride, :side // stride]
        cells.append(np.stack([x, y], -1).reshape(-1, 2))
        strides.append(np.full((len(cells[-1]), 1), stride))
    cells, strides = np.concatenate(cells), np.concatenate(strides)
    centers, sides = (rows[:, :2] + cells) * strides, np.exp(rows[:, 2:4]) * strides
    return np.concatenate([centers - sides / 2, centers + sides / 2], 1), rows[:, 4:5] * rows[:, 5:]


def tensor(picture, side):
    height, width = picture.shape[:2]
    scale = min(side / width, side / height)
    w, h = int(width * scale), int(height * scale)
    padded = np.full((side, side, 3), 114, np.uint8)
    padded[:h, :w] = cv2.resize(picture[:, :, ::-1], (w, h), interpolation=cv2.INTER_LINEAR)
    return padded.transpose(2, 0, 1)[None].astype(np.float32), scale


def detect(session, picture, side, score, iou):
    values, scale = tensor(picture, side)
    boxes, scores = decode(session.run(None, {session.get_inputs()[0].name: values})[0][0], side)
    row, label = np.where(scores > score)
    kept = reference.suppress(boxes[row], scores[row, label], label, iou)
    return reference.detections(boxes[row][kept] / scale, scores[row, label][kept], label[kept]), values


def main():
    args = reference.arguments(__doc__, data={'type': Path, 'required': True})
    photos = {path.name: reference.read(path) for path in sorted((args.data / 'photos').glob('*.jpg'))}
    shown = {**reference.pictures(args.out), **photos}
    for path in sorted((args.data / 'photos').glob('*.jpg')):
        shutil.copy(path, args.out / 'pictures' / path.name)
    for side in (416, 640, 320):
        folder = args.out / f'yolox-nano-{side}'
        folder.mkdir(parents=True, exist_ok=True)
        graph = onnx.load(args.data / 'teachers/yolox_nano.onnx')
        if side == 416:
            shutil.copy(args.data / 'teachers/yolox_nano.onnx', folder / 'model.onnx')
        else:
            for axis in graph.graph.input[0].type.tensor_type.shape.dim[2:]:
                axis.dim_value = side
            graph.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 21 * (side // 32) ** 2
            del graph.graph.value_info[:]
            onnx.save(graph, folder / 'model.onnx')
        session = onnxruntime.InferenceSession(folder / 'model.onnx', providers=['CPUExecutionProvider'])
        found, inputs = {}, {}
        for name, picture in shown.items():
            found[name], values = detect(session, picture, side, 0.05, 0.65)
            inputs[name] = reference.write_inputs(folder, name, values)
        count = reference.write_case(
            folder, family='yolox', source='tools/yolox_reference.py, its suppression in numpy', classes=80,
            recipe=f'{side} px, BGR, 0-255, no normalization; sides floor(w*r), padded with 114 on the right and bottom; '
                   'OpenCV INTER_LINEAR; boxes are not cut at the picture\'s edge',
            thresholds={'score': 0.05, 'iou': 0.65}, found=found, inputs=inputs,
            sizes={name: picture.shape[1::-1] for name, picture in shown.items()})
        reference.index(args.out, folder.name, f'YOLOX-nano, real weights, {side} px, {count} detections on {len(shown)} pictures')


main()
