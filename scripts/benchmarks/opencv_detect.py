"""OpenCV's DNN module on one photo, the peer of detect.ts: decode, resize, network, decoding and NMS.

    pip install 'opencv-python-headless<4.12' numpy
    python scripts/benchmarks/opencv_detect.py CFG WEIGHTS PHOTO...

Waits for a line on stdin before each run; answers with one line of JSON: milliseconds and detections.
"""
import json
import sys
import time

import cv2
import numpy as np

cfg, weights, *photos = sys.argv[1:]
# Silent [yolo] sections make OpenCV zero class scores below 0.2.
text = open(cfg).read().replace('[yolo]', '[yolo]\nthresh=0.0001')
net = cv2.dnn.readNetFromDarknet(np.frombuffer(text.encode(), np.uint8), np.fromfile(weights, np.uint8))
names = net.getUnconnectedOutLayersNames()


def detect(path):
    image = cv2.imread(path)
    height, width = image.shape[:2]
    net.setInput(cv2.dnn.blobFromImage(cv2.resize(image, (320, 320)), 1 / 255, swapRB=True))
    rows = np.concatenate(net.forward(names))
    found = []
    row, label = np.where(rows[:, 5:] > 0.25)
    scores = rows[:, 5:][row, label]
    x, y, w, h = (rows[row, :4] * [width, height, width, height]).T
    boxes = np.stack([x - w / 2, y - h / 2, w, h], 1)
    for k in np.unique(label):
        mine = np.where(label == k)[0]
        for j in np.array(cv2.dnn.NMSBoxes(boxes[mine].tolist(), scores[mine].tolist(), 0.25, 0.45)).flatten():
            found.append({'classId': int(k), 'score': float(scores[mine][j]), 'box': boxes[mine][j].tolist()})
    return sorted(found, key=lambda d: -d['score'])


for line in sys.stdin:
    start = time.perf_counter()
    found = detect(photos[int(line)])
    print(json.dumps({'ms': 1000 * (time.perf_counter() - start), 'detections': found}), flush=True)
