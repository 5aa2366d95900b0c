"""Twins of the detectors of TensorFlow, torchvision and the model zoo, with everything inside the graph."""
import cv2
import numpy as np
from decoding import cut, placed
from preparing import stretched, unit
from twin_parts import COCO_GAPS, S, flat_head


def ssd_tensorflow():
    def build(g):
        x = g.op('Transpose', g.floats('image_tensor:0'), perm=[0, 3, 1, 2])
        x = g.op('Sub', g.op('Div', x, np.float32(127.5)), np.float32(1))
        x = g.op('Resize', x, '', '', np.array([1, 3, S, S]), mode='linear', coordinate_transformation_mode='half_pixel')
        boxes, scores = flat_head(g, x, 90, 'xyxy', unused=[k - 1 for k in COCO_GAPS])
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


def torchvision(rank):
    def build(g):
        x = 'input' if rank == 4 else g.op('Unsqueeze', 'input', np.array([0]))
        boxes, scores = flat_head(g, x, 90, 'xyxy', unused=[k - 1 for k in COCO_GAPS])
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
