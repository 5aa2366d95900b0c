"""Outputs to detections, (boxes x1, y1, x2, y2, scores, labels), in numpy and independently of the library."""
import numpy as np
import reference


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype(np.float64)))


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
    """From input pixels to image pixels."""
    sx, sy, left, top = place
    boxes = (found[0].astype(np.float64) - [left, top, left, top]) / [sx, sy, sx, sy]
    return boxes, found[1], found[2]


def cut(found, size):
    width, height = size
    return found[0].clip(0, [width, height, width, height]), found[1], found[2]
