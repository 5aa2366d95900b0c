"""Sizes, names and heads that several twins share."""
import numpy as np
import reference

S = 160
COCO = reference.coco_names()
BLOOD = ['RBC', 'WBC', 'Platelets']
# Numbers between 1 and 90 that COCO does not use.
COCO_GAPS = (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)
LOGIT = -1.1  # a little under 0.25
V5_ANCHORS = {8: [(10, 13), (16, 30), (33, 23)], 16: [(30, 61), (62, 45), (59, 119)], 32: [(116, 90), (156, 198), (373, 326)]}
V4_ANCHORS = {8: [(12, 16), (19, 36), (40, 28)], 16: [(36, 75), (76, 55), (72, 146)], 32: [(142, 110), (192, 243), (459, 401)]}


def silenced(g, logits, classes, unused):
    """Logits whose unused classes are far below zero, as after training."""
    return g.op('Sub', logits, np.float32([[[12 if k in unused else 0 for k in range(classes)]]])) if unused else logits


def flat_head(g, x, classes, form, per_level=25, strides=(8, 16, 32), side=S, unused=()):
    """(boxes [1, N, 4] in px, scores [1, N, C]) with one prediction per cell, decoded in the graph: 'xyxy' or 'cxcywh'."""
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
        scores.append(g.op('Sigmoid', silenced(g, g.head(level, classes, std=2.0, above=(LOGIT, per_level)), classes, unused)))
    return g.concat(boxes, 1), g.concat(scores, 1)


def cell_count(strides=(8, 16, 32), side=S):
    return sum((-(-side // stride)) ** 2 for stride in strides)


def queries(g, x, classes, form, std_above, amount=300, unused=()):
    """(boxes [1, amount, 4] relative, logits [1, amount, C]) of the first cells."""
    level = g.trunk(x, (8,))[0]
    rows = np.arange(amount)
    cxcy = g.op('Sigmoid', g.head(level, 2, std=1.5))
    wh = g.op('Sigmoid', g.head(level, 2, std=1.0, mean=-1.0))
    boxes = g.concat([cxcy, wh], 2) if form == 'cxcywh' else g.corners(cxcy, wh)
    logits = silenced(g, g.head(level, classes, std=2.0, **std_above), classes, unused)
    return g.op('Gather', boxes, rows, axis=1), g.op('Gather', logits, rows, axis=1)


def np_const(g, values):
    return g.constant(np.array(values, np.int64))
