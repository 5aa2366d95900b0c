"""Makes test/compression/quantize/fixtures/quantization.json: a small graph quantized by onnxruntime.quantization.

    python scripts/goldens/quantization.py        (needs numpy, onnx 1.22, onnxruntime 1.32)

The graph has the parts of a detector: a first convolution that stays in float, a depthwise one, one without bias, a shortcut,
pooling, LeakyReLU, upsampling and concatenation. Calibrated by min-max on four arrays of noise, weights by channel, with 8 bits and
with 7 (reduce_range). The fixture holds graph, arrays, scales, whole numbers, and the outputs with 7 bits: those with 8
saturate on some processors.
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

FIXTURE = Path(__file__).parents[2] / "test/compression/quantize/fixtures/quantization.json"
random = np.random.default_rng(5)
nodes, constants = [], []


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def constant(name, array):
    constants.append(numpy_helper.from_array(array, name))
    return name


def conv(name, source, shape, bias=True, **attributes):
    weights = (random.standard_normal(shape) * 0.4).astype(np.float32)
    inputs = [source, constant(f"{name}.weight", weights)]
    if bias:
        inputs.append(constant(f"{name}.bias", random.standard_normal(shape[0]).astype(np.float32)))
    nodes.append(helper.make_node("Conv", inputs, [name], name=name, **attributes))
    return name


def op(kind, inputs, output, **attributes):
    nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
    return output


pads = [1, 1, 1, 1]
first = op("Relu", [conv("first", "x", (8, 3, 3, 3), pads=pads)], "first.relu")
deep = conv("depthwise", first, (8, 1, 3, 3), group=8, pads=pads)
wide = op("Relu", [conv("pointwise", deep, (16, 8, 1, 1))], "pointwise.relu")
added = op("Add", [wide, conv("shortcut", wide, (16, 16, 1, 1), bias=False)], "sum")
rectified = op("Relu", [added], "sum.relu")
pooled = op("MaxPool", [rectified], "pooled", kernel_shape=[2, 2], strides=[2, 2])
leaky = op("LeakyRelu", [conv("dense", pooled, (24, 16, 3, 3), pads=pads)], "dense.leaky", alpha=0.1)
scales = constant("enlarging", np.array([1, 1, 2, 2], np.float32))
large = op("Resize", [leaky, "", scales], "enlarged", mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
joined = op("Concat", [large, rectified], "joined", axis=1)
conv("y", joined, (12, 40, 1, 1))
graph = helper.make_graph(
    nodes,
    "small",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 16, 16])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 12, 16, 16])],
    constants,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
images = (random.standard_normal((4, 1, 3, 16, 16)) * 1.5).astype(np.float32)


class Images(CalibrationDataReader):
    def __init__(self):
        self.left = iter(images)

    def get_next(self):
        image = next(self.left, None)
        return None if image is None else {"x": image}


def quantize(folder, reduce_range):
    paths = [str(Path(folder) / name) for name in ("float.onnx", "quantized.onnx")]
    onnx.save(model, paths[0])
    quantize_static(
        *paths,
        Images(),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        reduce_range=reduce_range,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=["first", "first.relu"],
    )
    return onnx.load(paths[1])


def found(quantized):
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in quantized.graph.initializer}
    values, weights = {}, {}
    for node in quantized.graph.node:
        if node.op_type == "QuantizeLinear":
            scale, zero = (held[name] for name in node.input[1:])
            # The node's name identifies the value, because some values share tensors.
            values[node.name.removesuffix("_QuantizeLinear")] = [float(scale), int(zero)]
        if node.op_type == "DequantizeLinear" and node.input[0] in held:
            whole, scale = (held[name] for name in node.input[:2])
            name = node.input[0].removesuffix("_quantized")
            weights[name] = {"values": whole.ravel().tolist(), "scales": np.ravel(scale).astype(float).tolist()}
    return {"values": values, "weights": weights}


with tempfile.TemporaryDirectory() as folder:
    narrow = quantize(folder, True)
    session = onnxruntime.InferenceSession(narrow.SerializeToString(), providers=["CPUExecutionProvider"])
    fixture = {
        "onnx": base64.b64encode(model.SerializeToString()).decode(),
        "images": text(images),
        "bits7": found(narrow),
        "bits8": found(quantize(folder, False)),
        "outputs7": text(session.run(None, {"x": images[0]})[0]),
    }
FIXTURE.parent.mkdir(parents=True, exist_ok=True)
FIXTURE.write_text(json.dumps(fixture) + "\n")
