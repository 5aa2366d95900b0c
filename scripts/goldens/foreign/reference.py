"""Shared code of the scripts for foreign detectors: images, suppression, and the files of a case.

A case is a folder:
    model.onnx       and the files that its family puts next to it, such as config.json
    expected.json    family, recognized (true, "refuse" or "ambiguous"), classes, recipe
    reference.json   the detections of the family's own code, image by image (format below)
    inputs/          the input tensor of each image, little-endian, if the case stores them

reference.json:
    family, source   which code gave the detections
    recipe           in words
    thresholds       score, iou (missing if nothing is suppressed), maxDetections
    pictures         file (beside the cases, in pictures/), width, height, input (file, dtype, shape) and
                     detections: box (x1, y1, x2, y2 in pixels of the image), score, class, by descending score
"""
import argparse
import json
import re
import shutil
from pathlib import Path

import cv2
import numpy as np

PROJECT = Path(__file__).resolve().parents[3]
# Sizes: no resampling at 320 and 416 px; odd sides, whose scaled sizes round; smaller than every input.
DRAWN = {'square-320.png': (320, 320), 'square-416.png': (416, 416), 'wide-533x301.png': (533, 301),
         'tall-211x373.png': (211, 373), 'small-97x61.png': (97, 61)}
PHOTOS = ('meadow.jpg', 'cells.jpg')
COCO = ('person bicycle car motorcycle airplane bus train truck boat,traffic light,fire hydrant,stop sign,parking meter,'
        'bench bird cat dog horse sheep cow elephant bear zebra giraffe backpack umbrella handbag tie suitcase frisbee '
        'skis snowboard,sports ball,kite,baseball bat,baseball glove,skateboard surfboard,tennis racket,bottle,'
        'wine glass,cup fork knife spoon bowl banana apple sandwich orange broccoli carrot,hot dog,pizza donut cake '
        'chair couch,potted plant,bed,dining table,toilet tv laptop mouse remote keyboard,cell phone,microwave oven '
        'toaster sink refrigerator book clock vase scissors,teddy bear,hair drier,toothbrush')
TWO_WORDS = {'traffic light', 'fire hydrant', 'stop sign', 'parking meter', 'sports ball', 'baseball bat',
             'baseball glove', 'tennis racket', 'wine glass', 'hot dog', 'potted plant', 'dining table', 'cell phone',
             'teddy bear', 'hair drier'}


def coco_names():
    names = []
    for part in COCO.split(','):
        names += [part] if part in TWO_WORDS else part.split()
    return names


