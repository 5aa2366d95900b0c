"""Errors found by tidecv: the goldens of test/evaluation/tide/.

    pip install tidecv==1.0.1 pycocotools numpy
    micro-yolo val --model MODEL --data coco-mini/val.json --save-json NAME.json
    python scripts/goldens/tide.py [--data coco-mini/val.json NAME.json ...]

Writes test/evaluation/tide/fixtures/synthetic.json: generated sets, each of which stresses something, with every kind of
error. With --data also coco-mini.json: only the figures, by the name of each detection file. Images are ordered by their
ids, as in COCO's evaluation: TIDE itself keeps the order of the file, which decides between equal scores.
"""
import argparse
import json
from pathlib import Path

import numpy as np
from tidecv import TIDE
from tidecv.data import Data

OUT = Path(__file__).resolve().parents[2] / 'test/evaluation/tide/fixtures'
NAMES = dict(Cls='classification', Loc='localization', Both='both', Dupe='duplicate', Bkg='background', Miss='missed')


def figures(truth, detections, foreground=0.5, background=0.1):
    gt, preds = Data('truth', max_dets=100), Data('detections', max_dets=100)
    for category in truth['categories']:
        gt.add_class(category['id'], category['name'])
    for image in sorted(truth['images'], key=lambda image: image['id']):
        gt.add_image(image['id'], str(image['id']))
        preds.add_image(image['id'], str(image['id']))
    for a in truth['annotations']:
        add = gt.add_ignore_region if a.get('iscrowd') else gt.add_ground_truth
        add(a['image_id'], a['category_id'], a['bbox'])
    for d in detections:
        preds.add_detection(d['image_id'], d['category_id'], d['score'], d['bbox'])
    tide = TIDE(pos_threshold=foreground, background_threshold=background)
    run = tide.evaluate(gt, preds, name='run')
    costs, special = tide.get_main_errors()['run'], tide.get_special_errors()['run']
    counts = {error.short_name: count for error, count in run.count_errors().items()}
    return dict(AP=run.ap / 100,
                errors=[dict(kind=name, count=counts[short], cost=float(costs[short]) / 100) for short, name in NAMES.items()],
                special=dict(falsePositives=special['FalsePos'] / 100, falseNegatives=special['FalseNeg'] / 100))


def case(name, seed, images=8, categories=(1, 2, 3, 7), truths=5, crowd=0.0, ties=False, many=0, empty=0.2, jitter=0.25,
         confused=0.25, **thresholds):
    rng = np.random.default_rng(seed)
    ids = sorted(rng.choice(1000, images, replace=False).tolist())
    annotations, detections = [], []
    score = lambda: float(rng.choice([0.2, 0.5, 0.9])) if ties else float(rng.uniform())
    for image in ids:
        if rng.uniform() > empty:
            for _ in range(rng.integers(1, truths + 1)):
                box = [*rng.uniform(0, 300, 2), *np.exp(rng.uniform(np.log(12), np.log(200), 2))]
                # The last category has detections, but no truth.
                category = int(rng.choice(categories[:-1]))
                annotations.append(dict(id=len(annotations) + 1, image_id=image, category_id=category,
                                        bbox=[float(v) for v in box], area=float(box[2] * box[3]),
                                        iscrowd=int(rng.uniform() < crowd)))
                for _ in range(rng.integers(0, 4)):
                    shift = rng.normal(0, jitter, 4) * [box[2], box[3], box[2], box[3]] * rng.choice([0.2, 1.0])
                    near = np.maximum(np.asarray(box) + shift, [-50, -50, 2, 2])
                    guess = int(rng.choice(categories)) if rng.uniform() < confused else category
                    detections.append(dict(image_id=image, category_id=guess, bbox=[float(v) for v in near], score=score()))
        for _ in range(rng.integers(0, 4) + many):
            box = [*rng.uniform(0, 300, 2), *np.exp(rng.uniform(np.log(6), np.log(150), 2))]
            detections.append(dict(image_id=image, category_id=int(rng.choice(categories)),
                                   bbox=[float(v) for v in box], score=score()))
    detections = [detections[i] for i in rng.permutation(len(detections))]
    truth = dict(images=[dict(id=i) for i in ids], categories=[dict(id=c, name=f'category {c}') for c in categories],
                 annotations=annotations)
    return dict(name=name, thresholds=thresholds, truth=truth, detections=detections,
                expected=figures(truth, detections, **thresholds))


def by_hand():
    """Each kind of error once, so that a reader can check it."""
    truth = dict(images=[dict(id=1), dict(id=2)], categories=[dict(id=1, name='cat'), dict(id=2, name='dog')],
                 annotations=[dict(id=1 + i, image_id=1, category_id=c, bbox=box, area=box[2] * box[3], iscrowd=crowd)
                              for i, (c, box, crowd) in enumerate([
                                  (1, [0, 0, 100, 100], 0), (1, [200, 0, 100, 100], 0), (2, [0, 200, 100, 100], 0),
                                  (2, [200, 200, 100, 100], 0), (1, [400, 0, 100, 100], 1), (1, [400, 200, 80, 80], 0)])])
    boxes = [(1, [0, 0, 100, 100], 0.9), (1, [2, 2, 100, 100], 0.8),   # found, and once more
             (1, [240, 0, 100, 100], 0.7),                             # beside the truth
             (1, [0, 200, 100, 100], 0.6),                             # a dog called a cat
             (1, [260, 200, 100, 100], 0.5),                           # a dog called a cat, and beside it
             (1, [600, 600, 50, 50], 0.4),                             # nothing there
             (1, [420, 20, 50, 50], 0.3)]                              # in a crowd: not counted
    detections = [dict(image_id=1, category_id=c, bbox=box, score=score) for c, box, score in boxes]
    detections.append(dict(image_id=2, category_id=2, bbox=[0, 0, 10, 10], score=0.35))
    return dict(name='each kind once', thresholds={}, truth=truth, detections=detections, expected=figures(truth, detections))


parser = argparse.ArgumentParser()
parser.add_argument('--data', type=Path)
parser.add_argument('results', nargs='*', type=Path)
args = parser.parse_args()
OUT.mkdir(parents=True, exist_ok=True)
cases = [
    by_hand(),
    case('random boxes', 1),
    case('crowds', 2, crowd=0.4),
    case('equal scores', 3, ties=True, truths=8),
    case('more detections than count', 4, images=3, many=130, categories=(1, 4)),
    case('empty images', 5, empty=0.9, images=20),
    case('mostly confused classes', 6, confused=0.9, truths=8),
    case('mostly loose boxes', 7, jitter=0.6, truths=8),
    case('crowds and equal scores in larger images', 8, crowd=0.3, ties=True, truths=20),
    case('other thresholds', 9, truths=8, foreground=0.75, background=0.2),
]
for entry in cases:
    print(entry['name'], {e['kind']: (e['count'], round(e['cost'], 4)) for e in entry['expected']['errors']})
(OUT / 'synthetic.json').write_text(json.dumps(cases) + '\n')
if args.data:
    truth = json.loads(args.data.read_text())
    found = {path.stem: figures(truth, json.loads(path.read_text())) for path in args.results}
    print(json.dumps(found, indent=2))
    (OUT / 'coco-mini.json').write_text(json.dumps(found, indent=2) + '\n')
