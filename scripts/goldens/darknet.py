"""Goldens for the Darknet reader, the decoding of heads and non-maximum suppression, computed by OpenCV's DNN module.

    pip install 'opencv-python-headless<4.12' numpy     # OpenCV 5 no longer reads Darknet files
    python scripts/goldens/darknet.py
    python scripts/goldens/darknet.py --nano FOLDER

The first form reads every .cfg in test/models/formats/darknet/fixtures and writes NAME.json next to it and, except for
yolov3-tiny, NAME.weights: random weights in Darknet's format, whose bytes both OpenCV and the tests read.

The second writes nano-noise.json and nano-dog.json there, from FOLDER/darknet/MobileNetV2-YOLOv3-Nano-coco.cfg
and .weights, and FOLDER/photos/dog.jpg: the 40 rows of highest objectness only.

NAME.json:
    seed        of the input, which is noise(seed) in the network's shape; missing if it is a photo
    outputs     one per head, by the index of its section after [net]
      shape     of values: [rows, 5 + classes], or [classes] of a classifier
      values    little-endian float32 in base64. A row is center x, center y, width, height over the input's,
                objectness, and objectness x probability of each class; rows run over y, x, anchor
      rows      indices of the rows among all rows of the head, if some are left out
      suppression   iouThreshold, scoreThreshold, and the [row, class] pairs that they leave
    The values of a [region] include its suppression, which OpenCV cannot switch off: suppressed ones are 0.
"""
import argparse
import base64
import json
from pathlib import Path

import cv2
import numpy as np

FIXTURES = Path(__file__).resolve().parents[2] / 'test/models/formats/darknet/fixtures'
NANO = 'darknet/MobileNetV2-YOLOv3-Nano-coco'
# Files of Darknet before version 0.2 count the images seen in 32 bits.
OLD_HEADERS = {'convolutions'}


def noise(seed, shape):
    """Float32 in [-1, 1), the same as in the tests: MurmurHash3's finalizer of each index."""
    h = np.arange(np.prod(shape), dtype=np.uint32) + np.uint32(seed * 0x9E3779B1 & 0xFFFFFFFF)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return ((h >> np.uint32(8)).astype(np.float32) / np.float32(2**23) - np.float32(1)).reshape(shape)


def parse(text):
    sections = []
    for line in text.splitlines():
        line = line.split('#')[0].replace(' ', '')
        if line.startswith('['):
            sections.append((line[1:-1], {}))
        elif line:
            key, value = line.split('=')
            sections[-1][1][key] = value
    return sections


def written(sections):
    return '\n'.join(f'[{kind}]\n' + ''.join(f'{k}={v}\n' for k, v in keys.items()) for kind, keys in sections)


