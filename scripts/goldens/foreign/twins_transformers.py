"""Twins of DETR and its descendants."""
import numpy as np
from decoding import best, corners, cut, sigmoid
from preparing import normalized, stretched, unit
from twin_parts import COCO_GAPS, BLOOD, COCO, LOGIT, S, queries


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
        boxes, logits = queries(g, 'input', classes + 1, 'cxcywh', {'above': (LOGIT, 60)}, unused=(0, *COCO_GAPS) if classes == 90 else (classes,))
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


def ultralytics_rtdetr(classes=3):
    """Ultralytics' RT-DETR: rows of center, size and scores with YOLOv8's metadata, relative and not transposed."""
    def build(g):
        boxes, logits = queries(g, 'images', classes, 'cxcywh', {'above': (LOGIT, 60)})
        g.output(g.concat([boxes, g.op('Sigmoid', logits)], 2), 'output0', 'f32', [1, 300, 4 + classes])

    def decode(out, place, size):
        width, height = size
        rows = out['output0'][0].astype(np.float64)
        return cut(best(corners(rows[:, :2], rows[:, 2:4]) * [width, height, width, height], rows[:, 4:], 0.25), size)

    meta = {'description': 'Ultralytics RT-DETR-l model', 'names': str(dict(enumerate(BLOOD))), 'task': 'detect', 'imgsz': f'[{S}, {S}]',
            'stride': '32', 'batch': '1', 'head': 'RTDETRDecoder', 'end2end': 'False'}
    return dict(family='rt-detr (ultralytics)', classes=classes, names=BLOOD, prepare=unit('images', stretched),
                inputs=[('images', 'f32', [1, 3, S, S])], build=build, decode=decode, metadata=meta,
                thresholds={'score': 0.25, 'maxDetections': 300},
                recipe='RGB /255, stretched, INTER_LINEAR; output0 [1, 300, 4 + C]: cx, cy, w, h 0-1 and sigmoids; best class of a query; no suppression')
