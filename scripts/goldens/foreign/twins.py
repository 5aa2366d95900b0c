"""Twins of detectors: tiny random graphs with a family's names, shapes, types and encoding, and their detections.

    pip install onnx onnxruntime opencv-python-headless numpy
    python scripts/goldens/foreign/twins.py --out OUT [--only yolov5 …]

They contain no weights and no code of a family. Outputs are decoded here, in numpy, independently of the library.
Every function of twins_*.py returns a twin:
    family, classes, names, thresholds, recipe    for the files
    prepare(picture)     feeds and place: (scale x, scale y, left, top), or None if the graph knows the picture's size
    inputs, build(graph) the graph's inputs as (name, type, shape); what else is in it
    decode(outputs, place, size)    boxes, scores, labels
    metadata, beside     of the file, and the files beside it
With --pictures, only these are used (for small fixtures); the graphs do not depend on it.
"""
import shutil

import onnx
import onnxruntime
import reference
from graph import Graph
from twins_cells import damoyolo, nanodet, rtmdet, yolonas, yolox
from twins_darknet import yolov3, yolov4
from twins_paddle import picodet, ppyoloe
from twins_transformers import huggingface, rfdetr, rtdetr_own, ultralytics_rtdetr
from twins_two_stage import fasterrcnn_zoo, ssd_tensorflow, torchvision
from twins_yolo import end2end, yolov5, yolov7_end2end, yolov8

TWINS = {
    'yolov8': lambda: yolov8(),
    'yolov8-3': lambda: yolov8(3),
    'yolov8-1': lambda: yolov8(1),
    'yolov8-half': lambda: yolov8(3, half=True),
    'yolov8-bare': lambda: yolov8(80, metadata=None),
    'libreyolo9': lambda: yolov8(80, metadata='libreyolo', form='xyxy'),
    'libreyolo9-3': lambda: yolov8(3, metadata='libreyolo', form='xyxy'),
    'end2end': lambda: end2end(),
    'end2end-bare': lambda: end2end(False),
    'yolov5': lambda: yolov5(),
    'yolov5-3': lambda: yolov5(3),
    'yolov5-1': lambda: yolov5(1),
    'yolov5-bare': lambda: yolov5(3, metadata=False),
    'yolov5-maps': lambda: yolov5(3, raw_maps=True, metadata=False),
    'yolov7': lambda: yolov5(3, metadata=False, v7=True),
    'yolov7-1': lambda: yolov5(1, metadata=False, v7=True),
    'yolov7-maps': lambda: yolov5(3, metadata=False, v7=True, raw_maps='only'),
    'yolov7-end2end': yolov7_end2end,
    'yolox': lambda: yolox(),
    'yolox-3': lambda: yolox(3),
    'yolox-1': lambda: yolox(1),
    'yolox-decoded': lambda: yolox(3, decoded=True),
    'edgeyolo': lambda: yolox(3, edge=True),
    'nanodet-plus': lambda: nanodet(),
    'nanodet-plus-416': lambda: nanodet(416),
    'nanodet-plus-3': lambda: nanodet(classes=3),
    'nanodet-plus-1': lambda: nanodet(classes=1),
    'nanodet': lambda: nanodet(classes=3, plus=False),
    'picodet': lambda: picodet('rows'),
    'picodet-boxes': lambda: picodet('boxes'),
    'picodet-raw': lambda: picodet('raw'),
    'ppyoloe': lambda: ppyoloe('rows'),
    'ppyoloe-raw': lambda: ppyoloe('raw'),
    'rtmdet': rtmdet,
    'damoyolo': damoyolo,
    'yolonas-flat': lambda: yolonas('flat'),
    'yolonas': lambda: yolonas('batch'),
    'yolov4': yolov4,
    'yolov3-tiny-zoo': lambda: yolov3(True),
    'yolov3-zoo': lambda: yolov3(False),
    'ssd-tensorflow': ssd_tensorflow,
    'fasterrcnn-zoo': fasterrcnn_zoo,
    'rtdetr-own': rtdetr_own,
    'rfdetr': lambda: rfdetr(),
    'rfdetr-3': lambda: rfdetr(3),
    'detr-hf': lambda: huggingface('detr', 80),
    'detr-hf-1': lambda: huggingface('detr', 1),
    'yolos-hf': lambda: huggingface('yolos', 3),
    'rtdetr-hf': lambda: huggingface('rt_detr', 80),
    'rtdetr-hf-1': lambda: huggingface('rt_detr', 1),
    'rtdetrv2-hf': lambda: huggingface('rt_detr_v2', 3),
    'dfine-hf': lambda: huggingface('d_fine', 3),
    'ultralytics-rtdetr': lambda: ultralytics_rtdetr(),
    'torchvision': lambda: torchvision(4),
    'torchvision-3d': lambda: torchvision(3),
}
AMBIGUOUS = {'yolov7-1': 'one class: YOLOv5 multiplies objectness and class, YOLOv7 takes objectness alone',
             'yolox-decoded': 'decoded: 5 + 3 values a cell are as good as 4 + 4',
             'yolov7-maps': 'the anchors of raw maps are not in the file: YOLOv7\'s or YOLOv5\'s'}
