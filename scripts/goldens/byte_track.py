"""Makes test/boxes/tracking/fixtures/byte-track.json: sequences of detections and the ids that ByteTrack's authors give them.

    git clone https://github.com/ifzhang/ByteTrack
    pip install numpy scipy lap
    python scripts/goldens/byte_track.py ByteTrack

Runs the authors' own `yolox/tracker/byte_tracker.py`. Imports that it hardly uses are replaced here: torch, OpenCV, and
cython_bbox, whose one function is implemented below. Objects move, cross, hide and leave; detectors miss
some, score hidden ones low, and see nonexistent ones.
"""

import json
import sys
import types
from pathlib import Path
from types import SimpleNamespace

import numpy as np

FIXTURE = Path(__file__).parents[2] / "test/boxes/tracking/fixtures/byte-track.json"


def bbox_overlaps(boxes, queries):
    """IoU of boxes that include their right and bottom pixels, as in cython_bbox."""
    overlaps = np.zeros((len(boxes), len(queries)))
    for row, a in enumerate(boxes):
        for column, b in enumerate(queries):
            width = min(a[2], b[2]) - max(a[0], b[0]) + 1
            height = min(a[3], b[3]) - max(a[1], b[1]) + 1
            if width > 0 and height > 0:
                area = (a[2] - a[0] + 1) * (a[3] - a[1] + 1) + (b[2] - b[0] + 1) * (b[3] - b[1] + 1)
                overlaps[row, column] = width * height / (area - width * height)
    return overlaps


def load_authors(clone):
    np.float = float
    functional = types.ModuleType("torch.nn.functional")
    for name, parts in {
        "torch": {"nn": types.ModuleType("torch.nn")},
        "torch.nn": {"functional": functional},
        "torch.nn.functional": {},
        "cv2": {},
        "cython_bbox": {"bbox_overlaps": bbox_overlaps},
    }.items():
        module = types.ModuleType(name)
        module.__dict__.update(parts)
        sys.modules[name] = module
    # The packages' own __init__ would load the network.
    for name, folder in {"yolox": "yolox", "yolox.tracker": "yolox/tracker"}.items():
        module = types.ModuleType(name)
        module.__path__ = [str(Path(clone) / folder)]
        sys.modules[name] = module
    from yolox.tracker.basetrack import BaseTrack
    from yolox.tracker.byte_tracker import BYTETracker

    return BYTETracker, BaseTrack


def sequence(seed, frames, objects):
    """Detections [left, top, right, bottom, score] of each frame."""
    random = np.random.default_rng(seed)
    size = random.uniform(30, 110, (objects, 2))
    start = random.uniform(0, 540, (objects, 2))
    speed = random.normal(0, 4, (objects, 2))
    begins = random.integers(1, frames // 2, objects) * (random.random(objects) < 0.5)
    ends = begins + random.integers(frames // 3, frames, objects)
    hidden = [(begin + frames // 6, begin + frames // 6 + random.integers(2, 45)) for begin in begins]
    result = []
    for frame in range(frames):
        rows = []
        for index in range(objects):
            if not begins[index] <= frame < ends[index]:
                continue
            is_hidden = hidden[index][0] <= frame < hidden[index][1]
            if random.random() < (0.6 if is_hidden else 0.04):
                continue
            center = start[index] + speed[index] * frame + random.normal(0, 1.5, 2)
            sides = size[index] * random.uniform(0.93, 1.07, 2)
            score = random.uniform(0.05, 0.5) if is_hidden else random.uniform(0.45, 0.98)
            rows.append([*(center - sides / 2), *(center + sides / 2), score])
        for _ in range(random.poisson(0.7)):
            corner = random.uniform(0, 600, 2)
            rows.append([*corner, *(corner + random.uniform(10, 90, 2)), random.uniform(0.05, 0.75)])
        order = random.permutation(len(rows))
        result.append([[round(float(value), 3) for value in rows[place]] for place in order])
    return result


def ids(BYTETracker, BaseTrack, frames, frame_rate):
    BaseTrack._count = 0
    tracker = BYTETracker(SimpleNamespace(track_thresh=0.5, track_buffer=30, match_thresh=0.8, mot20=False), frame_rate)
    result = []
    for rows in frames:
        detections = np.array(rows, dtype=float).reshape(-1, 5)
        tracks = tracker.update(detections, (640, 640), (640, 640))
        result.append([[int(track.track_id), *(round(float(side), 3) for side in track.tlwh)] for track in tracks])
    return result


def main():
    authors = load_authors(sys.argv[1])
    cases = []
    for seed, frames, objects, frame_rate in [(1, 90, 6, 30), (2, 120, 12, 30), (3, 100, 10, 10), (4, 70, 25, 25)]:
        detections = sequence(seed, frames, objects)
        cases.append({"frameRate": frame_rate, "detections": detections, "tracks": ids(*authors, detections, frame_rate)})
        print(seed, "tracks", max(track[0] for row in cases[-1]["tracks"] for track in row))
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


main()