def convolutions(sections):
    """(filters, input channels per group, kernel, whether normalized) of each, in order."""
    channels, found, last = [], [], int(sections[0][1]['channels'])
    for place, (kind, keys) in enumerate(sections[1:]):
        at = lambda index: channels[index if index >= 0 else place + index]
        if kind == 'convolutional':
            groups = int(keys.get('groups', 1))
            filters = int(keys['filters'])
            found.append((filters, last // groups, int(keys['size']), keys.get('batch_normalize') == '1'))
            last = filters
        elif kind == 'route':
            last = sum(at(int(k)) // int(keys.get('groups', 1)) for k in keys['layers'].split(','))
        elif kind == 'scale_channels':
            last = at(int(keys['from']))
        channels.append(last)
    return found


def header(old):
    return np.array([0, 1, 0, 0] if old else [0, 2, 0, 0, 0], '<i4').tobytes()


def drawn_weights(sections, seed, old):
    """Of He's size (https://arxiv.org/abs/1502.01852), so that signals neither fade nor grow.

    Less where nothing is normalized, as before heads: their exp would make large what is not.
    """
    random = np.random.default_rng(seed)
    parts = []
    for filters, fan, kernel, normalized in convolutions(sections):
        parts.append(random.normal(0, 0.3, filters))  # bias
        if normalized:
            factor, mean, variance = (
                random.uniform(0.7, 1.3, filters),
                random.normal(0, 0.3, filters),
                random.uniform(0.5, 1.5, filters),
            )
            # Small enough for the epsilon added to a variance to matter.
            variance[-1] = 4e-6
            factor[-1] *= 2e-3
            parts += [factor, mean, variance]
        gain = 2 if normalized else 0.5
        parts.append(random.normal(0, np.sqrt(gain / (fan * kernel * kernel)), filters * fan * kernel * kernel))
    return header(old) + np.concatenate(parts).astype('<f4').tobytes()


def hashed_weights(sections):
    """Weights that the tests also compute bit for bit, for a file too large to store. Each tensor's seed is its index."""
    parts, seed = [], 0

    def add(count, scale, offset):
        nonlocal seed
        parts.append(noise(seed, count) * np.float32(scale) + np.float32(offset))
        seed += 1

    for filters, fan, kernel, normalized in convolutions(sections):
        add(filters, 0.125, 0)  # bias
        if normalized:
            add(filters, 0.25, 1)  # factor
            add(filters, 0.125, 0)  # running mean
            add(filters, 0.5, 1)  # running variance
        add(filters * fan * kernel * kernel, np.sqrt((6 if normalized else 1) / (fan * kernel * kernel)), 0)
    return header(old=False) + np.concatenate(parts).astype('<f4').tobytes()


def for_opencv(sections, suppression):
    """An equivalent cfg without OpenCV's default threshold, which drops scores below 0.2."""
    width = int(sections[0][1]['width'])
    adapted = []
    for kind, keys in sections:
        keys = dict(keys)
        if kind == 'yolo':
            keys |= {'thresh': suppression['scoreThreshold'], 'nms_threshold': suppression['iouThreshold']}
        elif kind == 'region' and keys['softmax'] == '1':
            keys |= {'thresh': 0}
        elif kind == 'region':
            # OpenCV has sigmoid classes only in [yolo], whose anchors are in pixels: a cell has 8 pixels here.
            assert width % 8 == 0
            anchors = ','.join(str(8 * float(side)) for side in keys['anchors'].split(','))
            kind = 'yolo'
            keys = {'anchors': anchors, 'num': keys['num'], 'classes': keys['classes'], 'thresh': 0, 'nms_threshold': 0}
            keys['mask'] = ','.join(map(str, range(int(keys['num']))))
        adapted.append((kind, keys))
    return written(adapted)


NO_SUPPRESSION = {'iouThreshold': 0, 'scoreThreshold': 0}


def forward(sections, weights, blob, suppression=NO_SUPPRESSION):
    cfg = np.frombuffer(for_opencv(sections, suppression).encode(), np.uint8)
    net = cv2.dnn.readNetFromDarknet(cfg, np.frombuffer(weights, np.uint8))
    # Its faster 3x3 convolutions are less exact.
    net.enableWinograd(False)
    net.setInput(blob)
    return net.forward(net.getUnconnectedOutLayersNames())


def packed(values):
    return {'shape': list(values.shape), 'values': base64.b64encode(values.astype('<f4').tobytes()).decode()}


def output_places(sections):
    return [str(place) for place, (kind, _) in enumerate(sections[1:]) if kind in ('yolo', 'region', 'softmax')]


def write(name, golden):
    (FIXTURES / f'{name}.json').write_text(json.dumps(golden, separators=(',', ':')) + '\n')


def write_fixture(cfg, seed):
    sections = parse(cfg.read_text('utf-8'))
    name, net = cfg.stem, sections[0][1]
    if name == 'yolov3-tiny':
        weights = hashed_weights(sections)
    else:
        weights = drawn_weights(sections, seed, name in OLD_HEADERS)
        cfg.with_suffix('.weights').write_bytes(weights)
    blob = noise(seed, (1, int(net['channels']), int(net['height']), int(net['width'])))
    outputs = []
    for place, rows in zip(output_places(sections), forward(sections, weights, blob)):
        if sections[1 + int(place)][0] == 'softmax':
            rows = rows.reshape(-1)
        outputs.append({'layer': place} | packed(rows))
    if name == 'routes':
        suppression = {'iouThreshold': 0.45, 'scoreThreshold': 0.2}
        for output, rows in zip(outputs, forward(sections, weights, blob, suppression)):
            output['suppression'] = suppression | {'kept': np.argwhere(rows[:, 5:] > 0).tolist()}
    write(name, {'seed': seed, 'outputs': outputs})
    numbers = np.concatenate([np.frombuffer(base64.b64decode(o['values']), '<f4') for o in outputs])
    print(f'{name}: {len(weights)} bytes of weights, {numbers.size} numbers up to {np.abs(numbers).max():.3g}')


def write_nano(folder):
    sections = parse((folder / f'{NANO}.cfg').read_text('utf-8'))
    weights = (folder / f'{NANO}.weights').read_bytes()
    net = sections[0][1]
    size = (int(net['width']), int(net['height']))
    photo = cv2.resize(cv2.imread(str(folder / 'photos/dog.jpg')), size)
    seed = 1000
    blobs = {
        'nano-dog': ({}, cv2.dnn.blobFromImage(photo, 1 / 255, swapRB=True)),
        'nano-noise': ({'seed': seed}, noise(seed, (1, 3, size[1], size[0]))),
    }
    for name, (golden, blob) in blobs.items():
        heads = forward(sections, weights, blob)
        objectness = np.concatenate([rows[:, 4] for rows in heads])
        best = np.sort(np.argsort(-objectness, kind='stable')[:40])
        first, outputs = 0, []
        for place, rows in zip(output_places(sections), heads):
            chosen = best[(best >= first) & (best < first + len(rows))] - first
            outputs.append({'layer': place, 'rows': chosen.tolist()} | packed(rows[chosen]))
            first += len(rows)
        write(name, golden | {'outputs': outputs})
        print(f'{name}: objectness {objectness[best].min():.3g} to {objectness[best].max():.3g}')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--nano', metavar='FOLDER', type=Path)
    nano = parser.parse_args().nano
    if nano:
        write_nano(nano)
    else:
        for seed, cfg in enumerate(sorted(FIXTURES.glob('*.cfg')), start=1):
            write_fixture(cfg, seed)