# The family to request for them.
ASKED = {'yolov7-1': 'yolov7', 'yolox-decoded': 'yolox', 'yolov7-maps': 'yolov7-maps'}


def make(out, name, twin, shown, wanted):
    folder = out / f'twin-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    prepared = {picture: twin['prepare'](pixels) for picture, pixels in shown.items()}
    samples = [feeds for feeds, _ in prepared.values()]
    graph = Graph(twin['inputs'], samples, seed=11)
    twin['build'](graph)
    model = graph.model(metadata=twin.get('metadata'))
    onnx.checker.check_model(model)
    onnx.save(model, folder / 'model.onnx')
    for file, content in twin.get('beside', {}).items():
        if isinstance(content, str):
            (folder / file).write_text(content)
        else:
            reference.dump(folder / file, content)
    session = onnxruntime.InferenceSession(folder / 'model.onnx', providers=['CPUExecutionProvider'])
    outputs = [port.name for port in session.get_outputs()]
    found, inputs = {}, {}
    for picture in wanted or shown:
        feeds, place = prepared[picture]
        size = shown[picture].shape[1::-1]
        rows = twin['decode'](dict(zip(outputs, session.run(None, feeds))), place, size)
        found[picture] = reference.detections(*rows)
        if twin.get('keep_inputs', True) and not wanted:
            inputs[picture] = reference.write_inputs(folder, picture, next(iter(feeds.values())))
    total = reference.write_case(
        folder, family=twin['family'], source='twins.py: a random graph of the same names, shapes and encoding', classes=twin['classes'],
        names=twin.get('names'), recipe=twin['recipe'], thresholds=twin['thresholds'], found=found, inputs=inputs,
        sizes={picture: pixels.shape[1::-1] for picture, pixels in shown.items()},
        recognized='ambiguous' if name in AMBIGUOUS else True, asked=ASKED.get(name), notes=AMBIGUOUS.get(name))
    ports = '; '.join(f'{port.name} {port.type[7:-1]} {port.shape}' for port in [*session.get_inputs(), *session.get_outputs()])
    size = (folder / 'model.onnx').stat().st_size
    wanted or reference.index(out, folder.name, f'TWIN {twin["family"]}, {twin["classes"]} classes: {ports}; {size // 1000} kB, {total} detections')
    print(f'{folder.name:24} {size:7} B', [len(rows) for rows in found.values()])


def main():
    args = reference.arguments(__doc__, pictures={'nargs': '*'})
    shown = reference.pictures(args.out)
    for name, twin in TWINS.items():
        if not args.only or name in args.only:
            make(args.out, name, twin(), shown, args.pictures)


if __name__ == '__main__':
    main()
