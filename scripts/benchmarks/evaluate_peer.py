"""One COCO evaluation by a peer, including loading: prints seconds, peak memory in MiB and the twelve numbers.

    pip install pycocotools faster-coco-eval
    python scripts/benchmarks/evaluate_peer.py pycocotools|faster-coco-eval INSTANCES.json DETECTIONS.json
"""
import contextlib
import io
import json
import resource
import sys
import time

peer, truth, detections = sys.argv[1:]
if peer == 'pycocotools':
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
else:
    from faster_coco_eval import COCO
    from faster_coco_eval import COCOeval_faster as COCOeval

start = time.perf_counter()
with contextlib.redirect_stdout(io.StringIO()):
    gt = COCO(truth)
    evaluation = COCOeval(gt, gt.loadRes(detections), iouType='bbox')
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(seconds=seconds, peak=peak, metrics=[float(v) for v in evaluation.stats[:12]])))
