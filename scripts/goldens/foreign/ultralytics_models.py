"""References for Ultralytics' exports, made by its own exporter, preprocessing and suppression, with random weights.

    pip install ultralytics onnx onnxruntime onnxslim
    python scripts/goldens/foreign/ultralytics_models.py --out OUT [--only v8n …]

The package is under AGPL and only serves as a peer. Neither its code nor files that it exports enter the project.
"""
import os

os.environ.update(YOLO_OFFLINE='True', YOLO_AUTOINSTALL='False')
import shutil  # noqa: E402

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
import reference  # noqa: E402
import torch  # noqa: E402
import ultralytics  # noqa: E402
from calibrate import settle_norms, spread  # noqa: E402
from ultralytics import YOLO  # noqa: E402
from ultralytics.data.augment import LetterBox  # noqa: E402

SIDE = 320
NAMES = {1: ['cell'], 3: ['RBC', 'WBC', 'Platelets'], 80: reference.coco_names()}
# name: (yaml, classes, options of the export)
DETECTORS = {
    'v8n': ('yolov8n.yaml', 80, {}),
    # nms=False exports the end-to-end head; the default exports the head that needs suppression.
    'v10n': ('yolov10n.yaml', 80, {'nms': False}),
    'v10n-raw': ('yolov10n.yaml', 80, {}),
    'v8n-nms': ('yolov8n.yaml', 80, {'nms': True}),
    'v8n-3': ('yolov8n.yaml', 3, {}),
    'v8n-1': ('yolov8n.yaml', 1, {}),
    '11n': ('yolo11n.yaml', 80, {}),
    'v5nu': ('yolov5n.yaml', 80, {}),
    'v8n-dynamic': ('yolov8n.yaml', 80, {'dynamic': True}),
    'yolo26n': ('yolo26n.yaml', 80, {'nms': False}),
    'v8n-half': ('yolov8n.yaml', 80, {'half': True}),
    'v8n-batch4': ('yolov8n.yaml', 80, {'batch': 4}),
    'v8n-rect': ('yolov8n.yaml', 80, {'imgsz': (256, 320)}),
    'v10n-3': ('yolov10n.yaml', 3, {'nms': False}),
    'v8n-nms-1': ('yolov8n.yaml', 1, {'nms': True}),
    'v9t': ('yolov9t.yaml', 80, {}),
    'yolo26n-raw': ('yolo26n.yaml', 80, {}),
    'v3-tinyu': ('yolov3-tiny.yaml', 80, {}),
    'rtdetr-l': ('rtdetr-l.yaml', 3, {}),
    '12n': ('yolo12n.yaml', 80, {}),
}
TRAPS = {'v8n-seg': 'yolov8n-seg.yaml', 'v8n-pose': 'yolov8n-pose.yaml', 'v8n-obb': 'yolov8n-obb.yaml',
         'v8n-cls': 'yolov8n-cls.yaml', '11n-seg': 'yolo11n-seg.yaml', 'yolo26n-seg': 'yolo26n-seg.yaml',
         'yolo26n-pose': 'yolo26n-pose.yaml'}


def batch_of(shown, side=SIDE):
    box = LetterBox((side, side), auto=False)
    arrays = [box(image=picture).transpose(2, 0, 1) for picture in shown.values()]
    return torch.from_numpy(np.ascontiguousarray(arrays)).float() / 255


def build(yaml, classes, seed):
    torch.manual_seed(seed)
    model = YOLO(yaml)
    if classes != model.model.yaml['nc']:
        first = model.model
        model.model = type(first)(yaml, nc=classes, verbose=False)
        model.model.args, model.model.task = first.args, first.task
    model.model.names = dict(enumerate(NAMES[classes]))
    return model


def liven(model, shown):
    """Calibrated heads: boxes vary, and about 60 scores per image are above 0.25."""
    net, batch = model.model.float(), batch_of(shown)
    settle_norms(net, batch)
    net.eval()
    head = net.model[-1]
    run = lambda: net(batch)  # noqa: E731
    above = (-1.1, 60 * len(batch))
    for boxes, scores in (('cv2', 'cv3'), ('one2one_cv2', 'one2one_cv3')):
        if boxes.startswith('one') and getattr(head, boxes, None) is not None:
            head.end2end = True
        if getattr(head, boxes, None) is not None:
            spread(net, run, [level[-1] for level in getattr(head, boxes)], 3.0 if head.reg_max > 1 else 2.0,
                   0.0 if head.reg_max > 1 else 4.0)
            spread(net, run, [level[-1] for level in getattr(head, scores)], 2.0, above=above)
    if hasattr(head, 'dec_score_head'):
        spread(net, run, [head.enc_score_head], 2.0)
        spread(net, run, [head.dec_score_head[-1]], 2.0, above=(-1.1, 30 * len(batch)))


