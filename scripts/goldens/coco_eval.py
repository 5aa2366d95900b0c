"""pycocotools' results for random boxes: the golden of test/evaluation/coco/coco-eval.test.ts.

    pip install pycocotools numpy
    python scripts/goldens/coco_eval.py

Writes test/evaluation/fixtures/coco-eval.json. Each case stresses something: crowds, empty images and
classes, equal scores, areas on the borders of ranges, more detections than count, an annotation of id 0.
Stores the mean over recall levels of the precision array, and the other arrays whole.
"""
import contextlib
import io
import json
from pathlib import Path

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

OUT = Path(__file__).resolve().parents[2] / 'test/evaluation/fixtures/coco-eval.json'


def boxes_near(rng, boxes, jitter):
    return [np.maximum(np.asarray(box) + rng.normal(0, jitter, 4), 0.1) for box in boxes]


def random_box(rng):
    side = np.exp(rng.uniform(np.log(6), np.log(200), 2))
    return [*rng.uniform(0, 300, 2), *side]


def case(name, seed, images=7, categories=(1, 2, 3, 7, 90), truths=4, crowd=0.0, ties=False, border=False,
         many=0, first_id=1, empty=0.2, whole=False, **settings):
    rng = np.random.default_rng(seed)
    image_ids = sorted(rng.choice(1000, images, replace=False).tolist())
    annotations, detections = [], []
    for image in image_ids:
        here = []
        if rng.uniform() > empty:
            for _ in range(rng.integers(1, truths + 1)):
                # The last category never has a truth, so its detections do not count.
                category = int(rng.choice(categories[:-1]))
                box = random_box(rng)
                if border:
                    side = float(rng.choice([32.0, 96.0]))
                    box = [box[0], box[1], side, side]
                if whole:
                    box = [float(round(v)) for v in box]
                here.append((category, box))
                annotations.append(dict(id=first_id + len(annotations), image_id=image, category_id=category, bbox=box,
                                        area=float(box[2] * box[3] * (1 if border else rng.uniform(0.5, 1))),
                                        iscrowd=int(rng.uniform() < crowd)))
        candidates = [(category, near) for category, box in here for near in boxes_near(rng, [box] * 3, 0.06 * min(box[2:]))]
        candidates += [(category, box) for category, box in here]
        candidates += [(int(rng.choice(categories)), random_box(rng)) for _ in range(rng.integers(0, 6) + many)]
        for category, box in candidates:
            score = float(rng.choice([0.2, 0.5, 0.9])) if ties else float(rng.uniform())
            detections.append(dict(image_id=image, category_id=category, bbox=[float(v) for v in box], score=score))
    order = rng.permutation(len(detections))
    detections = [detections[i] for i in order]
    truth = dict(images=[dict(id=i, width=640, height=480) for i in rng.permutation(image_ids).tolist()],
                 categories=[dict(id=c, name=f'category {c}') for c in categories], annotations=annotations)
    with contextlib.redirect_stdout(io.StringIO()):
        gt = COCO()
        gt.dataset = truth
        gt.createIndex()
        evaluation = COCOeval(gt, gt.loadRes([dict(d) for d in detections]), 'bbox')
        for key, value in settings.items():
            setattr(evaluation.params, key, np.array(value) if key == 'iouThrs' else value)
        evaluation.evaluate()
        evaluation.accumulate()
        stats = None
        if not settings:
            evaluation.summarize()
            stats = evaluation.stats.tolist()
    return dict(name=name, settings=settings, truth=truth, detections=detections, stats=stats,
                precision=evaluation.eval['precision'].mean(axis=1).reshape(-1).tolist(),
                scores=evaluation.eval['scores'].mean(axis=1).reshape(-1).tolist(),
                recall=evaluation.eval['recall'].reshape(-1).tolist())


cases = [
    case('random boxes', 1),
    case('crowds', 2, crowd=0.4),
    case('equal scores', 3, ties=True),
    case('areas on the borders of ranges', 4, border=True),
    case('more detections than count', 5, images=3, many=220, categories=(1, 4)),
    case('empty images', 6, empty=0.9),
    case('an annotation of id 0', 7, first_id=0, images=6),
    case('whole pixels, crowds and equal scores', 8, whole=True, crowd=0.3, ties=True, truths=8),
    case('without categories', 9, useCats=0, crowd=0.2, ties=True),
    case('other thresholds and numbers of detections', 10, iouThrs=[0.3, 0.5, 1.0], maxDets=[2, 5, 300], crowd=0.2),
]
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(cases) + '\n')
print(OUT, OUT.stat().st_size, 'bytes')
