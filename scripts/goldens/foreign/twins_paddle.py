"""Twins of PaddleDetection's PicoDet and PP-YOLOE."""
import cv2
import numpy as np
import onnx
from decoding import cut, every, placed, suppressed
from graph import cells
from preparing import normalized, stretched, unit
from twin_parts import COCO, LOGIT, S, cell_count, flat_head


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
    """A graph with an existing trunk."""

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
