"""OpenCV's DNN module on a folder of photos, the peer of folder.ts: decode, resize, network, decoding and NMS.

    pip install 'opencv-python-headless<4.12' numpy
    python scripts/benchmarks/detecting/opencv_folder.py CFG WEIGHTS FOLDER THREADS
"""

import sys
import time
from pathlib import Path

import cv2
import numpy as np

cfg, weights, folder, threads = sys.argv[1:]
cv2.setNumThreads(int(threads))
# Silent [yolo] sections make OpenCV zero class scores below 0.2.
text = open(cfg).read().replace("[yolo]", "[yolo]\nthresh=0.0001")
net = cv2.dnn.readNetFromDarknet(np.frombuffer(text.encode(), np.uint8), np.fromfile(weights, np.uint8))
names = net.getUnconnectedOutLayersNames()


def detect(path):
    image = cv2.imread(str(path))
    height, width = image.shape[:2]
    net.setInput(cv2.dnn.blobFromImage(cv2.resize(image, (320, 320)), 1 / 255, swapRB=True))
    rows = np.concatenate(net.forward(names))
    row, label = np.where(rows[:, 5:] > 0.25)
    scores = rows[:, 5:][row, label]
    x, y, w, h = (rows[row, :4] * [width, height, width, height]).T
    boxes = np.stack([x - w / 2, y - h / 2, w, h], 1)
    for k in np.unique(label):
        mine = np.where(label == k)[0]
        cv2.dnn.NMSBoxes(boxes[mine].tolist(), scores[mine].tolist(), 0.25, 0.45)


paths = sorted(Path(folder).glob("*.jpg"))
detect(paths[0])
start = time.perf_counter()
cpu = time.process_time()
for path in paths:
    detect(path)
seconds = time.perf_counter() - start
per_image = 1000 * (time.process_time() - cpu) / len(paths)
print(f"OpenCV {cv2.__version__}: {len(paths) / seconds:.1f} images/s, CPU time an image {per_image:.2f} ms")
