"""Twins of detectors: tiny random graphs with a family's names, shapes, types and encoding, and their detections.

    pip install onnx onnxruntime opencv-python-headless numpy
    python scripts/goldens/foreign/twins.py --out OUT [--only yolov5 …]

No weights and no code of a family are in them. What the outputs mean is decoded here, in numpy, apart from the library.
Every function gives a twin: (family, classes, preprocess, inputs, build, decode, thresholds, recipe, more).
"""
import json
import shutil

import cv2
import numpy as np
import onnx
import onnxruntime
import reference
from graph import CHANNELS, Graph, cells

S = 160
COCO = reference.coco_names()
BLOOD = ['RBC', 'WBC', 'Platelets']
IMAGENET = np.float32([123.675, 116.28, 103.53]), np.float32([58.395, 57.12, 57.375])
V5_ANCHORS = {8: [(10, 13), (16, 30), (33, 23)], 16: [(30, 61), (62, 45), (59, 119)], 32: [(116, 90), (156, 198), (373, 326)]}
V4_ANCHORS = {8: [(12, 16), (19, 36), (40, 28)], 16: [(36, 75), (76, 55), (72, 146)], 32: [(142, 110), (192, 243), (459, 401)]}
LOGIT = -1.1  # a little under 0.25


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype(np.float64)))


# Pictures to inputs. Each gives (uint8 RGB [S, S, 3], (scale x, scale y, left, top)).

def centered(picture, side, pad=114, longest=None):
    height, width = picture.shape[:2]
    scale = (longest or side) / max(height, width)
    w, h = round(width * scale), round(height * scale)
    left, top = round((side - w) / 2 - 0.1), round((side - h) / 2 - 0.1)
    out = np.full((side, side, 3), pad, np.uint8)
    out[top:top + h, left:left + w] = cv2.resize(picture, (w, h), interpolation=cv2.INTER_LINEAR)
    return out, (scale, scale, left, top)


def cornered(picture, side, pad=114, rounding=int):
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    w, h = rounding(width * scale), rounding(height * scale)
    out = np.full((side, side, 3), pad, np.uint8)
    out[:h, :w] = cv2.resize(picture, (w, h), interpolation=cv2.INTER_LINEAR)
    return out, (scale, scale, 0, 0)


def stretched(picture, side):
    height, width = picture.shape[:2]
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_LINEAR), (side / width, side / height, 0, 0)


def planes(pixels):
    """uint8 [h, w, 3] as float32 [1, 3, h, w]."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None].astype(np.float32))


def unit(name, shape=centered, side=S, **options):
    """RGB / 255 under one name."""
    def prepare(picture):
        pixels, place = shape(picture, side, **options)
        return {name: planes(pixels) / np.float32(255)}, place
    return prepare


def raw(name, shape, side=S, bgr=False, **options):
    """0 to 255 under one name."""
    def prepare(picture):
        pixels, place = shape(picture, side, **options)
        return {name: planes(pixels[:, :, ::-1] if bgr else pixels)}, place
    return prepare


def normalized(name, shape, side=S, bgr=False, unit_range=False, **options):
    """ImageNet's mean and deviation; in BGR order the means go with their colors (103.53, 116.28, 123.675).

    NanoDet's and RTMDet's deviations in BGR are 57.375, 57.12, 58.395: ImageNet's too.
    """
    mean, std = IMAGENET

    def prepare(picture):
        pixels, place = shape(picture, side, **options)
        values = ((pixels.astype(np.float32) - mean) / std).astype(np.float32)
        values = values[:, :, ::-1] if bgr else values
        return {name: np.ascontiguousarray(values.transpose(2, 0, 1)[None])}, place
    return prepare


# Outputs to detections, in input pixels.

def corners(centers, sides):
    return np.concatenate([centers - sides / 2, centers + sides / 2], -1)


def best(boxes, scores, threshold):
    """The best class of each box."""
    label = scores.argmax(1)
    top = scores[np.arange(len(scores)), label]
    keep = top > threshold
    return boxes[keep], top[keep], label[keep]


def every(boxes, scores, threshold):
    """Every class of each box."""
    row, label = np.where(scores > threshold)
    return boxes[row], scores[row, label], label


def suppressed(found, iou, most=300):
    boxes, scores, labels = found
    kept = reference.suppress(boxes, scores, labels, iou)[:most]
    return boxes[kept], scores[kept], labels[kept]


def limited(found, most):
    boxes, scores, labels = found
    order = np.argsort(-scores, kind='stable')[:most]
    return boxes[order], scores[order], labels[order]


def placed(found, place):
    """From input pixels to the picture's."""
    sx, sy, left, top = place
    boxes = (found[0].astype(np.float64) - [left, top, left, top]) / [sx, sy, sx, sy]
    return boxes, found[1], found[2]


def cut(found, size):
    width, height = size
    return found[0].clip(0, [width, height, width, height]), found[1], found[2]


def count(shape):
    return int(np.prod(shape))


# The families.

