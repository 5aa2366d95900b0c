"""Golden file of weighted boxes fusion, by the authors' package.

    pip install ensemble-boxes
    python scripts/goldens/fuse_boxes.py > test/boxes/fixtures/fuse-boxes.json

Random boxes of three detectors, many of them close to each other, in a square of 100 pixels; the package's boxes are
fractions of it.
"""
import json

import numpy as np
from ensemble_boxes import weighted_boxes_fusion

random = np.random.default_rng(7)
cases = []
for detectors, objects in [(1, 6), (2, 8), (3, 12), (3, 1)]:
    centers = random.uniform(15, 85, (objects, 2))
    sides = random.uniform(8, 28, (objects, 2))
    classes = random.integers(0, 3, objects)
    votes = []
    for _ in range(detectors):
        seen = random.random(objects) < 0.8
        shifted = centers[seen] + random.normal(0, 1.5, (seen.sum(), 2))
        sized = sides[seen] * random.uniform(0.85, 1.15, (seen.sum(), 2))
        boxes = np.clip(np.concatenate([shifted - sized / 2, shifted + sized / 2], 1), 0, 100)
        votes.append((boxes, random.uniform(0.05, 0.99, seen.sum()), classes[seen]))
    boxes, scores, labels = weighted_boxes_fusion(
        [(vote[0] / 100).tolist() for vote in votes],
        [vote[1].tolist() for vote in votes],
        [vote[2].tolist() for vote in votes],
        iou_thr=0.55,
        skip_box_thr=0.0,
    )
    cases.append(
        dict(
            votes=[
                [dict(corners=box.tolist(), score=float(score), classId=int(label)) for box, score, label in zip(*vote)]
                for vote in votes
            ],
            fused=[
                dict(corners=(box * 100).tolist(), score=float(score), classId=int(label))
                for box, score, label in zip(boxes, scores, labels)
            ],
        )
    )
print(json.dumps(cases, indent=1))
