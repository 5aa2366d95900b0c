"""Makes test/training/assigners/fixtures/assigners.json: results of the assigners in dynamic_assigners.py, written from the
papers in plain Python, for random predictions and truths.

    python scripts/goldens/assigners.py

A case names the network's input, its heads and its truths; logits are drawn by the generator of src/foundation/random.ts, head by
head, between -spread and spread. Needs numpy.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "peers"))
from dynamic_assigners import ASSIGNERS, Prediction, Truth
from random_numbers import random_integers

CLASSES = 3
FIXTURE = Path(__file__).parents[2] / "test/training/assigners/fixtures/assigners.json"

# Powers of two where it matters, so that cells and boxes are exact in float32.
TWO_HEADS = {
    "spread": 1.5,
    "width": 96,
    "height": 64,
    "heads": [
        {"rows": 2, "columns": 3, "anchors": [[40, 48], [64, 30]]},
        {"rows": 4, "columns": 6, "anchors": [[12, 14], [24, 18]]},
    ],
}
ONE_CELL = {
    "spread": 1.5,
    "width": 64,
    "height": 64,
    "heads": [
        {"rows": 1, "columns": 1, "anchors": [[40, 48], [20, 24]]},
        {"rows": 1, "columns": 1, "anchors": [[64, 60]]},
    ],
}
# Boxes near their anchors, so that a truth has many good ones.
FINE = {
    "spread": 0.25,
    "width": 96,
    "height": 64,
    "heads": [{"rows": 8, "columns": 12, "anchors": [[56, 40]]}],
}
# Equal logits and equal anchors: every prediction occurs three times.
TWINS = {
    "spread": 0,
    "width": 96,
    "height": 64,
    "heads": [{"rows": 4, "columns": 6, "anchors": [[20, 20], [20, 20], [20, 20]]}],
}


def random_truths(random, count, width, height):
    """Truths of all sizes, some beyond the edges; on a grid of 1/8 pixel."""
    truths = []
    for _ in range(count):
        sides = [float(np.round(8 * side * random.uniform(0.08, 0.7)) / 8) for side in (width, height)]
        x, y = (float(np.round(8 * random.uniform(0, side)) / 8) for side in (width, height))
        box = [x - sides[0] / 2, y - sides[1] / 2, x + sides[0] / 2, y + sides[1] / 2]
        truths.append({"box": box, "classId": int(random.integers(CLASSES))})
    return truths


def box(left, top, right, bottom, class_id=0):
    return {"box": [left, top, right, bottom], "classId": class_id}


def cases():
    random = np.random.default_rng(5)
    for seed in range(1, 5):
        truths = [random_truths(random, count, 96, 64) for count in (1, 6, 3)]
        yield f"drawn truths, {seed}", TWO_HEADS, seed, truths
    for seed in (21, 22):
        truths = [box(3, 4, 71, 52), box(20, 14, 90, 60, 1), box(50, 2, 58, 12, 2)]
        yield f"large truths on fine cells, {seed}", FINE, seed, [truths[:1], truths]
    crowd = [random_truths(random, 12, 96, 64)]
    yield "many truths", TWO_HEADS, 5, crowd
    yield "an image without a truth", TWO_HEADS, 6, [[], [box(10, 12, 40, 44, 1)]]
    yield "no truth at all", TWO_HEADS, 7, [[], []]
    yield "two identical truths", TWO_HEADS, 8, [[box(11, 12, 42, 44, 1), box(11, 12, 42, 44, 1)]]
    yield "two classes at one place", TWO_HEADS, 9, [[box(11, 12, 42, 44, 2), box(11, 12, 42, 44, 0)]]
    yield "a truth larger than the image", TWO_HEADS, 10, [[box(-50, -30, 140, 100), box(30, 20, 50, 45, 2)]]
    yield "truths narrower than a cell", TWO_HEADS, 11, [[box(17, 17, 21, 23, 1), box(60, 33, 63, 35, 2)]]
    yield "a truth outside of the image", TWO_HEADS, 12, [[box(130, 10, 150, 30), box(30, 20, 60, 45, 1)]]
    yield "a truth centered outside of the image", FINE, 23, [[box(-200, -10, 60, 70, 2)]]
    yield "one-cell heads", ONE_CELL, 13, [[box(10, 8, 50, 55, 1)], [box(2, 3, 20, 30), box(33, 35, 62, 60, 2)]]
    yield "more truths than predictions", ONE_CELL, 14, [random_truths(random, 5, 64, 64)]
    yield "equal predictions", TWINS, 1, [[box(11, 12, 42, 43, 1), box(50, 30, 81, 58, 2)]]


def predictions_of(network, logits):
    """An image's predictions, head by head, anchor by anchor, cell by cell."""
    found = []
    for head, values in zip(network["heads"], logits):
        rows, columns = head["rows"], head["columns"]
        width, height = network["width"] / columns, network["height"] / rows
        sigmoid = lambda x: 1 / (1 + math.exp(-x))  # noqa: E731
        for anchor, (anchor_width, anchor_height) in enumerate(head["anchors"]):
            for cell in range(rows * columns):
                row, column = divmod(cell, columns)
                x, y, w, h, objectness, *classes = values[anchor, :, row, column].tolist()
                x, y = (column + sigmoid(x)) * width, (row + sigmoid(y)) * height
                w, h = math.exp(w) * anchor_width / 2, math.exp(h) * anchor_height / 2
                prediction = Prediction(
                    (x - w, y - h, x + w, y + h),
                    sigmoid(objectness),
                    [sigmoid(score) for score in classes],
                    ((column + 0.5) * width, (row + 0.5) * height, width, height),
                )
                found.append(prediction)
    return found


def golden(title, network, seed, images):
    fields = 5 + CLASSES
    shapes = [(len(images), len(head["anchors"]), fields, head["rows"], head["columns"]) for head in network["heads"]]
    sizes = [math.prod(shape) for shape in shapes]
    drawn = network["spread"] * (2 * (random_integers(sum(sizes), seed) / 2**32) - 1)
    parts = np.split(drawn.astype(np.float32).astype(np.float64), np.cumsum(sizes)[:-1])
    logits = [part.reshape(shape) for part, shape in zip(parts, shapes)]
    expected = {}
    for name, assign in ASSIGNERS.items():
        owners, qualities = [], []
        for image, truths in enumerate(images):
            predictions = predictions_of(network, [values[image] for values in logits])
            owner, quality = assign(predictions, [Truth(tuple(t["box"]), t["classId"]) for t in truths])
            owners.append([-1 if truth is None else truth for truth in owner])
            qualities.append([value for value, truth in zip(quality, owner) if truth is not None])
        expected[name] = {"owners": owners, "qualities": qualities}
        found = [len(set(owner) - {-1}) for owner in owners]
        print(f"{title}, {name}: {found} of {[len(truths) for truths in images]} truths assigned", file=sys.stderr)
    return {"title": title, **network, "classes": CLASSES, "seed": seed, "images": images, "expected": expected}


if __name__ == "__main__":
    lines = [json.dumps(golden(*case)) for case in cases()]
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{FIXTURE}: {FIXTURE.stat().st_size:,} bytes")
