"""An Ultralytics detector, trained from scratch for some minutes: the peer of scripts/benchmarks/training/peer-detector.ts.

    pip install ultralytics
    python scripts/peers/ultralytics_training.py DATA.yaml MODEL.yaml MINUTES SIZE BATCH OPTIMIZER RATE THREADS FOLDER

DATA.yaml is a YOLO data set, as `micro-yolo dataset convert … --to yolo` writes. The last line is JSON: the COCO-like
AP and AP50 of the last weights on the validation images, by Ultralytics's own code, and the epochs. Nothing from that
package (AGPL-3.0) is part of this project: this script calls the installed package.
"""

import json
import sys
from pathlib import Path

import torch
from ultralytics import YOLO

data, model, minutes, size, batch, optimizer, rate, threads, folder = sys.argv[1:]
torch.set_num_threads(int(threads))
detector = YOLO(model)
detector.train(
    data=data,
    time=float(minutes) / 60,
    imgsz=int(size),
    batch=int(batch),
    optimizer=optimizer,
    lr0=float(rate),
    pretrained=False,
    device="cpu",
    workers=0,
    project=folder,
    name="peer",
    exist_ok=True,
    verbose=False,
    plots=False,
    # The minutes are for training; validation runs once, below.
    val=False,
)
weights = Path(folder, "peer", "weights", "last.pt")
box = YOLO(weights).val(data=data, imgsz=int(size), device="cpu", workers=0, plots=False, verbose=False).box
epochs = sum(1 for _ in open(Path(folder, "peer", "results.csv"))) - 1
print(json.dumps({"AP": float(box.map), "AP50": float(box.map50), "epochs": epochs}))
