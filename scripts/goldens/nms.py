"""Makes test/boxes/nms/fixtures/nms.json: random scored boxes and the ones that OpenCV and torchvision keep.

    python scripts/goldens/nms.py

Needs numpy, opencv-python 4.11, torch and torchvision. Both libraries must agree on every set; no two scores
of a set are equal, because the two order equal ones differently.
"""

import json
from pathlib import Path

import cv2
import numpy as np
import torch
import torchvision

FIXTURE = Path(__file__).parents[2] / "test/boxes/nms/fixtures/nms.json"

# (seed, boxes, classes, side of the image, IoU threshold)
SETS = [
    (1, 60, 3, 100, 0.45),
    (2, 60, 1, 60, 0.7),
    (3, 80, 5, 80, 0.2),
    (4, 60, 2, 30, 0.8),
    (5, 50, 4, 200, 0.0),
    (6, 1, 1, 50, 0.5),
]


def scored_boxes(seed: int, count: int, classes: int, side: int):
    """Boxes as [left, top, right, bottom], most of them close to another; scores; class ids."""
    random = np.random.default_rng(seed)
    centers = random.uniform(0, side, (max(1, count // 6), 2))
    center = centers[random.integers(0, len(centers), count)] + random.normal(0, side / 80, (count, 2))
    size = random.uniform(side / 4, side / 3, (count, 2))
    boxes = np.round(np.hstack([center - size / 2, center + size / 2]), 2)
    scores = random.permutation(np.arange(1, count + 1)) / (count + 1)
    return boxes, np.round(scores, 4), random.integers(0, classes, count)


def kept(boxes, scores, class_ids, threshold: float, agnostic: bool) -> list[int]:
    xywh = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]]).tolist()
    tensors = torch.tensor(boxes), torch.tensor(scores)
    if agnostic:
        opencv = cv2.dnn.NMSBoxes(xywh, scores.tolist(), 0.0, threshold)
        torchvisions = torchvision.ops.nms(*tensors, threshold)
    else:
        opencv = cv2.dnn.NMSBoxesBatched(xywh, scores.tolist(), class_ids.tolist(), 0.0, threshold)
        torchvisions = torchvision.ops.batched_nms(*tensors, torch.tensor(class_ids), threshold)
    assert list(map(int, opencv)) == torchvisions.tolist()
    return torchvisions.tolist()


def main() -> None:
    sets = []
    for seed, count, classes, side, threshold in SETS:
        boxes, scores, class_ids = scored_boxes(seed, count, classes, side)
        assert len(set(scores.astype(np.float32).tolist())) == count
        sets.append(
            {
                "iouThreshold": threshold,
                "boxes": boxes.tolist(),
                "scores": scores.tolist(),
                "classIds": class_ids.tolist(),
                "kept": kept(boxes, scores, class_ids, threshold, agnostic=False),
                "keptAgnostic": kept(boxes, scores, class_ids, threshold, agnostic=True),
            }
        )
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps(sets) + "\n")


if __name__ == "__main__":
    main()
