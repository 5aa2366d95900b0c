"""Twins of detectors with one prediction per cell: YOLOX, NanoDet, RTMDet, DAMO-YOLO, YOLO-NAS."""
import numpy as np
from decoding import corners, cut, every, placed, suppressed
from graph import cells
from preparing import centered, cornered, normalized, raw, stretched
from twin_parts import BLOOD, LOGIT, S, cell_count, flat_head, np_const


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

    shape = stretched if plus else lambda p, s: centered(p, s, pad=0, back='margins')
    return dict(family='nanodet-plus' if plus else 'nanodet', classes=classes, prepare=normalized('data', shape, side, bgr=True),
                inputs=[('data', 'f32', [1, 3, side, side])], build=build, decode=decode,
                thresholds={'score': 0.25, 'iou': 0.6, 'maxDetections': 100},
                recipe='BGR, (x - [103.53, 116.28, 123.675]) / [57.375, 57.12, 58.395]; '
                       + ('stretched, INTER_LINEAR; softmax(8)*s from (x*s, y*s)' if plus else 'letterbox centered, black, mapped back by one unrounded scale and unrounded margins; softmax(8)*s from ((x+0.5)*s, (y+0.5)*s)')
                       + '; classes first; boxes cut at the input, then at the picture; every class of a cell')


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

    return dict(family='rtmdet', classes=80, prepare=normalized('input', cornered, bgr=True, rounding=lambda v: int(v + 0.5), back='sides'),
                inputs=[('input', 'f32', [1, 3, S, S])], build=build, decode=decode,
                thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100},
                recipe='BGR, (x - [103.53, 116.28, 123.675]) / [57.375, 57.12, 58.395]; sides floor(w*r + 0.5), padded with 114 '
                       'on the right and bottom (before normalization), mapped back by each axis\'s rounded side; dets [1, n, 5], labels [1, n]')


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
        pixels, place = centered(picture, side, 114, longest=636, back='scale')
        return {'input': np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])}, place

    return dict(family='yolo-nas', classes=80, prepare=prepare, inputs=[('input', 'u8', [1, 3, side, side])], build=build,
                decode=decode, thresholds={'score': 0.25, 'iou': 'inside', 'maxDetections': 100},
                recipe='uint8 NCHW RGB, longest side 636 centered in 640, 114 (left = round(dw - 0.1)), mapped back by one unrounded scale; '
                       + ('flat [n, 7]: batch, x1, y1, x2, y2, score, class' if form == 'flat' else 'four outputs, padded to 100 rows'))