def draw(width, height, seed):
    """Colored blobs and rectangles with soft edges and a little noise: uint8 RGB."""
    random = np.random.default_rng(seed)
    picture = np.full((height, width, 3), random.integers(60, 200, 3), np.float32)
    for _ in range(14):
        x, y = random.integers(0, width), random.integers(0, height)
        w, h = random.integers(6, max(8, width // 3)), random.integers(6, max(8, height // 3))
        color = [int(v) for v in random.integers(0, 256, 3)]
        if random.random() < 0.5:
            cv2.rectangle(picture, (int(x), int(y)), (int(x + w), int(y + h)), color, -1)
        else:
            cv2.ellipse(picture, (int(x), int(y)), (int(w // 2 + 1), int(h // 2 + 1)), 0, 0, 360, color, -1)
    picture = cv2.GaussianBlur(picture, (0, 0), 1.2) + random.normal(0, 3, picture.shape)
    return picture.clip(0, 255).round().astype(np.uint8)


def pictures(out):
    """{file name: RGB uint8 [height, width, 3]}; the files are written to OUT/pictures once."""
    folder = Path(out) / 'pictures'
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, (width, height)) in enumerate(DRAWN.items()):
        if not (folder / name).exists():
            cv2.imwrite(str(folder / name), draw(width, height, seed)[:, :, ::-1])
    for name in PHOTOS:
        if not (folder / name).exists():
            shutil.copy(PROJECT / 'docs/images' / name, folder / name)
    return {name: read(folder / name) for name in [*DRAWN, *PHOTOS]}


def read(path):
    return np.ascontiguousarray(cv2.imread(str(path))[:, :, ::-1])


def iou(box, boxes):
    """IoU of one x1, y1, x2, y2 with many."""
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    common = np.prod((high - low).clip(0), axis=1)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) + np.prod(box[2:] - box[:2]) - common
    return common / np.maximum(areas, 1e-12)


def suppress(boxes, scores, labels, threshold, agnostic=False):
    """Indices that greedy suppression keeps, by descending score; per class unless agnostic."""
    order, kept = list(np.argsort(-scores, kind='stable')), []
    while order:
        first, order = order[0], np.array(order[1:], int)
        kept.append(first)
        if len(order):
            gone = iou(boxes[first], boxes[order]) > threshold
            order = order[~gone if agnostic else ~(gone & (labels[order] == labels[first]))]
        order = list(order)
    return np.array(kept, int)


def detections(boxes, scores, labels, limit=None):
    """Lists of a reference file, by descending score."""
    order = np.argsort(-np.asarray(scores), kind='stable')[:limit]
    return [{'box': [round(float(v), 4) for v in boxes[i]], 'score': round(float(scores[i]), 6), 'class': int(labels[i])}
            for i in order]


def write_inputs(folder, name, tensor):
    path = Path(folder) / 'inputs' / f'{Path(name).stem}.bin'
    path.parent.mkdir(exist_ok=True)
    array = np.ascontiguousarray(tensor)
    path.write_bytes(array.tobytes())
    return {'file': f'inputs/{path.name}', 'dtype': str(array.dtype), 'shape': list(array.shape)}


def write_case(folder, *, family, source, recipe, thresholds, found, sizes, classes=None, names=None, inputs=None,
               recognized=True, asked=None, notes=None):
    """reference.json and expected.json. found: {picture: detections}; sizes: {picture: (width, height)}."""
    folder = Path(folder)
    entries = [{'file': name, 'width': sizes[name][0], 'height': sizes[name][1],
                **({'input': inputs[name]} if inputs and name in inputs else {}), 'detections': rows}
               for name, rows in found.items()]
    dump(folder / 'reference.json', {'family': family, 'source': source, 'recipe': recipe, 'thresholds': thresholds,
                                     'pictures': entries})
    write_expected(folder, family=family, recognized=recognized, classes=classes, names=names, recipe=recipe,
                   asked=asked, notes=notes)
    return sum(len(rows) for rows in found.values())


def write_expected(folder, *, family, recognized, classes=None, names=None, recipe=None, asked=None, notes=None):
    fields = {'family': family, 'recognized': recognized, 'as': asked, 'classes': classes, 'names': names, 'recipe': recipe,
              'notes': notes}
    dump(Path(folder) / 'expected.json', {key: value for key, value in fields.items() if value is not None})


def dump(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, indent=1, ensure_ascii=False)
    # One detection per line.
    text = re.sub(r'\{\s+"box": \[\s+([^]]+?)\s+\],\s+"score": (\S+),\s+"class": (\d+)\s+\}',
                  lambda m: f'{{"box": [{" ".join(m[1].split())}], "score": {m[2]}, "class": {m[3]}}}', text)
    path.write_text(text + '\n')


HEAD = """# Reference cases of foreign detectors

Formats: the head of scripts/goldens/foreign/reference.py. Scripts: `python scripts/goldens/foreign/X.py --out HERE`.
Boxes are x1, y1, x2, y2 in pixels of the picture; pictures lie in `pictures/`. `inputs/` has the exact input tensors.
"""


def index(out, folder, text):
    """One line of OUT/INDEX.md for this case, replacing an older one."""
    path = Path(out) / 'INDEX.md'
    lines = (path.read_text() if path.exists() else HEAD).splitlines()
    lines = [line for line in lines if not line.startswith(f'- `{folder}`')]
    path.write_text('\n'.join([*lines, f'- `{folder}`: {text}']) + '\n')


def arguments(doc, **extra):
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', type=Path, required=True, help='folder that the cases are written to')
    parser.add_argument('--only', nargs='*', help='names of the cases to make')
    for name, options in extra.items():
        parser.add_argument(f'--{name}', **options)
    return parser.parse_args()
