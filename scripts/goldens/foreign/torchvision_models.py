"""References for torchvision's detectors: random weights, exported with torch.onnx.export; the detections come from the models themselves.

    pip install torch torchvision onnx onnxscript onnxruntime
    python scripts/goldens/foreign/torchvision_models.py --out OUT [--only ssdlite …]

RetinaNet and Faster R-CNN use a MobileNetV3 instead of a ResNet-50 to stay small; heads and outputs are the same.
"""
import shutil
import traceback

import numpy as np
import onnxruntime
import reference
import torch
import torchvision
from calibrate import settle_norms, spread
from torchvision.models import detection

SIDE = 320
# Unused COCO ids: random weights predict them, trained ones do not.
UNUSED = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]


def ssdlite():
    model = detection.ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=91)
    head = model.head
    scores = [level[-1] for level in head.classification_head.module_list]
    boxes = [level[-1] for level in head.regression_head.module_list]
    return model, [(scores, 2.5), (boxes, 1.0)], ['boxes', 'scores', 'labels']


def backbone():
    return detection.backbone_utils.mobilenet_backbone(backbone_name='mobilenet_v3_large', weights=None, fpn=True, trainable_layers=6,
                                                       norm_layer=torch.nn.BatchNorm2d, returned_layers=[4, 5])


def retinanet():
    sizes = tuple((x, int(x * 2 ** (1 / 3)), int(x * 2 ** (2 / 3))) for x in (32, 64, 128))
    anchors = detection.anchor_utils.AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * 3)
    model = detection.RetinaNet(backbone(), num_classes=91, anchor_generator=anchors, min_size=SIDE, max_size=640)
    return model, [([model.head.classification_head.cls_logits], ('above', -1.1, 300)), ([model.head.regression_head.bbox_reg], 0.5)], ['boxes', 'scores', 'labels']


def fasterrcnn():
    model = detection.fasterrcnn_mobilenet_v3_large_320_fpn(weights=None, weights_backbone=None, num_classes=91, trainable_backbone_layers=6)
    rpn, box = model.rpn.head, model.roi_heads.box_predictor
    return model, [([rpn.cls_logits], 2.0), ([rpn.bbox_pred], 0.3), ([box.cls_score], 2.5), ([box.bbox_pred], 1.0)], ['boxes', 'labels', 'scores']


CASES = {'ssdlite': ssdlite, 'retinanet': retinanet, 'fasterrcnn': fasterrcnn}


def make(args, name, builder, rank, dynamic, shown):
    folder = args.out / f'torchvision-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    torch.manual_seed(3)
    model, heads, names = builder()
    model.eval()
    tensors = {p: torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1))).float() / 255 for p, pixels in shown.items()}
    if not dynamic:
        tensors = {p: torch.from_numpy(np.ascontiguousarray(reference.cv2.resize(pixels, (SIDE, SIDE)).transpose(2, 0, 1))).float() / 255
                   for p, pixels in shown.items()}
    pictures = list(tensors.values())
    settle_norms(model.backbone, torch.stack([torch.nn.functional.interpolate(t[None], (SIDE, SIDE))[0] for t in pictures]) * 4 - 2)
    for layers, wanted in heads:
        run = lambda: [model([t]) for t in pictures]  # noqa: E731
        with torch.no_grad():
            if isinstance(wanted, tuple):
                spread(model, run, layers, 2.0, above=(wanted[1], wanted[2] * len(pictures)))
            else:
                spread(model, run, layers, wanted)
    sample = tensors['square-320.png'] if rank == 3 else tensors['square-320.png'][None]
    axes = {'input': {rank - 2: 'height', rank - 1: 'width'}} if dynamic else {}
    torch.onnx.export(model, ([sample],) if rank == 3 else (sample,), folder / 'model.onnx', dynamo=False, opset_version=17,
                      input_names=['input'], output_names=names,
                      dynamic_axes={**axes, 'boxes': {0: 'n'}, 'scores': {0: 'n'}, 'labels': {0: 'n'}})
    session = onnxruntime.InferenceSession(folder / 'model.onnx', providers=['CPUExecutionProvider'])
    found, inputs, worst = {}, {}, 0
    for picture, pixels in shown.items():
        tensor = tensors[picture]
        with torch.no_grad():
            own = model([tensor])[0]
        ran = dict(zip([o.name for o in session.get_outputs()], session.run(None, {'input': (tensor if rank == 3 else tensor[None]).numpy()})))
        for box, label in zip(own['boxes'].numpy(), own['labels'].numpy()):  # the order of near ties can differ
            alike = ran['boxes'][ran['labels'] == label]
            worst = max(worst, np.abs(alike - box).max(1).min() if len(alike) else np.inf)
        scale = np.float64([1, 1, 1, 1]) if dynamic else np.float64([pixels.shape[1], pixels.shape[0]] * 2) / SIDE
        keep = (own['scores'].numpy() > 0.1) & ~np.isin(own['labels'].numpy(), UNUSED)
        found[picture] = reference.detections(own['boxes'].numpy()[keep] * scale, own['scores'].numpy()[keep], own['labels'].numpy()[keep])
        inputs[picture] = reference.write_inputs(folder, picture, tensor.numpy())
    total = reference.write_case(
        folder, family='torchvision', source=f'torchvision {torchvision.__version__}, the model itself', classes=91,
        thresholds={'score': 0.1, 'iou': 'inside', 'maxDetections': getattr(model, 'detections_per_img', None) or model.roi_heads.detections_per_img},
        recipe='RGB 0-1, normalization inside; ' + ('the picture in its own size, resized inside' if dynamic else f'stretched to {SIDE}, OpenCV INTER_LINEAR')
               + '; labels as the graph gives them (0 is background)',
        found=found, inputs=inputs, sizes={p: pixels.shape[1::-1] for p, pixels in shown.items()})
    ports = '; '.join(f'{p.name} {p.type[7:-1]} {p.shape}' for p in [*session.get_inputs(), *session.get_outputs()])
    reference.index(args.out, folder.name, f'{type(model).__name__}, 91 classes, random weights: {ports}; {total} detections; export differs by {worst}')
    print(folder.name, ports, [len(rows) for rows in found.values()], 'export differs by', worst, flush=True)


def main():
    args = reference.arguments(__doc__)
    torch.set_num_threads(1)
    shown = reference.pictures(args.out)
    for name, builder in CASES.items():
        for form, rank, dynamic in (('', 4, False), ('-dynamic', 3, True)):
            # The trace of Faster R-CNN is not valid at other sizes: the runtime finds other boxes than PyTorch.
            if name + form != 'fasterrcnn-dynamic' and (not args.only or name + form in args.only):
                try:
                    make(args, name + form, builder, rank, dynamic, shown)
                except Exception:
                    print(f'FAILED {name}{form}:', traceback.format_exc()[-900:], flush=True)


main()
