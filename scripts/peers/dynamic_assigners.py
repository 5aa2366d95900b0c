"""
SimOTA (YOLOX, https://arxiv.org/abs/2107.08430) and task-aligned assignment (TOOD, https://arxiv.org/abs/2108.07755)
written from the papers for one image, with loops in plain Python: the reference for the assigners in
src/training/assigners/dynamic.

An image's predictions are a list of `Prediction`, its truths a list of `Truth`; boxes are left, top, right, bottom in
pixels. An assigner returns for each prediction the index of its truth, or None, and the quality of the match.
"""

import math
from typing import NamedTuple


class Prediction(NamedTuple):
    box: tuple
    # Probabilities.
    objectness: float
    classes: list
    # Center x, center y, width, height of its cell in pixels.
    cell: tuple


class Truth(NamedTuple):
    box: tuple
    class_id: int


def overlap(a, b):
    """Intersection over union."""
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    area = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return width * height / (area - width * height + 1e-7)


def first_sorted(places, cost):
    """Indices sorted by cost; equal costs keep their order."""
    return sorted(places, key=lambda place: (cost(place), place))


def give_away(wanted, count, cost):
    """Each requested prediction goes to the truth with the least cost, the first of equals."""
    owners = [None] * count
    for prediction in range(count):
        claimants = [truth for truth, chosen in wanted.items() if prediction in chosen]
        if claimants:
            owners[prediction] = first_sorted(claimants, lambda truth: cost(truth, prediction))[0]
    return owners


def is_box(truth):
    left, top, right, bottom = truth.box
    return right > left and bottom > top


def sim_ota(predictions, truths):
    places = [place for place, truth in enumerate(truths) if is_box(truth)]

    def in_box(truth, prediction):
        left, top, right, bottom = truths[truth].box
        x, y, _, _ = predictions[prediction].cell
        return left < x < right and top < y < bottom

    def in_center(truth, prediction):
        left, top, right, bottom = truths[truth].box
        x, y, width, height = predictions[prediction].cell
        return abs(x - (left + right) / 2) < 2.5 * width and abs(y - (top + bottom) / 2) < 2.5 * height

    def pair_overlap(truth, prediction):
        return overlap(truths[truth].box, predictions[prediction].box)

    def cost(truth, prediction):
        total = -3 * math.log(pair_overlap(truth, prediction) + 1e-8)
        for class_id, probability in enumerate(predictions[prediction].classes):
            score = math.sqrt(predictions[prediction].objectness * probability)
            total -= math.log(score) if class_id == truths[truth].class_id else math.log(1 - score)
        if not (in_box(truth, prediction) and in_center(truth, prediction)):
            total += 1e5
        return total

    candidates = [
        prediction
        for prediction in range(len(predictions))
        if any(in_box(truth, prediction) or in_center(truth, prediction) for truth in places)
    ]
    wanted = {}
    for truth in places:
        best = sorted((pair_overlap(truth, prediction) for prediction in candidates), reverse=True)[:10]
        k = max(1, math.floor(sum(best)))
        wanted[truth] = first_sorted(candidates, lambda prediction: cost(truth, prediction))[:k]
    owners = give_away(wanted, len(predictions), cost)
    quality = [
        0.0 if truth is None else pair_overlap(truth, prediction) for prediction, truth in enumerate(owners)
    ]
    return owners, quality


def task_aligned(predictions, truths):
    """A truth narrower than a cell is widened to the cell; without any overlap, the score decides."""
    places = [place for place, truth in enumerate(truths) if is_box(truth)]

    def is_inside(truth, prediction):
        left, top, right, bottom = truths[truth].box
        x, y, width, height = predictions[prediction].cell
        half_width, half_height = max(right - left, width) / 2, max(bottom - top, height) / 2
        return abs(x - (left + right) / 2) <= half_width and abs(y - (top + bottom) / 2) <= half_height

    def pair_overlap(truth, prediction):
        return overlap(truths[truth].box, predictions[prediction].box)

    def alignment(truth, prediction):
        score = predictions[prediction].objectness * predictions[prediction].classes[truths[truth].class_id]
        return score * (pair_overlap(truth, prediction) + 1e-9) ** 6

    wanted = {}
    for truth in places:
        candidates = [prediction for prediction in range(len(predictions)) if is_inside(truth, prediction)]
        wanted[truth] = first_sorted(candidates, lambda prediction: -alignment(truth, prediction))[:10]
    owners = give_away(wanted, len(predictions), lambda truth, prediction: -pair_overlap(truth, prediction))
    quality = [0.0] * len(predictions)
    for truth in places:
        own = [prediction for prediction, owner in enumerate(owners) if owner == truth]
        for prediction in own:
            most = max(alignment(truth, other) for other in own)
            best = max(pair_overlap(truth, other) for other in own)
            quality[prediction] = alignment(truth, prediction) / most * best
    return owners, quality


ASSIGNERS = {"sim-ota": sim_ota, "task-aligned": task_aligned}