def half(path):
    from onnxruntime.transformers.float16 import convert_float_to_float16
    model = onnx.load(path)
    onnx.save(convert_float_to_float16(model, keep_io_types=False), path)


def make_detector(args, name, yaml, classes, options, shown):
    folder = args.out / f'ultralytics-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.chdir(folder)
    model = build(yaml, classes, 7)
    liven(model, shown)
    flags = dict(options)
    to_half = flags.pop('half', False)
    try:
        made = model.export(**{'format': 'onnx', 'imgsz': SIDE, 'half': to_half, **flags})
    except Exception as error:
        if not to_half:
            raise
        print(name, 'half by conversion:', error)
        made = model.export(**{'format': 'onnx', 'imgsz': SIDE, **flags})
    shutil.move(made, folder / 'model.onnx')
    session = onnxruntime.InferenceSession(folder / 'model.onnx', providers=['CPUExecutionProvider'])
    if to_half and session.get_inputs()[0].type == 'tensor(float)':
        half(folder / 'model.onnx')
        session = onnxruntime.InferenceSession(folder / 'model.onnx', providers=['CPUExecutionProvider'])
    peer = YOLO(folder / 'model.onnx', task='detect')
    found, inputs = {}, {}
    size = options.get('imgsz', SIDE)
    threshold, iou = 0.05, 0.7
    for picture, pixels in shown.items():
        feed = [pixels[:, :, ::-1]] * options.get('batch', 1)
        result = peer.predict(feed, imgsz=size, conf=threshold, iou=iou, device='cpu', rect=False, verbose=False)[0]
        boxes = result.boxes
        found[picture] = reference.detections(boxes.xyxy.numpy(), boxes.conf.numpy(), boxes.cls.numpy().astype(int))
        shape = (size, size) if isinstance(size, int) else size
        letterboxed = LetterBox(shape, auto=False)(image=pixels).transpose(2, 0, 1)[None].astype(np.float32) / 255
        inputs[picture] = reference.write_inputs(folder, picture, letterboxed)
    stretched = 'rtdetr' in name
    count = reference.write_case(
        folder, family='rt-detr (ultralytics)' if stretched else 'end2end' if session.get_outputs()[0].shape[-1] == 6 else 'yolov8',
        source=f'ultralytics {ultralytics.__version__}, export and predict(rect=False)', classes=classes, names=NAMES[classes],
        recipe=f'{size} px, RGB /255, letterbox centered with 114 (left = round(dw - 0.1)), OpenCV INTER_LINEAR; mapped back by each axis\'s rounded side; boxes cut at the edge'
               + ('; its predictor: see source' if stretched else ''),
        thresholds={'score': threshold, 'iou': iou, 'maxDetections': 300}, found=found,
        inputs=None if stretched else inputs,
        sizes={picture: pixels.shape[1::-1] for picture, pixels in shown.items()})
    ports = [f'{port.name} {port.type[7:-1]} {port.shape}' for port in [*session.get_inputs(), *session.get_outputs()]]
    reference.index(args.out, folder.name, f'{yaml} {options or ""}, {classes} classes, random weights: {"; ".join(ports)}; {count} detections')
    print(folder.name, ports, {p: len(rows) for p, rows in found.items()}, flush=True)


def make_trap(args, name, yaml):
    folder = args.out / f'ultralytics-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.chdir(folder)
    torch.manual_seed(7)
    model = YOLO(yaml)
    shutil.move(model.export(format='onnx', imgsz=64 if name.endswith('cls') else 160), folder / 'model.onnx')
    session = onnxruntime.InferenceSession(folder / 'model.onnx', providers=['CPUExecutionProvider'])
    ports = [f'{port.name} {port.type[7:-1]} {port.shape}' for port in [*session.get_inputs(), *session.get_outputs()]]
    reference.write_expected(folder, family=f'ultralytics task {session.get_modelmeta().custom_metadata_map["task"]}',
                             recognized='refuse', notes='not a box detector: metadata task says so')
    reference.index(args.out, folder.name, f'TRAP, refuse: {yaml}: {"; ".join(ports)}')
    print(folder.name, ports)


def main():
    args = reference.arguments(__doc__)
    args.out = args.out.resolve()
    shown = {name: picture for name, picture in reference.pictures(args.out).items()}
    for name, (yaml, classes, options) in DETECTORS.items():
        if not args.only or name in args.only:
            try:
                make_detector(args, name, yaml, classes, options, shown)
            except Exception as error:  # one failing case must not stop the others
                print(f'FAILED {name}: {type(error).__name__}: {error}')
    for name, yaml in TRAPS.items():
        if not args.only or name in args.only:
            try:
                make_trap(args, name, yaml)
            except Exception as error:
                print(f'FAILED {name}: {type(error).__name__}: {error}')


main()