def yolov5(classes=80, raw_maps=False, metadata=True, v7=False):
    table = V4_ANCHORS if v7 else V5_ANCHORS
    names = {80: COCO, 3: BLOOD, 1: ['cell']}[classes]
    n = 3 * count((S // 8, S // 8)) + 3 * count((S // 16, S // 16)) + 3 * count((S // 32, S // 32))

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
    return dict(family='yolov7' if v7 else 'yolov5', classes=classes, names=names if metadata else None, prepare=unit('images'),
                inputs=[('images', 'f32', [1, 3, S, S])], build=build, decode=decode, metadata=meta,
                thresholds={'score': 0.25, 'iou': 0.45, 'maxDetections': 300},
                recipe='RGB /255, letterbox centered, 114; cx, cy, w, h px decoded; objectness x class, both sigmoids inside'
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

    return dict(family='yolov7-end2end', classes=80, prepare=unit('images'), inputs=[('images', 'f32', [1, 3, S, S])],
                build=build, decode=decode, thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100},
                recipe='RGB /255, letterbox centered, 114; rows [n, 7]: batch, x1, y1, x2, y2, class, score')


def flat_head(g, x, classes, form, per_level=25, strides=(8, 16, 32), side=S):
    """(boxes [1, N, 4] in px, scores [1, N, C]) of one prediction a cell, decoded inside: 'xyxy' or 'cxcywh'."""
    boxes, scores = [], []
    for level, stride in zip(g.trunk(x, strides), strides):
        ltrb = g.op('Exp', g.head(level, 4, std=0.5, mean=0.9))
        near, far = g.split(ltrb, 2, [2, 2])
        middle = g.op('Add', g.grid(side, stride), np.float32(0.5))
        low = g.op('Mul', g.op('Sub', middle, near), np.float32(stride))
        high = g.op('Mul', g.op('Add', middle, far), np.float32(stride))
        if form == 'xyxy':
            boxes.append(g.concat([low, high], 2))
        else:
            boxes.append(g.concat([g.op('Mul', g.op('Add', low, high), np.float32(0.5)), g.op('Sub', high, low)], 2))
        scores.append(g.op('Sigmoid', g.head(level, classes, std=2.0, above=(LOGIT, per_level))))
    return g.concat(boxes, 1), g.concat(scores, 1)


def cell_count(strides=(8, 16, 32), side=S):
    return sum((-(-side // stride)) ** 2 for stride in strides)


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
                recipe=f'RGB /255, letterbox centered, 114; output0 [1, 4 + C, N], {form} px, sigmoid inside'
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
                recipe='RGB /255, letterbox centered, 114; output0 [1, 300, 6] x1, y1, x2, y2, score, class; no suppression')


def yolox(classes=80, decoded=False, edge=False):
    def build(g):
        rows = []
        x = 'input_0' if edge else 'images'
        for level, stride in zip(g.trunk(x, (8, 16, 32)), (8, 16, 32)):
            xy, wh = g.head(level, 2, std=1.0), g.head(level, 2, std=0.5, mean=1.2)
            scores = g.op('Sigmoid', g.head(level, 1 + classes, std=2.0, above=(0.3, 40 + 2 * classes)))
            if decoded or edge:
                xy = g.op('Mul', g.op('Add', xy, g.grid(S, stride)), np.float32(stride))
                wh = g.op('Mul', g.op('Exp', wh), np.float32(stride))
            rows.append(g.concat([xy, wh, scores], 2))
        g.output(g.concat(rows, 1), 'output_0' if edge else 'output', 'f32', [1, cell_count(), 5 + classes])

    def decode(out, place, size):
        rows = next(iter(out.values()))[0].astype(np.float64)
        if not (decoded or edge):
            grid = np.concatenate([cells(S, s) for s in (8, 16, 32)])
            strides = np.concatenate([np.full((len(cells(S, s)), 1), s) for s in (8, 16, 32)])
            rows = np.concatenate([(rows[:, :2] + grid) * strides, np.exp(rows[:, 2:4]) * strides, rows[:, 4:]], 1)
        return placed(suppressed(every(corners(rows[:, :2], rows[:, 2:4]), rows[:, 4:5] * rows[:, 5:], 0.25), 0.65, 1000), place)

    name = 'input_0' if edge else 'images'
    return dict(family='edgeyolo' if edge else 'yolox (decoded)' if decoded else 'yolox', classes=classes,
                names=BLOOD if edge else None, prepare=raw(name, cornered, bgr=True),
                inputs=[(name, 'f32', [1, 3, S, S])], build=build, decode=decode,
                beside={'model.json': {'names': BLOOD, 'img_size': [S, S]}} if edge else {},
                thresholds={'score': 0.25, 'iou': 0.65, 'maxDetections': 1000},
                recipe='BGR 0-255, sides floor(w*r), 114 on the right and bottom; '
                       + ('cx, cy, w, h px decoded inside' if decoded or edge else '(xy + cell)*s, exp(wh)*s')
                       + '; objectness x class, sigmoids inside; every class of a cell; boxes not cut')


def nanodet(side=320, classes=80, plus=True):
    strides = (8, 16, 32, 64) if plus else (8, 16, 32)

    def build(g):
        rows = []
        for level, stride in zip(g.trunk('data', strides), strides):
            scores = g.op('Sigmoid', g.head(level, classes, std=2.0, above=(LOGIT, 25)))
            rows.append(g.concat([scores, g.head(level, 32, std=3.0)], 2))
        g.output(g.concat(rows, 1), 'output', 'f32', [1, cell_count(strides, side), classes + 32])

    def decode(out, place, size):
        rows = out['output'][0].astype(np.float64)
        distances = rows[:, classes:].reshape(-1, 4, 8)
        distances = np.exp(distances - distances.max(-1, keepdims=True))
        distances = (distances / distances.sum(-1, keepdims=True)) @ np.arange(8)
        grid = np.concatenate([cells(side, s) for s in strides])
        s = np.concatenate([np.full((len(cells(side, s)), 1), s) for s in strides])
        middle = (grid + (0 if plus else 0.5)) * s
        boxes = np.concatenate([middle - distances[:, :2] * s, middle + distances[:, 2:] * s], 1).clip(0, side)
        return cut(placed(suppressed(every(boxes, rows[:, :classes], 0.25), 0.6, 100), place), size)

    shape = stretched if plus else lambda p, s: centered(p, s, pad=0)
    return dict(family='nanodet-plus' if plus else 'nanodet', classes=classes, prepare=normalized('data', shape, side, bgr=True),
                inputs=[('data', 'f32', [1, 3, side, side])], build=build, decode=decode,
                thresholds={'score': 0.25, 'iou': 0.6, 'maxDetections': 100},
                recipe='BGR, (x - [103.53, 116.28, 123.675]) / [57.375, 57.12, 58.395]; '
                       + ('stretched, INTER_LINEAR; softmax(8)*s from (x*s, y*s)' if plus else 'letterbox centered, black; softmax(8)*s from ((x+0.5)*s, (y+0.5)*s)')
                       + '; classes first; boxes cut at the input, then at the picture; every class of a cell')


def picodet(form):
    strides = (8, 16, 32, 64)

    def build(g):
        levels = g.trunk('image', strides)
        if form == 'raw':
            scores = [g.op('Sigmoid', g.head(level, 80, std=2.0, above=(LOGIT, 25))) for level in levels]
            distances = [g.head(level, 32, std=3.0) for level in levels]
            for k, x in enumerate(scores):
                g.output(x, f'transpose_{2 * k}.tmp_0', 'f32', [1, (-(-S // strides[k])) ** 2, 80])
            for k, x in enumerate(distances):
                g.output(x, f'transpose_{2 * k + 1}.tmp_0', 'f32', [1, (-(-S // strides[k])) ** 2, 32])
            return
        boxes, scores = flat_head(Levels(g, levels), None, 80, 'xyxy', 25, strides)
        scores = g.op('Transpose', scores, perm=[0, 2, 1])
        if form == 'boxes':
            g.output(boxes, 'tmp_16', 'f32', [1, cell_count(strides), 4])
            g.output(scores, 'concat_4.tmp_0', 'f32', [1, 80, cell_count(strides)])
            return
        paddle_rows(g, boxes, scores, 0.6, 0.25, 'multiclass_nms3_0')

    def decode(out, place, size):
        if form == 'rows':
            rows = out['multiclass_nms3_0.tmp_0']
            return rows[:, 2:6], rows[:, 1], rows[:, 0].astype(int)
        if form == 'boxes':
            boxes, scores = out['tmp_16'][0], out['concat_4.tmp_0'][0].T
        else:
            boxes, scores = [], []
            for k, s in enumerate(strides):
                d = out[f'transpose_{2 * k + 1}.tmp_0'][0].astype(np.float64).reshape(-1, 4, 8)
                d = np.exp(d) / np.exp(d).sum(-1, keepdims=True) @ np.arange(8)
                middle = (cells(S, s) + 0.5) * s
                boxes.append(np.concatenate([middle - d[:, :2] * s, middle + d[:, 2:] * s], 1))
                scores.append(out[f'transpose_{2 * k}.tmp_0'][0])
            boxes, scores = np.concatenate(boxes), np.concatenate(scores)
        return cut(placed(suppressed(every(boxes, scores, 0.25), 0.6), place), size)

    base = normalized('image', stretched)

    def prepare(picture):
        feeds, place = base(picture)
        if form == 'rows':
            feeds['im_shape'] = np.float32([[S, S]])
            feeds['scale_factor'] = np.float32([[place[1], place[0]]])
        return feeds, place

    more = [('im_shape', 'f32', [1, 2]), ('scale_factor', 'f32', [1, 2])] if form == 'rows' else []
    return dict(family='picodet', classes=80, names=COCO, prepare=prepare, build=build, decode=decode,
                inputs=[('image', 'f32', [1, 3, S, S]), *more], beside={'infer_cfg.yml': paddle_config('PicoDet', True)},
                thresholds={'score': 0.25, 'iou': 'inside' if form == 'rows' else 0.6, 'maxDetections': 300},
                recipe={'rows': 'image, im_shape (h, w of the input), scale_factor (y, x): rows class, score, x1, y1, x2, y2 in the picture\'s px',
                        'boxes': 'boxes [1, N, 4] xyxy in input px, scores [1, C, N], no suppression inside',
                        'raw': 'per level scores [1, hw, C], then distances [1, hw, 32] (all scores first), cells + 0.5, softmax(8)*s'}[form]
                       + '; RGB, ImageNet mean and std, stretched, INTER_LINEAR')


class Levels:
    """A graph whose trunk is there already."""

    def __init__(self, graph, levels):
        self.graph, self.levels = graph, levels

    def trunk(self, *_):
        return self.levels

    def __getattr__(self, name):
        return getattr(self.graph, name)


def paddle_rows(g, boxes, scores, iou, score, name):
    """rows [n, 6] class, score, x1, y1, x2, y2 over scale_factor (y, x), and their number."""
    kept, values, labels = g.suppressed(boxes, scores, iou, score, 100)
    y, x = g.split('scale_factor', 1, [1, 1])
    kept = g.op('Div', kept, g.concat([x, y, x, y], 1))
    labels = g.op('Unsqueeze', g.floats(labels), np.array([1]))
    rows = g.concat([labels, values, kept], 1)
    g.output(rows, f'{name}.tmp_0', 'f32', ['n', 6])
    g.output(g.op('Cast', g.op('Gather', g.op('Shape', rows), np.array([0]), axis=0), to=onnx.TensorProto.INT32), f'{name}.tmp_2', 'i32', [1])


def paddle_config(arch, imagenet):
    mean, std = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]) if imagenet else ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0])
    lines = ['mode: paddle', 'draw_threshold: 0.5', 'metric: COCO', f'arch: {arch}', 'min_subgraph_size: 3', 'Preprocess:',
             '- interp: 1' if imagenet else '- interp: 2', '  keep_ratio: false', '  target_size:', f'  - {S}', f'  - {S}', '  type: Resize',
             '- is_scale: true', '  mean:', *[f'  - {v}' for v in mean], '  std:', *[f'  - {v}' for v in std]]
    if not imagenet:
        lines += ['  norm_type: none']
    return '\n'.join([*lines, '  type: NormalizeImage', '- type: Permute', 'label_list:', *[f'- {name}' for name in COCO], ''])


def ppyoloe(form):
    def build(g):
        boxes, scores = flat_head(g, 'image', 80, 'xyxy')
        if form == 'raw':
            g.output(g.concat([boxes, scores], 2), 'concat_15.tmp_0', 'f32', [1, cell_count(), 84])
        else:
            paddle_rows(g, boxes, g.op('Transpose', scores, perm=[0, 2, 1]), 0.7, 0.25, 'multiclass_nms3_0')

    def decode(out, place, size):
        if form == 'rows':
            rows = out['multiclass_nms3_0.tmp_0']
            return rows[:, 2:6], rows[:, 1], rows[:, 0].astype(int)
        rows = out['concat_15.tmp_0'][0]
        return cut(placed(suppressed(every(rows[:, :4], rows[:, 4:], 0.25), 0.7), place), size)

    def resized(picture, side):
        height, width = picture.shape[:2]
        return cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC), (side / width, side / height, 0, 0)

    base = unit('image', resized)

    def prepare(picture):
        feeds, place = base(picture)
        if form == 'rows':
            feeds['scale_factor'] = np.float32([[place[1], place[0]]])
        return feeds, place

    more = [('scale_factor', 'f32', [1, 2])] if form == 'rows' else []
    return dict(family='pp-yoloe', classes=80, names=COCO, prepare=prepare, build=build, decode=decode,
                inputs=[('image', 'f32', [1, 3, S, S]), *more], beside={'infer_cfg.yml': paddle_config('YOLO', False)},
                thresholds={'score': 0.25, 'iou': 'inside' if form == 'rows' else 0.7, 'maxDetections': 300},
                recipe='RGB /255 without mean (PP-YOLOE+), stretched, INTER_CUBIC (interp: 2 in infer_cfg.yml); '
                       + ('rows class, score, x1, y1, x2, y2 in the picture\'s px' if form == 'rows' else '[1, N, 4 + C] xyxy in input px'))


def rtmdet():
    def build(g):
        boxes, scores = flat_head(g, 'input', 80, 'xyxy')
        kept, values, labels = g.suppressed(boxes, g.op('Transpose', scores, perm=[0, 2, 1]), 0.65, 0.05, 100)
        g.output(g.op('Unsqueeze', g.concat([kept, values], 1), np.array([0])), 'dets', 'f32', [1, 'n', 5])
        g.output(g.op('Unsqueeze', labels, np.array([0])), 'labels', 'i64', [1, 'n'])

    def decode(out, place, size):
        rows, labels = out['dets'][0], out['labels'][0]
        keep = rows[:, 4] > 0.25
        return cut(placed((rows[keep, :4], rows[keep, 4], labels[keep]), place), size)

    return dict(family='rtmdet', classes=80, prepare=normalized('input', cornered, bgr=True, rounding=lambda v: int(v + 0.5)),
                inputs=[('input', 'f32', [1, 3, S, S])], build=build, decode=decode,
                thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100},
                recipe='BGR, (x - [103.53, 116.28, 123.675]) / [57.375, 57.12, 58.395]; sides floor(w*r + 0.5), padded with 114 '
                       'on the right and bottom (before normalization); dets [1, n, 5], labels [1, n]')


def damoyolo():
    def build(g):
        boxes, scores = flat_head(g, 'images', 80, 'xyxy')
        g.output(scores, 'output', 'f32', [1, cell_count(), 80])
        g.output(boxes, '952', 'f32', [1, cell_count(), 4])

    def decode(out, place, size):
        scores, boxes = out['output'][0], out['952'][0]
        return cut(placed(suppressed(every(boxes, scores, 0.25), 0.65), place), size)

    return dict(family='damo-yolo', classes=80, prepare=raw('images', stretched), inputs=[('images', 'f32', [1, 3, S, S])],
                build=build, decode=decode, thresholds={'score': 0.25, 'iou': 0.65, 'maxDetections': 300},
                recipe='RGB 0-255, stretched, INTER_LINEAR; scores [1, N, C] first, boxes [1, N, 4] xyxy px second')


def yolonas(form):
    side = 640

    def build(g):
        x = g.op('Div', g.floats('input'), np.float32(255))
        boxes, scores = flat_head(g, x, 80, 'xyxy', side=side)
        kept, values, labels = g.suppressed(boxes, g.op('Transpose', scores, perm=[0, 2, 1]), 0.7, 0.25, 100)
        if form == 'flat':
            labels = g.op('Unsqueeze', g.floats(labels), np.array([1]))
            g.output(g.concat([g.op('Mul', values, np.float32(0)), kept, values, labels], 1), 'graph2_flat_predictions', 'f32', ['n', 7])
            return
        n = g.op('Shape', labels)
        rest = g.op('Sub', np.array([100]), n)
        zero = np.array([0])
        pads = g.concat([np_const(g, [0, 0]), rest, np_const(g, [0])], 0)
        g.output(g.op('Unsqueeze', n, zero), 'graph2_num_predictions', 'i64', [1, 1])
        g.output(g.op('Unsqueeze', g.op('Pad', kept, pads), zero), 'graph2_pred_boxes', 'f32', [1, 100, 4])
        g.output(g.op('Unsqueeze', g.op('Squeeze', g.op('Pad', values, pads), np.array([1])), zero), 'graph2_pred_scores', 'f32', [1, 100])
        tail = g.concat([np_const(g, [0]), rest], 0)
        g.output(g.op('Unsqueeze', g.longs(g.op('Pad', g.floats(labels), tail)), zero), 'graph2_pred_classes', 'i64', [1, 100])

    def decode(out, place, size):
        if form == 'flat':
            rows = out['graph2_flat_predictions']
            found = rows[:, 1:5], rows[:, 5], rows[:, 6].astype(int)
        else:
            n = int(out['graph2_num_predictions'][0, 0])
            found = out['graph2_pred_boxes'][0, :n], out['graph2_pred_scores'][0, :n], out['graph2_pred_classes'][0, :n]
        return cut(placed(found, place), size)

    def prepare(picture):
        pixels, place = centered(picture, side, 114, longest=636)
        return {'input': np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])}, place

    return dict(family='yolo-nas', classes=80, prepare=prepare, inputs=[('input', 'u8', [1, 3, side, side])], build=build,
                decode=decode, thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100},
                recipe='uint8 NCHW RGB, longest side 636 centered in 640, 114 (left = round(dw - 0.1)); '
                       + ('flat [n, 7]: batch, x1, y1, x2, y2, score, class' if form == 'flat' else 'four outputs, padded to 100 rows'))


def np_const(g, values):
    return g.constant(np.array(values, np.int64))


def yolov4():
    scale = {8: 1.2, 16: 1.1, 32: 1.05}

    def build(g):
        x = g.op('Transpose', 'input_1:0', perm=[0, 3, 1, 2])
        for k, (level, stride) in enumerate(zip(g.trunk(x, (8, 16, 32)), (8, 16, 32))):
            anchors = []
            for _ in range(3):
                box = g.head(level, 4, std=0.8)
                scores = g.op('Sigmoid', g.head(level, 81, std=2.0, above=(0.3, 200)))
                anchors.append(g.op('Unsqueeze', g.concat([box, scores], 2), np.array([2])))
            side = S // stride
            g.output(g.op('Reshape', g.concat(anchors, 2), np.array([1, side, side, 3, 85])),
                     'Identity:0' if k == 0 else f'Identity_{k}:0', 'f32', [1, side, side, 3, 85])

    def decode(out, place, size):
        parts = []
        for stride, m in zip((8, 16, 32), out.values()):
            m = m[0].astype(np.float64)
            grid = cells(S, stride).reshape(S // stride, S // stride, 1, 2)
            xy = (sigmoid(m[..., :2]) * scale[stride] - 0.5 * (scale[stride] - 1) + grid) * stride
            wh = np.exp(m[..., 2:4]) * np.array(V4_ANCHORS[stride], float)
            parts.append(np.concatenate([xy, wh, m[..., 4:]], -1).reshape(-1, 85))
        rows = np.concatenate(parts)
        # Boxes of the picture are cut before they are suppressed, as in the family's code.
        found = cut(placed(best(corners(rows[:, :2], rows[:, 2:4]), rows[:, 4:5] * rows[:, 5:], 0.25), place), size)
        return suppressed(found, 0.213)

    def prepare(picture):
        height, width = picture.shape[:2]
        scale_ = min(S / width, S / height)
        w, h = int(width * scale_), int(height * scale_)
        out = np.full((S, S, 3), 128, np.uint8)
        left, top = (S - w) // 2, (S - h) // 2
        out[top:top + h, left:left + w] = cv2.resize(picture, (w, h))
        # The family maps back with unrounded margins.
        return ({'input_1:0': (out[None] / np.float32(255)).astype(np.float32)},
                (scale_, scale_, (S - scale_ * width) / 2, (S - scale_ * height) / 2))

    return dict(family='yolov4', classes=80, prepare=prepare, inputs=[('input_1:0', 'f32', [1, S, S, 3])], build=build, decode=decode,
                thresholds={'score': 0.25, 'iou': 0.213, 'maxDetections': 300},
                recipe='NHWC RGB /255, sides floor(w*r), 128, margins floor((S - w)/2), mapped back with (S - r*w)/2; xy and wh are raw, '
                       'objectness and classes are sigmoids already; best class of a cell; boxes cut before suppression')


def yolov3(tiny):
    def build(g):
        boxes, scores = flat_head(g, 'input_1', 80, 'xyxy')
        scores = g.op('Transpose', scores, perm=[0, 2, 1])
        picked = g.op('NonMaxSuppression', boxes, scores, np.array([20]), np.array([0.45], np.float32), np.array([0.25], np.float32))
        # The network's px to the picture's, as the graph of the zoo does: image_shape is height, width.
        shape = g.op('Reshape', 'image_shape', np.array([1, 1, 2]))
        h, w = g.split(shape, 2, [1, 1])
        ratio = g.op('Min', g.op('Div', np.float32([[[S]]]), w), g.op('Div', np.float32([[[S]]]), h))
        margin = g.op('Div', g.op('Sub', np.float32([[[S, S]]]), g.op('Mul', g.concat([w, h], 2), ratio)), np.float32(2))
        margin = g.concat([margin, margin], 2)
        x1, y1, x2, y2 = g.split(g.op('Div', g.op('Sub', boxes, margin), ratio), 2, [1, 1, 1, 1])
        name = 'yolonms_layer_1' if tiny else 'yolonms_layer_1/ExpandDims'
        g.output(g.concat([y1, x1, y2, x2], 2), 'yolonms_layer_1' if tiny else f'{name}_1:0', 'f32', [1, cell_count(), 4])
        g.output(scores, 'yolonms_layer_1:1' if tiny else f'{name}_3:0', 'f32', [1, 80, cell_count()])
        picked = g.op('Cast', picked, to=onnx.TensorProto.INT32)
        if tiny:
            g.output(g.op('Unsqueeze', picked, np.array([0])), 'yolonms_layer_1:2', 'i32', [1, 'n', 3])
        else:
            g.output(picked, 'yolonms_layer_1/concat_2:0', 'i32', ['n', 3])

    def decode(out, place, size):
        boxes, scores, picked = out.values()
        picked = picked.reshape(-1, 3)
        found = boxes[0, picked[:, 2]][:, [1, 0, 3, 2]], scores[0, picked[:, 1], picked[:, 2]], picked[:, 1]
        return cut(found, size)

    def prepare(picture):
        height, width = picture.shape[:2]
        scale = min(S / width, S / height)
        w, h = int(width * scale), int(height * scale)
        out = np.full((S, S, 3), 128, np.uint8)
        left, top = (S - w) // 2, (S - h) // 2
        out[top:top + h, left:left + w] = cv2.resize(picture, (w, h))
        return {'input_1': planes(out) / np.float32(255), 'image_shape': np.float32([[height, width]])}, None

    return dict(family='tiny-yolov3' if tiny else 'yolov3', classes=80, prepare=prepare, build=build, decode=decode,
                inputs=[('input_1', 'f32', [1, 3, S, S]), ('image_shape', 'f32', [1, 2])],
                thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 300},
                recipe='RGB /255, sides floor(w*r), 128, margins floor((S - w)/2), INTER_LINEAR (the zoo: PIL bicubic); image_shape (h, w); boxes '
                       'y1, x1, y2, x2 in the picture\'s px, scores [1, C, N], indices (batch, class, box) '
                       + ('[1, n, 3]' if tiny else '[n, 3]'))


def ssd_tensorflow():
    def build(g):
        x = g.op('Transpose', g.floats('image_tensor:0'), perm=[0, 3, 1, 2])
        x = g.op('Sub', g.op('Div', x, np.float32(127.5)), np.float32(1))
        x = g.op('Resize', x, '', '', np.array([1, 3, S, S]), mode='linear', coordinate_transformation_mode='half_pixel')
        boxes, scores = flat_head(g, x, 90, 'xyxy')
        boxes = g.op('Clip', g.op('Div', boxes, np.float32(S)), np.float32(0), np.float32(1))
        kept, values, labels = g.suppressed(boxes, g.op('Transpose', scores, perm=[0, 2, 1]), 0.6, 0.05, 100)
        x1, y1, x2, y2 = g.split(kept, 1, [1, 1, 1, 1])
        zero = np.array([0])
        g.output(g.op('Unsqueeze', g.concat([y1, x1, y2, x2], 1), zero), 'detection_boxes:0', 'f32', [1, 'n', 4])
        g.output(g.op('Unsqueeze', g.floats(g.op('Add', labels, np.int64(1))), zero), 'detection_classes:0', 'f32', [1, 'n'])
        g.output(g.op('Unsqueeze', g.op('Squeeze', values, np.array([1])), zero), 'detection_scores:0', 'f32', [1, 'n'])
        g.output(g.floats(g.op('Shape', labels)), 'num_detections:0', 'f32', [1])

    def decode(out, place, size):
        width, height = size
        n = int(out['num_detections:0'][0])
        boxes = out['detection_boxes:0'][0, :n][:, [1, 0, 3, 2]] * [width, height, width, height]
        scores, ids = out['detection_scores:0'][0, :n], out['detection_classes:0'][0, :n].astype(int)
        keep = scores > 0.25
        return boxes[keep], scores[keep], ids[keep]

    return dict(family='tensorflow-object-detection', classes=90, prepare=lambda p: ({'image_tensor:0': p[None]}, None),
                inputs=[('image_tensor:0', 'u8', [1, 'height', 'width', 3])], build=build, decode=decode,
                thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100},
                recipe='uint8 NHWC RGB of any size, resized inside; ymin, xmin, ymax, xmax 0-1; class: the 1-based id as the graph gives it '
                       '(COCO ids 1-90)')


def fasterrcnn_zoo():
    mean = np.float32([102.9801, 115.9465, 122.7717])

    def build(g):
        x = g.op('Unsqueeze', g.op('Div', 'image', np.float32(60)), np.array([0]))
        side = S
        small = g.op('Resize', x, '', '', np.array([1, 3, side, side]), mode='linear')
        boxes, scores = flat_head(g, small, 80, 'xyxy')
        shape = g.floats(g.op('Shape', 'image'))
        _, h, w = g.split(shape, 0, [1, 1, 1])
        boxes = g.op('Mul', boxes, g.op('Div', g.concat([w, h, w, h], 0), np.float32(side)))
        kept, values, labels = g.suppressed(boxes, g.op('Transpose', scores, perm=[0, 2, 1]), 0.5, 0.05, 100)
        g.output(kept, '6379', 'f32', ['n', 4])
        g.output(g.op('Add', labels, np.int64(1)), '6381', 'i64', ['n'])
        g.output(g.op('Squeeze', values, np.array([1])), '6383', 'f32', ['n'])

    def decode(out, place, size):
        keep = out['6383'] > 0.25
        return cut(placed((out['6379'][keep], out['6383'][keep], out['6381'][keep] - 1), place), size)

    def prepare(picture):
        height, width = picture.shape[:2]
        scale = 800 / min(height, width)
        w, h = int(scale * width), int(scale * height)
        values = cv2.resize(picture, (w, h), interpolation=cv2.INTER_LINEAR)[:, :, ::-1].astype(np.float32) - mean
        out = np.zeros((3, -(-h // 32) * 32, -(-w // 32) * 32), np.float32)
        out[:, :h, :w] = values.transpose(2, 0, 1)
        return {'image': out}, (scale, scale, 0, 0)

    return dict(family='fasterrcnn-zoo', classes=80, prepare=prepare, inputs=[('image', 'f32', [3, 'height', 'width'])], build=build,
                decode=decode, thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100}, keep_inputs=False,
                recipe='[3, H, W] BGR minus [102.9801, 115.9465, 122.7717], shorter side 800, floor, zeros to multiples of 32 on the right and '
                       'bottom; labels 1-80 (class = label - 1)')


def queries(g, x, classes, form, std_above, amount=300):
    """(boxes [1, amount, 4] relative, logits [1, amount, C]) of the first cells."""
    level = g.trunk(x, (8,))[0]
    rows = np.arange(amount)
    cxcy = g.op('Sigmoid', g.head(level, 2, std=1.5))
    wh = g.op('Sigmoid', g.head(level, 2, std=1.0, mean=-1.0))
    boxes = g.concat([cxcy, wh], 2) if form == 'cxcywh' else g.corners(cxcy, wh)
    logits = g.head(level, classes, std=2.0, **std_above)
    return g.op('Gather', boxes, rows, axis=1), g.op('Gather', logits, rows, axis=1)


def rtdetr_own():
    def build(g):
        boxes, logits = queries(g, 'images', 80, 'xyxy', {'above': (LOGIT, 60)})
        size = g.floats('orig_target_sizes')
        boxes = g.op('Mul', boxes, g.op('Unsqueeze', g.concat([size, size], 1), np.array([1])))
        flat = g.op('Reshape', g.op('Sigmoid', logits), np.array([1, -1]))
        values, order = g.op('TopK', flat, np.array([300]), outputs=2, axis=1)
        labels = g.op('Mod', order, np.int64(80))
        rows = g.op('Squeeze', g.op('Div', order, np.int64(80)), np.array([0]))
        g.output(labels, 'labels', 'i64', [1, 300])
        g.output(g.op('Gather', boxes, rows, axis=1), 'boxes', 'f32', [1, 300, 4])
        g.output(values, 'scores', 'f32', [1, 300])

    def decode(out, place, size):
        keep = out['scores'][0] > 0.25
        return cut((out['boxes'][0][keep], out['scores'][0][keep], out['labels'][0][keep]), size)

    base = unit('images', stretched)

    def prepare(picture):
        feeds, place = base(picture)
        return {**feeds, 'orig_target_sizes': np.array([picture.shape[1::-1]], np.int64)}, place

    return dict(family='rt-detr (own export)', classes=80, prepare=prepare, build=build, decode=decode,
                inputs=[('images', 'f32', [1, 3, S, S]), ('orig_target_sizes', 'i64', [1, 2])],
                thresholds={'score': 0.25, 'maxDetections': 300},
                recipe='RGB /255, stretched, INTER_LINEAR; orig_target_sizes (W, H); xyxy in the picture\'s px')


def rfdetr(classes=90):
    def build(g):
        boxes, logits = queries(g, 'input', classes + 1, 'cxcywh', {'above': (LOGIT, 60)})
        g.output(boxes, 'dets', 'f32', [1, 300, 4])
        g.output(logits, 'labels', 'f32', [1, 300, classes + 1])

    def decode(out, place, size):
        width, height = size
        scores = sigmoid(out['labels'][0])
        boxes = corners(out['dets'][0][:, :2], out['dets'][0][:, 2:]) * [width, height, width, height]
        flat = scores.flatten()
        order = np.argsort(-flat, kind='stable')[:300]
        order = order[flat[order] > 0.25]
        found = boxes[order // (classes + 1)], flat[order], order % (classes + 1)
        return cut(found, size)

    return dict(family='rf-detr', classes=classes + 1, prepare=normalized('input', stretched), build=build, decode=decode,
                inputs=[('input', 'f32', [1, 3, S, S])], thresholds={'score': 0.25, 'maxDetections': 300},
                recipe='RGB, ImageNet, stretched, INTER_LINEAR; dets cx, cy, w, h 0-1; labels are logits, sigmoid, best 300 over queries x '
                       f'classes; class is the index of the logit ({"COCO id" if classes == 90 else "the last one is unused: drop it"})')


def huggingface(kind, classes):
    softmax = kind in ('detr', 'yolos')
    names = {80: COCO, 3: BLOOD, 1: ['cell']}[classes]

    def build(g):
        x = 'pixel_values'
        spread = {} if softmax else {'above': (LOGIT, 60)}
        boxes, logits = queries(g, x, classes + softmax, 'cxcywh', spread, 100 if softmax else 300)
        g.output(logits, 'logits', 'f32', [1, 100 if softmax else 300, classes + softmax])
        g.output(boxes, 'pred_boxes', 'f32', [1, 100 if softmax else 300, 4])

    def decode(out, place, size):
        width, height = size
        logits = out['logits'][0].astype(np.float64)
        boxes = corners(out['pred_boxes'][0][:, :2], out['pred_boxes'][0][:, 2:]) * [width, height, width, height]
        if softmax:
            scores = np.exp(logits - logits.max(1, keepdims=True))
            return cut(best(boxes, (scores / scores.sum(1, keepdims=True))[:, :-1], 0.25), size)
        flat = sigmoid(logits).flatten()
        order = np.argsort(-flat, kind='stable')[:300]
        order = order[flat[order] > 0.25]
        return cut((boxes[order // classes], flat[order], order % classes), size)

    architecture = {'detr': 'DetrForObjectDetection', 'yolos': 'YolosForObjectDetection', 'rt_detr': 'RTDetrForObjectDetection',
                    'rt_detr_v2': 'RTDetrV2ForObjectDetection', 'd_fine': 'DFineForObjectDetection'}[kind]
    config = {'architectures': [architecture], 'model_type': kind, 'id2label': {str(i): n for i, n in enumerate(names)},
              'label2id': {n: i for i, n in enumerate(names)}}
    return dict(family=kind, classes=classes, names=names, prepare=normalized('pixel_values', stretched) if softmax else unit('pixel_values', stretched),
                inputs=[('pixel_values', 'f32', [1, 3, S, S])], build=build, decode=decode, beside={'config.json': config},
                thresholds={'score': 0.25, 'maxDetections': 300},
                recipe=('RGB, ImageNet' if softmax else 'RGB /255') + ', stretched, INTER_LINEAR; logits, pred_boxes cx, cy, w, h 0-1; '
                       + ('softmax, last class is background, best class of a query' if softmax else 'sigmoid, best 300 over queries x classes'))


def torchvision(rank):
    def build(g):
        x = 'input' if rank == 4 else g.op('Unsqueeze', 'input', np.array([0]))
        boxes, scores = flat_head(g, x, 90, 'xyxy')
        kept, values, labels = g.suppressed(boxes, g.op('Transpose', scores, perm=[0, 2, 1]), 0.5, 0.05, 100)
        g.output(kept, 'boxes', 'f32', ['n', 4])
        g.output(g.op('Squeeze', values, np.array([1])), 'scores', 'f32', ['n'])
        g.output(g.op('Add', labels, np.int64(1)), 'labels', 'i64', ['n'])

    def decode(out, place, size):
        keep = out['scores'] > 0.25
        return cut(placed((out['boxes'][keep], out['scores'][keep], out['labels'][keep]), place), size)

    def prepare(picture):
        feeds, place = unit('input', stretched)(picture)
        return (feeds if rank == 4 else {'input': feeds['input'][0]}), place

    return dict(family='torchvision', classes=91, prepare=prepare, build=build, decode=decode,
                inputs=[('input', 'f32', [1, 3, S, S] if rank == 4 else [3, S, S])],
                thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100},
                recipe='RGB 0-1, stretched, INTER_LINEAR; normalization inside; labels as the graph gives them: 0 is background, 1-90 COCO ids')


TWINS = {
    'yolov8': lambda: yolov8(),
    'yolov8-3': lambda: yolov8(3),
    'yolov8-1': lambda: yolov8(1),
    'yolov8-half': lambda: yolov8(3, half=True),
    'yolov8-bare': lambda: yolov8(80, metadata=None),
    'libreyolo9': lambda: yolov8(80, metadata='libreyolo', form='xyxy'),
    'libreyolo9-3': lambda: yolov8(3, metadata='libreyolo', form='xyxy'),
    'end2end': lambda: end2end(),
    'end2end-bare': lambda: end2end(False),
    'yolov5': lambda: yolov5(),
    'yolov5-3': lambda: yolov5(3),
    'yolov5-1': lambda: yolov5(1),
    'yolov5-bare': lambda: yolov5(3, metadata=False),
    'yolov5-maps': lambda: yolov5(3, raw_maps=True, metadata=False),
    'yolov7': lambda: yolov5(3, metadata=False, v7=True),
    'yolov7-1': lambda: yolov5(1, metadata=False, v7=True),
    'yolov7-maps': lambda: yolov5(3, metadata=False, v7=True, raw_maps='only'),
    'yolov7-end2end': yolov7_end2end,
    'yolox': lambda: yolox(),
    'yolox-3': lambda: yolox(3),
    'yolox-1': lambda: yolox(1),
    'yolox-decoded': lambda: yolox(3, decoded=True),
    'edgeyolo': lambda: yolox(3, edge=True),
    'nanodet-plus': lambda: nanodet(),
    'nanodet-plus-416': lambda: nanodet(416),
    'nanodet-plus-3': lambda: nanodet(classes=3),
    'nanodet-plus-1': lambda: nanodet(classes=1),
    'nanodet': lambda: nanodet(classes=3, plus=False),
    'picodet': lambda: picodet('rows'),
    'picodet-boxes': lambda: picodet('boxes'),
    'picodet-raw': lambda: picodet('raw'),
    'ppyoloe': lambda: ppyoloe('rows'),
    'ppyoloe-raw': lambda: ppyoloe('raw'),
    'rtmdet': rtmdet,
    'damoyolo': damoyolo,
    'yolonas-flat': lambda: yolonas('flat'),
    'yolonas': lambda: yolonas('batch'),
    'yolov4': yolov4,
    'yolov3-tiny-zoo': lambda: yolov3(True),
    'yolov3-zoo': lambda: yolov3(False),
    'ssd-tensorflow': ssd_tensorflow,
    'fasterrcnn-zoo': fasterrcnn_zoo,
    'rtdetr-own': rtdetr_own,
    'rfdetr': lambda: rfdetr(),
    'rfdetr-3': lambda: rfdetr(3),
    'detr-hf': lambda: huggingface('detr', 80),
    'detr-hf-1': lambda: huggingface('detr', 1),
    'yolos-hf': lambda: huggingface('yolos', 3),
    'rtdetr-hf': lambda: huggingface('rt_detr', 80),
    'rtdetr-hf-1': lambda: huggingface('rt_detr', 1),
    'rtdetrv2-hf': lambda: huggingface('rt_detr_v2', 3),
    'dfine-hf': lambda: huggingface('d_fine', 3),
    'torchvision': lambda: torchvision(4),
    'torchvision-3d': lambda: torchvision(3),
}
AMBIGUOUS = {'yolov7-1': 'one class: YOLOv5 multiplies objectness and class, YOLOv7 takes objectness alone; --as yolov7',
             'yolov7-maps': 'the anchors of raw maps are not in the file: YOLOv7\'s or YOLOv5\'s; --as yolov7',
             'yolov8-bare': 'v8\'s shape without metadata: cxcywh or xyxy is for the numeric probe to say',
             'end2end-bare': 'last axis 6 and 300 rows: end-to-end, but the input recipe is not said',
             'yolox-decoded': 'same name and shape as yolox: only the numbers tell'}


def make(out, name, twin, shown):
    folder = out / f'twin-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    prepared = {picture: twin['prepare'](pixels) for picture, pixels in shown.items()}
    samples = [feeds for feeds, _ in prepared.values()]
    graph = Graph(twin['inputs'], samples, seed=11)
    twin['build'](graph)
    model = graph.model(metadata=twin.get('metadata'))
    onnx.checker.check_model(model)
    onnx.save(model, folder / 'model.onnx')
    for file, content in twin.get('beside', {}).items():
        if isinstance(content, str):
            (folder / file).write_text(content)
        else:
            reference.dump(folder / file, content)
    session = onnxruntime.InferenceSession(folder / 'model.onnx', providers=['CPUExecutionProvider'])
    outputs = [port.name for port in session.get_outputs()]
    found, inputs = {}, {}
    for picture, pixels in shown.items():
        feeds, place = prepared[picture]
        size = pixels.shape[1::-1]
        rows = twin['decode'](dict(zip(outputs, session.run(None, feeds))), place, size)
        found[picture] = reference.detections(*rows)
        if twin.get('keep_inputs', True):
            inputs[picture] = reference.write_inputs(folder, picture, next(iter(feeds.values())))
    total = reference.write_case(
        folder, family=twin['family'], source='twins.py: a random graph of the same names, shapes and encoding', classes=twin['classes'],
        names=twin.get('names'), recipe=twin['recipe'], thresholds=twin['thresholds'], found=found, inputs=inputs,
        sizes={picture: pixels.shape[1::-1] for picture, pixels in shown.items()},
        recognized='ambiguous' if name in AMBIGUOUS else True, notes=AMBIGUOUS.get(name))
    ports = '; '.join(f'{port.name} {port.type[7:-1]} {port.shape}' for port in [*session.get_inputs(), *session.get_outputs()])
    size = (folder / 'model.onnx').stat().st_size
    reference.index(out, folder.name, f'TWIN {twin["family"]}, {twin["classes"]} classes: {ports}; {size // 1000} kB, {total} detections')
    print(f'{folder.name:24} {size:7} B', [len(rows) for rows in found.values()])


def main():
    args = reference.arguments(__doc__)
    shown = reference.pictures(args.out)
    for name, twin in TWINS.items():
        if not args.only or name in args.only:
            make(args.out, name, twin(), shown)


if __name__ == '__main__':
    main()
