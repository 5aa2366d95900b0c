"""Makes test/boxes/nms/fixtures/cluster-nms.json: Cluster-NMS of the boxes in nms.json, as dense matrices.

https://arxiv.org/abs/2005.03572 on PyTorch tensors, with torchvision's IoU and distance-IoU: the matrix C of overlaps
between better and worse boxes; rows of suppressed boxes are set to 0 until nothing changes.

Run: python scripts/goldens/cluster_nms.py        (needs torch, torchvision)
"""

import json
from pathlib import Path

import torch
from torchvision.ops import box_iou, distance_box_iou

FIXTURES = Path(__file__).parents[2] / "test/boxes/nms/fixtures"


def cluster(case, measure, agnostic):
    """Indices of the kept boxes, best first, and the weighted means that replace them."""
    order = torch.tensor(case["scores"], dtype=torch.float32).argsort(descending=True)
    boxes = torch.tensor(case["boxes"], dtype=torch.float64)[order]
    scores = torch.tensor(case["scores"], dtype=torch.float32).double()[order]
    classes = torch.tensor(case["classIds"])[order]
    overlaps = measure(boxes, boxes).triu(diagonal=1)
    if not agnostic:
        overlaps = overlaps * (classes[:, None] == classes[None, :])
    overlaps = overlaps * (overlaps > case["iouThreshold"])
    kept = torch.ones(len(boxes), dtype=torch.bool)
    while True:
        suppressed = (overlaps * kept[:, None]).amax(dim=0) > 0
        if torch.equal(kept, ~suppressed):
            break
        kept = ~suppressed
    weights = (overlaps + torch.eye(len(boxes), dtype=torch.float64)) * scores[None, :]
    means = weights @ boxes / weights.sum(dim=1, keepdim=True)
    return order[kept].tolist(), means[kept].tolist()


def main():
    sets = []
    for case in json.loads((FIXTURES / "nms.json").read_text()):
        plain, means = cluster(case, box_iou, agnostic=False)
        assert plain == case["kept"]
        sets.append(
            {
                "weighted": means,
                "distance": cluster(case, distance_box_iou, agnostic=False)[0],
                "distanceAgnostic": cluster(case, distance_box_iou, agnostic=True)[0],
            }
        )
    (FIXTURES / "cluster-nms.json").write_text(json.dumps(sets) + "\n")


main()
