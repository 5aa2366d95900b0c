"""Twins of YOLOv5 to v10 and their kin: letterboxed, rows of center, size and scores, or end to end."""
import json

import numpy as np
import onnx
from decoding import best, corners, cut, placed, sigmoid, suppressed
from graph import CHANNELS, cells
from preparing import unit
from twin_parts import BLOOD, COCO, S, V4_ANCHORS, V5_ANCHORS, cell_count, flat_head


def yolov5(classes=80, raw_maps=False, metadata=True, v7=False):
    table = V4_ANCHORS if v7 else V5_ANCHORS
    names = {80: COCO, 3: BLOOD, 1: ['cell']}[classes]
    n = 3 * cell_count()

    def build(g):
        maps, decoded = [], []
        for level, stride in zip(g.trunk('images', (8, 16, 32)), (8, 16, 32)):
            side, rows = S // stride, []
            for width, height in table[stride]:
                box = g.conv(level, CHANNELS, 4, std=1.5)
                scores = g.conv(level, CHANNELS, 1 + classes, std=2.0, above=(0.3, 40 + 2 * classes))
                one = g.rows(g.concat([box, scores], 1), 5 + classes)
                rows.append(one)
                on = g.op('Sigmoid', one)
                xy, wh, rest = g.split(on, 2, [2, 2, 1 + classes])
                xy = g.op('Mul', g.op('Add', g.op('Mul', xy, np.float32(2)), g.op('Sub', g.grid(S, stride), np.float32(0.5))), np.float32(stride))
                wh = g.op('Mul', g.op('Pow', g.op('Mul', wh, np.float32(2)), np.float32(2)), np.float32([[[width, height]]]))
                decoded.append(g.concat([xy, wh, rest], 2))
            maps.append(g.op('Reshape', g.concat([g.op('Unsqueeze', r, np.array([1])) for r in rows], 1),
                             np.array([1, 3, side, side, 5 + classes])))
        everything = g.concat(decoded, 1)
        if raw_maps != 'only':
            g.output(everything, 'output' if v7 or raw_maps else 'output0', 'f32', [1, n, 5 + classes])
        if raw_maps:
            for name, m, stride in zip(('classes', 'boxes', '345') if raw_maps == 'only' else ('345', '403', '461'), maps, (8, 16, 32)):
                g.output(m, name, 'f32', [1, 3, S // stride, S // stride, 5 + classes])

    def decode(out, place, size):
        if raw_maps == 'only':
            parts = []
            for stride, m in zip((8, 16, 32), out.values()):
                m = sigmoid(m[0])
                grid = cells(S, stride).reshape(S // stride, S // stride, 2)
                anchors = np.array(table[stride], float).reshape(3, 1, 1, 2)
                parts.append(np.concatenate([(m[..., :2] * 2 - 0.5 + grid) * stride, (m[..., 2:4] * 2) ** 2 * anchors, m[..., 4:]], -1)
                             .reshape(-1, 5 + classes))
            rows = np.concatenate(parts)
        else:
            rows = next(iter(out.values()))[0]
        scores = rows[:, 4:5] if v7 and classes == 1 else rows[:, 4:5] * rows[:, 5:]
        return cut(placed(suppressed(best(corners(rows[:, :2], rows[:, 2:4]), scores, 0.25), 0.45), place), size)

    meta = {'names': str(dict(enumerate(names))), 'stride': '32'} if metadata else {}
    return dict(family='yolov7' if v7 else 'yolov5', classes=classes, names=names if metadata else None, prepare=unit('images', back='margins'),
                inputs=[('images', 'f32', [1, 3, S, S])], build=build, decode=decode, metadata=meta,
                thresholds={'score': 0.25, 'iou': 0.45, 'maxDetections': 300},
                recipe='RGB /255, letterbox centered, 114, mapped back by one unrounded scale and unrounded margins; cx, cy, w, h px decoded; objectness x class, both sigmoids inside'
                       + ('; raw maps beside: ignore them' if raw_maps is True else '')
                       + ('; only three raw maps [1, 3, h, w, 5 + C] of logits, misleadingly named' if raw_maps == 'only' else ''))


def yolov7_end2end():
    def build(g):
        boxes, scores = flat_head(g, 'images', 80, 'xyxy')
        kept, values, labels = g.suppressed(boxes, g.op('Transpose', scores, perm=[0, 2, 1]), 0.45, 0.25, 100)
        labels = g.op('Unsqueeze', g.floats(labels), np.array([1]))
        g.output(g.concat([g.op('Mul', values, np.float32(0)), kept, labels, values], 1), 'output', 'f32', ['n', 7])

    def decode(out, place, size):
        rows = out['output']
        return cut(placed((rows[:, 1:5], rows[:, 6], rows[:, 5].astype(int)), place), size)

    return dict(family='yolov7-end2end', classes=80, prepare=unit('images', back='margins'), inputs=[('images', 'f32', [1, 3, S, S])],
                build=build, decode=decode, thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100},
                recipe='RGB /255, letterbox centered, 114, mapped back by one unrounded scale and unrounded margins; rows [n, 7]: batch, x1, y1, x2, y2, class, score')


def yolov8(classes=80, metadata='v8', form='cxcywh', half=False):
    names = {80: COCO, 3: BLOOD, 1: ['cell']}[classes]

    def build(g):
        x = g.floats('images') if half else 'images'
        boxes, scores = flat_head(g, x, classes, form)
        out = g.op('Transpose', g.concat([boxes, scores], 2), perm=[0, 2, 1])
        g.output(g.op('Cast', out, to=onnx.TensorProto.FLOAT16) if half else out, 'output0', 'f16' if half else 'f32',
                 [1, 4 + classes, cell_count()])

    def decode(out, place, size):
        rows = out['output0'][0].T.astype(np.float64)
        boxes = rows[:, :4] if form == 'xyxy' else corners(rows[:, :2], rows[:, 2:4])
        iou = 0.45 if metadata == 'libreyolo' else 0.7
        return cut(placed(suppressed(best(boxes, rows[:, 4:], 0.25), iou), place), size)

    meta = {'v8': {'names': str(dict(enumerate(names))), 'task': 'detect', 'imgsz': f'[{S}, {S}]', 'stride': '32', 'batch': '1'},
            'libreyolo': {'model_family': 'yolo9', 'names': json_names(names), 'imgsz': str(S)},
            None: {}}[metadata]
    base = unit('images')
    prepare = (lambda p: (lambda f, place: ({'images': f['images'].astype(np.float16)}, place))(*base(p))) if half else base
    return dict(family='libreyolo-yolo9' if metadata == 'libreyolo' else 'yolov8', classes=classes,
                names=names if metadata else None, prepare=prepare,
                inputs=[('images', 'f16' if half else 'f32', [1, 3, S, S])], build=build, decode=decode, metadata=meta,
                thresholds={'score': 0.25, 'iou': 0.45 if metadata == 'libreyolo' else 0.7, 'maxDetections': 300},
                recipe=f'RGB /255, letterbox centered, 114, mapped back by each axis\'s rounded side; output0 [1, 4 + C, N], {form} px, sigmoid inside'
                       + ('; LibreYOLO\'s own letterbox is not checked here' if metadata == 'libreyolo' else ''))


def json_names(names):
    return json.dumps({str(i): name for i, name in enumerate(names)})


def end2end(metadata=True):
    def build(g):
        boxes, scores = flat_head(g, 'images', 80, 'xyxy')
        top = g.op('ReduceMax', scores, axes=[2], keepdims=0)
        label = g.op('ArgMax', scores, axis=2, keepdims=0)
        values, order = g.op('TopK', top, np.array([300]), outputs=2, axis=1)
        order = g.op('Squeeze', order, np.array([0]))
        kept = g.op('Gather', boxes, order, axis=1)
        label = g.floats(g.op('Gather', label, order, axis=1))
        g.output(g.concat([kept, g.op('Unsqueeze', values, np.array([2])), g.op('Unsqueeze', label, np.array([2]))], 2),
                 'output0', 'f32', [1, 300, 6])

    def decode(out, place, size):
        rows = out['output0'][0]
        rows = rows[rows[:, 4] > 0.25]
        return cut(placed((rows[:, :4], rows[:, 4], rows[:, 5].astype(int)), place), size)

    meta = {'names': str(dict(enumerate(COCO))), 'task': 'detect', 'imgsz': f'[{S}, {S}]', 'stride': '32', 'batch': '1',
            'end2end': 'True'} if metadata else {}
    return dict(family='end2end', classes=80, names=COCO if metadata else None, prepare=unit('images'),
                inputs=[('images', 'f32', [1, 3, S, S])], build=build, decode=decode, metadata=meta,
                thresholds={'score': 0.25, 'maxDetections': 300},
                recipe='RGB /255, letterbox centered, 114, mapped back by each axis\'s rounded side; output0 [1, 300, 6] x1, y1, x2, y2, score, class; no suppression')
