"""Twins of the model zoo's YOLOv3 and YOLOv4."""
import cv2
import numpy as np
import onnx
from decoding import best, corners, cut, placed, sigmoid, suppressed
from graph import cells
from preparing import planes
from twin_parts import S, V4_ANCHORS, cell_count, flat_head


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
        # Boxes are clipped to the image before suppression, as in the family's code.
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
        # From the network's pixels to the image's, as the zoo's graph does: image_shape is height, width.
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
