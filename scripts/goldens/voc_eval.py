"""Results of the package mean_average_precision for random boxes: the golden of test/evaluation/voc-eval.test.ts.

    pip install mean_average_precision numpy
    python scripts/goldens/voc_eval.py

Like VOC's devkit, that package includes the far pixels: its boxes are ours minus one pixel.
Writes test/evaluation/fixtures/voc-eval.json.
"""
import json
from pathlib import Path

import numpy as np
from mean_average_precision.mean_average_precision_2d import MeanAveragePrecision2d

OUT = Path(__file__).resolve().parents[2] / 'test/evaluation/fixtures/voc-eval.json'
CLASSES = 3
rng = np.random.default_rng(5)
metric = MeanAveragePrecision2d(CLASSES)
truths, detections = [], []
for image in range(12):
    gt, preds = [], []
    for _ in range(rng.integers(1, 6)):
        category = int(rng.integers(CLASSES))
        x, y, w, h = *rng.uniform(0, 200, 2), *rng.uniform(20, 120, 2)
        gt.append([x, y, x + w - 1, y + h - 1, category, 0, 0])
        truths.append([image, category, x, y, w, h])
        for _ in range(rng.integers(0, 4)):
            near = np.array([x, y, w, h]) + rng.normal(0, 8, 4)
            near[2:] = np.maximum(near[2:], 5)
            guess = category if rng.uniform() < 0.8 else int(rng.integers(CLASSES))
            score = float(rng.uniform())
            preds.append([near[0], near[1], near[0] + near[2] - 1, near[1] + near[3] - 1, guess, score])
            detections.append([image, guess, *near.tolist(), score])
    metric.add(np.array(preds or np.zeros((0, 6))), np.array(gt))
all_points = [metric._evaluate_class(k, 0.5, None)[0] for k in range(CLASSES)]
eleven = [metric._evaluate_class(k, 0.5, np.arange(0.0, 1.1, 0.1))[0] for k in range(CLASSES)]
OUT.write_text(json.dumps(dict(truths=truths, detections=detections, allPoints=list(map(float, all_points)),
                               elevenPoint=list(map(float, eleven)))) + '\n')
print(OUT, all_points, eleven)
