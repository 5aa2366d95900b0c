"""Makes test/boxes/nms/fixtures/soft-nms.json: Soft-NMS and weighted boxes of the boxes in nms.json.

    python scripts/goldens/soft_nms.py        (needs numpy, opencv-python, ensemble-boxes)

Soft-NMS by OpenCV's `softNMSBoxes`, class by class, checked against the package `ensemble-boxes`; weighted boxes fusion
by that package, with the best score of each cluster. OpenCV takes integers and the boxes have two decimals, so
everything is scaled by a hundred, which keeps the overlaps.
"""

import json
from pathlib import Path

import cv2
import numpy as np
from ensemble_boxes import soft_nms, weighted_boxes_fusion

FIXTURES = Path(__file__).parents[2] / "test/boxes/nms/fixtures"
SIGMA = 0.5
LEAST = 0.05
METHODS = {"linear": (1, 1), "gaussian": (2, 2)}


def opencv(boxes, scores, iou_threshold, method):
    """[index, score] of the remaining boxes, best first."""
    pixels = np.round(boxes * 100).astype(int)
    xywh = np.hstack([pixels[:, :2], pixels[:, 2:] - pixels[:, :2]]).tolist()
    updated, places = cv2.dnn.softNMSBoxes(
        xywh, scores.tolist(), LEAST, iou_threshold, top_k=0, sigma=SIGMA, method=method
    )
    return [[int(place), float(score)] for place, score in zip(np.ravel(places), np.ravel(updated))]


def by_class(case, name):
    boxes, scores, classes = (np.array(case[key]) for key in ("boxes", "scores", "classIds"))
    left = []
    for label in np.unique(classes):
        places = np.flatnonzero(classes == label)
        left += [
            [int(places[place]), score]
            for place, score in opencv(boxes[places], scores[places], case["iouThreshold"], METHODS[name][0])
        ]
    left.sort(key=lambda row: -row[1])
    low, size = boxes.min(), boxes.max() - boxes.min()
    _, peer, _ = soft_nms(
        [(boxes - low) / size], [scores], [classes], method=METHODS[name][1],
        iou_thr=case["iouThreshold"], sigma=SIGMA, thresh=LEAST,
    )
    # The package keeps the same boxes, with their original scores.
    assert np.allclose(sorted(peer), sorted(scores[place] for place, _ in left))
    return left


def weighted(case):
    boxes = np.array(case["boxes"])
    low, size = boxes.min(), boxes.max() - boxes.min()
    fused, scores, labels = weighted_boxes_fusion(
        [(boxes - low) / size], [case["scores"]], [case["classIds"]], conf_type="max",
        iou_thr=case["iouThreshold"], skip_box_thr=0.0,
    )
    rows = zip((fused * size + low).tolist(), scores.tolist(), labels.astype(int).tolist())
    return [[*box, score, label] for box, score, label in rows]


def main():
    sets = [
        {
            "linear": by_class(case, "linear"),
            "gaussian": by_class(case, "gaussian"),
            "linearAgnostic": opencv(
                np.array(case["boxes"]), np.array(case["scores"]), case["iouThreshold"], METHODS["linear"][0]
            ),
            "weighted": weighted(case),
        }
        for case in json.loads((FIXTURES / "nms.json").read_text())
    ]
    (FIXTURES / "soft-nms.json").write_text(json.dumps(sets) + "\n")


main()
