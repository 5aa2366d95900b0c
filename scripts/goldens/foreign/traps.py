"""Files that must not give silently wrong results: refused, ambiguous, or recognized despite their first appearance.

    pip install onnx onnxruntime opencv-python-headless numpy
    python scripts/goldens/foreign/traps.py --out OUT

Each folder trap-NAME has model.onnx and expected.json.
"""
import shutil

import numpy as np
import reference
from graph import CHANNELS, Graph
from onnx import TensorProto, helper, numpy_helper
from twin_parts import BLOOD, S, cell_count
from twins_transformers import huggingface
from twins_yolo import yolov5, yolov8

N = cell_count()


def graph(inputs=(('images', 'f32', [1, 3, S, S]),), seed=3):
    random = np.random.default_rng(seed)
    kinds = {'f32': np.float32, 'i64': np.int64}
    sample = {name: random.random([d if isinstance(d, int) else 1 for d in shape]).astype(kinds[kind]) for name, kind, shape in inputs}
    return Graph(list(inputs), [sample], seed)


def shaped(g, x, shape, name, std=1.0, squash=None):
    """An output of any shape: a pooled feature times random weights."""
    pooled = g.op('Reshape', g.op('GlobalAveragePool', g.op('Tanh', g.conv(x, g_channels(g, x), CHANNELS, 8, 8))), np.array([1, CHANNELS]))
    weights = g.random.normal(0, std, (CHANNELS, 64)).astype(np.float32)
    row = g.op('MatMul', pooled, weights)
    size = int(np.prod(shape))
    tiled = g.op('Slice', g.op('Tile', row, np.array([1, -(-size // 64)])), np.array([0]), np.array([size]), np.array([1]))
    if squash:
        tiled = g.op(squash, tiled, **({'axis': 1} if squash == 'Softmax' else {}))
    g.output(g.op('Reshape', tiled, np.array(shape)), name, 'f32', list(shape))


def g_channels(g, x):
    return g.samples[0][x].shape[1]


def outputs(*shapes, metadata=None, inputs=(('images', 'f32', [1, 3, S, S]),)):
    """A graph whose outputs are (name, shape) or (name, shape, squash)."""
    g = graph(inputs)
    for name, shape, *squash in shapes:
        shaped(g, inputs[0][0], shape, name, squash=squash[0] if squash else None)
    return g.model(metadata=metadata)


def v8_metadata(task, names=BLOOD, **more):
    return {'names': names if isinstance(names, str) else str(dict(enumerate(names))), 'task': task, 'imgsz': f'[{S}, {S}]', 'stride': '32', 'batch': '1', **more}


def v8(**metadata):
    """The twin of YOLOv8 with 3 classes and other metadata."""
    return built(yolov8(3, metadata=None), {**v8_metadata('detect'), **metadata})


def built(twin, metadata=None):
    g = Graph(twin['inputs'], [twin['prepare'](reference.draw(200, 150, 1))[0]], 11)
    twin['build'](g)
    return g.model(metadata=twin.get('metadata') if metadata is None else metadata)


def external(location, length):
    """A model whose first weights are in another file."""
    model = built(yolov8(3))
    weight = max(model.graph.initializer, key=lambda w: len(w.raw_data))
    data = weight.raw_data
    weight.ClearField('raw_data')
    weight.data_location = TensorProto.EXTERNAL
    for key, value in (('location', location), ('offset', '0'), ('length', str(length or len(data)))):
        entry = weight.external_data.add()
        entry.key, entry.value = key, value
    return model, data


def add_operator(domain):
    model = built(yolov8(3))
    last = model.graph.node[-1]
    model.graph.node.append(helper.make_node('Frobnicate', [last.output[0]], ['odd'], domain=domain))
    last_output = model.graph.output[0]
    model.graph.output.append(helper.make_tensor_value_info('odd', TensorProto.FLOAT, None))
    model.graph.output[1].type.CopyFrom(last_output.type)
    if domain:
        model.opset_import.append(helper.make_opsetid(domain, 1))
    return model


def opset(version):
    model = built(yolov8(3))
    model.opset_import[0].version = version
    return model


def nothing_inside():
    return helper.make_model(helper.make_graph([], 'empty', [], []), opset_imports=[helper.make_opsetid('', 13)], ir_version=8)


def nans():
    model = built(yolov8(3))
    for weight in model.graph.initializer:
        if weight.data_type == TensorProto.FLOAT and len(weight.dims) == 4:
            weight.CopyFrom(numpy_helper.from_array(np.full(weight.dims, np.nan, np.float32), weight.name))
            break
    return model


def too_large():
    """Requests 4 TB while it runs."""
    x = helper.make_tensor_value_info('images', TensorProto.FLOAT, [1, 3, S, S])
    y = helper.make_tensor_value_info('output0', TensorProto.FLOAT, [1, 7, N])
    nodes = [helper.make_node('ConstantOfShape', ['shape'], ['huge']), helper.make_node('ReduceSum', ['huge'], ['sum'], keepdims=0),
             helper.make_node('ReduceMean', ['images'], ['mean'], keepdims=0), helper.make_node('Add', ['sum', 'mean'], ['both']),
             helper.make_node('Expand', ['both', 'target'], ['output0'])]
    # The shape depends on the input, so that the runtime cannot fold it while loading.
    nodes = [helper.make_node('Shape', ['images'], ['s']), helper.make_node('Mul', ['s', 'factor'], ['shape'])] + nodes
    weights = [numpy_helper.from_array(np.array([1000, 1000, 100, 100], np.int64), 'factor'),
               numpy_helper.from_array(np.array([1, 7, N], np.int64), 'target')]
    g = helper.make_graph(nodes, 'huge', [x], [y], weights)
    return helper.make_model(g, opset_imports=[helper.make_opsetid('', 13)], ir_version=8)


def sequence():
    x = helper.make_tensor_value_info('images', TensorProto.FLOAT, [1, 3, S, S])
    y = helper.make_tensor_sequence_value_info('output0', TensorProto.FLOAT, None)
    g = helper.make_graph([helper.make_node('SequenceConstruct', ['images'], ['output0'])], 'sequence', [x], [y])
    return helper.make_model(g, opset_imports=[helper.make_opsetid('', 13)], ir_version=8)


def text_input():
    x = helper.make_tensor_value_info('text', TensorProto.STRING, [1])
    y = helper.make_tensor_value_info('output', TensorProto.STRING, [1])
    g = helper.make_graph([helper.make_node('Identity', ['text'], ['output'])], 'text', [x], [y])
    return helper.make_model(g, opset_imports=[helper.make_opsetid('', 13)], ir_version=8)


def names_of(count):
    return str({i: f'class {i}' for i in range(count)})


REFUSE, AMBIGUOUS = 'refuse', 'ambiguous'


def models():
    """name: (recognized, family, what it is, model)."""
    image = (('images', 'f32', [1, 3, S, S]),)
    return {
        # Not detectors.
        'classifier': (REFUSE, 'classifier', '[1, 1000] probabilities', lambda: outputs(('output', (1, 1000), 'Softmax'))),
        'classifier-logits': (REFUSE, 'classifier', '[1, 10] logits', lambda: outputs(('logits', (1, 10)), inputs=(('pixel_values', 'f32', [1, 3, S, S]),))),
        'classifier-6': (REFUSE, 'classifier', '[1, 6]: six classes, no end-to-end row', lambda: outputs(('output', (1, 6), 'Softmax'))),
        'classifier-7': (REFUSE, 'classifier', '[1, 7]: seven classes, no YOLOv7 row', lambda: outputs(('output', (1, 7), 'Softmax'))),
        'segmenter': (REFUSE, 'segmenter', '[1, 21, S, S] logits', lambda: outputs(('out', (1, 21, S, S)))),
        'segmenter-v8': (REFUSE, 'ultralytics segment', 'task segment in metadata',
                         lambda: outputs(('output0', (1, 4 + 3 + 32, N)), ('output1', (1, 32, S // 4, S // 4)), metadata=v8_metadata('segment'))),
        'segmenter-v8-bare': (REFUSE, 'segmenter', 'as segmenter-v8 without metadata: output1 has prototypes of masks',
                              lambda: outputs(('output0', (1, 4 + 3 + 32, N)), ('output1', (1, 32, S // 4, S // 4)))),
        'pose-v8': (REFUSE, 'ultralytics pose', 'task pose', lambda: outputs(('output0', (1, 56, N)), metadata=v8_metadata('pose', ['person'], kpt_shape='[17, 3]'))),
        'pose-v8-bare': (AMBIGUOUS, 'pose or 52 classes', '[1, 56, N] without metadata: box, score and 51 numbers of keypoints, or 52 classes',
                         lambda: outputs(('output0', (1, 56, N)))),
        'obb-v8': (REFUSE, 'ultralytics obb', 'task obb', lambda: outputs(('output0', (1, 4 + 3 + 1, N)), metadata=v8_metadata('obb'))),
        'classify-v8': (REFUSE, 'ultralytics classify', 'task classify', lambda: outputs(('output0', (1, 3), 'Softmax'), metadata=v8_metadata('classify'))),
        'keypoints': (REFUSE, 'heatmaps of keypoints', '[1, 17, 40, 40]', lambda: outputs(('output', (1, 17, 40, 40), 'Sigmoid'))),
        'embedding': (REFUSE, 'embedding', '[1, 512]', lambda: outputs(('embedding', (1, 512)))),
        'depth': (REFUSE, 'depth map', '[1, 1, S, S]', lambda: outputs(('depth', (1, 1, S, S)))),
        'speech': (REFUSE, 'no images', 'input [1, 1, 16000]', lambda: outputs(('output', (1, 30)), inputs=(('audio', 'f32', [1, 1, 160, 100]),))),
        'gray': (REFUSE, 'one channel', 'v8\'s outputs of a [1, 1, S, S] input', lambda: outputs(('output0', (1, 7, N)), metadata=v8_metadata('detect'), inputs=(('images', 'f32', [1, 1, S, S]),))),
        'two-images': (REFUSE, 'two images', 'two inputs [1, 3, S, S]',
                       lambda: outputs(('output0', (1, 7, N)), inputs=(*image, ('other', 'f32', [1, 3, S, S])))),
        # Detectors of an unknown kind, random graphs.
        'centernet': (REFUSE, 'unknown detector', 'heat map, sizes, offsets', lambda: outputs(('hm', (1, 80, 40, 40), 'Sigmoid'), ('wh', (1, 2, 40, 40)), ('reg', (1, 2, 40, 40)))),
        'fcos': (REFUSE, 'unknown detector', 'nine unnamed maps', lambda: outputs(*[(str(500 + k), (1, c, S // s, S // s)) for k, (c, s) in enumerate((c, s) for s in (8, 16, 32) for c in (80, 4, 1))])),
        'unknown-detector': (REFUSE, 'unknown detector', 'foo [1, 10, 7], bar [1, 10]', lambda: outputs(('foo', (1, 10, 7)), ('bar', (1, 10)))),
        'random-flat': (REFUSE, 'random', '[1, 37]', lambda: outputs(('y', (1, 37)))),
        'random-3': (REFUSE, 'random', '[1, 100, 3]: too narrow for a box', lambda: outputs(('y', (1, 100, 3)))),
        'random-5': (REFUSE, 'random', '[1, 100, 9]: rows fit no grid', lambda: outputs(('y', (1, 100, 9)))),
        'random-v8-shape': (AMBIGUOUS, 'random', '[1, 7, N] fits the grid, but no name and no metadata: values are no scores', lambda: outputs(('y', (1, 7, N)))),
        'boxes-only': (REFUSE, 'unknown detector', 'boxes [1, 100, 4] without scores', lambda: outputs(('boxes', (1, 100, 4)))),
        'scores-only': (REFUSE, 'unknown detector', 'scores [1, 100], labels [1, 100]', lambda: outputs(('scores', (1, 100)), ('labels', (1, 100)))),
        'sequence': (REFUSE, 'no tensor', 'output is a sequence', sequence),
        'text-input': (REFUSE, 'no images', 'strings in, strings out', text_input),
        'nothing-inside': (REFUSE, 'empty graph', 'neither inputs nor outputs', nothing_inside),
        # Metadata.
        'names-execute': (True, 'yolov8', 'names is no dict literal: refuse to read it or say so, never run it; /tmp/micro-yolo-executed must not appear',
                          lambda: v8(names="__import__('os').system('touch /tmp/micro-yolo-executed')")),
        'names-execute-js': (True, 'yolov8', 'as names-execute, in JavaScript',
                             lambda: v8(names="{0: (() => require('fs').writeFileSync('/tmp/micro-yolo-executed', ''))()}")),
        'names-prototype': (True, 'yolov8', 'keys that are no numbers', lambda: v8(names="{'__proto__': 'a', 'constructor': 'b', 2: 'c'}")),
        'names-300000': (REFUSE, 'yolov8', '300,000 names for 3 classes', lambda: v8(names=names_of(300_000))),
        'names-few': (REFUSE, 'yolov8', 'two names for three classes', lambda: v8(names="{0: 'a', 1: 'b'}")),
        'names-many': (REFUSE, 'yolov8', 'four names for three classes', lambda: v8(names="{0: 'a', 1: 'b', 2: 'c', 3: 'd'}")),
        'names-torn': (True, 'yolov8', 'the literal ends in the middle', lambda: v8(names="{0: 'a', 1: 'b")),
        'names-nested': (True, 'yolov8', '100,000 opening brackets', lambda: v8(names='[' * 100_000)),
        'names-quotes': (True, 'yolov8', 'quotes, escapes and commas in names: it\'s, a "b", c, d',
                         lambda: v8(names=str({0: "it's", 1: 'a "b"', 2: 'c, d: {e}'}))),
        'names-list': (True, 'yolov8', 'a list instead of a dict', lambda: v8(names=str(BLOOD))),
        'names-unicode': (True, 'yolov8', 'Ampère, 細胞, and an escape \\u00e9', lambda: v8(names="{0: 'Ampère', 1: '細胞', 2: 'caf\\u00e9'}")),
        # Ambiguous shapes.
        'v8-square': (AMBIGUOUS, 'yolov8', '[1, 84, 84]: 80 classes at 64 px, no metadata', lambda: outputs(('output0', (1, 84, 84)), inputs=(('images', 'f32', [1, 3, 64, 64]),))),
        'v8-transposed': (AMBIGUOUS, 'yolov8, pp-yoloe or yolox', '[1, N, 7]: 4 + 3 or 5 + 2', lambda: transposed(3)),
        'xyxy-bare': (AMBIGUOUS, 'yolov8 or yolo9', 'LibreYOLO\'s shape without metadata: x1, y1, x2, y2', lambda: built(yolov8(3, metadata=None, form='xyxy'))),
        'v8-1-bare': (AMBIGUOUS, 'yolov8', '[1, 5, N]: one class', lambda: built(yolov8(1, metadata=None))),
        'v5-1-bare': (AMBIGUOUS, 'yolov5 or yolov7', '[1, 3N, 6]: one class, no rows of score and class', lambda: built(yolov5(1, metadata=False))),
        'v5-raw-only': (AMBIGUOUS, 'yolov5 or yolov7', 'three raw maps [1, 3, h, w, 8]', lambda: built(yolov5(3, metadata=False, raw_maps='only'))),
        'detr-bare-3': (AMBIGUOUS, 'detr or rt-detr', 'logits [1, 100, 4], pred_boxes, no config.json: softmax or sigmoid', lambda: built(huggingface('detr', 3))),
        'rtdetr-bare-1': (AMBIGUOUS, 'rt-detr', 'logits [1, 300, 1]: softmax cannot be', lambda: built(huggingface('rt_detr', 1))),
        'dets-labels': (REFUSE, 'unknown detector', 'dets [1, 300, 4] and labels [1, 300]: RF-DETR\'s boxes with RTMDet\'s labels, no scores',
                        lambda: outputs(('dets', (1, 300, 4)), ('labels', (1, 300)))),
        # What the runtime cannot run.
        'operator-unknown': (REFUSE, 'broken', 'operator Frobnicate', lambda: add_operator('')),
        'operator-domain': (REFUSE, 'broken', 'operator com.acme.Frobnicate', lambda: add_operator('com.acme')),
        'opset-99': (REFUSE, 'broken', 'opset 99', lambda: opset(99)),
        'not-a-number': (True, 'yolov8', 'every output is NaN: no detections in silence', nans),
        'too-large': (True, 'yolov8', 'asks for terabytes while it runs', too_large),
    }


def transposed(classes):
    model = built(yolov8(classes, metadata=None))
    last = next(n for n in model.graph.node if n.output[0] == 'output0')
    before = next(n for n in model.graph.node if n.output[0] == last.input[0])
    last.input[0] = before.input[0]
    model.graph.node.remove(before)
    dims = model.graph.output[0].type.tensor_type.shape.dim
    dims[1].dim_value, dims[2].dim_value = N, 4 + classes
    return model


def save(out, name, recognized, family, notes, data):
    folder = out / f'trap-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    content = data if isinstance(data, bytes) else data.SerializeToString()
    (folder / 'model.onnx').write_bytes(content)
    reference.write_expected(folder, family=family, recognized=recognized, notes=notes)
    reference.index(out, folder.name, f'TRAP, {"recognized" if recognized is True else recognized}: {notes}; {len(content)} B')
    return folder


def main():
    args = reference.arguments(__doc__)
    out = args.out
    for name, (recognized, family, notes, make) in models().items():
        if not args.only or name in args.only:
            try:
                save(out, name, recognized, family, notes, make())
            except Exception as error:
                print('FAILED', name, type(error).__name__, str(error)[:300])
    whole = built(yolov8(3)).SerializeToString()
    files = {'torn': ('cut in the middle', whole[:len(whole) // 2]), 'torn-end': ('the last 10 bytes are missing', whole[:-10]),
             'torn-start': ('the first 10 bytes are missing', whole[10:]), 'empty': ('0 bytes', b''),
             'text': ('a text named .onnx', b'This is no model.\n'), 'zeros': ('4096 zeros', bytes(4096)),
             'noise': ('random bytes', np.random.default_rng(0).bytes(4096)),
             'pointer': ('a Git LFS pointer', b'version https://git-lfs.github.com/spec/v1\noid sha256:' + b'0' * 64 + b'\nsize 4000000\n'),
             'html': ('a web page saved as .onnx', b'<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n'),
             'picture': ('a JPEG named .onnx', (reference.PROJECT / 'docs/images/cells.jpg').read_bytes()),
             'zip': ('a PyTorch or zip file named .onnx', b'PK\x03\x04' + bytes(60)),
             'safetensors': ('a safetensors file named .onnx', (2).to_bytes(8, 'little') + b'{}'),
             'bit-flips': ('every 97th byte changed', bytes(b ^ 0x55 if i % 97 == 0 else b for i, b in enumerate(whole)))}
    for name, (notes, data) in files.items():
        save(out, name, 'refuse', 'broken', notes, data)
    (out / 'trap-secret.bin').write_bytes(bytes(20000))
    for name, location, notes in (('external-missing', 'weights.bin', 'weights.bin is not there'),
                                  ('external-outside', '../trap-secret.bin', 'weights lie outside the model\'s folder, in a file that exists'),
                                  ('external-absolute', str((out / 'trap-secret.bin').resolve()), 'an absolute path to a file that exists'),
                                  ('external-link', 'link.bin', 'link.bin is a symbolic link to ../trap-secret.bin'),
                                  ('external-short', 'weights.bin', 'weights.bin has fewer bytes than the model says'),
                                  ('external-good', 'weights.bin', 'weights.bin lies beside the model: to be read')):
        model, data = external(location, None)
        folder = save(out, name, name == 'external-good' or 'refuse', 'yolov8', notes, model)
        if name in ('external-short', 'external-good'):
            (folder / 'weights.bin').write_bytes(data if name == 'external-good' else data[:100])
        if name == 'external-link':
            (folder / 'link.bin').symlink_to('../trap-secret.bin')


main()
